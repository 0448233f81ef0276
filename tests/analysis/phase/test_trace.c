/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "analysis/phase/phase.h"
#include "base/interrupt.h"
#include "tests/testing.h"

static ph_grid_t grid;
static ph_phase_t phase;
static ph_report_t report;

static void begin(const char *text)
{
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", 0, NULL, &report), PH_OK);
    ck_assert_int_eq(ph_phase_solve(&phase, &grid, 2, &report), PH_OK);
}

static void end(void)
{
    ph_phase_free(&phase);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

static void begin_square(int patterns, int steps, double d_low, double d_high, double t_high)
{
    char text[512];
    snprintf(text, sizeof(text),
             "network: { neurons: 60, patterns: %d, normalization: none,\n"
             "           dilution: { from: %g, to: %g, steps: %d } }\n"
             "noise: { from: 0, to: %g, steps: %d }\n"
             "dynamics: { start: hierarchical, sweeps: 20 }\n",
             patterns, d_low, d_high, steps, t_high, steps);
    begin(text);
}

/* The special point of a kind nearest to a place, and how far away it is. */
static double nearest(ph_special_kind_t kind, double d, double t)
{
    double best = INFINITY;
    for (size_t i = 0; i < phase.curves.specials_count; i++) {
        const ph_special_t *own = &phase.curves.specials[i];
        if (own->kind == kind)
            best = fmin(best, fmax(fabs(own->place[0] - d), fabs(own->place[1] - t)));
    }
    return best;
}

static double bisect(double (*f)(double, double), double parameter, double low, double high)
{
    const bool rises = f(high, parameter) > 0.0;
    ck_assert_msg((f(low, parameter) > 0.0) != rises, "no root of %g from %g to %g", parameter, low,
                  high);
    for (int k = 0; k < 200; k++) {
        const double middle = 0.5 * (low + high);
        if ((f(middle, parameter) > 0.0) == rises)
            high = middle;
        else
            low = middle;
    }
    return 0.5 * (low + high);
}

static double square(double x)
{
    return x * x;
}

static double sech2(double x)
{
    return 1.0 / square(cosh(x));
}

/* The pure state and its eigenvalue against a second pattern, in closed form. */
static double pure_map(double x, double t_over)
{
    return tanh(x * t_over) - x;
}

static double pure_mode(double t, double d)
{
    const double ratio = (1.0 - d) / t;
    const double x = bisect(pure_map, ratio, 1e-9, 1.0);
    return 1.0 - ratio * (d + (1.0 - d) * (1.0 - x * x));
}

/* The state of two equal signals, as its overlap over T; its eigenvalues against a difference of
 * the two and against a third pattern. */
static double equal_d, equal_t;

static double equal_map(double x, double unused)
{
    (void)unused;
    return (1.0 - equal_d) / equal_t * (equal_d * tanh(x) + 0.5 * (1.0 - equal_d) * tanh(2.0 * x)) -
           x;
}

static double equal_overlap(double t, double d)
{
    equal_d = d;
    equal_t = t;
    return bisect(equal_map, 0.0, 1e-7, 2.0 / t);
}

static double equal_mode(double t, double d)
{
    const double x = equal_overlap(t, d);
    return 1.0 - (1.0 - d) / t * (d * sech2(x) + 1.0 - d);
}

static double equal_third(double d, double t)
{
    const double x = equal_overlap(t, d);
    return 1.0 - (1.0 - d) / t *
                     (d * d + 2.0 * d * (1.0 - d) * sech2(x) +
                      0.5 * square(1.0 - d) * (1.0 + sech2(2.0 * x)));
}

/* The fourth derivative of the landscape along a third pattern, the two relaxed, where the second
 * vanishes: sums over the rows. */
static double third_noise(double d)
{
    double low = 0.2, high = 0.9995 * (1.0 - d);
    for (int k = 0; k < 200; k++) {
        const double middle = 0.5 * (low + high);
        if (equal_third(d, middle) < 0.0)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

static double third_quartic(double d, double unused)
{
    (void)unused;
    const double t = third_noise(d), x = equal_overlap(t, d);
    double fourth = 0.0, third = 0.0, second = 1.0;
    for (int row = 0; row < 27; row++) {
        const int a = row % 3 - 1, b = row / 3 % 3 - 1, c = row / 9 - 1;
        const double p = (a == 0 ? d : 0.5 * (1.0 - d)) * (b == 0 ? d : 0.5 * (1.0 - d)) *
                         (c == 0 ? d : 0.5 * (1.0 - d));
        const double s = (a + b) / sqrt(2.0), y = tanh((a + b) * x), z = 1.0 - y * y;
        fourth += p * c * c * 2.0 * z * (1.0 - 3.0 * y * y) / (t * t * t);
        third += p * c * c * s * 2.0 * y * z / (t * t);
        second -= p * s * s * z / t;
    }
    return fourth - 3.0 * third * third / second;
}

/* Two patterns: curves and special points lie where roots of closed forms are. */
START_TEST(test_two_patterns)
{
    size_t onset = 0, melting = 0, equal = 0;
    begin_square(2, 8, 0.0, 0.99, 1.0);
    for (size_t i = 0; i < phase.curves.count; i++) {
        const ph_curve_t *curve = &phase.curves.items[i];
        const ph_class_id_t left = curve->left.id, right = curve->right.id;
        if (curve->kind != PH_BOUNDARY_CONTINUOUS)
            continue;
        ck_assert(curve->ground && !curve->closed);
        for (size_t n = 1; n + 1 < curve->count; n += 4) {
            const double d = curve->places[n][0], t = curve->places[n][1];
            if (t < 0.01 ||
                (d < 0.63 && left != PH_CLASS_PARAMAGNETIC && right != PH_CLASS_PARAMAGNETIC &&
                 left != PH_CLASS_PURE && right != PH_CLASS_PURE))
                continue; /* next to no noise; the line turns back */
            if (left == PH_CLASS_PARAMAGNETIC || right == PH_CLASS_PARAMAGNETIC) {
                ck_assert_double_eq_tol(t + d, 1.0, 1e-9);
                onset++;
            } else if (left == PH_CLASS_PURE || right == PH_CLASS_PURE) {
                ck_assert_double_eq_tol(
                    t, bisect(pure_mode, d, 0.99 * t, fmin(1.01 * t, 0.5 * (t + 1.0 - d))), 1e-9);
                melting++;
            } else {
                ck_assert_double_eq_tol(
                    t, bisect(equal_mode, d, 0.99 * t, fmin(1.01 * t, 0.5 * (t + 1.0 - d))), 1e-9);
                equal++;
            }
        }
    }
    ck_assert(onset > 5 && melting > 5 && equal > 5);
    ck_assert_double_le(nearest(PH_SPECIAL_AXIS, 0.0, 1.0), 1e-9);
    ck_assert_double_le(nearest(PH_SPECIAL_AXIS, 0.0, 0.0), 1e-9);
    ck_assert_double_le(nearest(PH_SPECIAL_AXIS, 0.99, 0.01), 1e-9);
    ck_assert_double_le(nearest(PH_SPECIAL_MULTICRITICAL, 2.0 / 3.0, 1.0 / 3.0), 2e-9);
    ck_assert_double_eq(nearest(PH_SPECIAL_TRICRITICAL, 0.0, 0.0), INFINITY);
    end();
}
END_TEST

/* Energies of the hierarchy and of the broken tie of three, without noise. */
static double cold_lead(double d, double unused)
{
    (void)unused;
    double hierarchy = 0.0, tie = 0.0;
    const double single = square(d), pair = 2.0 * d * (1.0 - d), three = square(1.0 - d);
    for (int k = 0; k < 3; k++) {
        hierarchy += square((1.0 - d) * pow(d, k));
        tie += square((1.0 - d) * (single + 0.5 * pair + 0.5 * three) + (1 - k) * d * three);
    }
    return hierarchy - tie;
}

static double cold_end(double d, double patterns)
{
    return 1.0 - 2.0 * d + pow(d, patterns);
}

static double equal_mode_along(double d, double t)
{
    return equal_mode(t, d);
}

static double equal_both(double t, double unused)
{
    (void)unused;
    return equal_third(bisect(equal_mode_along, t, 0.5, 0.66), t);
}

/* A boundary of this kind on the straight way between two places, within 1e-8 of a third. */
static bool bounded(const double *from, const double *to, ph_boundary_kind_t kind, bool change,
                    double share)
{
    char text[512];
    ph_grid_t ends;
    ph_path_t path;
    ph_states_t states[2];
    ph_boundaries_t found = {0}, changes = {0};
    bool there = false;
    snprintf(
        text, sizeof(text),
        "network: { neurons: 60, patterns: 3, normalization: none, dilution: [%.17g, %.17g] }\n"
        "noise: [%.17g, %.17g]\ndynamics: { start: hierarchical, sweeps: 20 }\n",
        from[0], to[0], fmin(from[1], to[1]), fmax(from[1], to[1]));
    ph_grid_init(&ends);
    ck_assert_int_eq(ph_grid_parse(&ends, text, "ends", 0, NULL, &report), PH_OK);
    const size_t first = from[1] < to[1] ? 0 : 1;
    const ph_point_t *points[] = {&ends.points[first], &ends.points[3 - first]};
    for (size_t k = 0; k < 2; k++)
        ck_assert_int_eq(ph_states_find(&states[k], points[k], ends.average, NULL), PH_OK);
    ck_assert_int_eq(ph_path_init(&path, points[0], points[1], ends.average), PH_OK);
    ck_assert_int_eq(ph_boundary_find(&path, &states[0], &states[1], &found, &changes), PH_OK);
    const ph_boundaries_t *own = change ? &changes : &found;
    const double length = hypot(to[0] - from[0], to[1] - from[1]);
    for (size_t i = 0; i < own->count; i++)
        there = there ||
                (own->items[i].kind == kind && fabs(own->items[i].share - share) * length < 1e-8);
    for (size_t k = 0; k < 2; k++)
        ph_states_free(&states[k]);
    ph_grid_free(&ends);
    return there;
}

/* Where the state of three equal signals is stable no more at no dilution, of the eight rows. */
static double three_map(double x, double t)
{
    return 0.25 * (tanh(3.0 * x) + tanh(x)) / t - x;
}

static double three_mode(double t, double unused)
{
    (void)unused;
    return 1.0 - sech2(bisect(three_map, t, 1e-6, 2.0 / t)) / t;
}

/* Points along every long curve of the ground state are where bisection across it finds the
 * boundary. */
static void check_across(void)
{
    size_t checked = 0;
    for (size_t i = 0; i < phase.curves.count; i++) {
        const ph_curve_t *curve = &phase.curves.items[i];
        if (curve->count < 18 || !curve->ground)
            continue;
        for (size_t n = curve->count / 3; n < curve->count; n += curve->count / 3 + 1) {
            const double *at = curve->places[n], *last = curve->places[n - 1];
            const double x = at[0] - last[0], y = at[1] - last[1], aside = 2e-3 / hypot(x, y);
            const double from[] = {at[0] - fabs(y) * aside, at[1] - (y < 0 ? -x : x) * -aside};
            const double to[] = {2.0 * at[0] - from[0], 2.0 * at[1] - from[1]};
            if (fabs(y) * aside < 2e-4 || fabs(x) * aside < 2e-4 || from[1] < 0.02 ||
                to[1] < 0.02 || at[0] < 0.1 || at[0] > 0.75)
                continue;
            ck_assert_msg(bounded(from, to, curve->kind, curve->ground, 0.5),
                          "curve %zu (%s) at %.9f, %.9f", i, ph_boundary_text(curve->kind), at[0],
                          at[1]);
            checked++;
        }
    }
    ck_assert_uint_ge(checked, 8);
}

/* The open end of a jump. */
static const double *open_jump(void)
{
    const double *place = NULL;
    for (size_t i = 0; i < phase.curves.count; i++)
        for (size_t k = 0; k < 2; k++)
            if (phase.curves.items[i].kind == PH_BOUNDARY_CROSSING &&
                phase.curves.items[i].ends[k] < 0) {
                ck_assert_ptr_null(place);
                place = phase.curves.items[i].places[k == 0 ? 0 : phase.curves.items[i].count - 1];
            }
    ck_assert_ptr_nonnull(place);
    return place;
}

/* Three patterns: where states end and cross without noise, where continuous lines meet, and the
 * end of the jump between hierarchy and tie. */
START_TEST(test_three_patterns)
{
    if (PH_TEST_SANITIZED) /* two patterns take the same ways */
        return;
    begin_square(3, 6, 0.0, 0.99, 1.0);
    ck_assert_double_le(nearest(PH_SPECIAL_AXIS, bisect(cold_lead, 0.0, 0.5, 0.6), 0.0), 1e-9);
    ck_assert_double_le(nearest(PH_SPECIAL_AXIS, bisect(cold_end, 3.0, 0.5, 0.9), 0.0), 1e-9);
    ck_assert_double_le(nearest(PH_SPECIAL_MULTICRITICAL, 2.0 / 3.0, 1.0 / 3.0), 2e-9);
    const double t = bisect(equal_both, 0.0, 0.24, 0.26);
    const double d = bisect(equal_mode_along, t, 0.5, 0.66);
    ck_assert_double_le(nearest(PH_SPECIAL_MULTICRITICAL, d, t), 1e-9);
    const double turn = bisect(third_quartic, 0.0, 0.63, 0.655);
    ck_assert_double_le(nearest(PH_SPECIAL_TRICRITICAL, turn, third_noise(turn)), 1e-9);
    ck_assert_double_le(nearest(PH_SPECIAL_CRITICAL, 0.548031, 0.0765006), 1e-6);
    ck_assert_double_le(nearest(PH_SPECIAL_AXIS, 0.99, 0.01), 1e-9);
    ck_assert_double_le(nearest(PH_SPECIAL_AXIS, 0.0, bisect(three_mode, 0.0, 0.2, 0.9)), 1e-9);
    check_across();
    end();
}
END_TEST

/* A jump that fades away is drawn as far as to where (a, a, b) and (c, c, c) of equal free energy
 * differ by 0.0005, by Newton's method in 40 digits; whatever the steps of the grid. */
START_TEST(test_fading_jump)
{
    for (int steps = 4; steps <= 6; steps++) {
        char text[512];
        snprintf(text, sizeof(text),
                 "network: { neurons: 60, patterns: 3, normalization: none,\n"
                 "           dilution: { from: 0.65, to: 0.85, steps: %d } }\n"
                 "noise: { from: 0, to: 0.2, steps: %d }\n"
                 "dynamics: { start: hierarchical, sweeps: 20 }\n",
                 steps, steps);
        begin(text);
        const double *place = open_jump();
        ck_assert_double_eq_tol(place[0], 0.777977188734, 1e-6);
        ck_assert_double_eq_tol(place[1], 0.0589235230622, 1e-6);
        end();
    }
}
END_TEST

/* Four patterns, in a part of the plane: what two and three retrieved patterns do there does not
 * depend on how many there are. */
START_TEST(test_four_patterns)
{
    begin("network: { neurons: 60, patterns: 4, normalization: none,\n"
          "           dilution: { from: 0.58, to: 0.7, steps: 2 } }\n"
          "noise: { from: 0.25, to: 0.35, steps: 2 }\n"
          "dynamics: { start: hierarchical, sweeps: 20 }\n");
    const double t = bisect(equal_both, 0.0, 0.24, 0.26);
    const double d = bisect(equal_mode_along, t, 0.5, 0.66);
    ck_assert_double_le(nearest(PH_SPECIAL_MULTICRITICAL, 2.0 / 3.0, 1.0 / 3.0), 2e-9);
    ck_assert_double_le(nearest(PH_SPECIAL_MULTICRITICAL, d, t), 1e-9);
    ck_assert_double_le(nearest(PH_SPECIAL_AXIS, 0.7, 0.3), 1e-9);
    end();
}
END_TEST

/* Distance of a place from a curve as straight lines. */
static double distance(const ph_curve_t *curve, const double *place)
{
    double best = INFINITY;
    for (size_t n = 0; n + 1 < curve->count; n++) {
        const double *a = curve->places[n], *b = curve->places[n + 1];
        const double x = b[0] - a[0], y = b[1] - a[1], length = x * x + y * y;
        double share = ((place[0] - a[0]) * x + (place[1] - a[1]) * y) / fmax(length, 1e-300);
        share = fmin(1.0, fmax(0.0, share));
        best = fmin(best, hypot(place[0] - a[0] - share * x, place[1] - a[1] - share * y));
    }
    return best;
}

/* How far a place is from an open end, of which it depends on the steps where it is. */
static double from_open_end(const ph_curves_t *curves, const double *place)
{
    double best = INFINITY;
    for (size_t i = 0; i < curves->count; i++)
        for (size_t k = 0; k < 2; k++) {
            const ph_curve_t *own = &curves->items[i];
            const double *at = own->places[k == 0 ? 0 : own->count - 1];
            if (own->ends[k] < 0 && !own->closed)
                best = fmin(best, hypot(place[0] - at[0], place[1] - at[1]));
        }
    return best;
}

/* Every point of these curves lies on one of the same kind of the others. */
static void check_inside(const ph_curves_t *a, const ph_curves_t *b)
{
    for (size_t i = 0; i < a->count; i++)
        for (size_t n = 0; n < a->items[i].count; n++) {
            double best = INFINITY;
            for (size_t k = 0; k < b->count; k++)
                if (b->items[k].kind == a->items[i].kind &&
                    b->items[k].ground == a->items[i].ground)
                    best = fmin(best, distance(&b->items[k], a->items[i].places[n]));
            ck_assert_msg(best < 2e-4 || from_open_end(b, a->items[i].places[n]) < 5e-3,
                          "curve %zu (%s) at %g, %g: %g away", i,
                          ph_boundary_text(a->items[i].kind), a->items[i].places[n][0],
                          a->items[i].places[n][1], best);
        }
}

static void compare_grids(int patterns, int coarse, int steps)
{
    begin_square(patterns, steps, 0.0, 0.99, 1.0);
    ph_phase_t fine = phase;
    ph_grid_t fine_grid = grid;
    fine.grid = &fine_grid;
    ph_report_free(&report);
    begin_square(patterns, coarse, 0.0, 0.99, 1.0);
    ck_assert_uint_eq(phase.curves.count, fine.curves.count);
    ck_assert_uint_eq(phase.curves.specials_count, fine.curves.specials_count);
    for (size_t i = 0; i < fine.curves.specials_count; i++) {
        const ph_special_t *own = &fine.curves.specials[i];
        ck_assert_double_le(nearest(own->kind, own->place[0], own->place[1]), 2e-9);
    }
    check_inside(&phase.curves, &fine.curves);
    check_inside(&fine.curves, &phase.curves);
    ph_phase_free(&fine);
    ph_grid_free(&fine_grid);
    end();
}

/* A coarse grid has the same curves and special points as a fine one. */
START_TEST(test_grids)
{
    compare_grids(2, 7, 11);
    if (!PH_TEST_SANITIZED)
        compare_grids(3, 12, 30);
}
END_TEST

/* Who interrupts is heard while curves are traced, too. */
START_TEST(test_interrupted)
{
    volatile sig_atomic_t flag = 1;
    ph_curves_t curves;
    begin_square(2, 7, 0.0, 0.99, 1.0);
    ph_interrupt_by(&flag);
    const int status = ph_curves_trace(&curves, &phase, 2);
    ph_interrupt_by(NULL);
    ck_assert_int_eq(status, PH_ERR_INTERRUPTED);
    ph_curves_free(&curves);
    end();
}
END_TEST

/* Of learned examples: on the line of parting ones Lambda of the ground state changes its sign. */
START_TEST(test_examples)
{
    size_t met = 0;
    begin("network: { rule: unsupervised, neurons: 60, patterns: 1, examples: 4, dilution: 0.3,\n"
          "           quality: { from: 0.2, to: 0.9, steps: 6 } }\n"
          "noise: { from: 0.05, to: 0.95, steps: 6 }\n"
          "dynamics: { start: hierarchical, sweeps: 20 }\n");
    for (size_t i = 0; i < phase.curves.count; i++) {
        const ph_curve_t *curve = &phase.curves.items[i];
        ck_assert_uint_ge(curve->count, 2);
        met += curve->kind == PH_BOUNDARY_EXAMPLES;
        for (size_t n = 1; n + 1 < curve->count && curve->kind == PH_BOUNDARY_EXAMPLES; n += 9) {
            char text[512];
            for (int side = -1; side <= 1; side += 2) {
                ph_grid_t one;
                ph_states_t states;
                snprintf(text, sizeof(text),
                         "network: { rule: unsupervised, neurons: 60, patterns: 1, examples: 4,\n"
                         "           dilution: 0.3, quality: %.17g }\nnoise: %.17g\n"
                         "dynamics: { start: hierarchical, sweeps: 20 }\n",
                         curve->places[n][0] + side * 1e-8, curve->places[n][1]);
                ph_grid_init(&one);
                ck_assert_int_eq(ph_grid_parse(&one, text, "one", 0, NULL, &report), PH_OK);
                ck_assert_int_eq(ph_states_find(&states, &one.points[0], one.average, NULL), PH_OK);
                const double lambda = states.states[states.ground].example_stability;
                ck_assert(side < 0 ? lambda < 0.0 : lambda > 0.0);
                ph_states_free(&states);
                ph_grid_free(&one);
            }
        }
    }
    ck_assert_uint_ge(met, 1);
    end();
}
END_TEST

/* Under `variance` order sets in at T = 1 for every dilution: a curve along the edge of the plane
 * is one, from corner to corner. */
START_TEST(test_edge)
{
    size_t along = 0;
    begin("network: { neurons: 60, patterns: 2, dilution: { from: 0, to: 0.9, steps: 7 } }\n"
          "noise: { from: 0, to: 1, steps: 7 }\n"
          "dynamics: { start: hierarchical, sweeps: 20 }\n");
    ck_assert_uint_eq(phase.curves.count, 3);
    ck_assert_uint_eq(phase.curves.specials_count, 5);
    ck_assert_uint_eq(phase.curves.open, 0);
    for (size_t i = 0; i < phase.curves.count; i++) {
        const ph_curve_t *curve = &phase.curves.items[i];
        bool whole = true;
        for (size_t n = 0; n < curve->count; n++)
            whole = whole && fabs(curve->places[n][1] - 1.0) <= 2e-9;
        along += whole;
        ck_assert(!whole || curve->places[0][0] + curve->places[curve->count - 1][0] == 0.9);
    }
    ck_assert_uint_eq(along, 1);
    ck_assert_double_le(nearest(PH_SPECIAL_MULTICRITICAL, 2.0 / 3.0, 1.0), 2e-9);
    ck_assert_double_eq(nearest(PH_SPECIAL_AXIS, 0.0, 1.0), 0.0);
    ck_assert_double_eq(nearest(PH_SPECIAL_AXIS, 0.9, 1.0), 0.0);
    end();
    begin("network: { rule: unsupervised, neurons: 60, patterns: 1, examples: 5, dilution: 0.3,\n"
          "           quality: { from: 0.1, to: 0.7, steps: 13 } }\n"
          "noise: { from: 0, to: 1, steps: 11 }\n"
          "dynamics: { start: hierarchical, sweeps: 20 }\n");
    ck_assert_double_eq(nearest(PH_SPECIAL_AXIS, 0.1, 1.0), 0.0);
    ck_assert_double_eq(nearest(PH_SPECIAL_AXIS, 0.7, 1.0), 0.0);
    for (size_t i = 0; i < phase.curves.specials_count; i++)
        ck_assert(phase.curves.specials[i].place[1] < 0.99 ||
                  phase.curves.specials[i].place[1] == 1.0);
    ck_assert_uint_eq(phase.curves.open, 0);
    end();
}
END_TEST

/* Of other grids than those of two axes of numbers there are none. */
START_TEST(test_no_plane)
{
    begin("network: { neurons: 60, patterns: 2, dilution: [0.1, 0.5] }\nnoise: 0.3\n"
          "dynamics: { sweeps: 20 }\n");
    ck_assert_uint_eq(phase.curves.count, 0);
    end();
    begin("network: { neurons: 60, patterns: [1, 2], dilution: [0.1, 0.5] }\nnoise: [0.2, 0.3]\n"
          "dynamics: { sweeps: 20 }\n");
    ck_assert_uint_eq(phase.curves.count, 0);
    end();
}
END_TEST

PH_TEST_MAIN("trace", test_two_patterns, test_three_patterns, test_fading_jump, test_four_patterns,
             test_grids, test_interrupted, test_examples, test_edge, test_no_plane)
