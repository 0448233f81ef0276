/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/figure/diagram_lines_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Ends this near a change of the ground state, in shares of a square, are that change. */
static const double SAME = 1e-4;

int ph_lines_add(ph_lines_t *self, ph_spot_t a, ph_spot_t b)
{
    if (self->count == self->capacity) {
        const size_t capacity = self->capacity == 0 ? 256 : 2 * self->capacity;
        ph_line_piece_t *grown = realloc(self->segments, capacity * sizeof(*grown));
        if (grown == NULL)
            return PH_ERR_MEMORY;
        self->segments = grown;
        self->capacity = capacity;
    }
    self->segments[self->count++] = (ph_line_piece_t){{a, b}, false};
    return PH_OK;
}

void ph_lines_free(ph_lines_t *self)
{
    free(self->segments);
    memset(self, 0, sizeof(*self));
}

/* A segment not drawn yet that has this place as an end. */
static ph_line_piece_t *segment_at(ph_lines_t *self, size_t id, size_t *side)
{
    for (size_t i = 0; i < self->count; i++)
        for (*side = 0; !self->segments[i].drawn && *side < 2; ++*side)
            if (self->segments[i].ends[*side].id == id)
                return &self->segments[i];
    return NULL;
}

static size_t segments_at(const ph_lines_t *self, size_t id)
{
    size_t count = 0;
    for (size_t i = 0; i < self->count; i++)
        count += !self->segments[i].drawn &&
                 (self->segments[i].ends[0].id == id || self->segments[i].ends[1].id == id);
    return count;
}

static void write_chain(ph_lines_t *self, ph_line_piece_t *segment, size_t side, FILE *file)
{
    ph_spot_t spot = segment->ends[side];
    fprintf(file, "%.12g %.12g\n", spot.x, spot.y);
    while (segment != NULL) {
        segment->drawn = true;
        spot = segment->ends[1 - side];
        fprintf(file, "%.12g %.12g\n", spot.x, spot.y);
        segment = segment_at(self, spot.id, &side);
    }
    fputc('\n', file);
}

void ph_lines_write(ph_lines_t *self, FILE *file)
{
    /* From loose ends first; what is left then are closed lines. */
    for (int closed = 0; closed <= 1; closed++)
        for (size_t i = 0; i < self->count; i++)
            for (size_t side = 0; side < 2; side++)
                if (!self->segments[i].drawn &&
                    (closed || segments_at(self, self->segments[i].ends[side].id) == 1))
                    write_chain(self, &self->segments[i], side, file);
}

size_t ph_diagram_point(const ph_diagram_t *self, size_t i, size_t j)
{
    size_t index[PH_MAX_AXES];
    memcpy(index, self->figure->index, sizeof(index));
    index[self->figure->x] = i;
    index[self->figure->y] = j;
    return ph_figure_point(self->figure->grid, index);
}

size_t ph_diagram_patterns(const ph_diagram_t *self)
{
    const int64_t patterns = self->phase->grid->patterns_max;
    return patterns < PH_STATES_PATTERNS_MAX ? (size_t)patterns : (size_t)PH_STATES_PATTERNS_MAX;
}

static int label_of(const ph_diagram_t *self, size_t point, int state)
{
    const ph_states_t *states = &self->phase->points[point];
    if (state < 0 || (size_t)state >= states->count)
        return -1;
    return ph_label_code(states->states[state].label, ph_diagram_patterns(self));
}

int ph_diagram_ground(const ph_diagram_t *self, size_t i, size_t j)
{
    const size_t point = ph_diagram_point(self, i, j);
    return label_of(self, point, (int)self->phase->points[point].ground);
}

int ph_diagram_reached(const ph_diagram_t *self, size_t i, size_t j)
{
    const size_t point = ph_diagram_point(self, i, j);
    return label_of(self, point, self->phase->points[point].reached);
}

/* One side of a square of four points: between corner k and the next one. */
typedef struct {
    size_t i, j, axis; /* its first point, and whither it goes */
} side_t;

static side_t side_of(const ph_diagram_t *self, size_t i, size_t j, size_t k)
{
    const size_t x = self->figure->x, y = self->figure->y;
    const side_t sides[] = {{i, j, x}, {i + 1, j, y}, {i, j + 1, x}, {i, j, y}};
    return sides[k];
}

static ph_spot_t spot_on(const ph_diagram_t *self, side_t side, double share)
{
    const bool along = side.axis == self->figure->x;
    const ph_spot_t spot = {2 * ph_diagram_point(self, side.i, side.j) + along,
                            ph_figure_place(&self->x, side.i), ph_figure_place(&self->y, side.j)};
    const double next =
        along ? ph_figure_place(&self->x, side.i + 1) : ph_figure_place(&self->y, side.j + 1);
    return (ph_spot_t){spot.id, along ? spot.x + share * (next - spot.x) : spot.x,
                       along ? spot.y : spot.y + share * (next - spot.y)};
}

static const ph_boundaries_t *boundaries_on(const ph_diagram_t *self, side_t side, bool changes)
{
    const ph_direction_t *direction = ph_phase_direction(self->phase, side.axis);
    const size_t point = ph_diagram_point(self, side.i, side.j);
    return direction == NULL ? NULL
           : changes         ? &direction->changes[point]
                             : &direction->ends[point];
}

/* Where the ground state changes on a side: half-way, of unknown kind, where nobody has looked. */
static ph_spot_t change_on(const ph_diagram_t *self, side_t side, ph_line_t *line)
{
    static const ph_line_t LINES[PH_BOUNDARY_COUNT] = {
        [PH_BOUNDARY_CONTINUOUS] = PH_LINE_CONTINUOUS,
        [PH_BOUNDARY_SPINODAL] = PH_LINE_CROSSING,
        [PH_BOUNDARY_CROSSING] = PH_LINE_CROSSING,
        [PH_BOUNDARY_CROSSOVER] = PH_LINE_CROSSOVER,
        [PH_BOUNDARY_EXAMPLES] = PH_LINE_EXAMPLES,
        [PH_BOUNDARY_EXAMPLE_STATE] = PH_LINE_EXAMPLE_STATE};
    const ph_boundaries_t *found = boundaries_on(self, side, true);
    *line = PH_LINE_COUNT;
    if (found == NULL || found->count == 0)
        return spot_on(self, side, 0.5);
    for (size_t b = 0; b < found->count; b++)
        if (LINES[found->items[b].kind] < *line)
            *line = LINES[found->items[b].kind];
    return spot_on(self, side,
                   0.5 * (found->items[0].share + found->items[found->count - 1].share));
}

/* A square between four points, its labels, and the sides on which they change. */
typedef struct {
    int labels[4];
    size_t count;
    size_t sides[4];
    ph_spot_t spots[4], centre;
    ph_line_t line;
} square_t;

static bool look_at_square(const ph_diagram_t *self, size_t i, size_t j, square_t *square)
{
    static const size_t RIGHT[] = {0, 1, 1, 0}, UP[] = {0, 0, 1, 1};
    memset(square, 0, sizeof(*square));
    square->line = PH_LINE_COUNT;
    for (size_t k = 0; k < 4; k++) {
        square->labels[k] = ph_diagram_ground(self, i + RIGHT[k], j + UP[k]);
        if (square->labels[k] < 0)
            return false;
    }
    for (size_t k = 0; k < 4; k++) {
        ph_line_t line;
        if (square->labels[k] == square->labels[(k + 1) % 4])
            continue;
        const size_t n = square->count++;
        square->sides[n] = k;
        square->spots[n] = change_on(self, side_of(self, i, j, k), &line);
        square->line = line < square->line ? line : square->line;
        square->centre.x += square->spots[n].x;
        square->centre.y += square->spots[n].y;
    }
    if (square->count == 0)
        return false;
    square->centre.x /= (double)square->count;
    square->centre.y /= (double)square->count;
    square->centre.id = 2 * (self->phase->grid->points_count + ph_diagram_point(self, i, j));
    return true;
}

static int add_changes(const ph_diagram_t *self, size_t i, size_t j, ph_lines_t *lines)
{
    square_t square;
    int status = PH_OK;
    if (!look_at_square(self, i, j, &square))
        return PH_OK;
    if (square.line == PH_LINE_COUNT)
        square.line = PH_LINE_CONTINUOUS;
    if (square.count == 2)
        return ph_lines_add(&lines[square.line], square.spots[0], square.spots[1]);
    for (size_t n = 0; n < square.count && status == PH_OK; n++) {
        ph_line_t line;
        change_on(self, side_of(self, i, j, square.sides[n]), &line);
        line = line == PH_LINE_COUNT ? square.line : line;
        status = ph_lines_add(&lines[line], square.spots[n], square.centre);
    }
    return status;
}

static bool is_change(const ph_boundaries_t *changes, const ph_boundary_t *end)
{
    for (size_t b = 0; b < changes->count; b++)
        if (fabs(changes->items[b].share - end->share) < SAME)
            return true;
    return false;
}

/* Where a side has an end of this kind and label (-1: any), apart from changes of the ground
 * state. */
static bool end_on(const ph_diagram_t *self, side_t side, int label, ph_boundary_kind_t kind,
                   ph_spot_t *spot)
{
    const ph_boundaries_t *ends = boundaries_on(self, side, false);
    const size_t patterns = ph_diagram_patterns(self);
    for (size_t b = 0; ends != NULL && b < ends->count; b++) {
        const ph_boundary_t *end = &ends->items[b];
        if (end->kind != kind || (label >= 0 && ph_label_code(end->label, patterns) != label) ||
            is_change(boundaries_on(self, side, true), end))
            continue;
        *spot = spot_on(self, side, end->share);
        return true;
    }
    return false;
}

static int add_ends(const ph_diagram_t *self, size_t i, size_t j, int label,
                    ph_boundary_kind_t kind, ph_lines_t *lines)
{
    ph_spot_t spots[4];
    size_t count = 0;
    for (size_t k = 0; k < 4; k++)
        count += end_on(self, side_of(self, i, j, k), label, kind, &spots[count]);
    return count == 2 ? ph_lines_add(lines, spots[0], spots[1]) : PH_OK;
}

/* Ends of one kind along the only axis of the two on which ends were looked for, at a value of the
 * other, in spots[its size]; returns how many. */
static size_t ends_in_column(const ph_diagram_t *self, bool upwards, size_t column,
                             ph_boundary_kind_t kind, ph_spot_t *spots)
{
    const size_t size = upwards ? self->y.size : self->x.size;
    size_t count = 0;
    for (size_t k = 0; k + 1 < size; k++) {
        const side_t side =
            upwards ? (side_t){column, k, self->figure->y} : (side_t){k, column, self->figure->x};
        count += end_on(self, side, -1, kind, &spots[count]);
    }
    return count;
}

/* Pairs the ends of two neighbouring columns, the nearest first. */
static int join_columns(bool upwards, ph_spot_t *a, size_t count_a, ph_spot_t *b, size_t count_b,
                        ph_lines_t *lines)
{
    int status = PH_OK;
    while (count_a > 0 && count_b > 0 && status == PH_OK) {
        size_t best_a = 0, best_b = 0;
        double least = INFINITY;
        for (size_t i = 0; i < count_a; i++)
            for (size_t j = 0; j < count_b; j++) {
                const double apart = upwards ? fabs(a[i].y - b[j].y) : fabs(a[i].x - b[j].x);
                if (apart < least) {
                    least = apart;
                    best_a = i;
                    best_b = j;
                }
            }
        status = ph_lines_add(lines, a[best_a], b[best_b]);
        a[best_a] = a[--count_a];
        b[best_b] = b[--count_b];
    }
    return status;
}

/*
 * Along an axis of whole numbers nobody looks for ends, so that a line meets squares on two of
 * their sides only where it is nearly flat: there its places at neighbouring values are joined
 * instead.
 */
static int add_columns(const ph_diagram_t *self, bool upwards, ph_boundary_kind_t kind,
                       ph_lines_t *lines)
{
    const size_t columns = upwards ? self->x.size : self->y.size;
    const size_t size = upwards ? self->y.size : self->x.size;
    ph_spot_t *a = calloc(size, sizeof(*a)), *b = calloc(size, sizeof(*b));
    int status = a == NULL || b == NULL ? PH_ERR_MEMORY : PH_OK;
    for (size_t c = 0; c + 1 < columns && status == PH_OK; c++) {
        const size_t count_a = ends_in_column(self, upwards, c, kind, a);
        const size_t count_b = ends_in_column(self, upwards, c + 1, kind, b);
        status = join_columns(upwards, a, count_a, b, count_b, lines);
    }
    free(a);
    free(b);
    return status;
}

/* The lines on which examples part and example states become the lowest. */
static int add_example_lines(const ph_diagram_t *self, ph_lines_t *lines)
{
    static const ph_boundary_kind_t KINDS[] = {PH_BOUNDARY_EXAMPLES, PH_BOUNDARY_EXAMPLE_STATE};
    static const ph_line_t LINES[] = {PH_LINE_EXAMPLES, PH_LINE_EXAMPLE_STATE};
    const bool along_x = ph_phase_direction(self->phase, self->figure->x) != NULL;
    const bool along_y = ph_phase_direction(self->phase, self->figure->y) != NULL;
    int status = PH_OK;
    for (size_t k = 0; k < 2 && status == PH_OK; k++) {
        if (along_x != along_y)
            status = add_columns(self, along_y, KINDS[k], &lines[LINES[k]]);
        for (size_t i = 0; i + 1 < self->x.size && along_x && along_y; i++)
            for (size_t j = 0; j + 1 < self->y.size && status == PH_OK; j++)
                status = add_ends(self, i, j, -1, KINDS[k], &lines[LINES[k]]);
    }
    return status;
}

/* Mixtures end in too many places for a figure. */
int ph_diagram_lines(const ph_diagram_t *self, ph_lines_t *lines)
{
    const size_t patterns = ph_diagram_patterns(self);
    int status = PH_OK;
    for (size_t i = 0; i + 1 < self->x.size; i++)
        for (size_t j = 0; j + 1 < self->y.size && status == PH_OK; j++)
            status = add_changes(self, i, j, lines);
    if (status == PH_OK)
        status = add_example_lines(self, lines);
    for (int label = 0; label < (int)ph_label_codes(patterns); label++) {
        if (ph_label_of(label, patterns).id == PH_CLASS_MIXED)
            continue;
        for (size_t i = 0; i + 1 < self->x.size; i++)
            for (size_t j = 0; j + 1 < self->y.size && status == PH_OK; j++) {
                status =
                    add_ends(self, i, j, label, PH_BOUNDARY_SPINODAL, &lines[PH_LINE_SPINODAL]);
                if (status == PH_OK)
                    status = add_ends(self, i, j, label, PH_BOUNDARY_CONTINUOUS,
                                      &lines[PH_LINE_MELTING]);
            }
    }
    return status;
}

void ph_diagram_polygons(const ph_diagram_t *self, int label, FILE *file)
{
    static const size_t RIGHT[] = {0, 1, 1, 0}, UP[] = {0, 0, 1, 1};
    for (size_t i = 0; i + 1 < self->x.size; i++)
        for (size_t j = 0; j + 1 < self->y.size; j++) {
            square_t square;
            if (!look_at_square(self, i, j, &square))
                continue;
            for (size_t n = 0; n < square.count; n++) {
                const size_t next = (n + 1) % square.count;
                size_t k = (square.sides[n] + 1) % 4;
                if (square.labels[k] != label)
                    continue;
                fprintf(file, "%.12g %.12g\n", square.spots[n].x, square.spots[n].y);
                for (;; k = (k + 1) % 4) {
                    fprintf(file, "%.12g %.12g\n", ph_figure_place(&self->x, i + RIGHT[k]),
                            ph_figure_place(&self->y, j + UP[k]));
                    if (k == square.sides[next])
                        break;
                }
                fprintf(file, "%.12g %.12g\n", square.spots[next].x, square.spots[next].y);
                if (square.count > 2)
                    fprintf(file, "%.12g %.12g\n", square.centre.x, square.centre.y);
                fputc('\n', file);
            }
        }
}
