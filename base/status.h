/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_BASE_STATUS_H
#define PH_BASE_STATUS_H

#include <polyhebb/status.h>

/**
 * The exit code of the program for a status: 0 done, 1 failed, 2 usage or bad grid, 4 damaged,
 * 75 not finished, run again (EX_TEMPFAIL of sysexits.h). 3 (theory and simulation disagree) is
 * a verdict, not a status.
 */
int ph_status_exit_code(int status);

#endif
