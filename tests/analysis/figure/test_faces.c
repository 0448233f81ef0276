/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "analysis/figure/diagram_faces_private.h"
#include "tests/analysis/figure/diagram.h"
#include "tests/testing.h"

/* Nine points: dilutions 0, 0.25, 0.5 and noises 0, 1, 2. */
static const char GRID[] = "network: { neurons: 60, patterns: 3, dilution: [0, 0.25, 0.5] }\n"
                           "noise: [0, 1, 2]\ndynamics: { sweeps: 1 }\n";

static made_t made;

static void add_curve(ph_boundary_kind_t kind, bool ground, size_t count, const double places[][2],
                      int from, int to)
{
    ph_curves_t *curves = &made.phase.curves;
    curves->items = realloc(curves->items, (curves->count + 1) * sizeof(*curves->items));
    ck_assert_ptr_nonnull(curves->items);
    ph_curve_t *curve = &curves->items[curves->count++];
    *curve = (ph_curve_t){.kind = kind,
                          .ground = ground,
                          .left = made_label('p'),
                          .right = made_label('1'),
                          .ends = {from, to},
                          .count = count};
    curve->places = calloc(count, sizeof(*curve->places));
    ck_assert_ptr_nonnull(curve->places);
    memcpy(curve->places, places, count * sizeof(*curve->places));
}

static void add_special(double x, double y)
{
    ph_curves_t *curves = &made.phase.curves;
    curves->specials =
        realloc(curves->specials, (curves->specials_count + 1) * sizeof(*curves->specials));
    ck_assert_ptr_nonnull(curves->specials);
    curves->specials[curves->specials_count++] = (ph_special_t){PH_SPECIAL_MEETING, {x, y}};
}

static void end(void)
{
    ph_curves_free(&made.phase.curves);
    made_end(&made);
}

/* Shares of the diagram of each label, by letters, where no region lies in another. */
static void areas_are(const ph_faces_t *faces, const char *letters, const double *areas)
{
    double sum = 0.0;
    for (size_t f = 0; f < faces->count; f++)
        sum += faces->items[f].area;
    ck_assert_double_eq_tol(sum, 1.0, 1e-12);
    for (size_t l = 0; letters[l] != '\0'; l++) {
        double area = 0.0;
        for (size_t f = 0; f < faces->count; f++)
            area +=
                faces->items[f].label == made_code(&made, letters[l]) ? faces->items[f].area : 0.0;
        ck_assert_msg(fabs(area - areas[l]) < 1e-12, "%c: %.15g, not %.15g", letters[l], area,
                      areas[l]);
    }
}

/* A line across, and one that ends on it between two of its points: three regions, whose labels are
 * those of the points inside; where a curve has one label on both sides there is no line. */
START_TEST(test_junction)
{
    static const char *const ROWS[] = {"1pp", "1hh", "1hh"};
    static const char *const REACHED[] = {"11p", "11h", "11h"};
    static const double ACROSS[][2] = {{0.0, 0.6}, {0.3, 0.6}, {0.5, 0.6}};
    static const double UP[][2] = {{0.1, 0.6}, {0.1, 2.0}};
    static const double HIGH[][2] = {{0.0, 1.5}, {0.5, 1.5}};
    ph_faces_t faces;
    ph_lines_t lines[PH_LINE_COUNT] = {{0}};
    made_begin(&made, GRID, ROWS, REACHED);
    add_special(0.1, 0.6);
    add_curve(PH_BOUNDARY_CROSSING, true, 3, ACROSS, -1, -1);
    add_curve(PH_BOUNDARY_CONTINUOUS, true, 2, UP, 0, -1);
    add_curve(PH_BOUNDARY_SPINODAL, false, 2, HIGH, -1, -1);
    ck_assert(ph_diagram_traced(&made.diagram));
    ck_assert_int_eq(ph_faces_find(&faces, &made.diagram, 0), PH_OK);
    ck_assert_uint_eq(faces.count, 3);
    areas_are(&faces, "1ph", (const double[]){0.3, 0.2 * 0.7, 0.8 * 0.7});
    ck_assert_int_eq(ph_faces_lines(&faces, &made.diagram, lines), PH_OK);
    ck_assert_uint_eq(lines[PH_LINE_SPINODAL].count, 0);
    ck_assert_uint_ge(lines[PH_LINE_CROSSING].count, 3);
    ck_assert(ph_faces_has(&faces, (const double[]){0.1, 0.9}, made_code(&made, 'p')));
    ck_assert(!ph_faces_has(&faces, (const double[]){0.1, 0.9}, made_code(&made, 'h')));
    for (size_t k = 0; k < PH_LINE_COUNT; k++)
        ph_lines_free(&lines[k]);
    ph_faces_free(&faces);
    /* what is reached changes where the metastable state ends */
    ck_assert_int_eq(ph_faces_find(&faces, &made.diagram, 1), PH_OK);
    areas_are(&faces, "1ph", (const double[]){0.75, 0.05, 0.2});
    ck_assert_int_eq(ph_faces_lines(&faces, &made.diagram, lines), PH_OK);
    ck_assert_uint_eq(lines[PH_LINE_CROSSING].count, 0);
    ck_assert_uint_ge(lines[PH_LINE_SPINODAL].count, 1);
    for (size_t k = 0; k < PH_LINE_COUNT; k++)
        ph_lines_free(&lines[k]);
    ph_faces_free(&faces);
    end();
}
END_TEST

/* Lines that cross between their points; a region without a point has the label of its neighbour
 * where the ground state does not change, else what the curves around it say. */
START_TEST(test_crossing)
{
    static const char *const ROWS[] = {"111", "111", "111"};
    static const double RISING[][2] = {{0.0, 0.1}, {0.2, 0.0}};
    static const double FALLING[][2] = {{0.05, 0.0}, {0.05, 2.0}};
    ph_faces_t faces;
    made_begin(&made, GRID, ROWS, ROWS);
    add_curve(PH_BOUNDARY_CONTINUOUS, true, 2, RISING, -1, -1);
    add_curve(PH_BOUNDARY_SPINODAL, false, 2, FALLING, -1, -1);
    /* the corner (0, 0) is the only point below the first line */
    made.phase.points[0].states[made.phase.points[0].ground].label = made_label('p');
    ck_assert_int_eq(ph_faces_find(&faces, &made.diagram, 0), PH_OK);
    areas_are(&faces, "p1", (const double[]){0.5 * 0.4 * 0.05, 1.0 - 0.5 * 0.4 * 0.05});
    ph_faces_free(&faces);
    end();
}
END_TEST

/* A closed line is drawn upon the region around it. */
START_TEST(test_island)
{
    static const char *const ROWS[] = {"111", "1s1", "111"};
    static const double ROUND[][2] = {{0.2, 0.8}, {0.3, 0.8}, {0.3, 1.2}, {0.2, 1.2}, {0.2, 0.8}};
    ph_faces_t faces;
    made_begin(&made, GRID, ROWS, ROWS);
    add_curve(PH_BOUNDARY_CROSSING, true, 5, ROUND, -1, -1);
    ck_assert_int_eq(ph_faces_find(&faces, &made.diagram, 0), PH_OK);
    ck_assert_uint_eq(faces.count, 2);
    ck_assert_double_eq_tol(faces.items[0].area, 1.0, 1e-12);
    ck_assert_double_eq_tol(faces.items[1].area, 0.2 * 0.2, 1e-12);
    ck_assert_int_eq(faces.items[0].label, made_code(&made, '1'));
    ck_assert_int_eq(faces.items[1].label, made_code(&made, 's'));
    ph_faces_free(&faces);
    end();
}
END_TEST

PH_TEST_MAIN("figure_faces", test_junction, test_crossing, test_island)
