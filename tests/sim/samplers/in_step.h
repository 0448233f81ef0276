/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_IN_STEP_H
#define PH_TESTS_IN_STEP_H

#include <check.h>
#include <string.h>

#include "sim/chain/block.h"
#include "sim/samplers/samplers.h"
#include "tests/testing.h"

static bool (*in_step_own)(struct ph_block *a, struct ph_block *b); /* of the kernel at hand */
static int in_step_done;                                            /* sweeps that two did so */

static inline bool in_step_counted(struct ph_block *a, struct ph_block *b)
{
    const bool done = in_step_own(a, b);
    in_step_done += done;
    return done;
}

static inline void in_step_begin(ph_block_t *block, const ph_sampler_t *row,
                                 const ph_point_t *point, uint32_t which, const uint32_t *lanes,
                                 bool samples)
{
    static const ph_grid_t grid = {.acceptance = true, .lanes = 64};
    ck_assert_int_eq(ph_block_init(block, row, point, 4, samples ? which : 0, samples ? 0 : which,
                                   lanes[0], lanes[1]),
                     PH_OK);
    ck_assert_int_eq(ph_block_watch(block, &grid), PH_OK);
}

static inline void in_step_compare(ph_block_t *two, ph_block_t *one, int sweep)
{
    const size_t bytes = (size_t)one->point->neurons * sizeof(*one->spins);
    ck_assert_msg(memcmp(two->spins, one->spins, bytes) == 0,
                  "%s in step differs in sweep %d, %u lanes", one->kernel->name, sweep, one->lanes);
    ck_assert_mem_eq(two->records.accepted, one->records.accepted,
                     one->lanes * sizeof(*one->records.accepted));
    ck_assert_int_eq(ph_block_check(two), PH_OK);
}

/**
 * Two blocks of a point that a kernel advances in step, beside the same two one after the other,
 * with lanes {first, count}; of two samples or of one. One of them has a sweep more behind it. How
 * many sweeps were done in step; -1 where the kernel does not take the blocks.
 */
static inline int in_step_follows(const ph_point_t *point, const ph_kernel_t *kernel,
                                  const uint32_t *lanes, bool samples, int sweeps)
{
    const ph_sampler_t *row = ph_sampler(point->sampler);
    const ph_kernel_t *const *last = row->kernels;
    while (last[1] != NULL)
        last++;
    ph_kernel_t counted = *kernel;
    const ph_kernel_t *const kernels[] = {&counted, *last, NULL};
    ph_sampler_t own = *row;
    ph_block_t two[2], one[2];
    own.kernels = kernels;
    counted.sweep_two = in_step_counted;
    in_step_own = kernel->sweep_two;
    in_step_done = 0;
    for (uint32_t b = 0; b < 2; b++) {
        in_step_begin(&two[b], &own, point, b, lanes, samples);
        in_step_begin(&one[b], &own, point, b, lanes, samples);
        ph_block_start(&two[b]);
        ph_block_start(&one[b]);
    }
    const bool taken = two[0].kernel == &counted && two[1].kernel == &counted;
    ph_block_sweep(&two[1]);
    ph_block_sweep(&one[1]);
    for (int t = 0; taken && t < sweeps; t++) {
        ph_block_sweep_two(&two[0], &two[1]);
        for (uint32_t b = 0; b < 2; b++) {
            ph_block_sweep(&one[b]);
            in_step_compare(&two[b], &one[b], t);
        }
    }
    for (uint32_t b = 0; b < 2; b++) {
        ph_block_free(&two[b]);
        ph_block_free(&one[b]);
    }
    return taken ? in_step_done : -1;
}

#endif
