/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/compare_private.h"
#include "analysis/estimate/statistics.h"
#include "base/floating.h"
#include "sim/model/coupling.h"
#include "sim/model/law.h"

/* Magnetizations are stored as float32: half a unit in the last place near 1, with some room. */
static const double ROUNDING = 1e-7;

static const char *const REASONS[PH_REASON_COUNT] = {
    "",
    "too many patterns or examples for the theory",
    "chains not finished",
    "fewer than 4 chains (ensemble)",
    "mean field not converged",
    "state not stable in the sample",
    "near a transition",
    "records begin before equilibrium",
    "chains left the state of their start",
    "chains go between wells of opposite sign",
    "chains not equilibrated (R-hat)",
    "chains too short for their autocorrelation time",
    "the sampler's law is not exp(-H/T)",
};

const char *ph_reason_text(ph_reason_t reason)
{
    return REASONS[reason];
}

const char *ph_verdict_text(ph_verdict_t verdict)
{
    static const char *const WORDS[] = {"agree", "disagree", "undecided"};
    return WORDS[verdict];
}

static void accumulator_free(ph_accumulator_t *self)
{
    ph_meanfield_free(&self->population);
    ph_state_free(&self->start);
    free(self->sample_shift);
    free(self->differences);
}

static int accumulator_init(ph_accumulator_t *self, const ph_grid_t *grid, size_t number,
                            const ph_theory_t *theory, ph_view_t view)
{
    const ph_point_t *point = &grid->points[number];
    const size_t samples = (size_t)grid->samples, patterns = (size_t)point->patterns;
    memset(self, 0, sizeof(*self));
    self->grid = grid;
    self->point = point;
    self->number = number;
    self->patterns = patterns;
    self->theory = theory;
    self->view = view;
    self->blocks_max = samples * (size_t)grid->replicas;
    self->sample_shift = calloc(patterns * samples, sizeof(double));
    self->differences = calloc(patterns * self->blocks_max, sizeof(double));
    if (self->sample_shift == NULL || self->differences == NULL)
        return PH_ERR_MEMORY;
    int status = ph_meanfield_init_population(&self->population, point, grid->average, NULL);
    if (status == PH_OK)
        status = ph_state_init(&self->start, point->patterns, point->patterns);
    if (status != PH_OK)
        return status;
    ph_meanfield_start(&self->population, point, self->start.n);
    status = ph_meanfield_solve(&self->start, &self->population, NULL);
    ph_alignment_of(&self->alignment, point, self->start.m, 1e-6);
    for (size_t j = 0; theory != NULL && j < patterns; j++) {
        const size_t mu = self->alignment.order[j];
        const double given = ph_theory_values(theory, "magnetization", number)[mu];
        self->population_offset[j] = self->alignment.sign[j] * (given - self->start.m[mu]);
    }
    /* A symmetric state that is not stable says nothing of where the chains go from it. */
    self->by_own_state =
        ph_start_has(point->start, PH_START_IS_OPEN) || ph_start_is_forgotten(point) ||
        (!ph_start_has(point->start, PH_START_IS_RANKED) && !(self->start.stability > 0.0));
    self->example = ph_start_facts(point->start)->spins == PH_SPINS_OF_EXAMPLE &&
                    point->rule != PH_RULE_STORAGE && !ph_start_is_forgotten(point);
    bool transient = false;
    if (status == PH_OK && !self->by_own_state && !self->example)
        status = ph_compare_transient(point, grid->average, self->start.m, &transient);
    if (transient)
        ph_accumulator_doubt(self, PH_REASON_TRANSIENT);
    return status;
}

/* Whether all chains of a point have all their sweeps, and something was recorded. */
static ph_reason_t readable(const ph_runfile_t *run, size_t number)
{
    const ph_grid_t *grid = run->base.grid;
    const ph_point_t *point = &grid->points[number];
    if (point->patterns > PH_MEANFIELD_PATTERNS_MAX)
        return PH_REASON_UNSUPPORTED;
    if (!ph_law_is_equilibrium(ph_sampler_facts(point->sampler)->law))
        return PH_REASON_LAW;
    for (uint32_t s = 0; s < (uint32_t)grid->samples; s++)
        for (uint32_t r = 0; r < (uint32_t)grid->replicas; r++)
            if ((uint64_t)ph_runfile_sweeps_done(run, number, s, r) < ph_point_total(point))
                return PH_REASON_INCOMPLETE;
    return grid->samples * grid->replicas < PH_COMPARE_CHAINS ? PH_REASON_FEW : PH_REASON_NONE;
}

static void fill_row(ph_comparison_row_t *row, ph_accumulator_t *accumulator, size_t j)
{
    /* sums are shares of all samples */
    const size_t samples = (size_t)accumulator->grid->samples, used = accumulator->samples;
    const double share = (double)samples / (double)used;
    row->left_out = accumulator->left_out;
    row->verdict = PH_VERDICT_UNDECIDED;
    if (used == 0)
        return;
    const double slack = PH_COMPARE_SPINS / (double)accumulator->point->neurons + ROUNDING;
    row->mc = share * accumulator->mc[j];
    row->sample_theory = share * accumulator->predicted[j];
    row->population = share * accumulator->infinite[j];
    row->sample_size = share * accumulator->predicted_size[j];
    row->population_size = share * accumulator->infinite_size[j];
    row->disorder_error = ph_error_of_mean(accumulator->sample_shift + j * samples, used);
    row->error = share * sqrt(accumulator->thermal[j]);
    if (accumulator->blocks >= 4) {
        const double *differences = accumulator->differences + j * accumulator->blocks_max;
        row->error = fmax(row->error, ph_error_of_mean(differences, accumulator->blocks));
    }
    row->deviation = share * accumulator->deviation[j];
    row->z = row->error > 0.0 ? row->deviation / row->error : (double)NAN;
    row->verdict = fabs(row->deviation) <= PH_COMPARE_ERRORS * row->error + slack
                       ? PH_VERDICT_AGREE
                       : PH_VERDICT_DISAGREE;
}

static int compare_point(ph_comparison_row_t *rows, ph_runfile_t *run, size_t number,
                         const ph_theory_t *theory, ph_view_t view, ph_report_t *report)
{
    const ph_grid_t *grid = run->base.grid;
    const size_t patterns = (size_t)grid->points[number].patterns;
    const uint64_t from = grid->trajectory ? 0 : UINT64_MAX;
    ph_accumulator_t accumulator = {0};
    int status = PH_OK;
    for (size_t j = 0; j < patterns; j++)
        rows[j] = (ph_comparison_row_t){.point = number,
                                        .pattern = (int64_t)j,
                                        .mc = NAN,
                                        .error = NAN,
                                        .sample_theory = NAN,
                                        .deviation = NAN,
                                        .z = NAN,
                                        .population = NAN,
                                        .disorder_error = NAN,
                                        .sample_size = NAN,
                                        .population_size = NAN,
                                        .verdict = PH_VERDICT_UNDECIDED,
                                        .reason = readable(run, number)};
    if (rows[0].reason != PH_REASON_NONE)
        return PH_OK;
    status = accumulator_init(&accumulator, grid, number, theory, view);
    for (uint32_t s = 0; s < (uint32_t)grid->samples && status == PH_OK; s++) {
        ph_segment_t segment;
        status =
            ph_runfile_read(run, number, s, 0, (uint32_t)grid->replicas, from, &segment, report);
        if (status != PH_OK)
            goto out;
        status = ph_compare_sample(&accumulator, &segment, s);
        ph_segment_free(&segment);
    }
    if (status == PH_ERR_UNSUPPORTED || status == PH_ERR_LIMIT) {
        for (size_t j = 0; j < patterns; j++)
            rows[j].reason = PH_REASON_UNSUPPORTED;
        status = PH_OK;
        goto out;
    }
    if (status != PH_OK) {
        ph_fail(report, status, "the comparison of point %zu failed: %s", number,
                ph_status_text(status));
        goto out;
    }
    const size_t chains = accumulator.samples * (size_t)grid->replicas;
    if (2 * accumulator.samples < (size_t)grid->samples || chains < PH_COMPARE_CHAINS)
        ph_accumulator_doubt(&accumulator, PH_REASON_TRANSITION);
    for (size_t j = 0; j < patterns; j++) {
        fill_row(&rows[j], &accumulator, j);
        rows[j].reason = accumulator.reason;
        if (accumulator.reason != PH_REASON_NONE)
            rows[j].verdict = PH_VERDICT_UNDECIDED;
    }
out:
    accumulator_free(&accumulator);
    return status;
}

/* Errors beyond which one of `count` rows is improbable at half the false-alarm rate. */
static double bonferroni(size_t count)
{
    const double level = 0.5 * PH_COMPARE_FALSE_ALARM / (double)(count > 0 ? count : 1);
    double low = 0.0, high = 38.0;
    for (int i = 0; i < 60; i++) {
        const double middle = 0.5 * (low + high);
        if (ph_normal_tail(middle) > level)
            low = middle;
        else
            high = middle;
    }
    return fmax(high, PH_COMPARE_ERRORS);
}

void ph_comparison_conclude(ph_comparison_t *self, const ph_grid_t *grid)
{
    PH_FLOATING_GUARD();
    for (size_t i = 0; i < self->rows_count; i++) {
        const ph_comparison_row_t *row = &self->rows[i];
        if (row->verdict == PH_VERDICT_UNDECIDED) {
            self->undecided_points += row->pattern == 0;
            continue;
        }
        self->decided_rows++;
        self->disagreeing_rows += row->verdict == PH_VERDICT_DISAGREE;
        const double slack = PH_COMPARE_SPINS / (double)grid->points[row->point].neurons + ROUNDING;
        const double excess = fabs(row->deviation) - slack;
        if (excess > 0.0)
            self->largest = fmax(self->largest, row->error > 0.0 ? excess / row->error : INFINITY);
    }
    self->threshold = bonferroni(self->decided_rows);
    self->chance = ph_binomial_tail(self->disagreeing_rows, self->decided_rows,
                                    ph_normal_tail(PH_COMPARE_ERRORS));
    if (self->largest > self->threshold || self->chance < 0.5 * PH_COMPARE_FALSE_ALARM)
        self->verdict = PH_VERDICT_DISAGREE;
    else if ((double)self->undecided_points > PH_COMPARE_UNDECIDED * (double)self->points)
        self->verdict = PH_VERDICT_UNDECIDED;
    else
        self->verdict = PH_VERDICT_AGREE;
}

int ph_compare(ph_comparison_t *self, ph_runfile_t *run, const ph_theory_t *theory, ph_view_t view,
               ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = run->base.grid;
    int status = PH_OK;
    memset(self, 0, sizeof(*self));
    if (theory != NULL && !ph_digest_equal(theory->grid->digest, grid->digest))
        return ph_fail(report, PH_ERR_MISMATCH,
                       "%s and the theory belong to different grids; solve the theory of the run's "
                       "own grid",
                       run->base.path);
    if (theory != NULL && (theory->kinds & 1u << PH_THEORY_MEAN_FIELD) == 0)
        return ph_fail(report, PH_ERR_MISMATCH,
                       "the theory holds no mean field to compare %s with; solve it with kind "
                       "mean_field",
                       run->base.path);
    for (size_t p = 0; p < grid->points_count; p++)
        self->rows_count += (size_t)grid->points[p].patterns;
    self->points = grid->points_count;
    self->rows = calloc(self->rows_count, sizeof(*self->rows));
    if (self->rows == NULL)
        status = ph_fail(report, PH_ERR_MEMORY, "no memory for a comparison of %zu rows",
                         self->rows_count);
    ph_comparison_row_t *rows = self->rows;
    for (size_t p = 0; p < grid->points_count && status == PH_OK; p++) {
        status = compare_point(rows, run, p, theory, view, report);
        rows += grid->points[p].patterns;
    }
    if (status == PH_OK)
        ph_comparison_conclude(self, grid);
    else
        ph_comparison_free(self);
    return status;
}

void ph_comparison_free(ph_comparison_t *self)
{
    free(self->rows);
    memset(self, 0, sizeof(*self));
}
