/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/lock_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/machine.h"

enum { HOST_SIZE = 64, TIME_SIZE = 24, BOOT_SIZE = 40, TEXT_SIZE = 256, ATTEMPTS = 100 };

/* What a claim's text says of its writer; process 0 where it says nothing. */
typedef struct {
    char host[HOST_SIZE], since[TIME_SIZE];
    char boot[BOOT_SIZE]; /* the number the kernel took when it started; empty: unknown */
    long process;
    bool no_text; /* the claim is empty */
} writer_t;

static void read_boot(char *boot)
{
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    if (file == NULL || fscanf(file, "%39s", boot) != 1)
        boot[0] = '\0';
    if (file != NULL)
        fclose(file);
}

static writer_t read_writer(int descriptor)
{
    writer_t writer = {.process = 0};
    char text[TEXT_SIZE];
    size_t length = 0;
    ssize_t got;
    while ((got = pread(descriptor, text + length, sizeof(text) - 1 - length, (off_t)length)) > 0 ||
           (got < 0 && errno == EINTR))
        length += got > 0 ? (size_t)got : 0;
    text[length] = '\0';
    writer.no_text = length == 0 && got == 0;
    if (sscanf(text, "host: %63s process: %ld since: %23s boot: %39s", writer.host, &writer.process,
               writer.since, writer.boot) < 3)
        writer.process = 0;
    return writer;
}

/* Over an older text, and never a moment without any: whoever finds an empty claim waits. */
static int write_writer(const ph_lock_file_t *self, ph_report_t *report)
{
    char host[HOST_SIZE], since[TIME_SIZE], boot[BOOT_SIZE], text[TEXT_SIZE];
    ph_machine_host(host, sizeof(host));
    ph_machine_time(since, sizeof(since));
    read_boot(boot);
    int length = snprintf(text, sizeof(text), "host: %s\nprocess: %ld\nsince: %s\nboot: %s\n", host,
                          (long)getpid(), since, boot);
    if (ph_file_write_at(self->descriptor, 0, text, (size_t)length) != PH_OK ||
        ftruncate(self->descriptor, length) != 0)
        return ph_fail(report, PH_ERR_IO, "%s: cannot write: %s; make room there and run again",
                       self->path, strerror(errno));
    return PH_OK;
}

/* Whether it is surely a process of another machine. Containers of one kernel share its locks. */
static bool is_elsewhere(const writer_t *writer)
{
    char host[HOST_SIZE], boot[BOOT_SIZE];
    ph_machine_host(host, sizeof(host));
    read_boot(boot);
    return writer->process != 0 && strcmp(host, writer->host) != 0 &&
           (boot[0] == '\0' || strcmp(boot, writer->boot) != 0);
}

static int busy(const ph_lock_file_t *self, const char *path, const writer_t *writer,
                ph_report_t *report)
{
    if (writer->process == 0)
        return ph_fail(report, PH_ERR_BUSY,
                       "%s is being written by another process; wait for it to end, or, if %s is "
                       "left from one that no longer exists, remove that",
                       path, self->path);
    if (is_elsewhere(writer))
        return ph_fail(report, PH_ERR_BUSY,
                       "%s was claimed by process %ld on %s at %s, and whether that still runs "
                       "cannot be seen from this host. Look there (ps -p %ld) or in the batch "
                       "system's queue; if it has ended, add --take-over (%s)",
                       path, writer->process, writer->host, writer->since, writer->process,
                       self->path);
    return ph_fail(report, PH_ERR_BUSY,
                   "%s is being written by process %ld on %s since %s; wait for it to end, or, if "
                   "it no longer exists, remove %s",
                   path, writer->process, writer->host, writer->since, self->path);
}

static void note_takeover(const char *path, const writer_t *writer, ph_report_t *report)
{
    if (writer->process != 0)
        ph_note(report,
                "%s: process %ld on %s (since %s) ended without finishing; going on with it", path,
                writer->process, writer->host, writer->since);
}

/* Whether the descriptor's file still is under its name: a releasing writer removes it. */
static bool still_there(const ph_lock_file_t *self)
{
    struct stat open_file, named;
    return fstat(self->descriptor, &open_file) == 0 && stat(self->path, &named) == 0 &&
           open_file.st_dev == named.st_dev && open_file.st_ino == named.st_ino;
}

static bool is_alive(const writer_t *writer)
{
    char host[HOST_SIZE];
    ph_machine_host(host, sizeof(host));
    if (writer->process == 0 || strcmp(host, writer->host) != 0)
        return true;
    return kill((pid_t)writer->process, 0) == 0 || errno != ESRCH;
}

static void drop_descriptor(ph_lock_file_t *self)
{
    if (self->descriptor >= 0)
        close(self->descriptor);
    self->descriptor = -1;
}

static void pause_a_little(void)
{
    const struct timespec pause = {.tv_nsec = 10000000};
    nanosleep(&pause, NULL);
}

/* Opens a claim that is there. *gone: it is not any more. */
static int open_old(ph_lock_file_t *self, bool *gone, ph_report_t *report)
{
    struct stat facts;
    self->descriptor = open(self->path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    *gone = self->descriptor < 0 && errno == ENOENT;
    if (*gone)
        return PH_OK;
    if (self->descriptor >= 0 && fstat(self->descriptor, &facts) == 0 && S_ISREG(facts.st_mode))
        return PH_OK;
    drop_descriptor(self);
    return ph_file_open_beside(self->path, &self->descriptor, report);
}

/* Makes the claim, which only one can on any file system (*made), or opens the one that is there.
 */
static int make_or_open(ph_lock_file_t *self, bool *made, bool *gone, ph_report_t *report)
{
    drop_descriptor(self);
    *gone = false;
    *made = ph_file_create(self->path, &self->descriptor, NULL) == PH_OK;
    if (*made)
        return PH_OK;
    return errno == EEXIST ? open_old(self, gone, report)
                           : ph_file_create(self->path, &self->descriptor, report);
}

/*
 * Without kernel locks: exclusive creation decides who comes first, the text whether the one
 * before still lives.
 */
static int take_by_text(ph_lock_file_t *self, const char *path, bool take_over, ph_report_t *report)
{
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        bool made, gone;
        int status = make_or_open(self, &made, &gone, report);
        if (status != PH_OK)
            return status;
        if (made)
            return write_writer(self, report);
        if (gone)
            continue;
        writer_t writer = read_writer(self->descriptor);
        const bool may = take_over && (writer.process == 0 || is_elsewhere(&writer));
        if (is_alive(&writer) && !may) {
            drop_descriptor(self);
            return busy(self, path, &writer, report);
        }
        note_takeover(path, &writer, report);
        if (still_there(self))
            unlink(self->path);
    }
    return ph_fail(report, PH_ERR_BUSY, "%s: other processes keep claiming it; run again", path);
}

/* Whoever only looks whether a new claim has its text yet holds its lock for a moment. */
static bool lock(const ph_lock_file_t *self, bool made)
{
    int result = flock(self->descriptor, LOCK_EX | LOCK_NB);
    for (int attempt = 0; made && attempt < ATTEMPTS && result != 0 && errno == EWOULDBLOCK;
         attempt++) {
        pause_a_little();
        result = flock(self->descriptor, LOCK_EX | LOCK_NB);
    }
    return result == 0;
}

/*
 * One try with flock: PH_OK, an error, or `again` set. Locks may hold on one host only (Lustre with
 * localflock): the text of another host's claim counts more than a lock that could be had. A
 * claim without a text is looked at `again`, until the last try: somebody is about to write it.
 */
static int take_by_lock(ph_lock_file_t *self, const char *path, bool take_over, bool last,
                        bool *again, ph_report_t *report)
{
    bool made;
    int status = make_or_open(self, &made, again, report);
    if (status != PH_OK || *again)
        return status;
    const bool locked = lock(self, made);
    const int reason = errno;
    const writer_t writer = read_writer(self->descriptor);
    if (!locked && reason != EWOULDBLOCK) {
        if (made)
            unlink(self->path);
        return take_by_text(self, path, take_over, report);
    }
    *again = !made && (!still_there(self) || (writer.no_text && !last));
    if (locked && !*again && (made || take_over || !is_elsewhere(&writer))) {
        note_takeover(path, &writer, report);
        return write_writer(self, report);
    }
    drop_descriptor(self);
    return *again ? PH_OK : busy(self, path, &writer, report);
}

int ph_lock_file_take(ph_lock_file_t *self, const char *path, bool take_over, ph_report_t *report)
{
    self->descriptor = -1;
    self->path = ph_file_beside(path, ".claim");
    if (self->path == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "out of memory while claiming %s", path);
    int status = PH_OK;
    bool again = true;
    for (int attempt = 0; attempt < ATTEMPTS && again; attempt++) {
        if (attempt > 0)
            pause_a_little();
        status = take_by_lock(self, path, take_over, attempt + 1 == ATTEMPTS, &again, report);
    }
    if (again)
        status =
            ph_fail(report, PH_ERR_BUSY, "%s: other processes keep claiming it; run again", path);
    if (status != PH_OK)
        ph_lock_file_release(self);
    return status;
}

/* Removal comes before the lock goes: who waits for it then finds the name gone and starts anew. */
void ph_lock_file_release(ph_lock_file_t *self)
{
    if (self->descriptor >= 0) {
        if (still_there(self))
            unlink(self->path);
        drop_descriptor(self);
    }
    free(self->path);
    self->path = NULL;
}
