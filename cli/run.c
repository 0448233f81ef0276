/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/machine.h"
#include "base/visible.h"
#include "cli/cli.h"
#include "sim/run/run.h"
#include "sim/run/scratch.h"
#include "sim/store/gridfile.h"
#include "sim/store/shard.h"
#include "sim/store/statusfile.h"

typedef struct {
    const char *grid, *output, *kernel, *scratch;
    ph_texts_t overrides;
    uint64_t threads;
    unsigned long shard, shards;
    double time_limit, checkpoint, progress, silence;
    bool quiet, take_over;
} arguments_t;

static int set_shard(void *arguments, const char *text, ph_report_t *report)
{
    arguments_t *a = arguments;
    char *slash, *end, task[64];
    const char *number = getenv("SLURM_PROCID"), *count = getenv("SLURM_NTASKS");
    if (strcmp(text, "slurm") == 0) { /* one of the tasks of an srun */
        if (number == NULL || count == NULL)
            return ph_fail(report, PH_ERR_INPUT,
                           "--shard slurm: expected SLURM_PROCID and SLURM_NTASKS in the "
                           "environment, as srun sets them");
        snprintf(task, sizeof(task), "%s/%s", number, count);
        text = task;
    }
    a->shard = strtoul(text, &slash, 10);
    a->shards = *slash == '/' ? strtoul(slash + 1, &end, 10) : 0;
    if (slash == text || text[0] == '-' || *slash != '/' || *end != '\0' || a->shards < 1 ||
        a->shards > PH_SHARDS_MAX || a->shard >= a->shards)
        return ph_fail(report, PH_ERR_INPUT, "--shard %s: expected I/N with 0 <= I < N <= %d", text,
                       PH_SHARDS_MAX);
    return PH_OK;
}

/* NAME.h5, of all parts. */
static char *whole_path(const arguments_t *a)
{
    return a->output != NULL ? strdup(a->output) : ph_cli_output_name(a->grid, ".h5");
}

/* That, or NAME.I-of-N.h5 for a shard. */
static char *output_path(const arguments_t *a)
{
    char *name = whole_path(a);
    if (name == NULL || a->shards <= 1)
        return name;
    size_t length = strlen(name), size = length + 48;
    if (length > 3 && strcmp(name + length - 3, ".h5") == 0)
        length -= 3;
    char *path = malloc(size);
    if (path != NULL)
        snprintf(path, size, "%.*s.%lu-of-%lu.h5", (int)length, name, a->shard, a->shards);
    free(name);
    return path;
}

/* Why there were no more threads. */
static const char *limited_by(const ph_run_summary_t *summary, uint64_t asked)
{
    const ph_limit_t allowed = ph_machine_threads(asked);
    return summary->threads < allowed.value ? "OpenMP gave no more" : allowed.source;
}

static void tell(const ph_run_summary_t *summary, const arguments_t *a, const char *path,
                 int status)
{
    char updates[32], seconds[32], saving[32];
    ph_duration_text(summary->seconds, seconds, sizeof(seconds));
    ph_duration_text(summary->saving, saving, sizeof(saving));
    ph_cli_human(summary->updates / (summary->seconds > 0.0 ? summary->seconds : 1.0), "updates/s",
                 updates, sizeof(updates));
    ph_print(stdout, "%s: %s%zu of %zu points, %s on %llu thread%s (%s), %s\n", path,
             a->shards > 1 ? "its share of " : "", summary->points_complete, summary->points,
             seconds, (unsigned long long)summary->threads, summary->threads == 1 ? "" : "s",
             limited_by(summary, a->threads), updates);
    if (summary->until.points > 0)
        printf("as dynamics.until asks at %zu of %zu points, after %llu to %llu sweeps\n",
               summary->until.points - summary->until.capped, summary->until.points,
               (unsigned long long)summary->until.least, (unsigned long long)summary->until.most);
    if (status == PH_ERR_INTERRUPTED)
        printf("stopped before the end; everything is saved, which took %s. The same command "
               "goes on from here.\n",
               saving);
}

/* What to do where something else than a run file has the name, as data beside their grid may. */
static void note_foreign(const char *path, int status, ph_report_t *report)
{
    if (status == PH_ERR_FORMAT && access(path, F_OK) == 0 && !ph_gridfile_is(path, "run"))
        ph_note(report, "the run would be written to %s; give another output with -o", path);
}

/* Whether who claimed the run file has said nothing for as long as was asked for. */
static bool is_silent(const arguments_t *a, const char *path)
{
    return a->silence > 0.0 && ph_statusfile_silence(path) > a->silence;
}

static int act(void *arguments, ph_report_t *report)
{
    const arguments_t *a = arguments;
    ph_grid_t grid;
    ph_run_summary_t summary = {0};
    ph_cli_catch_signals();
    ph_cli_tell_limit(a->quiet ? 0.0 : a->time_limit);
    ph_grid_init(&grid);
    char *path = output_path(a), *whole = whole_path(a);
    int status = ph_cli_read_grid(&grid, a->grid, &a->overrides, report);
    if (status == PH_OK && (path == NULL || whole == NULL))
        status = PH_ERR_MEMORY;
    if (status == PH_OK) {
        const ph_run_options_t options = {.path = path,
                                          .base = whole,
                                          .threads = a->threads,
                                          .kernel = a->kernel,
                                          .shard = (uint32_t)a->shard,
                                          .shards = (uint32_t)a->shards,
                                          .time_limit = a->time_limit,
                                          .checkpoint_every = a->checkpoint,
                                          .take_over = a->take_over || is_silent(a, path),
                                          .terminal =
                                              !a->quiet && isatty(STDERR_FILENO) ? stderr : NULL,
                                          .log = a->progress > 0.0 ? stderr : NULL,
                                          .log_every = a->progress,
                                          .stop = ph_cli_stop_flag()};
        status = a->scratch != NULL ? ph_run_scratch(&grid, &options, a->scratch, &summary, report)
                                    : ph_run(&grid, &options, &summary, report);
        note_foreign(path, status, report);
        if (!a->quiet &&
            (status == PH_OK || status == PH_ERR_INTERRUPTED || status == PH_ERR_UNREACHED))
            tell(&summary, a, path, status);
    }
    ph_grid_free(&grid);
    free(path);
    free(whole);
    return ph_cli_finish(report, status);
}

#define AT(member) .offset = offsetof(arguments_t, member)

static const ph_option_t OPTIONS[] = {
    {"checkpoint", 'c', "D", "time between checkpoints of a chain (default 60)",
     .type = PH_OPTION_TIME, AT(checkpoint)},
    PH_OPTION_ROW_THREADS(arguments_t, threads),
    {"kernel", 'k', "NAME",
     "compute with this kernel or instruction set (reference, sse2, avx2, ...): the same numbers "
     "at another speed",
     .type = PH_OPTION_TEXT, AT(kernel)},
    {"output", 'o', "FILE", "run file to write (default: the grid's name with .h5, here)",
     .type = PH_OPTION_FILE, AT(output)},
    {"progress", 'p', "D", "a line for a log this often, of how far it is", .type = PH_OPTION_TIME,
     AT(progress)},
    {"quiet", 'q', NULL, "no progress line, no summary", .type = PH_OPTION_FLAG, AT(quiet)},
    {"scratch", '\0', "DIR",
     "compute in a folder of this node, and bring back what is saved as it is saved",
     .type = PH_OPTION_FILE, AT(scratch)},
    {"shard", 's', "I/N",
     "run part I of N (from 0), into NAME.I-of-N.h5; slurm: the part that srun's task is",
     .set = set_shard},
    {"set", 'S', "KEY=VALUE", "override a key, e.g. network.dilution=0.3", .type = PH_OPTION_TEXTS,
     AT(overrides)},
    {"take-over", '\0', NULL,
     "go on with what a process of another host began: only if you know that it has ended",
     .type = PH_OPTION_FLAG, AT(take_over)},
    {"take-over-after", '\0', "D",
     "go on with what a process of another host began that has given no sign of life for D, "
     "at least 5m",
     .type = PH_OPTION_TIME, AT(silence), .minimum = 300},
    {"time-limit", 't', "D", "stop in time, resumable: 90, 30m, 2h, [D-]HH:MM:SS",
     .type = PH_OPTION_TIME, AT(time_limit)},
    {.name = NULL}};

static const arguments_t DEFAULTS = {.shards = 1};

static const ph_example_t EXAMPLES[] = {
    {"run grid.yaml -j 16",
     "simulate on 16 threads, into grid.h5; the same command goes on after a stop"},
    {"run grid.yaml -t 3h -c 10m", "stop in time for a queue, saving every ten minutes"},
    {"run grid.yaml -S ensemble.samples=20 -o more.h5", "the grid with one key changed"},
    {.words = NULL}};

const ph_verb_t PH_VERB_RUN = {
    .name = "run",
    .help = "simulate a grid (resumes and extends by itself)",
    .about = "Simulates every point of a grid file. A run that was stopped or killed goes on, a "
             "finished one is extended where the grid has grown.",
    .forms = {{{"GRID", PH_FILES_GRID, PH_OPERAND_ONE, offsetof(arguments_t, grid)}}},
    .options = OPTIONS,
    .size = sizeof(arguments_t),
    .defaults = &DEFAULTS,
    .examples = EXAMPLES,
    .act = act,
};
