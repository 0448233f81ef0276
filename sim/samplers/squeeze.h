/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_SQUEEZE_H
#define PH_SAMPLERS_SQUEEZE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/chain/decision.h"

/**
 * A fast test of the upper 16 bits u of a decision in 16-bit integer arithmetic, the same in
 * scalar and in vector registers. With a = min(|k|, most) (Metropolis: max(0, k s)), |k| in units
 * of 2^shift, rounded to the nearest, which is 1 where largest < 2^15:
 *
 *   t = a spread                                 x = 2 scale |k| / T in units of curve[]
 *   r = curve[0] - mulhi(t, curve[1] - mulhi(t, curve[2]))    e^(-x/16), a parabola
 *   E = r^16                                     four times r = mulhi(r, r)
 *   w = mulhi(65535 - u, E)                      Glauber: u < w is u/(65536 - u) < e^-x, u < 1/(1 +
 * e^x) w = E - (k = 0 ? tie_drop : 0)               Metropolis
 *
 * |u - w| > tolerance decides as the exact threshold would: `tolerance` is the largest distance
 * between the two over every reachable integer k, found by trying all a. What lies within it
 * (a few in ten thousand) has to be decided exactly.
 */
typedef struct {
    uint16_t most, spread, curve[3], tie_drop, tolerance, shift;
    double unit;    /* of real fields */
    bool zero_open; /* strength 0 is decided exactly: the threshold jumps there */
} ph_squeeze_t;

/** Strengths of real fields, at most. */
enum { PH_SQUEEZE_LEVELS = 65535 / 3 };

/** Squarings from e^(-x/16) to e^-x. */
enum { PH_SQUEEZE_SQUARINGS = 4 };

/** Coefficients of 2^-f = 65535 - f (C1 - f (C2 - f C3)), f in [0, 1): off by 1.01e-4 of itself. */
enum { PH_SQUEEZE_C1 = 45320, PH_SQUEEZE_C2 = 15144, PH_SQUEEZE_C3 = 2595 };

/** Sets it up for integer fields up to |k| <= largest < 2^31 - 2^17, or up to the next bound of
 * four an octave, so that networks that are alike have the same, and certifies it. That of the
 * thread's last call is kept. False: too wide. */
bool ph_squeeze_init(ph_squeeze_t *self, const ph_decision_t *decision, int32_t largest);

/**
 * Sets it up for real fields |h| <= largest that are known to `error`, in units of squeeze->unit,
 * rounded to the nearest, and certifies it for all that may be rounded to each a; both bounds are
 * rounded up likewise. False: too wide.
 */
bool ph_squeeze_init_real(ph_squeeze_t *self, const ph_decision_t *decision, double largest,
                          double error);

/** E = 2^-y for y in units of 2^-12, y < 2^16, bit by bit as in vector registers: closer than the
 * parabola, for strengths that are in octaves anyway. */
uint16_t ph_squeeze_power(uint32_t y);

/** The largest |u - w| that this leaves at Glauber's exact threshold u, for every y. */
enum { PH_SQUEEZE_APART = 4 };

/**
 * Where y is off by so much that the odds may be off by a share `part` <= 0.45 of themselves, that
 * decides whose |u - w| is above BASE + w part. At the exact threshold u - w is w' part and APART,
 * w' being w and APART at most: APART (1 + part) < 6, and products and u rounded down are three.
 */
enum { PH_SQUEEZE_BASE = PH_SQUEEZE_APART + 5 };

/** E for a, bit by bit as in vector registers. */
uint16_t ph_squeeze_weight(const ph_squeeze_t *self, int32_t a);

#endif
