/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/retrieved.h"

#include <math.h>

#include "base/floating.h"

/* Averaged over `states` states of a point, [states][patterns_max]; those not found do not count.
 */
static int count_states(const ph_theory_t *theory, const ph_retrieval_t *rule, size_t point,
                        const char *magnetization, const char *converged, size_t states,
                        double *number)
{
    const double *m = ph_theory_values(theory, magnetization, point);
    const double *found = ph_theory_values(theory, converged, point);
    double sum = 0.0, count = 0.0;
    int status = PH_OK;
    *number = (double)NAN;
    for (size_t s = 0; m != NULL && found != NULL && s < states && status == PH_OK; s++) {
        uint64_t retrieved = 0;
        if (found[s] == 0.0)
            continue;
        status = ph_retrieval_count(rule, &theory->grid->points[point],
                                    m + s * (size_t)theory->grid->patterns_max, &retrieved);
        sum += (double)retrieved;
        count += 1.0;
    }
    if (count > 0.0)
        *number = sum / count;
    return status;
}

int ph_retrieved_of_theory(const ph_theory_t *theory, const ph_retrieval_t *rule,
                           double *population, double *samples, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const size_t own = (size_t)theory->grid->samples;
    int status = PH_OK;
    for (size_t p = 0; p < theory->grid->points_count && status == PH_OK; p++) {
        status = count_states(theory, rule, p, "magnetization", "converged", 1, &population[p]);
        if (status == PH_OK)
            status = count_states(theory, rule, p, "magnetization_sample", "converged_sample", own,
                                  &samples[p]);
    }
    return status == PH_OK ? status
                           : ph_fail(report, status, "no memory for the patterns of a theory");
}
