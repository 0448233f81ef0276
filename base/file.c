/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Neither waits for the other end of a pipe nor becomes the terminal of this process. */
enum { CAREFUL = O_NONBLOCK | O_NOCTTY | O_CLOEXEC, PERMISSIONS = 0777 };

/* PH_ERR_IO with the system's reason, which stays in errno. */
static int refused(const char *path, const char *what, ph_report_t *report)
{
    const int error = errno;
    ph_fail(report, PH_ERR_IO, "%s: %s: %s", path, what, strerror(error));
    errno = error;
    return PH_ERR_IO;
}

static const char *kind_of(mode_t mode)
{
    return S_ISDIR(mode)    ? "a folder"
           : S_ISFIFO(mode) ? "a pipe"
           : S_ISSOCK(mode) ? "a socket"
           : S_ISLNK(mode)  ? "a symbolic link"
                            : "a device";
}

static int check_kind(const char *path, const struct stat *facts, uint64_t largest,
                      ph_report_t *report)
{
    int status = PH_OK;
    if (!S_ISREG(facts->st_mode))
        status = ph_fail(report, PH_ERR_FORMAT, "%s: is %s, expected a regular file", path,
                         kind_of(facts->st_mode));
    else if ((uint64_t)facts->st_size > largest)
        status = ph_fail(report, PH_ERR_FORMAT, "%s: has %llu bytes, expected at most %llu", path,
                         (unsigned long long)facts->st_size, (unsigned long long)largest);
    if (status != PH_OK)
        errno = 0;
    return status;
}

static void drop(int *descriptor)
{
    const int error = errno;
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
    errno = error;
}

/* What was opened, looked at once more: the name may lead elsewhere by now. */
static int check_open(const char *path, uint64_t largest, int *descriptor, ph_report_t *report)
{
    struct stat facts;
    const int status = fstat(*descriptor, &facts) != 0 ? refused(path, "cannot be read", report)
                                                       : check_kind(path, &facts, largest, report);
    if (status != PH_OK)
        drop(descriptor);
    return status;
}

int ph_file_open(const char *path, uint64_t largest, int *descriptor, ph_report_t *report)
{
    struct stat facts;
    *descriptor = -1;
    if (stat(path, &facts) != 0)
        return refused(path, "cannot be read", report);
    /* Before it is opened: to open a device may do something. */
    const int status = check_kind(path, &facts, largest, report);
    if (status != PH_OK)
        return status;
    *descriptor = open(path, O_RDONLY | CAREFUL);
    if (*descriptor < 0)
        return refused(path, "cannot be read", report);
    return check_open(path, largest, descriptor, report);
}

/* Reads to the end, at most `room` bytes: 0, or an errno. */
static int read_to_end(int descriptor, char *bytes, size_t room, size_t *size)
{
    *size = 0;
    while (*size < room) {
        const ssize_t got = read(descriptor, bytes + *size, room - *size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno;
        if (got == 0)
            break;
        *size += (size_t)got;
    }
    return 0;
}

int ph_file_load_open(int descriptor, const char *path, size_t largest, char **bytes, size_t *size,
                      ph_report_t *report)
{
    struct stat facts = {0};
    *bytes = NULL;
    *size = 0;
    int status = check_open(path, largest, &descriptor, report);
    if (status == PH_OK && fstat(descriptor, &facts) != 0)
        status = refused(path, "cannot be read", report);
    /* One byte more than it has tells whether it grew meanwhile. */
    const size_t room = (size_t)facts.st_size + 1;
    char *text = status == PH_OK ? malloc(room + 1) : NULL;
    if (status == PH_OK && text == NULL)
        status = ph_fail(report, PH_ERR_MEMORY, "%s: no memory for its %zu bytes", path, room - 1);
    if (status == PH_OK && (errno = read_to_end(descriptor, text, room, size)) != 0)
        status = refused(path, "cannot be read", report);
    if (status == PH_OK && *size == room) {
        errno = 0;
        status = ph_fail(report, PH_ERR_IO, "%s: grew while it was read; try again", path);
    }
    drop(&descriptor);
    if (status != PH_OK) {
        free(text);
        return status;
    }
    text[*size] = '\0';
    *bytes = text;
    return PH_OK;
}

int ph_file_load(const char *path, size_t largest, char **bytes, size_t *size, ph_report_t *report)
{
    int descriptor;
    *bytes = NULL;
    *size = 0;
    const int status = ph_file_open(path, largest, &descriptor, report);
    return status == PH_OK ? ph_file_load_open(descriptor, path, largest, bytes, size, report)
                           : status;
}

int ph_file_load_stream(FILE *in, const char *name, size_t largest, char **bytes, size_t *size,
                        ph_report_t *report)
{
    size_t room = 0, used = 0;
    char *text = NULL;
    *bytes = NULL;
    *size = 0;
    do {
        room = room == 0 ? 4096 : 2 * room;
        char *larger = realloc(text, room + 1);
        if (larger == NULL) {
            free(text);
            return ph_fail(report, PH_ERR_MEMORY, "%s: no memory for its %zu bytes", name, room);
        }
        text = larger;
        errno = 0;
        used += fread(text + used, 1, room - used, in);
    } while (used == room && used <= largest);
    int status = PH_OK;
    if (ferror(in))
        status = refused(name, "cannot be read", report);
    else if (used > largest)
        status = ph_fail(report, PH_ERR_FORMAT, "%s: has more than %zu bytes", name, largest);
    if (status != PH_OK) {
        free(text);
        return status;
    }
    text[used] = '\0';
    *bytes = text;
    *size = used;
    return PH_OK;
}

int ph_file_read_at(int descriptor, uint64_t offset, void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        const ssize_t got =
            pread(descriptor, (char *)bytes + done, size - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return PH_ERR_IO;
        if (got == 0)
            return PH_ERR_DAMAGED;
        done += (size_t)got;
    }
    return PH_OK;
}

int ph_file_write_at(int descriptor, uint64_t offset, const void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        const ssize_t put =
            pwrite(descriptor, (const char *)bytes + done, size - done, (off_t)(offset + done));
        if (put < 0 && errno == EINTR)
            continue;
        if (put == 0)
            errno = EIO;
        if (put <= 0)
            return PH_ERR_IO;
        done += (size_t)put;
    }
    return PH_OK;
}

int ph_file_exists(const char *path, bool *exists, ph_report_t *report)
{
    struct stat facts;
    *exists = stat(path, &facts) == 0;
    return *exists || errno == ENOENT ? PH_OK : refused(path, "cannot be looked at", report);
}

/* Why a file could not be made or opened to write. */
static int fail_to_make(const char *path, ph_report_t *report)
{
    const int error = errno;
    if (error == ELOOP)
        ph_fail(report, PH_ERR_IO,
                "%s: is a symbolic link, through which nothing is written; remove it or choose "
                "another name (-o)",
                path);
    else
        ph_fail(report, PH_ERR_IO,
                "%s: cannot be made: %s; choose a folder where files can be written (-o)", path,
                strerror(error));
    errno = error;
    return PH_ERR_IO;
}

double ph_file_room(int descriptor)
{
    struct statvfs disk;
    return fstatvfs(descriptor, &disk) == 0 ? (double)disk.f_bavail * (double)disk.f_frsize
                                            : INFINITY;
}

int ph_file_open_beside(const char *path, int *descriptor, ph_report_t *report)
{
    struct stat facts;
    *descriptor = -1;
    if (lstat(path, &facts) == 0 && !S_ISREG(facts.st_mode) && !S_ISLNK(facts.st_mode))
        return check_kind(path, &facts, UINT64_MAX, report);
    *descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | CAREFUL, 0666);
    if (*descriptor < 0)
        return fail_to_make(path, report);
    return check_open(path, UINT64_MAX, descriptor, report);
}

static int create(const char *path, mode_t mode, int *descriptor, ph_report_t *report)
{
    *descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | CAREFUL, mode);
    return *descriptor >= 0 ? PH_OK : fail_to_make(path, report);
}

int ph_file_create(const char *path, int *descriptor, ph_report_t *report)
{
    return create(path, 0666, descriptor, report);
}

/* What is under the name, its type 0 where nothing does, and whether it may be replaced. */
static int look_at_old(const char *path, struct stat *old, ph_report_t *report)
{
    memset(old, 0, sizeof(*old));
    if (stat(path, old) != 0) {
        memset(old, 0, sizeof(*old));
        return errno == ENOENT ? PH_OK : refused(path, "cannot be looked at", report);
    }
    if (!S_ISREG(old->st_mode)) {
        errno = 0;
        return ph_fail(report, PH_ERR_INPUT,
                       "%s: is %s, expected a regular file or a new name; give another output "
                       "with -o",
                       path, kind_of(old->st_mode));
    }
    if ((old->st_mode & 0222) != 0 && faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0)
        return PH_OK;
    if ((old->st_mode & 0222) != 0 && errno != EACCES)
        return refused(path, "cannot be replaced", report);
    errno = 0;
    return ph_fail(report, PH_ERR_INPUT,
                   "%s: is write-protected (mode %04o, user %u), so it is not replaced; give "
                   "another output with -o, or allow writing first (chmod u+w)",
                   path, (unsigned)(old->st_mode & PERMISSIONS), (unsigned)old->st_uid);
}

int ph_file_replaceable(const char *path, ph_report_t *report)
{
    struct stat old;
    return look_at_old(path, &old, report);
}

int ph_file_fresh(const char *fresh, const char *path, int *descriptor, ph_report_t *report)
{
    struct stat old;
    *descriptor = -1;
    int status = look_at_old(path, &old, report);
    if (status != PH_OK)
        return status;
    if (unlink(fresh) != 0 && errno != ENOENT)
        return refused(fresh, "is in the way and cannot be removed", report);
    return create(fresh, old.st_mode != 0 ? 0600 : 0666, descriptor, report);
}

int ph_file_unnamed(int *descriptor, ph_report_t *report)
{
    const char *named = getenv("TMPDIR"),
               *folder = named != NULL && named[0] != '\0' ? named : "/tmp";
    char *name = ph_file_beside(folder, "/polyhebb-XXXXXX");
    *descriptor = -1;
    if (name == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the name of a file in %s", folder);
    const int made = mkstemp(name);
    const int error = errno;
    if (made >= 0) {
        unlink(name);
        fcntl(made, F_SETFD, FD_CLOEXEC);
        *descriptor = made;
    }
    free(name);
    if (made >= 0)
        return PH_OK;
    errno = error;
    return refused(folder, "takes no temporary file (set TMPDIR to a folder that does)", report);
}

/* Owner, group and permissions of the file to be replaced. */
static int dress(int descriptor, const char *path, const struct stat *old, ph_report_t *report)
{
    struct stat own, named;
    mode_t mode = old->st_mode & PERMISSIONS;
    if (fstat(descriptor, &own) != 0)
        return refused(path, "cannot be looked at", report);
    /* Whoever made a link does not say whose the new file is, nor who may write it. */
    const bool is_link = lstat(path, &named) == 0 && S_ISLNK(named.st_mode);
    if (is_link)
        mode &= 0755;
    const bool same = own.st_uid == old->st_uid && own.st_gid == old->st_gid;
    if (is_link || (!same && fchown(descriptor, old->st_uid, old->st_gid) != 0)) {
        if (own.st_gid != old->st_gid &&
            (is_link || fchown(descriptor, (uid_t)-1, old->st_gid) != 0))
            mode &= (mode_t) ~(070U & ~((mode & 07U) << 3));
        if (own.st_uid != old->st_uid)
            ph_note(report, "%s: belonged to user %u and now to user %u", path,
                    (unsigned)old->st_uid, (unsigned)own.st_uid);
    }
    if (fchmod(descriptor, mode) != 0 && (own.st_mode & PERMISSIONS & ~mode) != 0)
        return refused(path, "cannot be kept as private as it was", report);
    return PH_OK;
}

int ph_file_replace(int descriptor, const char *fresh, const char *path, ph_report_t *report)
{
    struct stat old;
    int status = look_at_old(path, &old, report);
    if (status == PH_OK && old.st_mode != 0)
        status = dress(descriptor, path, &old, report);
    if (status == PH_OK && rename(fresh, path) != 0)
        status = refused(path, "cannot be put in place", report);
    return status;
}

/* Some file systems do not sync, folders above all: what was written is there. */
static bool synced(int descriptor)
{
    return fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS;
}

int ph_file_sync(int descriptor, const char *path, ph_report_t *report)
{
    return synced(descriptor) ? PH_OK : refused(path, "cannot be brought to the disk", report);
}

int ph_file_sync_name(const char *path, ph_report_t *report)
{
    char *copy = strdup(path);
    if (copy == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "%s: no memory to sync its folder", path);
    int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(copy);
    const int status = folder >= 0 && synced(folder)
                           ? PH_OK
                           : refused(path, "its folder cannot be brought to the disk", report);
    drop(&folder);
    return status;
}

char *ph_file_beside(const char *path, const char *suffix)
{
    const size_t size = strlen(path) + strlen(suffix) + 1;
    char *name = malloc(size);
    if (name != NULL)
        snprintf(name, size, "%s%s", path, suffix);
    return name;
}

FILE *ph_file_stream(int descriptor, const char *mode, const char *path, ph_report_t *report)
{
    FILE *stream = fdopen(descriptor, mode);
    if (stream == NULL) {
        drop(&descriptor);
        ph_fail(report, PH_ERR_MEMORY, "%s: no memory to open it", path);
    }
    return stream;
}
