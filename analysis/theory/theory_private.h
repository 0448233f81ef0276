/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_THEORY_THEORY_PRIVATE_H
#define PH_THEORY_THEORY_PRIVATE_H

#include "analysis/theory/theory.h"

/** Number of a dataset in ph_theory_t.values. */
size_t ph_theory_index(ph_theory_kind_t kind, size_t i);
size_t ph_theory_datasets(void);

/** Whether a theory with these kinds and samples has the dataset. */
bool ph_theory_holds(const ph_theory_t *self, ph_theory_kind_t kind, size_t i);

/** Length of an own dimension. */
size_t ph_theory_dim(const ph_grid_t *grid, const char *name);

/** How many codes a flag has: two, or its words. */
size_t ph_theory_codes(const ph_theory_dataset_t *dataset);

/** What is where there is no answer: NaN, or a flag's `nothing`. */
double ph_theory_nothing(const ph_theory_dataset_t *dataset);

/** Room for everything the theory holds, filled with that. PH_ERR_MEMORY. */
int ph_theory_allocate(ph_theory_t *self);

/** What came of one kind at one point. */
typedef struct {
    int status;
    const char *trouble; /* NULL: the answer is whole */
    bool doubtful, samples_left_out;
    size_t not_small; /* samples without a 1/N correction */
} ph_theory_outcome_t;

/**
 * What the points came to, found[points]: a solver that failed at a point leaves NaN there
 * (PH_ERR_NUMERIC), points not covered (PH_ERR_UNSUPPORTED) are left out; both, and all `trouble`,
 * are noted and set `unconverged`. PH_ERR_UNSUPPORTED where no point is covered, or any other
 * status found.
 */
int ph_theory_conclude(const ph_theory_t *self, ph_theory_kind_t kind,
                       const ph_theory_outcome_t *found, bool *unconverged, ph_report_t *report);

#endif
