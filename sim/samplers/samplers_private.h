/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_SAMPLERS_PRIVATE_H
#define PH_SAMPLERS_SAMPLERS_PRIVATE_H

#include "sim/chain/block.h"
#include "sim/chain/sampler.h"

/* The rows, each in the file of its algorithm. */
#define PH_SAMPLER_ROW(ID, ...) extern const ph_sampler_t PH_SAMPLER_ROW_##ID;
PH_SAMPLERS(PH_SAMPLER_ROW)
#undef PH_SAMPLER_ROW

extern const ph_kernel_t PH_KERNEL_SITE_SSE2, PH_KERNEL_SITE_AVX2, PH_KERNEL_PAIRS_SSE2,
    PH_KERNEL_PAIRS_AVX2, PH_KERNEL_WIDE_SSE2, PH_KERNEL_WIDE_AVX2, PH_KERNEL_REAL_SSE2,
    PH_KERNEL_REAL_AVX2, PH_KERNEL_BATCH_SSE2, PH_KERNEL_BATCH_AVX2, PH_KERNEL_SITE_SINGLE;

extern const ph_kernel_t PH_KERNEL_FIELD_GIBBS_SSE2, PH_KERNEL_FIELD_GIBBS_AVX2,
    PH_KERNEL_FIELD_LITTLE_SSE2, PH_KERNEL_FIELD_LITTLE_AVX2;
extern const ph_kernel_t PH_KERNEL_GIBBS_SSE2, PH_KERNEL_GIBBS_AVX2;
extern const ph_kernel_t PH_KERNEL_LUMPED_GIBBS_SSE2, PH_KERNEL_LUMPED_GIBBS_AVX2,
    PH_KERNEL_LUMPED_LITTLE_SSE2, PH_KERNEL_LUMPED_LITTLE_AVX2, PH_KERNEL_EXCHANGE_AVX2;

/* What chains by neurons and by classes may not be compared with. */
#define PH_LITTLE_CAUTION                                                                          \
    "samples Little's law: no comparison with exp(-H/T) at finite N, nor with Glauber "            \
    "trajectories; its mean-field stationary points are the same"
#define PH_GIBBS_CAUTION "its path is not that of Glauber dynamics: no comparison of trajectories"

#endif
