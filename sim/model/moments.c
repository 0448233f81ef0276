/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/moments.h"

#include <math.h>

void ph_moments_add(double *sums, uint64_t n, double x)
{
    sums[0] += x;
    sums[1] += fabs(x);
    sums[2] += x * x;
    sums[3] += x * x * x * x;

    /* A block of level l ends at record n when the low l bits of n are all ones; its sum then
     * goes up one level. */
    double carry = x;
    double *level = sums + 4;
    for (unsigned l = 0; l < PH_MOMENT_LEVELS; l++, level += 2) {
        level[0] += carry;
        if (l > 0 && ((n + 1) & ((UINT64_C(1) << l) - 1)) != 0)
            break;
        carry = level[0];
        level[0] = 0.0;
        level[1] += carry * carry;
    }
}

double ph_moments_mean(const double *sums, uint64_t n)
{
    return n == 0 ? NAN : sums[0] / (double)n;
}

double ph_moments_variance(const double *sums, uint64_t n)
{
    if (n < 2)
        return NAN;
    double mean = sums[0] / (double)n;
    double variance = (sums[2] - (double)n * mean * mean) / (double)(n - 1);
    return variance > 0.0 ? variance : 0.0;
}

double ph_moments_block_variance(const double *sums, uint64_t n, unsigned level, uint64_t *blocks)
{
    *blocks = n >> level;
    if (*blocks < 2)
        return NAN;
    double length = ldexp(1.0, (int)level), count = (double)*blocks;
    /* The mean is that of the finished blocks alone: take the unfinished levels off the sum. */
    double finished = sums[0];
    for (unsigned l = 0; l <= level; l++)
        finished -= sums[4 + 2 * l];
    double mean = finished / (count * length);
    double squares = sums[5 + 2 * level] / (length * length);
    double variance = (squares - count * mean * mean) / (count - 1.0);
    return variance > 0.0 ? variance : 0.0;
}
