/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_PARSE_H
#define PH_TESTS_PARSE_H

#include "params/grid.h"
#include "tests/testing.h"

/** A grid from a text that is right: no errors, no notes. */
static inline void parse(ph_grid_t *grid, const char *text)
{
    ph_report_t report;
    ph_report_init(&report);
    ph_grid_init(grid);
    const int status = ph_grid_parse(grid, text, "test", 0, NULL, &report);
    ph_report_print(&report, stderr);
    ck_assert_int_eq(status, PH_OK);
    ck_assert_uint_eq(report.count, 0);
    ph_report_free(&report);
}

/** The same with one --set. */
static inline void parse_with(ph_grid_t *grid, const char *text, const char *override)
{
    ph_grid_init(grid);
    ck_assert_int_eq(ph_grid_parse(grid, text, "test", 1, &override, NULL), PH_OK);
}

#endif
