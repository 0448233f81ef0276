/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Chains that cross the boundary of a basin: which linear noise does not know of. */
#include "analysis/compare/crossing_private.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/meanfield/meanfield.h"

enum { DRAWS_LEAST = 16 };
static const double SEEN = 3.0;   /* so many draws on average cross what is to be seen */
static const double PARTED = 6.0; /* standard deviations of a draw from the path */
static const double CLEAR = 0.1;  /* of magnetizations, beyond what rare flips do */
static const double LEAVES = 0.002;
static const double AT_REST = 0.05;
static const uint64_t LATER = 5; /* sweeps in which a chain that crosses is seen to */

/* Records up to which the flow has come to rest, and half as many sweeps again. */
static size_t on_the_way(const ph_flow_noise_t *noise, const uint64_t *time, size_t patterns)
{
    const size_t size = noise->size, from = size - patterns;
    size_t last = noise->times - 1, rest, end;
    while (last > 0 && !isfinite(noise->mean[last * size + from]))
        last--;
    for (rest = last; rest > 0; rest--) {
        double off = 0.0;
        for (size_t a = from; a < size; a++)
            off =
                fmax(off, fabs(noise->mean[(rest - 1) * size + a] - noise->mean[last * size + a]));
        if (off > AT_REST)
            break;
    }
    for (end = rest; end < last && time[end] < time[rest] + time[rest] / 2 + LATER; end++)
        continue;
    return end + 1;
}

/* The path without noise, by record and pattern. */
static void follow_plain(ph_cloud_t *cloud, const uint64_t *time, size_t records, double *path)
{
    uint64_t sweep = 0;
    for (size_t r = 0; r < records; r++) {
        for (; sweep < time[r]; sweep++)
            ph_cloud_sweep(cloud, 0.0);
        ph_cloud_magnetizations(cloud, path + r * cloud->patterns);
    }
}

/* The record at which a draw leaves the path for another well: there it is beyond the noise, and
 * beyond what rare flips do then or later. `records` where it does not, or not before `before`. */
static size_t follow(ph_cloud_t *cloud, const ph_flow_noise_t *noise, const uint64_t *time,
                     size_t records, size_t before, double factor, const double *path)
{
    const size_t k = cloud->patterns, size = noise->size;
    double m[PH_MEANFIELD_PATTERNS_MAX];
    uint64_t sweep = 0;
    size_t left = records;
    for (size_t r = 0; r < records; r++) {
        double beyond = 0.0;
        for (; sweep < time[r]; sweep++)
            ph_cloud_sweep(cloud, factor);
        ph_cloud_magnetizations(cloud, m);
        for (size_t mu = 0; mu < k; mu++) {
            const double variance = fmax(noise->chain[r * size + size - k + mu], 0.0);
            const double wide = PARTED * factor * sqrt(variance / (double)cloud->point->neurons);
            beyond = fmax(beyond, fabs(m[mu] - path[r * k + mu]) - wide);
        }
        left = beyond <= LEAVES ? records : left < r ? left : r;
        if (beyond > CLEAR)
            return left;
        if (left >= before && r + 1 >= before)
            return records;
    }
    return records;
}

/* The factor of the noise by which SEEN of so many draws are beyond `sight` deviations of one. */
static double more_noise(double sight, size_t draws)
{
    return sight / gsl_cdf_ugaussian_Qinv(SEEN / (double)draws);
}

int ph_crossing_first(const ph_point_t *point, const ph_flow_classes_t *net,
                      const ph_classes_t *start, const ph_flow_noise_t *noise, const uint64_t *time,
                      double sight, size_t most, double cost, size_t *first)
{
    ph_cloud_t cloud = {0};
    const size_t records = on_the_way(noise, time, net->patterns);
    double *path = malloc(records * net->patterns * sizeof(*path));
    int status = path == NULL ? PH_ERR_MEMORY : ph_cloud_init(&cloud, point, net);
    *first = noise->times;
    if (status == PH_OK) {
        const double each = ph_cloud_cost(&cloud, time[records - 1]) / PH_CLOUD_WAYS;
        const size_t draws = (size_t)fmin((double)most, cost / each);
        size_t seen = records;
        if (draws >= DRAWS_LEAST) {
            const double factor = more_noise(sight, draws);
            ph_cloud_begin(&cloud, start, 0.0, 1);
            follow_plain(&cloud, time, records, path);
            for (unsigned long d = 0; d < draws && seen > 1; d++) {
                ph_cloud_begin(&cloud, start, factor, 2 * d + 1);
                const size_t here = follow(&cloud, noise, time, records, seen, factor, path);
                seen = here < seen ? here : seen;
            }
            if (seen < records)
                *first = seen;
        }
    }
    ph_cloud_free(&cloud);
    free(path);
    return status;
}
