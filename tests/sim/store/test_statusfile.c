/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/statusfile.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/machine.h"
#include "tests/testing.h"

static char folder[64], path[96], file_path[112];

static void new_path(void)
{
    snprintf(folder, sizeof(folder), "/tmp/polyhebb-status-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/run.h5", folder);
    snprintf(file_path, sizeof(file_path), "%s.status", path);
}

static const ph_progress_t PROGRESS = {.state = "running",
                                       .host = "node-17",
                                       .pid = 4242,
                                       .started = "2026-01-31T12:00:00Z",
                                       .updated = "2026-01-31T12:10:00Z",
                                       .points = 60,
                                       .points_done = 7,
                                       .updates = UINT64_C(1) << 60,
                                       .updates_done = 12345678901234,
                                       .rate = 2.5e8,
                                       .shard = 3,
                                       .shards = 8};

static void written(const char *name, double seconds_ago, bool status)
{
    ph_progress_t progress = PROGRESS;
    const time_t then = time(NULL) - (time_t)seconds_ago;
    const struct timespec times[2] = {{.tv_sec = then}, {.tv_sec = then}};
    struct tm at;
    if (status) {
        strftime(progress.updated, sizeof(progress.updated), "%Y-%m-%dT%H:%M:%SZ",
                 gmtime_r(&then, &at));
        ck_assert_int_eq(ph_statusfile_write(path, &progress, NULL), PH_OK);
        return;
    }
    FILE *file = fopen(name, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(utimensat(AT_FDCWD, name, times, 0), 0);
}

/* Who wrote last, the status or the claim; where there is but one, that one. */
START_TEST(silence)
{
    char claim[112];
    new_path();
    snprintf(claim, sizeof(claim), "%s.claim", path);
    ck_assert_double_nan(ph_statusfile_silence(path));
    written(NULL, 700, true);
    ck_assert_double_eq_tol(ph_statusfile_silence(path), 700, 60);
    written(claim, 100, false);
    ck_assert_double_eq_tol(ph_statusfile_silence(path), 100, 60);
    written(claim, 2000, false);
    ck_assert_double_eq_tol(ph_statusfile_silence(path), 700, 60);
    unlink(file_path);
    ck_assert_double_eq_tol(ph_statusfile_silence(path), 2000, 60);
    unlink(claim);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

/* Every field comes back, large counts exactly, and only the one file stays behind. */
START_TEST(round_trip)
{
    ph_progress_t back;
    new_path();
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(ph_statusfile_write(path, &PROGRESS, NULL), PH_OK);
    ck_assert_int_eq(ph_statusfile_read(path, &back, NULL), PH_OK);
    ck_assert_str_eq(back.state, "running");
    ck_assert_str_eq(back.host, "node-17");
    ck_assert_str_eq(back.started, PROGRESS.started);
    ck_assert_str_eq(back.updated, PROGRESS.updated);
    ck_assert_int_eq(back.pid, 4242);
    ck_assert_uint_eq(back.points, 60);
    ck_assert_uint_eq(back.points_done, 7);
    ck_assert_uint_eq(back.updates, PROGRESS.updates);
    ck_assert_uint_eq(back.updates_done, PROGRESS.updates_done);
    ck_assert_double_eq(back.rate, 2.5e8);
    ck_assert_uint_eq(back.shard, 3);
    ck_assert_uint_eq(back.shards, 8);
    unlink(file_path);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

/* Absent, foreign and cut files are told apart from good ones. */
START_TEST(bad_files)
{
    ph_progress_t back;
    new_path();
    ck_assert_int_eq(ph_statusfile_read(path, &back, NULL), PH_ERR_IO);
    FILE *file = fopen(file_path, "w");
    fputs("hello\n", file);
    fclose(file);
    ck_assert_int_eq(ph_statusfile_read(path, &back, NULL), PH_ERR_FORMAT);
    ck_assert_int_eq(ph_statusfile_write(path, &PROGRESS, NULL), PH_OK);
    ck_assert_int_eq(truncate(file_path, 60), 0);
    ck_assert_int_eq(ph_statusfile_read(path, &back, NULL), PH_ERR_FORMAT);
    ck_assert_int_eq(ph_statusfile_write("/nowhere/at/all.h5", &PROGRESS, NULL), PH_ERR_IO);
    ck_assert_int_eq(unlink(file_path), 0);
    ck_assert_int_eq(mkfifo(file_path, 0666), 0);
    ck_assert_int_eq(ph_statusfile_read(path, &back, NULL), PH_ERR_FORMAT);
    unlink(file_path);
    rmdir(folder);
}
END_TEST

/* Shards that cannot be: whoever counts them would take memory for all. */
START_TEST(impossible_shards)
{
    static const uint32_t PARTS[][2] = {{3, 3}, {0, 0}, {7, UINT32_MAX}, {7, 1000001}};
    ph_progress_t back, progress = PROGRESS;
    new_path();
    for (size_t i = 0; i < sizeof(PARTS) / sizeof(PARTS[0]); i++) {
        progress.shard = PARTS[i][0];
        progress.shards = PARTS[i][1];
        ck_assert_int_eq(ph_statusfile_write(path, &progress, NULL), PH_OK);
        ck_assert_int_eq(ph_statusfile_read(path, &back, NULL), PH_ERR_FORMAT);
    }
    unlink(file_path);
    rmdir(folder);
}
END_TEST

/* Nothing is written through a link under the name it has meanwhile. */
START_TEST(planted_link)
{
    char fresh[160], victim[160];
    struct stat facts;
    new_path();
    snprintf(fresh, sizeof(fresh), "%s.partial", file_path);
    snprintf(victim, sizeof(victim), "%s/victim", folder);
    ck_assert_int_eq(symlink(victim, fresh), 0);
    ck_assert_int_eq(ph_statusfile_write(path, &PROGRESS, NULL), PH_OK);
    ck_assert_int_ne(access(victim, F_OK), 0);
    ck_assert_int_eq(lstat(file_path, &facts), 0);
    ck_assert(S_ISREG(facts.st_mode));
    unlink(file_path);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

/* A running state of this host counts as dead once its process is gone; of another host, never. */
START_TEST(dead_process)
{
    ph_progress_t progress = {.state = "running", .pid = getpid()};
    ph_machine_host(progress.host, sizeof(progress.host));
    ck_assert(!ph_progress_is_dead(&progress));
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    progress.pid = child;
    ck_assert(ph_progress_is_dead(&progress));
    strcpy(progress.state, "stopped");
    ck_assert(!ph_progress_is_dead(&progress));
    strcpy(progress.state, "running");
    strcpy(progress.host, "node-17");
    ck_assert(!ph_progress_is_dead(&progress));
}
END_TEST

/* Time left: rest over rate, 0 when done, unknown without a rate. */
START_TEST(time_left)
{
    ph_progress_t progress = {.updates = 100, .updates_done = 40, .rate = 20.0};
    ck_assert_double_eq(ph_progress_left(&progress), 3.0);
    progress.rate = 0.0;
    ck_assert(isnan(ph_progress_left(&progress)));
    progress.updates_done = 100;
    ck_assert_double_eq(ph_progress_left(&progress), 0.0);
}
END_TEST

PH_TEST_MAIN("statusfile", silence, dead_process, round_trip, bad_files, impossible_shards,
             planted_link, time_left)
