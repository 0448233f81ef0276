/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/scratch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "sim/store/journal.h"
#include "sim/store/lock_file.h"

/* A file where it belongs and the one it is in scratch. */
typedef struct {
    char *home, *here;
} pair_t;

typedef struct {
    pair_t file, journal;
    char *folder;
    struct stat staged; /* the file as it was brought here; st_ino 0: there was none */
    int descriptor;     /* of the journal at home, -1: to be made anew */
    uint64_t copied;    /* bytes of it */
} scratch_t;

static int copy_bytes(int from, int to, uint64_t first, uint64_t end)
{
    enum { PIECE = 1 << 20 };
    char *piece = malloc(PIECE);
    int status = piece != NULL ? PH_OK : PH_ERR_MEMORY;
    for (uint64_t at = first; at < end && status == PH_OK; at += PIECE) {
        const size_t size = end - at < PIECE ? (size_t)(end - at) : PIECE;
        status = ph_file_read_at(from, at, piece, size);
        if (status == PH_OK)
            status = ph_file_write_at(to, at, piece, size);
    }
    free(piece);
    return status;
}

/* The first `size` bytes of a file under another name, put in place by rename; open, or -1. */
static int copy_file(const char *from, const char *to, uint64_t size, int *copy,
                     ph_report_t *report)
{
    int source = -1;
    char *fresh = ph_file_beside(to, ".partial");
    *copy = -1;
    int status = fresh != NULL ? ph_file_open(from, UINT64_MAX, &source, report) : PH_ERR_MEMORY;
    if (status == PH_OK)
        status = ph_file_fresh(fresh, to, copy, report);
    if (status == PH_OK && copy_bytes(source, *copy, 0, size) != PH_OK)
        status =
            ph_fail(report, PH_ERR_IO, "%s: cannot be copied to %s: %s", from, to, strerror(errno));
    if (status == PH_OK)
        status = ph_file_sync(*copy, fresh, report);
    if (status == PH_OK)
        status = ph_file_replace(*copy, fresh, to, report);
    if (status == PH_OK)
        status = ph_file_sync_name(to, report);
    if (status != PH_OK && *copy >= 0) {
        unlink(fresh);
        close(*copy);
        *copy = -1;
    }
    if (source >= 0)
        close(source);
    free(fresh);
    return status;
}

/* Whatever is at home of a file, here. */
static int bring(const pair_t *pair, ph_report_t *report)
{
    struct stat facts;
    int copy = -1;
    bool exists = false;
    int status = ph_file_exists(pair->home, &exists, report);
    if (status != PH_OK || !exists)
        return status;
    if (stat(pair->home, &facts) != 0)
        return ph_fail(report, PH_ERR_IO, "%s: cannot be looked at: %s", pair->home,
                       strerror(errno));
    status = copy_file(pair->home, pair->here, (uint64_t)facts.st_size, &copy, report);
    if (copy >= 0)
        close(copy);
    return status;
}

/* What the journal here has on its disk, to the journal at home: the first time as a whole, since a
 * damaged end may have been cut off here, and then what is new. */
static int follow(scratch_t *self, uint64_t size, ph_report_t *report)
{
    int source = -1;
    if (self->descriptor < 0) {
        self->copied = size;
        return copy_file(self->journal.here, self->journal.home, size, &self->descriptor, report);
    }
    int status = ph_file_open(self->journal.here, UINT64_MAX, &source, report);
    if (status == PH_OK && size > self->copied &&
        copy_bytes(source, self->descriptor, self->copied, size) != PH_OK)
        status = ph_fail(report, PH_ERR_IO, "%s: cannot be written: %s", self->journal.home,
                         strerror(errno));
    if (status == PH_OK)
        status = ph_file_sync(self->descriptor, self->journal.home, report);
    if (status == PH_OK) {
        self->copied = size;
    } else { /* from its beginning, next time */
        close(self->descriptor);
        self->descriptor = -1;
    }
    if (source >= 0)
        close(source);
    return status;
}

/* While it runs a disk that is full for a while is no reason to stop: everything is here. */
static void saved(void *context, uint64_t size)
{
    follow(context, size, NULL);
}

/* Whether the run has put a file in place here that was not brought. */
static bool is_new(const scratch_t *self)
{
    struct stat now;
    return stat(self->file.here, &now) == 0 &&
           (now.st_ino != self->staged.st_ino || now.st_size != self->staged.st_size ||
            now.st_mtim.tv_sec != self->staged.st_mtim.tv_sec ||
            now.st_mtim.tv_nsec != self->staged.st_mtim.tv_nsec);
}

/* The journal at home goes only where a file that has it all came of it: scratch may have been
 * purged meanwhile. */
static int bring_back(scratch_t *self, bool complete, ph_report_t *report)
{
    const bool has_all = complete || is_new(self);
    struct stat facts;
    int copy = -1, status = PH_OK;
    if (is_new(self) && stat(self->file.here, &facts) == 0)
        status =
            copy_file(self->file.here, self->file.home, (uint64_t)facts.st_size, &copy, report);
    if (copy >= 0)
        close(copy);
    if (status == PH_OK && stat(self->journal.here, &facts) == 0)
        status = follow(self, (uint64_t)facts.st_size, report);
    else if (status == PH_OK && has_all && unlink(self->journal.home) != 0 && errno != ENOENT)
        status =
            ph_fail(report, PH_ERR_IO, "cannot remove %s: %s", self->journal.home, strerror(errno));
    return status;
}

static void clear(const scratch_t *self)
{
    char *status = ph_file_beside(self->file.here, ".status");
    unlink(self->file.here);
    unlink(self->journal.here);
    if (status != NULL)
        unlink(status);
    free(status);
    rmdir(self->folder);
}

static int begin(scratch_t *self, const char *path, const char *folder, ph_report_t *report)
{
    const char *slash = strrchr(path, '/');
    self->folder = ph_file_beside(folder, "/polyhebb-XXXXXX");
    self->file.home = strdup(path);
    self->journal.home = ph_journal_path(path);
    if (self->folder != NULL && mkdtemp(self->folder) == NULL) {
        free(self->folder);
        self->folder = NULL;
        return ph_fail(report, PH_ERR_IO, "%s: no folder for scratch can be made there: %s", folder,
                       strerror(errno));
    }
    const size_t size =
        self->folder != NULL ? strlen(self->folder) + strlen(path) + 2 : strlen(path);
    self->file.here = self->folder != NULL ? malloc(size) : NULL;
    if (self->file.here != NULL)
        snprintf(self->file.here, size, "%s/%s", self->folder, slash != NULL ? slash + 1 : path);
    self->journal.here = self->file.here != NULL ? ph_journal_path(self->file.here) : NULL;
    return self->file.home != NULL && self->journal.home != NULL && self->journal.here != NULL
               ? PH_OK
               : ph_fail(report, PH_ERR_MEMORY, "no memory to run %s in scratch", path);
}

static int run_there(scratch_t *self, const ph_grid_t *grid, const ph_run_options_t *options,
                     ph_run_summary_t *summary, ph_report_t *report)
{
    ph_run_options_t own = *options;
    int status = ph_file_replaceable(self->file.home, report);
    if (status == PH_OK)
        status = bring(&self->file, report);
    if (status == PH_OK)
        status = bring(&self->journal, report);
    if (status != PH_OK) {
        clear(self);
        return status;
    }
    if (stat(self->file.here, &self->staged) != 0)
        self->staged.st_ino = 0;
    own.path = self->file.here;
    own.status_of = self->file.home;
    own.saved = saved;
    own.context = self;
    status = ph_run(grid, &own, summary, report);
    const int brought = bring_back(self, status == PH_OK, report);
    if (brought == PH_OK)
        clear(self);
    else
        ph_note(report, "what was computed is in %s: make room, and copy it to %s", self->folder,
                self->file.home);
    return brought != PH_OK ? brought : status;
}

int ph_run_scratch(const ph_grid_t *grid, const ph_run_options_t *options, const char *folder,
                   ph_run_summary_t *summary, ph_report_t *report)
{
    scratch_t self = {.descriptor = -1};
    ph_lock_file_t lock;
    memset(summary, 0, sizeof(*summary));
    int status = ph_lock_file_take(&lock, options->path, options->take_over, report);
    if (status != PH_OK)
        return status;
    status = begin(&self, options->path, folder, report);
    if (status == PH_OK)
        status = run_there(&self, grid, options, summary, report);
    if (self.descriptor >= 0)
        close(self.descriptor);
    free(self.file.home);
    free(self.file.here);
    free(self.journal.home);
    free(self.journal.here);
    free(self.folder);
    ph_lock_file_release(&lock);
    return status;
}
