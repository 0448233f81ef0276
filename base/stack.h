/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_BASE_STACK_H
#define PH_BASE_STACK_H

#include "base/report.h"

/**
 * Whether the calling thread and those that OpenMP starts (OMP_STACKSIZE) have stack enough, 512
 * kB. PH_ERR_LIMIT where not, with what to set: a stack that ends in the middle of the work ends
 * the program without a word.
 */
int ph_machine_check_stack(ph_report_t *report);

#endif
