/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/phase/states.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/phase/states_private.h"
#include "base/floating.h"
#include "sim/model/stream.h"

enum {
    SIZE = PH_STATES_PATTERNS_MAX,
    SYMMETRIES_MAX = 1024,
    ROUNDS_MIN = 2,
    TRIES_WORK = 80000000,
    QUIET_STARTS = 40 /* random starts a state, after the last new one */
};

/* How far out of a symmetry, relative to the largest overlaps, a descent begins. */
static const double PUSH = 0.02;

/* Ratios of overlaps from one block to the next: one decides, or nearly all count alike. */
static const double RATIOS[] = {0.25, 0.85};
enum { RATIOS_COUNT = sizeof(RATIOS) / sizeof(RATIOS[0]) };

typedef struct {
    const ph_landscape_t *landscape;
    ph_states_t *states;
    size_t capacity;
    ph_subspace_t whole;       /* without symmetry */
    ph_symmetry_t *symmetries; /* ordered blocks of patterns, 0 the first */
    ph_subspace_t *subspaces;  /* one a symmetry */
    size_t symmetries_count, symmetries_max;
    size_t tries; /* to complete the states */
} search_t;

/* States beyond the capacity push out those of highest free energy. */
static int add(search_t *self, const ph_fixed_point_t *state, bool *new)
{
    ph_states_t *states = self->states;
    *new = false;
    for (size_t i = 0; i < states->count; i++)
        if (ph_fixed_point_same(self->landscape, &states->states[i], state))
            return PH_OK;
    if (states->count == self->capacity && self->capacity < PH_STATES_MAX) {
        const size_t capacity = self->capacity == 0 ? 16 : 2 * self->capacity;
        ph_fixed_point_t *grown = realloc(states->states, capacity * sizeof(*grown));
        if (grown == NULL)
            return PH_ERR_MEMORY;
        states->states = grown;
        self->capacity = capacity < PH_STATES_MAX ? capacity : PH_STATES_MAX;
    }
    if (states->count == PH_STATES_MAX) {
        states->left_out++;
        if (states->states[states->count - 1].free_energy <= state->free_energy)
            return PH_OK;
        states->count--;
    }
    *new = true;
    size_t at = states->count++;
    for (; at > 0 && states->states[at - 1].free_energy > state->free_energy; at--)
        states->states[at] = states->states[at - 1];
    states->states[at] = *state;
    return PH_OK;
}

/* Takes the stationary point at n; from one that is not stable also what lies below it. */
static int take(search_t *self, const double *found, bool *new)
{
    const ph_landscape_t *landscape = self->landscape;
    const size_t count = landscape->patterns;
    ph_fixed_point_t state;
    double n[SIZE], soft[SIZE] = {0}, below[SIZE];
    bool known;
    for (size_t mu = 0; mu < count; mu++)
        n[mu] = fabs(found[mu]);
    *new = false;
    if (landscape->smooth && /* as most starts end */
        ph_fixed_point_any(landscape, self->states->states, self->states->count, n))
        return PH_OK;
    int status = ph_landscape_restore(landscape, n);
    if (status == PH_OK)
        status = ph_landscape_describe(landscape, n, &state, soft);
    if (status == PH_ERR_NUMERIC)
        return PH_OK;
    if (status == PH_OK)
        status = add(self, &state, new);
    if (status != PH_OK || !*new || ph_fixed_point_stable(&state, count))
        return status;
    for (int side = -1; side <= 1 && status == PH_OK; side += 2) {
        double most = 0.0;
        for (size_t mu = 0; mu < count; mu++)
            most = fmax(most, fabs(soft[mu]) / landscape->largest[mu]);
        for (size_t mu = 0; mu < count; mu++)
            below[mu] = most > 0.0 ? n[mu] + side * PUSH * soft[mu] / most
                                   : n[mu] * (1.0 - side * PUSH * (double)mu);
        if (ph_subspace_descend(&self->whole, below) != PH_OK)
            continue;
        status = take(self, below, &known);
    }
    return status;
}

static int descend_from(search_t *self, size_t s, double ratio)
{
    const ph_landscape_t *landscape = self->landscape;
    const ph_symmetry_t *symmetry = &self->symmetries[s];
    double n[SIZE];
    bool new;
    for (size_t mu = 0; mu < landscape->patterns; mu++)
        n[mu] = symmetry->block[mu] < 0 ? 0.0
                                        : landscape->largest[mu] * pow(ratio, symmetry->block[mu]);
    if (ph_subspace_descend(&self->subspaces[s], n) != PH_OK)
        return PH_OK;
    return take(self, n, &new);
}

/*
 * Every way to put patterns into ordered blocks, alike patterns in order: block[mu] for mu < at
 * is given, the highest block so far and the number of those below it still empty as well.
 */
static void list_symmetries(search_t *self, ph_symmetry_t *given, size_t at, int highest)
{
    const ph_landscape_t *landscape = self->landscape;
    const size_t count = landscape->patterns;
    int empty = 0, least = -1, last = -1;
    for (int b = 0; b <= highest; b++) {
        bool filled = false;
        for (size_t mu = 0; mu < at; mu++)
            filled = filled || given->block[mu] == b;
        empty += !filled;
    }
    if (self->symmetries_count == self->symmetries_max || (size_t)empty > count - at)
        return;
    if (at == count) {
        if (highest >= 0)
            self->symmetries[self->symmetries_count++] = *given;
        return;
    }
    for (size_t nu = 0; nu < at; nu++)
        if (landscape->like[nu] == landscape->like[at]) {
            least = given->block[nu];
            last = (int)nu;
        }
    if (last < 0 || least >= 0)
        for (int b = least < 0 ? 0 : least; b < (int)count; b++) {
            given->block[at] = b;
            list_symmetries(self, given, at + 1, b > highest ? b : highest);
        }
    given->block[at] = -1;
    list_symmetries(self, given, at + 1, highest);
}

/* The states everyone expects come first, should there be too many. */
static int make_symmetries(search_t *self)
{
    const size_t count = self->landscape->patterns;
    const size_t affordable = 200000 / self->landscape->problem.count;
    self->symmetries_max = affordable < SYMMETRIES_MAX ? affordable : SYMMETRIES_MAX;
    if (self->symmetries_max < 4 * count)
        self->symmetries_max = 4 * count;
    self->symmetries = malloc(self->symmetries_max * sizeof(*self->symmetries));
    if (self->symmetries == NULL)
        return PH_ERR_MEMORY;
    for (int hierarchical = 0; hierarchical <= 1; hierarchical++)
        for (size_t retrieved = 1; retrieved <= count; retrieved++) {
            ph_symmetry_t *one = &self->symmetries[self->symmetries_count++];
            for (size_t mu = 0; mu < count; mu++)
                one->block[mu] = mu >= retrieved ? -1 : hierarchical ? (int)mu : 0;
        }
    ph_symmetry_t given;
    list_symmetries(self, &given, 0, -1);
    self->subspaces = calloc(self->symmetries_count, sizeof(*self->subspaces));
    int status = self->subspaces == NULL ? PH_ERR_MEMORY
                                         : ph_subspace_init(&self->whole, self->landscape,
                                                            ph_symmetry_none(self->landscape));
    for (size_t s = 0; s < self->symmetries_count && status == PH_OK; s++)
        status = ph_subspace_init(&self->subspaces[s], self->landscape, self->symmetries[s]);
    return status;
}

static double find_degree(const ph_states_t *states)
{
    double degree = 0.0;
    for (size_t i = 0; i < states->count; i++) {
        double sign = 1.0;
        for (size_t mu = 0; mu < states->patterns; mu++) {
            const double value = states->states[i].spectrum[mu];
            if (!(fabs(value) > 1e-9))
                return NAN;
            sign = value < 0.0 ? -sign : sign;
        }
        degree += sign * states->states[i].copies;
    }
    return states->left_out > 0 ? (double)NAN : degree;
}

/* One round: from random overlaps of every symmetry, to a state of any kind or by descent. */
static int random_round(search_t *self, ph_stream_t *stream, bool descend, bool *found)
{
    const ph_landscape_t *landscape = self->landscape;
    int status = PH_OK;
    for (size_t s = 0; s < self->symmetries_count && status == PH_OK; s++) {
        const ph_symmetry_t *symmetry = &self->symmetries[s];
        double share[SIZE], n[SIZE];
        bool new = false;
        for (size_t b = 0; b < landscape->patterns; b++)
            share[b] = ph_stream_unit(stream);
        for (size_t mu = 0; mu < landscape->patterns; mu++)
            n[mu] =
                symmetry->block[mu] < 0 ? 0.0 : landscape->largest[mu] * share[symmetry->block[mu]];
        const int end = landscape->smooth && !descend ? ph_subspace_newton(&self->subspaces[s], n)
                                                      : ph_subspace_descend(&self->subspaces[s], n);
        if (end == PH_OK)
            status = take(self, n, &new);
        *found = *found || new;
    }
    return status;
}

/* The subspace of a symmetry among those listed; NULL: not there. */
static const ph_subspace_t *listed(const search_t *self, const ph_symmetry_t *wanted)
{
    const size_t count = self->landscape->patterns;
    for (size_t s = 0; s < self->symmetries_count; s++) {
        const int *block = self->symmetries[s].block, *own = wanted->block;
        bool same = true;
        for (size_t mu = 0; mu < count && same; mu++) {
            same = (block[mu] < 0) == (own[mu] < 0);
            for (size_t nu = 0; nu < mu && same; nu++)
                same = (block[mu] == block[nu]) == (own[mu] == own[nu]);
        }
        if (same)
            return &self->subspaces[s];
    }
    return NULL;
}

/* Newton's method from n, within the symmetry that n has. */
static int approach(search_t *self, double *n, bool *found)
{
    const ph_symmetry_t symmetry = ph_symmetry_of(self->landscape, n);
    const ph_subspace_t *subspace = listed(self, &symmetry);
    ph_subspace_t made = {0};
    bool new = false;
    self->tries++;
    int status = subspace != NULL ? PH_OK : ph_subspace_init(&made, self->landscape, symmetry);
    if (status == PH_OK && ph_subspace_newton(subspace != NULL ? subspace : &made, n) == PH_OK)
        status = take(self, n, &new);
    *found = *found || new;
    ph_subspace_free(&made);
    return status;
}

/* From the state at n with two blocks of alike patterns made one, or (a = b) one made 0. */
static int merge_blocks(search_t *self, const double *n, int a, int b, bool *found)
{
    const ph_landscape_t *landscape = self->landscape;
    const ph_symmetry_t symmetry = ph_symmetry_of(landscape, n);
    double merged[SIZE], sum = 0.0, size = 0.0;
    for (size_t mu = 0; mu < landscape->patterns; mu++)
        if (symmetry.block[mu] == a || symmetry.block[mu] == b) {
            sum += n[mu];
            size += 1.0;
        }
    if (size < 1.0 || symmetry.block[a] != a || symmetry.block[b] != b ||
        landscape->like[a] != landscape->like[b])
        return PH_OK;
    for (size_t mu = 0; mu < landscape->patterns; mu++) {
        const bool within = symmetry.block[mu] == a || symmetry.block[mu] == b;
        merged[mu] = !within ? n[mu] : a == b ? 0.0 : sum / size;
    }
    return approach(self, merged, found);
}

/* From the highest place of the straight line between two states. */
static int cross_ridge(search_t *self, const double *from, const double *to, bool *found)
{
    double top[SIZE];
    ph_subspace_ridge(&self->whole, from, to, top);
    return approach(self, top, found);
}

/* From one state to another and to its copies with two patterns that follow each other exchanged.
 */
static int cross_ridges(search_t *self, const double *from, double *to, bool *found)
{
    const ph_landscape_t *landscape = self->landscape;
    int status = cross_ridge(self, from, to, found);
    for (size_t mu = 0; mu + 1 < landscape->patterns && status == PH_OK; mu++) {
        const double kept[2] = {to[mu], to[mu + 1]};
        if (landscape->like[mu] != landscape->like[mu + 1])
            continue;
        to[mu] = kept[1], to[mu + 1] = kept[0];
        status = cross_ridge(self, from, to, found);
        to[mu] = kept[0], to[mu + 1] = kept[1];
    }
    return status;
}

static bool incomplete(const ph_states_t *states)
{
    return states->degree != 1.0 && !isnan(states->degree);
}

/* Where states are missing: between those there are, by symmetry and over the ridges, until none
 * is, or enough has been tried. */
static int complete(search_t *self, bool *found)
{
    ph_states_t *states = self->states;
    const int count = (int)self->landscape->patterns;
    const size_t rows = self->landscape->problem.count, tries_max = TRIES_WORK / (rows * rows);
    int status = PH_OK;
    for (size_t i = 0;
         i < states->count && status == PH_OK && incomplete(states) && self->tries < tries_max;
         i++) {
        double n[SIZE], other[SIZE];
        memcpy(n, states->states[i].overlap, sizeof(n));
        for (int a = 0; a < count; a++)
            for (int b = a; b < count && status == PH_OK; b++)
                status = merge_blocks(self, n, a, b, found);
        states->degree = find_degree(states);
        for (size_t j = 0; j <= i && j < states->count && status == PH_OK; j++) {
            if (!incomplete(states) || self->tries >= tries_max)
                break;
            memcpy(other, states->states[j].overlap, sizeof(other));
            status = cross_ridges(self, n, other, found);
            states->degree = find_degree(states);
        }
    }
    return status;
}

static size_t count_stable(const ph_states_t *states)
{
    size_t count = 0;
    for (size_t i = 0; i < states->count; i++)
        count += ph_fixed_point_stable(&states->states[i], states->patterns);
    return count;
}

/*
 * Pairs of states of opposite sign may be missing together, so that the degree says nothing of
 * them. Starts that end in known states tell how much is left: with as many of them as this since
 * the last new state, one that attracts its share of starts would have been met. Descents end in
 * states that are stable within the symmetry of their start: mostly stable ones, and of the others
 * take() keeps what lies below. Where no state is stable, as at a transition, one is searched for.
 */
static bool searched(const search_t *self, bool all, size_t quiet)
{
    const ph_states_t *states = self->states;
    const size_t rows = self->landscape->problem.count, affordable = TRIES_WORK / (rows * rows);
    const size_t met = all && states->left_out == 0 ? states->count : count_stable(states);
    const size_t wanted = QUIET_STARTS * (met > 0 ? met : 1);
    return !self->landscape->smooth || quiet >= (wanted < affordable ? wanted : affordable);
}

/* Random starts once all ordered blocks have been tried, until no more are wanted. */
static int search_randomly(search_t *self, bool all)
{
    ph_states_t *states = self->states;
    const bool smooth = self->landscape->smooth;
    ph_stream_t stream;
    int status = PH_OK;
    ph_stream_init(&stream, ph_stream_key(0, ph_digest_bytes("states", 6)), PH_PURPOSE_START, 0, 0,
                   0);
    for (size_t quiet = 0; status == PH_OK;) {
        bool found = false;
        status = random_round(self, &stream, !all, &found);
        quiet = found ? 0 : quiet + 1;
        if (status != PH_OK || quiet < ROUNDS_MIN ||
            !searched(self, all, quiet * self->symmetries_count))
            continue;
        states->degree = find_degree(states);
        if (!all || !smooth || !incomplete(states))
            break;
        found = false;
        status = complete(self, &found);
        if (!found)
            break;
        quiet = 0;
    }
    return status;
}

/* `all`: unstable states, too, until degrees say that none is missing. */
static int search(search_t *self, bool all)
{
    const double zero[SIZE] = {0};
    bool new;
    int status = make_symmetries(self);
    if (status == PH_OK)
        status = take(self, zero, &new);
    for (size_t s = 0; s < self->symmetries_count && status == PH_OK; s++)
        for (size_t r = 0; r < RATIOS_COUNT && status == PH_OK; r++)
            status = descend_from(self, s, RATIOS[r]);
    return status == PH_OK ? search_randomly(self, all) : status;
}

/* At a transition the flow creeps: what it has come near is found by descent. */
static int follow_flow(const search_t *self, double *n, bool *found)
{
    const ph_landscape_t *landscape = self->landscape;
    ph_state_t flow;
    ph_subspace_t subspace = {0};
    int status = ph_state_init(&flow, landscape->point->patterns, landscape->point->patterns);
    if (status == PH_OK) {
        ph_meanfield_start(&landscape->problem, landscape->point, flow.n);
        status = ph_meanfield_solve(&flow, &landscape->problem, NULL);
    }
    if (status != PH_OK)
        goto out;
    *found = flow.converged;
    memcpy(n, flow.n, landscape->patterns * sizeof(*n));
    if (flow.converged)
        goto out;
    status = ph_subspace_init(&subspace, landscape, ph_symmetry_of(landscape, n));
    if (status == PH_OK)
        *found = ph_subspace_descend(&subspace, n) == PH_OK;
out:
    ph_subspace_free(&subspace);
    ph_state_free(&flow);
    return status;
}

/* Where the flow from the point's start ends. */
static int find_reached(search_t *self)
{
    const ph_landscape_t *landscape = self->landscape;
    ph_states_t *states = self->states;
    ph_fixed_point_t state;
    double n[SIZE];
    bool new, found = false;
    int status = follow_flow(self, n, &found);
    if (status != PH_OK || !found)
        return status;
    status = take(self, n, &new);
    if (status == PH_OK)
        status = ph_landscape_restore(landscape, n);
    if (status == PH_OK)
        status = ph_landscape_describe(landscape, n, &state, NULL);
    if (status != PH_OK)
        return status;
    for (size_t i = 0; i < states->count && states->reached < 0; i++)
        if (ph_fixed_point_same(landscape, &states->states[i], &state))
            states->reached = (int)i;
    if (states->reached < 0 && states->count == PH_STATES_MAX) {
        /* It is above all that are kept: counted as left out, it changes places with one. */
        states->reached = PH_STATES_MAX - 1;
        states->states[states->reached] = state;
    }
    return PH_OK;
}

static void name_kinds(ph_states_t *states)
{
    bool ground = false;
    for (size_t i = 0; i < states->count; i++) {
        ph_fixed_point_t *state = &states->states[i];
        const bool stable = ph_fixed_point_stable(state, states->patterns);
        state->kind = !stable  ? PH_STABILITY_UNSTABLE
                      : ground ? PH_STABILITY_METASTABLE
                               : PH_STABILITY_STABLE;
        if (stable && !ground)
            states->ground = i;
        ground = ground || stable;
    }
}

static int find(ph_states_t *self, const ph_point_t *point, ph_average_t average, bool all,
                ph_report_t *report)
{
    PH_FLOATING_GUARD();
    ph_landscape_t landscape;
    search_t found = {.landscape = &landscape, .states = self};
    memset(self, 0, sizeof(*self));
    int status = ph_landscape_init(&landscape, point, average, report);
    if (status != PH_OK)
        return status;
    self->patterns = landscape.patterns;
    self->doubtful = landscape.problem.doubtful;
    memcpy(self->largest, landscape.largest, sizeof(self->largest));
    status = search(&found, all);
    self->reached = -1;
    if (status == PH_OK && all)
        status = find_reached(&found);
    if (status == PH_OK) {
        name_kinds(self);
        self->degree = find_degree(self);
    } else {
        ph_states_free(self);
        ph_fail(report, status, "the search for all states failed: %s", ph_status_text(status));
    }
    for (size_t s = 0; found.subspaces != NULL && s < found.symmetries_count; s++)
        ph_subspace_free(&found.subspaces[s]);
    ph_subspace_free(&found.whole);
    free(found.subspaces);
    free(found.symmetries);
    ph_landscape_free(&landscape);
    return status;
}

int ph_states_find(ph_states_t *self, const ph_point_t *point, ph_average_t average,
                   ph_report_t *report)
{
    return find(self, point, average, true, report);
}

int ph_states_list(ph_states_t *self, const ph_point_t *point, ph_average_t average)
{
    return find(self, point, average, false, NULL);
}

void ph_states_free(ph_states_t *self)
{
    free(self->states);
    memset(self, 0, sizeof(*self));
}
