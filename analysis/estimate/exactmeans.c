/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/estimate/exactmeans.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/exact/exact.h"
#include "base/floating.h"

/* Up to so many neurons are enumerated, for |m| too; more where the integral does not do it. */
enum { ENUMERATED = 16, ENUMERATED_MOST = 20 };

/* What an integral may cost: a twentieth of a second or so, as there is one a point and sample. */
static const double WORK_MOST = 2e5;

void ph_exact_means_free(ph_exact_means_t *self)
{
    free(self->of);
    memset(self, 0, sizeof(*self));
}

/* By the integral or by enumeration, what a sample allows; PH_ERR_LIMIT or the like: neither. */
static int sum_up(ph_exact_t *exact, const ph_coupling_t *coupling, double noise)
{
    double work = (double)INFINITY;
    int status = PH_OK;
    if (coupling->neurons > ENUMERATED)
        status = ph_exact_integral_work(coupling, noise, &work);
    if (status == PH_OK)
        status = work <= WORK_MOST ? ph_exact_integral(exact, coupling, noise, NULL) : PH_ERR_LIMIT;
    if (status != PH_OK && status != PH_ERR_MEMORY && coupling->neurons <= ENUMERATED_MOST)
        status = ph_exact_enumerate(exact, coupling, noise, NULL);
    return status;
}

int ph_exact_means(ph_exact_means_t *self, const ph_sample_t *sample, const ph_point_t *point,
                   double noise)
{
    PH_FLOATING_GUARD();
    const ph_coupling_t *coupling = &sample->coupling;
    const size_t patterns = (size_t)point->patterns, features = (size_t)coupling->features;
    ph_exact_t exact;
    self->there = false;
    if (self->of == NULL)
        self->of = calloc(patterns, sizeof(*self->of));
    int status = ph_exact_init(&exact, coupling->features);
    if (status == PH_OK && self->of == NULL)
        status = PH_ERR_MEMORY;
    if (status != PH_OK)
        goto out;
    status = sum_up(&exact, coupling, noise);
    self->there = status == PH_OK;
    self->log_sum = -exact.free_energy * (double)point->neurons / noise;
    self->stored = !ph_rule_learns(point->rule);
    for (size_t mu = 0; mu < patterns && self->there; mu++) {
        ph_means_t *to = &self->of[mu];
        *to = (ph_means_t){noise, (double)point->neurons, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
        to->energy = exact.energy;
        to->energy_square = exact.energy * exact.energy + exact.energy_variance;
        if (!self->stored)
            continue;
        to->absolute = exact.absolute[mu];
        to->square = exact.second[mu * features + mu];
        to->fourth = exact.fourth[mu];
    }
    if (status != PH_ERR_MEMORY) /* what is not covered is not there */
        status = PH_OK;
out:
    ph_exact_free(&exact);
    return status;
}
