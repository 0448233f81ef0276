/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/chain/schedule.h"

#include "sim/random/elementary.h"

double ph_schedule_noise(const ph_point_t *point, uint64_t sweep)
{
    const double from = point->schedule_from, to = point->noise;
    if (sweep >= (uint64_t)point->schedule_sweeps)
        return to;
    const double part = (double)sweep / (double)point->schedule_sweeps;
    switch (point->schedule_scale) {
    case PH_SCALE_STEP:
        return from;
    case PH_SCALE_LOG:
        return to < from ? from * ph_exp_negative(part * ph_log(from / to))
                         : to * ph_exp_negative((1.0 - part) * ph_log(to / from));
    default:
        return from + part * (to - from);
    }
}
