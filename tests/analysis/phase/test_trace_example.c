/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The traced lines of example states, held against sums over the signs of every example. */
#include <math.h>
#include <string.h>

#include "analysis/phase/phase.h"
#include "tests/testing.h"

enum { K = 2, M = 3, CODES = 1 + 2 * 8, ROWS = CODES * CODES, STARTS_MAX = 8 };

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

/* Two patterns of three examples each, T = 0.3, over dilution and quality. */
static void begin_plane(int steps)
{
    char text[512];
    snprintf(text, sizeof(text),
             "network: { rule: unsupervised, neurons: 60, patterns: 2, examples: 3,\n"
             "           dilution: { from: 0, to: 0.9, steps: %d },\n"
             "           quality: { from: 0.15, to: 0.85, steps: %d } }\n"
             "noise: 0.3\ndynamics: { start: hierarchical, sweeps: 20 }\n",
             steps, steps);
    begin(text);
}

/* All rows of two patterns with their examples one by one. */
typedef struct {
    double noise, weight;
    double eta[ROWS][K][M], probability[ROWS];
} rows_t;

static void fill_rows(rows_t *self, double d, double r, double noise)
{
    double p[CODES], eta[CODES][M] = {{0}};
    for (int c = 0; c < CODES; c++) {
        const int xi = c == 0 ? 0 : c <= 8 ? 1 : -1;
        p[c] = c == 0 ? d : (1.0 - d) / 2.0;
        for (int a = 0; a < M && c > 0; a++) {
            eta[c][a] = ((c - 1) % 8 >> a & 1) != 0 ? 1.0 : -1.0;
            p[c] *= (1.0 + xi * eta[c][a] * r) / 2.0;
        }
    }
    for (int i = 0; i < ROWS; i++) {
        self->probability[i] = p[i % CODES] * p[i / CODES];
        memcpy(self->eta[i][0], eta[i % CODES], sizeof(eta[0]));
        memcpy(self->eta[i][1], eta[i / CODES], sizeof(eta[0]));
    }
    self->noise = noise;
    self->weight = 1.0 / ((1.0 - d) * (1.0 + (1.0 - r * r) / (M * r * r)) * M * r * r);
}

/* n <- F(n), of the examples apart first one of each pattern, then a common value; free energy. */
static double map_rows(const rows_t *self, double n[K][M])
{
    double next[K][M] = {{0}}, f = 0.0;
    for (int i = 0; i < ROWS; i++) {
        double h = 0.0;
        for (int mu = 0; mu < K; mu++)
            for (int a = 0; a < M; a++)
                h += self->weight * self->eta[i][mu][a] * n[mu][a];
        const double t = tanh(h / self->noise) * self->probability[i];
        f -= self->probability[i] * self->noise * log(2.0 * cosh(h / self->noise));
        for (int mu = 0; mu < K; mu++)
            for (int a = 0; a < M; a++)
                next[mu][a] += t * self->eta[i][mu][a];
    }
    for (int mu = 0; mu < K; mu++) {
        for (int a = 0; a < M; a++)
            f += 0.5 * self->weight * n[mu][a] * n[mu][a];
        next[mu][1] = next[mu][2] = 0.5 * (next[mu][1] + next[mu][2]);
        memcpy(n[mu], next[mu], sizeof(next[mu]));
    }
    return f;
}

/* A state as n <- F(n) leads to it. */
typedef struct {
    double energy, sum; /* f; of all overlaps, so that states of one energy can be told apart */
} sunk_t;

/* Where the first `apart` patterns of a start have an example apart, and the signal of the second
 * is so much of the first. */
typedef struct {
    int apart;
    double second;
} start_t;

static const start_t ALIKE[] = {{0, 0.0}, {0, 0.3}, {0, 0.6}, {0, 1.0}};
static const start_t APART[] = {{1, 0.0}, {1, 0.3}, {1, 1.5}, {1, 3.0}, {2, 0.3}, {2, 1.0}};

/* What starts lead to, ascending in energy: states of alike examples, or of one apart. */
static size_t sink(const rows_t *rows, double r, bool apart, sunk_t *found)
{
    const start_t *starts = apart ? APART : ALIKE;
    const size_t starts_count =
        apart ? sizeof(APART) / sizeof(*APART) : sizeof(ALIKE) / sizeof(*ALIKE);
    size_t count = 0;
    for (size_t s = 0; s < starts_count; s++) {
        double n[K][M], last = INFINITY;
        sunk_t own = {0};
        for (int mu = 0; mu < K; mu++)
            for (int a = 0; a < M; a++)
                n[mu][a] = (mu == 0 ? 0.5 : 0.5 * starts[s].second) * (mu >= starts[s].apart ? r
                                                                       : a == 0              ? 1.0
                                                                                : 0.3 * r);
        for (int step = 0; step < 20000 && !(fabs(last - own.energy) < 1e-16 && step > 20);
             step++) {
            last = own.energy;
            own.energy = map_rows(rows, n);
        }
        const bool parted = fabs(n[0][0] - n[0][1]) > 0.01 || fabs(n[1][0] - n[1][1]) > 0.01;
        bool known = parted != apart;
        for (int mu = 0; mu < K; mu++)
            own.sum += fabs(n[mu][0]) + fabs(n[mu][1]);
        for (size_t i = 0; i < count; i++)
            known = known || (fabs(found[i].energy - own.energy) < 1e-8 &&
                              fabs(found[i].sum - own.sum) < 1e-4);
        size_t at = known ? 0 : count++;
        for (; !known && at > 0 && found[at - 1].energy > own.energy; at--)
            found[at] = found[at - 1];
        if (!known)
            found[at] = own;
    }
    return count;
}

/* How much lower the lowest example state is than the lowest state of alike examples. */
static double lead(const double *place)
{
    static rows_t rows;
    sunk_t alike[STARTS_MAX], apart[STARTS_MAX];
    fill_rows(&rows, place[0], place[1], 0.3);
    ck_assert_uint_ge(sink(&rows, place[1], false, alike), 1);
    return sink(&rows, place[1], true, apart) > 0 ? alike[0].energy - apart[0].energy : -1.0;
}

/* Across the line, at places along every curve, example states become the lowest within 1e-8. */
static void check_across(void)
{
    size_t checked = 0;
    for (size_t i = 0; i < phase.curves.count; i++) {
        const ph_curve_t *curve = &phase.curves.items[i];
        if (curve->kind != PH_BOUNDARY_EXAMPLE_STATE)
            continue;
        ck_assert(curve->ground && !curve->closed && curve->count > 5);
        for (size_t n = 3; n + 2 < curve->count; n += 9) {
            const double *at = curve->places[n], *last = curve->places[n - 1];
            const double x = at[0] - last[0], y = at[1] - last[1], away = 1e-8 / hypot(x, y);
            const double left[2] = {at[0] - away * y, at[1] + away * x};
            const double right[2] = {at[0] + away * y, at[1] - away * x};
            const double leads[2] = {lead(left), lead(right)};
            ck_assert_msg((leads[0] > 0.0) != (leads[1] > 0.0), "curve %zu at %.9f, %.9f: %g, %g",
                          i, at[0], at[1], leads[0], leads[1]);
            checked++;
        }
    }
    ck_assert_uint_ge(checked, 10);
}

/* Where three states are as low as each other: two of them have an example apart, or none has. */
static void check_triples(void)
{
    size_t met[2] = {0};
    for (size_t i = 0; i < phase.curves.specials_count; i++) {
        static rows_t rows;
        const ph_special_t *own = &phase.curves.specials[i];
        sunk_t alike[STARTS_MAX], apart[STARTS_MAX];
        if (own->kind != PH_SPECIAL_TRIPLE)
            continue;
        fill_rows(&rows, own->place[0], own->place[1], 0.3);
        const size_t without = sink(&rows, own->place[1], false, alike);
        const size_t with = sink(&rows, own->place[1], true, apart);
        ck_assert(without > 0 && with > 0);
        ck_assert_double_eq_tol(alike[0].energy, apart[0].energy, 1e-10);
        const bool two = with > 1 && fabs(apart[1].energy - apart[0].energy) < 1e-4;
        const double third = two ? apart[1].energy : without > 1 ? alike[1].energy : INFINITY;
        ck_assert_double_eq_tol(third, alike[0].energy, 1e-10);
        met[two ? 1 : 0]++;
    }
    ck_assert(met[0] == 1 && met[1] == 1);
}

START_TEST(test_enumerated)
{
    if (PH_TEST_SANITIZED) /* the others take the same ways */
        return;
    begin_plane(8);
    check_across();
    check_triples();
    end();
}
END_TEST

/* The special point of a kind nearest to a place, and how far away it is. */
static double nearest(const ph_curves_t *curves, const ph_special_t *special)
{
    double best = INFINITY;
    for (size_t i = 0; i < curves->specials_count; i++)
        if (curves->specials[i].kind == special->kind)
            best = fmin(best, fmax(fabs(curves->specials[i].place[0] - special->place[0]),
                                   fabs(curves->specials[i].place[1] - special->place[1])));
    return best;
}

/* Whether each end of the lines of example states is one of the others, too. */
static size_t check_ends(const ph_curves_t *a, const ph_curves_t *b)
{
    size_t count = 0;
    for (size_t i = 0; i < a->count; i++)
        for (size_t end = 0; end < 2 && a->items[i].kind == PH_BOUNDARY_EXAMPLE_STATE; end++) {
            count++;
            ck_assert_int_ge(a->items[i].ends[end], 0);
            const ph_special_t *special = &a->specials[a->items[i].ends[end]];
            ck_assert_msg(nearest(b, special) < 2e-9, "%s %.9f, %.9f: %g away",
                          ph_special_text(special->kind), special->place[0], special->place[1],
                          nearest(b, special));
        }
    return count;
}

/* A coarse grid has the same lines as a fine one. */
START_TEST(test_grids)
{
    if (PH_TEST_SANITIZED) /* the others take the same ways */
        return;
    begin_plane(6);
    ph_phase_t coarse = phase;
    ph_grid_t coarse_grid = grid;
    coarse.grid = &coarse_grid;
    ph_report_free(&report);
    begin_plane(11);
    const size_t ends = check_ends(&coarse.curves, &phase.curves);
    ck_assert_uint_eq(ends, 10);
    ck_assert_uint_eq(check_ends(&phase.curves, &coarse.curves), ends);
    ph_phase_free(&coarse);
    ph_grid_free(&coarse_grid);
    end();
}
END_TEST

/* Of one pattern under `variance` dilution counts nothing: the line is straight. */
START_TEST(test_straight)
{
    size_t met = 0;
    begin("network: { rule: unsupervised, neurons: 60, patterns: 1, examples: 5, quality: 0.25,\n"
          "           dilution: [0, 0.3, 0.7] }\n"
          "noise: [0.3, 0.5, 0.8]\ndynamics: { start: hierarchical, sweeps: 20 }\n");
    for (size_t i = 0; i < phase.curves.count; i++) {
        const ph_curve_t *curve = &phase.curves.items[i];
        if (curve->kind != PH_BOUNDARY_EXAMPLE_STATE)
            continue;
        met++;
        ck_assert_double_eq(curve->places[0][0] + curve->places[curve->count - 1][0], 0.7);
        for (size_t n = 0; n < curve->count; n++)
            ck_assert_double_eq_tol(curve->places[n][1], curve->places[0][1], 1e-10);
    }
    ck_assert_uint_eq(met, 1);
    end();
}
END_TEST

/* Without noise the energies of one pattern are even where (E|S|)^2 = M (1 + (M - 1) r^4), S the
 * sum of M examples: the line comes down to there. */
static double cold_lead(double r)
{
    enum { EXAMPLES = 5 };
    double mean = 0.0;
    for (int k = 0; k <= EXAMPLES; k++)
        mean += tgamma(EXAMPLES + 1.0) / (tgamma(k + 1.0) * tgamma(EXAMPLES - k + 1.0)) *
                pow((1.0 + r) / 2.0, k) * pow((1.0 - r) / 2.0, EXAMPLES - k) *
                fabs(2.0 * k - EXAMPLES);
    return mean * mean - EXAMPLES * (1.0 + (EXAMPLES - 1.0) * pow(r, 4));
}

START_TEST(test_cold)
{
    size_t met = 0;
    double low = 0.2, high = 0.5;
    for (int k = 0; k < 60; k++)
        *(cold_lead(0.5 * (low + high)) < 0.0 ? &low : &high) = 0.5 * (low + high);
    begin("network: { rule: unsupervised, neurons: 60, patterns: 1, examples: 5, dilution: 0.3,\n"
          "           quality: { from: 0.2, to: 0.5, steps: 4 } }\n"
          "noise: [0, 0.2, 0.4]\ndynamics: { start: hierarchical, sweeps: 20 }\n");
    for (size_t i = 0; i < phase.curves.count; i++)
        for (size_t end = 0; end < 2; end++) {
            const ph_curve_t *curve = &phase.curves.items[i];
            if (curve->kind != PH_BOUNDARY_EXAMPLE_STATE)
                continue;
            ck_assert_int_ge(curve->ends[end], 0);
            const ph_special_t *special = &phase.curves.specials[curve->ends[end]];
            ck_assert_int_eq(special->kind, PH_SPECIAL_AXIS);
            if (special->place[1] > 0.0)
                continue;
            ck_assert_double_eq_tol(special->place[0], low, 1e-9);
            met++;
        }
    ck_assert_uint_eq(met, 1);
    end();
}
END_TEST

/* A line that is found on the edge of the plane ends there. */
START_TEST(test_edge)
{
    size_t met = 0;
    begin("network: { rule: unsupervised, neurons: 60, patterns: 2, examples: 6,\n"
          "           dilution: { from: 0, to: 0.8, steps: 9 }, entropy: [0.3, 3] }\n"
          "noise: 0.25\ndynamics: { start: hierarchical, sweeps: 20 }\n");
    for (size_t i = 0; i < phase.curves.count; i++)
        for (size_t end = 0; end < 2; end++) {
            const ph_curve_t *curve = &phase.curves.items[i];
            if (curve->kind != PH_BOUNDARY_EXAMPLE_STATE)
                continue;
            ck_assert_int_ge(curve->ends[end], 0);
            met += phase.curves.specials[curve->ends[end]].place[1] == 3.0;
        }
    ck_assert_uint_eq(met, 2);
    ck_assert_uint_eq(phase.curves.open, 0);
    end();
}
END_TEST

/* Lambda of the ground state at a place of the last plane of two patterns. */
static double lambda_at(const double *place)
{
    char text[512];
    ph_grid_t one;
    ph_states_t states;
    snprintf(text, sizeof(text),
             "network: { rule: unsupervised, neurons: 60, patterns: 2, examples: 2,\n"
             "           dilution: %.17g, quality: %.17g }\n"
             "noise: 0.3\ndynamics: { start: hierarchical, sweeps: 20 }\n",
             place[0], place[1]);
    ph_grid_init(&one);
    ck_assert_int_eq(ph_grid_parse(&one, text, "one", 0, NULL, &report), PH_OK);
    ck_assert_int_eq(ph_states_find(&states, &one.points[0], one.average, NULL), PH_OK);
    const double lambda = states.states[states.ground].example_stability;
    ph_states_free(&states);
    ph_grid_free(&one);
    return lambda;
}

/* Two examples part without a jump where the line is that of Lambda = 0, and none is traced
 * besides; where another state comes before, the line ends on that of Lambda = 0. */
START_TEST(test_two_examples)
{
    size_t lines[PH_BOUNDARY_COUNT] = {0}, ends = 0;
    begin("network: { rule: unsupervised, neurons: 60, patterns: 1, examples: 2, quality: 0.3,\n"
          "           dilution: [0, 0.5] }\n"
          "noise: [0.5, 0.7, 0.9]\ndynamics: { start: hierarchical, sweeps: 20 }\n");
    for (size_t i = 0; i < phase.curves.count; i++)
        lines[phase.curves.items[i].kind]++;
    ck_assert_uint_eq(lines[PH_BOUNDARY_EXAMPLES], 1);
    ck_assert_uint_eq(lines[PH_BOUNDARY_EXAMPLE_STATE], 0);
    end();
    begin("network: { rule: unsupervised, neurons: 60, patterns: 2, examples: 2,\n"
          "           dilution: { from: 0.1, to: 0.4, steps: 5 },\n"
          "           quality: { from: 0.5, to: 0.8, steps: 5 } }\n"
          "noise: 0.3\ndynamics: { start: hierarchical, sweeps: 20 }\n");
    for (size_t i = 0; i < phase.curves.count; i++)
        for (size_t end = 0; end < 2; end++) {
            const ph_curve_t *curve = &phase.curves.items[i];
            const int number = curve->ends[end];
            if (curve->kind != PH_BOUNDARY_EXAMPLE_STATE || number < 0 ||
                phase.curves.specials[number].kind != PH_SPECIAL_CRITICAL_END)
                continue;
            const double *place = phase.curves.specials[number].place;
            ck_assert_double_le(fabs(lambda_at(place)), 1e-8);
            ends++;
        }
    ck_assert_uint_eq(ends, 1);
    end();
}
END_TEST

PH_TEST_MAIN("trace_example", test_enumerated, test_grids, test_straight, test_cold, test_edge,
             test_two_examples)
