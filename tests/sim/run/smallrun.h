/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_SMALLRUN_H
#define PH_TESTS_SMALLRUN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/model/moments.h"
#include "sim/model/states.h"
#include "sim/run/run.h"
#include "sim/store/runfile.h"
#include "tests/params/parse.h"

/* A run of a few milliseconds with everything that a journal can hold. */
#define SMALL_GRID                                                                                 \
    "network: { neurons: 40, patterns: 2 }\nnoise: [0.2, 0.6]\n"                                   \
    "dynamics: { sweeps: 12, burn_in: 3, record_every: 2 }\n"                                      \
    "ensemble: { samples: 2, replicas: 3, lanes: 2 }\n"

/** Runs a grid into a file on one thread; with a report, or NULL. */
static inline int small_run(const ph_grid_t *grid, const char *path, ph_report_t *report)
{
    const ph_run_options_t options = {.path = path, .threads = 1, .shards = 1};
    ph_run_summary_t summary;
    return ph_run(grid, &options, &summary, report);
}

/** Whether both have the same bits, NaN included. */
static inline bool small_equal(const double *a, const double *b, size_t count)
{
    return (a == NULL) == (b == NULL) && (a == NULL || memcmp(a, b, count * sizeof(*a)) == 0);
}

/** One chain of a run file, its records and recorded states included. */
static inline void small_read(ph_runfile_t *file, size_t p, uint32_t s, uint32_t r,
                              ph_segment_t *segment)
{
    const ph_grid_t *grid = file->base.grid;
    ck_assert_int_eq(ph_runfile_read(file, p, s, r, 1, 0, segment, NULL), PH_OK);
    ck_assert_int_eq(ph_segment_add_states(segment, grid, &grid->points[p]), PH_OK);
    if (segment->states_count > 0)
        ck_assert_int_eq(
            ph_runfile_read_states(file, p, s, r, 0, segment->states_count, segment->states, NULL),
            PH_OK);
}

/** The chains of two run files of one grid whose sweeps, records, sums, spins or recorded states
 * differ. */
static inline size_t small_different(const char *path, const char *other)
{
    ph_runfile_t files[2];
    size_t different = 0;
    ck_assert_int_eq(ph_runfile_open(&files[0], path, NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&files[1], other, NULL), PH_OK);
    const ph_grid_t *grid = files[0].base.grid;
    ck_assert(ph_digest_equal(grid->digest, files[1].base.grid->digest));
    for (size_t p = 0; p < grid->points_count; p++)
        for (uint32_t s = 0; s < grid->samples; s++)
            for (uint32_t r = 0; r < grid->replicas; r++) {
                ph_segment_t a, b;
                small_read(&files[0], p, s, r, &a);
                small_read(&files[1], p, s, r, &b);
                different +=
                    a.sweep_to != b.sweep_to || a.records != b.records ||
                    !small_equal(a.series, b.series, (size_t)(a.records * a.components)) ||
                    !small_equal(a.sums, b.sums, (size_t)a.components * PH_MOMENT_WORDS) ||
                    memcmp(a.spins, b.spins, ph_segment_spin_bytes(a.state_bits)) != 0 ||
                    a.states_count != b.states_count ||
                    (a.states_count > 0 &&
                     memcmp(a.states, b.states, (size_t)(a.states_count * a.states_bytes)) != 0);
                ph_segment_free(&a);
                ph_segment_free(&b);
            }
    ph_runfile_close(&files[0]);
    ph_runfile_close(&files[1]);
    return different;
}

/** A folder of its own for a test, "/tmp/polyhebb-XXXXXX", into folder[32]. */
static inline void small_folder(char *folder)
{
    snprintf(folder, 32, "/tmp/polyhebb-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

/** Removes it with all that is in it. */
static inline void small_remove(const char *folder)
{
    char command[64];
    snprintf(command, sizeof(command), "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
}

/** FOLDER/NAME into path[96]. */
static inline const char *small_path(char *path, const char *folder, const char *name)
{
    snprintf(path, 96, "%s/%s", folder, name);
    return path;
}

/** Whether a message of the report says this. */
static inline bool small_says(const ph_report_t *report, const char *text)
{
    for (size_t i = 0; i < report->count; i++)
        if (strstr(report->messages[i].text, text) != NULL)
            return true;
    return false;
}

#endif
