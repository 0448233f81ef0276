/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/mixed_private.h"
#include "analysis/compare/path_private.h"
#include "analysis/compare/sample_private.h"
#include "analysis/compare/transition.h"
#include "analysis/estimate/statistics.h"
#include "analysis/meanfield/columns.h"

void ph_accumulator_doubt(ph_accumulator_t *accumulator, ph_reason_t reason)
{
    if (accumulator->reason == PH_REASON_NONE)
        accumulator->reason = reason;
    accumulator->reasons |= 1U << reason;
}

/* Where the sample's patterns are: at their number, or ranked by averages over its chains. */
static void find_rows(ph_compared_t *self)
{
    const ph_chains_t *chains = &self->chains;
    const size_t k = chains->patterns;
    size_t order[PH_MEANFIELD_PATTERNS_MAX];
    double m[PH_MEANFIELD_PATTERNS_MAX] = {0.0}, size[PH_MEANFIELD_PATTERNS_MAX];
    double sign[PH_MEANFIELD_PATTERNS_MAX];
    for (size_t mu = 0; mu < k; mu++) {
        for (size_t c = 0; c < chains->chains; c++)
            m[mu] += chains->mean[c * k + mu] / (double)chains->chains;
        size[mu] = ph_chains_size(chains, mu);
    }
    ph_align(chains->point, m, size, ph_rank_tie(chains->point), order, sign);
    for (size_t j = 0; j < k; j++) {
        const bool ranks = self->to->view == PH_VIEW_RANKS;
        self->row[ranks ? order[j] : j] = j;
        self->row_sign[ranks ? order[j] : j] = ranks ? sign[j] : 1.0;
    }
}

/* Means of chains that change sign are of no well: |m| is what the theory says, m is not. */
static void check_signs(const ph_compared_t *self)
{
    const ph_chains_t *chains = &self->chains;
    const size_t k = chains->patterns;
    const double clear = 2.0 / sqrt((double)chains->point->neurons);
    for (size_t mu = 0; mu < k; mu++) {
        double mean = 0.0, well = 0.0;
        const double size = ph_chains_size(chains, mu);
        for (size_t c = 0; c < chains->chains; c++) {
            mean += fabs(chains->mean[c * k + mu]) / (double)chains->chains;
            const ph_well_t *own = &self->wells.wells[self->wells.of[c]];
            well += fabs(own->m[mu] + own->first[mu]) / (double)chains->chains;
        }
        if (well > clear && size > 0.5 * well && size < 2.0 * well && mean < 0.5 * size)
            ph_accumulator_doubt(self->to, PH_REASON_SIGNS);
    }
}

/* What is known of the chains of one well, by pattern. */
typedef struct {
    size_t count;
    ph_chains_error_t of[PH_MEANFIELD_PATTERNS_MAX], energy;
} errors_t;

static errors_t find_errors(const ph_compared_t *self, size_t w, size_t *members, double *room)
{
    const ph_chains_t *chains = &self->chains;
    errors_t found = {.count = 0};
    for (size_t c = 0; c < chains->chains; c++)
        if (self->wells.of[c] == w && !self->wells.moved[c])
            members[found.count++] = c;
    for (size_t mu = 0; found.count > 0 && mu < chains->patterns; mu++)
        found.of[mu] = ph_chains_error(chains, members, found.count, mu,
                                       self->wells.wells[w].spread[mu], room);
    if (found.count > 0)
        found.energy = ph_chains_error(&self->energies, members, found.count, 0,
                                       self->wells.wells[w].energy_spread, room);
    return found;
}

/* A few chains that went to another well than the others, too few or too short for an error there:
 * they are left out. */
static bool drop_few(ph_compared_t *self, size_t w, const errors_t *found)
{
    bool enough = true;
    for (size_t mu = 0; mu < self->chains.patterns; mu++)
        enough = enough && found->of[mu].enough && !found->of[mu].parted;
    if (enough ||
        PH_COMPARE_LEFT_OUT * (self->wells.moved_count + found->count) > self->chains.chains)
        return false;
    for (size_t c = 0; c < self->chains.chains; c++)
        self->wells.moved[c] = self->wells.moved[c] || self->wells.of[c] == w;
    self->wells.moved_count += found->count;
    return true;
}

/* What the flow of the infinite network says, of pattern mu. */
static double left_by_flow(const ph_compared_t *self, const ph_well_t *well, size_t mu)
{
    const ph_alignment_t *start = &self->to->population.alignment;
    for (size_t j = 0; j < self->chains.patterns; j++)
        if (well->alignment.order[j] == mu)
            return fabs(self->to->transient[start->order[j]]);
    return 0.0;
}

/* What the mean over the records has of something in record 0 that decays at this rate a sweep. */
static double decay_of(const ph_compared_t *self, double rate)
{
    const double records = (double)self->chains.records;
    const double step = exp(-rate * (double)self->to->point->record_every);
    return (step < 1.0 ? (1.0 - pow(step, records)) / (1.0 - step) : records) / records;
}

/*
 * At the slowest decay of the well
 * the mean has the share `decay` of what is left in record 0: that is what burn-in leaves of a
 * distance of 1, or what record 0 is seen to be off the mean, or may be unseen. Where no records
 * tell, by the flow too.
 */
void ph_compared_start(const ph_compared_t *self, const ph_well_t *well,
                       const ph_chains_error_t *found, size_t mu, double share)
{
    ph_row_sums_t *row = &self->to->rows[self->row[mu]];
    const ph_point_t *point = self->to->point;
    if (point->noise == 0.0 || ph_start_is_forgotten(point))
        return;
    const double decay = decay_of(self, well->rate);
    const double burnt = exp(-well->rate * (double)point->burn_in) * decay;
    const double seen = decay < 1.0 ? found->first * decay / (1.0 - decay) : (double)INFINITY;
    double left = fmin(burnt, seen);
    if (!self->to->population.by_own_state && self->chains.segment->series == NULL)
        left = fmax(left, left_by_flow(self, well, mu));
    row->transient += share * left;
    row->burnt += share * fmax(left, burnt);
    row->rate = row->rate > 0.0 ? fmin(row->rate, well->rate) : well->rate;
}

void ph_compared_error(ph_row_sums_t *row, const ph_compared_t *self,
                       const ph_chains_error_t *found, size_t count, double share, double spread)
{
    const double variance = share * share * found->variance;
    row->thermal += variance;
    if (isfinite(found->freedom))
        row->thermal_square += variance * variance / found->freedom;
    const double floor = share * share * 2.0 * found->tau * spread * spread /
                         ((double)self->chains.records * (double)count);
    row->floor += floor;
    row->floor_square += floor * floor / found->tau_freedom;
    row->tau = fmax(row->tau, found->tau);
}

/* Autocorrelation time, in records, of a well that forgets at this rate a sweep. */
static double tau_of(const ph_compared_t *self, double rate)
{
    return 0.5 / tanh(0.5 * rate * (double)self->to->point->record_every);
}

/* Records a chain that are enough for its autocorrelation time: of itself, too short as it is, or
 * of a well that forgets at this rate a sweep. */
static double length_of(const ph_compared_t *self, const ph_chains_error_t *found, size_t count,
                        double rate)
{
    return fmax(
        found->length,
        ph_estimate_length(tau_of(self, rate), self->chains.segment->series != NULL ? count : 1));
}

/* Records with which R-hat can be had: halves of n records differ by 2 tau/(n/2) of their variance.
 */
static double rhat_length(const ph_compared_t *self, double rate)
{
    return 4.0 * tau_of(self, rate) / (pow(PH_COMPARE_RHAT, 2) - 1.0);
}

void ph_compared_doubt(const ph_compared_t *self, const ph_chains_error_t *found, size_t count,
                       double rate)
{
    ph_accumulator_t *to = self->to;
    if (found->drift) {
        ph_accumulator_doubt(to, PH_REASON_TRANSIENT);
        ph_advice_burn_in(&to->advice, found->excess, rate);
    }
    if (found->parted) {
        ph_accumulator_doubt(to, PH_REASON_UNEQUILIBRATED);
        ph_advice_rhat(&to->advice, to->point, (double)self->chains.records, (double)found->judged,
                       found->rhat);
        if (found->rhat > PH_COMPARE_RHAT)
            ph_advice_length(&to->advice, to->point, (double)self->chains.records,
                             rhat_length(self, rate));
    }
    if (!found->enough) {
        ph_accumulator_doubt(to, PH_REASON_SHORT);
        ph_advice_length(&to->advice, to->point, (double)self->chains.records,
                         length_of(self, found, count, rate));
        ph_advice_replicas(&to->advice, self->chains.chains, count, PH_CHAINS_MANY);
    }
}

static void add_errors(ph_compared_t *self, size_t w, const errors_t *errors)
{
    const ph_well_t *well = &self->wells.wells[w];
    const double share =
        (double)errors->count / ((double)self->chains.chains * (double)self->to->grid->samples);
    for (size_t mu = 0; mu < self->chains.patterns; mu++) {
        const ph_chains_error_t *found = &errors->of[mu];
        ph_row_sums_t *row = &self->to->rows[self->row[mu]];
        ph_compared_error(row, self, found, errors->count, share, well->spread[mu]);
        ph_compared_start(self, well, found, mu, share);
        ph_compared_doubt(self, found, errors->count, well->rate);
    }
    ph_compared_error(&self->to->energy, self, &errors->energy, errors->count, share,
                      well->energy_spread);
}

static int judge_chains(ph_compared_t *self)
{
    const ph_chains_t *chains = &self->chains;
    const size_t records = chains->segment->series != NULL ? (size_t)chains->records : 0;
    size_t *members = malloc(chains->chains * sizeof(*members));
    double *room = malloc(chains->chains * (records + 2) * sizeof(*room));
    if (members == NULL || room == NULL) {
        free(members);
        free(room);
        return PH_ERR_MEMORY;
    }
    for (size_t w = 0; w < self->wells.count; w++) {
        const errors_t found = find_errors(self, w, members, room);
        if (found.count > 0 && !drop_few(self, w, &found))
            add_errors(self, w, &found);
    }
    free(members);
    free(room);
    return PH_OK;
}

/* The sample's state from the grid's start, with its correction, from the theory under test less
 * the solver's, by pattern; and, where patterns are given, the alignment of that state. */
static int given_of_sample(ph_compared_t *self, const double *given, double *differences,
                           ph_alignment_t *alignment)
{
    const ph_theory_t *theory = self->to->theory;
    const size_t k = self->chains.patterns, width = (size_t)self->to->grid->patterns_max;
    const double *corrections = ph_theory_values(theory, "correction_sample", self->to->number);
    const double *energies = ph_theory_values(theory, "free_energy_sample", self->to->number);
    double correction[PH_MEANFIELD_PATTERNS_MAX];
    ph_state_t state = {0};
    int status = ph_state_init(&state, self->problem.features, self->problem.patterns);
    double *n = malloc((size_t)self->problem.features * sizeof(*n));
    if (status == PH_OK && n == NULL)
        status = PH_ERR_MEMORY;
    if (status != PH_OK)
        goto out;
    ph_meanfield_start(&self->problem, self->to->point, state.n);
    status = ph_meanfield_solve(&state, &self->problem, NULL);
    const bool small =
        status == PH_OK && ph_meanfield_correction(&state, &self->problem, self->to->point->neurons,
                                                   n, correction, NULL, NULL) == PH_OK;
    for (size_t mu = 0; mu < k && status == PH_OK; mu++) {
        const size_t at = self->number * width + mu;
        differences[mu] = given[at] - state.m[mu];
        if (small && corrections != NULL && isfinite(corrections[at]))
            differences[mu] += corrections[at] - correction[mu];
    }
    if (status == PH_OK && self->to->population.given)
        ph_alignment_of(alignment, self->to->point, state.m, 1e-6);
    if (status == PH_OK && energies != NULL && state.converged)
        self->to->free_energy_off =
            fmax(self->to->free_energy_off, fabs(energies[self->number] - state.free_energy));
out:
    free(n);
    ph_state_free(&state);
    return status;
}

/*
 * What the theory under test differs from the solver, by place in the alignment of the grid's
 * start: from its samples where it has them, else from its population.
 */
static int find_offset(ph_compared_t *self)
{
    const ph_theory_t *theory = self->to->theory;
    const ph_population_t *population = &self->to->population;
    const size_t k = self->chains.patterns;
    ph_alignment_t alignment = population->alignment;
    double differences[PH_MEANFIELD_PATTERNS_MAX] = {0.0};
    int status = PH_OK;
    const double *given = NULL;
    if (theory != NULL)
        given = ph_theory_values(theory, "magnetization_sample", self->to->number);
    if (given != NULL) {
        status = given_of_sample(self, given, differences, &alignment);
    } else if (theory != NULL) {
        given = ph_theory_values(theory, "magnetization", self->to->number);
        for (size_t mu = 0; mu < k; mu++)
            differences[mu] = given[mu] - population->start.m[mu];
    }
    for (size_t j = 0; j < k; j++) {
        self->offset[j] = alignment.sign[j] * differences[alignment.order[j]];
        if (!isfinite(self->offset[j]))
            ph_accumulator_doubt(self->to, PH_REASON_UNSOLVED);
    }
    return status;
}

double ph_compared_prediction(const ph_compared_t *self, const ph_well_t *well, size_t j)
{
    const size_t mu = well->alignment.order[j];
    return well->m[mu] + well->first[mu] + well->second[mu] +
           well->alignment.sign[j] * self->offset[j];
}

/* Whether the patterns are given, and samples are different networks of them. */
static bool parted(const ph_accumulator_t *accumulator)
{
    return accumulator->population.given && !ph_point_is_fixed(accumulator->point);
}

/* The pattern whose place in the well's alignment is j, into its row. */
static void count_pattern(ph_compared_t *self, const ph_counted_t *counted, size_t j,
                          double *deviation)
{
    const ph_well_t *well = &self->wells.wells[counted->well];
    const size_t mu = well->alignment.order[j];
    const double share = counted->share, mean = counted->mean[mu];
    const double towards = well->alignment.sign[j], sign = self->row_sign[mu];
    const double predicted = ph_compared_prediction(self, well, j);
    const double infinite = well->population[mu] + towards * self->to->population_offset[j];
    ph_row_sums_t *row = &self->to->rows[self->row[mu]];
    double *shift =
        &self->to
             ->sample_shift[self->row[mu] * (size_t)self->to->grid->samples + self->to->samples];
    row->share += share;
    row->mc += share * sign * mean;
    row->predicted += share * sign * predicted;
    row->infinite += share * sign * infinite;
    row->predicted_size += share * fabs(predicted);
    row->infinite_size += share * fabs(infinite);
    row->deviation += share * towards * (mean - predicted);
    row->allowance += share * well->allowance[mu];
    /* without an infinite network, what samples differ by from each other */
    *shift += towards *
              (well->m[mu] + towards * self->offset[j] - (parted(self->to) ? 0.0 : infinite)) *
              counted->part;
    deviation[mu] = towards * (mean - predicted);
}

void ph_compared_count(ph_compared_t *self, const ph_counted_t *counted, double *deviation,
                       double *energy)
{
    const ph_well_t *well = &self->wells.wells[counted->well];
    ph_row_sums_t *row = &self->to->energy;
    row->share += counted->share;
    row->mc += counted->share * counted->energy;
    row->predicted += counted->share * well->energy;
    row->predicted_size += counted->share * fabs(well->energy);
    row->deviation += counted->share * (counted->energy - well->energy);
    row->allowance += counted->share * well->energy_allowance;
    *energy = counted->energy - well->energy;
    for (size_t j = 0; j < self->chains.patterns; j++)
        count_pattern(self, counted, j, deviation);
}

/* The chains of a block of lanes that are not left out, into the means of a block of their own. */
static void add_block(ph_compared_t *self, size_t first, size_t end)
{
    ph_accumulator_t *to = self->to;
    const size_t k = self->chains.patterns;
    const double chains = (double)self->chains.chains;
    double deviation[PH_MEANFIELD_PATTERNS_MAX], energy;
    size_t members = 0;
    for (size_t c = first; c < end; c++)
        members += !self->wells.moved[c];
    for (size_t c = first; c < end; c++) {
        if (self->wells.moved[c])
            continue;
        const ph_counted_t counted = {.well = self->wells.of[c],
                                      .mean = self->chains.mean + c * k,
                                      .energy = self->energies.mean[c],
                                      .share = 1.0 / (chains * (double)to->grid->samples),
                                      .part = 1.0 / (chains - (double)self->wells.moved_count)};
        ph_compared_count(self, &counted, deviation, &energy);
        to->energies[to->blocks] += energy / (double)members;
        for (size_t mu = 0; mu < k; mu++)
            to->differences[self->row[mu] * to->blocks_max + to->blocks] +=
                deviation[mu] / (double)members;
    }
    to->blocks += members > 0 ? 1 : 0;
}

static void add_chains(ph_compared_t *self)
{
    const int64_t grid_lanes = self->to->grid->lanes;
    const size_t lanes = grid_lanes > 0 ? (size_t)grid_lanes : 1, all = self->chains.chains;
    for (size_t first = 0; first < all; first += lanes)
        add_block(self, first, all - first < lanes ? all : first + lanes);
}

/* More than a quarter of the records come before their chain was in a well. */
static bool begins_early(const ph_well_records_t *records)
{
    return records->mixed && PH_COMPARE_LEFT_OUT * records->early > records->all;
}

/* How far the chains of well w are off it at their last record, on average: pattern mu. */
static double last_off(const ph_compared_t *self, size_t w, size_t mu)
{
    const ph_chains_t *chains = &self->chains;
    const ph_well_t *well = &self->wells.wells[w];
    double off = 0.0, count = 0.0;
    for (size_t c = 0; c < chains->chains; c++) {
        if (self->wells.of[c] != w)
            continue;
        off += ph_chains_record(chains, c, chains->records - 1, mu) - well->m[mu] -
               well->first[mu] - well->second[mu];
        count++;
    }
    return fabs(off) / count;
}

/*
 * What would mend a sample all of whose records are early: burn-in past them, and until nothing is
 * left that an error by the theory does not bear, by the decay of the wells that chains go to: of a
 * distance of 1 at the start, and of what their last records are off; and chains as long as these
 * wells ask for.
 */
static void advise_early(const ph_compared_t *self)
{
    const ph_point_t *point = self->to->point;
    const double records = (double)self->chains.records, every = (double)point->record_every;
    double early = (double)self->records.early / (double)self->chains.chains;
    for (size_t w = 0; w < self->wells.count; w++) {
        const ph_well_t *well = &self->wells.wells[w];
        const size_t count = well->chains;
        if (count == 0 || !(well->rate > 0.0))
            continue;
        const double tau = tau_of(self, well->rate), step = well->rate * every;
        const double all = records * (double)count * (double)self->to->grid->samples;
        for (size_t mu = 0; mu < self->chains.patterns; mu++) {
            const double bearable = PH_COMPARE_TRANSIENT * well->spread[mu] * sqrt(2.0 * tau / all);
            const double left = decay_of(self, well->rate) / bearable;
            if (!isfinite(left))
                continue;
            early = fmax(early, log(left) / step - (double)point->burn_in / every);
            early = fmax(early, records + log(left * last_off(self, w, mu)) / step);
        }
        if (count < PH_CHAINS_MANY)
            ph_advice_length(&self->to->advice, point, records,
                             fmax(ph_estimate_length(tau, count), rhat_length(self, well->rate)));
    }
    ph_advice_early(&self->to->advice, point, early);
}

/* Whether enough chains, or records, are in wells that predict something; the reason of the first
 * that does not. */
static bool predicted(const ph_compared_t *self)
{
    if (self->records.mixed && self->records.within > 0 &&
        PH_COMPARE_LEFT_OUT * self->records.mute <= self->records.all)
        return true;
    for (size_t w = 0; w < self->wells.count; w++) {
        const ph_well_t *well = &self->wells.wells[w];
        if ((well->chains == 0 && !self->records.mixed) || well->within ||
            well->reason == PH_REASON_NONE)
            continue;
        if (well->reason != PH_REASON_TRANSITION)
            ph_accumulator_doubt(self->to, well->reason);
        self->to->slow[self->number] = well->slow;
        return false;
    }
    if (!self->records.mixed || self->records.within > 0)
        return true;
    const bool early = begins_early(&self->records);
    ph_accumulator_doubt(self->to, early ? PH_REASON_TRANSIENT : PH_REASON_WELLS);
    if (early)
        advise_early(self);
    return false;
}

/* Whether more than a quarter of the chains is left out; or of the records, before a chain was in a
 * well; or the records on the way from well to well are so many that a quarter does not count. */
static void check_left_out(const ph_compared_t *self)
{
    const ph_well_records_t *records = &self->records;
    const size_t moved = self->wells.moved_count;
    if (begins_early(records)) {
        ph_accumulator_doubt(self->to, PH_REASON_TRANSIENT);
        ph_advice_early(&self->to->advice, self->to->point,
                        (double)records->early / (double)self->chains.chains);
    } else if (records->mixed && PH_COMPARE_LEFT_OUT * records->within < records->all) {
        ph_accumulator_doubt(self->to, PH_REASON_WELLS);
    } else if (!records->mixed && PH_COMPARE_LEFT_OUT * moved > self->chains.chains) {
        ph_accumulator_doubt(self->to, 2 * self->wells.hopped > moved ? PH_REASON_WELLS
                                                                      : PH_REASON_TRANSIENT);
    }
}

static int judge(ph_compared_t *self)
{
    ph_accumulator_t *to = self->to;
    int status = PH_OK;
    check_left_out(self);
    if (self->chains.segment->series == NULL && to->population.own_start &&
        !to->population.by_own_state && to->samples == 0)
        status = ph_compare_transient_sample(to->point, &self->drawn->coupling,
                                             &self->drawn->patterns, to->transient);
    if (status == PH_OK)
        status = find_offset(self);
    if (status == PH_OK && self->records.mixed) {
        status = ph_compare_mixed(self);
    } else if (status == PH_OK) {
        check_signs(self);
        status = judge_chains(self);
        if (status == PH_OK)
            add_chains(self);
        if (status == PH_OK)
            status = ph_compared_retrieved(self);
        to->moved += self->wells.moved_count;
    }
    for (size_t w = 0; w < self->wells.count; w++) {
        to->away += self->wells.wells[w].away ? self->wells.wells[w].chains : 0;
        to->near = to->near || self->wells.wells[w].near;
    }
    to->field_bound = fmax(to->field_bound, self->drawn->coupling.field_bound);
    to->samples++;
    return status;
}

/* Which noise a sample of given patterns is near to a transition at: the nearest of any sample. */
static int find_transition(ph_compared_t *self)
{
    const double own = self->to->point->noise;
    double *nearest = &self->to->transition, found = 0.0;
    ph_state_t state = {0};
    int status = ph_state_init(&state, self->problem.features, self->problem.patterns);
    if (status == PH_OK) {
        ph_meanfield_start(&self->problem, self->to->point, state.n);
        status = ph_meanfield_solve(&state, &self->problem, NULL);
    }
    if (status == PH_OK)
        status = ph_transition_find(&self->problem, &state, &found);
    if (found > 0.0 && (*nearest == 0.0 || fabs(found - own) < fabs(*nearest - own)))
        *nearest = found;
    ph_state_free(&state);
    return status;
}

static int add_sample(ph_compared_t *self)
{
    ph_reason_t reason;
    find_rows(self);
    int status =
        ph_wells_find(&self->wells, &self->to->population, &self->chains, &self->problem, &reason);
    if (status == PH_OK)
        status = ph_well_records_find(&self->records, &self->wells, &self->to->population,
                                      &self->chains, &self->problem);
    if (status != PH_OK)
        return status;
    if (!predicted(self)) {
        self->to->left_out++;
        return self->to->population.given ? find_transition(self) : PH_OK;
    }
    if (reason != PH_REASON_NONE)
        ph_accumulator_doubt(self->to, reason);
    return judge(self);
}

int ph_compare_sample(ph_accumulator_t *accumulator, const ph_segment_t *segment,
                      const uint64_t *records, uint32_t sample)
{
    ph_compared_t work = {.to = accumulator, .number = sample};
    int status = ph_samples_take(
        accumulator->drawn, &accumulator->grid->points[accumulator->number], sample, &work.drawn);
    if (status == PH_OK)
        status = ph_meanfield_init_sample(&work.problem, accumulator->point, &work.drawn->coupling,
                                          &work.drawn->patterns, NULL);
    if (status == PH_OK)
        status = ph_meanfield_columns(&work.problem);
    if (status == PH_OK)
        status = ph_chains_init(&work.chains, accumulator->grid, accumulator->point,
                                &work.drawn->patterns, segment, records);
    if (status == PH_OK)
        status = ph_chains_init_energy(&work.energies, accumulator->grid, accumulator->point,
                                       segment, records);
    if (status == PH_OK)
        status = add_sample(&work);
    ph_well_records_free(&work.records);
    ph_wells_free(&work.wells);
    ph_chains_free(&work.energies);
    ph_chains_free(&work.chains);
    ph_meanfield_free(&work.problem);
    ph_samples_give(accumulator->drawn, work.drawn);
    return status;
}
