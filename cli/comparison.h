/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_COMPARISON_H
#define PH_CLI_COMPARISON_H

#include "analysis/compare/table.h"

/** A comparison on standard output: its rows and a summary. `csv`: rows only, the summary on
 * standard error; `brief`: of the rows those that disagree, and no legend. */
void ph_cli_print_comparison(const ph_comparison_table_t *table, bool csv, bool brief);

#endif
