/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/machine.h"

#include <errno.h>
#include <limits.h>
#include <omp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

/* Limits above this are how cgroup v1 says "none" (a page-rounded LLONG_MAX). */
static const uint64_t UNLIMITED = UINT64_C(1) << 60;

/* Start of a small text file below root; false if it cannot be read. */
static bool read_text(const char *root, const char *path, char *text, size_t size)
{
    char full[2 * PATH_MAX];
    int length = snprintf(full, sizeof(full), "%s%s", root, path);
    if (length < 0 || (size_t)length >= sizeof(full))
        return false;
    FILE *file = fopen(full, "re");
    if (file == NULL)
        return false;
    size_t got = fread(text, 1, size - 1, file);
    text[got] = '\0';
    fclose(file);
    return got > 0;
}

/* A number after optional blanks; false where there is none ("max", "-1"). */
static bool parse_number(const char *text, uint64_t *value)
{
    text += strspn(text, " \t");
    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    *value = strtoull(text, NULL, 10);
    return errno == 0;
}

static bool read_number(const char *root, const char *folder, const char *name, uint64_t *value)
{
    char path[PATH_MAX + 128], text[128];
    int length = snprintf(path, sizeof(path), "%s/%s", folder, name);
    return length > 0 && (size_t)length < sizeof(path) &&
           read_text(root, path, text, sizeof(text)) && parse_number(text, value);
}

/* The number after `key` at the start of a line; false if absent. */
static bool find_number(const char *text, const char *key, uint64_t *value)
{
    size_t length = strlen(key);
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, length) == 0 && parse_number(line + length, value))
            return true;
    }
    return false;
}

static bool environment_number(const char *name, uint64_t *value)
{
    const char *text = getenv(name);
    return text != NULL && parse_number(text, value);
}

static void lower(ph_limit_t *limit, uint64_t value, const char *source)
{
    if (value < limit->value)
        *limit = (ph_limit_t){.value = value, .source = source};
}

/*
 * This process's cgroup below its mount: for version 1 that of a controller, for version 2
 * (controller NULL) the line "0::PATH". False where there is none.
 */
static bool cgroup_path(const char *root, const char *controller, char *path, size_t size)
{
    char text[8192];
    if (!read_text(root, "/proc/self/cgroup", text, sizeof(text)))
        return false;
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        char *names = strchr(line, ':');
        char *place = names == NULL ? NULL : strchr(names + 1, ':');
        if (place == NULL)
            continue;
        *place++ = '\0';
        bool mine = controller == NULL ? strcmp(names, ":") == 0 : false;
        char *more = NULL;
        for (char *name = strtok_r(names + 1, ",", &more); name != NULL && controller != NULL;
             name = strtok_r(NULL, ",", &more))
            mine = mine || strcmp(name, controller) == 0;
        if (mine) {
            int length = snprintf(path, size, "%s", strcmp(place, "/") == 0 ? "" : place);
            return length >= 0 && (size_t)length < size;
        }
    }
    return false;
}

typedef void (*ph_visit_t)(const char *root, const char *folder, ph_limit_t *limit);

/* Visits the cgroup of this process and all above it, up to the mount point. */
static void walk_cgroup(const char *root, const char *controller, const char *mount,
                        ph_visit_t visit, ph_limit_t *limit)
{
    char path[PATH_MAX], folder[PATH_MAX + 64];
    if (!cgroup_path(root, controller, path, sizeof(path)))
        return;
    for (;;) {
        snprintf(folder, sizeof(folder), "%s%s", mount, path);
        visit(root, folder, limit);
        char *slash = strrchr(path, '/');
        if (slash == NULL)
            return;
        *slash = '\0';
    }
}

/* What is left of a folder's limit; page cache the kernel would give back counts as left. */
static void visit_memory(const char *root, const char *folder, const char *maximum,
                         const char *current, const char *cache, ph_limit_t *limit)
{
    uint64_t allowed, used = 0, inactive = 0;
    char path[PATH_MAX + 128], text[8192];
    if (!read_number(root, folder, maximum, &allowed) || allowed >= UNLIMITED)
        return;
    read_number(root, folder, current, &used);
    snprintf(path, sizeof(path), "%s/memory.stat", folder);
    if (read_text(root, path, text, sizeof(text)))
        find_number(text, cache, &inactive);
    used -= inactive < used ? inactive : used;
    lower(limit, used < allowed ? allowed - used : 0, "the memory limit of the cgroup");
}

static void visit_memory_v1(const char *root, const char *folder, ph_limit_t *limit)
{
    visit_memory(root, folder, "memory.limit_in_bytes", "memory.usage_in_bytes",
                 "total_inactive_file ", limit);
}

static void visit_memory_v2(const char *root, const char *folder, ph_limit_t *limit)
{
    visit_memory(root, folder, "memory.max", "memory.current", "inactive_file ", limit);
}

static void lower_quota(uint64_t quota, uint64_t period, ph_limit_t *limit)
{
    if (period > 0 && quota < UNLIMITED)
        lower(limit, quota / period + (quota % period != 0), "the cgroup's processor quota");
}

static void visit_quota_v1(const char *root, const char *folder, ph_limit_t *limit)
{
    uint64_t quota, period;
    if (read_number(root, folder, "cpu.cfs_quota_us", &quota) &&
        read_number(root, folder, "cpu.cfs_period_us", &period))
        lower_quota(quota, period, limit);
}

static void visit_quota_v2(const char *root, const char *folder, ph_limit_t *limit)
{
    char path[PATH_MAX + 128], text[128];
    uint64_t quota, period;
    snprintf(path, sizeof(path), "%s/cpu.max", folder);
    if (!read_text(root, path, text, sizeof(text)) || !parse_number(text, &quota))
        return;
    const char *second = strchr(text, ' ');
    if (second != NULL && parse_number(second, &period))
        lower_quota(quota, period, limit);
}

static void lower_slurm_memory(ph_limit_t *limit)
{
    const uint64_t mebibyte = UINT64_C(1) << 20;
    uint64_t megabytes, processors = 1;
    if (environment_number("SLURM_MEM_PER_NODE", &megabytes) && megabytes > 0 &&
        megabytes < UNLIMITED / mebibyte)
        lower(limit, megabytes * mebibyte, "SLURM_MEM_PER_NODE");
    if (!environment_number("SLURM_MEM_PER_CPU", &megabytes) || megabytes == 0)
        return;
    environment_number("SLURM_CPUS_PER_TASK", &processors);
    if (processors > 0 && megabytes < UNLIMITED / mebibyte / processors)
        lower(limit, megabytes * processors * mebibyte, "SLURM_MEM_PER_CPU");
}

ph_limit_t ph_machine_memory_under(const char *root)
{
    ph_limit_t limit = {.value = UINT64_MAX, .source = "unknown"};
    char text[8192];
    uint64_t kibibytes;
    if (read_text(root, "/proc/meminfo", text, sizeof(text)) &&
        find_number(text, "MemAvailable:", &kibibytes) && kibibytes < UNLIMITED / 1024)
        lower(&limit, kibibytes * 1024, "the memory available on this machine");
    walk_cgroup(root, "memory", "/sys/fs/cgroup/memory", visit_memory_v1, &limit);
    walk_cgroup(root, NULL, "/sys/fs/cgroup", visit_memory_v2, &limit);
    walk_cgroup(root, NULL, "/sys/fs/cgroup/unified", visit_memory_v2, &limit);
    lower_slurm_memory(&limit);
    return limit;
}

ph_limit_t ph_machine_memory(void)
{
    return ph_machine_memory_under("");
}

/* By number: equal ones stand together. */
static int compare_numbers(const void *a, const void *b)
{
    const int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

/*
 * Processors of the places that OpenMP binds its threads to: all of them, or the one of the first
 * thread where the others are to stay with it. Zero where it does not say.
 */
static uint64_t bound_processors(void)
{
    const bool with_first = omp_get_proc_bind() == omp_proc_bind_master;
    const int first = with_first ? omp_get_place_num() : 0;
    const int end = with_first ? first + 1 : omp_get_num_places();
    size_t total = 0, different = 0;
    for (int place = first; place >= 0 && place < end; place++)
        total += (size_t)omp_get_place_num_procs(place);
    int *numbers = total > 0 ? calloc(total, sizeof(*numbers)) : NULL;
    if (numbers == NULL)
        return 0;
    size_t at = 0;
    for (int place = first; place < end; place++) {
        omp_get_place_proc_ids(place, numbers + at);
        at += (size_t)omp_get_place_num_procs(place);
    }
    qsort(numbers, total, sizeof(*numbers), compare_numbers);
    for (size_t i = 0; i < total; i++)
        different += i == 0 || numbers[i] != numbers[i - 1];
    free(numbers);
    return different;
}

/*
 * What OpenMP allows. The affinity mask itself is of no use: where threads are to be bound
 * (OMP_PROC_BIND, OMP_PLACES, GOMP_CPU_AFFINITY), the runtime has narrowed that of the first
 * thread to one place before main() begins.
 */
static ph_limit_t openmp_threads(void)
{
    ph_limit_t limit = {.value = (uint64_t)omp_get_num_procs(),
                        .source = "the processors this process may use"};
    const uint64_t bound = omp_get_proc_bind() != omp_proc_bind_false ? bound_processors() : 0;
    if (bound > 0)
        lower(&limit, bound,
              "the places threads are bound to: OMP_PLACES, OMP_PROC_BIND, GOMP_CPU_AFFINITY");
    lower(&limit, (uint64_t)omp_get_thread_limit(), "OMP_THREAD_LIMIT");
    return limit;
}

ph_limit_t ph_machine_threads_under(const char *root, uint64_t asked)
{
    /* What schedulers (Slurm, Grid Engine, PBS, LSF) and users set. */
    static const char *const NAMES[] = {"SLURM_CPUS_PER_TASK", "NSLOTS", "NCPUS",
                                        "LSB_DJOB_NUMPROC", "OMP_NUM_THREADS"};
    ph_limit_t limit = openmp_threads();
    uint64_t number;
    walk_cgroup(root, "cpu", "/sys/fs/cgroup/cpu", visit_quota_v1, &limit);
    walk_cgroup(root, NULL, "/sys/fs/cgroup", visit_quota_v2, &limit);
    walk_cgroup(root, NULL, "/sys/fs/cgroup/unified", visit_quota_v2, &limit);
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (environment_number(NAMES[i], &number) && number > 0)
            lower(&limit, number, NAMES[i]);
    lower(&limit, (uint64_t)omp_get_max_threads(), "omp_set_num_threads");
    if (asked > 0)
        lower(&limit, asked, "the number asked for");
    if (limit.value == 0)
        limit.value = 1;
    return limit;
}

ph_limit_t ph_machine_threads(uint64_t asked)
{
    return ph_machine_threads_under("", asked);
}

/* What stands behind the colon of the first line that begins with a key, without the end of the
 * line; false if there is none. */
static bool find_value(const char *text, const char *key, char *value, size_t size)
{
    const size_t length = strlen(key);
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, length) != 0)
            continue;
        const char *colon = line + length + strspn(line + length, " \t");
        if (*colon != ':')
            continue;
        colon += 1 + strspn(colon + 1, " \t");
        snprintf(value, size, "%.*s", (int)strcspn(colon, "\n"), colon);
        return value[0] != '\0';
    }
    return false;
}

void ph_machine_processor_under(const char *root, char *text, size_t size)
{
    char facts[8192], name[128], family[32], model[32];
    struct utsname kind;
    if (size == 0)
        return;
    const bool known = read_text(root, "/proc/cpuinfo", facts, sizeof(facts));
    const bool named = known && find_value(facts, "model name", name, sizeof(name));
    if (named && find_value(facts, "cpu family", family, sizeof(family)) &&
        find_value(facts, "model", model, sizeof(model)))
        snprintf(text, size, "%s (family %s, model %s)", name, family, model);
    else
        snprintf(text, size, "%s", named ? name : uname(&kind) == 0 ? kind.machine : "unknown");
    for (char *c = text; *c != '\0'; c++)
        if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\')
            *c = '?';
}

void ph_machine_processor(char *text, size_t size)
{
    ph_machine_processor_under("", text, size);
}

void ph_machine_host(char *host, size_t size)
{
    if (size == 0)
        return;
    if (gethostname(host, size) != 0)
        snprintf(host, size, "unknown");
    host[size - 1] = '\0';
}

void ph_machine_time(char *text, size_t size)
{
    time_t now = time(NULL);
    struct tm parts;
    if (size == 0)
        return;
    if (gmtime_r(&now, &parts) == NULL || strftime(text, size, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        text[0] = '\0';
}

double ph_machine_clock(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
