/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/exact/exact.h"
#include "analysis/exact/exact_private.h"
#include "base/floating.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NEURONS_MAX = 24 };

int ph_exact_init(ph_exact_t *self, int64_t features)
{
    const size_t n = (size_t)features;
    memset(self, 0, sizeof(*self));
    self->features = features;
    self->second = calloc(n * n, sizeof(*self->second));
    self->fourth = calloc(n, sizeof(*self->fourth));
    self->absolute = calloc(n, sizeof(*self->absolute));
    if (self->second != NULL && self->fourth != NULL && self->absolute != NULL)
        return PH_OK;
    ph_exact_free(self);
    return PH_ERR_MEMORY;
}

void ph_exact_free(ph_exact_t *self)
{
    free(self->second);
    free(self->fourth);
    free(self->absolute);
    memset(self, 0, sizeof(*self));
}

/* Adds one state's overlaps N o_p and energy H with its Boltzmann factor. */
static void add_state(ph_exact_t *self, const int64_t *overlaps, double energy, double neurons,
                      double factor)
{
    const size_t n = (size_t)self->features;
    for (size_t p = 0; p < n; p++) {
        const double o = (double)overlaps[p] / neurons;
        for (size_t q = 0; q < n; q++)
            self->second[p * n + q] += factor * o * ((double)overlaps[q] / neurons);
        self->fourth[p] += factor * o * o * o * o;
        self->absolute[p] += factor * fabs(o);
    }
    self->energy_variance += factor * (energy / neurons) * (energy / neurons);
}

static void scale_moments(ph_exact_t *self, double factor)
{
    const size_t n = (size_t)self->features;
    for (size_t i = 0; i < n * n; i++)
        self->second[i] *= factor;
    for (size_t p = 0; p < n; p++) {
        self->fourth[p] *= factor;
        self->absolute[p] *= factor;
    }
    self->energy_variance *= factor;
}

/* H with J_ii = 0 from the overlaps N o_p. */
static double state_energy(const ph_coupling_t *coupling, const int64_t *overlaps, double self_sum)
{
    double energy = self_sum;
    for (int64_t p = 0; p < coupling->features; p++)
        energy -= coupling->weights[p] * (double)overlaps[p] * (double)overlaps[p];
    return energy / (2.0 * (double)coupling->neurons);
}

/*
 * All states with the last spin up (the rest follow by symmetry, every moment is even), in the
 * order of a Gray code: one spin flips at a time. Boltzmann factors are kept relative to the lowest
 * energy so far.
 */
static double walk_states(ph_exact_t *self, const ph_coupling_t *coupling, double noise,
                          int64_t *overlaps, double *reference)
{
    const size_t n = (size_t)coupling->features, neurons = (size_t)coupling->neurons;
    int8_t spins[NEURONS_MAX];
    double self_sum = 0.0, total = 0.0;
    for (size_t i = 0; i < neurons; i++) {
        spins[i] = 1;
        self_sum += coupling->self[i];
        for (size_t p = 0; p < n; p++)
            overlaps[p] += coupling->phi[i * n + p];
    }
    *reference = state_energy(coupling, overlaps, self_sum);
    for (uint64_t code = 1;; code++) {
        const double energy = state_energy(coupling, overlaps, self_sum);
        if (energy < *reference) {
            const double factor = exp((energy - *reference) / noise);
            scale_moments(self, factor);
            total *= factor;
            *reference = energy;
        }
        const double factor = exp((*reference - energy) / noise);
        total += factor;
        add_state(self, overlaps, energy, (double)neurons, factor);
        if (code >> (neurons - 1) != 0)
            return total;
        size_t flip = 0;
        while ((code >> flip & 1) == 0)
            flip++;
        spins[flip] = (int8_t)-spins[flip];
        for (size_t p = 0; p < n; p++)
            overlaps[p] += 2 * spins[flip] * coupling->phi[flip * n + p];
    }
}

/* <H>/N with J_ii = 0 from the second moments: -(1/2) sum w <o^2> + (1/2N) mean(self). */
static double mean_energy(const ph_exact_t *self, const ph_coupling_t *coupling)
{
    const double neurons = (double)coupling->neurons;
    double energy = 0.0;
    for (int64_t i = 0; i < coupling->neurons; i++)
        energy += coupling->self[i] / (2.0 * neurons * neurons);
    for (int64_t p = 0; p < coupling->features; p++)
        energy -= 0.5 * coupling->weights[p] * self->second[p * (self->features + 1)];
    return energy;
}

int ph_exact_enumerate(ph_exact_t *self, const ph_coupling_t *coupling, double noise,
                       ph_report_t *report)
{
    PH_FLOATING_GUARD();
    if (coupling->neurons > NEURONS_MAX)
        return ph_fail(report, PH_ERR_LIMIT,
                       "enumeration of all states: %lld neurons, at most %d can be enumerated",
                       (long long)coupling->neurons, (int)NEURONS_MAX);
    if (!(noise > 0.0))
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "enumeration of all states needs noise above 0, not %g", noise);
    int64_t *overlaps = calloc((size_t)coupling->features, sizeof(*overlaps));
    if (overlaps == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the enumeration of all states");
    double reference;
    scale_moments(self, 0.0);
    const double total = walk_states(self, coupling, noise, overlaps, &reference);
    scale_moments(self, 1.0 / total);
    self->free_energy = (reference - noise * log(2.0 * total)) / (double)coupling->neurons;
    self->energy = mean_energy(self, coupling);
    self->energy_variance -= self->energy * self->energy;
    free(overlaps);
    return PH_OK;
}

double ph_exact_bond(const ph_coupling_t *coupling, size_t i, size_t j)
{
    const size_t n = (size_t)coupling->features;
    double bond = 0.0;
    for (size_t p = 0; p < n; p++)
        bond += coupling->weights[p] * coupling->phi[i * n + p] * coupling->phi[j * n + p];
    return bond;
}

double ph_exact_energy(const ph_coupling_t *coupling, const int8_t *spins)
{
    PH_FLOATING_GUARD();
    double energy = 0.0;
    for (size_t i = 0; i < (size_t)coupling->neurons; i++)
        for (size_t j = 0; j < i; j++)
            energy -= ph_exact_bond(coupling, i, j) * spins[i] * spins[j];
    return energy / (double)(coupling->neurons * coupling->neurons);
}
