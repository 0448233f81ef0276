/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/scaling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/chains.h"
#include "analysis/compare/deviate_private.h"
#include "analysis/estimate/fit.h"
#include "analysis/estimate/jackknife.h"
#include "analysis/estimate/sampleread.h"
#include "analysis/estimate/statistics.h"
#include "base/floating.h"
#include "base/interrupt.h"
#include "sim/model/sample.h"

static const struct {
    const char *word;
    double expected;
} QUANTITIES[PH_SCALED_COUNT] = {
    [PH_SCALED_DEVIATION] = {"deviation", 1.0}, [PH_SCALED_SCATTER] = {"scatter", 0.5}};

const char *ph_scaled_word(ph_scaled_quantity_t quantity)
{
    return QUANTITIES[quantity].word;
}

double ph_scaled_expected(ph_scaled_quantity_t quantity)
{
    return QUANTITIES[quantity].expected;
}

const char *ph_scaling_reason_text(ph_scaling_reason_t reason)
{
    static const char *const TEXTS[PH_SCALING_REASONS] = {
        [PH_SCALING_NONE] = "",
        [PH_SCALING_UNDECIDED] = "compare leaves the point undecided",
        [PH_SCALING_ELSEWHERE] = "some chains or samples are in another state",
        [PH_SCALING_SAMPLES_FEW] = "fewer than 4 samples",
        [PH_SCALING_INSIGNIFICANT] = "fewer than three sizes have a significant value",
        [PH_SCALING_SIGNS] = "values of both signs"};
    return TEXTS[reason];
}

/* The variance between samples beyond that of their chains, from sums over all of them but one. */
static double beyond(double square, double thermal, double count)
{
    return square / (count - 1.0) - thermal / count;
}

static int scatter_of(const double *means, const double *variances, size_t samples, double mean,
                      ph_scaled_t *out)
{
    const double count = (double)samples;
    double square = 0.0, thermal = 0.0, value, variance;
    double *without = malloc(2 * samples * sizeof(*without));
    if (without == NULL)
        return PH_ERR_MEMORY;
    double *weight = without + samples;
    for (size_t s = 0; s < samples; s++) {
        square += pow(means[s] - mean, 2);
        thermal += variances[s];
    }
    for (size_t s = 0; s < samples; s++) {
        weight[s] = 1.0;
        without[s] = beyond(square - pow(means[s] - mean, 2) * count / (count - 1.0),
                            thermal - variances[s], count - 1.0);
    }
    const double whole = beyond(square, thermal, count);
    (void)ph_jackknife(whole, without, weight, samples, &value, &variance);
    free(without);
    /* chains alone: twice a variance squared over its freedom, by samples and by chains of each */
    const double alone = thermal / count * sqrt(4.0 / (count - 1.0));
    out->value = isnan(whole) ? (double)NAN : sqrt(fmax(whole, 0.0));
    out->error = whole > 0.0 ? sqrt(variance) / (2.0 * out->value) : (double)NAN;
    out->deviate = isnan(whole) ? (double)NAN : ph_normal_deviate(whole, alone, INFINITY, 0.0);
    return PH_OK;
}

int ph_scaling_size(const double *means, const double *variances, size_t samples, double infinite,
                    ph_scaled_t *of)
{
    PH_FLOATING_GUARD();
    ph_scaled_t *deviation = &of[PH_SCALED_DEVIATION];
    double mean = 0.0;
    for (size_t q = 0; q < PH_SCALED_COUNT; q++)
        of[q] = (ph_scaled_t){(double)NAN, (double)NAN, (double)NAN};
    if (samples < PH_SCALING_SAMPLES)
        return PH_OK;
    for (size_t s = 0; s < samples; s++)
        mean += means[s] / (double)samples;
    deviation->value = mean - infinite;
    deviation->error = ph_error_of_mean(means, samples);
    deviation->deviate =
        ph_normal_deviate(fabs(deviation->value), deviation->error, (double)samples - 1.0, 0.0);
    return scatter_of(means, variances, samples, mean, &of[PH_SCALED_SCATTER]);
}

int ph_scaling_fit(const ph_scaling_size_t *sizes, size_t count, ph_scaled_quantity_t quantity,
                   ph_exponent_t *out)
{
    PH_FLOATING_GUARD();
    *out = (ph_exponent_t){.value = NAN,
                           .error = NAN,
                           .deviate = NAN,
                           .reason = PH_SCALING_INSIGNIFICANT,
                           .verdict = PH_VERDICT_UNDECIDED};
    double freedom = 0.0;
    size_t negative = 0;
    double *x = malloc(3 * (count + 1) * sizeof(*x));
    if (x == NULL)
        return PH_ERR_MEMORY;
    double *y = x + count, *error = y + count;
    for (size_t i = 0; i < count; i++) {
        const ph_scaled_t *of = &sizes[i].of[quantity];
        if (sizes[i].reason != PH_SCALING_NONE || !(of->deviate > PH_COMPARE_ERRORS) ||
            !(of->error > 0.0))
            continue;
        x[out->used] = log(sizes[i].neurons);
        y[out->used] = log(fabs(of->value));
        error[out->used++] = of->error / fabs(of->value);
        freedom += sizes[i].samples - 1.0;
        negative += of->value < 0.0;
    }
    if (out->used >= PH_SCALING_SIZES)
        out->reason = negative > 0 && negative < out->used ? PH_SCALING_SIGNS : PH_SCALING_NONE;
    if (out->reason == PH_SCALING_NONE) {
        const ph_fit_t fit = ph_fit_line(out->used, x, y, error);
        out->value = -fit.slope;
        out->error = fit.error;
        out->deviate = ph_normal_deviate(fabs(out->value - ph_scaled_expected(quantity)),
                                         out->error, freedom, 0.0);
    }
    free(x);
    return PH_OK;
}

/* Means of a sample's chains, averaged, and the variance of that: [patterns]; NaN of one chain. */
static int read_sample(ph_runfile_t *run, size_t number, uint32_t sample, uint64_t *records,
                       double *means, double *variances, ph_report_t *report)
{
    const ph_grid_t *grid = run->base.grid;
    const ph_point_t *point = &grid->points[number];
    const size_t patterns = (size_t)point->patterns, stride = (size_t)grid->samples;
    ph_segment_t segment;
    ph_sample_t drawn = {0};
    ph_chains_t chains = {0};
    int status = ph_sample_read(run, number, sample, grid->trajectory ? 0 : UINT64_MAX, &segment,
                                records, report);
    if (status != PH_OK)
        return status;
    status = ph_sample_draw(&drawn, point, grid->seed, sample);
    if (status == PH_OK)
        status = ph_chains_init(&chains, grid, point, &drawn.patterns, &segment, records);
    for (size_t mu = 0; status == PH_OK && mu < patterns; mu++) {
        double mean = 0.0, square = 0.0;
        const double count = (double)chains.chains;
        for (size_t c = 0; c < chains.chains; c++)
            mean += chains.mean[c * patterns + mu] / count;
        for (size_t c = 0; c < chains.chains; c++)
            square += pow(chains.mean[c * patterns + mu] - mean, 2);
        means[mu * stride + sample] = mean;
        variances[mu * stride + sample] =
            count > 1.0 ? square / (count - 1.0) / count : (double)NAN;
    }
    ph_chains_free(&chains);
    ph_sample_free(&drawn);
    ph_segment_free(&segment);
    return status == PH_OK ? PH_OK
                           : ph_fail(report, status, "point %zu, sample %u: %s", number, sample,
                                     ph_status_text(status));
}

/* A point's patterns into their lines' sizes i. */
static int read_point(ph_scaling_line_t *lines, size_t i, ph_runfile_t *run,
                      const ph_comparison_row_t *rows, size_t number, ph_report_t *report)
{
    const ph_grid_t *grid = run->base.grid;
    const size_t patterns = (size_t)grid->points[number].patterns, samples = (size_t)grid->samples;
    double *means = calloc(patterns * samples, sizeof(*means));
    double *variances = calloc(patterns * samples, sizeof(*variances));
    uint64_t *records = calloc((size_t)grid->replicas, sizeof(*records));
    int status =
        means == NULL || variances == NULL || records == NULL
            ? ph_fail(report, PH_ERR_MEMORY, "no memory for the samples of point %zu", number)
            : PH_OK;
    for (uint32_t s = 0; s < (uint32_t)samples && status == PH_OK; s++)
        status = ph_interrupted() ? PH_ERR_INTERRUPTED
                                  : read_sample(run, number, s, records, means, variances, report);
    for (size_t mu = 0; status == PH_OK && mu < patterns; mu++) {
        ph_scaling_size_t *size = &lines[mu].sizes[i];
        size->samples = (double)samples;
        size->reason = samples < PH_SCALING_SAMPLES ? PH_SCALING_SAMPLES_FEW : PH_SCALING_NONE;
        status = ph_scaling_size(means + mu * samples, variances + mu * samples, samples,
                                 rows[mu].population, size->of);
    }
    free(means);
    free(variances);
    free(records);
    return status;
}

/* Averages that may be another state's in part say nothing of how one state's come to their end. */
static ph_scaling_reason_t usable(const ph_comparison_row_t *row, const ph_comparison_row_t *last)
{
    static const double SAME = 1e-6;
    if (row->verdict == PH_VERDICT_UNDECIDED)
        return PH_SCALING_UNDECIDED;
    return row->away + row->moved + row->hopped + row->left_out > 0 || row->early > 0 ||
                   !(fabs(row->population - last->population) <= SAME)
               ? PH_SCALING_ELSEWHERE
               : PH_SCALING_NONE;
}

int ph_scaling_axis(const ph_grid_t *grid, size_t *axis, ph_report_t *report)
{
    for (size_t a = 0; a < grid->axes_count; a++)
        if (grid->axes[a].coordinates_count == 1 &&
            grid->axes[a].coordinates[0].key == PH_KEY_NEURONS &&
            grid->axes[a].size >= PH_SCALING_SIZES) {
            if (axis != NULL)
                *axis = a;
            return PH_OK;
        }
    return ph_fail(report, PH_ERR_INPUT,
                   "the run has no axis `neurons` of %d values or more, all else equal, to see how "
                   "averages come to those of the infinite network: give network.neurons as a list "
                   "such as [200, 400, 800, 1600], and %d samples or more",
                   PH_SCALING_SIZES, PH_SCALING_SAMPLES);
}

static void conclude(ph_scaling_t *self)
{
    const size_t all = self->lines_count * PH_SCALED_COUNT;
    for (size_t i = 0; i < all; i++)
        self->fitted += self->lines[i / PH_SCALED_COUNT].exponents[i % PH_SCALED_COUNT].reason ==
                        PH_SCALING_NONE;
    self->threshold = ph_deviate_bound(self->fitted);
    for (size_t i = 0; i < all; i++) {
        ph_exponent_t *exponent = &self->lines[i / PH_SCALED_COUNT].exponents[i % PH_SCALED_COUNT];
        if (exponent->reason != PH_SCALING_NONE)
            continue;
        exponent->verdict =
            exponent->deviate > self->threshold ? PH_VERDICT_DISAGREE : PH_VERDICT_AGREE;
        self->disagreeing += exponent->verdict == PH_VERDICT_DISAGREE;
    }
    self->verdict = self->disagreeing > 0 ? PH_VERDICT_DISAGREE
                    : (double)(all - self->fitted) > PH_COMPARE_UNDECIDED * (double)all
                        ? PH_VERDICT_UNDECIDED
                        : PH_VERDICT_AGREE;
}

/* The lines of all points that differ from `first` in neurons alone; step: between two of them. */
static int make_lines(ph_scaling_t *self, ph_scaling_line_t *lines, ph_runfile_t *run,
                      const ph_comparison_t *comparison, const size_t *row_of, size_t first,
                      size_t step, ph_report_t *report)
{
    const ph_grid_t *grid = run->base.grid;
    const size_t patterns = (size_t)grid->points[first].patterns;
    int status = PH_OK;
    for (size_t i = 0; i < self->sizes && status == PH_OK; i++) {
        const size_t point = first + i * step, last = first + (self->sizes - 1) * step;
        const ph_comparison_row_t *rows = &comparison->rows[row_of[point]];
        bool any = false;
        for (size_t mu = 0; mu < patterns; mu++) {
            ph_scaling_size_t *size = &lines[mu].sizes[i];
            *size = (ph_scaling_size_t){
                .point = point,
                .neurons = (double)grid->points[point].neurons,
                .reason = usable(&rows[mu], &comparison->rows[row_of[last] + mu])};
            for (size_t q = 0; q < PH_SCALED_COUNT; q++)
                size->of[q] = (ph_scaled_t){(double)NAN, (double)NAN, (double)NAN};
            any = any || size->reason == PH_SCALING_NONE;
        }
        if (any)
            status = read_point(lines, i, run, rows, point, report);
    }
    for (size_t i = 0; i < patterns * PH_SCALED_COUNT && status == PH_OK; i++) {
        const size_t mu = i / PH_SCALED_COUNT, q = i % PH_SCALED_COUNT;
        lines[mu].pattern = (int64_t)mu;
        status = ph_scaling_fit(lines[mu].sizes, self->sizes, (ph_scaled_quantity_t)q,
                                &lines[mu].exponents[q]);
        if (status != PH_OK)
            ph_fail(report, status, "no memory for exponents of %zu sizes", self->sizes);
    }
    return status;
}

int ph_scaling_make(ph_scaling_t *self, ph_runfile_t *run, const ph_comparison_t *comparison,
                    ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = run->base.grid;
    size_t axis = 0, step = 1, index[PH_MAX_AXES], line = 0;
    memset(self, 0, sizeof(*self));
    int status = ph_scaling_axis(grid, &axis, report);
    if (status != PH_OK)
        return status;
    for (size_t a = axis + 1; a < grid->axes_count; a++)
        step *= grid->axes[a].size;
    self->sizes = grid->axes[axis].size;
    self->lines_count = comparison->rows_count / self->sizes;
    self->lines = calloc(self->lines_count, sizeof(*self->lines));
    self->room = calloc(comparison->rows_count, sizeof(*self->room));
    size_t *row_of = calloc(grid->points_count, sizeof(*row_of));
    if (self->lines == NULL || self->room == NULL || row_of == NULL)
        status = ph_fail(report, PH_ERR_MEMORY, "no memory for %zu exponents", self->lines_count);
    for (size_t i = 0; status == PH_OK && i < self->lines_count; i++)
        self->lines[i].sizes = self->room + i * self->sizes;
    for (size_t p = 1; status == PH_OK && p < grid->points_count; p++)
        row_of[p] = row_of[p - 1] + (size_t)grid->points[p - 1].patterns;
    for (size_t p = 0; p < grid->points_count && status == PH_OK; p++) {
        ph_grid_unravel(grid, p, index);
        if (index[axis] > 0)
            continue;
        status = make_lines(self, &self->lines[line], run, comparison, row_of, p, step, report);
        line += (size_t)grid->points[p].patterns;
    }
    free(row_of);
    if (status == PH_OK)
        conclude(self);
    else
        ph_scaling_free(self);
    return status;
}

void ph_scaling_free(ph_scaling_t *self)
{
    free(self->lines);
    free(self->room);
    memset(self, 0, sizeof(*self));
}
