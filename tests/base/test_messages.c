/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reports that grow, or are not there; lists of numbers; small stacks. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/machine.h"
#include "base/report.h"
#include "base/stack.h"
#include "tests/testing.h"

/* What a report prints, to be freed. */
static char *printed(const ph_report_t *report)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(out);
    ph_report_print(report, out);
    ck_assert_int_eq(fclose(out), 0);
    return text;
}

/* A report grows, and messages may be long. */
START_TEST(many_messages)
{
    char word[5001], number[16];
    ph_report_t report;
    ph_report_init(&report);
    memset(word, 'w', sizeof(word) - 1);
    word[sizeof(word) - 1] = '\0';
    for (int i = 0; i < 300; i++)
        ph_note(&report, "%d", i);
    ph_note(&report, "%s", word);
    for (int i = 0; i < 300; i++) {
        snprintf(number, sizeof(number), "%d", i);
        ck_assert_str_eq(report.messages[i].text, number);
    }
    ck_assert_str_eq(report.messages[300].text, word);
    ph_report_free(&report);
}
END_TEST

/* Without a report the status is all that is kept. */
START_TEST(no_report)
{
    ck_assert_int_eq(ph_fail(NULL, PH_ERR_MEMORY, "%d", 1), PH_ERR_MEMORY);
    ph_note(NULL, "%d", 1);
    ck_assert_uint_eq(ph_report_errors(NULL), 0);
    char *text = printed(NULL);
    ck_assert_str_eq(text, "");
    free(text);
}
END_TEST

enum { NUMBERS = 12 };

/* The set that a list "0, 3-7, 12" names. */
static unsigned read_numbers(const char *text)
{
    unsigned set = 0;
    while (*text != '\0') {
        char *end;
        const unsigned long first = strtoul(text, &end, 10);
        unsigned long last = first;
        ck_assert_ptr_ne(end, text);
        if (*end == '-')
            last = strtoul(end + 1, &end, 10);
        ck_assert_msg(last == first || last > first + 1, "%s", text); /* two are not a range */
        for (unsigned long i = first; i <= last; i++)
            set |= 1U << i;
        if (*end == ',')
            end += 2;
        text = end;
    }
    return set;
}

/* Every set of twelve numbers reads back from its list, shorter than which none is. */
START_TEST(every_set)
{
    char text[128];
    bool set[NUMBERS];
    for (unsigned bits = 0; bits < 1U << NUMBERS; bits += (unsigned)test_step(11)) {
        for (unsigned i = 0; i < NUMBERS; i++)
            set[i] = bits >> i & 1U;
        ph_report_numbers(set, NUMBERS, text, sizeof(text));
        ck_assert_uint_eq(read_numbers(text), bits);
        ck_assert_ptr_null(strstr(text, "..."));
    }
    memset(set, true, sizeof(set));
    ph_report_numbers(set, NUMBERS, text, sizeof(text));
    ck_assert_str_eq(text, "0-11");
    set[1] = set[3] = set[4] = false;
    ph_report_numbers(set, NUMBERS, text, sizeof(text));
    ck_assert_str_eq(text, "0, 2, 5-11");
}
END_TEST

/* Where a list does not fit it is cut behind a number, with dots; never beyond its room. */
START_TEST(cut_lists)
{
    bool set[100];
    char whole[512], text[512];
    for (size_t i = 0; i < 100; i++)
        set[i] = i % 3 == 0;
    ph_report_numbers(set, 100, whole, sizeof(whole));
    const size_t length = strlen(whole);
    for (size_t size = 6; size < sizeof(text); size++) {
        memset(text, '#', sizeof(text));
        ph_report_numbers(set, 100, text, size);
        ck_assert_uint_lt(strlen(text), size);
        for (size_t i = size; i < sizeof(text); i++)
            ck_assert_int_eq(text[i], '#');
        if (size > length + 5)
            ck_assert_str_eq(text, whole);
        if (strcmp(text, whole) == 0)
            continue;
        const size_t kept = strlen(text) - strlen("...");
        ck_assert_str_eq(text + kept, "...");
        ck_assert_int_eq(strncmp(text, whole, kept), 0);
        ck_assert(kept == 0 || strncmp(text + kept - 2, ", ", 2) == 0);
    }
}
END_TEST

static void *check_stack(void *report)
{
    return ph_machine_check_stack(report) == PH_OK ? report : NULL;
}

/* A thread with a small stack is told so, one with a large one is not. */
START_TEST(stacks)
{
    static const size_t SIZES[2] = {256 << 10, 8 << 20};
    for (int k = 0; k < 2; k++) {
        ph_report_t report;
        pthread_attr_t attributes;
        pthread_t thread;
        void *good;
        ph_report_init(&report);
        ck_assert_int_eq(pthread_attr_init(&attributes), 0);
        ck_assert_int_eq(pthread_attr_setstacksize(&attributes, SIZES[k]), 0);
        ck_assert_int_eq(pthread_create(&thread, &attributes, check_stack, &report), 0);
        ck_assert_int_eq(pthread_join(thread, &good), 0);
        ck_assert(k == 0 ? good == NULL : good != NULL);
        ck_assert_uint_eq(ph_report_errors(&report), k == 0);
        if (k == 0) {
            ck_assert_int_eq(report.messages[0].status, PH_ERR_LIMIT);
            ck_assert_ptr_nonnull(strstr(report.messages[0].text, "512 kB are needed"));
        }
        pthread_attr_destroy(&attributes);
        ph_report_free(&report);
    }
}
END_TEST

PH_TEST_MAIN("messages", many_messages, no_report, every_set, cut_lists, stacks)
