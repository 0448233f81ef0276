/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/duration.h"
#include "base/file.h"
#include "base/visible.h"
#include "cli/cli.h"
#include "cli/status_parts.h"
#include "sim/run/look.h"
#include "sim/store/statusfile.h"

typedef struct {
    ph_texts_t paths;
} arguments_t;

static void print_progress(const char *path, const ph_progress_t *p)
{
    char rate[32];
    const bool dead = ph_progress_is_dead(p);
    double left = ph_progress_left(p);
    double share = p->updates > 0 ? (double)p->updates_done / (double)p->updates : 1.0;
    ph_cli_human(p->rate, "updates/s", rate, sizeof(rate));
    ph_print(stdout, "%s: %s, ", path, dead ? "ended without finishing (run it again)" : p->state);
    if (p->shards <= 1) /* a shard has its share of most points */
        printf("%llu of %llu points, ", (unsigned long long)p->points_done,
               (unsigned long long)p->points);
    printf("%.1f%%", 100.0 * share);
    if (strcmp(p->state, "running") == 0 && !dead)
        printf(", %s", rate);
    if (strcmp(p->state, "running") == 0 && !dead && isfinite(left)) {
        char text[32];
        ph_duration_text(left, text, sizeof(text));
        printf(", %s left", text);
    }
    if (p->shards > 1)
        printf(", shard %u of %u", p->shard, p->shards);
    ph_print(stdout, " (%s, process %lld, %s)\n", p->host, (long long)p->pid, p->updated);
}

/* What a run that is no more has left, or one without a status file; whether that can be told. */
static bool print_left(const char *path, ph_report_t *report)
{
    ph_look_t found;
    if (ph_look_count(path, &found, NULL) != PH_OK)
        return false;
    ph_print(stdout, "%s: %s: %zu of %zu points", path,
             found.journal                           ? "unfinished"
             : found.points_complete == found.points ? "complete"
             : found.shard                           ? "a shard"
                                                     : "unfinished",
             found.points_complete, found.points);
    ph_print(stdout, found.journal ? ", from %s.journal\n" : "\n", path);
    ph_doubt_note(&found.doubt, path, report);
    return true;
}

static bool has_status(const char *path)
{
    struct stat at;
    char *name = ph_file_beside(path, ".status");
    const bool has = name == NULL || lstat(name, &at) == 0;
    free(name);
    return has;
}

/* The shards of a run of which some were asked for. */
typedef struct {
    uint32_t count; /* of the first shard met; 0: none met */
    bool *seen;
} shards_t;

static void see_shard(shards_t *self, const ph_progress_t *progress)
{
    if (progress->shards > 1 && self->seen == NULL) {
        self->seen = calloc(progress->shards, sizeof(*self->seen));
        self->count = self->seen != NULL ? progress->shards : 0;
    }
    if (progress->shards == self->count && progress->shard < self->count)
        self->seen[progress->shard] = true;
}

/* Once several shards are asked for, those are told that have not begun or were not named. */
static void print_missing(const shards_t *shards)
{
    char text[256];
    uint32_t missing = 0, seen;
    for (uint32_t i = 0; i < shards->count; i++)
        missing += shards->seen[i] = !shards->seen[i];
    seen = shards->count - missing;
    if (seen < 2 || missing == 0)
        return;
    ph_report_numbers(shards->seen, shards->count, text, sizeof(text));
    printf("without a status: shard%s %s of %u\n", missing == 1 ? "" : "s", text, shards->count);
}

static int act_on_file(const char *path, shards_t *shards, ph_report_t *report)
{
    ph_progress_t progress;
    if (ph_statusfile_read(path, &progress, NULL) == PH_OK) {
        print_progress(path, &progress);
        see_shard(shards, &progress);
        if (ph_progress_is_dead(&progress))
            print_left(path, report);
        return PH_OK;
    }
    return has_status(path) || !print_left(path, report)
               ? ph_statusfile_read(path, &progress, report)
               : PH_OK;
}

/* The parts of its run, or the run itself. */
static int act_on_grid(const char *path, shards_t *shards, ph_report_t *report)
{
    uint32_t parts = 0;
    ph_grid_t grid; /* whether it is one */
    ph_grid_init(&grid);
    char *name = ph_cli_output_name(path, ""), *run = ph_cli_output_name(path, ".h5");
    int status = ph_grid_load(&grid, path, 0, NULL, report);
    if (status == PH_OK)
        status =
            name != NULL && run != NULL ? ph_status_parts(name, &parts, report) : PH_ERR_MEMORY;
    if (status == PH_OK && parts == 0)
        status = act_on_file(run, shards, report);
    ph_grid_free(&grid);
    free(name);
    free(run);
    return status;
}

/* What a file of polyhebb is called by, where its status or journal was named. */
static char *run_of(const char *path)
{
    static const char *const BESIDE[] = {".h5.status", ".h5.journal"};
    const size_t length = strlen(path);
    char *run = strdup(path);
    for (size_t k = 0; run != NULL && k < 2; k++) {
        const size_t tail = strlen(BESIDE[k]);
        if (length > tail && strcmp(path + length - tail, BESIDE[k]) == 0)
            run[length - tail + strlen(".h5")] = '\0';
    }
    return run;
}

static int act(void *arguments, ph_report_t *report)
{
    const ph_texts_t *paths = &((const arguments_t *)arguments)->paths;
    shards_t shards = {0, NULL};
    int worst = PH_OK;
    for (size_t k = 0; k < paths->count; k++) {
        char *path = run_of(paths->texts[k]);
        const int status = path == NULL           ? PH_ERR_MEMORY
                           : ph_cli_is_hdf5(path) ? act_on_file(path, &shards, report)
                                                  : act_on_grid(path, &shards, report);
        worst = status != PH_OK ? status : worst;
        free(path);
    }
    print_missing(&shards);
    free(shards.seen);
    return ph_cli_finish(report, worst);
}

static const ph_example_t EXAMPLES[] = {
    {"status run.h5", "how far a run is, and how long it will take"}, {.words = NULL}};

const ph_verb_t PH_VERB_STATUS = {
    .name = "status",
    .help = "how far runs are",
    .about =
        "How far runs are, from the small status files beside them; of a run that is no more, or "
        "has no such file, from what its file and its journal hold. Of a grid file: of each of the "
        "parts that its run has in this folder.",
    .forms = {{{"GRID|FILE", PH_FILES_GRID | PH_FILES_RUN, PH_OPERAND_MANY,
                offsetof(arguments_t, paths)}}},
    .size = sizeof(arguments_t),
    .examples = EXAMPLES,
    .act = act,
};
