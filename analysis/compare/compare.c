/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/deviate_private.h"
#include "analysis/compare/path_private.h"
#include "analysis/compare/points.h"
#include "analysis/compare/sample_private.h"
#include "analysis/compare/transition.h"
#include "analysis/estimate/sampleread.h"
#include "analysis/estimate/statistics.h"
#include "base/floating.h"
#include "sim/model/coupling.h"
#include "sim/model/law.h"
#include "sim/model/until.h"

/* Magnetizations are stored as float32: half a unit in the last place near 1, with some room. */
static const double ROUNDING = 1e-7;
static const double GIVEN = 1e-7; /* to which a theory's free energies, and exact sums, are right */
enum { RECORDS_LATER = 4 };       /* the fewest that are looked at by themselves */

const char *ph_verdict_text(ph_verdict_t verdict)
{
    static const char *const WORDS[] = {"agree", "disagree", "undecided"};
    return WORDS[verdict];
}

static void accumulator_free(ph_accumulator_t *self)
{
    ph_population_free(&self->population);
    free(self->sample_shift);
    free(self->differences);
    free(self->energies);
    free(self->slow);
}

/* What the theory under test says of the infinite network beyond the solver, by place. */
static void find_population_offset(ph_accumulator_t *self)
{
    const ph_state_t *start = &self->population.start;
    const ph_alignment_t *alignment = &self->population.alignment;
    const double *m = ph_theory_values(self->theory, "magnetization", self->number);
    const double *energy = ph_theory_values(self->theory, "free_energy", self->number);
    for (size_t j = 0; j < self->patterns; j++) {
        const size_t mu = alignment->order[j];
        self->population_offset[j] = alignment->sign[j] * (m[mu] - start->m[mu]);
    }
    if (energy != NULL && start->converged)
        self->free_energy_off = fabs(energy[0] - start->free_energy);
}

static int accumulator_init(ph_accumulator_t *self, const ph_grid_t *grid, const ph_point_t *point,
                            size_t number, const ph_theory_t *theory, ph_view_t view)
{
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
    self->energies = calloc(self->blocks_max, sizeof(double));
    self->slow = calloc(samples, sizeof(double));
    if (self->sample_shift == NULL || self->differences == NULL || self->energies == NULL ||
        self->slow == NULL)
        return PH_ERR_MEMORY;
    for (size_t s = 0; s < samples; s++)
        self->slow[s] = INFINITY;
    int status = ph_population_init(&self->population, point, grid->average);
    if (status != PH_OK)
        return status;
    if (theory != NULL && !self->population.given)
        find_population_offset(self);
    if (!grid->trajectory && !self->population.by_own_state && !self->population.own_start)
        status =
            ph_compare_transient(point, grid->average, self->population.start.m, self->transient);
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
            if (!ph_runfile_chain_complete(run, number, s, r))
                return PH_REASON_INCOMPLETE;
    return grid->samples * grid->replicas < PH_COMPARE_CHAINS ? PH_REASON_FEW : PH_REASON_NONE;
}

/* Judges what the samples' states have beyond the population's, which is O(1/sqrt N) a sample, and
 * O(1/N) on average, for which there is room. */
static double judge_population(const ph_accumulator_t *accumulator, const ph_comparison_row_t *row,
                               size_t j)
{
    const size_t used = accumulator->samples;
    const double *shift = accumulator->sample_shift + j * (size_t)accumulator->grid->samples;
    double mean = 0.0;
    if (used < PH_COMPARE_SAMPLES || accumulator->near || accumulator->population.given ||
        !(row->disorder_error > 0.0))
        return (double)NAN;
    for (size_t s = 0; s < used; s++)
        mean += shift[s] / (double)used;
    const double variance = (double)used * row->disorder_error * row->disorder_error;
    const double room = 2.0 / (double)accumulator->point->neurons +
                        3.0 * variance / fmax(row->population_size, sqrt(variance));
    return ph_normal_deviate(fabs(mean) - room, row->disorder_error, (double)used - 1.0, 0.0);
}

/* The errors of a row: that of its chains and that between blocks of lanes, each with its freedom;
 * the larger counts, and the lesser deviate. */
static void judge_row(ph_comparison_row_t *row, const ph_accumulator_t *accumulator,
                      const ph_row_sums_t *sums, const double *differences, double spin)
{
    const double scale = 1.0 / sums->share;
    const double chains = (double)accumulator->samples * (double)accumulator->grid->replicas;
    const double quantum = spin * 2.0 * sums->tau /
                           ((double)accumulator->point->neurons * chains *
                            (double)ph_point_records_least(accumulator->point));
    const bool floored = !(sums->thermal >= sums->floor);
    const double variance = floored ? sums->floor : sums->thermal;
    const double square = floored ? sums->floor_square : sums->thermal_square;
    const double freedom = square == 0.0 ? (double)INFINITY : variance * variance / square;
    double blocks_freedom = INFINITY;
    row->mc = scale * sums->mc;
    row->sample_theory = scale * sums->predicted;
    row->sample_size = scale * sums->predicted_size;
    row->deviation = scale * sums->deviation;
    row->allowance = scale * sums->allowance + ROUNDING;
    row->error = scale * sqrt(variance);
    if (isnan(sums->thermal))
        row->error = NAN;
    const double thermal = row->error, excess = fabs(row->deviation) - row->allowance;
    row->deviate = ph_normal_deviate(excess, thermal, freedom, quantum);
    if (accumulator->blocks >= 4) {
        const double between = ph_error_of_mean(differences, accumulator->blocks);
        blocks_freedom = (double)accumulator->blocks - 1.0;
        if (between > 0.0)
            row->deviate =
                fmin(row->deviate, ph_normal_deviate(excess, between, blocks_freedom, quantum));
        row->error = fmax(row->error, between);
    }
    row->resolution =
        (ph_least_deviation(row->error, row->error > thermal ? blocks_freedom : freedom, quantum) +
         row->allowance) /
        row->sample_size;
    row->z = row->error > 0.0 ? row->deviation / row->error : (double)NAN;
    row->verdict = row->deviate <= PH_COMPARE_ERRORS ? PH_VERDICT_AGREE : PH_VERDICT_DISAGREE;
}

static void fill_row(ph_comparison_row_t *row, ph_accumulator_t *accumulator, size_t j)
{
    const ph_row_sums_t *sums = &accumulator->rows[j];
    row->left_out = accumulator->left_out;
    row->away = accumulator->away;
    row->moved = accumulator->moved;
    row->hopped = accumulator->hopped;
    row->verdict = PH_VERDICT_UNDECIDED;
    if (accumulator->samples == 0)
        return;
    const double scale = 1.0 / sums->share; /* sums are shares of all samples */
    row->population = scale * sums->infinite;
    row->population_size = scale * sums->infinite_size;
    row->disorder_error = ph_error_of_mean(
        accumulator->sample_shift + j * (size_t)accumulator->grid->samples, accumulator->samples);
    judge_row(row, accumulator, sums, accumulator->differences + j * accumulator->blocks_max, 2.0);
    row->population_deviate = judge_population(accumulator, row, j);
    const double bearable = PH_COMPARE_TRANSIENT * row->error + ROUNDING;
    if (scale * sums->transient <= bearable)
        return;
    ph_accumulator_doubt(accumulator, PH_REASON_TRANSIENT);
    /* without an error of its own a row is to have that of the theory */
    const double least = PH_COMPARE_TRANSIENT * scale * sqrt(sums->floor) + ROUNDING;
    ph_advice_burn_in(&accumulator->advice,
                      scale * sums->burnt / (isnan(bearable) ? least : bearable), sums->rate);
}

static ph_comparison_row_t empty_row(size_t number, size_t pattern, ph_reason_t reason)
{
    return (ph_comparison_row_t){.point = number,
                                 .pattern = (int64_t)pattern,
                                 .mc = NAN,
                                 .error = NAN,
                                 .sample_theory = NAN,
                                 .deviation = NAN,
                                 .z = NAN,
                                 .allowance = NAN,
                                 .deviate = NAN,
                                 .resolution = NAN,
                                 .population = NAN,
                                 .population_deviate = NAN,
                                 .disorder_error = NAN,
                                 .sample_size = NAN,
                                 .population_size = NAN,
                                 .verdict = PH_VERDICT_UNDECIDED,
                                 .reason = reason};
}

/* Of the energy: with the point's own reason. At zero noise its records are a path. */
static void fill_energy(ph_comparison_row_t *row, const ph_accumulator_t *accumulator)
{
    row->reason = accumulator->reason;
    if (accumulator->samples == 0 || accumulator->point->noise == 0.0)
        return;
    judge_row(row, accumulator, &accumulator->energy, accumulator->energies,
              2.0 * accumulator->field_bound);
    if (accumulator->reason != PH_REASON_NONE || !isfinite(row->error) || !isfinite(row->allowance))
        row->verdict = PH_VERDICT_UNDECIDED;
}

/* What would mend a point near a transition, and where that is. */
static int ask_transition(ph_accumulator_t *accumulator)
{
    ph_advice_t *advice = &accumulator->advice;
    const ph_population_t *population = &accumulator->population;
    ph_advice_slow(advice, accumulator->point, accumulator->slow,
                   (size_t)accumulator->grid->samples);
    if (!population->given)
        return ph_transition_find(&population->problem, &population->start, &advice->transition);
    advice->transition = accumulator->transition;
    return PH_OK;
}

/* The reason of a point that was read, and what would mend it. */
static int find_reason(ph_accumulator_t *accumulator, ph_comparison_row_t *rows)
{
    const size_t all = (size_t)accumulator->grid->samples;
    const size_t chains = accumulator->samples * (size_t)accumulator->grid->replicas;
    if (2 * accumulator->samples < all || chains < PH_COMPARE_CHAINS)
        ph_accumulator_doubt(accumulator, PH_REASON_TRANSITION);
    for (size_t j = 0; j < accumulator->patterns; j++)
        fill_row(&rows[j], accumulator, j);
    for (size_t j = 0; j < accumulator->patterns; j++) {
        rows[j].reason = accumulator->reason;
        if (accumulator->reason != PH_REASON_NONE)
            rows[j].verdict = PH_VERDICT_UNDECIDED;
    }
    const bool near = (accumulator->reasons & 1U << PH_REASON_TRANSITION) != 0;
    const int status = near ? ask_transition(accumulator) : PH_OK;
    ph_advice_keep(&accumulator->advice, accumulator->reason, accumulator->reasons);
    return status;
}

/* A point on its way into the comparison: what it comes to by its records from some one on. */
typedef struct {
    ph_comparison_t *out;
    ph_comparison_row_t *rows, energy; /* of the patterns */
    ph_retrieved_row_t retrieved;
    ph_runfile_t *run;
    size_t number;
    const ph_theory_t *theory;
    ph_view_t view;
    ph_samples_t *drawn;
    ph_report_t *report;
    ph_advice_t advice;
    double free_energy_off;
} look_t;

/* What is compared of chains without their first `early` records; the running sums are those of
 * all of them. */
static ph_wanted_t compared(const ph_grid_t *grid, uint64_t early)
{
    const uint64_t magnetization = UINT64_C(1) << PH_OBS_MAGNETIZATION;
    const uint64_t both = magnetization | UINT64_C(1) << PH_OBS_ENERGY;
    if (!grid->trajectory)
        return (ph_wanted_t){UINT64_MAX, 0, both, true};
    return (ph_wanted_t){early, both, early > 0 ? 0 : magnetization, true};
}

/* A sample's chains. */
static int read_sample(ph_reading_t *reading, uint32_t sample, ph_segment_t *segment,
                       uint64_t *records, ph_report_t *report)
{
    const uint64_t early = reading->wanted.series != 0 ? reading->wanted.records_from : 0;
    const int status = ph_reading_sample(reading, sample, segment, records, report);
    for (size_t c = 0; status == PH_OK && c < segment->replicas; c++)
        records[c] -= early;
    return status;
}

static void unsupported(look_t *self, size_t patterns)
{
    for (size_t j = 0; j < patterns; j++)
        self->rows[j].reason = PH_REASON_UNSUPPORTED;
    self->energy.reason = PH_REASON_UNSUPPORTED;
}

/* What the point comes to by its records from number `early` on, as if burn-in had lasted so long.
 */
static int look(look_t *self, uint64_t early)
{
    const ph_grid_t *grid = self->run->base.grid;
    ph_point_t point = grid->points[self->number];
    const int64_t sweeps = (int64_t)early * point.record_every;
    ph_accumulator_t accumulator = {0};
    point.burn_in += sweeps;
    point.sweeps -= sweeps;
    point.sweeps_end = early > 0 ? 0 : point.sweeps_end; /* none with dynamics.until come here */
    uint64_t *records = calloc((size_t)grid->replicas, sizeof(*records));
    const ph_wanted_t wanted = compared(grid, early);
    ph_reading_t reading;
    ph_reading_init(&reading, self->run, self->number, &wanted);
    int status = records == NULL ? PH_ERR_MEMORY
                                 : accumulator_init(&accumulator, grid, &point, self->number,
                                                    self->theory, self->view);
    accumulator.drawn = self->drawn;
    bool read = true;
    for (uint32_t s = 0; s < (uint32_t)grid->samples && status == PH_OK; s++) {
        ph_segment_t segment;
        status = read_sample(&reading, s, &segment, records, self->report);
        read = status == PH_OK;
        if (read) {
            status = ph_compare_sample(&accumulator, &segment, records, s);
            ph_segment_free(&segment);
        }
    }
    const bool beyond = read && (status == PH_ERR_UNSUPPORTED || status == PH_ERR_LIMIT);
    if (status == PH_OK)
        status = find_reason(&accumulator, self->rows);
    if (beyond) {
        unsupported(self, (size_t)point.patterns);
        status = PH_OK;
    } else if (status == PH_OK) {
        fill_energy(&self->energy, &accumulator);
        self->retrieved = accumulator.retrieved;
        ph_retrieved_conclude(&self->retrieved, &accumulator);
        self->advice = accumulator.advice;
        self->free_energy_off = accumulator.free_energy_off;
    } else if (read) {
        ph_fail(self->report, status, "the comparison of point %zu failed: %s", self->number,
                ph_status_text(status));
    }
    for (size_t j = 0; j < (size_t)point.patterns; j++)
        self->rows[j].early = (uint64_t)sweeps;
    free(records);
    ph_reading_free(&reading);
    accumulator_free(&accumulator);
    return status;
}

static void clear(look_t *self, ph_reason_t reason)
{
    const size_t patterns = (size_t)self->run->base.grid->points[self->number].patterns;
    for (size_t j = 0; j < patterns; j++)
        self->rows[j] = empty_row(self->number, j, reason);
    self->energy = empty_row(self->number, 0, reason);
    self->energy.pattern = -1;
    self->retrieved = (ph_retrieved_row_t){NAN, NAN, .verdict = PH_VERDICT_UNDECIDED};
    self->advice = (ph_advice_t){0};
    self->free_energy_off = 0.0;
}

static void keep(const look_t *self, ph_comparison_row_t *rows)
{
    const size_t patterns = (size_t)self->run->base.grid->points[self->number].patterns;
    if (rows != self->rows)
        memcpy(rows, self->rows, patterns * sizeof(*rows));
    self->out->energies[self->number] = self->energy;
    self->out->retrieved[self->number] = self->retrieved;
    self->out->advice[self->number] = self->advice;
    self->out->given[self->number].free_energy = self->free_energy_off;
}

/* Whether later records alone may decide what all could not, for what the first have of the start.
 */
static bool may_wait(const ph_grid_t *grid, const ph_point_t *point, ph_reason_t reason)
{
    return grid->trajectory && point->noise > 0.0 && !ph_grid_has_until(grid) &&
           reason == PH_REASON_TRANSIENT;
}

/* The second half of the records, and the last quarter, where all do not decide for what the first
 * ones have of the start: what decides first counts. */
static int look_later(const look_t *all, ph_comparison_row_t *rows)
{
    const ph_grid_t *grid = all->run->base.grid;
    const ph_point_t *point = &grid->points[all->number];
    const uint64_t records = (uint64_t)ph_point_records_least(point);
    ph_reason_t reason = rows[0].reason;
    look_t later = *all;
    int status = PH_OK;
    later.rows = calloc((size_t)point->patterns, sizeof(*later.rows));
    if (later.rows == NULL)
        return ph_fail(all->report, PH_ERR_MEMORY, "no memory for point %zu", all->number);
    for (uint64_t part = 2; status == PH_OK && part <= 4 && records / part >= RECORDS_LATER &&
                            may_wait(grid, point, reason);
         part *= 2) {
        clear(&later, PH_REASON_NONE);
        status = look(&later, records - records / part);
        reason = later.rows[0].reason;
    }
    keep(status == PH_OK && reason == PH_REASON_NONE ? &later : all, rows);
    free(later.rows);
    return status;
}

/* A comparison on its way: where each point's rows begin. */
typedef struct {
    ph_comparison_t *out;
    size_t *first;
    ph_runfile_t *run;
    const ph_theory_t *theory;
    ph_view_t view;
    ph_samples_t drawn;
} comparing_t;

static int compare_one(void *task, size_t number, ph_report_t *report)
{
    comparing_t *self = task;
    const ph_grid_t *grid = self->run->base.grid;
    const ph_reason_t reason = readable(self->run, number);
    ph_comparison_row_t *rows = self->out->rows + self->first[number];
    look_t all = {.out = self->out,
                  .rows = rows,
                  .run = self->run,
                  .number = number,
                  .theory = self->theory,
                  .view = self->view,
                  .drawn = &self->drawn,
                  .report = report};
    clear(&all, reason);
    if (reason == PH_REASON_FEW) /* samples together have too few */
        ph_advice_replicas(&all.advice, (size_t)grid->replicas,
                           (size_t)(grid->samples * grid->replicas), PH_COMPARE_CHAINS);
    const int status = reason == PH_REASON_NONE ? look(&all, 0) : PH_OK;
    if (status == PH_OK && may_wait(grid, &grid->points[number], rows[0].reason))
        return look_later(&all, rows);
    keep(&all, rows);
    return status;
}

/* Whether row i of the rows is the first of its point that does not agree. */
static bool first_off(const ph_comparison_t *self, size_t i)
{
    for (size_t k = i; k > 0 && self->rows[k - 1].point == self->rows[i].point; k--)
        if (self->rows[k - 1].verdict == PH_VERDICT_DISAGREE)
            return false;
    return self->rows[i].verdict == PH_VERDICT_DISAGREE;
}

/* Points that have so many rows each: the mean chance that one of them is beyond 4 errors, no more
 * than that of all its rows, bounds what points of different numbers of rows have (Hoeffding). */
static double chance_of(const ph_comparison_t *self)
{
    const double rows = (double)self->decided_rows, points = (double)self->decided_points;
    return self->disagreeing_points == 0
               ? 1.0
               : ph_binomial_tail(self->disagreeing_points, self->decided_points,
                                  rows / points * ph_normal_tail(PH_COMPARE_ERRORS));
}

void ph_comparison_conclude(ph_comparison_t *self)
{
    PH_FLOATING_GUARD();
    size_t judged = 0;
    self->undecided_points = self->decided_rows = self->disagreeing_rows = 0;
    self->decided_points = self->disagreeing_points = 0;
    self->free_energies_off = self->exact_off = self->retrieved_decided = self->retrieved_off = 0;
    self->largest = self->largest_population = self->largest_energy = 0.0;
    for (size_t i = 0; i < self->rows_count; i++) {
        const ph_comparison_row_t *row = &self->rows[i];
        if (row->verdict == PH_VERDICT_UNDECIDED) {
            self->undecided_points += row->pattern == 0;
            continue;
        }
        self->decided_rows++;
        self->decided_points += row->pattern == 0;
        self->disagreeing_rows += row->verdict == PH_VERDICT_DISAGREE;
        self->disagreeing_points += first_off(self, i);
        self->largest = fmax(self->largest, row->deviate);
        judged += isfinite(row->population_deviate) ? 1 : 0;
        self->largest_population = fmax(self->largest_population, row->population_deviate);
    }
    for (size_t p = 0; p < self->points; p++) {
        if (self->energies[p].verdict == PH_VERDICT_UNDECIDED)
            continue;
        judged++;
        self->largest_energy = fmax(self->largest_energy, self->energies[p].deviate);
    }
    for (size_t p = 0; self->retrieved != NULL && p < self->points; p++) {
        self->retrieved_decided += self->retrieved[p].verdict != PH_VERDICT_UNDECIDED;
        self->retrieved_off += self->retrieved[p].verdict == PH_VERDICT_DISAGREE;
    }
    for (size_t p = 0; self->given != NULL && p < self->points; p++) {
        self->free_energies_off += self->given[p].free_energy > GIVEN;
        self->exact_off += self->given[p].exact > GIVEN;
    }
    self->threshold = ph_deviate_bound(self->decided_rows + judged);
    self->chance = chance_of(self);
    if (self->largest > self->threshold || self->chance < 0.5 * PH_COMPARE_FALSE_ALARM ||
        self->largest_population > self->threshold || self->largest_energy > self->threshold ||
        self->free_energies_off > 0 || self->exact_off > 0 || self->retrieved_off > 0)
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
    comparing_t task = {.out = self, .run = run, .theory = theory, .view = view};
    task.first = calloc(grid->points_count, sizeof(*task.first));
    const int room = ph_samples_init(&task.drawn, grid->seed, PH_SAMPLES_BYTES);
    for (size_t p = 0; task.first != NULL && p < grid->points_count; p++) {
        task.first[p] = self->rows_count;
        self->rows_count += (size_t)grid->points[p].patterns;
    }
    self->points = grid->points_count;
    self->rows = calloc(self->rows_count, sizeof(*self->rows));
    self->energies = calloc(self->points, sizeof(*self->energies));
    self->retrieved = calloc(self->points, sizeof(*self->retrieved));
    self->advice = calloc(self->points, sizeof(*self->advice));
    self->given = calloc(self->points, sizeof(*self->given));
    if (room != PH_OK || task.first == NULL || self->rows == NULL || self->energies == NULL ||
        self->retrieved == NULL || self->advice == NULL || self->given == NULL)
        status = ph_fail(report, PH_ERR_MEMORY, "no memory for a comparison of %zu rows",
                         self->rows_count);
    if (status == PH_OK)
        status = ph_compare_points(grid->points_count, ph_compare_sample_bytes(grid), compare_one,
                                   &task, report);
    ph_samples_free(&task.drawn);
    free(task.first);
    if (status == PH_OK)
        ph_comparison_conclude(self);
    else
        ph_comparison_free(self);
    return status;
}

void ph_comparison_free(ph_comparison_t *self)
{
    free(self->rows);
    free(self->energies);
    free(self->retrieved);
    free(self->advice);
    free(self->given);
    memset(self, 0, sizeof(*self));
}
