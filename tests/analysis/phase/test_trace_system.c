/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Equations and conditions of a diagram's curves, against sums over all rows and differences of the
 * free energy; and what is solved of them against closed forms. */
#include <math.h>
#include <string.h>

#include "analysis/phase/trace_system.h"
#include "sim/model/coupling.h"
#include "tests/analysis/phase/sums.h"
#include "tests/params/parse.h"

enum { UNKNOWNS = PH_SYSTEM_UNKNOWNS };

static const double WIDTH = 0.9; /* of the plane, in dilution; its height is noise 1 */

static ph_grid_t grid;
static ph_plane_t plane;
static ph_system_t equations;
static double z[UNKNOWNS];
static sums_t sums;

static void begin(int patterns, bool variance)
{
    char text[300];
    snprintf(text, sizeof(text),
             "network: { neurons: 60, patterns: %d, normalization: %s, dilution: [0, %g] }\n"
             "noise: [0, 1]\ndynamics: { sweeps: 20 }\n",
             patterns, variance ? "variance" : "none", WIDTH);
    parse(&grid, text);
    ck_assert(ph_plane_init(&plane, &grid, 0, 1));
    ph_system_init(&equations, &plane);
    memset(z, 0, sizeof(z));
}

static void go(double dilution, double noise)
{
    const bool variance = grid.points[0].normalization == PH_NORM_VARIANCE;
    sums = (sums_t){.patterns = equations.patterns,
                    .dilution = dilution,
                    .gain = variance ? 1.0 / (1.0 - dilution) : 1.0,
                    .noise = noise};
    z[0] = dilution / WIDTH;
    z[1] = noise;
}

static void end(void)
{
    ph_system_free(&equations);
    ph_grid_free(&grid);
}

/* A state whose block of each pattern is a digit, '-' for none. */
static size_t add(const double *n, const char *blocks)
{
    ph_symmetry_t symmetry;
    for (size_t mu = 0; mu < equations.patterns; mu++)
        symmetry.block[mu] = blocks[mu] == '-' ? -1 : blocks[mu] - '0';
    return ph_system_add(&equations, n, symmetry, z);
}

static double value_of(ph_condition_t condition)
{
    double value = NAN;
    ck_assert_int_eq(ph_system_value(&equations, &condition, z, &value), PH_OK);
    return value;
}

/* A block's unknown is the mean of its patterns, in the order of their first ones; states stand one
 * behind the other, and what is added again as it was is the same. */
START_TEST(test_states)
{
    const double first[] = {0.4, 0.2, 0.3, 0.1}, second[] = {0.6, 0.5, 0.4, 0.3};
    double n[4], again[UNKNOWNS];
    begin(4, false);
    ck_assert_uint_eq(add(first, "202-"), 0);
    ck_assert_uint_eq(add(second, "1111"), 1);
    ck_assert_uint_eq(add(second, "----"), 2);
    const size_t offsets[] = {2, 4, 5, 5};
    for (size_t s = 0; s < 4; s++)
        ck_assert_uint_eq(ph_system_offset(&equations, s), offsets[s]);
    const double expected[3][4] = {{0.35, 0.2, 0.35, 0.0}, {0.45, 0.45, 0.45, 0.45}, {0}};
    for (size_t s = 0; s < 3; s++) {
        ph_system_overlaps(&equations, z, s, n);
        for (size_t mu = 0; mu < 4; mu++)
            ck_assert_double_eq_tol(n[mu], expected[s][mu], 1e-15);
    }
    ck_assert_double_eq_tol(z[2], 0.35, 1e-15);
    ck_assert_double_eq_tol(z[3], 0.2, 1e-15);
    memcpy(again, z, sizeof(z));
    equations.states = 0;
    ck_assert_uint_eq(add(expected[0], "202-"), 0);
    for (size_t i = 0; i < 4; i++)
        ck_assert_double_eq_tol(z[i], again[i], 1e-15);
    end();
}
END_TEST

/* The equations are F(n) - n of each block, then the conditions, wherever one is. */
START_TEST(test_residual)
{
    const double first[] = {0.5, 0.5, 0.2}, second[] = {0.7, 0.0, 0.1};
    double residual[UNKNOWNS], map[3];
    for (int variance = 0; variance < 2; variance++) {
        begin(3, variance != 0);
        add(first, "001");
        add(second, "0-1");
        equations.condition[equations.conditions++] =
            (ph_condition_t){.kind = PH_CONDITION_PLACE, .a = 1, .value = 0.1};
        equations.condition[equations.conditions++] = (ph_condition_t){
            .kind = PH_CONDITION_AMPLITUDE, .state = 1, .a = 0, .b = 2, .value = 0.5};
        for (int step = 0; step < 4; step++) {
            go(0.1 + 0.2 * step, 0.9 - 0.2 * step);
            ck_assert_int_eq(ph_system_residual(&equations, z, residual), PH_OK);
            sums_map(&sums, first, map);
            ck_assert_double_eq_tol(residual[0], map[0] - 0.5, 1e-14);
            ck_assert_double_eq_tol(residual[1], map[2] - 0.2, 1e-14);
            sums_map(&sums, second, map);
            ck_assert_double_eq_tol(residual[2], map[0] - 0.7, 1e-14);
            ck_assert_double_eq_tol(residual[3], map[2] - 0.1, 1e-14);
            ck_assert_double_eq_tol(residual[4], sums.noise - 0.1, 1e-15);
            ck_assert_double_eq_tol(residual[5], 0.6 - 0.5, 1e-15);
        }
        end();
    }
}
END_TEST

/* Beside the plane and without noise there are no equations. */
START_TEST(test_no_place)
{
    static const double NOWHERE[][2] = {{-0.01, 0.5}, {1.01, 0.5},  {0.5, 1.01},
                                        {0.5, 0.0},   {0.5, -0.01}, {NAN, 0.5}};
    const double n[] = {0.5};
    double residual[UNKNOWNS];
    begin(1, false);
    add(n, "0");
    for (size_t i = 0; i < sizeof(NOWHERE) / sizeof(NOWHERE[0]); i++) {
        memcpy(z, NOWHERE[i], sizeof(NOWHERE[i]));
        ck_assert_int_eq(ph_system_residual(&equations, z, residual), PH_ERR_NUMERIC);
    }
    go(0.5, 0.5);
    ck_assert_int_eq(ph_system_residual(&equations, z, residual), PH_OK);
    end();
}
END_TEST

/* The conditions that are of energies and second derivatives: differences of the free energy along
 * lines of length 1 in sqrt(g) n. */
START_TEST(test_curvatures)
{
    const double n[] = {0.5, 0.5, 0.2}, other[] = {0.8, 0.0, 0.0}, h = 0.01;
    const double half = sqrt(0.5);
    const double first[] = {half, half, 0.0}, second[] = {0.0, 0.0, 1.0};
    const double both[] = {0.5, 0.5, half}, apart[] = {half, -half, 0.0}, alone[] = {0.0, 1.0, 0.0};
    for (int variance = 0; variance < 2; variance++) {
        begin(3, variance != 0);
        add(n, "001");
        add(other, "0--");
        go(0.4, 0.35);
        double energy;
        ck_assert_int_eq(ph_system_energy(&equations, 1, z, &energy), PH_OK);
        ck_assert_double_eq_tol(energy, sums_energy(&sums, other), 1e-14);
        ck_assert_double_eq_tol(
            value_of((ph_condition_t){.kind = PH_CONDITION_CROSSING, .state = 0, .other = 1}),
            sums_energy(&sums, n) - sums_energy(&sums, other), 1e-14);
        ck_assert_double_eq_tol(
            value_of((ph_condition_t){.kind = PH_CONDITION_MODE, .state = 0, .a = 0, .b = 1}),
            sums_along(&sums, n, apart, h, 2), 1e-9);
        ck_assert_double_eq_tol(
            value_of((ph_condition_t){.kind = PH_CONDITION_MODE, .state = 1, .a = 1, .b = 1}),
            sums_along(&sums, other, alone, h, 2), 1e-9);
        const double a = sums_along(&sums, n, first, h, 2), b = sums_along(&sums, n, second, h, 2);
        const double c = sums_along(&sums, n, both, h, 2) - 0.5 * (a + b);
        ck_assert_double_eq_tol(value_of((ph_condition_t){.kind = PH_CONDITION_FOLD}),
                                0.5 * (a + b - hypot(a - b, 2.0 * c)), 1e-9);
        end();
    }
}
END_TEST

/* The soft direction has length 1 and the least curvature; the cusp's condition is the third
 * derivative along it. Of a state without blocks there is neither. */
START_TEST(test_cusp)
{
    const double n[] = {0.6, 0.3, 0.3}, none[] = {0, 0, 0};
    double soft[SUMS_PATTERNS_MAX], v[SUMS_PATTERNS_MAX], length = 0.0, value;
    for (int variance = 0; variance < 2; variance++) {
        begin(3, variance != 0);
        add(n, "011");
        add(none, "---");
        go(0.3, 0.4);
        ck_assert_int_eq(ph_system_soft(&equations, 0, z, soft), PH_OK);
        length = 0.0;
        for (size_t mu = 0; mu < 3; mu++) {
            v[mu] = sqrt(sums.gain) * soft[mu];
            length += v[mu] * v[mu];
        }
        ck_assert_double_eq_tol(length, 1.0, 1e-12);
        ck_assert_double_eq_tol(v[1], v[2], 1e-15);
        ck_assert_double_eq_tol(sums_along(&sums, n, v, 0.01, 2),
                                value_of((ph_condition_t){.kind = PH_CONDITION_FOLD}), 1e-9);
        ck_assert_double_eq_tol(value_of((ph_condition_t){.kind = PH_CONDITION_CUSP}),
                                sums_along(&sums, n, v, 0.01, 3), 1e-7);
        const ph_condition_t nothing = {.kind = PH_CONDITION_CUSP, .state = 1};
        ck_assert_int_eq(ph_system_value(&equations, &nothing, z, &value), PH_ERR_NUMERIC);
        ck_assert_int_eq(ph_system_soft(&equations, 1, z, soft), PH_ERR_NUMERIC);
        end();
    }
}
END_TEST

/* Where a mode is pushed by s and the rest of the state has settled: the free energy there. The
 * first pattern against the second, or the second, which is none, by itself. */
static double relaxed(double s, bool apart)
{
    const double push = s / sqrt(sums.gain * (apart ? 2.0 : 1.0));
    double rest = 0.6, n[2] = {0}, map[2];
    for (int step = 0; step < 400; step++) {
        n[0] = apart ? rest + push : rest;
        n[1] = apart ? rest - push : push;
        sums_map(&sums, n, map);
        rest = apart ? 0.5 * (map[0] + map[1]) : map[0];
    }
    return sums_energy(&sums, n);
}

/* Second and fourth derivative of that are the mode's eigenvalue and what turns it. */
START_TEST(test_turn)
{
    const double h = 0.015;
    for (int apart = 0; apart < 2; apart++)
        for (int variance = 0; variance < 2; variance++) {
            double n[2] = {0.6, apart ? 0.6 : 0.0}, values[2 * SUMS_REACH + 1];
            begin(2, variance != 0);
            go(0.35, 0.4);
            sums_settle(&sums, n);
            add(n, apart ? "00" : "0-");
            for (int k = -SUMS_REACH; k <= SUMS_REACH; k++)
                values[SUMS_REACH + k] = relaxed(k * h, apart != 0);
            ph_condition_t own = {.kind = PH_CONDITION_MODE, .a = apart ? 0 : 1, .b = 1};
            ck_assert_double_eq_tol(value_of(own), sums_derivative(values, h, 2), 1e-8);
            own.kind = PH_CONDITION_TURN;
            ck_assert(!ph_system_cubic(&equations, &own));
            const double expected = sums_derivative(values, h, 4);
            ck_assert_double_eq_tol(value_of(own), expected, 1e-4 * fabs(expected));
            end();
        }
}
END_TEST

/* One of three alike patterns against the others: there the third derivative is not zero. */
START_TEST(test_cubic)
{
    const double n[] = {0.4, 0.4, 0.4, 0.0};
    const double v[] = {-1.0 / sqrt(6.0), 2.0 / sqrt(6.0), -1.0 / sqrt(6.0), 0.0};
    begin(4, true);
    add(n, "000-");
    go(0.3, 0.5);
    const ph_condition_t own = {.kind = PH_CONDITION_TURN, .a = 1, .b = 2};
    const ph_condition_t alone = {.kind = PH_CONDITION_TURN, .a = 3, .b = 3};
    ck_assert(ph_system_cubic(&equations, &own) && !ph_system_cubic(&equations, &alone));
    const double expected = sums_along(&sums, n, v, 0.01, 3);
    ck_assert_double_gt(fabs(expected), 0.1);
    ck_assert_double_eq_tol(value_of(own), expected, 1e-7);
    end();
}
END_TEST

/* A name changes where the first signal is the sum of the others, or where the two least are the
 * first: signals are gains times overlaps, whatever their order and signs. */
START_TEST(test_name)
{
    const double n[] = {-0.15, 0.5, 0.3}, tie[] = {0.3, -0.2, 0.25};
    begin(3, true);
    add(n, "012");
    add(tie, "012");
    go(0.5, 0.3);
    ck_assert_double_eq_tol(sums.gain, 2.0, 1e-15);
    ck_assert_double_eq_tol(
        value_of((ph_condition_t){.kind = PH_CONDITION_NAME, .class = PH_CLASS_HIERARCHICAL}),
        2.0 * (0.5 - 0.3 - 0.15), 1e-14);
    ck_assert_double_eq_tol(
        value_of(
            (ph_condition_t){.kind = PH_CONDITION_NAME, .state = 1, .class = PH_CLASS_TIE_BROKEN}),
        2.0 * (0.2 + 0.25 - 0.3), 1e-14);
    end();
}
END_TEST

/* Lambda of one learned pattern by its definition: all its entries and three examples. */
START_TEST(test_examples)
{
    enum { M = 3 };
    const double d = 0.3, n[] = {0.7};
    parse(&grid, "network: { rule: unsupervised, neurons: 60, patterns: 1, examples: 3,\n"
                 "           dilution: 0.3, quality: [0.4, 0.8] }\nnoise: [0.2, 0.6]\n"
                 "dynamics: { sweeps: 20 }\n");
    ck_assert(ph_plane_init(&plane, &grid, 0, 1));
    ph_system_init(&equations, &plane);
    add(n, "0");
    for (int step = 0; step < 3; step++) {
        double gain, mean = 0.0;
        z[0] = 0.3 * step;
        z[1] = 0.9 - 0.3 * step;
        const double r = 0.4 + 0.4 * z[0], noise = 0.2 + 0.4 * z[1];
        ph_coupling_gains(ph_plane_point(&plane, z), &gain);
        for (int code = 0; code < 1 << M; code++) { /* the sign of the entry changes nothing */
            double probability = 1.0 - d, sum = 0.0;
            for (int a = 0; a < M; a++) {
                const double eta = (code >> a & 1) != 0 ? 1.0 : -1.0;
                probability *= 0.5 * (1.0 + eta * r);
                sum += eta;
            }
            const double t = tanh(gain * n[0] * sum / (M * r) / noise);
            mean += probability * (M * M - sum * sum) / (M * (M - 1.0)) * (1.0 - t * t);
        }
        ck_assert_double_eq_tol(value_of((ph_condition_t){.kind = PH_CONDITION_EXAMPLES}),
                                1.0 - gain / (M * r * r * noise) * mean, 1e-13);
    }
    end();
}
END_TEST

/* Root of a function that falls from low to high. */
static double bisect(double (*f)(double), double low, double high)
{
    for (int k = 0; k < 100; k++) {
        const double middle = 0.5 * (low + high);
        *(f(middle) > 0.0 ? &low : &high) = middle;
    }
    return 0.5 * (low + high);
}

static double lone(double n)
{
    return (1.0 - sums.dilution) * tanh(n / sums.noise) - n;
}

static void ask(ph_condition_t condition)
{
    equations.condition[equations.conditions++] = condition;
}

static void ask_place(double dilution, double noise)
{
    ask((ph_condition_t){.kind = PH_CONDITION_PLACE, .a = 0, .value = dilution / WIDTH});
    ask((ph_condition_t){.kind = PH_CONDITION_PLACE, .a = 1, .value = noise});
}

/* States of a given place, to rounding: n = (1 - d) tanh(n/T) of one pattern. */
START_TEST(test_solve_state)
{
    const double n[] = {0.55};
    for (int step = 0; step < 3; step++) {
        begin(1, false);
        add(n, "0");
        ask_place(0.3, 0.2 + 0.1 * step);
        go(0.35, 0.25 + 0.1 * step);
        ck_assert_int_eq(ph_system_solve(&equations, z, NULL, 0.3), PH_OK);
        go(0.3, 0.2 + 0.1 * step);
        ck_assert_double_eq_tol(z[2], bisect(lone, 0.1, 1.0), 1e-12);
        end();
    }
}
END_TEST

/* Across a tangent: onto the line of onset, T = 1 - d of gain 1, at right angles to where the
 * tangent pointed; it then points along that line, on the same side. At an edge, too. */
START_TEST(test_solve_across)
{
    static const struct {
        double from[2], tangent[2];
    } WAYS[] = {{{0.5, 0.50}, {1.0, 0.0}},  {{0.5, 0.50}, {-1.0, 0.0}}, {{0.5, 0.5}, {0.0, 1.0}},
                {{0.5, 0.50}, {0.8, -0.6}}, {{0.0, 0.97}, {1.0, 0.0}},  {{0.04, 1.0}, {0.0, -1.0}},
                {{1.0, 0.12}, {-1.0, 0.0}}};
    const double nothing[] = {0.0, 0.0}, length = hypot(1.0 / WIDTH, 1.0);
    begin(2, false);
    add(nothing, "--");
    ask((ph_condition_t){.kind = PH_CONDITION_MODE, .a = 0, .b = 0});
    for (size_t i = 0; i < sizeof(WAYS) / sizeof(WAYS[0]); i++) {
        double own[UNKNOWNS] = {WAYS[i].from[0], WAYS[i].from[1]};
        double tangent[UNKNOWNS] = {WAYS[i].tangent[0], WAYS[i].tangent[1]};
        ck_assert_int_eq(ph_system_solve(&equations, own, tangent, 0.2), PH_OK);
        ck_assert_double_eq_tol(own[1], 1.0 - WIDTH * own[0], 1e-12);
        ck_assert_double_eq_tol((own[0] - WAYS[i].from[0]) * WAYS[i].tangent[0] +
                                    (own[1] - WAYS[i].from[1]) * WAYS[i].tangent[1],
                                0.0, 1e-12);
        const double side = WAYS[i].tangent[0] / WIDTH - WAYS[i].tangent[1] > 0.0 ? 1.0 : -1.0;
        ck_assert_double_eq_tol(tangent[0], side / WIDTH / length, 1e-8);
        ck_assert_double_eq_tol(tangent[1], -side / length, 1e-8);
    }
    end();
}
END_TEST

/* What has no solution, none within reach, or not as many equations as unknowns, is not solved. */
START_TEST(test_unsolved)
{
    const double n[] = {0.55};
    double tangent[UNKNOWNS] = {1.0, 0.0};
    begin(1, false);
    add(n, "0");
    go(0.3, 0.3);
    ask((ph_condition_t){.kind = PH_CONDITION_PLACE, .a = 0, .value = 0.3 / WIDTH});
    ck_assert_int_eq(ph_system_solve(&equations, z, NULL, 1.0), PH_ERR_NUMERIC);
    ask((ph_condition_t){.kind = PH_CONDITION_PLACE, .a = 1, .value = 0.3});
    ck_assert_int_eq(ph_system_solve(&equations, z, tangent, 1.0), PH_ERR_NUMERIC);
    ck_assert_int_eq(ph_system_solve(&equations, z, NULL, 1e-3), PH_ERR_NUMERIC);
    z[2] = 0.55;
    ck_assert_int_eq(ph_system_solve(&equations, z, NULL, 0.2), PH_OK);
    equations.condition[1].value = 1.2; /* beside the plane */
    ck_assert_int_eq(ph_system_solve(&equations, z, NULL, 2.0), PH_ERR_NUMERIC);
    go(0.3, 0.3);
    equations.condition[1].a = 0; /* two dilutions at once */
    ck_assert_int_eq(ph_system_solve(&equations, z, NULL, 2.0), PH_ERR_NUMERIC);
    end();
}
END_TEST

static void check_least(size_t state, double expected, ph_condition_kind_t kind, size_t a, size_t b)
{
    ph_condition_t found = {.kind = PH_CONDITION_COUNT};
    double least;
    ck_assert_int_eq(ph_system_least(&equations, state, z, &least, &found), PH_OK);
    ck_assert_double_eq_tol(least, expected, 1e-8);
    ck_assert(found.kind == kind && found.state == state);
    ck_assert(kind == PH_CONDITION_FOLD || (found.a == a && found.b == b));
}

/* Of all directions the one of least curvature; one that a condition already asks for, or that
 * alike patterns make of it, does not count; of another state's it does. */
START_TEST(test_least)
{
    const double n[] = {0.5, 0.5, 0.0, 0.0}, half = sqrt(0.5);
    const double fold[] = {half, half, 0, 0}, apart[] = {half, -half, 0, 0}, third[] = {0, 0, 1, 0};
    double least;
    begin(4, false);
    add(n, "00--");
    add(n, "00--");
    go(0.2, 0.5);
    const double curvature[] = {sums_along(&sums, n, apart, 0.01, 2),
                                sums_along(&sums, n, third, 0.01, 2),
                                sums_along(&sums, n, fold, 0.01, 2)};
    ck_assert(curvature[0] < curvature[1] && curvature[1] < curvature[2]);
    check_least(0, curvature[0], PH_CONDITION_MODE, 0, 1);
    ask((ph_condition_t){.kind = PH_CONDITION_MODE, .state = 1, .a = 0, .b = 1});
    check_least(0, curvature[0], PH_CONDITION_MODE, 0, 1);
    check_least(1, curvature[1], PH_CONDITION_MODE, 2, 2);
    ask((ph_condition_t){.kind = PH_CONDITION_MODE, .state = 1, .a = 3, .b = 3});
    check_least(1, curvature[2], PH_CONDITION_FOLD, 0, 0);
    equations.condition[0].kind = PH_CONDITION_FOLD;
    check_least(1, curvature[0], PH_CONDITION_MODE, 0, 1);
    end();
    begin(1, false);
    add(n, "0");
    go(0.2, 0.5);
    ask((ph_condition_t){.kind = PH_CONDITION_FOLD});
    ph_condition_t unused;
    ck_assert_int_eq(ph_system_least(&equations, 0, z, &least, &unused), PH_OK);
    ck_assert(isinf(least));
    end();
}
END_TEST

/* Equations solved in place; none are solved as they are, singular ones not. */
START_TEST(test_eliminate)
{
    double matrix[] = {2.0, 1.0, 1.0, 3.0}, singular[] = {1.0, 2.0, 2.0, 4.0};
    double right[] = {4.0, 7.0};
    ck_assert_int_eq(ph_system_eliminate(matrix, right, 0), PH_OK);
    ck_assert(right[0] == 4.0 && right[1] == 7.0);
    ck_assert_int_eq(ph_system_eliminate(matrix, right, 2), PH_OK);
    ck_assert(fabs(right[0] - 1.0) < 1e-15 && fabs(right[1] - 2.0) < 1e-15);
    ck_assert_int_eq(ph_system_eliminate(singular, right, 2), PH_ERR_NUMERIC);
}
END_TEST

PH_TEST_MAIN("trace_system", test_states, test_residual, test_no_place, test_curvatures, test_cusp,
             test_turn, test_cubic, test_name, test_examples, test_solve_state, test_solve_across,
             test_unsolved, test_least, test_eliminate)
