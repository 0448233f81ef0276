/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/random/elementary.h"

#include <stdint.h>
#include <string.h>

#include "sim/random/elementary_series_private.h"

double ph_exp_negative(double x)
{
    static const double EVEN[7] = PH_EXP_EVEN, ODD[7] = PH_EXP_ODD;
    if (!(x < 700.0))
        return 0.0;
    /* e^-x = 2^-n e^-r with |r| <= ln(2)/2; the product of the first is exact. */
    int n = (int)(x * PH_LOG2_E + 0.5);
    double r = (x - n * PH_LN2_HIGH) - n * PH_LN2_LOW;
    double square = r * r, even = EVEN[6], odd = ODD[6];
    for (int k = 5; k >= 0; k--) {
        even = EVEN[k] + even * square;
        odd = ODD[k] + odd * square;
    }
    double sum = even - odd * r;
    uint64_t bits = (uint64_t)(1023 - n) << 52;
    double power;
    memcpy(&power, &bits, sizeof(power));
    return sum * power;
}

double ph_log(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof(bits));
    int exponent = (int)(bits >> 52) - 1023;
    bits = (bits & UINT64_C(0xfffffffffffff)) | UINT64_C(1023) << 52;
    double m;
    memcpy(&m, &bits, sizeof(m));
    if (m > PH_SQRT2) {
        m *= 0.5;
        exponent++;
    }
    /* log m = 2 artanh f, |f| < 0.172. */
    const double f = (m - 1.0) / (m + 1.0), square = f * f;
    double sum = 0.0;
    for (int k = 25; k >= 3; k -= 2)
        sum = (sum + 1.0 / k) * square;
    return exponent * PH_LN2_HIGH + (2.0 * f + (2.0 * f * sum + exponent * PH_LN2_LOW));
}
