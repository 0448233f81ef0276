/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/observables.h"

#include <string.h>

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

static const ph_observable_t OBSERVABLES[PH_OBS_COUNT] = {
    {PH_OBS_MAGNETIZATION,
     "magnetization",
     "Mattis magnetization of each archetype, (1/N) sum_i xi_i s_i",
     "1",
     true,
     1,
     {"pattern"},
     measure_magnetization},
    {PH_OBS_ENERGY,
     "energy",
     "energy per neuron H/N, without self-coupling",
     "1",
     false,
     0,
     {NULL},
     measure_energy},
    {PH_OBS_LOSS,
     "loss",
     "loss L of each archetype, (1/2N) sum_i (xi_i -+ s_i)^2",
     "1",
     false,
     2,
     {"pattern", "sign"},
     measure_loss},
};

const ph_observable_t *ph_observable(ph_observable_id_t id)
{
    return &OBSERVABLES[id];
}

size_t ph_observable_dim(const char *dim, int64_t patterns)
{
    return strcmp(dim, "pattern") == 0 ? (size_t)patterns : 2;
}

size_t ph_observable_components(ph_observable_id_t id, int64_t patterns)
{
    size_t components = 1;
    for (size_t d = 0; d < OBSERVABLES[id].dims_count; d++)
        components *= ph_observable_dim(OBSERVABLES[id].dims[d], patterns);
    return components;
}

bool ph_observable_recorded(ph_observable_id_t id, const ph_grid_t *grid)
{
    return id == PH_OBS_LOSS ? grid->loss : true;
}

size_t ph_observable_offset(ph_observable_id_t id, const ph_grid_t *grid, int64_t patterns)
{
    size_t offset = 0;
    for (int before = 0; before < (int)id; before++)
        if (ph_observable_recorded((ph_observable_id_t)before, grid))
            offset += ph_observable_components((ph_observable_id_t)before, patterns);
    return offset;
}

size_t ph_observables_total(const ph_grid_t *grid, int64_t patterns)
{
    return ph_observable_offset(PH_OBS_COUNT, grid, patterns);
}
