/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/estimates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare_private.h"
#include "analysis/statistics.h"
#include "sim/model/moments.h"

/* Chains of one sample that have done equally many sweeps, and where their means go. */
typedef struct {
    const ph_grid_t *grid;
    const ph_point_t *point;
    size_t components, samples, replicas;
    double *chain_mean;    /* [components][samples][replicas], NaN without records */
    double *chain_records; /* [samples][replicas] */
    double *block;         /* scratch: [samples * replicas] */
} ph_ensemble_t;

ph_component_t ph_component(const ph_grid_t *grid, int64_t patterns, size_t c)
{
    ph_component_t component = {NULL, false, 0, 0, 0, 0};
    for (int k = 0; k < PH_OBS_COUNT; k++) {
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
            const char *dim = component.observable->dims[d];
            own /= ph_observable_dim(dim, grid, patterns);
            component.of_pattern = component.of_pattern || strcmp(dim, "pattern") == 0;
            *(strcmp(dim, "pattern") == 0   ? &component.pattern
              : strcmp(dim, "example") == 0 ? &component.example
              : strcmp(dim, "sign") == 0    ? &component.sign
                                            : &component.rung) = c / own;
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
    for (size_t d = 0; d < observable->dims_count; d++)
        if (strcmp(observable->dims[d], "sign") == 0)
            snprintf(suffix, sizeof(suffix), component->sign == 0 ? "_plus" : "_minus");
        else if (strcmp(observable->dims[d], "example") == 0)
            snprintf(suffix, sizeof(suffix), "_%zu", component->example + 1);
        else if (strcmp(observable->dims[d], "pattern") != 0)
            snprintf(suffix, sizeof(suffix), "_%zu", component->rung + 1);
    snprintf(text, size, "%s%s", observable->name, suffix);
}

static void ensemble_free(ph_ensemble_t *self)
{
    free(self->chain_mean);
    free(self->chain_records);
    free(self->block);
}

static int ensemble_init(ph_ensemble_t *self, const ph_grid_t *grid, const ph_point_t *point)
{
    memset(self, 0, sizeof(*self));
    self->grid = grid;
    self->point = point;
    self->components = ph_observables_total(grid, point->patterns);
    self->samples = (size_t)grid->samples;
    self->replicas = (size_t)grid->replicas;
    const size_t chains = self->samples * self->replicas;
    self->chain_mean = calloc(self->components * chains, sizeof(double));
    self->chain_records = calloc(chains, sizeof(double));
    self->block = calloc(chains, sizeof(double));
    return self->chain_mean == NULL || self->chain_records == NULL || self->block == NULL
               ? PH_ERR_MEMORY
               : PH_OK;
}

static const double *sums_at(const ph_segment_t *segment, size_t chain, size_t c)
{
    return segment->sums + (chain * (size_t)segment->components + c) * PH_MOMENT_WORDS;
}

static double plain_mean(const ph_segment_t *segment, size_t chain, size_t c, size_t n)
{
    double sum = 0.0;
    if (segment->sums != NULL) /* exact, where records are rounded to float32 */
        return sums_at(segment, chain, c)[0] / (double)n;
    for (size_t k = 0; k < n; k++)
        sum += segment->series[(chain * n + k) * (size_t)segment->components + c];
    return sum / (double)n;
}

static void find_frame(ph_frame_t *frame, const ph_ensemble_t *self, const ph_segment_t *segment,
                       size_t chain, size_t n)
{
    double m[PH_MEANFIELD_PATTERNS_MAX];
    const size_t offset =
        ph_observable_offset(PH_OBS_MAGNETIZATION, self->grid, self->point->patterns);
    for (size_t mu = 0; mu < (size_t)self->point->patterns; mu++)
        m[mu] = plain_mean(segment, chain, offset + mu, n);
    ph_frame_of(frame, self->point, m, 4.0 / sqrt((double)self->point->neurons));
}

/* The stored component that stands at component c in the chain's frame; sign: its factor. */
static size_t turned(const ph_ensemble_t *self, const ph_frame_t *frame, size_t c, double *sign)
{
    const int64_t patterns = self->point->patterns;
    *sign = 1.0;
    if (patterns > PH_MEANFIELD_PATTERNS_MAX)
        return c;
    const ph_component_t here = ph_component(self->grid, patterns, c);
    const ph_observable_id_t id = here.observable->id;
    if (!here.of_pattern)
        return c;
    const size_t own = ph_observable_components(id, self->grid, patterns) / (size_t)patterns;
    const size_t from =
        ph_observable_offset(id, self->grid, patterns) + own * frame->order[here.pattern];
    if (id == PH_OBS_LOSS)
        return from + (frame->sign[here.pattern] < 0.0 ? 1 - here.sign : here.sign);
    *sign = frame->sign[here.pattern];
    return from + here.example;
}

/* Adds a stretch's part of the thermal variance (times weight^2) and of tau (times weight). */
static void add_value(ph_value_t *value, ph_estimate_t found, double weight)
{
    value->mean += weight * found.mean;
    value->thermal += weight * weight * found.error * found.error;
    value->tau += weight * found.tau;
}

static void from_series(ph_ensemble_t *self, ph_value_t *value, const ph_segment_t *segment,
                        const ph_frame_t *frames, size_t c, double *series)
{
    const size_t n = (size_t)segment->records, chains = segment->replicas;
    double total = 0.0;
    for (size_t r = 0; r < chains; r++) {
        double sign;
        const size_t from = turned(self, &frames[r], c, &sign);
        for (size_t k = 0; k < n; k++) {
            const double x = segment->series[(r * n + k) * (size_t)segment->components + from];
            series[r * n + k] = sign * x;
        }
        const double mean = sign * plain_mean(segment, r, from, n);
        const size_t chain =
            (c * self->samples + segment->sample) * self->replicas + segment->replica_first + r;
        self->chain_mean[chain] = mean;
        total += mean;
    }
    ph_estimate_t found = ph_estimate_chains(series, chains, n);
    found.mean = total / (double)chains;
    add_value(value, found, (double)(n * chains));
}

static void from_sums(ph_ensemble_t *self, ph_value_t *value, const ph_segment_t *segment,
                      const ph_frame_t *frames, size_t c, size_t n)
{
    for (size_t r = 0; r < segment->replicas; r++) {
        double sign;
        const size_t from = turned(self, &frames[r], c, &sign);
        ph_estimate_t found = ph_estimate_sums(sums_at(segment, r, from), n);
        found.mean *= sign;
        const size_t chain =
            (c * self->samples + segment->sample) * self->replicas + segment->replica_first + r;
        self->chain_mean[chain] = found.mean;
        add_value(value, found, (double)n);
    }
}

/* A stretch of replicas that have done equally many sweeps. */
static int add_stretch(ph_ensemble_t *self, ph_estimates_t *out, ph_runfile_t *run, size_t point,
                       uint32_t sample, uint32_t first, uint32_t count, ph_report_t *report)
{
    ph_segment_t segment;
    ph_frame_t *frames = NULL;
    double *series = NULL;
    const uint64_t from = self->grid->trajectory ? 0 : UINT64_MAX;
    int status = ph_runfile_read(run, point, sample, first, count, from, &segment, report);
    if (status != PH_OK)
        return status;
    const size_t n = (size_t)ph_records_until(self->point, segment.sweep_to);
    frames = calloc(count, sizeof(*frames));
    series = calloc(segment.series != NULL ? n * count : 1, sizeof(*series));
    if (frames == NULL || series == NULL) {
        status = ph_fail(report, PH_ERR_MEMORY, "no memory for the estimates of point %zu", point);
        goto out;
    }
    for (uint32_t r = 0; r < count; r++) {
        self->chain_records[sample * self->replicas + first + r] = (double)n;
        if (self->point->patterns <= PH_MEANFIELD_PATTERNS_MAX)
            find_frame(&frames[r], self, &segment, r, n);
    }
    for (size_t c = 0; c < self->components; c++)
        if (segment.series != NULL)
            from_series(self, &out->values[c], &segment, frames, c, series);
        else
            from_sums(self, &out->values[c], &segment, frames, c, n);
    out->chains += count;
    out->records += (uint64_t)n * count;
out:
    free(frames);
    free(series);
    ph_segment_free(&segment);
    return status;
}

static int add_sample(ph_ensemble_t *self, ph_estimates_t *out, ph_runfile_t *run, size_t point,
                      uint32_t sample, ph_report_t *report)
{
    int status = PH_OK;
    for (uint32_t first = 0, r = 1; first < self->replicas && status == PH_OK; first = r) {
        const int64_t done = ph_runfile_sweeps_done(run, point, sample, first);
        for (r = first + 1; r < self->replicas; r++)
            if (ph_runfile_sweeps_done(run, point, sample, r) != done)
                break;
        if (done > 0 && ph_records_until(self->point, (uint64_t)done) > 0)
            status = add_stretch(self, out, run, point, sample, first, r - first, report);
    }
    return status;
}

/* Error of the mean over groups of `size` neighbouring chains of a sample; NaN if too few. */
static double error_over(ph_ensemble_t *self, size_t c, size_t size, size_t least)
{
    const double *means = self->chain_mean + c * self->samples * self->replicas;
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

static void finish(ph_ensemble_t *self, ph_estimates_t *out)
{
    const double all = (double)out->records;
    const size_t lanes = self->grid->lanes > 0 ? (size_t)self->grid->lanes : 1;
    for (size_t c = 0; c < self->components; c++) {
        ph_value_t *value = &out->values[c];
        if (out->records == 0) {
            *value = (ph_value_t){NAN, NAN, NAN, NAN};
            continue;
        }
        value->mean /= all;
        value->thermal = sqrt(value->thermal) / all;
        value->tau *= (double)self->point->record_every / all;
        value->error = fmax(value->thermal, error_over(self, c, lanes, 4));
        value->error = fmax(value->error, error_over(self, c, self->replicas, 2));
    }
}

int ph_estimates_read(ph_estimates_t *self, ph_runfile_t *run, size_t point, ph_report_t *report)
{
    const ph_grid_t *grid = run->base.grid;
    ph_ensemble_t ensemble;
    memset(self, 0, sizeof(*self));
    int status = ensemble_init(&ensemble, grid, &grid->points[point]);
    self->components = ensemble.components;
    self->values = calloc(self->components, sizeof(*self->values));
    if (status != PH_OK || self->values == NULL) {
        status = ph_fail(report, PH_ERR_MEMORY, "no memory for the estimates of point %zu", point);
        goto out;
    }
    if (grid->trajectory || grid->moments)
        for (uint32_t s = 0; s < (uint32_t)grid->samples && status == PH_OK; s++)
            status = add_sample(&ensemble, self, run, point, s, report);
    finish(&ensemble, self);
out:
    ensemble_free(&ensemble);
    if (status != PH_OK)
        ph_estimates_free(self);
    return status;
}

void ph_estimates_free(ph_estimates_t *self)
{
    free(self->values);
    memset(self, 0, sizeof(*self));
}
