/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Regions between two straight curves that cross a diagram anywhere, against a square that is cut
 * along them. */
#include <math.h>

#include "analysis/figure/diagram_faces_private.h"
#include "tests/analysis/figure/diagram.h"
#include "tests/testing.h"

enum { SIDE = 8, CORNERS_MAX = 12, TRIALS = 60 };

static const char GRID[] = "network: { neurons: 60, patterns: 3,\n"
                           "           dilution: { from: 0, to: 0.7, steps: 8 } }\n"
                           "noise: { from: 1, to: 4.5, steps: 8 }\ndynamics: { sweeps: 1 }\n";
static const double LOW[] = {0.0, 1.0}, RANGE[] = {0.7, 3.5};

/* Which label is where: left of none, of the first, of the second, of both. */
static const char LETTERS[] = "p1hs";

typedef double corner_t[2];

typedef struct {
    corner_t ends[2]; /* shares */
} chord_t;

static made_t made;
static chord_t chords[2];
static uint32_t state;

static double uniform(void)
{
    state = 1664525 * state + 1013904223;
    return (state >> 8) / 16777216.0;
}

/* A place on the edge of the diagram, on the side of this number. */
static void on_side(int side, double *place)
{
    const double along = 0.02 + 0.96 * uniform();
    place[0] = side == 0 ? 0.0 : side == 1 ? 1.0 : along;
    place[1] = side == 2 ? 0.0 : side == 3 ? 1.0 : along;
}

static double side_of(const chord_t *chord, const double *place)
{
    const double *a = chord->ends[0], *b = chord->ends[1];
    return ((b[0] - a[0]) * (place[1] - a[1]) - (b[1] - a[1]) * (place[0] - a[0])) /
           hypot(b[0] - a[0], b[1] - a[1]);
}

static size_t part_of(const double *place)
{
    return (side_of(&chords[0], place) > 0.0 ? 1U : 0U) +
           (side_of(&chords[1], place) > 0.0 ? 2U : 0U);
}

/* What of a polygon is on one side of a chord; returns its corners. */
static size_t clip(corner_t *polygon, size_t count, const chord_t *chord, double sign)
{
    corner_t left[CORNERS_MAX];
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const double *a = polygon[i], *b = polygon[(i + 1) % count];
        const double from = sign * side_of(chord, a), to = sign * side_of(chord, b);
        if (from >= 0.0)
            memcpy(left[kept++], a, sizeof(corner_t));
        if (from * to < 0.0) {
            left[kept][0] = a[0] + from / (from - to) * (b[0] - a[0]);
            left[kept++][1] = a[1] + from / (from - to) * (b[1] - a[1]);
        }
    }
    memcpy(polygon, left, kept * sizeof(corner_t));
    return kept;
}

static double area_of(const corner_t *polygon, size_t count)
{
    double area = 0.0;
    for (size_t i = 0; i < count; i++) {
        const double *a = polygon[i], *b = polygon[(i + 1) % count];
        area += 0.5 * (a[0] * b[1] - a[1] * b[0]);
    }
    return area;
}

/* The area left (or not) of either chord. */
static double part_area(size_t part)
{
    corner_t polygon[CORNERS_MAX] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    size_t count = 4;
    for (size_t c = 0; c < 2; c++)
        count = clip(polygon, count, &chords[c], part >> c & 1 ? 1.0 : -1.0);
    return area_of(polygon, count);
}

/* A diagram without order at any point. */
static void begin(void)
{
    static const char *const ROWS[] = {"pppppppp", "pppppppp", "pppppppp", "pppppppp",
                                       "pppppppp", "pppppppp", "pppppppp", "pppppppp"};
    made_begin(&made, GRID, ROWS, ROWS);
}

/* Two chords from side to side, no grid point on one, a grid point in every part; the diagram's
 * points have the labels of the parts. false: not so. */
static bool lay(void)
{
    size_t met[4] = {0};
    for (size_t c = 0; c < 2; c++) {
        const int from = (int)(4.0 * uniform()), to = (from + 1 + (int)(3.0 * uniform())) % 4;
        on_side(from, chords[c].ends[0]);
        on_side(to, chords[c].ends[1]);
    }
    for (size_t i = 0; i < SIDE; i++)
        for (size_t j = 0; j < SIDE; j++) {
            const double place[] = {(double)i / (SIDE - 1), (double)j / (SIDE - 1)};
            const size_t part = part_of(place);
            met[part]++;
            made.phase.points[i * SIDE + j].states[0].label = made_label(LETTERS[part]);
            for (size_t c = 0; c < 2; c++)
                if (fabs(side_of(&chords[c], place)) < 1e-3)
                    return false;
        }
    for (size_t part = 0; part < 4; part++)
        if (met[part] == 0 && part_area(part) > 0.0)
            return false;
    return true;
}

/* The chords as curves, in several pieces; the second goes backwards. */
static void add_curves(ph_boundary_kind_t first, ph_boundary_kind_t second)
{
    enum { POINTS = 7 };
    ph_curves_t *curves = &made.phase.curves;
    curves->items = calloc(2, sizeof(*curves->items));
    ck_assert_ptr_nonnull(curves->items);
    for (size_t c = 0; c < 2; c++) {
        ph_curve_t *curve = &curves->items[curves->count++];
        *curve = (ph_curve_t){.kind = c == 0 ? first : second,
                              .ground = true,
                              .left = made_label('p'),
                              .right = made_label('1'),
                              .ends = {-1, -1},
                              .count = POINTS};
        curve->places = calloc(POINTS, sizeof(*curve->places));
        ck_assert_ptr_nonnull(curve->places);
        for (size_t n = 0; n < POINTS; n++)
            for (size_t k = 0; k < 2; k++) {
                const double share = (double)n / (POINTS - 1);
                const double *a = chords[c].ends[c], *b = chords[c].ends[1 - c];
                curve->places[n][k] = LOW[k] + RANGE[k] * (a[k] + share * (b[k] - a[k]));
            }
    }
}

/* Areas of what is drawn of a label: polygons that close, anticlockwise. */
static double drawn_area(const ph_faces_t *faces, char letter)
{
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    ph_faces_write(faces, &made.diagram, made_code(&made, letter), file);
    char *text = drawn_text(file), *rest = text;
    double area = 0.0, first[2] = {0}, last[2] = {0};
    while (*rest != '\0') {
        for (size_t n = 0; *rest != '\n'; n++) {
            double place[2];
            for (size_t k = 0; k < 2; k++)
                place[k] = (strtod(rest, &rest) - LOW[k]) / RANGE[k];
            area += n > 0 ? 0.5 * (last[0] * place[1] - last[1] * place[0]) : 0.0;
            memcpy(n > 0 ? last : first, place, sizeof(place));
            memcpy(last, place, sizeof(place));
            ck_assert_int_eq(*rest, '\n');
            rest++;
        }
        ck_assert(first[0] == last[0] && first[1] == last[1]);
        rest++;
    }
    free(text);
    return area;
}

/* Areas, what is drawn, and which region a place is in, of any two lines. */
START_TEST(test_areas)
{
    size_t met = 0, crossed = 0;
    begin();
    state = 7;
    for (int trial = 0; trial < TRIALS; trial++) {
        ph_faces_t faces;
        if (!lay())
            continue;
        add_curves(PH_BOUNDARY_CROSSING, PH_BOUNDARY_CONTINUOUS);
        ck_assert_int_eq(ph_faces_find(&faces, &made.diagram, 0), PH_OK);
        size_t parts = 0;
        for (size_t part = 0; part < 4; part++) {
            double area = 0.0;
            const double expected = part_area(part);
            for (size_t f = 0; f < faces.count; f++)
                if (faces.items[f].label == made_code(&made, LETTERS[part]))
                    area += faces.items[f].area;
            ck_assert_double_eq_tol(area, expected, 1e-9);
            ck_assert_double_eq_tol(drawn_area(&faces, LETTERS[part]), expected, 1e-7);
            parts += expected > 0.0;
        }
        ck_assert_uint_eq(faces.count, parts);
        for (int i = 0; i < 40; i++) {
            const double place[] = {0.01 + 0.98 * uniform(), 0.01 + 0.98 * uniform()};
            if (fabs(side_of(&chords[0], place)) > 1e-3 && fabs(side_of(&chords[1], place)) > 1e-3)
                for (size_t part = 0; part < 4; part++)
                    ck_assert(ph_faces_has(&faces, place, made_code(&made, LETTERS[part])) ==
                              (part == part_of(place)));
        }
        met++;
        crossed += parts == 4;
        ph_faces_free(&faces);
        ph_curves_free(&made.phase.curves);
    }
    ck_assert(met >= 20 && crossed >= 5 && crossed < met);
    made_end(&made);
}
END_TEST

/* Sum of the lengths of pieces, in shares. */
static double length_of(const ph_lines_t *lines)
{
    double length = 0.0;
    for (size_t i = 0; i < lines->count; i++) {
        const ph_spot_t *ends = lines->segments[i].ends;
        length += hypot((ends[1].x - ends[0].x) / RANGE[0], (ends[1].y - ends[0].y) / RANGE[1]);
    }
    return length;
}

/* Each curve is drawn along all of its length, as a line of its kind. */
START_TEST(test_lengths)
{
    static const struct {
        ph_boundary_kind_t kind;
        ph_line_t line;
    } KINDS[] = {{PH_BOUNDARY_CROSSING, PH_LINE_CROSSING},
                 {PH_BOUNDARY_CONTINUOUS, PH_LINE_CONTINUOUS},
                 {PH_BOUNDARY_CROSSOVER, PH_LINE_CROSSOVER},
                 {PH_BOUNDARY_SPINODAL, PH_LINE_SPINODAL}};
    enum { COUNT = sizeof(KINDS) / sizeof(KINDS[0]) };
    size_t met = 0;
    begin();
    state = 11;
    for (size_t trial = 0; trial < TRIALS; trial++) {
        const size_t kinds[] = {trial % COUNT, (trial + 1) % COUNT};
        ph_lines_t lines[PH_LINE_COUNT] = {{0}};
        ph_faces_t faces;
        if (!lay())
            continue;
        add_curves(KINDS[kinds[0]].kind, KINDS[kinds[1]].kind);
        ck_assert_int_eq(ph_faces_find(&faces, &made.diagram, 0), PH_OK);
        ck_assert_int_eq(ph_faces_lines(&faces, &made.diagram, lines), PH_OK);
        for (size_t line = 0; line < PH_LINE_COUNT; line++) {
            double expected = 0.0;
            for (size_t c = 0; c < 2; c++)
                if (KINDS[kinds[c]].line == line)
                    expected += hypot(chords[c].ends[1][0] - chords[c].ends[0][0],
                                      chords[c].ends[1][1] - chords[c].ends[0][1]);
            ck_assert_double_eq_tol(length_of(&lines[line]), expected, 1e-9);
            ph_lines_free(&lines[line]);
        }
        met++;
        ph_faces_free(&faces);
        ph_curves_free(&made.phase.curves);
    }
    ck_assert_uint_ge(met, 20);
    made_end(&made);
}
END_TEST

/* How a curve is drawn: of continuous ones that depends on whether the ground state changes. */
START_TEST(test_kinds)
{
    static const ph_line_t LINES[PH_BOUNDARY_COUNT][2] = {
        [PH_BOUNDARY_CONTINUOUS] = {PH_LINE_MELTING, PH_LINE_CONTINUOUS},
        [PH_BOUNDARY_SPINODAL] = {PH_LINE_SPINODAL, PH_LINE_SPINODAL},
        [PH_BOUNDARY_CROSSING] = {PH_LINE_CROSSING, PH_LINE_CROSSING},
        [PH_BOUNDARY_CROSSOVER] = {PH_LINE_CROSSOVER, PH_LINE_CROSSOVER},
        [PH_BOUNDARY_EXAMPLES] = {PH_LINE_EXAMPLES, PH_LINE_EXAMPLES},
        [PH_BOUNDARY_EXAMPLE_STATE] = {PH_LINE_EXAMPLE_STATE, PH_LINE_EXAMPLE_STATE}};
    for (int kind = 0; kind < PH_BOUNDARY_COUNT; kind++)
        for (int ground = 0; ground < 2; ground++) {
            const ph_curve_t curve = {.kind = (ph_boundary_kind_t)kind, .ground = ground != 0};
            ck_assert_int_eq(ph_curve_line(&curve), LINES[kind][ground]);
        }
}
END_TEST

/* A curve that ends within a region bounds none; lines of examples do not either. */
START_TEST(test_no_bound)
{
    static const chord_t OPEN[] = {{{{0.0, 0.5}, {0.53, 0.44}}}, {{{0.2, 0.0}, {0.3, 1.0}}}};
    ph_faces_t faces;
    memcpy(chords, OPEN, sizeof(chords));
    begin();
    for (size_t p = 0; p < 2 * SIDE; p++) /* left of the second line */
        made.phase.points[p].states[0].label = made_label('1');
    add_curves(PH_BOUNDARY_SPINODAL, PH_BOUNDARY_EXAMPLES);
    ck_assert(ph_diagram_traced(&made.diagram));
    ck_assert_int_eq(ph_faces_find(&faces, &made.diagram, 0), PH_OK);
    ck_assert_uint_eq(faces.count, 1);
    ck_assert_double_eq_tol(faces.items[0].area, 1.0, 1e-12);
    ck_assert_int_eq(faces.items[0].label, made_code(&made, 'p'));
    ph_faces_free(&faces);
    ph_curves_free(&made.phase.curves);
    made_end(&made);
}
END_TEST

/* A region that holds no point of known label has the one that its curves say, and is drawn. */
START_TEST(test_small)
{
    static const chord_t CORNER[] = {{{{0.0, 0.1}, {0.1, 0.0}}}, {{{0.4, 0.0}, {0.45, 1.0}}}};
    static const char *const ROWS[] = {" 1111111", "11111111", "11111111", "pppppppp",
                                       "pppppppp", "pppppppp", "pppppppp", "pppppppp"};
    memcpy(chords, CORNER, sizeof(chords));
    made_begin(&made, GRID, ROWS, ROWS);
    add_curves(PH_BOUNDARY_CROSSING, PH_BOUNDARY_CROSSING);
    made.phase.curves.items[0].left = made.phase.curves.items[0].right = made_label('s');
    ph_selection_t selection;
    ph_selection_init(&selection, made.phase.grid);
    const ph_figure_source_t source = {.phase = &made.phase};
    ck_assert_int_eq(ph_figures_write(&made.drawn.figures, &source, &selection, &made.drawn.request,
                                      &made.drawn.report),
                     PH_OK);
    drawn_holds(drawn_file(&made.drawn, "-diagram.gp"), "labels = 3\n");
    drawn_holds(drawn_file(&made.drawn, "-diagram.dat"),
                "# ground state, symmetric-2: polygons between curves\n0.01166");
    ph_curves_free(&made.phase.curves);
    made_end(&made);
}
END_TEST

PH_TEST_MAIN("figure_regions", test_areas, test_lengths, test_kinds, test_no_bound, test_small)
