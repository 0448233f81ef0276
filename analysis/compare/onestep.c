/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One parallel step at zero noise, from where every chain began. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/deviate_private.h"
#include "analysis/compare/onestep_private.h"
#include "analysis/estimate/sampleread.h"
#include "analysis/flow/flow.h"
#include "analysis/meanfield/meanfield.h"
#include "analysis/snr/step.h"
#include "sim/model/starts.h"

static const double ROUNDING = 1e-7; /* of magnetizations stored as float32 */
static const double WORK_MAX = 5e9;  /* multiplications of a point's chains, some seconds */

/* Sums over the chains of a point, by pattern. */
typedef struct {
    const ph_grid_t *grid;
    const ph_point_t *point;
    size_t patterns, chains;
    double *mc, *theory, *variance; /* [patterns] */
    double *means;                  /* [samples][patterns] of mc */
} sums_t;

static void add_chain(sums_t *self, const ph_step_t *step, const ph_patterns_t *patterns,
                      const double *measured)
{
    for (size_t mu = 0; mu < self->patterns; mu++) {
        ph_step_pattern_t after;
        ph_step_pattern(step, patterns, mu, &after);
        self->mc[mu] += measured[mu];
        self->means[patterns->sample * self->patterns + mu] +=
            measured[mu] / (double)self->grid->replicas;
        self->theory[mu] += after.after;
        for (size_t i = 0; i < step->neurons; i++)
            self->variance[mu] +=
                step->sign[i] == 0.0 ? abs(patterns->entries[i * self->patterns + mu]) : 0;
    }
    self->chains++;
}

/* The chains of one block, `lanes` of them, whose spins[neurons] began as their bits are. */
static int add_block(sums_t *self, const ph_sample_t *sample, const ph_segment_t *segment,
                     size_t first, size_t lanes, const uint64_t *bits, double *spins)
{
    const size_t width = (size_t)segment->components, records = (size_t)segment->records,
                 offset =
                     ph_observable_offset(PH_OBS_MAGNETIZATION, self->grid, self->point->patterns);
    int status = PH_OK;
    for (size_t lane = 0; lane < lanes && status == PH_OK; lane++) {
        ph_step_t step;
        for (size_t i = 0; i < (size_t)sample->patterns.neurons; i++)
            spins[i] = (bits[i] >> lane & 1) != 0 ? 1.0 : -1.0;
        status = ph_step_init(&step, &sample->coupling, spins, WORK_MAX);
        if (status == PH_OK)
            add_chain(self, &step, &sample->patterns,
                      segment->series + ((first + lane) * records + 1) * width + offset);
        ph_step_free(&step);
    }
    return status;
}

static int add_sample(sums_t *self, const ph_segment_t *segment, uint32_t number)
{
    const size_t chains = (size_t)self->grid->replicas, width = (size_t)self->grid->lanes;
    const ph_stream_key_t key = ph_stream_key(self->grid->seed, self->point->identity);
    ph_sample_t sample;
    uint64_t *bits = malloc((size_t)self->point->neurons * sizeof(*bits));
    double *spins = malloc((size_t)self->point->neurons * sizeof(*spins));
    int status = ph_sample_draw(&sample, self->point, self->grid->seed, number);
    if (bits == NULL || spins == NULL)
        status = PH_ERR_MEMORY;
    for (size_t first = 0; first < chains && status == PH_OK; first += width) {
        const size_t lanes = chains - first < width ? chains - first : width;
        ph_start_fill(self->point, &sample.patterns, key, number, (uint32_t)(first / width),
                      lanes < 64 ? (UINT64_C(1) << lanes) - 1 : UINT64_MAX, bits);
        status = add_block(self, &sample, segment, first, lanes, bits, spins);
    }
    ph_sample_free(&sample);
    free(bits);
    free(spins);
    return status;
}

/* One comparison more, where it is the largest deviation in place of what there was. */
static void put(ph_path_row_t *row, const sums_t *self, size_t mu)
{
    const double chains = (double)self->chains, neurons = (double)self->point->neurons;
    const double mc = self->mc[mu] / chains, theory = self->theory[mu] / chains,
                 error = sqrt(self->variance[mu]) / (neurons * chains),
                 deviation = ph_normal_deviate(fabs(mc - theory) - ROUNDING, error, INFINITY,
                                               2.0 / (neurons * chains));
    row->records++;
    row->reason = PH_PATH_COMPARED;
    if (row->deviation >= deviation)
        return;
    row->deviation = deviation;
    row->sweep = 1;
    row->mc = mc;
    row->flow = theory;
    row->error = error;
    row->allowance = ROUNDING;
}

/* Whether theory of the infinite network speaks of the point's start. */
static bool has_population(const ph_grid_t *grid, const ph_point_t *point)
{
    return grid->samples >= PH_COMPARE_SAMPLES && !ph_point_is_given(point) &&
           ph_start_is_of_rows(point) && ph_start_facts(point->start)->spins != PH_SPINS_OF_EXAMPLE;
}

/* Standard deviation of a sample, no less than what it has by its neurons alone. Where fluctuations
 * decide the signs of whole rows, samples have one of a few values, and that some are alike says
 * little of how they scatter: there it is about theory, or as large as theory lets it be. */
static double scatter_of(const double *means, size_t samples, size_t stride, double theory,
                         double largest, double alone)
{
    const double n = (double)samples;
    double mean = 0.0, square = 0.0, about = 0.0;
    for (size_t s = 0; s < samples; s++) {
        mean += means[s * stride] / n;
        about += pow(means[s * stride] - theory, 2) / n;
    }
    for (size_t s = 0; s < samples; s++)
        square += pow(means[s * stride] - mean, 2) / (n - 1.0);
    return fmax(sqrt(fmax(square, alone)), fmin(largest, sqrt(about)));
}

/* The mean over the samples beside the infinite network with its overlaps' fluctuations, a small
 * correction to which is left open. */
static void judge_population(ph_path_row_t *row, const sums_t *self, const ph_theory_t *theory,
                             size_t mu)
{
    const size_t samples = (size_t)self->grid->samples, number = row->point;
    const double n = (double)samples, neurons = (double)self->point->neurons,
                 shown = 1.0 - self->point->dilution[mu];
    const double exact = ph_theory_values(theory, "step_exact", number)[mu],
                 finite = ph_theory_values(theory, "step_exact_finite", number)[mu],
                 largest = ph_theory_values(theory, "step_scatter_finite", number)[mu];
    double mean = 0.0;
    if (isnan(exact) || isnan(finite))
        return;
    row->step_population = finite;
    for (size_t s = 0; s < samples; s++)
        mean += self->means[s * self->patterns + mu] / n;
    const double alone = fmax(shown - finite * finite, 0.0) / neurons;
    row->step_mc = mean;
    row->step_error =
        scatter_of(self->means + mu, samples, self->patterns, finite, largest, alone) / sqrt(n);
    row->step_allowance = PH_CORRECTION_NEXT * fabs(finite - exact) + 2.0 / neurons + ROUNDING;
    row->step_deviate = ph_normal_deviate(fabs(mean - row->step_population) - row->step_allowance,
                                          row->step_error, n - 1.0, 2.0 / (neurons * n));
}

int ph_onestep_theory(ph_theory_t *theory, bool *known, const ph_grid_t *grid, ph_report_t *report)
{
    *known = false;
    for (size_t p = 0; p < grid->points_count; p++)
        *known = *known || (ph_path_has_step(grid, &grid->points[p]) &&
                            has_population(grid, &grid->points[p]));
    if (!*known)
        return PH_OK;
    const int status =
        ph_theory_solve(theory, grid, 1u << PH_THEORY_SIGNAL_TO_NOISE, false, 1, NULL);
    *known = status == PH_OK;
    return status == PH_OK || status == PH_ERR_UNSUPPORTED
               ? PH_OK
               : ph_fail(report, status, "signal to noise of the infinite network: %s",
                         ph_status_text(status));
}

static int sums_init(sums_t *self, const ph_grid_t *grid, const ph_point_t *point)
{
    const size_t patterns = (size_t)point->patterns;
    *self = (sums_t){.grid = grid, .point = point, .patterns = patterns};
    self->mc = calloc(patterns, sizeof(double));
    self->theory = calloc(patterns, sizeof(double));
    self->variance = calloc(patterns, sizeof(double));
    self->means = calloc(patterns * (size_t)grid->samples, sizeof(double));
    return self->mc == NULL || self->theory == NULL || self->variance == NULL || self->means == NULL
               ? PH_ERR_MEMORY
               : PH_OK;
}

static void sums_free(sums_t *self)
{
    free(self->mc);
    free(self->theory);
    free(self->variance);
    free(self->means);
}

static bool affordable(const ph_grid_t *grid, const ph_point_t *point)
{
    const double chains = (double)(grid->samples * grid->replicas);
    return chains * (double)point->neurons *
               (2.0 * (double)ph_coupling_features(point) + (double)point->patterns) <=
           WORK_MAX;
}

int ph_onestep_point(ph_path_row_t *rows, ph_runfile_t *run, size_t number,
                     const ph_theory_t *theory, ph_report_t *report)
{
    const ph_grid_t *grid = run->base.grid;
    const ph_point_t *point = &grid->points[number];
    const size_t patterns = (size_t)point->patterns;
    sums_t sums;
    if (!affordable(grid, point)) {
        for (size_t mu = 0; mu < patterns; mu++)
            rows[mu].reason = rows[mu].records == 0 ? PH_PATH_LARGE : rows[mu].reason;
        return PH_OK;
    }
    int status = sums_init(&sums, grid, point);
    for (uint32_t s = 0; status == PH_OK && s < (uint32_t)grid->samples; s++) {
        ph_segment_t segment;
        status = ph_sample_read(run, number, s, 0, &segment, NULL, report);
        if (status != PH_OK)
            break;
        status = add_sample(&sums, &segment, s);
        ph_segment_free(&segment);
    }
    for (size_t mu = 0; status == PH_OK && mu < patterns; mu++) {
        put(&rows[mu], &sums, mu);
        if (theory != NULL && has_population(grid, point))
            judge_population(&rows[mu], &sums, theory, mu);
    }
    sums_free(&sums);
    return status;
}
