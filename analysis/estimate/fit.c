/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/estimate/fit.h"

#include <math.h>
#include <stdbool.h>

static double weight(const double *error, bool alike, size_t i)
{
    return alike ? 1.0 : 1.0 / (error[i] * error[i]);
}

ph_fit_t ph_fit_line(size_t count, const double *x, const double *y, const double *error)
{
    ph_fit_t fit = {(double)NAN, (double)NAN};
    double all = 0.0, x_mean = 0.0, y_mean = 0.0, xx = 0.0, xy = 0.0, rest = 0.0, points = 0.0;
    bool alike = false;
    for (size_t i = 0; i < count; i++)
        alike = alike || (!isnan(x[i]) && !isnan(y[i]) && !(error[i] > 0.0));
    for (size_t i = 0; i < count; i++)
        if (!isnan(x[i]) && !isnan(y[i])) {
            const double w = weight(error, alike, i);
            points += 1.0;
            all += w;
            x_mean += w * x[i];
            y_mean += w * y[i];
        }
    x_mean /= all;
    y_mean /= all;
    for (size_t i = 0; i < count; i++)
        if (!isnan(x[i]) && !isnan(y[i])) {
            xx += weight(error, alike, i) * (x[i] - x_mean) * (x[i] - x_mean);
            xy += weight(error, alike, i) * (x[i] - x_mean) * (y[i] - y_mean);
        }
    if (!(xx > 0.0))
        return fit;
    fit.slope = xy / xx;
    for (size_t i = 0; i < count; i++)
        if (!isnan(x[i]) && !isnan(y[i]))
            rest += weight(error, alike, i) * pow(y[i] - y_mean - fit.slope * (x[i] - x_mean), 2);
    const double scatter = points > 2.0 ? sqrt(rest / (points - 2.0) / xx) : (double)NAN;
    fit.error = alike ? scatter : fmax(sqrt(1.0 / xx), scatter);
    return fit;
}
