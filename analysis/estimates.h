/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ANALYSIS_ESTIMATES_H
#define PH_ANALYSIS_ESTIMATES_H

#include "base/report.h"
#include "sim/store/runfile.h"

/** Where a component of the recorded observables belongs: number `sign` 0 is +, 1 is -; `rung` also
 * counts pairs of rungs. */
typedef struct {
    const ph_observable_t *observable;
    bool of_pattern;                     /* it has a dimension `pattern` */
    size_t pattern, sign, example, rung; /* 0 where the observable has no such dimension */
} ph_component_t;

/** Component c of ph_observables_total(). */
ph_component_t ph_component(const ph_grid_t *grid, int64_t patterns, size_t c);

/** Its name in tables, e.g. "magnetization", "loss_plus", "example_overlap_3", "rung_energy_1"
 * (without the pattern). */
void ph_component_name(const ph_component_t *component, char *text, size_t size);

/** Mean over the chains of all samples, each weighted by its records; NaN without records. */
typedef struct {
    double mean;
    double error;   /* the largest of: thermal; of the mean over blocks of ensemble.lanes chains
                       where there are at least 4; of the mean over samples where there are 2 */
    double thermal; /* allows for autocorrelation, takes chains as independent */
    double tau;     /* integrated autocorrelation time in sweeps */
} ph_value_t;

/** The estimates of one point. */
typedef struct {
    size_t components;
    ph_value_t *values; /* [components] */
    uint64_t chains;    /* that have records */
    uint64_t records;   /* of all of them */
} ph_estimates_t;

/**
 * Reads a point, finished or not. Where the start leaves patterns of equal dilution in a symmetry
 * (analysis/compare.h), each chain is turned so that its magnetizations descend, differences below
 * 4/sqrt(N) apart: `pattern` counts in that order. Chains of more than PH_MEANFIELD_PATTERNS_MAX
 * patterns are taken as they are. PH_ERR_MEMORY, or what reading the run gave.
 */
int ph_estimates_read(ph_estimates_t *self, ph_runfile_t *run, size_t point, ph_report_t *report);
void ph_estimates_free(ph_estimates_t *self);

#endif
