/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "analysis/phase/trace_private.h"

enum { SIZE = PH_STATES_PATTERNS_MAX, UNKNOWNS = PH_SYSTEM_UNKNOWNS };

static const double ASIDE = 1e-4; /* share of the plane */
static const double PUSH = 1e-3;  /* of overlaps */
static const double REACH = 0.1;

ph_label_t ph_system_label(const ph_system_t *self, size_t state, const double *z)
{
    double n[SIZE], most[SIZE];
    ph_system_overlaps(self, z, state, n);
    for (size_t mu = 0; mu < self->patterns; mu++) {
        most[mu] = 1.0;
        n[mu] = fabs(n[mu]);
    }
    return ph_label_signals(n, most, self->patterns);
}

/* The states of a curve at a place aside of it; false where they are not there. */
static bool move_aside(const ph_system_t *system, const double *place, double *z)
{
    ph_system_t own = ph_system_copy(system);
    own.conditions = 2;
    for (size_t k = 0; k < 2; k++) {
        own.condition[k] = (ph_condition_t){.kind = PH_CONDITION_PLACE, .a = k, .value = place[k]};
        z[k] = place[k];
    }
    const bool there = ph_system_solve(&own, z, NULL, REACH) == PH_OK;
    ph_system_free(&own);
    return there;
}

/* The label that a mode gives to its state. */
static ph_label_t child_label(const ph_system_t *system, const double *z)
{
    const ph_condition_t *mode = &system->condition[0];
    const int place = system->members[0].place[mode->a];
    double n[SIZE], most[SIZE];
    ph_system_overlaps(system, z, 0, n);
    const double push = PUSH * fabs(n[mode->a]);
    if (ph_system_cubic(system, mode)) {
        for (size_t mu = 0; mu < system->patterns; mu++)
            if (system->members[0].place[mu] == place)
                n[mu] += (mu == mode->a ? 2.0 : -1.0) * push;
    } else if (mode->a != mode->b) {
        n[mode->a] += push;
        n[mode->b] -= push;
    } else {
        double least = 1.0;
        for (size_t mu = 0; mu < system->patterns; mu++)
            least = n[mu] != 0.0 ? fmin(least, fabs(n[mu])) : least;
        n[mode->a] = PUSH * least;
    }
    for (size_t mu = 0; mu < system->patterns; mu++) {
        most[mu] = 1.0;
        n[mu] = fabs(n[mu]);
    }
    return ph_label_signals(n, most, system->patterns);
}

/* Whether the state of a fold is at this place, and not beyond its end. */
static bool fold_is_at(ph_system_t *system, const double *at, const double *place)
{
    double soft[SIZE];
    if (ph_system_soft(system, 0, at, soft) != PH_OK)
        return false;
    for (int side = -1; side <= 1; side += 2) {
        double z[UNKNOWNS];
        memcpy(z, at, sizeof(z));
        for (size_t b = 0; b < system->members[0].blocks; b++)
            z[2 + b] += side * 10.0 * PUSH * soft[system->members[0].first[b]];
        if (move_aside(system, place, z))
            return true;
    }
    return false;
}

/* What a state that has ended goes over to, at this place beyond. */
static ph_label_t label_beyond(const ph_system_t *system, const double *at, const double *place)
{
    ph_landscape_t landscape;
    ph_subspace_t subspace = {0};
    ph_fixed_point_t state = {.label = ph_system_label(system, 0, at)};
    double n[SIZE];
    const double inside[2] = {fmin(1.0, fmax(0.0, place[0])), fmin(1.0, fmax(0.0, place[1]))};
    ph_system_overlaps(system, at, 0, n);
    int status = ph_landscape_init(&landscape, ph_plane_point(system->plane, inside),
                                   system->plane->grid->average, NULL);
    if (status == PH_OK)
        status = ph_subspace_init(&subspace, &landscape, ph_symmetry_none(&landscape));
    if (status == PH_OK)
        status = ph_subspace_descend(&subspace, n);
    if (status == PH_OK)
        status = ph_landscape_restore(&landscape, n);
    if (status == PH_OK)
        status = ph_landscape_describe(&landscape, n, &state, NULL);
    ph_plane_status(system->plane, status);
    ph_subspace_free(&subspace);
    ph_landscape_free(&landscape);
    return state.label;
}

/* Labels where the place aside is; false where the curve's states are not there. */
static bool label_aside(ph_system_t *system, const double *at, const double *place,
                        ph_label_t *here, ph_label_t *beyond)
{
    const ph_condition_kind_t kind = system->condition[0].kind;
    double z[UNKNOWNS], value;
    memcpy(z, at, sizeof(z));
    if (kind == PH_CONDITION_FOLD) {
        const double across[2] = {2.0 * at[0] - place[0], 2.0 * at[1] - place[1]};
        if (!fold_is_at(system, at, place))
            return false;
        *here = ph_system_label(system, 0, at);
        *beyond = label_beyond(system, at, across);
        return true;
    }
    if (!move_aside(system, place, z) ||
        ph_system_value(system, &system->condition[0], z, &value) != PH_OK)
        return false;
    *here = *beyond = ph_system_label(system, 0, at);
    if (kind == PH_CONDITION_CROSSING) {
        *here = ph_system_label(system, value < 0.0 ? 0 : 1, at);
        *beyond = ph_system_label(system, value < 0.0 ? 1 : 0, at);
    } else if (kind == PH_CONDITION_MODE) {
        const ph_label_t child = child_label(system, at);
        *here = value > 0.0 ? *here : child;
        *beyond = value > 0.0 ? child : *beyond;
    } else {
        *here = ph_system_label(system, 0, z);
        for (size_t k = 0; k < 2; k++)
            z[k] = 2.0 * at[k] - place[k];
        if (move_aside(system, z, z))
            *beyond = ph_system_label(system, 0, z);
    }
    return true;
}

double ph_system_jump(const ph_system_t *self, const double *z)
{
    double n[2][SIZE], most = 0.0;
    if (self->condition[0].kind != PH_CONDITION_CROSSING)
        return 0.0;
    for (size_t s = 0; s < 2; s++)
        ph_system_overlaps(self, z, s, n[s]);
    for (size_t mu = 0; mu < self->patterns; mu++)
        most = fmax(most, fabs(n[0][mu] - n[1][mu]));
    return most;
}

int ph_tracer_label(const ph_locus_t *locus, ph_label_t *left, ph_label_t *right)
{
    ph_system_t system = ph_system_copy(&locus->system);
    size_t best = locus->count / 2;
    for (size_t i = 1; i + 1 < locus->count; i++) /* where it matters most on which side one is */
        if (ph_system_jump(&system, locus->z[i]) > ph_system_jump(&system, locus->z[best]))
            best = i;
    const double *at = locus->z[best], *before = locus->z[best - 1];
    const double x = at[0] - before[0], y = at[1] - before[1], length = hypot(x, y);
    bool found = false;
    *left = *right = ph_system_label(&system, 0, at);
    for (int side = -1; side <= 1 && !found && length > 0.0; side += 2) {
        const double place[2] = {at[0] - side * ASIDE * y / length,
                                 at[1] + side * ASIDE * x / length};
        ph_label_t here, beyond;
        if (!label_aside(&system, at, place, &here, &beyond))
            continue;
        *left = side > 0 ? here : beyond;
        *right = side > 0 ? beyond : here;
        found = true;
    }
    ph_system_free(&system);
    return PH_OK;
}
