/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "analysis/phase/trace_private.h"

enum { SIZE = PH_STATES_PATTERNS_MAX, UNKNOWNS = PH_SYSTEM_UNKNOWNS, TRIES = 6 };

static const double REACH = 0.2;
static const double LOWER = 1e-10;
static const double APART = 1e-3;  /* overlaps that differ */
static const double ASIDE = 0.012; /* so far from the special point a branch is known from others */

/* The state to which a mode of `state` leads, with an amplitude of its own. */
static void add_child(ph_system_t *self, const ph_system_t *parent, const double *z,
                      double amplitude, double *own)
{
    const ph_condition_t *mode = &parent->condition[0];
    const ph_system_state_t *member = &parent->members[0];
    ph_symmetry_t symmetry;
    double n[SIZE];
    ph_system_overlaps(parent, z, 0, n);
    for (size_t mu = 0; mu < parent->patterns; mu++)
        symmetry.block[mu] = member->place[mu] < 0 ? -1 : (int)member->first[member->place[mu]];
    symmetry.block[mode->a] = (int)mode->a;
    if (mode->a == mode->b) {
        n[mode->a] = amplitude;
    } else {
        symmetry.block[mode->b] = (int)mode->b;
        n[mode->a] += 0.5 * amplitude;
        n[mode->b] -= 0.5 * amplitude;
    }
    const size_t child = ph_system_add(self, n, symmetry, own);
    self->condition[1] = (ph_condition_t){.kind = PH_CONDITION_AMPLITUDE,
                                          .state = child,
                                          .a = mode->a,
                                          .b = mode->b,
                                          .value = amplitude};
}

/* A solution with this amplitude, and the direction in which that grows. */
static bool begin(ph_sprout_t *sprout)
{
    ph_system_t *system = &sprout->system;
    const ph_condition_t *amplitude = &system->condition[1];
    const size_t offset = ph_system_offset(system, amplitude->state);
    const int *place = system->members[amplitude->state].place;
    double z[UNKNOWNS], n[SIZE];
    system->conditions = 2;
    bool good = ph_system_solve(system, sprout->z, NULL, REACH) == PH_OK;
    system->conditions = 1;
    memset(sprout->tangent, 0, sizeof(sprout->tangent));
    sprout->tangent[offset + (size_t)place[amplitude->a]] = 1.0;
    memcpy(z, sprout->z, sizeof(z));
    good = good && ph_system_solve(system, z, sprout->tangent, REACH) == PH_OK;
    if (good) {
        memcpy(sprout->z, z, sizeof(z));
        for (size_t i = 0; i < UNKNOWNS; i++)
            z[i] += 1e-3 * sprout->tangent[i];
        ph_system_overlaps(system, z, amplitude->state, n);
        const double grown =
            amplitude->a == amplitude->b ? n[amplitude->a] : n[amplitude->a] - n[amplitude->b];
        for (size_t i = 0; grown < amplitude->value && i < UNKNOWNS; i++)
            sprout->tangent[i] = -sprout->tangent[i];
    }
    ph_system_free(system);
    return good;
}

/* Whether the child has become another parent, or one of a kind that is not followed. */
static bool astray(const ph_sprout_t *sprout)
{
    const ph_condition_t *amplitude = &sprout->system.condition[1];
    const size_t offset = ph_system_offset(&sprout->system, amplitude->state);
    const size_t blocks = sprout->system.members[amplitude->state].blocks;
    const ph_label_t label = ph_system_label(&sprout->system, amplitude->state, sprout->z);
    for (size_t b = 0; b < blocks; b++)
        for (size_t c = 0; c <= b; c++)
            if (fabs(sprout->z[offset + b] - (b == c ? 0.0 : sprout->z[offset + c])) < APART)
                return true;
    return sprout->system.condition[0].kind == PH_CONDITION_FOLD && label.id == PH_CLASS_MIXED;
}

int ph_tracer_spawn(ph_tracer_t *self, const ph_system_t *system, const double *z)
{
    static const ph_condition_kind_t KINDS[] = {PH_CONDITION_FOLD, PH_CONDITION_CROSSING};
    int status = PH_OK;
    double n[SIZE], most = 0.0;
    ph_system_overlaps(system, z, 0, n);
    for (size_t mu = 0; mu < system->patterns; mu++)
        most = fmax(most, fabs(n[mu]));
    for (size_t k = 0; k < 2 && status == PH_OK; k++) {
        double amplitude = 0.6 * most;
        bool found = false;
        for (int attempt = 0; attempt < TRIES && !found; attempt++, amplitude *= 0.6) {
            ph_sprout_t sprout = {.special = -1};
            ph_symmetry_t symmetry;
            const ph_system_state_t *member = &system->members[0];
            sprout.system = ph_system_copy(system);
            sprout.system.states = 0;
            memcpy(sprout.z, z, sizeof(sprout.z));
            for (size_t mu = 0; mu < system->patterns; mu++)
                symmetry.block[mu] =
                    member->place[mu] < 0 ? -1 : (int)member->first[member->place[mu]];
            if (KINDS[k] == PH_CONDITION_CROSSING)
                ph_system_add(&sprout.system, n, symmetry, sprout.z);
            add_child(&sprout.system, system, z, amplitude, sprout.z);
            sprout.system.condition[0] = (ph_condition_t){.kind = KINDS[k], .state = 0, .other = 1};
            found = begin(&sprout) && !astray(&sprout);
            sprout.branch = KINDS[k] == PH_CONDITION_CROSSING;
            if (found)
                status = ph_tracer_push(self, &sprout);
        }
    }
    return status;
}

int ph_tracer_lowest(ph_tracer_t *self, const ph_system_t *system, const double *z, bool *lowest)
{
    ph_system_t own = ph_system_copy(system);
    ph_states_t states = {0};
    double energy = 0.0;
    *lowest = false;
    int status = ph_system_energy(&own, 0, z, &energy);
    if (status == PH_OK)
        status =
            ph_states_list(&states, ph_plane_point(&self->plane, z), self->plane.grid->average);
    if (status == PH_OK)
        *lowest = !(states.states[states.ground].free_energy < energy - LOWER);
    ph_states_free(&states);
    ph_system_free(&own);
    return status == PH_ERR_NUMERIC ? PH_OK : status;
}

/* A system of one condition and its states out of one of several. */
static void single_out(const ph_system_t *system, const double *z, const ph_condition_t *condition,
                       ph_sprout_t *sprout)
{
    const bool two = condition->kind == PH_CONDITION_CROSSING;
    sprout->system = ph_system_copy(system);
    sprout->system.states = 0;
    sprout->system.conditions = 1;
    memcpy(sprout->z, z, 2 * sizeof(*z));
    for (size_t k = 0; k < (two ? 2 : 1); k++) {
        const size_t state = k == 0 ? condition->state : condition->other;
        ph_symmetry_t symmetry;
        double n[SIZE];
        ph_system_overlaps(system, z, state, n);
        for (size_t mu = 0; mu < system->patterns; mu++) {
            const int place = system->members[state].place[mu];
            symmetry.block[mu] = place < 0 ? -1 : (int)system->members[state].first[place];
        }
        ph_system_add(&sprout->system, n, symmetry, sprout->z);
    }
    sprout->system.condition[0] = *condition;
    sprout->system.condition[0].state = 0;
    sprout->system.condition[0].other = two ? 1 : 0;
}

/* A little further along the curve of a system, one way. */
static bool step_out(ph_sprout_t *sprout, double sign)
{
    ph_system_t *system = &sprout->system;
    double z[UNKNOWNS];
    memset(sprout->tangent, 0, sizeof(sprout->tangent));
    sprout->tangent[0] = sign * 0.8;
    sprout->tangent[1] = sign * 0.6;
    memcpy(z, sprout->z, sizeof(z));
    bool good = ph_system_solve(system, z, sprout->tangent, REACH) == PH_OK;
    for (size_t i = 0; i < UNKNOWNS; i++)
        z[i] += ASIDE * sprout->tangent[i];
    good = good && ph_system_solve(system, z, sprout->tangent, ASIDE) == PH_OK;
    ph_system_free(system);
    memcpy(sprout->z, z, sizeof(z));
    return good;
}

int ph_tracer_branch(ph_tracer_t *self, const ph_event_t *event, int special)
{
    int status = PH_OK;
    for (size_t c = 0; c < event->system.conditions && event->system.states > 0; c++) {
        const ph_condition_t *condition = &event->system.condition[c];
        if (condition->kind != PH_CONDITION_MODE && condition->kind != PH_CONDITION_CROSSING)
            continue;
        for (int sign = -1; sign <= 1 && status == PH_OK; sign += 2) {
            ph_sprout_t sprout = {.special = special, .branch = true, .ground = true};
            single_out(&event->system, event->z, condition, &sprout);
            bool lowest = false;
            if (step_out(&sprout, sign))
                status = ph_tracer_lowest(self, &sprout.system, sprout.z, &lowest);
            if (lowest)
                status = ph_tracer_push(self, &sprout);
        }
    }
    return status;
}
