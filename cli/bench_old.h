/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_BENCH_OLD_H
#define PH_CLI_BENCH_OLD_H

#include <stddef.h>

#include "base/report.h"
#include "bench/bench.h"

/** What `bench --json` printed another time. */
typedef struct {
    size_t count;
    struct ph_bench_row *rows;
} ph_bench_old_t;

/** How a case does beside the other time; NaN where that did not have it. */
typedef struct {
    double ratio; /* of updates a second */
    double noise; /* of the ratio, by the spreads of both */
    double naive; /* the ratio of the naive loops: how the machine changed */
} ph_bench_ratio_t;

/** Reads the file. PH_ERR_IO, PH_ERR_MEMORY, PH_ERR_INPUT: it is none of ours. */
int ph_bench_old_read(ph_bench_old_t *self, const char *path, ph_report_t *report);
void ph_bench_old_free(ph_bench_old_t *self);

/** Beside the row of the same case, of the reference or of what was chosen. */
ph_bench_ratio_t ph_bench_old_ratio(const ph_bench_old_t *self, const ph_bench_case_t *what,
                                    const ph_bench_speed_t *speed);

#endif
