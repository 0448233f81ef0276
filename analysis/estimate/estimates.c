/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/estimate/estimates.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/estimate/laststate.h"
#include "analysis/estimate/sampleread.h"
#include "analysis/estimate/statistics.h"
#include "base/floating.h"
#include "sim/model/moments.h"
#include "sim/model/until.h"

/* Least number of groups of chains whose scatter is believed on its own. */
enum { GROUPS_LEAST = 4 };

/* Means of chains scatter more than tau says where this many times the expected variance is seen.
 */
static const double PARTED = 4.0;

/* What segments of chains add up to in one quantity, each weighted by its records. */
typedef struct {
    double weight, mean, variance, tau, length; /* length: of a chain, in records */
    double records;                             /* of all chains */
    bool ended;                                 /* autocorrelations end within the chains */
    bool unknown; /* no thermal error can be had from what is stored */
    bool last;    /* values of last states, not of records */
} part_t;

/*
 * The chains of a point. Quantities are the recorded components, then PH_EVEN_COUNT even powers of
 * every magnetization.
 */
typedef struct {
    const ph_grid_t *grid;
    const ph_point_t *point;
    ph_view_t view;
    bool final;
    bool sizes_only; /* magnetizations and their absolute values alone */
    ph_reading_t reading;
    size_t components, patterns, quantities, samples, replicas;
    part_t *total, *part;  /* [quantities]: of all samples as shown, of one as recorded */
    double *chain_means;   /* [quantities][replicas]: means of a sample's chains, as recorded */
    double *chain_mean;    /* [quantities][samples][replicas] as shown */
    double *chain_records; /* [samples][replicas]: weights */
    double *block;         /* scratch: [samples * replicas] */
    size_t *order;         /* [patterns] of a sample */
    double *sign, *m, *size;
} ensemble_t;

ph_component_t ph_component(const ph_grid_t *grid, int64_t patterns, size_t c)
{
    ph_component_t component = {.observable = NULL};
    for (int k = 0; k < ph_observables_count(); k++) {
        const ph_observable_id_t id = (ph_observable_id_t)k;
        if (!ph_observable_recorded(id, grid))
            continue;
        size_t own = ph_observable_components(id, grid, patterns);
        if (c >= own) {
            c -= own;
            continue;
        }
        component.observable = ph_observable(id);
        for (size_t d = 0; d < component.observable->dims_count; d++) {
            const ph_dim_id_t dim = component.observable->dims[d];
            own /= ph_dimension_length(dim, grid, patterns);
            component.at[d] = c / own;
            if (dim == PH_DIM_PATTERN) {
                component.of_pattern = true;
                component.pattern = c / own;
            }
            c %= own;
        }
        break;
    }
    return component;
}

void ph_component_name(const ph_component_t *component, char *text, size_t size)
{
    const ph_observable_t *observable = component->observable;
    char suffix[32] = "";
    for (size_t d = 0; d < observable->dims_count; d++) {
        const char *const *suffixes = ph_dimension(observable->dims[d])->suffixes;
        if (suffixes != NULL)
            snprintf(suffix, sizeof(suffix), "%s", suffixes[component->at[d]]);
        else if (observable->dims[d] != PH_DIM_PATTERN)
            snprintf(suffix, sizeof(suffix), "_%zu", component->at[d] + 1);
    }
    snprintf(text, size, "%s%s", ph_observable_name(observable->id), suffix);
}

const char *ph_even_name(ph_even_t even)
{
    static const char *const NAMES[PH_EVEN_COUNT] = {
        "magnetization_absolute", "magnetization_square", "magnetization_fourth"};
    return NAMES[even];
}

static void ensemble_free(ensemble_t *self)
{
    ph_reading_free(&self->reading);
    free(self->total);
    free(self->part);
    free(self->chain_means);
    free(self->chain_mean);
    free(self->chain_records);
    free(self->block);
    free(self->order);
    free(self->sign);
    free(self->m);
    free(self->size);
}

static int ensemble_init(ensemble_t *self, const ph_grid_t *grid, const ph_point_t *point,
                         ph_view_t view)
{
    const size_t patterns = (size_t)point->patterns;
    memset(self, 0, sizeof(*self));
    self->grid = grid;
    self->point = point;
    self->view = view;
    self->final = ph_point_settles(point);
    self->patterns = patterns;
    self->components = ph_observables_total(grid, point->patterns);
    self->quantities = self->components + PH_EVEN_COUNT * patterns;
    self->samples = (size_t)grid->samples;
    self->replicas = (size_t)grid->replicas;
    const size_t chains = self->samples * self->replicas;
    self->total = calloc(self->quantities, sizeof(*self->total));
    self->part = calloc(self->quantities, sizeof(*self->part));
    self->chain_means = calloc(self->quantities * self->replicas, sizeof(double));
    self->chain_mean = calloc(self->quantities * chains, sizeof(double));
    self->chain_records = calloc(chains, sizeof(double));
    self->block = calloc(chains, sizeof(double));
    self->order = calloc(patterns, sizeof(*self->order));
    self->sign = calloc(patterns, sizeof(double));
    self->m = calloc(patterns, sizeof(double));
    self->size = calloc(patterns, sizeof(double));
    return self->total == NULL || self->part == NULL || self->chain_means == NULL ||
                   self->chain_mean == NULL || self->chain_records == NULL || self->block == NULL ||
                   self->order == NULL || self->sign == NULL || self->m == NULL ||
                   self->size == NULL
               ? PH_ERR_MEMORY
               : PH_OK;
}

/* The component that a quantity is made of, and its power: PH_EVEN_COUNT for itself. */
static size_t source_of(const ensemble_t *self, size_t q, ph_even_t *even)
{
    *even = PH_EVEN_COUNT;
    if (q < self->components)
        return q;
    *even = (ph_even_t)((q - self->components) / self->patterns);
    return ph_observable_offset(PH_OBS_MAGNETIZATION, self->grid, self->point->patterns) +
           (q - self->components) % self->patterns;
}

static bool asked(const ensemble_t *self, size_t q)
{
    ph_even_t even;
    const size_t c = source_of(self, q, &even),
                 first =
                     ph_observable_offset(PH_OBS_MAGNETIZATION, self->grid, self->point->patterns);
    return !self->sizes_only || (c >= first && c - first < self->patterns &&
                                 (even == PH_EVEN_COUNT || even == PH_EVEN_ABSOLUTE));
}

/* What the quantities that are asked for are made of. */
static ph_wanted_t wanted(const ensemble_t *self)
{
    const uint64_t from = self->grid->trajectory ? 0 : UINT64_MAX;
    const uint64_t magnetization = UINT64_C(1) << PH_OBS_MAGNETIZATION;
    if (!self->sizes_only)
        return (ph_wanted_t){from, UINT64_MAX, UINT64_MAX, true};
    return self->final ? (ph_wanted_t){from, 0, 0, true}
                       : (ph_wanted_t){from, magnetization, magnetization, false};
}

static double power(double x, ph_even_t even)
{
    return even == PH_EVEN_ABSOLUTE ? fabs(x)
           : even == PH_EVEN_SQUARE ? x * x
           : even == PH_EVEN_FOURTH ? x * x * x * x
                                    : x;
}

/* Adds the segment of a chain, or of several together. */
static void add_part(part_t *to, const part_t *from, double sign)
{
    to->ended = from->ended && (to->weight == 0.0 || to->ended);
    to->unknown = to->unknown || from->unknown;
    to->last = from->last;
    to->weight += from->weight;
    to->mean += sign * from->mean;
    to->variance += from->variance;
    to->tau += from->tau;
    to->length += from->length;
    to->records += from->records;
}

/* With dynamics.until chains are as long as their numbers made them: weighted by length, samples
 * that are slow would count for more. */
static double chain_weight(const ensemble_t *self, size_t records)
{
    return ph_grid_has_until(self->grid) ? 1.0 : (double)records;
}

/* `each`: the weight of a chain of n records. */
static void add_segment(part_t *to, double mean, double error, double tau, bool ended, size_t n,
                        double each, size_t chains)
{
    const double weight = each * (double)chains;
    const part_t from = {.weight = weight,
                         .mean = weight * mean,
                         .variance = isnan(error) ? 0.0 : weight * weight * error * error,
                         .tau = weight * tau,
                         .length = weight * (double)n,
                         .records = (double)n * (double)chains,
                         .ended = ended,
                         .unknown = isnan(error)};
    add_part(to, &from, 1.0);
}

static const double *sums_at(const ph_segment_t *segment, size_t chain, size_t c)
{
    return segment->sums + (chain * (size_t)segment->components + c) * PH_MOMENT_WORDS;
}

static void from_series(ensemble_t *self, const ph_segment_t *segment, size_t q, double *series)
{
    const size_t n = (size_t)segment->records, chains = segment->replicas;
    ph_even_t even;
    const size_t c = source_of(self, q, &even);
    double total = 0.0;
    for (size_t r = 0; r < chains; r++) {
        double sum = 0.0;
        for (size_t k = 0; k < n; k++) {
            const double x = segment->series[(r * n + k) * (size_t)segment->components + c];
            series[r * n + k] = power(x, even);
            sum += series[r * n + k];
        }
        if (segment->sums != NULL) /* exact, where records are rounded to float32 */
            sum = sums_at(segment, r, c)[even == PH_EVEN_COUNT ? 0 : (size_t)even + 1];
        self->chain_means[q * self->replicas + segment->replica_first + r] = sum / (double)n;
        total += sum / (double)n;
    }
    const ph_estimate_t found = ph_estimate_chains(series, chains, n);
    add_segment(&self->part[q], total / (double)chains, found.error, found.tau, found.ended, n,
                chain_weight(self, n), chains);
}

/*
 * From running sums: tau is that of the component within its chains (even powers forget no later),
 * or follows from the scatter of the chains' means where that is far beyond it.
 */
static void from_sums(ensemble_t *self, const ph_segment_t *segment, size_t q, size_t n)
{
    const size_t chains = segment->replicas;
    ph_even_t even;
    const size_t c = source_of(self, q, &even), first = even == PH_EVEN_COUNT ? 0 : even + 1U,
                 second = even == PH_EVEN_SQUARE ? 3 : 2;
    double *own = self->chain_means + q * self->replicas + segment->replica_first;
    double total = 0.0, within = 0.0, tau = 0.0, between = 0.0;
    size_t ended = 0;
    for (size_t r = 0; r < chains; r++) {
        const double *sums = sums_at(segment, r, c);
        const ph_estimate_t found = ph_estimate_sums(sums, n);
        own[r] = sums[first] / (double)n;
        const double squares = sums[second] - sums[first] * own[r];
        if (squares > DBL_EPSILON * sums[second])
            within += squares / ((double)n * (double)chains);
        total += own[r];
        tau += found.tau / (double)chains;
        ended += found.ended;
    }
    for (size_t r = 0; r < chains; r++)
        between += (own[r] - total / (double)chains) * (own[r] - total / (double)chains) /
                   ((double)chains - (chains > 1 ? 1.0 : 0.0));
    const double variance = within + between;
    if (0.5 * (double)n * between > PARTED * tau * variance)
        tau = 0.5 * (double)n * between / variance;
    const double error = sqrt(2.0 * tau * variance / ((double)n * (double)chains));
    add_segment(&self->part[q], total / (double)chains,
                even == PH_EVEN_FOURTH ? (double)NAN : error, tau, 2 * ended >= chains && n > 1, n,
                chain_weight(self, n), chains);
}

/* values[replicas]: the quantity's component at the end of every chain of a segment. */
static void from_last(ensemble_t *self, const ph_segment_t *segment, size_t q, const double *values,
                      size_t stride, double weight)
{
    part_t *part = &self->part[q];
    ph_even_t even;
    (void)source_of(self, q, &even);
    for (size_t r = 0; r < segment->replicas; r++) {
        const double x = power(values[r * stride], even);
        self->chain_means[q * self->replicas + segment->replica_first + r] = x;
        part->weight += weight;
        part->mean += weight * x;
    }
    part->last = true;
}

/* last[replicas][components], filled for what counts and, in final states, for everything. */
static int read_last(const ensemble_t *self, const ph_segment_t *segment, double *last)
{
    const size_t width = self->components;
    if (self->final)
        return ph_last_states(self->grid, self->point, segment, last);
    for (size_t c = 0; c < width; c++)
        if (asked(self, c) &&
            ph_observable_counts(ph_component(self->grid, self->point->patterns, c).observable->id))
            for (size_t r = 0; r < segment->replicas; r++)
                last[r * width + c] = ph_last_count(self->point, segment, r);
    return PH_OK;
}

static int add_quantities(ensemble_t *self, const ph_segment_t *segment, size_t n)
{
    const size_t chains = segment->replicas, width = self->components;
    double *series = calloc(segment->series != NULL ? n * chains : 1, sizeof(*series));
    double *last = calloc(chains * width, sizeof(*last));
    int status = series == NULL || last == NULL ? PH_ERR_MEMORY : read_last(self, segment, last);
    for (size_t q = 0; q < self->quantities && status == PH_OK; q++) {
        ph_even_t even;
        const size_t c = source_of(self, q, &even);
        if (!asked(self, q))
            continue;
        if (self->final ||
            ph_observable_counts(ph_component(self->grid, self->point->patterns, c).observable->id))
            from_last(self, segment, q, last + c, width, self->final ? 1.0 : chain_weight(self, n));
        else if (segment->series != NULL)
            from_series(self, segment, q, series);
        else
            from_sums(self, segment, q, n);
    }
    free(series);
    free(last);
    return status;
}

/* A segment of replicas that have done equally many sweeps. */
static int read_segment(ensemble_t *self, ph_estimates_t *out, uint32_t sample, uint32_t first,
                        uint32_t count, ph_report_t *report)
{
    ph_segment_t segment;
    int status = ph_reading_replicas(&self->reading, sample, first, count, &segment, report);
    if (status != PH_OK)
        return status;
    const size_t n = (size_t)ph_records_until(self->point, segment.sweep_to);
    for (uint32_t r = 0; r < count; r++) {
        self->chain_records[sample * self->replicas + first + r] =
            self->final ? 1.0 : chain_weight(self, n);
        out->moving += self->final && ph_last_moving(self->point, &segment, r);
    }
    status = add_quantities(self, &segment, n);
    if (status != PH_OK)
        ph_fail(report, status, "the estimates of point %zu failed: %s", self->reading.point,
                ph_status_text(status));
    out->chains += count;
    out->records += (uint64_t)n * count;
    ph_segment_free(&segment);
    return status;
}

/* The recorded quantity that is shown as q of a sample; sign: its factor. */
static size_t turned(const ensemble_t *self, size_t q, double *sign)
{
    const int64_t patterns = self->point->patterns;
    *sign = 1.0;
    if (self->view == PH_VIEW_PATTERNS)
        return q;
    if (q >= self->components) {
        const size_t place = (q - self->components) % self->patterns;
        return q - place + self->order[place];
    }
    const ph_component_t here = ph_component(self->grid, patterns, q);
    const ph_observable_id_t id = here.observable->id;
    if (!here.of_pattern)
        return q;
    const size_t own = ph_observable_components(id, self->grid, patterns) / self->patterns;
    const size_t from =
        ph_observable_offset(id, self->grid, patterns) + own * self->order[here.pattern];
    const bool signs = here.observable->dims_count > 1 && here.observable->dims[1] == PH_DIM_SIGN;
    if (signs) /* a change of all signs exchanges them */
        return from + (self->sign[here.pattern] < 0.0 ? 1 - here.at[1] : here.at[1]);
    *sign = self->sign[here.pattern];
    return from + here.at[1];
}

/* What a sample has as recorded, put where it is shown. */
static void place_sample(ensemble_t *self, size_t sample)
{
    const size_t offset =
        ph_observable_offset(PH_OBS_MAGNETIZATION, self->grid, self->point->patterns);
    const part_t *sizes = self->part + self->components + PH_EVEN_ABSOLUTE * self->patterns;
    for (size_t mu = 0; mu < self->patterns; mu++) {
        self->m[mu] = self->part[offset + mu].mean / self->part[offset + mu].weight;
        self->size[mu] = sizes[mu].mean / sizes[mu].weight;
    }
    ph_align(self->point, self->m, self->size, ph_rank_tie(self->point), self->order, self->sign);
    for (size_t q = 0; q < self->quantities; q++) {
        double sign;
        const size_t from = turned(self, q, &sign);
        add_part(&self->total[q], &self->part[from], sign);
        for (size_t r = 0; r < self->replicas; r++)
            self->chain_mean[(q * self->samples + sample) * self->replicas + r] =
                sign * self->chain_means[from * self->replicas + r];
    }
}

static int add_sample(ensemble_t *self, ph_estimates_t *out, uint32_t sample, ph_report_t *report)
{
    const ph_runfile_t *run = self->reading.run;
    const size_t point = self->reading.point;
    const uint64_t before = out->chains;
    int status = PH_OK;
    memset(self->part, 0, self->quantities * sizeof(*self->part));
    memset(self->chain_means, 0, self->quantities * self->replicas * sizeof(*self->chain_means));
    for (uint32_t first = 0, r = 1; first < self->replicas && status == PH_OK; first = r) {
        const int64_t done = ph_runfile_sweeps_done(run, point, sample, first);
        for (r = first + 1; r < self->replicas; r++)
            if (ph_runfile_sweeps_done(run, point, sample, r) != done)
                break;
        if (done > 0 && ph_records_until(self->point, (uint64_t)done) > 0)
            status = read_segment(self, out, sample, first, r - first, report);
    }
    if (status == PH_OK && out->chains > before)
        place_sample(self, sample);
    return status;
}

/* Error of the mean over groups of `size` neighbouring chains of a sample; NaN if too few. */
static double error_over(ensemble_t *self, size_t q, size_t size, size_t least)
{
    const double *means = self->chain_mean + q * self->samples * self->replicas;
    size_t groups = 0;
    for (size_t s = 0; s < self->samples; s++)
        for (size_t first = 0; first < self->replicas; first += size) {
            double sum = 0.0, weight = 0.0;
            for (size_t r = first; r < first + size && r < self->replicas; r++) {
                const size_t chain = s * self->replicas + r;
                sum += self->chain_records[chain] * means[chain];
                weight += self->chain_records[chain];
            }
            if (weight > 0.0)
                self->block[groups++] = sum / weight;
        }
    return groups >= least ? ph_error_of_mean(self->block, groups) : (double)NAN;
}

static ph_value_t finish(ensemble_t *self, size_t q)
{
    const part_t *part = &self->total[q];
    const size_t lanes = self->grid->lanes > 0 ? (size_t)self->grid->lanes : 1;
    ph_value_t value = {NAN, NAN, NAN, NAN, false};
    if (part->weight == 0.0)
        return value;
    const double tau = part->tau / part->weight, length = part->length / part->weight;
    const bool enough =
        !part->last && part->ended && part->records >= 50.0 * tau && length >= 10.0 * tau;
    value.mean = part->mean / part->weight;
    value.short_of_tau = !part->last && !enough;
    if (!part->last)
        value.tau = tau * (double)self->point->record_every;
    if (enough && !part->unknown)
        value.thermal = sqrt(part->variance) / part->weight;
    value.error = fmax(value.thermal, error_over(self, q, lanes, GROUPS_LEAST));
    const size_t least = enough && !ph_point_is_fixed(self->point) ? 2 : GROUPS_LEAST;
    value.error = fmax(value.error, error_over(self, q, self->replicas, least));
    return value;
}

static int read_estimates(ph_estimates_t *self, ph_runfile_t *run, size_t point, ph_view_t view,
                          bool sizes_only, ph_report_t *report)
{
    const ph_grid_t *grid = run->base.grid;
    ensemble_t ensemble;
    memset(self, 0, sizeof(*self));
    int status = ensemble_init(&ensemble, grid, &grid->points[point], view);
    ensemble.sizes_only = sizes_only;
    const ph_wanted_t reading = wanted(&ensemble);
    ph_reading_init(&ensemble.reading, run, point, &reading);
    self->components = ensemble.components;
    self->patterns = ensemble.patterns;
    self->final = ensemble.final;
    self->values = calloc(ensemble.quantities, sizeof(*self->values));
    if (status != PH_OK || self->values == NULL) {
        status = ph_fail(report, PH_ERR_MEMORY, "no memory for the estimates of point %zu", point);
        goto out;
    }
    self->even = self->values + self->components;
    if (grid->trajectory || grid->moments)
        for (uint32_t s = 0; s < (uint32_t)grid->samples && status == PH_OK; s++)
            status = add_sample(&ensemble, self, s, report);
    for (size_t q = 0; q < ensemble.quantities && status == PH_OK; q++)
        self->values[q] = finish(&ensemble, q);
out:
    ensemble_free(&ensemble);
    if (status != PH_OK)
        ph_estimates_free(self);
    return status;
}

int ph_estimates_read(ph_estimates_t *self, ph_runfile_t *run, size_t point, ph_view_t view,
                      ph_report_t *report)
{
    PH_FLOATING_GUARD();
    return read_estimates(self, run, point, view, false, report);
}

int ph_estimates_read_magnetizations(ph_estimates_t *self, ph_runfile_t *run, size_t point,
                                     ph_view_t view, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    return read_estimates(self, run, point, view, true, report);
}

void ph_estimates_free(ph_estimates_t *self)
{
    free(self->values);
    memset(self, 0, sizeof(*self));
}
