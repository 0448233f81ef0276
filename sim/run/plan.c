/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/floating.h"
#include "base/machine.h"
#include "sim/model/coupling.h"
#include "sim/model/moments.h"
#include "sim/model/states.h"
#include "sim/run/deal.h"
#include "sim/run/memory.h"
#include "sim/run/plan_private.h"
#include "sim/run/split.h"
#include "sim/run/worker.h"
#include "sim/samplers/load.h"
#include "sim/samplers/samplers.h"

/* Seconds of one block but for its sweeps, rough (docs/performance.md): drawing its sample, saving
 * its states, its records, and what a block and a chain cost at all. */
static double block_seconds(const ph_grid_t *grid, const ph_load_t *load)
{
    const ph_point_t *point = load->point;
    const double neurons = (double)point->neurons, lanes = load->lanes;
    const double records = (double)ph_point_records(point);
    const bool recounted =
        ph_rule_learns(point->rule) && !ph_sampler_has(point->sampler, PH_TRAIT_LUMPED);
    double each = 0.3 + 0.15 * (double)ph_observables_total(grid, point->patterns), drawn = 0.0;
    for (int64_t mu = 0; ph_rule_sums(point->rule) && mu < point->patterns; mu++)
        drawn += 0.015 * point->examples[mu];
    if (recounted)
        each += neurons * (0.002 + 0.0005 * (double)point->patterns);
    return 1e-6 * (neurons * (0.15 + 0.1 * load->features + drawn) +
                   0.025 * lanes *
                       ((double)ph_point_state_bits(point) + 8.0 * ph_states_bytes(grid, point)) +
                   lanes * records * each + 50.0 + 40.0 * lanes);
}

/* Seconds of all sweeps of one block on one thread. */
static double sweeping_seconds(const ph_load_t *load)
{
    return ph_sampler(load->point->sampler)->seconds(load, (double)ph_point_total(load->point));
}

/* To eight binary digits: what the C libraries of two machines may do to the last of 53 changes no
 * order, and blocks that are nearly alike stay neighbours (ph_deal_blocks). */
static double rounded(double seconds)
{
    int exponent;
    const double digits = rint(256.0 * frexp(seconds, &exponent));
    return ldexp(digits, exponent - 8);
}

double ph_plan_chains(const ph_grid_t *grid, ph_load_t *load, const ph_point_t *last, double chains)
{
    double seconds = 0.0;
    load->lanes = chains;
    for (const ph_point_t *point = last; point != NULL; point = point->before) {
        ph_load_point(load, ph_sampler(point->sampler), point);
        seconds += block_seconds(grid, load) + sweeping_seconds(load);
    }
    return seconds;
}

uint32_t ph_plan_last_chains(const ph_grid_t *grid)
{
    const uint32_t most = ph_grid_block_chains(grid);
    return ((uint32_t)grid->replicas - 1) % most + 1;
}

double ph_plan_block(const ph_grid_t *grid, size_t point, uint32_t chains)
{
    PH_FLOATING_GUARD();
    const ph_point_t *where = &grid->points[point];
    ph_load_t load;
    ph_load_init(&load, grid);
    load.anywhere = true;
    return rounded(ph_plan_chains(grid, &load, where, chains));
}

static int compare_units(const void *a, const void *b)
{
    const ph_unit_t *x = a, *y = b;
    if (x->cost > y->cost || x->cost < y->cost)
        return x->cost > y->cost ? -1 : 1;
    if (x->point != y->point)
        return x->point < y->point ? -1 : 1;
    if (x->sample != y->sample)
        return x->sample < y->sample ? -1 : 1;
    return (x->replica_first > y->replica_first) - (x->replica_first < y->replica_first);
}

ph_unit_t *ph_plan_units(const ph_grid_t *grid, size_t *count)
{
    uint32_t lanes = (uint32_t)grid->lanes, replicas = (uint32_t)grid->replicas;
    size_t blocks = (replicas + lanes - 1) / lanes;
    size_t total = grid->sequences * (size_t)grid->samples * blocks, k = 0;
    ph_unit_t *units = calloc(total, sizeof(*units));
    ph_load_t load;
    PH_FLOATING_GUARD();
    ph_load_init(&load, grid);
    load.anywhere = true;
    const uint32_t whole = ph_grid_block_chains(grid), last = ph_plan_last_chains(grid);
    for (size_t p = 0; units != NULL && p < grid->points_count; p++) {
        const ph_point_t *point = &grid->points[p];
        if (point->followed)
            continue;
        const double cost = rounded(ph_plan_chains(grid, &load, point, whole));
        const double last_cost =
            last != whole ? rounded(ph_plan_chains(grid, &load, point, last)) : cost;
        for (uint32_t s = 0; s < grid->samples; s++)
            for (uint32_t first = 0; first < replicas; first += lanes) {
                uint32_t size = replicas - first < lanes ? replicas - first : lanes;
                units[k++] = (ph_unit_t){size == whole ? cost : last_cost, p, s, first, size};
            }
    }
    if (units != NULL)
        qsort(units, total, sizeof(*units), compare_units);
    *count = total;
    return units;
}

/* Whose each of these blocks is, to be freed; NULL without memory. */
static uint32_t *deal_units(const ph_unit_t *units, size_t count, uint32_t shards)
{
    double *costs = units != NULL ? malloc((count + 1) * sizeof(*costs)) : NULL;
    uint32_t *owners = costs != NULL ? malloc((count + 1) * sizeof(*owners)) : NULL;
    for (size_t k = 0; owners != NULL && k < count; k++)
        costs[k] = units[k].cost;
    if (owners != NULL && ph_deal_blocks(count, costs, shards, owners, NULL) != PH_OK) {
        free(owners);
        owners = NULL;
    }
    free(costs);
    return owners;
}

static int add_task(ph_plan_t *self, size_t *capacity, ph_task_t task)
{
    if (self->count == *capacity) {
        *capacity = *capacity == 0 ? 64 : 2 * *capacity;
        ph_task_t *grown = realloc(self->tasks, *capacity * sizeof(*grown));
        if (grown == NULL)
            return PH_ERR_MEMORY;
        self->tasks = grown;
    }
    self->tasks[self->count++] = task;
    self->heads += !task.waits;
    self->updates += task.updates;
    return PH_OK;
}

static bool is_finished(const ph_checkpoint_index_t *checkpoints, const ph_unit_t *unit)
{
    const ph_point_t *points = checkpoints->grid->points;
    for (const ph_point_t *point = &points[unit->point]; point != NULL; point = point->before)
        for (uint32_t r = 0; r < unit->replicas; r++)
            if (!ph_checkpoint_index_finished(checkpoints, (size_t)(point - points), unit->sample,
                                              unit->replica_first + r))
                return false;
    return true;
}

/*
 * With dynamics.until a block decides as a whole and so runs as a whole. One whose chains stand
 * apart (a record of it was lost, or it has been given more replicas) begins once more.
 */
static int add_whole(ph_plan_t *self, size_t *capacity, const ph_checkpoint_index_t *checkpoints,
                     const ph_unit_t *unit)
{
    const ph_point_t *point = &checkpoints->grid->points[unit->point];
    const uint64_t *done = &checkpoints->done[ph_checkpoint_index_chain(
        checkpoints, unit->point, unit->sample, unit->replica_first)];
    uint64_t from = done[0];
    if (is_finished(checkpoints, unit))
        return PH_OK;
    for (uint32_t r = 1; r < unit->replicas; r++)
        from = done[r] == done[0] ? from : 0;
    const double updates =
        (double)(ph_point_total(point) - from) * (double)point->neurons * unit->replicas;
    return add_task(self, capacity,
                    (ph_task_t){unit->point, unit->sample, unit->replica_first, unit->replicas,
                                from, updates, false, false});
}

/* Splits a unit's block at one of its points into runs of replicas that stand at the same sweep. */
static int add_block(ph_plan_t *self, size_t *capacity, const ph_checkpoint_index_t *checkpoints,
                     const ph_unit_t *unit, size_t p)
{
    const ph_point_t *point = &checkpoints->grid->points[p];
    const uint64_t total = ph_point_total(point);
    const uint64_t *done =
        &checkpoints
             ->done[ph_checkpoint_index_chain(checkpoints, p, unit->sample, unit->replica_first)];
    int status = PH_OK;
    for (uint32_t r = 0, next; r < unit->replicas && status == PH_OK; r = next) {
        for (next = r + 1; next < unit->replicas && done[next] == done[r];)
            next++;
        if (done[r] >= total)
            continue;
        const double updates = (double)(total - done[r]) * (double)point->neurons * (next - r);
        status = add_task(self, capacity,
                          (ph_task_t){p, unit->sample, unit->replica_first + r, next - r, done[r],
                                      updates, false, false});
    }
    return status;
}

/* The blocks of points that follow each other wait for those before. */
static int add_unit(ph_plan_t *self, size_t *capacity, const ph_checkpoint_index_t *checkpoints,
                    const ph_unit_t *unit)
{
    const ph_grid_t *grid = checkpoints->grid;
    const ph_point_t *last = &grid->points[unit->point], *point = last;
    const ptrdiff_t stride = last->before != NULL ? last - last->before : 1;
    const size_t head = self->count;
    if (ph_grid_has_until(grid))
        return add_whole(self, capacity, checkpoints, unit);
    while (point->before != NULL)
        point = point->before;
    int status = add_block(self, capacity, checkpoints, unit, (size_t)(point - grid->points));
    while (point != last && status == PH_OK) {
        point += stride;
        status = add_block(self, capacity, checkpoints, unit, (size_t)(point - grid->points));
    }
    for (size_t k = head + 1; k < self->count && last->before != NULL; k++) {
        self->tasks[k].waits = true;
        self->heads--;
    }
    return status;
}

int ph_plan_init(ph_plan_t *self, const ph_checkpoint_index_t *checkpoints, uint32_t shard,
                 uint32_t shards, ph_report_t *report)
{
    memset(self, 0, sizeof(*self));
    size_t count, capacity = 0;
    ph_unit_t *units = ph_plan_units(checkpoints->grid, &count);
    uint32_t *owners = deal_units(units, count, shards);
    int status = owners == NULL ? PH_ERR_MEMORY : PH_OK;
    for (size_t k = 0; k < count && status == PH_OK; k++)
        if (owners[k] == shard)
            status = add_unit(self, &capacity, checkpoints, &units[k]);
    free(owners);
    free(units);
    if (status != PH_OK) {
        ph_plan_free(self);
        return ph_fail(report, status, "no memory to plan %zu blocks of replicas", count);
    }
    return PH_OK;
}

int ph_plan_unfinished(const ph_checkpoint_index_t *checkpoints, uint32_t shards, bool *unfinished,
                       ph_report_t *report)
{
    size_t count;
    ph_unit_t *units = ph_plan_units(checkpoints->grid, &count);
    uint32_t *owners = deal_units(units, count, shards);
    if (owners == NULL) {
        free(units);
        return ph_fail(report, PH_ERR_MEMORY, "no memory to plan %zu blocks of replicas", count);
    }
    memset(unfinished, 0, shards * sizeof(*unfinished));
    for (size_t k = 0; k < count; k++)
        unfinished[owners[k]] = unfinished[owners[k]] || !is_finished(checkpoints, &units[k]);
    free(owners);
    free(units);
    return PH_OK;
}

int ph_plan_own(const ph_grid_t *grid, uint32_t shard, uint32_t shards, bool *own,
                ph_report_t *report)
{
    size_t count;
    ph_unit_t *units = ph_plan_units(grid, &count);
    uint32_t *owners = deal_units(units, count, shards);
    for (size_t k = 0; owners != NULL && k < count; k++)
        for (const ph_point_t *point = &grid->points[units[k].point]; point != NULL;
             point = point->before)
            memset(own + ph_grid_chain(grid, (size_t)(point - grid->points), units[k].sample,
                                       units[k].replica_first),
                   owners[k] == shard, units[k].replicas * sizeof(*own));
    const int status = owners != NULL ? PH_OK
                                      : ph_fail(report, PH_ERR_MEMORY,
                                                "no memory to plan %zu blocks of replicas", count);
    free(owners);
    free(units);
    return status;
}

void ph_plan_free(ph_plan_t *self)
{
    free(self->tasks);
    memset(self, 0, sizeof(*self));
}

int ph_plan_check(const ph_grid_t *grid, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    for (size_t p = 0; p < grid->points_count; p++) {
        const ph_point_t *point = &grid->points[p];
        const int64_t mu = ph_coupling_unfit(point);
        if (mu >= 0)
            return ph_fail(report, PH_ERR_LIMIT,
                           "network.examples: %.0f of pattern %lld in rule %s, whose "
                           "sums are kept in 16 bits, expected at most %d",
                           point->examples[mu], (long long)mu + 1, PH_RULE_WORDS.words[point->rule],
                           PH_MAX_SUMMED_EXAMPLES);
    }
    return PH_OK;
}

int ph_plan_check_memory(const ph_grid_t *grid, uint64_t threads, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const double needed = ph_memory_least(grid, threads);
    const ph_limit_t limit = ph_machine_memory();
    if (needed <= (double)limit.value)
        return PH_OK;
    return ph_fail(report, PH_ERR_LIMIT,
                   "the run needs about %.3g GB of memory and %.3g GB are allowed (%s); lower "
                   "network.neurons, ensemble.replicas or ensemble.samples, or use fewer threads",
                   needed * 1e-9, (double)limit.value * 1e-9, limit.source);
}

/* What the journal takes of chains that have this share of their point yet to do: their series, and
 * their states at the end of every segment. A segment ends by its length or, in `seconds` that the
 * work takes, by the clock after `every` seconds. */
static double journal_bytes(const ph_grid_t *grid, const ph_point_t *point, double lanes,
                            double share, double seconds, double every)
{
    enum { HEAD = 112, STATES = 24 };
    const double row = 8.0 * lanes * (double)ph_observables_total(grid, point->patterns);
    const double series = grid->trajectory ? share * row * (double)ph_point_records(point) : 0.0;
    const double state = lanes * ceil((double)ph_point_state_bits(point) / 8.0) +
                         (grid->moments ? PH_MOMENT_WORDS * row : 0.0) + HEAD +
                         (ph_grid_states(grid) > 0 ? STATES : 0);
    const double states = share * lanes * ph_states_bytes(grid, point);
    return series + states +
           state *
               (1.0 + floor(fmax(series, states) / PH_TASK_SERIES_BYTES) + floor(seconds / every));
}

double ph_plan_seconds(const ph_grid_t *grid, size_t point, double sweeps)
{
    PH_FLOATING_GUARD();
    const ph_point_t *where = &grid->points[point];
    ph_load_t load;
    ph_load_init(&load, grid);
    ph_load_point(&load, ph_sampler(where->sampler), where);
    return ph_sampler(where->sampler)->seconds(&load, sweeps);
}

double ph_plan_cut(const ph_grid_t *grid, ph_load_t *load, const ph_point_t *point, double chains,
                   double size)
{
    const double pieces = floor(chains / size), rest = chains - pieces * size;
    const double last = rest > 0.0 ? ph_plan_chains(grid, load, point, rest) : 0.0;
    return pieces * ph_plan_chains(grid, load, point, size) + last;
}

/* Seconds of all blocks of point number p, given as `point`, and of those that it follows, added up
 * over their pieces. */
static double point_seconds(const ph_grid_t *grid, ph_load_t *load, const ph_point_t *point,
                            size_t p, uint64_t threads)
{
    const uint32_t chains = ph_grid_block_chains(grid), last = ph_plan_last_chains(grid);
    const double whole = floor((double)grid->replicas / chains);
    const double blocks =
        (whole + (last < chains)) * (double)grid->samples * (double)grid->sequences;
    const double size = ph_split_chains(grid, p, chains, blocks, threads);
    const double rest =
        last < chains ? ph_plan_cut(grid, load, point, last, fmin(last, size)) : 0.0;
    const double seconds = whole * ph_plan_cut(grid, load, point, chains, size) + rest;
    load->lanes = chains;
    return (double)grid->samples * seconds;
}

/* The same where its chains have no more than `sweeps`. */
static double least_seconds(const ph_grid_t *grid, ph_load_t *load, size_t p, uint64_t threads)
{
    const ph_point_t *point = &grid->points[p];
    ph_point_t least = *point;
    least.sweeps_end = 0;
    const double seconds = point_seconds(grid, load, &least, p, threads);
    load->point = point; /* its rows are those of `least`, which ends here */
    load->counted = load->counted == &least ? point : load->counted;
    return seconds;
}

ph_cost_t ph_plan_cost(const ph_grid_t *grid, uint64_t threads)
{
    PH_FLOATING_GUARD();
    ph_cost_t cost = {.journal_bytes = (double)strlen(grid->text)};
    double ensemble = (double)grid->samples * (double)grid->replicas;
    ph_load_t load;
    ph_load_init(&load, grid);
    const double blocks = ensemble / load.lanes; /* of one point, the last of them as a part */
    cost.chains = ensemble * (double)grid->points_count;
    for (size_t p = 0; p < grid->points_count; p++) {
        const ph_point_t *point = &grid->points[p];
        double updates = ensemble * (double)ph_point_total(point) * (double)point->neurons;
        double components = (double)ph_observables_total(grid, point->patterns);
        double records = (double)ph_point_records(point);
        cost.updates += updates;
        if (!point->followed) {
            cost.seconds_least += least_seconds(grid, &load, p, threads);
            cost.seconds += point_seconds(grid, &load, point, p, threads);
        }
        ph_load_point(&load, ph_sampler(point->sampler), point);
        const double sweeping = sweeping_seconds(&load);
        cost.journal_bytes += blocks * journal_bytes(grid, point, load.lanes, 1.0, sweeping,
                                                     PH_TASK_CHECKPOINT_SECONDS);
        cost.file_bytes += ensemble * (double)ph_point_state_bits(point) / 8.0;
        cost.file_bytes += ensemble * ph_states_bytes(grid, point);
        if (grid->trajectory)
            cost.file_bytes += ensemble * records * (4.0 * components + 4.0);
        if (grid->moments)
            cost.file_bytes += ensemble * components * (PH_MOMENT_WORDS + 2.0) * 8.0;
    }
    if (grid->trajectory) /* the coordinate, and the times of each point where they differ */
        cost.file_bytes += 8.0 * (double)grid->records_max *
                           (grid->records_vary ? 1.0 + (double)grid->points_count : 1.0);
    cost.file_bytes += 8.0 * (double)ph_grid_states(grid);
    if (ph_grid_is_given(grid)) /* the grid is in the file twice */
        cost.file_bytes += 2.0 * (double)strlen(grid->points[0].given);
    if (ph_grid_is_given(grid) && grid->points[0].data != NULL)
        cost.file_bytes += 2.0 * (double)strlen(grid->points[0].data);
    cost.memory_bytes = ph_memory_bytes(grid, threads);
    const double at_once = fmax(1.0, ph_split_pieces(grid, threads));
    cost.seconds /= at_once;
    cost.seconds_least /= at_once;
    if (grid->trajectory && grid->records_vary) { /* their times, compressed by one thread */
        const double times = 60e-9 * (double)grid->points_count * (double)grid->records_max;
        cost.seconds += times;
        cost.seconds_least += times;
    }
    return cost;
}

double ph_plan_disk(const ph_plan_t *self, const ph_grid_t *grid, uint32_t shards, double every)
{
    PH_FLOATING_GUARD();
    double bytes =
        ph_plan_cost(grid, 1).file_bytes / fmax(1.0, shards) + (double)strlen(grid->text);
    ph_load_t load;
    ph_load_init(&load, grid);
    for (size_t k = 0; k < self->count; k++) {
        const ph_task_t *task = &self->tasks[k];
        const ph_point_t *point = &grid->points[task->point];
        const double share = 1.0 - (double)task->sweep_from / (double)ph_point_total(point);
        ph_load_point(&load, ph_sampler(point->sampler), point);
        bytes += journal_bytes(grid, point, task->replicas, share, share * sweeping_seconds(&load),
                               every);
    }
    return bytes;
}
