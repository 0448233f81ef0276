/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_PHYSICAL_H
#define PH_CLI_PHYSICAL_H

#include <stdbool.h>
#include <stdio.h>

#include "base/report.h"

/**
 * Makes a figure that gnuplot has drawn `width` millimetres wide for whoever reads its file: of
 * "svg" width and height of its first element become millimetres, "png" gets the chunk pHYs with
 * its dots a metre; other formats are what they are. `file` is open for reading and writing, and
 * `name` is what is said of it. PH_ERR_IO where it is no such file or cannot be written;
 * PH_ERR_MEMORY.
 */
int ph_physical_width(FILE *file, const char *format, double width, const char *name,
                      ph_report_t *report);

#endif
