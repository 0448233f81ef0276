/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An observable that is not in the tree: the sum of the squares of the magnetizations. */
#include "sim/model/observables.h"

static void measure(const ph_observation_t *state, double *out)
{
    out[0] = 0.0;
    for (int64_t mu = 0; mu < state->patterns; mu++) {
        const double m = (double)state->pattern_overlaps[mu] / (double)state->neurons;
        out[0] += m * m;
    }
}

extern const ph_observable_t PH_OBS_ROW_POWER;
const ph_observable_t PH_OBS_ROW_POWER = {.id = PH_OBS_POWER,
                                          .long_name = "sum of the squares of the magnetizations",
                                          .unit = "1",
                                          .last = PH_LAST_MEASURED,
                                          .measure = measure};
