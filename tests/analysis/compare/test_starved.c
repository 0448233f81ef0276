/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Theory, estimates and comparison of a run without memory enough: that is said, or what comes out
 * is right all the same. */
#include <math.h>
#include <string.h>

#include "analysis/compare/crossing_private.h"
#include "analysis/compare/occupation.h"
#include "analysis/compare/scaling.h"
#include "analysis/compare/table.h"
#include "analysis/estimate/estimates.h"
#include "analysis/estimate/exactmeans.h"
#include "analysis/estimate/quantities.h"
#include "analysis/estimate/reweight.h"
#include "analysis/theory/theoryfile.h"
#include "tests/analysis/network.h"
#include "tests/sim/run/smallrun.h"
#include "tests/starve.h"

static const char STORED[] = "network: { neurons: 30, patterns: 2, dilution: 0.2 }\n"
                             "noise: [0.4, 0.5]\ntheory: { kinds: [mean_field, flow] }\n"
                             "dynamics: { sweeps: 8, start: archetype }\n"
                             "ensemble: { samples: 2, replicas: 8, lanes: 4 }\n";

static char folder[32], path[96], other[96];
static ph_grid_t grid;
static ph_runfile_t run;
static ph_theory_t theory, expected_theory;
static ph_comparison_table_t table, expected_table;
static ph_estimates_t estimates, expected_estimates;
static ph_quantities_t quantities, expected_quantities;
static ph_reweighted_t curves, expected_curves;

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool same_theory(const ph_theory_t *a, const ph_theory_t *b)
{
    bool equal = a->kinds == b->kinds && a->unconverged == b->unconverged;
    for (int kind = 0; kind < PH_THEORY_COUNT; kind++) {
        const ph_theory_dataset_t *own;
        for (size_t i = 0; (own = ph_theory_dataset((ph_theory_kind_t)kind, i)) != NULL; i++)
            for (size_t p = 0; equal && p < grid.points_count; p++) {
                const double *x = ph_theory_values(a, own->name, p);
                const double *y = ph_theory_values(b, own->name, p);
                equal = (x == NULL) == (y == NULL);
                for (size_t v = 0; equal && x != NULL && v < ph_theory_block(&grid, own); v++)
                    equal = same(x[v], y[v]);
            }
    }
    return equal;
}

static int solve(void)
{
    return ph_theory_solve(&theory, &grid, grid.kinds, true, 1, NULL);
}

static int write_theory(void)
{
    return ph_theory_write(&expected_theory, other, NULL);
}

static int read_theory(void)
{
    return ph_theory_read(&theory, &grid, other, NULL);
}

static bool right_theory(void)
{
    return same_theory(&theory, &expected_theory);
}

static void drop_theory(void)
{
    ph_theory_free(&theory);
}

static bool same_rows(const ph_comparison_t *a, const ph_comparison_t *b)
{
    bool equal = a->rows_count == b->rows_count && a->verdict == b->verdict;
    for (size_t r = 0; equal && r < a->rows_count; r++) {
        const ph_comparison_row_t *x = &a->rows[r], *y = &b->rows[r];
        equal = same(x->mc, y->mc) && same(x->error, y->error) && x->reason == y->reason &&
                same(x->sample_theory, y->sample_theory) && same(x->population, y->population) &&
                same(x->deviate, y->deviate) && x->verdict == y->verdict;
    }
    for (size_t p = 0; equal && p < a->points; p++)
        equal = same(a->energies[p].deviate, b->energies[p].deviate) &&
                same(a->advice[p].burn_in, b->advice[p].burn_in);
    return equal;
}

static bool same_paths(const ph_path_comparison_t *a, const ph_path_comparison_t *b)
{
    bool equal = a->rows_count == b->rows_count && a->comparisons == b->comparisons;
    for (size_t r = 0; equal && r < a->rows_count; r++)
        equal = a->rows[r].reason == b->rows[r].reason && same(a->rows[r].mc, b->rows[r].mc) &&
                same(a->rows[r].flow, b->rows[r].flow) && a->rows[r].verdict == b->rows[r].verdict;
    for (size_t p = 0; equal && p < a->points; p++)
        equal = a->splits[p].reason == b->splits[p].reason &&
                a->splits[p].verdict == b->splits[p].verdict &&
                same(a->splits[p].deviation, b->splits[p].deviation);
    return equal;
}

static int make_table(void)
{
    return ph_comparison_table_make(&table, &run, NULL, PH_VIEW_PATTERNS, NULL);
}

static int write_table(void)
{
    return ph_comparison_table_write(&expected_table, other, NULL);
}

static int read_table(void)
{
    return ph_comparison_table_read(&table, &grid, other, NULL);
}

static bool right_table(void)
{
    return same_rows(&table.equilibrium, &expected_table.equilibrium) &&
           same_paths(&table.paths, &expected_table.paths) &&
           table.verdict == expected_table.verdict;
}

static void drop_table(void)
{
    ph_comparison_table_free(&table);
}

static int read_estimates(void)
{
    return ph_estimates_read(&estimates, &run, 1, PH_VIEW_RANKS, NULL);
}

static bool right_estimates(void)
{
    bool equal = estimates.components == expected_estimates.components;
    for (size_t c = 0; equal && c < estimates.components; c++)
        equal = same(estimates.values[c].mean, expected_estimates.values[c].mean) &&
                same(estimates.values[c].error, expected_estimates.values[c].error);
    return equal;
}

static void drop_estimates(void)
{
    ph_estimates_free(&estimates);
}

static int read_quantities(void)
{
    return ph_quantities_read(&quantities, &run, 1, &PH_COMPARE_WELLS, 1, NULL);
}

static bool right_quantities(void)
{
    bool equal = quantities.count == expected_quantities.count;
    for (size_t i = 0; equal && i < quantities.count; i++) {
        const ph_found_t *x = &quantities.found[i], *y = &expected_quantities.found[i];
        equal = strcmp(x->of, y->of) == 0 && same(x->found.value, y->found.value) &&
                same(x->found.error, y->found.error) && same(x->exact, y->exact) &&
                same(x->theory, y->theory) && x->without == y->without;
    }
    return equal;
}

static void drop_quantities(void)
{
    ph_quantities_free(&quantities);
}

static int reweight(void)
{
    static const size_t POINTS[] = {0, 1};
    static const double NOISES[] = {0.4, 0.43, 0.5};
    return ph_reweight(&curves, &run, POINTS, 2, NOISES, 3, 1, NULL);
}

static bool right_curves(void)
{
    bool equal = curves.count == expected_curves.count && curves.width == expected_curves.width;
    for (size_t i = 0; equal && i < curves.count * curves.width; i++)
        equal = same(curves.values[i].found.value, expected_curves.values[i].found.value) &&
                same(curves.values[i].exact, expected_curves.values[i].exact);
    return equal;
}

static void drop_curves(void)
{
    ph_reweighted_free(&curves);
}

static void drop_nothing(void)
{
}

/* What is right: all of it once, with memory. */
static void expect(void)
{
    ck_assert_int_eq(solve(), PH_OK);
    expected_theory = theory;
    ck_assert_int_eq(make_table(), PH_OK);
    expected_table = table;
    ck_assert_int_eq(read_estimates(), PH_OK);
    expected_estimates = estimates;
    ck_assert_int_eq(read_quantities(), PH_OK);
    expected_quantities = quantities;
    ck_assert_int_eq(reweight(), PH_OK);
    expected_curves = curves;
}

static void forget(void)
{
    theory = expected_theory;
    drop_theory();
    table = expected_table;
    drop_table();
    estimates = expected_estimates;
    drop_estimates();
    quantities = expected_quantities;
    drop_quantities();
    curves = expected_curves;
    drop_curves();
}

static void begin(void)
{
    small_folder(folder);
    small_path(path, folder, "run.h5");
    parse(&grid, STORED);
    ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&run, path, NULL), PH_OK);
    expect();
}

static void end(void)
{
    char name[96];
    forget();
    ph_runfile_close(&run);
    ph_grid_free(&grid);
    unlink(path);
    unlink(small_path(name, folder, "run.h5.status"));
    rmdir(folder);
}

/* Theory and comparison, their files, estimates, quantities beside exact sums, and curves. */
START_TEST(test_each)
{
    static const starve_work_t WORKS[] = {
        {"theory", solve, right_theory, drop_theory, 2},
        {"writing theory", write_theory, NULL, drop_nothing, 2},
        {"reading theory", read_theory, right_theory, drop_theory, 4},
        {"comparison", make_table, right_table, drop_table, 3},
        {"writing comparison", write_table, NULL, drop_nothing, 2},
        {"reading comparison", read_table, right_table, drop_table, 4},
        {"estimates", read_estimates, right_estimates, drop_estimates, 30},
        {"quantities", read_quantities, right_quantities, drop_quantities, 4},
        {"curves", reweight, right_curves, drop_curves, 6}};
    begin();
    for (size_t w = 0; w < sizeof(WORKS) / sizeof(WORKS[0]); w++) {
        if (WORKS[w].act == write_theory || WORKS[w].act == write_table)
            small_path(other, folder, WORKS[w].act == write_theory ? "theory.h5" : "table.h5");
        ck_assert_int_ge(starve_each(&WORKS[w]), 15);
        if (WORKS[w].act == read_theory || WORKS[w].act == read_table)
            unlink(other);
    }
    end();
}
END_TEST

/* One parallel step: of its samples in theory, and held against chains and the infinite network. */
START_TEST(test_one_step)
{
    static const starve_work_t WORKS[] = {
        {"theory of a step", solve, right_theory, drop_theory, 100},
        {"comparison of a step", make_table, right_table, drop_table, 300}};
    static const char STEP[] = "network: { neurons: 24, patterns: 2, dilution: 0.2, examples: 3,\n"
                               "  rule: [storage, supervised], quality: 0.6 }\nnoise: 0\n"
                               "theory: { kinds: signal_to_noise }\n"
                               "dynamics: { sweeps: 1, sampler: little, start: archetype }\n"
                               "ensemble: { samples: 4, replicas: 2, lanes: 2 }\n";
    small_folder(folder);
    small_path(path, folder, "run.h5");
    parse(&grid, STEP);
    ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&run, path, NULL), PH_OK);
    ck_assert_int_eq(solve(), PH_OK);
    expected_theory = theory;
    ck_assert_int_eq(make_table(), PH_OK);
    expected_table = table;
    ck_assert(table.paths.rows[2].records == 1 && !isnan(table.paths.rows[2].step_deviate));
    for (size_t w = 0; w < sizeof(WORKS) / sizeof(WORKS[0]); w++)
        ck_assert_int_ge(starve_each(&WORKS[w]), 15);
    theory = expected_theory;
    drop_theory();
    table = expected_table;
    drop_table();
    ph_runfile_close(&run);
    ph_grid_free(&grid);
    unlink(path);
    unlink(small_path(other, folder, "run.h5.status"));
    rmdir(folder);
}
END_TEST

static ph_point_t point;
static ph_flow_classes_t net;
static ph_cloud_t cloud;

static int draw_net(void)
{
    return ph_flow_classes_draw(&net, &point, 5, 0);
}

static bool right_net(void)
{
    return net.classes.count == 5 && net.classes.sites == 200; /* rows up to their sign */
}

static void drop_net(void)
{
    ph_flow_classes_free(&net);
}

static int make_cloud(void)
{
    return ph_cloud_init(&cloud, &point, &net);
}

/* It can be followed. */
static bool right_cloud(void)
{
    double m[2] = {NAN, NAN};
    ph_cloud_follow(&cloud, 0, 0, PH_CLOUD_MOVED, 2, m);
    ph_cloud_settle(&cloud, m);
    return fabs(m[0]) <= 1.0 && fabs(m[1]) <= 1.0;
}

static void drop_cloud(void)
{
    ph_cloud_free(&cloud);
}

static ph_flow_noise_t noise;
static size_t crossing, expected_crossing;

static int cross(void)
{
    static const uint64_t TIME[] = {0, 1, 2};
    return ph_crossing_first(&point, &net, &net.classes, &noise, TIME, 4.5, 16, 1e8, &crossing);
}

static bool right_crossing(void)
{
    return crossing == expected_crossing;
}

static void drop_crossing(void)
{
    crossing = 99;
}

/* Draws with more noise say the same as with all memory. */
static void starve_crossing(void)
{
    static const starve_work_t CROSS = {"crossing", cross, right_crossing, drop_crossing, 100};
    static const uint64_t TIME[] = {0, 1, 2};
    ck_assert_int_eq(
        ph_flow_noise_solve(&noise, &net.classes, ph_flow_law(&point), net.noise, 3, TIME, NULL),
        PH_OK);
    ck_assert_int_eq(cross(), PH_OK);
    expected_crossing = crossing;
    ck_assert_uint_le(crossing, 3);
    drop_crossing();
    ck_assert_int_ge(starve_each(&CROSS), 12);
    ph_flow_noise_free(&noise);
}

static ph_sample_t sample;
static ph_exact_means_t means;

static int sum_exactly(void)
{
    return ph_exact_means(&means, &sample, &point, point.noise);
}

static bool right_sums(void)
{
    return means.there && isnan(means.of[0].absolute) == (point.neurons > 16);
}

static void drop_sums(void)
{
    ph_exact_means_free(&means);
}

/* Exact averages of samples that are integrated, and of those that are enumerated. */
START_TEST(test_exact)
{
    static const starve_work_t EXACT = {"exact", sum_exactly, right_sums, drop_sums, 100};
    static const int64_t NEURONS[] = {18, 8};
    for (size_t i = 0; i < 2; i++) {
        point = network_uniform(NEURONS[i], 1, 0.1, 0.6);
        ck_assert_int_eq(ph_sample_draw(&sample, &point, 5, 0), PH_OK);
        ck_assert_int_ge(starve_each(&EXACT), 5);
        ph_sample_free(&sample);
    }
}
END_TEST

/* Classes of a sample, and its cloud of starts, in every order of updates. */
START_TEST(test_cloud)
{
    static const starve_work_t NET = {"classes", draw_net, right_net, drop_net, 100};
    static const starve_work_t CLOUD = {"cloud", make_cloud, right_cloud, drop_cloud, 100};
    static const ph_order_t ORDERS[] = {PH_ORDER_RANDOM, PH_ORDER_PERMUTED, PH_ORDER_SEQUENTIAL};
    for (size_t i = 0; i < 3; i++) {
        point = network_uniform(200, 2, 0.4, 0.3);
        point.order = ORDERS[i];
        ck_assert_int_ge(starve_each(&NET), 6);
        ck_assert_int_eq(draw_net(), PH_OK);
        ck_assert_int_ge(starve_each(&CLOUD), 11);
        starve_crossing();
        drop_net();
    }
}
END_TEST

static ph_scaling_size_t sizes[3];
static ph_exponent_t exponent;

static int fit_sizes(void)
{
    return ph_scaling_fit(sizes, 3, PH_SCALED_DEVIATION, &exponent);
}

static bool right_exponent(void)
{
    return exponent.reason == PH_SCALING_NONE && fabs(exponent.value - 1.0) < 1e-12;
}

static int make_size(void)
{
    static const double MEANS[] = {0.4, 0.6, 0.8, 0.7}, VARIANCES[] = {1e-4, 1e-4, 1e-4, 1e-4};
    return ph_scaling_size(MEANS, VARIANCES, 4, 0.6, sizes[0].of);
}

static bool right_size(void)
{
    const ph_scaled_t *of = sizes[0].of;
    return fabs(of[PH_SCALED_DEVIATION].value - 0.025) < 1e-12 && of[PH_SCALED_SCATTER].error > 0.0;
}

static void drop_sizes(void)
{
    for (size_t i = 0; i < 3; i++) {
        const double neurons = 100.0 * (double)(i + 1);
        sizes[i] = (ph_scaling_size_t){.neurons = neurons, .samples = 100.0};
        sizes[i].of[PH_SCALED_DEVIATION] = (ph_scaled_t){3.0 / neurons, 1e-4, 10.0};
    }
    exponent = (ph_exponent_t){.reason = PH_SCALING_INSIGNIFICANT};
}

/* Memory that is not there is no exponent that cannot be told. */
START_TEST(test_scaling)
{
    static const starve_work_t FIT = {"exponent", fit_sizes, right_exponent, drop_sizes, 100};
    static const starve_work_t SIZE = {"size", make_size, right_size, drop_sizes, 100};
    drop_sizes();
    ck_assert_int_ge(starve_each(&FIT), 1);
    ck_assert_int_ge(starve_each(&SIZE), 1);
}
END_TEST

static ph_distribution_comparison_t laws;

static int compare_laws(void)
{
    return ph_compare_distributions(&laws, &run, NULL);
}

static bool laws_right(void)
{
    return laws.verdict == PH_VERDICT_AGREE && laws.rows[2].levels > 4;
}

static void drop_laws(void)
{
    ph_distribution_comparison_free(&laws);
}

START_TEST(test_distributions)
{
    static const starve_work_t WORK = {"distributions", compare_laws, laws_right, drop_laws, 20};
    small_folder(folder);
    small_path(path, folder, "run.h5");
    parse(&grid, "network: { neurons: 8, patterns: 2, dilution: 0.3 }\nnoise: [1.3, 1.8]\n"
                 "dynamics: { sampler: glauber, sweeps: 500, burn_in: 200 }\n"
                 "ensemble: { samples: 2, replicas: 16 }\nrecord: { replica_overlap: true }\n");
    ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&run, path, NULL), PH_OK);
    ck_assert_int_ge(starve_each(&WORK), 20);
    ph_runfile_close(&run);
    ph_grid_free(&grid);
    small_remove(folder);
}
END_TEST

PH_TEST_MAIN("compare_starved", test_each, test_one_step, test_exact, test_cloud, test_scaling,
             test_distributions)
