/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_TABLE_PRIVATE_H
#define PH_COMPARE_TABLE_PRIVATE_H

#include "analysis/compare/table.h"

/** Attributes of its file that say whose theory a table judges. PH_ERR_DAMAGED where those that are
 * read do not, or what the file gave. */
int ph_table_write_theory(const ph_comparison_table_t *self, ph_gridfile_t *file,
                          ph_report_t *report);
int ph_table_read_theory(ph_comparison_table_t *self, const ph_gridfile_t *file,
                         ph_report_t *report);

#endif
