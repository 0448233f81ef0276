/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_SCALING_H
#define PH_CLI_SCALING_H

#include <stdbool.h>

#include "analysis/compare/compare.h"

/** What `compare --scaling neurons` prints of a run whose infinite network is that of `theory`
 * (NULL: solved). Errors of ph_compare and ph_scaling_make. */
int ph_cli_scaling(ph_runfile_t *run, const ph_theory_t *theory, bool csv, bool brief,
                   ph_verdict_t *verdict, ph_report_t *report);

#endif
