/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/estimate/statistics.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "analysis/meanfield/spin_vector.h"
#include "base/floating.h"
#include "sim/model/moments.h"

/* Autocorrelation times that chains have to last, in all and each. */
static const double TAUS_ALL = 50.0, TAUS_CHAIN = 10.0;

/* Several chains [chains][n] of one law; stride: doubles between records of a chain. */
typedef struct {
    const double *x;
    size_t chains, n, stride;
    double mean;
} series_t;

static double record(const series_t *self, size_t chain, size_t i)
{
    return self->x[(chain * self->n + i) * self->stride];
}

/* A constant series has exactly zero variance, whatever the rounding of its mean. */
static bool constant(const series_t *self)
{
    for (size_t c = 0; c < self->chains; c++)
        for (size_t i = 0; i < self->n; i++)
            if (record(self, c, i) != record(self, 0, 0))
                return false;
    return true;
}

static double mean(const series_t *self)
{
    const double shift = record(self, 0, 0);
    double sum = 0.0;
    for (size_t c = 0; c < self->chains; c++)
        for (size_t i = 0; i < self->n; i++)
            sum += record(self, c, i) - shift;
    return shift + sum / (double)(self->chains * self->n);
}

/* The sum over i < n of (a_i - mean) (b_i - mean), a part of it in each of eight lanes: one sum
 * would wait for itself. */
PH_SPIN_INLINE double product(const double *a, const double *b, size_t n, double mean)
{
    ph_real4_t even = {0.0}, odd = {0.0};
    double sum = 0.0;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        even += (*(const ph_real4_t *)(a + i) - mean) * (*(const ph_real4_t *)(b + i) - mean);
        odd +=
            (*(const ph_real4_t *)(a + i + 4) - mean) * (*(const ph_real4_t *)(b + i + 4) - mean);
    }
    for (; i < n; i++)
        sum += (a[i] - mean) * (b[i] - mean);
    even += odd;
    return sum + ph_real4_sum(&even);
}

PH_SPIN_FOR_AVX2 static double product_avx2(const double *a, const double *b, size_t n, double mean)
{
    return product(a, b, n, mean);
}

static double autocovariance(const series_t *self, size_t lag)
{
    double sum = 0.0;
    for (size_t c = 0; c < self->chains; c++) {
        const double *x = self->x + c * self->n * self->stride;
        if (self->stride == 1)
            sum += (ph_spin_wide() ? product_avx2 : product)(x, x + lag, self->n - lag, self->mean);
        else
            for (size_t i = 0; i + lag < self->n; i++)
                sum += (record(self, c, i) - self->mean) * (record(self, c, i + lag) - self->mean);
    }
    return sum / (double)(self->chains * (self->n - lag));
}

static void find_tau(const series_t *self, ph_estimate_t *estimate)
{
    const double variance = autocovariance(self, 0);
    double tau = 0.5;
    size_t lag = 0;
    while (lag + 1 < self->n && (double)lag < 5.0 * tau) {
        lag++;
        tau += autocovariance(self, lag) / variance;
    }
    /* Anticorrelated records may bring the sum to zero or below; errors stay those of white noise
     * at the least. */
    estimate->tau = fmax(tau, 0.5);
    estimate->window = lag;
    estimate->ended = (double)lag >= 5.0 * tau;
}

double ph_estimate_length(double tau, size_t chains)
{
    return fmax(TAUS_ALL / (double)chains, TAUS_CHAIN) * tau;
}

static ph_estimate_t estimate(const series_t *chains)
{
    series_t self = *chains;
    const double total = (double)(self.chains * self.n);
    ph_estimate_t result = {.tau = 0.5};
    result.mean = self.mean = mean(&self);
    if (self.chains * self.n < 2) {
        result.variance = result.error = NAN;
        return result;
    }
    result.ended = true;
    if (!constant(&self)) {
        result.variance = autocovariance(&self, 0) * total / (total - 1.0);
        find_tau(&self, &result);
    }
    result.error = sqrt(2.0 * result.tau * result.variance / total);
    result.enough = (double)self.n >= ph_estimate_length(result.tau, self.chains);
    return result;
}

ph_estimate_t ph_estimate_series(const double *x, size_t n, size_t stride)
{
    PH_FLOATING_GUARD();
    return estimate(&(series_t){.x = x, .chains = 1, .n = n, .stride = stride});
}

ph_estimate_t ph_estimate_chains(const double *x, size_t chains, size_t n)
{
    PH_FLOATING_GUARD();
    return estimate(&(series_t){.x = x, .chains = chains, .n = n, .stride = 1});
}

ph_estimate_t ph_estimate_sums(const double *sums, uint64_t n)
{
    PH_FLOATING_GUARD();
    ph_estimate_t result = {.tau = 0.5, .mean = ph_moments_mean(sums, n)};
    result.variance = ph_moments_variance(sums, n);
    result.error = sqrt(result.variance / (double)n);
    /* what rounding alone can leave of the variance of a constant */
    const double rounding = DBL_EPSILON * sums[2];
    if (n < 2)
        return result;
    if (result.variance <= rounding) {
        result.variance = result.error = 0.0;
        result.ended = true;
        result.enough = (double)n >= ph_estimate_length(result.tau, 1);
        return result;
    }
    /* Blocks are long enough once b^3 > 2 n (2 tau_b)^2: Lee et al., PRE 83, 066706 (2011). */
    bool found = false;
    for (unsigned level = 0; level < PH_MOMENT_LEVELS && !found; level++) {
        uint64_t blocks;
        const double spread = ph_moments_block_variance(sums, n, level, &blocks);
        if (blocks < 2)
            break;
        const double length = ldexp(1.0, (int)level);
        const double tau = 0.5 * length * spread / result.variance;
        found = length * length * length > 2.0 * (double)n * 4.0 * tau * tau;
        result.tau = fmax(result.tau, tau);
        result.window = (size_t)length;
    }
    result.error = sqrt(2.0 * result.tau * result.variance / (double)n);
    result.ended = found;
    result.enough = found && (double)n >= ph_estimate_length(result.tau, 1);
    return result;
}

double ph_split_rhat(const double *x, size_t chains, size_t n)
{
    PH_FLOATING_GUARD();
    const size_t half = n / 2, pieces = 2 * chains;
    if (n < 4)
        return NAN;
    const series_t all = {.x = x, .chains = chains, .n = n, .stride = 1};
    if (constant(&all))
        return 1.0;
    const double centre = mean(&all), length = (double)half;
    double within = 0.0, sum = 0.0, squares = 0.0;
    for (size_t p = 0; p < pieces; p++) {
        /* the middle record of an odd chain is left out */
        const double *start = x + (p / 2) * n + (p % 2) * (n - half);
        const series_t piece = {.x = start, .chains = 1, .n = half, .stride = 1};
        const double level = mean(&piece);
        for (size_t i = 0; i < half; i++)
            within += (start[i] - level) * (start[i] - level);
        sum += level - centre;
        squares += (level - centre) * (level - centre);
    }
    within /= (double)pieces * (length - 1.0);
    const double between = (squares - sum * sum / (double)pieces) / ((double)pieces - 1.0);
    return sqrt((length - 1.0) / length + between / within);
}

double ph_plain_rhat(const double *means, const double *variances, size_t chains, double n)
{
    PH_FLOATING_GUARD();
    double within = 0.0, sum = 0.0, squares = 0.0;
    if (chains < 2)
        return 1.0;
    for (size_t i = 0; i < chains; i++) {
        const double mean = means[i] - means[0];
        within += variances[i];
        sum += mean;
        squares += mean * mean;
    }
    within /= (double)chains;
    const double between = (squares - sum * sum / (double)chains) / ((double)chains - 1.0);
    return within > 0.0 || between > 0.0 ? sqrt((n - 1.0) / n + between / within) : 1.0;
}

double ph_error_of_mean(const double *x, size_t n)
{
    PH_FLOATING_GUARD();
    if (n < 2)
        return NAN;
    const series_t all = {.x = x, .chains = 1, .n = n, .stride = 1};
    if (constant(&all))
        return 0.0;
    const double centre = mean(&all);
    double squares = 0.0;
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - centre) * (x[i] - centre);
    return sqrt(squares / ((double)n * ((double)n - 1.0)));
}

double ph_normal_tail(double threshold)
{
    PH_FLOATING_GUARD();
    return erfc(threshold / sqrt(2.0));
}

double ph_binomial_tail(uint64_t k, uint64_t n, double p)
{
    PH_FLOATING_GUARD();
    if (k == 0)
        return 1.0;
    if (k > n || p <= 0.0)
        return 0.0;
    if (p >= 1.0)
        return 1.0;
    return gsl_cdf_beta_P(p, (double)k, (double)(n - k) + 1.0);
}
