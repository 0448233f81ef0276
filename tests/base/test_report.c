/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages, also where there is no memory for them. */
#include "base/report.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/testing.h"

enum { LONG = 4 << 20 }; /* an allocation that must ask the system */

static const char *printed(const ph_report_t *report, char *text, size_t size)
{
    FILE *out = fmemopen(text, size, "w");
    ck_assert_ptr_nonnull(out);
    ph_report_print(report, out);
    fclose(out);
    return text;
}

/* Errors count, notes do not; they are printed in the order they came in. */
START_TEST(errors_and_notes)
{
    char text[256] = "";
    ph_report_t report;
    ph_report_init(&report);
    ck_assert_int_eq(ph_fail(NULL, PH_ERR_IO, "to nobody"), PH_ERR_IO);
    ck_assert_uint_eq(ph_report_errors(NULL), 0);
    ck_assert_int_eq(ph_fail(&report, PH_ERR_DAMAGED, "%s: bad", "a.h5"), PH_ERR_DAMAGED);
    ph_note(&report, "b\n");
    ck_assert_uint_eq(report.count, 2);
    ck_assert_uint_eq(ph_report_errors(&report), 1);
    ck_assert_str_eq(printed(&report, text, sizeof(text)),
                     "polyhebb: error: a.h5: bad\npolyhebb: note: b\\n\n");
    ph_report_free(&report);
    ck_assert_uint_eq(ph_report_errors(&report), 0);
}
END_TEST

/* In a process that gets no more memory: 0, or the number of what is wrong. */
static int report_without_memory(void)
{
    const struct rlimit none = {0, 0};
    char text[2 * PH_REPORT_SPARE] = "";
    FILE *out = fmemopen(text, sizeof(text), "w");
    ph_report_t report;
    ph_report_init(&report);
    if (out == NULL || setrlimit(RLIMIT_AS, &none) != 0)
        return 1;
    if (ph_fail(&report, PH_ERR_IO, "run.h5\x1b: cannot write: %*s", (int)LONG, "") != PH_ERR_IO ||
        ph_fail(&report, PH_ERR_MEMORY, "a second one: %*s", (int)LONG, "") != PH_ERR_MEMORY)
        return 2;
    if (report.count != 0 || ph_report_errors(&report) != 1)
        return 3;
    ph_report_print(&report, out);
    fflush(out);
    if (strncmp(text, "polyhebb: error: run.h5\\x1b: cannot write: ", 42) != 0 ||
        strstr(text, "second") != NULL || text[strlen(text) - 1] != '\n')
        return 4;
    ph_report_free(&report);
    return ph_report_errors(&report) == 0 ? 0 : 5;
}

/* The first message that finds no memory is kept all the same: it names the file. */
START_TEST(no_memory_for_a_message)
{
    int how = 0;
    if (PH_TEST_SANITIZED || test_step(2) == 2) /* they bring memory of their own */
        return;
    const pid_t child = fork();
    if (child == 0)
        _exit(report_without_memory());
    ck_assert_int_eq(waitpid(child, &how, 0), child);
    ck_assert_msg(WIFEXITED(how) && WEXITSTATUS(how) == 0, "%x", (unsigned)how);
}
END_TEST

PH_TEST_MAIN("report", errors_and_notes, no_memory_for_a_message)
