/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of HDF5 where the system fails: reads, closes, memory. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/store/runfile.h"
#include "tests/sim/store/sample.h"
#include "tests/testing.h"

static const char GRID[] = "network: { neurons: 60, patterns: 3, dilution: 0.25 }\n"
                           "noise: [0.1, 0.2]\n"
                           "dynamics: { sweeps: 20, burn_in: 4 }\n"
                           "ensemble: { samples: 2, replicas: 3 }\n";

static char path[64];
static ph_grid_t grid;
static ph_report_t report;
static int reads_left, closes_left, inflates_left; /* until one fails; 0: none does */
static bool inflate_never;
static int inflates;

static bool is_ours(int descriptor)
{
    struct stat open_file, named;
    return path[0] != '\0' && fstat(descriptor, &open_file) == 0 && S_ISREG(open_file.st_mode) &&
           (stat(path, &named) != 0 || open_file.st_ino == named.st_ino);
}

/* Stand in for the C library's, for HDF5 too. */
ssize_t pread(int descriptor, void *bytes, size_t size, off_t offset)
{
    static ssize_t (*real)(int, void *, size_t, off_t);
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "pread64");
    if (reads_left > 0 && is_ours(descriptor) && --reads_left == 0) {
        errno = EIO;
        return -1;
    }
    return real(descriptor, bytes, size, offset);
}

int close(int descriptor)
{
    static int (*real)(int);
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "close");
    const bool fails = closes_left > 0 && is_ours(descriptor) && --closes_left == 0;
    const int result = real(descriptor);
    if (fails)
        errno = EIO;
    return fails ? -1 : result;
}

/* HDF5 asks zlib; -4 says that it has no memory. */
int inflate(void *stream, int flush);
int inflate(void *stream, int flush)
{
    static int (*real)(void *, int);
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "inflate");
    inflates++;
    return inflate_never || (inflates_left > 0 && --inflates_left == 0) ? -4 : real(stream, flush);
}

static void begin(void)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-failing-XXXXXX");
    const int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    unlink(path);
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, GRID, "test", 0, NULL, &report), PH_OK);
    ck_assert_int_eq(sample_run(&grid, path, &report), PH_OK);
}

static void end(void)
{
    unlink(path);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

static int read_all(ph_report_t *into)
{
    ph_runfile_t run;
    int status = ph_runfile_open(&run, path, into);
    if (status == PH_OK)
        status = ph_runfile_verify(&run, into);
    ph_runfile_close(&run);
    return status;
}

/* Whichever read fails, it is an input error with the system's reason, and no damage. */
START_TEST(failed_reads)
{
    begin();
    int n = 1;
    for (;; n += test_step(20)) {
        reads_left = n;
        const int status = read_all(&report);
        if (reads_left > 0)
            break;
        ck_assert_msg(status == PH_ERR_IO, "read %d: status %d", n, status);
        ck_assert_uint_eq(report.count, 1);
        ck_assert_ptr_nonnull(strstr(report.messages[0].text, path));
        ck_assert_ptr_nonnull(strstr(report.messages[0].text, strerror(EIO)));
        ph_report_free(&report);
    }
    ck_assert_int_gt(n, 20);
    reads_left = 0;
    ck_assert_int_eq(read_all(&report), PH_OK);
    end();
}
END_TEST

/* Whichever close fails, HDF5 neither crashes then nor when the program ends, and a file that is
 * said to be written is there. */
START_TEST(failed_closes)
{
    begin();
    for (int n = 1; n < 8; n++) {
        const pid_t child = fork();
        if (child == 0) {
            closes_left = n;
            if (read_all(NULL) != PH_OK)
                _exit(1);
            unlink(path);
            const int status = sample_run(&grid, path, NULL);
            closes_left = 0;
            exit(status == PH_OK && read_all(NULL) != PH_OK);
        }
        int how = 0;
        ck_assert_int_eq(waitpid(child, &how, 0), child);
        ck_assert_msg(WIFEXITED(how) && WEXITSTATUS(how) == 0, "close %d: %x", n, (unsigned)how);
    }
    end();
}
END_TEST

static uint64_t address_space(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fscanf(file, "%lu", &pages), 1);
    fclose(file);
    return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Memory that runs out at any point is no damage. */
START_TEST(no_memory)
{
    int without = 0;
    begin();
    for (uint64_t more = 0; more < 192 && !PH_TEST_SANITIZED;
         more += 4 * (uint64_t)test_step(100)) {
        const pid_t child = fork();
        if (child == 0) {
            const rlim_t most = address_space() + more * 65536;
            const struct rlimit limit = {most, most};
            _exit(setrlimit(RLIMIT_AS, &limit) == 0 ? read_all(NULL) : 99);
        }
        int how = 0;
        ck_assert_int_eq(waitpid(child, &how, 0), child);
        ck_assert(WIFEXITED(how));
        const int status = WEXITSTATUS(how);
        ck_assert_msg(status == PH_OK || status == PH_ERR_MEMORY, "%d KiB more: status %d",
                      (int)more * 64, status);
        without += status == PH_ERR_MEMORY;
    }
    ck_assert(without > 0 || PH_TEST_SANITIZED || test_step(2) == 2);
    end();
}
END_TEST

/* zlib without memory is not taken for damage, though HDF5 says the same of both; what it cannot
 * unpack the second time either, is. */
START_TEST(zlib_without_memory)
{
    begin();
    ck_assert_int_eq(read_all(&report), PH_OK);
    const int calls = inflates;
    ck_assert_int_gt(calls, 0);
    for (int n = 1; n <= calls; n += test_step(4)) {
        inflates_left = n;
        ck_assert_int_eq(read_all(&report), PH_OK);
        ck_assert_int_eq(inflates_left, 0);
    }
    ck_assert_uint_eq(report.count, 0);
    inflate_never = true;
    ck_assert_int_eq(read_all(&report), PH_ERR_DAMAGED);
    inflate_never = false;
    end();
}
END_TEST

PH_TEST_MAIN("failing", failed_reads, failed_closes, no_memory, zlib_without_memory)
