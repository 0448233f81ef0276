/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_BASE_INTERRUPT_H
#define PH_BASE_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

/**
 * Theory, phase diagrams and comparisons end before their next point with PH_ERR_INTERRUPTED, and
 * without a result, once this flag is not 0: one of a process, which a signal handler sets. NULL,
 * as it is at first, and always in a host's process: never.
 */
void ph_interrupt_by(const volatile sig_atomic_t *flag);

/** Whether it is set. */
bool ph_interrupted(void);

#endif
