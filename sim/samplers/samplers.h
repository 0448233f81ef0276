/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_SAMPLERS_H
#define PH_SAMPLERS_SAMPLERS_H

#include <stdbool.h>

#include "sim/chain/sampler.h"

/** The row of a sampler, which is not `auto`: a point's own is chosen when the grid is read. */
const ph_sampler_t *ph_sampler(ph_sampler_id_t id);

/** Whether two blocks of so many lanes are sooner done in step than one after the other, by the
 * first kernel of this machine that does so. */
bool ph_sampler_in_step(const ph_sampler_t *sampler, uint32_t lanes);

/** Whether any sampler has, on this machine, what --kernel NAME asks for: a kernel or an
 * instruction set. */
bool ph_kernel_is_known(const char *name);

#endif
