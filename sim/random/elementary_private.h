/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RANDOM_ELEMENTARY_PRIVATE_H
#define PH_RANDOM_ELEMENTARY_PRIVATE_H

/* The functions of elementary.h in registers of doubles: the same operations in the same order. */
#include "sim/random/elementary_series_private.h"
#include "sim/vector/vector.h"

#if defined(PH_ISA_HEADER) && defined(PH_VECTOR_REALS)

/* |a| */
static inline real_t size_of(real_t a)
{
    return as_real(right64(left64(as_bits(a), 1), 1));
}

/* ph_exp_negative(). */
static inline real_t exp_negative(real_t x)
{
    static const double EVEN[7] = PH_EXP_EVEN, ODD[7] = PH_EXP_ODD;
    const real_t inside = less(x, real(700.0));
    const real_t size = both(x, inside), turns = add(mul(size, real(PH_LOG2_E)), real(0.5));
    const real_t n = whole(turns);
    const real_t r = sub(sub(size, mul(n, real(PH_LN2_HIGH))), mul(n, real(PH_LN2_LOW)));
    const real_t square = mul(r, r);
    real_t even = real(EVEN[6]), odd = real(ODD[6]);
    for (int k = 5; k >= 0; k--) {
        even = add(real(EVEN[k]), mul(even, square));
        odd = add(real(ODD[k]), mul(odd, square));
    }
    const bits_t power = left64(sub64(bits(1023), whole_bits(turns)), 52);
    return both(mul(sub(even, mul(odd, r)), as_real(power)), inside);
}

/* ph_log(). */
static inline real_t log_of(real_t x)
{
    const bits_t mantissa = and64(as_bits(x), bits(UINT64_C(0xfffffffffffff)));
    const real_t whole_m = as_real(or64(mantissa, bits(UINT64_C(1023) << 52)));
    const real_t upper = less(real(PH_SQRT2), whole_m);
    const real_t m = choose(upper, mul(whole_m, real(0.5)), whole_m);
    /* A small integer in the last bits of 2^52. */
    const real_t biased = as_real(or64(right64(as_bits(x), 52), bits(UINT64_C(1075) << 52)));
    const real_t exponent = add(sub(biased, real(0x1p52 + 1023.0)), both(upper, real(1.0)));
    const real_t f = div_(sub(m, real(1.0)), add(m, real(1.0))), square = mul(f, f);
    real_t sum = real(0.0);
    for (int k = 25; k >= 3; k -= 2)
        sum = mul(add(sum, real(1.0 / k)), square);
    const real_t twice = mul(real(2.0), f);
    const real_t low = add(mul(twice, sum), mul(exponent, real(PH_LN2_LOW)));
    return add(mul(exponent, real(PH_LN2_HIGH)), add(twice, low));
}

#endif

#endif
