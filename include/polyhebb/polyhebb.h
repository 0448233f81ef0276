/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POLYHEBB_POLYHEBB_H
#define POLYHEBB_POLYHEBB_H

/** @file
 * All of libpolyhebb in one include: <polyhebb/polyhebb.h>. docs/library.md shows how it is used.
 *
 * Objects are made by a function ..._new, which sets the pointer it is given and returns a status,
 * and end with ..._delete. Functions that can fail return PH_OK or another ph_status_t and say why
 * in a report. Nothing is printed, no process is ended, and no state of the calling process is left
 * changed: neither GSL's error handler nor HDF5's, no signal handler, no locale, no rounding mode.
 */
#include <polyhebb/chain.h>
#include <polyhebb/compare.h>
#include <polyhebb/grid.h>
#include <polyhebb/phase.h>
#include <polyhebb/quantities.h>
#include <polyhebb/report.h>
#include <polyhebb/run.h>
#include <polyhebb/runfile.h>
#include <polyhebb/status.h>
#include <polyhebb/theory.h>
#include <polyhebb/version.h>

#endif
