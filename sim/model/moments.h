/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_MOMENTS_H
#define PH_MODEL_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Running sums of one component of one chain over its records, kept as plain doubles so that a
 * continued chain adds to the very same numbers:
 *   [0] sum x   [1] sum |x|   [2] sum x^2   [3] sum x^4
 *   [4 + 2 l], [5 + 2 l], l = 0, 1, ..., PH_MOMENT_LEVELS - 1: blocks of 2^l records:
 *       sum of the unfinished block; sum of squared sums of finished blocks
 * The number of finished blocks of level l after n records is floor(n / 2^l).
 */
enum { PH_MOMENT_LEVELS = 32, PH_MOMENT_WORDS = 4 + 2 * PH_MOMENT_LEVELS };

/** Adds record number n (0, 1, ...: how many were added before) with value x. */
void ph_moments_add(double *sums, uint64_t n, double x);

double ph_moments_mean(const double *sums, uint64_t n);

/** Unbiased variance of the records; NaN below two records. */
double ph_moments_variance(const double *sums, uint64_t n);

/**
 * Variance of the means of blocks of 2^level records (unbiased), and their number in `blocks`;
 * NaN below two blocks. Flyvbjerg & Petersen, J. Chem. Phys. 91, 461 (1989).
 */
double ph_moments_block_variance(const double *sums, uint64_t n, unsigned level, uint64_t *blocks);

#endif
