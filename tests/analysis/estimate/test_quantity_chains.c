/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Quantities that are not averages: shares of wells, autocorrelation times; and that the theory of
 * specific heats is the slope of the mean field's energy. */
#include "analysis/estimate/quantities.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "analysis/meanfield/expansion.h"
#include "sim/model/stream.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

static char path[64];
static ph_grid_t grid;
static ph_report_t report;
static ph_runfile_t run;
static ph_stream_t stream;

static void parse(const char *text, const char *set)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-shares-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    unlink(path);
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", set != NULL, &set, &report), PH_OK);
    ph_stream_init(&stream, ph_stream_key(43, ph_digest_bytes("shares", 6)), PH_PURPOSE_TEST, 0, 0,
                   0);
}

static void end(void)
{
    ph_runfile_close(&run);
    unlink(path);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

static double normal(void)
{
    const double u = 1.0 - ph_stream_unit(&stream), v = ph_stream_unit(&stream);
    return sqrt(-2.0 * log(u)) * cos(2.0 * acos(-1.0) * v);
}

/* A run whose components are AR(1) processes, each of its own memory. */
static void write_run(const double *memory)
{
    ph_runfile_t file;
    ck_assert_int_eq(ph_runfile_create(&file, path, &grid, &report), PH_OK);
    for (size_t p = 0; p < grid.points_count; p++)
        for (uint32_t s = 0; s < (uint32_t)grid.samples; s++) {
            ph_segment_t segment;
            ck_assert_int_eq(ph_segment_init(&segment, &grid, &grid.points[p], s, 0,
                                             (uint32_t)grid.replicas, 0,
                                             ph_point_total(&grid.points[p])),
                             PH_OK);
            const size_t n = (size_t)segment.records, width = (size_t)segment.components;
            for (size_t r = 0; r < (size_t)grid.replicas; r++)
                for (size_t c = 0; c < width; c++) {
                    const double a = memory[c];
                    double x = normal();
                    for (size_t k = 0; k < n; k++) {
                        segment.series[(r * n + k) * width + c] = 0.1 * x;
                        x = a * x + sqrt(1.0 - a * a) * normal();
                    }
                }
            ck_assert_int_eq(ph_runfile_write(&file, p, &segment, &report), PH_OK);
            ph_segment_free(&segment);
        }
    ck_assert_int_eq(ph_runfile_commit(&file, &report), PH_OK);
    ph_runfile_close(&file);
    ck_assert_int_eq(ph_runfile_open(&run, path, &report), PH_OK);
}

static const ph_found_t *find(const ph_quantities_t *in, const char *name, const char *of)
{
    for (size_t i = 0; i < in->count; i++)
        if (strcmp(in->found[i].quantity->name, name) == 0 && strcmp(in->found[i].of, of) == 0)
            return &in->found[i];
    return NULL;
}

static bool covers(const ph_found_t *one, double truth, double level)
{
    return fabs(one->found.value - truth) <=
           gsl_cdf_tdist_Pinv(0.5 + 0.5 * level, one->found.freedom) * one->found.error;
}

/* A finder of wells that draws them: chance of the second of two; or one well a chain. */
static double chance;
static bool everyone_alone;

static int begin_drawn(void **context, const ph_grid_t *of, const ph_point_t *point)
{
    (void)of;
    (void)point;
    *context = NULL;
    return PH_OK;
}

static int find_drawn(void *context, const ph_sample_t *sample, const ph_segment_t *segment,
                      const uint64_t *first, ph_occupation_t *out)
{
    (void)context;
    (void)sample;
    (void)first;
    const size_t wells = everyone_alone ? segment->replicas : 2;
    const int status = ph_occupation_init(out, wells, segment->replicas, 1);
    for (size_t c = 0; everyone_alone && c < segment->replicas; c++) {
        out->of[c] = out->now[c] = (int)c;
        snprintf(out->label[c], PH_WELL_LABEL, "well %zu", c);
    }
    if (everyone_alone)
        return status;
    for (size_t c = 0; c < segment->replicas; c++)
        out->of[c] = out->now[c] = ph_stream_unit(&stream) < chance ? 1 : 0;
    snprintf(out->label[0], PH_WELL_LABEL, "+1");
    snprintf(out->label[1], PH_WELL_LABEL, "-1");
    return status;
}

static void end_drawn(void *context)
{
    (void)context;
}

static const ph_well_finder_t DRAWN = {begin_drawn, find_drawn, end_drawn};

static const char MANY[] = "network: { neurons: 20, patterns: 1 }\n"
                           "noise: { from: 0.9, to: 0.9001, steps: 250 }\n"
                           "dynamics: { sweeps: 3 }\nrecord: { moments: false }\n"
                           "ensemble: { replicas: 24, lanes: 1, samples: 1 }\n";

/* Shares cover as binomial ones do, within what their steps allow, at even chances and at small
 * ones; chains that are all in one well leave doubt. */
START_TEST(test_shares)
{
    static const double CHANCES[] = {0.5, 0.2, 0.03}, MEMORY[2] = {0.0, 0.0};
    for (size_t i = 0; i < 3; i++) {
        int covered[2] = {0, 0};
        double mean = 0.0;
        parse(MANY, NULL);
        write_run(MEMORY);
        chance = CHANCES[i];
        for (size_t p = 0; p < 250; p++) {
            ph_quantities_t found;
            ck_assert_int_eq(ph_quantities_read(&found, &run, p, &DRAWN, 0, &report), PH_OK);
            const ph_found_t *up = find(&found, "share", "+1"), *down = find(&found, "share", "-1");
            ck_assert_double_eq_tol(up->found.value + down->found.value, 1.0, 1e-12);
            ck_assert_double_eq_tol(up->found.error, down->found.error, 1e-12);
            ck_assert(down->found.error > 0.03 && down->found.freedom == 23.0);
            covered[0] += covers(down, chance, 0.6827);
            covered[1] += covers(down, chance, 0.9545);
            mean += down->found.value / 250.0;
            ph_quantities_free(&found);
        }
        ck_assert_double_eq_tol(mean, chance, 4.0 * sqrt(chance * (1.0 - chance) / 6000.0));
        ck_assert_msg(covered[0] > 0.58 * 250 && covered[1] > 0.9 * 250, "%g: %d, %d", chance,
                      covered[0], covered[1]);
        ck_assert(i == 2 || (covered[0] < 0.8 * 250 && covered[1] < 0.99 * 250));
        end();
    }
}
END_TEST

/* One chain is in a well, however many pieces it has: nothing tells how often others would be. A
 * sample without chains in a well that others have counts as 0 there. */
START_TEST(test_few_chains)
{
    static const double MEMORY[2] = {0.0, 0.0};
    ph_quantities_t found;
    parse("network: { neurons: 20, patterns: 1 }\nnoise: 1\ndynamics: { sweeps: 999 }\n"
          "record: { moments: false }\nensemble: { replicas: 1, samples: 1 }\n",
          NULL);
    write_run(MEMORY);
    chance = 0.0;
    ck_assert_int_eq(ph_quantities_read(&found, &run, 0, &DRAWN, 0, &report), PH_OK);
    ck_assert(find(&found, "share", "+1")->found.value == 1.0);
    ck_assert(isnan(find(&found, "share", "+1")->found.error));
    ck_assert(find(&found, "energy", "-")->found.error > 0.0);
    ph_quantities_free(&found);
    end();
}
END_TEST

/* More wells than are told apart are others: all shares add to 1. */
START_TEST(test_many_wells)
{
    static const double MEMORY[2] = {0.0, 0.0};
    ph_quantities_t found;
    double sum = 0.0;
    parse("network: { neurons: 20, patterns: 1 }\nnoise: 1\ndynamics: { sweeps: 3 }\n"
          "record: { moments: false }\nensemble: { replicas: 40, samples: 2 }\n",
          NULL);
    write_run(MEMORY);
    everyone_alone = true;
    ck_assert_int_eq(ph_quantities_read(&found, &run, 0, &DRAWN, 0, &report), PH_OK);
    everyone_alone = false;
    for (size_t i = 0; i < found.count; i++)
        if (strcmp(found.found[i].quantity->name, "share") == 0)
            sum += found.found[i].found.value;
    ck_assert_double_eq_tol(sum, 1.0, 1e-12);
    ck_assert_double_eq_tol(find(&found, "share", "well 30")->found.value, 1.0 / 40.0, 1e-12);
    ck_assert_double_eq_tol(find(&found, "share", "others")->found.value, 9.0 / 40.0, 1e-12);
    ph_quantities_free(&found);
    end();
}
END_TEST

/* tau of m and of the energy: errors cover as often as they say, nearly (they come from the window
 * of the sum, which is cut); effective records are those over 2 tau. */
START_TEST(test_tau)
{
    static const double MEMORY[2] = {0.6, 0.8};
    static const char *const NAMES[][2] = {{"tau", "1"}, {"energy_tau", "-"}};
    int covered[2][2] = {{0}};
    double mean[2] = {0.0, 0.0};
    parse("network: { neurons: 20, patterns: 1 }\nnoise: { from: 0.9, to: 0.9001, steps: 250 }\n"
          "dynamics: { sweeps: 2998, record_every: 2 }\nrecord: { moments: false }\n"
          "ensemble: { replicas: 2, lanes: 1, samples: 1 }\n",
          NULL);
    write_run(MEMORY);
    for (size_t p = 0; p < 250; p++) {
        ph_quantities_t found;
        ck_assert_int_eq(ph_quantities_read(&found, &run, p, NULL, 0, &report), PH_OK);
        for (size_t q = 0; q < 2; q++) {
            const ph_found_t *one = find(&found, NAMES[q][0], NAMES[q][1]);
            const double tau = (1.0 + MEMORY[q]) / (1.0 - MEMORY[q]); /* in sweeps: two a record */
            covered[q][0] += covers(one, tau, 0.6827);
            covered[q][1] += covers(one, tau, 0.9545);
            mean[q] += one->found.value / tau / 250.0;
        }
        ck_assert_double_eq_tol(find(&found, "effective", "1")->found.value,
                                3000.0 * 2.0 / (2.0 * find(&found, "tau", "1")->found.value), 1e-6);
        ck_assert(find(&found, "rhat", "1")->found.value < 1.1);
        ph_quantities_free(&found);
    }
    for (size_t q = 0; q < 2; q++) {
        ck_assert_double_eq_tol(mean[q], 1.0, 0.04);
        ck_assert_msg(covered[q][0] > 0.6 * 250 && covered[q][0] < 0.8 * 250 &&
                          covered[q][1] > 0.89 * 250,
                      "%s: %d, %d", NAMES[q][0], covered[q][0], covered[q][1]);
    }
    end();
}
END_TEST

/* Energy of the mean field of a sample at a noise, and N/T^2 times its variance in a well. */
static double mean_field_energy(const network_sample_t *drawn, double noise, double *heat)
{
    ph_meanfield_t problem = drawn->problem;
    ph_expansion_t expansion;
    ph_state_t state;
    problem.noise = noise;
    network_state(&state, &problem, PH_START_HIERARCHICAL);
    ck_assert(state.converged);
    ck_assert_int_eq(ph_expansion_init(&expansion, &state, &problem, 500, PH_EXPANSION_SECOND),
                     PH_OK);
    const double energy = expansion.energy.limit;
    *heat = 500.0 * expansion.energy.variance / (noise * noise);
    ph_expansion_free(&expansion);
    ph_state_free(&state);
    return energy;
}

/* The variance of the energy in a well is the mean field's specific heat, its slope in T. */
START_TEST(test_heat)
{
    static const double NOISES[] = {0.1, 0.3, 0.45};
    static const double STEP = 1e-4;
    const ph_point_t point = network_uniform(500, 2, 0.3, 0.3);
    network_sample_t drawn;
    network_draw(&drawn, &point, 5, 0);
    for (size_t t = 0; t < 3; t++) {
        double heat, other;
        const double high = mean_field_energy(&drawn, NOISES[t] + STEP, &other);
        const double low = mean_field_energy(&drawn, NOISES[t] - STEP, &other);
        (void)mean_field_energy(&drawn, NOISES[t], &heat);
        ck_assert_double_gt(heat, 1e-3);
        ck_assert_double_eq_tol(heat, (high - low) / (2.0 * STEP), 1e-4 * heat);
    }
    network_drop(&drawn);
}
END_TEST

PH_TEST_MAIN("quantity_chains", test_shares, test_few_chains, test_many_wells, test_tau, test_heat)
