/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_BASE_FILE_H
#define PH_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/report.h"

/*
 * How files are opened, made and replaced. To read: only a regular file, never a pipe or device
 * that blocks. To write: never through a symbolic link in the last part of the name. Where one of
 * these functions fails, errno is that of the system call, 0 where the file was the reason.
 */

/**
 * Opens a regular file of at most `largest` bytes (UINT64_MAX: any) to read; its descriptor is to
 * be closed, -1 on failure. PH_ERR_IO where the system refuses (errno ENOENT: there is none),
 * PH_ERR_FORMAT for a folder, pipe, device or socket and for a longer file.
 */
int ph_file_open(const char *path, uint64_t largest, int *descriptor, ph_report_t *report);

/**
 * Reads a regular file of at most `largest` bytes whole: `*bytes` is to be freed and ends with a
 * NUL that `*size` does not count. Errors as ph_file_open(), and PH_ERR_MEMORY.
 */
int ph_file_load(const char *path, size_t largest, char **bytes, size_t *size, ph_report_t *report);

/** The same of a file that ph_file_open() has opened and nobody has read from yet; its descriptor
 * is closed, also on failure. */
int ph_file_load_open(int descriptor, const char *path, size_t largest, char **bytes, size_t *size,
                      ph_report_t *report);

/** The same of what a pipe or terminal gives until it ends; `name` stands for it in messages.
 * Errors as ph_file_load(). */
int ph_file_load_stream(FILE *in, const char *name, size_t largest, char **bytes, size_t *size,
                        ph_report_t *report);

/**
 * Reads `size` bytes from `offset` on, whatever interrupts it. PH_ERR_IO (errno says why),
 * PH_ERR_DAMAGED where the file ends before.
 */
int ph_file_read_at(int descriptor, uint64_t offset, void *bytes, size_t size);

/** Writes `size` bytes from `offset` on, however few a call takes. PH_ERR_IO (errno says why). */
int ph_file_write_at(int descriptor, uint64_t offset, const void *bytes, size_t size);

/**
 * Whether something is there. PH_ERR_IO where the system does not tell: only ENOENT means that
 * there is nothing.
 */
int ph_file_exists(const char *path, bool *exists, ph_report_t *report);

/** Bytes that an ordinary user may still write where an open file or folder is; INFINITY where the
 * system does not tell. */
double ph_file_room(int descriptor);

/**
 * Opens a file that is beside a result (a journal, a claim) to read and write; makes it where
 * there is none. A symbolic link is not followed. PH_ERR_IO where the system refuses or the name is
 * a link, PH_ERR_FORMAT where it is no regular file.
 */
int ph_file_open_beside(const char *path, int *descriptor, ph_report_t *report);

/** Makes a file that must not exist yet, to read and write. PH_ERR_IO (errno EEXIST: it does). */
int ph_file_create(const char *path, int *descriptor, ph_report_t *report);

/**
 * Whether a result may take this name: nothing is there, or a regular file that may be written.
 * PH_ERR_INPUT for one that is write-protected (somebody wants it kept), for a folder, pipe or
 * device; PH_ERR_IO where the system does not tell.
 */
int ph_file_replaceable(const char *path, ph_report_t *report);

/** A name beside `path`: it and the suffix (".journal"), owned by the caller; NULL without memory.
 */
char *ph_file_beside(const char *path, const char *suffix);

/**
 * Makes a file that has no name, to read and write, in the folder TMPDIR names, else in /tmp: it is
 * gone once it is closed, however the process ends. PH_ERR_IO, PH_ERR_MEMORY.
 */
int ph_file_unnamed(int *descriptor, ph_report_t *report);

/**
 * Makes the file `fresh` anew, to read and write, which is to take the name `path`: what was
 * under `fresh` is removed, a file that replaces one can be read by its owner alone until then.
 * Errors as ph_file_replaceable() and ph_file_create().
 */
int ph_file_fresh(const char *fresh, const char *path, int *descriptor, ph_report_t *report);

/**
 * Renames `fresh`, open as `descriptor`, to `path`. Where it replaces a file, it takes its
 * permissions, and its owner and group where the system allows; it is never readable to more people
 * than the old one. Syncs nothing. Errors as ph_file_replaceable(); `fresh` then stays.
 */
int ph_file_replace(int descriptor, const char *fresh, const char *path, ph_report_t *report);

/** Brings a file to the disk. PH_ERR_IO. */
int ph_file_sync(int descriptor, const char *path, ph_report_t *report);

/** Brings the name of a file to the disk: syncs its folder, where folders can be. PH_ERR_IO. */
int ph_file_sync_name(const char *path, ph_report_t *report);

/**
 * A stream over a descriptor, which it takes over ("r", "r+"); NULL, and the descriptor closed,
 * where there is no memory. `path` is for the message.
 */
FILE *ph_file_stream(int descriptor, const char *mode, const char *path, ph_report_t *report);

#endif
