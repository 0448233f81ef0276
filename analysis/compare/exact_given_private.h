/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_EXACT_GIVEN_PRIVATE_H
#define PH_COMPARE_EXACT_GIVEN_PRIVATE_H

#include "analysis/compare/compare.h"

/**
 * Exact sums of a theory file (kind exact), where it has them, against sums over the same samples
 * made anew, into given[points].exact. PH_ERR_MEMORY, or what solving gave.
 */
int ph_compare_exact(ph_given_off_t *given, const ph_theory_t *theory, ph_report_t *report);

#endif
