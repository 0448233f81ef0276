/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/estimate/laststate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/model/dataset.h"
#include "sim/model/moments.h"
#include "sim/model/sample.h"
#include "sim/model/starts.h"

/* A sample's network, and room for the overlaps of one state with it. */
typedef struct {
    const ph_grid_t *grid;
    const ph_point_t *point;
    const ph_segment_t *segment;
    ph_sample_t drawn;
    size_t examples;  /* of each pattern, whose overlaps are recorded */
    int16_t *entries; /* [patterns * examples] of one neuron */
    int64_t *norms, *pattern_overlaps, *feature_overlaps, *example_overlaps;
    double self_mean;
} network_t;

bool ph_point_settles(const ph_point_t *point)
{
    return point->noise == 0.0;
}

bool ph_observable_counts(ph_observable_id_t id)
{
    return ph_observable(id)->last == PH_LAST_COUNTED;
}

static const uint8_t *state_of(const ph_segment_t *segment, size_t r)
{
    return segment->spins + r * ph_segment_spin_bytes(segment->state_bits);
}

/* The last 8 bytes that a sampler keeps with its state. */
static uint64_t kept_word(const ph_segment_t *segment, size_t r)
{
    const uint8_t *end = state_of(segment, r + 1);
    uint64_t word = 0;
    for (int b = 1; b <= 8; b++)
        word = word << 8 | end[-b];
    return word;
}

bool ph_last_moving(const ph_point_t *point, const ph_segment_t *segment, size_t r)
{
    return ph_sampler_has(point->sampler, PH_TRAIT_FREEZES) && kept_word(segment, r) == 0;
}

double ph_last_count(const ph_point_t *point, const ph_segment_t *segment, size_t r)
{
    if (ph_point_extra_bytes(point) < 8)
        return (double)NAN; /* its sampler does not count */
    if (ph_last_moving(point, segment, r))
        return (double)segment->sweep_to;
    const double word = (double)kept_word(segment, r);
    return ph_sampler_has(point->sampler, PH_TRAIT_FREEZES) ? word - 1.0 : word;
}

static void network_free(network_t *self)
{
    ph_sample_free(&self->drawn);
    free(self->entries);
    free(self->norms);
    free(self->pattern_overlaps);
    free(self->feature_overlaps);
    free(self->example_overlaps);
}

static int network_init(network_t *self, const ph_grid_t *grid, const ph_point_t *point,
                        const ph_segment_t *segment)
{
    const size_t patterns = (size_t)point->patterns;
    *self = (network_t){.grid = grid, .point = point, .segment = segment};
    if (ph_rule_learns(point->rule))
        self->examples = (size_t)grid->example_overlaps;
    int status = ph_sample_draw(&self->drawn, point, grid->seed, segment->sample);
    if (status != PH_OK)
        return status;
    const size_t columns = patterns * self->examples;
    self->norms = calloc(patterns, sizeof(*self->norms));
    self->pattern_overlaps = calloc(patterns, sizeof(*self->pattern_overlaps));
    self->feature_overlaps =
        calloc((size_t)self->drawn.coupling.features, sizeof(*self->feature_overlaps));
    self->example_overlaps = calloc(columns + 1, sizeof(*self->example_overlaps));
    self->entries = calloc(columns + 1, sizeof(*self->entries));
    if (self->norms == NULL || self->pattern_overlaps == NULL || self->feature_overlaps == NULL ||
        self->example_overlaps == NULL || self->entries == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; i < (size_t)point->neurons; i++) {
        self->self_mean += self->drawn.coupling.self[i];
        for (size_t mu = 0; mu < patterns; mu++)
            self->norms[mu] += self->drawn.patterns.entries[i * patterns + mu] != 0;
    }
    self->self_mean /= (double)point->neurons;
    return PH_OK;
}

static int spin(const uint8_t *state, size_t i)
{
    return (state[i / 8] >> (i % 8) & 1) != 0 ? 1 : -1;
}

static void count_overlaps(network_t *self, const uint8_t *state)
{
    const size_t patterns = (size_t)self->point->patterns;
    const size_t features = (size_t)self->drawn.coupling.features, count = self->examples;
    memset(self->pattern_overlaps, 0, patterns * sizeof(*self->pattern_overlaps));
    memset(self->feature_overlaps, 0, features * sizeof(*self->feature_overlaps));
    memset(self->example_overlaps, 0, patterns * count * sizeof(*self->example_overlaps));
    for (size_t i = 0; i < (size_t)self->point->neurons; i++) {
        const int s = spin(state, i);
        for (size_t mu = 0; mu < patterns; mu++)
            self->pattern_overlaps[mu] += s * self->drawn.patterns.entries[i * patterns + mu];
        for (size_t p = 0; p < features; p++)
            self->feature_overlaps[p] += s * self->drawn.coupling.phi[i * features + p];
        for (size_t mu = 0; mu < patterns && count > 0; mu++) {
            ph_dataset_entries(self->point, &self->drawn.patterns, (int64_t)i, (int64_t)mu, 0,
                               (int64_t)count, self->entries);
            for (size_t a = 0; a < count; a++)
                self->example_overlaps[mu * count + a] += s * self->entries[a];
        }
    }
}

/* With its partner among the lanes of its block, where the segment has it: false where not. */
static bool count_pair(const network_t *self, size_t r, int64_t *overlap)
{
    const size_t lanes = self->grid->lanes > 0 ? (size_t)self->grid->lanes : 1;
    const size_t replica = self->segment->replica_first + r, block = replica - replica % lanes;
    const size_t partner = block + ((replica - block) ^ 1U);
    if (partner < self->segment->replica_first || partner >= block + lanes ||
        partner >= self->segment->replica_first + (size_t)self->segment->replicas)
        return false;
    const uint8_t *one = state_of(self->segment, r),
                  *two = state_of(self->segment, partner - self->segment->replica_first);
    *overlap = 0;
    for (size_t i = 0; i < (size_t)self->point->neurons; i++)
        *overlap += spin(one, i) * spin(two, i);
    return true;
}

bool ph_last_target(const ph_grid_t *grid, const ph_point_t *point, const ph_segment_t *segment,
                    size_t r, int64_t *target)
{
    *target = ph_start_target(point, segment->replica_first + (uint32_t)r);
    if (!grid->aims || !ph_point_aims(point))
        return true;
    const size_t width = (size_t)segment->components, records = (size_t)segment->records;
    const size_t at = ph_observable_offset(PH_OBS_RECALL_TARGET, grid, point->patterns);
    double number = (double)NAN; /* of all records the same */
    if (segment->series != NULL && records > 0)
        number = segment->series[r * records * width + at];
    else if (segment->sums != NULL) {
        const double *sums = segment->sums + (r * width + at) * PH_MOMENT_WORDS;
        number = sums[2] / sums[0];
    }
    if (!(number >= 1.0 && number <= (double)point->patterns))
        return false;
    *target = (int64_t)number - 1;
    return true;
}

/* Component c of chain r in its last record; NaN: none. */
static double last_record(const ph_segment_t *segment, size_t r, size_t c)
{
    const size_t records = (size_t)segment->records;
    return segment->series != NULL && records > 0
               ? segment->series[((r + 1) * records - 1) * (size_t)segment->components + c]
               : (double)NAN;
}

static void measure(const network_t *self, size_t r, const int64_t *pair, double *out)
{
    const ph_segment_t *segment = self->segment;
    int64_t target;
    const bool aimed = ph_last_target(self->grid, self->point, segment, r, &target);
    const ph_observation_t state = {.neurons = self->point->neurons,
                                    .patterns = self->point->patterns,
                                    .features = self->drawn.coupling.features,
                                    .pattern_overlaps = self->pattern_overlaps,
                                    .feature_overlaps = self->feature_overlaps,
                                    .pattern_norms = self->norms,
                                    .weights = self->drawn.coupling.weights,
                                    .self_mean = self->self_mean,
                                    .first = self->drawn.coupling.first,
                                    .mean_scales = self->drawn.coupling.mean_scales,
                                    .examples = self->grid->example_overlaps,
                                    .example_overlaps =
                                        self->examples > 0 ? self->example_overlaps : NULL,
                                    .replica_overlap = pair,
                                    .target = target,
                                    .threshold = self->grid->recall_threshold};
    size_t first = 0;
    for (int k = 0; k < ph_observables_count(); k++) {
        const ph_observable_id_t id = (ph_observable_id_t)k;
        if (!ph_observable_recorded(id, self->grid))
            continue;
        const size_t own = ph_observable_components(id, self->grid, self->point->patterns);
        if (ph_observable_counts(id))
            out[first] = ph_last_count(self->point, segment, r);
        else if (ph_observable(id)->last == PH_LAST_MEASURED &&
                 (aimed || ph_observable_key(id) != PH_KEY_RECALL_THRESHOLD))
            ph_observable(id)->measure(&state, out + first);
        else /* of a sweep, or to nobody knows what pattern */
            for (size_t c = first; c < first + own; c++)
                out[c] = last_record(segment, r, c);
        first += own;
    }
}

int ph_last_states(const ph_grid_t *grid, const ph_point_t *point, const ph_segment_t *segment,
                   double *out)
{
    network_t network;
    int status = network_init(&network, grid, point, segment);
    for (size_t r = 0; r < segment->replicas && status == PH_OK; r++) {
        int64_t pair;
        count_overlaps(&network, state_of(segment, r));
        const bool paired = grid->replica_overlap && count_pair(&network, r, &pair);
        measure(&network, r, paired ? &pair : NULL, out + r * (size_t)segment->components);
    }
    network_free(&network);
    return status;
}
