/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "analysis/estimate/quantities.h"

int ph_occupation_init(ph_occupation_t *self, size_t wells, size_t chains, size_t patterns)
{
    *self = (ph_occupation_t){.wells = wells, .chains = chains, .patterns = patterns};
    self->of = calloc(chains, sizeof(*self->of));
    self->now = calloc(chains, sizeof(*self->now));
    self->label = calloc(wells, sizeof(*self->label));
    self->known = calloc(wells, sizeof(*self->known));
    self->counted = calloc(wells, sizeof(*self->counted));
    self->log_weight = calloc(wells, sizeof(*self->log_weight));
    self->states = calloc(wells * patterns, sizeof(*self->states));
    self->means = calloc(wells * patterns, sizeof(*self->means));
    return self->of == NULL || self->now == NULL || self->label == NULL || self->known == NULL ||
                   self->counted == NULL || self->log_weight == NULL || self->states == NULL ||
                   self->means == NULL
               ? PH_ERR_MEMORY
               : PH_OK;
}

void ph_occupation_free(ph_occupation_t *self)
{
    free(self->of);
    free(self->now);
    free(self->label);
    free(self->known);
    free(self->counted);
    free(self->log_weight);
    free(self->states);
    free(self->means);
    memset(self, 0, sizeof(*self));
}
