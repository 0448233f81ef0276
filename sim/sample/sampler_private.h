/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLE_SAMPLER_PRIVATE_H
#define PH_SAMPLE_SAMPLER_PRIVATE_H

#include "sim/sample/sampler.h"

/* The rows, each in its file sampler_*.c, and the kernels they share. */
extern const ph_sampler_t PH_SAMPLER_ROW_GLAUBER, PH_SAMPLER_ROW_METROPOLIS;

extern const ph_kernel_t PH_KERNEL_SITE_REFERENCE;

#endif
