/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Exact sums that a theory file gives, put to the test. */
#include <math.h>

#include "analysis/compare/exact_given_private.h"

/* Largest difference, relative where values are above 1, of what both have. */
static double difference(const double *given, const double *right, size_t count)
{
    double most = 0.0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(right[i]) && !isnan(given[i]))
            most = fmax(most, fabs(given[i] - right[i]) / fmax(1.0, fabs(right[i])));
    return most;
}

int ph_compare_exact(ph_comparison_t *self, const ph_theory_t *theory, int threads,
                     ph_report_t *report)
{
    const ph_theory_dataset_t *row;
    ph_theory_t right;
    if ((theory->kinds & 1U << PH_THEORY_EXACT) == 0)
        return PH_OK;
    const int status =
        ph_theory_solve(&right, theory->grid, 1U << PH_THEORY_EXACT, true, threads, NULL);
    if (status != PH_OK)
        return ph_fail(report, status, "the exact sums of the theory cannot be made again: %s",
                       ph_status_text(status));
    for (size_t i = 0; (row = ph_theory_dataset(PH_THEORY_EXACT, i)) != NULL; i++)
        for (size_t p = 0; p < theory->grid->points_count; p++) {
            const double *values = ph_theory_values(theory, row->name, p);
            const double *solved = ph_theory_values(&right, row->name, p);
            if (values == NULL || solved == NULL || row->flag)
                continue;
            self->given[p].exact =
                fmax(self->given[p].exact,
                     difference(values, solved, ph_theory_block(theory->grid, row)));
        }
    ph_theory_free(&right);
    ph_comparison_conclude(self);
    return PH_OK;
}
