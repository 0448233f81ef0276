/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/status.h"

#include <limits.h>
#include <string.h>

#include "tests/testing.h"

/* As the man page has them. */
static const struct {
    int status, exit_code;
} CODES[] = {
    {PH_OK, 0},           {PH_ERR_INPUT, 2},     {PH_ERR_MEMORY, 1},       {PH_ERR_IO, 1},
    {PH_ERR_FORMAT, 1},   {PH_ERR_DAMAGED, 4},   {PH_ERR_MISMATCH, 1},     {PH_ERR_BUSY, 1},
    {PH_ERR_LIMIT, 1},    {PH_ERR_NUMERIC, 1},   {PH_ERR_INTERRUPTED, 75}, {PH_ERR_UNSUPPORTED, 1},
    {PH_ERR_EXTERNAL, 1}, {PH_ERR_UNREACHED, 5},
};
enum { CODES_COUNT = sizeof(CODES) / sizeof(CODES[0]) };

/* Every code has its exit code and a sentence of its own. */
START_TEST(codes)
{
    ck_assert_int_eq(CODES_COUNT, PH_STATUS_COUNT);
    for (int i = 0; i < CODES_COUNT; i++) {
        ck_assert_int_eq(CODES[i].status, i);
        ck_assert_int_eq(ph_status_exit_code(i), CODES[i].exit_code);
        ck_assert_str_ne(ph_status_text(i), "");
        ck_assert_str_ne(ph_status_text(i), "unknown status");
        for (int j = 0; j < i; j++)
            ck_assert_str_ne(ph_status_text(i), ph_status_text(j));
    }
}
END_TEST

/* A number that is no code is a failure with a name, whichever side it is off. */
START_TEST(unknown_codes)
{
    static const int OTHERS[] = {INT_MIN, -1, PH_STATUS_COUNT, PH_STATUS_COUNT + 1, INT_MAX};
    for (size_t i = 0; i < sizeof(OTHERS) / sizeof(OTHERS[0]); i++) {
        ck_assert_str_eq(ph_status_text(OTHERS[i]), "unknown status");
        ck_assert_int_eq(ph_status_exit_code(OTHERS[i]), 1);
    }
}
END_TEST

PH_TEST_MAIN("status", codes, unknown_codes)
