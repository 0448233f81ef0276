/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_VECTOR_LIST_H
#define PH_VECTOR_LIST_H

/*
 * The instruction sets of a build, in the order in which they are tried: the fastest first, but
 * AVX-512, which was not measured on a processor that has it, only in builds with -Davx512=true
 * and where it is asked for. Name and what users call it; each has a header of this folder and a
 * line in its meson.build with its flags.
 */
#if defined(__x86_64__) && defined(PH_WITH_AVX512)
#define PH_ISAS(ISA) ISA(AVX2, "avx2") ISA(AVX512, "avx512") ISA(SSE2, "sse2")
#elif defined(__x86_64__)
#define PH_ISAS(ISA) ISA(AVX2, "avx2") ISA(SSE2, "sse2")
#else
#define PH_ISAS(ISA) ISA(VECTOR128, "vector128")
#endif

#endif
