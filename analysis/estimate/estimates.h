/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ESTIMATE_ESTIMATES_H
#define PH_ESTIMATE_ESTIMATES_H

#include "analysis/estimate/alignment.h"
#include "base/report.h"
#include "sim/store/runfile.h"

/** Where a component of the recorded observables belongs. */
typedef struct {
    const ph_observable_t *observable;
    bool of_pattern;            /* it has a dimension `pattern` */
    size_t pattern;             /* 0 if not */
    size_t at[PH_OBS_DIMS_MAX]; /* its place along each of the observable's dimensions */
} ph_component_t;

/** Component c of ph_observables_total(). */
ph_component_t ph_component(const ph_grid_t *grid, int64_t patterns, size_t c);

/** Its name in tables, e.g. "magnetization", "loss_plus", "example_overlap_3", "rung_energy_1"
 * (without the pattern). */
void ph_component_name(const ph_component_t *component, char *text, size_t size);

/** What a change of all signs leaves of a magnetization: |m|, m^2, m^4. */
typedef enum { PH_EVEN_ABSOLUTE, PH_EVEN_SQUARE, PH_EVEN_FOURTH, PH_EVEN_COUNT } ph_even_t;

/** Its name in tables, e.g. "magnetization_absolute". */
const char *ph_even_name(ph_even_t even);

/**
 * Mean over the chains of all samples, each weighted by its records (with dynamics.until alike);
 * NaN without records. Of a final state, and of what counts from the start (relaxation,
 * round_trips), over the last values.
 *
 * The thermal error is only believed from chains long enough for their own tau: 10 tau each, 50 in
 * all. What is shorter has the error between blocks of ensemble.lanes chains (or samples) where
 * there are at least four of them, else none: NaN.
 */
typedef struct {
    double mean;
    double error;   /* the largest of: thermal; of the mean over blocks of ensemble.lanes chains
                       where there are at least 4; of the mean over samples where there are 2 */
    double thermal; /* allows for autocorrelation, takes chains as independent; NaN: not known */
    double tau;     /* integrated autocorrelation time in sweeps; a lower bound where too short */
    bool short_of_tau;
} ph_value_t;

/** The estimates of one point. */
typedef struct {
    size_t components;
    ph_value_t *values; /* [components] */
    size_t patterns;
    ph_value_t *even; /* [PH_EVEN_COUNT][patterns] of magnetizations */
    bool final;       /* values are those of last states: the records are a path (noise 0) */
    uint64_t moving;  /* chains of sampler descent that are not at their fixed point yet */
    uint64_t chains;  /* that have records */
    uint64_t records; /* of all of them */
} ph_estimates_t;

/**
 * Reads a point, finished or not. In the view of patterns nothing is turned. In that of ranks the
 * patterns of each sample are put in descending order (ph_align) of the averages over its chains,
 * all its chains alike. PH_ERR_MEMORY, or what reading the run gave.
 */
int ph_estimates_read(ph_estimates_t *self, ph_runfile_t *run, size_t point, ph_view_t view,
                      ph_report_t *report);

/** The same of the magnetizations and their absolute values alone, and reading what these are made
 * of: all other means are NaN. */
int ph_estimates_read_magnetizations(ph_estimates_t *self, ph_runfile_t *run, size_t point,
                                     ph_view_t view, ph_report_t *report);

void ph_estimates_free(ph_estimates_t *self);

#endif
