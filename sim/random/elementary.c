/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/random/elementary.h"

#include <stdint.h>
#include <string.h>

double ph_exp_negative(double x)
{
    static const double LOG2_E = 1.4426950408889634;
    static const double LN2_HIGH = 6.93147180369123816490e-01, LN2_LOW = 1.90821492927058770002e-10;
    static const double EVEN[7] = {1.0,           1.0 / 2.0,       1.0 / 24.0,       1.0 / 720.0,
                                   1.0 / 40320.0, 1.0 / 3628800.0, 1.0 / 479001600.0};
    static const double ODD[7] = {1.0,
                                  1.0 / 6.0,
                                  1.0 / 120.0,
                                  1.0 / 5040.0,
                                  1.0 / 362880.0,
                                  1.0 / 39916800.0,
                                  1.0 / 6227020800.0};
    if (!(x < 700.0))
        return 0.0;
    /* e^-x = 2^-n e^-r with |r| <= ln(2)/2; LN2_HIGH has enough zero bits for n LN2_HIGH exact. */
    int n = (int)(x * LOG2_E + 0.5);
    double r = (x - n * LN2_HIGH) - n * LN2_LOW;
    /* The even and the odd part of the series apart: two short chains of dependence. */
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
    static const double LN2_HIGH = 6.93147180369123816490e-01, LN2_LOW = 1.90821492927058770002e-10;
    static const double SQRT2 = 1.4142135623730951;
    uint64_t bits;
    memcpy(&bits, &x, sizeof(bits));
    int exponent = (int)(bits >> 52) - 1023;
    bits = (bits & UINT64_C(0xfffffffffffff)) | UINT64_C(1023) << 52;
    double m;
    memcpy(&m, &bits, sizeof(m));
    if (m > SQRT2) {
        m *= 0.5;
        exponent++;
    }
    /* log m = 2 artanh f, |f| < 0.172. */
    const double f = (m - 1.0) / (m + 1.0), square = f * f;
    double sum = 0.0;
    for (int k = 25; k >= 3; k -= 2)
        sum = (sum + 1.0 / k) * square;
    return exponent * LN2_HIGH + (2.0 * f + (2.0 * f * sum + exponent * LN2_LOW));
}
