/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_COMPLETION_H
#define PH_CLI_COMPLETION_H

#include <stdio.h>

#include "base/report.h"

/** Writes what completes command lines of polyhebb in a shell, from the rows of its verbs.
 * PH_ERR_INPUT for another name than bash, zsh and fish. */
int ph_completion_write(const char *shell, FILE *out, ph_report_t *report);

#endif
