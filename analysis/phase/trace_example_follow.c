/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/phase/trace_example_private.h"

enum { POINTS_MAX = 20000, ROUNDS = 30 };

static const double FIRST = 2e-3;   /* length of the first step, in shares */
static const double LONGEST = 0.02; /* of any */
static const double SHORTEST = 1e-6;
static const double TURN = 0.06;     /* between two tangents */
static const double STRAIGHT = 2e-4; /* steps shorter than this may turn more */
static const double SMALL = 1e-5;    /* step of derivatives */
static const double REACH = 0.1;     /* of overlaps, in one step */
static const double ONE = 1e-3;      /* overlaps of one state */
static const double EXACT = 1e-14;   /* of a place */
static const double TELLING = 1e-6;  /* of which a difference tells how the gap grows */
static const double ROUGH = 1e-9;    /* ... where rounding allows no better */
static const double COLD = 1e-4; /* share of the noise at which what is found without is taken */
static const double NEAR_COLD = 0.03; /* ... from where the line is then */

static double gap(const ph_pair_t *pair)
{
    return pair->own.energy - pair->other.energy;
}

/* How the gap grows along a direction: of states that are stationary that is so at fixed overlaps.
 */
static int slope(ph_tracer_t *self, const ph_pair_t *pair, const double *direction, double *rate)
{
    double gaps[2] = {0}, centre[2], small = SMALL;
    const size_t cold = ph_tracer_cold(self);
    if (cold < 2)
        small = fmin(small, 0.25 * pair->at[cold]);
    for (size_t k = 0; k < 2; k++)
        centre[k] = fmin(1.0 - small, fmax(k == cold ? 0.0 : small, pair->at[k]));
    for (size_t side = 0; side < 2; side++) {
        ph_fields_t fields;
        double place[2];
        for (size_t k = 0; k < 2; k++)
            place[k] = centre[k] + (side == 0 ? -small : small) * direction[k];
        const int status = ph_fields_init(self, place, &fields);
        if (status != PH_OK)
            return status;
        gaps[side] = ph_rival_energy(&fields, &pair->own) - ph_rival_energy(&fields, &pair->other);
        ph_fields_free(&fields);
    }
    *rate = (gaps[1] - gaps[0]) / (2.0 * small);
    return PH_OK;
}

int ph_pair_meet(ph_tracer_t *self, const ph_pair_t *from, const double *place,
                 const double *direction, double reach, ph_pair_t *to)
{
    double share = 0.0, last = 0.0, last_gap = 0.0, step = 0.0, rate = 0.0;
    ph_pair_t at = *from;
    for (int round = 0; round < ROUNDS; round++) {
        const double there[2] = {place[0] + share * direction[0], place[1] + share * direction[1]};
        int status = ph_pair_move(self, &at, there, REACH, &at);
        if (status != PH_OK)
            return status;
        if (round == 0) {
            status = slope(self, &at, direction, &rate);
            if (status != PH_OK)
                return status;
        } else if (fabs(share - last) > TELLING) {
            rate = (gap(&at) - last_gap) / (share - last);
        }
        const double next = gap(&at) == 0.0 ? 0.0 : -gap(&at) / rate;
        const bool rounding = round > 3 && fabs(next) >= 0.5 * fabs(step) && fabs(next) <= ROUGH;
        if (fabs(next) <= EXACT || rounding) {
            *to = at;
            return PH_OK;
        }
        if (!isfinite(next) || fabs(share + next) > reach)
            return PH_ERR_NUMERIC;
        last = share;
        last_gap = gap(&at);
        step = next;
        share += next;
        if (share == last) {
            *to = at;
            return PH_OK;
        }
    }
    return PH_ERR_NUMERIC;
}

/* Along the line at a point of it, on the side of where it came from. */
static int find_tangent(ph_tracer_t *self, const ph_pair_t *pair, double *tangent)
{
    double rates[2] = {0};
    int status = PH_OK;
    for (size_t k = 0; k < 2 && status == PH_OK; k++) {
        const double direction[2] = {k == 0, k == 1};
        status = slope(self, pair, direction, &rates[k]);
    }
    const double length = hypot(rates[0], rates[1]);
    if (status != PH_OK || !(length > 0.0) || !isfinite(length))
        return status != PH_OK ? status : PH_ERR_NUMERIC;
    const double inner = tangent[0] * -rates[1] + tangent[1] * rates[0];
    const double sign = inner < 0.0 ? -1.0 : 1.0;
    tangent[0] = -sign * rates[1] / length;
    tangent[1] = sign * rates[0] / length;
    return PH_OK;
}

/* The pair may be one of the line's own. */
static int add_point(ph_example_line_t *line, const ph_pair_t *pair)
{
    const ph_pair_t added = *pair;
    if (line->count == line->capacity) {
        const size_t capacity = line->capacity == 0 ? 64 : 2 * line->capacity;
        ph_pair_t *grown = realloc(line->items, capacity * sizeof(*grown));
        if (grown == NULL)
            return PH_ERR_MEMORY;
        line->items = grown;
        line->capacity = capacity;
    }
    line->items[line->count++] = added;
    return PH_OK;
}

/* The first edge that a straight way meets within a length: its axis and side; false for none. */
static bool find_edge(const ph_pair_t *from, const double *tangent, double length, size_t cold,
                      size_t *axis, double *value)
{
    double first = length;
    bool found = false;
    for (size_t k = 0; k < 2; k++) {
        const double to = tangent[k] > 0.0 ? 1.0 : 0.0, way = (to - from->at[k]) / tangent[k];
        if (tangent[k] == 0.0 || (k == cold && to == 0.0) || !(way <= first))
            continue;
        first = way;
        *axis = k;
        *value = to;
        found = true;
    }
    return found;
}

/* The place without noise that a line comes down to: the nearest found there. */
static bool find_cold(const ph_tracer_t *self, size_t cold, double at, double *place)
{
    const size_t other = 1 - cold;
    const ph_grid_t *grid = self->plane.grid;
    const ph_direction_t *direction = ph_phase_direction(self->phase, self->plane.axis[other]);
    double best = NEAR_COLD;
    for (size_t i = 0; i + 1 < grid->axes[self->plane.axis[other]].size; i++) {
        const size_t point = i * self->plane.stride[other];
        const ph_boundaries_t *found = &direction->ends[point];
        for (size_t b = 0; b < found->count; b++) {
            const double share = ph_plane_share(
                &self->plane, other,
                ph_phase_place(grid, self->plane.axis[other], point, found->items[b].share));
            if (found->items[b].kind != PH_BOUNDARY_EXAMPLE_STATE || !(fabs(share - at) < best))
                continue;
            best = fabs(share - at);
            place[other] = share;
        }
    }
    place[cold] = 0.0;
    return best < NEAR_COLD;
}

/* Whether the way back leads to the states from where it came, but for signs: not after the end of
 * one. */
static bool returns(ph_tracer_t *self, const ph_pair_t *from, const ph_pair_t *to, int *status)
{
    const size_t patterns = (size_t)self->plane.point.patterns;
    ph_pair_t back;
    double apart = 0.0;
    *status = ph_pair_move(self, to, from->at, REACH, &back);
    if (*status != PH_OK)
        return false;
    for (size_t f = 0; f < patterns; f++)
        apart = fmax(apart, fabs(fabs(back.own.n[f]) - fabs(from->own.n[f])));
    for (size_t f = 0; f < 2 * patterns; f++)
        apart = fmax(apart, fabs(fabs(back.other.n[f]) - fabs(from->other.n[f])));
    return apart < ONE;
}

/* A line along which the examples part ever less ends where that is too little to be followed. */
static int end_together(ph_tracer_t *self, ph_example_line_t *line, const ph_pair_t *from,
                        const double *tangent, double length)
{
    const double normal[2] = {-tangent[1], tangent[0]};
    double low = 0.0, high = length;
    ph_pair_t at = *from, last = *from;
    int status = PH_OK;
    while (high - low > EXACT && status != PH_ERR_MEMORY) {
        const double middle = 0.5 * (low + high);
        const double place[2] = {from->at[0] + middle * tangent[0],
                                 from->at[1] + middle * tangent[1]};
        if (!(middle > low && middle < high))
            break;
        at = last;
        status = ph_pair_meet(self, &last, place, normal, fmax(length, SHORTEST), &at);
        if (status != PH_OK || ph_rival_parting(self, at.at, &at.other) < PH_LINE_PARTING)
            high = middle;
        else {
            low = middle;
            last = at;
        }
    }
    line->ends[1] = (ph_line_end_t){.kind = PH_SPECIAL_TRICRITICAL};
    memcpy(line->ends[1].place, last.at, sizeof(last.at));
    if (status == PH_ERR_MEMORY)
        return status;
    return low > 0.0 ? add_point(line, &last) : PH_OK;
}

/* Back at its first point, and going the same way. */
static bool closes(const ph_example_line_t *line, const ph_pair_t *from, const ph_pair_t *to,
                   const double *tangent)
{
    const double *first = line->items[0].at;
    double along[2] = {0};
    if (line->count < 8)
        return false;
    for (size_t k = 0; k < 2; k++) {
        along[0] += tangent[k] * (first[k] - from->at[k]);
        along[1] += tangent[k] * (first[k] - to->at[k]);
    }
    return along[0] > 0.0 && along[1] <= 0.0 &&
           hypot(first[0] - to->at[0], first[1] - to->at[1]) < LONGEST &&
           fabs(line->items[0].other.n[0] - to->other.n[0]) < LONGEST;
}

/* One step, shortened until it is good; *ended where it is the last. */
static int take_step(ph_tracer_t *self, ph_example_line_t *line, double *step, double *tangent,
                     bool *ended)
{
    const size_t cold = ph_tracer_cold(self);
    const ph_pair_t from = line->items[line->count - 1];
    ph_line_end_t *end = &line->ends[1];
    *ended = true;
    memcpy(end->place, from.at, sizeof(end->place));
    if (cold < 2 && from.at[cold] < COLD && tangent[cold] < 0.0) {
        const size_t other = 1 - cold;
        const double at = from.at[other] - tangent[other] / tangent[cold] * from.at[cold];
        end->kind = PH_SPECIAL_AXIS;
        end->solved = find_cold(self, cold, at, end->place);
        return PH_OK;
    }
    for (; *step >= SHORTEST; *step *= 0.5) {
        double next[2] = {tangent[0], tangent[1]}, value = 0.0;
        size_t axis = 0;
        ph_pair_t to;
        if (cold < 2 && tangent[cold] < 0.0)
            *step = fmin(*step, -0.5 * from.at[cold] / tangent[cold]);
        const bool edge = find_edge(&from, tangent, *step, cold, &axis, &value);
        const double length = edge ? (value - from.at[axis]) / tangent[axis] : *step;
        double place[2] = {from.at[0] + length * tangent[0], from.at[1] + length * tangent[1]};
        const double normal[2] = {edge ? axis != 0 : -tangent[1], edge ? axis != 1 : tangent[0]};
        if (edge)
            place[axis] = value;
        int status = ph_pair_meet(self, &from, place, normal, fmax(length, SHORTEST), &to);
        if (status == PH_OK)
            status = find_tangent(self, &to, next);
        if (status == PH_ERR_NUMERIC)
            continue;
        if (status != PH_OK)
            return status;
        if (!returns(self, &from, &to, &status)) {
            if (status == PH_ERR_MEMORY)
                return status;
            continue;
        }
        if (ph_rival_parting(self, to.at, &to.other) < PH_LINE_PARTING && !edge)
            return end_together(self, line, &from, tangent, length);
        const double turned = acos(fmin(1.0, next[0] * tangent[0] + next[1] * tangent[1]));
        if (turned > TURN && length > STRAIGHT)
            continue;
        if (closes(line, &from, &to, tangent)) {
            line->closed = true;
            return add_point(line, &line->items[0]);
        }
        memcpy(tangent, next, sizeof(next));
        *end = (ph_line_end_t){edge, PH_SPECIAL_AXIS, {to.at[0], to.at[1]}};
        *ended = edge;
        return add_point(line, &to);
    }
    return PH_OK;
}

static int follow(ph_tracer_t *self, const ph_pair_t *seed, double sign, ph_example_line_t *line)
{
    double tangent[2] = {0.8 * sign, 0.6 * sign}, step = FIRST;
    bool ended = false;
    memset(line, 0, sizeof(*line));
    int status = find_tangent(self, seed, tangent);
    if (status == PH_OK)
        status = add_point(line, seed);
    while (status == PH_OK && !ended && line->count < POINTS_MAX) {
        const double before = step;
        status = take_step(self, line, &step, tangent, &ended);
        if (step == before)
            step = fmin(1.5 * step, LONGEST);
    }
    return status;
}

/* What goes back, turned round, and what goes forth behind it. */
static int join(const ph_example_line_t *back, const ph_example_line_t *forth,
                ph_example_line_t *line)
{
    int status = PH_OK;
    for (size_t i = back->count; i > 0 && status == PH_OK; i--)
        status = add_point(line, &back->items[i - 1]);
    for (size_t i = 1; i < forth->count && status == PH_OK; i++)
        status = add_point(line, &forth->items[i]);
    line->ends[0] = back->ends[1];
    line->ends[1] = forth->ends[1];
    line->closed = forth->closed;
    return status;
}

int ph_example_line_follow(ph_tracer_t *self, const ph_pair_t *seed, ph_example_line_t *line)
{
    ph_example_line_t back = {0}, forth = {0};
    memset(line, 0, sizeof(*line));
    int status = follow(self, seed, 1.0, &forth);
    if (status == PH_OK && forth.closed)
        status = add_point(&back, seed);
    else if (status == PH_OK)
        status = follow(self, seed, -1.0, &back);
    if (status == PH_OK)
        status = join(&back, &forth, line);
    free(back.items);
    free(forth.items);
    if (status == PH_OK)
        return PH_OK;
    free(line->items);
    memset(line, 0, sizeof(*line));
    return status == PH_ERR_NUMERIC ? PH_OK : status;
}
