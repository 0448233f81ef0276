/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/phase/trace_example_private.h"

enum { SIZE = PH_STATES_PATTERNS_MAX, LINES_MAX = 256, PASSES = 4 };

static const double BESIDE = 1e-3;  /* shares: a boundary found is this far from its line */
static const double REACH = 0.3;    /* of overlaps */
static const double ON_LINE = 1e-3; /* shares */
static const double ALIKE = 0.01;   /* overlaps of one state */

void ph_rival_of_example(const ph_example_state_t *state, const ph_point_t *point,
                         ph_rival_t *member)
{
    *member = (ph_rival_t){.apart = true};
    for (size_t mu = 0; mu < (size_t)point->patterns; mu++) {
        const double sum = state->single[mu] + (point->examples[mu] - 1.0) * state->rest[mu];
        const double sign = sum < 0.0 ? -1.0 : 1.0;
        member->n[2 * mu] = sign * state->single[mu];
        member->n[2 * mu + 1] = sign * state->rest[mu] / point->quality[mu];
    }
}

void ph_rival_of_state(const ph_fixed_point_t *state, ph_rival_t *member)
{
    *member = (ph_rival_t){.apart = false};
    memcpy(member->n, state->overlap, sizeof(state->overlap));
}

/* The lower of the states of both ends of a way, at a place between them. */
static int lower_of(const ph_fields_t *fields, const ph_rival_t *ends, const bool *there,
                    ph_rival_t *member)
{
    bool found = false;
    for (size_t side = 0; side < 2; side++) {
        ph_rival_t trial = ends[side];
        const int status = there[side] ? ph_rival_settle(fields, REACH, &trial) : PH_ERR_NUMERIC;
        if (status == PH_ERR_MEMORY)
            return status;
        if (status != PH_OK || (found && !(trial.energy < member->energy)))
            continue;
        *member = trial;
        found = true;
    }
    return found ? PH_OK : PH_ERR_NUMERIC;
}

/* A point of the line near where it was found between two points of the grid. */
static int find_seed(ph_tracer_t *self, size_t axis, const size_t *points, const double *place,
                     ph_pair_t *pair)
{
    const ph_phase_t *phase = self->phase;
    ph_fields_t fields;
    ph_rival_t own[2], other[2];
    bool found[2], there[2] = {true, true};
    for (size_t side = 0; side < 2; side++) {
        const ph_states_t *states = &phase->points[points[side]];
        const ph_example_state_t *example = &phase->examples[points[side]];
        ph_rival_of_state(&states->states[states->ground], &own[side]);
        ph_rival_of_example(example, &phase->grid->points[points[side]], &other[side]);
        found[side] = example->found;
    }
    memcpy(pair->at, place, sizeof(pair->at));
    int status = ph_fields_init(self, place, &fields);
    if (status != PH_OK)
        return status;
    status = lower_of(&fields, own, there, &pair->own);
    if (status == PH_OK)
        status = lower_of(&fields, other, found, &pair->other);
    ph_fields_free(&fields);
    if (status == PH_OK && ph_rival_parting(self, place, &pair->other) < PH_LINE_PARTING)
        status = PH_ERR_NUMERIC;
    const double along[2] = {axis == 0, axis == 1};
    return status == PH_OK ? ph_pair_meet(self, pair, place, along, BESIDE, pair) : status;
}

/* Whether a point is on the way from one point of a line to the next: place and overlaps. */
static bool on_way(const ph_tracer_t *self, const ph_pair_t *from, const ph_pair_t *to,
                   const ph_pair_t *pair)
{
    const size_t patterns = (size_t)self->plane.point.patterns;
    const double x = to->at[0] - from->at[0], y = to->at[1] - from->at[1];
    const double length = x * x + y * y;
    const double along = (pair->at[0] - from->at[0]) * x + (pair->at[1] - from->at[1]) * y;
    const double share = length > 0.0 ? fmin(1.0, fmax(0.0, along / length)) : 0.0;
    double a[3 * SIZE], b[3 * SIZE], own[3 * SIZE];
    if (!(hypot(from->at[0] + share * x - pair->at[0], from->at[1] + share * y - pair->at[1]) <
          ON_LINE))
        return false;
    ph_rival_sort(self, &from->own, a);
    ph_rival_sort(self, &from->other, a + patterns);
    ph_rival_sort(self, &to->own, b);
    ph_rival_sort(self, &to->other, b + patterns);
    ph_rival_sort(self, &pair->own, own);
    ph_rival_sort(self, &pair->other, own + patterns);
    for (size_t f = 0; f < 3 * patterns; f++)
        if (!(fabs(a[f] + share * (b[f] - a[f]) - own[f]) < ALIKE + 0.5 * fabs(b[f] - a[f])))
            return false;
    return true;
}

/* Whether the line with this point has been followed. */
static bool known(const ph_tracer_t *self, const ph_example_lines_t *lines, const ph_pair_t *pair)
{
    for (size_t l = 0; l < lines->count; l++)
        for (size_t i = 0; i + 1 < lines->items[l].count; i++)
            if (on_way(self, &lines->items[l].items[i], &lines->items[l].items[i + 1], pair))
                return true;
    return false;
}

int ph_example_lines_add(ph_tracer_t *self, ph_example_lines_t *lines, const ph_pair_t *seed)
{
    if (lines->count >= LINES_MAX || known(self, lines, seed))
        return PH_OK;
    if (lines->count == lines->capacity) {
        const size_t capacity = lines->capacity == 0 ? 8 : 2 * lines->capacity;
        ph_example_line_t *grown = realloc(lines->items, capacity * sizeof(*grown));
        if (grown == NULL)
            return PH_ERR_MEMORY;
        lines->items = grown;
        lines->capacity = capacity;
    }
    const int status = ph_example_line_follow(self, seed, &lines->items[lines->count]);
    if (status == PH_OK && lines->items[lines->count].count > 0)
        lines->count++;
    return status;
}

static int sow(ph_tracer_t *self, ph_example_lines_t *lines, size_t k, size_t point)
{
    const ph_phase_t *phase = self->phase;
    const ph_direction_t *direction = &phase->directions[k];
    const ph_boundaries_t *found = &direction->ends[point];
    size_t points[2] = {point}, index[PH_MAX_AXES];
    int status = PH_OK;
    if (!ph_phase_next(phase->grid, point, direction->axis, &points[1]))
        return PH_OK;
    const size_t along = direction->axis == self->plane.axis[0] ? 0 : 1;
    ph_grid_unravel(phase->grid, point, index);
    for (size_t b = 0; b < found->count && status == PH_OK; b++) {
        ph_pair_t pair;
        double place[2];
        if (found->items[b].kind != PH_BOUNDARY_EXAMPLE_STATE)
            continue;
        for (size_t a = 0; a < 2; a++) {
            const size_t axis = self->plane.axis[a];
            const double *values = phase->grid->axes[axis].coordinates[0].values;
            const double value =
                a == along ? ph_phase_place(phase->grid, axis, point, found->items[b].share)
                           : values[index[axis]];
            place[a] = ph_plane_share(&self->plane, a, value);
        }
        status = find_seed(self, along, points, place, &pair);
        if (status == PH_OK)
            status = ph_example_lines_add(self, lines, &pair);
        status = status == PH_ERR_NUMERIC ? PH_OK : status;
    }
    return status;
}

int ph_tracer_examples(ph_tracer_t *self)
{
    const ph_phase_t *phase = self->phase;
    ph_example_lines_t lines = {0};
    int status = PH_OK;
    for (size_t k = 0; k < phase->directions_count; k++)
        for (size_t p = 0; p < phase->grid->points_count && status == PH_OK; p++)
            status = sow(self, &lines, k, p);
    for (int pass = 0; pass < PASSES && status == PH_OK; pass++) {
        const size_t before = lines.count;
        for (size_t l = 0; l < lines.count && status == PH_OK; l++)
            status = ph_example_line_cut(self, &lines, l, false);
        if (lines.count == before)
            break;
    }
    for (size_t l = 0; l < lines.count && status == PH_OK; l++)
        status = ph_example_line_cut(self, &lines, l, true);
    for (size_t l = 0; l < lines.count; l++)
        free(lines.items[l].items);
    free(lines.items);
    return status;
}
