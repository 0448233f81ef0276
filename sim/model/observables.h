/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_OBSERVABLES_H
#define PH_MODEL_OBSERVABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "params/grid.h"
#include "sim/model/dimensions.h"

/*
 * What recording, moments, storage, units and export need of an observable: its row
 * PH_OBS_ROW_<name>. The list of them, names and what asks for them are in params/observables.h.
 */

/** Where the value at a chain's last state comes from. */
typedef enum {
    PH_LAST_MEASURED, /* from its spins */
    PH_LAST_COUNTED,  /* from the number that the chain keeps: of a count since the start */
    PH_LAST_RECORDED  /* from the last record: of a sweep, which a state does not tell */
} ph_last_t;

enum { PH_OBS_DIMS_MAX = 2 };

/** What an observable is computed from, for one replica. What is not recorded may be left 0. */
typedef struct {
    int64_t neurons, patterns, features;
    const int64_t *pattern_overlaps; /* [patterns]: sum_i xi_i^mu s_i, exact */
    const int64_t *feature_overlaps; /* [features]: sum_i phi_i^p s_i, exact */
    const int64_t *pattern_norms;    /* [patterns]: number of non-blank entries */
    const double *weights;           /* [features] */
    double self_mean;                /* (1/N) sum_i self_i */
    const int64_t *first;            /* [patterns + 1] first feature of each pattern */
    const double *mean_scales;       /* [patterns], see ph_coupling_t */
    int64_t examples;                /* of each pattern, whose overlaps follow */
    const int64_t *example_overlaps; /* [patterns][examples]: sum_i eta_i^{mu,a} s_i, exact; NULL
                                        where there are no examples (storage) */
    const int64_t *replica_overlap;  /* sum_i s_i s'_i, exact; NULL where the partner is missing */
    int64_t flips;                   /* neurons that the last sweep changed */
    uint64_t relaxation;             /* sweeps to the fixed point of a descent, or until now */
    int64_t rungs;       /* of the ladder of noises; 0: none, and the next three are not set */
    const bool *swapped; /* [rungs - 1]: in the last sweep, rung and the next hotter one */
    const double *rung_energy; /* [rungs]: H but for its constant */
    uint64_t round_trips;      /* from the coldest rung to the hottest and back, since the start */
    int64_t accepted;          /* updates of the last sweep that flipped their neuron */
    int64_t target;            /* pattern (from 0) that the start has a cue of; -1: of none */
    double threshold;          /* overlap over its entries with which a pattern is recalled */
} ph_observation_t;

typedef struct {
    ph_observable_id_t id;
    const char *long_name; /* description in files */
    const char *unit;
    bool single; /* stored as float32 rather than float64 */
    ph_last_t last;
    size_t dims_count; /* of its own dimensions, outermost first; PH_DIM_PATTERN is the first */
    ph_dim_id_t dims[PH_OBS_DIMS_MAX];
    void (*measure)(const ph_observation_t *state, double *out);
} ph_observable_t;

const ph_observable_t *ph_observable(ph_observable_id_t id);

/** Number of components of an observable at a point with this many patterns. */
size_t ph_observable_components(ph_observable_id_t id, const ph_grid_t *grid, int64_t patterns);

/** Components of all recorded observables of a grid at a point, in list order. */
size_t ph_observables_total(const ph_grid_t *grid, int64_t patterns);

/** Offset of an observable's first component among those of ph_observables_total(). */
size_t ph_observable_offset(ph_observable_id_t id, const ph_grid_t *grid, int64_t patterns);

#endif
