/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/merge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/floating.h"
#include "sim/run/assemble.h"
#include "sim/run/doubt.h"
#include "sim/run/plan.h"
#include "sim/run/run.h"
#include "sim/run/until.h"
#include "sim/store/lock_file.h"

/* The journal beside a run file, if there is one (*found). */
static int add_journal_of(ph_checkpoint_index_t *checkpoints, const char *path, bool *found,
                          ph_report_t *report)
{
    char *name = ph_journal_path(path);
    if (name == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory to open the journal of %s", path);
    int status = ph_file_exists(name, found, report);
    if (status == PH_OK && *found) {
        ph_journal_index_t index;
        status = ph_journal_scan(name, &index, report);
        if (status == PH_OK)
            status = ph_checkpoint_index_add_journal(checkpoints, name, &index, report);
        if (status == PH_OK)
            status = ph_checkpoint_index_hold_journal(checkpoints, report);
        if (status == PH_OK)
            ph_checkpoint_index_note_damage(checkpoints, report);
    }
    free(name);
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

bool ph_shard_of_name(const char *path, size_t *prefix, ph_shard_t *shard)
{
    const size_t length = strlen(path);
    if (length < 3 || strcmp(path + length - 3, ".h5") != 0)
        return false;
    for (*prefix = length - 3; *prefix > 0 && path[*prefix - 1] != '.'; --*prefix)
        continue;
    int end = 0;
    return *prefix > 0 &&
           sscanf(path + *prefix, "%" SCNu32 "-of-%" SCNu32 ".h5%n", &shard->number, &shard->count,
                  &end) == 2 &&
           *prefix + (size_t)end == length && shard->number < shard->count &&
           shard->count <= PH_SHARDS_MAX;
}

/* A shard that was killed before it had a file: its journal, if there is one (*found). */
static int add_killed(ph_checkpoint_index_t *checkpoints, shards_t *shards, const char *path,
                      bool *found, ph_report_t *report)
{
    size_t prefix;
    ph_shard_t shard;
    int status = add_journal_of(checkpoints, path, found, report);
    if (status != PH_OK || !*found)
        return status;
    ph_note(report, "%s is not there, but its journal is: what that holds is taken", path);
    if (!ph_shard_of_name(path, &prefix, &shard))
        shard = (ph_shard_t){0, 1};
    return note_shard(shards, shard, path, report);
}

/* The same of all shards that were not given and have no file, beside one that was given. */
static int add_all_killed(ph_checkpoint_index_t *checkpoints, shards_t *shards, const char *path,
                          ph_report_t *report)
{
    const uint32_t count = shards->first.count;
    const size_t size = strlen(path) + 64;
    size_t prefix;
    ph_shard_t shard;
    if (count < 2 || !ph_shard_of_name(path, &prefix, &shard) || shard.count != count)
        return PH_OK;
    char *name = malloc(size);
    int status = name == NULL
                     ? ph_fail(report, PH_ERR_MEMORY, "no memory to look for %u shards", count)
                     : PH_OK;
    for (uint32_t i = 0; i < count && status == PH_OK; i++) {
        bool there = shards->given[i];
        if (there)
            continue;
        snprintf(name, size, "%.*s%u-of-%u.h5", (int)prefix, path, i, count);
        status = ph_file_exists(name, &there, report);
        if (status == PH_OK && !there)
            status = add_killed(checkpoints, shards, name, &there, report);
    }
    free(name);
    return status;
}

static int add_one(ph_checkpoint_index_t *checkpoints, shards_t *shards, const char *first,
                   const char *path, ph_report_t *report)
{
    bool found = false;
    int status = ph_file_exists(path, &found, report);
    if (status == PH_OK && !found)
        status = add_killed(checkpoints, shards, path, &found, report);
    else if (status == PH_OK)
        found = false;
    if (status != PH_OK || found)
        return status;
    ph_shard_t shard;
    status = ph_checkpoint_index_add_part(checkpoints, path, first, &shard, report);
    if (status == PH_OK)
        status = note_shard(shards, shard, path, report);
    return status == PH_OK ? add_journal_of(checkpoints, path, &found, report) : status;
}

/* What is under the output's name already: of the same grid, or of one that this contains. */
static int add_output(ph_checkpoint_index_t *checkpoints, const char *path, ph_report_t *report)
{
    bool found;
    ph_note(report, "%s exists already: what it holds is kept", path);
    int status = ph_checkpoint_index_add_file(checkpoints, path, report);
    if (status != PH_OK)
        return status;
    ph_source_close(&checkpoints->sources[checkpoints->sources_count - 1]);
    return add_journal_of(checkpoints, path, &found, report);
}

/* Every file is looked at, so that all bad ones are named at once; the worst status is returned. */
static int add_all(ph_checkpoint_index_t *checkpoints, shards_t *shards, const char *first,
                   size_t count, const char *const *paths, ph_report_t *report)
{
    int worst = PH_OK;
    for (size_t k = 0; k < count; k++) {
        int status = add_one(checkpoints, shards, first, paths[k], report);
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
static int explain(const ph_checkpoint_index_t *checkpoints, shards_t *shards, const char *path,
                   ph_report_t *report)
{
    const size_t points = checkpoints->grid->points_count,
                 complete = ph_checkpoint_index_points_complete(checkpoints);
    const uint32_t count = shards->first.count;
    if (complete == points)
        return PH_OK;
    int status = ph_plan_unfinished(checkpoints, count, shards->unfinished, report);
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

/* The first file that is there: a journal does not hold the grid. */
static const char *find_first(size_t count, const char *const *paths)
{
    for (size_t k = 0; k < count; k++) {
        bool exists;
        if (ph_file_exists(paths[k], &exists, NULL) != PH_OK || exists)
            return paths[k];
    }
    return paths[0];
}

void ph_parts_left_free(ph_parts_left_t *self)
{
    free(self->unfinished);
    *self = (ph_parts_left_t){0, NULL};
}

/* What `explain` has found: those not given, and those not run to their end. */
static void hand_out(ph_parts_left_t *left, shards_t *shards)
{
    if (left == NULL || shards->first.count <= 1)
        return;
    for (uint32_t i = 0; i < shards->first.count; i++)
        shards->unfinished[i] = shards->unfinished[i] || shards->given[i];
    *left = (ph_parts_left_t){shards->first.count, shards->unfinished};
    shards->unfinished = NULL;
}

static int merge_claimed(size_t count, const char *const *paths, const char *path,
                         ph_parts_left_t *left, ph_report_t *report)
{
    ph_runfile_t first;
    ph_checkpoint_index_t checkpoints = {0};
    shards_t shards = {{0, 1}, NULL, NULL};
    const char *const given = find_first(count, paths);
    bool exists = false;
    int status = ph_runfile_open(&first, given, report);
    if (status == PH_OK)
        status = ph_checkpoint_index_init(&checkpoints, first.base.grid, report);
    if (status == PH_OK)
        status = add_all(&checkpoints, &shards, given, count, paths, report);
    if (status == PH_OK)
        status = ph_file_exists(path, &exists, report);
    if (status == PH_OK && exists)
        status = add_output(&checkpoints, path, report);
    if (status == PH_OK)
        status = ph_until_settle(&checkpoints, report);
    if (status == PH_OK &&
        ph_checkpoint_index_points_complete(&checkpoints) < first.base.grid->points_count)
        status = add_all_killed(&checkpoints, &shards, given, report);
    if (status == PH_OK)
        status = ph_until_settle(&checkpoints, report);
    if (status == PH_OK)
        status = ph_doubt_refuse(&checkpoints, true, report);
    if (status == PH_OK)
        status = ph_checkpoint_index_assemble(&checkpoints, path, (ph_shard_t){0, 1}, NULL, report);
    if (status == PH_OK)
        status = explain(&checkpoints, &shards, path, report);
    if (status == PH_OK)
        status = ph_until_tell(&checkpoints, report);
    if (status == PH_ERR_INTERRUPTED)
        hand_out(left, &shards);
    ph_checkpoint_index_free(&checkpoints);
    ph_runfile_close(&first);
    free(shards.given);
    free(shards.unfinished);
    return status;
}

int ph_run_merge(size_t count, const char *const *paths, const char *path, bool take_over,
                 ph_parts_left_t *left, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    for (size_t k = 0; k < count; k++)
        if (strcmp(paths[k], path) == 0)
            return ph_fail(report, PH_ERR_INPUT, "%s is both a file to merge and the output", path);
    if (count == 0)
        return ph_fail(report, PH_ERR_INPUT, "no files to merge");
    ph_lock_file_t lock;
    int status = ph_lock_file_take(&lock, path, take_over, report);
    if (status == PH_OK)
        status = merge_claimed(count, paths, path, left, report);
    ph_lock_file_release(&lock);
    return status;
}
