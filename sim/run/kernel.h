/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RUN_KERNEL_H
#define PH_RUN_KERNEL_H

#include "params/grid.h"

/**
 * That the kernel or instruction set asked for takes the first block of each point. PH_ERR_INPUT
 * with the kernels that do, or where no sampler has such a kernel on this machine; PH_ERR_MEMORY.
 */
int ph_kernel_check(const ph_grid_t *grid, const char *kernel, ph_report_t *report);

#endif
