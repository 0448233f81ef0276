/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_ANALYSIS_COMPARE_GIVEN_H
#define PH_TESTS_ANALYSIS_COMPARE_GIVEN_H

#include <stdint.h>

/* Given patterns with overlaps of order one. */

enum { NEURONS = 120, PATTERNS = 3 };

/* One pattern; one that agrees with it in 85 of 100 neurons; one biased, a quarter of it blank. */
static inline void write_patterns(char *text)
{
    uint64_t state = 12345;
    char first[NEURONS];
    for (int mu = 0; mu < PATTERNS; mu++) {
        for (int i = 0; i < NEURONS; i++) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            const double u = (double)(state >> 11) * 0x1p-53;
            if (mu == 0)
                first[i] = *text++ = u < 0.5 ? '+' : '-';
            else if (mu == 1)
                *text++ = (char)(u < 0.85 ? first[i] : first[i] == '+' ? '-' : '+');
            else
                *text++ = (char)(u < 0.25 ? '0' : u < 0.8 ? '+' : '-');
        }
        *text++ = ' ';
    }
    *text = '\0';
}

#endif
