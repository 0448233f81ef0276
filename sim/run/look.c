/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/look.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "sim/run/assemble.h"
#include "sim/run/plan.h"
#include "sim/run/until.h"

/* The journal first, then the file: what a run at work moves from one to the other meanwhile is in
 * both of them, and not in none. */
typedef struct {
    const char *path;
    char *journal_path;
    int journal; /* -1: there is none */
    bool exists; /* the run file */
    ph_journal_index_t index;
    uint64_t damaged;
    ph_grid_t grid;
    ph_checkpoint_index_t checkpoints;
} sight_t;

static int begin(sight_t *self, const char *path, ph_report_t *report)
{
    memset(self, 0, sizeof(*self));
    ph_grid_init(&self->grid);
    self->path = path;
    self->journal = -1;
    self->journal_path = ph_journal_path(path);
    if (self->journal_path == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory to open the journal of %s", path);
    int status = ph_journal_look(self->journal_path, &self->journal, &self->index, report);
    self->damaged = self->index.damaged;
    return status == PH_OK ? ph_file_exists(path, &self->exists, report) : status;
}

static void end(sight_t *self)
{
    ph_checkpoint_index_free(&self->checkpoints);
    ph_journal_index_free(&self->index);
    ph_grid_free(&self->grid);
    if (self->journal >= 0)
        close(self->journal);
    free(self->journal_path);
}

static int grid_of_journal(sight_t *self, ph_report_t *report)
{
    char *text;
    int status = ph_journal_grid(self->journal, self->journal_path, &self->index, &text, report);
    if (status == PH_OK)
        status = ph_grid_parse(&self->grid, text, self->journal_path, 0, NULL, report);
    free(text);
    return status;
}

static int grid_of_file(sight_t *self, ph_report_t *report)
{
    ph_gridfile_t file;
    int status = ph_gridfile_open(&file, self->path, "run", report);
    if (status == PH_OK)
        status = ph_grid_parse(&self->grid, file.grid->text, self->path, 0, NULL, report);
    ph_gridfile_close(&file);
    return status;
}

static int find_grid(sight_t *self, ph_report_t *report)
{
    if (self->index.grid > 0)
        return grid_of_journal(self, report);
    if (self->exists || self->index.count == 0)
        return grid_of_file(self, report);
    return ph_fail(report, PH_ERR_FORMAT,
                   "%s is not there yet, and %s, of an earlier version, does not say which grid it "
                   "belongs to; run the grid again, which takes the journal up",
                   self->path, self->journal_path);
}

/* What the journal holds beside the file, chain by chain. */
static int take_in(sight_t *self, ph_report_t *report)
{
    int status = find_grid(self, report);
    if (status == PH_OK)
        status = ph_checkpoint_index_init(&self->checkpoints, &self->grid, report);
    if (status == PH_OK && self->exists)
        status = ph_checkpoint_index_add_file(&self->checkpoints, self->path, report);
    if (status == PH_OK)
        status = ph_checkpoint_index_add_journal(&self->checkpoints, self->journal_path,
                                                 &self->index, report);
    if (status != PH_OK)
        return status;
    ph_checkpoint_index_keep_open(&self->checkpoints, self->journal);
    self->journal = -1;
    return ph_until_settle(&self->checkpoints, report);
}

static int put_together(sight_t *self, ph_runfile_t *file, ph_report_t *report)
{
    int status = take_in(self, report);
    if (status == PH_OK)
        status = ph_checkpoint_index_view(&self->checkpoints, self->path, file, report);
    if (status == PH_ERR_IO)
        ph_note(report,
                "what %s holds is put together in a temporary file, in TMPDIR or /tmp, which needs "
                "about its room",
                self->journal_path);
    return status;
}

/* A record that is just being written has no checksum yet, and is none of the run's faults. */
static void note(const sight_t *self, const ph_look_t *found, ph_report_t *report)
{
    const bool finished = found->points_complete == found->points;
    if (found->journal)
        ph_note(report, "%s: %s: %zu of %zu points, from %s", self->path,
                finished ? "not put together yet" : "unfinished", found->points_complete,
                found->points, self->journal_path);
    else if (!finished && !found->shard)
        ph_note(report, "%s: unfinished: %zu of %zu points", self->path, found->points_complete,
                found->points);
    ph_doubt_note(&found->doubt, self->path, report);
    if (self->damaged > 0)
        ph_note(report, "%s: %llu records that are damaged or not whole yet were left out",
                self->journal_path, (unsigned long long)self->damaged);
}

static int count(const sight_t *self, const ph_runfile_t *file, ph_look_t *found,
                 ph_report_t *report)
{
    found->points = file->base.grid->points_count;
    found->points_complete = 0;
    for (size_t p = 0; p < found->points; p++)
        found->points_complete += ph_runfile_point_status(file, p) == PH_POINT_COMPLETE;
    found->journal = self->checkpoints.sources_count > 0;
    found->shard = !found->journal && ph_shard_read(&file->base).count > 1;
    return ph_doubt_find(file, &found->doubt, report);
}

int ph_look_open(ph_runfile_t *self, const char *path, ph_report_t *report)
{
    sight_t sight;
    ph_look_t found;
    memset(self, 0, sizeof(*self));
    self->base.file = H5I_INVALID_HID;
    int status = begin(&sight, path, report);
    if (status == PH_OK)
        status = sight.index.count > 0 ? put_together(&sight, self, report)
                                       : ph_runfile_open(self, path, report);
    if (status == PH_OK)
        status = count(&sight, self, &found, report);
    if (status == PH_OK)
        note(&sight, &found, report);
    end(&sight);
    return status;
}

int ph_look_shard_done(const char *path, bool *done, ph_report_t *report)
{
    ph_runfile_t file;
    ph_checkpoint_index_t checkpoints = {0};
    bool *unfinished = NULL;
    int status = ph_runfile_open(&file, path, report);
    if (status == PH_OK)
        status = ph_checkpoint_index_init(&checkpoints, file.base.grid, report);
    if (status == PH_OK)
        status = ph_checkpoint_index_add_file(&checkpoints, path, report);
    if (status == PH_OK)
        status = ph_until_settle(&checkpoints, report);
    if (status == PH_OK) {
        const ph_shard_t shard = ph_shard_read(&file.base);
        unfinished = calloc(shard.count, sizeof(*unfinished));
        status = unfinished == NULL
                     ? ph_fail(report, PH_ERR_MEMORY, "no memory for %u shards", shard.count)
                     : ph_plan_unfinished(&checkpoints, shard.count, unfinished, report);
        *done = status == PH_OK && !unfinished[shard.number];
    }
    free(unfinished);
    ph_checkpoint_index_free(&checkpoints);
    ph_runfile_close(&file);
    return status;
}

int ph_look_count(const char *path, ph_look_t *found, ph_report_t *report)
{
    sight_t sight;
    ph_runfile_t file;
    memset(found, 0, sizeof(*found));
    int status = begin(&sight, path, report);
    if (status == PH_OK && sight.index.count == 0) {
        status = ph_runfile_open(&file, path, report);
        if (status == PH_OK)
            status = count(&sight, &file, found, report);
        ph_runfile_close(&file);
    } else if (status == PH_OK) {
        status = take_in(&sight, report);
        found->journal = true;
        if (status == PH_OK) {
            found->points = sight.grid.points_count;
            found->points_complete = ph_checkpoint_index_points_complete(&sight.checkpoints);
            status = ph_doubt_of_index(&sight.checkpoints, &found->doubt, report);
        }
    }
    end(&sight);
    return status;
}

int ph_look_grid(const char *path, ph_grid_t *grid, ph_report_t *report)
{
    sight_t sight;
    ph_grid_init(grid);
    int status = begin(&sight, path, report);
    if (status == PH_OK)
        status = find_grid(&sight, report);
    if (status == PH_OK) {
        *grid = sight.grid;
        ph_grid_init(&sight.grid);
    }
    end(&sight);
    return status;
}
