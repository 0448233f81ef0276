/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "analysis/phase/boundary_private.h"
#include "analysis/phase/trace_private.h"

enum { SIZE = PH_STATES_PATTERNS_MAX };

static const double NEAR = 1e-5;   /* of a way: a branch that ends here is the boundary's */
static const double FADING = 5e-3; /* overlaps, relative to the largest, that are about to vanish */
static const double SOFT = 0.02;   /* an eigenvalue that is about to */
static const double REACH = 0.05;

/* A state of an end of the way, followed up to a share of it: as far as it goes. */
static bool follow(ph_tracer_t *self, ph_way_t *way, size_t side, const ph_fixed_point_t *state,
                   double share, ph_branch_t *branch, bool *ends)
{
    ph_boundary_t end;
    int status = ph_branch_begin(&way->path, (double)side, state->overlap, branch);
    if (status == PH_OK)
        status = ph_branch_end(&way->path, share, branch, &end, ends);
    return ph_plane_status(&self->plane, status) == PH_OK;
}

/* Overlaps that are all but equal or none are made so: of two states that become one the more
 * symmetric. */
static ph_symmetry_t fade(const ph_point_t *point, const ph_branch_t *branch, double *n)
{
    const size_t patterns = (size_t)point->patterns;
    ph_symmetry_t symmetry;
    memcpy(n, branch->state.overlap, SIZE * sizeof(*n));
    for (size_t mu = 0; mu < patterns; mu++) {
        const double near = FADING * branch->largest[mu];
        symmetry.block[mu] = n[mu] < near ? -1 : (int)mu;
        for (size_t nu = 0; nu < mu && symmetry.block[mu] == (int)mu; nu++)
            if (ph_point_alike(point, mu, nu) && fabs(n[mu] - n[nu]) < near)
                symmetry.block[mu] = symmetry.block[nu];
    }
    return symmetry;
}

static ph_symmetry_t symmetry_at(const ph_point_t *point, const ph_branch_t *branch)
{
    const size_t patterns = (size_t)point->patterns;
    const double *n = branch->state.overlap;
    ph_symmetry_t symmetry;
    for (size_t mu = 0; mu < patterns; mu++) {
        symmetry.block[mu] = n[mu] < 1e-6 * branch->largest[mu] ? -1 : (int)mu;
        for (size_t nu = 0; nu < mu && symmetry.block[mu] == (int)mu; nu++)
            if (ph_point_alike(point, mu, nu) && fabs(n[mu] - n[nu]) < 1e-6 * branch->largest[mu])
                symmetry.block[mu] = symmetry.block[nu];
    }
    return symmetry;
}

static void start_system(ph_tracer_t *self, const ph_way_t *way, double share, ph_sprout_t *sprout)
{
    sprout->special = -1;
    ph_system_init(&sprout->system, &self->plane);
    memcpy(sprout->z, way->place, sizeof(way->place));
    sprout->z[way->along] += share * way->length;
}

/* Where a state ends: by the eigenvalue that vanishes there. */
static bool seed_end(ph_tracer_t *self, ph_way_t *way, const ph_branch_t *branch, bool continuous,
                     ph_sprout_t *sprout)
{
    double n[SIZE], least;
    ph_condition_t condition;
    const ph_point_t *point = &self->plane.grid->points[0];
    start_system(self, way, branch->share, sprout);
    memcpy(n, branch->state.overlap, sizeof(n));
    const ph_symmetry_t symmetry = continuous ? fade(point, branch, n) : symmetry_at(point, branch);
    ph_system_add(&sprout->system, n, symmetry, sprout->z);
    if (ph_system_least(&sprout->system, 0, sprout->z, &least, &condition) != PH_OK ||
        fabs(least) > SOFT)
        return false;
    sprout->system.condition[sprout->system.conditions++] = condition;
    return true;
}

/* The more symmetric of two states that are one at a boundary. */
static bool find_end(ph_tracer_t *self, ph_way_t *way, const ph_boundary_t *boundary, bool change,
                     ph_branch_t *found)
{
    bool any = false;
    for (size_t side = 0; side < 2; side++) {
        const ph_states_t *states = way->states[side];
        for (size_t i = 0; i < states->count; i++) {
            const ph_fixed_point_t *state = &states->states[i];
            ph_branch_t branch;
            bool ends;
            const bool asked = ph_label_equal(state->label, boundary->label) ||
                               (change && ph_label_equal(state->label, boundary->other));
            const double beyond =
                fmin(1.0, fmax(0.0, boundary->share + (side == 0 ? NEAR : -NEAR)));
            if (state->kind == PH_STABILITY_UNSTABLE || !asked ||
                !follow(self, way, side, state, beyond, &branch, &ends) ||
                fabs(branch.share - boundary->share) > 2.0 * NEAR)
                continue;
            if (!any || branch.state.copies < found->state.copies)
                *found = branch;
            any = true;
        }
    }
    return any;
}

/* Where the two ground states have one free energy. */
static bool seed_crossing(ph_tracer_t *self, ph_way_t *way, const ph_boundary_t *boundary,
                          ph_sprout_t *sprout)
{
    start_system(self, way, boundary->share, sprout);
    for (size_t side = 0; side < 2; side++) {
        const ph_states_t *states = way->states[side];
        ph_branch_t branch;
        bool ends;
        if (!follow(self, way, side, &states->states[states->ground], boundary->share, &branch,
                    &ends) ||
            ends ||
            !ph_label_equal(branch.state.label, side == 0 ? boundary->label : boundary->other))
            return false;
        ph_system_add(&sprout->system, branch.state.overlap,
                      symmetry_at(&self->plane.grid->points[0], &branch), sprout->z);
    }
    sprout->system.condition[sprout->system.conditions++] =
        (ph_condition_t){.kind = PH_CONDITION_CROSSING, .state = 0, .other = 1};
    return true;
}

static bool seed_name(ph_tracer_t *self, ph_way_t *way, const ph_boundary_t *boundary,
                      ph_sprout_t *sprout)
{
    const ph_states_t *states = way->states[0];
    ph_branch_t branch;
    ph_condition_t condition = {.kind = PH_CONDITION_NAME};
    bool ends, any = false;
    start_system(self, way, boundary->share, sprout);
    for (size_t k = 0; k < 2; k++) {
        const ph_label_t label = k == 0 ? boundary->label : boundary->other;
        if (label.id != PH_CLASS_HIERARCHICAL && (any || label.id != PH_CLASS_TIE_BROKEN))
            continue;
        condition.class = label.id;
        any = true;
    }
    if (!any ||
        !follow(self, way, 0, &states->states[states->ground], boundary->share, &branch, &ends) ||
        fabs(branch.share - boundary->share) > NEAR)
        return false;
    ph_system_add(&sprout->system, branch.state.overlap,
                  symmetry_at(&self->plane.grid->points[0], &branch), sprout->z);
    sprout->system.condition[sprout->system.conditions++] = condition;
    return true;
}

static bool seed_examples(ph_tracer_t *self, ph_way_t *way, const ph_boundary_t *boundary,
                          ph_sprout_t *sprout)
{
    const ph_states_t *states = way->states[0];
    ph_branch_t branch;
    bool ends;
    start_system(self, way, boundary->share, sprout);
    if (!follow(self, way, 0, &states->states[states->ground], boundary->share, &branch, &ends) ||
        ends)
        return false;
    ph_system_add(&sprout->system, branch.state.overlap,
                  symmetry_at(&self->plane.grid->points[0], &branch), sprout->z);
    sprout->system.condition[sprout->system.conditions++] =
        (ph_condition_t){.kind = PH_CONDITION_EXAMPLES};
    return true;
}

/* Onto the curve, across a direction along which the equations can be solved: first the way's
 * neighbours across, then the way itself. */
static bool settle(const ph_way_t *way, ph_sprout_t *sprout)
{
    double z[PH_SYSTEM_UNKNOWNS];
    for (size_t k = 0; k < 2; k++) {
        memcpy(z, sprout->z, sizeof(z));
        memset(sprout->tangent, 0, sizeof(sprout->tangent));
        sprout->tangent[k == 0 ? 1 - way->along : way->along] = 1.0;
        if (ph_system_solve(&sprout->system, z, sprout->tangent, REACH) == PH_OK) {
            memcpy(sprout->z, z, sizeof(z));
            return true;
        }
    }
    return false;
}

bool ph_tracer_seed(ph_tracer_t *self, ph_way_t *way, const ph_boundary_t *boundary, bool change,
                    ph_sprout_t *sprout)
{
    ph_branch_t branch;
    bool found = false;
    memset(sprout, 0, sizeof(*sprout)); /* no system yet that could be freed */
    switch (boundary->kind) {
    case PH_BOUNDARY_CROSSING:
        found = seed_crossing(self, way, boundary, sprout);
        break;
    case PH_BOUNDARY_CROSSOVER:
        found = change && seed_name(self, way, boundary, sprout);
        break;
    case PH_BOUNDARY_EXAMPLES:
        found = seed_examples(self, way, boundary, sprout);
        break;
    case PH_BOUNDARY_CONTINUOUS:
    case PH_BOUNDARY_SPINODAL:
        found = find_end(self, way, boundary, change, &branch) &&
                seed_end(self, way, &branch, boundary->kind == PH_BOUNDARY_CONTINUOUS, sprout);
        break;
    default:
        return false;
    }
    if (found) {
        found = settle(way, sprout);
    }
    ph_system_free(&sprout->system);
    return found;
}
