/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RANDOM_ELEMENTARY_SERIES_PRIVATE_H
#define PH_RANDOM_ELEMENTARY_SERIES_PRIVATE_H

/* What elementary.c and its functions in registers (elementary_private.h) have in common. */

#define PH_LOG2_E 1.4426950408889634
#define PH_SQRT2 1.4142135623730951

/** log 2 in two parts, the first with enough zero bits for n of it to be exact, n below 2^10. */
#define PH_LN2_HIGH 6.93147180369123816490e-01
#define PH_LN2_LOW 1.90821492927058770002e-10

/** The even and the odd part of the series of e^r, apart: two short chains of dependence. */
#define PH_EXP_EVEN                                                                                \
    {                                                                                              \
        1.0, 1.0 / 2.0, 1.0 / 24.0, 1.0 / 720.0, 1.0 / 40320.0, 1.0 / 3628800.0, 1.0 / 479001600.0 \
    }
#define PH_EXP_ODD                                                                                 \
    {                                                                                              \
        1.0, 1.0 / 6.0, 1.0 / 120.0, 1.0 / 5040.0, 1.0 / 362880.0, 1.0 / 39916800.0,               \
            1.0 / 6227020800.0                                                                     \
    }

#endif
