/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api/chain_private.h"

#include <polyhebb/chain.h>

#include <stdlib.h>
#include <string.h>

#include "api/entry_private.h"
#include "base/machine.h"
#include "params/words.h"
#include "sim/model/segment.h"
#include "sim/run/startfile.h"

static size_t state_bytes(const ph_chain_t *self)
{
    return ph_segment_spin_bytes(ph_point_state_bits(&self->point));
}

/* The block of a replica, and its lane in there. */
static ph_block_t *block_of(const ph_chain_t *self, size_t replica, uint32_t *lane)
{
    const size_t lanes = (size_t)self->grid->lanes, number = self->first + replica;
    ph_block_t *block = &self->blocks[number / lanes - self->first / lanes];
    *lane = (uint32_t)(number % lanes) - block->lane_first;
    return block;
}

/* The states that start `file` gives, for ph_chain_start(). */
static int read_start(ph_chain_t *self, ph_report_t *report)
{
    ph_startfile_t file;
    int status = ph_startfile_open(&file, self->grid, report);
    self->start = malloc(self->replicas * state_bytes(self));
    if (status == PH_OK && self->start == NULL)
        status = ph_fail(report, PH_ERR_MEMORY, "no memory for %u states", self->replicas);
    for (uint32_t r = 0; r < self->replicas && status == PH_OK; r++)
        status = ph_startfile_spins(&file, &self->point, self->sample, self->first + r,
                                    self->start + r * state_bytes(self), report);
    ph_startfile_close(&file);
    return status;
}

/* Sets up block b; with patterns of the caller's from them, else from the grid's sample. */
static int init_block(ph_chain_t *self, size_t b, const ph_patterns_t *patterns,
                      const double *weights)
{
    const uint32_t lanes = (uint32_t)self->grid->lanes, end = self->first + self->replicas;
    const uint32_t block = self->first / lanes + (uint32_t)b;
    const uint32_t from = b == 0 ? self->first : block * lanes;
    const uint32_t to = end - block * lanes < lanes ? end : (block + 1) * lanes;
    const ph_sampler_t *sampler = ph_sampler(self->point.sampler);
    ph_sample_t given;
    int status = PH_OK;
    if (patterns == NULL)
        status = ph_block_init(&self->blocks[b], sampler, &self->point, self->grid->seed,
                               self->sample, block, from % lanes, to - from);
    else
        status = ph_chain_give(&given, &self->point, patterns, weights);
    if (status == PH_OK && patterns != NULL)
        status = ph_block_init_sample(&self->blocks[b], sampler, &self->point, self->grid->seed,
                                      block, from % lanes, to - from, &given);
    return status == PH_OK ? ph_block_watch(&self->blocks[b], self->grid) : status;
}

/* Room for a measurement of one replica. */
static int init_scratch(ph_chain_t *self)
{
    self->components = ph_observables_total(self->grid, self->point.patterns);
    self->measured = calloc(self->components, sizeof(*self->measured));
    self->scratch = calloc(ph_block_scratch(&self->blocks[0]), sizeof(*self->scratch));
    return self->measured == NULL || self->scratch == NULL ? PH_ERR_MEMORY : PH_OK;
}

/* A list of targets is of the grid's replicas, of which there may be more here. */
static int check_targets(const ph_chain_t *self, ph_report_t *report)
{
    const size_t targets = self->point.start_targets.count;
    if (targets <= 1 || (size_t)self->first + self->replicas <= targets)
        return PH_OK;
    return ph_fail(report, PH_ERR_INPUT,
                   "%u replicas from %u on, but dynamics.start_targets has patterns for %zu",
                   self->replicas, self->first, targets);
}

int ph_chain_init(ph_chain_t *self, const ph_patterns_t *patterns, const double *weights,
                  ph_report_t *report)
{
    const uint32_t lanes = (uint32_t)self->grid->lanes;
    const size_t count = (self->first + self->replicas - 1) / lanes - self->first / lanes + 1;
    int status = PH_OK;
    if (ph_start_facts(self->point.start)->spins == PH_SPINS_OF_FILE) {
        status = check_targets(self, report);
        status = status == PH_OK ? read_start(self, report) : status;
    }
    if (status != PH_OK)
        return status;
    self->blocks = calloc(count, sizeof(*self->blocks));
    status = self->blocks == NULL ? PH_ERR_MEMORY : PH_OK;
    for (size_t b = 0; b < count && status == PH_OK; b++) {
        status = init_block(self, b, patterns, weights);
        self->blocks_count += status == PH_OK;
    }
    if (status == PH_OK)
        status = init_scratch(self);
    if (status != PH_OK)
        return ph_fail(report, status,
                       status == PH_ERR_LIMIT
                           ? "a network of %lld neurons and %lld patterns is too large, or learns "
                             "from too many examples"
                           : "no memory for a network of %lld neurons and %lld patterns",
                       (long long)self->point.neurons, (long long)self->point.patterns);
    return ph_chain_start(self, report);
}

/* Which of a grid's chains there can be. */
static int check_numbers(const ph_grid_t *grid, size_t point, uint32_t sample,
                         uint32_t replica_first, uint32_t replicas, ph_report_t *report)
{
    const uint32_t largest = INT32_MAX;
    if (point >= grid->points_count)
        return ph_fail(report, PH_ERR_INPUT, "there is no point %zu: the grid has %zu", point,
                       grid->points_count);
    if (grid->points[point].before != NULL)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "point %zu follows another (dynamics.follow), expected one that begins at "
                       "its start; run the grid into a file",
                       point);
    if (replicas == 0 || sample > largest || replica_first > largest ||
        replicas > largest - replica_first)
        return ph_fail(report, PH_ERR_INPUT,
                       "sample %u, %u replicas from %u on: expected at least one replica and "
                       "numbers below 2^31",
                       sample, replicas, replica_first);
    return PH_OK;
}

int ph_chain_new(ph_chain_t **chain, const ph_grid_t *grid, size_t point, uint32_t sample,
                 uint32_t replica_first, uint32_t replicas, ph_report_t *report)
{
    PH_ENTRY();
    *chain = NULL;
    int status = check_numbers(grid, point, sample, replica_first, replicas, report);
    if (status != PH_OK)
        return status;
    ph_chain_t *self = calloc(1, sizeof(*self));
    if (self == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for chains");
    self->grid = grid;
    self->point = grid->points[point];
    self->sample = sample;
    self->first = replica_first;
    self->replicas = replicas;
    status = ph_chain_init(self, NULL, NULL, report);
    if (status == PH_OK)
        *chain = self;
    else
        ph_chain_delete(self);
    return status;
}

void ph_chain_delete(ph_chain_t *self)
{
    if (self == NULL)
        return;
    for (size_t b = 0; b < self->blocks_count; b++)
        ph_block_free(&self->blocks[b]);
    free(self->blocks);
    free(self->start);
    free(self->measured);
    free(self->scratch);
    ph_grid_delete(self->own);
    free(self);
}

/* What the last change of noise came to. */
static int conclude(const ph_chain_t *self, ph_report_t *report)
{
    for (size_t b = 0; b < self->blocks_count; b++)
        if (self->blocks[b].status != PH_OK)
            return ph_fail(report, self->blocks[b].status,
                           "the noise of sweep %llu could not be set",
                           (unsigned long long)self->blocks[b].sweep);
    return PH_OK;
}

static void begin(ph_chain_t *self)
{
    for (size_t b = 0; b < self->blocks_count; b++)
        ph_block_begin(&self->blocks[b]);
}

int ph_chain_start(ph_chain_t *self, ph_report_t *report)
{
    PH_ENTRY();
    for (size_t b = 0; b < self->blocks_count && self->start == NULL; b++)
        ph_block_start(&self->blocks[b]);
    for (size_t r = 0; r < self->replicas && self->start != NULL; r++) {
        uint32_t lane;
        ph_block_t *block = block_of(self, r, &lane);
        ph_block_set(block, lane, self->start + r * state_bytes(self));
        if (self->grid->aims)
            ph_block_aim(block, lane, self->start + r * state_bytes(self));
    }
    if (self->start != NULL)
        begin(self);
    return conclude(self, report);
}

int ph_chain_start_from(ph_chain_t *self, const int8_t *spins, ph_report_t *report)
{
    PH_ENTRY();
    const size_t neurons = (size_t)self->point.neurons;
    for (size_t i = 0; i < self->replicas * neurons; i++)
        if (spins[i] != 1 && spins[i] != -1)
            return ph_fail(report, PH_ERR_INPUT, "spin %zu of replica %zu is %d, expected -1 or 1",
                           i % neurons, i / neurons, spins[i]);
    uint8_t *bits = malloc((neurons + 7) / 8);
    if (bits == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for a state");
    for (size_t r = 0; r < self->replicas; r++) {
        uint32_t lane;
        ph_block_t *block = block_of(self, r, &lane);
        memset(bits, 0, (neurons + 7) / 8);
        for (size_t i = 0; i < neurons; i++)
            if (spins[r * neurons + i] > 0)
                bits[i / 8] = (uint8_t)(bits[i / 8] | 1u << i % 8);
        ph_block_set(block, lane, bits);
    }
    free(bits);
    begin(self);
    return conclude(self, report);
}

int ph_chain_sweep(ph_chain_t *self, uint64_t sweeps, ph_report_t *report)
{
    PH_ENTRY();
    const int count = (int)self->blocks_count;
    /* Threads are begun for 10^6 updates and more. */
    const double updates = (double)sweeps * (double)self->point.neurons * self->replicas;
    const bool shared = count > 1 && updates > 1e6;
    const int threads = shared ? (int)ph_machine_threads(0).value : 1;
#pragma omp parallel for schedule(dynamic) num_threads(threads) if (shared)
    for (int b = 0; b < count; b++)
        for (uint64_t t = 0; t < sweeps; t++)
            ph_block_sweep(&self->blocks[b]);
    return conclude(self, report);
}

uint64_t ph_chain_time(const ph_chain_t *self)
{
    return self->blocks[0].sweep;
}

uint32_t ph_chain_replicas(const ph_chain_t *self)
{
    return self->replicas;
}

int64_t ph_chain_neurons(const ph_chain_t *self)
{
    return self->point.neurons;
}

int64_t ph_chain_patterns(const ph_chain_t *self)
{
    return self->point.patterns;
}

const char *ph_chain_sampler(const ph_chain_t *self)
{
    return PH_SAMPLER_WORDS.words[self->point.sampler];
}

void ph_chain_entries(const ph_chain_t *self, int8_t *entries)
{
    memcpy(entries, self->blocks[0].patterns.entries,
           (size_t)(self->point.neurons * self->point.patterns));
}

/* Components from `offset` on of all replicas, out[replicas][count]. */
static void measure(ph_chain_t *self, size_t offset, size_t count, double *out)
{
    for (size_t r = 0; r < self->replicas; r++) {
        uint32_t lane;
        ph_block_t *block = block_of(self, r, &lane);
        ph_block_measure(block, self->grid, lane, self->scratch, self->measured);
        memcpy(out + r * count, self->measured + offset, count * sizeof(*out));
    }
}

static void measure_all(ph_chain_t *self, ph_observable_id_t id, double *out)
{
    const int64_t patterns = self->point.patterns;
    measure(self, ph_observable_offset(id, self->grid, patterns),
            ph_observable_components(id, self->grid, patterns), out);
}

void ph_chain_overlaps(ph_chain_t *self, double *overlaps)
{
    PH_ENTRY();
    measure_all(self, PH_OBS_MAGNETIZATION, overlaps);
}

void ph_chain_energies(ph_chain_t *self, double *energies)
{
    PH_ENTRY();
    measure_all(self, PH_OBS_ENERGY, energies);
}

/* The observable of that name, if it is recorded; else ph_observables_count(). */
static ph_observable_id_t find(const ph_chain_t *self, const char *name)
{
    int id = 0;
    while (id < ph_observables_count() &&
           (strcmp(ph_observable_name((ph_observable_id_t)id), name) != 0 ||
            !ph_observable_recorded((ph_observable_id_t)id, self->grid)))
        id++;
    return (ph_observable_id_t)id;
}

size_t ph_chain_observable_size(const ph_chain_t *self, const char *observable)
{
    const ph_observable_id_t id = find(self, observable);
    return (int)id < ph_observables_count()
               ? ph_observable_components(id, self->grid, self->point.patterns)
               : 0;
}

int ph_chain_observable(ph_chain_t *self, const char *observable, double *values,
                        ph_report_t *report)
{
    PH_ENTRY();
    const ph_observable_id_t id = find(self, observable);
    if ((int)id == ph_observables_count())
        return ph_fail(
            report, PH_ERR_INPUT,
            "'%s' is not recorded: no observable of that name, or its key under 'record' "
            "is not set",
            observable);
    measure_all(self, id, values);
    return PH_OK;
}

void ph_chain_spins(ph_chain_t *self, int8_t *spins)
{
    PH_ENTRY();
    const size_t neurons = (size_t)self->point.neurons;
    for (size_t r = 0; r < self->replicas; r++) {
        uint32_t lane;
        ph_block_t *block = block_of(self, r, &lane);
        ph_block_bring_spins(block);
        for (size_t i = 0; i < neurons; i++)
            spins[r * neurons + i] = (int8_t)ph_block_spin(block, i, lane);
    }
}

size_t ph_chain_state_size(const ph_chain_t *self)
{
    return self->replicas * state_bytes(self);
}

void ph_chain_save(ph_chain_t *self, void *state)
{
    PH_ENTRY();
    for (size_t r = 0; r < self->replicas; r++) {
        uint32_t lane;
        ph_block_t *block = block_of(self, r, &lane);
        ph_block_save(block, lane, (uint8_t *)state + r * state_bytes(self));
    }
}

int ph_chain_load(ph_chain_t *self, const void *state, uint64_t time, ph_report_t *report)
{
    PH_ENTRY();
    const int status = conclude(self, report);
    if (status != PH_OK)
        return status;
    for (size_t r = 0; r < self->replicas; r++) {
        uint32_t lane;
        ph_block_t *block = block_of(self, r, &lane);
        ph_block_load(block, lane, (const uint8_t *)state + r * state_bytes(self));
    }
    for (size_t b = 0; b < self->blocks_count; b++) {
        self->blocks[b].sweep = time;
        ph_block_recount(&self->blocks[b]);
    }
    return conclude(self, report);
}
