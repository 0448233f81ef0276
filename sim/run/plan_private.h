/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RUN_PLAN_PRIVATE_H
#define PH_RUN_PLAN_PRIVATE_H

#include "sim/run/plan.h"
#include "sim/samplers/load.h"

/** A block of chains at a point, and at those that it follows. */
typedef struct {
    double cost;
    size_t point; /* the last of them */
    uint32_t sample, replica_first, replicas;
} ph_unit_t;

/** All blocks of the grid, the dearest first, to be freed; NULL without memory. */
ph_unit_t *ph_plan_units(const ph_grid_t *grid, size_t *count);

/** Chains of the last block of a sample. */
uint32_t ph_plan_last_chains(const ph_grid_t *grid);

/** Seconds of one block of so many chains of a point, and of those that it follows. */
double ph_plan_chains(const ph_grid_t *grid, ph_load_t *load, const ph_point_t *last,
                      double chains);

/** The same of a block cut into pieces of `size` chains. */
double ph_plan_cut(const ph_grid_t *grid, ph_load_t *load, const ph_point_t *point, double chains,
                   double size);

#endif
