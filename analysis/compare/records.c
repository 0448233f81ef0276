/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Chains that go from well to well, record by record. */
#include "analysis/compare/records.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/wells_private.h"

static const double RELAXED = 3.0; /* relaxation times, after which a chain is of its well's law */
static const double REACH = 4.0;   /* times the distance at which a record is in a well unasked */
/* Flows followed from records of a sample that are in no well: stored patterns, learned examples.
 */
enum { SOLVES = 100, SOLVES_LEARNED = 10 };

static const size_t NONE = SIZE_MAX;

void ph_well_records_free(ph_well_records_t *self)
{
    free(self->well);
    free(self->kind);
    memset(self, 0, sizeof(*self));
}

static bool stable(const ph_well_t *well)
{
    return !well->within && well->reason != PH_REASON_UNSOLVED &&
           well->reason != PH_REASON_UNSTABLE;
}

/* What a search has in hand beyond that of wells. */
typedef struct {
    ph_well_records_t *out;
    ph_wells_t *wells;
    ph_search_t *search;
    double *distance; /* [chains][records] to the nearest well */
    size_t records;
    bool absorbed; /* some well was found inside a new one, which has its chains */
} finder_t;

static void magnetizations(const ph_chains_t *chains, size_t chain, size_t record, double *m)
{
    for (size_t mu = 0; mu < chains->patterns; mu++)
        m[mu] = ph_chains_record(chains, chain, record, mu);
}

/* Records to which well w is the nearest so far. */
static void take(finder_t *self, size_t w)
{
    const ph_chains_t *chains = self->search->chains;
    const double bound = ph_near_bound(chains->patterns);
    double m[PH_MEANFIELD_PATTERNS_MAX];
    if (!stable(&self->wells->wells[w]))
        return;
    for (size_t i = 0; i < chains->chains * self->records; i++) {
        magnetizations(chains, i / self->records, i % self->records, m);
        const double distance = ph_wells_distance(self->wells, self->search, w, m);
        if (!(distance <= bound) || distance >= self->distance[i])
            continue;
        self->distance[i] = distance;
        self->out->well[i] = w;
    }
}

/* All records anew. */
static void take_all(finder_t *self)
{
    for (size_t i = 0; i < self->out->all; i++) {
        self->out->well[i] = NONE;
        self->distance[i] = INFINITY;
    }
    for (size_t w = 0; w < self->wells->count; w++)
        take(self, w);
}

/* The end of the stretch of records in one well, or none, that begins at i. */
static size_t stretch(const finder_t *self, size_t i, size_t end)
{
    size_t next = i + 1;
    while (next < end && self->out->well[next] == self->out->well[i])
        next++;
    return next;
}

/* Where the flow leads from the middle of a stretch in no well: perhaps to a well not known yet. */
static int look(finder_t *self, size_t chain, size_t record)
{
    const size_t count = self->wells->count;
    ph_search_t *search = self->search;
    double m[PH_MEANFIELD_PATTERNS_MAX];
    size_t found;
    bool wider = false;
    magnetizations(search->chains, chain, record, m);
    ph_meanfield_spread(search->sample, m, search->state.n);
    int status = ph_meanfield_solve(&search->state, search->sample, NULL);
    if (status == PH_OK)
        status = ph_wells_settle(self->wells, search, chain, &found, &wider);
    self->absorbed = self->absorbed || wider;
    if (status == PH_OK && wider)
        take_all(self);
    else if (status == PH_OK && self->wells->count > count)
        take(self, found);
    return status;
}

static int discover(finder_t *self)
{
    const size_t chains = self->search->chains->chains;
    size_t solves = ph_rule_learns(self->search->chains->point->rule) ? SOLVES_LEARNED : SOLVES;
    int status = PH_OK;
    for (size_t c = 0; c < chains; c++) {
        const size_t first = c * self->records, end = first + self->records;
        for (size_t i = first, next; i < end && status == PH_OK; i = next) {
            next = stretch(self, i, end);
            if (self->out->well[i] != NONE || solves == 0 ||
                self->wells->count == self->wells->most)
                continue;
            solves--;
            status = look(self, c, i - first + (next - i) / 2);
            next = stretch(self, i, end);
        }
    }
    return status;
}

static size_t relaxation(const finder_t *self, size_t w)
{
    const double every = (double)self->search->chains->point->record_every;
    const double records = ceil(RELAXED / (self->wells->wells[w].rate * every));
    return records < (double)self->records ? (size_t)fmax(records, 1.0) : self->records;
}

/* Whether all records of a stretch are no further out than the tails of well w may reach. */
static bool within_reach(const finder_t *self, size_t w, size_t i, size_t next)
{
    const ph_chains_t *chains = self->search->chains;
    const double bound = REACH * ph_near_bound(chains->patterns);
    double m[PH_MEANFIELD_PATTERNS_MAX];
    for (; i < next; i++) {
        magnetizations(chains, i / self->records, i % self->records, m);
        if (!(ph_wells_distance(self->wells, self->search, w, m) <= bound))
            return false;
    }
    return true;
}

/* Records far out, between such in one well. */
static void join(finder_t *self)
{
    size_t *well = self->out->well;
    for (size_t i = 0, next; i < self->out->all; i = next) {
        const size_t first = i - i % self->records, end = first + self->records;
        next = stretch(self, i, end);
        if (well[i] != NONE || i == first || next == end || well[i - 1] != well[next] ||
            next - i > relaxation(self, well[next]) || !within_reach(self, well[next], i, next))
            continue;
        for (size_t k = i; k < next; k++)
            well[k] = well[next];
    }
}

/* One chain: what each of its records is. */
static void sort_chain(finder_t *self, size_t chain)
{
    ph_well_records_t *out = self->out;
    const size_t first = chain * self->records, end = first + self->records;
    size_t wells = 0;
    for (size_t i = first, next; i < end; i = next) {
        const size_t w = out->well[i];
        next = stretch(self, i, end);
        out->mixed = out->mixed || w != self->wells->of[chain];
        if (w == NONE) {
            out->early += i == first ? next - i : 0;
            continue;
        }
        wells++;
        if (self->wells->wells[w].reason != PH_REASON_NONE) {
            out->mixed = true;
            out->mute += next - i;
            continue;
        }
        const size_t wait = relaxation(self, w);
        for (size_t k = i; k < next; k++) {
            const bool leaving = next < end && next - k <= wait, coming = i > first && k - i < wait;
            out->kind[k] = leaving  ? PH_RECORD_LEAVING
                           : coming ? PH_RECORD_COMING
                                    : PH_RECORD_WITHIN;
            out->within += out->kind[k] == PH_RECORD_WITHIN;
            out->early += wells == 1 && coming && !leaving;
        }
    }
    out->hopped += wells > 1;
}

int ph_well_records_find(ph_well_records_t *self, ph_wells_t *wells,
                         const ph_population_t *population, const ph_chains_t *chains,
                         const ph_meanfield_t *sample)
{
    ph_search_t search = {.population = population, .chains = chains, .sample = sample};
    finder_t finder = {.out = self, .wells = wells, .search = &search};
    memset(self, 0, sizeof(*self));
    if (chains->segment->series == NULL || !(chains->point->noise > 0.0))
        return PH_OK;
    finder.records = (size_t)chains->records;
    self->all = chains->chains * finder.records;
    self->well = malloc(self->all * sizeof(*self->well));
    self->kind = calloc(self->all, sizeof(*self->kind));
    finder.distance = malloc(self->all * sizeof(*finder.distance));
    int status = self->well == NULL || self->kind == NULL || finder.distance == NULL
                     ? PH_ERR_MEMORY
                     : ph_search_init(&search);
    if (status == PH_OK) {
        take_all(&finder);
        join(&finder);
        status = discover(&finder);
    }
    if (status == PH_OK && finder.absorbed) /* chains are marked by another well now */
        ph_wells_find_moved(wells, &search);
    if (status == PH_OK)
        join(&finder);
    for (size_t c = 0; c < chains->chains && status == PH_OK; c++)
        sort_chain(&finder, c);
    ph_search_free(&search);
    free(finder.distance);
    return status == PH_OK ? ph_wells_status(wells) : status;
}
