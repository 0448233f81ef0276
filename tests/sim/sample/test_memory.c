/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The memory a grid is said to need against the peak the system reports for a run of it. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/sample/plan.h"
#include "sim/sample/run.h"
#include "tests/testing.h"

enum { THREADS = 2 };
static const double ALLOWED = 32.0 * 1048576.0;

static const char *const GRIDS[] = {
    /* the smallest; a large network; many features in both learning rules */
    "network: { neurons: 100, patterns: 1 }\nnoise: 0.4\ndynamics: { sweeps: 5 }\n",
    "network: { neurons: 3000000, patterns: 3, dilution: 0.3 }\nnoise: 0.4\n"
    "dynamics: { sweeps: 1 }\nensemble: { samples: 2, replicas: 8 }\n",
    "network: { rule: supervised, neurons: 200000, patterns: 40, dilution: 0.3, examples: 2 }\n"
    "noise: 0.4\ndynamics: { sweeps: 1 }\nensemble: { samples: 2, replicas: 8 }\n",
    "network: { rule: unsupervised, neurons: 20000, patterns: 4, examples: 400, quality: 0.5 }\n"
    "noise: 0.4\ndynamics: { sweeps: 1 }\nensemble: { samples: 2, replicas: 2 }\n"
    "record: { example_overlaps: 300, flips: true }\n",
    /* trajectories that end inside their last chunks: chunks must not stay in memory */
    "network: { neurons: 10, patterns: 3 }\nnoise: 0.4\ndynamics: { sweeps: 6000 }\n"
    "ensemble: { samples: 8, replicas: 64, lanes: 64 }\nrecord: { loss: true }\n",
};

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

/* What is said is within 10% or 32 MiB of what is used. */
START_TEST(memory_is_as_said)
{
    char folder[] = "/tmp/polyhebb-memory-XXXXXX", path[64];
    ph_grid_t grid;
    ph_report_t report;
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, GRIDS[_i], "grid", 0, NULL, &report), PH_OK);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/run.h5", folder);
    const double said = ph_plan_cost(&grid, THREADS).memory_bytes, peak = peak_of(&grid, path);
    ck_assert_msg(fabs(said - peak) <= fmax(0.1 * peak, ALLOWED),
                  "grid %d: %.1f MiB said, %.1f MiB used", _i, said / 1048576.0, peak / 1048576.0);
    unlink(path);
    snprintf(path, sizeof(path), "%s/run.h5.status", folder);
    unlink(path);
    snprintf(path, sizeof(path), "%s/run.h5.claim", folder);
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0);
    ph_grid_free(&grid);
    ph_report_free(&report);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("memory");
    tcase_set_timeout(tcase, 200);
    tcase_add_loop_test(tcase, memory_is_as_said, 0, sizeof(GRIDS) / sizeof(GRIDS[0]));
    return test_run("memory", tcase);
}
