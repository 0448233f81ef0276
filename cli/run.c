/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/machine.h"
#include "base/visible.h"
#include "cli/cli.h"
#include "sim/run/run.h"
#include "sim/store/shard.h"

typedef struct {
    const char *grid, *output, *kernel;
    ph_overrides_t overrides;
    unsigned long threads, shard, shards;
    double time_limit, checkpoint;
    bool quiet, take_over;
} arguments_t;

static const struct argp_option OPTIONS[] = {
    {"output", 'o', "FILE", 0, "run file to write (default: the grid's name with .h5, here)", 0},
    {"threads", 'j', "N", 0, "threads (default: as many as are allowed)", 0},
    {"shard", 's', "I/N", 0, "run part I of N (from 0), into NAME.I-of-N.h5", 0},
    {"time-limit", 't', "D", 0, "stop in time, resumable: 90, 30m, 2h, [D-]HH:MM:SS", 0},
    {"checkpoint", 'c', "D", 0, "time between checkpoints of a chain (default 60)", 0},
    {"kernel", 'k', "NAME", 0,
     "compute with this kernel or instruction set (reference, sse2, avx2, ...): the same numbers "
     "at "
     "another speed",
     0},
    {"set", 'S', "KEY=VALUE", 0, "override a key, e.g. network.dilution=0.3", 0},
    {"take-over", PH_KEY_TAKE_OVER, NULL, 0,
     "go on with what a process of another host began: only if you know that it has ended", 0},
    {"quiet", 'q', NULL, 0, "no progress line, no summary", 0},
    {0}};

static void parse_shard(arguments_t *a, const char *text, struct argp_state *state)
{
    char *slash, *end;
    a->shard = strtoul(text, &slash, 10);
    a->shards = *slash == '/' ? strtoul(slash + 1, &end, 10) : 0;
    if (slash == text || text[0] == '-' || *slash != '/' || *end != '\0' || a->shards < 1 ||
        a->shards > PH_SHARDS_MAX || a->shard >= a->shards)
        ph_cli_usage(state, "--shard %s: expected I/N with 0 <= I < N <= %d", text, PH_SHARDS_MAX);
}

static double parse_time(const char *option, const char *text, struct argp_state *state)
{
    double seconds = ph_cli_seconds(text);
    if (!(seconds > 0.0))
        ph_cli_usage(state, "--%s %s: expected a time like 90, 30m, 2h or [D-]HH:MM:SS", option,
                     text);
    return seconds;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    arguments_t *a = state->input;
    char *end;
    switch (key) {
    case 'o':
        if (text[0] == '\0')
            argp_error(state, "--output needs a file's name");
        a->output = text;
        break;
    case 'j':
        a->threads = strtoul(text, &end, 10);
        if (*end != '\0' || text[0] == '-' || a->threads < 1 || a->threads > 65536)
            ph_cli_usage(state, "--threads %s: expected a number from 1 to 65536", text);
        break;
    case 's':
        parse_shard(a, text, state);
        break;
    case 't':
        a->time_limit = parse_time("time-limit", text, state);
        break;
    case 'c':
        a->checkpoint = parse_time("checkpoint", text, state);
        break;
    case 'k':
        a->kernel = text;
        break;
    case 'S':
        ph_cli_override(&a->overrides, text, state);
        break;
    case PH_KEY_TAKE_OVER:
        a->take_over = true;
        break;
    case 'q':
        a->quiet = true;
        break;
    case ARGP_KEY_ARG:
        if (a->grid != NULL)
            ph_cli_usage(state, "one grid file, not also '%s'", text);
        a->grid = text;
        break;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which grid file?");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

/* NAME.h5, or NAME.I-of-N.h5 for a shard. */
static char *output_path(const arguments_t *a)
{
    char *name = a->output != NULL ? strdup(a->output) : ph_cli_output_name(a->grid, ".h5");
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
static const char *limited_by(const ph_run_summary_t *summary, unsigned long asked)
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
    ph_print(stdout, "%s: %zu of %zu points, %s on %llu thread%s (%s), %s\n", path,
             summary->points_complete, summary->points, seconds,
             (unsigned long long)summary->threads, summary->threads == 1 ? "" : "s",
             limited_by(summary, a->threads), updates);
    if (status == PH_ERR_INTERRUPTED)
        printf("stopped before the end; everything is saved, which took %s. The same command "
               "goes on from here.\n",
               saving);
}

int ph_cli_run(int argc, char **argv)
{
    static const char DOC[] =
        "Simulates every point of a grid file. A run that was stopped or "
        "killed goes on, a finished one is extended where the grid has grown.";
    const struct argp argp = {OPTIONS, parse, "GRID", DOC, NULL, NULL, NULL};
    arguments_t a = {.shards = 1};
    ph_report_t report;
    ph_grid_t grid;
    ph_run_summary_t summary = {0};

    ph_cli_catch_signals();
    if (!ph_cli_parse(&argp, argc, argv, &a))
        return PH_EXIT_USAGE;
    ph_report_init(&report);
    ph_grid_init(&grid);
    char *path = output_path(&a);
    int status = ph_grid_load(&grid, a.grid, a.overrides.count, a.overrides.texts, &report);
    if (status == PH_OK && path == NULL)
        status = PH_ERR_MEMORY;
    if (status == PH_OK) {
        const ph_run_options_t options = {.path = path,
                                          .threads = a.threads,
                                          .kernel = a.kernel,
                                          .shard = (uint32_t)a.shard,
                                          .shards = (uint32_t)a.shards,
                                          .time_limit = a.time_limit,
                                          .checkpoint_every = a.checkpoint,
                                          .take_over = a.take_over,
                                          .terminal =
                                              !a.quiet && isatty(STDERR_FILENO) ? stderr : NULL,
                                          .stop = ph_cli_stop_flag()};
        status = ph_run(&grid, &options, &summary, &report);
        if (!a.quiet && (status == PH_OK || status == PH_ERR_INTERRUPTED))
            tell(&summary, &a, path, status);
    }
    ph_grid_free(&grid);
    free(path);
    free(a.overrides.texts);
    return ph_cli_finish(&report, status);
}
