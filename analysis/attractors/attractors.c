/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/attractors/attractors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/attractors/cold_private.h"
#include "analysis/attractors/cues_private.h"
#include "analysis/attractors/naming_private.h"
#include "analysis/meanfield/meanfield.h"
#include "base/floating.h"
#include "base/interrupt.h"
#include "sim/model/sample.h"

/* Overlaps of one state found twice differ by less; where it is nearly marginal by more. */
static const double SAME = 1e-7, SAME_MARGINAL = 3e-3, MARGINAL = 1e-5;

/* A least eigenvalue above this is positive. */
static const double STABLE = 1e-9;

/* By n <- F(n) starts come near to a state; from NEAR on they may be at a known one, as far as
 * NEAREST they are taken before the flow takes them. */
static const double NEAR = 1e-3, NEAREST = 1e-6, KNOWN = 1e-2;
enum { APPROACH_STEPS = 200 };

/* The search in one network. */
typedef struct {
    ph_attractors_t *found;
    const ph_point_t *point;
    ph_sample_t sample;
    ph_row_classes_t classes;
    ph_meanfield_t problem; /* above zero noise */
    ph_state_t state;
    ph_cues_t cues;
    ph_naming_t naming;
    double *gains, *overlap, *recall;
    double *next; /* [features] */
    int8_t *spins;
    int64_t *overlaps; /* [features] at zero noise */
    size_t capacity;
    int *end; /* [patterns] place in `states` before they are sorted, -1: none */
} search_t;

static bool cold(const search_t *self)
{
    return !(self->point->noise > 0.0);
}

void ph_attractors_free(ph_attractors_t *self)
{
    for (size_t i = 0; self->states != NULL && i < self->count; i++) {
        free(self->states[i].overlap);
        free(self->states[i].recall);
        free(self->states[i].order);
    }
    free(self->states);
    free(self->of_pattern);
    free(self->activity);
    memset(self, 0, sizeof(*self));
}

static void search_free(search_t *self)
{
    ph_state_free(&self->state);
    ph_meanfield_free(&self->problem);
    ph_row_classes_free(&self->classes);
    ph_sample_free(&self->sample);
    ph_cues_free(&self->cues);
    free(self->naming.spins);
    free(self->gains);
    free(self->overlap);
    free(self->recall);
    free(self->next);
    free(self->spins);
    free(self->overlaps);
    free(self->end);
}

static int allocate(search_t *self)
{
    const size_t neurons = (size_t)self->sample.coupling.neurons, k = self->found->patterns;
    self->found->of_pattern = malloc(k * sizeof(int));
    self->found->activity = calloc(k, sizeof(double));
    self->gains = malloc(k * sizeof(*self->gains));
    self->overlap = malloc(k * sizeof(*self->overlap));
    self->recall = malloc(k * sizeof(*self->recall));
    self->next = malloc(self->found->features * sizeof(*self->next));
    self->end = malloc(k * sizeof(*self->end));
    self->spins = malloc(neurons);
    self->overlaps = malloc(self->found->features * sizeof(*self->overlaps));
    self->naming.spins = malloc(self->classes.count * sizeof(double));
    if (self->found->of_pattern == NULL || self->found->activity == NULL || self->gains == NULL ||
        self->overlap == NULL || self->recall == NULL || self->next == NULL || self->end == NULL ||
        self->spins == NULL || self->overlaps == NULL || self->naming.spins == NULL)
        return PH_ERR_MEMORY;
    for (size_t mu = 0; mu < k; mu++)
        self->end[mu] = self->found->of_pattern[mu] = -1;
    return PH_OK;
}

/* What naming needs of the network, and what is known of it before any state. */
static void look_at_network(search_t *self)
{
    const ph_patterns_t *patterns = &self->sample.patterns;
    const ph_coupling_t *coupling = &self->sample.coupling;
    const size_t neurons = (size_t)patterns->neurons, k = self->found->patterns;
    ph_coupling_gains(self->point, self->gains);
    for (size_t i = 0; i < neurons; i++) {
        self->found->shift += coupling->self[i];
        for (size_t mu = 0; mu < k; mu++)
            self->found->activity[mu] += patterns->entries[i * k + mu] != 0;
    }
    for (size_t mu = 0; mu < k; mu++)
        self->found->activity[mu] /= (double)neurons;
    self->found->shift /= 2.0 * (double)neurons * (double)neurons;
    self->naming.classes = &self->classes;
    self->naming.neurons = neurons;
    self->naming.patterns = k;
    self->naming.gains = self->gains;
    self->naming.activity = self->found->activity;
    self->naming.overlap = self->overlap;
    self->naming.recall = self->recall;
}

static int search_init(search_t *self, uint64_t seed, uint32_t sample)
{
    ph_attractors_t *found = self->found;
    int status = ph_sample_draw(&self->sample, self->point, seed, sample);
    if (status != PH_OK)
        return status;
    found->patterns = (size_t)self->point->patterns;
    found->features = (size_t)self->sample.coupling.features;
    status =
        ph_row_classes_init(&self->classes, &self->sample.coupling, &self->sample.patterns, NULL);
    if (status == PH_OK)
        status = allocate(self);
    if (status == PH_OK)
        status = ph_cues_init(&self->cues, found->patterns, cold(self), seed, sample);
    if (status == PH_OK && !cold(self))
        status = ph_meanfield_init_sample(&self->problem, self->point, &self->sample.coupling,
                                          &self->sample.patterns, NULL);
    if (status == PH_OK && !cold(self))
        status = ph_state_init(&self->state, self->problem.features, self->problem.patterns);
    if (status == PH_OK)
        look_at_network(self);
    return status;
}

/* Mean spins of the classes, and the sum of their squares over neurons. */
static void spins_of_flow(search_t *self)
{
    const ph_meanfield_t *problem = &self->problem;
    self->naming.square = 0.0;
    for (size_t c = 0; c < self->classes.count; c++) {
        const int16_t *row = ph_row_classes_row(&self->classes, c);
        double h = 0.0;
        for (size_t p = 0; p < (size_t)problem->features; p++)
            h += problem->weights[p] * self->state.n[p] * problem->example_scale[p] * row[p];
        const double spin = tanh(h / problem->noise);
        self->naming.spins[c] = spin;
        self->naming.square += (double)self->classes.sizes[c] * spin * spin;
    }
}

static void spins_of_configuration(search_t *self)
{
    memset(self->naming.spins, 0, self->classes.count * sizeof(double));
    self->naming.square = 0.0;
    for (size_t i = 0; i < self->naming.neurons; i++) {
        self->naming.spins[self->classes.of[i]] += self->classes.gauge[i] * self->spins[i];
        self->naming.square += self->spins[i] != 0;
    }
    for (size_t c = 0; c < self->classes.count; c++)
        self->naming.spins[c] /= (double)self->classes.sizes[c];
}

/* The largest difference, up to a joint sign. */
static double distance(const double *a, const double *b, size_t count)
{
    double plus = 0.0, minus = 0.0;
    for (size_t p = 0; p < count; p++) {
        plus = fmax(plus, fabs(a[p] - b[p]));
        minus = fmax(minus, fabs(a[p] + b[p]));
    }
    return fmin(plus, minus);
}

static bool same_flow(const search_t *self, const ph_attractor_t *known)
{
    const double least = fmin(fabs(known->stability), fabs(self->state.stability));
    const double near = least < MARGINAL ? SAME_MARGINAL : SAME;
    return distance(known->order, self->state.n, self->found->features) <= near;
}

/* Room for one more state, with its arrays. NULL without memory. */
static ph_attractor_t *append(search_t *self)
{
    ph_attractors_t *found = self->found;
    if (found->count == self->capacity) {
        const size_t capacity = self->capacity == 0 ? 16 : 2 * self->capacity;
        ph_attractor_t *grown = realloc(found->states, capacity * sizeof(*grown));
        if (grown == NULL)
            return NULL;
        found->states = grown;
        self->capacity = capacity;
    }
    ph_attractor_t *state = &found->states[found->count++];
    memset(state, 0, sizeof(*state));
    state->overlap = malloc(found->patterns * sizeof(double));
    state->recall = malloc(found->patterns * sizeof(double));
    state->order = cold(self) ? NULL : malloc(found->features * sizeof(double));
    return state->overlap == NULL || state->recall == NULL || (!cold(self) && state->order == NULL)
               ? NULL
               : state;
}

static int add_flow(search_t *self, size_t *at)
{
    ph_attractors_t *found = self->found;
    for (*at = 0; *at < found->count; ++*at)
        if (same_flow(self, &found->states[*at]))
            return PH_OK;
    ph_attractor_t *state = append(self);
    if (state == NULL)
        return PH_ERR_MEMORY;
    state->free_energy = self->state.free_energy;
    state->residual = self->state.residual;
    state->stability = self->state.stability;
    state->least_field = NAN;
    state->stable = self->state.stability > STABLE;
    spins_of_flow(self);
    const double sign = ph_name_state(&self->naming, &state->label) ? -1.0 : 1.0;
    for (size_t p = 0; p < found->features; p++)
        state->order[p] = sign * self->state.n[p];
    memcpy(state->overlap, self->overlap, found->patterns * sizeof(double));
    memcpy(state->recall, self->recall, found->patterns * sizeof(double));
    return PH_OK;
}

static int add_configuration(search_t *self, const ph_cold_t *cold_state, size_t *at)
{
    ph_attractors_t *found = self->found;
    for (*at = 0; *at < found->count; ++*at)
        if (ph_digest_equal(found->states[*at].spins, cold_state->spins))
            return PH_OK;
    ph_attractor_t *state = append(self);
    if (state == NULL)
        return PH_ERR_MEMORY;
    state->free_energy = cold_state->energy;
    state->stability = NAN;
    state->least_field = cold_state->least_field;
    state->ties = cold_state->ties;
    state->spins = cold_state->spins;
    state->stable = true;
    spins_of_configuration(self);
    ph_name_state(&self->naming, &state->label);
    memcpy(state->overlap, self->overlap, found->patterns * sizeof(double));
    memcpy(state->recall, self->recall, found->patterns * sizeof(double));
    return PH_OK;
}

/* n of the start's spins, the open ones counting nothing. */
static void set_flow(search_t *self)
{
    const ph_coupling_t *coupling = &self->sample.coupling;
    const size_t features = self->found->features;
    double *n = self->state.n;
    memset(n, 0, features * sizeof(*n));
    for (size_t i = 0; i < self->naming.neurons; i++)
        for (size_t p = 0; self->spins[i] != 0 && p < features; p++)
            n[p] += self->spins[i] * coupling->phi[i * features + p];
    for (size_t p = 0; p < features; p++)
        n[p] *= self->problem.example_scale[p] / (double)coupling->neurons;
}

/* Whether n is so near to a stable state that is known, against how far its fields are linear, that
 * nothing else can come of it. */
static bool is_known(const search_t *self, const double *n, size_t *at)
{
    const ph_attractors_t *found = self->found;
    double gain = 0.0;
    for (size_t p = 0; p < found->features; p++)
        gain = fmax(gain, self->problem.weights[p]);
    const double linear = fmin(1.0, self->problem.noise / fmax(gain, 1.0));
    for (*at = 0; *at < found->count; ++*at)
        if (found->states[*at].stable && distance(found->states[*at].order, n, found->features) <=
                                             KNOWN * linear * linear * found->states[*at].stability)
            return true;
    return false;
}

/*
 * Near to where a start leads, by n <- F(n), which never raises the free energy and goes in one
 * step as far as the flow does in a sweep. Patterns go with the flow itself: theirs is the
 * dynamics' way. True where it is at a state that is known.
 */
static bool approach(search_t *self, size_t *at)
{
    const size_t features = self->found->features;
    double largest = INFINITY, *n = self->state.n;
    ph_evaluation_t out = {.n = self->next};
    for (int step = 0; step < APPROACH_STEPS && largest > NEAREST; step++) {
        ph_meanfield_evaluate(&self->problem, n, &out);
        largest = distance(self->next, n, features);
        memcpy(n, self->next, features * sizeof(*n));
        if (largest < NEAR && is_known(self, n, at))
            return true;
    }
    return false;
}

/* Where start j leads: a place in the list, or its length where it leads nowhere. */
static int follow(search_t *self, size_t j, size_t *at)
{
    *at = self->found->count;
    ph_cue_fill(&self->cues, j, &self->sample.patterns, self->spins);
    if (cold(self)) {
        ph_stream_t stream;
        ph_cold_t state;
        ph_cue_stream(&self->cues, j, &stream);
        int status = ph_cold_descend(&self->sample.coupling, &stream, self->spins, self->overlaps);
        if (status != PH_OK)
            return status;
        ph_cold_describe(&self->sample.coupling, self->overlaps, self->spins, &state);
        return add_configuration(self, &state, at);
    }
    set_flow(self);
    size_t number;
    if (ph_cue_kind(&self->cues, j, &number) != PH_CUE_PATTERN && approach(self, at))
        return PH_OK;
    *at = self->found->count;
    int status = ph_meanfield_solve(&self->state, &self->problem, NULL);
    if (status != PH_OK || self->state.converged)
        return status != PH_OK ? status : add_flow(self, at);
    self->found->unconverged++;
    return PH_OK;
}

static int search(search_t *self)
{
    ph_attractors_t *found = self->found;
    for (size_t j = 0; j < self->cues.count; j++) {
        size_t at, number;
        if (ph_interrupted())
            return PH_ERR_INTERRUPTED;
        int status = follow(self, j, &at);
        if (status != PH_OK)
            return status;
        if (at == found->count)
            continue;
        found->states[at].starts++;
        if (ph_cue_kind(&self->cues, j, &number) == PH_CUE_PATTERN)
            self->end[number] = (int)at;
    }
    found->starts = self->cues.count;
    return PH_OK;
}

/* By ascending free energy; equal ones as they were found. */
static int sort(search_t *self)
{
    ph_attractors_t *found = self->found;
    size_t *place = malloc((found->count + 1) * sizeof(*place));
    if (place == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; i < found->count; i++) {
        const ph_attractor_t state = found->states[i];
        size_t at = i;
        for (; at > 0 && found->states[at - 1].free_energy > state.free_energy; at--)
            found->states[at] = found->states[at - 1];
        found->states[at] = state;
        for (size_t k = 0; k < i; k++)
            place[k] += place[k] >= at;
        place[i] = at;
    }
    for (size_t mu = 0; mu < found->patterns; mu++)
        found->of_pattern[mu] = self->end[mu] < 0 ? -1 : (int)place[self->end[mu]];
    free(place);
    found->ground = -1;
    for (size_t i = found->count; i-- > 0;)
        found->ground = found->states[i].stable ? (int)i : found->ground;
    return PH_OK;
}

int ph_attractors_find(ph_attractors_t *self, const ph_point_t *point, uint64_t seed,
                       uint32_t sample, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    search_t work = {.found = self, .point = point};
    memset(self, 0, sizeof(*self));
    if (point->patterns > PH_ATTRACTORS_PATTERNS_MAX)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "states of a network are looked for with up to %d patterns, here "
                       "network.patterns is %lld",
                       (int)PH_ATTRACTORS_PATTERNS_MAX, (long long)point->patterns);
    int status = search_init(&work, seed, sample);
    if (status == PH_OK)
        status = search(&work);
    if (status == PH_OK)
        status = sort(&work);
    search_free(&work);
    if (status == PH_OK)
        return PH_OK;
    ph_attractors_free(self);
    return ph_fail(report, status, "the search for the states of a network failed: %s",
                   ph_status_text(status));
}

int ph_attractors_of_pattern(const ph_attractors_t *self, size_t pattern)
{
    for (size_t i = 0; i < self->count; i++)
        if (self->states[i].stable &&
            fabs(self->states[i].recall[pattern]) >= PH_ATTRACTOR_RECALLED)
            return (int)i;
    return -1;
}
