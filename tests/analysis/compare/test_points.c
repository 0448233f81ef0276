/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Points over threads: the same numbers on any, and of failures the first. */
#include "analysis/compare/points.h"

#include <math.h>
#include <omp.h>

#include "analysis/compare/compare.h"
#include "analysis/compare/path.h"
#include "base/machine.h"
#include "tests/sim/run/smallrun.h"

static const char GRID[] = "network: { neurons: 60, patterns: 3, dilution: [0.1, 0.3] }\n"
                           "noise: [0.1, 0.3, 0.5]\n"
                           "dynamics: { sweeps: 16, start: hierarchical }\n"
                           "ensemble: { samples: 3, replicas: 4 }\n";

enum { POINTS = 40, FIRST = 7, LATER = 11 };

/* The first that fails waits for a later one to be begun, which ends before it or `after` it. */
typedef struct {
    int done[POINTS], begun;
    bool fails, after;
} task_t;

static int count(void *task, size_t point, ph_report_t *said)
{
    task_t *self = task;
    int begun = 0;
    self->done[point]++;
    if (self->fails && point == LATER) {
#pragma omp atomic write
        self->begun = 1;
        usleep(self->after ? 20000 : 0);
    }
    for (int k = 0; self->fails && point == FIRST && omp_get_num_threads() > 1 && k < 1000; k++) {
#pragma omp atomic read
        begun = self->begun;
        if (begun != 0)
            break;
        usleep(1000);
    }
    usleep(self->fails && point == FIRST && !self->after ? 20000 : 0);
    if (self->fails && (point == FIRST || point >= LATER))
        return ph_fail(said, point == FIRST ? PH_ERR_LIMIT : PH_ERR_NUMERIC, "point %zu", point);
    return PH_OK;
}

static int count_threads(void *task, size_t point, ph_report_t *said)
{
    int *most = task;
    (void)point;
    (void)said;
#pragma omp critical(most)
    *most = omp_get_num_threads() > *most ? omp_get_num_threads() : *most;
    return PH_OK;
}

/* As many threads as what each of them takes has room for, one where that is too much. */
START_TEST(test_room)
{
    const int may = (int)ph_machine_threads(0).value;
    const double bytes[] = {0.0, PH_COMPARE_BYTES_MAX / 2.0, 0.6 * PH_COMPARE_BYTES_MAX, 1e15};
    const int wanted[] = {may, may < 2 ? may : 2, 1, 1};
    for (int k = 0; k < 4; k++) {
        int most = 0;
        ck_assert_int_eq(ph_compare_points(POINTS, bytes[k], count_threads, &most, NULL), PH_OK);
        ck_assert_int_eq(most, wanted[k]);
    }
    ph_grid_t grid;
    parse(&grid, GRID);
    ck_assert_double_eq(ph_compare_sample_bytes(&grid), 3.0 * 8.0 * 4.0 * 17.0 * 4.0 + 1048576.0);
    ph_grid_free(&grid);
}
END_TEST

/* Every point once; of points that fail the first, whichever ended first, and none after that was
 * known. */
START_TEST(test_points)
{
    const int most = omp_get_max_threads();
    for (int threads = 1; threads <= 4; threads++) {
        task_t task = {.fails = false};
        ph_report_t said;
        ph_report_init(&said);
        omp_set_num_threads(threads);
        ck_assert_int_eq(ph_compare_points(POINTS, 0.0, count, &task, &said), PH_OK);
        for (int p = 0; p < POINTS; p++)
            ck_assert_int_eq(task.done[p], 1);
        ck_assert_uint_eq(said.count, 0);
        for (int after = 0; after < 2; after++) {
            task = (task_t){.fails = true, .after = after == 1};
            ck_assert_int_eq(ph_compare_points(POINTS, 0.0, count, &task, &said), PH_ERR_LIMIT);
            ck_assert_uint_eq(said.count, 1);
            ck_assert_str_eq(said.messages[0].text, "point 7");
            for (int p = 0; p <= FIRST; p++)
                ck_assert_int_eq(task.done[p], 1);
            ck_assert_int_eq(task.done[POINTS - 1], 0);
            ph_report_free(&said);
        }
    }
    omp_set_num_threads(most);
}
END_TEST

static void same(double a, double b)
{
    ck_assert(a == b || (isnan(a) && isnan(b)));
}

/* Averages and paths are the same, to the bit, whatever thread did a point. */
START_TEST(test_threads)
{
    char folder[32], path[96];
    ph_grid_t grid;
    ph_runfile_t run;
    ph_comparison_t averages[2];
    ph_path_comparison_t paths[2];
    const int most = omp_get_max_threads();
    small_folder(folder);
    parse(&grid, GRID);
    ck_assert_int_eq(small_run(&grid, small_path(path, folder, "run.h5"), NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&run, path, NULL), PH_OK);
    for (int v = 0; v < 2; v++) {
        omp_set_num_threads(v == 0 ? 1 : 4);
        ck_assert_int_eq(ph_compare(&averages[v], &run, NULL, PH_VIEW_PATTERNS, NULL), PH_OK);
        ck_assert_int_eq(ph_compare_paths(&paths[v], &run, NULL), PH_OK);
    }
    omp_set_num_threads(most);
    ck_assert_uint_eq(averages[0].rows_count, 18);
    for (size_t i = 0; i < averages[0].rows_count; i++) {
        const ph_comparison_row_t *one = &averages[0].rows[i], *two = &averages[1].rows[i];
        const ph_path_row_t *path_one = &paths[0].rows[i], *path_two = &paths[1].rows[i];
        ck_assert_uint_eq(one->point, i / 3);
        ck_assert_uint_eq(two->point, i / 3);
        ck_assert_int_eq(two->pattern, (int64_t)(i % 3));
        same(one->mc, two->mc);
        same(one->sample_theory, two->sample_theory);
        same(one->error, two->error);
        same(one->deviate, two->deviate);
        ck_assert_uint_eq(path_one->point, i / 3);
        same(path_one->mc, path_two->mc);
        same(path_one->flow, path_two->flow);
        same(path_one->deviation, path_two->deviation);
    }
    for (int v = 0; v < 2; v++) {
        ph_comparison_free(&averages[v]);
        ph_path_comparison_free(&paths[v]);
    }
    ph_runfile_close(&run);
    ph_grid_free(&grid);
    small_remove(folder);
}
END_TEST

PH_TEST_MAIN("compare_points", test_points, test_room, test_threads)
