/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_SAMPLERS_H
#define PH_SAMPLERS_SAMPLERS_H

#include "sim/chain/sampler.h"

/** The row of a sampler, which is not `auto`: a point's own is chosen when the grid is read. */
const ph_sampler_t *ph_sampler(ph_sampler_id_t id);

#endif
