/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/chain/block.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/floating.h"
#include "sim/chain/schedule.h"
#include "sim/model/recall.h"
#include "sim/model/segment.h"
#include "sim/model/starts.h"

static void count_rows(ph_block_t *self)
{
    size_t columns = (size_t)self->coupling.features;
    double self_sum = 0.0;
    for (size_t i = 0; i < (size_t)self->coupling.neurons; i++) {
        self_sum += self->coupling.self[i];
        for (size_t p = 0; p < columns; p++) {
            int32_t entry = self->coupling.phi[i * columns + p];
            if (self->coupling.equal_weights)
                self->squares[i] += entry * entry;
        }
        for (size_t mu = 0; mu < (size_t)self->patterns.patterns; mu++)
            self->pattern_norms[mu] +=
                self->patterns.entries[i * (size_t)self->patterns.patterns + mu] != 0;
    }
    self->self_mean = self_sum / (double)self->coupling.neurons;
}

/* sum_q |sum_i phi_ip phi_iq|, the largest over p. */
static double gershgorin(const ph_coupling_t *coupling)
{
    size_t features = (size_t)coupling->features;
    double largest = 0.0;
    for (size_t p = 0; p < features; p++) {
        double row = 0.0;
        for (size_t q = 0; q < features; q++) {
            int64_t sum = 0;
            for (size_t i = 0; i < (size_t)coupling->neurons; i++)
                sum += coupling->phi[i * features + p] * coupling->phi[i * features + q];
            row += (double)(sum < 0 ? -sum : sum);
        }
        largest = row > largest ? row : largest;
    }
    return largest;
}

/* An upper bound of |k| over sites and states, equal weights: min over two of them, the sum of the
 * entries' largest overlaps, and |phi_i| |O| with |O|^2 <= N lambda, lambda the largest eigenvalue
 * of phi^T phi by Gershgorin. */
static int64_t largest_field(const ph_block_t *self)
{
    enum { GERSHGORIN_MAX = 64 };
    const ph_coupling_t *coupling = &self->coupling;
    size_t features = (size_t)coupling->features;
    int64_t square = 0;
    for (size_t i = 0; i < (size_t)coupling->neurons; i++)
        square = self->squares[i] > square ? self->squares[i] : square;
    if (coupling->integer_bound > 1e9)
        return INT32_MAX;
    int64_t largest = (int64_t)coupling->integer_bound + square;
    if (largest <= INT16_MAX || features > GERSHGORIN_MAX)
        return largest;
    double other = sqrt((double)square * (double)coupling->neurons * gershgorin(coupling));
    int64_t bound = (int64_t)other + square + 2;
    return bound < largest ? bound : largest;
}

double ph_block_attempts(const ph_block_t *self)
{
    const ph_point_t *point = self->given_point;
    const double now = ph_schedule_noise(point, self->sweep);
    const double next = ph_schedule_noise(point, self->sweep + 1);
    const double sweeps = now < next || now > next ? 1.0 : (double)ph_point_total(point);
    return sweeps * (double)point->neurons;
}

/* The last one takes and counts all. */
static bool takes(const ph_kernel_t *const *kernel, const ph_block_t *block)
{
    const bool last = kernel[1] == NULL;
    return (last || block->records.accepted == NULL || kernel[0]->counts) &&
           (kernel[0]->fits == NULL || kernel[0]->fits(block));
}

/* The first kernel of the sampler that takes the block and is worth it. */
static const ph_kernel_t *best_kernel(const ph_block_t *self)
{
    const ph_kernel_t *const *kernel = self->sampler->kernels;
    while (kernel[1] != NULL &&
           ((kernel[0]->pays != NULL && !kernel[0]->pays(self)) || !takes(kernel, self)))
        kernel++;
    return *kernel;
}

int ph_block_init(ph_block_t *self, const ph_sampler_t *sampler, const ph_point_t *point,
                  uint64_t seed, uint32_t sample, uint32_t block, uint32_t lane_first,
                  uint32_t lanes)
{
    ph_sample_t drawn;
    memset(self, 0, sizeof(*self));
    if (point->neurons * point->patterns > INT32_MAX)
        return PH_ERR_LIMIT;
    const int status = ph_sample_draw(&drawn, point, seed, sample);
    return status == PH_OK
               ? ph_block_init_sample(self, sampler, point, seed, block, lane_first, lanes, &drawn)
               : status;
}

/* Room for the state and the overlaps of a block whose network is there. */
static int allocate(ph_block_t *self)
{
    const size_t neurons = (size_t)self->patterns.neurons, lanes = self->lanes;
    const bool learned = ph_rule_learns(self->point->rule);
    const size_t patterns = (size_t)self->patterns.patterns;
    self->pattern_norms = calloc(patterns, sizeof(*self->pattern_norms));
    self->squares = calloc(neurons, sizeof(*self->squares));
    self->spins = calloc(neurons, sizeof(*self->spins));
    self->overlaps = calloc((size_t)self->coupling.features * lanes, sizeof(*self->overlaps));
    if (learned)
        self->pattern_overlaps = calloc(patterns * lanes, sizeof(*self->pattern_overlaps));
    return self->pattern_norms == NULL || self->squares == NULL || self->spins == NULL ||
                   self->overlaps == NULL || (learned && self->pattern_overlaps == NULL)
               ? PH_ERR_MEMORY
               : PH_OK;
}

int ph_block_init_sample(ph_block_t *self, const ph_sampler_t *sampler, const ph_point_t *point,
                         uint64_t seed, uint32_t block, uint32_t lane_first, uint32_t lanes,
                         ph_sample_t *drawn)
{
    PH_FLOATING_GUARD();
    memset(self, 0, sizeof(*self));
    self->sampler = sampler;
    self->given_point = point;
    self->point_now = *point;
    self->point_now.noise = ph_schedule_noise(point, 0);
    self->point = point = &self->point_now;
    self->sample = drawn->patterns.sample;
    self->block = block;
    self->lane_first = lane_first;
    self->lanes = lanes;
    self->key = ph_stream_key(seed, point->identity);
    self->patterns = drawn->patterns;
    self->coupling = drawn->coupling;
    memset(drawn, 0, sizeof(*drawn));
    int status = self->coupling.overlap_bound > INT32_MAX ? PH_ERR_LIMIT : PH_OK;
    if (status == PH_OK)
        status = ph_decision_init(&self->decision, point, &self->coupling);
    if (status == PH_OK)
        status = allocate(self);
    if (status != PH_OK)
        goto out;
    for (size_t i = 0; i < (size_t)self->patterns.neurons; i++)
        self->spins[i] = ph_block_lanes_mask(self);
    count_rows(self);
    if (self->decision.integer &&
        (sampler->id == PH_SAMPLER_GLAUBER || sampler->id == PH_SAMPLER_METROPOLIS))
        self->largest_field = largest_field(self);
    self->kernel = best_kernel(self);
    status = self->kernel->prepare(self);
    if (status == PH_OK)
        ph_block_recount(self);
out:
    if (status != PH_OK)
        ph_block_free(self);
    return status;
}

static ph_records_view_t view_of(const ph_block_t *self)
{
    return (ph_records_view_t){
        self->point, &self->patterns, self->spins, self->lane_first, self->lanes, self->sweep,
    };
}

int ph_block_watch(ph_block_t *self, const ph_grid_t *grid)
{
    const ph_records_view_t view = view_of(self);
    int status = ph_records_init(&self->records, &view, grid);
    for (uint32_t l = 0; l < self->lanes; l++)
        self->targets[l] = ph_start_target(self->point, self->block * (uint32_t)grid->lanes +
                                                            self->lane_first + l);
    if (status != PH_OK || self->records.accepted == NULL)
        return status;
    status = ph_block_use(self, best_kernel(self)->name);
    self->forced = false;
    return status;
}

void ph_block_aim(ph_block_t *self, uint32_t lane, const uint8_t *bits)
{
    self->targets[lane] = ph_recall_nearest(&self->patterns, bits);
}

void ph_block_kernels(const ph_block_t *self, char *names, size_t size)
{
    const ph_kernel_t *const *kernel = self->sampler->kernels;
    size_t used = 0;
    names[0] = '\0';
    for (; *kernel != NULL && used < size; kernel++)
        if (takes(kernel, self))
            used += (size_t)snprintf(names + used, size - used, "%s%s", used > 0 ? ", " : "",
                                     (*kernel)->name);
}

void ph_block_free(ph_block_t *self)
{
    if (self->kernel != NULL)
        self->kernel->free(self);
    ph_patterns_free(&self->patterns);
    ph_coupling_free(&self->coupling);
    ph_decision_free(&self->decision);
    free(self->pattern_norms);
    free(self->squares);
    free(self->spins);
    free(self->overlaps);
    free(self->pattern_overlaps);
    ph_records_free(&self->records);
    memset(self, 0, sizeof(*self));
}

/* After a change of noise that failed the kernel has no state: the block stays as it was. */
void ph_block_bring_spins(ph_block_t *self)
{
    if (self->status == PH_OK && self->kernel->spins != NULL)
        self->kernel->spins(self);
}

bool ph_kernel_is(const ph_kernel_t *kernel, const char *asked)
{
    const size_t length = strlen(kernel->name), end = strlen(asked);
    return strcmp(kernel->name, asked) == 0 ||
           (length > end && kernel->name[length - end - 1] == '-' &&
            strcmp(kernel->name + length - end, asked) == 0);
}

int ph_block_use(ph_block_t *self, const char *kernel)
{
    PH_FLOATING_GUARD();
    const ph_kernel_t *const *row = self->sampler->kernels;
    while (*row != NULL && !(ph_kernel_is(*row, kernel) && takes(row, self)))
        row++;
    if (*row == NULL)
        return PH_ERR_INPUT;
    ph_block_bring_spins(self);
    self->kernel->free(self);
    self->kernel = *row;
    self->forced = true;
    int status = self->kernel->prepare(self);
    if (status == PH_OK)
        ph_block_recount(self);
    return status;
}

static int set_noise(ph_block_t *self, double noise);

void ph_block_start(ph_block_t *self)
{
    PH_FLOATING_GUARD();
    ph_start_fill(self->point, &self->patterns, self->key, self->sample, self->block,
                  ph_block_lanes_mask(self), self->spins);
    ph_block_begin(self);
}

void ph_block_begin(ph_block_t *self)
{
    PH_FLOATING_GUARD();
    self->sweep = 0;
    if (self->status != PH_OK) { /* a change of noise failed: the kernel is made anew */
        self->point_now.noise = NAN;
        self->status = set_noise(self, ph_schedule_noise(self->given_point, 0));
    }
    if (self->status != PH_OK)
        return;
    if (self->kernel->start != NULL)
        self->kernel->start(self);
    ph_block_recount(self);
}

void ph_block_set(ph_block_t *self, uint32_t lane, const uint8_t *bits)
{
    PH_FLOATING_GUARD();
    uint32_t place = self->lane_first + lane;
    for (size_t i = 0; i < (size_t)self->patterns.neurons; i++) {
        uint64_t up = (bits[i / 8] >> (i % 8)) & 1;
        self->spins[i] = (self->spins[i] & ~(UINT64_C(1) << place)) | up << place;
    }
}

void ph_block_load(ph_block_t *self, uint32_t lane, const uint8_t *bits)
{
    PH_FLOATING_GUARD();
    ph_block_set(self, lane, bits);
    if (self->kernel->load != NULL)
        self->kernel->load(self, lane, bits + ((size_t)self->patterns.neurons + 7) / 8);
}

void ph_block_save(ph_block_t *self, uint32_t lane, uint8_t *bits)
{
    ph_block_bring_spins(self);
    memset(bits, 0, ((size_t)self->patterns.neurons + 7) / 8);
    for (size_t i = 0; i < (size_t)self->patterns.neurons; i++)
        if (ph_block_spin(self, i, lane) > 0)
            bits[i / 8] = (uint8_t)(bits[i / 8] | (1u << (i % 8)));
    if (self->status == PH_OK && self->kernel->save != NULL)
        self->kernel->save(self, lane, bits + ((size_t)self->patterns.neurons + 7) / 8);
}

/* sums[feature][lane] = sum_i phi_i s_i. */
static void count_features(const ph_block_t *self, int32_t *sums)
{
    size_t features = (size_t)self->coupling.features, lanes = self->lanes;
    memset(sums, 0, features * lanes * sizeof(*sums));
    for (size_t i = 0; i < (size_t)self->coupling.neurons; i++) {
        int32_t spins[PH_MAX_LANES];
        for (uint32_t l = 0; l < lanes; l++)
            spins[l] = ph_block_spin(self, i, l);
        for (size_t p = 0; p < features; p++) {
            int32_t entry = self->coupling.phi[i * features + p];
            for (size_t l = 0; l < lanes; l++)
                sums[p * lanes + l] += entry * spins[l];
        }
    }
}

static void count_patterns(const ph_block_t *self, int32_t *sums)
{
    size_t patterns = (size_t)self->patterns.patterns, lanes = self->lanes;
    memset(sums, 0, patterns * lanes * sizeof(*sums));
    for (size_t i = 0; i < (size_t)self->patterns.neurons; i++) {
        int32_t spins[PH_MAX_LANES];
        for (uint32_t l = 0; l < lanes; l++)
            spins[l] = ph_block_spin(self, i, l);
        for (size_t mu = 0; mu < patterns; mu++) {
            int32_t entry = self->patterns.entries[i * patterns + mu];
            for (size_t l = 0; l < lanes; l++)
                sums[mu * lanes + l] += entry * spins[l];
        }
    }
}

void ph_block_recount(ph_block_t *self)
{
    PH_FLOATING_GUARD();
    count_features(self, self->overlaps);
    self->observed = false;
    const ph_records_view_t view = view_of(self);
    ph_records_before(&self->records, &view); /* of no sweep yet */
    if (self->kernel->gather != NULL)
        self->kernel->gather(self);
}

/* A kernel is made for one noise: another one begins anew from the same spins, with the best kernel
 * unless this one was asked for. */
static int set_noise(ph_block_t *self, double noise)
{
    if (self->point_now.noise == noise)
        return PH_OK;
    ph_block_bring_spins(self);
    self->kernel->free(self);
    ph_decision_free(&self->decision);
    self->point_now.noise = noise;
    int status = ph_decision_init(&self->decision, self->point, &self->coupling);
    if (status == PH_OK && !self->forced)
        self->kernel = best_kernel(self);
    else if (status == PH_OK && self->kernel->fits != NULL && !self->kernel->fits(self))
        return PH_ERR_INPUT;
    if (status == PH_OK)
        status = self->kernel->prepare(self);
    if (status == PH_OK)
        ph_block_recount(self);
    return status;
}

/* Whether there is a kernel for the next sweep, to which all is made ready. */
static bool before_sweep(ph_block_t *self)
{
    if (self->status == PH_OK)
        self->status = set_noise(self, ph_schedule_noise(self->given_point, self->sweep));
    if (self->status != PH_OK)
        return false;
    if (self->records.before != NULL)
        ph_block_bring_spins(self);
    const ph_records_view_t view = view_of(self);
    ph_records_before(&self->records, &view);
    return true;
}

static void after_sweep(ph_block_t *self)
{
    self->sweep++;
    self->observed = self->observed && self->status != PH_OK;
}

void ph_block_sweep(ph_block_t *self)
{
    PH_FLOATING_GUARD();
    if (before_sweep(self))
        self->kernel->sweep(self);
    after_sweep(self);
}

void ph_block_sweep_two(ph_block_t *a, ph_block_t *b)
{
    PH_FLOATING_GUARD();
    const bool ready_a = before_sweep(a), ready_b = before_sweep(b);
    const bool alike = ready_a && ready_b && a->kernel == b->kernel;
    if (!alike || a->kernel->in_step == NULL || !a->kernel->sweep_two(a, b)) {
        if (ready_a)
            a->kernel->sweep(a);
        if (ready_b)
            b->kernel->sweep(b);
    }
    after_sweep(a);
    after_sweep(b);
}

static void observe(ph_block_t *self)
{
    if (self->observed || self->status != PH_OK)
        return;
    if (self->kernel->overlaps != NULL)
        self->kernel->overlaps(self);
    if (self->pattern_overlaps != NULL && self->kernel->patterns != NULL) {
        self->kernel->patterns(self);
    } else if (self->pattern_overlaps != NULL) {
        ph_block_bring_spins(self);
        count_patterns(self, self->pattern_overlaps);
    }
    if (self->records.example_overlaps != NULL || self->records.replica_overlaps != NULL ||
        self->records.flips != NULL) {
        const ph_records_view_t view = view_of(self);
        ph_block_bring_spins(self);
        ph_records_observe(&self->records, &view);
    }
    self->observed = true;
}

int ph_block_check(ph_block_t *self)
{
    PH_FLOATING_GUARD();
    if (self->status != PH_OK)
        return self->status;
    size_t size = (size_t)self->coupling.features * self->lanes * sizeof(*self->overlaps);
    int32_t *recount = malloc(size);
    if (recount == NULL)
        return PH_ERR_MEMORY;
    observe(self);
    ph_block_bring_spins(self);
    count_features(self, recount);
    int status = memcmp(recount, self->overlaps, size) == 0 ? PH_OK : PH_ERR_NUMERIC;
    free(recount);
    return status;
}

size_t ph_block_scratch(const ph_block_t *self)
{
    return (size_t)(self->coupling.features +
                    self->patterns.patterns * (1 + self->records.examples)) +
           1;
}

void ph_block_measure(ph_block_t *self, const ph_grid_t *grid, uint32_t lane, int64_t *scratch,
                      double *out)
{
    PH_FLOATING_GUARD();
    size_t features = (size_t)self->coupling.features, patterns = (size_t)self->patterns.patterns;
    int64_t *pattern_overlaps = scratch;
    observe(self);
    for (size_t p = 0; p < features; p++)
        scratch[p] = self->overlaps[p * self->lanes + lane];
    if (self->pattern_overlaps != NULL) {
        pattern_overlaps = scratch + features;
        for (size_t mu = 0; mu < patterns; mu++)
            pattern_overlaps[mu] = self->pattern_overlaps[mu * self->lanes + lane];
    }
    ph_observation_t state = {.neurons = self->patterns.neurons,
                              .patterns = self->patterns.patterns,
                              .features = self->coupling.features,
                              .pattern_overlaps = pattern_overlaps,
                              .feature_overlaps = scratch,
                              .pattern_norms = self->pattern_norms,
                              .weights = self->coupling.weights,
                              .self_mean = self->self_mean,
                              .first = self->coupling.first,
                              .mean_scales = self->coupling.mean_scales,
                              .target = self->targets[lane],
                              .threshold = grid->recall_threshold};
    const ph_records_view_t view = view_of(self);
    ph_records_fill(&self->records, &view, lane, scratch + features + patterns, &state);
    if (self->status == PH_OK && self->kernel->fill != NULL)
        self->kernel->fill(self, lane, &state);
    for (int id = 0; id < ph_observables_count(); id++) {
        ph_observable_id_t observable = (ph_observable_id_t)id;
        if (!ph_observable_recorded(observable, grid))
            continue;
        ph_observable(observable)->measure(&state, out);
        out += ph_observable_components(observable, grid, self->patterns.patterns);
    }
}
