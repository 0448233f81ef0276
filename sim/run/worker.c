/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/worker.h"

#include <stdlib.h>
#include <string.h>

#include "base/floating.h"
#include "base/machine.h"
#include "sim/model/moments.h"
#include "sim/model/states.h"
#include "sim/model/until.h"
#include "sim/samplers/samplers.h"

/* How far a segment under way is filled. */
typedef struct {
    uint64_t records, states;
} filled_t;

enum { IN_STEP = 2 }; /* workers of one thread */

typedef struct {
    const ph_grid_t *grid;
    const ph_task_t *task;
    const ph_point_t *point;
    const ph_task_calls_t *calls;
    ph_ends_t *last;
    ph_block_t block;
    size_t components;
    size_t states;    /* recorded states of a chain */
    uint8_t *state;   /* [bytes of a chain's state], NULL where none are recorded */
    double *sums;     /* [replicas][components][PH_MOMENT_WORDS], NULL without moments */
    double *measured; /* [components] */
    int64_t *scratch; /* [ph_block_scratch()] */
    bool over;        /* no segment comes any more */
    bool open;        /* a segment is under way: */
    ph_segment_t segment;
    filled_t filled;
    uint64_t end;     /* its last sweep, unless it is handed on before */
    double handed_on; /* when the one before it was */
} worker_t;

static void worker_free(worker_t *self)
{
    ph_block_free(&self->block);
    free(self->state);
    free(self->sums);
    free(self->measured);
    free(self->scratch);
}

static int worker_init(worker_t *self, const ph_task_t *task, const ph_grid_t *grid,
                       const ph_task_calls_t *calls)
{
    self->grid = grid;
    self->task = task;
    self->point = &grid->points[task->point];
    self->calls = calls;
    self->components = ph_observables_total(grid, self->point->patterns);
    uint32_t lanes = (uint32_t)grid->lanes;
    int status = ph_block_init(&self->block, ph_sampler(self->point->sampler), self->point,
                               grid->seed, task->sample, task->replica_first / lanes,
                               task->replica_first % lanes, task->replicas);
    if (status == PH_OK)
        status = ph_block_watch(&self->block, grid);
    if (status == PH_OK && calls->kernel != NULL)
        status = ph_block_use(&self->block, calls->kernel);
    if (status != PH_OK)
        return status;
    self->states = (size_t)ph_states_until(grid, self->point, ph_point_total(self->point));
    if (self->states > 0)
        self->state = calloc(1, ph_segment_spin_bytes(ph_point_state_bits(self->point)));
    self->measured = calloc(self->components, sizeof(*self->measured));
    self->scratch = calloc(ph_block_scratch(&self->block), sizeof(*self->scratch));
    if (grid->moments)
        self->sums = calloc(task->replicas * self->components * PH_MOMENT_WORDS, sizeof(double));
    if (self->measured == NULL || self->scratch == NULL || (grid->moments && self->sums == NULL) ||
        (self->states > 0 && self->state == NULL))
        status = PH_ERR_MEMORY;
    return status;
}

void ph_ends_free(ph_ends_t *self)
{
    free(self->spins);
    memset(self, 0, sizeof(*self));
}

/* The last state of a chain in the block, for the one that is to follow it. */
static uint8_t *last_of(const worker_t *self, uint32_t lane)
{
    return self->last->spins + lane * ph_segment_spin_bytes((uint64_t)self->point->neurons);
}

/* The start of chains that follow others: the last states of these, from this call or saved. */
static int follow(worker_t *self)
{
    const uint32_t first = self->block.lane_first;
    const size_t bytes = ph_segment_spin_bytes((uint64_t)self->point->neurons);
    ph_task_t before = *self->task;
    uint8_t *saved = malloc(bytes);
    int status = saved == NULL ? PH_ERR_MEMORY : PH_OK;
    before.point = (size_t)(self->point->before - self->grid->points);
    for (uint32_t l = 0; l < self->task->replicas && status == PH_OK; l++) {
        const bool here = self->last != NULL && self->last->of[first + l] == self->point->before;
        if (!here)
            status = self->calls->state(self->calls->context, &before,
                                        self->task->replica_first + l, NULL, saved);
        if (status == PH_OK)
            ph_block_set(&self->block, l, here ? last_of(self, first + l) : saved);
    }
    free(saved);
    if (status == PH_OK)
        ph_block_begin(&self->block);
    return status;
}

/* Keeps the last states of chains that are done. */
static int leave(worker_t *self)
{
    ph_ends_t *last = self->last;
    const size_t bytes = ph_segment_spin_bytes((uint64_t)self->point->neurons);
    if (last->spins == NULL)
        last->spins = calloc(PH_MAX_LANES, bytes);
    if (last->spins == NULL)
        return PH_ERR_MEMORY;
    for (uint32_t l = 0; l < self->task->replicas; l++) {
        const uint32_t lane = self->block.lane_first + l;
        ph_block_save(&self->block, l, last_of(self, lane));
        last->of[lane] = self->point;
    }
    return PH_OK;
}

/* Puts the block where its chains stand: into the start, or back into the saved states. */
static int take_up(worker_t *self)
{
    const bool begins = self->task->sweep_from == 0,
               from_file = ph_start_facts(self->point->start)->spins == PH_SPINS_OF_FILE;
    if (begins && self->point->before != NULL)
        return follow(self);
    if (begins && !from_file) {
        ph_block_start(&self->block);
        return PH_OK;
    }
    uint8_t *spins = malloc(ph_segment_spin_bytes(ph_point_state_bits(self->point)));
    int status = spins == NULL ? PH_ERR_MEMORY : PH_OK;
    for (uint32_t l = 0; begins && l < self->task->replicas && status == PH_OK; l++) {
        status = self->calls->start(self->calls->context, self->task, self->task->replica_first + l,
                                    spins);
        if (status == PH_OK)
            ph_block_set(&self->block, l, spins);
    }
    for (uint32_t l = 0; !begins && l < self->task->replicas && status == PH_OK; l++) {
        double *sums =
            self->sums != NULL ? self->sums + l * self->components * PH_MOMENT_WORDS : NULL;
        status = self->calls->state(self->calls->context, self->task, self->task->replica_first + l,
                                    sums, spins);
        if (status == PH_OK)
            ph_block_load(&self->block, l, spins);
    }
    free(spins);
    self->block.sweep = self->task->sweep_from;
    if (begins)
        ph_block_begin(&self->block);
    else
        ph_block_recount(&self->block);
    return status;
}

/* Chains from a file are to recall the pattern nearest to their cue: also where they go on. */
static int aim(worker_t *self)
{
    uint8_t *cue = malloc(ph_segment_spin_bytes((uint64_t)self->point->neurons));
    int status = cue == NULL ? PH_ERR_MEMORY : PH_OK;
    for (uint32_t l = 0; l < self->task->replicas && status == PH_OK; l++) {
        status = self->calls->start(self->calls->context, self->task, self->task->replica_first + l,
                                    cue);
        if (status == PH_OK)
            ph_block_aim(&self->block, l, cue);
    }
    free(cue);
    return status;
}

static void record(worker_t *self)
{
    ph_segment_t *segment = &self->segment;
    const uint64_t records = self->filled.records++, number = segment->record_first + records;
    for (uint32_t l = 0; l < segment->replicas; l++) {
        ph_block_measure(&self->block, self->grid, l, self->scratch, self->measured);
        if (segment->series != NULL)
            memcpy(segment->series + (l * segment->records + records) * self->components,
                   self->measured, self->components * sizeof(double));
        for (size_t c = 0; self->sums != NULL && c < self->components; c++)
            ph_moments_add(self->sums + (l * self->components + c) * PH_MOMENT_WORDS, number,
                           self->measured[c]);
    }
}

/* Records and states whose time is now. */
static void keep(worker_t *self)
{
    ph_segment_t *segment = &self->segment;
    filled_t *filled = &self->filled;
    const uint64_t burn_in = (uint64_t)self->point->burn_in, now = self->block.sweep;
    const size_t bytes = (size_t)segment->states_bytes;
    const uint64_t next = segment->states_first + filled->states;
    if (now < burn_in)
        return;
    if ((now - burn_in) % (uint64_t)self->point->record_every == 0)
        record(self);
    if (next >= self->states || ph_grid_state_time(self->grid, (size_t)next) != now - burn_in)
        return;
    for (size_t l = 0; l < segment->replicas; l++) {
        ph_block_save(&self->block, (uint32_t)l, self->state);
        memcpy(segment->states +
                   (l * (size_t)segment->states_count + (size_t)filled->states) * bytes,
               self->state, bytes);
    }
    filled->states++;
}

/* A segment handed on early has fewer states, and fewer records, than there is room for: close the
 * gaps. */
static void close_states(ph_segment_t *segment, uint64_t states)
{
    const size_t wide = (size_t)(segment->states_count * segment->states_bytes);
    const size_t used = (size_t)(states * segment->states_bytes);
    for (uint32_t l = 1; segment->states != NULL && l < segment->replicas; l++)
        memmove(segment->states + l * used, segment->states + l * wide, used);
    segment->states_count = states;
}

static void close_records(ph_segment_t *segment, uint64_t records)
{
    size_t wide = (size_t)(segment->records * segment->components);
    size_t used = (size_t)(records * segment->components);
    for (uint32_t l = 1; segment->series != NULL && l < segment->replicas; l++)
        memmove(segment->series + l * used, segment->series + l * wide, used * sizeof(double));
    segment->records = records;
}

static int hand_on(worker_t *self)
{
    ph_segment_t *segment = &self->segment;
    int status = ph_block_check(&self->block);
    if (status != PH_OK)
        return status;
    close_records(segment, self->filled.records);
    close_states(segment, self->filled.states);
    segment->sweep_to = self->block.sweep;
    for (uint32_t l = 0; l < segment->replicas; l++)
        ph_block_save(&self->block, l,
                      segment->spins + l * ph_segment_spin_bytes(segment->state_bits));
    if (segment->sums != NULL)
        memcpy(segment->sums, self->sums,
               segment->replicas * self->components * PH_MOMENT_WORDS * sizeof(double));
    return self->calls->hand_on(self->calls->context, self->task, segment);
}

/* Last sweep of a segment from `from` whose states fit into PH_TASK_SERIES_BYTES, or one does. */
static uint64_t states_end(const worker_t *self, uint64_t from)
{
    const uint64_t first = ph_states_first(self->grid, self->point, from);
    const uint64_t bytes = self->task->replicas * (uint64_t)ph_point_spin_bytes(self->point);
    const uint64_t room = PH_TASK_SERIES_BYTES / bytes + 1;
    if (self->states <= first + room)
        return UINT64_MAX;
    const uint64_t end =
        (uint64_t)self->point->burn_in + ph_grid_state_time(self->grid, (size_t)(first + room)) - 1;
    return end > from ? end : from + 1;
}

/* The same for its records, and at most the next time to decide: what is decided by is recorded. */
static uint64_t records_end(const worker_t *self, uint64_t from)
{
    uint64_t total = ph_until_next(self->point, from);
    uint64_t row = self->task->replicas * self->components * sizeof(double);
    uint64_t room = PH_TASK_SERIES_BYTES / row + 1, every = (uint64_t)self->point->record_every;
    uint64_t burn_in = (uint64_t)self->point->burn_in;
    uint64_t base = from > burn_in ? from : burn_in;
    return total - base > room * every ? base + room * every : total;
}

static int open_segment(worker_t *self)
{
    const uint64_t from = self->block.sweep, records = records_end(self, from);
    const uint64_t states = states_end(self, from);
    self->end = records < states ? records : states;
    self->filled = (filled_t){0, 0};
    int status = ph_segment_init(&self->segment, self->grid, self->point, self->task->sample,
                                 self->task->replica_first, self->task->replicas, from, self->end);
    if (status == PH_OK)
        status = ph_segment_add_states(&self->segment, self->grid, self->point);
    if (status != PH_OK) {
        ph_segment_free(&self->segment);
        return status;
    }
    self->open = true;
    self->handed_on = ph_machine_clock();
    if (from == 0)
        keep(self);
    return PH_OK;
}

/* Keeps what is due after a sweep; whether the segment ends here. */
static bool swept(worker_t *self)
{
    const double updates = (double)self->point->neurons * self->task->replicas;
    keep(self);
    return self->calls->swept(self->calls->context, updates,
                              ph_machine_clock() - self->handed_on) ||
           self->block.sweep >= self->end;
}

static int close_segment(worker_t *self)
{
    const int status = self->block.sweep > self->segment.sweep_from ? hand_on(self) : PH_OK;
    self->open = false;
    ph_segment_free(&self->segment);
    return status;
}

/* Whether the block ends here by dynamics.until. */
static bool ends(const worker_t *self)
{
    const uint64_t now = self->block.sweep;
    if (!ph_grid_has_until(self->grid) || !ph_until_decides(self->point, now))
        return false;
    if (ph_until_judge(self->grid, self->point, now, self->task->replicas, self->sums).end ==
        PH_UNTIL_GOES_ON)
        return false;
    if (self->calls->ended != NULL)
        self->calls->ended(self->calls->context, (double)(ph_point_total(self->point) - now) *
                                                     (double)self->point->neurons *
                                                     self->task->replicas);
    return true;
}

/* Whatever comes before the first sweep. */
static int begin(worker_t *self, const ph_task_t *task, const ph_grid_t *grid,
                 const ph_task_calls_t *calls, ph_ends_t *last)
{
    int status = worker_init(self, task, grid, calls);
    self->last = last;
    if (status == PH_OK)
        status = take_up(self);
    return status == PH_OK && grid->aims && ph_point_aims(self->point) ? aim(self) : status;
}

/* Sees to it that a segment is under way if there are sweeps to be done. */
static int ready(worker_t *self)
{
    if (self->open || self->over)
        return PH_OK;
    self->over = self->block.sweep >= ph_point_total(self->point) || ends(self) ||
                 self->calls->stopped(self->calls->context);
    return self->over ? PH_OK : open_segment(self);
}

/* One sweep of each that has any to do, in step where that is two. False: none has. */
static int step(worker_t *workers, size_t count, bool *any)
{
    worker_t *going[IN_STEP];
    bool end[IN_STEP];
    size_t going_count = 0;
    int status = PH_OK;
    for (size_t w = 0; w < count && status == PH_OK; w++) {
        status = ready(&workers[w]);
        if (workers[w].open)
            going[going_count++] = &workers[w];
    }
    *any = going_count > 0;
    if (status != PH_OK || !*any)
        return status;
    if (going_count == IN_STEP)
        ph_block_sweep_two(&going[0]->block, &going[1]->block);
    else
        ph_block_sweep(&going[0]->block);
    for (size_t w = 0; w < going_count; w++)
        end[w] = swept(going[w]);
    for (size_t w = 0; w < going_count && status == PH_OK; w++)
        status = end[w] ? close_segment(going[w]) : PH_OK;
    return status;
}

int ph_task_run(const ph_task_t *task, const ph_task_t *beside, const ph_grid_t *grid,
                const ph_task_calls_t *calls, ph_ends_t *last)
{
    PH_FLOATING_GUARD();
    worker_t workers[IN_STEP];
    const size_t count = beside != NULL ? IN_STEP : 1;
    memset(workers, 0, sizeof(workers));
    int status = begin(&workers[0], task, grid, calls, last);
    if (status == PH_OK && beside != NULL)
        status = begin(&workers[1], beside, grid, calls, last);
    for (bool any = true; any && status == PH_OK;)
        status = step(workers, count, &any);
    for (size_t w = 0; w < count; w++) /* one failed: what the other has is kept */
        if (workers[w].open)
            close_segment(&workers[w]);
    for (size_t w = 0; w < count; w++) {
        const worker_t *self = &workers[w];
        if (status == PH_OK && self->point->followed &&
            self->block.sweep >= ph_point_total(self->point))
            status = leave(&workers[w]);
        worker_free(&workers[w]);
    }
    return status;
}
