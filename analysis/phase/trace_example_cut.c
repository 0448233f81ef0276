/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/phase/trace_example_private.h"

enum {
    FEATURES = PH_RIVAL_FEATURES,
    SIZE = PH_STATES_PATTERNS_MAX,
    TRACKS_MAX = 32,
    RIVALS = 2,
    SELDOM = 4
};

static const double LOWER = 1e-13; /* free energies this close are equal */
static const double SAME = 1e-10;  /* ... and those of one state */
static const double MARGIN = 0.02; /* free energies of rivals at the corners of a square */
static const double REACH = 0.1;   /* of overlaps, in one step of a line */
static const double ASIDE = 0.03;  /* shares: another line is near */

/* Another state, wherever it goes along the line. */
typedef struct {
    ph_rival_t *items; /* of the line's points first .. last */
    size_t first, last;
} track_t;

typedef struct {
    ph_tracer_t *tracer;
    ph_example_lines_t *lines;
    size_t number, tracks_count;
    track_t tracks[TRACKS_MAX];
    double *steady; /* [count] Lambda of the state of alike examples */
} cut_t;

static ph_example_line_t *line_of(const cut_t *self)
{
    return &self->lines->items[self->number];
}

/* Whether a state at point i is one of the line's own: examples that are alike, or the same. */
static bool is_own(const cut_t *self, size_t i, const ph_rival_t *member)
{
    const ph_pair_t *own = &line_of(self)->items[i];
    return member->apart ? ph_rival_parting(self->tracer, own->at, member) < PH_LINE_PARTING
                         : fabs(member->energy - own->own.energy) < SAME;
}

/* A track from point i on, unless the state is there already. */
static int add_track(cut_t *self, const ph_fields_t *fields, size_t i, ph_rival_t member)
{
    const ph_pair_t *own = &line_of(self)->items[i];
    int status =
        self->tracks_count < TRACKS_MAX ? ph_rival_descend(fields, &member) : PH_ERR_NUMERIC;
    bool known = status != PH_OK || is_own(self, i, &member) ||
                 fabs(member.energy - own->own.energy) < SAME ||
                 member.energy > own->own.energy + MARGIN;
    for (size_t t = 0; t < self->tracks_count && !known; t++) {
        const track_t *track = &self->tracks[t];
        known = track->last == i && track->items[i].apart == member.apart &&
                fabs(track->items[i].energy - member.energy) < SAME;
    }
    if (known)
        return status == PH_ERR_MEMORY ? status : PH_OK;
    track_t *track = &self->tracks[self->tracks_count];
    track->items = calloc(line_of(self)->count, sizeof(*track->items));
    if (track->items == NULL)
        return PH_ERR_MEMORY;
    self->tracks_count++;
    track->items[i] = member;
    track->first = track->last = i;
    return PH_OK;
}

static size_t square_of(const ph_tracer_t *self, const double *place)
{
    return ph_plane_index(&self->plane, 0, place[0]) * self->plane.stride[0] +
           ph_plane_index(&self->plane, 1, place[1]) * self->plane.stride[1];
}

/* What the grid has at a corner of the square. */
static int add_corner(cut_t *self, const ph_fields_t *fields, size_t i, size_t corner)
{
    const ph_phase_t *phase = self->tracer->phase;
    const ph_states_t *states = &phase->points[corner];
    const ph_example_state_t *example = &phase->examples[corner];
    ph_rival_t member;
    size_t tried = 0;
    int status = PH_OK;
    if (example->found) {
        ph_rival_of_example(example, &phase->grid->points[corner], &member);
        status = add_track(self, fields, i, member);
    }
    for (size_t s = 0; s < states->count && tried < RIVALS && status == PH_OK; s++) {
        const ph_fixed_point_t *state = &states->states[s];
        if (state->kind == PH_STABILITY_UNSTABLE ||
            state->free_energy > states->states[states->ground].free_energy + MARGIN)
            continue;
        tried++;
        ph_rival_of_state(state, &member);
        status = add_track(self, fields, i, member);
    }
    return status;
}

/* The states of other lines that come near point i. */
static int add_lines(cut_t *self, const ph_fields_t *fields, size_t i)
{
    const double *at = line_of(self)->items[i].at;
    int status = PH_OK;
    for (size_t l = 0; l < self->lines->count; l++) {
        const ph_example_line_t *other = &self->lines->items[l];
        double least = ASIDE;
        const ph_pair_t *near = NULL;
        for (size_t k = 0; k < other->count && l != self->number; k++) {
            const double away = hypot(other->items[k].at[0] - at[0], other->items[k].at[1] - at[1]);
            if (away < least) {
                least = away;
                near = &other->items[k];
            }
        }
        if (near != NULL && status == PH_OK)
            status = add_track(self, fields, i, near->own);
        if (near != NULL && status == PH_OK)
            status = add_track(self, fields, i, near->other);
    }
    return status;
}

/* What the state of alike examples leads to with one example of a pattern pushed up or down. */
static int add_pushed(cut_t *self, const ph_fields_t *fields, size_t i)
{
    static const double PUSHES[] = {-0.8, -0.3, 0.3, 1.0, 4.0};
    const ph_pair_t *pair = &line_of(self)->items[i];
    const ph_point_t *point = ph_plane_point(&self->tracer->plane, pair->at);
    const size_t patterns = (size_t)point->patterns;
    ph_rival_t alike = {.apart = true}, member;
    int status = PH_OK;
    for (size_t mu = 0; mu < patterns; mu++) {
        alike.n[2 * mu] = point->quality[mu] * pair->own.n[mu];
        alike.n[2 * mu + 1] = pair->own.n[mu];
    }
    for (size_t mu = 0; mu < patterns; mu++)
        for (size_t k = 0; k < sizeof(PUSHES) / sizeof(PUSHES[0]) && status == PH_OK; k++) {
            member = alike;
            member.n[2 * mu] *= 1.0 + PUSHES[k];
            status = add_track(self, fields, i, member);
        }
    return status;
}

/* A track one point further; where it ends, what it goes over to begins. */
static int move_track(cut_t *self, const ph_fields_t *fields, size_t t, size_t from, size_t to)
{
    ph_rival_t next = self->tracks[t].items[from];
    const int status = ph_rival_settle(fields, REACH, &next);
    if (status == PH_ERR_NUMERIC)
        return add_track(self, fields, to, self->tracks[t].items[from]);
    if (status != PH_OK || is_own(self, to, &next))
        return status;
    self->tracks[t].items[to] = next;
    *(from < to ? &self->tracks[t].last : &self->tracks[t].first) = to;
    return PH_OK;
}

/* All states known at point i from the points before it, and what comes in there. */
static int look_forth(cut_t *self, size_t i)
{
    ph_tracer_t *tracer = self->tracer;
    const ph_example_line_t *line = line_of(self);
    const size_t *stride = tracer->plane.stride, base = square_of(tracer, line->items[i].at);
    const size_t corners[] = {base, base + stride[0], base + stride[1],
                              base + stride[0] + stride[1]};
    ph_fields_t fields;
    int status = ph_fields_init(tracer, line->items[i].at, &fields);
    if (status == PH_OK)
        status = ph_fields_steady(tracer, &fields, &line->items[i].own, &self->steady[i]);
    for (size_t t = 0; t < self->tracks_count && status == PH_OK && i > 0; t++)
        if (self->tracks[t].last == i - 1)
            status = move_track(self, &fields, t, i - 1, i);
    if (i == 0 || square_of(tracer, line->items[i - 1].at) != base)
        for (size_t c = 0; c < 4 && status == PH_OK; c++)
            status = add_corner(self, &fields, i, corners[c]);
    if (status == PH_OK && i % SELDOM == 0)
        status = add_lines(self, &fields, i);
    if (status == PH_OK && i % SELDOM == 0)
        status = add_pushed(self, &fields, i);
    ph_fields_free(&fields);
    return status == PH_ERR_NUMERIC ? PH_OK : status;
}

static int look_back(cut_t *self, size_t i)
{
    ph_fields_t fields;
    int status = ph_fields_init(self->tracer, line_of(self)->items[i].at, &fields);
    for (size_t t = 0; t < self->tracks_count && status == PH_OK; t++)
        if (self->tracks[t].first == i + 1)
            status = move_track(self, &fields, t, i + 1, i);
    ph_fields_free(&fields);
    return status == PH_ERR_NUMERIC ? PH_OK : status;
}

static bool is_lower(const cut_t *self, size_t t, size_t i)
{
    const track_t *track = &self->tracks[t];
    return i >= track->first && i <= track->last &&
           track->items[i].energy < line_of(self)->items[i].own.energy - LOWER;
}

/* ... and examples that are alike stay so: else there is a lower state near by. */
static bool is_lowest(const cut_t *self, size_t i)
{
    if (!(self->steady[i] > 0.0))
        return false;
    for (size_t t = 0; t < self->tracks_count; t++)
        if (is_lower(self, t, i))
            return false;
    return true;
}

static double distance(const double *a, const double *b)
{
    return hypot(a[0] - b[0], a[1] - b[1]);
}

/* Whether what was solved lies between two neighbouring points of the line, or all but. */
static bool between(const ph_pair_t *a, const ph_pair_t *b, const double *place)
{
    const double middle[2] = {0.5 * (a->at[0] + b->at[0]), 0.5 * (a->at[1] + b->at[1])};
    return distance(place, middle) < 0.75 * distance(a->at, b->at) + 1e-6;
}

/* Where between points v, on which no state is lower, and w a track becomes that. */
static int solve_triple(cut_t *self, size_t v, size_t w, size_t t, ph_corner_t *corner,
                        double *place)
{
    const ph_example_line_t *line = line_of(self);
    const ph_pair_t *a = &line->items[v], *b = &line->items[w];
    const track_t *track = &self->tracks[t];
    int status = PH_ERR_NUMERIC;
    if (v >= track->first && v <= track->last) {
        const double ahead = track->items[v].energy - a->own.energy;
        const double share = ahead / (ahead + b->own.energy - track->items[w].energy);
        *corner =
            (ph_corner_t){.kind = PH_CORNER_TRIPLE, .members = {a->own, a->other, track->items[v]}};
        for (size_t k = 0; k < 2; k++)
            place[k] = a->at[k] + share * (b->at[k] - a->at[k]);
        status = ph_corner_solve(self->tracer, corner, place);
    }
    if (status == PH_ERR_NUMERIC) { /* the third may come into being in between */
        *corner =
            (ph_corner_t){.kind = PH_CORNER_TRIPLE, .members = {b->own, b->other, track->items[w]}};
        memcpy(place, b->at, sizeof(b->at));
        status = ph_corner_solve(self->tracer, corner, place);
    }
    return status == PH_OK && !between(a, b, place) ? PH_ERR_NUMERIC : status;
}

/* Whether a member loses or gains a symmetry between two points, and which is the larger one. */
static bool changes(const cut_t *self, const ph_pair_t *a, const ph_pair_t *b, ph_corner_t *corner)
{
    for (size_t k = 0; k < 2; k++) {
        const ph_rival_t *from = k == 0 ? &a->own : &a->other, *to = k == 0 ? &b->own : &b->other;
        const size_t features = (size_t)self->tracer->plane.point.patterns * (k == 0 ? 1 : 2);
        int before[FEATURES], after[FEATURES];
        size_t free_before = 0, free_after = 0;
        ph_rival_symmetry(self->tracer, from, before);
        ph_rival_symmetry(self->tracer, to, after);
        for (size_t f = 0; f < features; f++) {
            free_before += before[f] == (int)f;
            free_after += after[f] == (int)f;
        }
        if (free_before == free_after)
            continue;
        *corner = (ph_corner_t){.members = {a->own, a->other}, .kind = PH_CORNER_MODE, .held = k};
        corner->members[k] = free_before < free_after ? *from : *to;
        memcpy(corner->block, free_before < free_after ? before : after, sizeof(before));
        return true;
    }
    return false;
}

static bool near_special(const cut_t *self, size_t i, int special)
{
    static const double ONE = 1e-7;
    const double *at = line_of(self)->items[i].at, *place = self->tracer->specials[special].place;
    return hypot(at[0] - place[0], at[1] - place[1]) < ONE;
}

/* Another point of the curve: with the overlaps of point i of the line. */
static void put_point(const cut_t *self, ph_locus_t *locus, double *z, size_t i, const double *at)
{
    const ph_system_state_t *member = &locus->system.members[0];
    memcpy(z, at, 2 * sizeof(*z));
    for (size_t b = 0; b < member->blocks; b++)
        z[2 + b] = line_of(self)->items[i].own.n[member->first[b]];
    memcpy(locus->z[locus->count++], z, sizeof(*locus->z));
}

/* Adds points first .. last of the line as a curve between two special points (-1: none). */
static int add_part(cut_t *self, size_t first, size_t last, const int *ends)
{
    const ph_example_line_t *line = line_of(self);
    const ph_rival_t *middle = &line->items[(first + last) / 2].own;
    ph_locus_t locus = {.kind = PH_BOUNDARY_EXAMPLE_STATE,
                        .ground = true,
                        .closed = line->closed && first == 0 && last + 1 == line->count,
                        .ends = {ends[0], ends[1]}};
    ph_symmetry_t symmetry;
    double z[PH_SYSTEM_UNKNOWNS] = {0};
    ph_system_init(&locus.system, &self->tracer->plane);
    int block[FEATURES];
    ph_rival_symmetry(self->tracer, middle, block);
    memcpy(symmetry.block, block, sizeof(symmetry.block));
    ph_system_add(&locus.system, middle->n, symmetry, z);
    locus.system.condition[locus.system.conditions++] =
        (ph_condition_t){.kind = PH_CONDITION_EXAMPLES};
    locus.capacity = last - first + 3;
    locus.z = calloc(locus.capacity, sizeof(*locus.z));
    if (locus.z == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = first; i <= last; i++) {
        const bool begins = i == first && ends[0] >= 0, finishes = i == last && ends[1] >= 0;
        if (begins)
            put_point(self, &locus, z, i, self->tracer->specials[ends[0]].place);
        if (!(begins && near_special(self, i, ends[0])) &&
            !(finishes && near_special(self, i, ends[1])))
            put_point(self, &locus, z, i, line->items[i].at);
        if (finishes)
            put_point(self, &locus, z, i, self->tracer->specials[ends[1]].place);
    }
    return ph_tracer_add(self->tracer, &locus);
}

/* The special point of the end of a part; -1, and counted as open, where there is none. */
static int name_end(cut_t *self, const ph_line_end_t *end, bool emit, int *number)
{
    const ph_event_t event = {
        .solved = true, .kind = end->kind, .place = {end->place[0], end->place[1]}};
    *number = -1;
    if (!emit)
        return PH_OK;
    if (end->solved)
        return ph_tracer_special(self->tracer, &event, number);
    self->tracer->open++;
    return PH_OK;
}

/* From point v, where no state is lower, to w, where Lambda of the first is negative. */
static int find_unsteady(cut_t *self, size_t v, size_t w, ph_line_end_t *end)
{
    const ph_pair_t *a = &line_of(self)->items[v], *b = &line_of(self)->items[w];
    const double share = self->steady[v] / (self->steady[v] - self->steady[w]);
    ph_corner_t corner = {.kind = PH_CORNER_EXAMPLES, .members = {a->own, a->other}};
    double place[2] = {a->at[0] + share * (b->at[0] - a->at[0]),
                       a->at[1] + share * (b->at[1] - a->at[1])};
    const int status = ph_corner_solve(self->tracer, &corner, place);
    if (status == PH_OK && between(a, b, place))
        *end = (ph_line_end_t){true, PH_SPECIAL_CRITICAL_END, {place[0], place[1]}};
    return status == PH_ERR_NUMERIC ? PH_OK : status;
}

/* From point v, where no state is lower, to w: what comes in between first. */
static int find_loss(cut_t *self, size_t v, size_t w, bool emit, ph_line_end_t *end)
{
    const double *from = line_of(self)->items[v].at;
    ph_pair_t seed;
    bool sprouts = false;
    int status = PH_OK;
    *end = (ph_line_end_t){.kind = PH_SPECIAL_TRIPLE};
    if (!(self->steady[w] > 0.0))
        status = find_unsteady(self, v, w, end);
    for (size_t t = 0; t < self->tracks_count && status == PH_OK; t++) {
        ph_corner_t corner;
        double place[2];
        if (!is_lower(self, t, w))
            continue;
        status = solve_triple(self, v, w, t, &corner, place);
        if (status == PH_OK &&
            (!end->solved || distance(place, from) < distance(end->place, from))) {
            const ph_rival_t *third = &corner.members[2];
            sprouts = true;
            *end = (ph_line_end_t){true, PH_SPECIAL_TRIPLE, {place[0], place[1]}};
            seed = (ph_pair_t){{place[0], place[1]},
                               third->apart ? corner.members[0] : *third,
                               third->apart ? *third : corner.members[1]};
        }
        status = status == PH_ERR_NUMERIC ? PH_OK : status;
    }
    return status == PH_OK && sprouts && !emit
               ? ph_example_lines_add(self->tracer, self->lines, &seed)
               : status;
}

/* Where a continuous transition of one of the two states meets the line after point i. */
static int find_change(cut_t *self, size_t i, ph_line_end_t *end)
{
    const ph_pair_t *a = &line_of(self)->items[i], *b = a + 1;
    ph_corner_t corner;
    double place[2] = {0.5 * (a->at[0] + b->at[0]), 0.5 * (a->at[1] + b->at[1])};
    *end = (ph_line_end_t){.kind = PH_SPECIAL_CRITICAL_END};
    if (!changes(self, a, b, &corner))
        return PH_OK;
    const int status = ph_corner_solve(self->tracer, &corner, place);
    end->solved = status == PH_OK && between(a, b, place);
    memcpy(end->place, place, sizeof(place));
    return status == PH_ERR_NUMERIC ? PH_OK : status;
}

/* The parts of the line, one after the other. */
static int walk(cut_t *self, bool emit)
{
    const size_t count = line_of(self)->count;
    bool open = is_lowest(self, 0);
    int ends[2] = {-1, -1}, status = PH_OK;
    size_t first = 0;
    if (open)
        status = name_end(self, &line_of(self)->ends[0], emit, &ends[0]);
    for (size_t i = 0; i < count && status == PH_OK; i++) {
        const bool last = i + 1 == count, goes_on = !last && is_lowest(self, i + 1);
        ph_line_end_t end = line_of(self)->ends[1];
        if (!last && open != goes_on)
            status = find_loss(self, open ? i : i + 1, open ? i + 1 : i, emit, &end);
        else if (!last && open)
            status = find_change(self, i, &end);
        /* A lower state that has ended or can no longer be told gives nothing back. */
        const bool goes = goes_on && (open || end.solved);
        const bool cuts = last ? open : open != goes || (open && end.solved);
        if (!cuts || status != PH_OK)
            continue;
        status = name_end(self, &end, emit, &ends[1]);
        if (status == PH_OK && open && emit)
            status = add_part(self, first, i, ends);
        ends[0] = ends[1];
        first = i + 1;
        open = goes;
    }
    return status;
}

int ph_example_line_cut(ph_tracer_t *self, ph_example_lines_t *lines, size_t number, bool emit)
{
    cut_t cut = {.tracer = self, .lines = lines, .number = number};
    const size_t count = lines->items[number].count;
    cut.steady = calloc(count, sizeof(*cut.steady));
    int status = cut.steady == NULL ? PH_ERR_MEMORY : PH_OK;
    for (size_t i = 0; i < count && status == PH_OK; i++)
        status = look_forth(&cut, i);
    for (size_t i = count - 1; i > 0 && status == PH_OK; i--)
        status = look_back(&cut, i - 1);
    if (status == PH_OK)
        status = walk(&cut, emit);
    for (size_t t = 0; t < cut.tracks_count; t++)
        free(cut.tracks[t].items);
    free(cut.steady);
    return status;
}
