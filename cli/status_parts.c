/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/status_parts.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/duration.h"
#include "base/file.h"
#include "base/visible.h"
#include "cli/queue.h"
#include "cli/slurm_script.h"
#include "sim/run/look.h"
#include "sim/run/merge.h"
#include "sim/store/journal.h"
#include "sim/store/statusfile.h"

typedef enum {
    MISSING,
    GONE,
    WAITING,
    DONE,
    RUNNING,
    STARTING,
    SILENT,
    STOPPED,
    STOPPED_WAITING,
    UNREADABLE,
    STATES
} state_t;

static const char *const WORDS[STATES] = {"not begun",
                                          "begun once, its file is gone",
                                          "not begun, queued",
                                          "done",
                                          "running",
                                          "its task runs, not heard of yet",
                                          "no sign of life",
                                          "stopped, to be run again",
                                          "stopped, queued to go on",
                                          "unreadable"};

/* A run says that it is there every half minute at least, but for a sweep of a very large network
 * or a slow disk. */
static const double SILENCE = 300.0;

/* "NAME.I-of-N.h5", or what stands beside such a file. */
static bool part_of(const char *entry, const char *name, ph_shard_t *shard)
{
    static const char *const BESIDE[] = {"", ".status", ".journal"};
    const size_t length = strlen(entry), head = strlen(name);
    for (size_t k = 0; k < sizeof(BESIDE) / sizeof(BESIDE[0]); k++) {
        char path[512];
        size_t prefix;
        const size_t tail = strlen(BESIDE[k]);
        if (length <= tail || length >= sizeof(path) ||
            strcmp(entry + length - tail, BESIDE[k]) != 0)
            continue;
        snprintf(path, sizeof(path), "%.*s", (int)(length - tail), entry);
        if (ph_shard_of_name(path, &prefix, shard) && prefix == head + 1 &&
            strncmp(path, name, head) == 0)
            return true;
    }
    return false;
}

/* The largest number of parts that anything in the folder speaks of; more than one such number is
 * said. */
static int count_parts(const char *name, uint32_t *found, ph_report_t *report)
{
    DIR *folder = opendir(".");
    if (folder == NULL)
        return ph_fail(report, PH_ERR_IO, "cannot read the current folder");
    bool several = false;
    *found = 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        ph_shard_t shard;
        if (!part_of(entry->d_name, name, &shard))
            continue;
        several = several || (*found > 0 && shard.count != *found);
        *found = shard.count > *found ? shard.count : *found;
    }
    closedir(folder);
    if (several)
        ph_note(report, "parts of several divisions of %s are here; these are those of %u", name,
                *found);
    return PH_OK;
}

static void look_for(const char *path, bool *file, bool *left)
{
    char *journal = ph_journal_path(path);
    *file = *left = false;
    if (journal != NULL) {
        ph_file_exists(path, file, NULL);
        ph_file_exists(journal, left, NULL);
    }
    free(journal);
}

/* What file and journal hold, where nothing is at work on them. */
static state_t look_at(const char *path)
{
    ph_look_t found;
    bool file, left;
    look_for(path, &file, &left);
    if (!file && !left)
        return MISSING;
    bool done = false;
    if (left ? ph_look_count(path, &found, NULL) != PH_OK
             : ph_look_shard_done(path, &done, NULL) != PH_OK)
        return UNREADABLE;
    return done ? DONE : STOPPED;
}

static state_t state_of(const char *path, ph_progress_t *progress)
{
    bool file, left;
    if (ph_statusfile_read(path, progress, NULL) != PH_OK)
        return look_at(path);
    const bool ended = strcmp(progress->state, "running") != 0;
    look_for(path, &file, &left);
    if (ended && !file && !left) {
        progress->updates = 0;
        return GONE;
    }
    if (strcmp(progress->state, "complete") == 0)
        return DONE;
    if (ended || ph_progress_is_dead(progress))
        return STOPPED;
    return ph_progress_silent(progress) > SILENCE ? SILENT : RUNNING;
}

/* What the queue knows of parts that no process is at work on. */
static void ask_queue(const char *name, state_t *states, uint32_t count)
{
    char array[512];
    snprintf(array, sizeof(array), "%s-array.sh", name);
    const ph_slurm_shape_t shape = ph_slurm_read_shape(array, count);
    char *folder = realpath(".", NULL);
    ph_queue_t *tasks = calloc(shape.tasks, sizeof(*tasks));
    if (folder != NULL && tasks != NULL)
        ph_queue_ask(name, folder, shape.tasks, tasks);
    for (uint32_t i = 0; folder != NULL && tasks != NULL && i < count; i++) {
        const ph_queue_t task = tasks[ph_slurm_task(&shape, i)];
        if ((states[i] == MISSING || states[i] == GONE) && task != PH_QUEUE_ABSENT)
            states[i] = task == PH_QUEUE_WAITS ? WAITING : STARTING;
        else if (states[i] == STOPPED && task != PH_QUEUE_ABSENT)
            states[i] = task == PH_QUEUE_WAITS ? STOPPED_WAITING : STARTING;
    }
    free(tasks);
    free(folder);
}

static void print_running(uint32_t part, state_t state, const ph_progress_t *p)
{
    char left[32], silent[32];
    const double since = ph_progress_silent(p);
    const double share = p->updates > 0 ? (double)p->updates_done / (double)p->updates : 1.0;
    ph_duration_text(ph_progress_left(p), left, sizeof(left));
    ph_duration_text(fabs(since), silent, sizeof(silent));
    printf("  %u: %.1f%%", part, 100.0 * share);
    if (state == SILENT)
        printf(", last heard of %s ago", silent);
    else if (isfinite(ph_progress_left(p)))
        printf(", %s left", left);
    if (since < -60.0)
        printf(", by a clock %s ahead of the one here", silent);
    ph_print(stdout, " (%s, process %lld)\n", p->host, (long long)p->pid);
}

/* By state, the parts that are in it, and how far those are that are at work. */
static void print_states(const state_t *states, const double *shares, uint32_t count, bool *set)
{
    char text[256];
    double sum = 0.0;
    for (state_t s = 0; s < STATES; s++) {
        uint32_t parts = 0;
        for (uint32_t i = 0; i < count; i++)
            parts += set[i] = states[i] == s;
        ph_report_numbers(set, count, text, sizeof(text));
        if (parts > 0)
            printf("%s: %u (%s)\n", WORDS[s], parts, text);
    }
    for (uint32_t i = 0; i < count; i++)
        sum += shares[i];
    printf("%.1f%% of the work\n", 100.0 * sum / count);
}

int ph_status_parts(const char *name, uint32_t *found, ph_report_t *report)
{
    int status = count_parts(name, found, report);
    const uint32_t count = *found;
    if (status != PH_OK || count == 0)
        return status;
    state_t *states = calloc(count, sizeof(*states));
    double *shares = calloc(count, sizeof(*shares));
    bool *set = calloc(count, sizeof(*set));
    const size_t size = strlen(name) + 64;
    char *path = malloc(size);
    if (states == NULL || shares == NULL || set == NULL || path == NULL)
        status = ph_fail(report, PH_ERR_MEMORY, "no memory for %u parts", count);
    if (status == PH_OK)
        ph_print(stdout, "%s: %u parts\n", name, count);
    for (uint32_t i = 0; i < count && status == PH_OK; i++) {
        ph_progress_t progress = {.updates = 0};
        snprintf(path, size, "%s.%u-of-%u.h5", name, i, count);
        states[i] = state_of(path, &progress);
        shares[i] = states[i] == DONE ? 1.0
                    : progress.updates > 0
                        ? (double)progress.updates_done / (double)progress.updates
                        : 0.0;
        if (states[i] == RUNNING || states[i] == SILENT)
            print_running(i, states[i], &progress);
    }
    if (status == PH_OK)
        ask_queue(name, states, count);
    if (status == PH_OK)
        print_states(states, shares, count, set);
    free(states);
    free(shares);
    free(set);
    free(path);
    return status;
}
