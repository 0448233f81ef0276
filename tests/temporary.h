/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_TEMPORARY_H
#define PH_TESTS_TEMPORARY_H

#include <stdlib.h>
#include <unistd.h>

#include "tests/testing.h"

/** Makes a file of these bytes under a name of its own; `path` ends in XXXXXX, which it fills in.
 */
static inline void temporary_file(char *path, const void *bytes, size_t length)
{
    const int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, bytes, length), (ssize_t)length);
    close(file);
}

#endif
