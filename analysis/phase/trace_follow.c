/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/phase/trace_private.h"

enum { UNKNOWNS = PH_SYSTEM_UNKNOWNS, POINTS_MAX = 20000 };

static const double FIRST = 2e-3;   /* length of the first step */
static const double LONGEST = 0.02; /* of any */
static const double SHORTEST = 1e-7;
static const double TURN = 0.06;       /* between tangents, in the plane: what a figure may show */
static const double BEND = 0.35;       /* ... in all unknowns */
static const double LEAST_JUMP = 5e-4; /* of overlaps */
static const double UNSOLVED = 2e-5;   /* steps no longer than this are not halved for an event */
static const double COLD = 1e-4; /* share of the noise at which what is found without is taken */
static const double NEAR_COLD = 0.03;   /* ... from where a curve is then */
static const double NEAR_CORNER = 2e-3; /* a curve that would end this near a corner ends there */

/* z may be one of the curve's own. */
static int add_point(ph_locus_t *self, const double *z)
{
    double added[UNKNOWNS];
    memcpy(added, z, sizeof(added));
    if (self->count == self->capacity) {
        const size_t capacity = self->capacity == 0 ? 64 : 2 * self->capacity;
        double(*grown)[UNKNOWNS] = realloc(self->z, capacity * sizeof(*grown));
        if (grown == NULL)
            return PH_ERR_MEMORY;
        self->z = grown;
        self->capacity = capacity;
    }
    memcpy(self->z[self->count++], added, sizeof(added));
    return PH_OK;
}

static size_t unknowns_of(const ph_system_t *system)
{
    return ph_system_offset(system, system->states);
}

size_t ph_tracer_cold(const ph_tracer_t *self)
{
    const ph_grid_t *grid = self->plane.grid;
    for (size_t k = 0; k < 2; k++) {
        const ph_coordinate_t *own = &grid->axes[self->plane.axis[k]].coordinates[0];
        if (own->key == PH_KEY_NOISE && own->values[0] == 0.0)
            return k;
    }
    return 2;
}

/* The boundary without noise that a curve comes near to: one of its label if there is any. */
static bool cold_boundary(const ph_tracer_t *self, const ph_locus_t *locus, size_t cold, double at,
                          const double *n, double *place)
{
    const ph_grid_t *grid = self->plane.grid;
    const size_t other = 1 - cold;
    const ph_direction_t *direction = ph_phase_direction(self->phase, self->plane.axis[other]);
    double best = NEAR_COLD;
    const bool change = locus->ground;
    double largest[PH_STATES_PATTERNS_MAX], signals[PH_STATES_PATTERNS_MAX];
    for (size_t mu = 0; mu < locus->system.patterns; mu++) {
        largest[mu] = 1.0;
        signals[mu] = n[mu];
    }
    const ph_label_t label = ph_label_signals(signals, largest, locus->system.patterns);
    for (size_t i = 0; i + 1 < grid->axes[self->plane.axis[other]].size; i++) {
        const size_t point = i * self->plane.stride[other];
        const ph_boundaries_t *found =
            change ? &direction->changes[point] : &direction->ends[point];
        for (size_t b = 0; b < found->count; b++) {
            const ph_boundary_t *own = &found->items[b];
            const double share =
                ph_plane_share(&self->plane, other,
                               ph_phase_place(grid, self->plane.axis[other], point, own->share));
            const double apart = fabs(share - at) + (ph_label_equal(own->label, label) ||
                                                             ph_label_equal(own->other, label)
                                                         ? 0.0
                                                         : 0.9 * NEAR_COLD);
            if (apart < best) {
                best = apart;
                *place = share;
            }
        }
    }
    return best < NEAR_COLD;
}

/* A curve that has come down to where there is next to no noise. */
static void end_cold(ph_tracer_t *self, const ph_locus_t *locus, const ph_stand_t *stand,
                     size_t cold, ph_event_t *event)
{
    const size_t other = 1 - cold;
    double n[PH_STATES_PATTERNS_MAX];
    double at = stand->z[other] - stand->tangent[other] / stand->tangent[cold] * stand->z[cold];
    ph_system_overlaps(&locus->system, stand->z, 0, n);
    *event = (ph_event_t){.kind = PH_SPECIAL_AXIS, .solved = true};
    const bool found = cold_boundary(self, locus, cold, at, n, &at);
    const double corner = found ? NEAR_CORNER : NEAR_COLD;
    if (at < corner || at > 1.0 - corner)
        at = at < 0.5 ? 0.0 : 1.0;
    else
        event->solved = found;
    event->place[cold] = 0.0;
    event->place[other] = at;
}

/* The next point of a curve, `step` further; false where that is too far. */
static bool advance(ph_system_t *system, const ph_stand_t *from, double step, ph_stand_t *to)
{
    const size_t unknowns = unknowns_of(system);
    double inner = 0.0, plane[3] = {0};
    for (size_t i = 0; i < unknowns; i++)
        to->z[i] = from->z[i] + step * from->tangent[i];
    memcpy(to->tangent, from->tangent, sizeof(to->tangent));
    if (ph_system_solve(system, to->z, to->tangent, step) != PH_OK)
        return false;
    for (size_t i = 0; i < unknowns; i++)
        inner += from->tangent[i] * to->tangent[i];
    for (size_t k = 0; k < 2; k++) {
        plane[0] += from->tangent[k] * to->tangent[k];
        plane[1] += from->tangent[k] * from->tangent[k];
        plane[2] += to->tangent[k] * to->tangent[k];
    }
    const double turned = acos(fmax(-1.0, fmin(1.0, plane[0] / sqrt(plane[1] * plane[2]))));
    return inner > cos(BEND) && (step < 10.0 * UNSOLVED || turned < TURN || turned > 2.0);
}

static bool leaves(const ph_stand_t *from, double step, size_t cold)
{
    for (size_t k = 0; k < 2; k++) {
        const double next = from->z[k] + step * from->tangent[k];
        const bool above = next > 1.0 + PH_PLANE_ROUNDING, below = !(next >= -PH_PLANE_ROUNDING);
        if (!ph_plane_along(from->z, from->tangent, k) && (above || (k != cold && below)))
            return true;
    }
    return false;
}

/* Back at its beginning, and going the same way. */
static bool closes(const ph_locus_t *locus, const ph_stand_t *from, const ph_stand_t *to,
                   const double *tangent)
{
    double apart = 0.0, inner = 0.0, along[2] = {0};
    const size_t unknowns = unknowns_of(&locus->system);
    if (locus->count < 8)
        return false;
    for (size_t i = 0; i < unknowns; i++) {
        apart = fmax(apart, fabs(to->z[i] - locus->z[0][i]));
        inner += tangent[i] * to->tangent[i];
        along[0] += tangent[i] * (locus->z[0][i] - from->z[i]);
        along[1] += tangent[i] * (locus->z[0][i] - to->z[i]);
    }
    return inner > 0.5 && apart < 2.0 * LONGEST && along[0] > 0.0 && along[1] <= 0.0;
}

static double log_jump(const ph_system_t *system, const double *z)
{
    return log(fmax(ph_system_jump(system, z), 1e-12) / LEAST_JUMP);
}

/* Between a place where the jump is larger than the least, and z, where it is smaller: z becomes
 * the place where it is the least. */
static void find_least_jump(ph_system_t *system, const double *larger, double *z)
{
    enum { STEPS = 40 };
    const size_t unknowns = unknowns_of(system);
    double ends[2][UNKNOWNS], tangent[UNKNOWNS];
    memcpy(ends[0], larger, sizeof(ends[0]));
    memcpy(ends[1], z, sizeof(ends[1]));
    for (int k = 0; k < STEPS; k++) {
        const double high = log_jump(system, ends[0]), low = log_jump(system, ends[1]);
        const double share = k % 3 == 2 ? 0.5 : high / (high - low);
        for (size_t i = 0; i < unknowns; i++) {
            tangent[i] = ends[1][i] - ends[0][i];
            z[i] = ends[0][i] + share * tangent[i];
        }
        if (ph_system_solve(system, z, tangent, LONGEST) != PH_OK)
            break;
        const double here = log_jump(system, z);
        if (fabs(here) < 1e-10)
            break;
        memcpy(ends[here > 0.0 ? 0 : 1], z, sizeof(ends[0]));
    }
    ph_system_free(system);
}

/* A jump that has faded to what rounding lets be solved goes only as far as it can be told
 * anywhere: the curve ends, at z, where its states differ by the least jump. */
static void end_at_least_jump(ph_locus_t *locus, double *z)
{
    if (locus->system.condition[0].kind != PH_CONDITION_CROSSING ||
        log_jump(&locus->system, z) > 0.0)
        return;
    while (locus->count > 1 && log_jump(&locus->system, locus->z[locus->count - 1]) <= 0.0)
        memcpy(z, locus->z[--locus->count], sizeof(*locus->z));
    if (log_jump(&locus->system, locus->z[locus->count - 1]) > 0.0)
        find_least_jump(&locus->system, locus->z[locus->count - 1], z);
}

static int finish(ph_tracer_t *self, ph_locus_t *locus, const ph_stand_t *to,
                  const ph_event_t *event)
{
    double z[UNKNOWNS];
    int number = -1, status = PH_OK;
    memcpy(z, to->z, sizeof(z));
    memcpy(z, event->place, sizeof(event->place));
    if (event->solved)
        status = ph_tracer_special(self, event, &number);
    else
        end_at_least_jump(locus, z);
    self->open += !event->solved;
    if (number >= 0)
        memcpy(z, self->specials[number].place, sizeof(self->specials[number].place));
    locus->ends[1] = number;
    if (status == PH_OK)
        status = add_point(locus, z);
    if (status == PH_OK && event->solved)
        status = ph_tracer_branch(self, event, number);
    if (status != PH_OK || !event->passes)
        return status;
    if (event->kind == PH_SPECIAL_TRICRITICAL)
        status = ph_tracer_spawn(self, &locus->system, z);
    if (status != PH_OK)
        return status;
    ph_sprout_t sprout = {
        .system = ph_system_copy(&locus->system), .special = number, .ground = locus->ground};
    memcpy(sprout.z, to->z, sizeof(sprout.z));
    memcpy(sprout.tangent, to->tangent, sizeof(sprout.tangent));
    return ph_tracer_push(self, &sprout);
}

static bool has_rivals(const ph_locus_t *locus)
{
    return locus->system.condition[0].kind != PH_CONDITION_FOLD;
}

/* One step, shortened until it is good; *ended where it is the last. */
static int take_step(ph_tracer_t *self, ph_locus_t *locus, ph_stand_t *from, double *step,
                     const double *tangent, bool *ended)
{
    const size_t cold = ph_tracer_cold(self);
    ph_system_t *system = &locus->system;
    ph_event_t event = {.kind = PH_SPECIAL_AXIS};
    ph_stand_t to;
    *ended = true;
    if (cold < 2 && from->z[cold] < COLD && from->tangent[cold] < 0.0) {
        end_cold(self, locus, from, cold, &event);
        return finish(self, locus, from, &event);
    }
    if (ph_watch_fading(system, from, &event))
        return finish(self, locus, from, &event);
    for (;; *step *= 0.5) {
        if (cold < 2 && from->tangent[cold] < 0.0)
            *step = fmin(*step, -0.5 * from->z[cold] / from->tangent[cold]);
        if (*step < SHORTEST) {
            memcpy(event.place, from->z, sizeof(event.place));
            return finish(self, locus, from, &event);
        }
        const bool edge = leaves(from, *step, cold);
        to = *from;
        if (edge ? !ph_watch_edge(system, from, to.z) : !advance(system, from, *step, &to))
            continue;
        int status = ph_watch_look(self, system, to.z, has_rivals(locus), &to.watch);
        if (status == PH_ERR_NUMERIC)
            continue;
        if (status != PH_OK)
            return status;
        if (ph_watch_compare(system, from, &to, &event)) {
            if (!event.clear && *step > UNSOLVED)
                continue;
            return finish(self, locus, &to, &event);
        }
        if (edge) {
            event = (ph_event_t){.kind = PH_SPECIAL_AXIS, .solved = true};
            memcpy(event.place, to.z, sizeof(event.place));
            return finish(self, locus, &to, &event);
        }
        if (closes(locus, from, &to, tangent)) {
            locus->closed = true;
            return add_point(locus, locus->z[0]);
        }
        *from = to;
        *ended = false;
        return add_point(locus, to.z);
    }
}

static ph_boundary_kind_t kind_of(const ph_locus_t *locus, const ph_watch_t *watch)
{
    static const ph_boundary_kind_t KINDS[PH_CONDITION_COUNT] = {
        [PH_CONDITION_FOLD] = PH_BOUNDARY_SPINODAL,
        [PH_CONDITION_MODE] = PH_BOUNDARY_CONTINUOUS,
        [PH_CONDITION_CROSSING] = PH_BOUNDARY_CROSSING,
        [PH_CONDITION_NAME] = PH_BOUNDARY_CROSSOVER,
        [PH_CONDITION_EXAMPLES] = PH_BOUNDARY_EXAMPLES};
    const ph_condition_kind_t kind = locus->system.condition[0].kind;
    return kind == PH_CONDITION_MODE && watch->jumps ? PH_BOUNDARY_SPINODAL : KINDS[kind];
}

int ph_tracer_follow(ph_tracer_t *self, const ph_sprout_t *sprout, double sign, ph_locus_t *locus)
{
    ph_stand_t stand = {0};
    double step = FIRST, tangent[UNKNOWNS];
    bool ended = false;
    memcpy(stand.z, sprout->z, sizeof(stand.z));
    for (size_t i = 0; i < UNKNOWNS; i++)
        tangent[i] = stand.tangent[i] = sign * sprout->tangent[i];
    int status = PH_OK;
    locus->ends[0] = sprout->special;
    locus->ends[1] = -1;
    if (sprout->special >= 0) {
        double z[UNKNOWNS];
        memcpy(z, sprout->z, sizeof(z));
        memcpy(z, self->specials[sprout->special].place, 2 * sizeof(*z));
        status = add_point(locus, z);
    }
    if (status == PH_OK)
        status = add_point(locus, stand.z);
    if (status == PH_OK)
        status = ph_watch_look(self, &locus->system, stand.z, has_rivals(locus), &stand.watch);
    locus->kind = kind_of(locus, &stand.watch);
    locus->ground = has_rivals(locus) && stand.watch.ground && locus->kind != PH_BOUNDARY_SPINODAL;
    while (status == PH_OK && !ended && locus->count < POINTS_MAX) {
        const double before = step;
        status = take_step(self, locus, &stand, &step, tangent, &ended);
        if (step == before)
            step = fmin(1.5 * step, LONGEST);
    }
    ph_system_free(&locus->system);
    return status;
}
