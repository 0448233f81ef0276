/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_QUEUE_H
#define PH_CLI_QUEUE_H

#include <stdint.h>

/** Where the tasks of an array are. */
typedef enum { PH_QUEUE_ABSENT, PH_QUEUE_WAITS, PH_QUEUE_RUNS } ph_queue_t;

/**
 * Asks Slurm where tasks [0, tasks) are of the jobs of this name that run in this folder (whole
 * path), into states[tasks]. All absent where there is no squeue, or it does not answer within ten
 * seconds.
 */
void ph_queue_ask(const char *name, const char *folder, uint32_t tasks, ph_queue_t *states);

#endif
