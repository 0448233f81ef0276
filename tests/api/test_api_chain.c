/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chains in memory through the public headers alone: the law of a caller's network by enumeration,
 * the bits of a run, states that are saved, and what is refused. */
#include <math.h>
#include <polyhebb/polyhebb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/testing.h"

enum { NEURONS = 10, PATTERNS = 3, REPLICAS = 64 };

/* Rows of a dilute network; unequal weights make no two states of equal overlap alike. */
static const int8_t ENTRIES[NEURONS][PATTERNS] = {{1, 1, 0},  {1, -1, 1}, {-1, 0, 1}, {1, 1, -1},
                                                  {0, 1, 1},  {-1, 1, 0}, {1, 0, 0},  {-1, -1, 1},
                                                  {0, -1, 1}, {1, 1, 1}};
static const double WEIGHTS[PATTERNS] = {1.0, 0.5, 2.25};

/* m^2 of each pattern, H/N, and m_0 m_1. */
enum { MOMENTS = PATTERNS + 2 };

static void moments_of(const double *m, double energy, double *out)
{
    for (int mu = 0; mu < PATTERNS; mu++)
        out[mu] = m[mu] * m[mu];
    out[PATTERNS] = energy;
    out[PATTERNS + 1] = m[0] * m[1];
}

/* Overlaps and energy from the definition, H = -sum_{i<j} J_ij s_i s_j. */
static void define(const int8_t *spins, const double *weights, double *m, double *energy)
{
    memset(m, 0, PATTERNS * sizeof(*m));
    *energy = 0.0;
    for (int i = 0; i < NEURONS; i++) {
        for (int mu = 0; mu < PATTERNS; mu++)
            m[mu] += (double)ENTRIES[i][mu] * spins[i] / NEURONS;
        for (int j = 0; j < i; j++)
            for (int mu = 0; mu < PATTERNS; mu++)
                *energy -= weights[mu] * ENTRIES[i][mu] * ENTRIES[j][mu] * spins[i] * spins[j] /
                           ((double)NEURONS * NEURONS);
    }
}

/* Averages over exp(-H/T), or over the law of Little's parallel dynamics. */
static void enumerate(double noise, bool little, double *wanted)
{
    double sum = 0.0;
    memset(wanted, 0, MOMENTS * sizeof(*wanted));
    for (int state = 0; state < 1 << NEURONS; state++) {
        int8_t spins[NEURONS];
        double m[PATTERNS], energy, values[MOMENTS], weight = 1.0;
        for (int i = 0; i < NEURONS; i++)
            spins[i] = state >> i & 1 ? 1 : -1;
        define(spins, WEIGHTS, m, &energy);
        for (int i = 0; i < NEURONS && little; i++) {
            double field = 0.0;
            for (int mu = 0; mu < PATTERNS; mu++)
                field += WEIGHTS[mu] * ENTRIES[i][mu] *
                         (m[mu] - (double)ENTRIES[i][mu] * spins[i] / NEURONS);
            weight *= cosh(field / noise);
        }
        if (!little)
            weight = exp(-NEURONS * energy / noise);
        moments_of(m, energy, values);
        sum += weight;
        for (int k = 0; k < MOMENTS; k++)
            wanted[k] += weight * values[k];
    }
    for (int k = 0; k < MOMENTS; k++)
        wanted[k] /= sum;
}

static ph_chain_t *network(const char *sampler, const double *weights, uint32_t replicas)
{
    char word[64];
    const char *const settings[] = {"noise=0.6", word, "dynamics.start=random", "seed=11"};
    ph_report_t *report = ph_report_new();
    ph_chain_t *chain = NULL;
    snprintf(word, sizeof(word), "dynamics.sampler=%s", sampler);
    const int status = ph_chain_new_with_patterns(&chain, NEURONS, PATTERNS, &ENTRIES[0][0],
                                                  weights, 4, settings, replicas, report);
    for (size_t i = 0; i < ph_report_count(report); i++)
        fprintf(stderr, "%s\n", ph_report_text(report, i));
    ck_assert_int_eq(status, PH_OK);
    ph_report_delete(report);
    return chain;
}

/* Replicas are independent: their averages scatter about the exact one. */
START_TEST(law_of_given_patterns)
{
    static const char *const SAMPLERS[] = {"glauber", "block-gibbs", "little"};
    const int sweeps = 500;
    for (size_t s = 0; s < sizeof(SAMPLERS) / sizeof(SAMPLERS[0]); s++) {
        double wanted[MOMENTS], sum[REPLICAS][MOMENTS] = {{0}}, m[REPLICAS][PATTERNS],
                                energies[REPLICAS];
        ph_chain_t *chain = network(SAMPLERS[s], WEIGHTS, REPLICAS);
        ck_assert_str_eq(ph_chain_sampler(chain), SAMPLERS[s]);
        enumerate(0.6, strcmp(SAMPLERS[s], "little") == 0, wanted);
        ck_assert_int_eq(ph_chain_sweep(chain, 50, NULL), PH_OK);
        for (int t = 0; t < sweeps; t++) {
            ck_assert_int_eq(ph_chain_sweep(chain, 1, NULL), PH_OK);
            ph_chain_overlaps(chain, &m[0][0]);
            ph_chain_energies(chain, energies);
            for (int r = 0; r < REPLICAS; r++) {
                double values[MOMENTS];
                moments_of(m[r], energies[r], values);
                for (int k = 0; k < MOMENTS; k++)
                    sum[r][k] += values[k] / sweeps;
            }
        }
        ph_chain_delete(chain);
        for (int k = 0; k < MOMENTS; k++) {
            double mean = 0.0, square = 0.0;
            for (int r = 0; r < REPLICAS; r++)
                mean += sum[r][k] / REPLICAS;
            for (int r = 0; r < REPLICAS; r++)
                square += (sum[r][k] - mean) * (sum[r][k] - mean);
            const double error = sqrt(square / (REPLICAS - 1) / REPLICAS);
            ck_assert_msg(fabs(mean - wanted[k]) < 4.5 * error && error < 0.02,
                          "%s, moment %d: %g +- %g, exactly %g", SAMPLERS[s], k, mean, error,
                          wanted[k]);
        }
    }
}
END_TEST

/* Overlaps and energy are those of the spins by definition, with weights and without. */
START_TEST(definitions)
{
    static const double ONES[PATTERNS] = {1.0, 1.0, 1.0};
    for (int weighted = 0; weighted < 2; weighted++) {
        int8_t spins[REPLICAS][NEURONS], entries[NEURONS][PATTERNS];
        double m[REPLICAS][PATTERNS], energies[REPLICAS];
        ph_chain_t *chain = network("glauber", weighted ? WEIGHTS : NULL, REPLICAS);
        ck_assert_int_eq(ph_chain_sweep(chain, 3, NULL), PH_OK);
        ph_chain_overlaps(chain, &m[0][0]);
        ph_chain_energies(chain, energies);
        ph_chain_spins(chain, &spins[0][0]);
        ph_chain_entries(chain, &entries[0][0]);
        ck_assert_int_eq(memcmp(entries, ENTRIES, sizeof(entries)), 0);
        ck_assert_uint_eq(ph_chain_time(chain), 3);
        for (int r = 0; r < REPLICAS; r++) {
            double wanted[PATTERNS], energy;
            define(spins[r], weighted ? WEIGHTS : ONES, wanted, &energy);
            ck_assert_double_eq_tol(energies[r], energy, 1e-14);
            for (int mu = 0; mu < PATTERNS; mu++)
                ck_assert_double_eq_tol(m[r][mu], wanted[mu], 1e-14);
        }
        ph_chain_delete(chain);
    }
}
END_TEST

/* The path is a function of patterns, weights, settings and replica. */
START_TEST(path_of_given_patterns)
{
    int8_t spins[4][8 * NEURONS];
    ph_chain_t *chains[4] = {network("glauber", WEIGHTS, 8), network("glauber", WEIGHTS, 40),
                             network("glauber", NULL, 8), network("glauber", WEIGHTS, 8)};
    int8_t *all = malloc(40 * NEURONS);
    for (int c = 0; c < 4; c++) {
        ck_assert_int_eq(ph_chain_sweep(chains[c], 7, NULL), PH_OK);
        ph_chain_spins(chains[c], all);
        memcpy(spins[c], all, sizeof(spins[c]));
    }
    ck_assert_int_eq(memcmp(spins[0], spins[1], sizeof(spins[0])), 0);
    ck_assert_int_ne(memcmp(spins[0], spins[2], sizeof(spins[0])), 0);
    /* started again it is the same; from a state of one's own, and from what was saved, it goes on
     */
    void *state = malloc(ph_chain_state_size(chains[3]));
    ck_assert_int_eq(ph_chain_start(chains[3], NULL), PH_OK);
    ck_assert_uint_eq(ph_chain_time(chains[3]), 0);
    ck_assert_int_eq(ph_chain_sweep(chains[3], 4, NULL), PH_OK);
    ph_chain_save(chains[3], state);
    ck_assert_int_eq(ph_chain_load(chains[3], state, 4, NULL), PH_OK);
    ck_assert_int_eq(ph_chain_sweep(chains[3], 3, NULL), PH_OK);
    ph_chain_spins(chains[3], spins[3]);
    ck_assert_int_eq(memcmp(spins[0], spins[3], sizeof(spins[0])), 0);
    ck_assert_int_eq(ph_chain_load(chains[0], state, 4, NULL), PH_OK);
    ck_assert_int_eq(ph_chain_sweep(chains[0], 3, NULL), PH_OK);
    ph_chain_spins(chains[0], spins[0]);
    ck_assert_int_eq(memcmp(spins[0], spins[3], sizeof(spins[0])), 0);
    ck_assert_int_eq(ph_chain_start_from(chains[2], spins[0], NULL), PH_OK);
    ph_chain_spins(chains[2], spins[2]);
    ck_assert_uint_eq(ph_chain_time(chains[2]), 0);
    ck_assert_int_eq(memcmp(spins[0], spins[2], sizeof(spins[0])), 0);
    spins[0][3] = 0;
    ck_assert_int_eq(ph_chain_start_from(chains[2], spins[0], NULL), PH_ERR_INPUT);
    for (int c = 0; c < 4; c++)
        ph_chain_delete(chains[c]);
    free(state);
    free(all);
}
END_TEST

/* Blocks swept by several threads have the path of one. */
START_TEST(shared_sweeps)
{
    enum { SWEEPS = 4000, CHAINS = 64 };
    ph_chain_t *shared = network("glauber", WEIGHTS, CHAINS),
               *alone = network("glauber", WEIGHTS, CHAINS);
    int8_t spins[2][CHAINS * NEURONS];
    ck_assert_int_eq(ph_chain_sweep(shared, SWEEPS, NULL), PH_OK); /* 2.6e6 updates */
    for (int t = 0; t < SWEEPS; t++)
        ck_assert_int_eq(ph_chain_sweep(alone, 1, NULL), PH_OK);
    ph_chain_spins(shared, spins[0]);
    ph_chain_spins(alone, spins[1]);
    ck_assert_mem_eq(spins[0], spins[1], sizeof(spins[0]));
    ph_chain_delete(shared);
    ph_chain_delete(alone);
}
END_TEST

/* What is of a sweep is of none after states were loaded or the start was taken again. */
START_TEST(records_of_a_sweep)
{
    const char *const settings[] = {"network.neurons=200", "network.patterns=2",
                                    "noise=0.5",           "dynamics.sweeps=9",
                                    "record.flips=true",   "record.acceptance=true"};
    static const char *const NAMES[] = {"flips", "acceptance"};
    ph_grid_t *grid;
    ph_chain_t *chain;
    double value;
    ck_assert_int_eq(ph_grid_new(&grid, NULL, 6, settings, NULL), PH_OK);
    ck_assert_int_eq(ph_chain_new(&chain, grid, 0, 0, 0, 1, NULL), PH_OK);
    void *state = malloc(ph_chain_state_size(chain));
    ck_assert_int_eq(ph_chain_sweep(chain, 4, NULL), PH_OK);
    ph_chain_save(chain, state);
    for (int k = 0; k < 4; k++) {
        ck_assert_int_eq(ph_chain_sweep(chain, 3, NULL), PH_OK);
        ck_assert_int_eq(ph_chain_observable(chain, NAMES[k % 2], &value, NULL), PH_OK);
        ck_assert_double_gt(value, 0.0);
        ck_assert_int_eq(k < 2 ? ph_chain_load(chain, state, 4, NULL) : ph_chain_start(chain, NULL),
                         PH_OK);
        ck_assert_int_eq(ph_chain_observable(chain, NAMES[k % 2], &value, NULL), PH_OK);
        ck_assert_double_eq(value, 0.0);
    }
    free(state);
    ph_chain_delete(chain);
    ph_grid_delete(grid);
}
END_TEST

/* All that the file has of a chain is what the chain in memory says at the same time. */
static void compare_chain(ph_runfile_t *run, const ph_grid_t *grid, size_t point, uint32_t sample,
                          ph_chain_t *chain, uint32_t first)
{
    enum { SWEEPS = 9, EVERY = 3, BURN_IN = 2 };
    const uint32_t replicas = ph_chain_replicas(chain);
    const size_t components = ph_runfile_components(run, point),
                 neurons = (size_t)ph_grid_neurons(grid, point),
                 patterns = (size_t)ph_grid_patterns(grid, point);
    const size_t records = (size_t)ph_grid_records(grid, point);
    double *file = calloc(records * components, sizeof(double)),
           *m = calloc(replicas * patterns, sizeof(double)), *e = calloc(replicas, sizeof(double)),
           *flips = calloc(replicas, sizeof(double));
    int8_t *spins = calloc(replicas, neurons), *last = calloc(neurons, 1);
    ck_assert_uint_eq(ph_runfile_records(run, point, sample, first), records);
    for (size_t k = 0; k < records; k++) {
        ck_assert_int_eq(ph_chain_sweep(chain, k == 0 ? BURN_IN : EVERY, NULL), PH_OK);
        ph_chain_overlaps(chain, m);
        ph_chain_energies(chain, e);
        ck_assert_int_eq(ph_chain_observable(chain, "flips", flips, NULL), PH_OK);
        for (uint32_t r = 0; r < replicas; r++) {
            ck_assert_int_eq(ph_runfile_trajectory(run, point, sample, first + r, file, NULL),
                             PH_OK);
            const double *row = file + k * components;
            for (size_t mu = 0; mu < patterns; mu++) /* stored as 32 bits */
                ck_assert(row[mu] == (double)(float)m[r * patterns + mu]);
            ck_assert(row[patterns] == e[r]);
            ck_assert(row[patterns + 1] == flips[r]);
        }
    }
    ph_chain_spins(chain, spins);
    for (uint32_t r = 0; r < replicas; r++) {
        ck_assert_int_eq(ph_runfile_spins(run, point, sample, first + r, last, NULL), PH_OK);
        ck_assert_int_eq(memcmp(last, spins + r * neurons, neurons), 0);
    }
    free(file);
    free(m);
    free(e);
    free(flips);
    free(spins);
    free(last);
}

/* Rules, samplers, a schedule; replicas that begin and end within blocks. */
START_TEST(bits_of_a_run)
{
    static const char GRID[] =
        "network: { rule: [storage, unsupervised], neurons: 70, patterns: 2, dilution: 0.2,\n"
        "           examples: 3, quality: 0.8 }\nnoise: 0.4\n"
        "dynamics: { sampler: [glauber, block-gibbs], sweeps: 9, burn_in: 2,\n"
        "            record_every: 3, schedule_from: 2, schedule_sweeps: 2 }\n"
        "ensemble: { samples: 2, replicas: 11, lanes: 4 }\nrecord: { flips: true }\n";
    char path[64];
    ph_grid_t *grid;
    ph_runfile_t *run;
    ph_report_t *report = ph_report_new();
    snprintf(path, sizeof(path), "/tmp/polyhebb-api-%ld.h5", (long)getpid());
    if (ph_grid_new(&grid, GRID, 0, NULL, report) != PH_OK)
        ck_abort_msg("%s", ph_report_text(report, 0));
    ck_assert_int_eq(ph_simulate(grid, path, NULL, report), PH_OK);
    ck_assert_int_eq(ph_runfile_new(&run, path, report), PH_OK);
    ck_assert_uint_eq(ph_grid_points(grid), 4);
    for (size_t p = 0; p < ph_grid_points(grid); p++) {
        static const uint32_t FIRST[] = {0, 5}, REPLICAS_OF[] = {11, 5};
        for (int c = 0; c < 2; c++) {
            ph_chain_t *chain;
            ck_assert_int_eq(ph_chain_new(&chain, grid, p, 1, FIRST[c], REPLICAS_OF[c], report),
                             PH_OK);
            compare_chain(run, grid, p, 1, chain, FIRST[c]);
            ph_chain_delete(chain);
        }
    }
    ph_runfile_delete(run);
    ph_grid_delete(grid);
    ph_report_delete(report);
    unlink(path);
    snprintf(path, sizeof(path), "/tmp/polyhebb-api-%ld.h5.status", (long)getpid());
    unlink(path);
}
END_TEST

/* What cannot be is refused, says why, and leaves no chain. */
START_TEST(refused)
{
    const int8_t wrong[4] = {1, 2, 0, 1}, right[4] = {1, -1, 0, 1};
    const double negative[2] = {1.0, -0.5}, none[2] = {1.0, NAN};
    const char *const plain[] = {"noise=0.2", "seed=5"};
    const char *const many[] = {"noise=[0.2, 0.3]", "seed=5"};
    const char *const learns[] = {"noise=0.2", "network.rule=supervised", "network.examples=3",
                                  "network.quality=0.5", "seed=5"};
    ph_chain_t *chain = (ph_chain_t *)(void *)&wrong;
    ph_report_t *report = ph_report_new();
    const struct {
        int64_t neurons, patterns;
        const int8_t *entries;
        const double *weights;
        size_t count;
        const char *const *settings;
        uint32_t replicas;
    } cases[] = {{2, 2, wrong, NULL, 2, plain, 1},  {2, 2, right, negative, 2, plain, 1},
                 {2, 2, right, none, 2, plain, 1},  {2, 2, right, NULL, 2, many, 1},
                 {2, 2, right, NULL, 5, learns, 1}, {2, 2, right, NULL, 2, plain, 0},
                 {0, 2, right, NULL, 2, plain, 1},  {2, 4097, right, NULL, 2, plain, 1},
                 {2, -1, right, NULL, 2, plain, 1}};
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        ph_report_clear(report);
        ck_assert_int_eq(ph_chain_new_with_patterns(&chain, cases[k].neurons, cases[k].patterns,
                                                    cases[k].entries, cases[k].weights,
                                                    cases[k].count, cases[k].settings,
                                                    cases[k].replicas, report),
                         PH_ERR_INPUT);
        ck_assert_ptr_null(chain);
        ck_assert_uint_eq(ph_report_count(report), 1);
        ck_assert_int_eq(ph_report_status(report, 0), PH_ERR_INPUT);
    }
    ck_assert_int_eq(
        ph_chain_new_with_patterns(&chain, 1 << 21, 4096, right, NULL, 2, plain, 1, report),
        PH_ERR_LIMIT);
    ck_assert_int_eq(ph_chain_new_with_patterns(&chain, 2, 2, right, NULL, 2, plain, 1, report),
                     PH_OK);
    ck_assert_uint_eq(ph_chain_observable_size(chain, "magnetization"), 2);
    ck_assert_uint_eq(ph_chain_observable_size(chain, "loss"), 0);
    ck_assert_int_eq(ph_chain_observable(chain, "loss", NULL, report), PH_ERR_INPUT);
    ph_chain_delete(chain);
    ph_chain_delete(NULL);
    ph_report_delete(report);
}
END_TEST

/* A list of targets is of so many replicas, and of no more. */
START_TEST(replicas_without_target)
{
    char cues[64], path[64];
    ph_grid_t *grid;
    ph_chain_t *chain;
    double overlap;
    ph_report_t *report = ph_report_new();
    snprintf(cues, sizeof(cues), "/tmp/polyhebb-cues-%ld.txt", (long)getpid());
    snprintf(path, sizeof(path), "/tmp/polyhebb-cues-%ld.yaml", (long)getpid());
    FILE *out = fopen(cues, "w");
    ck_assert(out != NULL && fputs("1 -1 1 1\n", out) >= 0 && fclose(out) == 0);
    out = fopen(path, "w");
    ck_assert_ptr_nonnull(out);
    fprintf(out,
            "network: { neurons: 4, patterns: 3 }\nnoise: 0.5\n"
            "dynamics: { sweeps: 1, start: { kind: file, file: %s, targets: [3, 2] } }\n"
            "ensemble: { replicas: 2 }\nrecord: { recall: { threshold: 0.9 } }\n",
            cues);
    ck_assert_int_eq(fclose(out), 0);
    ck_assert_int_eq(ph_grid_new_from_file(&grid, path, 0, NULL, report), PH_OK);
    ck_assert_int_eq(ph_chain_new(&chain, grid, 0, 0, 1, 2, report), PH_ERR_INPUT);
    ck_assert_ptr_null(chain);
    ck_assert_str_eq(ph_report_text(report, 0),
                     "2 replicas from 1 on, but dynamics.start_targets has patterns for 2");
    ck_assert_int_eq(ph_chain_new(&chain, grid, 0, 0, 1, 1, report), PH_OK);
    ck_assert_int_eq(ph_chain_observable(chain, "recall_overlap", &overlap, report), PH_OK);
    ph_chain_delete(chain);
    ph_grid_delete(grid);
    ph_report_delete(report);
    unlink(cues);
    unlink(path);
}
END_TEST

/* Numbers of a grid's chains. */
START_TEST(numbers)
{
    const char *const settings[] = {"network.neurons=20", "network.patterns=1", "noise=0.3",
                                    "dynamics.sweeps=1"};
    const char *const following[] = {"network.neurons=20", "network.patterns=1", "noise=[0.3, 0.4]",
                                     "dynamics.sweeps=1", "dynamics.follow=noise"};
    ph_grid_t *grid;
    ph_chain_t *chain;
    ck_assert_int_eq(ph_grid_new(&grid, NULL, 5, following, NULL), PH_OK);
    ck_assert_int_eq(ph_chain_new(&chain, grid, 1, 0, 0, 1, NULL), PH_ERR_UNSUPPORTED);
    ck_assert_int_eq(ph_chain_new(&chain, grid, 0, 0, 0, 1, NULL), PH_OK);
    ph_chain_delete(chain);
    ph_grid_delete(grid);
    ck_assert_int_eq(ph_grid_new(&grid, NULL, 4, settings, NULL), PH_OK);
    ck_assert_int_eq(ph_chain_new(&chain, grid, 1, 0, 0, 1, NULL), PH_ERR_INPUT);
    ck_assert_int_eq(ph_chain_new(&chain, grid, 0, 0, 0, 0, NULL), PH_ERR_INPUT);
    ck_assert_int_eq(ph_chain_new(&chain, grid, 0, UINT32_MAX, 0, 1, NULL), PH_ERR_INPUT);
    ck_assert_int_eq(ph_chain_new(&chain, grid, 0, 0, UINT32_MAX, 2, NULL), PH_ERR_INPUT);
    ck_assert_int_eq(ph_chain_new(&chain, grid, 0, 5, 1000000, 2, NULL), PH_OK);
    ck_assert_int_eq(ph_chain_neurons(chain), 20);
    ck_assert_int_eq(ph_chain_patterns(chain), 1);
    ph_chain_delete(chain);
    ph_grid_delete(grid);
}
END_TEST

PH_TEST_MAIN("api_chain", law_of_given_patterns, definitions, path_of_given_patterns, shared_sweeps,
             records_of_a_sweep, bits_of_a_run, refused, replicas_without_target, numbers)
