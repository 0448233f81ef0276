/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_SAMPLERS_PRIVATE_H
#define PH_SAMPLERS_SAMPLERS_PRIVATE_H

#include "sim/chain/block.h"
#include "sim/chain/sampler.h"
#include "sim/vector/list.h"

/* The rows, each in the file of its algorithm. */
#define PH_SAMPLER_ROW(ID, ...) extern const ph_sampler_t PH_SAMPLER_ROW_##ID;
PH_SAMPLERS(PH_SAMPLER_ROW)
#undef PH_SAMPLER_ROW

/* The vector kernels, each for every instruction set. */
#define PH_VECTOR_KERNELS(ISA, NAME)                                                               \
    extern const ph_kernel_t PH_KERNEL_SITE_##ISA, PH_KERNEL_PAIRS_##ISA, PH_KERNEL_WIDE_##ISA,    \
        PH_KERNEL_REAL_##ISA, PH_KERNEL_BATCH4_##ISA, PH_KERNEL_BATCH8_##ISA,                      \
        PH_KERNEL_BATCH16_##ISA, PH_KERNEL_FIELD_GIBBS_##ISA, PH_KERNEL_FIELD_LITTLE_##ISA,        \
        PH_KERNEL_GIBBS_##ISA;
PH_ISAS(PH_VECTOR_KERNELS)
extern const ph_kernel_t PH_KERNEL_SITE_SINGLE;

/* What chains by neurons and by classes may not be compared with. */
#define PH_LITTLE_CAUTION                                                                          \
    "samples Little's law: no comparison with exp(-H/T) at finite N, nor with Glauber "            \
    "trajectories; its mean-field stationary points are the same"
#define PH_GIBBS_CAUTION "its path is not that of Glauber dynamics: no comparison of trajectories"

#endif
