/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_STARVE_H
#define PH_TESTS_STARVE_H

#include <check.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/status.h"
#include "tests/testing.h"

/*
 * Allocations of the project's own code that fail, one at a time: for a test program by itself
 * (tests/meson.build, `starved`), which is linked with --wrap=malloc, calloc and realloc. One
 * thread only.
 */

static long starve_at = -1, starve_seen; /* which fails, -1: none; how many there were */
static bool starve_ever;                 /* all that follow, too */

/** From now on allocation `at` (from 0) fails, and those after it if `ever`. */
static inline void starve(long at, bool ever)
{
    starve_at = at;
    starve_ever = ever;
    starve_seen = 0;
}

/** None fails any more; returns whether one has. */
static inline bool starve_end(void)
{
    const bool reached = starve_at >= 0 && starve_seen > starve_at;
    starve_at = -1;
    return reached;
}

static bool starve_now(void)
{
    const long number = starve_seen++;
    const bool fails =
        starve_at >= 0 && (number == starve_at || (starve_ever && number > starve_at));
    if (fails)
        errno = ENOMEM;
    return fails;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size)
{
    return starve_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return starve_now() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return starve_now() ? NULL : __real_realloc(old, size);
}

/** Work that allocates. */
typedef struct {
    const char *name;
    int (*act)(void);    /* a status */
    bool (*right)(void); /* whether what came out is right; NULL: it is */
    void (*drop)(void);  /* frees it, after failure too */
    long every;          /* the first so many allocations fail one by one, later ones ever fewer */
} starve_work_t;

/**
 * Each allocation of the work fails once, by itself and with all that follow:
 * that is PH_ERR_MEMORY, or what comes out is right without it. Returns how many allocations it
 * makes.
 */
static inline long starve_each(const starve_work_t *work)
{
    const long every = getenv("PH_UNDER_VALGRIND") != NULL ? 1
                       : PH_TEST_SANITIZED                 ? 1 + work->every / 3
                                                           : work->every;
    long seen = 0;
    for (int ever = 0; ever < 2; ever++) {
        const char *const which = ever ? " and those after it" : "";
        bool reached = true;
        for (long at = 0; reached; at += 1 + at / every) {
            starve(at, ever != 0);
            const int status = work->act();
            reached = starve_end();
            ck_assert_msg(status == PH_ERR_MEMORY || status == PH_OK,
                          "%s: status %d without allocation %ld%s", work->name, status, at, which);
            ck_assert_msg(reached || status == PH_OK, "%s: status %d", work->name, status);
            if (status == PH_OK && work->right != NULL)
                ck_assert_msg(work->right(), "%s: wrong without allocation %ld%s", work->name, at,
                              which);
            seen = starve_seen;
            work->drop();
        }
    }
    return seen;
}

#endif
