/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines and regions of phase diagrams made by hand, point by point and boundary by boundary. */
#include <math.h>

#include "tests/analysis/figure/diagram.h"

static const char SQUARE[] = "network: { neurons: 60, patterns: 3, dilution: [0.1, 0.2] }\n"
                             "noise: [1, 3]\ndynamics: { sweeps: 1 }\n";
static const char WIDE[] = "network: { neurons: 60, patterns: 3, dilution: [0.1, 0.2, 0.4] }\n"
                           "noise: [1, 3, 4]\ndynamics: { sweeps: 1 }\n";

static ph_spot_t spot(size_t id)
{
    return (ph_spot_t){id, (double)id, (double)(id * id)};
}

/* What ph_lines_write() makes of pieces given as pairs of places. */
static char *written(const size_t (*pieces)[2], size_t count)
{
    ph_lines_t lines = {0};
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    for (size_t i = 0; i < count; i++)
        ck_assert_int_eq(ph_lines_add(&lines, spot(pieces[i][0]), spot(pieces[i][1])), PH_OK);
    ph_lines_write(&lines, file);
    for (size_t i = 0; i < lines.count; i++)
        ck_assert(lines.segments[i].drawn);
    ph_lines_free(&lines);
    ck_assert(lines.count == 0 && lines.segments == NULL);
    return drawn_text(file);
}

/* Pieces that meet are one line, from a loose end if there is one; rings are closed; where three
 * meet two lines do. */
START_TEST(test_chains)
{
    static const struct {
        size_t count, pieces[5][2];
        const char *text;
    } CASES[] = {
        {0, {{0}}, ""},
        {1, {{4, 2}}, "4 16\n2 4\n\n"},
        {3, {{3, 1}, {2, 4}, {3, 2}}, "1 1\n3 9\n2 4\n4 16\n\n"},
        {2, {{1, 2}, {3, 4}}, "1 1\n2 4\n\n3 9\n4 16\n\n"},
        {3, {{1, 2}, {2, 3}, {3, 1}}, "1 1\n2 4\n3 9\n1 1\n\n"},
        {3, {{1, 5}, {2, 5}, {3, 5}}, "1 1\n5 25\n2 4\n\n3 9\n5 25\n\n"},
        {4, {{1, 2}, {2, 3}, {3, 1}, {7, 8}}, "7 49\n8 64\n\n1 1\n2 4\n3 9\n1 1\n\n"},
    };
    for (size_t k = 0; k < sizeof(CASES) / sizeof(CASES[0]); k++) {
        char *text = written(CASES[k].pieces, CASES[k].count);
        ck_assert_str_eq(text, CASES[k].text);
        free(text);
    }
}
END_TEST

/* More pieces than there is room for at first, in any order: still one line through all. */
START_TEST(test_many_pieces)
{
    enum { PIECES = 600, STRIDE = 77 };
    static size_t pieces[PIECES][2];
    size_t expected = 0, at = 0;
    for (size_t i = 0; i < PIECES; i++) {
        const size_t from = i * STRIDE % PIECES;
        pieces[i][i % 2] = from;
        pieces[i][1 - i % 2] = from + 1;
    }
    char *text = written(pieces, PIECES), *rest = text;
    const bool backwards = strtol(text, NULL, 10) == PIECES;
    for (; *rest != '\0' && *rest != '\n'; expected++) {
        at = strtoul(rest, &rest, 10);
        ck_assert_uint_eq(at, backwards ? PIECES - expected : expected);
        rest = strchr(rest, '\n') + 1;
    }
    ck_assert_uint_eq(expected, PIECES + 1);
    ck_assert_str_eq(rest, "\n");
    free(text);
}
END_TEST

/* The number of a point, and labels of its ground state and of the state reached; none where there
 * are no states, or none was reached. The third axis stands where the figure has it. */
START_TEST(test_points)
{
    static const char THREE[] = "network: { neurons: 60, patterns: 3, dilution: [0.1, 0.2, 0.4] }\n"
                                "noise: [1, 3]\ndynamics: { sampler: [glauber, metropolis], "
                                "sweeps: 1 }\n";
    made_t made;
    made_begin(&made, WIDE, (const char *const[]){"1h ", "h m", "p1s"},
               (const char *const[]){"p s", "s11", "1tt"});
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++) {
            static const char GROUND[] = "1h h mp1s", AT[] = "p  s 11tt"; /* none: none reached */
            ck_assert_uint_eq(ph_diagram_point(&made.diagram, i, j), 3 * i + j);
            ck_assert_int_eq(ph_diagram_ground(&made.diagram, i, j),
                             made_code(&made, GROUND[3 * i + j]));
            ck_assert_int_eq(ph_diagram_reached(&made.diagram, i, j),
                             made_code(&made, AT[3 * i + j]));
        }
    made_end(&made);
    drawn_t drawn;
    drawn_begin(&drawn, THREE);
    ck_assert_uint_eq(drawn.grid.axes_count, 3);
    for (size_t x = 0; x < 3; x++)
        for (size_t y = 0; y < 3; y++) {
            if (x == y)
                continue;
            size_t index[3] = {1, 1, 1};
            const ph_figure_t figure = {.grid = &drawn.grid, .x = x, .y = y, .index = {1, 1, 1}};
            const ph_diagram_t diagram = {.figure = &figure};
            index[x] = 0;
            index[y] = 1;
            ck_assert_uint_eq(ph_diagram_point(&diagram, 0, 1),
                              ph_figure_point(&drawn.grid, index));
        }
    drawn_end(&drawn);
}
END_TEST

/* The lines of a kind as they are written. */
static char *lines_of(made_t *made, ph_line_t kind)
{
    ph_lines_t lines[PH_LINE_COUNT] = {{0}};
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(ph_diagram_lines(&made->diagram, lines), PH_OK);
    ph_lines_write(&lines[kind], file);
    for (size_t k = 0; k < PH_LINE_COUNT; k++) {
        ck_assert(k == kind || kind == PH_LINE_COUNT || lines[k].count == 0);
        ph_lines_free(&lines[k]);
    }
    return drawn_text(file);
}

static void lines_are(made_t *made, ph_line_t kind, const char *text)
{
    char *own = lines_of(made, kind);
    ck_assert_str_eq(own, text);
    free(own);
}

/* Where nobody has looked for boundaries the line runs half-way between points; four labels meet
 * in the middle of their square, and so do two that stand crosswise; a point without states has
 * none. */
START_TEST(test_unknown)
{
    static const struct {
        const char *rows[2], *text;
    } CASES[] = {
        {{"pp", "pp"}, ""},
        {{"pp", "11"}, "0.15 1\n0.15 3\n\n"},
        {{"p1", "p1"}, "0.2 2\n0.1 2\n\n"},
        {{"p1", "11"}, "0.15 1\n0.1 2\n\n"},
        {{"11", "1p"}, "0.2 2\n0.15 3\n\n"},
        {{"p1", "1p"}, "0.15 1\n0.15 2\n0.2 2\n\n0.15 3\n0.15 2\n0.1 2\n\n"},
        {{"p1", "hs"}, "0.15 1\n0.15 2\n0.2 2\n\n0.15 3\n0.15 2\n0.1 2\n\n"},
        {{"p1", "h1"}, "0.15 1\n0.15 1.66666666667\n0.2 2\n\n0.1 2\n0.15 1.66666666667\n\n"},
        {{"p ", "11"}, ""},
    };
    for (size_t k = 0; k < sizeof(CASES) / sizeof(CASES[0]); k++) {
        made_t made;
        made_begin(&made, SQUARE, CASES[k].rows, CASES[k].rows);
        lines_are(&made, PH_LINE_CONTINUOUS, CASES[k].text);
        made_end(&made);
    }
}
END_TEST

/* A change of the ground state is drawn where it was found, as what it is; of several on one way
 * between the outer ones, as the most abrupt. */
START_TEST(test_changes)
{
    static const struct {
        ph_boundary_kind_t kinds[2];
        size_t count;
        ph_line_t line;
        const char *text;
    } CASES[] = {
        {{PH_BOUNDARY_CONTINUOUS}, 1, PH_LINE_CONTINUOUS, "0.12 1\n0.12 3\n\n"},
        {{PH_BOUNDARY_SPINODAL}, 1, PH_LINE_CROSSING, "0.12 1\n0.12 3\n\n"},
        {{PH_BOUNDARY_CROSSING}, 1, PH_LINE_CROSSING, "0.12 1\n0.12 3\n\n"},
        {{PH_BOUNDARY_CROSSOVER}, 1, PH_LINE_CROSSOVER, "0.12 1\n0.12 3\n\n"},
        {{PH_BOUNDARY_EXAMPLES}, 1, PH_LINE_EXAMPLES, "0.12 1\n0.12 3\n\n"},
        {{PH_BOUNDARY_EXAMPLE_STATE}, 1, PH_LINE_EXAMPLE_STATE, "0.12 1\n0.12 3\n\n"},
        {{PH_BOUNDARY_CROSSOVER, PH_BOUNDARY_CROSSING}, 2, PH_LINE_CROSSING, "0.14 1\n0.14 3\n\n"},
        {{PH_BOUNDARY_CONTINUOUS, PH_BOUNDARY_CROSSOVER},
         2,
         PH_LINE_CONTINUOUS,
         "0.14 1\n0.14 3\n\n"},
    };
    static const char *const ROWS[] = {"pp", "11"};
    for (size_t k = 0; k < sizeof(CASES) / sizeof(CASES[0]); k++) {
        made_t made;
        made_begin(&made, SQUARE, ROWS, ROWS);
        ph_direction_t *along = made_direction(&made, 0);
        for (size_t j = 0; j < 2; j++)
            for (size_t b = 0; b < CASES[k].count; b++)
                made_boundary(&along->changes[j], b == 0 ? 0.2 : 0.6, CASES[k].kinds[b], 'p');
        lines_are(&made, CASES[k].line, CASES[k].text);
        made_end(&made);
    }
}
END_TEST

/* Where lines of several kinds meet in a square each keeps its own up to the middle. */
START_TEST(test_meeting)
{
    static const char *const ROWS[] = {"p1", "h1"};
    made_t made;
    made_begin(&made, SQUARE, ROWS, ROWS);
    ph_direction_t *x = made_direction(&made, 0), *y = made_direction(&made, 1);
    made_boundary(&x->changes[0], 0.5, PH_BOUNDARY_CROSSING, 'p');
    made_boundary(&y->changes[0], 0.25, PH_BOUNDARY_CONTINUOUS, 'p');
    ph_lines_t lines[PH_LINE_COUNT] = {{0}};
    ck_assert_int_eq(ph_diagram_lines(&made.diagram, lines), PH_OK);
    ck_assert_uint_eq(lines[PH_LINE_CROSSING].count, 2); /* that of unknown kind counts as abrupt */
    ck_assert_uint_eq(lines[PH_LINE_CONTINUOUS].count, 1);
    const ph_spot_t centre = lines[PH_LINE_CONTINUOUS].segments[0].ends[1];
    ck_assert_double_eq_tol(centre.x, (0.15 + 0.2 + 0.1) / 3.0, 1e-12);
    ck_assert_double_eq_tol(centre.y, (1.0 + 2.0 + 1.5) / 3.0, 1e-12);
    for (size_t i = 0; i < 2; i++)
        ck_assert_uint_eq(lines[PH_LINE_CROSSING].segments[i].ends[1].id, centre.id);
    for (size_t k = 0; k < PH_LINE_COUNT; k++)
        ph_lines_free(&lines[k]);
    made_end(&made);
}
END_TEST

/* Ends of a metastable state: a line through a square that it enters and leaves; not of mixtures,
 * nor where another label ends, nor where the ground state changes at the same place. */
START_TEST(test_ends)
{
    static const struct {
        double shares[2], change; /* on both ways along x; of the ground state, -1: none */
        char labels[2];
        ph_boundary_kind_t kind;
        ph_line_t line;
        const char *text;
    } CASES[] = {
        {{0.25, 0.5}, -1.0, "11", PH_BOUNDARY_SPINODAL, PH_LINE_SPINODAL, "0.125 1\n0.15 3\n\n"},
        {{0.25, 0.5}, -1.0, "ss", PH_BOUNDARY_CONTINUOUS, PH_LINE_MELTING, "0.125 1\n0.15 3\n\n"},
        {{0.25, 0.5}, -1.0, "mm", PH_BOUNDARY_SPINODAL, PH_LINE_SPINODAL, ""},
        {{0.25, 0.5}, -1.0, "1s", PH_BOUNDARY_SPINODAL, PH_LINE_SPINODAL, ""},
        {{0.25, 0.5}, 0.25, "11", PH_BOUNDARY_SPINODAL, PH_LINE_SPINODAL, ""},
        {{0.25, 0.5}, 0.25005, "11", PH_BOUNDARY_SPINODAL, PH_LINE_SPINODAL, ""},
        {{0.25, 0.5}, 0.251, "11", PH_BOUNDARY_SPINODAL, PH_LINE_SPINODAL, "0.125 1\n0.15 3\n\n"},
    };
    static const char *const ROWS[] = {"pp", "pp"};
    for (size_t k = 0; k < sizeof(CASES) / sizeof(CASES[0]); k++) {
        made_t made;
        made_begin(&made, SQUARE, ROWS, ROWS);
        ph_direction_t *along = made_direction(&made, 0);
        made_direction(&made, 1);
        for (size_t j = 0; j < 2; j++)
            made_boundary(&along->ends[j], CASES[k].shares[j], CASES[k].kind, CASES[k].labels[j]);
        if (CASES[k].change >= 0.0)
            made_boundary(&along->changes[0], CASES[k].change, PH_BOUNDARY_CROSSING, 'p');
        lines_are(&made, CASES[k].line, CASES[k].text);
        made_end(&made);
    }
}
END_TEST

/* Lines of examples, of any label: from side to side where both axes were looked along; else from
 * column to column, the nearest places joined, as many as both have. */
START_TEST(test_example_columns)
{
    static const struct {
        size_t axis; /* the one that is looked along; 2: both */
        ph_boundary_kind_t kind;
        ph_line_t line;
        const char *text;
    } CASES[] = {
        {0, PH_BOUNDARY_EXAMPLES, PH_LINE_EXAMPLES, "0.11 1\n0.12 3\n\n0.3 1\n0.32 3\n\n"},
        {1, PH_BOUNDARY_EXAMPLE_STATE, PH_LINE_EXAMPLE_STATE,
         "0.1 3.5\n0.2 3.6\n\n0.1 1.2\n0.2 1.4\n\n"},
        {2, PH_BOUNDARY_EXAMPLES, PH_LINE_EXAMPLES, "0.11 1\n0.12 3\n\n0.3 1\n0.32 3\n\n"},
    };
    static const char *const ROWS[] = {"ppp", "ppp", "ppp"};
    for (size_t k = 0; k < sizeof(CASES) / sizeof(CASES[0]); k++) {
        made_t made;
        made_begin(&made, WIDE, ROWS, ROWS);
        const bool upwards = CASES[k].axis == 1;
        ph_direction_t *along = made_direction(&made, upwards);
        if (CASES[k].axis == 2)
            made_direction(&made, 1);
        /* two places in each of the first two columns; in the third none */
        for (size_t column = 0; column < 2; column++)
            for (size_t n = 0; n < 2; n++) {
                const size_t point = upwards ? 3 * column + n : 3 * n + column;
                const double x = n == 0 ? 0.1 + 0.1 * (double)column : 0.5 + 0.1 * (double)column;
                made_boundary(&along->ends[point], x, CASES[k].kind, n == 0 ? 'p' : 'm');
            }
        lines_are(&made, CASES[k].line, CASES[k].text);
        made_end(&made);
    }
}
END_TEST

/* Twice the area of the polygons of a label in a square of sides 0.1 and 2, all turned alike. */
static double area_of(made_t *made, char letter)
{
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    ph_diagram_polygons(&made->diagram, made_code(made, letter), file);
    char *text = drawn_text(file), *at = text;
    double area = 0.0;
    while (*at != '\0') {
        double first[2], last[2], next[2];
        first[0] = last[0] = strtod(at, &at);
        first[1] = last[1] = strtod(at, &at);
        for (at++; *at != '\n'; at++) {
            next[0] = strtod(at, &at);
            next[1] = strtod(at, &at);
            area += last[0] * next[1] - last[1] * next[0];
            memcpy(last, next, sizeof(last));
        }
        area += last[0] * first[1] - last[1] * first[0];
        at++;
    }
    free(text);
    return area;
}

/* The parts of a square that its labels take fill it, none twice: corners a quarter, halves a
 * half, the rest of a corner three eighths and so on; a square of one label has none. */
START_TEST(test_polygons)
{
    static const struct {
        const char *rows[2], *letters;
        double shares[4];
    } CASES[] = {
        {{"pp", "11"}, "p1", {0.5, 0.5}},
        {{"p1", "p1"}, "p1", {0.5, 0.5}},
        {{"p1", "11"}, "p1", {0.125, 0.875}},
        {{"11", "1h"}, "1h", {0.875, 0.125}},
        {{"p1", "1p"}, "p1", {0.5, 0.5}},
        {{"p1", "hs"}, "p1hs", {0.25, 0.25, 0.25, 0.25}},
        {{"p1", "h1"}, "p1h", {5.0 / 24.0, 7.0 / 12.0, 5.0 / 24.0}},
        {{"pp", "pp"}, "p1", {0.0, 0.0}},
        {{"p ", "11"}, "p1", {0.0, 0.0}},
    };
    for (size_t k = 0; k < sizeof(CASES) / sizeof(CASES[0]); k++) {
        made_t made;
        made_begin(&made, SQUARE, CASES[k].rows, CASES[k].rows);
        for (size_t l = 0; CASES[k].letters[l] != '\0'; l++)
            ck_assert_double_eq_tol(area_of(&made, CASES[k].letters[l]),
                                    2.0 * 0.1 * 2.0 * CASES[k].shares[l], 1e-12);
        made_end(&made);
    }
}
END_TEST

/* Of a grid in which some points have too many patterns for states the others are drawn: their
 * labels are numbered among those that there can be. */
START_TEST(test_too_many_patterns)
{
    static const char GRID[] = "network: { neurons: 60, patterns: [3, 40], dilution: [0.1, 0.2] }\n"
                               "noise: 0.1\ndynamics: { sweeps: 1 }\n";
    static const char *const ROWS[] = {"m1", "  "};
    made_t made;
    made_begin(&made, GRID, ROWS, ROWS);
    ck_assert_int_eq(ph_diagram_ground(&made.diagram, 0, 0), made_code(&made, 'm'));
    ck_assert_int_eq(ph_diagram_ground(&made.diagram, 1, 0), -1);
    lines_are(&made, PH_LINE_CONTINUOUS, "");
    made_end(&made);
}
END_TEST

PH_TEST_MAIN("figure_lines", test_chains, test_many_pieces, test_points, test_unknown, test_changes,
             test_meeting, test_ends, test_example_columns, test_polygons, test_too_many_patterns)
