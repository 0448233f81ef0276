/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_LOAD_H
#define PH_SAMPLERS_LOAD_H

#include "params/grid.h"
#include "sim/chain/sampler.h"

/** A block of chains as memory and time are estimated for, before any sample is drawn. */
typedef struct ph_load {
    const ph_point_t *point;
    double lanes;    /* chains of a whole block */
    double features; /* of the coupling */
    double classes;  /* of alike neurons, expected; 0 where the sampler has no use for them */
    bool anywhere;   /* seconds of a machine with AVX2, whatever this one is; false at first */
    const ph_point_t *counted; /* the point that classes were last counted for, or NULL */
    double counted_classes;
} ph_load_t;

void ph_load_init(ph_load_t *self, const ph_grid_t *grid);

/**
 * Goes on to a point, whose sampler has this row. Quick where patterns and examples have the law of
 * the point before, in a grid's order most of the time.
 */
void ph_load_point(ph_load_t *self, const ph_sampler_t *sampler, const ph_point_t *point);

/** Expected sum of a feature's magnitudes over the neurons, the largest of all features. */
double ph_load_overlap(const ph_load_t *self);

/** Whether all weights of the features are equal, so that fields are integers. */
bool ph_load_equal(const ph_load_t *self);

/** What no entry of a feature is beyond, without its sign; 1 where all are -1, 0 or 1. */
double ph_load_entry(const ph_load_t *self);

/** About the largest sum of a neuron's entries, without their signs: of one without blanks. */
double ph_load_row(const ph_load_t *self);

/** What the vector kernels of this machine take, in the times of AVX2's: `half` with vectors of 128
 * bits; 1 anywhere. */
double ph_load_slowness(const ph_load_t *self, double half);

/** 0 where a sweep goes through bytes that the caches of a core hold, 1 where they are many more.
 */
double ph_load_beyond(double bytes);

/** Bytes of ph_row_classes_t, where load->classes is known. */
double ph_load_classes_bytes(const ph_load_t *self);

/** Bytes of the table that finds a class by its row, there only while classes are looked for. */
double ph_load_table_bytes(const ph_load_t *self);

#endif
