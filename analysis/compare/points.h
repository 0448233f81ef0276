/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_POINTS_H
#define PH_COMPARE_POINTS_H

#include <stddef.h>

#include "base/report.h"

/** What is done for one point, in any thread: it writes what is the point's alone. */
typedef int (*ph_point_work_t)(void *task, size_t point, ph_report_t *report);

/**
 * All points, over the threads that the process may use; files are read by one of them at a time
 * (ph_sample_read). A point that fails keeps those after it from being begun: what the first of
 * them says is reported, and its status returned. PH_ERR_INTERRUPTED.
 */
int ph_compare_points(size_t points, ph_point_work_t work, void *task, ph_report_t *report);

#endif
