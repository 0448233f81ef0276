/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Patterns that are given: files of them, what follows from them, and what counts for identities.
 */
#include <string.h>
#include <unistd.h>

#include "params/given.h"
#include "tests/params/parse.h"
#include "tests/temporary.h"

static char path[64];

/* A new file with this content; its name is in `path` until the next. */
static void put(const char *content, size_t length)
{
    snprintf(path, sizeof(path), "/tmp/given-XXXXXX");
    temporary_file(path, content, length);
}

static int load(ph_grid_t *grid, const char *parts, ph_report_t *report)
{
    static const char REST[] = "noise: [0.1, 0.2]\ndynamics: { sweeps: 10 }\n";
    char name[] = "/tmp/grid-XXXXXX", text[512];
    snprintf(text, sizeof(text), "network: { %s }\n%s", parts, REST);
    temporary_file(name, text, strlen(text));
    ph_grid_init(grid);
    const int status = ph_grid_load(grid, name, 0, NULL, report);
    unlink(name);
    return status;
}

static int load_file(ph_grid_t *grid, const char *more, ph_report_t *report)
{
    char parts[256];
    snprintf(parts, sizeof(parts), "patterns: { file: %s%s", path, more);
    const int status = load(grid, parts, report);
    unlink(path);
    return status;
}

/* Three patterns of four neurons, as they may be written. */
static const struct {
    const char *content, *more;
} SAME[] = {
    {"# patterns of sample 1, one neuron a row\n# pattern_1 pattern_2 pattern_3\n"
     "1 -1 0\n0 1 -1\n1 1 0\n-1 0 1\n",
     " }"},
    {"pattern_1,pattern_2,pattern_3\r\n1,-1,0\r\n0,1,-1\r\n1,1,0\r\n-1,0,1\r\n", " }"},
    {"\xef\xbb\xbf+1\t-1\t0\n\n 0 1 -1 \n1.0 1e0 0.0\n-1 0 +1", " }"},
    {"1 0 1 -1\n-1,1,1,0\n0 , -1 , 0 , 1\n", ", layout: rows }"},
    {"1 -1 0\r0 1 -1\r1 1 0\r-1 0 1\r", ", layout: columns }, neurons: 4"},
    {"1 -1 0\n0 1 -1\n1 1 0\n-1 0 1\n", ", choose: 3 }, dilution: { each: [0.25, 0.25, 0.5] }"},
};

/* However it is written and whatever it is called, it is one network, which its text gives back. */
START_TEST(test_forms)
{
    ph_grid_t grid, given, again;
    put(SAME[_i].content, strlen(SAME[_i].content));
    ck_assert_int_eq(load_file(&grid, SAME[_i].more, NULL), PH_OK);
    ck_assert_int_eq(load(&given, "patterns: { given: \"+0+-  -++0\\n0-0+ \" }", NULL), PH_OK);
    ck_assert_str_eq(grid.text, given.text);
    ck_assert(strstr(grid.text, path) == NULL);
    ck_assert(ph_digest_equal(grid.digest, given.digest));
    ck_assert_uint_eq(grid.points_count, 2);
    for (size_t p = 0; p < 2; p++) {
        const ph_point_t *point = &grid.points[p];
        ck_assert_str_eq(point->given, "+0+- -++0 0-0+");
        ck_assert_int_eq(point->neurons, 4);
        ck_assert_int_eq(point->patterns, 3);
        ck_assert_double_eq(point->dilution[0], 0.25);
        ck_assert_double_eq(point->dilution[2], 0.5);
        ck_assert(ph_digest_equal(point->disorder, given.points[p].disorder));
        ck_assert(ph_digest_equal(point->chain, given.points[p].chain));
        ck_assert(!ph_point_alike(point, 0, 1) && ph_point_alike(point, 1, 1));
    }
    parse(&again, grid.text);
    ck_assert_str_eq(again.text, grid.text);
    ck_assert(ph_digest_equal(again.points[1].chain, grid.points[1].chain));
    ph_grid_free(&again);
    ph_grid_free(&given);
    ph_grid_free(&grid);
}
END_TEST

/* Another entry, or drawn patterns of the same dilution, are another network. */
START_TEST(test_identity)
{
    static const char *const OTHERS[] = {"patterns: { given: \"+0+- -++0 0-0-\" }",
                                         "patterns: { given: \"0++- -++0 0-0+\" }",
                                         "patterns: { given: \"-++0 +0+- 0-0+\" }",
                                         ("neurons: 4, patterns: 3, "
                                          "dilution: { each: [0.25, 0.25, 0.5] }")};
    ph_grid_t grid, other;
    ck_assert_int_eq(load(&grid, "patterns_given: \"+0+- -++0 0-0+\"", NULL), PH_OK);
    for (size_t k = 0; k < 4; k++) {
        ck_assert_int_eq(load(&other, OTHERS[k], NULL), PH_OK);
        ck_assert(!ph_digest_equal(grid.digest, other.digest));
        ck_assert(!ph_digest_equal(grid.points[0].disorder, other.points[0].disorder));
        ck_assert(!ph_digest_equal(grid.points[0].identity, other.points[0].identity));
        ck_assert(k < 3 || !ph_grid_is_given(&other));
        ph_grid_free(&other);
    }
    ck_assert(ph_grid_is_given(&grid));
    ph_grid_free(&grid);
}
END_TEST

static const struct {
    const char *content, *more, *message;
} BAD[] = {
    {"1 -1\n1 2\n", " }", ":2:3: \"2\", expected -1, 0 or +1"},
    {"1 -1\n1 0.5\n", " }", ":2:3: \"0.5\", expected -1, 0 or +1"},
    {"1 -1\n+-1 0\n", " }", ":2:1: \"+-1\", expected -1, 0 or +1"},
    {"1 -1\nname 0\n", " }", ":2:1: \"name\", expected -1, 0 or +1"},
    {"a b\n1 0\n", ", layout: rows }", ":1:1: \"a\", expected -1, 0 or +1"},
    {"1 -1\n#\n1\n", " }", ":3:1: 1 values in this row, expected 2 as in the row before"},
    {"a b c\n1 -1\n", " }", ":2:1: 2 values in this row, expected 3 as in the row before"},
    {"1,,1\n", " }", ":1:3: a comma without a value before or behind it"},
    {"1,1,\n", " }", ":1:4: a comma without a value before or behind it"},
    {",1\n", " }", ":1:1: a comma without a value before or behind it"},
    {"", " }", ":1:1: no row of entries, expected rows of -1, 0 and +1"},
    {"# nothing\n\n", " }", ":2:1: no row of entries"},
    {"a b\n", " }", ":1:1: no row of entries"},
    {"1 0\n-1 0\n", " }", "pattern 2 is blank at all 2 neurons, expected an entry +1 or -1"},
    {"1 1\n-1 1\n", " }, neurons: 3", "network.neurons: 3, but the given patterns are 2 of 2"},
    {"1 1\n-1 1\n", " }, neurons: [2, 3]", "network.neurons: 3, but the given patterns"},
    {"1 1\n-1 1\n", ", choose: 3 }", "network.patterns: 3, but the given patterns are 2 of 2"},
    {"1 1\n-1 0\n", " }, dilution: 0.2", "network.dilution: is not that of the given patterns"},
    {"1 1\n-1 0\n", " }, dilution: [0, 0.5]", "network.dilution: is not that of the given"},
    {"1 1\n", ", given: \"+\" }", "both a file and given patterns, expected one of them"},
    {"1 1\n", ", layout: lines }", "network.patterns_layout: lines is unknown"},
    {"1 1\n-1 1\n", ", dataset: x }", "is a file of text, which has no datasets, expected no"},
    {"1 1\n-1 1\n", ", fil: x }", "network.patterns: unknown key \"fil\""},
};
enum { BAD_COUNT = sizeof(BAD) / sizeof(BAD[0]) };

/* One error each, which says where. */
START_TEST(test_bad_files)
{
    ph_grid_t grid;
    ph_report_t report;
    ph_report_init(&report);
    put(BAD[_i].content, strlen(BAD[_i].content));
    ck_assert_int_ne(load_file(&grid, BAD[_i].more, &report), PH_OK);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_msg(strstr(report.messages[0].text, BAD[_i].message) != NULL, "%s",
                  report.messages[0].text);
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

static const struct {
    const char *parts, *message;
} WRONG[] = {
    {"patterns: { file: /no/such }", "/no/such: cannot be read: No such file or directory"},
    {"patterns: { given: \"++ + \" }", "network.patterns_given: pattern 2 is no word as long"},
    {"patterns: { given: \"+1\" }", "network.patterns_given: pattern 1 is no word"},
    {"patterns: { given: \" \" }", "network.patterns_given: pattern 1 is no word"},
    {"patterns: { given: \"++ 00\" }", "pattern 2 is blank at all 2 neurons"},
    {"patterns: { dataset: x }", "network.patterns_dataset: without a file of patterns, expected"},
    {"patterns: { layout: rows }", "network.patterns_layout: rows without a file of patterns"},
};
enum { WRONG_COUNT = sizeof(WRONG) / sizeof(WRONG[0]) };

/* One entry too many: the file and the line, not the grid's. */
START_TEST(test_too_many_entries)
{
    enum { COLUMNS = 64, ROWS = PH_GIVEN_MAX / COLUMNS };
    const size_t size = (size_t)COLUMNS * 2 * (ROWS + 1);
    char *text = malloc(size), wanted[128];
    ph_grid_t grid;
    ph_report_t report;
    ck_assert_ptr_nonnull(text);
    for (size_t k = 0; k < size; k++)
        text[k] = k % 2 == 0 ? '1' : k % (2 * (size_t)COLUMNS) == 2 * COLUMNS - 1 ? '\n' : ' ';
    put(text, size);
    snprintf(wanted, sizeof(wanted), "%s:%d:1: more than %d entries", path, ROWS + 1, PH_GIVEN_MAX);
    ph_report_init(&report);
    ck_assert_int_ne(load_file(&grid, " }", &report), PH_OK);
    ck_assert_msg(strstr(report.messages[0].text, wanted) != NULL, "%s", report.messages[0].text);
    ph_report_free(&report);
    ph_grid_free(&grid);
    free(text);
}
END_TEST

START_TEST(test_wrong_grids)
{
    ph_grid_t grid;
    ph_report_t report;
    ph_report_init(&report);
    ck_assert_int_ne(load(&grid, WRONG[_i].parts, &report), PH_OK);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_msg(strstr(report.messages[0].text, WRONG[_i].message) != NULL, "%s",
                  report.messages[0].text);
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

/* What is odd but a network all the same is a note, once. */
START_TEST(test_notes)
{
    static const char CONTENT[] = "1 -1 1\n0 0 0\n-1 1 1\n0 0 0\n";
    ph_grid_t grid, again;
    ph_report_t report;
    ph_report_init(&report);
    put(CONTENT, strlen(CONTENT));
    ck_assert_int_eq(load_file(&grid, " }", &report), PH_OK);
    ck_assert_uint_eq(report.count, 2);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "2 of 4 neurons are blank in all"));
    ck_assert_ptr_nonnull(strstr(report.messages[1].text, "1 of 3 patterns are an earlier one"));
    ck_assert_double_eq(ph_point_classes_expected(&grid.points[0]), 3.0);
    parse(&again, grid.text); /* without a note */
    ph_grid_free(&again);
    ph_report_free(&report);
    ph_grid_free(&grid);
    ph_report_init(&report);
    put("0 1\n1 0\n", 8);
    ck_assert_int_eq(load_file(&grid, " }", &report), PH_OK);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "where 0 and 1 stand for -1 and +1"));
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

/* A grid in another file makes none be read; --set of the map replaces a file, of a number does
 * not: it says how many of its patterns. */
START_TEST(test_inside_and_set)
{
    static const char TEXT[] = "network: { patterns: { file: /etc/passwd } }\nnoise: 0.1\n"
                               "dynamics: { sweeps: 10 }\n";
    static const char *const SETS[] = {"network.patterns={ choose: 5 }", "network.neurons=10"};
    static const char *const NUMBER[] = {"network.patterns=5"};
    ph_grid_t grid;
    ph_report_t report;
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, TEXT, "inside", 0, NULL, &report), PH_ERR_INPUT);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "makes none be read"));
    ck_assert_int_eq(ph_grid_parse(&grid, TEXT, "inside", 2, SETS, NULL), PH_OK);
    ck_assert_int_eq(grid.points[0].patterns, 5);
    ck_assert(!ph_grid_is_given(&grid));
    ph_grid_free(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, TEXT, "inside", 1, NUMBER, &report), PH_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(report.messages[1].text, "makes none be read"));
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_PROGRAM("gridgiven")
{
    TCase *tcase = tcase_create("gridgiven");
    tcase_add_loop_test(tcase, test_forms, 0, sizeof(SAME) / sizeof(SAME[0]));
    tcase_add_test(tcase, test_identity);
    tcase_add_loop_test(tcase, test_bad_files, 0, BAD_COUNT);
    tcase_add_loop_test(tcase, test_wrong_grids, 0, WRONG_COUNT);
    tcase_add_test(tcase, test_too_many_entries);
    tcase_add_test(tcase, test_notes);
    tcase_add_test(tcase, test_inside_and_set);
    return test_run("gridgiven", tcase);
}
