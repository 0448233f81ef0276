/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/theoryfile.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "tests/testing.h"

static const char GRID[] = "network: { neurons: 60, patterns: [2, 3], dilution: 0.25 }\n"
                           "noise: [0.1, 0.2, 0.5]\n"
                           "dynamics: { sweeps: 20 }\n"
                           "ensemble: { samples: 2 }\n";
static const char LEARNING[] =
    "network: { rule: [storage, unsupervised], neurons: 60, patterns: [2, 3], dilution: 0.25,\n"
    "           examples: 3, quality: 0.5 }\n"
    "noise: 0.1\n"
    "dynamics: { sweeps: 20 }\n"
    "ensemble: { samples: 2 }\n";
static const char OTHER[] = "network: { neurons: 60, patterns: [2, 3], dilution: 0.25 }\n"
                            "noise: [0.1, 0.2, 0.6]\n"
                            "dynamics: { sweeps: 20 }\n"
                            "ensemble: { samples: 2 }\n";

static char path[64];
static ph_grid_t grid;
static ph_report_t report;

static void parse(ph_grid_t *into, const char *text)
{
    ph_grid_init(into);
    ck_assert_int_eq(ph_grid_parse(into, text, "test", 0, NULL, &report), PH_OK);
}

static void begin_with(const char *text)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-theoryfile-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    ph_report_init(&report);
    parse(&grid, text);
}

static void begin(void)
{
    begin_with(GRID);
}

static void end(void)
{
    unlink(path);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

static void fill_state(ph_state_t *state, int64_t patterns, size_t i)
{
    ck_assert_int_eq(ph_state_init(state, patterns, patterns), PH_OK);
    for (int64_t mu = 0; mu < patterns; mu++) {
        state->m[mu] = 1.0 / (double)(i + 2) + (double)mu;
        state->examples[mu] = state->m[mu] + 0.125;
    }
    state->free_energy = -1.0 / (double)(i + 3);
    state->residual = 1e-14 * (double)i;
    state->stability = i == 0 ? (double)NAN : (double)i;
    state->converged = i % 3 != 0;
    state->doubtful = i % 2 != 0;
}

static void make_theory(ph_theory_t *theory, bool samples)
{
    const size_t points = grid.points_count, patterns = (size_t)grid.patterns_max;
    memset(theory, 0, sizeof(*theory));
    theory->grid = &grid;
    theory->population = calloc(points, sizeof(*theory->population));
    ck_assert_ptr_nonnull(theory->population);
    for (size_t p = 0; p < points; p++)
        fill_state(&theory->population[p], grid.points[p].patterns, p);
    if (!samples)
        return;
    theory->sample = calloc(points * 2, sizeof(*theory->sample));
    theory->correction = calloc(points * 2 * patterns, sizeof(*theory->correction));
    ck_assert(theory->sample != NULL && theory->correction != NULL);
    for (size_t i = 0; i < points * 2; i++)
        fill_state(&theory->sample[i], grid.points[i / 2].patterns, i + 10);
    for (size_t i = 0; i < points * 2 * patterns; i++)
        theory->correction[i] = (double)i / 7;
}

static void check_states(const ph_state_t *found, const ph_state_t *wanted, size_t count,
                         bool learning, bool samples)
{
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_eq(found[i].patterns, wanted[i].patterns);
        ck_assert_mem_eq(found[i].m, wanted[i].m, (size_t)wanted[i].patterns * sizeof(double));
        ck_assert_double_eq(found[i].free_energy, wanted[i].free_energy);
        ck_assert_double_eq(found[i].residual, wanted[i].residual);
        ck_assert_mem_eq(&found[i].stability, &wanted[i].stability, sizeof(double));
        ck_assert(found[i].converged == wanted[i].converged);
        /* kept of learning grids only; a sample has no Gaussian limit */
        ck_assert(found[i].doubtful == (wanted[i].doubtful && learning && !samples));
        for (int64_t mu = 0; mu < found[i].patterns; mu++)
            ck_assert_double_eq(found[i].examples[mu], learning ? wanted[i].examples[mu] : 0.0);
    }
}

/* Population and samples come back bit for bit, with fewer patterns at some points and NaN, with
 * and without learning. */
START_TEST(test_round_trip)
{
    for (int i = 0; i < 4; i++) {
        ph_theory_t written, found;
        const bool samples = i % 2 != 0, learning = i >= 2;
        begin_with(learning ? LEARNING : GRID);
        make_theory(&written, samples);
        ck_assert_int_eq(ph_theory_write(&written, path, &report), PH_OK);
        ck_assert_int_eq(ph_theory_read(&found, &grid, path, &report), PH_OK);
        check_states(found.population, written.population, grid.points_count, learning, false);
        ck_assert_uint_eq(found.unconverged, 2);
        ck_assert((found.sample != NULL) == samples);
        if (samples) {
            check_states(found.sample, written.sample, grid.points_count * 2, learning, true);
            ck_assert_mem_eq(found.correction, written.correction,
                             grid.points_count * 2 * 3 * sizeof(double));
        }
        ph_theory_free(&written);
        ph_theory_free(&found);
        end();
    }
}
END_TEST

/* The theory of another grid is PH_ERR_MISMATCH, an absent file PH_ERR_IO; nothing is kept. */
START_TEST(test_refused)
{
    ph_theory_t written, found;
    ph_grid_t other;
    begin();
    parse(&other, OTHER);
    make_theory(&written, false);
    ck_assert_int_eq(ph_theory_write(&written, path, &report), PH_OK);
    ck_assert_int_eq(ph_theory_read(&found, &other, path, &report), PH_ERR_MISMATCH);
    ck_assert_uint_ge(report.count, 2);
    unlink(path);
    ck_assert_int_eq(ph_theory_read(&found, &grid, path, &report), PH_ERR_IO);
    ph_theory_free(&found);
    ph_theory_free(&written);
    ph_grid_free(&other);
    end();
}
END_TEST

PH_TEST_MAIN("theoryfile", test_round_trip, test_refused)
