/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables from files of text: what one may look like, and what is said of one that is none. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/formats.h"
#include "tests/temporary.h"

static char path[64];

static void put(const char *content, size_t length)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-table-XXXXXX");
    temporary_file(path, content, length);
}

static int load(ph_table_t *table, ph_lists_t lists, size_t most, ph_report_t *report)
{
    const ph_table_source_t source = {.path = path, .lists = lists, .most = most};
    return ph_table_load(table, &source, report);
}

/* The lists as one text: a letter an entry, a blank between lists. */
static void spell(const ph_table_t *table, char *text)
{
    for (size_t k = 0; k < table->lists; k++) {
        for (size_t i = 0; i < table->length; i++)
            *text++ = "-0+"[1 + table->entries[k * table->step_list + i * table->step_entry]];
        *text++ = k + 1 < table->lists ? ' ' : '\0';
    }
}

static const struct {
    const char *content;
    ph_lists_t lists;
    const char *expected;
} FORMS[] = {
    {"1 -1 0\n0 1 -1\n", PH_LISTS_AS_USUAL, "+0 -+ 0-"},
    {"1 -1 0\n0 1 -1\n", PH_LISTS_IN_COLUMNS, "+0 -+ 0-"},
    {"1 -1 0\n0 1 -1\n", PH_LISTS_IN_ROWS, "+-0 0+-"},
    {"\"a\",\"b\"\r\n1,-1\r\n0,1", PH_LISTS_AS_USUAL, "+0 -+"},
    {"\xef\xbb\xbf# names\n\n x y\n\t+1 , -1.0\r 0 1e0 \n", PH_LISTS_AS_USUAL, "+0 -+"},
    {"1", PH_LISTS_AS_USUAL, "+"}, /* fewer bytes than tell a format */
    {"-1", PH_LISTS_IN_ROWS, "-"},
    {"+1 100e-2 -.1e1 0e9", PH_LISTS_IN_ROWS, "++-0"},
};

START_TEST(forms)
{
    char text[32];
    ph_table_t table;
    put(FORMS[_i].content, strlen(FORMS[_i].content));
    ck_assert_int_eq(load(&table, FORMS[_i].lists, 100, NULL), PH_OK);
    spell(&table, text);
    ck_assert_str_eq(text, FORMS[_i].expected);
    ph_table_free(&table);
    ck_assert_ptr_null(table.entries);
    unlink(path);
}
END_TEST

static const struct {
    const char *content;
    size_t length;
    ph_lists_t lists;
    const char *message;
} BAD[] = {
    {"", 0, PH_LISTS_AS_USUAL, ":1:1: no row of entries, expected rows of -1, 0 and +1"},
    {"1 2\n", 4, PH_LISTS_AS_USUAL, ":1:3: \"2\", expected -1, 0 or +1"},
    {"1 0\n1 x\n", 8, PH_LISTS_AS_USUAL, ":2:3: \"x\", expected"},
    {"1 ++1\n", 6, PH_LISTS_AS_USUAL, ":1:3: \"++1\", expected"},
    {"a b\n1 0\n", 8, PH_LISTS_IN_ROWS, ":1:1: \"a\", expected"},
    {"1 0\n1\n", 6, PH_LISTS_IN_ROWS, ":2:1: 1 values in this row, expected 2 as in the row"},
    {"1 0\n\0 1\n", 8, PH_LISTS_AS_USUAL, ":2:1: \"?\", expected"},
    {"1,,0\n", 5, PH_LISTS_AS_USUAL, ":1:3: a comma without a value"},
    {"1 1\n1 1\n1 1\n", 12, PH_LISTS_AS_USUAL, ":3:1: more than 5 entries, expected at most"},
};

/* One message, with the place; what was read so far is freed. */
START_TEST(bad)
{
    char wanted[160];
    ph_table_t table;
    ph_report_t report;
    ph_report_init(&report);
    put(BAD[_i].content, BAD[_i].length);
    ck_assert_int_eq(load(&table, BAD[_i].lists, 5, &report), PH_ERR_INPUT);
    ph_table_free(&table);
    ck_assert_uint_eq(report.count, 1);
    snprintf(wanted, sizeof(wanted), "%s%s", path, BAD[_i].message);
    ck_assert_msg(strncmp(report.messages[0].text, wanted, strlen(wanted)) == 0, "%s",
                  report.messages[0].text);
    ck_assert_int_eq(load(&table, BAD[_i].lists, 5, NULL), PH_ERR_INPUT);
    ph_table_free(&table);
    ph_report_free(&report);
    unlink(path);
}
END_TEST

static const struct {
    const char *content, *examples, *labels, *message; /* expected, or what is said */
} LABELLED[] = {
    {"3 1 -1 0\n+1 0 0 1\n", "+-0 00+", "3 1", NULL},
    {"label,a,b\r\n2,1,-1\r\n2e0,0,1\r\n", "+- 0+", "2 2", NULL},
    {"-4 1\n9223372036854775807 0\n", "+ 0", "-4 9223372036854775807", NULL},
    {"2\n1\n", NULL, NULL, ":1:1: a label without an example, expected -1, 0 and +1 behind it"},
    {"1 1\n1.5 1\n", NULL, NULL, ":2:1: \"1.5\", expected a label, a whole number"},
    {"1 1\n9223372036854775808 1\n", NULL, NULL, ":2:1: \"9223372036854775808\", expected a"},
    {"1 1\n1 2\n", NULL, NULL, ":2:3: \"2\", expected -1, 0 or +1"},
    {"1 1 1\n1 1\n", NULL, NULL, ":2:1: 2 values in this row, expected 3 as in the row before"},
    {"a b\n", NULL, NULL, ":1:1: no row of entries"},
    {"1 1\nb 1\n", NULL, NULL, ":2:1: \"b\", expected a label"},
};

/* Rows behind their labels; nothing stays of what is none. */
START_TEST(labelled)
{
    char text[64], list[64] = "";
    ph_table_t table;
    ph_numbers_t labels;
    ph_report_t report;
    ph_report_init(&report);
    put(LABELLED[_i].content, strlen(LABELLED[_i].content));
    const int status = ph_table_load_labelled(&table, &labels, path, NULL, NULL, 100, &report);
    ck_assert_int_eq(status, LABELLED[_i].message == NULL ? PH_OK : PH_ERR_INPUT);
    if (status == PH_OK) {
        spell(&table, text);
        ck_assert_str_eq(text, LABELLED[_i].examples);
        for (size_t k = 0; k < labels.count; k++)
            snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%lld", k > 0 ? " " : "",
                     (long long)labels.values[k]);
        ck_assert_str_eq(list, LABELLED[_i].labels);
    } else {
        ck_assert_msg(strstr(report.messages[0].text, LABELLED[_i].message) != NULL, "%s",
                      report.messages[0].text);
    }
    ph_table_free(&table);
    ph_numbers_free(&labels);
    ck_assert_int_eq(ph_table_load_labelled(&table, &labels, path, "x", NULL, 100, NULL),
                     PH_ERR_INPUT);
    ck_assert_int_eq(ph_table_load_labelled(&table, &labels, path, NULL, "y", 100, NULL),
                     PH_ERR_INPUT);
    ph_report_free(&report);
    unlink(path);
}
END_TEST

/* Of more rows than there is room for at first, labels and entries keep together. */
START_TEST(many_labels)
{
    enum { MANY = 300 };
    static char text[MANY * 16];
    size_t used = 0;
    ph_table_t table;
    ph_numbers_t labels;
    for (int k = 0; k < MANY; k++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%d %d\n", k, k % 3 - 1);
    put(text, used);
    ck_assert_int_eq(ph_table_load_labelled(&table, &labels, path, NULL, NULL, MANY, NULL), PH_OK);
    ck_assert_uint_eq(labels.count, MANY);
    ck_assert(table.lists == MANY && table.length == 1);
    for (int k = 0; k < MANY; k++)
        ck_assert(labels.values[k] == k && table.entries[k] == k % 3 - 1);
    ph_table_free(&table);
    ph_numbers_free(&labels);
    unlink(path);
}
END_TEST

/* Neither what is no regular file nor one of more than 64 MiB, whose size is asked first. */
START_TEST(no_file)
{
    ph_table_t table;
    snprintf(path, sizeof(path), "/tmp/polyhebb-none-%d", (int)getpid());
    ck_assert_int_eq(load(&table, PH_LISTS_AS_USUAL, 5, NULL), PH_ERR_IO);
    ph_table_free(&table);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert_int_eq(load(&table, PH_LISTS_AS_USUAL, 5, NULL), PH_ERR_FORMAT);
    ph_table_free(&table);
    unlink(path);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert_int_eq(load(&table, PH_LISTS_AS_USUAL, 5, NULL), PH_ERR_FORMAT);
    ph_table_free(&table);
    rmdir(path);
    put("1 1\n", 4);
    ck_assert_int_eq(truncate(path, ((off_t)64 << 20) + 1), 0);
    ck_assert_int_eq(load(&table, PH_LISTS_AS_USUAL, 5, NULL), PH_ERR_FORMAT);
    ck_assert_ptr_null(table.entries);
    ph_table_free(&table);
    unlink(path);
}
END_TEST

PH_TEST_PROGRAM("table")
{
    TCase *tcase = tcase_create("table");
    tcase_add_loop_test(tcase, forms, 0, sizeof(FORMS) / sizeof(FORMS[0]));
    tcase_add_loop_test(tcase, bad, 0, sizeof(BAD) / sizeof(BAD[0]));
    tcase_add_loop_test(tcase, labelled, 0, sizeof(LABELLED) / sizeof(LABELLED[0]));
    tcase_add_test(tcase, many_labels);
    tcase_add_test(tcase, no_file);
    return test_run("table", tcase);
}
