/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_EXACT_EXACT_PRIVATE_H
#define PH_EXACT_EXACT_PRIVATE_H

#include "sim/model/coupling.h"

/** N J_ij of two neurons. */
double ph_exact_bond(const ph_coupling_t *coupling, size_t i, size_t j);

#endif
