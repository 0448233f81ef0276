/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/estimate/sampleread.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/model/moments.h"
#include "sim/model/observables.h"
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
    if (all->spins != NULL)
        memcpy(all->spins + first * bytes, part->spins, part->replicas * bytes);
}

/* The chains one after the other that stand alike; `least`: sweeps that all of them have. */
static int read_apart(const ph_reading_t *self, uint32_t sample, uint64_t least,
                      ph_segment_t *segment, uint64_t *records, ph_report_t *report)
{
    ph_runfile_t *run = self->run;
    const ph_grid_t *grid = run->base.grid;
    const ph_point_t *where = &grid->points[self->point];
    const bool series = grid->trajectory && self->wanted.records_from != UINT64_MAX;
    const uint32_t replicas = (uint32_t)grid->replicas;
    ph_wanted_t wanted = self->wanted;
    wanted.records_from = series ? 0 : UINT64_MAX;
    if (ph_segment_init(segment, grid, where, sample, 0, replicas, series ? 0 : least, least) !=
        PH_OK)
        return ph_fail(report, PH_ERR_MEMORY, "no memory to read point %zu of %s", self->point,
                       run->base.path);
    if (series || wanted.sums == 0) {
        free(segment->sums);
        segment->sums = NULL;
    }
    if (!wanted.spins) {
        free(segment->spins);
        segment->spins = NULL;
    }
    int status = PH_OK;
    for (uint32_t r = 0, next; r < replicas && status == PH_OK; r = next) {
        ph_segment_t part;
        next = alike(run, self->point, sample, r);
        status = ph_runfile_read_samples(run, self->point, sample, 1, r, next - r, &wanted, &part,
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

/* Bytes of the segment of a sample whose chains have all their sweeps. */
static double sample_bytes(const ph_reading_t *self)
{
    const ph_grid_t *grid = self->run->base.grid;
    const ph_point_t *point = &grid->points[self->point];
    const bool series = grid->trajectory && self->wanted.series != 0;
    const double words = (series ? (double)ph_point_records(point) : 0.0) +
                         (self->wanted.sums != 0 ? (double)PH_MOMENT_WORDS : 0.0);
    const double components = (double)ph_observables_total(grid, point->patterns);
    const double spins = (double)ph_segment_spin_bytes(ph_point_state_bits(point));
    return (double)grid->replicas * (words * components * sizeof(double) + spins);
}

/* How many samples from this one on are read at once: all chains of theirs have done alike. */
static uint32_t at_once(const ph_reading_t *self, uint32_t sample)
{
    const ph_grid_t *grid = self->run->base.grid;
    const uint32_t replicas = (uint32_t)grid->replicas, samples = (uint32_t)grid->samples;
    const double room = fmin(PH_READING_BYTES / sample_bytes(self), (double)self->most);
    const int64_t done = ph_runfile_sweeps_done(self->run, self->point, sample, 0);
    uint32_t count = 1;
    while ((double)count + 1.0 <= room && sample + count < samples &&
           ph_runfile_sweeps_done(self->run, self->point, sample + count, 0) == done &&
           alike(self->run, self->point, sample + count, 0) == replicas)
        count++;
    return count;
}

static int read_some(const ph_reading_t *self, uint32_t sample, uint32_t samples, uint32_t first,
                     uint32_t replicas, ph_segment_t *segments, ph_report_t *report)
{
    return ph_runfile_read_samples(self->run, self->point, sample, samples, first, replicas,
                                   &self->wanted, segments, report);
}

/* All chains of a sample, which have done alike: from those that are here, or with some of the
 * next samples'. */
static int read_together(ph_reading_t *self, uint32_t sample, ph_segment_t *segment,
                         ph_report_t *report)
{
    const uint32_t replicas = (uint32_t)self->run->base.grid->replicas;
    memset(segment, 0, sizeof(*segment));
    if (sample != self->next || self->next == self->end) {
        ph_reading_free(self);
        const uint32_t count = at_once(self, sample);
        const int status = read_some(self, sample, count, 0, replicas, self->here, report);
        if (status != PH_OK)
            return status;
        self->first = self->next = sample;
        self->end = sample + count;
    }
    *segment = self->here[self->next++ - self->first];
    return PH_OK;
}

void ph_reading_init(ph_reading_t *self, ph_runfile_t *run, size_t point, const ph_wanted_t *wanted)
{
    *self =
        (ph_reading_t){.run = run, .point = point, .wanted = *wanted, .most = PH_READING_SAMPLES};
}

void ph_reading_free(ph_reading_t *self)
{
    for (; self->next < self->end; self->next++)
        ph_segment_free(&self->here[self->next - self->first]);
}

int ph_reading_replicas(ph_reading_t *self, uint32_t sample, uint32_t first, uint32_t replicas,
                        ph_segment_t *segment, ph_report_t *report)
{
    if (first == 0 && replicas == (uint32_t)self->run->base.grid->replicas)
        return read_together(self, sample, segment, report);
    return read_some(self, sample, 1, first, replicas, segment, report);
}

int ph_reading_sample(ph_reading_t *self, uint32_t sample, ph_segment_t *segment, uint64_t *records,
                      ph_report_t *report)
{
    const ph_grid_t *grid = self->run->base.grid;
    const uint32_t replicas = (uint32_t)grid->replicas;
    uint64_t least = UINT64_MAX;
    for (uint32_t r = 0; r < replicas; r++) {
        const uint64_t done = (uint64_t)ph_runfile_sweeps_done(self->run, self->point, sample, r);
        least = done < least ? done : least;
    }
    if (alike(self->run, self->point, sample, 0) < replicas && ph_grid_has_until(grid)) {
        memset(segment, 0, sizeof(*segment));
        return read_apart(self, sample, least, segment, records, report);
    }
    for (uint32_t r = 0; records != NULL && r < replicas; r++)
        records[r] = least > 0 ? ph_records_until(&grid->points[self->point], least) : 0;
    return read_together(self, sample, segment, report);
}

int ph_sample_read(ph_runfile_t *run, size_t point, uint32_t sample, uint64_t records_from,
                   ph_segment_t *segment, uint64_t *records, ph_report_t *report)
{
    const ph_wanted_t all = {records_from, UINT64_MAX, UINT64_MAX, true};
    ph_reading_t alone;
    ph_reading_init(&alone, run, point, &all);
    alone.most = 1;
    return ph_reading_sample(&alone, sample, segment, records, report);
}
