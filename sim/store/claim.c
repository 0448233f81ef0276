/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/claim.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/machine.h"

enum { HOST_SIZE = 64, TIME_SIZE = 24, TEXT_SIZE = 256, ATTEMPTS = 100 };

/* What a claim's text says of its writer; process 0 where it says nothing. */
typedef struct {
    char host[HOST_SIZE], since[TIME_SIZE];
    long process;
} writer_t;

static writer_t read_writer(int descriptor)
{
    writer_t writer = {.process = 0};
    char text[TEXT_SIZE];
    ssize_t got = pread(descriptor, text, sizeof(text) - 1, 0);
    text[got > 0 ? got : 0] = '\0';
    if (sscanf(text, "host: %63s process: %ld since: %23s", writer.host, &writer.process,
               writer.since) != 3)
        writer.process = 0;
    return writer;
}

static int write_writer(const ph_claim_t *self, ph_report_t *report)
{
    char host[HOST_SIZE], since[TIME_SIZE], text[TEXT_SIZE];
    ph_machine_host(host, sizeof(host));
    ph_machine_time(since, sizeof(since));
    int length = snprintf(text, sizeof(text), "host: %s\nprocess: %ld\nsince: %s\n", host,
                          (long)getpid(), since);
    if (ftruncate(self->descriptor, 0) != 0 ||
        pwrite(self->descriptor, text, (size_t)length, 0) != length)
        return ph_fail(report, PH_ERR_IO, "%s: cannot write: %s; make room there and run again",
                       self->path, strerror(errno));
    return PH_OK;
}

static int busy(const ph_claim_t *self, const char *path, const writer_t *writer,
                ph_report_t *report)
{
    if (writer->process == 0)
        return ph_fail(report, PH_ERR_BUSY,
                       "%s is being written by another process; wait for it to end", path);
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

/* Whether the descriptor's file still stands under its name: a releasing writer removes it. */
static bool still_there(const ph_claim_t *self)
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

static void drop_descriptor(ph_claim_t *self)
{
    if (self->descriptor >= 0)
        close(self->descriptor);
    self->descriptor = -1;
}

/*
 * Without kernel locks: exclusive creation decides who comes first, the text whether the one
 * before still lives.
 */
static int take_by_text(ph_claim_t *self, const char *path, ph_report_t *report)
{
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        drop_descriptor(self);
        if (ph_file_create(self->path, &self->descriptor, NULL) == PH_OK)
            return write_writer(self, report);
        if (errno != EEXIST)
            return ph_file_create(self->path, &self->descriptor, report);
        /* Not to be made here: whoever had it may just have let go. */
        self->descriptor = open(self->path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (self->descriptor < 0 && errno == ENOENT)
            continue;
        if (self->descriptor < 0)
            return ph_file_open_beside(self->path, &self->descriptor, report);
        writer_t writer = read_writer(self->descriptor);
        if (is_alive(&writer)) {
            drop_descriptor(self);
            return busy(self, path, &writer, report);
        }
        note_takeover(path, &writer, report);
        if (still_there(self))
            unlink(self->path);
    }
    return ph_fail(report, PH_ERR_BUSY, "%s: other processes keep claiming it; run again", path);
}

/* One try with flock: PH_OK, an error, or `again` set when the file vanished meanwhile. */
static int take_by_lock(ph_claim_t *self, const char *path, bool *again, ph_report_t *report)
{
    *again = false;
    int status = ph_file_open_beside(self->path, &self->descriptor, report);
    if (status != PH_OK)
        return status;
    if (flock(self->descriptor, LOCK_EX | LOCK_NB) != 0) {
        int reason = errno;
        writer_t writer = read_writer(self->descriptor);
        struct stat facts;
        bool fresh = fstat(self->descriptor, &facts) == 0 && facts.st_size == 0;
        drop_descriptor(self);
        if (reason == EWOULDBLOCK)
            return busy(self, path, &writer, report);
        if (fresh)
            unlink(self->path);
        return take_by_text(self, path, report);
    }
    if (!still_there(self)) {
        drop_descriptor(self);
        *again = true;
        return PH_OK;
    }
    writer_t writer = read_writer(self->descriptor);
    note_takeover(path, &writer, report);
    return write_writer(self, report);
}

int ph_claim_take(ph_claim_t *self, const char *path, ph_report_t *report)
{
    size_t size = strlen(path) + sizeof(".claim");
    self->descriptor = -1;
    self->path = malloc(size);
    if (self->path == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "out of memory while claiming %s", path);
    snprintf(self->path, size, "%s.claim", path);
    int status = PH_OK;
    bool again = true;
    for (int attempt = 0; attempt < ATTEMPTS && again; attempt++)
        status = take_by_lock(self, path, &again, report);
    if (again)
        status =
            ph_fail(report, PH_ERR_BUSY, "%s: other processes keep claiming it; run again", path);
    if (status != PH_OK)
        ph_claim_release(self);
    return status;
}

/* Removal comes before the lock goes: who waits for it then finds the name gone and starts anew. */
void ph_claim_release(ph_claim_t *self)
{
    if (self->descriptor >= 0) {
        if (still_there(self))
            unlink(self->path);
        drop_descriptor(self);
    }
    free(self->path);
    self->path = NULL;
}
