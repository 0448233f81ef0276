/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/observables.h"

#define DECLARED(ID, ...) extern const ph_observable_t PH_OBS_ROW_##ID;
PH_OBSERVABLES(DECLARED)

#define ROW(ID, ...) [PH_OBS_##ID] = &PH_OBS_ROW_##ID,
static const ph_observable_t *const ROWS[PH_OBS_COUNT] = {PH_OBSERVABLES(ROW)};

const ph_observable_t *ph_observable(ph_observable_id_t id)
{
    return ROWS[id];
}
