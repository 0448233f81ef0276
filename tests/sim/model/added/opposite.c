/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A start that is not in the tree: a pattern turned round, fair coins where it is blank. */
#include "sim/model/starts.h"

static size_t pattern_of(const ph_point_t *point)
{
    return (size_t)point->start_pattern - 1;
}

static double spin(const ph_point_t *point, const int8_t *row)
{
    return -(double)row[pattern_of(point)];
}

static ph_symmetry_left_t symmetry(const ph_point_t *point, size_t pattern)
{
    return pattern == pattern_of(point) ? PH_SYMMETRY_FIXED : PH_SYMMETRY_FREE;
}

extern const ph_start_t PH_START_ROW_OPPOSITE;
const ph_start_t PH_START_ROW_OPPOSITE = {"a pattern turned round", spin, symmetry};
