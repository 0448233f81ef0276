/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_FORMATS_H
#define PH_CLI_FORMATS_H

#include "base/report.h"

#define PH_FORMATS_ALL "png svg pdf"
enum { PH_FORMATS_SIZE = sizeof(PH_FORMATS_ALL) };

/** The value of --format, "png,pdf", as figures are asked for, "png pdf". PH_ERR_INPUT, with what
 * is wrong, where it is none. */
int ph_formats_read(char formats[PH_FORMATS_SIZE], const char *text, ph_report_t *report);

#endif
