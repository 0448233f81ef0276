/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/estimate/jackknife.h"

#include <math.h>

#include "base/floating.h"

double ph_jackknife(double whole, const double *without, const double *weight, size_t groups,
                    double *value, double *variance)
{
    PH_FLOATING_GUARD();
    double all = 0.0, mean = 0.0, sum = 0.0, count = 0.0;
    for (size_t g = 0; g < groups; g++) {
        all += weight[g];
        count += weight[g] > 0.0;
    }
    *value = whole;
    *variance = (double)NAN;
    if (count < 2.0)
        return 0.0;
    /* pseudo-value of a group: h whole - (h - 1) without, h = all / weight */
    for (size_t g = 0; g < groups; g++)
        if (weight[g] > 0.0)
            mean -= (1.0 - weight[g] / all) * (without[g] - whole);
    *value = whole + mean;
    for (size_t g = 0; g < groups; g++) {
        const double h = weight[g] > 0.0 ? all / weight[g] : 0.0;
        if (weight[g] > 0.0)
            sum += pow((h - 1.0) * (whole - without[g]) - mean, 2) / (h - 1.0);
    }
    *variance = sum / count;
    return count - 1.0;
}

double ph_jackknife_mean(const double *x, size_t n, size_t together, double *work, double *value,
                         double *variance)
{
    PH_FLOATING_GUARD();
    const size_t groups = (n + together - 1) / together;
    double *weight = work, *without = work + groups, sum = 0.0, count = 0.0;
    for (size_t g = 0; g < groups; g++)
        weight[g] = without[g] = 0.0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]))
            continue;
        weight[i / together] += 1.0;
        without[i / together] += x[i];
        count += 1.0;
        sum += x[i];
    }
    for (size_t g = 0; g < groups; g++)
        without[g] = (sum - without[g]) / (count - weight[g]);
    return ph_jackknife(sum / count, without, weight, groups, value, variance);
}

double ph_share_variance_least(double share, double count)
{
    const double p = (share * count + 1.0) / (count + 2.0);
    return p * (1.0 - p) / (count + 2.0);
}

ph_averaged_t ph_average_samples(const double *values, const double *variances,
                                 const double *freedoms, size_t samples, bool one)
{
    PH_FLOATING_GUARD();
    ph_averaged_t out = {NAN, NAN, NAN, NAN, NAN};
    double count = 0.0, sum = 0.0, thermal = 0.0, freedom = 0.0, squares = 0.0;
    for (size_t s = 0; s < samples; s++) {
        if (isnan(values[s]))
            continue;
        count += 1.0;
        sum += values[s];
        thermal += variances[s];
        freedom += freedoms[s];
    }
    if (count < 1.0)
        return out;
    out.value = sum / count;
    out.thermal = sqrt(thermal) / count;
    if (count < 2.0 || (one && !isnan(out.thermal))) {
        out.error = out.thermal;
        out.freedom = freedom;
        return out;
    }
    for (size_t s = 0; s < samples; s++)
        if (!isnan(values[s]))
            squares += (values[s] - out.value) * (values[s] - out.value);
    const double scatter = squares / (count * (count - 1.0));
    out.error = sqrt(scatter);
    out.freedom = count - 1.0;
    out.disorder = sqrt(fmax(scatter - out.thermal * out.thermal, 0.0));
    if (isnan(out.thermal) || one)
        out.disorder = (double)NAN;
    return out;
}
