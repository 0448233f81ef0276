/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A sample some of whose chains go from well to well: every record is held against its own well. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/mixed_private.h"

enum { LEAVING, COMING, WAYS };

/* Deviations of records in place of the records, and what a sample comes to on the way. */
typedef struct {
    ph_compared_t *work;
    ph_chains_t deviations, energies; /* of records that count times `scale`, 0 of the others */
    double scale;                     /* records over those that count */
    double *predicted, *towards;      /* [wells][patterns] */
    size_t *count;                    /* [wells]: of one chain, or of all */
    double *mean, *energy;            /* [wells][patterns], [wells]: of one chain */
    double *ways;                     /* [patterns + 1][WAYS]: sums of the records left out */
} mixed_t;

static void mixed_free(mixed_t *self)
{
    ph_chains_free(&self->deviations);
    ph_chains_free(&self->energies);
    free(self->predicted);
    free(self->count);
}

static int copy_chains(ph_chains_t *self, const ph_chains_t *chains)
{
    *self = *chains;
    self->mean = calloc(chains->chains * chains->patterns, sizeof(*self->mean));
    self->own =
        calloc(chains->chains * (size_t)chains->records * chains->patterns, sizeof(*self->own));
    return self->mean == NULL || self->own == NULL ? PH_ERR_MEMORY : PH_OK;
}

static int mixed_init(mixed_t *self, ph_compared_t *work)
{
    const size_t wells = work->wells.count, k = work->chains.patterns;
    *self = (mixed_t){.work = work};
    self->scale = (double)work->records.all / (double)work->records.within;
    int status = copy_chains(&self->deviations, &work->chains);
    if (status == PH_OK)
        status = copy_chains(&self->energies, &work->energies);
    self->predicted = calloc(wells * (3 * k + 1) + (k + 1) * WAYS, sizeof(*self->predicted));
    self->count = calloc(wells, sizeof(*self->count));
    if (status != PH_OK || self->predicted == NULL || self->count == NULL)
        return PH_ERR_MEMORY;
    self->towards = self->predicted + wells * k;
    self->mean = self->towards + wells * k;
    self->energy = self->mean + wells * k;
    self->ways = self->energy + wells;
    for (size_t w = 0; w < wells; w++)
        for (size_t j = 0; j < k; j++) {
            const ph_well_t *well = &work->wells.wells[w];
            const size_t mu = well->alignment.order[j];
            self->predicted[w * k + mu] = ph_compared_prediction(work, well, j);
            self->towards[w * k + mu] = well->alignment.sign[j];
        }
    return PH_OK;
}

/* One record's deviation from its well, where it belongs. */
static void put(const mixed_t *self, ph_chains_t *chains, size_t i, size_t mu, double deviation)
{
    const size_t k = chains->patterns;
    const size_t quantity = k == 1 && chains == &self->energies ? self->deviations.patterns : mu;
    switch ((ph_record_kind_t)self->work->records.kind[i]) {
    case PH_RECORD_WITHIN:
        chains->own[i * k + mu] = self->scale * deviation;
        break;
    case PH_RECORD_LEAVING:
        self->ways[quantity * WAYS + LEAVING] += deviation;
        break;
    case PH_RECORD_COMING:
        self->ways[quantity * WAYS + COMING] += deviation;
        break;
    case PH_RECORD_OUT:
        break;
    }
}

static void average(ph_chains_t *self)
{
    const size_t k = self->patterns, records = (size_t)self->records;
    for (size_t i = 0; i < self->chains * records * k; i++)
        self->mean[i / k / records * k + i % k] += self->own[i] / (double)records;
}

static void deviate(mixed_t *self)
{
    const ph_compared_t *work = self->work;
    const ph_chains_t *chains = &work->chains;
    const size_t k = chains->patterns, records = (size_t)chains->records;
    for (size_t i = 0; i < work->records.all; i++) {
        const size_t w = work->records.well[i], c = i / records, r = i % records;
        if (work->records.kind[i] == PH_RECORD_OUT)
            continue;
        for (size_t mu = 0; mu < k; mu++)
            put(self, &self->deviations, i, mu,
                self->towards[w * k + mu] *
                    (ph_chains_record(chains, c, r, mu) - self->predicted[w * k + mu]));
        put(self, &self->energies, i, 0,
            ph_chains_record(&work->energies, c, r, 0) - work->wells.wells[w].energy);
    }
    average(&self->deviations);
    average(&self->energies);
}

/* Records that count, of each well: of all chains. */
static void count_records(mixed_t *self)
{
    memset(self->count, 0, self->work->wells.count * sizeof(*self->count));
    for (size_t i = 0; i < self->work->records.all; i++)
        if (self->work->records.kind[i] == PH_RECORD_WITHIN)
            self->count[self->work->records.well[i]]++;
}

/* What the records on their way from well to well would change of a mean, if they counted. */
static double way(const mixed_t *self, size_t quantity)
{
    const double *ways = self->ways + quantity * WAYS;
    return (fabs(ways[LEAVING]) + fabs(ways[COMING])) / (double)self->work->records.within;
}

/* The errors of a sample, by the scatter of the deviations of all its chains. */
static void add_errors(mixed_t *self, const size_t *members, double *room)
{
    ph_compared_t *work = self->work;
    const ph_well_records_t *records = &work->records;
    const size_t k = work->chains.patterns, chains = work->chains.chains;
    const double within = (double)records->within;
    const double share = within / ((double)records->all * (double)work->to->grid->samples);
    double energy_spread = 0.0;
    count_records(self);
    for (size_t w = 0; w < work->wells.count; w++)
        energy_spread += (double)self->count[w] * pow(work->wells.wells[w].energy_spread, 2);
    for (size_t mu = 0; mu < k; mu++) {
        ph_row_sums_t *row = &work->to->rows[work->row[mu]];
        double spread = 0.0;
        for (size_t w = 0; w < work->wells.count; w++)
            if (self->count[w] > 0)
                spread += (double)self->count[w] * pow(work->wells.wells[w].spread[mu], 2);
        spread = sqrt(self->scale * spread / within);
        const ph_chains_error_t found =
            ph_chains_error(&self->deviations, members, chains, mu, spread, room);
        ph_compared_error(row, work, &found, chains, share, spread);
        row->allowance += share * way(self, mu);
        double rate = INFINITY;
        for (size_t w = 0; w < work->wells.count; w++) {
            if (self->count[w] == 0)
                continue;
            ph_compared_start(work, &work->wells.wells[w], &found, mu,
                              share * (double)self->count[w] / within);
            rate = fmin(rate, work->wells.wells[w].rate);
        }
        ph_compared_doubt(work, &found, chains, rate);
    }
    energy_spread = sqrt(self->scale * energy_spread / within);
    const ph_chains_error_t found =
        ph_chains_error(&self->energies, members, chains, 0, energy_spread, room);
    ph_compared_error(&work->to->energy, work, &found, chains, share, energy_spread);
    work->to->energy.allowance += share * way(self, k);
}

/* One chain's records that count, well by well. */
static void add_chain(mixed_t *self, size_t chain)
{
    ph_compared_t *work = self->work;
    const size_t k = work->chains.patterns, records = (size_t)work->chains.records;
    const size_t wells = work->wells.count;
    double deviation[PH_MEANFIELD_PATTERNS_MAX], energy;
    memset(self->count, 0, wells * sizeof(*self->count));
    memset(self->mean, 0, wells * (k + 1) * sizeof(*self->mean));
    for (size_t r = 0; r < records; r++) {
        const size_t i = chain * records + r, w = work->records.well[i];
        if (work->records.kind[i] != PH_RECORD_WITHIN)
            continue;
        self->count[w]++;
        self->energy[w] += ph_chains_record(&work->energies, chain, r, 0);
        for (size_t mu = 0; mu < k; mu++)
            self->mean[w * k + mu] += ph_chains_record(&work->chains, chain, r, mu);
    }
    for (size_t w = 0; w < wells; w++) {
        const double count = (double)self->count[w];
        if (self->count[w] == 0)
            continue;
        for (size_t mu = 0; mu < k; mu++)
            self->mean[w * k + mu] /= count;
        const ph_counted_t counted = {
            .well = w,
            .mean = self->mean + w * k,
            .energy = self->energy[w] / count,
            .share = count / ((double)work->records.all * (double)work->to->grid->samples),
            .part = count / (double)work->records.within};
        ph_compared_count(work, &counted, deviation, &energy);
    }
}

/* The means of the chains of a block of lanes, and their records into the rows. */
static void add_block(mixed_t *self, size_t first, size_t end)
{
    ph_accumulator_t *to = self->work->to;
    const size_t k = self->deviations.patterns;
    for (size_t c = first; c < end; c++) {
        const double part = 1.0 / (double)(end - first);
        add_chain(self, c);
        to->energies[to->blocks] += part * self->energies.mean[c];
        for (size_t mu = 0; mu < k; mu++)
            to->differences[self->work->row[mu] * to->blocks_max + to->blocks] +=
                part * self->deviations.mean[c * k + mu];
    }
    to->blocks++;
}

static int add_all(mixed_t *self)
{
    const ph_compared_t *work = self->work;
    const size_t all = work->chains.chains, records = (size_t)work->chains.records;
    const size_t lanes = work->to->grid->lanes > 0 ? (size_t)work->to->grid->lanes : 1;
    size_t *members = malloc(all * sizeof(*members));
    double *room = malloc(all * (records + 2) * sizeof(*room));
    const int status = members == NULL || room == NULL ? PH_ERR_MEMORY : PH_OK;
    for (size_t c = 0; status == PH_OK && c < all; c++)
        members[c] = c;
    if (status == PH_OK) {
        deviate(self);
        add_errors(self, members, room);
        for (size_t first = 0; first < all; first += lanes)
            add_block(self, first, all - first < lanes ? all : first + lanes);
    }
    free(members);
    free(room);
    return status;
}

int ph_compare_mixed(ph_compared_t *self)
{
    mixed_t mixed;
    int status = mixed_init(&mixed, self);
    if (status == PH_OK)
        status = add_all(&mixed);
    mixed_free(&mixed);
    self->to->hopped += self->records.hopped;
    return status;
}
