/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "analysis/phase/trace_example_private.h"

enum { ROUNDS = 20 };

static const double REACH = 0.1;   /* of overlaps and places */
static const double SMALL = 1e-5;  /* step of derivatives */
static const double EXACT = 1e-13; /* of a place */
static const double ROUGH = 1e-9;  /* ... where rounding allows no better */
static const double APART = 1e-4;  /* of overlaps: two states */
static const double RIGHT = 1e-10; /* of what is to vanish */

int ph_fields_steady(ph_tracer_t *self, const ph_fields_t *fields, const ph_rival_t *own,
                     double *least)
{
    double lambda[PH_STATES_PATTERNS_MAX];
    const int status = ph_meanfield_example_stability(&fields->alike, own->n, lambda);
    *least = INFINITY;
    for (int64_t mu = 0; status == PH_OK && mu < fields->alike.features; mu++)
        *least = fmin(*least, lambda[mu]);
    return ph_plane_status(&self->plane, status);
}

static int settle(ph_tracer_t *self, ph_corner_t *corner, const double *place, double *values)
{
    ph_fields_t fields;
    ph_rival_t *members = corner->members;
    const size_t count = corner->kind == PH_CORNER_TRIPLE ? 3 : 2;
    int status = ph_fields_init(self, place, &fields);
    if (status != PH_OK)
        return status;
    for (size_t k = 0; k < count && status == PH_OK; k++)
        status = corner->kind == PH_CORNER_MODE && k == corner->held
                     ? ph_rival_hold(&fields, corner->block, REACH, &members[k])
                     : ph_rival_settle(&fields, REACH, &members[k]);
    values[0] = members[0].energy - members[1].energy;
    if (corner->kind == PH_CORNER_TRIPLE)
        values[1] = members[members[2].apart ? 1 : 0].energy - members[2].energy;
    else if (corner->kind == PH_CORNER_MODE)
        values[1] = members[corner->held].least;
    else if (status == PH_OK)
        status = ph_fields_steady(self, &fields, &members[0], &values[1]);
    ph_fields_free(&fields);
    return status;
}

/* Whether the third state has become one of the two on the way. */
static bool is_lost(const ph_tracer_t *self, const ph_corner_t *corner)
{
    const ph_rival_t *third = &corner->members[2], *like = &corner->members[third->apart ? 1 : 0];
    const size_t features = (size_t)self->plane.point.patterns * (third->apart ? 2 : 1);
    double own[2][PH_RIVAL_FEATURES], most = 0.0;
    if (corner->kind != PH_CORNER_TRIPLE)
        return false;
    ph_rival_sort(self, third, own[0]);
    ph_rival_sort(self, like, own[1]);
    for (size_t f = 0; f < features; f++)
        most = fmax(most, fabs(own[0][f] - own[1][f]));
    return most < APART;
}

/* How both values change along each axis: by differences away from the nearer edge. */
static int differentiate(ph_tracer_t *self, const ph_corner_t *corner, const double *place,
                         const double *value, double rate[2][2])
{
    for (size_t k = 0; k < 2; k++) {
        const double step = place[k] > 0.5 ? -SMALL : SMALL;
        double moved[2] = {place[0], place[1]}, at[2][2];
        for (size_t side = 0; side < 2; side++) {
            ph_corner_t there = *corner;
            moved[k] = place[k] + (double)(side + 1) * step;
            const int status = settle(self, &there, moved, at[side]);
            if (status != PH_OK)
                return status;
        }
        for (size_t e = 0; e < 2; e++)
            rate[e][k] = (4.0 * at[0][e] - at[1][e] - 3.0 * value[e]) / (2.0 * step);
    }
    return PH_OK;
}

int ph_corner_solve(ph_tracer_t *self, ph_corner_t *corner, double *place)
{
    double before = INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
        double value[2], rate[2][2];
        int status = settle(self, corner, place, value);
        if (status == PH_OK)
            status = differentiate(self, corner, place, value, rate);
        if (status != PH_OK)
            return status;
        const double det = rate[0][0] * rate[1][1] - rate[0][1] * rate[1][0];
        const double x = (value[0] * rate[1][1] - value[1] * rate[0][1]) / det;
        const double y = (value[1] * rate[0][0] - value[0] * rate[1][0]) / det;
        const double length = hypot(x, y);
        if (!isfinite(length) || length > REACH)
            return PH_ERR_NUMERIC;
        place[0] -= x;
        place[1] -= y;
        if (length < EXACT || (round > 2 && length < ROUGH && length >= 0.5 * before)) {
            status = settle(self, corner, place, value);
            return status == PH_OK && (!(fabs(value[0]) < RIGHT && fabs(value[1]) < RIGHT) ||
                                       is_lost(self, corner))
                       ? PH_ERR_NUMERIC
                       : status;
        }
        before = length;
    }
    return PH_ERR_NUMERIC;
}
