/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/estimate/retrieved.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/estimate/laststate.h"
#include "analysis/estimate/statistics.h"
#include "base/floating.h"
#include "sim/model/moments.h"

const ph_retrieval_t PH_RETRIEVAL_USUAL = {.share = 0.5};

double ph_retrieval_bar(const ph_retrieval_t *rule, const ph_point_t *point, size_t mu, double left)
{
    const double filled = 1.0 - point->dilution[mu], most = filled * left;
    const double chance =
        sqrt(2.0 * log(100.0 * (double)point->patterns) * filled / (double)point->neurons);
    if (rule->absolute > 0.0)
        return rule->absolute;
    return most > chance ? fmax(rule->share * most, chance) : (double)INFINITY;
}

typedef struct {
    double size;
    size_t pattern;
} ranked_t;

static int compare_ranked(const void *a, const void *b)
{
    const ranked_t *x = a, *y = b;
    if (x->size > y->size || x->size < y->size)
        return x->size > y->size ? -1 : 1;
    return (x->pattern > y->pattern) - (x->pattern < y->pattern);
}

/* Whether two that follow each other may change places: of equal dilutions that changes nothing. */
static bool may_swap(const ph_point_t *point, const ranked_t *two, const double *room)
{
    const double a = point->dilution[two[0].pattern], b = point->dilution[two[1].pattern];
    return (a < b || a > b) &&
           two[0].size - two[1].size <= room[two[0].pattern] + room[two[1].pattern];
}

int ph_retrieval_count_within(const ph_retrieval_t *rule, const ph_point_t *point, const double *m,
                              const double *room, uint64_t *count, bool *clear)
{
    PH_FLOATING_GUARD();
    const size_t patterns = (size_t)point->patterns;
    ranked_t *ranked = malloc(patterns * sizeof(*ranked));
    double left = 1.0;
    *count = 0;
    *clear = true;
    if (ranked == NULL)
        return PH_ERR_MEMORY;
    for (size_t mu = 0; mu < patterns; mu++)
        ranked[mu] = (ranked_t){fabs(m[mu]), mu};
    qsort(ranked, patterns, sizeof(*ranked), compare_ranked);
    for (size_t k = 0; k < patterns; k++) {
        const size_t mu = ranked[k].pattern;
        const double bar = ph_retrieval_bar(rule, point, mu, left);
        if (room != NULL && (!(fabs(ranked[k].size - bar) > room[mu]) ||
                             (k + 1 < patterns && may_swap(point, &ranked[k], room))))
            *clear = false;
        if (ranked[k].size >= bar) {
            left *= point->dilution[mu];
            ++*count;
        }
    }
    free(ranked);
    return PH_OK;
}

int ph_retrieval_count(const ph_retrieval_t *rule, const ph_point_t *point, const double *m,
                       uint64_t *count)
{
    bool clear;
    return ph_retrieval_count_within(rule, point, m, NULL, count, &clear);
}

/* m[patterns] of chain r of a segment; last[replicas][components] where last states count. */
static void chain_average(const ph_grid_t *grid, const ph_point_t *point,
                          const ph_segment_t *segment, const double *last, size_t r, double *m)
{
    const uint64_t records = ph_records_until(point, segment->sweep_to);
    const size_t width = (size_t)segment->components;
    const size_t first = ph_observable_offset(PH_OBS_MAGNETIZATION, grid, point->patterns);
    for (size_t mu = 0; mu < (size_t)point->patterns; mu++) {
        const size_t c = first + mu;
        m[mu] = 0.0;
        if (last != NULL)
            m[mu] = last[r * width + c];
        else if (segment->sums != NULL)
            m[mu] = ph_moments_mean(segment->sums + (r * width + c) * PH_MOMENT_WORDS, records);
        else
            for (uint64_t k = 0; k < records; k++)
                m[mu] += segment->series[(r * records + k) * width + c] / (double)records;
    }
}

int ph_retrieved_chains(const ph_retrieval_t *rule, const ph_grid_t *grid, const ph_point_t *point,
                        const ph_segment_t *segment, double *counts)
{
    const size_t room = segment->replicas * (size_t)segment->components;
    const bool settles = ph_point_settles(point);
    double *last = settles ? calloc(room, sizeof(*last)) : NULL;
    double *m = calloc((size_t)point->patterns, sizeof(*m));
    int status = m == NULL || (settles && last == NULL) ? PH_ERR_MEMORY : PH_OK;
    if (status == PH_OK && last != NULL)
        status = ph_last_states(grid, point, segment, last);
    for (size_t r = 0; r < segment->replicas && status == PH_OK; r++) {
        uint64_t count;
        chain_average(grid, point, segment, last, r, m);
        status = ph_retrieval_count(rule, point, m, &count);
        counts[r] = (double)count;
    }
    free(last);
    free(m);
    return status;
}

double ph_retrieved_of_wells(const ph_point_t *point, const ph_occupation_t *wells)
{
    double m[PH_MAX_PATTERNS], sum = 0.0, chains = 0.0;
    for (size_t w = 0; w < wells->wells; w++) {
        double here = 0.0;
        uint64_t count;
        for (size_t c = 0; c < wells->chains; c++)
            here += wells->now[c] == (int)w;
        if (!(here > 0.0))
            continue;
        for (size_t mu = 0; mu < wells->patterns; mu++)
            m[mu] = wells->states[w * wells->patterns + mu];
        if (ph_retrieval_count(&PH_RETRIEVAL_USUAL, point, m, &count) != PH_OK)
            return (double)NAN;
        sum += here * (double)count;
        chains += here;
    }
    return sum / chains;
}

/* What is gathered of a point. */
typedef struct {
    const ph_retrieval_t *rule;
    ph_runfile_t *run;
    const ph_grid_t *grid;
    size_t number; /* of the point */
    const ph_point_t *point;
    double *counts; /* [replicas] of the chains of a sample that have records */
    size_t chains;
} gather_t;

/* A chain at a time where trajectories have to be read, which may be long. */
static int count_sample(gather_t *self, uint32_t sample, ph_report_t *report)
{
    const uint32_t replicas = (uint32_t)self->grid->replicas;
    const bool long_ones = !self->grid->moments && !ph_point_settles(self->point);
    int status = PH_OK;
    self->chains = 0;
    for (uint32_t r = 0, next; r < replicas && status == PH_OK; r = next) {
        ph_segment_t segment;
        const int64_t done = ph_runfile_sweeps_done(self->run, self->number, sample, r);
        next = r + 1;
        while (!long_ones && next < replicas &&
               ph_runfile_sweeps_done(self->run, self->number, sample, next) == done)
            next++;
        if (done <= 0 || ph_records_until(self->point, (uint64_t)done) == 0)
            continue;
        status = ph_runfile_read(self->run, self->number, sample, r, next - r,
                                 long_ones ? 0 : UINT64_MAX, &segment, report);
        if (status != PH_OK)
            return status;
        status = ph_retrieved_chains(self->rule, self->grid, self->point, &segment,
                                     self->counts + self->chains);
        self->chains += segment.replicas;
        if (status != PH_OK)
            ph_fail(report, status, "the retrieved patterns of point %zu cannot be counted: %s",
                    self->number, ph_status_text(status));
        ph_segment_free(&segment);
    }
    return status;
}

static double mean_of(const double *values, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return count > 0 ? sum / (double)count : (double)NAN;
}

int ph_retrieved_read(ph_retrieved_t *self, const ph_retrieval_t *rule, ph_runfile_t *run,
                      size_t point, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = run->base.grid;
    const size_t samples = (size_t)grid->samples;
    gather_t gather = {rule, run, grid, point, &grid->points[point], NULL, 0};
    double *values = calloc(3 * samples, sizeof(*values)); /* means, variances, freedoms */
    memset(self, 0, sizeof(*self));
    gather.counts = calloc((size_t)grid->replicas, sizeof(*gather.counts));
    int status = values != NULL && gather.counts != NULL
                     ? PH_OK
                     : ph_fail(report, PH_ERR_MEMORY,
                               "no memory for the retrieved patterns of point %zu", point);
    for (size_t s = 0; s < samples && status == PH_OK; s++) {
        status = count_sample(&gather, (uint32_t)s, report);
        values[s] = mean_of(gather.counts, gather.chains);
        values[samples + s] = pow(ph_error_of_mean(gather.counts, gather.chains), 2);
        values[2 * samples + s] = gather.chains > 0 ? (double)gather.chains - 1.0 : 0.0;
        self->chains += gather.chains;
    }
    if (status == PH_OK)
        self->number = ph_average_samples(values, values + samples, values + 2 * samples, samples,
                                          ph_point_is_fixed(&grid->points[point]));
    free(values);
    free(gather.counts);
    return status;
}
