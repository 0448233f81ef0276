/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/sample/ledger.h"
#include "sim/sample/run.h"
#include "sim/store/claim.h"

/* The journal beside a run file, if there is one. */
static int add_journal_of(ph_ledger_t *ledger, const char *path, ph_report_t *report)
{
    size_t size = strlen(path) + sizeof(".journal");
    char *name = malloc(size);
    if (name == NULL)
        return PH_ERR_MEMORY;
    snprintf(name, size, "%s.journal", path);
    int status = PH_OK;
    if (access(name, F_OK) == 0) {
        ph_journal_index_t index;
        status = ph_journal_scan(name, &index, report);
        if (status == PH_OK)
            status = ph_ledger_add_journal(ledger, name, &index, report);
    }
    free(name);
    return status;
}

static int same_grid(const ph_grid_t *grid, const char *first, const char *path,
                     ph_report_t *report)
{
    ph_runfile_t file;
    int status = ph_runfile_open(&file, path, report);
    if (status == PH_OK && !ph_digest_equal(file.base.grid->digest, grid->digest)) {
        status =
            ph_fail(report, PH_ERR_MISMATCH, "%s belongs to another grid than %s", path, first);
        ph_grid_differences(grid, first, file.base.grid, path, report);
    }
    ph_runfile_close(&file);
    return status;
}

/* Every file is looked at, so that all bad ones are named at once; the worst status is returned. */
static int add_all(ph_ledger_t *ledger, size_t count, const char *const *paths, ph_report_t *report)
{
    int worst = PH_OK;
    for (size_t k = 0; k < count; k++) {
        int status = same_grid(ledger->grid, paths[0], paths[k], report);
        if (status == PH_OK)
            status = ph_ledger_add_file(ledger, paths[k], report);
        if (status == PH_OK)
            status = add_journal_of(ledger, paths[k], report);
        worst = status != PH_OK ? status : worst;
    }
    return worst;
}

static int merge_claimed(size_t count, const char *const *paths, const char *path,
                         ph_report_t *report)
{
    ph_runfile_t first;
    ph_ledger_t ledger;
    int status = ph_runfile_open(&first, paths[0], report);
    if (status != PH_OK)
        return status;
    status = ph_ledger_init(&ledger, first.base.grid, report);
    if (status == PH_OK)
        status = add_all(&ledger, count, paths, report);
    if (status == PH_OK)
        status = ph_ledger_assemble(&ledger, path, report);
    if (status == PH_OK) {
        size_t points = first.base.grid->points_count;
        size_t complete = ph_ledger_points_complete(&ledger);
        if (complete < points)
            status = ph_fail(report, PH_ERR_INTERRUPTED,
                             "%zu of %zu points are not complete in these files: is a shard "
                             "missing or not finished?",
                             points - complete, points);
    }
    ph_ledger_free(&ledger);
    ph_runfile_close(&first);
    return status;
}

int ph_run_merge(size_t count, const char *const *paths, const char *path, ph_report_t *report)
{
    for (size_t k = 0; k < count; k++)
        if (strcmp(paths[k], path) == 0)
            return ph_fail(report, PH_ERR_INPUT, "%s is both a file to merge and the output", path);
    if (count == 0)
        return ph_fail(report, PH_ERR_INPUT, "no files to merge");
    if (access(path, F_OK) == 0)
        return ph_fail(report, PH_ERR_INPUT, "%s exists already; remove it or name another output",
                       path);
    ph_claim_t claim;
    int status = ph_claim_take(&claim, path, report);
    if (status == PH_OK)
        status = merge_claimed(count, paths, path, report);
    ph_claim_release(&claim);
    return status;
}
