/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/lock_file.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/testing.h"

static char folder[64], path[96], claim_path[112];

static void new_path(void)
{
    snprintf(folder, sizeof(folder), "/tmp/polyhebb-claim-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/run.h5", folder);
    snprintf(claim_path, sizeof(claim_path), "%s.claim", path);
}

static void remove_all(void)
{
    unlink(claim_path);
    rmdir(folder);
}

/* Starts a process that takes the claim and then waits to be killed. */
static pid_t start_holder(void)
{
    int ready[2];
    char byte = 0;
    ck_assert_int_eq(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        ph_lock_file_t lock;
        byte = ph_lock_file_take(&lock, path, false, NULL) == PH_OK;
        if (write(ready[1], &byte, 1) == 1)
            pause();
        _exit(0);
    }
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
    ck_assert_int_eq(byte, 1);
    close(ready[0]);
    close(ready[1]);
    return child;
}

/* A second writer is refused and told the first one's process; the first is not disturbed. */
START_TEST(living_writer)
{
    new_path();
    pid_t child = start_holder();
    ph_lock_file_t lock;
    ph_report_t report;
    char number[32];
    ph_report_init(&report);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(ph_lock_file_take(&lock, path, false, &report), PH_ERR_BUSY);
    snprintf(number, sizeof(number), "process %ld on ", (long)child);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, number));
    ph_lock_file_release(&lock);
    ck_assert_int_eq(access(claim_path, F_OK), 0);
    ph_report_free(&report);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    remove_all();
}
END_TEST

/* After kill -9 the claim is taken over at once, with a note that names the dead process. */
START_TEST(dead_writer)
{
    new_path();
    pid_t child = start_holder();
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    ck_assert_int_eq(access(claim_path, F_OK), 0);
    ph_lock_file_t lock;
    ph_report_t report;
    char number[32];
    ph_report_init(&report);
    ck_assert_int_eq(ph_lock_file_take(&lock, path, false, &report), PH_OK);
    ck_assert_uint_eq(report.count, 1);
    snprintf(number, sizeof(number), "process %ld on ", (long)child);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, number));
    ck_assert_int_eq(report.messages[0].status, PH_OK);
    ph_lock_file_release(&lock);
    ph_lock_file_release(&lock);
    ck_assert_int_ne(access(claim_path, F_OK), 0);
    ph_report_free(&report);
    remove_all();
}
END_TEST

/* Eight processes taking and releasing one claim: never two inside at once. */
START_TEST(race)
{
    enum { PROCESSES = 8, TURNS = 200 };
    char inside[112];
    new_path();
    snprintf(inside, sizeof(inside), "%s/inside", folder);
    for (int p = 0; p < PROCESSES; p++) {
        if (fork() != 0)
            continue;
        for (int turns = 0; turns < TURNS;) {
            ph_lock_file_t lock;
            if (ph_lock_file_take(&lock, path, false, NULL) != PH_OK)
                continue;
            FILE *file = fopen(inside, "wx");
            if (file == NULL)
                _exit(1);
            fclose(file);
            unlink(inside);
            ph_lock_file_release(&lock);
            turns++;
        }
        _exit(0);
    }
    for (int p = 0; p < PROCESSES; p++) {
        int result;
        ck_assert_int_gt(wait(&result), 0);
        ck_assert_int_eq(result, 0);
    }
    remove_all();
}
END_TEST

/* A folder that is not there is an input/output error, not a busy file. */
START_TEST(no_folder)
{
    ph_lock_file_t lock;
    ck_assert_int_eq(ph_lock_file_take(&lock, "/nowhere/at/all.h5", false, NULL), PH_ERR_IO);
    ph_lock_file_release(&lock);
}
END_TEST

static void write_claim(const char *host, const char *boot)
{
    new_path();
    FILE *file = fopen(claim_path, "w");
    fprintf(file, "host: %s\nprocess: 1\nsince: 2026-01-31T12:00:00Z\nboot: %s\n", host, boot);
    fclose(file);
}

/* That its lock can be had does not make another host's claim a dead one; who knows that it is may
 * take it over. */
START_TEST(other_host)
{
    ph_lock_file_t lock;
    ph_report_t report;
    write_claim("some-other-host", "another");
    ph_report_init(&report);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(ph_lock_file_take(&lock, path, false, &report), PH_ERR_BUSY);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "process 1 on some-other-host"));
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "--take-over"));
    ck_assert_int_eq(access(claim_path, F_OK), 0);
    ck_assert_int_eq(ph_lock_file_take(&lock, path, true, &report), PH_OK);
    ck_assert_int_eq(report.messages[report.count - 1].status, PH_OK);
    ph_lock_file_release(&lock);
    ph_report_free(&report);
    ck_assert_int_ne(access(claim_path, F_OK), 0);
    remove_all();
}
END_TEST

/* A living process of this host is not taken over, whatever the caller says. */
START_TEST(living_writer_for_ever)
{
    ph_lock_file_t lock;
    new_path();
    pid_t child = start_holder();
    ck_assert_int_eq(ph_lock_file_take(&lock, path, true, NULL), PH_ERR_BUSY);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    remove_all();
}
END_TEST

/* Another name under the same kernel is a container beside this one, whose locks hold here. */
START_TEST(other_container)
{
    ph_lock_file_t lock;
    char boot[64];
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "r");
    ck_assert(file != NULL && fscanf(file, "%63s", boot) == 1);
    fclose(file);
    write_claim("some-other-host", boot);
    ck_assert_int_eq(ph_lock_file_take(&lock, path, false, NULL), PH_OK);
    ph_lock_file_release(&lock);
    remove_all();
}
END_TEST

/* An empty claim belongs to somebody about to write into it, unless nobody does for a while; a link
 * or a folder is not opened. */
START_TEST(empty_claim)
{
    ph_lock_file_t lock;
    new_path();
    fclose(fopen(claim_path, "w"));
    pid_t child = fork();
    if (child == 0) {
        usleep(200000);
        FILE *file = fopen(claim_path, "w");
        fputs("host: some-other-host\nprocess: 1\nsince: 2026-01-31T12:00:00Z\n", file);
        fclose(file);
        _exit(0);
    }
    ck_assert_int_eq(ph_lock_file_take(&lock, path, false, NULL), PH_ERR_BUSY);
    waitpid(child, NULL, 0);
    fclose(fopen(claim_path, "w"));
    ck_assert_int_eq(ph_lock_file_take(&lock, path, false, NULL), PH_OK);
    ph_lock_file_release(&lock);
    ck_assert_int_eq(symlink("/dev/null", claim_path), 0);
    ck_assert_int_eq(ph_lock_file_take(&lock, path, true, NULL), PH_ERR_IO);
    ck_assert_int_eq(unlink(claim_path), 0);
    ck_assert_int_eq(mkdir(claim_path, 0700), 0);
    ck_assert_int_eq(ph_lock_file_take(&lock, path, true, NULL), PH_ERR_FORMAT);
    rmdir(claim_path);
    remove_all();
}
END_TEST

/* A process killed at any instant of a takeover leaves a text: the next one need not wait a second
 * for it, nor go on without a word. Whoever looks meanwhile never sees an empty claim. */
START_TEST(never_empty)
{
    enum { TURNS = 300 };
    new_path();
    pid_t holder = start_holder();
    kill(holder, SIGKILL);
    waitpid(holder, NULL, 0);
    pid_t watcher = fork();
    if (watcher == 0) {
        for (struct stat facts; stat(claim_path, &facts) == 0;)
            if (facts.st_size == 0)
                _exit(1);
        _exit(2); /* no claim at all */
    }
    for (int turn = 0; turn < TURNS; turn++) {
        ph_lock_file_t lock;
        ph_report_t report;
        ph_report_init(&report);
        ck_assert_int_eq(ph_lock_file_take(&lock, path, false, &report), PH_OK);
        ck_assert_uint_eq(report.count, 1);
        ph_report_free(&report);
        close(lock.descriptor);
        free(lock.path);
    }
    kill(watcher, SIGKILL);
    int result;
    ck_assert_int_eq(waitpid(watcher, &result, 0), watcher);
    ck_assert(WIFSIGNALED(result));
    remove_all();
}
END_TEST

PH_TEST_MAIN("lock_file", living_writer, dead_writer, race, no_folder, other_host,
             living_writer_for_ever, other_container, empty_claim, never_empty)
