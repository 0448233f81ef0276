/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Examples that are given: files of them, what is measured, what follows, and what counts for
 * identities. */
#include <hdf5.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "params/given.h"
#include "params/labelled.h"
#include "tests/params/parse.h"
#include "tests/temporary.h"

#define REST "noise: [0.1, 0.2]\ndynamics: { sweeps: 10 }\n"
#define ARCHETYPES "++-0 --++"
#define DATA "++-0 +--+ +++0/--++ --0+"

enum { NEURONS = 4, EXAMPLES = 5 };

/* The same in a file's order, and what the labels are. */
static const int8_t ENTRIES[EXAMPLES][NEURONS] = {
    {-1, -1, 1, 1}, {1, 1, -1, 0}, {1, -1, -1, 1}, {-1, -1, 0, 1}, {1, 1, 1, 0}};
static const int64_t LABELS[EXAMPLES] = {2, 1, 1, 2, 1};
static const int8_t OF_LABELS[2][NEURONS] = {{1, 1, -1, 0}, {-1, -1, 1, 1}};

static const int8_t OPPOSED[2][NEURONS] = {{1, -1, 1, 1}, {-1, 1, -1, -1}};
static const int8_t BLANK_LAST[2][NEURONS] = {{1, 1, -1, 0}};

static char path[64];

static void put(hid_t file, const char *name, int rank, hsize_t rows, hsize_t columns, hid_t type,
                const void *values)
{
    const hsize_t extent[2] = {rows, columns};
    hid_t space = H5Screate_simple(rank, extent, NULL);
    hid_t set = H5Dcreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    ck_assert_int_ge(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), 0);
    H5Dclose(set);
    H5Sclose(space);
}

/* A file of the first `count` examples, with other labels where they are given. */
static void make(hsize_t count, const int64_t *labels, hsize_t labels_count)
{
    snprintf(path, sizeof(path), "/tmp/griddata-XXXXXX");
    close(mkstemp(path));
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    put(file, "examples", 2, count, NEURONS, H5T_NATIVE_INT8, ENTRIES);
    put(file, "labels", 1, labels_count, 1, H5T_NATIVE_INT64, labels != NULL ? labels : LABELS);
    put(file, "a", 2, 2, NEURONS, H5T_NATIVE_INT8, OF_LABELS);
    put(file, "narrow", 2, 2, NEURONS - 1, H5T_NATIVE_INT8, OF_LABELS);
    put(file, "blank", 2, 2, NEURONS, H5T_NATIVE_INT8, BLANK_LAST);
    put(file, "even", 2, 2, NEURONS, H5T_NATIVE_INT8, OPPOSED);
    put(file, "far", 2, 1, NEURONS, H5T_NATIVE_INT8, OF_LABELS[1]);
    H5Fclose(file);
}

static int load(ph_grid_t *grid, const char *data, const char *more, ph_report_t *report)
{
    char name[] = "/tmp/grid-XXXXXX", text[512];
    snprintf(text, sizeof(text), "network: { rule: supervised, data: { file: %s%s }%s }\n" REST,
             path, data, more);
    temporary_file(name, text, strlen(text));
    ph_grid_init(grid);
    const int status = ph_grid_load(grid, name, 0, NULL, report);
    unlink(name);
    return status;
}

/* Whether of archetypes or of means: grouped by label in the file's order, measured, and given back
 * by the text. By hand: r of label 1 is (3 + 1 + 1)/9 beside its archetype, s is 2/3. */
START_TEST(whole)
{
    static const char *const PARTS[] = {", archetypes: a", "", ", threshold: 0.3",
                                        ", from: random"};
    ph_grid_t grid, again;
    make(EXAMPLES, NULL, EXAMPLES);
    ck_assert_int_eq(load(&grid, PARTS[_i], ", examples: [1, 2]", NULL), PH_OK);
    const ph_point_t *point = &grid.points[0];
    ck_assert_str_eq(point->data, DATA);
    ck_assert_str_eq(point->given, _i == 0 ? "++-0 --++" : "++-+ --++");
    ck_assert_int_eq(point->neurons, NEURONS);
    ck_assert_int_eq(point->patterns, 2);
    ck_assert_double_eq(point->dilution[0], _i == 0 ? 0.25 : 0.0);
    ck_assert_double_eq(point->quality[0], _i == 0 ? 0.555555555556 : 0.5);
    ck_assert_double_eq(point->quality[1], 0.875);
    ck_assert_double_eq(point->blank_fidelity[0], _i == 0 ? 0.666666666667 : 1.0);
    ck_assert_double_eq(point->blank_fidelity[1], 1.0);
    ck_assert(ph_point_has_data(point) && ph_point_is_given(point));
    ck_assert(ph_point_is_fixed(point) == (_i != 3));
    ck_assert_double_eq(ph_point_classes_expected(point), NEURONS);
    ck_assert(strstr(grid.text, path) == NULL);
    parse(&again, grid.text);
    ck_assert_str_eq(again.text, grid.text);
    for (size_t p = 0; p < 4; p++)
        ck_assert(ph_digest_equal(again.points[p].chain, grid.points[p].chain));
    ph_grid_free(&again);
    ph_grid_free(&grid);
    unlink(path);
}
END_TEST

/* A mean below the threshold is a blank: of label 1's third neuron it is 1/3, of its last too. */
START_TEST(thresholds)
{
    ph_grid_t grid;
    make(EXAMPLES, NULL, EXAMPLES);
    ck_assert_int_eq(load(&grid, ", threshold: 0.4", "", NULL), PH_OK);
    ck_assert_str_eq(grid.points[0].given, "+000 --++");
    ph_grid_free(&grid);
    ck_assert_int_eq(load(&grid, ", threshold: 0.6", "", NULL), PH_OK);
    ck_assert_str_eq(grid.points[0].given, "+000 --0+");
    ph_grid_free(&grid);
    unlink(path);
}
END_TEST

static const int64_t ZERO[EXAMPLES] = {1, 0, 1, 1, 1}, BEYOND[EXAMPLES] = {1, 3, 2, 1, 1},
                     EMPTY[EXAMPLES] = {1, 1, 3, 1, 3}, TURNED[EXAMPLES] = {1, 2, 2, 1, 2},
                     HALVES[EXAMPLES] = {1, 1, 2, 2, 2},
                     HUGE_LABEL[EXAMPLES] = {1, INT64_MAX, 2, 1, 1};
static const struct {
    const int64_t *labels;
    hsize_t count;
    const char *data, *more, *message;
} BAD[] = {
    {NULL, 4, "", "", ": 4 labels of 5 examples, expected one for each"},
    {ZERO, 5, "", "", "label 0 of example 1 (from 0), expected 1 to 4096: labels count from 1"},
    {BEYOND, 5, ", archetypes: a", "", ": label 3 of example 1 (from 0), expected 1 to 2"},
    {HUGE_LABEL, 5, "", "", "label 9223372036854775807 of example 1 (from 0), expected 1 to 4096"},
    {EMPTY, 5, "", "", ": label 2 has no example, expected each of 1 to 3 to have some"},
    {NULL, 5, ", archetypes: narrow", "", ": archetypes of 3 neurons, examples of 4, expected"},
    {NULL, 5, ", archetypes: b", "", ": /b: there is none, expected integers -1, 0 and +1 in two"},
    {NULL, 5, ", archetypes: far", "", ": label 2 of example 0 (from 0), expected 1 to 1"},
    {TURNED, 5, ", archetypes: a", "", "examples of label 1 have quality r = "},
    {HALVES, 5, ", threshold: 0.6", "",
     ": the means of label 1 (of 2 examples) are all below the threshold 0.6, which leaves its"},
    {HALVES, 2, ", examples: even", "",
     ": the means of label 1 (of 2 examples) are all 0, which leaves its archetype blank"},
    {NULL, 5, "", ", examples: { each: [[1, 4], 1] }",
     "network.examples: 4, but label 1 has 3 examples, expected at most that many"},
    {NULL, 5, "", ", examples: { each: [[1, 3], 3] }",
     "network.examples: 3, but label 2 has 2 examples, expected at most that many"},
    {NULL, 5, ", archetypes: blank", "",
     ": pattern 2 is blank at all 4 neurons, expected an entry"},
    {NULL, 5, "", ", examples: 3", "network.examples: 3, but label 2 has 2 examples, expected at"},
    {NULL, 5, "", ", examples: {each: [2, 3]}", "network.examples: 3, but label 2 has 2 examples"},
    {NULL, 5, "", ", quality: 0.5", "network.quality: is not that of the given data, which have"},
    {NULL, 5, "", ", patterns: 3", "network.patterns: 3, but the given patterns are 2 of 4"},
    {NULL, 5, "", ", patterns: { given: \"+\" }", "patterns are given too, expected those of the"},
    {NULL, 5, ", given: \"+\"", "", "both a file and given examples, expected one of them"},
    {NULL, 5, ", labels: a", "", ": /a: has two dimensions, expected integers in one dimension"},
    {NULL, 5, ", from: last", "", "network.data_from: last is unknown"},
};

/* One error each, which says where. */
START_TEST(bad)
{
    ph_grid_t grid;
    ph_report_t report;
    ph_report_init(&report);
    make(EXAMPLES, BAD[_i].labels, BAD[_i].count);
    ck_assert_int_ne(load(&grid, BAD[_i].data, BAD[_i].more, &report), PH_OK);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_msg(strstr(report.messages[0].text, BAD[_i].message) != NULL, "%s",
                  report.messages[0].text);
    ph_report_free(&report);
    ph_grid_free(&grid);
    unlink(path);
}
END_TEST

static const struct {
    const char *network, *message;
} WRONG[] = {
    {"data: { given: \"" DATA "\" }", "expected as many given patterns"},
    {"patterns: { given: \"+++ ---\" }, data: { given: \"" DATA "\" }", "expected as many given"},
    {"patterns: { given: \"" ARCHETYPES " +++0\" }, data: { given: \"" DATA "\" }",
     "examples of 2 labels and 4 neurons, expected as many given patterns"},
    {"patterns: { given: \"" ARCHETYPES "\", choose: 2, from: first }, data: { given: \"" DATA
     "\" }",
     "network.patterns_from: first, but the data have examples of all patterns"},
    {"data: { given: \"++/\" }", "network.data_given: words are of several lengths, a label has"},
    {"data: { given: \"/++\" }", "network.data_given: words"},
    {"data: { given: \"++ +\" }", "network.data_given: words"},
    {"data: { given: \"++//++\" }", "network.data_given: words"},
    {"data: { given: \"+1\" }", "network.data_given: words"},
    {"neurons: 9, patterns: 1, data: { labels: y }", "network.data_labels: without data, expected"},
    {"neurons: 9, patterns: 1, data: { threshold: 0.1 }", "network.data_threshold: without data"},
    {"neurons: 9, patterns: 1, data: { from: random }", "network.data_from: without data"},
    {"neurons: 9, patterns: 1, data: { file: /etc/passwd }", "makes none be read"},
};

START_TEST(wrong)
{
    char text[512];
    ph_grid_t grid;
    ph_report_t report;
    ph_report_init(&report);
    ph_grid_init(&grid);
    snprintf(text, sizeof(text), "network: { rule: supervised, %s }\n" REST, WRONG[_i].network);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", 0, NULL, &report), PH_ERR_INPUT);
    ck_assert_msg(strstr(report.messages[0].text, WRONG[_i].message) != NULL, "%s",
                  report.messages[0].text);
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

/* A grid holds no more entries than a file may have. */
START_TEST(most)
{
    static const char HEAD[] = "network: { data: { given: \"", TAIL[] = "\" } }\n" REST;
    const size_t head = sizeof(HEAD) - 1, words = (size_t)PH_GIVEN_MAX + 1;
    char *text = malloc(head + words + sizeof(TAIL));
    ph_report_t report;
    ph_grid_t grid;
    ph_report_init(&report);
    ph_grid_init(&grid);
    memcpy(text, HEAD, head);
    memset(text + head, '+', words);
    memcpy(text + head + words, TAIL, sizeof(TAIL));
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", 0, NULL, &report), PH_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "there are more than 4194304 entries"));
    ph_report_free(&report);
    ph_grid_free(&grid);
    free(text);
}
END_TEST

/* Oddities are notes, once: zeros and ones, a label that is another's negative, neurons that no
 * example has; a neuron that archetypes alone lack is none. */
START_TEST(notes)
{
    static const int8_t odd[EXAMPLES][NEURONS] = {
        {0, 1, 1, 0}, {1, 0, 1, 0}, {1, 1, 0, 0}, {0, 1, 1, 0}, {1, 1, 1, 0}};
    static const int8_t turned[2][NEURONS] = {{1, 1, 0, 0}, {1, 1, 0, 0}};
    static const char *const FOUND[] = {"where 0 and 1 stand for -1 and +1, write -1",
                                        "1 of 2 patterns are an earlier one or its negative",
                                        "1 of 4 neurons are blank in all examples"};
    ph_grid_t grid;
    ph_report_t report;
    ph_report_init(&report);
    make(EXAMPLES, NULL, EXAMPLES);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    put(file, "odd", 2, EXAMPLES, NEURONS, H5T_NATIVE_INT8, odd);
    put(file, "turned", 2, 2, NEURONS, H5T_NATIVE_INT8, turned);
    H5Fclose(file);
    ck_assert_int_eq(load(&grid, ", examples: odd, archetypes: turned", "", &report), PH_OK);
    ck_assert_uint_eq(report.count, 3);
    for (size_t k = 0; k < 3; k++)
        ck_assert_msg(strstr(report.messages[k].text, FOUND[k]) != NULL, "%s",
                      report.messages[k].text);
    ph_report_free(&report);
    ph_grid_free(&grid);
    unlink(path);
}
END_TEST

/* Zeros and ones: of means all of them are +, and given archetypes may be as they should. */
START_TEST(bits)
{
    static const int8_t odd[EXAMPLES][NEURONS] = {
        {1, 1, 1, 1}, {1, 1, 0, 1}, {1, 1, 0, 0}, {0, 0, 1, 1}, {1, 1, 1, 0}};
    static const char *const DATA_OF[] = {", examples: odd, archetypes: a", ", examples: odd"};
    ph_grid_t grid;
    ph_report_t report;
    ph_report_init(&report);
    make(EXAMPLES, NULL, EXAMPLES);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    put(file, "odd", 2, EXAMPLES, NEURONS, H5T_NATIVE_INT8, odd);
    H5Fclose(file);
    ck_assert_int_eq(load(&grid, DATA_OF[_i], "", &report), PH_OK);
    ck_assert_str_eq(grid.points[0].given, _i == 0 ? "++-0 --++" : "++++ ++++");
    ck_assert_uint_ge(report.count, 1);
    ck_assert_msg(strstr(report.messages[0].text, "0 and 1 stand for -1 and +1") != NULL, "%s",
                  report.messages[0].text);
    ph_report_free(&report);
    ph_grid_free(&grid);
    unlink(path);
}
END_TEST

#define GRID(rule, words, more)                                                                    \
    "network: { rule: " rule ", patterns: { given: \"" ARCHETYPES "\" }, data: { given: \"" words  \
    "\"" more " } }\n" REST

/* However it is written it is one network; other examples, or drawn ones, are another, but where
 * nothing is learned: the disorder is of the archetypes alone. */
START_TEST(identities)
{
    static const char *const OTHERS[] = {
        GRID("supervised", "++-0   +--+ +++0 /  --++ --0+ ", ""),
        GRID("supervised", "+--+ ++-0 +++0/--++ --0+", ""),
        GRID("supervised", DATA, ", from: random"),
        GRID("unsupervised", DATA, ""),
    };
    ph_grid_t grid, other, stored, without;
    parse(&grid, GRID("supervised", DATA, ""));
    for (size_t k = 0; k < 4; k++) {
        parse(&other, OTHERS[k]);
        ck_assert(ph_digest_equal(grid.points[0].disorder, other.points[0].disorder));
        ck_assert(ph_digest_equal(grid.points[0].identity, other.points[0].identity) == (k == 0));
        ck_assert(k != 0 || strcmp(grid.text, other.text) == 0);
        ph_grid_free(&other);
    }
    parse(&stored, GRID("storage", DATA, ""));
    parse(&without, "network: { patterns: { given: \"" ARCHETYPES "\" } }\n" REST);
    ck_assert(!ph_point_has_data(&stored.points[0]));
    ck_assert(ph_digest_equal(stored.points[1].chain, without.points[1].chain));
    ph_grid_free(&without);
    ph_grid_free(&stored);
    ph_grid_free(&grid);
}
END_TEST

/* No theory has the state that one given example leads to. */
START_TEST(no_start)
{
    ph_grid_t grid;
    ph_report_t report;
    const char *start[] = {"dynamics.start=example"};
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, GRID("supervised", DATA, ""), "test", 1, start, &report),
                     PH_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "dynamics.start: example, but"));
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_PROGRAM("griddata")
{
    TCase *tcase = tcase_create("griddata");
    tcase_add_loop_test(tcase, whole, 0, 4);
    tcase_add_test(tcase, thresholds);
    tcase_add_test(tcase, most);
    tcase_add_test(tcase, notes);
    tcase_add_loop_test(tcase, bits, 0, 2);
    tcase_add_loop_test(tcase, bad, 0, sizeof(BAD) / sizeof(BAD[0]));
    tcase_add_loop_test(tcase, wrong, 0, sizeof(WRONG) / sizeof(WRONG[0]));
    tcase_add_test(tcase, identities);
    tcase_add_test(tcase, no_start);
    return test_run("griddata", tcase);
}
