/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/starts.h"

#define DECLARED(ID, ...) extern const ph_start_t PH_START_ROW_##ID;
PH_STARTS(DECLARED)

#define ROW(ID, ...) [PH_START_##ID] = &PH_START_ROW_##ID,
static const ph_start_t *const ROWS[PH_START_COUNT] = {PH_STARTS(ROW)};

const ph_start_t *ph_start(ph_start_id_t id)
{
    return ROWS[id];
}
