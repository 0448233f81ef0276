/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Some of given patterns: the first, or drawn for every sample. */
#include <string.h>

#include "params/given.h"
#include "sim/model/patterns.h"
#include "tests/params/parse.h"

/* Five patterns of six neurons, no two alike, with 0, 1, 2, 0 and 3 blanks. */
#define POOL "++++++ +-+-+0 0+--0+ -++-+- 0+0-0+"
#define EACH "0, 0.166666666667, 0.333333333333, 0, 0.5"
#define REST "noise: [0.1, 0.2]\ndynamics: { sweeps: 10 }\n"

/* What is stored is said by the text, which gives the grid again, whatever K is an axis. */
START_TEST(text_of_grid)
{
    static const struct {
        const char *parts, *dilution;
        size_t points;
    } CASES[] = {
        {"choose: [2, 4], from: first", "\n  dilution: { each: [0, 0.166666666667] }\n", 4},
        {"choose: 1, from: first", "\n  dilution: 0\n", 2},
        {"from: first, choose: { from: 1, to: 5, steps: 5 }", "\n  dilution: 0\n", 10},
        {"choose: [2, 5], from: random", "\n  dilution: 0.2\n", 4},
        {"choose: 5, from: all",
         "\n  dilution: { each: [0, 0.166666666667, 0.333333333333, 0, 0.5] }", 2},
    };
    ph_grid_t grid, again;
    char text[512];
    snprintf(text, sizeof(text), "network: { patterns: { given: \"" POOL "\", %s } }\n" REST,
             CASES[_i].parts);
    parse(&grid, text);
    ck_assert_uint_eq(grid.points_count, CASES[_i].points);
    ck_assert_msg(strstr(grid.text, CASES[_i].dilution) != NULL, "%s", grid.text);
    ck_assert_int_eq(strstr(grid.text, "patterns_from") != NULL, _i != 4);
    parse(&again, grid.text);
    ck_assert_str_eq(again.text, grid.text);
    for (size_t p = 0; p < grid.points_count; p++) {
        const ph_point_t *a = &grid.points[p], *b = &again.points[p];
        ck_assert(ph_digest_equal(a->chain, b->chain));
        ck_assert_mem_eq(a->dilution, b->dilution, (size_t)a->patterns * sizeof(double));
        ck_assert_double_eq(a->given_classes, b->given_classes);
        ck_assert(ph_point_is_fixed(a) == (a->choice != PH_CHOICE_RANDOM));
    }
    ph_grid_free(&again);
    ph_grid_free(&grid);
}
END_TEST

/* The first K are the network of these alone; as many drawn are another one. */
START_TEST(first)
{
    ph_grid_t few, grid;
    ph_patterns_t a, b;
    parse(&few, "network: { patterns: { given: \"++++++ +-+-+0 0+--0+\" } }\n" REST);
    parse(&grid, "network: { patterns: { given: \"" POOL "\", choose: 3, from: first } }\n" REST);
    ck_assert_int_eq(ph_patterns_draw(&a, &few.points[0], 1, 0), PH_OK);
    ck_assert_int_eq(ph_patterns_draw(&b, &grid.points[0], 2, 7), PH_OK);
    ck_assert_mem_eq(a.entries, b.entries, 18);
    ck_assert_mem_eq(few.points[0].dilution, grid.points[0].dilution, 3 * sizeof(double));
    ck_assert_double_eq(few.points[0].given_classes, grid.points[0].given_classes);
    ck_assert_double_eq(grid.points[0].given_classes, 5.0); /* 2 and 4 are alike */
    ck_assert(!ph_digest_equal(few.points[0].disorder, grid.points[0].disorder));
    ph_grid_free(&few); /* of other numbers of them, in one grid with 3 at four points */
    parse(&few, "network: { rule: [storage, unsupervised], "
                "patterns: { given: \"" POOL "\", choose: [1, 3], from: first } }\n" REST);
    for (size_t p = 0; p < few.points_count; p++)
        ck_assert_double_eq(few.points[p].given_classes, few.points[p].patterns == 3 ? 5.0 : 1.0);
    ph_patterns_free(&a);
    ph_patterns_free(&b);
    ph_grid_free(&few);
    ph_grid_free(&grid);
}
END_TEST

/* A point is what it is whichever other K the axis has, before or behind it. */
START_TEST(axis)
{
    static const char *const CHOICES[] = {"[2, 3]", "[3, 2]", "[5, 3, 1]",
                                          "{ from: 1, to: 5, steps: 5 }"};
    ph_grid_t one, grid;
    char text[256];
    size_t found = 0;
    parse(&one, "network: { patterns: { given: \"" POOL "\", choose: 3, from: first } }\n" REST);
    snprintf(text, sizeof(text),
             "network: { patterns: { given: \"" POOL "\", choose: %s, from: first } }\n" REST,
             CHOICES[_i]);
    parse(&grid, text);
    for (size_t p = 0; p < grid.points_count; p++) {
        const ph_point_t *point = &grid.points[p];
        const ph_point_t *same = &one.points[point->noise == one.points[1].noise];
        const bool wanted = point->patterns == 3;
        found += wanted;
        ck_assert(ph_digest_equal(point->disorder, same->disorder) == wanted);
        ck_assert(ph_digest_equal(point->identity, same->identity) == wanted);
        ck_assert(ph_digest_equal(point->chain, same->chain) == wanted);
    }
    ck_assert_uint_eq(found, 2);
    ph_grid_free(&grid);
    ph_grid_free(&one);
}
END_TEST

/* The text of a grid says the dilution of as many as it has; --set may ask for more, or fewer. */
START_TEST(set_of_text)
{
    static const char *const CHOICES[] = {"1", "2", "4", "[2, 5]"};
    ph_grid_t one, grid, set;
    char text[256];
    parse(&one, "network: { patterns: { given: \"" POOL "\", choose: 3, from: first } }\n" REST);
    snprintf(text, sizeof(text),
             "network: { patterns: { given: \"" POOL "\", choose: %s, from: first } }\n" REST,
             CHOICES[_i]);
    parse(&grid, text);
    parse_with(&set, grid.text, "network.patterns=3");
    ck_assert_str_eq(set.text, one.text);
    ck_assert(ph_digest_equal(set.points[1].chain, one.points[1].chain));
    ph_grid_free(&set);
    ph_grid_free(&grid);
    ph_grid_free(&one);
}
END_TEST

/* Neurons that are alike in the patterns may be apart in the examples of them. */
START_TEST(learners)
{
    ph_grid_t grid;
    parse(&grid, "network: { patterns: { given: \"" POOL "\", choose: 3, from: first },\n"
                 "           rule: [storage, supervised], examples: 10, quality: 0.5 }\n" REST);
    ck_assert_double_eq(ph_point_classes_expected(&grid.points[0]), 5.0);
    ck_assert_double_gt(ph_point_classes_expected(&grid.points[2]), 5.5);
    ck_assert(ph_point_is_fixed(&grid.points[1]) && !ph_point_is_fixed(&grid.points[2]));
    ph_grid_free(&grid);
}
END_TEST

/* A range of K is what it was. */
START_TEST(range)
{
    ph_grid_t grid;
    parse(&grid, "network: { neurons: 6, patterns: { from: 1, to: 5, steps: 5 } }\n" REST);
    ck_assert_uint_eq(grid.points_count, 10);
    ck_assert(grid.points[0].choice == PH_CHOICE_ALL && !ph_grid_is_given(&grid));
    ph_grid_free(&grid);
}
END_TEST

/* Over many samples every pattern comes at every place equally often, none twice in one sample; a
 * sample has the same at every noise, and another seed other ones. */
START_TEST(drawn)
{
    enum { SAMPLES = 4000, K = 3, ALL = 5 };
    ph_grid_t grid;
    size_t seen[K][ALL] = {{0}}, other = 0;
    parse(&grid, "network: { patterns: { given: \"" POOL "\", choose: 3, from: random } }\n" REST);
    for (uint32_t s = 0; s < SAMPLES; s++) {
        size_t chosen[K], same[K];
        ph_patterns_t patterns;
        ck_assert_int_eq(ph_patterns_choose(&grid.points[0], 9, s, chosen), PH_OK);
        ck_assert_int_eq(ph_patterns_choose(&grid.points[1], 9, s, same), PH_OK);
        ck_assert_mem_eq(chosen, same, sizeof(chosen));
        ck_assert(chosen[0] != chosen[1] && chosen[0] != chosen[2] && chosen[1] != chosen[2]);
        for (size_t mu = 0; mu < K; mu++)
            seen[mu][chosen[mu]]++;
        ck_assert_int_eq(ph_patterns_choose(&grid.points[0], 8, s, same), PH_OK);
        other += memcmp(chosen, same, sizeof(same)) != 0;
        if (s >= 20)
            continue;
        ck_assert_int_eq(ph_patterns_draw(&patterns, &grid.points[0], 9, s), PH_OK);
        for (size_t k = 0; k < 6 * K; k++) {
            const char c = POOL[7 * chosen[k % K] + k / K];
            ck_assert_int_eq(patterns.entries[k], c == '+' ? 1 : c == '-' ? -1 : 0);
        }
        ph_patterns_free(&patterns);
    }
    for (size_t mu = 0; mu < K; mu++)
        for (size_t k = 0; k < ALL; k++) /* 5 deviations of 25.3, of 15 numbers: 1e-5 */
            ck_assert_msg(seen[mu][k] > 673 && seen[mu][k] < 927, "%zu at %zu: %zu", k, mu,
                          seen[mu][k]);
    ck_assert_uint_gt(other, 3800); /* 59 of 60 */
    ph_grid_free(&grid);
}
END_TEST

static const struct {
    const char *parts, *message;
} WRONG[] = {
    {"given: \"" POOL "\", choose: 6, from: random",
     "network.patterns: 6 from: random, but 5 patterns are given, expected at most as many"},
    {"given: \"" POOL "\", choose: [2, 6], from: first", "network.patterns: 6 from: first, but 5"},
    {"given: \"" POOL "\", choose: 2",
     "expected 5, or to choose from them, from: random or from: first"},
    {"given: \"" POOL "\", from: random",
     "network.patterns_from: random of 5 given patterns, expected how many: choose: K"},
    {"from: randm", "network.patterns_from: randm is unknown (did you mean random?)"},
    {"choose: 2, from: random", "network.patterns_from: random without patterns to choose from"},
    {"given: \"" POOL "\", choose: 2, from: lowest", "network.patterns_from: lowest is unknown"},
    {"given: \"" POOL "\", choose: 2, from: random }, dilution: { each: [0, 0.1]",
     "network.dilution: is not that of the given patterns, which have 0.2 in all of them"},
    {"given: \"" POOL "\", choose: 2, from: first }, dilution: { each: [0, 0.1]",
     "network.dilution: is not that of the given patterns, which have 0 in pattern 1"},
    {"given: \"" POOL "\", choose: 2, from: random }, dilution: { each: [0.2, 0.2, 0.2, 0.2, 0.3]",
     "network.dilution: is not that of the given"},
    {"given: \"" POOL "\", choose: 2, from: first }, dilution: { each: [" EACH ", 0]",
     "network.dilution: is not that of the given"},
    {"given: \"" POOL "\" }, dilution: { each: [" EACH ", 0]",
     "network.dilution: is not that of the given"},
    {"given: \"" POOL "\" }, dilution: { each: [0, 0.166666666667]",
     "network.dilution: is not that of the given"},
    {"given: \"++++ -+-+ ++--\", choose: -3, from: first", "network.patterns: -3 is out of range"},
    {"given: \"++++ -+-+ ++--\", choose: [2, -1], from: first",
     "network.patterns: -1 is out of range"},
    {"given: \"++++ -+-+ ++--\", choose: [2, -1], from: first }, dilution: { each: [0, 0, 0]",
     "network.patterns: -1 is out of range"},
    {"given: \"++++ -+-+ ++--\", choose: [2, -1], from: first }, dilution: { each: [0]",
     "network.patterns: -1 is out of range"},
    {"given: \"++++ -+-+ ++--\", choose: -3, from: first }, dilution: 0, rule: supervised, "
     "examples: 9, quality: { from: 0.1, to: 0.2, steps: 2",
     "network.patterns: -3 is out of range"},
    {"from: random", "network.patterns_from: random without patterns to choose from"},
    {"from: 1, pool: x }, neurons: 6, dilution: { each: [0]",
     "network.patterns: unknown key \"pool\", expected from, to, steps, scale; "
     "or choose, file, layout, given"},
};

START_TEST(wrong)
{
    ph_grid_t grid;
    ph_report_t report;
    char text[512];
    snprintf(text, sizeof(text), "network: { patterns: { %s } }\n" REST, WRONG[_i].parts);
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", 0, NULL, &report), PH_ERR_INPUT);
    ck_assert_msg(strstr(report.messages[0].text, WRONG[_i].message) != NULL, "%s",
                  report.messages[0].text);
    ck_assert_uint_eq(report.count, 1);
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_PROGRAM("gridchoice")
{
    TCase *tcase = tcase_create("gridchoice");
    tcase_add_loop_test(tcase, text_of_grid, 0, 5);
    tcase_add_test(tcase, first);
    tcase_add_loop_test(tcase, axis, 0, 4);
    tcase_add_loop_test(tcase, set_of_text, 0, 4);
    tcase_add_test(tcase, learners);
    tcase_add_test(tcase, range);
    tcase_add_test(tcase, drawn);
    tcase_add_loop_test(tcase, wrong, 0, sizeof(WRONG) / sizeof(WRONG[0]));
    return test_run("gridchoice", tcase);
}
