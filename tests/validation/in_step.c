/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How much sooner two blocks are done in step than one after the other, in alternating runs: what
 * docs/performance.md tells. in_step [NEURONS [NOISE]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sim/chain/block.h"
#include "sim/samplers/samplers.h"
#include "tests/sim/samplers/network.h"

enum { PATTERNS_MAX = 16, RUNS = 31 };
static const double ATTEMPTS = 5e5; /* of sites, in one run */

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double run(ph_block_t *blocks, bool in_step, int sweeps)
{
    const double begun = seconds();
    for (int t = 0; t < sweeps && in_step; t++)
        ph_block_sweep_two(&blocks[0], &blocks[1]);
    for (int t = 0; t < sweeps && !in_step; t++)
        ph_block_sweep(&blocks[0]);
    for (int t = 0; t < sweeps && !in_step; t++)
        ph_block_sweep(&blocks[1]);
    return seconds() - begun;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int measure(const ph_point_t *point, uint32_t lanes)
{
    ph_block_t blocks[2];
    double ratios[RUNS];
    const int sweeps = (int)(ATTEMPTS / (double)point->neurons) + 1;
    for (uint32_t b = 0; b < 2; b++) {
        if (ph_block_init(&blocks[b], ph_sampler(point->sampler), point, 1, 0, b, 0, lanes) !=
            PH_OK)
            return EXIT_FAILURE;
        ph_block_start(&blocks[b]);
    }
    for (int r = 0; r < RUNS; r++) {
        const double apart = run(blocks, false, sweeps);
        ratios[r] = apart / run(blocks, true, sweeps);
    }
    qsort(ratios, RUNS, sizeof(*ratios), compare);
    printf("%-10s K = %2lld, 2 x %2u: %.2f (%.2f to %.2f)\n", blocks[0].kernel->name,
           (long long)point->patterns, lanes, ratios[RUNS / 2], ratios[RUNS / 4],
           ratios[3 * RUNS / 4]);
    fflush(stdout);
    ph_block_free(&blocks[0]);
    ph_block_free(&blocks[1]);
    return EXIT_SUCCESS;
}

int main(int count, char **words)
{
    static const uint32_t LANES[] = {1, 2, 4, 16, 32, 64};
    static const int64_t PATTERNS[] = {1, 3, 8, 16};
    double dilution[PATTERNS_MAX];
    int status = EXIT_SUCCESS;
    for (int mu = 0; mu < PATTERNS_MAX; mu++)
        dilution[mu] = 0.3;
    for (int l = 0; l < 6; l++)
        for (int k = 0; k < 4 && status == EXIT_SUCCESS; k++) {
            ph_point_t point = network_point(count > 1 ? atoll(words[1]) : 1000, PATTERNS[k],
                                             dilution, count > 2 ? atof(words[2]) : 0.5);
            if (ph_sampler_in_step(ph_sampler(point.sampler), LANES[l]))
                status = measure(&point, LANES[l]);
        }
    return status;
}
