/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ANALYSIS_THEORYFILE_H
#define PH_ANALYSIS_THEORYFILE_H

#include <stddef.h>

#include "analysis/meanfield.h"
#include "base/report.h"
#include "params/grid.h"

/**
 * The theory of a whole grid: population[points], and with samples also sample[points][samples]
 * and their 1/N corrections. States of points the theory does not cover are not converged and NaN.
 */
typedef struct {
    const ph_grid_t *grid;
    ph_state_t *population;
    ph_state_t *sample; /* NULL without samples */
    double *correction; /* [points][samples][patterns_max], NaN where there is none */
    size_t unconverged; /* population states that did not converge */
} ph_theory_t;

/**
 * Solves every point from the grid's start, over `threads` threads; with_samples also for each of
 * the grid's own samples (drawn again from the seed). PH_ERR_UNSUPPORTED where K is above what
 * full rows allow.
 */
int ph_theory_solve(ph_theory_t *self, const ph_grid_t *grid, bool with_samples, int threads,
                    ph_report_t *report);
void ph_theory_free(ph_theory_t *self);

/**
 * Writes or reads a theory file: magnetization(axes..., pattern), free_energy, residual,
 * stability (axes...), converged(axes...) int8; with samples the same five with the suffix _sample
 * over (axes..., sample) and correction_sample(axes..., sample, pattern). Iterations are not kept.
 * Errors as ph_gridfile_create / open; only a theory file is ever overwritten (PH_ERR_INPUT).
 */
int ph_theory_write(const ph_theory_t *self, const char *path, ph_report_t *report);

/** `grid` must be the file's own (PH_ERR_MISMATCH with the differences otherwise). */
int ph_theory_read(ph_theory_t *self, const ph_grid_t *grid, const char *path, ph_report_t *report);

#endif
