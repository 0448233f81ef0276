/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_BASE_JOB_H
#define PH_BASE_JOB_H

#include <stdbool.h>
#include <stddef.h>

/**
 * The job of a scheduler that this process runs in, into text[size], always terminated: "Slurm
 * 4711_3" (array and task; SLURM_JOB_ID without one), "PBS 4711[3].server" (PBS_JOBID), "LSF
 * 4711[3]" (LSB_JOBID), "Grid Engine 4711.3" (JOB_ID). False, and "", where the environment names
 * none, or something that is no such name.
 */
bool ph_job(char *text, size_t size);

#endif
