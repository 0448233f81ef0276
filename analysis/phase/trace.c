/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/phase/trace.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/phase/trace_private.h"

enum { UNKNOWNS = PH_SYSTEM_UNKNOWNS, CURVES_MAX = 4096 };

static const double ONE_PLACE = 1e-6; /* shares: two special points are one */
static const double ON_CURVE = 1e-3;  /* shares: a boundary found is on a curve traced */
static const double ONE_STATE = 5e-3; /* ... and its states are the curve's */

const char *ph_special_text(ph_special_kind_t kind)
{
    static const char *const TEXTS[PH_SPECIAL_COUNT] = {
        "axis", "triple", "tricritical", "critical", "multicritical", "critical-end", "meeting"};
    return TEXTS[kind];
}

/* Room for one more of an array that doubles. */
static void *grow(void *array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return array;
    const size_t more = *capacity == 0 ? 16 : 2 * *capacity;
    void *grown = realloc(array, more * size);
    if (grown != NULL)
        *capacity = more;
    return grown;
}

/* A share, without the rounding of an edge, nor a zero of negative sign. */
static double within(double share)
{
    return fmin(1.0, fmax(0.0, share)) + 0.0;
}

int ph_tracer_special(ph_tracer_t *self, const ph_event_t *event, int *number)
{
    for (size_t i = 0; i < self->specials_count; i++) {
        ph_special_t *own = &self->specials[i];
        if (fabs(own->place[0] - event->place[0]) < ONE_PLACE &&
            fabs(own->place[1] - event->place[1]) < ONE_PLACE) {
            own->kind = event->kind < own->kind ? event->kind : own->kind;
            *number = (int)i;
            return PH_OK;
        }
    }
    ph_special_t *grown =
        grow(self->specials, self->specials_count, &self->specials_capacity, sizeof(*grown));
    if (grown == NULL)
        return PH_ERR_MEMORY;
    self->specials = grown;
    *number = (int)self->specials_count;
    self->specials[self->specials_count++] =
        (ph_special_t){event->kind, {within(event->place[0]), within(event->place[1])}};
    return PH_OK;
}

/* Whether two systems ask the same of states of the same symmetries. */
static bool same_question(const ph_system_t *a, const ph_system_t *b)
{
    const ph_condition_t *own = &a->condition[0], *other = &b->condition[0];
    if (a->states != b->states || own->kind != other->kind)
        return false;
    for (size_t s = 0; s < a->states; s++)
        if (a->members[s].blocks != b->members[s].blocks)
            return false;
    return own->kind != PH_CONDITION_MODE || (own->a == own->b) == (other->a == other->b);
}

/* Largest distance of z from the straight line between two points of a curve. */
static double distance(const double *z, const double *a, const double *b, size_t from, size_t to,
                       double share)
{
    double most = 0.0;
    for (size_t i = from; i < to; i++)
        most = fmax(most, fabs(z[i] - a[i] - share * (b[i] - a[i])));
    return most;
}

/* Where between two points of a curve a place is nearest, from 0 to 1. */
static double nearest(const double *place, const double *a, const double *b)
{
    const double x = b[0] - a[0], y = b[1] - a[1], length = x * x + y * y;
    const double share = ((place[0] - a[0]) * x + (place[1] - a[1]) * y) / length;
    return length > 0.0 ? fmin(1.0, fmax(0.0, share)) : 0.0;
}

/* Whether a curve goes through a solution of its own question. */
static bool on_locus(const ph_locus_t *locus, const double *z)
{
    const size_t unknowns = ph_system_offset(&locus->system, locus->system.states);
    for (size_t i = 0; i + 1 < locus->count; i++) {
        const double *a = locus->z[i], *b = locus->z[i + 1];
        const double share = nearest(z, a, b);
        if (distance(z, a, b, 0, 2, share) < ON_CURVE &&
            distance(z, a, b, 2, unknowns, share) <
                ONE_STATE + 0.5 * distance(a, a, b, 2, unknowns, 1.0))
            return true;
    }
    return false;
}

/* The two states of a crossing may come in either order. */
static void exchange(const ph_system_t *system, double *z)
{
    double states[2][PH_STATES_PATTERNS_MAX];
    const size_t first = system->members[0].blocks, second = system->members[1].blocks;
    memcpy(states[0], z + 2, first * sizeof(*z));
    memcpy(states[1], z + 2 + first, second * sizeof(*z));
    memcpy(z + 2, states[1], second * sizeof(*z));
    memcpy(z + 2 + second, states[0], first * sizeof(*z));
}

/* Whether a curve leaves the sprout's special point the same way. */
static bool leaves_alike(const ph_locus_t *locus, const ph_sprout_t *sprout)
{
    const size_t unknowns = ph_system_offset(&sprout->system, sprout->system.states);
    for (int end = 0; end < 2; end++) {
        if (locus->ends[end] != sprout->special || locus->count < 2)
            continue;
        const double *at = locus->z[end == 0 ? 1 : locus->count - 2];
        const double *from = locus->z[end == 0 ? 0 : locus->count - 1];
        double inner = 0.0;
        for (size_t i = 0; i < unknowns; i++)
            inner += (at[i] - from[i]) * sprout->tangent[i];
        if (inner > 0.0)
            return true;
    }
    return false;
}

static bool known(const ph_tracer_t *self, const ph_sprout_t *sprout)
{
    if (sprout->special >= 0) {
        for (size_t i = 0; i < self->count; i++)
            if (same_question(&self->loci[i].system, &sprout->system) &&
                leaves_alike(&self->loci[i], sprout))
                return true;
        if (!sprout->branch)
            return false;
    }
    for (int order = 0; order < (sprout->system.states == 2 ? 2 : 1); order++) {
        ph_system_t system = ph_system_copy(&sprout->system);
        double z[UNKNOWNS];
        memcpy(z, sprout->z, sizeof(z));
        if (order == 1) {
            exchange(&sprout->system, z);
            system.members[0] = sprout->system.members[1];
            system.members[1] = sprout->system.members[0];
        }
        for (size_t i = 0; i < self->count; i++)
            if (same_question(&self->loci[i].system, &system) && on_locus(&self->loci[i], z))
                return true;
    }
    return false;
}

int ph_tracer_push(ph_tracer_t *self, const ph_sprout_t *sprout)
{
    if (known(self, sprout))
        return PH_OK;
    ph_sprout_t *grown =
        grow(self->sprouts, self->sprouts_count, &self->sprouts_capacity, sizeof(*grown));
    if (grown == NULL)
        return PH_ERR_MEMORY;
    self->sprouts = grown;
    self->sprouts[self->sprouts_count++] = *sprout;
    return PH_OK;
}

static void free_locus(ph_locus_t *locus)
{
    ph_system_free(&locus->system);
    free(locus->z);
}

/* Turns a curve round. */
static void reverse(ph_locus_t *locus)
{
    for (size_t i = 0; i < locus->count / 2; i++) {
        double z[UNKNOWNS];
        memcpy(z, locus->z[i], sizeof(z));
        memcpy(locus->z[i], locus->z[locus->count - 1 - i], sizeof(z));
        memcpy(locus->z[locus->count - 1 - i], z, sizeof(z));
    }
    const int end = locus->ends[0];
    locus->ends[0] = locus->ends[1];
    locus->ends[1] = end;
}

/* What goes forwards from a sprout behind what goes backwards. */
static int join(ph_locus_t *back, const ph_locus_t *forth)
{
    reverse(back);
    const size_t count = back->count + forth->count - 1;
    double(*grown)[UNKNOWNS] = realloc(back->z, count * sizeof(*grown));
    if (grown == NULL)
        return PH_ERR_MEMORY;
    back->z = grown;
    memcpy(back->z + back->count, forth->z + 1, (forth->count - 1) * sizeof(*grown));
    back->count = back->capacity = count;
    back->ends[1] = forth->ends[1];
    return PH_OK;
}

/* Changes of the ground state are none where another state is lower. */
static bool wanted(const ph_locus_t *locus)
{
    return locus->count > 1 && (locus->ground || locus->kind == PH_BOUNDARY_CONTINUOUS ||
                                locus->kind == PH_BOUNDARY_SPINODAL);
}

int ph_tracer_add(ph_tracer_t *self, ph_locus_t *locus)
{
    const bool good = wanted(locus);
    ph_locus_t *grown =
        good ? grow(self->loci, self->count, &self->capacity, sizeof(*grown)) : NULL;
    if (grown == NULL) {
        free_locus(locus);
        return good ? PH_ERR_MEMORY : PH_OK;
    }
    self->loci = grown;
    self->loci[self->count++] = *locus;
    return PH_OK;
}

static bool same_ends(const int *a, const int *b)
{
    return (a[0] == b[0] && a[1] == b[1]) || (a[0] == b[1] && a[1] == b[0]);
}

/* A curve that has been traced before, from another boundary. */
static bool repeated(const ph_tracer_t *self, const ph_locus_t *locus)
{
    for (size_t i = 0; i < self->count; i++)
        if (same_question(&self->loci[i].system, &locus->system) &&
            same_ends(self->loci[i].ends, locus->ends) &&
            on_locus(&self->loci[i], locus->z[locus->count / 2]))
            return true;
    return false;
}

static int trace(ph_tracer_t *self, const ph_sprout_t *sprout)
{
    ph_locus_t forth = {.system = ph_system_copy(&sprout->system)};
    ph_locus_t back = forth;
    int status = ph_tracer_follow(self, sprout, 1.0, &forth);
    if (status == PH_OK && sprout->special < 0 && !forth.closed) {
        status = ph_tracer_follow(self, sprout, -1.0, &back);
        if (status == PH_OK)
            status = join(&back, &forth);
        free_locus(&forth);
        forth = back;
    }
    bool lowest = forth.ground;
    if (status == PH_OK && sprout->branch && lowest)
        status = ph_tracer_lowest(self, &forth.system, forth.z[forth.count / 2], &lowest);
    if ((sprout->branch && !lowest) || (status == PH_OK && repeated(self, &forth)))
        forth.count = 0;
    if (status == PH_OK)
        return ph_tracer_add(self, &forth);
    free_locus(&forth);
    return status == PH_ERR_NUMERIC ? PH_OK : status;
}

bool ph_tracer_traced(const ph_tracer_t *self, const double *place, const ph_boundary_t *boundary)
{
    for (size_t i = 0; i < self->count; i++) {
        const ph_locus_t *locus = &self->loci[i];
        const bool ends =
            boundary->kind == PH_BOUNDARY_CONTINUOUS || boundary->kind == PH_BOUNDARY_SPINODAL;
        if (locus->kind != boundary->kind || ends)
            continue;
        for (size_t k = 0; k + 1 < locus->count; k++)
            if (distance(place, locus->z[k], locus->z[k + 1], 0, 2,
                         nearest(place, locus->z[k], locus->z[k + 1])) < ON_CURVE)
                return true;
    }
    return false;
}

int ph_tracer_grow(ph_tracer_t *self, const ph_sprout_t *sprout)
{
    int status = ph_tracer_push(self, sprout);
    while (status == PH_OK && self->sprouts_count > 0 && self->count < CURVES_MAX) {
        const ph_sprout_t next = self->sprouts[--self->sprouts_count];
        if (!known(self, &next))
            status = trace(self, &next);
    }
    return status;
}

/* Special points at which no curve ends, of those that were given up, go. */
static void prune(ph_tracer_t *self)
{
    size_t kept = 0;
    for (size_t i = 0; i < self->specials_count; i++) {
        bool used = false;
        for (size_t c = 0; c < self->count; c++)
            for (size_t end = 0; end < 2; end++)
                if (self->loci[c].ends[end] == (int)i) {
                    self->loci[c].ends[end] = (int)kept;
                    used = true;
                }
        if (used)
            self->specials[kept++] = self->specials[i];
    }
    self->specials_count = kept;
}

/* Hands over what was traced, in values of the axes. */
static int hand_over(ph_tracer_t *self, ph_curves_t *curves)
{
    curves->items = calloc(self->count + 1, sizeof(*curves->items));
    curves->specials = calloc(self->specials_count + 1, sizeof(*curves->specials));
    if (curves->items == NULL || curves->specials == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; i < self->specials_count; i++) {
        curves->specials[i] = self->specials[i];
        for (size_t k = 0; k < 2; k++)
            curves->specials[i].place[k] =
                ph_plane_value(&self->plane, k, self->specials[i].place[k]);
    }
    curves->specials_count = self->specials_count;
    curves->open = self->open;
    for (size_t i = 0; i < self->count; i++) {
        const ph_locus_t *locus = &self->loci[i];
        ph_curve_t *curve = &curves->items[curves->count++];
        *curve = (ph_curve_t){.kind = locus->kind,
                              .ground = locus->ground,
                              .closed = locus->closed,
                              .ends = {locus->ends[0], locus->ends[1]}};
        curve->places = calloc(locus->count, sizeof(*curve->places));
        if (curve->places == NULL)
            return PH_ERR_MEMORY;
        curve->count = locus->count;
        const int status = ph_tracer_label(locus, &curve->left, &curve->right);
        if (status != PH_OK)
            return status;
        for (size_t n = 0; n < locus->count; n++)
            for (size_t k = 0; k < 2; k++)
                curve->places[n][k] = ph_plane_value(&self->plane, k, locus->z[n][k]);
    }
    return PH_OK;
}

int ph_curves_trace(ph_curves_t *self, const ph_phase_t *phase, int threads)
{
    ph_tracer_t tracer = {.phase = phase, .threads = threads};
    memset(self, 0, sizeof(*self));
    if (phase->directions_count != 2 || phase->left_out > 0 ||
        !ph_plane_init(&tracer.plane, phase->grid, phase->directions[0].axis,
                       phase->directions[1].axis))
        return PH_OK;
    int status = ph_tracer_sow(&tracer);
    if (status == PH_OK)
        status = ph_tracer_examples(&tracer);
    prune(&tracer);
    if (status == PH_OK)
        status = hand_over(&tracer, self);
    if (status == PH_OK && tracer.plane.starved)
        status = PH_ERR_MEMORY;
    for (size_t i = 0; i < tracer.count; i++)
        free_locus(&tracer.loci[i]);
    free(tracer.loci);
    free(tracer.specials);
    free(tracer.sprouts);
    return status;
}

void ph_curves_free(ph_curves_t *self)
{
    for (size_t i = 0; i < self->count; i++)
        free(self->items[i].places);
    free(self->items);
    free(self->specials);
    memset(self, 0, sizeof(*self));
}
