/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_BADGRID_H
#define PH_TESTS_BADGRID_H

#include "params/grid.h"
#include "tests/testing.h"

#define NETWORK "network: { neurons: 100, patterns: 3 }\n"
#define NOISE "noise: 0.1\n"
#define DYNAMICS "dynamics: { sweeps: 10 }\n"

/* A wrong grid file and a --set (NULL: none), with all the messages they must give. */
typedef struct {
    const char *text, *set, *messages;
} ph_bad_t;

static inline void ph_bad_join(const ph_report_t *report, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < report->count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? "\n" : "",
                                 report->messages[i].text);
}

/* It is refused with its place, what is wrong, and what was expected; all at once. */
static inline void ph_bad_check(const ph_bad_t *bad)
{
    char text[4096];
    ph_grid_t grid;
    ph_report_t report;
    ph_grid_init(&grid);
    ph_report_init(&report);
    const int status =
        ph_grid_parse(&grid, bad->text, "g.yaml", bad->set != NULL, &bad->set, &report);
    ph_bad_join(&report, text, sizeof(text));
    ck_assert_msg(status == PH_ERR_INPUT, "accepted: %s", bad->text);
    ck_assert_str_eq(text, bad->messages);
    ck_assert_uint_eq(report.count, ph_report_errors(&report));
    ck_assert_ptr_null(grid.points);
    ck_assert_ptr_null(grid.text);
    ph_report_free(&report);
    ph_grid_free(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, bad->text, "g.yaml", bad->set != NULL, &bad->set, NULL),
                     PH_ERR_INPUT);
}

#endif
