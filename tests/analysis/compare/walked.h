/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_ANALYSIS_COMPARE_WALKED_H
#define PH_TESTS_ANALYSIS_COMPARE_WALKED_H

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "analysis/compare/path.h"
#include "sim/chain/block.h"
#include "sim/samplers/samplers.h"
#include "tests/testing.h"

/* Runs of the real samplers, recorded from the start, and what spoils them. */

static char path[64];
static ph_grid_t grid;
static ph_report_t report;

/* What to spoil: the noise of the dynamics, or one record of pattern 2 at point 0. */
typedef struct {
    double noise_factor, shift;
    size_t record;    /* which; 0: the fourth */
    double stretch;   /* of the same record, towards its sign */
    size_t missing;   /* points */
    ph_order_t order; /* of the dynamics; 0: as the grid says */
    double overlap;   /* of a corrupted start; 0: as the grid says */
    uint32_t turned;  /* one chain in so many has pattern 2 turned; 0: none */
} recipe_t;

static void fill_block(ph_segment_t *segment, const ph_point_t *point, uint32_t sample,
                       uint32_t block)
{
    const uint32_t lanes = (uint32_t)grid.lanes;
    const size_t width = (size_t)segment->components, records = (size_t)segment->records;
    ph_block_t chains;
    int64_t scratch[64];
    ck_assert_int_eq(ph_block_init(&chains, ph_sampler(point->sampler), point, grid.seed, sample,
                                   block, 0, lanes),
                     PH_OK);
    ph_block_start(&chains);
    for (int64_t t = 0, r = 0; t <= point->burn_in + point->sweeps; t++) {
        if (t > 0)
            ph_block_sweep(&chains);
        for (uint32_t lane = 0; t >= point->burn_in && lane < lanes; lane++)
            ph_block_measure(&chains, &grid, lane, scratch,
                             segment->series +
                                 ((block * lanes + lane) * records + (size_t)r) * width);
        r += t >= point->burn_in;
    }
    ph_block_free(&chains);
}

static ph_path_comparison_t compare_grid(const char *text, const char *set, const recipe_t *recipe)
{
    ph_runfile_t file;
    ph_path_comparison_t found;
    snprintf(path, sizeof(path), "/tmp/polyhebb-paths-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    unlink(path);
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", set != NULL, &set, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_create(&file, path, &grid, &report), PH_OK);
    for (size_t p = 0; p + recipe->missing < grid.points_count; p++)
        for (uint32_t s = 0; s < grid.samples; s++) {
            ph_segment_t segment;
            ph_point_t point = grid.points[p];
            point.noise *= recipe->noise_factor;
            point.start_overlap = recipe->overlap > 0.0 ? recipe->overlap : point.start_overlap;
            point.order = recipe->order != 0 ? recipe->order : point.order;
            ck_assert_int_eq(ph_segment_init(&segment, &grid, &grid.points[p], s, 0,
                                             (uint32_t)grid.replicas, 0,
                                             (uint64_t)(point.burn_in + point.sweeps)),
                             PH_OK);
            for (uint32_t b = 0; b < grid.replicas / grid.lanes; b++)
                fill_block(&segment, &point, s, b);
            for (size_t c = 0; p == 0 && c < (size_t)grid.replicas; c++) {
                const size_t record = recipe->record > 0 ? recipe->record : 3;
                if (record >= (size_t)segment.records || segment.components < 2)
                    continue;
                double *value = &segment.series[(c * (size_t)segment.records + record) *
                                                    (size_t)segment.components +
                                                1];
                *value += recipe->shift + copysign(recipe->stretch, *value);
            }
            for (size_t c = 0; recipe->turned > 0 && c < (size_t)grid.replicas; c += recipe->turned)
                for (size_t r = 0; r < (size_t)segment.records; r++)
                    segment.series[(c * (size_t)segment.records + r) * (size_t)segment.components +
                                   1] *= -1.0;
            ck_assert_int_eq(ph_runfile_write(&file, p, &segment, &report), PH_OK);
            ph_segment_free(&segment);
        }
    ck_assert_int_eq(ph_runfile_commit(&file, &report), PH_OK);
    ph_runfile_close(&file);
    ck_assert_int_eq(ph_runfile_open(&file, path, &report), PH_OK);
    ck_assert_int_eq(ph_compare_paths(&found, &file, &report), PH_OK);
    ph_runfile_close(&file);
    return found;
}

static void end(ph_path_comparison_t *found)
{
    ph_path_comparison_free(found);
    unlink(path);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

static const recipe_t RIGHT = {.noise_factor = 1.0};

#endif
