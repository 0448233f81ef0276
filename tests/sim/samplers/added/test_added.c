/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A sampler is one file and one line of a list: with those of mirror.h and mirror.c, the two lists
 * of the tree compiled anew and all else as it is in the library, grid files know it and chains
 * run.
 */
#include <string.h>

#include "sim/chain/block.h"
#include "sim/samplers/samplers.h"
#include "tests/testing.h"

#define NETWORK "network: { patterns: 3, neurons: 50, dilution: 0.3 }\nnoise: 0.5\n"

static int parse(ph_grid_t *grid, const char *text, ph_report_t *report)
{
    ph_grid_init(grid);
    return ph_grid_parse(grid, text, "g", 0, NULL, report);
}

/* Its word is one of grid files, its facts are those of its line, and the others are who they were.
 */
START_TEST(grids_know_it)
{
    ph_grid_t grid;
    ck_assert_int_eq(
        parse(&grid, NETWORK "dynamics: { sweeps: 4, sampler: [auto, mirror, glauber] }\n", NULL),
        PH_OK);
    ck_assert_uint_eq(grid.points_count, 3);
    ck_assert(grid.any_auto);
    ck_assert_int_eq(grid.points[0].sampler, PH_SAMPLER_GLAUBER);
    ck_assert_int_eq(grid.points[1].sampler, PH_SAMPLER_MIRROR);
    ck_assert_int_eq(grid.points[2].sampler_asked, PH_SAMPLER_AUTO);
    ck_assert_int_ne(grid.points[2].sampler, PH_SAMPLER_MIRROR);
    ck_assert_ptr_nonnull(strstr(grid.text, "mirror"));
    ck_assert_int_eq(ph_sampler_facts(PH_SAMPLER_MIRROR)->law, PH_LAW_NONE);
    ck_assert_int_eq(PH_SAMPLER_REPLICA_EXCHANGE, 7);
    ph_grid_free(&grid);
}
END_TEST

/* Traits are asked for by all that refuse something: it takes no order. */
START_TEST(traits_are_its_own)
{
    ph_grid_t grid;
    ph_report_t report;
    ph_report_init(&report);
    ck_assert_int_eq(parse(&grid,
                           NETWORK "dynamics: { sweeps: 4, sampler: mirror, order: permuted }\n",
                           &report),
                     PH_ERR_INPUT);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "order: permuted with sampler mirror"));
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

/* A block runs by its row in the list. */
START_TEST(block_runs)
{
    ph_grid_t grid;
    ph_block_t block;
    uint8_t before[7], after[7];
    ck_assert_int_eq(parse(&grid, NETWORK "dynamics: { sweeps: 4, sampler: mirror }\n", NULL),
                     PH_OK);
    const ph_point_t *point = &grid.points[0];
    const ph_sampler_t *row = ph_sampler(point->sampler);
    ck_assert_int_eq(row->id, PH_SAMPLER_MIRROR);
    ck_assert_int_eq(ph_block_init(&block, row, point, 1, 0, 0, 0, 5), PH_OK);
    ph_block_start(&block);
    ph_block_save(&block, 3, before);
    for (int t = 0; t < 3; t++)
        ph_block_sweep(&block);
    ck_assert_int_eq(ph_block_check(&block), PH_OK);
    ph_block_save(&block, 3, after);
    for (size_t i = 0; i < 50; i++)
        ck_assert_int_ne(before[i / 8] >> i % 8 & 1, after[i / 8] >> i % 8 & 1);
    ph_block_free(&block);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_MAIN("added", grids_know_it, traits_are_its_own, block_runs)
