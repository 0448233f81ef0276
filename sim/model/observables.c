/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/observables.h"

#include <math.h>

static void measure_magnetization(const ph_observation_t *state, double *out)
{
    for (int64_t mu = 0; mu < state->patterns; mu++)
        out[mu] = (double)state->pattern_overlaps[mu] / (double)state->neurons;
}

/* H/N = -(1/2) sum_p w_p o_p^2 + (1/2N) mean(self): the diagonal of J is zero. */
static void measure_energy(const ph_observation_t *state, double *out)
{
    double n = (double)state->neurons, sum = 0.0;
    for (int64_t p = 0; p < state->features; p++) {
        double overlap = (double)state->feature_overlaps[p] / n;
        sum += state->weights[p] * overlap * overlap;
    }
    out[0] = -0.5 * sum + 0.5 * state->self_mean / n;
}

/* L_+-^mu = (1/2N) sum_i (xi -+ s)^2 = A_mu -+ m_mu, A_mu = (1 + non-blank share) / 2. */
static void measure_loss(const ph_observation_t *state, double *out)
{
    double n = (double)state->neurons;
    for (int64_t mu = 0; mu < state->patterns; mu++) {
        double mean = 0.5 * (1.0 + (double)state->pattern_norms[mu] / n);
        double overlap = (double)state->pattern_overlaps[mu] / n;
        out[2 * mu] = mean - overlap;
        out[2 * mu + 1] = mean + overlap;
    }
}

/* n_mu = (1/N) sum_i eta^_i s_i, eta^ = S/(M r); in storage eta^ = xi. */
static void measure_example_magnetization(const ph_observation_t *state, double *out)
{
    for (int64_t mu = 0; mu < state->patterns; mu++) {
        int64_t sum = 0;
        for (int64_t p = state->first[mu]; p < state->first[mu + 1]; p++)
            sum += state->feature_overlaps[p];
        out[mu] = (double)sum * state->mean_scales[mu] / (double)state->neurons;
    }
}

static void measure_example_overlap(const ph_observation_t *state, double *out)
{
    const int64_t *overlaps = state->example_overlaps;
    for (int64_t k = 0; k < state->patterns * state->examples; k++)
        out[k] = overlaps != NULL ? (double)overlaps[k] / (double)state->neurons : (double)NAN;
}

static void measure_replica_overlap(const ph_observation_t *state, double *out)
{
    const int64_t *overlap = state->replica_overlap;
    out[0] = overlap != NULL ? (double)*overlap / (double)state->neurons : (double)NAN;
}

static void measure_flips(const ph_observation_t *state, double *out)
{
    out[0] = (double)state->flips / (double)state->neurons;
}

static void measure_acceptance(const ph_observation_t *state, double *out)
{
    out[0] = (double)state->accepted / (double)state->neurons;
}

static void measure_relaxation(const ph_observation_t *state, double *out)
{
    out[0] = (double)state->relaxation;
}

static void measure_swaps(const ph_observation_t *state, double *out)
{
    for (int64_t r = 0; r + 1 < state->rungs; r++)
        out[r] = state->swapped[r];
}

static void measure_round_trips(const ph_observation_t *state, double *out)
{
    out[0] = (double)state->round_trips;
}

static void measure_rung_energy(const ph_observation_t *state, double *out)
{
    const double n = (double)state->neurons;
    for (int64_t r = 0; r < state->rungs; r++)
        out[r] = (state->rung_energy[r] + 0.5 * state->self_mean) / n;
}

const ph_observable_t PH_OBS_ROW_MAGNETIZATION = {
    .id = PH_OBS_MAGNETIZATION,
    .long_name = "Mattis magnetization of each archetype, (1/N) sum_i xi_i s_i",
    .unit = "1",
    .single = true,
    .dims_count = 1,
    .dims = {PH_DIM_PATTERN},
    .measure = measure_magnetization};

const ph_observable_t PH_OBS_ROW_ENERGY = {.id = PH_OBS_ENERGY,
                                           .long_name =
                                               "energy per neuron H/N, without self-coupling",
                                           .unit = "1",
                                           .measure = measure_energy};

const ph_observable_t PH_OBS_ROW_LOSS = {
    .id = PH_OBS_LOSS,
    .long_name = "loss L of each archetype, (1/2N) sum_i (xi_i -+ s_i)^2",
    .unit = "1",
    .dims_count = 2,
    .dims = {PH_DIM_PATTERN, PH_DIM_SIGN},
    .measure = measure_loss};

const ph_observable_t PH_OBS_ROW_EXAMPLE_MAGNETIZATION = {
    .id = PH_OBS_EXAMPLE_MAGNETIZATION,
    .long_name = "overlap with the mean example of each archetype, (1/N) sum_i S_i/(M r) s_i; "
                 "with the archetype in rule storage",
    .unit = "1",
    .dims_count = 1,
    .dims = {PH_DIM_PATTERN},
    .measure = measure_example_magnetization};

const ph_observable_t PH_OBS_ROW_EXAMPLE_OVERLAP = {
    .id = PH_OBS_EXAMPLE_OVERLAP,
    .long_name = "overlap with single examples, (1/N) sum_i eta_i s_i; those beyond the number "
                 "of examples were not learned",
    .unit = "1",
    .single = true,
    .dims_count = 2,
    .dims = {PH_DIM_PATTERN, PH_DIM_EXAMPLE},
    .measure = measure_example_overlap};

const ph_observable_t PH_OBS_ROW_REPLICA_OVERLAP = {
    .id = PH_OBS_REPLICA_OVERLAP,
    .long_name = "overlap of replicas 2k - 1 and 2k, (1/N) sum_i s_i s'_i, the same for both",
    .unit = "1",
    .measure = measure_replica_overlap};

const ph_observable_t PH_OBS_ROW_FLIPS = {
    .id = PH_OBS_FLIPS,
    .long_name = "share of neurons that differ from one sweep before (0 at the start)",
    .unit = "1",
    .last = PH_LAST_RECORDED,
    .measure = measure_flips};

const ph_observable_t PH_OBS_ROW_ACCEPTANCE = {
    .id = PH_OBS_ACCEPTANCE,
    .long_name = "share of the last sweep's updates that flipped their neuron (0 at the start)",
    .unit = "1",
    .last = PH_LAST_RECORDED,
    .measure = measure_acceptance};

const ph_observable_t PH_OBS_ROW_RELAXATION = {
    .id = PH_OBS_RELAXATION,
    .long_name = "sweeps from the start until no neuron opposed its field; until now as long as "
                 "some do (sampler descent), and in other samplers 0",
    .unit = "1",
    .last = PH_LAST_COUNTED,
    .measure = measure_relaxation};

const ph_observable_t PH_OBS_ROW_SWAPS = {
    .id = PH_OBS_SWAPS,
    .long_name = "1 if the last sweep swapped this rung of the ladder and the next hotter one",
    .unit = "1",
    .last = PH_LAST_RECORDED,
    .dims_count = 1,
    .dims = {PH_DIM_PAIR},
    .measure = measure_swaps};

const ph_observable_t PH_OBS_ROW_ROUND_TRIPS = {
    .id = PH_OBS_ROUND_TRIPS,
    .long_name = "trips from the coldest rung to the hottest and back since the start, over all "
                 "copies of the ladder",
    .unit = "1",
    .last = PH_LAST_COUNTED,
    .measure = measure_round_trips};

const ph_observable_t PH_OBS_ROW_RUNG_ENERGY = {
    .id = PH_OBS_RUNG_ENERGY,
    .long_name = "energy per neuron H/N at every noise of the ladder, without self-coupling",
    .unit = "1",
    .last = PH_LAST_RECORDED,
    .dims_count = 1,
    .dims = {PH_DIM_RUNG},
    .measure = measure_rung_energy};

size_t ph_observable_components(ph_observable_id_t id, const ph_grid_t *grid, int64_t patterns)
{
    size_t components = 1;
    for (size_t d = 0; d < ph_observable(id)->dims_count; d++)
        components *= ph_dimension_length(ph_observable(id)->dims[d], grid, patterns);
    return components;
}

size_t ph_observable_offset(ph_observable_id_t id, const ph_grid_t *grid, int64_t patterns)
{
    size_t offset = 0;
    for (int before = 0; before < (int)id; before++)
        if (ph_observable_recorded((ph_observable_id_t)before, grid))
            offset += ph_observable_components((ph_observable_id_t)before, grid, patterns);
    return offset;
}

size_t ph_observables_total(const ph_grid_t *grid, int64_t patterns)
{
    return ph_observable_offset((ph_observable_id_t)ph_observables_count(), grid, patterns);
}
