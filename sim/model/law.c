/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/law.h"

static const char *const TEXTS[PH_LAW_COUNT] = {
    "exp(-H/T), by Glauber dynamics",
    "exp(-H/T); the path is no physical dynamics",
    "Little's law prod_i 2 cosh(h_i/T), not exp(-H/T)",
    "no stationary law",
};

int ph_law_is_equilibrium(ph_law_t law)
{
    return law == PH_LAW_GLAUBER || law == PH_LAW_EQUILIBRIUM;
}

const char *ph_law_text(ph_law_t law)
{
    return TEXTS[law];
}
