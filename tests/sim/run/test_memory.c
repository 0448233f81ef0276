/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The memory a grid is said to need against the peak the system reports for a run of it. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/run/memory.h"
#include "sim/run/merge.h"
#include "sim/run/plan.h"
#include "sim/run/run.h"
#include "tests/testing.h"

static const double ALLOWED = 32.0 * 1048576.0;

static const struct {
    uint64_t threads;
    const char *text;
} GRIDS[] = {
    /* the smallest; a large network; many examples, whose overlaps are recorded, on two threads
     * that have so many blocks that they work at the same time */
    {1, "network: { neurons: 100, patterns: 1 }\nnoise: 0.4\ndynamics: { sweeps: 5 }\n"},
    {1, "network: { neurons: 2000000, patterns: 3, dilution: 0.3 }\nnoise: 0.4\n"
        "dynamics: { sweeps: 1 }\nensemble: { samples: 1, replicas: 2 }\n"},
    {2, "network: { rule: unsupervised, neurons: 8000, patterns: 4, examples: 400, quality: 0.5 }\n"
        "noise: 0.4\ndynamics: { sweeps: 1 }\nensemble: { samples: 3, replicas: 1 }\n"
        "record: { example_overlaps: 300, flips: true }\n"},
    /* two blocks in step, both there at the same time */
    {1,
     "network: { rule: unsupervised, neurons: 20000, patterns: 4, examples: 400, quality: 0.5 }\n"
     "noise: 0.4\ndynamics: { sweeps: 1 }\nensemble: { samples: 2, replicas: 2 }\n"},
    /* trajectories that end inside their last chunks: chunks must not stay in memory */
    {2, "network: { neurons: 10, patterns: 3 }\nnoise: 0.4\ndynamics: { sweeps: 6000 }\n"
        "ensemble: { samples: 8, replicas: 64, lanes: 64 }\nrecord: { loss: true }\n"},
    /* many points, one of them with many records, so that each has its own times */
    {1,
     "network: { neurons: 10, patterns: 1 }\nnoise: 0.4\ndynamics: { sweeps: [300000, 1, 2, 3, 4, "
     "5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, "
     "29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50] }\n"},
};

/*
 * Every sampler in every rule, and many features, against one network: what samplers take, whatever
 * the program itself does. All are so large that a run takes the most memory while it computes, and
 * of so many sweeps that kernels are set up.
 */
static const struct {
    const char *text;
    int samplers; /* the first so many */
} NETWORKS[] = {
    {"rule: storage, patterns: 3, neurons: 300000", PH_SAMPLER_COUNT},
    {"rule: supervised, patterns: 4, examples: 4, quality: 0.8, neurons: 250000", PH_SAMPLER_COUNT},
    {"rule: unsupervised, patterns: 3, examples: 8, quality: 0.8, neurons: 180000",
     PH_SAMPLER_COUNT},
    {"rule: supervised, patterns: 40, examples: 2, neurons: 100000", 1},
};
/* Glauber and Metropolis count a MiB for kernels that only take small networks. */
static double allowed_own(ph_sampler_id_t sampler)
{
    const bool site = sampler == PH_SAMPLER_GLAUBER || sampler == PH_SAMPLER_METROPOLIS;
    return site ? 2.0 * 1048576.0 : 1.5 * 1048576.0;
}

static int run(const ph_grid_t *grid, const ph_run_options_t *options)
{
    ph_run_summary_t summary;
    ph_report_t report;
    ph_report_init(&report);
    return ph_run(grid, options, &summary, &report);
}

enum { PARTS = 3 };

/* Part k of a run, PARTS: their merge. */
static int run_part(const ph_grid_t *grid, uint32_t k, const char *folder)
{
    char path[PARTS + 1][80];
    const char *paths[PARTS + 1];
    ph_report_t report;
    ph_report_init(&report);
    for (int i = 0; i <= PARTS; i++) {
        snprintf(path[i], sizeof(path[i]), "%s/%d.h5", folder, i);
        paths[i] = path[i];
    }
    if (k == PARTS)
        return ph_run_merge(PARTS, paths, path[PARTS], false, NULL, &report);
    const ph_run_options_t options = {.path = path[k], .threads = 1, .shard = k, .shards = PARTS};
    return run(grid, &options);
}

/* Of a run into a file, or of a part in a folder. */
static double peak_of(const ph_grid_t *grid, uint64_t threads, const char *path, int part)
{
    struct rusage used;
    int status = -1;
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        const ph_run_options_t options = {.path = path, .threads = threads, .shards = 1};
        const int done = part < 0 ? run(grid, &options) : run_part(grid, (uint32_t)part, path);
        _exit(done == PH_OK ? 0 : 1);
    }
    ck_assert_int_gt(child, 0);
    ck_assert_int_eq(wait4(child, &status, 0, &used), child);
    ck_assert_int_eq(status, 0);
    return 1024.0 * (double)used.ru_maxrss;
}

static void parse(ph_grid_t *grid, const char *text)
{
    ph_report_t report;
    ph_report_init(&report);
    ph_grid_init(grid);
    ck_assert_int_eq(ph_grid_parse(grid, text, "grid", 0, NULL, &report), PH_OK);
    ph_report_free(&report);
}

/* What is said and what is used. */
static void measure(const char *text, uint64_t threads, double *said, double *peak)
{
    char folder[] = "/tmp/polyhebb-memory-XXXXXX", path[64];
    ph_grid_t grid;
    parse(&grid, text);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/run.h5", folder);
    *said = ph_plan_cost(&grid, threads).memory_bytes;
    *peak = peak_of(&grid, threads, path, -1);
    unlink(path);
    snprintf(path, sizeof(path), "%s/run.h5.status", folder);
    unlink(path);
    snprintf(path, sizeof(path), "%s/run.h5.claim", folder);
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0);
    ph_grid_free(&grid);
}

/* The same of parts, and of their merge. */
static void measure_merge(const char *text, double *said, double *peak)
{
    char folder[] = "/tmp/polyhebb-memory-XXXXXX", path[80];
    ph_grid_t grid;
    parse(&grid, text);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    *said = ph_memory_merge(&grid);
    for (int part = 0; part <= PARTS; part++)
        *peak = peak_of(&grid, 1, folder, part);
    for (int part = 0; part <= PARTS; part++)
        for (int k = 0; k < 3; k++) {
            const char *ends[] = {"", ".status", ".claim"};
            snprintf(path, sizeof(path), "%s/%d.h5%s", folder, part, ends[k]);
            unlink(path);
        }
    ck_assert_int_eq(rmdir(folder), 0);
    ph_grid_free(&grid);
}

/* Within 10% or `allowed`. */
static void hold(const char *text, double said, double peak, double allowed)
{
    ck_assert_msg(fabs(said - peak) <= fmax(0.1 * peak, allowed),
                  "%s: %.1f MiB said, %.1f MiB used", text, said / 1048576.0, peak / 1048576.0);
}

START_TEST(memory_is_as_said)
{
    double said, peak;
    measure(GRIDS[_i].text, GRIDS[_i].threads, &said, &peak);
    hold(GRIDS[_i].text, said, peak, ALLOWED);
}
END_TEST

/*
 * Points so small that they are gathered, in a run and in a merge: a few, that hold little, and so
 * many that a run gathers what it does at most, against those.
 */
START_TEST(memory_of_small_points)
{
    const char *const few =
        "network: { neurons: 20, patterns: 1 }\nnoise: { from: 0.1, to: 2, steps: 100 }\n"
        "dynamics: { sweeps: 2 }\nensemble: { samples: 1, replicas: 1 }\n";
    const char *const many =
        "network: { neurons: 20, patterns: 3 }\nnoise: { from: 0.1, to: 2, steps: 1500 }\n"
        "dynamics: { sweeps: 2 }\nensemble: { samples: 1, replicas: 4 }\n"
        "record: { loss: true }\n";
    double base_said[2], base_peak[2], said[2], peak[2];
    measure(few, 1, &base_said[0], &base_peak[0]);
    measure_merge(few, &base_said[1], &base_peak[1]);
    measure(many, 1, &said[0], &peak[0]);
    measure_merge(many, &said[1], &peak[1]);
    for (int k = 0; k < 2; k++) {
        hold(few, base_said[k], base_peak[k], 6.0 * 1048576.0);
        hold(many, said[k] - base_said[k], peak[k] - base_peak[k], 5.0 * 1048576.0);
    }
}
END_TEST

static void measure_sampler(const char *network, ph_sampler_id_t sampler, char *text, size_t size,
                            double *said, double *peak)
{
    snprintf(text, size,
             "network: { %s, dilution: 0.3 }\nnoise: %s\n"
             "dynamics: { sampler: %s, sweeps: 3%s }\nensemble: { samples: 1, replicas: 4 }\n",
             network, sampler == PH_SAMPLER_DESCENT ? "0" : "0.4", PH_SAMPLER_WORDS.words[sampler],
             sampler == PH_SAMPLER_REPLICA_EXCHANGE ? ", ladder: [0.4, 0.5, 0.6, 0.7]" : "");
    measure(text, 1, said, peak);
}

START_TEST(memory_of_samplers)
{
    double base_said, base_peak;
    char text[512];
    measure_sampler("patterns: 3, neurons: 250000", PH_SAMPLER_LITTLE, text, sizeof(text),
                    &base_said, &base_peak);
    for (int k = 0; k < NETWORKS[_i].samplers; k++) {
        double said, peak;
        measure_sampler(NETWORKS[_i].text, (ph_sampler_id_t)k, text, sizeof(text), &said, &peak);
        hold(text, said - base_said, peak - base_peak, allowed_own((ph_sampler_id_t)k));
    }
}
END_TEST

PH_TEST_PROGRAM("memory")
{
    TCase *tcase = tcase_create("memory");
    tcase_set_timeout(tcase, 200);
    tcase_add_loop_test(tcase, memory_is_as_said, 0, sizeof(GRIDS) / sizeof(GRIDS[0]));
    tcase_add_test(tcase, memory_of_small_points);
    tcase_add_loop_test(tcase, memory_of_samplers, 0, sizeof(NETWORKS) / sizeof(NETWORKS[0]));
    return test_run("memory", tcase);
}
