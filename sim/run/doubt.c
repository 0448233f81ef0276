/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/doubt.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/model/coupling.h"
#include "sim/model/samples.h"
#include "sim/samplers/overrun.h"
#include "sim/store/mended.h"

/* What was found of samples, for points that share them; and entries that may still be drawn: what
 * is not drawn is doubtful. These take about a second. */
enum { KEPT = 64 };
typedef struct {
    const ph_point_t *points[KEPT];
    uint32_t samples[KEPT];
    bool overrun[KEPT];
    size_t count;
    double left;
} verdicts_t;

static const double DRAWN_MOST = 5e7;

static int judge(verdicts_t *self, const ph_point_t *point, uint64_t seed, uint32_t sample,
                 bool *overrun)
{
    const double features = fmin((double)ph_coupling_features(point), 64.0);
    double entries = (double)point->neurons * features * features / 8.0;
    *overrun = true;
    for (size_t k = 0; k < self->count && k < KEPT; k++)
        if (self->samples[k] == sample && ph_samples_same(self->points[k], point)) {
            *overrun = self->overrun[k];
            return PH_OK;
        }
    for (int64_t mu = 0; mu < point->patterns; mu++)
        entries += (double)point->neurons * ph_point_example_count(point, (size_t)mu);
    self->left -= entries;
    if (self->left < 0.0)
        return PH_OK;
    const int status = ph_overrun_drawn(point, seed, sample, overrun);
    if (status == PH_ERR_MEMORY)
        return status;
    const size_t place = self->count++ % KEPT;
    self->points[place] = point;
    self->samples[place] = sample;
    self->overrun[place] = *overrun;
    return PH_OK; /* of what cannot be drawn there are no chains */
}

/* The level of a chain; NONE where nothing is known of it. */
typedef ph_doubt_level_t level_of_t(const void *context, size_t point, uint32_t sample,
                                    uint32_t replica);

static void add_point(ph_doubtful_t *self, const ph_grid_t *grid, size_t p)
{
    char place[128];
    if (self->points++ > 0)
        return;
    ph_grid_point_text(grid, p, place, sizeof(place));
    self->first = p;
    snprintf(self->place, sizeof(self->place), "point %zu%s%s%s", p, place[0] != '\0' ? " (" : "",
             place, place[0] != '\0' ? ")" : "");
}

static int survey(const ph_grid_t *grid, level_of_t *level_of, const void *context,
                  ph_doubt_t *found)
{
    verdicts_t verdicts = {.count = 0, .left = DRAWN_MOST};
    int status = PH_OK;
    memset(found, 0, sizeof(*found));
    /* Where accepted updates are counted, kernels that count did the work. */
    for (size_t p = 0; p < grid->points_count && !grid->acceptance && status == PH_OK; p++) {
        const ph_point_t *point = &grid->points[p];
        ph_doubt_level_t worst = PH_DOUBT_NONE;
        if (!ph_overrun_possible(point))
            continue;
        for (uint32_t s = 0; s < grid->samples && status == PH_OK; s++) {
            ph_doubt_level_t level = PH_DOUBT_NONE;
            bool overrun = false;
            for (uint32_t r = 0; r < grid->replicas; r++) {
                const ph_doubt_level_t here = level_of(context, p, s, r);
                level = here > level ? here : level;
            }
            if (level > worst)
                status = judge(&verdicts, point, grid->seed, s, &overrun);
            worst = overrun ? level : worst;
        }
        if (worst != PH_DOUBT_NONE)
            add_point(worst == PH_DOUBT_ALONE ? &found->alone : &found->cut, grid, p);
    }
    return status;
}

/* Blocks that decide as a whole, and pairs, are not cut down to one chain. */
static ph_doubt_level_t level_in_file(const ph_runfile_t *file, size_t point, uint32_t sample,
                                      uint32_t replica)
{
    const ph_grid_t *grid = file->base.grid;
    if (ph_runfile_sweeps_done(file, point, sample, replica) <= 0)
        return PH_DOUBT_NONE;
    if (grid->lanes == 1 ||
        ((int64_t)replica == grid->replicas - 1 && (int64_t)replica % grid->lanes == 0))
        return PH_DOUBT_ALONE;
    return ph_grid_has_until(grid) || grid->replica_overlap ? PH_DOUBT_NONE : PH_DOUBT_CUT;
}

static ph_doubt_level_t level_of_file(const void *context, size_t point, uint32_t sample,
                                      uint32_t replica)
{
    return level_in_file(context, point, sample, replica);
}

static int finish(int status, const char *path, ph_report_t *report)
{
    return status == PH_OK ? PH_OK
                           : ph_fail(report, status,
                                     "%s: its samples cannot be drawn to see whether its chains "
                                     "are right: %s",
                                     path, ph_status_text(status));
}

int ph_doubt_find(const ph_runfile_t *file, ph_doubt_t *found, ph_report_t *report)
{
    memset(found, 0, sizeof(*found));
    if (ph_mended_read(&file->base) >= PH_MENDED)
        return PH_OK;
    return finish(survey(file->base.grid, level_of_file, file, found), file->base.path, report);
}

#define TOLD "(CHANGELOG.md, \"Wrong numbers mended\")"

/* Commands open a run more than once. */
static void note_once(const char *text, ph_report_t *report)
{
    for (size_t k = 0; report != NULL && k < report->count; k++)
        if (strcmp(report->messages[k].text, text) == 0)
            return;
    ph_note(report, "%s", text);
}

static void note(const ph_doubtful_t *found, const char *path, ph_doubt_level_t level,
                 ph_report_t *report)
{
    char text[1024];
    if (found->points == 0)
        return;
    const char *several = found->points == 1 ? "" : "s";
    if (level == PH_DOUBT_ALONE)
        snprintf(text, sizeof(text),
                 "%.300s: chains of %zu point%s may have followed another law, first %s: single "
                 "chains of large fields did in 1.0.0 and before " TOLD
                 "; run the grid anew, into another file",
                 path, found->points, several, found->place);
    else
        snprintf(text, sizeof(text),
                 "%.300s: if it was computed on more threads than there were blocks of replicas, "
                 "chains of %zu point%s, first %s, may have followed another law: those of large "
                 "fields that a thread computed alone did in 1.0.0 and before " TOLD,
                 path, found->points, several, found->place);
    note_once(text, report);
}

void ph_doubt_note(const ph_doubt_t *found, const char *path, ph_report_t *report)
{
    note(&found->alone, path, PH_DOUBT_ALONE, report);
    note(&found->cut, path, PH_DOUBT_CUT, report);
}

int ph_doubt_say(const ph_runfile_t *file, ph_report_t *report)
{
    ph_doubt_t found;
    const int status = ph_doubt_find(file, &found, report);
    ph_doubt_note(&found, file->base.path, report);
    return status;
}

static int make_room(ph_checkpoint_index_t *index, ph_report_t *report)
{
    if (index->doubts == NULL)
        index->doubts = calloc(ph_checkpoint_index_chains(index), sizeof(*index->doubts));
    return index->doubts != NULL
               ? PH_OK
               : ph_fail(report, PH_ERR_MEMORY, "no memory to keep count of %zu chains",
                         ph_checkpoint_index_chains(index));
}

static void remember(ph_checkpoint_index_t *index, size_t chain, ph_doubt_level_t level)
{
    if ((uint8_t)level > index->doubts[chain])
        index->doubts[chain] = (uint8_t)level;
}

/* Whether any point can be concerned: most grids need no more. */
static bool any_possible(const ph_grid_t *grid)
{
    for (size_t p = 0; p < grid->points_count; p++)
        if (ph_overrun_possible(&grid->points[p]))
            return true;
    return false;
}

int ph_doubt_take_file(ph_checkpoint_index_t *index, const ph_source_t *source, const bool *own,
                       ph_report_t *report)
{
    const ph_grid_t *theirs = source->file.base.grid, *grid = index->grid;
    if (ph_mended_read(&source->file.base) >= PH_MENDED || !any_possible(theirs))
        return PH_OK;
    const int status = make_room(index, report);
    for (size_t p = 0; p < grid->points_count && status == PH_OK; p++) {
        const size_t old = ph_source_point(source, p);
        if (old == SIZE_MAX)
            continue;
        for (uint32_t s = 0; s < theirs->samples && s < grid->samples; s++)
            for (uint32_t r = 0; r < theirs->replicas && r < grid->replicas; r++) {
                const size_t chain = ph_checkpoint_index_chain(index, p, s, r);
                const int64_t done = ph_runfile_sweeps_done(&source->file, old, s, r);
                if (done > 0 && (uint64_t)done > index->done[chain] && (own == NULL || own[chain]))
                    remember(index, chain, level_in_file(&source->file, old, s, r));
            }
    }
    return status;
}

int ph_doubt_begin_journal(ph_checkpoint_index_t *index, const ph_source_t *source,
                           ph_report_t *report)
{
    bool old = false;
    for (size_t k = 0; k < source->index.count; k++)
        old = old || source->index.entries[k].mended < PH_MENDED;
    return old && any_possible(index->grid) ? make_room(index, report) : PH_OK;
}

/* What one thread worked at is a record. */
void ph_doubt_take_entry(ph_checkpoint_index_t *index, size_t chain,
                         const ph_journal_entry_t *entry)
{
    if (index->doubts != NULL && entry->mended < PH_MENDED && entry->head.replicas == 1)
        remember(index, chain, PH_DOUBT_ALONE);
}

static ph_doubt_level_t level_of_index(const void *context, size_t point, uint32_t sample,
                                       uint32_t replica)
{
    const ph_checkpoint_index_t *index = context;
    return (ph_doubt_level_t)
        index->doubts[ph_checkpoint_index_chain(index, point, sample, replica)];
}

int ph_doubt_of_index(const ph_checkpoint_index_t *index, ph_doubt_t *found, ph_report_t *report)
{
    memset(found, 0, sizeof(*found));
    if (index->doubts == NULL)
        return PH_OK;
    return finish(survey(index->grid, level_of_index, index, found), index->sources[0].path,
                  report);
}

/* Where the first doubtful chain of a point comes from. */
static const char *source_of(const ph_checkpoint_index_t *index, size_t point,
                             ph_doubt_level_t level)
{
    const size_t first = ph_checkpoint_index_chain(index, point, 0, 0),
                 count = (size_t)index->grid->samples * (size_t)index->grid->replicas;
    for (size_t c = first; c < first + count; c++)
        if (index->doubts[c] == (uint8_t)level && index->source[c] >= 0)
            return index->sources[index->source[c]].path;
    return index->sources[0].path;
}

int ph_doubt_refuse(const ph_checkpoint_index_t *index, bool joined, ph_report_t *report)
{
    ph_doubt_t found;
    const ph_doubtful_t *alone = &found.alone, *cut = &found.cut;
    const int status = ph_doubt_of_index(index, &found, report);
    if (alone->points > 0 && joined && status == PH_OK)
        return ph_fail(report, PH_ERR_MISMATCH,
                       "%s holds chains of %zu point%s that may have followed another law, first "
                       "%s: single chains of large fields did in 1.0.0 and before " TOLD
                       ". Right ones are not joined to them, so nothing was done. Run the grid "
                       "anew, into another file (-o)",
                       source_of(index, alone->first, PH_DOUBT_ALONE), alone->points,
                       alone->points == 1 ? "" : "s", alone->place);
    if (alone->points > 0)
        note(alone, source_of(index, alone->first, PH_DOUBT_ALONE), PH_DOUBT_ALONE, report);
    if (cut->points > 0)
        note(cut, source_of(index, cut->first, PH_DOUBT_CUT), PH_DOUBT_CUT, report);
    return status;
}

int ph_doubt_mended(const ph_checkpoint_index_t *index, uint32_t *mended, ph_report_t *report)
{
    ph_doubt_t found;
    const int status = ph_doubt_of_index(index, &found, report);
    *mended = found.alone.points + found.cut.points > 0 ? 0 : PH_MENDED;
    return status;
}
