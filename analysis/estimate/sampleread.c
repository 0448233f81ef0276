/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/estimate/sampleread.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "sim/model/moments.h"
#include "sim/model/until.h"

/* Chains [first, next) that have done as many sweeps as the first of them. */
static uint32_t alike(const ph_runfile_t *run, size_t point, uint32_t sample, uint32_t first)
{
    const int64_t done = ph_runfile_sweeps_done(run, point, sample, first);
    uint32_t next = first + 1;
    while (next < run->base.grid->replicas &&
           ph_runfile_sweeps_done(run, point, sample, next) == done)
        next++;
    return next;
}

/* Puts some chains into the segment of all; of their series the records that all have. */
static void take(ph_segment_t *all, const ph_segment_t *part)
{
    const size_t width = (size_t)all->components, words = width * PH_MOMENT_WORDS;
    const size_t bytes = ph_segment_spin_bytes(all->state_bits), first = part->replica_first;
    const size_t kept = (size_t)all->records * width, read = (size_t)part->records * width;
    for (size_t r = 0; all->series != NULL && r < part->replicas; r++)
        memcpy(all->series + (first + r) * kept, part->series + r * read,
               kept * sizeof(*all->series));
    if (all->sums != NULL)
        memcpy(all->sums + first * words, part->sums, part->replicas * words * sizeof(*all->sums));
    memcpy(all->spins + first * bytes, part->spins, part->replicas * bytes);
}

/* The chains one after the other that stand alike; `least`: sweeps that all of them have. */
static int read_apart(ph_runfile_t *run, size_t point, uint32_t sample, uint64_t least,
                      uint64_t records_from, ph_segment_t *segment, uint64_t *records,
                      ph_report_t *report)
{
    const ph_grid_t *grid = run->base.grid;
    const ph_point_t *where = &grid->points[point];
    const bool series = grid->trajectory && records_from != UINT64_MAX;
    const uint32_t replicas = (uint32_t)grid->replicas;
    if (ph_segment_init(segment, grid, where, sample, 0, replicas, series ? 0 : least, least) !=
        PH_OK)
        return ph_fail(report, PH_ERR_MEMORY, "no memory to read point %zu of %s", point,
                       run->base.path);
    free(series ? segment->sums : NULL);
    segment->sums = series ? NULL : segment->sums;
    int status = PH_OK;
    for (uint32_t r = 0, next; r < replicas && status == PH_OK; r = next) {
        ph_segment_t part;
        next = alike(run, point, sample, r);
        status = ph_runfile_read(run, point, sample, r, next - r, series ? 0 : UINT64_MAX, &part,
                                 report);
        if (status != PH_OK)
            break;
        take(segment, &part);
        for (uint32_t c = r; records != NULL && c < next; c++)
            records[c] = series              ? segment->records
                         : part.sweep_to > 0 ? ph_records_until(where, part.sweep_to)
                                             : 0;
        ph_segment_free(&part);
    }
    if (status != PH_OK)
        ph_segment_free(segment);
    return status;
}

static int read_sample(ph_runfile_t *run, size_t point, uint32_t sample, uint64_t records_from,
                       ph_segment_t *segment, uint64_t *records, ph_report_t *report)
{
    const ph_grid_t *grid = run->base.grid;
    const uint32_t replicas = (uint32_t)grid->replicas;
    uint64_t least = UINT64_MAX;
    memset(segment, 0, sizeof(*segment));
    for (uint32_t r = 0; r < replicas; r++) {
        const uint64_t done = (uint64_t)ph_runfile_sweeps_done(run, point, sample, r);
        least = done < least ? done : least;
    }
    if (alike(run, point, sample, 0) < replicas && ph_grid_has_until(grid))
        return read_apart(run, point, sample, least, records_from, segment, records, report);
    for (uint32_t r = 0; records != NULL && r < replicas; r++)
        records[r] = least > 0 ? ph_records_until(&grid->points[point], least) : 0;
    return ph_runfile_read(run, point, sample, 0, replicas, records_from, segment, report);
}

/* Who waits for a file sleeps: in a critical section of OpenMP it would take a processor. */
static pthread_mutex_t reading = PTHREAD_MUTEX_INITIALIZER;

int ph_replicas_read(ph_runfile_t *run, size_t point, uint32_t sample, uint32_t first,
                     uint32_t replicas, uint64_t records_from, ph_segment_t *segment,
                     ph_report_t *report)
{
    pthread_mutex_lock(&reading);
    const int status =
        ph_runfile_read(run, point, sample, first, replicas, records_from, segment, report);
    pthread_mutex_unlock(&reading);
    return status;
}

int ph_sample_read(ph_runfile_t *run, size_t point, uint32_t sample, uint64_t records_from,
                   ph_segment_t *segment, uint64_t *records, ph_report_t *report)
{
    pthread_mutex_lock(&reading);
    const int status = read_sample(run, point, sample, records_from, segment, records, report);
    pthread_mutex_unlock(&reading);
    return status;
}
