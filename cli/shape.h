/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_SHAPE_H
#define PH_CLI_SHAPE_H

#include <stddef.h>

#include "base/report.h"

/** Rows and columns of option --NAME, "20x20". PH_ERR_INPUT where the text is no such. */
int ph_cli_shape(size_t shape[2], const char *name, const char *text, ph_report_t *report);

#endif
