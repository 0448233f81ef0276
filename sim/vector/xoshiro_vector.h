/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_VECTOR_XOSHIRO_VECTOR_H
#define PH_VECTOR_XOSHIRO_VECTOR_H

/* ph_xoshiro32_next() in every 32-bit lane of a register; after the header of an instruction set.
 */
#ifdef ISA_NAME
static inline __attribute__((always_inline)) vector_t xoshiro32_next(vector_t *s0, vector_t *s1,
                                                                     vector_t *s2, vector_t *s3)
{
    const vector_t word = add32(rotate32(add32(*s0, *s3), 7), *s0), t = left32(*s1, 9);
    *s2 = xor_(*s2, *s0);
    *s3 = xor_(*s3, *s1);
    *s1 = xor_(*s1, *s2);
    *s0 = xor_(*s0, *s3);
    *s2 = xor_(*s2, t);
    *s3 = rotate32(*s3, 11);
    return word;
}
#endif

#endif
