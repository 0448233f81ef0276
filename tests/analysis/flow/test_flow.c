/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/flow/flow.h"

#include "analysis/flow/problem.h"

#include "tests/analysis/classes.h"
#include "tests/testing.h"

enum { TIMES = 12 };

static network_classes_t net;
static const uint64_t EVERY[TIMES] = {0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 40, 2000};

static ph_flow_system_t system_of(const ph_point_t *point)
{
    classes_make(&net, point, NULL);
    return (ph_flow_system_t){net.classes.size, classes_map, &net};
}

static void solve(const ph_flow_system_t *system, ph_flow_law_t law, const double *start,
                  double *path, ph_flow_end_t *end)
{
    double o[CLASSES_PATTERNS];
    memcpy(o, start, system->size * sizeof(*o));
    ck_assert_int_eq(ph_flow_solve(system, law, o, TIMES, EVERY, path, end, NULL), PH_OK);
    ck_assert(end->complete);
}

/* One pattern at zero noise runs straight: m = 1 - (1 - m0) exp(-t) in random order, linear within
 * a sweep in the others, which are done after one. */
START_TEST(test_one_pattern)
{
    ph_point_t point = network_uniform(100, 1, 0.0, 0.0);
    const ph_flow_system_t system = system_of(&point);
    const double start[] = {0.25};
    double path[TIMES];
    ph_flow_end_t end;
    solve(&system, PH_FLOW_RANDOM, start, path, &end);
    for (size_t k = 0; k < TIMES; k++)
        ck_assert_double_eq_tol(path[k], 1.0 - 0.75 * exp(-(double)EVERY[k]), 1e-11);
    ck_assert(end.stationary && end.sweeps < 40);
    for (int law = PH_FLOW_PERMUTED; law <= PH_FLOW_PARALLEL; law++) {
        solve(&system, (ph_flow_law_t)law, start, path, &end);
        for (size_t k = 1; k < TIMES; k++)
            ck_assert_double_eq_tol(path[k], 1.0, 1e-11);
        ck_assert_double_eq(path[0], 0.25);
    }
}
END_TEST

/* The end of every flow solves F(o) = o, and all orders that start alike end alike here; the start
 * is record 0 as it is. */
START_TEST(test_ends)
{
    const double dilution[] = {0.3, 0.2, 0.35}, noises[] = {0.0, 0.05, 0.2, 0.6};
    for (size_t i = 0; i < 4; i++) {
        double first[CLASSES_PATTERNS];
        for (int law = PH_FLOW_RANDOM; law <= PH_FLOW_PARALLEL; law++) {
            ph_point_t point = network_point(100, 3, dilution, noises[i]);
            point.normalization = PH_NORM_VARIANCE;
            const ph_flow_system_t system = system_of(&point);
            double start[CLASSES_PATTERNS], path[TIMES * CLASSES_PATTERNS], f[CLASSES_PATTERNS];
            ph_flow_end_t end;
            classes_start(&net, start);
            solve(&system, (ph_flow_law_t)law, start, path, &end);
            const double *last = path + (TIMES - 1) * 3;
            classes_map(&net, last, f);
            ck_assert(end.stationary);
            for (size_t a = 0; a < 3; a++) {
                ck_assert_double_eq_tol(f[a], last[a], 1e-11);
                ck_assert_double_eq(path[a], start[a]);
                if (law == PH_FLOW_RANDOM)
                    first[a] = last[a];
                ck_assert_double_eq_tol(last[a], first[a], 1e-10);
            }
        }
    }
}
END_TEST

/* Zero noise, random order, from event to event: exponentials between the times at which a field
 * changes sign. */
static void by_events(const double *start, double until, double *o)
{
    double t = 0.0;
    memcpy(o, start, net.classes.size * sizeof(*o));
    while (t < until) {
        double target[CLASSES_PATTERNS], next = until - t;
        classes_map(&net, o, target);
        for (size_t c = 0; c < net.classes.count; c++) {
            const double h = classes_field(&net, c, o), to = classes_field(&net, c, target);
            if (h * to < 0.0)
                next = fmin(next, log((h - to) / -to) + 1e-10);
        }
        for (size_t a = 0; a < net.classes.size; a++)
            o[a] = target[a] + (o[a] - target[a]) * exp(-next);
        t += next;
    }
}

/* Jumps of F at zero noise cost no accuracy: the flow is that from event to event. */
START_TEST(test_zero_noise)
{
    const double starts[][3] = {
        {0.1, 0.35, 0.2}, {0.05, 0.06, 0.3}, {0.4, 0.22, 0.17}, {0.02, 0.1, 0.07}};
    size_t moved = 0;
    for (double d = 0.1; d < 0.95; d += 0.1)
        for (size_t i = 0; i < 4; i++) {
            ph_point_t point = network_uniform(100, 3, d, 0.0);
            const ph_flow_system_t system = system_of(&point);
            double path[TIMES * 3], f[3], wanted[3];
            ph_flow_end_t end;
            solve(&system, PH_FLOW_RANDOM, starts[i], path, &end);
            for (size_t k = 0; k < TIMES - 1; k++) {
                by_events(starts[i], (double)EVERY[k], wanted);
                for (size_t a = 0; a < 3; a++)
                    ck_assert_double_eq_tol(path[k * 3 + a], wanted[a], 1e-9);
            }
            classes_map(&net, starts[i], f);
            moved += fabs(f[2] - wanted[2]) > 0.01; /* F at the end is not F at the start */
        }
    ck_assert_uint_ge(moved, 4);
}
END_TEST

/* The order that returns to every site after exactly one sweep, in `parts` groups of neurons that
 * are updated one after the other: first order in 1/parts. */
static void by_groups(ph_flow_law_t law, const double *start, size_t parts, size_t sweeps,
                      double *o)
{
    double *kept = calloc(parts * 3, sizeof(*kept)), f[3];
    memcpy(o, start, 3 * sizeof(*o));
    for (size_t j = 0; j < parts; j++)
        memcpy(kept + j * 3, start, 3 * sizeof(*kept));
    for (size_t t = 0; t < sweeps; t++) {
        double now[3];
        memcpy(now, o, sizeof(now));
        for (size_t j = 0; j < parts; j++) {
            double *group = kept + j * 3;
            classes_map(&net, o, f);
            for (size_t a = 0; a < 3; a++) {
                const double old = law == PH_FLOW_PERMUTED ? now[a] : group[a];
                o[a] += (f[a] - old) / (double)parts;
                group[a] = f[a];
            }
        }
    }
    free(kept);
}

/* Permuted and sequential orders are the limit of many groups, extrapolated: an independent route
 * to the delay equation. They differ from each other and from the random order. */
START_TEST(test_orders)
{
    const double start[] = {0.2, 0.15, -0.05};
    ph_point_t point = network_uniform(100, 3, 0.3, 0.2);
    const ph_flow_system_t system = system_of(&point);
    double paths[3][TIMES * 3];
    ph_flow_end_t end;
    solve(&system, PH_FLOW_RANDOM, start, paths[0], &end);
    for (int law = PH_FLOW_PERMUTED; law <= PH_FLOW_SEQUENTIAL; law++) {
        solve(&system, (ph_flow_law_t)law, start, paths[law], &end);
        for (size_t k = 1; k < 8; k++) {
            double once[3], twice[3], four[3];
            const size_t sweeps = (size_t)EVERY[k];
            by_groups((ph_flow_law_t)law, start, 1000, sweeps, once);
            by_groups((ph_flow_law_t)law, start, 2000, sweeps, twice);
            by_groups((ph_flow_law_t)law, start, 4000, sweeps, four);
            for (size_t a = 0; a < 3; a++)
                ck_assert_double_eq_tol(paths[law][k * 3 + a],
                                        (8.0 * four[a] - 6.0 * twice[a] + once[a]) / 3.0, 1e-8);
        }
    }
    ck_assert_double_gt(fabs(paths[1][6] - paths[0][6]), 0.01);
    ck_assert_double_eq_tol(paths[1][3], paths[2][3], 1e-10); /* the first sweep */
    ck_assert_double_gt(fabs(paths[1][6] - paths[2][6]), 1e-4);
}
END_TEST

/* Two stable states: from m0 x (1, x)-like mixtures the flow at zero noise goes to the pattern that
 * is stronger: the boundary of the two hierarchical states is half way; none where both ends are
 * one. */
START_TEST(test_basin)
{
    ph_point_t point = network_uniform(100, 2, 0.3, 0.0);
    const double a[] = {0.7, 0.21}, b[] = {0.21, 0.7}, c[] = {0.5, 0.1};
    double boundary = 0.0;
    for (int law = PH_FLOW_RANDOM; law <= PH_FLOW_PARALLEL; law++) {
        const ph_flow_system_t system = system_of(&point);
        ck_assert_int_eq(ph_flow_basin(&system, (ph_flow_law_t)law, a, b, &boundary, NULL), PH_OK);
        ck_assert_double_eq_tol(boundary, 0.5, 2e-6);
        ck_assert_int_eq(ph_flow_basin(&system, (ph_flow_law_t)law, a, c, &boundary, NULL), PH_OK);
        ck_assert(isnan(boundary));
    }
    const ph_flow_system_t system = system_of(&point);
    net.weights[0] = net.weights[1] = -1.0; /* cycles of length two */
    ck_assert_int_eq(ph_flow_basin(&system, PH_FLOW_PARALLEL, a, b, &boundary, NULL),
                     PH_ERR_NUMERIC);
    ck_assert(isnan(boundary));
}
END_TEST

/* A two-cycle of the parallel dynamics never rests: stopped, with NaN behind it. */
START_TEST(test_cycle)
{
    ph_point_t point = network_uniform(100, 1, 0.0, 0.0);
    const ph_flow_system_t system = system_of(&point);
    const uint64_t times[] = {0, 3, 4, 200000};
    double o[] = {0.5}, path[4];
    ph_flow_end_t end;
    net.weights[0] = -1.0;
    ck_assert_int_eq(ph_flow_solve(&system, PH_FLOW_PARALLEL, o, 4, times, path, &end, NULL),
                     PH_OK);
    ck_assert(path[0] == 0.5 && path[1] == -1.0 && path[2] == 1.0 && isnan(path[3]));
    ck_assert(!end.complete && !end.stationary);
}
END_TEST

/* do_0/dt = 1, do_1/dt = cos(10^9 o_0). */
static int oscillate(void *context, const double *o, double *out)
{
    (void)context;
    out[0] = o[0] + 1.0;
    out[1] = o[1] + cos(1e9 * o[0]);
    return PH_OK;
}

/* A sweep that takes more evaluations than there may be is not counted: no state is handed on. */
START_TEST(test_exhausted)
{
    const ph_flow_system_t system = {2, oscillate, NULL};
    const uint64_t times[] = {0, 1, 2};
    for (int law = PH_FLOW_RANDOM; law <= PH_FLOW_SEQUENTIAL; law++) {
        double o[] = {0.25, 0.5}, path[6];
        ph_flow_end_t end;
        ck_assert_int_eq(ph_flow_solve(&system, (ph_flow_law_t)law, o, 3, times, path, &end, NULL),
                         PH_OK);
        ck_assert(!end.complete && !end.stationary && end.sweeps == 0);
        ck_assert(path[0] == 0.25 && o[0] == 0.25 && o[1] == 0.5);
        ck_assert(isnan(path[2]) && isnan(path[3]) && isnan(path[5]));
    }
}
END_TEST

/* Metropolis is refused with the reason; the laws of the other dynamics. */
START_TEST(test_law)
{
    ph_report_t report;
    ph_flow_end_t end;
    double o[] = {0.5}, path[1];
    const uint64_t time = 0;
    ph_point_t point = network_uniform(100, 1, 0.0, 0.0);
    const ph_flow_system_t system = system_of(&point);
    ph_report_init(&report);
    ck_assert_int_eq(ph_flow_law(&point), PH_FLOW_RANDOM);
    point.order = PH_ORDER_PERMUTED;
    ck_assert_int_eq(ph_flow_law(&point), PH_FLOW_PERMUTED);
    point.order = PH_ORDER_SEQUENTIAL;
    ck_assert_int_eq(ph_flow_law(&point), PH_FLOW_SEQUENTIAL);
    point.sampler = PH_SAMPLER_LITTLE;
    ck_assert_int_eq(ph_flow_law(&point), PH_FLOW_PARALLEL);
    point.sampler = PH_SAMPLER_LUMPED_BLOCK_GIBBS;
    ck_assert_int_eq(ph_flow_law(&point), PH_FLOW_BLOCK);
    point.sampler = PH_SAMPLER_DESCENT;
    ck_assert_int_eq(ph_flow_law(&point), PH_FLOW_SEQUENTIAL);
    point.rule = PH_RULE_SUPERVISED; /* neurons whose examples cancel stay as they are */
    ck_assert_int_eq(ph_flow_law(&point), PH_FLOW_NONE);
    point.rule = PH_RULE_STORAGE;
    point.sampler = PH_SAMPLER_METROPOLIS;
    ck_assert_int_eq(ph_flow_law(&point), PH_FLOW_NONE);
    ck_assert_int_eq(ph_flow_solve(&system, ph_flow_law(&point), o, 1, &time, path, &end, &report),
                     PH_ERR_UNSUPPORTED);
    ck_assert_uint_eq(report.count, 1);
    ph_report_free(&report);
}
END_TEST

/* An example has the overlap r (1 - d) with its archetype, whatever it has with the mean example.
 */
START_TEST(test_example_start)
{
    ph_point_t point = network_learning(PH_RULE_SUPERVISED, 2, 0.2, 0.6, 5, 0.2);
    ph_flow_problem_t problem;
    point.start = PH_START_EXAMPLE;
    ck_assert_int_eq(ph_flow_problem_init(&problem, &point, PH_AVERAGE_AUTO), PH_OK);
    ck_assert_double_eq_tol(problem.start[ph_flow_problem_place(&problem, 0)], 0.6 * 0.8, 1e-14);
    ck_assert_double_gt(problem.start[0], 0.6 * 0.8 + 0.1);
    ph_flow_problem_free(&problem);
}
END_TEST

/* do/dt = 4 o^2: from 1 it is infinite after a quarter of a sweep. */
static int explode(void *context, const double *o, double *out)
{
    (void)context;
    out[0] = o[0] + 4.0 * o[0] * o[0];
    return PH_OK;
}

static int refuse(void *context, const double *o, double *out)
{
    (void)o;
    out[0] = 0.0;
    return *(int *)context;
}

/* What cannot be integrated, or a map that fails, is an error in every order, not a path. */
START_TEST(test_failure)
{
    int reason = PH_ERR_UNSUPPORTED;
    const ph_flow_system_t bad = {1, explode, NULL}, none = {1, refuse, &reason};
    for (int law = PH_FLOW_RANDOM; law <= PH_FLOW_PARALLEL; law++) {
        double o = 1.0, path[TIMES];
        ph_flow_end_t end;
        if (law == PH_FLOW_RANDOM)
            ck_assert_int_eq(
                ph_flow_solve(&bad, (ph_flow_law_t)law, &o, TIMES, EVERY, path, &end, NULL),
                PH_ERR_NUMERIC);
        o = 1.0;
        ck_assert_int_eq(
            ph_flow_solve(&none, (ph_flow_law_t)law, &o, TIMES, EVERY, path, &end, NULL), reason);
    }
}
END_TEST

PH_TEST_MAIN("flow", test_failure, test_example_start, test_one_pattern, test_ends, test_zero_noise,
             test_orders, test_basin, test_cycle, test_exhausted, test_law)
