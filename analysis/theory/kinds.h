/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_THEORY_KINDS_H
#define PH_THEORY_KINDS_H

#include "params/grid.h"

/** Name of a kind as in the grid, and one line about it. */
const char *ph_theory_kind_name(ph_theory_kind_t kind);
const char *ph_theory_kind_help(ph_theory_kind_t kind);

#endif
