/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/visible.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/site.h"
#include "cli/slurm_script.h"
#include "sim/run/balance.h"
#include "sim/run/memory.h"
#include "sim/run/plan.h"
#include "sim/run/split.h"
#include "sim/store/shard.h"

enum { PATH_SIZE = 4096 };

typedef struct {
    const char *path;
    ph_texts_t overrides, sbatch;
    const char *scratch; /* NULL: not given */
    uint64_t shards, cpus, throttle, pack;
    double time;
    bool sbatch_given;
} arguments_t;

/* What is shared out. */
static double blocks(const ph_grid_t *grid)
{
    return (double)grid->points_count * (double)grid->samples *
           (double)((grid->replicas + grid->lanes - 1) / grid->lanes);
}

/* Parts that take about half the limit each, but no more than have a block for each processor. */
static uint64_t choose_shards(const arguments_t *a, const ph_grid_t *grid)
{
    double shards = 1.0 + ph_plan_cost(grid, a->cpus).seconds / (0.5 * a->time);
    shards = fmin(shards, fmax(1.0, ceil(blocks(grid) / (double)a->cpus)));
    return shards < PH_ARRAY_MAX ? (uint64_t)shards : PH_ARRAY_MAX;
}

typedef struct {
    const char *suffix;
    void (*put)(FILE *out, const ph_slurm_t *slurm);
} script_t;

static int put_script(const ph_output_t *output, const script_t *script, const ph_slurm_t *slurm)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    if (memory == NULL)
        return PH_ERR_MEMORY;
    script->put(memory, slurm);
    const int status = fclose(memory) == 0 ? PH_OK : PH_ERR_MEMORY;
    if (status == PH_OK) {
        ph_slurm_put_mark(output->stream, text, size);
        fwrite(text, 1, size, output->stream);
    }
    free(text);
    return status;
}

/* Both or, where one of them may not be replaced, neither. */
static int write_scripts(const ph_slurm_t *slurm, ph_report_t *report)
{
    static const ph_output_kind_t KIND = {"a script as polyhebb slurm wrote it",
                                          "move or remove it", ph_slurm_is_script};
    static const script_t SCRIPTS[] = {{"-array.sh", ph_slurm_put_array},
                                       {"-merge.sh", ph_slurm_put_merge}};
    char paths[2][PATH_SIZE];
    ph_output_t outputs[2] = {{0}};
    int status = PH_OK;
    for (size_t k = 0; k < 2 && status == PH_OK; k++) {
        snprintf(paths[k], PATH_SIZE, "%s%s", slurm->name, SCRIPTS[k].suffix);
        status = ph_output_open(&outputs[k], paths[k], &KIND, report);
    }
    for (size_t k = 0; k < 2 && status == PH_OK; k++)
        status = put_script(&outputs[k], &SCRIPTS[k], slurm);
    for (size_t k = 0; k < 2 && status == PH_OK; k++)
        status = ph_output_commit(&outputs[k], 0755, report);
    for (size_t k = 0; k < 2; k++)
        ph_output_close(&outputs[k]);
    return status;
}

/* Names go into lines that only Slurm reads, without a shell's quotes. */
static int check_name(const char *name, ph_report_t *report)
{
    static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";
    if (name[0] != '-' && strspn(name, good) == strlen(name) && strlen(name) < 200)
        return PH_OK;
    return ph_fail(report, PH_ERR_INPUT,
                   "'%s' would name the jobs: rename the grid file to letters, digits, . _ + -",
                   name);
}

/* With dynamics.until the numbers of parts are for chains that all go to their cap. */
static void put_range(const arguments_t *a, const ph_grid_t *grid, double slowest)
{
    const ph_cost_t cost = ph_plan_cost(grid, a->cpus);
    char least[32], most[32];
    if (grid->until.sweeps_max == 0)
        return;
    ph_duration_text(slowest * cost.seconds_least / fmax(1e-9, cost.seconds), least, sizeof(least));
    ph_duration_text(slowest, most, sizeof(most));
    printf("# as dynamics.until goes, a part takes about %s to %s\n", least, most);
}

/* Longest block, idle processors, submissions: what may be odd about the parts. */
static int note_parts(const arguments_t *a, const ph_grid_t *grid, ph_slurm_t *slurm,
                      ph_report_t *report)
{
    char longest[32], slowest[32], limit[32];
    ph_balance_t b;
    const int status = ph_plan_balance(grid, (uint32_t)a->shards, a->cpus, &b, report);
    if (status != PH_OK)
        return status;
    const uint64_t tasks = ph_slurm_tasks(a->shards, slurm->pack);
    const double parts = /* of a task, in turn */
        ceil((double)a->shards / (double)(tasks * slurm->pack));
    const double submissions = ceil(parts * b.slowest / (a->time - PH_SLURM_SIGNAL_SECONDS));
    slurm->requeues = (uint64_t)fmin(1e6, 10.0 + 3.0 * submissions);
    ph_duration_text(b.longest, longest, sizeof(longest));
    ph_duration_text(b.slowest, slowest, sizeof(slowest));
    ph_duration_text(a->time, limit, sizeof(limit));
    printf("# %" PRIu64 " part%s of at most about %s on %" PRIu64
           " processor%s, idle %.0f%% of that; the limit of a job is %s\n",
           a->shards, a->shards == 1 ? "" : "s", slowest, a->cpus, a->cpus == 1 ? "" : "s",
           100.0 * b.idle, limit);
    put_range(a, grid, b.slowest);
    if (slurm->pack > 1)
        printf("# %" PRIu64 " of them side by side on a node\n", slurm->pack);
    if (parts > 1.0)
        printf("# an array of %" PRIu64 " tasks with up to %.0f parts each, one after the other\n",
               tasks, parts);
    if (submissions > 1.0)
        printf("# a task needs about %.0f times its limit: it asks Slurm to be started again, at "
               "most %" PRIu64 " times\n",
               submissions, slurm->requeues);
    if (b.longest > 0.9 * a->time)
        printf("# the longest %s alone takes about %s: more parts do not help\n",
               b.cut ? "piece of a block" : "block", longest);
    const double asked = (double)a->shards * (double)a->cpus;
    const double busy =
        (double)a->shards > b.blocks ? b.blocks : ph_split_pieces(grid, a->shards * a->cpus);
    if (asked > busy)
        ph_note(report,
                "the grid has %.0f blocks of replicas to share out, fewer than %" PRIu64
                " x %" PRIu64 " processors: some have nothing to do",
                b.blocks, a->shards, a->cpus);
    if (b.fewest < a->shards && b.idle > 0.1)
        ph_note(report, "%u part%s (-n %u) would be as fast", b.fewest, b.fewest == 1 ? "" : "s",
                b.fewest);
    return PH_OK;
}

/* Lines of --sbatch; none at all where it is given empty. */
static int check_lines(ph_texts_t *lines, ph_report_t *report)
{
    size_t kept = 0;
    for (size_t k = 0; k < lines->count; k++) {
        const char *line = lines->texts[k];
        lines->texts[kept] = line;
        if (!ph_is_visible(line))
            return ph_fail(report, PH_ERR_INPUT,
                           "--sbatch %s: expected one line of options of sbatch, like account=NAME",
                           line);
        kept += line[0] != '\0';
    }
    lines->count = kept;
    return PH_OK;
}

/* Paths that hold from whatever folder the scripts are submitted. */
static int find_paths(ph_slurm_t *slurm, const char *path, char *program, ph_report_t *report)
{
    slurm->grid = realpath(path, NULL);
    slurm->folder = realpath(".", NULL);
    if (readlink("/proc/self/exe", program, PATH_SIZE - 1) <= 0)
        strcpy(program, "polyhebb");
    if (slurm->grid == NULL || slurm->folder == NULL)
        return ph_fail(report, PH_ERR_IO, "cannot find the folder of %s", path);
    return PH_OK;
}

static int prepare(arguments_t *a, const ph_grid_t *grid, ph_slurm_t *slurm, ph_report_t *report)
{
    a->shards = a->shards > 0 ? a->shards : choose_shards(a, grid);
    const ph_cost_t cost = ph_plan_cost(grid, a->cpus);
    slurm->shards = a->shards;
    slurm->cpus = a->cpus;
    slurm->time = a->time;
    slurm->memory = cost.memory_bytes;
    slurm->merge_memory = ph_memory_merge(grid);
    /* read, checked and compressed at a few MB/s on a slow disk (docs/performance.md) */
    slurm->merge_time = 600.0 + cost.file_bytes / 4e6;
    int status = check_lines(&a->sbatch, report);
    return status == PH_OK ? note_parts(a, grid, slurm, report) : status;
}

/* What was given before, where it is not given now. */
static int read_kept(arguments_t *a, ph_slurm_t *slurm, ph_slurm_kept_t *kept, ph_report_t *report)
{
    char array[PATH_SIZE];
    snprintf(array, sizeof(array), "%s-array.sh", slurm->name);
    const int status = ph_slurm_read_kept(array, kept);
    slurm->sbatch = a->sbatch_given ? &a->sbatch : &kept->sbatch;
    slurm->pack = a->pack > 0 ? a->pack : kept->pack;
    a->cpus = a->cpus > 0 ? a->cpus : kept->cpus;
    slurm->throttle = a->throttle != UINT64_MAX ? a->throttle : kept->throttle;
    slurm->scratch = a->scratch != NULL ? a->scratch : kept->scratch != NULL ? kept->scratch : "";
    if (status == PH_OK && slurm->scratch[0] != '\0' && !ph_slurm_is_folder(slurm->scratch))
        return ph_fail(
            report, PH_ERR_INPUT,
            "--scratch %s: expected a folder of the nodes, from / or a variable on, like "
            "'$TMPDIR'",
            slurm->scratch);
    return status;
}

static int act(void *arguments, ph_report_t *report)
{
    arguments_t *a = arguments;
    char program[PATH_SIZE] = "";
    ph_grid_t grid;
    ph_site_t site = {NULL, NULL};
    ph_slurm_t slurm = {.program = program, .overrides = &a->overrides};
    ph_slurm_kept_t kept = PH_SLURM_KEPT_NONE;
    ph_grid_init(&grid);
    a->sbatch_given = a->sbatch.count > 0;
    char *name = ph_cli_output_name(a->path, "");
    int status = ph_grid_load(&grid, a->path, a->overrides.count, a->overrides.texts, report);
    if (status == PH_OK)
        status = name != NULL ? check_name(name, report) : PH_ERR_MEMORY;
    if (status == PH_OK)
        status = find_paths(&slurm, a->path, program, report);
    if (status == PH_OK)
        status = ph_site_read(&site, report);
    slurm.name = name;
    slurm.site = site.sbatch;
    slurm.setup = site.setup;
    if (status == PH_OK)
        status = read_kept(a, &slurm, &kept, report);
    if (status == PH_OK)
        status = prepare(a, &grid, &slurm, report);
    if (status == PH_OK)
        status = write_scripts(&slurm, report);
    if (status == PH_OK)
        printf("# To submit %s-array.sh, and %s-merge.sh after it:\n"
               "job=$(sbatch --parsable %s-array.sh) && "
               "sbatch --dependency=afterany:${job%%;*} %s-merge.sh\n",
               name, name, name, name);
    ph_slurm_kept_free(&kept);
    ph_site_free(&site);
    ph_grid_free(&grid);
    free(slurm.folder);
    free(slurm.grid);
    free(name);
    return ph_cli_finish(report, status);
}

/* As sbatch reads it, so that a plain number is minutes. */
static int set_time(void *arguments, const char *text, ph_report_t *report)
{
    arguments_t *a = arguments;
    a->time = ph_slurm_seconds(text);
    if (a->time >= 4.0 * PH_SLURM_SIGNAL_SECONDS)
        return PH_OK;
    return ph_fail(report, PH_ERR_INPUT,
                   "--time %s: expected at least %d minutes, as sbatch reads it (MINUTES, MM:SS, "
                   "HH:MM:SS, D-HH[:MM[:SS]]) or like 90m, 4h, 2d",
                   text, 4 * PH_SLURM_SIGNAL_SECONDS / 60);
}

#define AT(member) .offset = offsetof(arguments_t, member)

static const ph_option_t OPTIONS[] = {
    {"cpus", 'c', "N", "processors of a part (default 1); kept", .type = PH_OPTION_NUMBER, AT(cpus),
     .minimum = 1, .maximum = 65536},
    {"sbatch", 'b', "OPTIONS",
     "an option of sbatch for both scripts, e.g. account=NAME; kept when they are written again "
     "without it, none if empty",
     .type = PH_OPTION_TEXTS, AT(sbatch)},
    {"pack", 'p', "N", "parts of a task, side by side on a node (srun); kept; 1: none",
     .type = PH_OPTION_NUMBER, AT(pack), .minimum = 1, .maximum = 65536},
    {"scratch", '\0', "DIR",
     "run in this folder of the node, e.g. '$TMPDIR' (run --scratch); kept; none if empty",
     .type = PH_OPTION_TEXT, AT(scratch)},
    PH_OPTION_ROW_SET(arguments_t, overrides),
    {"shards", 'n', "N", "parts of the array (default: as many as the time asks for)",
     .type = PH_OPTION_NUMBER, AT(shards), .minimum = 1, .maximum = PH_SHARDS_MAX},
    {"throttle", 'm', "N", "tasks that may run at once; kept; 0: all (the default)",
     .type = PH_OPTION_NUMBER, AT(throttle), .minimum = 0, .maximum = PH_SHARDS_MAX},
    {"time", 't', "D", "time limit of a job as sbatch reads it, or like 90m, 4h (default 1h)",
     .set = set_time},
    {.name = NULL}};

static const arguments_t DEFAULTS = {.throttle = UINT64_MAX, .time = 3600.0};

static const ph_example_t EXAMPLES[] = {
    {"slurm grid.yaml -n 32 -c 16 -t 4h",
     "an array of 32 parts of 16 processors, and a job that merges them"},
    {.words = NULL}};

const ph_verb_t PH_VERB_SLURM = {
    .name = "slurm",
    .help = "job scripts that run a grid in parts on a cluster",
    .about = "Writes two job scripts for Slurm: NAME-array.sh runs a grid in parts, NAME-merge.sh "
             "puts them together; prints the line that submits both. What a site wants in every "
             "script stands in ~/.config/polyhebb/site.yaml.",
    .forms = {{{"GRID", PH_FILES_GRID, PH_OPERAND_ONE, offsetof(arguments_t, path)}}},
    .options = OPTIONS,
    .size = sizeof(arguments_t),
    .defaults = &DEFAULTS,
    .examples = EXAMPLES,
    .act = act,
};
