/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_BENCH_BASELINE_H
#define PH_BENCH_BASELINE_H

#include <stddef.h>
#include <stdint.h>

#include "params/grid.h"
#include "sim/model/patterns.h"

/*
 * What polyhebb is measured against: Glauber dynamics in random site order, one chain, as a
 * physicist writes it. Both with exp of the C library, a scalar xoshiro256++ and the compiler's
 * -O3; storage with one weight g for all patterns.
 */

/** xoshiro256++ (Blackman & Vigna 2021). */
typedef struct {
    uint64_t state[4];
} ph_scalar_t;

/** The field from the running overlaps: O(K) an update, the matrix never formed. */
typedef struct {
    int64_t neurons, patterns;
    double gain, noise;
    const int8_t *xi; /* [neurons][patterns], of the patterns it was made from */
    double *overlaps; /* [patterns]: sum_i xi_i s_i */
    double *self;     /* [neurons]: sum_mu xi_i^2 */
    int *spins;       /* [neurons] */
    ph_scalar_t random;
} ph_naive_t;

/** The field anew from the matrix: O(N) an update, 4 N^2 bytes. */
typedef struct {
    int64_t neurons;
    double noise;
    float *couplings; /* [neurons][neurons] */
    float *spins;     /* [neurons] */
    ph_scalar_t random;
} ph_dense_t;

/** Starts from the first pattern, +1 where it is blank. PH_ERR_MEMORY; free is safe then. */
int ph_naive_init(ph_naive_t *self, const ph_patterns_t *patterns, double gain, double noise,
                  uint64_t seed);
void ph_naive_free(ph_naive_t *self);
void ph_naive_run(ph_naive_t *self, int64_t attempts);

int ph_dense_init(ph_dense_t *self, const ph_patterns_t *patterns, double gain, double noise,
                  uint64_t seed);
void ph_dense_free(ph_dense_t *self);
void ph_dense_run(ph_dense_t *self, int64_t attempts);

#endif
