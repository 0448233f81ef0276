/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The memory a grid is said to need against the peak the system reports for a run of it. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/run/plan.h"
#include "sim/run/run.h"
#include "tests/testing.h"

enum { THREADS = 2 };
static const double ALLOWED = 32.0 * 1048576.0;

static const char *const GRIDS[] = {
    /* the smallest; a large network; many features in both learning rules */
    "network: { neurons: 100, patterns: 1 }\nnoise: 0.4\ndynamics: { sweeps: 5 }\n",
    "network: { neurons: 3000000, patterns: 3, dilution: 0.3 }\nnoise: 0.4\n"
    "dynamics: { sweeps: 1 }\nensemble: { samples: 2, replicas: 4 }\n",
    "network: { rule: supervised, neurons: 200000, patterns: 40, dilution: 0.3, examples: 2 }\n"
    "noise: 0.4\ndynamics: { sweeps: 1 }\nensemble: { samples: 2, replicas: 4 }\n",
    "network: { rule: unsupervised, neurons: 20000, patterns: 4, examples: 400, quality: 0.5 }\n"
    "noise: 0.4\ndynamics: { sweeps: 1 }\nensemble: { samples: 2, replicas: 2 }\n"
    "record: { example_overlaps: 300, flips: true }\n",
    /* trajectories that end inside their last chunks: chunks must not stay in memory */
    "network: { neurons: 10, patterns: 3 }\nnoise: 0.4\ndynamics: { sweeps: 6000 }\n"
    "ensemble: { samples: 8, replicas: 64, lanes: 64 }\nrecord: { loss: true }\n",
};

/* Every sampler in every rule, at two sizes of which one is four times the other: what a neuron and
 * a class take, whatever the program itself does. */
static const struct {
    int neurons;
    const char *text;
} NETWORKS[PH_RULE_COUNT] = {
    {100000, "rule: storage, patterns: 3"},
    {75000, "rule: supervised, patterns: 4, examples: 4, quality: 0.8"},
    {40000, "rule: unsupervised, patterns: 3, examples: 8, quality: 0.8"},
};
static const double ALLOWED_OWN = 2.5 * 1048576.0;

static double peak_of(const ph_grid_t *grid, const char *path)
{
    struct rusage used;
    int status = -1;
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        const ph_run_options_t options = {.path = path, .threads = THREADS, .shards = 1};
        ph_run_summary_t summary;
        ph_report_t report;
        ph_report_init(&report);
        _exit(ph_run(grid, &options, &summary, &report) == PH_OK ? 0 : 1);
    }
    ck_assert_int_gt(child, 0);
    ck_assert_int_eq(wait4(child, &status, 0, &used), child);
    ck_assert_int_eq(status, 0);
    return 1024.0 * (double)used.ru_maxrss;
}

/* What is said and what is used. */
static void measure(const char *text, double *said, double *peak)
{
    char folder[] = "/tmp/polyhebb-memory-XXXXXX", path[64];
    ph_grid_t grid;
    ph_report_t report;
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "grid", 0, NULL, &report), PH_OK);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/run.h5", folder);
    *said = ph_plan_cost(&grid, THREADS).memory_bytes;
    *peak = peak_of(&grid, path);
    unlink(path);
    snprintf(path, sizeof(path), "%s/run.h5.status", folder);
    unlink(path);
    snprintf(path, sizeof(path), "%s/run.h5.claim", folder);
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0);
    ph_grid_free(&grid);
    ph_report_free(&report);
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
    measure(GRIDS[_i], &said, &peak);
    hold(GRIDS[_i], said, peak, ALLOWED);
}
END_TEST

START_TEST(memory_of_samplers)
{
    const ph_sampler_id_t sampler = (ph_sampler_id_t)(_i / PH_RULE_COUNT);
    double said[2], peak[2];
    char text[512];
    for (int large = 0; large < 2; large++) {
        snprintf(text, sizeof(text),
                 "network: { %s, neurons: %d, dilution: 0.3 }\nnoise: %s\n"
                 "dynamics: { sampler: %s, sweeps: 1%s }\nensemble: { samples: 2, replicas: 4 }\n",
                 NETWORKS[_i % PH_RULE_COUNT].text,
                 NETWORKS[_i % PH_RULE_COUNT].neurons << 2 * large,
                 sampler == PH_SAMPLER_DESCENT ? "0" : "0.4", PH_SAMPLER_WORDS.words[sampler],
                 sampler == PH_SAMPLER_REPLICA_EXCHANGE ? ", ladder: [0.4, 0.5, 0.6, 0.7]" : "");
        measure(text, &said[large], &peak[large]);
    }
    hold(text, said[1] - said[0], peak[1] - peak[0], ALLOWED_OWN);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("memory");
    tcase_set_timeout(tcase, 200);
    tcase_add_loop_test(tcase, memory_is_as_said, 0, sizeof(GRIDS) / sizeof(GRIDS[0]));
    tcase_add_loop_test(tcase, memory_of_samplers, 0, PH_SAMPLER_COUNT * PH_RULE_COUNT);
    return test_run("memory", tcase);
}
