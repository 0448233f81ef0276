/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/compare_private.h"
#include "analysis/estimate/statistics.h"
#include "sim/model/moments.h"
#include "sim/model/sample.h"

/* States this close are one state; alignments do not order magnetizations closer than
 * ALIGNMENT_TIE. */
static const double SAME_STATE = 1e-9, ALIGNMENT_TIE = 1e-6;

typedef struct {
    const ph_segment_t *segment;
    size_t chains, patterns;
    uint64_t records;
    size_t components, offset; /* of the magnetizations among the components */
    double *mean;              /* [chains][patterns], by pattern */
    double *solution;          /* [chains][patterns], mean field of the sample, by pattern */
    double *predicted;         /* [chains][patterns], with correction, by pattern */
    double *population;        /* [chains][patterns], by pattern */
    size_t *group;             /* [chains]: first chain in the same state */
    ph_alignment_t *alignment; /* [chains] */
    double *series;            /* [chains][records] of one component */
    size_t row[PH_MEANFIELD_PATTERNS_MAX]; /* of every pattern; and its factor there */
    double row_sign[PH_MEANFIELD_PATTERNS_MAX];
} chains_t;

void ph_accumulator_doubt(ph_accumulator_t *accumulator, ph_reason_t reason)
{
    if (accumulator->reason == PH_REASON_NONE)
        accumulator->reason = reason;
}

static void chains_free(chains_t *self)
{
    free(self->mean);
    free(self->solution);
    free(self->predicted);
    free(self->population);
    free(self->group);
    free(self->alignment);
    free(self->series);
}

static int chains_init(chains_t *self, const ph_accumulator_t *accumulator,
                       const ph_segment_t *segment)
{
    const size_t chains = segment->replicas, all = chains * accumulator->patterns;
    const int64_t patterns = accumulator->point->patterns;
    memset(self, 0, sizeof(*self));
    self->segment = segment;
    self->chains = chains;
    self->patterns = accumulator->patterns;
    self->components = (size_t)segment->components;
    self->offset = ph_observable_offset(PH_OBS_MAGNETIZATION, accumulator->grid, patterns);
    self->records =
        segment->series != NULL ? segment->records : (uint64_t)ph_point_records(accumulator->point);
    self->mean = calloc(all, sizeof(double));
    self->solution = calloc(all, sizeof(double));
    self->predicted = calloc(all, sizeof(double));
    self->population = calloc(all, sizeof(double));
    self->group = calloc(chains, sizeof(size_t));
    self->alignment = calloc(chains, sizeof(ph_alignment_t));
    self->series =
        calloc(segment->series != NULL ? chains * (size_t)self->records : 1, sizeof(double));
    return self->mean == NULL || self->solution == NULL || self->predicted == NULL ||
                   self->population == NULL || self->group == NULL || self->alignment == NULL ||
                   self->series == NULL
               ? PH_ERR_MEMORY
               : PH_OK;
}

static const double *chain_sums(const chains_t *self, size_t chain, size_t mu)
{
    return self->segment->sums + (chain * self->components + self->offset + mu) * PH_MOMENT_WORDS;
}

static double chain_record(const chains_t *self, size_t chain, uint64_t k, size_t mu)
{
    const size_t row = chain * (size_t)self->records + (size_t)k;
    return self->segment->series[row * self->components + self->offset + mu];
}

static void find_means(chains_t *self)
{
    for (size_t c = 0; c < self->chains; c++)
        for (size_t mu = 0; mu < self->patterns; mu++) {
            double sum = 0.0;
            for (uint64_t k = 0; self->segment->series != NULL && k < self->records; k++)
                sum += chain_record(self, c, k, mu);
            if (self->segment->series == NULL)
                sum = chain_sums(self, c, mu)[0];
            self->mean[c * self->patterns + mu] = sum / (double)self->records;
        }
}

/* Mean of |m| over the records of all chains. */
static double mean_size(const chains_t *self, size_t mu)
{
    double sum = 0.0;
    for (size_t c = 0; c < self->chains; c++) {
        if (self->segment->sums != NULL)
            sum += chain_sums(self, c, mu)[1];
        for (uint64_t k = 0; self->segment->sums == NULL && k < self->records; k++)
            sum += fabs(chain_record(self, c, k, mu));
    }
    return sum / ((double)self->chains * (double)self->records);
}

/* Where the sample's patterns stand: at their number, or ranked by averages over its chains. */
static void find_rows(chains_t *self, const ph_accumulator_t *accumulator)
{
    const size_t k = self->patterns;
    size_t order[PH_MEANFIELD_PATTERNS_MAX];
    double m[PH_MEANFIELD_PATTERNS_MAX] = {0.0}, size[PH_MEANFIELD_PATTERNS_MAX];
    double sign[PH_MEANFIELD_PATTERNS_MAX];
    for (size_t mu = 0; mu < k; mu++) {
        for (size_t c = 0; c < self->chains; c++)
            m[mu] += self->mean[c * k + mu] / (double)self->chains;
        size[mu] = mean_size(self, mu);
    }
    ph_align(accumulator->point, m, size, ph_rank_tie(accumulator->point), order, sign);
    for (size_t j = 0; j < k; j++) {
        const bool ranks = accumulator->view == PH_VIEW_RANKS;
        self->row[ranks ? order[j] : j] = j;
        self->row_sign[ranks ? order[j] : j] = ranks ? sign[j] : 1.0;
    }
}

/* Adds a share of the order parameters of a chain's last state to n[features]. */
static void add_last(const ph_segment_t *segment, size_t chain, const ph_meanfield_t *sample,
                     double share, double *n)
{
    const size_t features = (size_t)sample->features, neurons = (size_t)sample->coupling->neurons;
    const uint8_t *spins = segment->spins + chain * ph_segment_spin_bytes(segment->state_bits);
    for (size_t i = 0; i < neurons; i++) {
        const double sign = (spins[i / 8] >> (i % 8) & 1) != 0 ? share : -share;
        const int16_t *phi = sample->coupling->phi + i * features;
        for (size_t p = 0; p < features; p++)
            n[p] += sign * phi[p] * sample->example_scale[p] / (double)neurons;
    }
}

/*
 * Where the sample's mean field of a chain starts from, n[features]; `population` is the state of
 * the infinite network that goes with it, turned as the chain is. Which examples a chain follows
 * its magnetizations do not say, but its last state does, and a start from an example.
 */
static void start_vector(const ph_accumulator_t *accumulator, const chains_t *self, size_t chain,
                         const ph_meanfield_t *sample, double *population, double *n)
{
    const double *mean = self->mean + chain * self->patterns;
    const bool learning = accumulator->point->rule != PH_RULE_STORAGE;
    double examples[PH_MEANFIELD_PATTERNS_MAX];
    ph_alignment_t alignment;
    memcpy(population, mean, accumulator->patterns * sizeof(*population));
    memset(n, 0, (size_t)sample->features * sizeof(*n));
    if (accumulator->by_own_state && learning) {
        add_last(self->segment, chain, sample, 1.0, n);
        return;
    }
    if (accumulator->by_own_state) {
        ph_meanfield_spread(sample, mean, n);
        return;
    }
    ph_alignment_of(&alignment, accumulator->point, mean, 0.0);
    ph_alignment_turn(&accumulator->alignment, &alignment, accumulator->patterns,
                      accumulator->start.m, population);
    ph_alignment_turn(&accumulator->alignment, &alignment, accumulator->patterns,
                      accumulator->start.n, examples);
    if (accumulator->example)
        ph_meanfield_start(sample, accumulator->point, n);
    else
        ph_meanfield_spread(sample, examples, n);
}

static size_t same_row(const double *table, size_t width, size_t row, double tolerance)
{
    for (size_t r = 0; r < row; r++) {
        double largest = 0.0;
        for (size_t mu = 0; mu < width; mu++)
            largest = fmax(largest, fabs(table[r * width + mu] - table[row * width + mu]));
        if (largest <= tolerance)
            return r;
    }
    return row;
}

/* Judges a sample's state and adds its correction; NaN where that is none. */
static int predict(ph_accumulator_t *accumulator, const ph_state_t *state,
                   const ph_meanfield_t *sample, double *out)
{
    const int64_t neurons = accumulator->point->neurons;
    double correction[PH_MEANFIELD_PATTERNS_MAX];
    ph_correction_t became;
    double *n = malloc((size_t)state->features * sizeof(*n));
    if (n == NULL)
        return PH_ERR_MEMORY;
    if (!state->converged)
        ph_accumulator_doubt(accumulator, PH_REASON_UNSOLVED);
    else if (!(state->stability > 0.0))
        ph_accumulator_doubt(accumulator, PH_REASON_UNSTABLE);
    int status = ph_meanfield_correction(state, sample, neurons, n, correction, &became, NULL);
    free(n);
    for (size_t mu = 0; mu < accumulator->patterns; mu++) {
        if (fabs(correction[mu]) > PH_COMPARE_CORRECTION / sqrt((double)neurons))
            ph_accumulator_doubt(accumulator, PH_REASON_TRANSITION);
        out[mu] = state->m[mu] + correction[mu];
    }
    return status == PH_ERR_NUMERIC ? PH_OK : status;
}

/* The sample's state and the population's state that goes with it, for every chain. */
static int solve_chains(ph_accumulator_t *accumulator, chains_t *self, const ph_meanfield_t *sample)
{
    const size_t k = self->patterns, bytes = k * sizeof(double);
    ph_state_t state = {0}, infinite = {0};
    int status = ph_state_init(&state, sample->features, sample->patterns);
    if (status == PH_OK)
        status = ph_state_init(&infinite, sample->patterns, sample->patterns);
    for (size_t c = 0; c < self->chains && status == PH_OK; c++) {
        double *population = self->population + c * k, *solution = self->solution + c * k;
        start_vector(accumulator, self, c, sample, population, state.n);
        const size_t twin = accumulator->by_own_state ? c : same_row(self->population, k, c, 0.0);
        if (twin < c) {
            memcpy(solution, self->solution + twin * k, bytes);
            memcpy(self->predicted + c * k, self->predicted + twin * k, bytes);
            self->group[c] = self->group[twin];
            continue;
        }
        status = ph_meanfield_solve(&state, sample, NULL);
        memcpy(solution, state.m, bytes);
        if (status == PH_OK)
            status = predict(accumulator, &state, sample, self->predicted + c * k);
        self->group[c] = same_row(self->solution, k, c, SAME_STATE);
        if (status == PH_OK && accumulator->by_own_state) {
            ph_meanfield_examples(sample, state.n, infinite.n);
            status = ph_meanfield_solve(&infinite, &accumulator->population, NULL);
            memcpy(population, infinite.m, bytes);
        }
    }
    ph_state_free(&state);
    ph_state_free(&infinite);
    for (size_t c = 0; c < self->chains; c++) /* one alignment a group */
        ph_alignment_of(&self->alignment[c], accumulator->point,
                        self->population + self->group[c] * k, ALIGNMENT_TIE);
    return status;
}

/* The mean of the chains that share the state of chain `first`: in storage over their records, of
 * learned examples over their last states. */
static void group_mean(const ph_accumulator_t *accumulator, const chains_t *self, size_t first,
                       const ph_meanfield_t *sample, double *n)
{
    const size_t k = self->patterns;
    double count = 0.0, mean[PH_MEANFIELD_PATTERNS_MAX] = {0.0};
    for (size_t c = first; c < self->chains; c++)
        count += self->group[c] == first;
    memset(n, 0, (size_t)sample->features * sizeof(*n));
    for (size_t c = first; c < self->chains; c++) {
        if (self->group[c] != first)
            continue;
        for (size_t mu = 0; mu < k; mu++)
            mean[mu] += self->mean[c * k + mu] / count;
        if (accumulator->point->rule != PH_RULE_STORAGE)
            add_last(self->segment, c, sample, 1.0 / count, n);
    }
    if (accumulator->point->rule == PH_RULE_STORAGE)
        ph_meanfield_spread(sample, mean, n);
}

/*
 * A small network leaves a shallow state for another before its records begin, all chains alike,
 * so that R-hat sees nothing: then the sample's flow from where they are ends in the other state.
 */
static int check_stayed(ph_accumulator_t *accumulator, const chains_t *self,
                        const ph_meanfield_t *sample)
{
    const size_t k = self->patterns;
    const double spin = PH_COMPARE_SPINS / (double)accumulator->point->neurons;
    ph_state_t state = {0};
    int status = ph_state_init(&state, sample->features, sample->patterns);
    for (size_t first = 0; first < self->chains && status == PH_OK; first++) {
        if (self->group[first] != first)
            continue;
        group_mean(accumulator, self, first, sample, state.n);
        status = ph_meanfield_solve(&state, sample, NULL);
        for (size_t mu = 0; mu < k && status == PH_OK; mu++)
            if (fabs(state.m[mu] - self->solution[first * k + mu]) > spin)
                ph_accumulator_doubt(accumulator, PH_REASON_LEFT);
    }
    ph_state_free(&state);
    return status;
}

/* Means of chains that change sign are of no well: |m| is what the theory says, m is not. */
static void check_signs(ph_accumulator_t *accumulator, const chains_t *self)
{
    const size_t k = self->patterns;
    const double clear = 2.0 / sqrt((double)accumulator->point->neurons);
    for (size_t mu = 0; mu < k; mu++) {
        double mean = 0.0, well = 0.0;
        const double size = mean_size(self, mu);
        for (size_t c = 0; c < self->chains; c++) {
            mean += fabs(self->mean[c * k + mu]) / (double)self->chains;
            well += fabs(self->predicted[c * k + mu]) / (double)self->chains;
        }
        if (well > clear && size > 0.5 * well && size < 2.0 * well && mean < 0.5 * size)
            ph_accumulator_doubt(accumulator, PH_REASON_SIGNS);
    }
}

/* R-hat without halves, from means and variances of the chains alone. */
static double plain_rhat(const chains_t *self, const size_t *members, size_t count, size_t mu)
{
    double within = 0.0, sum = 0.0, squares = 0.0;
    const double n = (double)self->records;
    const double shift = self->mean[members[0] * self->patterns + mu];
    for (size_t i = 0; i < count; i++) {
        const double mean = self->mean[members[i] * self->patterns + mu] - shift;
        within += ph_moments_variance(chain_sums(self, members[i], mu), self->records);
        sum += mean;
        squares += mean * mean;
    }
    if (count < 2)
        return 1.0;
    within /= (double)count;
    const double between = (squares - sum * sum / (double)count) / ((double)count - 1.0);
    return sqrt((n - 1.0) / n + between / within);
}

/* Variance of a group's mean in one component; NaN where its chains are too short or not
 * equilibrated, so that it says nothing. */
static double group_error(ph_accumulator_t *accumulator, chains_t *self, const size_t *members,
                          size_t count, size_t mu)
{
    double lowest = INFINITY, highest = -INFINITY, squares = 0.0, rhat;
    bool enough = true;
    for (size_t i = 0; i < count; i++) {
        lowest = fmin(lowest, self->mean[members[i] * self->patterns + mu]);
        highest = fmax(highest, self->mean[members[i] * self->patterns + mu]);
    }
    if (self->segment->series != NULL) {
        const size_t n = (size_t)self->records;
        for (size_t i = 0; i < count; i++)
            for (size_t k = 0; k < n; k++)
                self->series[i * n + k] = chain_record(self, members[i], k, mu);
        const ph_estimate_t found = ph_estimate_chains(self->series, count, n);
        enough = found.enough;
        squares = found.error * found.error;
        rhat = ph_split_rhat(self->series, count, n);
    } else {
        for (size_t i = 0; i < count; i++) {
            const ph_estimate_t found =
                ph_estimate_sums(chain_sums(self, members[i], mu), self->records);
            enough = enough && found.enough;
            squares += found.error * found.error / (double)(count * count);
        }
        rhat = plain_rhat(self, members, count, mu);
    }
    /* chains within one spin of each other are together, however little each of them moves */
    const double spin = 2.0 / (double)accumulator->point->neurons;
    const bool parted = rhat > PH_COMPARE_RHAT && (self->chains == 1 || highest - lowest > spin);
    if (parted)
        ph_accumulator_doubt(accumulator, PH_REASON_UNEQUILIBRATED);
    if (!enough)
        ph_accumulator_doubt(accumulator, PH_REASON_SHORT);
    return parted || !enough ? (double)NAN : squares;
}

static int add_thermal(ph_accumulator_t *accumulator, chains_t *self)
{
    size_t *members = malloc(self->chains * sizeof(*members));
    if (members == NULL)
        return PH_ERR_MEMORY;
    const double all = (double)self->chains * (double)accumulator->grid->samples;
    for (size_t first = 0; first < self->chains; first++) {
        size_t count = 0;
        for (size_t c = first; c < self->chains; c++)
            if (self->group[c] == first)
                members[count++] = c;
        for (size_t mu = 0; count > 0 && mu < self->patterns; mu++) {
            const double share = (double)count / all;
            accumulator->thermal[self->row[mu]] +=
                share * share * group_error(accumulator, self, members, count, mu);
        }
    }
    free(members);
    return PH_OK;
}

/* Whether some chain's state has no small correction. */
static bool no_prediction(const chains_t *self)
{
    for (size_t i = 0; i < self->chains * self->patterns; i++)
        if (!isfinite(self->predicted[i]))
            return true;
    return false;
}

/*
 * What the theory under test differs from the solver, by place in the alignment of the grid's
 * start: from its samples where it has them, else from its population.
 */
static int find_offset(ph_accumulator_t *accumulator, const ph_meanfield_t *problem,
                       uint32_t sample, double *offset)
{
    const ph_theory_t *theory = accumulator->theory;
    const size_t k = accumulator->patterns;
    double differences[PH_MEANFIELD_PATTERNS_MAX] = {0.0};
    int status = PH_OK;
    ph_state_t state = {0};
    const double *given = NULL;
    if (theory != NULL)
        given = ph_theory_values(theory, "magnetization_sample", accumulator->number);
    if (theory != NULL && given == NULL) {
        given = ph_theory_values(theory, "magnetization", accumulator->number);
        for (size_t mu = 0; mu < k; mu++)
            differences[mu] = given[mu] - accumulator->start.m[mu];
    } else if (theory != NULL) {
        status = ph_state_init(&state, problem->features, problem->patterns);
        if (status != PH_OK)
            return status;
        ph_meanfield_start(problem, accumulator->point, state.n);
        status = ph_meanfield_solve(&state, problem, NULL);
        for (size_t mu = 0; mu < k; mu++)
            differences[mu] =
                given[sample * (size_t)accumulator->grid->patterns_max + mu] - state.m[mu];
        ph_state_free(&state);
    }
    for (size_t j = 0; j < k; j++) {
        offset[j] = accumulator->alignment.sign[j] * differences[accumulator->alignment.order[j]];
        if (!isfinite(offset[j]))
            ph_accumulator_doubt(accumulator, PH_REASON_UNSOLVED);
    }
    return status;
}

/* One pattern of one chain, whose place in the chain's alignment is j, into the pattern's row;
 * gives the deviation towards the sign of the chain's well, and what the prediction has beyond the
 * infinite network. */
static double add_chain(ph_accumulator_t *accumulator, const chains_t *self, size_t c, size_t j,
                        double offset, double *shift)
{
    const size_t k = self->patterns, mu = self->alignment[c].order[j], row = self->row[mu];
    const double share = 1.0 / ((double)self->chains * (double)accumulator->grid->samples);
    const double well = self->alignment[c].sign[j], sign = self->row_sign[mu];
    const double mean = self->mean[c * k + mu];
    const double predicted = self->predicted[c * k + mu] + well * offset;
    const double infinite = self->population[c * k + mu] + well * accumulator->population_offset[j];
    accumulator->mc[row] += share * sign * mean;
    accumulator->predicted[row] += share * sign * predicted;
    accumulator->infinite[row] += share * sign * infinite;
    accumulator->predicted_size[row] += share * fabs(predicted);
    accumulator->infinite_size[row] += share * fabs(infinite);
    accumulator->deviation[row] += share * well * (mean - predicted);
    *shift += well * (predicted - infinite) / (double)self->chains;
    return well * (mean - predicted);
}

static void add_chains(ph_accumulator_t *accumulator, const chains_t *self, const double *offset)
{
    const size_t lanes = accumulator->grid->lanes > 0 ? (size_t)accumulator->grid->lanes : 1,
                 k = self->patterns;
    const size_t blocks = (self->chains + lanes - 1) / lanes;
    for (size_t c = 0; c < self->chains; c++) {
        const size_t b = c / lanes, first = b * lanes;
        const size_t members = self->chains - first < lanes ? self->chains - first : lanes;
        for (size_t j = 0; j < k; j++) {
            const size_t row = self->row[self->alignment[c].order[j]];
            double *shift = &accumulator->sample_shift[row * (size_t)accumulator->grid->samples +
                                                       accumulator->samples];
            accumulator->differences[row * accumulator->blocks_max + accumulator->blocks + b] +=
                add_chain(accumulator, self, c, j, offset[j], shift) / (double)members;
        }
    }
    accumulator->blocks += blocks;
    accumulator->samples++;
}

int ph_compare_sample(ph_accumulator_t *accumulator, const ph_segment_t *segment, uint32_t sample)
{
    ph_sample_t drawn;
    ph_meanfield_t problem = {0};
    chains_t chains = {0};
    double offset[PH_MEANFIELD_PATTERNS_MAX];
    int status = ph_sample_draw(&drawn, accumulator->point, accumulator->grid->seed, sample);
    if (status == PH_OK)
        status = ph_meanfield_init_sample(&problem, accumulator->point, &drawn.coupling,
                                          &drawn.patterns, NULL);
    if (status == PH_OK)
        status = chains_init(&chains, accumulator, segment);
    if (status != PH_OK)
        goto out;
    find_means(&chains);
    find_rows(&chains, accumulator);
    status = solve_chains(accumulator, &chains, &problem);
    if (status == PH_OK && no_prediction(&chains)) {
        accumulator->left_out++;
        goto out;
    }
    if (status == PH_OK && !accumulator->by_own_state)
        status = check_stayed(accumulator, &chains, &problem);
    if (status == PH_OK)
        check_signs(accumulator, &chains);
    bool transient = false;
    if (status == PH_OK && accumulator->example && accumulator->samples == 0)
        status = ph_compare_transient_sample(accumulator->point, &drawn.coupling, &drawn.patterns,
                                             &transient);
    if (transient)
        ph_accumulator_doubt(accumulator, PH_REASON_TRANSIENT);
    if (status == PH_OK)
        status = find_offset(accumulator, &problem, sample, offset);
    if (status == PH_OK)
        status = add_thermal(accumulator, &chains);
    if (status == PH_OK)
        add_chains(accumulator, &chains, offset);
out:
    chains_free(&chains);
    ph_meanfield_free(&problem);
    ph_sample_free(&drawn);
    return status;
}
