/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a grid of many small points calls, of the system and of HDF5, does not grow with the points,
 * but for the journal's records: a call costs as much as a small chain's sweeps. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>

#include "tests/sim/run/smallrun.h"

enum { FEW = 8, MANY = 40, MARGIN = 60 };

enum { WRITES, READS, OPENS, LOOKS, COUNTED };

static const char *const NAMES[] = {"H5Dwrite", "H5Dread", "open", "stat"};
static size_t calls[COUNTED];

/* These count, and call what they stand for. */
herr_t H5Dwrite(hid_t set, hid_t type, hid_t memory, hid_t file, hid_t list, const void *data)
{
    static herr_t (*real)(hid_t, hid_t, hid_t, hid_t, hid_t, const void *);
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "H5Dwrite");
    calls[WRITES]++;
    return real(set, type, memory, file, list, data);
}

herr_t H5Dread(hid_t set, hid_t type, hid_t memory, hid_t file, hid_t list, void *data)
{
    static herr_t (*real)(hid_t, hid_t, hid_t, hid_t, hid_t, void *);
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "H5Dread");
    calls[READS]++;
    return real(set, type, memory, file, list, data);
}

int open(const char *path, int flags, ...)
{
    static int (*real)(const char *, int, ...);
    va_list more;
    va_start(more, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
    va_end(more);
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "open");
    calls[OPENS]++;
    return real(path, flags, mode);
}

int stat(const char *restrict path, struct stat *restrict facts)
{
    static int (*real)(const char *, struct stat *);
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "stat");
    calls[LOOKS]++;
    return real(path, facts);
}

static char folder[32], path[64];

static void setup(void)
{
    snprintf(folder, sizeof(folder), "/tmp/polyhebb-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/run.h5", folder);
}

static void teardown(void)
{
    char name[80];
    snprintf(name, sizeof(name), "%s.status", path);
    unlink(path);
    unlink(name);
    ck_assert_int_eq(rmdir(folder), 0);
}

/* side^2 points of a chain each, with trajectories or without, and with recorded states. */
static void count(size_t *counts, int side, int sweeps, const char *record)
{
    char text[512];
    ph_grid_t grid;
    snprintf(text, sizeof(text),
             "network: { neurons: 20, patterns: 1, dilution: { from: 0.1, to: 0.9, steps: %d } }\n"
             "noise: { from: 0.1, to: 2, steps: %d }\n"
             "dynamics: { sweeps: %d, burn_in: 1 }\n"
             "ensemble: { samples: 1, replicas: 1 }\n"
             "record: { %s }\n",
             side, side, sweeps, record);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", 0, NULL, NULL), PH_OK);
    memset(calls, 0, sizeof(calls));
    ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
    memcpy(counts, calls, sizeof(calls));
    ph_grid_free(&grid);
}

static const char *const RECORDS[] = {"trajectory: true", "trajectory: false",
                                      "states: { every: 1 }"};

/* A run of 64 points and one of 1600, then the same chains once more and further on. */
START_TEST(calls_of_points)
{
    size_t counts[2][2][COUNTED];
    for (int many = 0; many <= 1; many++) {
        for (int more = 0; more <= 1; more++)
            count(counts[many][more], many ? MANY : FEW, 2 + more, RECORDS[_i]);
        unlink(path);
    }
    ck_assert_uint_gt(counts[0][0][WRITES], 5);
    ck_assert_uint_gt(counts[0][0][OPENS], 2);
    ck_assert_uint_gt(counts[0][0][LOOKS], 0);
    ck_assert_uint_gt(counts[0][1][READS], 5);
    for (int more = 0; more <= 1; more++)
        for (int k = 0; k < COUNTED; k++)
            ck_assert_msg(counts[1][more][k] <= counts[0][more][k] + MARGIN, "%s: %zu, %zu",
                          NAMES[k], counts[0][more][k], counts[1][more][k]);
}
END_TEST

PH_TEST_PROGRAM("calls")
{
    TCase *tcase = tcase_create("calls");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, calls_of_points, 0, 3);
    return test_run("calls", tcase);
}
