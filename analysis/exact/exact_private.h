/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_EXACT_EXACT_PRIVATE_H
#define PH_EXACT_EXACT_PRIVATE_H

#include "sim/model/coupling.h"

/** H with J_ii = 0 from the overlaps N o_p; self_sum: sum_i self_i. */
double ph_exact_state_energy(const ph_coupling_t *coupling, const int64_t *overlaps,
                             double self_sum);

#endif
