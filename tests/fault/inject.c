/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes system calls and allocations of a program fail, for the driver torture.py. Built twice:
 * as a shared library for LD_PRELOAD, and (with FAULT_WRAP) to be linked into the program with
 * -Wl,--wrap where a sanitizer must keep its own malloc.
 *
 * Nothing fails and nothing is counted before main(). From then on every call belongs to a kind
 * (FAULT_KINDS) and to a side: "library" where libhdf5, libfyaml, GSL or OpenMP makes it, "loader"
 * where the dynamic loader does (never made to fail), "own" where the program does, or zlib. What
 * the C library allocates belongs to whoever called it. The streams of fopen() and stdout read,
 * write and close through the counted calls.
 *
 * FAULT_SERVER="5 6" in the environment: main() becomes a server. It reads orders from descriptor
 * 5, one a line: "FOLDER KIND SIDE N HOW ERRNO". For each it forks a child that goes to
 * FOLDER, has its output in FOLDER/.out and FOLDER/.err, and runs the program; and answers on
 * descriptor 6 with the child's process, then its wait status, processor time in microseconds and
 * the calls counted, kind by kind, own and library. HOW is once (call N fails), ever (it and all
 * that follow), short (it and all that follow move half of their bytes), kill (the process dies
 * instead of making call N), none, or places: none, and FOLDER/.places gets a line "KIND SIDE
 * PLACE" for each call, PLACE being the same where the whole stack of callers is. ERRNO 0 is
 * for the usual error of the kind.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAULT_KINDS(X)                                                                             \
    X(memory, ENOMEM)                                                                              \
    X(open, EACCES)                                                                                \
    X(read, EIO)                                                                                   \
    X(write, ENOSPC)                                                                               \
    X(sync, EIO)                                                                                   \
    X(rename, EACCES)                                                                              \
    X(close, EIO)                                                                                  \
    X(map, ENOMEM)                                                                                 \
    X(truncate, ENOSPC)                                                                            \
    X(unlink, EACCES)                                                                              \
    X(stat, EIO)                                                                                   \
    X(lock, ENOLCK)                                                                                \
    X(process, EAGAIN)

#define KIND_NUMBER(name, error) KIND_##name,
#define KIND_NAME(name, error) #name,
#define KIND_ERROR(name, error) error,
enum { FAULT_KINDS(KIND_NUMBER) KINDS };
enum { SIDE_OWN, SIDE_LIBRARY, SIDE_LOADER, SIDES, SIDE_CALLERS = SIDES };
enum { HOW_NONE, HOW_ONCE, HOW_EVER, HOW_SHORT, HOW_KILL, HOW_PLACES, HOWS };
enum { FRAMES_MAX = 64 };
static const char *const KIND_NAMES[] = {FAULT_KINDS(KIND_NAME)};
static const char *const SIDE_NAMES[] = {"own", "library", "loader"};
static const char *const HOW_NAMES[] = {"none", "once", "ever", "short", "kill", "places"};
static const int KIND_ERRORS[] = {FAULT_KINDS(KIND_ERROR)};

typedef struct {
    uintptr_t from, to;
    int side;
} range_t;

/* The interposed calls get no context: all of it is here. */
static struct {
    atomic_bool begun;
    int kind, side, how, error, places;
    unsigned long at;
    atomic_ulong *counts; /* [KINDS][SIDES], shared with the server */
    range_t ranges[64];
    int ranges_count;
} fault;

/* Of whose code an address is; SIDE_CALLERS: the C library's, or ours. */
static int side_at(const void *address)
{
    for (int k = 0; k < fault.ranges_count; k++)
        if ((uintptr_t)address >= fault.ranges[k].from && (uintptr_t)address < fault.ranges[k].to)
            return fault.ranges[k].side;
    return SIDE_OWN;
}

/* The stack of callers; looking for it allocates, at least the first time. */
static int frames_here(void **frames)
{
    atomic_store(&fault.begun, false);
    const int count = backtrace(frames, FRAMES_MAX);
    atomic_store(&fault.begun, true);
    return count;
}

static int side_of(const void *caller)
{
    void *frames[FRAMES_MAX];
    int side = side_at(caller);
    if (side != SIDE_CALLERS)
        return side;
    const int count = frames_here(frames);
    for (int k = 0; k < count && side == SIDE_CALLERS; k++)
        side = side_at(frames[k]);
    return side == SIDE_CALLERS ? SIDE_OWN : side;
}

static int find_range(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size;
    (void)data;
    const char *slash = strrchr(info->dlpi_name, '/');
    const char *name = slash != NULL ? slash + 1 : info->dlpi_name;
    static const char *const LIBRARIES[] = {"libhdf5", "libfyaml", "libgomp",
                                            "libomp",  "libgsl",   "libcrypto"};
    int side = strncmp(name, "ld-", 3) == 0 ? SIDE_LOADER
               : strncmp(name, "libc.so", 7) == 0 || strncmp(name, "libfault", 8) == 0
                   ? SIDE_CALLERS
                   : SIDE_OWN;
    for (size_t k = 0; k < sizeof(LIBRARIES) / sizeof(LIBRARIES[0]); k++)
        if (strncmp(name, LIBRARIES[k], strlen(LIBRARIES[k])) == 0)
            side = SIDE_LIBRARY;
    for (int k = 0; side != SIDE_OWN && k < info->dlpi_phnum; k++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[k];
        if (part->p_type != PT_LOAD || (part->p_flags & PF_X) == 0 || fault.ranges_count == 64)
            continue;
        const uintptr_t from = info->dlpi_addr + part->p_vaddr;
        fault.ranges[fault.ranges_count++] = (range_t){from, from + part->p_memsz, side};
    }
    return 0;
}

/* FAULT_TRACE=1: says on standard error where the call was made, for addr2line. */
static void trace(void)
{
    void *frames[FRAMES_MAX];
    backtrace_symbols_fd(frames, frames_here(frames), STDERR_FILENO);
}

static void note_place(int kind, int side)
{
    void *frames[FRAMES_MAX];
    const int count = frames_here(frames);
    uint64_t place = 0xcbf29ce484222325; /* FNV-1a over addresses */
    for (int k = 0; k < count; k++)
        place = (place ^ (uintptr_t)frames[k]) * 0x100000001b3;
    char line[64];
    const int length = snprintf(line, sizeof(line), "%s %s %llx\n", KIND_NAMES[kind],
                                SIDE_NAMES[side], (unsigned long long)place);
    const struct iovec all = {line, (size_t)length};
    if (writev(fault.places, &all, 1) != length) /* a call that is not counted */
        _exit(99);
}

/* Counts a call; whether it shall fail (then errno is set), or 2: be cut short. */
static int strikes(int kind, const void *caller)
{
    if (!atomic_load_explicit(&fault.begun, memory_order_relaxed) || fault.counts == NULL)
        return 0;
    const int side = caller == NULL ? SIDE_OWN : side_of(caller);
    const unsigned long n = 1 + atomic_fetch_add(&fault.counts[kind * SIDES + side], 1);
    if (fault.how == HOW_PLACES)
        note_place(kind, side);
    if (fault.how == HOW_NONE || fault.how == HOW_PLACES || kind != fault.kind ||
        side != fault.side || n < fault.at || (fault.how == HOW_ONCE && n > fault.at))
        return 0;
    if (fault.how == HOW_SHORT)
        return 2;
    if (fault.how == HOW_KILL)
        raise(SIGKILL);
    if (getenv("FAULT_TRACE") != NULL)
        trace();
    errno = fault.error != 0 ? fault.error : KIND_ERRORS[kind];
    return 1;
}

#define CALLER __builtin_return_address(0)

#ifdef FAULT_WRAP
#define REAL(name) __real_##name
#define WRAP(name) __wrap_##name
#define NEXT(type, name, parameters)                                                               \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;
#else
#define REAL(name) (next_##name())
#define WRAP(name) name
/* The next definition of a call, looked up once. */
#define NEXT(type, name, parameters)                                                               \
    typedef type(*name##_call) parameters;                                                         \
    static name##_call next_##name(void)                                                           \
    {                                                                                              \
        static _Atomic(name##_call) found;                                                         \
        name##_call call = atomic_load(&found);                                                    \
        if (call == NULL) {                                                                        \
            *(void **)&call = dlsym(RTLD_NEXT, #name);                                             \
            atomic_store(&found, call);                                                            \
        }                                                                                          \
        return call;                                                                               \
    }
#endif

/* Defines a call that returns -1 on failure. */
#define CALL(kind, type, name, parameters, arguments)                                              \
    NEXT(type, name, parameters)                                                                   \
    type WRAP(name) parameters                                                                     \
    {                                                                                              \
        return strikes(KIND_##kind, CALLER) != 0 ? -1 : REAL(name) arguments;                      \
    }

/* One that moves bytes, and may be cut short. */
#define MOVE(kind, name, parameters, arguments)                                                    \
    NEXT(ssize_t, name, parameters)                                                                \
    ssize_t WRAP(name) parameters                                                                  \
    {                                                                                              \
        const int struck = strikes(KIND_##kind, CALLER);                                           \
        if (struck == 2)                                                                           \
            size = (size + 1) / 2;                                                                 \
        return struck == 1 ? -1 : REAL(name) arguments;                                            \
    }

MOVE(read, read, (int file, void *bytes, size_t size), (file, bytes, size))
MOVE(read, pread, (int file, void *bytes, size_t size, off_t at), (file, bytes, size, at))
MOVE(read, pread64, (int file, void *bytes, size_t size, off64_t at), (file, bytes, size, at))
MOVE(write, write, (int file, const void *bytes, size_t size), (file, bytes, size))
MOVE(write, pwrite, (int file, const void *bytes, size_t size, off_t at), (file, bytes, size, at))
MOVE(write, pwrite64, (int file, const void *bytes, size_t size, off64_t at),
     (file, bytes, size, at))
CALL(sync, int, fsync, (int file), (file))
CALL(sync, int, fdatasync, (int file), (file))
CALL(rename, int, rename, (const char *from, const char *to), (from, to))
CALL(rename, int, renameat, (int from_in, const char *from, int to_in, const char *to),
     (from_in, from, to_in, to))
CALL(rename, int, renameat2,
     (int from_in, const char *from, int to_in, const char *to, unsigned flags),
     (from_in, from, to_in, to, flags))
CALL(rename, int, link, (const char *from, const char *to), (from, to))
CALL(rename, int, linkat, (int from_in, const char *from, int to_in, const char *to, int flags),
     (from_in, from, to_in, to, flags))
CALL(truncate, int, ftruncate, (int file, off_t size), (file, size))
CALL(truncate, int, ftruncate64, (int file, off64_t size), (file, size))
CALL(unlink, int, unlink, (const char *path), (path))
CALL(unlink, int, unlinkat, (int folder, const char *path, int flags), (folder, path, flags))
CALL(stat, int, access, (const char *path, int mode), (path, mode))
CALL(stat, int, faccessat, (int folder, const char *path, int mode, int flags),
     (folder, path, mode, flags))
CALL(stat, int, stat, (const char *path, struct stat *facts), (path, facts))
CALL(stat, int, lstat, (const char *path, struct stat *facts), (path, facts))
CALL(stat, int, fstat, (int file, struct stat *facts), (file, facts))
CALL(stat, int, fstatat, (int folder, const char *path, struct stat *facts, int flags),
     (folder, path, facts, flags))
CALL(stat, int, stat64, (const char *path, struct stat64 *facts), (path, facts))
CALL(stat, int, lstat64, (const char *path, struct stat64 *facts), (path, facts))
CALL(stat, int, fstat64, (int file, struct stat64 *facts), (file, facts))
CALL(stat, int, fstatat64, (int folder, const char *path, struct stat64 *facts, int flags),
     (folder, path, facts, flags))
CALL(stat, int, fchmod, (int file, mode_t mode), (file, mode))
CALL(stat, int, fchown, (int file, uid_t user, gid_t group), (file, user, group))
CALL(stat, int, chmod, (const char *path, mode_t mode), (path, mode))
CALL(lock, int, flock, (int file, int what), (file, what))
CALL(process, int, pipe, (int ends[2]), (ends))
CALL(process, int, pipe2, (int ends[2], int flags), (ends, flags))
CALL(process, pid_t, fork, (void), ())

/* The descriptor is gone, whatever close() says, as on Linux. */
NEXT(int, close, (int file))
int WRAP(close)(int file)
{
    const int struck = strikes(KIND_close, CALLER), error = errno;
    const int result = REAL(close)(file);
    if (struck == 0)
        return result;
    errno = error;
    return -1;
}

#define OPEN(name, parameters, arguments)                                                          \
    NEXT(int, name, parameters)                                                                    \
    int WRAP(name) parameters                                                                      \
    {                                                                                              \
        mode_t mode = 0;                                                                           \
        va_list list;                                                                              \
        va_start(list, flags);                                                                     \
        if ((flags & (O_CREAT | O_TMPFILE)) != 0)                                                  \
            mode = va_arg(list, mode_t);                                                           \
        va_end(list);                                                                              \
        return strikes(KIND_open, CALLER) != 0 ? -1 : REAL(name) arguments;                        \
    }
OPEN(open, (const char *path, int flags, ...), (path, flags, mode))
OPEN(open64, (const char *path, int flags, ...), (path, flags, mode))
OPEN(openat, (int folder, const char *path, int flags, ...), (folder, path, flags, mode))
OPEN(openat64, (int folder, const char *path, int flags, ...), (folder, path, flags, mode))

NEXT(DIR *, opendir, (const char *path))
DIR *WRAP(opendir)(const char *path)
{
    return strikes(KIND_open, CALLER) != 0 ? NULL : REAL(opendir)(path);
}

NEXT(void *, mmap, (void *at, size_t size, int how, int flags, int file, off_t from))
void *WRAP(mmap)(void *at, size_t size, int how, int flags, int file, off_t from)
{
    return strikes(KIND_map, CALLER) != 0 ? MAP_FAILED
                                          : REAL(mmap)(at, size, how, flags, file, from);
}

/* Memory. glibc's own names, because dlsym() itself allocates. */

#ifdef FAULT_WRAP
NEXT(void *, malloc, (size_t size))
NEXT(void *, calloc, (size_t count, size_t size))
NEXT(void *, realloc, (void *old, size_t size))
NEXT(void *, aligned_alloc, (size_t alignment, size_t size))
#define PLAIN(name) __real_##name
#else
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
#define PLAIN(name) __libc_##name
#define __libc_aligned_alloc __libc_memalign
#endif

/* These two for their callers: the allocation is made by the C library. */
static char *copy(const char *text, size_t size)
{
    char *result = PLAIN(malloc)(size + 1);
    if (result != NULL) {
        memcpy(result, text, size);
        result[size] = '\0';
    }
    return result;
}

char *WRAP(strdup)(const char *text);
char *WRAP(strdup)(const char *text)
{
    return strikes(KIND_memory, CALLER) != 0 ? NULL : copy(text, strlen(text));
}

char *WRAP(strndup)(const char *text, size_t size);
char *WRAP(strndup)(const char *text, size_t size)
{
    return strikes(KIND_memory, CALLER) != 0 ? NULL : copy(text, strnlen(text, size));
}

#define ALLOCATE(name, parameters, arguments)                                                      \
    void *WRAP(name) parameters                                                                    \
    {                                                                                              \
        return strikes(KIND_memory, CALLER) != 0 ? NULL : PLAIN(name) arguments;                   \
    }
ALLOCATE(malloc, (size_t size), (size))
ALLOCATE(calloc, (size_t count, size_t size), (count, size))
ALLOCATE(realloc, (void *old, size_t size), (old, size))
ALLOCATE(aligned_alloc, (size_t alignment, size_t size), (alignment, size))

/* Streams: cookies over a descriptor, since the C library's own reads and writes pass by us. */

static struct {
    FILE *stream;
    int file;
} streams[64];

static int *stream_file(void *cookie)
{
    return &streams[(size_t)cookie].file;
}

static ssize_t stream_read(void *cookie, char *bytes, size_t size)
{
    const int struck = strikes(KIND_read, NULL);
    return struck == 1
               ? -1
               : REAL(read)(*stream_file(cookie), bytes, struck == 2 ? (size + 1) / 2 : size);
}

/* Zero means failure to the C library here, and so does less than all. */
static ssize_t stream_write(void *cookie, const char *bytes, size_t size)
{
    const bool struck = strikes(KIND_write, NULL) == 1;
    const ssize_t put = struck ? -1 : REAL(write)(*stream_file(cookie), bytes, size);
    return put < 0 ? 0 : put;
}

static int stream_seek(void *cookie, off64_t *at, int from)
{
    const off64_t now = lseek64(*stream_file(cookie), *at, from);
    *at = now;
    return now < 0 ? -1 : 0;
}

static int stream_close(void *cookie)
{
    const int struck = strikes(KIND_close, NULL), error = errno;
    int *file = stream_file(cookie);
    const int result = REAL(close)(*file);
    *file = -1;
    streams[(size_t)cookie].stream = NULL;
    if (struck == 0)
        return result;
    errno = error;
    return -1;
}

static FILE *stream_over(int file, const char *mode)
{
    const cookie_io_functions_t calls = {stream_read, stream_write, stream_seek, stream_close};
    for (size_t k = 0; k < sizeof(streams) / sizeof(streams[0]); k++)
        if (streams[k].stream == NULL) {
            streams[k].file = file;
            return streams[k].stream = fopencookie((void *)k, mode, calls);
        }
    return NULL;
}

static int flags_of(const char *mode)
{
    const bool both = strchr(mode, '+') != NULL;
    int flags = mode[0] == 'r' ? 0 : mode[0] == 'w' ? O_CREAT | O_TRUNC : O_CREAT | O_APPEND;
    flags |= both ? O_RDWR : mode[0] == 'r' ? O_RDONLY : O_WRONLY;
    flags |= strchr(mode, 'e') != NULL ? O_CLOEXEC : 0;
    return flags | (strchr(mode, 'x') != NULL ? O_EXCL : 0);
}

NEXT(FILE *, fdopen, (int file, const char *mode))
FILE *WRAP(fdopen)(int file, const char *mode)
{
    if (strikes(KIND_memory, CALLER) != 0)
        return NULL;
    return atomic_load(&fault.begun) ? stream_over(file, mode) : REAL(fdopen)(file, mode);
}

static FILE *open_stream(const char *path, const char *mode)
{
    const int file = REAL(open)(path, flags_of(mode), 0666);
    if (file < 0)
        return NULL;
    FILE *stream = stream_over(file, mode);
    if (stream == NULL)
        REAL(close)(file);
    return stream;
}

NEXT(FILE *, fopen, (const char *path, const char *mode))
FILE *WRAP(fopen)(const char *path, const char *mode)
{
    if (!atomic_load(&fault.begun) || side_of(CALLER) == SIDE_LOADER)
        return REAL(fopen)(path, mode);
    return strikes(KIND_open, CALLER) != 0 ? NULL : open_stream(path, mode);
}

NEXT(FILE *, fopen64, (const char *path, const char *mode))
FILE *WRAP(fopen64)(const char *path, const char *mode)
{
    if (!atomic_load(&fault.begun) || side_of(CALLER) == SIDE_LOADER)
        return REAL(fopen64)(path, mode);
    return strikes(KIND_open, CALLER) != 0 ? NULL : open_stream(path, mode);
}

NEXT(int, fileno, (FILE * stream))
int WRAP(fileno)(FILE *stream)
{
    for (size_t k = 0; k < sizeof(streams) / sizeof(streams[0]); k++)
        if (streams[k].stream == stream && stream != NULL)
            return streams[k].file;
    return REAL(fileno)(stream);
}

/* The server. */

typedef int (*main_call)(int, char **, char **);

static bool order(char *line, char **folder)
{
    char *save = NULL, *words[6];
    for (int k = 0; k < 6; k++)
        if ((words[k] = strtok_r(k == 0 ? line : NULL, " \n", &save)) == NULL)
            return false;
    *folder = words[0];
    fault.kind = -1;
    for (int k = 0; k < KINDS; k++)
        if (strcmp(words[1], KIND_NAMES[k]) == 0)
            fault.kind = k;
    fault.side = strcmp(words[2], "library") == 0 ? SIDE_LIBRARY : SIDE_OWN;
    fault.at = strtoul(words[3], NULL, 10);
    fault.how = HOW_NONE;
    for (int k = 0; k < HOWS; k++)
        if (strcmp(words[4], HOW_NAMES[k]) == 0)
            fault.how = k;
    fault.error = (int)strtol(words[5], NULL, 10);
    return true;
}

static bool redirect(int target, const char *path)
{
    const int file = REAL(open)(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    return file >= 0 && dup2(file, target) == target && REAL(close)(file) == 0;
}

static void child(const char *folder, const int pipes[2])
{
    REAL(close)(pipes[0]);
    REAL(close)(pipes[1]);
    if (chdir(folder) != 0 || !redirect(STDOUT_FILENO, ".out") || !redirect(STDERR_FILENO, ".err"))
        _exit(99);
    FILE *out = stream_over(dup(STDOUT_FILENO), "w");
    if (out == NULL)
        _exit(99);
    stdout = out;
    if (fault.how == HOW_PLACES)
        fault.places = REAL(open)(".places", O_WRONLY | O_CREAT | O_TRUNC, 0666);
    dl_iterate_phdr(find_range, NULL);
    atomic_store(&fault.begun, true);
}

static void answer(pid_t process, FILE *answers)
{
    int status = 0;
    struct rusage used;
    memset(&used, 0, sizeof(used));
    fprintf(answers, "%ld\n", (long)process);
    fflush(answers);
    wait4(process, &status, 0, &used);
    fprintf(answers, "%d %ld", status,
            (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000L + used.ru_utime.tv_usec +
                used.ru_stime.tv_usec);
    for (int kind = 0; kind < KINDS; kind++)
        fprintf(answers, " %s %lu %lu", KIND_NAMES[kind], fault.counts[kind * SIDES + SIDE_OWN],
                fault.counts[kind * SIDES + SIDE_LIBRARY]);
    fprintf(answers, "\n");
    fflush(answers);
}

/* Returns in each child, where the program is to run; the server itself ends here. */
static void serve(const char *descriptors)
{
    int pipes[2] = {-1, -1};
    if (sscanf(descriptors, "%d %d", &pipes[0], &pipes[1]) != 2)
        _exit(99);
    FILE *orders = REAL(fdopen)(pipes[0], "r"), *answers = REAL(fdopen)(pipes[1], "w");
    char line[4096], *folder = NULL;
    const size_t size = KINDS * SIDES * sizeof(*fault.counts);
    fault.counts =
        REAL(mmap)(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (orders == NULL || answers == NULL || fault.counts == MAP_FAILED)
        _exit(99);
    unsetenv("LD_PRELOAD");
    while (fgets(line, sizeof(line), orders) != NULL && order(line, &folder)) {
        memset(fault.counts, 0, size);
        const pid_t process = REAL(fork)();
        if (process == 0) {
            child(folder, pipes);
            return;
        }
        answer(process, answers);
    }
    _exit(0);
}

#ifdef FAULT_WRAP
int __real_main(int argc, char **argv, char **environment);
int __wrap_main(int argc, char **argv, char **environment);
int __wrap_main(int argc, char **argv, char **environment)
{
    if (getenv("FAULT_SERVER") != NULL)
        serve(getenv("FAULT_SERVER"));
    return __real_main(argc, argv, environment);
}
#else
static main_call real_main;

static int served_main(int argc, char **argv, char **environment)
{
    if (getenv("FAULT_SERVER") != NULL)
        serve(getenv("FAULT_SERVER"));
    return real_main(argc, argv, environment);
}

typedef int (*start_call)(main_call, int, char **, void (*)(void), void (*)(void), void (*)(void),
                          void *);
int __libc_start_main(main_call program, int argc, char **argv, void (*begin)(void),
                      void (*end)(void), void (*loader_end)(void), void *stack);
int __libc_start_main(main_call program, int argc, char **argv, void (*begin)(void),
                      void (*end)(void), void (*loader_end)(void), void *stack)
{
    start_call start;
    *(void **)&start = dlsym(RTLD_NEXT, "__libc_start_main");
    real_main = program;
    return start(served_main, argc, argv, begin, end, loader_end, stack);
}
#endif
