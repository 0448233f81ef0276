/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_POINTS_H
#define PH_COMPARE_POINTS_H

#include <stddef.h>

#include "base/report.h"
#include "params/grid.h"

/** What is done for one point, in any thread: it writes what is the point's alone. */
typedef int (*ph_point_work_t)(void *task, size_t point, ph_report_t *report);

/** What comparisons hold of a sample at most, in each thread: records of its chains, what is made
 * of them, and samples that were read with it. */
double ph_compare_sample_bytes(const ph_grid_t *grid);

/** Bytes that all threads together may take: each of them has `bytes`, one at least goes on. */
#define PH_COMPARE_BYTES_MAX ((double)(1 << 30))

/**
 * All points, over the threads that the process may use and whose `bytes` there is room for; files
 * are read by one of them at a time (ph_runfile_read_samples()). A point that fails keeps
 * those after it from being begun: what the first of them says is reported, and its status
 * returned; nothing that others say is. PH_ERR_INTERRUPTED.
 */
int ph_compare_points(size_t points, double bytes, ph_point_work_t work, void *task,
                      ph_report_t *report);

#endif
