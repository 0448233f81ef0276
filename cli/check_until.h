/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_CHECK_UNTIL_H
#define PH_CLI_CHECK_UNTIL_H

#include "sim/run/until.h"

/** Prints what dynamics.until came to, and what the points at its cap need more; nothing without
 * it. The index is settled. */
void ph_cli_until(const ph_checkpoint_index_t *checkpoints);

#endif
