/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_ATTRACTORS_SAME_H
#define PH_TESTS_ATTRACTORS_SAME_H

#include <math.h>

#include "analysis/attractors/map.h"

/* Whether two are one but for what files do not hold. */

static inline bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static inline bool same_state(const ph_attractor_t *a, const ph_attractor_t *b, size_t patterns)
{
    bool same = a->label.class == b->label.class && a->label.count == b->label.count &&
                same_number(a->free_energy, b->free_energy) &&
                same_number(a->residual, b->residual) && same_number(a->stability, b->stability) &&
                same_number(a->least_field, b->least_field) && a->ties == b->ties &&
                a->starts == b->starts && a->stable == b->stable &&
                a->label.likeness == b->label.likeness;
    for (size_t k = 0; same && k < a->label.count; k++)
        same = a->label.members[k] == b->label.members[k];
    for (size_t mu = 0; same && mu < patterns; mu++)
        same = a->overlap[mu] == b->overlap[mu] && a->recall[mu] == b->recall[mu];
    return same;
}

static inline bool same_maps(const ph_attractor_map_t *a, const ph_attractor_map_t *b)
{
    bool same = a->samples == b->samples && a->left_out == b->left_out;
    for (size_t k = 0; same && k < a->grid->points_count * a->samples; k++) {
        const ph_attractors_t *x = &a->networks[k], *y = &b->networks[k];
        same = x->count == y->count && x->ground == y->ground && x->starts == y->starts &&
               x->patterns == y->patterns && x->shift == y->shift &&
               x->unconverged == y->unconverged;
        for (size_t mu = 0; same && mu < x->patterns; mu++)
            same = x->of_pattern[mu] == y->of_pattern[mu] && x->activity[mu] == y->activity[mu];
        for (size_t i = 0; same && i < x->count; i++)
            same = same_state(&x->states[i], &y->states[i], x->patterns);
    }
    return same;
}

#endif
