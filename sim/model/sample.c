/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/sample.h"

#include <string.h>

int ph_sample_draw(ph_sample_t *self, const ph_point_t *point, uint64_t seed, uint32_t sample)
{
    memset(self, 0, sizeof(*self));
    int status = ph_patterns_draw(&self->patterns, point, seed, sample);
    if (status == PH_OK)
        status = ph_coupling_init(&self->coupling, point, &self->patterns);
    if (status != PH_OK)
        ph_sample_free(self);
    return status;
}

void ph_sample_free(ph_sample_t *self)
{
    ph_coupling_free(&self->coupling);
    ph_patterns_free(&self->patterns);
}
