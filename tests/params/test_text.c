/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Growing texts, UTF-8 prefixes, and what a reader says of a node. */
#include <stdio.h>
#include <string.h>

#include "params/entries_private.h"
#include "params/text_private.h"
#include "tests/testing.h"

/* A text grows by pieces of any length into what they are in a row; one piece longer than what is
 * there already included. */
START_TEST(text_grows)
{
    ph_text_t text = {.text = NULL};
    char right[8000] = "", piece[600];
    size_t length = 0;
    for (int i = 0; i < 40; i++) {
        const int size = (i * i * 7) % 599;
        memset(piece, 'a' + i % 26, sizeof(piece));
        ph_text_add(&text, "%.*s", size, piece);
        if (length + (size_t)size >= sizeof(right))
            break;
        memcpy(right + length, piece, (size_t)size);
        length += (size_t)size;
        right[length] = '\0';
        ck_assert_uint_eq(text.length, length);
        ck_assert_uint_gt(text.capacity, text.length);
        ck_assert_str_eq(text.text, right);
    }
    ck_assert_uint_gt(length, 6000);
    ck_assert(!text.failed);
    const size_t before = text.length;
    text.failed = true; /* nothing is added behind a gap */
    ph_text_add(&text, "more");
    ck_assert_uint_eq(text.length, before);
    free(text.text);
}
END_TEST

/* Nothing is lost where a piece fills the room that is left to the last byte. */
START_TEST(text_fills_its_room)
{
    char piece[1300];
    memset(piece, 'a', sizeof(piece));
    for (int size = 440; size < 1300; size++) {
        ph_text_t text = {.text = NULL};
        ph_text_add(&text, "%.*s", size, piece);
        ph_text_add(&text, "b");
        ck_assert_uint_eq(text.length, (size_t)size + 1);
        ck_assert_uint_eq(strlen(text.text), (size_t)size + 1);
        ck_assert_int_eq(text.text[size], 'b');
        free(text.text);
    }
}
END_TEST

static const struct {
    const char *text;
    size_t length, prefix;
} UTF8[] = {
    {"", 0, 0},
    {"plain", 5, 5},
    {"plain", 3, 3},
    {"a\0b", 3, 1},
    {"\xc3\xa9", 2, 2},
    {"\xc3\xa9", 1, 0},      /* a character cut by the length */
    {"a\xe2\x82\xac", 3, 1}, /* likewise, of three bytes */
    {"\xf0\x9f\x98\x80z", 5, 5},
    {"ab\xff", 3, 2},             /* no byte of UTF-8 */
    {"ab\xc0\x80", 4, 2},         /* NUL in two bytes */
    {"ab\xed\xa0\x80", 5, 2},     /* half of a pair of UTF-16 */
    {"ab\xf4\x90\x80\x80", 6, 2}, /* above the last character */
    {"ab\xe2\x28\xa1", 5, 2},
};

START_TEST(utf8_prefixes)
{
    ck_assert_uint_eq(ph_utf8_prefix(UTF8[_i].text, UTF8[_i].length), UTF8[_i].prefix);
}
END_TEST

/* Errors stand with their place; the first sets the status; a hundred are shown and all counted. */
START_TEST(reader_fails)
{
    ph_report_t report;
    ph_report_init(&report);
    ph_reader_t reader = {.report = &report, .name = "g.yaml"};
    const ph_node_t place = {.source = "g.yaml", .line = 3, .column = 9};
    const ph_node_t set = {.source = "--set a=1"};
    ph_reader_fail(&reader, &place, "wrong %d", 7);
    ph_reader_fail(&reader, &set, "wrong");
    ph_reader_fail(&reader, NULL, "wrong");
    ck_assert_str_eq(report.messages[0].text, "g.yaml:3:9: wrong 7");
    ck_assert_str_eq(report.messages[1].text, "--set a=1: wrong");
    ck_assert_str_eq(report.messages[2].text, "g.yaml:1:1: wrong");
    ck_assert_int_eq(reader.status, PH_ERR_INPUT);
    for (int i = 0; i < 200; i++)
        ph_reader_fail(&reader, &place, "%d", i);
    ck_assert_uint_eq(reader.errors, 203);
    ck_assert_uint_eq(report.count, PH_ERRORS_SHOWN);
    ph_reader_fail_memory(&reader);
    ck_assert_int_eq(reader.status, PH_ERR_MEMORY);
    ck_assert_uint_eq(report.count, PH_ERRORS_SHOWN + 1);
    ck_assert_int_eq(report.messages[PH_ERRORS_SHOWN].status, PH_ERR_MEMORY);
    ph_report_free(&report);
    reader.report = NULL; /* errors count without a report too */
    ph_reader_fail(&reader, &place, "wrong");
    ck_assert_uint_eq(reader.errors, 205);
}
END_TEST

/* A key is taken once; the second time it is an error that names the first, and its value is not
 * used. */
START_TEST(entries_take_once)
{
    static ph_entries_t entries;
    ph_report_t report;
    ph_report_init(&report);
    ph_reader_t reader = {.report = &report, .name = "g"};
    char word[] = "noise";
    const ph_node_t first = {.text = word, .length = 5, .source = "g", .line = 2, .column = 1};
    const ph_node_t second = {.text = word, .length = 5, .source = "g", .line = 5, .column = 3};
    const ph_node_t value = {.source = "g", .line = 2, .column = 8};
    ph_entry_t *noise = &entries.of[PH_KEY_NOISE];
    ph_entries_take(&entries, PH_KEY_NOISE, &first, &value, &reader);
    ck_assert(!noise->bad && noise->key == &first && noise->node == &value);
    ck_assert_uint_eq(reader.errors, 0);
    ph_entries_take(&entries, PH_KEY_NOISE, &second, &second, &reader);
    ck_assert(noise->bad && noise->key == &first && noise->node == &value);
    ck_assert_str_eq(report.messages[0].text,
                     "g:5:3: key \"noise\" is repeated (first at line 2), expected it once");
    ck_assert(ph_entry_make_room(&reader, noise, 5));
    ck_assert_uint_eq(noise->count, 5);
    for (size_t i = 0; i < 5; i++)
        ck_assert(noise->values[i] == 0.0 && noise->places[i] == i);
    ph_entries_free(&entries);
    ck_assert(noise->values == NULL && noise->places == NULL && noise->key == NULL);
    ph_entries_free(&entries); /* twice is once */
    ph_report_free(&report);
}
END_TEST

PH_TEST_PROGRAM("text")
{
    TCase *tcase = tcase_create("text");
    tcase_add_test(tcase, text_grows);
    tcase_add_test(tcase, text_fills_its_room);
    tcase_add_loop_test(tcase, utf8_prefixes, 0, sizeof(UTF8) / sizeof(UTF8[0]));
    tcase_add_test(tcase, reader_fails);
    tcase_add_test(tcase, entries_take_once);
    return test_run("text", tcase);
}
