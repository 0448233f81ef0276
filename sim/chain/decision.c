/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/chain/decision.h"

#include <stdlib.h>
#include <string.h>

#include "sim/random/elementary.h"

static const double TWO_48 = 281474976710656.0;

uint64_t ph_glauber_threshold(double x)
{
    double e = ph_exp_negative(x);
    return (uint64_t)(TWO_48 * (e / (1.0 + e)) + 0.5);
}

uint64_t ph_metropolis_threshold(double x)
{
    return (uint64_t)(TWO_48 * ph_exp_negative(x) + 0.5);
}

/* |h| > tolerance: against the field (Glauber), uphill (Metropolis). */
static uint64_t against(const ph_decision_t *self, double strength)
{
    if (self->noise <= 0.0)
        return 0;
    double x = 2.0 * strength / self->noise;
    return self->sampler == PH_SAMPLER_METROPOLIS ? ph_metropolis_threshold(x)
                                                  : ph_glauber_threshold(x);
}

uint64_t ph_decision_real(const ph_decision_t *self, double field)
{
    bool metropolis = self->sampler == PH_SAMPLER_METROPOLIS;
    if (field <= self->tolerance && field >= -self->tolerance)
        return self->tie;
    if (field < 0.0)
        return metropolis ? PH_DECISION_ALWAYS : against(self, -field);
    return metropolis ? against(self, field) : PH_DECISION_ALWAYS - against(self, field);
}

uint64_t ph_decision_compute(const ph_decision_t *self, int32_t k)
{
    return k == 0 ? self->tie : against(self, self->scale * k);
}

/* Equal weights: a table over the integer field, up to where the threshold has become 0. */
static int tabulate(ph_decision_t *self, const ph_coupling_t *coupling)
{
    double last = 1.0;
    self->integer = true;
    self->scale = coupling->weights[0] / (double)coupling->neurons;
    if (self->noise > 0.0)
        last = 34.0 * self->noise / (2.0 * self->scale) + 2.0;
    double largest = coupling->integer_bound + 2.0;
    last = last < largest ? last : largest;
    self->cut = last < PH_DECISION_TABLE_MAX ? (int32_t)last : PH_DECISION_TABLE_MAX;
    self->thresholds = calloc((size_t)self->cut, sizeof(*self->thresholds));
    if (self->thresholds == NULL)
        return PH_ERR_MEMORY;
    for (int32_t k = 0; k < self->cut; k++)
        self->thresholds[k] = ph_decision_compute(self, k);
    return PH_OK;
}

int ph_decision_init(ph_decision_t *self, const ph_point_t *point, const ph_coupling_t *coupling)
{
    memset(self, 0, sizeof(*self));
    self->sampler = point->sampler;
    self->noise = point->noise;
    bool always = point->sampler == PH_SAMPLER_METROPOLIS && point->order == PH_ORDER_RANDOM &&
                  point->noise > 0.0;
    self->tie = always ? PH_DECISION_ALWAYS : PH_DECISION_HALF;
    if (coupling->equal_weights && coupling->weights[0] > 0.0)
        return tabulate(self, coupling);
    /* A sum of P terms is off by at most P 2^-53 times the sum of their sizes. */
    self->tolerance = (1e-13 + 0x1p-52 * (double)coupling->features) * coupling->field_bound;
    return PH_OK;
}

void ph_decision_free(ph_decision_t *self)
{
    free(self->thresholds);
    memset(self, 0, sizeof(*self));
}
