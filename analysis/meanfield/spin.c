/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/meanfield/spin.h"

#include <math.h>
#include <string.h>

#include "analysis/meanfield/meanfield_private.h"
#include "analysis/meanfield/spin_vector.h"

double ph_field_tie(const ph_meanfield_t *self, const double *n)
{
    double scale = 0.0;
    for (int64_t p = 0; p < self->features; p++)
        scale += fabs(self->weights[p] * n[p]);
    return PH_MEANFIELD_TIE * scale;
}

double ph_log_two_cosh(double h, double noise)
{
    /* T log 2 cosh(h/T) = |h| + T log(1 + exp(-2|h|/T)) */
    return noise > 0.0 ? fabs(h) + noise * log1p(exp(-2.0 * fabs(h) / noise)) : fabs(h);
}

PH_SPIN_INLINE void log_four(const ph_real4_t *h, double noise, ph_real4_t *out)
{
    ph_real4_t size, decay, log;
    ph_real4_abs(h, &size);
    const ph_real4_t away = 2.0 * size / noise;
    ph_real4_decay(&away, &decay);
    ph_real4_log1p(&decay, &log);
    *out = size + noise * log;
}

PH_SPIN_INLINE void means(double *h, double *slope, size_t count, double beta)
{
    const size_t whole = count - count % PH_SPIN_LANES, rest = count - whole;
    for (size_t i = 0; i < whole; i += PH_SPIN_LANES)
        ph_real4_mean((ph_real4_t *)(h + i), slope != NULL ? (ph_real4_t *)(slope + i) : NULL,
                      beta);
    if (rest == 0)
        return;
    ph_real4_t last = {0}, last_slope;
    memcpy(&last, h + whole, rest * sizeof(*h));
    ph_real4_mean(&last, &last_slope, beta);
    memcpy(h + whole, &last, rest * sizeof(*h));
    if (slope != NULL)
        memcpy(slope + whole, &last_slope, rest * sizeof(*slope));
}

PH_SPIN_INLINE void logs(const double *h, size_t count, double noise, double *out)
{
    const size_t whole = count - count % PH_SPIN_LANES, rest = count - whole;
    for (size_t i = 0; i < whole; i += PH_SPIN_LANES)
        log_four((const ph_real4_t *)(h + i), noise, (ph_real4_t *)(out + i));
    if (rest == 0)
        return;
    ph_real4_t last = {0};
    memcpy(&last, h + whole, rest * sizeof(*h));
    log_four(&last, noise, &last);
    memcpy(out + whole, &last, rest * sizeof(*out));
}

PH_SPIN_FOR_AVX2 static void means_avx2(double *h, double *slope, size_t count, double beta)
{
    means(h, slope, count, beta);
}

PH_SPIN_FOR_AVX2 static void logs_avx2(const double *h, size_t count, double noise, double *out)
{
    logs(h, count, noise, out);
}

void ph_spin_means(double *h, double *slope, size_t count, double noise, double tie)
{
    if (noise > 0.0 && ph_spin_wide()) {
        means_avx2(h, slope, count, 1.0 / noise);
        return;
    }
    if (noise > 0.0) {
        means(h, slope, count, 1.0 / noise);
        return;
    }
    for (size_t i = 0; i < count; i++)
        h[i] = h[i] > tie ? 1.0 : h[i] < -tie ? -1.0 : 0.0;
    if (slope != NULL)
        memset(slope, 0, count * sizeof(*slope));
}

void ph_spin_logs(const double *h, size_t count, double noise, double *out)
{
    if (noise > 0.0 && ph_spin_wide())
        logs_avx2(h, count, noise, out);
    else if (noise > 0.0)
        logs(h, count, noise, out);
    else
        for (size_t i = 0; i < count; i++)
            out[i] = fabs(h[i]);
}
