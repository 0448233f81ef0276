/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_STARTER_H
#define PH_PARAMS_STARTER_H

#include <stdio.h>

#include "base/report.h"

/** Writes the commented starter grid of `polyhebb new`: small enough to finish in seconds. */
int ph_starter_write(FILE *out, ph_report_t *report);

/**
 * Writes params/reference.yaml: a valid grid file that shows every key of the schema with unit,
 * type, range, default and help. The copy under params/ is this output; a test compares them.
 */
int ph_reference_write(FILE *out, ph_report_t *report);

#endif
