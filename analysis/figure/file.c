/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/figure/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/figure/script.h"
#include "base/digest.h"
#include "base/file.h"

/* A script ends with this, the digest of all before, and a line's end: one that somebody has
 * changed is told from one that is as it was written. */
static const char MARK[] = "\n# As polyhebb plot wrote it: ";
enum { SEAL_SIZE = sizeof(MARK) + PH_DIGEST_TEXT_SIZE };

static bool is_script(const char *path)
{
    const size_t length = strlen(path);
    return length > 3 && strcmp(path + length - 3, ".gp") == 0;
}

static void make_seal(const char *text, size_t size, char seal[SEAL_SIZE])
{
    char digest[PH_DIGEST_TEXT_SIZE];
    ph_digest_text(ph_digest_bytes(text, size), digest);
    snprintf(seal, SEAL_SIZE, "%s%s\n", MARK, digest);
}

/* A whole file, to be freed. PH_ERR_MEMORY; PH_ERR_IO where it cannot be read. */
static int contents(FILE *file, char **text, size_t *size)
{
    const long end = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    *text = NULL;
    if (end < 0)
        return PH_ERR_IO;
    *text = malloc((size_t)end + 1);
    if (*text == NULL)
        return PH_ERR_MEMORY;
    rewind(file);
    *size = fread(*text, 1, (size_t)end, file);
    return *size == (size_t)end ? PH_OK : PH_ERR_IO;
}

/* Whether a script ends with the seal of what is before; not where it cannot be read.
 * PH_ERR_MEMORY. */
static int is_as_written(const char *path, bool *same)
{
    char seal[SEAL_SIZE], *text = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "r");
    const int status = file != NULL ? contents(file, &text, &size) : PH_ERR_IO;
    *same = status == PH_OK && size >= SEAL_SIZE - 1;
    if (*same) {
        make_seal(text, size - (SEAL_SIZE - 1), seal);
        *same = memcmp(text + size - (SEAL_SIZE - 1), seal, SEAL_SIZE - 1) == 0;
    }
    free(text);
    if (file != NULL)
        fclose(file);
    return status == PH_ERR_MEMORY ? status : PH_OK;
}

/* A script that somebody has changed goes aside before a new one takes its name. */
static int spare(const char *path, ph_report_t *report)
{
    struct stat facts = {0};
    bool same = false;
    if (lstat(path, &facts) != 0)
        return errno == ENOENT ? PH_OK
                               : ph_fail(report, PH_ERR_IO, "%s: cannot be looked at: %s", path,
                                         strerror(errno));
    if (!S_ISREG(facts.st_mode) || facts.st_size == 0)
        return PH_OK;
    int status = is_as_written(path, &same);
    if (status == PH_OK && same)
        return PH_OK;
    char *aside = status == PH_OK ? malloc(strlen(path) + 2) : NULL;
    if (aside == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for a figure");
    sprintf(aside, "%s~", path);
    if (rename(path, aside) == 0)
        ph_note(report, "%s had been changed since it was written: kept as %s", path, aside);
    else
        status = ph_fail(report, PH_ERR_IO, "%s: cannot be kept as %s: %s", path, aside,
                         strerror(errno));
    free(aside);
    return status;
}

static const char SUFFIX[] = ".partial";

/*
 * The name under which a file is until it is whole. It lies behind that of open_file(), so
 * that the file can be removed when there is no memory left.
 */
static const char *fresh_name(const char *path)
{
    return path + strlen(path) + 1;
}

/*
 * A file PREFIX SUFFIX-KIND.EXTENSION being written, under that name and .partial; `path`, without
 * that, is to be freed.
 */
static int open_file(const ph_figure_t *self, const char *kind, const char *extension, char **path,
                     FILE **file, ph_report_t *report)
{
    const size_t size = strlen(self->request->prefix) + strlen(self->suffix) + strlen(kind) +
                        strlen(ph_figure_tail(self)) + strlen(extension) + 3;
    int descriptor = -1;
    *file = NULL;
    *path = malloc(2 * size + sizeof(SUFFIX));
    if (*path == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for a figure");
    snprintf(*path, size, "%s%s-%s%s.%s", self->request->prefix, self->suffix, kind,
             ph_figure_tail(self), extension);
    const size_t length = strlen(*path);
    memcpy(*path + length + 1, *path, length);
    memcpy(*path + 2 * length + 1, SUFFIX, sizeof(SUFFIX));
    int status = ph_file_fresh(fresh_name(*path), *path, &descriptor, report);
    if (status != PH_OK)
        return status;
    *file = ph_file_stream(descriptor, "w+", fresh_name(*path), report);
    if (*file == NULL)
        unlink(fresh_name(*path));
    return *file != NULL ? PH_OK : PH_ERR_MEMORY;
}

static int put_seal(FILE *file)
{
    char seal[SEAL_SIZE], *text;
    size_t size = 0;
    int status = contents(file, &text, &size);
    if (status == PH_OK) {
        make_seal(text, size, seal);
        status = fseek(file, 0, SEEK_END) == 0 && fputs(seal, file) != EOF ? PH_OK : PH_ERR_IO;
    }
    free(text);
    return status;
}

/* Brings what is in memory to the file and seals a script. */
static int finish(FILE *file, const char *path, ph_report_t *report)
{
    errno = 0;
    const int status = ferror(file) != 0 ? PH_ERR_IO : is_script(path) ? put_seal(file) : PH_OK;
    if (status == PH_OK && fflush(file) == 0)
        return PH_OK;
    if (status == PH_ERR_MEMORY)
        return ph_fail(report, status, "no memory for a figure");
    /* A write that failed long ago has left no reason: the next one has the same. */
    if (errno == 0 && write(fileno(file), " ", 1) >= 0)
        errno = 0;
    return ph_fail(report, PH_ERR_IO, "%s: cannot be written: %s; choose another place (-o)", path,
                   errno != 0 ? strerror(errno) : "an earlier write failed");
}

/*
 * Closes it and, where `status` is PH_OK, gives it its name; a script (gp) of that name that
 * somebody has changed is kept as NAME.gp~, with a note. Else it is removed, and what was under
 * the name stays.
 */
static int close_file(FILE *file, const char *path, int status, ph_report_t *report)
{
    const char *fresh = fresh_name(path);
    if (status == PH_OK)
        status = finish(file, path, report);
    if (status == PH_OK && is_script(path))
        status = spare(path, report);
    if (status == PH_OK)
        status = ph_file_replace(fileno(file), fresh, path, report);
    if (status != PH_OK)
        unlink(fresh);
    fclose(file);
    return status;
}

/* Takes over a script's path. */
static int keep(ph_figures_t *self, char *script, bool kept, ph_report_t *report)
{
    char **grown = realloc(self->scripts, (self->count + 1) * sizeof(*grown));
    if (grown != NULL)
        self->scripts = grown;
    bool *flags = realloc(self->kept, (self->count + 1) * sizeof(*flags));
    if (flags != NULL)
        self->kept = flags;
    if (grown == NULL || flags == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for a figure");
    self->scripts[self->count] = script;
    self->kept[self->count++] = kept;
    return PH_OK;
}

/* Whether a script has the line with this mark among its first ones. */
static bool has_mark(const char *path, const char *mark)
{
    enum { LINES = 8, LINE_SIZE = 1024 };
    char line[LINE_SIZE];
    const size_t length = strlen(mark);
    bool found = false;
    FILE *file = fopen(path, "r");
    for (int k = 0; file != NULL && k < LINES && !found; k++)
        found = fgets(line, sizeof(line), file) != NULL &&
                strncmp(line, PH_SCRIPT_MARK, sizeof(PH_SCRIPT_MARK) - 1) == 0 &&
                strncmp(line + sizeof(PH_SCRIPT_MARK) - 1, mark, length) == 0 &&
                line[sizeof(PH_SCRIPT_MARK) - 1 + length] == '\n';
    if (file != NULL)
        fclose(file);
    return found;
}

/* Whether the figure of a script is there in each of some formats, divided by blanks. */
static bool has_formats(const char *script, const char *formats)
{
    enum { PATH_SIZE = 4096 };
    char path[PATH_SIZE];
    struct stat facts;
    bool all = true;
    for (const char *at = formats; *at != '\0' && all; at += strspn(at, " ")) {
        const size_t length = strcspn(at, " ");
        const int size = snprintf(path, sizeof(path), "%.*s.%.*s", (int)strlen(script) - 3, script,
                                  (int)length, at);
        all = size < PATH_SIZE && stat(path, &facts) == 0 && facts.st_size > 0;
        at += length;
    }
    return all;
}

bool ph_figure_keep(const ph_figure_t *self, const char *word, ph_figures_t *drawn)
{
    const ph_figure_request_t *request = self->request;
    if (request->mark == NULL)
        return false;
    const size_t size = strlen(request->prefix) + strlen(self->suffix) + strlen(word) +
                        strlen(ph_figure_tail(self)) + 5;
    char *script = malloc(size);
    if (script == NULL)
        return false;
    snprintf(script, size, "%s%s-%s%s.gp", request->prefix, self->suffix, word,
             ph_figure_tail(self));
    if (has_mark(script, request->mark) && has_formats(script, request->formats) &&
        keep(drawn, script, true, NULL) == PH_OK)
        return true;
    free(script);
    return false;
}

static int write_data(const ph_figure_t *self, const ph_figure_files_t *files, void *context,
                      ph_report_t *report)
{
    char *path = NULL;
    FILE *file;
    int status = open_file(self, files->word, "dat", &path, &file, report);
    if (status == PH_OK)
        status = close_file(file, path, files->data(context, file, report), report);
    free(path);
    return status;
}

static int write_script(const ph_figure_t *self, const ph_figure_files_t *files, void *context,
                        char **path, ph_report_t *report)
{
    FILE *script;
    int status = open_file(self, files->word, "gp", path, &script, report);
    if (status != PH_OK)
        return status;
    ph_script_head(script, self, files->word);
    files->script(context, script);
    status = ph_script_template(script, self, "style.gp", report);
    if (status == PH_OK)
        status = ph_script_template(script, self, files->template, report);
    return close_file(script, *path, status, report);
}

int ph_figure_write(const ph_figure_t *self, const ph_figure_files_t *files, void *context,
                    ph_figures_t *drawn, ph_report_t *report)
{
    char *path = NULL;
    int status = write_data(self, files, context, report);
    if (status == PH_OK)
        status = write_script(self, files, context, &path, report);
    if (status == PH_OK)
        status = keep(drawn, path, false, report);
    if (status != PH_OK)
        free(path);
    return status;
}
