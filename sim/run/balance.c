/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/balance.h"

#include <math.h>
#include <stdlib.h>

#include "base/floating.h"
#include "sim/run/deal.h"
#include "sim/run/plan_private.h"
#include "sim/run/split.h"

/* What a block comes to in a part that has `few` blocks: seconds of all its pieces, and of the
 * longest. */
typedef struct {
    size_t few;
    double seconds, longest;
} cut_t;

/* Blocks in the order in which they are dealt, and how long those of each point take: whole ones,
 * and the last of a sample, which may be smaller. */
typedef struct {
    const ph_grid_t *grid;
    uint64_t threads;
    size_t count;
    const ph_unit_t *units;
    double *whole; /* [points][2] */
    cut_t *cuts;   /* [points][2], of the part that asked last */
    double total;  /* of all blocks uncut */
    ph_load_t load;
} timed_t;

/* How parts fare: the slowest of them, its pieces and all that they work, cutting included. */
typedef struct {
    double slowest, longest, worked;
    bool cut;
} parts_t;

static size_t kind_of(const timed_t *self, const ph_unit_t *unit)
{
    return 2 * unit->point + (unit->replicas < ph_grid_block_chains(self->grid));
}

static int time_units(timed_t *self)
{
    const ph_grid_t *grid = self->grid;
    ph_load_init(&self->load, grid);
    self->whole = malloc(2 * grid->points_count * sizeof(*self->whole));
    self->cuts = calloc(2 * grid->points_count, sizeof(*self->cuts));
    if (self->whole == NULL || self->cuts == NULL)
        return PH_ERR_MEMORY;
    for (size_t p = 0; p < grid->points_count; p++) {
        const ph_point_t *point = &grid->points[p];
        if (point->followed)
            continue;
        self->whole[2 * p] = ph_plan_chains(grid, &self->load, point, ph_grid_block_chains(grid));
        self->whole[2 * p + 1] =
            ph_plan_chains(grid, &self->load, point, ph_plan_last_chains(grid));
    }
    for (size_t k = 0; k < self->count; k++)
        self->total += self->whole[kind_of(self, &self->units[k])];
    return PH_OK;
}

/* A block of a part that has `few` blocks, cut as ph_split_init() cuts it. */
static cut_t cut_unit(timed_t *self, const ph_unit_t *unit, size_t few)
{
    const size_t kind = kind_of(self, unit);
    const double whole = self->whole[kind];
    if (few >= self->threads)
        return (cut_t){few, whole, whole};
    if (self->cuts[kind].few != few) {
        const uint32_t size =
            ph_split_chains(self->grid, unit->point, unit->replicas, (double)few, self->threads);
        self->cuts[kind] = (cut_t){few, whole, whole};
        if (size < unit->replicas) {
            const ph_point_t *point = &self->grid->points[unit->point];
            self->cuts[kind].seconds =
                ph_plan_cut(self->grid, &self->load, point, unit->replicas, size);
            self->cuts[kind].longest = ph_plan_chains(self->grid, &self->load, point, size);
        }
    }
    return self->cuts[kind];
}

/* So many parts; the slowest infinite without memory. */
static parts_t parts_of(timed_t *self, uint32_t shards)
{
    parts_t parts = {.slowest = INFINITY};
    ph_deal_t deal = {0};
    double *sums = calloc(shards, sizeof(*sums));
    size_t *counts = calloc(shards, sizeof(*counts));
    uint32_t *owners = malloc((self->count + 1) * sizeof(*owners));
    if (sums != NULL && counts != NULL && owners != NULL &&
        ph_deal_init(&deal, shards, NULL) == PH_OK) {
        parts.slowest = 0.0;
        for (size_t k = 0; k < self->count; k++) {
            owners[k] = ph_deal(&deal, self->units[k].cost);
            counts[owners[k]]++;
        }
        for (size_t k = 0; k < self->count; k++) {
            const cut_t cut = cut_unit(self, &self->units[k], counts[owners[k]]);
            double *sum = &sums[owners[k]];
            *sum += cut.seconds;
            parts.worked += cut.seconds;
            parts.longest = fmax(parts.longest, cut.longest);
            parts.cut = parts.cut || cut.longest < cut.seconds;
            parts.slowest = fmax(parts.slowest, fmax(*sum / (double)self->threads, cut.longest));
        }
    }
    ph_deal_free(&deal);
    free(owners);
    free(counts);
    free(sums);
    return parts;
}

/* The fewest parts that are nearly as fast, looked for from what cannot be any faster upwards, in
 * strides and then by halves. */
static uint32_t fewest_of(timed_t *self, uint32_t shards, double slowest)
{
    enum { STRIDES = 32 };
    const double enough = 1.02 * slowest, threads = (double)self->threads;
    uint32_t low = (uint32_t)fmin(shards, fmax(1.0, ceil(self->total / (threads * enough)))) - 1;
    const uint32_t stride = (shards - low) / STRIDES + 1;
    uint32_t high = low + 1;
    while (high < shards && parts_of(self, high).slowest > enough) {
        low = high;
        high = shards - high > stride ? high + stride : shards;
    }
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        if (parts_of(self, middle).slowest > enough)
            low = middle;
        else
            high = middle;
    }
    return high;
}

int ph_plan_balance(const ph_grid_t *grid, uint32_t shards, uint64_t threads, ph_balance_t *balance,
                    ph_report_t *report)
{
    PH_FLOATING_GUARD();
    timed_t timed = {.grid = grid, .threads = threads};
    ph_unit_t *units = ph_plan_units(grid, &timed.count);
    timed.units = units;
    const int status = units == NULL ? PH_ERR_MEMORY : time_units(&timed);
    const parts_t parts =
        status == PH_OK ? parts_of(&timed, shards) : (parts_t){.slowest = INFINITY};
    const double all = shards * (double)threads * parts.slowest;
    if (isfinite(parts.slowest))
        *balance = (ph_balance_t){(double)timed.count, parts.longest,
                                  parts.slowest,       fmax(0.0, 1.0 - parts.worked / all),
                                  parts.cut,           fewest_of(&timed, shards, parts.slowest)};
    free(timed.whole);
    free(timed.cuts);
    free(units);
    return isfinite(parts.slowest)
               ? PH_OK
               : ph_fail(report, PH_ERR_MEMORY, "no memory to deal the grid to %u parts", shards);
}
