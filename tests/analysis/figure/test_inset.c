/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Insets: what is read, where they stand, and labels of phase diagrams that keep off them. */
#include <math.h>

#include "analysis/figure/diagram_labels_private.h"
#include "tests/analysis/figure/diagram.h"

static ph_report_t report;
static ph_inset_part_t part;
static ph_inset_t inset;

static int read_part(const char *text)
{
    ph_report_free(&report);
    ph_report_init(&report);
    const char *expected = ph_inset_read(&part, text);
    return expected == NULL ? PH_OK : ph_fail(&report, PH_ERR_INPUT, "%s", expected);
}

static const char *said(void)
{
    return report.count > 0 ? report.messages[report.count - 1].text : "";
}

/* Numbers and, if there is one, a corner; anything else is told. */
START_TEST(test_read)
{
    static const char *const BAD[] = {
        "",           "1:2",          "1:2,",       "1:2,3",         "1:2,3:4,",  "1:2,3:4,5:6",
        "1:2,3:4,up", "1,2,3,4",      "1:2;3:4",    ":2,3:4",        "1:,3:4",    "nan:2,3:4",
        "1:inf,3:4",  "1:2,3:4,left", "0x1:2,3:4",  " 1:2,3:4",      "1:2:3,4:5", "1e999:2,3:4",
        "1:2,3:4 ",   "1-2,3-4",      "1:2,3:4top", "1:2,3:4,top-a", "1:2,,3:4"};
    static const char *const EMPTY[] = {"2:1,3:4", "1:1,3:4", "1:2,4:3", "1:2,3:3"};
    ck_assert_int_eq(read_part("0.55:0.7,-1e-3:2"), PH_OK);
    ck_assert(part.on && part.corner == PH_INSET_BEST);
    ck_assert(part.low[0] == 0.55 && part.high[0] == 0.7);
    ck_assert(part.low[1] == -1e-3 && part.high[1] == 2.0);
    ck_assert_int_eq(read_part("1:2,3:4,bottom-left"), PH_OK);
    ck_assert_int_eq(part.corner, PH_INSET_BOTTOM_LEFT);
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
        ck_assert_msg(read_part(BAD[i]) == PH_ERR_INPUT, "%s", BAD[i]);
        ck_assert_ptr_nonnull(strstr(said(), "expected numbers XMIN:XMAX,YMIN:YMAX"));
    }
    for (size_t i = 0; i < sizeof(EMPTY) / sizeof(EMPTY[0]); i++) {
        ck_assert_msg(read_part(EMPTY[i]) == PH_ERR_INPUT, "%s", EMPTY[i]);
        ck_assert_ptr_nonnull(strstr(said(), "expected the smaller of two numbers first"));
    }
    ph_report_free(&report);
}
END_TEST

/* Of a panel from 0 to 1 both ways, with this part and these lines. */
static int settle(const char *text, const double (*lines)[4], size_t count)
{
    static const ph_inset_span_t SPANS[2] = {{"noise", 0.0, 1.0, false, false},
                                             {"load", 0.0, 1.0, false, false}};
    ck_assert_int_eq(read_part(text), PH_OK);
    inset = (ph_inset_t){.part = &part};
    for (size_t i = 0; i < count; i++)
        ph_inset_see(&inset, lines[i], lines[i] + 2);
    const int status = ph_inset_settle(&inset, SPANS, &report);
    ph_inset_free(&inset);
    return status;
}

/* It stands where least is drawn, upon nothing of its part, smaller where that helps. */
START_TEST(test_corner)
{
    static const double LINES[][4] = {{0.6, 0.6, 0.9, 0.9}, /* top right */
                                      {0.1, 0.9, 0.2, 0.9}, /* top left, less */
                                      {NAN, 0.2, 0.9, 0.2}, /* nothing */
                                      {0.1, 0.1, 0.1, 0.1}, /* bottom left, a point */
                                      {0.55, 0.1, 0.95, 0.2}};
    ck_assert_int_eq(settle("0.1:0.2,0.1:0.2", NULL, 0), PH_OK);
    ck_assert_int_eq(inset.corner, PH_INSET_TOP_RIGHT);
    ck_assert(ph_inset_covers(&inset, 0.9, 0.9) && !ph_inset_covers(&inset, 0.4, 0.9));
    ck_assert(!ph_inset_covers(&inset, 0.9, 0.4) && !ph_inset_covers(&inset, 0.999, 0.999));
    ck_assert_int_eq(settle("0.1:0.2,0.1:0.2", LINES, 1), PH_OK);
    ck_assert_int_eq(inset.corner, PH_INSET_TOP_LEFT);
    ck_assert_int_eq(settle("0.1:0.2,0.1:0.2", LINES, 3), PH_OK);
    ck_assert_int_eq(inset.corner, PH_INSET_BOTTOM_RIGHT);
    ck_assert_int_eq(settle("0.8:0.9,0.1:0.2", LINES, 4), PH_OK);
    ck_assert_int_eq(inset.corner, PH_INSET_BOTTOM_LEFT);
    const double usual = inset.share;
    ck_assert_int_eq(settle("0.1:0.2,0.4:0.45", LINES, 5), PH_OK);
    ck_assert_int_eq(inset.corner, PH_INSET_TOP_LEFT); /* all others have more */
    ck_assert_int_eq(settle("0.4:0.6,0.4:0.6", NULL, 0), PH_OK);
    ck_assert_double_lt(inset.share, 0.39);
    ck_assert_double_gt(usual, 0.45);
    ck_assert_int_eq(settle("0.1:0.2,0.1:0.2,bottom-right", LINES, 5), PH_OK);
    ck_assert_int_eq(inset.corner, PH_INSET_BOTTOM_RIGHT);
    ck_assert_int_eq(settle("0:1,0:0.1", NULL, 0), PH_OK); /* enlarged one way */
    ph_report_free(&report);
}
END_TEST

/* Parts that cannot be enlarged: what is wrong with them. */
START_TEST(test_refused)
{
    static const struct {
        const char *part, *said;
    } CASES[] = {
        {"0.5:1.1,0:0.1", "along noise 0.5 to 1.1 was asked for, expected a part of the 0 to 1"},
        {"0.5:0.6,-0.1:0.1", "along load -0.1 to 0.1 was asked for"},
        {"0.5:0.50000000001,0.2:0.4", "along noise 0.5 to 0.50000000001 is too narrow, expected a"},
        {"0.2:0.4,0.5:0.5000009", "along load 0.5 to 0.5000009 is too narrow"},
        {"0.2:0.8,0.2:0.8", "in every corner it would lie upon the part"},
        {"0.1:0.2,0.1:0.2,bottom-left", "at bottom-left it would lie upon the part"}};
    ph_inset_span_t spans[2] = {{"rule", 0.0, 1.0, false, true}, {"noise", 0.01, 1.0, true, false}};
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        ck_assert_msg(settle(CASES[i].part, NULL, 0) == PH_ERR_INPUT, "%s", CASES[i].part);
        ck_assert_msg(strstr(said(), CASES[i].said) != NULL, "%s", said());
    }
    ck_assert_int_eq(read_part("0.1:0.2,0.1:0.2"), PH_OK);
    inset = (ph_inset_t){.part = &part};
    ck_assert_int_eq(ph_inset_settle(&inset, spans, &report), PH_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(said(), "along rule there are words"));
    spans[0].words = false;
    ck_assert_int_eq(ph_inset_settle(&inset, spans, &report), PH_OK);
    ph_report_free(&report);
}
END_TEST

/* What style.gp gets: tics at round numbers, powers of ten where there are some. */
START_TEST(test_script)
{
    static const ph_inset_span_t SPANS[2] = {{"noise", 0.0, 1.0, false, false},
                                             {"load", 1e-6, 1e6, true, false}};
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(read_part("0.55:0.7,1e-5:0.0101"), PH_OK);
    inset = (ph_inset_t){.part = &part};
    ck_assert_int_eq(ph_inset_settle(&inset, SPANS, &report), PH_OK);
    ph_inset_script(&inset, file);
    char *text = drawn_text(file);
    ck_assert_ptr_nonnull(strstr(text, "inset = 1\ninset_x_min = 0.55\ninset_x_max = 0.7\n"));
    ck_assert_ptr_nonnull(strstr(text, "inset_x_tics = 4\narray inset_x_at[5]\n"
                                       "inset_x_at[1] = 0.55\ninset_x_at[2] = 0.6\n"));
    ck_assert_ptr_nonnull(strstr(text, "inset_y_tics = 4\narray inset_y_at[5]\n"
                                       "inset_y_at[1] = 1e-05\ninset_y_at[2] = 0.0001\n"));
    ck_assert_ptr_nonnull(strstr(text, "inset_x_letters = 3\ninset_x_free = 0\n")); /* 0.7 */
    ck_assert_ptr_nonnull(strstr(text, "inset_letters = 6\n"));                     /* 0.0001 */
    free(text);
    inset = (ph_inset_t){.part = NULL};
    file = tmpfile();
    ck_assert_ptr_nonnull(file);
    ph_inset_script(&inset, file);
    text = drawn_text(file);
    ck_assert_str_eq(text, "inset = 0\n");
    free(text);
    ph_report_free(&report);
}
END_TEST

/* A grid's figure has the grid's inset, unless another part or other figures are asked for. */
START_TEST(test_grid)
{
    drawn_t drawn;
    drawn_begin(&drawn, "figure: { draw: diagram, inset: \"0.2:0.3,0.4:0.5,bottom-left\" }\n"
                        "network: { neurons: 60, patterns: 2, dilution: [0.1, 0.4] }\n"
                        "noise: [0.1, 0.9]\ndynamics: { sweeps: 1 }\n");
    for (int other = 0; other < 4; other++) {
        ph_figure_request_t request = {.figures = other == 1 ? "diagram" : NULL};
        if (other == 2)
            ck_assert_ptr_null(ph_inset_read(&request.inset, "0.1:0.15,0.1:0.2"));
        ph_figure_request_of_grid(&request, &drawn.grid,
                                  other == 3 ? PH_FIGURE_OF_RUN : PH_FIGURE_OF_PHASE);
        ck_assert(request.inset.on == (other == 0 || other == 2));
        ck_assert(!request.inset.on || request.inset.low[0] == (other == 0 ? 0.2 : 0.1));
        ck_assert(other != 0 || request.inset.corner == PH_INSET_BOTTOM_LEFT);
    }
    drawn_end(&drawn);
}
END_TEST

enum { SIDE = 41 };

/* A diagram of two states, half and half from left to right, with room for words. */
static void halves(made_t *made)
{
    static const char GRID[] = "network: { neurons: 60, patterns: 3,\n"
                               "           dilution: { from: 0, to: 0.8, steps: 41 } }\n"
                               "noise: { from: 0, to: 2, steps: 41 }\ndynamics: { sweeps: 1 }\n";
    static char rows[2][SIDE + 1];
    static const char *all[SIDE];
    memset(rows[0], 'h', SIDE);
    memset(rows[1], 'p', SIDE);
    for (size_t i = 0; i < SIDE; i++)
        all[i] = rows[i > SIDE / 2];
    made_begin(made, GRID, all, all);
}

/* Words keep off a line through their region and off the inset, as far as there is room; within an
 * inset they are those of its part. */
START_TEST(test_labels)
{
    static const double LEFT[] = {0.0, 1.0}, RIGHT[] = {0.4, 1.0};
    static const ph_inset_span_t SPANS[2] = {{"dilution", 0.0, 0.8, false, false},
                                             {"noise", 0.0, 2.0, false, false}};
    made_t made;
    ph_label_room_t room;
    halves(&made);
    const int p = made_code(&made, 'p'), h = made_code(&made, 'h');
    inset = (ph_inset_t){.part = NULL};
    ck_assert_int_eq(ph_label_room_begin(&room, &made.diagram, 0, &inset, false, NULL), PH_OK);
    ph_label_place_t place = ph_label_room_find(&room, h);
    ck_assert_int_eq(place.fit, 2);
    ck_assert_double_eq_tol(place.y, 1.0, 0.06);
    ph_label_room_cross(&room, LEFT, RIGHT);
    place = ph_label_room_find(&room, h);
    ck_assert_int_eq(place.fit, 2);
    ck_assert_double_gt(fabs(place.y - 1.0), 0.2);
    for (double y = 0.0; y < 2.01; y += 0.04) { /* no room beside so many lines */
        const double a[] = {0.0, y}, b[] = {0.8, y};
        ph_label_room_cross(&room, a, b);
    }
    place = ph_label_room_find(&room, h);
    ck_assert_int_eq(place.fit, 2);
    ck_assert_double_eq_tol(place.y, 1.0, 0.06);
    ck_assert_int_eq(ph_label_room_find(&room, made_code(&made, 's')).fit, 0);
    ph_label_room_free(&room);

    ck_assert_int_eq(read_part("0.3:0.5,0.2:0.6,top-right"), PH_OK);
    inset = (ph_inset_t){.part = &part};
    ck_assert_int_eq(ph_inset_settle(&inset, SPANS, &report), PH_OK);
    ck_assert_int_eq(ph_label_room_begin(&room, &made.diagram, 0, &inset, false, NULL), PH_OK);
    place = ph_label_room_find(&room, p);
    ck_assert_int_eq(place.fit, 2);
    ck_assert_double_lt(place.y, 1.0);
    ph_label_room_free(&room);
    ck_assert_int_eq(ph_label_room_begin(&room, &made.diagram, 0, &inset, true, NULL), PH_OK);
    place = ph_label_room_find(&room, p);
    ck_assert_int_eq(place.fit, 1);
    ck_assert(place.x > 0.4 && place.x < 0.5 && place.y > 0.2 && place.y < 0.6);
    ph_label_room_free(&room);
    ph_report_free(&report);
    made_end(&made);
}
END_TEST

PH_TEST_MAIN("figure_inset", test_read, test_corner, test_refused, test_script, test_grid,
             test_labels)
