/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/checkpoint_index.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/model/moments.h"
#include "sim/model/observables.h"
#include "sim/model/states.h"
#include "sim/run/doubt.h"

int ph_checkpoint_index_init(ph_checkpoint_index_t *self, const ph_grid_t *grid,
                             ph_report_t *report)
{
    memset(self, 0, sizeof(*self));
    self->grid = grid;
    size_t chains = (size_t)grid->samples * (size_t)grid->replicas;
    if (grid->points_count > SIZE_MAX / 64 / chains)
        return ph_fail(report, PH_ERR_LIMIT,
                       "the grid has too many chains to count: %zu points x "
                       "%zu chains; lower ensemble.samples or ensemble.replicas",
                       grid->points_count, chains);
    chains *= grid->points_count;
    self->done = calloc(chains, sizeof(*self->done));
    self->source = calloc(chains, sizeof(*self->source));
    self->entry = calloc(chains, sizeof(*self->entry));
    if (self->done == NULL || self->source == NULL || self->entry == NULL) {
        ph_checkpoint_index_free(self);
        return ph_fail(report, PH_ERR_MEMORY, "no memory to keep count of %zu chains", chains);
    }
    for (size_t c = 0; c < chains; c++)
        self->source[c] = -1;
    return PH_OK;
}

void ph_checkpoint_index_free(ph_checkpoint_index_t *self)
{
    for (size_t s = 0; s < self->sources_count; s++) {
        ph_source_t *source = &self->sources[s];
        ph_source_close(source);
        if (source->journal >= 0)
            close(source->journal);
        ph_journal_index_free(&source->index);
        free(source->match);
        free(source->sorted);
        free(source->path);
    }
    free(self->sources);
    free(self->done);
    free(self->source);
    free(self->entry);
    free(self->doubts);
    free(self->until);
    memset(self, 0, sizeof(*self));
}

size_t ph_checkpoint_index_chains(const ph_checkpoint_index_t *self)
{
    return self->grid->points_count * (size_t)self->grid->samples * (size_t)self->grid->replicas;
}

size_t ph_checkpoint_index_chain(const ph_checkpoint_index_t *self, size_t point, uint32_t sample,
                                 uint32_t replica)
{
    return ph_grid_chain(self->grid, point, sample, replica);
}

size_t ph_checkpoint_index_blocks(const ph_grid_t *grid)
{
    return ((size_t)grid->replicas + (size_t)grid->lanes - 1) / (size_t)grid->lanes;
}

bool ph_checkpoint_index_finished(const ph_checkpoint_index_t *self, size_t point, uint32_t sample,
                                  uint32_t replica)
{
    const ph_grid_t *grid = self->grid;
    const size_t block =
        (point * (size_t)grid->samples + sample) * ph_checkpoint_index_blocks(grid) +
        replica / (size_t)grid->lanes;
    return self->done[ph_checkpoint_index_chain(self, point, sample, replica)] >=
               ph_point_total(&grid->points[point]) ||
           (self->until != NULL && self->until[block].end != PH_UNTIL_GOES_ON);
}

size_t ph_checkpoint_index_points_complete(const ph_checkpoint_index_t *self)
{
    const ph_grid_t *grid = self->grid;
    size_t complete = 0;
    for (size_t p = 0; p < grid->points_count; p++) {
        bool ready = true;
        for (uint32_t s = 0; s < grid->samples; s++)
            for (uint32_t r = 0; r < grid->replicas; r++)
                ready = ready && ph_checkpoint_index_finished(self, p, s, r);
        complete += ready;
    }
    return complete;
}

static ph_source_t *add_source(ph_checkpoint_index_t *self, const char *path, ph_report_t *report)
{
    ph_source_t *grown = realloc(self->sources, (self->sources_count + 1) * sizeof(*grown));
    char *name = strdup(path);
    if (grown != NULL)
        self->sources = grown;
    if (grown == NULL || name == NULL) {
        free(name);
        ph_fail(report, PH_ERR_MEMORY, "no memory to open %s", path);
        return NULL;
    }
    ph_source_t *source = &self->sources[self->sources_count++];
    memset(source, 0, sizeof(*source));
    source->path = name;
    source->grid = self->grid;
    source->journal = -1;
    return source;
}

typedef struct {
    ph_digest_t chain;
    size_t point;
} chain_point_t;

static int compare_points(const void *a, const void *b)
{
    const chain_point_t *x = a, *y = b;
    int order = ph_digest_compare(x->chain, y->chain);
    return order != 0 ? order : (x->point > y->point) - (x->point < y->point);
}

/* The points of a grid by their chain digest; NULL without memory. */
static chain_point_t *points_by_chain(const ph_grid_t *grid)
{
    chain_point_t *list = calloc(grid->points_count, sizeof(*list));
    for (size_t p = 0; list != NULL && p < grid->points_count; p++)
        list[p] = (chain_point_t){grid->points[p].chain, p};
    if (list != NULL)
        qsort(list, grid->points_count, sizeof(*list), compare_points);
    return list;
}

/* First position in the list with this digest or a greater one. */
static size_t find_chain(const chain_point_t *list, size_t count, ph_digest_t chain)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ph_digest_compare(list[middle].chain, chain) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool same_chain(const chain_point_t *list, size_t count, size_t at, ph_digest_t chain)
{
    return at < count && ph_digest_equal(list[at].chain, chain);
}

/* Whether the file has anything of a point beyond what the grid's ensemble takes up. */
static bool point_is_lost(const ph_grid_t *grid, const ph_runfile_t *file, size_t old, bool found)
{
    const ph_grid_t *theirs = file->base.grid;
    for (uint32_t s = 0; s < theirs->samples; s++)
        for (uint32_t r = 0; r < theirs->replicas; r++)
            if (ph_runfile_sweeps_done(file, old, s, r) > 0 &&
                (!found || s >= grid->samples || r >= grid->replicas))
                return true;
    return false;
}

/* Whether the chains of a file's point are the beginnings of those that the grid has there. */
static bool goes_on_to(const ph_grid_t *grid, size_t p, const ph_runfile_t *file, size_t old)
{
    const ph_grid_t *theirs = file->base.grid;
    const uint64_t burn_in = (uint64_t)theirs->points[old].burn_in;
    uint64_t longest = 0;
    if (!ph_grid_has_until(grid) && !ph_grid_has_until(theirs))
        return grid->points[p].sweeps >= theirs->points[old].sweeps;
    for (uint32_t s = 0; s < theirs->samples; s++)
        for (uint32_t r = 0; r < theirs->replicas; r++) {
            const uint64_t done = (uint64_t)ph_runfile_sweeps_done(file, old, s, r);
            if (done > burn_in && done - burn_in > longest)
                longest = done - burn_in;
        }
    return ph_grid_has_until(grid) ? ph_until_follows(grid, theirs, longest)
                                   : longest <= (uint64_t)grid->points[p].sweeps;
}

/* For each point of the grid the file's point of the same chain with most sweeps that fit. */
static int match_points(const ph_grid_t *grid, ph_source_t *source, ph_report_t *report)
{
    const ph_grid_t *theirs = source->file.base.grid;
    chain_point_t *list = points_by_chain(grid);
    source->match = calloc(grid->points_count, sizeof(*source->match));
    if (list == NULL || source->match == NULL) {
        free(list);
        return ph_fail(report, PH_ERR_MEMORY, "no memory to match %s", source->path);
    }
    size_t lost = 0;
    for (size_t p = 0; p < grid->points_count; p++)
        source->match[p] = SIZE_MAX;
    for (size_t old = 0; old < theirs->points_count; old++) {
        const ph_point_t *point = &theirs->points[old];
        bool found = false;
        size_t at = find_chain(list, grid->points_count, point->chain);
        for (; same_chain(list, grid->points_count, at, point->chain); at++) {
            size_t p = list[at].point, best = source->match[p];
            if (!goes_on_to(grid, p, &source->file, old))
                continue;
            found = true;
            if (best == SIZE_MAX || theirs->points[best].sweeps < point->sweeps)
                source->match[p] = old;
        }
        lost += point_is_lost(grid, &source->file, old, found);
    }
    free(list);
    if (lost == 0)
        return PH_OK;
    ph_fail(report, PH_ERR_MISMATCH,
            "%s holds results of %zu point%s that this grid does not contain; they would be lost, "
            "so nothing was done. Give another output with -o, or a grid that contains them",
            source->path, lost, lost == 1 ? "" : "s");
    ph_grid_differences(theirs, source->path, grid, "this grid", report);
    return PH_ERR_MISMATCH;
}

int ph_source_open(ph_source_t *source, ph_report_t *report)
{
    int status = ph_runfile_open_known(&source->file, source->path, source->grid, report);
    source->is_open = status == PH_OK;
    if (status != PH_OK)
        ph_runfile_close(&source->file);
    return status;
}

size_t ph_source_point(const ph_source_t *source, size_t point)
{
    return source->is_alike ? point : source->match[point];
}

void ph_source_close(ph_source_t *source)
{
    if (source->is_open)
        ph_runfile_close(&source->file);
    source->is_open = false;
}

/* The file added last, open. */
static int open_file(ph_checkpoint_index_t *self, const char *path, ph_report_t *report)
{
    ph_source_t *source = add_source(self, path, report);
    if (source == NULL)
        return PH_ERR_MEMORY;
    const int status = ph_source_open(source, report);
    if (status != PH_OK) {
        free(source->path);
        self->sources_count--;
        return status;
    }
    source->is_file = true;
    source->is_alike = ph_digest_equal(source->file.base.grid->digest, self->grid->digest);
    return PH_OK;
}

/* How far chains are in the file added last: those marked, or (NULL) all. */
static int take_in(ph_checkpoint_index_t *self, const bool *own, ph_report_t *report)
{
    ph_source_t *source = &self->sources[self->sources_count - 1];
    int status = source->is_alike ? PH_OK : match_points(self->grid, source, report);
    if (status == PH_OK)
        status = ph_doubt_take_file(self, source, own, report);
    const ph_grid_t *theirs = source->file.base.grid;
    for (size_t p = 0; p < self->grid->points_count && status == PH_OK; p++) {
        const size_t old = ph_source_point(source, p);
        if (old == SIZE_MAX)
            continue;
        for (uint32_t s = 0; s < theirs->samples && s < self->grid->samples; s++)
            for (uint32_t r = 0; r < theirs->replicas && r < self->grid->replicas; r++) {
                size_t chain = ph_checkpoint_index_chain(self, p, s, r);
                int64_t done = ph_runfile_sweeps_done(&source->file, old, s, r);
                if (done > 0 && (uint64_t)done > self->done[chain] && (own == NULL || own[chain])) {
                    self->done[chain] = (uint64_t)done;
                    self->source[chain] = (int32_t)(self->sources_count - 1);
                }
            }
    }
    return status;
}

int ph_checkpoint_index_add_file(ph_checkpoint_index_t *self, const char *path, ph_report_t *report)
{
    const int status = open_file(self, path, report);
    return status == PH_OK ? take_in(self, NULL, report) : status;
}

int ph_checkpoint_index_add_own(ph_checkpoint_index_t *self, const char *path, const bool *own,
                                ph_report_t *report)
{
    const int status = open_file(self, path, report);
    return status == PH_OK ? take_in(self, own, report) : status;
}

int ph_checkpoint_index_add_part(ph_checkpoint_index_t *self, const char *path, const char *first,
                                 ph_shard_t *shard, ph_report_t *report)
{
    int status = open_file(self, path, report);
    if (status != PH_OK)
        return status;
    ph_source_t *source = &self->sources[self->sources_count - 1];
    *shard = ph_shard_read(&source->file.base);
    if (source->is_alike) {
        status = take_in(self, NULL, report);
    } else {
        status =
            ph_fail(report, PH_ERR_MISMATCH, "%s belongs to another grid than %s", path, first);
        ph_grid_differences(self->grid, first, source->file.base.grid, path, report);
    }
    ph_source_close(source);
    return status;
}

typedef struct {
    const ph_journal_entry_t *entry;
    size_t number;
} sortable_t;

static int compare_entries(const void *a, const void *b)
{
    const sortable_t *x = a, *y = b;
    int order = ph_digest_compare(x->entry->head.chain, y->entry->head.chain);
    if (order == 0 && x->entry->head.sample != y->entry->head.sample)
        order = x->entry->head.sample < y->entry->head.sample ? -1 : 1;
    return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

static int sort_entries(ph_source_t *source)
{
    size_t count = source->index.count;
    sortable_t *list = calloc(count + 1, sizeof(*list));
    source->sorted = calloc(count + 1, sizeof(*source->sorted));
    if (list == NULL || source->sorted == NULL) {
        free(list);
        return PH_ERR_MEMORY;
    }
    for (size_t k = 0; k < count; k++)
        list[k] = (sortable_t){&source->index.entries[k], k};
    qsort(list, count, sizeof(*list), compare_entries);
    for (size_t k = 0; k < count; k++)
        source->sorted[k] = list[k].number;
    free(list);
    return PH_OK;
}

/* Lets the chains of one point go forward over a journal entry where it follows on. */
static void advance_over(ph_checkpoint_index_t *self, size_t point, size_t source, size_t entry)
{
    const ph_journal_entry_t *record = &self->sources[source].index.entries[entry];
    const ph_segment_t *head = &record->head;
    if (head->sweep_to > ph_point_total(&self->grid->points[point]))
        return;
    for (uint32_t r = head->replica_first; r < head->replica_first + head->replicas; r++) {
        size_t chain = ph_checkpoint_index_chain(self, point, head->sample, r);
        if (head->sweep_from > self->done[chain] || head->sweep_to <= self->done[chain])
            continue;
        self->done[chain] = head->sweep_to;
        self->source[chain] = (int32_t)source;
        self->entry[chain] = entry;
        ph_doubt_take_entry(self, chain, record);
    }
}

/* Whether the grid has these chains, and one of their points (from list[at] on) goes so far. */
static bool is_in_grid(const ph_grid_t *grid, const chain_point_t *list, size_t at,
                       const ph_segment_t *head)
{
    if (head->sample >= grid->samples ||
        (uint64_t)head->replica_first + head->replicas > (uint64_t)grid->replicas)
        return false;
    for (; same_chain(list, grid->points_count, at, head->chain); at++)
        if (head->sweep_to <= ph_point_total(&grid->points[list[at].point]))
            return true;
    return false;
}

/* Whether a record has the recorded states of its sweeps. */
static bool has_states(const ph_grid_t *grid, const ph_point_t *point, const ph_segment_t *head)
{
    const uint64_t first = ph_states_first(grid, point, head->sweep_from);
    const uint64_t until = ph_states_until(grid, point, head->sweep_to);
    if (until == first)
        return head->states_count == 0;
    return head->states_first == first && head->states_count == until - first &&
           head->states_bytes == ph_point_spin_bytes(point);
}

/* What no run of this grid can have written of a chain of this point; NULL: nothing. Checksums that
 * hold do not make a record ours. */
static const char *misfit(const ph_grid_t *grid, const ph_point_t *point,
                          const ph_journal_entry_t *entry)
{
    const ph_segment_t *head = &entry->head;
    const uint64_t first = head->sweep_from == 0 ? 0 : ph_records_until(point, head->sweep_from);
    if (head->replicas == 0 || head->replicas > PH_MAX_LANES)
        return "its number of replicas is not one of a block";
    if (head->sweep_from >= head->sweep_to)
        return "its sweeps do not go forward";
    if (head->record_first != first ||
        head->records != ph_records_until(point, head->sweep_to) - first)
        return "its records are not those of its sweeps";
    if (head->components != ph_observables_total(grid, point->patterns))
        return "its number of observables is another";
    if (head->state_bits != ph_point_state_bits(point))
        return "its states have another size";
    if (entry->series != grid->trajectory || entry->sums != grid->moments)
        return "its trajectories or sums are missing, or not asked for";
    if (!has_states(grid, point, head))
        return "its recorded states are not those of its sweeps";
    return NULL;
}

/* Takes those entries out of the index that do not fit; the number of those that would be lost. */
static size_t hold_entries(const ph_grid_t *grid, const chain_point_t *list, ph_source_t *source)
{
    ph_journal_index_t *index = &source->index;
    size_t lost = 0, kept = 0;
    for (size_t k = 0; k < index->count; k++) {
        const ph_journal_entry_t *entry = &index->entries[k];
        const size_t at = find_chain(list, grid->points_count, entry->head.chain);
        const char *reason = NULL;
        if (!same_chain(list, grid->points_count, at, entry->head.chain) ||
            !is_in_grid(grid, list, at, &entry->head))
            lost++;
        else
            reason = misfit(grid, &grid->points[list[at].point], entry);
        if (reason == NULL) {
            index->entries[kept++] = *entry;
        } else if (source->misfits++ == 0) {
            source->misfit = reason;
            source->misfit_offset = entry->offset;
        }
    }
    index->count = kept;
    return lost;
}

int ph_checkpoint_index_add_journal(ph_checkpoint_index_t *self, const char *path,
                                    ph_journal_index_t *index, ph_report_t *report)
{
    ph_source_t *source = add_source(self, path, report);
    if (source == NULL) {
        ph_journal_index_free(index);
        return PH_ERR_MEMORY;
    }
    source->index = *index;
    memset(index, 0, sizeof(*index));
    chain_point_t *list = points_by_chain(self->grid);
    const size_t lost = list != NULL ? hold_entries(self->grid, list, source) : 0;
    if (list == NULL || sort_entries(source) != PH_OK) {
        free(list);
        return ph_fail(report, PH_ERR_MEMORY, "no memory to match %s", path);
    }
    const int status = ph_doubt_begin_journal(self, source, report);
    for (size_t k = 0; k < source->index.count && lost == 0 && status == PH_OK; k++) {
        const ph_segment_t *head = &source->index.entries[k].head;
        size_t at = find_chain(list, self->grid->points_count, head->chain);
        for (; same_chain(list, self->grid->points_count, at, head->chain); at++)
            advance_over(self, list[at].point, self->sources_count - 1, k);
    }
    free(list);
    if (lost > 0)
        return ph_fail(
            report, PH_ERR_MISMATCH,
            "%s holds %zu segments of chains that this grid does not contain, or not so "
            "long: it belongs to another grid. Finish that one, give another output with "
            "-o, or remove the journal",
            path, lost);
    return status;
}

int ph_checkpoint_index_hold_journal(const ph_checkpoint_index_t *self, ph_report_t *report)
{
    const ph_grid_t *grid = self->grid;
    const ph_source_t *source = &self->sources[self->sources_count - 1];
    ph_grid_t theirs;
    char *text = NULL;
    uint64_t longest = 0;
    if (!ph_grid_has_until(grid))
        return PH_OK;
    for (size_t c = 0; c < ph_checkpoint_index_chains(self); c++) {
        const size_t chains = (size_t)grid->samples * (size_t)grid->replicas;
        const uint64_t burn_in = (uint64_t)grid->points[c / chains].burn_in;
        if (self->source[c] == (int32_t)self->sources_count - 1 && self->done[c] > burn_in &&
            self->done[c] - burn_in > longest)
            longest = self->done[c] - burn_in;
    }
    if (longest <= (uint64_t)grid->points[0].sweeps)
        return PH_OK;
    ph_grid_init(&theirs);
    int status = ph_journal_read_grid(source->path, &source->index, &text, report);
    bool follows = text != NULL && strcmp(text, grid->text) == 0;
    if (text != NULL && !follows) {
        status = ph_grid_parse(&theirs, text, source->path, 0, NULL, report);
        follows = status == PH_OK && ph_until_follows(grid, &theirs, longest);
    }
    if (status == PH_OK && !follows) {
        status = ph_fail(report, PH_ERR_MISMATCH,
                         "%s holds chains of up to %llu sweeps, which this grid's dynamics.until "
                         "may end sooner: they would be lost, so nothing was done. Give another "
                         "output with -o, or a rule that goes on as long",
                         source->path, (unsigned long long)longest);
        if (theirs.points_count > 0)
            ph_grid_differences(&theirs, source->path, grid, "this grid", report);
    }
    free(text);
    ph_grid_free(&theirs);
    return status;
}

void ph_checkpoint_index_keep_open(ph_checkpoint_index_t *self, int descriptor)
{
    self->sources[self->sources_count - 1].journal = descriptor;
}

int ph_source_segment(const ph_source_t *source, size_t entry, ph_segment_t *segment,
                      ph_report_t *report)
{
    const ph_journal_entry_t *place = &source->index.entries[entry];
    return source->journal >= 0
               ? ph_journal_read_open(source->journal, source->path, place, segment, report)
               : ph_journal_read(source->path, place, segment, report);
}

void ph_checkpoint_index_note_damage(const ph_checkpoint_index_t *self, ph_report_t *report)
{
    const ph_source_t *source = &self->sources[self->sources_count - 1];
    if (source->index.damaged > 0)
        ph_note(report,
                "%s: %llu damaged records were left out; their chains are computed "
                "again from the last good one",
                source->path, (unsigned long long)source->index.damaged);
    if (source->misfits > 0)
        ph_note(report,
                "%s: %zu records that do not fit this grid were left out, the first at byte %llu "
                "(%s); their chains are computed again from the last good one",
                source->path, source->misfits, (unsigned long long)source->misfit_offset,
                source->misfit);
}

int ph_checkpoint_index_state(ph_checkpoint_index_t *self, size_t point, uint32_t sample,
                              uint32_t replica, double *sums, uint8_t *spins, ph_report_t *report)
{
    size_t chain = ph_checkpoint_index_chain(self, point, sample, replica);
    ph_source_t *source = &self->sources[self->source[chain]];
    ph_segment_t segment;
    uint32_t offset = 0;
    int status;
    if (source->is_file) {
        status = ph_runfile_read(&source->file, ph_source_point(source, point), sample, replica, 1,
                                 UINT64_MAX, &segment, report);
    } else {
        const size_t entry = self->entry[chain];
        status = ph_source_segment(source, entry, &segment, report);
        offset = replica - source->index.entries[entry].head.replica_first;
    }
    if (status != PH_OK)
        return status;
    const ph_point_t *where = &self->grid->points[point];
    size_t bytes = ph_segment_spin_bytes(segment.state_bits);
    size_t words = (size_t)segment.components * PH_MOMENT_WORDS;
    if (segment.state_bits != ph_point_state_bits(where) ||
        segment.components != ph_observables_total(self->grid, where->patterns) ||
        (sums != NULL && segment.sums == NULL)) {
        ph_segment_free(&segment);
        return ph_fail(report, PH_ERR_DAMAGED, "%s: a state of point %zu has not the point's size",
                       source->path, point);
    }
    memcpy(spins, segment.spins + offset * bytes, bytes);
    if (sums != NULL)
        memcpy(sums, segment.sums + offset * words, words * sizeof(*sums));
    ph_segment_free(&segment);
    return PH_OK;
}
