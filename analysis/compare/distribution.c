/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/distribution.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/estimate/sampleread.h"
#include "analysis/estimate/statistics.h"
#include "analysis/exact/exact.h"
#include "base/floating.h"
#include "sim/model/law.h"

/* Of the exact variance, the least that records of one chain have where it comes to all states. */
static const double WANDERS = 0.8;
/* Events below which a share's error is that of the exact probability. */
static const double FEW = 10.0;

const char *ph_distribution_reason_text(ph_distribution_reason_t reason)
{
    static const char *const TEXTS[PH_DISTRIBUTION_REASONS] = {
        [PH_DISTRIBUTION_COMPARED] = "compared",
        [PH_DISTRIBUTION_LARGE] = "too many neurons for all states",
        [PH_DISTRIBUTION_LAW] = "no law exp(-H/T)",
        [PH_DISTRIBUTION_RECORDS] = "no records in time",
        [PH_DISTRIBUTION_INCOMPLETE] = "chains not finished",
        [PH_DISTRIBUTION_SHORT] = "chains too few or too short to come to all states",
        [PH_DISTRIBUTION_TRANSIENT] = "burn-in below 10 autocorrelation times",
    };
    return TEXTS[reason];
}

/* A point on its way; of one sample: its chains and its exact laws. */
typedef struct {
    ph_distribution_t *to;
    const ph_grid_t *grid;
    const ph_point_t *point;
    ph_segment_t segment;
    ph_exact_law_t exact;
    size_t samples;
    double *shares; /* [chains][levels] */
    double *series; /* [chains][records] */
    double *square; /* [quantities][levels]: sum of variance^2 over degrees of freedom */
} reader_t;

void ph_distribution_free(ph_distribution_t *self)
{
    free(self->mc);
    free(self->exact);
    free(self->error);
    free(self->freedom);
    free(self->events);
    memset(self, 0, sizeof(*self));
}

static int allocate(ph_distribution_t *self, const ph_grid_t *grid, const ph_point_t *point)
{
    self->neurons = (size_t)point->neurons;
    self->levels = 2 * self->neurons + 1;
    self->overlap = ph_observable_recorded(PH_OBS_REPLICA_OVERLAP, grid);
    self->quantities = (size_t)point->patterns + self->overlap;
    const size_t count = self->quantities * self->levels;
    self->mc = calloc(count, sizeof(*self->mc));
    self->exact = calloc(count, sizeof(*self->exact));
    self->error = calloc(count, sizeof(*self->error));
    self->freedom = calloc(count, sizeof(*self->freedom));
    self->events = calloc(self->quantities, sizeof(*self->events));
    return self->mc == NULL || self->exact == NULL || self->error == NULL ||
                   self->freedom == NULL || self->events == NULL
               ? PH_ERR_MEMORY
               : PH_OK;
}

static ph_distribution_reason_t readable(const ph_runfile_t *run, size_t number)
{
    const ph_grid_t *grid = run->base.grid;
    const ph_point_t *point = &grid->points[number];
    if (point->neurons > PH_EXACT_LAW_NEURONS)
        return PH_DISTRIBUTION_LARGE;
    if (!(point->noise > 0.0) || !ph_law_is_equilibrium(ph_sampler_facts(point->sampler)->law))
        return PH_DISTRIBUTION_LAW;
    if (!grid->trajectory)
        return PH_DISTRIBUTION_RECORDS;
    if (ph_runfile_point_status(run, number) != PH_POINT_COMPLETE)
        return PH_DISTRIBUTION_INCOMPLETE;
    return grid->samples * grid->replicas < PH_COMPARE_CHAINS ? PH_DISTRIBUTION_SHORT
                                                              : PH_DISTRIBUTION_COMPARED;
}

/* Chains that tell a quantity of their own: of an overlap one of two. */
static size_t chains_of(const reader_t *self, bool overlap)
{
    return overlap ? self->segment.replicas / 2 : self->segment.replicas;
}

/* Records and shares of the levels of quantity k; the least variance of a chain is returned. */
static double gather(const reader_t *self, size_t k, bool overlap)
{
    const ph_segment_t *segment = &self->segment;
    const size_t levels = self->to->levels, width = (size_t)segment->components;
    const size_t records = (size_t)segment->records, chains = chains_of(self, overlap);
    const size_t at =
        overlap ? ph_observable_offset(PH_OBS_REPLICA_OVERLAP, self->grid, self->point->patterns)
                : ph_observable_offset(PH_OBS_MAGNETIZATION, self->grid, self->point->patterns) + k;
    double variance = 0.0;
    memset(self->shares, 0, chains * levels * sizeof(*self->shares));
    for (size_t c = 0; c < chains; c++) {
        double sum = 0.0, square = 0.0;
        for (size_t r = 0; r < records; r++) {
            const double x = segment->series[((overlap ? 2 * c : c) * records + r) * width + at];
            const double level = round((x + 1.0) * (double)self->to->neurons);
            self->series[c * records + r] = x;
            sum += x;
            square += x * x;
            if (level >= 0.0 && level < (double)levels) /* what files have may be anything */
                self->shares[c * levels + (size_t)level] += 1.0 / (double)records;
        }
        sum /= (double)records;
        variance += (square / (double)records - sum * sum) / (double)chains;
    }
    return variance;
}

static double variance_of(const double *probability, size_t neurons)
{
    double mean = 0.0, square = 0.0;
    for (size_t l = 0; l <= 2 * neurons; l++) {
        const double x = (double)l / (double)neurons - 1.0;
        mean += probability[l] * x;
        square += probability[l] * x * x;
    }
    return square - mean * mean;
}

/* Shares of one level, averaged over the chains of a sample, into those over samples. */
static void add_level(const reader_t *self, size_t at, size_t level, size_t chains, double p)
{
    const double share = 1.0 / (double)self->samples;
    double mean = 0.0, scatter = 0.0;
    for (size_t c = 0; c < chains; c++)
        mean += self->shares[c * self->to->levels + level] / (double)chains;
    for (size_t c = 0; c < chains; c++)
        scatter += pow(self->shares[c * self->to->levels + level] - mean, 2);
    const double freedom = (double)chains - 1.0;
    const double variance = share * share * scatter / (freedom * (double)chains);
    self->to->mc[at] += share * mean;
    self->to->exact[at] += share * p;
    self->to->error[at] += variance; /* until it is concluded */
    self->square[at] += variance * variance / freedom;
}

static ph_distribution_reason_t add_quantity(const reader_t *self, size_t k)
{
    const bool overlap = self->to->overlap && k + 1 == self->to->quantities;
    const size_t chains = chains_of(self, overlap), levels = self->to->levels;
    const size_t records = (size_t)self->segment.records;
    const double *p = overlap ? self->exact.q : self->exact.m + k * levels;
    if (chains < 2)
        return PH_DISTRIBUTION_SHORT;
    const double within = gather(self, k, overlap);
    const ph_estimate_t found = ph_estimate_chains(self->series, chains, records);
    if (!(within >= WANDERS * variance_of(p, self->to->neurons)) || !found.enough)
        return PH_DISTRIBUTION_SHORT;
    if (!((double)self->point->burn_in >=
          PH_DISTRIBUTION_BURNT * found.tau * (double)self->point->record_every))
        return PH_DISTRIBUTION_TRANSIENT;
    self->to->events[k] += (double)chains * (double)records / (2.0 * found.tau);
    for (size_t l = 0; l < levels; l++)
        add_level(self, k * levels + l, l, chains, p[l]);
    return PH_DISTRIBUTION_COMPARED;
}

/* Errors of all levels: of the chains, no smaller than independent events have by theory. */
static void conclude(const reader_t *self)
{
    ph_distribution_t *to = self->to;
    for (size_t i = 0; i < to->quantities * to->levels; i++) {
        const double events = to->events[i / to->levels], p = to->exact[i];
        const double floor = p * (1.0 - p) / events, variance = to->error[i];
        const bool known = p * events < FEW || !(variance >= floor);
        to->freedom[i] = known ? (double)INFINITY : variance * variance / self->square[i];
        to->error[i] = sqrt(known ? floor : variance);
    }
}

static int add_sample(reader_t *self, ph_runfile_t *run, size_t number, uint32_t sample,
                      ph_report_t *report)
{
    ph_sample_t drawn;
    int status = ph_sample_read(run, number, sample, 0, &self->segment, NULL, report);
    if (status != PH_OK)
        return status;
    const size_t chains = self->segment.replicas;
    self->shares = calloc(chains * self->to->levels, sizeof(*self->shares));
    self->series = calloc(chains * (size_t)self->segment.records, sizeof(*self->series));
    status = self->shares == NULL || self->series == NULL ? PH_ERR_MEMORY : PH_OK;
    if (status == PH_OK)
        status = ph_sample_draw(&drawn, self->point, self->grid->seed, sample);
    if (status == PH_OK) {
        status = ph_exact_law(&self->exact, &drawn, self->point->noise);
        ph_sample_free(&drawn);
    }
    for (size_t k = 0; status == PH_OK && k < self->to->quantities; k++)
        if (self->to->reason == PH_DISTRIBUTION_COMPARED)
            self->to->reason = add_quantity(self, k);
    ph_exact_law_free(&self->exact);
    free(self->shares);
    free(self->series);
    ph_segment_free(&self->segment);
    return status == PH_OK ? status
                           : ph_fail(report, status, "the distributions of point %zu failed: %s",
                                     number, ph_status_text(status));
}

int ph_distribution_read(ph_distribution_t *self, ph_runfile_t *run, size_t point,
                         ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = run->base.grid;
    reader_t reader = {
        .to = self, .grid = grid, .point = &grid->points[point], .samples = (size_t)grid->samples};
    memset(self, 0, sizeof(*self));
    self->reason = readable(run, point);
    if (self->reason != PH_DISTRIBUTION_COMPARED)
        return PH_OK;
    int status = allocate(self, grid, reader.point);
    reader.square = calloc(self->quantities * self->levels, sizeof(*reader.square));
    if (status != PH_OK || reader.square == NULL)
        status =
            ph_fail(report, PH_ERR_MEMORY, "no memory for the distributions of point %zu", point);
    for (uint32_t s = 0;
         s < (uint32_t)grid->samples && status == PH_OK && self->reason == PH_DISTRIBUTION_COMPARED;
         s++)
        status = add_sample(&reader, run, point, s, report);
    if (status == PH_OK)
        conclude(&reader);
    free(reader.square);
    return status;
}
