/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_LAW_H
#define PH_MODEL_LAW_H

#include "params/words.h"

/** What the states of a chain are distributed by, and what may be read off its trajectory. */
typedef enum {
    PH_LAW_GLAUBER,     /* exp(-H/T), and the path is Glauber dynamics in its order */
    PH_LAW_EQUILIBRIUM, /* exp(-H/T) in the long run; the path is a means to get there */
    PH_LAW_LITTLE,      /* parallel dynamics: prod_i 2 cosh(h_i/T), not exp(-H/T) */
    PH_LAW_NONE,        /* no stationary law: relaxation to a fixed point */
    PH_LAW_COUNT
} ph_law_t;

/** The law that a sampler's chains end in. */
ph_law_t ph_sampler_law(ph_sampler_id_t sampler);

/** Whether that is exp(-H/T). */
int ph_law_is_equilibrium(ph_law_t law);

/** A phrase about a law. */
const char *ph_law_text(ph_law_t law);

#endif
