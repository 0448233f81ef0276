/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/wells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/describe.h"
#include "analysis/compare/wells_private.h"
#include "analysis/meanfield/columns.h"

/* States this close are one state; alignments do not order magnetizations closer than
 * ALIGNMENT_TIE. */
static const double SAME_STATE = 1e-8, ALIGNMENT_TIE = 1e-6;

double ph_near_bound(size_t features)
{
    return (double)features + 5.0 * sqrt(2.0 * (double)features) + 15.0;
}

void ph_population_free(ph_population_t *self)
{
    ph_meanfield_free(&self->problem);
    ph_state_free(&self->start);
    memset(self, 0, sizeof(*self));
}

static void fill_nan(double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = (double)NAN;
}

/* Given patterns are no population: what they start from is asked of each sample. */
static int init_given(ph_population_t *self, const ph_point_t *point)
{
    const int status = ph_state_init(&self->start, point->patterns, point->patterns);
    if (status != PH_OK)
        return status;
    fill_nan(self->start.m, (size_t)point->patterns);
    fill_nan(self->start.n, (size_t)point->patterns);
    self->start.free_energy = (double)NAN;
    ph_alignment_of(&self->alignment, point, self->start.m, 1e-6);
    self->by_own_state =
        ph_start_has(point->start, PH_START_IS_OPEN) || ph_start_is_forgotten(point);
    self->given = self->own_start = true;
    return PH_OK;
}

int ph_population_init(ph_population_t *self, const ph_point_t *point, ph_average_t average)
{
    memset(self, 0, sizeof(*self));
    if (ph_point_is_given(point))
        return init_given(self, point);
    int status = ph_meanfield_init_population(&self->problem, point, average, NULL);
    if (status == PH_OK)
        status = ph_meanfield_columns(&self->problem);
    if (status == PH_OK)
        status = ph_state_init(&self->start, point->patterns, point->patterns);
    if (status != PH_OK)
        return status;
    ph_meanfield_start(&self->problem, point, self->start.n);
    status = ph_meanfield_solve(&self->start, &self->problem, NULL);
    ph_alignment_of(&self->alignment, point, self->start.m, 1e-6);
    /* A symmetric state that is not stable says nothing of where the chains go from it. */
    self->by_own_state =
        ph_start_has(point->start, PH_START_IS_OPEN) || ph_start_is_forgotten(point) ||
        (!ph_start_has(point->start, PH_START_IS_RANKED) && !(self->start.stability > 0.0));
    self->own_start = ph_start_facts(point->start)->spins == PH_SPINS_OF_EXAMPLE &&
                      ph_rule_learns(point->rule) && !ph_start_is_forgotten(point);
    return status;
}

int ph_search_init(ph_search_t *self)
{
    int status = ph_state_init(&self->state, self->sample->features, self->sample->patterns);
    if (status == PH_OK)
        status = ph_state_init(&self->infinite, self->sample->patterns, self->sample->patterns);
    return status;
}

void ph_search_free(ph_search_t *self)
{
    ph_state_free(&self->state);
    ph_state_free(&self->infinite);
}

void ph_wells_free(ph_wells_t *self)
{
    for (size_t w = 0; self->wells != NULL && w < self->count; w++) {
        ph_exact_well_free(&self->wells[w].exact);
        ph_exact_well_free(&self->wells[w].whole);
    }
    free(self->wells);
    free(self->of);
    free(self->moved);
    free(self->seen);
    free(self->room);
    memset(self, 0, sizeof(*self));
}

static int wells_init(ph_wells_t *self, size_t chains, size_t features)
{
    memset(self, 0, sizeof(*self));
    self->most = chains + PH_WELLS_MORE;
    self->wells = calloc(self->most, sizeof(*self->wells));
    self->of = calloc(chains, sizeof(*self->of));
    self->moved = calloc(chains, sizeof(*self->moved));
    self->seen = calloc(chains, sizeof(*self->seen));
    self->room = calloc((self->most + 1) * features + features * features, sizeof(*self->room));
    if (self->wells == NULL || self->of == NULL || self->moved == NULL || self->seen == NULL ||
        self->room == NULL)
        return PH_ERR_MEMORY;
    for (size_t w = 0; w < self->most; w++)
        self->wells[w].n = self->room + w * features;
    self->metric = self->room + (self->most + 1) * features;
    self->metric_of = SIZE_MAX;
    return PH_OK;
}

/*
 * The state of the infinite network that the grid's start leads to, turned as the chain is, into
 * `population` (NaN where there is none), and where the sample's flow starts from beside it, into
 * n. Which examples a chain follows its magnetizations do not say, but a start from an example
 * does; and patterns that overlap cannot be turned one by one.
 */
static void from_start(const ph_search_t *self, size_t chain, double *population, double *n)
{
    const ph_point_t *point = self->chains->point;
    const size_t k = self->chains->patterns;
    double examples[PH_MEANFIELD_PATTERNS_MAX];
    ph_alignment_t alignment;
    ph_alignment_of(&alignment, point, self->chains->mean + chain * k, 0.0);
    ph_alignment_turn(&self->population->alignment, &alignment, k, self->population->start.m,
                      population);
    ph_alignment_turn(&self->population->alignment, &alignment, k, self->population->start.n,
                      examples);
    if (self->population->own_start)
        ph_meanfield_start(self->sample, point, n);
    else
        ph_meanfield_spread(self->sample, examples, n);
}

/* Where the chain is: its last state. */
static void from_chain(const ph_search_t *self, size_t chain, double *n)
{
    memset(n, 0, (size_t)self->sample->features * sizeof(*n));
    ph_chains_add_last(self->chains, chain, self->sample, 1.0, n);
}

static double distance(const double *a, const double *b, size_t size)
{
    double most = 0.0;
    for (size_t p = 0; p < size; p++)
        most = fmax(most, fabs(a[p] - b[p]));
    return most;
}

/* Where only the whole well tells, it is made once; what fails for memory is told at the end. */
static double whole_depth(ph_well_t *well, const double *n)
{
    ph_exact_rows_t rows = well->rows;
    rows.whole = true;
    if (!well->asked) {
        const int status = ph_exact_well_init(&well->whole, &rows, well->n);
        if (status != PH_OK)
            ph_exact_well_free(&well->whole);
        well->status = status == PH_ERR_MEMORY ? status : PH_OK;
        well->asked = true;
    }
    return well->whole.m != NULL ? ph_exact_well_depth(&well->whole, &rows, n) : (double)INFINITY;
}

/* INFINITY outside; the well is summed. */
static double depth(ph_well_t *well, const double *n)
{
    const double found = ph_exact_well_depth(&well->exact, &well->rows, n);
    if (isfinite(found) || !ph_exact_well_may_reach(&well->exact, &well->rows, n))
        return found;
    return whole_depth(well, n);
}

static bool same_well(const ph_search_t *self, ph_well_t *well, const double *n)
{
    return distance(well->n, n, (size_t)self->sample->features) <= SAME_STATE ||
           (well->summed && isfinite(depth(well, n)));
}

int ph_wells_status(const ph_wells_t *self)
{
    for (size_t w = 0; w < self->count; w++)
        if (self->wells[w].status != PH_OK)
            return self->wells[w].status;
    return PH_OK;
}

/* Whether the state that a sample's own start led to says where chains go from it: not a symmetric
 * one that is not stable. */
static bool start_tells(const ph_search_t *self)
{
    return !self->population->given ||
           ph_start_has(self->chains->point->start, PH_START_IS_RANKED) ||
           self->state.stability > 0.0;
}

/* The infinite network's state beside a well: that of the grid's start where the sample's flow
 * leads from it to this well, else where its own flow leads from the well. */
static int find_population(ph_search_t *self, size_t chain, ph_well_t *well)
{
    const size_t k = self->chains->patterns;
    int status = PH_OK;
    if (!self->population->by_own_state) {
        from_start(self, chain, well->population, self->state.n);
        status = ph_meanfield_solve(&self->state, self->sample, NULL);
        if (status != PH_OK || same_well(self, well, self->state.n))
            return status;
        well->away = start_tells(self);
    }
    if (self->population->given) {
        fill_nan(well->population, k);
        return status;
    }
    ph_meanfield_examples(self->sample, well->n, self->infinite.n);
    status = ph_meanfield_solve(&self->infinite, &self->population->problem, NULL);
    memcpy(well->population, self->infinite.m, k * sizeof(*well->population));
    return status;
}

/*
 * A state beside a deeper one has no sum of its own, but is inside the other's where chains go to
 * and fro. What was found before the well it is inside of is left to that.
 */
static bool absorb(ph_wells_t *self, const ph_search_t *search, size_t into)
{
    bool any = false;
    for (size_t w = 0; w < into; w++) {
        ph_well_t *well = &self->wells[w];
        if (well->within || well->summed || !same_well(search, &self->wells[into], well->n))
            continue;
        for (size_t c = 0; c < search->chains->chains; c++)
            self->of[c] = self->of[c] == w && well->chains > 0 ? into : self->of[c];
        self->wells[into].chains += well->chains;
        well->chains = 0;
        well->within = any = true;
    }
    return any;
}

/* A well known before at -n. */
static const ph_well_t *find_mirror(const ph_wells_t *self, const double *n, size_t features)
{
    for (size_t w = 0; w < self->count; w++) {
        double most = 0.0;
        for (size_t p = 0; p < features; p++)
            most = fmax(most, fabs(self->wells[w].n[p] + n[p]));
        if (most <= SAME_STATE)
            return &self->wells[w];
    }
    return NULL;
}

int ph_wells_settle(ph_wells_t *self, ph_search_t *search, size_t chain, size_t *found, bool *wider)
{
    const size_t features = (size_t)search->sample->features;
    *wider = false;
    for (size_t w = 0; w < self->count; w++)
        if (!self->wells[w].within && same_well(search, &self->wells[w], search->state.n)) {
            *found = w;
            return PH_OK;
        }
    ph_well_t *well = &self->wells[self->count];
    memcpy(well->n, search->state.n, features * sizeof(*well->n));
    well->mirror = find_mirror(self, well->n, features);
    well->sizes = search->population->sizes;
    well->records = (double)search->chains->chains * (double)search->chains->records *
                    (double)search->chains->samples;
    int status = ph_well_describe(well, &search->state, search->sample, search->chains->point);
    if (status == PH_OK)
        status = find_population(search, chain, well);
    ph_alignment_of(&well->alignment, search->chains->point,
                    search->population->given ? well->m : well->population, ALIGNMENT_TIE);
    *found = self->count++;
    if (well->summed)
        *wider = absorb(self, search, *found);
    return status;
}

/* N delta f'' delta, f'' = S A S/T, of n about well w; twice its depth where that is known. */
static double metric_distance(ph_wells_t *self, const ph_search_t *search, size_t w,
                              const double *n)
{
    const size_t k = (size_t)search->sample->features;
    double sum = 0.0;
    if (self->wells[w].summed)
        return 2.0 * depth(&self->wells[w], n);
    for (size_t p = 0; p < k; p++) {
        double row = 0.0;
        for (size_t q = 0; q < k; q++)
            row += self->metric[p * k + q] * (n[q] - self->wells[w].n[q]);
        sum += row * (n[p] - self->wells[w].n[p]);
    }
    return sum;
}

static void set_metric(ph_wells_t *self, const ph_search_t *search, size_t w)
{
    const ph_meanfield_t *sample = search->sample;
    const size_t k = (size_t)sample->features;
    const double scale = (double)search->chains->point->neurons / sample->noise;
    if (self->metric_of == w)
        return;
    ph_meanfield_matrix(sample, self->wells[w].n, self->metric);
    for (size_t p = 0; p < k; p++)
        for (size_t q = 0; q < k; q++)
            self->metric[p * k + q] *= scale * sqrt(sample->weights[p] * sample->weights[q]);
    self->metric_of = w;
}

/* A well that the chain is plainly in: the one most chains are in. */
static bool plainly_in(ph_wells_t *self, const ph_search_t *search, size_t chain, const double *n)
{
    const size_t features = (size_t)search->sample->features;
    size_t most = 0;
    if (self->count == 0)
        return false;
    for (size_t w = 1; w < self->count; w++)
        if (self->wells[w].chains > self->wells[most].chains)
            most = w;
    if (self->wells[most].reason != PH_REASON_NONE)
        return false;
    set_metric(self, search, most);
    if (!(metric_distance(self, search, most, n) <= ph_near_bound(features)))
        return false;
    self->of[chain] = most;
    return true;
}

double ph_wells_distance(ph_wells_t *self, const ph_search_t *search, size_t w, const double *m)
{
    const ph_chains_t *chains = search->chains;
    const ph_well_t *well = &self->wells[w];
    const double spins = 4.0 / (double)chains->point->neurons;
    double sum = 0.0;
    if (!ph_rule_learns(chains->point->rule)) {
        set_metric(self, search, w);
        return metric_distance(self, search, w, m);
    }
    for (size_t mu = 0; mu < chains->patterns; mu++) {
        const double off = m[mu] - well->m[mu] - well->first[mu];
        sum += off * off / (well->spread[mu] * well->spread[mu] + spins * spins);
    }
    return sum;
}

static void first_record(const ph_chains_t *chains, size_t chain, double *m)
{
    for (size_t mu = 0; mu < chains->patterns; mu++)
        m[mu] = ph_chains_record(chains, chain, 0, mu);
}

/* Of the chains that moved, those that were in another of the wells before. */
static void find_hopped(ph_wells_t *self, const ph_search_t *search)
{
    const ph_chains_t *chains = search->chains;
    double first[PH_MEANFIELD_PATTERNS_MAX];
    for (size_t w = 0; w < self->count; w++) {
        if (self->wells[w].reason != PH_REASON_NONE)
            continue;
        for (size_t c = 0; c < chains->chains; c++) {
            if (!self->moved[c] || self->seen[c])
                continue;
            first_record(chains, c, first);
            self->seen[c] =
                ph_wells_distance(self, search, w, first) <= ph_near_bound(chains->patterns);
            self->hopped += self->seen[c];
        }
    }
}

void ph_wells_find_moved(ph_wells_t *self, const ph_search_t *search)
{
    const ph_chains_t *chains = search->chains;
    const size_t k = chains->patterns;
    double first[PH_MEANFIELD_PATTERNS_MAX];
    memset(self->moved, 0, chains->chains * sizeof(*self->moved));
    memset(self->seen, 0, chains->chains * sizeof(*self->seen));
    self->moved_count = self->hopped = 0;
    if (chains->segment->series == NULL)
        return;
    for (size_t w = 0; w < self->count; w++) {
        if (self->wells[w].reason != PH_REASON_NONE)
            continue;
        for (size_t c = 0; c < chains->chains; c++) {
            if (self->of[c] != w)
                continue;
            first_record(chains, c, first);
            self->moved[c] = !(ph_wells_distance(self, search, w, first) <= ph_near_bound(k));
            self->moved_count += self->moved[c];
        }
    }
    if (self->moved_count > 0)
        find_hopped(self, search);
}

static int find_by_states(ph_wells_t *self, ph_search_t *search)
{
    int status = PH_OK;
    bool wider;
    for (size_t c = 0; c < search->chains->chains && status == PH_OK; c++) {
        from_chain(search, c, search->state.n);
        if (!plainly_in(self, search, c, search->state.n)) {
            status = ph_meanfield_solve(&search->state, search->sample, NULL);
            if (status == PH_OK)
                status = ph_wells_settle(self, search, c, &self->of[c], &wider);
        }
        self->wells[self->of[c]].chains++;
    }
    if (status == PH_OK)
        ph_wells_find_moved(self, search);
    return status;
}

/*
 * Zero noise: a chain whose last state is not where the flow leads from it still moves; one in the
 * well of its start is where that leads.
 */
static int check_rest(const ph_wells_t *self, ph_search_t *search, size_t chain,
                      ph_reason_t *reason)
{
    const size_t k = search->chains->patterns;
    const ph_well_t *well = &self->wells[self->of[chain]];
    double loose = 0.0;
    for (size_t mu = 0; mu < k; mu++)
        loose = fmax(loose, well->allowance[mu]);
    from_chain(search, chain, search->state.n);
    const int status = ph_meanfield_solve(&search->state, search->sample, NULL);
    if (distance(search->state.m, search->chains->mean + chain * k, k) > loose + SAME_STATE)
        *reason = PH_REASON_TRANSIENT;
    else if (distance(search->state.m, well->m, k) > loose + SAME_STATE)
        *reason = PH_REASON_LEFT;
    return status;
}

static int find_by_start(ph_wells_t *self, ph_search_t *search, ph_reason_t *reason)
{
    double population[PH_MEANFIELD_PATTERNS_MAX];
    int status = PH_OK;
    bool wider;
    for (size_t c = 0; c < search->chains->chains && status == PH_OK; c++) {
        if (search->population->by_own_state)
            from_chain(search, c, search->state.n);
        else
            from_start(search, c, population, search->state.n);
        status = ph_meanfield_solve(&search->state, search->sample, NULL);
        if (status == PH_OK)
            status = ph_wells_settle(self, search, c, &self->of[c], &wider);
        self->wells[self->of[c]].chains++;
        if (status == PH_OK)
            status = check_rest(self, search, c, reason);
    }
    return status;
}

int ph_wells_find(ph_wells_t *self, const ph_population_t *population, const ph_chains_t *chains,
                  const ph_meanfield_t *sample, ph_reason_t *reason)
{
    ph_search_t search = {.population = population, .chains = chains, .sample = sample};
    int status = wells_init(self, chains->chains, (size_t)sample->features);
    *reason = PH_REASON_NONE;
    if (status == PH_OK)
        status = ph_search_init(&search);
    if (status == PH_OK)
        status = sample->noise > 0.0 ? find_by_states(self, &search)
                                     : find_by_start(self, &search, reason);
    ph_search_free(&search);
    return status == PH_OK ? ph_wells_status(self) : status;
}
