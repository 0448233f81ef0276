/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Quantities as papers print them: held against exact laws, whose chains are made here, with errors
 * that cover; and what is said where one cannot be had. */
#include "analysis/estimate/quantities.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "analysis/compare/occupation.h"
#include "analysis/estimate/exactmeans.h"
#include "analysis/estimate/stretches_private.h"
#include "sim/model/moments.h"
#include "sim/model/stream.h"
#include "sim/run/run.h"
#include "tests/analysis/estimate/exactlaw.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

static char path[64];
static ph_grid_t grid;
static ph_report_t report;
static ph_runfile_t run;

static void parse(const char *text, const char *set)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-quantities-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    unlink(path);
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", set != NULL, &set, &report), PH_OK);
}

static void end(void)
{
    static const char *const SIDES[] = {"", ".status", ".claim"};
    char aside[80];
    ph_runfile_close(&run);
    for (size_t i = 0; i < 3; i++) {
        snprintf(aside, sizeof(aside), "%s%s", path, SIDES[i]);
        unlink(aside);
    }
    ph_grid_free(&grid);
    ph_report_free(&report);
}

/* Chains that stay where they are with a probability, else are drawn anew: exactly of the law, tau
 * = (1 + stay)/(1 - stay)/2 for every observable. */
static void fill(ph_segment_t *segment, const law_t *law, double stay, uint32_t number)
{
    const size_t n = (size_t)segment->records, width = (size_t)segment->components;
    for (uint32_t r = 0; r < segment->replicas; r++) {
        ph_stream_t stream;
        ph_stream_init(&stream, ph_stream_key(37, ph_digest_bytes("law", 3)), PH_PURPOSE_TEST,
                       number, r, segment->sample);
        size_t state = draw_state(law, &stream);
        for (size_t k = 0; k < n; k++) {
            for (size_t c = 0; c < width; c++) {
                const double x = c < law->patterns ? law->m[state][c] : law->energy[state];
                if (segment->series != NULL)
                    segment->series[(r * n + k) * width + c] = x;
                if (segment->sums != NULL)
                    ph_moments_add(segment->sums + (r * width + c) * PH_MOMENT_WORDS, k, x);
            }
            if (ph_stream_unit(&stream) >= stay)
                state = draw_state(law, &stream);
        }
    }
}

/* A run of exact chains at every point. */
static void write_exact(double stay)
{
    static law_t law;
    ph_runfile_t file;
    ck_assert_int_eq(ph_runfile_create(&file, path, &grid, &report), PH_OK);
    for (size_t p = 0; p < grid.points_count; p++)
        for (uint32_t s = 0; s < (uint32_t)grid.samples; s++) {
            ph_segment_t segment;
            ph_sample_t sample;
            const ph_point_t *point = &grid.points[p];
            ck_assert_int_eq(ph_sample_draw(&sample, point, grid.seed, s), PH_OK);
            enumerate(&law, &sample, point->noise);
            ck_assert_int_eq(ph_segment_init(&segment, &grid, point, s, 0, (uint32_t)grid.replicas,
                                             0, ph_point_total(point)),
                             PH_OK);
            fill(&segment, &law, stay, (uint32_t)p);
            ck_assert_int_eq(ph_runfile_write(&file, p, &segment, &report), PH_OK);
            ph_segment_free(&segment);
            ph_sample_free(&sample);
        }
    ck_assert_int_eq(ph_runfile_commit(&file, &report), PH_OK);
    ph_runfile_close(&file);
    ck_assert_int_eq(ph_runfile_open(&run, path, &report), PH_OK);
}

static ph_found_t *find(const ph_quantities_t *in, const char *name, const char *of)
{
    for (size_t i = 0; i < in->count; i++)
        if (strcmp(in->found[i].quantity->name, name) == 0 && strcmp(in->found[i].of, of) == 0)
            return &in->found[i];
    ck_abort_msg("no %s of %s", name, of);
    return NULL;
}

static const char *const CHECKED[][2] = {
    {"magnetization_absolute", "1"}, {"magnetization_square", "1"},
    {"magnetization_fourth", "1"},   {"binder", "1"},
    {"susceptibility", "1"},         {"energy", "-"},
    {"specific_heat", "-"}};
enum { CHECKED_COUNT = sizeof(CHECKED) / sizeof(CHECKED[0]) };

/* Points of nearly one noise are as many runs: of each quantity, how many hold the exact value of
 * their samples in value +- t error, at two levels, within 4 standard deviations of the binomial
 * law; and no error is longer than it must be, or both would be covered too often. */
static void check_coverage(const char *text, const char *set, double stay)
{
    static const double LEVELS[] = {0.6827, 0.9545};
    const char *runs_asked = getenv("PH_COVERAGE_RUNS"); /* of the validation suite */
    int covered[CHECKED_COUNT][2] = {{0}};
    char whole[512];
    snprintf(whole, sizeof(whole), "noise: { from: 0.9, to: 0.9001, steps: %s }\n%s",
             runs_asked != NULL ? runs_asked : "150", text);
    parse(whole, set);
    write_exact(stay);
    for (size_t p = 0; p < grid.points_count; p++) {
        ph_quantities_t found;
        ck_assert_int_eq(ph_quantities_read(&found, &run, p, NULL, 1, &report), PH_OK);
        for (size_t q = 0; q < CHECKED_COUNT; q++) {
            const ph_found_t *one = find(&found, CHECKED[q][0], CHECKED[q][1]);
            ck_assert(one->without == PH_WITHOUT_NOTHING && isfinite(one->exact));
            for (size_t l = 0; l < 2; l++)
                covered[q][l] += fabs(one->found.value - one->exact) <=
                                 gsl_cdf_tdist_Pinv(0.5 + 0.5 * LEVELS[l], one->found.freedom) *
                                     one->found.error;
        }
        ph_quantities_free(&found);
    }
    for (size_t q = 0; q < CHECKED_COUNT; q++)
        for (size_t l = 0; l < 2; l++) {
            const double runs = (double)grid.points_count;
            const double width = sqrt(LEVELS[l] * (1.0 - LEVELS[l]) / runs);
            if (runs_asked != NULL)
                printf("%-24s %.4f of the runs within %.4f (%s)\n", CHECKED[q][0],
                       covered[q][l] / runs, LEVELS[l], set);
            ck_assert_msg(fabs(covered[q][l] / runs - LEVELS[l]) <= 4.0 * width,
                          "%s: %.3f of the runs within %.4f (%s)", CHECKED[q][0],
                          covered[q][l] / runs, LEVELS[l], set);
        }
    end();
}

/* One sample: errors between chains; between pieces of two long chains; from running sums. */
START_TEST(test_coverage)
{
    static const char MANY[] = "network: { neurons: 10, patterns: 2, dilution: 0.3 }\n"
                               "dynamics: { sweeps: 59 }\n"
                               "ensemble: { replicas: 24, samples: 1 }\n";
    static const char FEW[] = "network: { neurons: 10, patterns: 2, dilution: 0.3 }\n"
                              "dynamics: { sweeps: 1999 }\n"
                              "ensemble: { replicas: 2, samples: 1 }\n";
    check_coverage(MANY, "record.moments=false", 0.5);
    check_coverage(MANY, "record.trajectory=false", 0.5);
    check_coverage(FEW, "record.moments=false", 0.3);
}
END_TEST

/* Samples that all have the same law (a pattern without blanks): errors between four of them. */
START_TEST(test_coverage_samples)
{
    check_coverage("network: { neurons: 10, patterns: 1, dilution: 0 }\n"
                   "dynamics: { sweeps: 59 }\n"
                   "ensemble: { replicas: 12, samples: 4 }\n",
                   "record.moments=false", 0.5);
}
END_TEST

/* Curie-Weiss by its binomial sum: <m^2>, <m^4>, e, <e^2>. */
static ph_means_t binomial(int64_t n, double noise)
{
    ph_means_t a = {.noise = noise, .neurons = (double)n};
    double z = 0.0, most = 0.5 * (double)n / noise;
    for (int64_t up = 0; up <= n; up++) {
        const double m = 2.0 * (double)up / (double)n - 1.0, e = -0.5 * m * m + 0.5 / (double)n;
        const double weight = exp(lgamma((double)n + 1.0) - lgamma((double)up + 1.0) -
                                  lgamma((double)(n - up) + 1.0) + 0.5 * (double)n * m * m / noise -
                                  most - (double)n * log(2.0));
        z += weight;
        a.absolute += weight * fabs(m);
        a.square += weight * m * m;
        a.fourth += weight * m * m * m * m;
        a.energy += weight * e;
        a.energy_square += weight * e * e;
    }
    double *const sums[] = {&a.absolute, &a.square, &a.fourth, &a.energy, &a.energy_square};
    for (size_t k = 0; k < 5; k++)
        *sums[k] /= z;
    return a;
}

/* Exact sums give the Binder cumulant of Curie-Weiss at every N, from 2/3 below the onset to 0
 * above it, and the specific heat; |m| only where states are enumerated. */
START_TEST(test_exact)
{
    static const double NOISES[] = {0.3, 0.9, 1.0, 2.5};
    static const int64_t SIZES[] = {12, 300};
    for (size_t i = 0; i < 8; i++) {
        ph_sample_t sample;
        ph_exact_means_t found = {0};
        const double noise = NOISES[i % 4];
        const int64_t n = SIZES[i / 4];
        const ph_point_t point = network_uniform(n, 1, 0.0, noise);
        const ph_means_t right = binomial(n, noise);
        ck_assert_int_eq(ph_sample_draw(&sample, &point, 3, 0), PH_OK);
        ck_assert_int_eq(ph_exact_means(&found, &sample, &point, noise), PH_OK);
        ck_assert(found.there && found.stored);
        ck_assert(isnan(found.of[0].m) && isnan(found.of[0].absolute) == (n > 16));
        for (size_t q = 0; ph_quantity(q) != NULL; q++) {
            const ph_quantity_t *quantity = ph_quantity(q);
            if (quantity->made != PH_QUANTITY_MEANS || isnan(quantity->value(&found.of[0])))
                continue;
            ck_assert_double_eq_tol(quantity->value(&found.of[0]), quantity->value(&right), 1e-8);
        }
        const double cumulant = ph_quantity_named("binder")->value(&found.of[0]);
        if (n == 300 && noise == 0.3)
            ck_assert_double_eq_tol(cumulant, 2.0 / 3.0, 5e-5);
        if (n == 300 && noise == 2.5)
            ck_assert_double_eq_tol(cumulant, 0.0, 8e-3);
        ph_exact_means_free(&found);
        ph_sample_free(&sample);
    }
}
END_TEST

/* Integrals that would take long are not made. */
START_TEST(test_exact_work)
{
    for (int64_t k = 2; k <= 3; k++) {
        ph_sample_t sample;
        ph_exact_means_t found = {0};
        const ph_point_t point = network_uniform(10000, k, 0.3, 0.1);
        ck_assert_int_eq(ph_sample_draw(&sample, &point, 3, 0), PH_OK);
        ck_assert_int_eq(ph_exact_means(&found, &sample, &point, 0.1), PH_OK);
        ck_assert_int_eq(found.there, k == 2);
        ph_exact_means_free(&found);
        ph_sample_free(&sample);
    }
}
END_TEST

/* Averages of a normal law, by quadrature. */
START_TEST(test_normal)
{
    static const double LAWS[][2] = {{0.3, 0.04}, {-0.02, 0.5}, {0.0, 0.1}, {0.7, 0.0}};
    for (size_t i = 0; i < 4; i++) {
        const double m = LAWS[i][0], v = LAWS[i][1], spread = sqrt(v);
        double sums[4] = {0.0}, total = 0.0;
        ph_means_t found = {.noise = 1.0, .neurons = 1.0};
        ph_means_normal(&found, m, v, -0.5, 0.25);
        for (int k = -20000; k <= 20000; k++) {
            const double x = m + spread * k / 2000.0, weight = exp(-0.5 * pow(k / 2000.0, 2));
            const double of[] = {x, fabs(x), x * x, x * x * x * x};
            for (size_t q = 0; q < 4; q++)
                sums[q] += weight * of[q];
            total += weight;
        }
        const double given[] = {found.m, found.absolute, found.square, found.fourth};
        for (size_t q = 0; q < 4; q++)
            ck_assert_double_eq_tol(given[q], sums[q] / total, 1e-6);
        ck_assert_double_eq_tol(ph_quantity_named("specific_heat")->value(&found), 0.25, 1e-12);
    }
    ck_assert_ptr_null(ph_quantity_named("no such"));
}
END_TEST

/* Two chains of 2000 records with tau 9.5 are cut into pieces of 20 tau, not into all that are
 * allowed. */
START_TEST(test_pieces)
{
    parse("network: { neurons: 10, patterns: 1 }\nnoise: 1\ndynamics: { sweeps: 1999 }\n"
          "ensemble: { replicas: 2, samples: 1 }\n",
          NULL);
    write_exact(0.9);
    ph_quantities_t found;
    ck_assert_int_eq(ph_quantities_read(&found, &run, 0, NULL, 0, &report), PH_OK);
    const double freedom = find(&found, "energy", "-")->found.freedom;
    ck_assert(freedom > 12.0 && freedom < 26.0);
    ck_assert(isnan(find(&found, "energy", "-")->exact)); /* nobody asked */
    ph_quantities_free(&found);
    end();
}
END_TEST

static size_t groups_of(const char *set)
{
    ph_stretches_t stretches;
    parse("network: { neurons: 20, patterns: 1 }\nnoise: 1\n"
          "dynamics: { sweeps: 10 }\nensemble: { replicas: 64, lanes: 8 }\n",
          set);
    ck_assert_int_eq(ph_stretches_init(&stretches, &grid, &grid.points[0]), PH_OK);
    const size_t groups = stretches.groups;
    ph_stretches_free(&stretches);
    ph_grid_free(&grid);
    ph_report_free(&report);
    return groups;
}

/* Blocks of lanes that share the order of their sites are groups; where they share none, or blocks
 * are fewer than four, chains are; few chains are cut. */
START_TEST(test_groups)
{
    ck_assert_uint_eq(groups_of(NULL), 8);
    ck_assert_uint_eq(groups_of("dynamics.order=sequential"), 64);
    ck_assert_uint_eq(groups_of("dynamics.sampler=block-gibbs"), 64);
    ck_assert_uint_eq(groups_of("ensemble.lanes=1"), 64);
    ck_assert_uint_eq(groups_of("ensemble.lanes=32"), 64);
    ck_assert_uint_eq(groups_of("ensemble.replicas=4"), 4 * 32);
}
END_TEST

static void simulate(const char *text, const char *set)
{
    ph_run_options_t options = {.path = path, .threads = 2};
    ph_run_summary_t summary;
    parse(text, set);
    ck_assert_int_eq(ph_run(&grid, &options, &summary, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&run, path, &report), PH_OK);
}

static ph_quantities_t quantities(size_t point)
{
    ph_quantities_t found;
    ck_assert_int_eq(ph_quantities_read(&found, &run, point, &PH_COMPARE_WELLS, 2, &report), PH_OK);
    return found;
}

static const char BROKEN[] = "network: { neurons: 400, patterns: 1, dilution: 0 }\n"
                             "noise: 0.6\n"
                             "dynamics: { start: random, sweeps: 400, burn_in: 50, sampler: "
                             "glauber }\n"
                             "ensemble: { replicas: 40, lanes: 4 }\n"
                             "record: { loss: true }\n";

/* Chains in both wells of Curie-Weiss: shares add to 1, the susceptibility within wells is that of
 * linear response, and <|m|>, the losses and the specific heat those of the theory; the one of
 * both wells together, from <m>, would be some hundred times as large. */
START_TEST(test_wells)
{
    static const char *const NAMES[][2] = {{"magnetization_absolute", "1"},
                                           {"magnetization_square", "1"},
                                           {"susceptibility", "1"},
                                           {"susceptibility_well", "1"},
                                           {"specific_heat", "-"},
                                           {"energy", "-"},
                                           {"binder", "1"}};
    simulate(BROKEN, NULL);
    ph_quantities_t found = quantities(0);
    const ph_found_t *up = find(&found, "share", "+1"), *down = find(&found, "share", "-1");
    ck_assert_double_eq_tol(up->found.value + down->found.value, 1.0, 1e-12);
    ck_assert(up->found.value > 0.2 && up->found.value < 0.8 && up->found.error > 0.04);
    for (size_t q = 0; q < sizeof(NAMES) / sizeof(NAMES[0]); q++) {
        const ph_found_t *one = find(&found, NAMES[q][0], NAMES[q][1]);
        ck_assert_msg(fabs(one->found.value - one->theory) <=
                          5.0 * one->found.error + 0.04 * fabs(one->theory),
                      "%s: %g +- %g, theory %g", NAMES[q][0], one->found.value, one->found.error,
                      one->theory);
        if (strcmp(NAMES[q][0], "specific_heat") == 0 || strcmp(NAMES[q][0], "energy") == 0)
            ck_assert_double_eq_tol(one->theory, one->exact, 0.02 * fabs(one->exact));
    }
    const ph_found_t *plus = find(&found, "loss_plus", "1"),
                     *minus = find(&found, "loss_minus", "1");
    ck_assert_double_eq_tol(plus->found.value + minus->found.value, 2.0, 1e-12);
    ck_assert_double_eq_tol(plus->theory + minus->theory, 2.0, 1e-12);
    ck_assert_double_eq_tol(find(&found, "effective", "1")->found.value,
                            40.0 * 401.0 / (2.0 * find(&found, "tau", "1")->found.value), 1e-6);
    ck_assert_double_gt(find(&found, "rhat", "1")->found.value, 1.5); /* wells of both signs */
    ph_quantities_free(&found);
    end();
}
END_TEST

/* Running sums and records are one set of numbers, but for what needs both halves of a chain. */
START_TEST(test_kept)
{
    static const char *const SETS[] = {"record.moments=false", "record.trajectory=false"};
    static const char *const NAMES[][2] = {{"magnetization_fourth", "1"}, {"binder", "1"},
                                           {"susceptibility_well", "1"},  {"specific_heat", "-"},
                                           {"loss_minus", "1"},           {"share", "+1"}};
    double values[2][6], errors[2][6];
    for (size_t i = 0; i < 2; i++) {
        simulate(BROKEN, SETS[i]);
        ph_quantities_t found = quantities(0);
        for (size_t q = 0; q < 6; q++) {
            const ph_found_t *one = find(&found, NAMES[q][0], NAMES[q][1]);
            values[i][q] = one->found.value;
            errors[i][q] = one->found.error;
        }
        ck_assert_double_gt(find(&found, "rhat", "1")->found.value, 1.5);
        ph_quantities_free(&found);
        end();
    }
    for (size_t q = 0; q < 6; q++) {
        ck_assert_double_eq_tol(values[0][q], values[1][q], 1e-5 * fabs(values[0][q]));
        ck_assert_double_eq_tol(errors[0][q], errors[1][q], 1e-3 * errors[0][q]);
    }
}
END_TEST

/* What cannot be had says why, and is not a number. */
START_TEST(test_without)
{
    static const struct {
        const char *set, *name, *of;
        ph_without_t without;
    } CASES[] = {
        {"record.trajectory=false", "energy", "-", PH_WITHOUT_NOTHING},
        {"noise=0", "susceptibility", "1", PH_WITHOUT_NOISE},
        {"noise=0", "specific_heat", "-", PH_WITHOUT_NOISE},
        {"noise=0", "tau", "1", PH_WITHOUT_NOISE},
        {"noise=0", "binder", "1", PH_WITHOUT_NOTHING},
        {"dynamics.sampler=little", "specific_heat", "-", PH_WITHOUT_LAW},
        {"dynamics.sampler=little", "binder", "1", PH_WITHOUT_NOTHING},
        {"network.patterns=13", "susceptibility_well", "13", PH_WITHOUT_WELLS},
        {"network.patterns=13", "susceptibility", "13", PH_WITHOUT_NOTHING},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        simulate("network: { neurons: 60, patterns: 1 }\nnoise: 0.8\ndynamics: { sweeps: 40 }\n"
                 "ensemble: { replicas: 8 }\n",
                 CASES[i].set);
        ph_quantities_t found = quantities(0);
        const ph_found_t *one = find(&found, CASES[i].name, CASES[i].of);
        ck_assert_msg(one->without == CASES[i].without, "%s: %s is %s", CASES[i].set, CASES[i].name,
                      ph_without_text(one->without));
        ck_assert_int_eq(isnan(one->found.value), CASES[i].without != PH_WITHOUT_NOTHING);
        ck_assert(i == 0 || isnan(one->exact) || CASES[i].without == PH_WITHOUT_NOTHING);
        ph_quantities_free(&found);
        end();
    }
}
END_TEST

/* A point that keeps neither records nor sums has none of its numbers; one that has not begun is
 * empty. */
START_TEST(test_nothing)
{
    ph_runfile_t file;
    parse("network: { neurons: 60, patterns: 2 }\nnoise: 0.8\ndynamics: { sweeps: 40 }\n", NULL);
    ck_assert_int_eq(ph_runfile_create(&file, path, &grid, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_commit(&file, &report), PH_OK);
    ph_runfile_close(&file);
    ck_assert_int_eq(ph_runfile_open(&run, path, &report), PH_OK);
    ph_quantities_t found = quantities(0);
    for (size_t i = 0; i < found.count; i++)
        ck_assert(isnan(found.found[i].found.value) && found.found[i].without == PH_WITHOUT_CHAINS);
    ph_quantities_free(&found);
    end();
}
END_TEST

PH_TEST_MAIN("quantities", test_coverage, test_coverage_samples, test_exact, test_exact_work,
             test_normal, test_pieces, test_groups, test_wells, test_kept, test_without,
             test_nothing)
