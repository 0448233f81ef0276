/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_GRID_DIFF_H
#define PH_PARAMS_GRID_DIFF_H

#include <stddef.h>

#include "params/grid.h"

/**
 * Writes into text[size] in what the networks of two points differ, "network.dilution 0.1 there and
 * 0.3 here" (`there` is the first), key by key; returns the number of keys, 0: none. Keys of
 * learning count where one of the points learns.
 */
size_t ph_point_network_differences(const ph_point_t *there, const ph_point_t *here, char *text,
                                    size_t size);

#endif
