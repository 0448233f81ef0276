/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLE_BINOMIAL_PRIVATE_H
#define PH_SAMPLE_BINOMIAL_PRIVATE_H

#include "sim/sample/draw.h"

/* The bits of ph_draw_binomials(), several numbers at a time. */
#ifdef __x86_64__
ph_draw_binomials_t ph_draw_binomials_sse2;
ph_draw_binomials_t ph_draw_binomials_avx2; /* for processors that have it */
#endif

#endif
