/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/assemble.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "sim/model/moments.h"
#include "sim/run/doubt.h"
#include "sim/run/worker.h"
#include "sim/store/mended.h"
#include "sim/store/runfile_points.h"

/* The replicas [first, first + count) of a segment, sharing its memory. */
static ph_segment_t slice(const ph_segment_t *segment, uint32_t first, uint32_t count)
{
    ph_segment_t part = *segment;
    size_t skip = first;
    part.replica_first = segment->replica_first + first;
    part.replicas = count;
    part.spins += skip * ph_segment_spin_bytes(segment->state_bits);
    if (part.series != NULL)
        part.series += skip * (size_t)(segment->records * segment->components);
    if (part.sums != NULL)
        part.sums += skip * (size_t)segment->components * PH_MOMENT_WORDS;
    if (part.states != NULL)
        part.states += skip * (size_t)(segment->states_count * segment->states_bytes);
    return part;
}

/* Writes those chains of a segment that it takes further than the new file has them. */
static int write_forward(ph_runfile_t *out, size_t point, const ph_segment_t *segment,
                         ph_report_t *report)
{
    int status = PH_OK;
    for (uint32_t r = 0, next; r < segment->replicas && status == PH_OK; r = next) {
        for (next = r; next < segment->replicas; next++) {
            uint64_t done = (uint64_t)ph_runfile_sweeps_done(out, point, segment->sample,
                                                             segment->replica_first + next);
            if (segment->sweep_from > done || segment->sweep_to <= done)
                break;
        }
        if (next > r) {
            ph_segment_t part = slice(segment, r, next - r);
            status = ph_runfile_write(out, point, &part, report);
        } else {
            next++;
        }
    }
    return status;
}

/* So many replicas at a time that their trajectories stay within PH_TASK_SERIES_BYTES. */
static uint32_t portion(const ph_grid_t *grid, const ph_point_t *point)
{
    double bytes = 8.0 * (double)ph_observables_total(grid, point->patterns);
    bytes *= grid->trajectory ? (double)ph_point_records(point) : PH_MOMENT_WORDS;
    double most = PH_TASK_SERIES_BYTES / bytes;
    return most < 1.0 ? 1 : most > PH_MAX_LANES ? PH_MAX_LANES : (uint32_t)most;
}

/* Whether the index knows anything of some replicas; of the base of a shard it does not take what
 * is another's. */
static bool is_known(const ph_checkpoint_index_t *self, size_t point, uint32_t sample,
                     uint32_t first, uint32_t end)
{
    for (uint32_t r = first; r < end && r < self->grid->replicas; r++)
        if (self->done[ph_checkpoint_index_chain(self, point, sample, r)] > 0)
            return true;
    return false;
}

static int copy_from_file(const ph_checkpoint_index_t *self, ph_runfile_t *out, size_t point,
                          uint32_t sample, ph_source_t *source, ph_report_t *report)
{
    ph_runfile_t *file = &source->file;
    size_t old = ph_source_point(source, point);
    const ph_grid_t *theirs = file->base.grid;
    if (old == SIZE_MAX || sample >= theirs->samples)
        return PH_OK;
    const uint32_t most = portion(theirs, &theirs->points[old]);
    int status = PH_OK;
    for (uint32_t r = 0, next; r < theirs->replicas && status == PH_OK; r = next) {
        int64_t done = ph_runfile_sweeps_done(file, old, sample, r);
        next = r + 1;
        while (next < theirs->replicas && next - r < most &&
               ph_runfile_sweeps_done(file, old, sample, next) == done)
            next++;
        if (done <= 0 || !is_known(self, point, sample, r, next))
            continue;
        ph_segment_t segment;
        status = ph_runfile_read(file, old, sample, r, next - r, 0, &segment, report);
        if (status == PH_OK)
            status = ph_runfile_copy_states(out, point, file, old, &segment, report);
        if (status == PH_OK) {
            status = write_forward(out, point, &segment, report);
            ph_segment_free(&segment);
        }
    }
    return status;
}

/* First position in source->sorted that is not before (chain, sample). */
static size_t first_entry(const ph_source_t *source, ph_digest_t chain, uint32_t sample)
{
    size_t low = 0, high = source->index.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const ph_segment_t *head = &source->index.entries[source->sorted[middle]].head;
        int order = ph_digest_compare(head->chain, chain);
        if (order < 0 || (order == 0 && head->sample < sample))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int copy_from_journal(ph_runfile_t *out, size_t point, uint32_t sample,
                             const ph_source_t *source, ph_report_t *report)
{
    const ph_point_t *where = &out->base.grid->points[point];
    int status = PH_OK;
    for (size_t k = first_entry(source, where->chain, sample); k < source->index.count; k++) {
        const ph_journal_entry_t *entry = &source->index.entries[source->sorted[k]];
        if (!ph_digest_equal(entry->head.chain, where->chain) || entry->head.sample != sample)
            break;
        if (entry->head.sweep_to > ph_point_total(where))
            continue;
        ph_segment_t segment;
        status = ph_source_segment(source, source->sorted[k], &segment, report);
        if (status == PH_OK) {
            status = write_forward(out, point, &segment, report);
            ph_segment_free(&segment);
        }
        if (status != PH_OK)
            break;
    }
    return status;
}

/* Whether the new file has all chains of a sample as far as they were computed. */
static bool is_whole(const ph_checkpoint_index_t *self, const ph_runfile_t *out, size_t point,
                     uint32_t sample)
{
    for (uint32_t r = 0; r < self->grid->replicas; r++)
        if ((uint64_t)ph_runfile_sweeps_done(out, point, sample, r) <
            self->done[ph_checkpoint_index_chain(self, point, sample, r)])
            return false;
    return true;
}

static bool is_open(const ph_source_t *source)
{
    return source->is_file ? source->is_open : source->journal >= 0;
}

static void close_source(ph_source_t *source)
{
    if (source->is_file)
        ph_source_close(source);
    else if (source->journal >= 0)
        close(source->journal);
    source->journal = -1;
}

/* What a source has of chains of points [first, end) that are not there yet, point by point; a file
 * or journal that was closed meanwhile is opened for it. */
static int copy_source(const ph_checkpoint_index_t *self, ph_runfile_t *out, ph_source_t *source,
                       size_t first, size_t end, ph_report_t *report)
{
    const ph_grid_t *grid = self->grid;
    const bool closed = !is_open(source);
    int status = PH_OK;
    for (size_t p = first; p < end && status == PH_OK; p++)
        for (uint32_t sample = 0; sample < grid->samples && status == PH_OK; sample++) {
            if (is_whole(self, out, p, sample))
                continue;
            if (!is_open(source))
                status = source->is_file
                             ? ph_source_open(source, report)
                             : ph_file_open(source->path, UINT64_MAX, &source->journal, report);
            if (status == PH_OK)
                status = source->is_file ? copy_from_file(self, out, p, sample, source, report)
                                         : copy_from_journal(out, p, sample, source, report);
        }
    if (closed)
        close_source(source);
    return status;
}

/* Which chains of some points have come furthest in a source. */
static bool mark_own(const ph_checkpoint_index_t *self, size_t source,
                     const ph_runfile_points_t *points, bool *own)
{
    const int32_t *sources = self->source + points->first * points->chains;
    bool any = false;
    for (size_t c = 0; c < points->count * points->chains; c++) {
        own[c] = sources[c] == (int32_t)source;
        any = any || own[c];
    }
    return any;
}

/* What all sources have of points [first, end) that is not there yet. */
static int copy_sources(const ph_checkpoint_index_t *self, ph_runfile_t *out, size_t first,
                        size_t end, ph_report_t *report)
{
    int status = PH_OK;
    bool whole = true;
    for (size_t p = first; p < end; p++)
        for (uint32_t sample = 0; whole && sample < self->grid->samples; sample++)
            whole = is_whole(self, out, p, sample);
    for (size_t s = 0; s < self->sources_count && !whole && status == PH_OK; s++)
        status = copy_source(self, out, &self->sources[s], first, end, report);
    return status;
}

/* The chains of some points: of all files that are of the same grid each from where it has come
 * furthest, as it is stored, then what is left. What is read of many files is not kept. */
static int copy_points(const ph_checkpoint_index_t *self, ph_runfile_t *out,
                       ph_runfile_points_t *points, bool *own, ph_report_t *report)
{
    int status = PH_OK;
    for (size_t s = 0; s < self->sources_count && status == PH_OK; s++) {
        ph_source_t *source = &self->sources[s];
        if (!source->is_alike || !mark_own(self, s, points, own))
            continue;
        ph_runfile_t file;
        const bool open = source->is_open;
        if (!open)
            status = ph_runfile_open_arrays(&file, source->path, self->grid, report);
        if (status == PH_OK)
            status = ph_runfile_points_take(points, open ? &source->file : &file, own, report);
        if (!open)
            ph_runfile_close(&file);
    }
    ph_runfile_points_gather(points, out);
    if (status == PH_OK)
        status = copy_sources(self, out, points->first, points->first + points->count, report);
    return status == PH_OK ? ph_runfile_points_put(points, out, report) : status;
}

/* As many points at a time as fit; large ones one by one. */
static int copy_all(const ph_checkpoint_index_t *self, ph_runfile_t *out, ph_report_t *report)
{
    const size_t total = self->grid->points_count;
    size_t alike = 0;
    ph_runfile_points_t points;
    for (size_t s = 0; s < self->sources_count; s++)
        alike += self->sources[s].is_alike;
    int status = ph_runfile_points_init(
        &points, out, alike > 1 ? PH_GATHER_MANY_BYTES : PH_GATHER_ONE_BYTES, report);
    const size_t most = points.most;
    bool *own = malloc((most * points.chains + 1) * sizeof(*own));
    if (own == NULL && status == PH_OK)
        status = ph_fail(report, PH_ERR_MEMORY, "no memory to put %zu points together", most);
    for (size_t first = 0; most > 0 && first < total && status == PH_OK; first += most) {
        ph_runfile_points_begin(&points, first, total - first < most ? total - first : most);
        status = copy_points(self, out, &points, own, report);
    }
    if (status == PH_OK && most == 0)
        status = copy_sources(self, out, 0, total, report);
    out->gathered = NULL;
    free(own);
    ph_runfile_points_free(&points);
    return status;
}

/* Nothing that the sources had when they were taken in may be missing from the file. */
static int hold(const ph_checkpoint_index_t *self, const ph_runfile_t *out, const char *path,
                ph_report_t *report)
{
    const ph_grid_t *grid = self->grid;
    for (size_t p = 0; p < grid->points_count; p++)
        for (uint32_t s = 0; s < grid->samples; s++)
            for (uint32_t r = 0; r < grid->replicas; r++) {
                const uint64_t done = self->done[ph_checkpoint_index_chain(self, p, s, r)];
                const uint64_t written = (uint64_t)ph_runfile_sweeps_done(out, p, s, r);
                if (written < done)
                    return ph_fail(
                        report, PH_ERR_DAMAGED,
                        "%s: of the %llu sweeps of point %zu, sample %u, replica %u, only "
                        "%llu could be put together; nothing was changed. Run again",
                        path, (unsigned long long)done, p, s + 1, r + 1,
                        (unsigned long long)written);
            }
    return PH_OK;
}

/* Why chains have ended, of those that the file has as far as they were judged. */
static void say_ended(const ph_checkpoint_index_t *self, ph_runfile_t *out)
{
    const ph_grid_t *grid = self->grid;
    const size_t blocks = ph_checkpoint_index_blocks(grid);
    for (size_t p = 0; self->until != NULL && p < grid->points_count; p++)
        for (uint32_t s = 0; s < grid->samples; s++)
            for (uint32_t r = 0; r < grid->replicas; r++) {
                const size_t chain = ph_checkpoint_index_chain(self, p, s, r);
                const size_t block =
                    (p * (size_t)grid->samples + s) * blocks + r / (size_t)grid->lanes;
                if ((uint64_t)out->sweeps_done[chain] == self->done[chain])
                    out->ended[chain] = (int8_t)self->until[block].end;
            }
}

/* All sources into a new file. */
static int fill(ph_checkpoint_index_t *self, ph_runfile_t *out, const char *path,
                ph_report_t *report)
{
    uint32_t mended = 0;
    int status = ph_doubt_mended(self, &mended, report);
    if (status == PH_OK)
        status = ph_mended_write(&out->base, mended, report);
    if (status == PH_OK)
        status = copy_all(self, out, report);
    if (status == PH_OK)
        say_ended(self, out);
    return status == PH_OK ? hold(self, out, path, report) : status;
}

int ph_checkpoint_index_assemble(ph_checkpoint_index_t *self, const char *path, ph_shard_t shard,
                                 const char *kernel, ph_report_t *report)
{
    ph_runfile_t out;
    int status = ph_runfile_create(&out, path, self->grid, report);
    if (status == PH_OK && shard.count > 1)
        status = ph_shard_write(&out.base, shard, report);
    if (status == PH_OK && kernel != NULL)
        status = ph_kernel_write(&out.base, kernel, report);
    if (status == PH_OK)
        status = fill(self, &out, path, report);
    if (status == PH_OK)
        status = ph_runfile_commit(&out, report);
    ph_runfile_close(&out);
    return status;
}

int ph_checkpoint_index_view(ph_checkpoint_index_t *self, const char *path, ph_runfile_t *out,
                             ph_report_t *report)
{
    int status = ph_runfile_create_unnamed(out, path, self->grid, report);
    if (status == PH_OK)
        status = fill(self, out, path, report);
    return status == PH_OK ? ph_runfile_to_read(out, report) : status;
}
