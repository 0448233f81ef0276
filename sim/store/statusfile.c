/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/statusfile.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/locale.h"
#include "base/machine.h"
#include "sim/store/shard.h"

static const char MARK[] = "polyhebb status 1";

typedef enum { FIELD_TEXT, FIELD_SIGNED, FIELD_UNSIGNED, FIELD_SMALL, FIELD_REAL } field_type_t;

/* One line of the file: name, where it is in ph_progress_t, and its room. */
typedef struct {
    const char *name;
    field_type_t type;
    size_t offset, size;
} field_t;

#define FIELD(name, type)                                                                          \
    {                                                                                              \
#name, type, offsetof(ph_progress_t, name), sizeof(((ph_progress_t *)0)->name)             \
    }
static const field_t FIELDS[] = {
    FIELD(state, FIELD_TEXT),
    FIELD(host, FIELD_TEXT),
    FIELD(pid, FIELD_SIGNED),
    FIELD(started, FIELD_TEXT),
    FIELD(updated, FIELD_TEXT),
    FIELD(points, FIELD_UNSIGNED),
    FIELD(points_done, FIELD_UNSIGNED),
    FIELD(updates, FIELD_UNSIGNED),
    FIELD(updates_done, FIELD_UNSIGNED),
    FIELD(rate, FIELD_REAL),
    FIELD(shard, FIELD_SMALL),
    FIELD(shards, FIELD_SMALL),
};
#undef FIELD
enum { FIELDS_COUNT = sizeof(FIELDS) / sizeof(FIELDS[0]), LINE_SIZE = 256, FILE_MAX = 65536 };

double ph_progress_left(const ph_progress_t *progress)
{
    if (progress->updates_done >= progress->updates)
        return 0.0;
    if (!(progress->rate > 0.0) || isinf(progress->rate))
        return NAN;
    return (double)(progress->updates - progress->updates_done) / progress->rate;
}

double ph_progress_silent(const ph_progress_t *progress)
{
    struct tm at = {.tm_isdst = 0};
    if (sscanf(progress->updated, "%4d-%2d-%2dT%2d:%2d:%2dZ", &at.tm_year, &at.tm_mon, &at.tm_mday,
               &at.tm_hour, &at.tm_min, &at.tm_sec) != 6)
        return NAN;
    at.tm_year -= 1900;
    at.tm_mon -= 1;
    return difftime(time(NULL), timegm(&at));
}

bool ph_progress_is_dead(const ph_progress_t *progress)
{
    char host[sizeof(progress->host)];
    ph_machine_host(host, sizeof(host));
    return strcmp(progress->state, "running") == 0 && strcmp(progress->host, host) == 0 &&
           kill((pid_t)progress->pid, 0) != 0 && errno == ESRCH;
}

static void print_field(FILE *out, const field_t *field, const ph_progress_t *progress)
{
    const void *place = (const char *)progress + field->offset;
    fprintf(out, "%s: ", field->name);
    switch (field->type) {
    case FIELD_TEXT:
        fprintf(out, "%.*s\n", (int)field->size, (const char *)place);
        break;
    case FIELD_SIGNED:
        fprintf(out, "%" PRId64 "\n", *(const int64_t *)place);
        break;
    case FIELD_UNSIGNED:
        fprintf(out, "%" PRIu64 "\n", *(const uint64_t *)place);
        break;
    case FIELD_SMALL:
        fprintf(out, "%" PRIu32 "\n", *(const uint32_t *)place);
        break;
    case FIELD_REAL:
        fprintf(out, "%.6g\n", *(const double *)place);
        break;
    }
}

/* Takes over the descriptor of `fresh`. */
static int write_fields(int descriptor, const char *fresh, const char *final,
                        const ph_progress_t *progress, ph_report_t *report)
{
    FILE *out = ph_file_stream(descriptor, "r+", fresh, report);
    if (out == NULL)
        return PH_ERR_MEMORY;
    fprintf(out, "%s\n", MARK);
    for (size_t i = 0; i < FIELDS_COUNT; i++)
        print_field(out, &FIELDS[i], progress);
    int status = ferror(out) == 0 && fflush(out) == 0
                     ? ph_file_replace(descriptor, fresh, final, report)
                     : ph_fail(report, PH_ERR_IO, "%s: cannot write: %s", final, strerror(errno));
    fclose(out);
    return status;
}

int ph_statusfile_write(const char *path, const ph_progress_t *progress, ph_report_t *report)
{
    PH_LOCALE_GUARD();
    int status, descriptor;
    char *final = ph_file_beside(path, ".status"), *fresh = ph_file_beside(path, ".status.partial");
    if (final == NULL || fresh == NULL) {
        status =
            ph_fail(report, PH_ERR_MEMORY, "out of memory while writing the status of %s", path);
        goto out;
    }
    status = ph_file_fresh(fresh, final, &descriptor, report);
    if (status != PH_OK)
        goto out;
    status = write_fields(descriptor, fresh, final, progress, report);
    if (status != PH_OK)
        unlink(fresh);
out:
    free(final);
    free(fresh);
    return status;
}

static bool parse_unsigned(const char *text, uint64_t maximum, uint64_t *value)
{
    char *end = NULL;
    errno = 0;
    *value = strtoull(text, &end, 10);
    return errno == 0 && *text >= '0' && *text <= '9' && *end == '\0' && *value <= maximum;
}

static bool parse_field(const field_t *field, const char *text, ph_progress_t *progress)
{
    void *place = (char *)progress + field->offset;
    char *end = NULL;
    uint64_t number = 0;
    switch (field->type) {
    case FIELD_TEXT:
        if (strlen(text) >= field->size)
            return false;
        memcpy(place, text, strlen(text) + 1);
        return true;
    case FIELD_SIGNED:
        errno = 0;
        *(int64_t *)place = strtoll(text, &end, 10);
        return errno == 0 && end != text && *end == '\0';
    case FIELD_UNSIGNED:
        return parse_unsigned(text, UINT64_MAX, place);
    case FIELD_SMALL:
        if (!parse_unsigned(text, UINT32_MAX, &number))
            return false;
        *(uint32_t *)place = (uint32_t)number;
        return true;
    case FIELD_REAL:
        *(double *)place = strtod(text, &end);
        return end != text && *end == '\0';
    }
    return false;
}

/* Reads the lines after the mark; each field must be there once. */
static bool parse_lines(FILE *in, ph_progress_t *progress)
{
    char line[LINE_SIZE];
    size_t i = 0;
    if (fgets(line, sizeof(line), in) == NULL || strncmp(line, MARK, strlen(MARK)) != 0 ||
        line[strlen(MARK)] != '\n')
        return false;
    for (; i < FIELDS_COUNT && fgets(line, sizeof(line), in) != NULL; i++) {
        size_t length = strlen(FIELDS[i].name);
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, FIELDS[i].name, length) != 0 || strncmp(line + length, ": ", 2) != 0 ||
            !parse_field(&FIELDS[i], line + length + 2, progress))
            return false;
    }
    return i == FIELDS_COUNT && progress->shard < progress->shards &&
           progress->shards <= PH_SHARDS_MAX;
}

static int read_fields(const char *name, ph_progress_t *progress, ph_report_t *report)
{
    int descriptor;
    int status = ph_file_open(name, FILE_MAX, &descriptor, report);
    FILE *in = status == PH_OK ? ph_file_stream(descriptor, "r", name, report) : NULL;
    if (in == NULL)
        return status == PH_OK ? PH_ERR_MEMORY : status;
    if (!parse_lines(in, progress))
        status = ferror(in)
                     ? ph_fail(report, PH_ERR_IO, "%s: cannot be read: %s", name, strerror(errno))
                     : ph_fail(report, PH_ERR_FORMAT,
                               "%s: not a status file of this version of polyhebb; expected "
                               "\"%s\" and its %d lines",
                               name, MARK, (int)FIELDS_COUNT);
    fclose(in);
    return status;
}

int ph_statusfile_read(const char *path, ph_progress_t *progress, ph_report_t *report)
{
    memset(progress, 0, sizeof(*progress));
    char *name = ph_file_beside(path, ".status");
    if (name == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "out of memory while reading the status of %s", path);
    bool exists;
    int status = ph_file_exists(name, &exists, report);
    if (status == PH_OK && !exists)
        status = ph_fail(report, PH_ERR_IO,
                         "%s: no %s, which 'polyhebb run' keeps beside the run file it writes; "
                         "'polyhebb check' looks into the run file itself",
                         path, name);
    else if (status == PH_OK)
        status = read_fields(name, progress, report);
    free(name);
    return status;
}

double ph_statusfile_silence(const char *path)
{
    ph_progress_t progress;
    struct stat facts;
    char *claim = ph_file_beside(path, ".claim");
    double silence = NAN;
    if (ph_statusfile_read(path, &progress, NULL) == PH_OK)
        silence = ph_progress_silent(&progress);
    if (claim != NULL && stat(claim, &facts) == 0)
        silence = fmin(silence, difftime(time(NULL), facts.st_mtime)); /* of NaN and a number: it */
    free(claim);
    return silence;
}
