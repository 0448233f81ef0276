/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_PHASE_H
#define PH_CLI_PHASE_H

#include "analysis/phase/phase.h"

/** Notes what a phase file lacks; PH_ERR_NUMERIC where a state reached was not found. */
int ph_cli_phase_told(const ph_phase_t *phase, const char *path, ph_report_t *report);

#endif
