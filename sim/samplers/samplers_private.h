/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_SAMPLERS_PRIVATE_H
#define PH_SAMPLERS_SAMPLERS_PRIVATE_H

#include "sim/chain/block.h"
#include "sim/chain/sampler.h"

/* The rows, each in its file sampler_*.c, and the kernels they share. */
extern const ph_sampler_t PH_SAMPLER_ROW_GLAUBER, PH_SAMPLER_ROW_METROPOLIS, PH_SAMPLER_ROW_LITTLE,
    PH_SAMPLER_ROW_BLOCK_GIBBS, PH_SAMPLER_ROW_LUMPED_LITTLE, PH_SAMPLER_ROW_LUMPED_BLOCK_GIBBS,
    PH_SAMPLER_ROW_DESCENT, PH_SAMPLER_ROW_REPLICA_EXCHANGE;

extern const ph_kernel_t PH_KERNEL_SITE_REFERENCE, PH_KERNEL_SITE_SSE2, PH_KERNEL_SITE_AVX2,
    PH_KERNEL_PAIRS_SSE2, PH_KERNEL_PAIRS_AVX2, PH_KERNEL_WIDE_SSE2, PH_KERNEL_WIDE_AVX2,
    PH_KERNEL_REAL_SSE2, PH_KERNEL_REAL_AVX2, PH_KERNEL_BATCH_SSE2, PH_KERNEL_BATCH_AVX2,
    PH_KERNEL_SITE_SINGLE;
extern const ph_kernel_t PH_KERNEL_LITTLE_REFERENCE, PH_KERNEL_GIBBS_REFERENCE,
    PH_KERNEL_LUMPED_LITTLE_REFERENCE, PH_KERNEL_LUMPED_GIBBS_REFERENCE,
    PH_KERNEL_DESCENT_REFERENCE, PH_KERNEL_EXCHANGE_REFERENCE;

/* An upper bound of |k| over sites and states, equal weights: min over two of them, the sum of the
 * entries' largest overlaps, and |phi_i| |O| with |O|^2 <= N lambda, lambda the largest eigenvalue
 * of phi^T phi by Gershgorin. */
int64_t ph_site_largest_field(const ph_block_t *self);

/* Field h of a site in real numbers, from block->overlaps and the site's own spin. */
double ph_site_field(const ph_block_t *self, size_t site, uint32_t lane, int32_t spin);

/* Whether 48 random bits are below the threshold: `high` the first 16, the others drawn if needed
 * from the address (sweep, attempt, lane). */
bool ph_site_decide(const ph_block_t *self, uint64_t threshold, uint32_t high, uint64_t attempt,
                    uint32_t lane);

/* Whether 48 random bits are below the threshold: a word of 32, and 16 more in the one case of
 * 2^32 where these leave it open. */
bool ph_parallel_decide(const ph_block_t *self, uint64_t threshold, uint32_t word, size_t site,
                        uint32_t lane);

/* The new spin, up or not, of a site of Little's dynamics, in the field without self-coupling of
 * block->overlaps and its own spin, and of block Gibbs, fields[p] being what multiplies feature p
 * (at T = 0 block->overlaps): given its word. */
bool ph_parallel_little(const ph_block_t *self, size_t site, uint32_t lane, int spin,
                        uint32_t word);
bool ph_parallel_gibbs(const ph_block_t *self, const double *fields, size_t site, uint32_t lane,
                       uint32_t word);

extern const ph_kernel_t PH_KERNEL_FIELD_GIBBS_SSE2, PH_KERNEL_FIELD_GIBBS_AVX2,
    PH_KERNEL_FIELD_LITTLE_SSE2, PH_KERNEL_FIELD_LITTLE_AVX2;
extern const ph_kernel_t PH_KERNEL_GIBBS_SSE2, PH_KERNEL_GIBBS_AVX2;
extern const ph_kernel_t PH_KERNEL_LUMPED_GIBBS_SSE2, PH_KERNEL_LUMPED_GIBBS_AVX2,
    PH_KERNEL_LUMPED_LITTLE_SSE2, PH_KERNEL_LUMPED_LITTLE_AVX2, PH_KERNEL_EXCHANGE_AVX2;

#endif
