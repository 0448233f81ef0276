/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "analysis/compare/compare.h"
#include "analysis/compare/deviate_private.h"
#include "analysis/estimate/statistics.h"

static const double LEAST = 1e-280;      /* probabilities below are all alike */
static const double FEW_EVENTS = 1000.0; /* beyond, their law is normal */

static double normal_of(double probability)
{
    return gsl_cdf_ugaussian_Qinv(fmax(probability, LEAST));
}

double ph_normal_deviate(double excess, double error, double freedom, double quantum)
{
    if (excess <= 0.0)
        return 0.0;
    if (!(error > 0.0))
        return INFINITY;
    double deviate = excess / error;
    if (isfinite(freedom)) {
        const double probability = gsl_cdf_tdist_Q(deviate, freedom);
        deviate = fmin(deviate, normal_of(probability));
    }
    const double events = quantum > 0.0 ? pow(error / quantum, 2) : INFINITY;
    if (events < FEW_EVENTS) {
        /* as many events as make the excess, or more */
        const double count = ceil(excess / quantum + events - 1e-6);
        const double probability =
            count >= 1.0 ? gsl_cdf_poisson_Q((unsigned)fmin(count - 1.0, 1e9), events) : 1.0;
        deviate = fmin(deviate, fmax(normal_of(probability), 0.0));
    }
    return deviate;
}

double ph_least_deviation(double error, double freedom, double quantum)
{
    double low = 0.0, high = fmax(error, quantum);
    if (!(error > 0.0))
        return isnan(error) ? (double)NAN : 0.0;
    while (ph_normal_deviate(high, error, freedom, quantum) < PH_COMPARE_ERRORS && high < 1e6)
        high *= 2.0;
    for (int i = 0; i < 50; i++) {
        const double middle = 0.5 * (low + high);
        if (ph_normal_deviate(middle, error, freedom, quantum) < PH_COMPARE_ERRORS)
            low = middle;
        else
            high = middle;
    }
    return high;
}

double ph_deviate_bound(size_t count)
{
    const double level = 0.5 * PH_COMPARE_FALSE_ALARM / (double)(count > 0 ? count : 1);
    double low = 0.0, high = 38.0;
    for (int i = 0; i < 60; i++) {
        const double middle = 0.5 * (low + high);
        if (ph_normal_tail(middle) > level)
            low = middle;
        else
            high = middle;
    }
    return fmax(high, PH_COMPARE_ERRORS);
}
