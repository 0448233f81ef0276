/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small files beside a run, and start files: the first byte says which, the rest is the file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/run/startfile.h"
#include "sim/store/lock_file.h"
#include "sim/store/statusfile.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    fuzz_room();
    return 0;
}

static void try_status(ph_report_t *report)
{
    ph_progress_t progress;
    if (ph_statusfile_read("run.h5", &progress, report) != PH_OK)
        return;
    fuzz_expect(memchr(progress.state, '\0', sizeof(progress.state)) != NULL &&
                    memchr(progress.host, '\0', sizeof(progress.host)) != NULL &&
                    memchr(progress.started, '\0', sizeof(progress.started)) != NULL &&
                    memchr(progress.updated, '\0', sizeof(progress.updated)) != NULL,
                "texts of a status end");
    ph_progress_is_dead(&progress);
    ph_progress_left(&progress);
}

static void try_start(ph_report_t *report)
{
    static const char TEXT[] =
        "title: fuzz\nnetwork: {neurons: 24, patterns: 2, dilution: 0.3}\nnoise: 0.5\n"
        "start: {kind: file, file: start}\ndynamics: {sweeps: 3}\n"
        "ensemble: {samples: 1, replicas: 2, lanes: 2}\n";
    ph_grid_t grid;
    ph_startfile_t start;
    ph_grid_init(&grid);
    memset(&start, 0, sizeof(start));
    if (ph_grid_parse(&grid, TEXT, "fuzz", 0, NULL, report) == PH_OK) {
        uint8_t bits[3];
        if (ph_startfile_open(&start, &grid, report) == PH_OK)
            for (uint32_t replica = 0; replica < 2; replica++)
                ph_startfile_spins(&start, &grid.points[0], 0, replica, bits, report);
        ph_startfile_close(&start);
    }
    ph_grid_free(&grid);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const NAMES[] = {"run.h5.status", "run.h5.claim", "start"};
    const unsigned kind = size > 0 ? data[0] % 3U : 0;
    if (size == 0 || (kind == 1 && size == 1)) /* an empty claim is waited for: a second each */
        return 0;
    ph_report_t report;
    ph_lock_file_t lock;
    ph_report_init(&report);
    fuzz_write(NAMES[kind], data + 1, size - 1);
    if (kind == 0)
        try_status(&report);
    else if (kind == 2)
        try_start(&report);
    else {
        memset(&lock, 0, sizeof(lock));
        lock.descriptor = -1;
        ph_lock_file_take(&lock, "run.h5", true, &report);
        ph_lock_file_release(&lock);
    }
    unlink(NAMES[kind]);
    ph_report_free(&report);
    return 0;
}
