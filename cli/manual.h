/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_MANUAL_H
#define PH_CLI_MANUAL_H

#include <stdio.h>

#include "base/report.h"

/** Writes the page polyhebb-VERB(1) of the manual (man macros), from the verb's row. PH_ERR_INPUT
 * where there is no such verb, PH_ERR_MEMORY. */
int ph_manual_write(const char *verb, FILE *out, ph_report_t *report);

#endif
