/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RANDOM_DISTRIBUTIONS_H
#define PH_RANDOM_DISTRIBUTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/model/stream.h"

/*
 * Normal and binomial numbers, made from +, *, /, the square root and bit operations only, never
 * by libm: the same bits on every CPU and compiler. All methods are exact but for the rounding of
 * doubles: the probability of an outcome is met to about 1e-15 (1 + n/10) of itself (n of the
 * binomial), and the uniform numbers behind it have 52 bits.
 */

/** Standard normal number, by Marsaglia's polar method (SIAM Review 6, 260 (1964)). */
double ph_draw_normal(ph_stream_t *stream);

/**
 * The numbers of a lumped sampler: five xoshiro256++ generators (Blackman & Vigna, ACM TOMS 47, 36
 * (2021)), seeded anew for every chain and sweep from its Philox stream through SplitMix64. One is
 * for what comes one by one; the other four stand side by side, and item d of a list takes
 * generator d % 4. Four belongs to the definition of the numbers, whatever the width of the
 * machine's vectors.
 */
enum { PH_DRAW_LANES = 4 };

/** The least multiple of the generators from `count` on. */
static inline size_t ph_draw_padded(size_t count)
{
    return (count + PH_DRAW_LANES - 1) / PH_DRAW_LANES * PH_DRAW_LANES;
}

typedef struct {
    uint64_t single[4];
    uint64_t lanes[4][PH_DRAW_LANES]; /* word by word of the states */
    uint64_t seed, seeded;            /* of the single one; whether it has been, as is needed */
} ph_draws_t;

/** Seeds from the next four words of a stream. */
void ph_draws_init(ph_draws_t *self, ph_stream_t *stream);

/** The single generator, ready to go on. */
uint64_t *ph_draws_single(ph_draws_t *self);

/*
 * What follows is done for several chains at once, each with generators of its own: chains[i] has
 * the items [i each, (i + 1) each) of every array; `each` is a multiple of PH_DRAW_LANES.
 */

/** Seeds from four words a chain, words[chains][4]. */
typedef void ph_draw_seeds_t(ph_draws_t *chains, size_t count, const uint64_t *words);

/**
 * Lists of standard normal numbers by Box and Muller's method, one of each pair. Every item takes
 * two uniform numbers of its lane; the first `used` of each chain are there.
 */
typedef void ph_draw_normals_t(ph_draws_t *chains, size_t count, size_t each, size_t used,
                               double *out);

/** Fields that spins see: |field| at or below the tolerance is a tie, else it is worth
 * x = |field| * factor, the odds e^-x : 1 of standing against it. */
typedef struct {
    double tolerance, factor;
} ph_draw_noise_t;

/** At a noise T >= 0 the factor is 2/T; where that is 0, or all but 0, all stand along the field.
 */
ph_draw_noise_t ph_draw_noise(double noise, double tolerance);

/**
 * Lists of numbers of up-spins: out[d] of n[d] spins in fields[d], all but a binomial number of
 * them along it, at the chain's noise[i]; n an integer below 2^31. Every item takes two uniform
 * numbers of its lane. Where the mean of the binomial is below 10 the first is inverted; else both
 * make the first attempt of a transformed rejection (Hormann, J. Stat. Comput. Simul. 46, 101
 * (1993), with a hat closer to the law: see binomial_private.h). What that leaves open is settled
 * item after item, further attempts with numbers of the single generator.
 */
typedef void ph_draw_spins_t(ph_draws_t *chains, size_t count, size_t each, const double *n,
                             const double *fields, const ph_draw_noise_t *noise, double *out);

/** out[i][d] = sum_p units[i][p] rows[p][d], p < terms, in this order. */
typedef void ph_draw_fields_t(size_t count, size_t each, size_t terms, const double *units,
                              const double *rows, double *out);

/** Of one chain: out[p stride] = sum_d rows[p][d] (2 up[d] - n[d]): all integers, |sums of sizes| <
 * 2^31. */
typedef void ph_draw_sums_t(size_t each, size_t terms, const double *rows, const double *up,
                            const double *n, int32_t *out, size_t stride);

/** A way of computing lists; all have the same bits. */
typedef struct {
    const char *name;      /* of its instruction set, or "reference" */
    bool (*present)(void); /* whether this processor has it */
    ph_draw_seeds_t *seeds;
    ph_draw_normals_t *normals;
    ph_draw_spins_t *spins;
    ph_draw_fields_t *fields;
    ph_draw_sums_t *sums;
} ph_draw_lists_t;

/** Plainly, item after item. */
extern const ph_draw_lists_t PH_DRAW_PLAIN;

/** All that this build has, the fastest first; PH_DRAW_PLAIN and NULL at the end. */
extern const ph_draw_lists_t *const PH_DRAW_ALL[];

/** The one of a name, NULL if there is none. */
const ph_draw_lists_t *ph_draw_lists(const char *name);

#endif
