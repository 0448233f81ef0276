/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/until.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/floating.h"
#include "sim/model/moments.h"
#include "sim/model/observables.h"

/* A block of a sample, and the one file that was opened to read what such blocks hold. */
typedef struct {
    ph_checkpoint_index_t *index;
    ph_report_t *report;
    ph_source_t *opened;
    double *sums; /* of the chains of a block */
    size_t point;
    uint32_t sample, first, chains;
    size_t words; /* of a chain's sums */
} reader_t;

static size_t chain_of(const reader_t *self, uint32_t r)
{
    return ph_checkpoint_index_chain(self->index, self->point, self->sample, self->first + r);
}

/* Of many shards only one is open at a time. */
static int open_source(reader_t *self, ph_source_t *source)
{
    if (!source->is_file || source->is_open)
        return PH_OK;
    if (self->opened != NULL)
        ph_source_close(self->opened);
    self->opened = source;
    return ph_source_open(source, self->report);
}

/* The sums of chains [r, *next) of the block that stand in one place. */
static int read_some(reader_t *self, uint32_t r, uint32_t *next)
{
    const ph_checkpoint_index_t *index = self->index;
    const size_t chain = chain_of(self, r);
    ph_source_t *source = &index->sources[index->source[chain]];
    ph_segment_t segment;
    uint32_t offset = 0;
    for (*next = r + 1; *next < self->chains; ++*next)
        if (index->source[chain_of(self, *next)] != index->source[chain] ||
            (!source->is_file && index->entry[chain_of(self, *next)] != index->entry[chain]))
            break;
    int status = open_source(self, source);
    if (status != PH_OK)
        return status;
    if (source->is_file) {
        status = ph_runfile_read(&source->file, ph_source_point(source, self->point), self->sample,
                                 self->first + r, *next - r, UINT64_MAX, &segment, self->report);
    } else {
        const size_t entry = index->entry[chain];
        status = ph_source_segment(source, entry, &segment, self->report);
        offset = self->first + r - source->index.entries[entry].head.replica_first;
    }
    if (status != PH_OK)
        return status;
    if (segment.sums == NULL || segment.components * PH_MOMENT_WORDS != self->words ||
        offset + (*next - r) > segment.replicas)
        status = ph_fail(self->report, PH_ERR_DAMAGED, "%s: sums of point %zu are missing",
                         source->path, self->point);
    else
        memcpy(self->sums + r * self->words, segment.sums + offset * self->words,
               (*next - r) * self->words * sizeof(*self->sums));
    ph_segment_free(&segment);
    return status;
}

/* The sweeps that all chains of the block have done; 0 where they differ. */
static uint64_t common_sweeps(const reader_t *self)
{
    const uint64_t *done = self->index->done;
    for (uint32_t r = 1; r < self->chains; r++)
        if (done[chain_of(self, r)] != done[chain_of(self, 0)])
            return 0;
    return done[chain_of(self, 0)];
}

static int judge_block(reader_t *self, ph_until_t *out)
{
    const ph_grid_t *grid = self->index->grid;
    const ph_point_t *point = &grid->points[self->point];
    const uint64_t done = common_sweeps(self);
    int status = PH_OK;
    *out = (ph_until_t){INFINITY, INFINITY, PH_UNTIL_GOES_ON};
    if (!ph_until_decides(point, done))
        return PH_OK;
    self->words = ph_observables_total(grid, point->patterns) * PH_MOMENT_WORDS;
    self->sums = malloc(self->chains * self->words * sizeof(*self->sums));
    if (self->sums == NULL)
        return ph_fail(self->report, PH_ERR_MEMORY, "no memory to judge point %zu", self->point);
    for (uint32_t r = 0, next; r < self->chains && status == PH_OK; r = next)
        status = read_some(self, r, &next);
    if (status == PH_OK)
        *out = ph_until_judge(grid, point, done, self->chains, self->sums);
    free(self->sums);
    return status;
}

/* The blocks whose first chain is in this source (-1: in none). */
static int judge_source(reader_t *self, int32_t source)
{
    ph_checkpoint_index_t *index = self->index;
    const ph_grid_t *grid = index->grid;
    const uint32_t lanes = (uint32_t)grid->lanes, replicas = (uint32_t)grid->replicas;
    int status = PH_OK;
    size_t block = 0;
    for (self->point = 0; self->point < grid->points_count; self->point++)
        for (self->sample = 0; self->sample < grid->samples; self->sample++)
            for (self->first = 0; self->first < replicas; self->first += lanes, block++) {
                self->chains = replicas - self->first < lanes ? replicas - self->first : lanes;
                if (status == PH_OK && index->source[chain_of(self, 0)] == source)
                    status = judge_block(self, &index->until[block]);
            }
    return status;
}

int ph_until_settle(ph_checkpoint_index_t *self, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    reader_t reader = {.index = self, .report = report};
    int status = PH_OK;
    if (!ph_grid_has_until(self->grid))
        return PH_OK;
    const size_t blocks = self->grid->points_count * (size_t)self->grid->samples *
                          ph_checkpoint_index_blocks(self->grid);
    free(self->until);
    self->until = calloc(blocks, sizeof(*self->until));
    if (self->until == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory to judge %zu blocks of replicas", blocks);
    for (int32_t s = -1; s < (int32_t)self->sources_count && status == PH_OK; s++)
        status = judge_source(&reader, s);
    if (reader.opened != NULL)
        ph_source_close(reader.opened);
    return status;
}

ph_until_point_t ph_until_point(const ph_checkpoint_index_t *self, size_t point)
{
    const ph_grid_t *grid = self->grid;
    const size_t each = ph_checkpoint_index_blocks(grid);
    const uint32_t lanes = (uint32_t)grid->lanes;
    const double all = (double)grid->samples * (double)grid->replicas;
    ph_until_point_t found = {
        .blocks = each * (size_t)grid->samples, .least = UINT64_MAX, .rhat = 1.0};
    double variance = 0.0, weight = 0.0;
    bool capped = false;
    for (size_t b = 0; b < found.blocks; b++) {
        const ph_until_t *block = &self->until[point * found.blocks + b];
        const uint32_t sample = (uint32_t)(b / each), first = (uint32_t)(b % each) * lanes;
        const double left = (double)grid->replicas - (double)first;
        const double share = (left < (double)lanes ? left : (double)lanes) / all;
        const uint64_t done = self->done[ph_checkpoint_index_chain(self, point, sample, first)];
        if (block->end == PH_UNTIL_GOES_ON)
            continue;
        const uint64_t sweeps = done - (uint64_t)grid->points[point].burn_in;
        found.ended++;
        found.least = sweeps < found.least ? sweeps : found.least;
        found.most = sweeps > found.most ? sweeps : found.most;
        variance += share * share * block->error * block->error;
        weight += share;
        found.rhat = fmax(found.rhat, block->rhat);
        capped = capped || block->end == PH_UNTIL_CAP;
    }
    found.error = found.ended > 0 ? sqrt(variance) / sqrt(weight) : (double)INFINITY;
    const bool whole = found.ended == found.blocks,
               short_of_error = grid->until.error > 0.0 && !(found.error <= grid->until.error),
               short_of_rhat = grid->until.rhat > 0.0 && !(found.rhat <= grid->until.rhat);
    if (capped && (!whole || short_of_error || short_of_rhat))
        found.end = PH_UNTIL_CAP;
    else if (whole)
        found.end = PH_UNTIL_REACHED;
    return found;
}

/* How far a point is from what was asked for: above 1. */
static double excess(const ph_grid_t *grid, const ph_until_point_t *at)
{
    return ph_until_excess(&grid->until, at->error, at->rhat);
}

double ph_until_needs(const ph_grid_t *grid, const ph_until_point_t *at)
{
    return ph_until_round((double)at->most * fmax(excess(grid, at), 1.0));
}

ph_until_survey_t ph_until_survey(const ph_checkpoint_index_t *self)
{
    ph_until_survey_t found = {.least = UINT64_MAX};
    double most = -1.0;
    for (size_t p = 0; self->until != NULL && p < self->grid->points_count; p++) {
        const ph_until_point_t at = ph_until_point(self, p);
        if (at.ended == 0)
            continue;
        found.points++;
        found.least = at.least < found.least ? at.least : found.least;
        found.most = at.most > found.most ? at.most : found.most;
        if (at.end != PH_UNTIL_CAP)
            continue;
        found.capped++;
        if (excess(self->grid, &at) <= most)
            continue;
        most = excess(self->grid, &at);
        found.worst = p;
        found.at = at;
    }
    return found;
}

int ph_until_tell(const ph_checkpoint_index_t *self, ph_report_t *report)
{
    const ph_until_survey_t found = ph_until_survey(self);
    const ph_until_rule_t *until = &self->grid->until;
    char where[512], why[128] = "";
    size_t used = 0;
    if (found.capped == 0)
        return PH_OK;
    ph_grid_point_text(self->grid, found.worst, where, sizeof(where));
    if (until->error > 0.0 && !(found.at.error <= until->error))
        used = (size_t)snprintf(why, sizeof(why), "error %.2g > %g", found.at.error, until->error);
    if (until->rhat > 0.0 && !(found.at.rhat <= until->rhat))
        snprintf(why + used, sizeof(why) - used, "%sR-hat %.5g > %g", used > 0 ? ", " : "",
                 found.at.rhat, until->rhat);
    return ph_fail(report, PH_ERR_UNREACHED,
                   "cap of %lld sweeps reached at %zu of %zu points: %s%s%s; polyhebb check says "
                   "what more they need",
                   (long long)until->sweeps_max, found.capped, found.points,
                   why[0] != '\0' ? why : "a block above its share", where[0] != '\0' ? " at " : "",
                   where);
}
