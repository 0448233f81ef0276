/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_EXACT_GIVEN_PRIVATE_H
#define PH_COMPARE_EXACT_GIVEN_PRIVATE_H

#include "analysis/compare/compare.h"

/**
 * Exact sums of a theory file (kind exact), where it has them, against sums over the same samples
 * made anew by `threads`, into given[points].exact of a comparison, which is concluded anew.
 * PH_ERR_MEMORY, or what solving gave.
 */
int ph_compare_exact(ph_comparison_t *self, const ph_theory_t *theory, int threads,
                     ph_report_t *report);

#endif
