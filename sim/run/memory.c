/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/memory.h"

#include <math.h>
#include <stdbool.h>

#include "sim/chain/decision.h"
#include "sim/chain/records.h"
#include "sim/model/coupling.h"
#include "sim/model/moments.h"
#include "sim/model/states.h"
#include "sim/model/until.h"
#include "sim/run/plan.h"
#include "sim/run/split.h"
#include "sim/run/step.h"
#include "sim/run/worker.h"
#include "sim/samplers/load.h"
#include "sim/samplers/samplers.h"
#include "sim/store/gridfile.h"
#include "sim/store/journal.h"
#include "sim/store/runfile_points.h"

static const double PROGRAM = 14.0 * 1048576.0; /* code, libraries, small things */
static const double PER_CHAIN = 48.0;           /* how far it is, and by which source */
static const double PER_BLOCK = sizeof(ph_task_t) + sizeof(ph_journal_entry_t) + 16.0;

static double lanes_of(const ph_grid_t *grid)
{
    return (double)ph_grid_block_chains(grid);
}

/* What a block holds: its sample, its chains, what its kernel keeps. */
static double block_bytes(const ph_grid_t *grid, const ph_load_t *load)
{
    const ph_point_t *point = load->point;
    const double neurons = (double)point->neurons, patterns = (double)point->patterns;
    const double features = load->features, lanes = load->lanes;
    double bytes = neurons * (patterns + 2.0 * features + 8.0); /* patterns, phi, self */
    bytes += neurons * (4.0 + 8.0);                             /* squares, spins */
    bytes += features * (16.0 + 8.0 * lanes);                   /* weights, overlaps, recount */
    bytes += patterns * (24.0 + 4.0 * lanes) + 8.0 * PH_DECISION_TABLE_MAX;
    bytes += ph_sampler(point->sampler)->bytes(load);
    if (point->followed) /* last states, for the chains of the next point */
        bytes += lanes * neurons / 8.0;
    return bytes + ph_records_bytes(grid, point, lanes);
}

/* A segment of a block's chains: its series, sums and spins. */
static double segment_bytes(const ph_grid_t *grid, const ph_point_t *point)
{
    const double lanes = lanes_of(grid);
    const double row = lanes * 8.0 * (double)ph_observables_total(grid, point->patterns);
    const double records = fmin((double)ph_point_records(point), PH_TASK_SERIES_BYTES / row + 1.0);
    const double state = lanes * (double)ph_point_spin_bytes(point);
    const double states = fmin(lanes * ph_states_bytes(grid, point), PH_TASK_SERIES_BYTES + state);
    return (grid->trajectory ? records * row : 0.0) + states +
           (grid->moments ? PH_MOMENT_WORDS * row : 0.0) +
           lanes * (double)ph_point_state_bits(point) / 8.0;
}

/* What arrays of a file hold of chains. */
typedef struct {
    double chain, largest; /* bytes of one chain in all of them, and in the largest */
    double caches;         /* chunks that are kept in memory */
} arrays_t;

static double chains_of(const ph_grid_t *grid)
{
    return (double)grid->points_count * (double)grid->samples * (double)grid->replicas;
}

static void add_array(arrays_t *self, const ph_grid_t *grid, double bytes)
{
    self->chain += bytes;
    self->largest = fmax(self->largest, bytes);
    self->caches += fmin(PH_ARRAY_CACHE_BYTES, chains_of(grid) * bytes);
}

static arrays_t arrays_of(const ph_grid_t *grid)
{
    arrays_t all = {0.0, 0.0, 0.0};
    double neurons = 0.0;
    for (size_t p = 0; p < grid->points_count; p++)
        neurons = fmax(neurons, (double)ph_point_state_bits(&grid->points[p]));
    for (int k = 0; k < ph_observables_count(); k++) {
        const ph_observable_id_t id = (ph_observable_id_t)k;
        if (!ph_observable_recorded(id, grid))
            continue;
        const double own = (double)ph_observable_components(id, grid, grid->patterns_max);
        const double size = ph_observable(id)->single ? 4.0 : 8.0;
        if (grid->trajectory)
            add_array(&all, grid, own * size * (double)grid->records_max);
        if (!grid->moments)
            continue;
        add_array(&all, grid, 8.0 * own); /* mean */
        add_array(&all, grid, 8.0 * own); /* variance */
        add_array(&all, grid, 8.0 * own * PH_MOMENT_WORDS);
    }
    add_array(&all, grid, neurons / 8.0);
    add_array(&all, grid, (double)ph_grid_states(grid) * (double)ph_grid_spin_bytes(grid));
    if (grid->trajectory && grid->records_vary)
        all.caches += fmin(PH_ARRAY_CACHE_BYTES,
                           8.0 * (double)grid->points_count * (double)grid->records_max);
    return all;
}

/* Small points that are put together at a time, in `bytes` and a copy of the largest array. */
static double gathered_bytes(const ph_grid_t *grid, const arrays_t *arrays, size_t bytes)
{
    const double chains = (double)grid->samples * (double)grid->replicas;
    const double point = 1.0 + chains * arrays->chain;
    if (point > (double)bytes)
        return 0.0;
    const double most = (double)ph_runfile_points_fit(bytes, (size_t)point, grid->points_count);
    return most * (point + chains * (fmax(arrays->largest, 8.0) + 9.0)); /* sweeps, marks */
}

/* The coordinates of records and recorded states, two forms of them at a time: before any segment
 * is written. */
static double coordinates_bytes(const ph_grid_t *grid)
{
    return (grid->trajectory ? 16.0 * (double)grid->records_max : 0.0) +
           16.0 * (double)ph_grid_states(grid);
}

/* The grid's points, and how far its chains are. */
static double held_bytes(const ph_grid_t *grid)
{
    return PER_CHAIN * chains_of(grid) + (double)grid->points_count * (double)sizeof(ph_point_t);
}

static double memory_bytes(const ph_grid_t *grid, uint64_t threads, bool split)
{
    const double ensemble = (double)grid->samples * (double)grid->replicas;
    const double blocks = (double)grid->sequences * ensemble / lanes_of(grid);
    double worker = 0.0, segment = 0.0;
    ph_load_t load;
    ph_load_init(&load, grid);
    for (size_t p = 0; p < grid->points_count; p++) {
        const double one = segment_bytes(grid, &grid->points[p]);
        segment = fmax(segment, one);
        ph_load_point(&load, ph_sampler(grid->points[p].sampler), &grid->points[p]);
        const double own = block_bytes(grid, &load) + one;
        const bool two = split && blocks > (double)threads && ph_step_takes(grid, load.point);
        worker = fmax(worker, two ? own * fmin(2.0, blocks / (double)threads) : own);
    }
    /* While it runs one segment more is on its way to the journal; afterwards the file is put
     * together: a segment as it is read, as it is checked and as it is written, besides what the
     * threads' heaps do not give back. */
    const double at_once = split ? ph_split_pieces(grid, threads) : fmin((double)threads, blocks);
    const double running = at_once * worker + segment;
    const arrays_t arrays = arrays_of(grid);
    const double writing = (3.0 + (double)threads) * segment + arrays.caches +
                           gathered_bytes(grid, &arrays, PH_GATHER_ONE_BYTES);
    const double judged =
        ph_grid_has_until(grid) ? (double)sizeof(ph_until_t) * (blocks + 1.0) : 0.0;
    return PROGRAM + judged + fmax(fmax(running, writing), coordinates_bytes(grid)) +
           blocks * PER_BLOCK + held_bytes(grid);
}

double ph_memory_bytes(const ph_grid_t *grid, uint64_t threads)
{
    return memory_bytes(grid, threads, true);
}

double ph_memory_least(const ph_grid_t *grid, uint64_t threads)
{
    return memory_bytes(grid, threads, false);
}

double ph_memory_merge(const ph_grid_t *grid)
{
    const arrays_t arrays = arrays_of(grid);
    double segment = 0.0;
    for (size_t p = 0; p < grid->points_count; p++)
        segment = fmax(segment, segment_bytes(grid, &grid->points[p]));
    /* While a part is looked at, its grid; then segments as before, from a file that is read
     * through as many chunks as the new one has, or points gathered. */
    const double gathered = gathered_bytes(grid, &arrays, PH_GATHER_MANY_BYTES);
    const double writing =
        4.0 * segment + arrays.caches + (gathered > 0.0 ? gathered : arrays.caches);
    const double looking = (double)grid->points_count * (double)sizeof(ph_point_t);
    return PROGRAM + fmax(fmax(writing, looking), coordinates_bytes(grid)) + held_bytes(grid);
}
