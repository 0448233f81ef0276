/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_OCCUPATION_H
#define PH_COMPARE_OCCUPATION_H

#include "analysis/estimate/quantities.h"

/**
 * Wells as the comparison has them (analysis/compare/wells.h): each chain is in the well that its
 * last state flows to, unless its first record is not in it. Their averages: magnetizations and
 * energy by the sum over the well or to order 1/N^2, with the moments of the sum or, where the next
 * order changes them by no more than a tenth, those of linear response and a normal law; else NaN.
 * PH_ERR_UNSUPPORTED where the mean field does not cover the point. Labels name the patterns whose
 * overlap is beyond 4/sqrt(N), in descending order and signed, "=" between those no more than that
 * apart: "+1-2", "+1=+2"; "0" where there is none.
 */
extern const ph_well_finder_t PH_COMPARE_WELLS;

/** That label of a state with magnetizations m[patterns]. */
void ph_well_label(const ph_point_t *point, const double *m, char *label);

#endif
