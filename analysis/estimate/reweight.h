/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ESTIMATE_REWEIGHT_H
#define PH_ESTIMATE_REWEIGHT_H

#include "analysis/estimate/jackknife.h"
#include "analysis/estimate/quantity.h"
#include "base/report.h"
#include "sim/store/runfile.h"

/** One quantity at one noise. */
typedef struct {
    const ph_quantity_t *quantity;
    size_t pattern; /* 0, 1, ...; 0 of a point */
    ph_averaged_t found;
    double exact;     /* by exact sums over the same samples; NaN: none */
    double effective; /* records that count: (sum w)^2 / sum w^2 of the sample with fewest */
} ph_reweighted_value_t;

/** Quantities of averages along the noise. */
typedef struct {
    size_t count; /* noises */
    double *noise;
    size_t width;                  /* quantities at each */
    ph_reweighted_value_t *values; /* [count][width] */
    size_t states;                 /* noises that records are of */
} ph_reweighted_t;

/**
 * All records of some points of a run that differ in noise alone, taken together
 * (analysis/estimate/multistate.h), at `count` noises[] between the least and the largest that were
 * simulated: the rungs of ladders, and the points' own. Energies are those of all rungs;
 * magnetizations, which are recorded at a point's own noise, those of the points, and NaN beyond
 * the least and the largest of these. Errors as of
 * quantities: chains, of all points at once, in up to PH_REWEIGHT_GROUPS groups, or pieces of fewer
 * than eight. Exact sums are made beside them.
 *
 * PH_ERR_UNSUPPORTED: a law that is not exp(-H/T), noise 0, no trajectories, points of other
 * samples. PH_ERR_INPUT: a noise outside, or one state only. PH_ERR_NUMERIC: states share no
 * energies. A note where neighbours hardly do. PH_ERR_MEMORY, or what reading the run gave.
 */
int ph_reweight(ph_reweighted_t *self, ph_runfile_t *run, const size_t *points, size_t points_count,
                const double *noises, size_t count, int threads, ph_report_t *report);

/** What is refused of points before anything is read: PH_ERR_UNSUPPORTED. path: of the run. */
int ph_reweight_check(const ph_grid_t *grid, const char *path, const size_t *points, size_t count,
                      ph_report_t *report);

/** Whether chains of some of these points follow others (dynamics.follow), so that they may be in
 * metastable branches, which no weights bring into equilibrium; a note says so. */
bool ph_reweight_branches(const ph_grid_t *grid, const size_t *points, size_t count,
                          ph_report_t *report);
void ph_reweighted_free(ph_reweighted_t *self);

enum { PH_REWEIGHT_GROUPS = 20 };

#endif
