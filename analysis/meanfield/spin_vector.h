/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MEANFIELD_SPIN_VECTOR_H
#define PH_MEANFIELD_SPIN_VECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Spins in four fields at once, in the vectors of gcc and clang: the same operations, and so the
 * same bits, in whatever registers a processor has. A function of several rows is written once as
 * PH_SPIN_INLINE and compiled twice, for every processor and for AVX2 (PH_SPIN_FOR_AVX2), between
 * which ph_spin_wide() chooses.
 */

enum { PH_SPIN_LANES = 4 };

/* Of no more alignment than a double, so that any four of an array can be one. */
typedef double ph_real4_t __attribute__((vector_size(32), aligned(8), may_alias));
typedef int64_t ph_word4_t __attribute__((vector_size(32), aligned(8), may_alias));

#define PH_SPIN_INLINE static inline __attribute__((always_inline, unused))
#if defined(__x86_64__)
#define PH_SPIN_FOR_AVX2 __attribute__((target("avx2")))
#define ph_spin_wide() (__builtin_cpu_supports("avx2") != 0)
#else
#define PH_SPIN_FOR_AVX2
#define ph_spin_wide() false
#endif

/* Vectors go by address: by value their way into a function is another one with AVX. */

PH_SPIN_INLINE void ph_real4_abs(const ph_real4_t *x, ph_real4_t *out)
{
    *out = (ph_real4_t)((ph_word4_t)*x & INT64_MAX);
}

/** The size of `size`, not negative, with the sign of `sign`. */
PH_SPIN_INLINE void ph_real4_sign(const ph_real4_t *size, const ph_real4_t *sign, ph_real4_t *out)
{
    *out = (ph_real4_t)((ph_word4_t)*size | ((ph_word4_t)*sign & INT64_MIN));
}

/**
 * exp(-x) for x >= 0 to one unit in the last place, as 2^-k exp(r), |r| < log(2)/2: 0 beyond 700,
 * where it is nothing beside 1. NaN stays NaN.
 */
PH_SPIN_INLINE void ph_real4_decay(const ph_real4_t *x, ph_real4_t *out)
{
    static const double TERMS[] = {/* 1/13! to 1/2! */
                                   1.0 / 6227020800.0, 1.0 / 479001600.0, 1.0 / 39916800.0,
                                   1.0 / 3628800.0,    1.0 / 362880.0,    1.0 / 40320.0,
                                   1.0 / 5040.0,       1.0 / 720.0,       1.0 / 120.0,
                                   1.0 / 24.0,         1.0 / 6.0,         0.5};
    static const double PER_LOG2 = 1.4426950408889634, ROUND = 0x1.8p52, FARTHEST = 700.0;
    static const double LOG2 = 0x1.62e42feep-1, LOG2_REST = 0x1.a39ef35793c76p-33;
    const ph_word4_t beyond = *x > FARTHEST;
    const ph_real4_t shifted = *x * PER_LOG2 + ROUND, k = shifted - ROUND;
    const ph_real4_t r = (k * LOG2 - *x) + k * LOG2_REST;
    const ph_real4_t scale = (ph_real4_t)((1023 - (ph_word4_t)shifted) << 52);
    ph_real4_t sum = (ph_real4_t){0} + TERMS[0];
    for (size_t i = 1; i < sizeof(TERMS) / sizeof(TERMS[0]); i++)
        sum = sum * r + TERMS[i];
    sum = scale + scale * (sum * r * r + r);
    *out = (ph_real4_t)(~beyond & (ph_word4_t)sum);
}

/** log(1 + a) for 0 <= a <= 1 to two units in the last place: 2 artanh(a/(2 + a)). */
PH_SPIN_INLINE void ph_real4_log1p(const ph_real4_t *a, ph_real4_t *out)
{
    enum { LAST = 16 };
    const ph_real4_t s = *a / (2.0 + *a), square = s * s;
    ph_real4_t sum = (ph_real4_t){0} + 1.0 / (2 * LAST + 1);
    for (int k = LAST - 1; k > 0; k--)
        sum = sum * square + 1.0 / (2 * k + 1);
    *out = 2.0 * s + 2.0 * s * square * sum;
}

/** Four fields become their means at T = 1/beta; slope may be NULL. */
PH_SPIN_INLINE void ph_real4_mean(ph_real4_t *h, ph_real4_t *slope, double beta)
{
    ph_real4_t size, decay;
    ph_real4_abs(h, &size);
    size *= 2.0 * beta;
    ph_real4_decay(&size, &decay);
    const ph_real4_t scale = 1.0 / (1.0 + decay), mean = (1.0 - decay) * scale;
    if (slope != NULL)
        *slope = 4.0 * beta * decay * scale * scale;
    ph_real4_sign(&mean, h, h);
}

/** The sum of four. */
PH_SPIN_INLINE double ph_real4_sum(const ph_real4_t *x)
{
    return ((*x)[0] + (*x)[2]) + ((*x)[1] + (*x)[3]);
}

#endif
