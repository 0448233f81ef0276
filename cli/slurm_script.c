/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/slurm_script.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/visible.h"

/* A script begins with this, the digest of all that follows, and a line's end: one that somebody
 * has changed is told from one that is as it was written. */
static const char MARK[] = "#!/bin/bash\n# polyhebb slurm ";

/* In the line that runs the program; the folder and a quote follow. */
static const char SCRATCH[] = " --scratch \"";

static const char ARRAY[] = "\n#SBATCH --array=0-";
static const char CPUS[] = "\n#SBATCH --cpus-per-task=";
static const char PACK[] = "\n#SBATCH --ntasks-per-node=";

static const char KEPT[] = "# Given with --sbatch, and kept when this is written again:\n";

/* Of names in lines that only Slurm reads. */
static const char PLAIN[] = "/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";

enum { SCRIPT_SIZE = 1 << 17 };

uint64_t ph_slurm_tasks(uint64_t shards, uint64_t pack)
{
    const uint64_t tasks = (shards + pack - 1) / pack;
    return tasks < PH_ARRAY_MAX ? tasks : PH_ARRAY_MAX;
}

/* Behind a variable as $NAME or ${NAME}; NULL where it is neither. */
static const char *behind_variable(const char *at)
{
    static const char WORD[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    const bool braced = at[1] == '{';
    const char *name = at + (braced ? 2 : 1), *end = name + strspn(name, WORD);
    if (end == name || (*name >= '0' && *name <= '9') || (braced && *end != '}'))
        return NULL;
    return end + braced;
}

bool ph_slurm_is_folder(const char *text)
{
    bool good = (text[0] == '/' || text[0] == '$') && strlen(text) < 1024;
    for (const char *at = text; good && *at != '\0';) {
        const char *end = *at == '$' ? behind_variable(at) : at + strspn(at, PLAIN);
        good = end != NULL && end > at;
        at = end;
    }
    return good;
}

/* One that could not be read as it is, with escapes. */
void ph_put_word(FILE *out, const char *text)
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

static void put_head(FILE *out, const ph_slurm_t *self, const char *what, const char *log,
                     double memory, double time)
{
    fprintf(out, "#SBATCH --job-name=%s%s\n", self->name, what);
    fprintf(out, "#SBATCH --output=%s\n#SBATCH --open-mode=append\n", log);
    fprintf(out, "#SBATCH --mem=%.0fM\n#SBATCH --time=%.0f\n", 256.0 + 1.25e-6 * memory,
            time / 60.0);
    if (strspn(self->folder, PLAIN) == strlen(self->folder))
        fprintf(out, "#SBATCH --chdir=%s\n", self->folder);
}

/* Last, so that the user's own lines count where Slurm has an option twice. */
static void put_own(FILE *out, const ph_slurm_t *self)
{
    fputs(self->site, out);
    for (size_t k = 0; k < self->sbatch->count; k++)
        fprintf(out, "%s#SBATCH %s%s\n", k == 0 ? KEPT : "",
                self->sbatch->texts[k][0] == '-' ? "" : "--", self->sbatch->texts[k]);
}

/* What the site wants, and the folder: a job may have been submitted from another. */
static void put_setup(FILE *out, const ph_slurm_t *self)
{
    fputs(self->setup, out);
    fputs("cd ", out);
    ph_put_word(out, self->folder);
    fputs(" || exit 1\n", out);
}

static const char ARRAY_WORDS[] =
    "# A part that its time limit stops, or that Slurm starts again, goes on from where it was: it "
    "asks to\n"
    "# be started again itself, at most so often as `requeues` says. What is left then is named "
    "by\n"
    "# %s-merge.sh, and goes on when submitted again, for instance\n"
    "#     sbatch --array=3,17 %s-array.sh\n"
    "# The number of parts, %" PRIu64 ", is not the array's: leave it as it is.\n"
    "# A part that was killed on another node asks for --take-over. Where Slurm itself starts the\n"
    "# same task again, it has ended the first one: the flag is given. Else look (squeue), then\n"
    "#     sbatch --array=3 %s-array.sh --take-over\n";

/* SLURM_RESTART_COUNT is set in a job that Slurm has started again, after it ended the first. bash
 * waits, for its traps pass on the signals; `wait` ends with each of them, so it is asked again as
 * long as the program is there. */
static const char ARRAY_BODY[] =
    "if [ \"${SLURM_ARRAY_TASK_ID:?this is for sbatch, as an array}\" -ge %" PRIu64 " ]; then\n"
    "    echo \"there is no task $SLURM_ARRAY_TASK_ID: 0 to %" PRIu64 " have all %" PRIu64
    " parts\"\n"
    "    exit 2\n"
    "fi\n"
    "pass() { [ -z \"$program\" ] || kill -s \"$1\" \"$program\"; }\n"
    "trap 'pass USR1' USR1\n"
    "trap 'cancelled=yes; pass TERM' TERM INT\n"
    "for ((part = %" PRIu64 " * SLURM_ARRAY_TASK_ID; part < %" PRIu64 "; part += %" PRIu64
    ")); do\n"
    "    run \"$@\" &\n"
    "    program=$!\n"
    "    while wait $program; code=$?; kill -0 $program 2>/dev/null; do :; done\n"
    "    [ $code -eq 0 ] || [ $code -eq 5 ] || break # 5: done, at the cap of dynamics.until\n"
    "done\n"
    "if [ $code -eq 75 ] && [ -z \"$cancelled\" ] && [ -n \"$SLURM_ARRAY_JOB_ID\" ]; then\n"
    "    if [ \"${SLURM_RESTART_COUNT:-0}\" -ge $requeues ]; then\n"
    "        echo \"started again $requeues times and not done yet: submit it again\"\n"
    "    else\n"
    "        scontrol requeue \"${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID\"\n"
    "    fi\n"
    "fi\n"
    "exit $code\n";

/* One part or, packed, a step of srun in which each process takes a part of its own. It waits for
 * all of them, and ends with the largest of their exit codes. */
static void put_run(FILE *out, const ph_slurm_t *self)
{
    fputs("run()\n{\n    exec ", out);
    if (self->pack > 1)
        fprintf(out,
                "srun --kill-on-bad-exit=0 --wait=0 --ntasks=%" PRIu64 " --cpus-per-task=%" PRIu64
                " bash -c \\\n"
                "        'part=$(($1 + SLURM_PROCID)); [ $part -lt %" PRIu64
                " ] || exit 0; shift; exec \"$@\" -s \"$part/%" PRIu64
                "\"' part $part \\\n        ",
                self->pack, self->cpus, self->shards, self->shards);
    ph_put_word(out, self->program);
    fputs(" run ", out);
    ph_put_word(out, self->grid);
    for (size_t i = 0; i < self->overrides->count; i++) {
        fputs(" --set ", out);
        ph_put_word(out, self->overrides->texts[i]);
    }
    fprintf(out, " --progress 10m -o %s.h5", self->name);
    if (self->scratch[0] != '\0')
        fprintf(out, "%s%s\"", SCRATCH, self->scratch);
    if (self->pack == 1)
        fprintf(out, " -s \"$part/%" PRIu64 "\"", self->shards);
    fputs(" ${SLURM_RESTART_COUNT:+--take-over} \"$@\"\n}\n", out);
}

void ph_slurm_put_array(FILE *out, const ph_slurm_t *self)
{
    char log[256];
    const uint64_t tasks = ph_slurm_tasks(self->shards, self->pack);
    snprintf(log, sizeof(log), "%s.%%a-of-%" PRIu64 ".log", self->name, tasks);
    put_head(out, self, "", log, self->memory * (double)self->pack, self->time);
    fprintf(out, "#SBATCH --array=0-%" PRIu64, tasks - 1);
    if (self->throttle > 0)
        fprintf(out, "%%%" PRIu64, self->throttle);
    fprintf(out, "\n#SBATCH --cpus-per-task=%" PRIu64 "\n", self->cpus);
    if (self->pack > 1)
        fprintf(out, "#SBATCH --nodes=1\n#SBATCH --ntasks-per-node=%" PRIu64 "\n", self->pack);
    fprintf(out, "#SBATCH --signal=B:USR1@%d\n#SBATCH --requeue\n", PH_SLURM_SIGNAL_SECONDS);
    put_own(out, self);
    putc('\n', out);
    fprintf(out, ARRAY_WORDS, self->name, self->name, self->shards, self->name);
    fprintf(out, "requeues=%" PRIu64 " cancelled= program= code=0\n", self->requeues);
    put_setup(out, self);
    put_run(out, self);
    fprintf(out, ARRAY_BODY, tasks, tasks - 1, self->shards, self->pack, self->shards,
            self->pack * tasks);
}

void ph_slurm_put_merge(FILE *out, const ph_slurm_t *self)
{
    char log[256];
    snprintf(log, sizeof(log), "%s-merge.log", self->name);
    put_head(out, self, "-merge", log, self->merge_memory, self->merge_time);
    put_own(out, self);
    fputs("\n# Says which parts are missing or not finished, and how to submit those; may be "
          "submitted again.\n",
          out);
    put_setup(out, self);
    fputs("exec ", out);
    ph_put_word(out, self->program);
    fprintf(out, " merge %s.*-of-%" PRIu64 ".h5 -o %s.h5", self->name, self->shards, self->name);
    fputs(" ${SLURM_RESTART_COUNT:+--take-over} \"$@\"\n", out);
}

void ph_slurm_put_mark(FILE *out, const char *text, size_t size)
{
    char digest[PH_DIGEST_TEXT_SIZE];
    ph_digest_text(ph_digest_bytes(text, size), digest);
    fprintf(out, "%s%s\n", MARK, digest);
}

/* The text behind the digest; NULL: not as it was written. text[length] is 0. */
static const char *body_of(const char *text, size_t length)
{
    char digest[PH_DIGEST_TEXT_SIZE];
    const size_t head = strlen(MARK), body = head + PH_DIGEST_TEXT_SIZE;
    if (length < body || length >= SCRIPT_SIZE - 1 || memcmp(text, MARK, head) != 0)
        return NULL;
    ph_digest_text(ph_digest_bytes(text + body, length - body), digest);
    return memcmp(text + head, digest, strlen(digest)) == 0 && text[body - 1] == '\n' ? text + body
                                                                                      : NULL;
}

bool ph_slurm_is_script(FILE *file)
{
    char *text = malloc(SCRIPT_SIZE);
    const size_t length = text != NULL ? fread(text, 1, SCRIPT_SIZE - 1, file) : 0;
    if (text != NULL)
        text[length] = '\0';
    const bool is = text != NULL && body_of(text, length) != NULL;
    free(text);
    return is;
}

uint32_t ph_slurm_task(const ph_slurm_shape_t *shape, uint32_t part)
{
    return part / shape->pack % shape->tasks;
}

/* The number behind `key` and, where it is not NULL, behind `mark` on the same line. */
static void keep_number(const char *body, const char *key, const char *mark, uint64_t *number)
{
    const char *at = strstr(body, key);
    at = at != NULL ? at + strlen(key) : NULL;
    if (at != NULL && mark != NULL) {
        at += strcspn(at, "%\n");
        at = *at == *mark ? at + 1 : NULL;
    }
    if (at != NULL)
        *number = strtoull(at, NULL, 10);
}

ph_slurm_shape_t ph_slurm_read_shape(const char *path, uint32_t parts)
{
    ph_slurm_shape_t shape = {(uint32_t)ph_slurm_tasks(parts, 1), 1, 0};
    char *text = NULL;
    size_t size = 0;
    uint32_t last, pack;
    if (ph_file_load(path, SCRIPT_SIZE, &text, &size, NULL) != PH_OK)
        return shape;
    const char *array = strstr(text, ARRAY), *node = strstr(text, PACK);
    if (array != NULL && sscanf(array + strlen(ARRAY), "%" SCNu32, &last) == 1 &&
        last < PH_ARRAY_MAX)
        shape.tasks = last + 1;
    if (node != NULL && sscanf(node + strlen(PACK), "%" SCNu32, &pack) == 1 && pack > 0)
        shape.pack = pack;
    keep_number(text, ARRAY, "%", &shape.throttle);
    free(text);
    return shape;
}

static int keep_lines(const char *at, ph_texts_t *lines)
{
    static const char LINE[] = "#SBATCH ";
    for (const char *end; strncmp(at, LINE, strlen(LINE)) == 0; at = end + 1) {
        at += strlen(LINE);
        end = strchr(at, '\n'); /* a script ends in one */
        const char **grown = realloc(lines->texts, (lines->count + 1) * sizeof(*grown));
        char *copy = strndup(at, (size_t)(end - at));
        lines->texts = grown != NULL ? grown : lines->texts;
        if (grown == NULL || copy == NULL) {
            free(copy);
            return PH_ERR_MEMORY;
        }
        lines->texts[lines->count++] = copy;
    }
    return PH_OK;
}

static int keep_all(const char *body, ph_slurm_kept_t *kept)
{
    const char *lines = strstr(body, KEPT), *scratch = strstr(body, SCRATCH);
    keep_number(body, PACK, NULL, &kept->pack);
    keep_number(body, CPUS, NULL, &kept->cpus);
    keep_number(body, ARRAY, "%", &kept->throttle);
    if (scratch != NULL) {
        scratch += strlen(SCRATCH);
        kept->scratch = strndup(scratch, strcspn(scratch, "\"\n"));
        if (kept->scratch == NULL)
            return PH_ERR_MEMORY;
    }
    return lines != NULL ? keep_lines(lines + strlen(KEPT), &kept->sbatch) : PH_OK;
}

int ph_slurm_read_kept(const char *path, ph_slurm_kept_t *kept)
{
    char *text = NULL;
    size_t size = 0;
    *kept = PH_SLURM_KEPT_NONE;
    const bool there = ph_file_load(path, SCRIPT_SIZE, &text, &size, NULL) == PH_OK;
    const char *body = there ? body_of(text, size) : NULL;
    const int status = body != NULL ? keep_all(body, kept) : PH_OK;
    free(text);
    return status;
}

void ph_slurm_kept_free(ph_slurm_kept_t *kept)
{
    for (size_t k = 0; k < kept->sbatch.count; k++)
        free((char *)kept->sbatch.texts[k]);
    free(kept->sbatch.texts);
    free(kept->scratch);
    *kept = PH_SLURM_KEPT_NONE;
}
