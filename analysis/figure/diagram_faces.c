/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure/diagram_faces_private.h"

enum { CODES_MAX = 64 };

static const double SNAP = 3e-4; /* shares: a special point this near a curve is on it */
static const double EDGE = 1e-9; /* ... of the diagram's edge */
static const double ON_EDGE =
    3e-4; /* a place this near a curve, which is straight between points, is on both sides */
static const double INSIDE = 1e-7;
static const double SMALL = 1e-9;  /* areas of no region */
static const double ALIKE = 1e-10; /* two places are one */

bool ph_diagram_traced(const ph_diagram_t *self)
{
    return self->phase->curves.count > 0 && !self->x.words && !self->y.words;
}

ph_line_t ph_curve_line(const ph_curve_t *curve)
{
    switch (curve->kind) {
    case PH_BOUNDARY_CONTINUOUS:
        return curve->ground ? PH_LINE_CONTINUOUS : PH_LINE_MELTING;
    case PH_BOUNDARY_CROSSING:
        return PH_LINE_CROSSING;
    case PH_BOUNDARY_CROSSOVER:
        return PH_LINE_CROSSOVER;
    case PH_BOUNDARY_EXAMPLES:
        return PH_LINE_EXAMPLES;
    case PH_BOUNDARY_EXAMPLE_STATE:
        return PH_LINE_EXAMPLE_STATE;
    default:
        return PH_LINE_SPINODAL;
    }
}

static double low_of(const ph_figure_axis_t *axis)
{
    return ph_figure_place(axis, 0);
}

static double range_of(const ph_figure_axis_t *axis)
{
    return ph_figure_place(axis, axis->size - 1) - low_of(axis);
}

double ph_faces_share(const ph_figure_axis_t *axis, size_t i)
{
    return (ph_figure_place(axis, i) - low_of(axis)) / range_of(axis);
}

void ph_faces_free(ph_faces_t *self)
{
    for (size_t i = 0; i < self->count; i++)
        free(self->items[i].places);
    free(self->items);
    free(self->places);
    free(self->edges);
    memset(self, 0, sizeof(*self));
}

static double on_edge(double share)
{
    return fabs(share) < EDGE ? 0.0 : fabs(share - 1.0) < EDGE ? 1.0 : share;
}

static int add_place(ph_faces_t *self, double x, double y, size_t *number)
{
    const double own[2] = {on_edge(x), on_edge(y)};
    for (size_t i = 0; i < self->places_count; i++)
        if (fabs(self->places[i][0] - own[0]) < ALIKE &&
            fabs(self->places[i][1] - own[1]) < ALIKE) {
            *number = i;
            return PH_OK;
        }
    if (self->places_count == self->places_capacity) {
        const size_t more = self->places_capacity == 0 ? 256 : 2 * self->places_capacity;
        double(*grown)[2] = realloc(self->places, more * sizeof(*grown));
        if (grown == NULL)
            return PH_ERR_MEMORY;
        self->places = grown;
        self->places_capacity = more;
    }
    memcpy(self->places[self->places_count], own, sizeof(own));
    *number = self->places_count++;
    return PH_OK;
}

static int add_edge(ph_faces_t *self, size_t from, size_t to, int curve)
{
    if (from == to)
        return PH_OK;
    if (self->edges_count == self->edges_capacity) {
        const size_t more = self->edges_capacity == 0 ? 256 : 2 * self->edges_capacity;
        ph_face_edge_t *grown = realloc(self->edges, more * sizeof(*grown));
        if (grown == NULL)
            return PH_ERR_MEMORY;
        self->edges = grown;
        self->edges_capacity = more;
    }
    self->edges[self->edges_count++] = (ph_face_edge_t){{from, to}, curve, {-1, -1}};
    return PH_OK;
}

static int add_curve(ph_faces_t *self, const ph_diagram_t *diagram, size_t number)
{
    const ph_curve_t *curve = &diagram->phase->curves.items[number];
    size_t last = 0, next;
    int status = PH_OK;
    for (size_t n = 0; n < curve->count && status == PH_OK; n++) {
        status =
            add_place(self, (curve->places[n][0] - low_of(&diagram->x)) / range_of(&diagram->x),
                      (curve->places[n][1] - low_of(&diagram->y)) / range_of(&diagram->y), &next);
        if (status == PH_OK && n > 0)
            status = add_edge(self, last, next, (int)number);
        last = next;
    }
    return status;
}

/* Puts a place into an edge: what is beyond becomes another edge. */
static int split_edge(ph_faces_t *self, size_t edge, size_t place)
{
    const ph_face_edge_t own = self->edges[edge];
    if (own.ends[0] == place || own.ends[1] == place)
        return PH_OK;
    self->edges[edge].ends[1] = place;
    return add_edge(self, place, own.ends[1], own.curve);
}

static double distance_to(const ph_faces_t *self, size_t edge, const double *place)
{
    const double *a = self->places[self->edges[edge].ends[0]];
    const double *b = self->places[self->edges[edge].ends[1]];
    const double x = b[0] - a[0], y = b[1] - a[1];
    const double share = ((place[0] - a[0]) * x + (place[1] - a[1]) * y) / (x * x + y * y);
    const double inside = fmin(1.0, fmax(0.0, share));
    return hypot(place[0] - a[0] - inside * x, place[1] - a[1] - inside * y);
}

/* Special points lie on the curves that go through them, though these are straight between their
 * own points. */
static int snap_specials(ph_faces_t *self, const ph_diagram_t *diagram)
{
    const ph_curves_t *curves = &diagram->phase->curves;
    int status = PH_OK;
    for (size_t s = 0; s < curves->specials_count && status == PH_OK; s++) {
        size_t place;
        const double *at = curves->specials[s].place;
        status = add_place(self, (at[0] - low_of(&diagram->x)) / range_of(&diagram->x),
                           (at[1] - low_of(&diagram->y)) / range_of(&diagram->y), &place);
        for (int c = 0; c < (int)curves->count && status == PH_OK; c++) {
            double best = SNAP;
            size_t edge = self->edges_count;
            for (size_t e = 0; e < self->edges_count; e++) {
                if (self->edges[e].curve != c)
                    continue;
                const double apart = distance_to(self, e, self->places[place]);
                if (apart < best) {
                    best = apart;
                    edge = e;
                }
            }
            if (edge < self->edges_count && curves->items[c].ends[0] != (int)s &&
                curves->items[c].ends[1] != (int)s)
                status = split_edge(self, edge, place);
        }
    }
    return status;
}

/* Where two pieces of different curves cross, well inside both. */
static bool crossing_of(const ph_faces_t *self, const ph_face_edge_t *one,
                        const ph_face_edge_t *two, double *place)
{
    const double *a = self->places[one->ends[0]], *b = self->places[one->ends[1]];
    const double *c = self->places[two->ends[0]], *d = self->places[two->ends[1]];
    for (size_t k = 0; k < 2; k++)
        if (fmax(a[k], b[k]) < fmin(c[k], d[k]) || fmax(c[k], d[k]) < fmin(a[k], b[k]))
            return false;
    const double x = b[0] - a[0], y = b[1] - a[1], u = d[0] - c[0], v = d[1] - c[1];
    const double cross = x * v - y * u;
    const double s = ((c[0] - a[0]) * v - (c[1] - a[1]) * u) / cross;
    const double t = ((c[0] - a[0]) * y - (c[1] - a[1]) * x) / cross;
    if (!(s > 0.0 && s < 1.0 && t > 0.0 && t < 1.0))
        return false;
    place[0] = a[0] + s * x;
    place[1] = a[1] + s * y;
    return true;
}

static int cross_edges(ph_faces_t *self)
{
    int status = PH_OK;
    for (size_t i = 0; i < self->edges_count; i++)
        for (size_t j = 0; j < i && status == PH_OK; j++) {
            double at[2];
            size_t place;
            const ph_face_edge_t *one = &self->edges[i], *two = &self->edges[j];
            if (one->curve == two->curve || !crossing_of(self, one, two, at))
                continue;
            status = add_place(self, at[0], at[1], &place);
            if (status == PH_OK)
                status = split_edge(self, i, place);
            if (status == PH_OK)
                status = split_edge(self, j, place);
        }
    return status;
}

/* A place on the diagram's edge, and how far along it from the corner (0, 0), anticlockwise. */
typedef struct {
    double along;
    size_t place;
} mark_t;

static int compare_marks(const void *a, const void *b)
{
    const double left = ((const mark_t *)a)->along, right = ((const mark_t *)b)->along;
    return left < right ? -1 : left > right ? 1 : 0;
}

static int add_frame(ph_faces_t *self)
{
    static const double CORNERS[4][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    size_t count = 0, place;
    int status = PH_OK;
    for (size_t k = 0; k < 4 && status == PH_OK; k++)
        status = add_place(self, CORNERS[k][0], CORNERS[k][1], &place);
    mark_t *marks = malloc((self->places_count + 1) * sizeof(*marks));
    if (status != PH_OK || marks == NULL) {
        free(marks);
        return PH_ERR_MEMORY;
    }
    for (size_t i = 0; i < self->places_count; i++) {
        const double x = self->places[i][0], y = self->places[i][1];
        if (y == 0.0)
            marks[count++] = (mark_t){x, i};
        else if (x == 1.0)
            marks[count++] = (mark_t){1.0 + y, i};
        else if (y == 1.0)
            marks[count++] = (mark_t){3.0 - x, i};
        else if (x == 0.0)
            marks[count++] = (mark_t){4.0 - y, i};
    }
    qsort(marks, count, sizeof(*marks), compare_marks);
    for (size_t i = 0; i < count && status == PH_OK; i++)
        status = add_edge(self, marks[i].place, marks[(i + 1) % count].place, -1);
    free(marks);
    return status;
}

/* One of the two directions of an edge, as it leaves its place. */
typedef struct {
    size_t place, number; /* 2 edge + direction */
    double angle;
} leave_t;

static int compare_leaves(const void *a, const void *b)
{
    const leave_t *left = a, *right = b;
    if (left->place != right->place)
        return left->place < right->place ? -1 : 1;
    return left->angle < right->angle ? -1 : left->angle > right->angle ? 1 : 0;
}

/* Of every direction of an edge the one that follows it around the region on its left. */
static int find_followers(const ph_faces_t *self, size_t *follower)
{
    const size_t count = 2 * self->edges_count;
    leave_t *leaves = malloc((count + 1) * sizeof(*leaves));
    if (leaves == NULL)
        return PH_ERR_MEMORY;
    for (size_t h = 0; h < count; h++) {
        const ph_face_edge_t *edge = &self->edges[h / 2];
        const double *from = self->places[edge->ends[h % 2]];
        const double *to = self->places[edge->ends[1 - h % 2]];
        leaves[h] = (leave_t){edge->ends[h % 2], h, atan2(to[1] - from[1], to[0] - from[0])};
    }
    qsort(leaves, count, sizeof(*leaves), compare_leaves);
    for (size_t begin = 0, end; begin < count; begin = end) {
        for (end = begin; end < count && leaves[end].place == leaves[begin].place;)
            end++;
        /* who arrives leaves by the next one clockwise of where it came from */
        for (size_t i = begin; i < end; i++)
            follower[leaves[i].number ^ 1] = leaves[i == begin ? end - 1 : i - 1].number;
    }
    free(leaves);
    return PH_OK;
}

static int compare_faces(const void *a, const void *b)
{
    const double left = ((const ph_face_t *)a)->area, right = ((const ph_face_t *)b)->area;
    return left > right ? -1 : left < right ? 1 : 0;
}

/* The loop that a direction of an edge is part of, if it goes anticlockwise around something. */
static int take_loop(ph_faces_t *self, size_t first, const size_t *follower, bool *seen)
{
    size_t count = 0, h = first;
    double area = 0.0;
    do {
        const double *a = self->places[self->edges[h / 2].ends[h % 2]];
        const double *b = self->places[self->edges[h / 2].ends[1 - h % 2]];
        area += 0.5 * (a[0] * b[1] - a[1] * b[0]);
        seen[h] = true;
        count++;
        h = follower[h];
    } while (h != first);
    if (!(area > SMALL))
        return PH_OK;
    ph_face_t *grown = realloc(self->items, (self->count + 1) * sizeof(*grown));
    size_t *places = malloc(count * sizeof(*places));
    if (grown != NULL)
        self->items = grown;
    if (grown == NULL || places == NULL) {
        free(places);
        return PH_ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++, h = follower[h]) {
        places[i] = self->edges[h / 2].ends[h % 2];
        self->edges[h / 2].sides[h % 2] = (int)self->count;
    }
    self->items[self->count++] = (ph_face_t){count, places, area, -1};
    return PH_OK;
}

static int find_loops(ph_faces_t *self)
{
    const size_t count = 2 * self->edges_count;
    size_t *follower = malloc((count + 1) * sizeof(*follower));
    bool *seen = calloc(count + 1, sizeof(*seen));
    int status = follower == NULL || seen == NULL ? PH_ERR_MEMORY : find_followers(self, follower);
    for (size_t i = 0; i < self->count; i++)
        free(self->items[i].places);
    self->count = 0;
    for (size_t e = 0; e < self->edges_count; e++)
        self->edges[e].sides[0] = self->edges[e].sides[1] = -1;
    for (size_t h = 0; h < count && status == PH_OK; h++)
        if (!seen[h])
            status = take_loop(self, h, follower, seen);
    free(follower);
    free(seen);
    return status;
}

static bool is_inside(const ph_faces_t *self, const ph_face_t *face, const double *place)
{
    bool inside = false;
    for (size_t i = 0; i < face->count; i++) {
        const double *a = self->places[face->places[i]];
        const double *b = self->places[face->places[(i + 1) % face->count]];
        if ((a[1] > place[1]) != (b[1] > place[1]) &&
            place[0] < a[0] + (place[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]))
            inside = !inside;
    }
    return inside;
}

/* Points on the edge of the diagram count as inside. */
static double within(double share)
{
    return fmin(1.0 - INSIDE, fmax(INSIDE, share));
}

/* The smallest region around a place. */
static ph_face_t *face_at(const ph_faces_t *self, const double *place)
{
    ph_face_t *best = NULL;
    for (size_t i = 0; i < self->count; i++)
        if ((best == NULL || self->items[i].area < best->area) &&
            is_inside(self, &self->items[i], place))
            best = &self->items[i];
    return best;
}

bool ph_faces_has(const ph_faces_t *self, const double *place, int label)
{
    const double inside[2] = {within(place[0]), within(place[1])};
    const ph_face_t *face = face_at(self, inside);
    if (face != NULL && face->label == label)
        return true;
    for (size_t e = 0; e < self->edges_count; e++)
        if (distance_to(self, e, place) < ON_EDGE)
            return true;
    return false;
}

int ph_faces_label(const ph_faces_t *self, const double *place)
{
    const double inside[2] = {within(place[0]), within(place[1])};
    const ph_face_t *face = face_at(self, inside);
    return face != NULL ? face->label : -1;
}

/* Without a grid point inside: what the curves around it say. */
static int label_by_curves(const ph_faces_t *self, const ph_diagram_t *diagram, int face)
{
    const size_t patterns = ph_diagram_patterns(diagram);
    double votes[CODES_MAX] = {0};
    int best = -1;
    for (size_t e = 0; e < self->edges_count; e++)
        for (size_t side = 0; side < 2 && self->edges[e].curve >= 0; side++) {
            const ph_face_edge_t *edge = &self->edges[e];
            const ph_curve_t *curve = &diagram->phase->curves.items[edge->curve];
            const double *a = self->places[edge->ends[0]], *b = self->places[edge->ends[1]];
            if (edge->sides[side] == face && curve->ground)
                votes[ph_label_code(side == 0 ? curve->left : curve->right, patterns)] +=
                    hypot(b[0] - a[0], b[1] - a[1]);
        }
    for (size_t k = 0; k < CODES_MAX; k++)
        if (votes[k] > 0.0 && (best < 0 || votes[k] > votes[best]))
            best = (int)k;
    return best;
}

static int label_faces(ph_faces_t *self, const ph_diagram_t *diagram, size_t panel)
{
    const size_t codes = ph_label_codes(ph_diagram_patterns(diagram));
    double *votes = calloc((self->count + 1) * codes, sizeof(*votes));
    if (votes == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; i < diagram->x.size; i++)
        for (size_t j = 0; j < diagram->y.size; j++) {
            const double place[2] = {within(ph_faces_share(&diagram->x, i)),
                                     within(ph_faces_share(&diagram->y, j))};
            const int label =
                panel == 0 ? ph_diagram_ground(diagram, i, j) : ph_diagram_reached(diagram, i, j);
            const ph_face_t *face = label >= 0 ? face_at(self, place) : NULL;
            if (face != NULL)
                votes[(size_t)(face - self->items) * codes + (size_t)label] += 1.0;
        }
    for (size_t f = 0; f < self->count; f++) {
        ph_face_t *face = &self->items[f];
        face->label = -1;
        for (size_t k = 0; k < codes; k++)
            if (votes[f * codes + k] > 0.0 &&
                (face->label < 0 || votes[f * codes + k] > votes[f * codes + (size_t)face->label]))
                face->label = (int)k;
    }
    free(votes);
    return PH_OK;
}

/* Edges with one label on both sides go. */
static void drop_edges(ph_faces_t *self)
{
    size_t kept = 0;
    for (size_t e = 0; e < self->edges_count; e++) {
        const int *sides = self->edges[e].sides;
        const int left = sides[0] < 0 ? -2 : self->items[sides[0]].label;
        const int right = sides[1] < 0 ? -2 : self->items[sides[1]].label;
        if (self->edges[e].curve < 0 || left != right)
            self->edges[kept++] = self->edges[e];
    }
    self->edges_count = kept;
}

/* Regions too small for a grid point take the label of a neighbour, in the panel of the ground
 * state across curves where that does not change. */
static void spread_labels(ph_faces_t *self, const ph_diagram_t *diagram, size_t panel)
{
    bool more = true;
    while (more) {
        more = false;
        for (size_t e = 0; e < self->edges_count; e++) {
            const ph_face_edge_t *edge = &self->edges[e];
            const int left = edge->sides[0], right = edge->sides[1];
            if (edge->curve < 0 || left < 0 || right < 0 ||
                (self->items[left].label < 0) == (self->items[right].label < 0) ||
                (panel == 0 && diagram->phase->curves.items[edge->curve].ground))
                continue;
            if (self->items[left].label < 0)
                self->items[left].label = self->items[right].label;
            else
                self->items[right].label = self->items[left].label;
            more = true;
        }
    }
}

static bool bounds(const ph_curve_t *curve)
{
    return curve->kind != PH_BOUNDARY_EXAMPLES && curve->kind != PH_BOUNDARY_EXAMPLE_STATE;
}

int ph_faces_find(ph_faces_t *self, const ph_diagram_t *diagram, size_t panel)
{
    const ph_curves_t *curves = &diagram->phase->curves;
    memset(self, 0, sizeof(*self));
    int status = PH_OK;
    for (size_t c = 0; c < curves->count && status == PH_OK; c++)
        if (bounds(&curves->items[c]))
            status = add_curve(self, diagram, c);
    if (status == PH_OK)
        status = snap_specials(self, diagram);
    if (status == PH_OK)
        status = cross_edges(self);
    if (status == PH_OK)
        status = add_frame(self);
    for (int round = 0; round < 2 && status == PH_OK; round++) {
        if (round > 0)
            drop_edges(self);
        status = find_loops(self);
        if (status == PH_OK)
            status = label_faces(self, diagram, panel);
        if (status != PH_OK)
            break;
        spread_labels(self, diagram, panel);
        for (size_t f = 0; f < self->count; f++)
            if (self->items[f].label < 0)
                self->items[f].label = label_by_curves(self, diagram, (int)f);
        spread_labels(self, diagram, panel);
    }
    if (status == PH_OK && self->count > 0)
        qsort(self->items, self->count, sizeof(*self->items), compare_faces);
    return status;
}

void ph_faces_write(const ph_faces_t *self, const ph_diagram_t *diagram, int label, FILE *file)
{
    for (size_t f = 0; f < self->count; f++) {
        const ph_face_t *face = &self->items[f];
        if (face->label != label)
            continue;
        for (size_t i = 0; i <= face->count; i++) {
            const double *place = self->places[face->places[i % face->count]];
            fprintf(file, "%.9g %.9g\n", low_of(&diagram->x) + place[0] * range_of(&diagram->x),
                    low_of(&diagram->y) + place[1] * range_of(&diagram->y));
        }
        fputc('\n', file);
    }
}

int ph_faces_lines(const ph_faces_t *self, const ph_diagram_t *diagram, ph_lines_t *lines)
{
    int status = PH_OK;
    for (size_t e = 0; e < self->edges_count && status == PH_OK; e++) {
        const ph_face_edge_t *edge = &self->edges[e];
        ph_spot_t spots[2];
        if (edge->curve < 0)
            continue;
        for (size_t k = 0; k < 2; k++) {
            const double *place = self->places[edge->ends[k]];
            spots[k] =
                (ph_spot_t){edge->ends[k], low_of(&diagram->x) + place[0] * range_of(&diagram->x),
                            low_of(&diagram->y) + place[1] * range_of(&diagram->y)};
        }
        status = ph_lines_add(&lines[ph_curve_line(&diagram->phase->curves.items[edge->curve])],
                              spots[0], spots[1]);
    }
    return status;
}
