/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_BASE_DURATION_H
#define PH_BASE_DURATION_H

#include <stddef.h>

/**
 * A duration for people, three digits of the largest unit that fits: "0.25 s", "12.5 min", "30 h",
 * "41.7 d" (from two days on), "5.87 years" (from two years on, of 365.25 days). Below a hundredth
 * of a second, and where it is negative: "0 s"; "unknown" where it is no number or infinite. `text`
 * takes 32 bytes.
 */
void ph_duration_text(double seconds, char *text, size_t size);

#endif
