/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_STATUS_PARTS_H
#define PH_CLI_STATUS_PARTS_H

#include <stdint.h>

#include "base/report.h"

/**
 * Prints how far each part is of the run that a grid file of this name has in the current folder:
 * done, running, silent, stopped, missing. `found`: into how many parts it is shared out, 0 where
 * there are none to see. PH_ERR_IO where the folder cannot be read, PH_ERR_MEMORY.
 */
int ph_status_parts(const char *name, uint32_t *found, ph_report_t *report);

#endif
