/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_OBSERVABLES_H
#define PH_MODEL_OBSERVABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "params/grid.h"

/*
 * The one list of observables. Recording, moments, storage, units and export all walk it: a new
 * observable is one row here (and, if people are to choose it, a flag in the schema).
 */
typedef enum {
    PH_OBS_MAGNETIZATION,
    PH_OBS_ENERGY,
    PH_OBS_LOSS,
    PH_OBS_EXAMPLE_MAGNETIZATION,
    PH_OBS_EXAMPLE_OVERLAP,
    PH_OBS_REPLICA_OVERLAP,
    PH_OBS_FLIPS,
    PH_OBS_ACCEPTANCE,
    PH_OBS_RELAXATION,
    PH_OBS_SWAPS,
    PH_OBS_ROUND_TRIPS,
    PH_OBS_RUNG_ENERGY,
    PH_OBS_COUNT
} ph_observable_id_t;

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
} ph_observation_t;

typedef struct {
    ph_observable_id_t id;
    const char *name;      /* dataset name, e.g. "magnetization" */
    const char *long_name; /* description in files */
    const char *unit;
    bool single; /* stored as float32 rather than float64 */
    /* names of its own dimensions, outermost first: "pattern" runs over K (always the first if
     * there is one), "sign" over +, -, "example" over the recorded examples, "rung" over the
     * ladder, "pair" over its neighbours */
    size_t dims_count;
    const char *dims[PH_OBS_DIMS_MAX];
    bool (*recorded)(const ph_grid_t *grid);
    void (*measure)(const ph_observation_t *state, double *out);
} ph_observable_t;

const ph_observable_t *ph_observable(ph_observable_id_t id);

/**
 * Length of a named dimension at a point with this many patterns: K for "pattern", 2 for "sign",
 * the grid's number for "example".
 */
size_t ph_observable_dim(const char *dim, const ph_grid_t *grid, int64_t patterns);

/** Number of components of an observable at a point with this many patterns. */
size_t ph_observable_components(ph_observable_id_t id, const ph_grid_t *grid, int64_t patterns);

/** Whether a grid records it (magnetization and energy always, the others as it says). */
bool ph_observable_recorded(ph_observable_id_t id, const ph_grid_t *grid);

/** Components of all recorded observables of a grid at a point, in list order. */
size_t ph_observables_total(const ph_grid_t *grid, int64_t patterns);

/** Offset of an observable's first component among those of ph_observables_total(). */
size_t ph_observable_offset(ph_observable_id_t id, const ph_grid_t *grid, int64_t patterns);

#endif
