/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/floating.h"
#include "sim/sample/plan.h"
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

/* The shards among the files: how many there should be, and which were given. */
typedef struct {
    ph_shard_t first; /* of the first file; count 1: not shards */
    bool *given, *unfinished;
} shards_t;

static int note_shard(shards_t *self, ph_shard_t shard, const char *path, ph_report_t *report)
{
    if (self->given == NULL) {
        self->first = shard;
        self->given = calloc(shard.count, sizeof(*self->given));
        self->unfinished = calloc(shard.count, sizeof(*self->unfinished));
        if (self->given == NULL || self->unfinished == NULL)
            return ph_fail(report, PH_ERR_MEMORY, "no memory to count %u shards", shard.count);
    }
    if (shard.count == self->first.count)
        self->given[shard.number] = true;
    else if (shard.count > 1)
        ph_note(report, "%s is shard %u of %u, not of %u", path, shard.number, shard.count,
                self->first.count);
    return PH_OK;
}

static int add_one(ph_ledger_t *ledger, shards_t *shards, const char *first, const char *path,
                   ph_report_t *report)
{
    int status = same_grid(ledger->grid, first, path, report);
    if (status == PH_OK)
        status = ph_ledger_add_file(ledger, path, report);
    if (status != PH_OK)
        return status;
    ph_source_t *source = &ledger->sources[ledger->sources_count - 1];
    status = note_shard(shards, ph_shard_read(&source->file.base), path, report);
    ph_source_close(source);
    return status == PH_OK ? add_journal_of(ledger, path, report) : status;
}

/* Every file is looked at, so that all bad ones are named at once; the worst status is returned. */
static int add_all(ph_ledger_t *ledger, shards_t *shards, size_t count, const char *const *paths,
                   ph_report_t *report)
{
    int worst = PH_OK;
    for (size_t k = 0; k < count; k++) {
        int status = add_one(ledger, shards, paths[0], paths[k], report);
        worst = status != PH_OK ? status : worst;
    }
    return worst;
}

static void note_shards(const bool *list, uint32_t count, const char *what, ph_report_t *report)
{
    char text[256];
    size_t shards = 0;
    for (uint32_t i = 0; i < count; i++)
        shards += list[i];
    ph_report_numbers(list, count, text, sizeof(text));
    if (shards > 0)
        ph_note(report, "%s: shard%s %s of %u", what, shards == 1 ? "" : "s", text, count);
}

/* Says which shards have what is not complete: those not given, and those not run to their end. */
static int explain(const ph_ledger_t *ledger, shards_t *shards, const char *path,
                   ph_report_t *report)
{
    const size_t points = ledger->grid->points_count, complete = ph_ledger_points_complete(ledger);
    const uint32_t count = shards->first.count;
    if (complete == points)
        return PH_OK;
    int status = ph_plan_unfinished(ledger, count, shards->unfinished, report);
    if (status != PH_OK)
        return status;
    ph_fail(report, PH_ERR_INTERRUPTED,
            "%zu of %zu points are not complete in these files; %s holds what there is",
            points - complete, points, path);
    if (count > 1) {
        for (uint32_t i = 0; i < count; i++) {
            shards->given[i] = shards->given[i] && shards->unfinished[i];
            shards->unfinished[i] = shards->unfinished[i] && !shards->given[i];
        }
        note_shards(shards->unfinished, count, "missing", report);
        note_shards(shards->given, count, "not finished", report);
    }
    return PH_ERR_INTERRUPTED;
}

static int merge_claimed(size_t count, const char *const *paths, const char *path,
                         ph_report_t *report)
{
    ph_runfile_t first;
    ph_ledger_t ledger = {0};
    shards_t shards = {{0, 1}, NULL, NULL};
    int status = ph_runfile_open(&first, paths[0], report);
    if (status == PH_OK)
        status = ph_ledger_init(&ledger, first.base.grid, report);
    if (status == PH_OK)
        status = add_all(&ledger, &shards, count, paths, report);
    if (status == PH_OK && access(path, F_OK) == 0) {
        ph_note(report, "%s exists already: what it holds is kept", path);
        status = add_one(&ledger, &shards, paths[0], path, report);
    }
    if (status == PH_OK)
        status = ph_ledger_assemble(&ledger, path, (ph_shard_t){0, 1}, NULL, report);
    if (status == PH_OK)
        status = explain(&ledger, &shards, path, report);
    ph_ledger_free(&ledger);
    ph_runfile_close(&first);
    free(shards.given);
    free(shards.unfinished);
    return status;
}

int ph_run_merge(size_t count, const char *const *paths, const char *path, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    for (size_t k = 0; k < count; k++)
        if (strcmp(paths[k], path) == 0)
            return ph_fail(report, PH_ERR_INPUT, "%s is both a file to merge and the output", path);
    if (count == 0)
        return ph_fail(report, PH_ERR_INPUT, "no files to merge");
    ph_claim_t claim;
    int status = ph_claim_take(&claim, path, report);
    if (status == PH_OK)
        status = merge_claimed(count, paths, path, report);
    ph_claim_release(&claim);
    return status;
}
