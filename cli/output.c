/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static int fail(const char *path, ph_report_t *report)
{
    return ph_fail(report, PH_ERR_IO, "%s: cannot write: %s", path, strerror(errno));
}

static int check_old(const char *path, const ph_output_kind_t *kind, ph_report_t *report)
{
    int descriptor;
    int status = ph_file_open(path, UINT64_MAX, &descriptor, report);
    FILE *old = status == PH_OK ? ph_file_stream(descriptor, "r", path, report) : NULL;
    if (old == NULL)
        return status == PH_OK ? PH_ERR_MEMORY : status;
    const bool ours = kind->ours(old);
    fclose(old);
    return ours ? PH_OK
                : ph_fail(report, PH_ERR_INPUT,
                          "%s exists and is not %s, so it is not overwritten; %s", path, kind->what,
                          kind->advice);
}

/* Links are written through, or /dev/stdout might be replaced by a file; but not one that another
 * user has put there, in a shared folder, to have this user's file overwritten. */
static int check_link(const char *path, bool *is_link, ph_report_t *report)
{
    struct stat facts = {0};
    *is_link = lstat(path, &facts) == 0 && S_ISLNK(facts.st_mode);
    if (!*is_link || facts.st_uid == geteuid() || facts.st_uid == 0)
        return PH_OK;
    return ph_fail(report, PH_ERR_INPUT,
                   "%s: is a symbolic link made by user %u, through which nothing is written; "
                   "remove it or choose another name",
                   path, (unsigned)facts.st_uid);
}

int ph_output_open(ph_output_t *self, const char *path, const ph_output_kind_t *kind,
                   ph_report_t *report)
{
    struct stat facts = {0};
    bool is_link = false;
    memset(self, 0, sizeof(*self));
    self->path = path;
    int status = check_link(path, &is_link, report);
    const bool exists = stat(path, &facts) == 0;
    if (status == PH_OK && !exists && errno != ENOENT)
        status = ph_fail(report, PH_ERR_IO, "%s: cannot be looked at: %s", path, strerror(errno));
    if (status == PH_OK && exists && S_ISREG(facts.st_mode) && facts.st_size > 0)
        status = check_old(path, kind, report);
    if (status == PH_OK && (!exists || (S_ISREG(facts.st_mode) && !is_link))) {
        self->partial = ph_file_beside(path, ".partial");
        if (self->partial == NULL)
            status = PH_ERR_MEMORY;
    }
    if (status != PH_OK)
        return status;
    if (self->partial == NULL) {
        self->stream = fopen(path, "w");
        return self->stream != NULL ? PH_OK : fail(path, report);
    }
    int descriptor;
    status = ph_file_fresh(self->partial, path, &descriptor, report);
    if (status != PH_OK)
        return status;
    self->stream = ph_file_stream(descriptor, "r+", self->partial, report);
    if (self->stream != NULL)
        return PH_OK;
    unlink(self->partial);
    return PH_ERR_MEMORY;
}

int ph_output_commit(ph_output_t *self, mode_t mode, ph_report_t *report)
{
    const int descriptor = fileno(self->stream);
    int status = PH_OK;
    if (ferror(self->stream) != 0 || fflush(self->stream) != 0 ||
        (self->partial != NULL && mode != 0 && fchmod(descriptor, mode) != 0))
        status = fail(self->path, report);
    if (status == PH_OK && self->partial != NULL)
        status = ph_file_replace(descriptor, self->partial, self->path, report);
    if (fclose(self->stream) != 0 && status == PH_OK)
        status = fail(self->path, report);
    if (status != PH_OK && self->partial != NULL)
        unlink(self->partial);
    self->stream = NULL;
    ph_output_close(self);
    return status;
}

void ph_output_close(ph_output_t *self)
{
    if (self->stream != NULL) {
        fclose(self->stream);
        if (self->partial != NULL)
            unlink(self->partial);
    }
    free(self->partial);
    memset(self, 0, sizeof(*self));
}
