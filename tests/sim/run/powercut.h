/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_POWERCUT_H
#define PH_TESTS_POWERCUT_H

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tests/testing.h"

/*
 * A disk that forgets. The C library's calls are stood in for by ones that write down all that is
 * done in one folder; power_cut() then makes the folder as a power cut after any of these calls may
 * leave it:
 * - of a file, all that was written before its last fsync is there; of later writes nothing, or
 *   all, or any of the sectors of 512 bytes, the others as they were, zero or rubbish;
 * - of names made, changed and removed, all before the last fsync of the folder; of the later ones
 *   the first few, in their order.
 * The status file, which holds no results, is left out.
 */
enum { POWER_FILES = 16, POWER_OPS = 20000, POWER_NAME = 64, POWER_SECTOR = 512, POWER_FDS = 256 };
enum { POWER_DROPPED, POWER_WRITTEN, POWER_SECTORS, POWER_RUBBISH, POWER_MODES };

typedef enum {
    OP_MAKE,
    OP_WRITE,
    OP_CUT,
    OP_SYNC,
    OP_RENAME,
    OP_UNLINK,
    OP_SYNC_FOLDER
} power_kind_t;

typedef struct {
    power_kind_t kind;
    int file;
    size_t offset, size;
    uint8_t *bytes;
    char name[POWER_NAME], to[POWER_NAME];
} power_op_t;

typedef struct {
    size_t size;
    uint8_t *bytes;
} power_content_t;

/* Files by number; the names of those that are there; what they held at first. */
typedef struct {
    int files, count;
    int fds[POWER_FDS]; /* file, -1: another, -2: the folder */
    char names[POWER_FILES][POWER_NAME], first_names[POWER_FILES][POWER_NAME];
    power_content_t first[POWER_FILES];
    power_op_t ops[POWER_OPS];
} power_log_t;

static void power_copy(char *to, const char *from)
{
    const size_t length = strnlen(from, POWER_NAME - 1);
    memmove(to, from, length);
    to[length] = '\0';
}

static const char *power_folder;
static power_log_t *power_log; /* NULL: nothing is written down */

/* The name within the folder; NULL: elsewhere, or a status file. */
static const char *power_name(const char *path)
{
    const size_t length = strlen(power_folder);
    if (strncmp(path, power_folder, length) != 0 || path[length] != '/' ||
        strstr(path, ".status") != NULL)
        return NULL;
    return path + length + 1;
}

static int power_find(const power_log_t *log, const char *name)
{
    for (int f = 0; f < log->files; f++)
        if (strcmp(log->names[f], name) == 0)
            return f;
    return -1;
}

static power_op_t *power_add(power_kind_t kind, int file)
{
    ck_assert_int_lt(power_log->count, POWER_OPS);
    power_op_t *op = &power_log->ops[power_log->count++];
    *op = (power_op_t){.kind = kind, .file = file};
    return op;
}

/* With the name the file has now. */
static power_op_t *power_named(power_kind_t kind, int file)
{
    power_op_t *op = power_add(kind, file);
    power_copy(op->name, power_log->names[file]);
    return op;
}

static int power_new_file(power_log_t *log, const char *name)
{
    ck_assert_int_lt(log->files, POWER_FILES);
    power_copy(log->names[log->files], name);
    return log->files++;
}

static void power_opened(const char *path, int flags, int descriptor)
{
    if (power_log == NULL || descriptor < 0 || descriptor >= POWER_FDS)
        return;
    power_log->fds[descriptor] = strcmp(path, power_folder) == 0 ? -2 : -1;
    const char *name = power_name(path);
    if (name == NULL)
        return;
    int file = power_find(power_log, name);
    if (file < 0) {
        file = power_new_file(power_log, name);
        power_named(OP_MAKE, file);
    }
    power_log->fds[descriptor] = file;
    if ((flags & O_TRUNC) != 0)
        power_add(OP_CUT, file);
}

static int power_file(int descriptor)
{
    return power_log != NULL && descriptor >= 0 && descriptor < POWER_FDS
               ? power_log->fds[descriptor]
               : -1;
}

int open(const char *path, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(list, mode_t) : 0;
    va_end(list);
    const int descriptor = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    power_opened(path, flags, descriptor);
    return descriptor;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t offset)
{
    const ssize_t written = syscall(SYS_pwrite64, descriptor, bytes, size, offset);
    const int file = power_file(descriptor);
    if (file >= 0 && written > 0) {
        power_op_t *op = power_add(OP_WRITE, file);
        op->offset = (size_t)offset;
        op->size = (size_t)written;
        op->bytes = malloc(op->size);
        memcpy(op->bytes, bytes, op->size);
    }
    return written;
}

int ftruncate(int descriptor, off_t length)
{
    const int result = (int)syscall(SYS_ftruncate, descriptor, length);
    if (result == 0 && power_file(descriptor) >= 0)
        power_add(OP_CUT, power_file(descriptor))->size = (size_t)length;
    return result;
}

int fsync(int descriptor)
{
    if (power_file(descriptor) >= 0)
        power_named(OP_SYNC, power_file(descriptor));
    else if (power_file(descriptor) == -2)
        power_add(OP_SYNC_FOLDER, -1);
    return 0;
}

int rename(const char *from, const char *to)
{
    const int result = (int)syscall(SYS_rename, from, to);
    if (result == 0 && power_log != NULL && power_name(from) != NULL) {
        power_op_t *op = power_named(OP_RENAME, power_find(power_log, power_name(from)));
        power_copy(op->to, power_name(to));
        const int old = power_find(power_log, op->to);
        if (old >= 0)
            power_log->names[old][0] = '\0';
        power_copy(power_log->names[op->file], op->to);
    }
    return result;
}

int unlink(const char *path)
{
    const int result = (int)syscall(SYS_unlink, path);
    if (result == 0 && power_log != NULL && power_name(path) != NULL) {
        const power_op_t *op = power_named(OP_UNLINK, power_find(power_log, power_name(path)));
        power_log->names[op->file][0] = '\0';
    }
    return result;
}

/* Time goes on by a second whenever a run that is written down asks for it, and nobody waits. */
int clock_gettime(clockid_t id, struct timespec *now)
{
    static long seconds = 1000000000;
    if (power_log == NULL)
        return (int)syscall(SYS_clock_gettime, id, now);
    *now = (struct timespec){.tv_sec = ++seconds};
    return 0;
}

int nanosleep(const struct timespec *time, struct timespec *left)
{
    (void)time, (void)left;
    return 0;
}

static inline void power_write(power_content_t *content, const power_op_t *op, size_t from,
                               size_t to)
{
    if (to > content->size) {
        content->bytes = realloc(content->bytes, to);
        memset(content->bytes + content->size, 0, to - content->size);
        content->size = to;
    }
    memcpy(content->bytes + from, op->bytes + (from - op->offset), to - from);
}

static inline void power_cut_to(power_content_t *content, size_t size)
{
    content->bytes = realloc(content->bytes, size + 1);
    if (size > content->size)
        memset(content->bytes + content->size, 0, size - content->size);
    content->size = size;
}

/* One pending write, sector by sector. */
static inline void power_tear(power_content_t *content, const power_op_t *op, int mode)
{
    const size_t end = op->offset + op->size, had = content->size;
    for (size_t from = op->offset, to; from < end; from = to) {
        to = (from / POWER_SECTOR + 1) * POWER_SECTOR;
        to = to < end ? to : end;
        if (rand() % 2 == 0)
            power_write(content, op, from, to);
        else if (mode == POWER_RUBBISH && from >= had && rand() % 2 == 0) {
            power_write(content, op, from, to);
            for (size_t i = from; i < to; i++)
                content->bytes[i] = (uint8_t)rand();
        }
    }
}

/** What a file holds after a cut behind `ops` calls. */
static inline power_content_t power_content(const power_log_t *log, int ops, int file, int mode)
{
    power_content_t content = {log->first[file].size, malloc(log->first[file].size + 1)};
    if (log->first[file].size > 0)
        memcpy(content.bytes, log->first[file].bytes, content.size);
    int synced = -1;
    for (int k = 0; k < ops; k++)
        if (log->ops[k].file == file && log->ops[k].kind == OP_SYNC)
            synced = k;
    for (int k = 0; k < ops; k++) {
        const power_op_t *op = &log->ops[k];
        if (op->file != file || (k > synced && mode == POWER_DROPPED))
            continue;
        const bool whole = k <= synced || mode == POWER_WRITTEN;
        if (op->kind == OP_CUT && (whole || rand() % 2 == 0))
            power_cut_to(&content, op->size);
        else if (op->kind == OP_WRITE && whole)
            power_write(&content, op, op->offset, op->offset + op->size);
        else if (op->kind == OP_WRITE)
            power_tear(&content, op, mode);
    }
    return content;
}

/* The names after a cut behind `ops` calls: names[file]. */
static inline void power_names(const power_log_t *log, int ops, char names[POWER_FILES][POWER_NAME])
{
    int sure = 0, pending = 0, open_end;
    memcpy(names, log->first_names, sizeof(log->first_names));
    for (int k = 0; k < ops; k++)
        sure = log->ops[k].kind == OP_SYNC_FOLDER ? k : sure;
    for (int k = sure; k < ops; k++)
        pending += log->ops[k].kind == OP_MAKE || log->ops[k].kind == OP_RENAME ||
                   log->ops[k].kind == OP_UNLINK;
    open_end = pending > 0 ? rand() % (pending + 1) : 0;
    for (int k = 0; k < ops; k++) {
        const power_op_t *op = &log->ops[k];
        if (op->kind != OP_MAKE && op->kind != OP_RENAME && op->kind != OP_UNLINK)
            continue;
        if (k >= sure && open_end-- <= 0)
            break;
        for (int f = 0; op->kind == OP_RENAME && f < POWER_FILES; f++)
            if (strcmp(names[f], op->to) == 0)
                names[f][0] = '\0';
        power_copy(names[op->file], op->kind == OP_MAKE     ? op->name
                                    : op->kind == OP_RENAME ? op->to
                                                            : "");
    }
}

static inline void power_put(const char *name, const power_content_t *content)
{
    char path[160];
    snprintf(path, sizeof(path), "%s/%.64s", power_folder, name);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(content->bytes, 1, content->size, file), content->size);
    ck_assert_int_eq(fclose(file), 0);
}

#endif
