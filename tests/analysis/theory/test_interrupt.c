/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a flag ends: theory, phase diagram and comparisons of a run, each without a result, and not
 * where it is 0 or nobody has named one. */
#include "analysis/compare/compare.h"
#include "analysis/compare/path.h"
#include "analysis/phase/phase.h"
#include "analysis/theory/theory.h"
#include "base/interrupt.h"
#include "tests/sim/run/smallrun.h"

static const char GRID[] = "network: { neurons: 40, patterns: 1, dilution: [0.1, 0.3] }\n"
                           "noise: [0.2, 0.6]\n"
                           "dynamics: { sweeps: 4, start: hierarchical }\n"
                           "ensemble: { replicas: 2 }\n";

static void all_give(ph_runfile_t *run, int status)
{
    const ph_grid_t *grid = run->base.grid;
    ph_theory_t theory;
    ph_phase_t phase;
    ph_comparison_t averages;
    ph_path_comparison_t paths;
    for (int threads = 1; threads <= 2; threads++) {
        ck_assert_int_eq(
            ph_theory_solve(&theory, grid, 1U << PH_THEORY_MEAN_FIELD, true, threads, NULL),
            status);
        ck_assert_int_eq(ph_phase_solve(&phase, grid, threads, NULL), status);
        if (status == PH_OK) {
            ph_theory_free(&theory);
            ph_phase_free(&phase);
        }
    }
    ck_assert_int_eq(ph_compare(&averages, run, NULL, PH_VIEW_PATTERNS, NULL), status);
    ck_assert_int_eq(ph_compare_paths(&paths, run, NULL), status);
    if (status == PH_OK) {
        ph_comparison_free(&averages);
        ph_path_comparison_free(&paths);
    }
}

START_TEST(test_ended)
{
    char folder[32], path[96];
    volatile sig_atomic_t flag = 0;
    ph_grid_t grid;
    ph_runfile_t run;
    small_folder(folder);
    parse(&grid, GRID);
    ck_assert_int_eq(small_run(&grid, small_path(path, folder, "run.h5"), NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&run, path, NULL), PH_OK);
    ck_assert(!ph_interrupted());
    ph_interrupt_by(&flag);
    all_give(&run, PH_OK);
    flag = SIGTERM;
    ck_assert(ph_interrupted());
    all_give(&run, PH_ERR_INTERRUPTED);
    ph_interrupt_by(NULL);
    all_give(&run, PH_OK);
    ph_runfile_close(&run);
    ph_grid_free(&grid);
    small_remove(folder);
}
END_TEST

PH_TEST_MAIN("interrupt", test_ended)
