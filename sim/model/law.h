/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_LAW_H
#define PH_MODEL_LAW_H

#include "params/samplers.h"

/** Whether a law is exp(-H/T). */
int ph_law_is_equilibrium(ph_law_t law);

/** A phrase about a law. */
const char *ph_law_text(ph_law_t law);

#endif
