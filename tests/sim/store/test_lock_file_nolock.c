/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/lock_file.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/machine.h"
#include "tests/testing.h"

/* Stands in for the C library's: a file system without locks. */
int flock(int descriptor, int operation)
{
    (void)descriptor;
    (void)operation;
    errno = ENOLCK;
    return -1;
}

static char folder[64], path[96], claim_path[112];

static void new_claim(const char *host, long process)
{
    snprintf(folder, sizeof(folder), "/tmp/polyhebb-nolock-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/run.h5", folder);
    snprintf(claim_path, sizeof(claim_path), "%s.claim", path);
    if (host == NULL)
        return;
    FILE *file = fopen(claim_path, "w");
    fprintf(file, "host: %s\nprocess: %ld\nsince: 2026-01-31T12:00:00Z\n", host, process);
    fclose(file);
}

/* Without locks the text decides: taken once, refused while that process lives, then free. */
START_TEST(living_writer)
{
    ph_lock_file_t first, second;
    new_claim(NULL, 0);
    ck_assert_int_eq(ph_lock_file_take(&first, path, false, NULL), PH_OK);
    ck_assert_int_eq(ph_lock_file_take(&second, path, false, NULL), PH_ERR_BUSY);
    ph_lock_file_release(&second);
    ph_lock_file_release(&first);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

/* Without locks a dead process of this host loses its claim, with a note. */
START_TEST(dead_writer)
{
    char host[64];
    ph_lock_file_t lock;
    ph_report_t report;
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    waitpid(child, NULL, 0);
    ph_machine_host(host, sizeof(host));
    new_claim(host, (long)child);
    ph_report_init(&report);
    ck_assert_int_eq(ph_lock_file_take(&lock, path, false, &report), PH_OK);
    ck_assert_uint_eq(report.count, 1);
    ph_lock_file_release(&lock);
    ph_report_free(&report);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

/* Without locks a process of another host counts as alive; the message names the file to remove. */
START_TEST(other_host)
{
    ph_lock_file_t lock;
    ph_report_t report;
    new_claim("some-other-host", 1);
    ph_report_init(&report);
    ck_assert_int_eq(ph_lock_file_take(&lock, path, false, &report), PH_ERR_BUSY);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "some-other-host"));
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, claim_path));
    ck_assert_int_eq(access(claim_path, F_OK), 0);
    ck_assert_int_eq(ph_lock_file_take(&lock, path, true, &report), PH_OK);
    ph_lock_file_release(&lock);
    ph_report_free(&report);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

PH_TEST_MAIN("lock_file_nolock", living_writer, dead_writer, other_host)
