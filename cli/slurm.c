/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/machine.h"
#include "base/visible.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "sim/run/plan.h"
#include "sim/store/shard.h"

/* Slurm's MaxArraySize is 1001 unless the administrator has raised it. */
enum { ARRAY_MAX = 1000, SIGNAL_SECONDS = 120, PATH_SIZE = 4096 };

typedef struct {
    const char *path;
    ph_texts_t overrides;
    uint64_t shards, cpus;
    double time;
} arguments_t;

/* A word that the shell takes as it is; one that could not be read as it is with escapes. */
static void put_word(FILE *out, const char *text)
{
    const bool plain = ph_is_visible(text);
    fputs(plain ? "'" : "$'", out);
    for (; *text != '\0'; text++)
        if (*text == '\'')
            fputs(plain ? "'\\''" : "\\'", out);
        else if (plain || (*text != '\\' && *text >= ' ' && *text < 0x7f))
            putc(*text, out);
        else
            fprintf(out, "\\x%02x", (unsigned)(unsigned char)*text);
    putc('\'', out);
}

/* What is shared out. */
static double blocks(const ph_grid_t *grid)
{
    return (double)grid->points_count * (double)grid->samples *
           (double)((grid->replicas + grid->lanes - 1) / grid->lanes);
}

/* Parts that take about half the limit each, but no more than there are blocks to share out. */
static uint64_t choose_shards(const arguments_t *a, const ph_grid_t *grid)
{
    double shards = 1.0 + ph_plan_cost(grid, a->cpus).seconds / (0.5 * a->time);
    shards = fmin(shards, blocks(grid));
    return shards < ARRAY_MAX ? (uint64_t)shards : ARRAY_MAX;
}

static void put_head(FILE *out, const char *name, const char *log, double memory)
{
    fprintf(out, "#SBATCH --job-name=%s\n", name);
    fprintf(out, "#SBATCH --output=%s\n#SBATCH --open-mode=append\n", log);
    fprintf(out, "#SBATCH --mem=%.0fM\n", 256.0 + 1.25e-6 * memory);
}

/* SLURM_RESTART_COUNT is set in a job that Slurm has started again, after it ended the first. */
static const char TAKE_OVER[] = " ${SLURM_RESTART_COUNT:+--take-over} \"$@\"";

static void put_array(FILE *out, const arguments_t *a, const ph_grid_t *grid, const char *name,
                      const char *program)
{
    char log[PATH_SIZE];
    const unsigned long minutes = (unsigned long)(a->time / 60.0);
    snprintf(log, sizeof(log), "%s.%%a-of-%" PRIu64 ".log", name, a->shards);
    put_head(out, name, log, ph_plan_cost(grid, a->cpus).memory_bytes);
    fprintf(out, "#SBATCH --array=0-%" PRIu64 "\n#SBATCH --cpus-per-task=%" PRIu64 "\n",
            a->shards - 1, a->cpus);
    fprintf(out, "#SBATCH --time=%lu\n#SBATCH --signal=B:USR1@%d\n\n", minutes, SIGNAL_SECONDS);
    fprintf(out,
            "# Parts that were stopped or lost go on when submitted again, for instance\n"
            "#     sbatch --array=3,17 %s-array.sh\n"
            "# The number of parts, %" PRIu64 ", is not the array's: leave it as it is.\n"
            "# What a site wants besides (sbatch -A ACCOUNT -p PARTITION ...) goes before the "
            "script's name.\n"
            "# A part that was killed on another node asks for --take-over. Where Slurm itself "
            "starts the\n"
            "# same task again, it has ended the first one: the flag is given. Else look (squeue), "
            "then\n"
            "#     sbatch --array=3 %s-array.sh --take-over\n"
            "# exec: so that the program itself gets the signal before the time is up.\n",
            name, a->shards, name);
    fputs("exec ", out);
    put_word(out, program);
    fputs(" run ", out);
    put_word(out, a->path);
    for (size_t i = 0; i < a->overrides.count; i++) {
        fputs(" --set ", out);
        put_word(out, a->overrides.texts[i]);
    }
    fputs(" -q -o ", out);
    put_word(out, name);
    fprintf(out, ".h5 -s \"$SLURM_ARRAY_TASK_ID/%" PRIu64 "\"%s\n", a->shards, TAKE_OVER);
}

static void put_merge(FILE *out, const arguments_t *a, const ph_grid_t *grid, const char *name,
                      const char *program)
{
    char job[PATH_SIZE], log[PATH_SIZE];
    snprintf(job, sizeof(job), "%s-merge", name);
    snprintf(log, sizeof(log), "%s-merge.log", name);
    put_head(out, job, log, ph_plan_cost(grid, 1).memory_bytes);
    fputs("\n# Says which parts are missing or not finished; may be submitted again.\nexec ", out);
    put_word(out, program);
    fputs(" merge ", out);
    put_word(out, name);
    fprintf(out, ".*-of-%" PRIu64 ".h5 -o ", a->shards);
    put_word(out, name);
    fprintf(out, ".h5%s\n", TAKE_OVER);
}

/* A script begins with this, the digest of all that follows, and a line's end: one that somebody
 * has changed is told from one that is as it was written. */
static const char MARK[] = "#!/bin/bash\n# polyhebb slurm ";

static bool is_script(FILE *file)
{
    char text[16 * PATH_SIZE], digest[PH_DIGEST_TEXT_SIZE];
    const size_t head = strlen(MARK), body = head + PH_DIGEST_TEXT_SIZE;
    const size_t length = fread(text, 1, sizeof(text), file);
    if (length < body || length == sizeof(text) || memcmp(text, MARK, head) != 0)
        return false;
    ph_digest_text(ph_digest_bytes(text + body, length - body), digest);
    return memcmp(text + head, digest, strlen(digest)) == 0 && text[body - 1] == '\n';
}

typedef struct {
    const char *suffix;
    void (*put)(FILE *out, const arguments_t *a, const ph_grid_t *grid, const char *name,
                const char *program);
} script_t;

static int put_script(const ph_output_t *output, const script_t *script, const arguments_t *a,
                      const ph_grid_t *grid, const char *name)
{
    char program[PATH_SIZE] = "", digest[PH_DIGEST_TEXT_SIZE], *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    if (memory == NULL)
        return PH_ERR_MEMORY;
    if (readlink("/proc/self/exe", program, sizeof(program) - 1) <= 0)
        strcpy(program, "polyhebb");
    script->put(memory, a, grid, name, program);
    const int status = fclose(memory) == 0 ? PH_OK : PH_ERR_MEMORY;
    if (status == PH_OK) {
        ph_digest_text(ph_digest_bytes(text, size), digest);
        fprintf(output->stream, "%s%s\n%s", MARK, digest, text);
    }
    free(text);
    return status;
}

/* Both or, where one of them may not be replaced, neither. */
static int write_scripts(const arguments_t *a, const ph_grid_t *grid, const char *name,
                         ph_report_t *report)
{
    static const ph_output_kind_t KIND = {"a script as polyhebb slurm wrote it",
                                          "move or remove it", is_script};
    static const script_t SCRIPTS[] = {{"-array.sh", put_array}, {"-merge.sh", put_merge}};
    char paths[2][PATH_SIZE];
    ph_output_t outputs[2] = {{0}};
    int status = PH_OK;
    for (size_t k = 0; k < 2 && status == PH_OK; k++) {
        snprintf(paths[k], PATH_SIZE, "%s%s", name, SCRIPTS[k].suffix);
        status = ph_output_open(&outputs[k], paths[k], &KIND, report);
    }
    for (size_t k = 0; k < 2 && status == PH_OK; k++)
        status = put_script(&outputs[k], &SCRIPTS[k], a, grid, name);
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

/* What is odd about the number of parts. */
static void note_shards(const arguments_t *a, const ph_grid_t *grid, ph_report_t *report)
{
    if (a->shards > ARRAY_MAX)
        ph_note(report,
                "an array of %" PRIu64 " tasks is more than Slurm takes by default (MaxArraySize, "
                "'scontrol show config')",
                a->shards);
    if ((double)a->shards > blocks(grid))
        ph_note(report,
                "the grid has %.0f blocks of replicas to share out, so there will be empty parts",
                blocks(grid));
}

static int act(void *arguments, ph_report_t *report)
{
    arguments_t *a = arguments;
    ph_grid_t grid;
    ph_grid_init(&grid);
    char *name = ph_cli_output_name(a->path, "");
    int status = ph_grid_load(&grid, a->path, a->overrides.count, a->overrides.texts, report);
    if (status == PH_OK)
        status = name != NULL ? check_name(name, report) : PH_ERR_MEMORY;
    if (status == PH_OK) {
        a->shards = a->shards > 0 ? a->shards : choose_shards(a, &grid);
        status = write_scripts(a, &grid, name, report);
    }
    if (status == PH_OK) {
        note_shards(a, &grid, report);
        printf("# %s-array.sh: %" PRIu64 " part%s; %s-merge.sh after them. To submit both:\n"
               "sbatch --dependency=afterany:$(sbatch --parsable %s-array.sh) %s-merge.sh\n",
               name, a->shards, a->shards == 1 ? "" : "s", name, name, name);
    }
    ph_grid_free(&grid);
    free(name);
    return ph_cli_finish(report, status);
}

#define AT(member) .offset = offsetof(arguments_t, member)

static const ph_option_t OPTIONS[] = {
    {"cpus", 'c', "N", "processors of a part (default 1)", .type = PH_OPTION_NUMBER, AT(cpus),
     .minimum = 1, .maximum = 65536},
    {"shards", 'n', "N", "parts of the array (default: as many as the time asks for)",
     .type = PH_OPTION_NUMBER, AT(shards), .minimum = 1, .maximum = PH_SHARDS_MAX},
    PH_OPTION_ROW_SET(arguments_t, overrides),
    {"time", 't', "D", "time limit of a part (default 1h)", .type = PH_OPTION_TIME, AT(time),
     .minimum = 4.0 * SIGNAL_SECONDS},
    {.name = NULL}};

static const arguments_t DEFAULTS = {.cpus = 1, .time = 3600.0};

const ph_verb_t PH_VERB_SLURM = {
    .name = "slurm",
    .help = "job scripts that run a grid in parts on a cluster",
    .about = "Writes two job scripts for Slurm: NAME-array.sh runs a grid in parts, NAME-merge.sh "
             "puts them together; prints the line that submits both.",
    .forms = {{{"GRID", PH_FILES_GRID, PH_OPERAND_ONE, offsetof(arguments_t, path)}}},
    .options = OPTIONS,
    .size = sizeof(arguments_t),
    .defaults = &DEFAULTS,
    .act = act,
};
