/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/chains.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/compare.h"
#include "analysis/estimate/statistics.h"
#include "sim/model/moments.h"

static const double DRIFT_ERRORS = 4.0; /* of the first record, beyond which it is a drift */
static const double DRIFT_SHARE = 0.5;  /* of the mean's error that a drift may make */
static const double ROUNDING = 1e-7;    /* of a float32 near 1, with some room */
static const double STRAY_ERRORS = 8.0; /* of a chain's mean, beyond which it is a stray */
static const double STRAY_FLIPS = 20.0; /* single spins for one record, that are no stray */

void ph_chains_free(ph_chains_t *self)
{
    free(self->mean);
    free(self->own);
    memset(self, 0, sizeof(*self));
}

const double *ph_chains_sums(const ph_chains_t *self, size_t chain, size_t mu)
{
    return self->segment->sums + (chain * self->components + self->offset + mu) * PH_MOMENT_WORDS;
}

double ph_chains_record(const ph_chains_t *self, size_t chain, uint64_t k, size_t mu)
{
    const size_t row = chain * (size_t)self->records + (size_t)k;
    if (self->own != NULL)
        return self->own[row * self->patterns + mu];
    return self->segment->series[row * self->components + self->offset + mu];
}

enum { FEW = 4 };

static const uint8_t *spins_of(const ph_segment_t *segment, size_t chain)
{
    return segment->spins + chain * ph_segment_spin_bytes(segment->state_bits);
}

static inline int spin_in(const uint8_t *spins, size_t i)
{
    return (spins[i / 8] >> (i % 8) & 1) != 0 ? 1 : -1;
}

/* Sums are whole numbers: a last state has the very magnetizations that its like has. */
static void find_last(ph_chains_t *self, const ph_patterns_t *patterns)
{
    const size_t k = self->patterns, neurons = (size_t)patterns->neurons;
    for (size_t c = 0; c < self->chains; c++)
        for (size_t mu = 0; mu < k; mu++) {
            const uint8_t *spins = spins_of(self->segment, c);
            double sum = 0.0;
            for (size_t i = 0; i < neurons; i++)
                sum += spin_in(spins, i) * patterns->entries[i * k + mu];
            self->mean[c * k + mu] = sum / (double)neurons;
        }
}

static double records_of(const ph_chains_t *self, size_t chain)
{
    return (double)(self->each != NULL ? self->each[chain] : self->records);
}

static void find_means(ph_chains_t *self)
{
    const ph_segment_t *segment = self->segment;
    for (size_t c = 0; c < self->chains; c++)
        for (size_t mu = 0; mu < self->patterns; mu++) {
            double sum = 0.0;
            for (uint64_t k = 0; segment->series != NULL && k < self->records; k++)
                sum += ph_chains_record(self, c, k, mu);
            if (segment->series == NULL)
                sum = ph_chains_sums(self, c, mu)[0];
            self->mean[c * self->patterns + mu] = sum / records_of(self, c);
        }
}

static int init(ph_chains_t *self, const ph_grid_t *grid, const ph_point_t *point,
                const ph_segment_t *segment, const uint64_t *records, ph_observable_id_t observable,
                size_t patterns)
{
    *self = (ph_chains_t){
        .segment = segment,
        .point = point,
        .chains = segment->replicas,
        .samples = (size_t)grid->samples,
        .patterns = patterns,
        .records =
            segment->series != NULL ? segment->records : ph_records_until(point, segment->sweep_to),
        .each = records,
        .components = (size_t)segment->components,
        .offset = ph_observable_offset(observable, grid, point->patterns),
    };
    for (size_t c = 0; records != NULL && c < self->chains; c++)
        self->records = records[c] < self->records ? records[c] : self->records;
    self->mean = calloc(self->chains * self->patterns, sizeof(*self->mean));
    return self->mean == NULL ? PH_ERR_MEMORY : PH_OK;
}

int ph_chains_init(ph_chains_t *self, const ph_grid_t *grid, const ph_point_t *point,
                   const ph_patterns_t *patterns, const ph_segment_t *segment,
                   const uint64_t *records)
{
    const int status =
        init(self, grid, point, segment, records, PH_OBS_MAGNETIZATION, (size_t)point->patterns);
    if (status == PH_OK && point->noise == 0.0)
        find_last(self, patterns);
    else if (status == PH_OK)
        find_means(self);
    return status;
}

int ph_chains_init_energy(ph_chains_t *self, const ph_grid_t *grid, const ph_point_t *point,
                          const ph_segment_t *segment, const uint64_t *records)
{
    const int status = init(self, grid, point, segment, records, PH_OBS_ENERGY, 1);
    if (status == PH_OK)
        find_means(self);
    return status;
}

double ph_chains_size(const ph_chains_t *self, size_t mu)
{
    double sum = 0.0;
    for (size_t c = 0; c < self->chains; c++) {
        if (self->segment->sums != NULL)
            sum += ph_chains_sums(self, c, mu)[1] * ((double)self->records / records_of(self, c));
        for (uint64_t k = 0; self->segment->sums == NULL && k < self->records; k++)
            sum += fabs(ph_chains_record(self, c, k, mu));
    }
    return sum / ((double)self->chains * (double)self->records);
}

/* sums[few] of spins times features; `few` a constant, so that they stay in registers. */
static inline __attribute__((always_inline)) void add_few(const uint8_t *spins, const int16_t *phi,
                                                          size_t neurons, size_t features,
                                                          size_t few, int64_t *sums)
{
    int64_t found[FEW] = {0};
    for (size_t i = 0; i < neurons; i++, phi += features) {
        const int sign = spin_in(spins, i);
        for (size_t p = 0; p < few; p++)
            found[p] += sign * phi[p];
    }
    memcpy(sums, found, few * sizeof(*sums));
}

void ph_chains_add_last(const ph_chains_t *self, size_t chain, const ph_meanfield_t *sample,
                        double share, double *n)
{
    const size_t features = (size_t)sample->features, neurons = (size_t)sample->coupling->neurons;
    const uint8_t *spins = spins_of(self->segment, chain);
    int64_t sums[FEW];
    for (size_t p = 0; p < features; p += FEW) {
        const int16_t *phi = sample->coupling->phi + p;
        const size_t few = features - p < FEW ? features - p : FEW;
        if (few == FEW)
            add_few(spins, phi, neurons, features, FEW, sums);
        else if (few == 3)
            add_few(spins, phi, neurons, features, 3, sums);
        else if (few == 2)
            add_few(spins, phi, neurons, features, 2, sums);
        else
            add_few(spins, phi, neurons, features, 1, sums);
        for (size_t k = 0; k < few; k++)
            n[p + k] += share * (double)sums[k] * sample->example_scale[p + k] / (double)neurons;
    }
}

/* By the autocorrelation of the records; series in room[count][records]. */
static void by_records(const ph_chains_t *self, const size_t *members, size_t count, size_t mu,
                       double *room, ph_chains_error_t *out)
{
    out->enough = true;
    out->freedom = 0.0;
    if (self->segment->series != NULL) {
        const size_t n = (size_t)self->records;
        for (size_t i = 0; i < count; i++)
            for (size_t k = 0; k < n; k++)
                room[i * n + k] = ph_chains_record(self, members[i], k, mu);
        const ph_estimate_t found = ph_estimate_chains(room, count, n);
        out->enough = found.enough;
        out->variance = found.error * found.error;
        out->tau = found.tau;
        out->length = ph_estimate_length(found.tau, count);
        out->rhat = ph_split_rhat(room, count, n);
        out->freedom = fmax((double)(count * n) / (2.0 * (double)found.window + 1.0), 1.0);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const ph_estimate_t found = ph_estimate_sums(ph_chains_sums(self, members[i], mu),
                                                     (uint64_t)records_of(self, members[i]));
        out->enough = out->enough && found.enough;
        out->variance += found.error * found.error / (double)(count * count);
        out->tau = fmax(out->tau, found.tau);
        out->freedom += records_of(self, members[i]) / fmax((double)found.window, 1.0) - 1.0;
        room[i] = self->mean[members[i] * self->patterns + mu];
        room[count + i] = ph_moments_variance(ph_chains_sums(self, members[i], mu),
                                              (uint64_t)records_of(self, members[i]));
    }
    out->freedom = fmax(out->freedom, 1.0);
    out->length = ph_estimate_length(out->tau, 1);
    out->rhat = ph_plain_rhat(room, room + count, count, (double)self->records);
}

/*
 * Whether a chain's mean lies far from the others': it was in another well for a time. Compared
 * with the spread of the means about their median, with what the theory expects, and with flips of
 * a few spins.
 */
static bool strays(const ph_chains_t *self, const double *means, size_t count, double tau,
                   double spread, double *room)
{
    const double n = (double)self->records, neurons = (double)self->point->neurons;
    memcpy(room, means, count * sizeof(*room));
    gsl_sort(room, 1, count);
    const double median = gsl_stats_median_from_sorted_data(room, 1, count);
    for (size_t i = 0; i < count; i++)
        room[i] = fabs(means[i] - median);
    gsl_sort(room, 1, count);
    const double deviation = 1.4826 * gsl_stats_median_from_sorted_data(room, 1, count);
    const double flips = STRAY_FLIPS * 2.0 / (neurons * n);
    const double scale = fmax(deviation, spread * sqrt(2.0 * tau / n));
    return room[count - 1] > STRAY_ERRORS * scale + flips;
}

/* By the means of many chains; they need not be long, but of one law. */
static void by_means(const ph_chains_t *self, const size_t *members, size_t count, size_t mu,
                     double spread, double *room, ph_chains_error_t *out)
{
    for (size_t i = 0; i < count; i++)
        room[i] = self->mean[members[i] * self->patterns + mu];
    const double error = ph_error_of_mean(room, count);
    out->enough = true;
    out->variance = error * error;
    out->freedom = (double)count - 1.0;
    out->parted = strays(self, room, count, out->tau, spread, room + count);
}

/* Record 0 against the mean of records, over the chains: whether it is off, and what its
 * difference, if the chains share it, adds to their mean. */
static bool drifts(const ph_chains_t *self, const size_t *members, size_t count, size_t mu,
                   double spread, ph_chains_error_t *found, bool *off)
{
    double sum = 0.0, squares = 0.0;
    const double n = (double)self->records, all = (double)count;
    if (self->segment->series == NULL || self->point->noise == 0.0 || count < 4 || n < 2.0)
        return false;
    for (size_t i = 0; i < count; i++) {
        const double first = ph_chains_record(self, members[i], 0, mu);
        const double difference = first - self->mean[members[i] * self->patterns + mu];
        sum += difference;
        squares += difference * difference;
    }
    const double mean = sum / all;
    const double own = fmax(squares / all - mean * mean, 0.0) / (all - 1.0);
    const double error = sqrt(fmax(own, spread * spread / all));
    const double mean_error =
        sqrt(fmax(found->variance, 2.0 * found->tau * spread * spread / (n * all)));
    const double first = DRIFT_ERRORS * error + ROUNDING;
    const double moved = fabs(mean) * fmin(2.0 * found->tau / n, 1.0);
    found->first = fmax(fabs(mean), DRIFT_ERRORS * error);
    found->excess = fmin(fabs(mean) / first, moved / (DRIFT_SHARE * mean_error));
    *off = fabs(mean) > first;
    return *off && moved > DRIFT_SHARE * mean_error;
}

/* What is known of chains once the start is burnt in: of the later half of their records. */
static void look_late(const ph_chains_t *self, const size_t *members, size_t count, size_t mu,
                      double *room, ph_chains_error_t *found)
{
    const size_t n = (size_t)self->records / 2, first = (size_t)self->records - n;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < n; k++)
            room[i * n + k] = ph_chains_record(self, members[i], first + k, mu);
    found->judged = n;
    found->length = ph_estimate_length(ph_estimate_chains(room, count, n).tau, count);
    found->rhat = ph_split_rhat(room, count, n);
}

ph_chains_error_t ph_chains_error(const ph_chains_t *self, const size_t *members, size_t count,
                                  size_t mu, double spread, double *room)
{
    ph_chains_error_t found = {.tau = 0.5,
                               .freedom = INFINITY,
                               .tau_freedom = INFINITY,
                               .first = INFINITY,
                               .rhat = NAN,
                               .judged = self->records,
                               .enough = true};
    if (self->point->noise == 0.0) { /* last states of one well differ by spins without a field */
        for (size_t i = 0; i < count; i++)
            room[i] = self->mean[members[i] * self->patterns + mu];
        found.variance = count < 2 ? 0.0 : pow(ph_error_of_mean(room, count), 2);
        found.freedom = fmax((double)count - 1.0, 1.0);
        return found;
    }
    by_records(self, members, count, mu, room, &found);
    found.tau_freedom = count < PH_CHAINS_MANY ? found.freedom : (double)INFINITY;
    if (!found.enough)
        found.tau = 0.5;
    if (count >= PH_CHAINS_MANY) {
        by_means(self, members, count, mu, spread, room, &found);
    } else {
        /* chains within one spin of each other are together, however little each of them moves */
        double lowest = INFINITY, highest = -INFINITY;
        for (size_t i = 0; i < count; i++) {
            lowest = fmin(lowest, self->mean[members[i] * self->patterns + mu]);
            highest = fmax(highest, self->mean[members[i] * self->patterns + mu]);
        }
        const double spin = 2.0 / (double)self->point->neurons;
        found.parted =
            found.rhat > PH_COMPARE_RHAT && (self->chains == 1 || highest - lowest > spin);
    }
    bool off = false;
    found.drift = drifts(self, members, count, mu, spread, &found, &off);
    if (off)
        look_late(self, members, count, mu, room, &found);
    if (found.parted || !found.enough)
        found.variance = NAN;
    return found;
}
