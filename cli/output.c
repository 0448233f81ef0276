/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(const char *path, ph_report_t *report)
{
    return ph_fail(report, PH_ERR_IO, "%s: cannot write: %s", path, strerror(errno));
}

static int check_old(const char *path, const ph_output_kind_t *kind, ph_report_t *report)
{
    FILE *old = fopen(path, "r");
    const bool ours = old != NULL && kind->ours(old);
    if (old != NULL)
        fclose(old);
    return ours ? PH_OK
                : ph_fail(report, PH_ERR_INPUT,
                          "%s exists and is not %s, so it is not overwritten; %s", path, kind->what,
                          kind->advice);
}

/* Links are written through, or /dev/stdout might be replaced by a file. */
static bool is_link(const char *path)
{
    struct stat facts = {0};
    return lstat(path, &facts) == 0 && S_ISLNK(facts.st_mode);
}

int ph_output_open(ph_output_t *self, const char *path, const ph_output_kind_t *kind,
                   ph_report_t *report)
{
    struct stat facts = {0};
    int status = PH_OK;
    memset(self, 0, sizeof(*self));
    self->path = path;
    const bool exists = stat(path, &facts) == 0;
    if (exists && S_ISREG(facts.st_mode) && facts.st_size > 0)
        status = check_old(path, kind, report);
    if (status == PH_OK && (!exists || (S_ISREG(facts.st_mode) && !is_link(path)))) {
        const size_t size = strlen(path) + sizeof(".partial");
        self->partial = malloc(size);
        if (self->partial == NULL)
            status = PH_ERR_MEMORY;
        else
            snprintf(self->partial, size, "%s.partial", path);
    }
    if (status != PH_OK)
        return status;
    const char *target = self->partial != NULL ? self->partial : path;
    self->stream = fopen(target, "w");
    return self->stream != NULL ? PH_OK : fail(target, report);
}

int ph_output_commit(ph_output_t *self, mode_t mode, ph_report_t *report)
{
    const char *target = self->partial != NULL ? self->partial : self->path;
    const bool bad = ferror(self->stream) != 0;
    int status = PH_OK;
    if (fclose(self->stream) != 0 || bad || (mode != 0 && chmod(target, mode) != 0) ||
        (self->partial != NULL && rename(self->partial, self->path) != 0))
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
