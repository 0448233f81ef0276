/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>
#include <math.h>
#include <string.h>

#include "analysis/phase/boundary_private.h"

enum { DEPTH_MAX = 8, ITERATIONS_MAX = 100 };

static const double VANISHED = 1e-7; /* of an eigenvalue */
static const double SAME = 1e-7;     /* of a path: one place */
static const double EXACT = 1e-13;   /* of a path: where a crossing is placed */
static const double MEETING = 1e-4;  /* of a path: where the ends of two states are one place */
static const double INSIDE = 1e-4;
static const double MARGINAL = 1e-4; /* of the largest overlaps: two states that are becoming one */
static const double NEAR = 0.1; /* of the largest overlaps: one branch at neighbouring points */

void ph_boundaries_add(ph_boundaries_t *self, const ph_boundary_t *boundary)
{
    if (self->count == PH_BOUNDARIES_MAX) {
        self->left_out++;
        return;
    }
    size_t at = self->count++;
    for (; at > 0 && self->items[at - 1].share > boundary->share; at--)
        self->items[at] = self->items[at - 1];
    self->items[at] = *boundary;
}

static bool stable_in(const ph_states_t *states, const ph_fixed_point_t *wanted,
                      const double *largest)
{
    for (size_t i = 0; i < states->count; i++)
        if (states->states[i].kind != PH_STABILITY_UNSTABLE &&
            ph_label_equal(states->states[i].label, wanted->label) &&
            ph_branch_difference(&states->states[i], states->largest, wanted, largest,
                                 states->patterns) <= NEAR)
            return true;
    return false;
}

static int find_ends(ph_path_t *path, bool backwards, const ph_states_t *here,
                     const ph_states_t *there, ph_boundaries_t *ends)
{
    int status = PH_OK;
    for (size_t i = 0; i < here->count && status == PH_OK; i++) {
        ph_boundary_t end;
        bool found = false;
        if (here->states[i].kind == PH_STABILITY_UNSTABLE ||
            stable_in(there, &here->states[i], here->largest))
            continue;
        status = ph_boundary_end(path, backwards, here->states[i].overlap, &end, &found);
        if (status == PH_OK && found)
            ph_boundaries_add(ends, &end);
        status = status == PH_ERR_NUMERIC ? PH_OK : status;
    }
    return status;
}

/* Two branches, each followed from where it was last. */
typedef struct {
    ph_path_t *path;
    ph_branch_t below, above;
    int status;
} race_t;

/* f of the one below minus f of the one above; 0, to end the search, where one is lost. */
static double lead(double share, void *argument)
{
    race_t *race = argument;
    bool first = false, second = false;
    if (race->status == PH_OK)
        race->status = ph_branch_move(race->path, share, &race->below, &first);
    if (race->status == PH_OK)
        race->status = ph_branch_move(race->path, share, &race->above, &second);
    if (race->status == PH_OK && !(first && second))
        race->status = PH_ERR_NUMERIC;
    return race->status == PH_OK ? race->below.state.free_energy - race->above.state.free_energy
                                 : 0.0;
}

/* Where two branches that both live on [low, high] have one free energy. */
static int find_crossing(race_t *race, double low, double high, double *share)
{
    gsl_function function = {lead, race};
    const double inside = INSIDE * (high - low); /* at their very ends they are hard to hold */
    low += inside;
    high -= inside;
    const double first = lead(low, race), last = lead(high, race);
    if (race->status != PH_OK)
        return race->status;
    if (!(first * last <= 0.0))
        return PH_ERR_NUMERIC;
    gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    if (solver == NULL)
        return PH_ERR_MEMORY;
    int result = gsl_root_fsolver_set(solver, &function, low, high);
    for (int k = 0; k < ITERATIONS_MAX && result == GSL_SUCCESS; k++) {
        result = gsl_root_fsolver_iterate(solver);
        if (result == GSL_SUCCESS &&
            gsl_root_test_interval(gsl_root_fsolver_x_lower(solver),
                                   gsl_root_fsolver_x_upper(solver), EXACT, 0.0) == GSL_SUCCESS)
            break;
    }
    *share = gsl_root_fsolver_root(solver);
    gsl_root_fsolver_free(solver);
    return race->status != PH_OK ? race->status : result == GSL_SUCCESS ? PH_OK : PH_ERR_NUMERIC;
}

ph_branch_t ph_branch_ground(const ph_states_t *states, double share)
{
    ph_branch_t branch = {.state = states->states[states->ground], .share = share};
    branch.smooth = true; /* spectra of discrete rows without noise are 1 or not a number */
    memcpy(branch.largest, states->largest, sizeof(branch.largest));
    return branch;
}

static int find_changes(ph_path_t *path, ph_branch_t below, ph_branch_t above, int depth,
                        ph_boundaries_t *changes);

/* Another state is the lowest in between: it is looked for in the middle. */
static int split(ph_path_t *path, const ph_branch_t *below, const ph_branch_t *above, double share,
                 int depth, ph_boundaries_t *changes)
{
    ph_states_t states;
    ph_branch_t middle;
    if (depth >= DEPTH_MAX || above->share - below->share < SAME) {
        const ph_boundary_t change = {share, PH_BOUNDARY_CROSSING, below->state.label,
                                      above->state.label};
        ph_boundaries_add(changes, &change);
        return PH_OK;
    }
    int status = ph_states_list(&states, ph_path_point(path, share), path->average);
    if (status != PH_OK)
        return status;
    middle = ph_branch_ground(&states, share);
    ph_states_free(&states);
    status = find_changes(path, *below, middle, depth + 1, changes);
    return status == PH_OK ? find_changes(path, middle, *above, depth + 1, changes) : status;
}

/* A point that happens to be the place itself. */
static bool at_transition(const ph_branch_t *branch)
{
    return branch->smooth && fabs(branch->state.spectrum[0]) < VANISHED;
}

static double apart(const ph_path_t *path, const ph_branch_t *a, const ph_branch_t *b)
{
    return ph_branch_difference(&a->state, a->largest, &b->state, b->largest,
                                (size_t)path->from->patterns);
}

/* From the ground state `below` to the ground state `above` further up the path. */
static int find_changes(ph_path_t *path, ph_branch_t below, ph_branch_t above, int depth,
                        ph_boundaries_t *changes)
{
    const double low = below.share, high = above.share;
    ph_branch_t forth = below, back = above;
    ph_boundary_t last, first, change = {0};
    bool forth_ends, back_ends;
    const bool alike = ph_label_equal(below.state.label, above.state.label);
    if (!alike && (at_transition(&below) || at_transition(&above))) {
        change = (ph_boundary_t){at_transition(&below) ? low : high, PH_BOUNDARY_CONTINUOUS,
                                 below.state.label, above.state.label};
        ph_boundaries_add(changes, &change);
        return PH_OK;
    }
    if (alike && apart(path, &below, &above) <= NEAR)
        return PH_OK;
    int status = ph_branch_end(path, high, &forth, &last, &forth_ends);
    if (status == PH_OK && alike && !forth_ends && apart(path, &forth, &above) <= SAME)
        return PH_OK;
    if (status == PH_OK)
        status = ph_branch_end(path, low, &back, &first, &back_ends);
    if (status != PH_OK)
        return status;
    change.label = below.state.label;
    change.other = above.state.label;
    if (forth_ends && back_ends && fabs(forth.share - back.share) < MEETING) {
        /* Of two states that become one, the more symmetric ends at the sharper place. */
        change.share = forth.state.copies < back.state.copies ? last.share : first.share;
        change.kind = last.kind;
        ph_boundaries_add(changes, &change);
        return PH_OK;
    }
    if (forth.share > back.share) {
        race_t race = {.path = path, .below = forth, .above = back};
        status = find_crossing(&race, back.share, forth.share, &change.share);
        change.kind = apart(path, &race.below, &race.above) < MARGINAL ? PH_BOUNDARY_CONTINUOUS
                                                                       : PH_BOUNDARY_CROSSING;
        if (status == PH_OK)
            ph_boundaries_add(changes, &change);
        if (status != PH_ERR_NUMERIC)
            return status;
    }
    return split(path, &below, &above, 0.5 * (low + high), depth, changes);
}

/*
 * Two states that become each other without much of a jump meet in one place, or each has its own
 * end: then there is a jump, however small.
 */
static void match_ends(ph_boundaries_t *ends)
{
    for (size_t i = 0; i < ends->count; i++)
        for (size_t j = i + 1; j < ends->count; j++) {
            ph_boundary_t *a = &ends->items[i], *b = &ends->items[j];
            if (a->kind != PH_BOUNDARY_CONTINUOUS || b->kind != PH_BOUNDARY_CONTINUOUS ||
                !ph_label_equal(a->label, b->other) || !ph_label_equal(a->other, b->label))
                continue;
            if (fabs(a->share - b->share) > MEETING)
                a->kind = b->kind = PH_BOUNDARY_SPINODAL;
        }
}

/* Where the examples of a ground state part, if it is one state all the way. */
static int find_example_line(ph_path_t *path, ph_branch_t below, const ph_branch_t *above,
                             ph_boundaries_t *ends)
{
    const bool apart_below = !(below.state.example_stability > 0.0);
    double beyond = 1.0;
    bool there;
    if (apart_below == !(above->state.example_stability > 0.0) ||
        !ph_label_equal(below.state.label, above->state.label))
        return PH_OK;
    while (beyond - below.share > 1e-12) {
        const double middle = 0.5 * (below.share + beyond);
        ph_branch_t trial = below;
        int status = ph_branch_move(path, middle, &trial, &there);
        if (status != PH_OK || !there)
            return status;
        if (!(trial.state.example_stability > 0.0) == apart_below)
            below = trial;
        else
            beyond = middle;
    }
    const ph_boundary_t line = {below.share, PH_BOUNDARY_EXAMPLES, below.state.label,
                                below.state.label};
    ph_boundaries_add(ends, &line);
    return PH_OK;
}

/* Of several states a push may lead to, the ground state is named. */
static void name_others(ph_boundaries_t *ends, const ph_boundaries_t *changes)
{
    for (size_t i = 0; i < ends->count; i++)
        for (size_t j = 0; j < changes->count; j++) {
            ph_boundary_t *end = &ends->items[i];
            const ph_boundary_t *change = &changes->items[j];
            if (end->kind != PH_BOUNDARY_CONTINUOUS || change->kind != PH_BOUNDARY_CONTINUOUS ||
                fabs(end->share - change->share) > MEETING)
                continue;
            if (ph_label_equal(end->label, change->label))
                end->other = change->other;
            else if (ph_label_equal(end->label, change->other))
                end->other = change->label;
        }
}

int ph_boundary_find(ph_path_t *path, const ph_states_t *from, const ph_states_t *to,
                     ph_boundaries_t *ends, ph_boundaries_t *changes)
{
    const ph_branch_t below = ph_branch_ground(from, 0.0), above = ph_branch_ground(to, 1.0);
    int status = find_ends(path, false, from, to, ends);
    if (status == PH_OK)
        status = find_ends(path, true, to, from, ends);
    match_ends(ends);
    if (status == PH_OK)
        status = find_changes(path, below, above, 0, changes);
    name_others(ends, changes);
    if (status == PH_OK)
        status = find_example_line(path, below, &above, ends);
    return status;
}
