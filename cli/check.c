/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/attractors/file.h"
#include "analysis/compare/table.h"
#include "analysis/phase/phase.h"
#include "analysis/theory/theoryfile.h"
#include "base/duration.h"
#include "base/file.h"
#include "base/machine.h"
#include "base/visible.h"
#include "cli/check_until.h"
#include "cli/cli.h"
#include "cli/effective.h"
#include "cli/study_figures.h"
#include "params/given.h"
#include "params/labelled.h"
#include "sim/model/coupling.h"
#include "sim/run/balance.h"
#include "sim/run/doubt.h"
#include "sim/run/memory.h"
#include "sim/run/plan.h"
#include "sim/run/startfile.h"
#include "sim/store/runfile.h"

typedef struct {
    const char *path;
    ph_texts_t overrides;
    bool expand, effective;
    uint64_t shards, cpus;
} arguments_t;

static void print_time(const ph_grid_t *grid, const ph_cost_t *cost)
{
    char text[32], least[32];
    ph_duration_text(cost->seconds, text, sizeof(text));
    ph_duration_text(cost->seconds_least, least, sizeof(least));
    if (ph_grid_has_until(grid))
        printf(
            "time:       about %s to %s, as dynamics.until goes; the rest is for its cap of %lld "
            "sweeps\n",
            least, text, (long long)grid->until.sweeps_max);
    else
        printf("time:       about %s\n", text);
}

/* That the folder one stands in, where a run file goes by default, has no room for so much. */
static void print_room(double needed)
{
    char text[32];
    const int folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const double room = folder >= 0 ? ph_file_room(folder) : INFINITY;
    if (folder >= 0)
        close(folder);
    if (needed <= room)
        return;
    ph_cli_human(room, "B", text, sizeof(text));
    printf("            more than the %s free in this folder: polyhebb run would refuse, unless -o "
           "names another\n",
           text);
}

static void print_grid(const ph_grid_t *grid)
{
    ph_limit_t threads = ph_machine_threads(0);
    ph_cost_t cost = ph_plan_cost(grid, threads.value);
    char text[32];
    if (grid->title[0] != '\0')
        ph_print(stdout, "title:      %s\n", grid->title);
    printf("points:     %zu", grid->points_count);
    for (size_t a = 0; a < grid->axes_count; a++)
        printf(" %s %s %zu", a == 0 ? "=" : "x", ph_schema(grid->axes[a].coordinates[0].key)->name,
               grid->axes[a].size);
    printf("\nchains:     %.0f (samples %lld x replicas %lld a point)\n", cost.chains,
           (long long)grid->samples, (long long)grid->replicas);
    printf("seed:       %llu\n", (unsigned long long)grid->seed);
    int64_t features = 0;
    for (size_t p = 0; p < grid->points_count; p++) {
        const int64_t own = ph_coupling_features(&grid->points[p]);
        features = own > features ? own : features;
    }
    printf("features:   at most %lld, an update costs as many operations\n", (long long)features);
    ph_cli_human(cost.updates, "spin updates", text, sizeof(text));
    printf("work:       %s\n", text);
    ph_cli_human(cost.memory_bytes, "B", text, sizeof(text));
    printf("memory:     %s on %llu threads (%s)\n", text, (unsigned long long)threads.value,
           threads.source);
    const ph_limit_t allowed = ph_machine_memory();
    if (ph_plan_check_memory(grid, threads.value, NULL) != PH_OK) {
        ph_cli_human((double)allowed.value, "B", text, sizeof(text));
        printf("            more than the %s allowed here (%s): polyhebb run would refuse\n", text,
               allowed.source);
    }
    ph_cli_human(cost.file_bytes, "B", text, sizeof(text));
    printf("file:       at most %s before compression\n", text);
    ph_cli_human(cost.file_bytes + cost.journal_bytes, "B", text, sizeof(text));
    printf("disk:       about %s while it runs, file and journal\n", text);
    print_room(cost.file_bytes + cost.journal_bytes);
    print_time(grid, &cost);
}

/* The dilution of given patterns, which is measured; of a pool that samples draw from, its mean. */
static void print_given(const ph_grid_t *grid)
{
    enum { SHOWN = 10 };
    const ph_point_t *point = &grid->points[grid->points_count - 1]; /* the most patterns */
    const bool drawn = point->choice == PH_CHOICE_RANDOM;
    const size_t count = drawn ? 1 : (size_t)point->patterns;
    if (!ph_grid_is_given(grid))
        return;
    printf("given:      %zu patterns, dilution%s",
           ph_given_count(point->given, (size_t)point->neurons), drawn ? " of all together" : "");
    for (size_t mu = 0; mu < count && mu < SHOWN; mu++)
        printf("%s %.4g", mu > 0 ? "," : "", point->dilution[mu]);
    puts(count > SHOWN ? ", ..." : "");
}

/* Of given examples how many a label has, what was measured of them, and the entropy
 * rho = (1 - r^2)/(M r^2) at the fewest and most that are learned. */
static void print_data(const ph_grid_t *grid)
{
    enum { SHOWN = 10 };
    const ph_point_t *few = NULL, *many = NULL;
    for (size_t p = 0; p < grid->points_count; p++) {
        const ph_point_t *point = &grid->points[p];
        if (!ph_point_has_data(point))
            continue;
        few = few == NULL || point->examples[0] < few->examples[0] ? point : few;
        many = many == NULL || point->examples[0] > many->examples[0] ? point : many;
    }
    const size_t labels = few != NULL ? (size_t)few->patterns : 0;
    size_t *first = calloc(labels + 1, sizeof(*first));
    if (first != NULL && few != NULL)
        ph_labelled_first(few->data, (size_t)few->neurons, labels, first);
    for (size_t k = 0; first != NULL && k < labels && k < SHOWN; k++) {
        const double r = few->quality[k], scale = (1.0 - r * r) / (r * r);
        printf("%s label %zu: %zu examples, r %.4g, s %.4g, d %.4g; rho %.4g of M = %.0f",
               k == 0 ? "data:      " : "           ", k + 1, first[k + 1] - first[k], r,
               few->blank_fidelity[k], few->dilution[k], scale / few->examples[k],
               few->examples[k]);
        if (many->examples[k] > few->examples[k])
            printf(", %.4g of M = %.0f", scale / many->examples[k], many->examples[k]);
        putchar('\n');
    }
    if (labels > SHOWN)
        printf("            and %zu labels more\n", labels - SHOWN);
    free(first);
}

/* What auto stands for, point by point or once where it is the same at all. */
static void print_auto(const ph_grid_t *grid)
{
    const char *last = NULL;
    for (size_t p = 0; grid->any_auto && p < grid->points_count; p++) {
        const ph_point_t *point = &grid->points[p];
        const char *why;
        char text[512];
        if (!ph_sampler_is_auto(point->sampler_asked))
            continue;
        ph_point_auto(point, grid->flips || grid->acceptance, &why);
        if (why == last)
            continue;
        ph_grid_point_text(grid, p, text, sizeof(text));
        printf("auto:       %s (%s)%s%s\n", PH_SAMPLER_WORDS.words[point->sampler], why,
               text[0] != '\0' ? " from " : "", text);
        last = why;
    }
}

/* What the grid is in so many parts, and what one of them asks of a scheduler. */
static int print_parts(const arguments_t *a, const ph_grid_t *grid, ph_report_t *report)
{
    char slowest[32], longest[32], memory[32], merge[32];
    ph_balance_t b;
    if (a->shards == 0)
        return PH_OK;
    const int status = ph_plan_balance(grid, (uint32_t)a->shards, a->cpus, &b, report);
    if (status != PH_OK)
        return status;
    ph_duration_text(b.slowest, slowest, sizeof(slowest));
    ph_duration_text(b.longest, longest, sizeof(longest));
    printf("parts:      %llu of at most %s, their processors idle %.0f%% of that; the longest %s "
           "%.0f block%s takes %s\n",
           (unsigned long long)a->shards, slowest, 100.0 * b.idle, b.cut ? "piece of" : "of",
           b.blocks, b.blocks > 1.0 ? "s" : "", longest);
    ph_cli_human(ph_memory_bytes(grid, a->cpus), "B", memory, sizeof(memory));
    ph_cli_human(ph_memory_merge(grid), "B", merge, sizeof(merge));
    printf("            each in %s of memory on %llu thread%s, their merge in %s\n", memory,
           (unsigned long long)a->cpus, a->cpus == 1 ? "" : "s", merge);
    if (b.fewest < a->shards)
        printf("            %u %s as fast\n", b.fewest, b.fewest == 1 ? "part is" : "parts are");
    return PH_OK;
}

static void print_points(const ph_grid_t *grid)
{
    char text[512];
    for (size_t p = 0; p < grid->points_count; p++) {
        ph_grid_point_text(grid, p, text, sizeof(text));
        printf("%zu: %s\n", p, text);
    }
}

/* Whether the start file holds what the chains will ask for. */
static int check_start(const ph_grid_t *grid, ph_report_t *report)
{
    ph_startfile_t start;
    int status = ph_startfile_open(&start, grid, report);
    if (status == PH_OK)
        status = ph_startfile_examine(&start, grid, report);
    ph_startfile_close(&start);
    return status;
}

static int check_grid(const arguments_t *a, ph_report_t *report)
{
    ph_grid_t grid;
    ph_grid_init(&grid);
    int status = ph_cli_read_grid(&grid, a->path, &a->overrides, report);
    if (status == PH_OK) {
        print_grid(&grid);
        print_given(&grid);
        print_data(&grid);
        print_auto(&grid);
        status = print_parts(a, &grid, report);
        if (a->expand)
            print_points(&grid);
        if (status == PH_OK && a->effective)
            status = ph_cli_effective(&grid, report);
        if (status == PH_OK)
            status = ph_plan_check(&grid, report);
        if (status == PH_OK)
            status = check_start(&grid, report);
        if (status == PH_OK)
            status = ph_study_check_figures(&grid, a->path, report);
    }
    ph_grid_free(&grid);
    return status;
}

/* What a run that was killed has left beside its file. */
static int count_checkpoints(const char *path, size_t *count, ph_report_t *report)
{
    ph_journal_index_t index = {0};
    char *name = ph_journal_path(path);
    *count = 0;
    if (name == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory to open the journal of %s", path);
    const int status = ph_journal_scan(name, &index, report);
    if (status == PH_OK && index.damaged > 0)
        ph_note(report, "%s: %llu damaged records; what they held is computed again", name,
                (unsigned long long)index.damaged);
    if (status == PH_OK && index.count > 0)
        ph_note(report, "%s holds %zu checkpoints more: the run that wrote it has not ended", name,
                index.count);
    *count = index.count;
    ph_journal_index_free(&index);
    free(name);
    return status;
}

/* A shard is complete where its own part is. */
static int judge(const ph_runfile_t *file, const ph_checkpoint_index_t *checkpoints,
                 const char *path, ph_report_t *report)
{
    const ph_shard_t shard = ph_shard_read(&file->base);
    const size_t points = checkpoints->grid->points_count,
                 complete = ph_checkpoint_index_points_complete(checkpoints);
    const int reached = ph_until_survey(checkpoints).capped > 0 ? PH_ERR_UNREACHED : PH_OK;
    if (complete == points || shard.count == 1) {
        ph_print(stdout, "%s: whole, %s: %zu of %zu points complete\n", path,
                 complete == points ? "complete" : "resumable", complete, points);
        return complete == points ? reached : PH_ERR_INTERRUPTED;
    }
    bool *unfinished = calloc(shard.count, sizeof(*unfinished));
    if (unfinished == NULL)
        return PH_ERR_MEMORY;
    int status = ph_plan_unfinished(checkpoints, shard.count, unfinished, report);
    if (status == PH_OK) {
        const bool ready = !unfinished[shard.number];
        ph_print(stdout, "%s: whole, shard %u of %u %s\n", path, shard.number, shard.count,
                 ready ? "complete: to be merged with the others" : "resumable");
        status = ready ? reached : PH_ERR_INTERRUPTED;
    }
    free(unfinished);
    return status;
}

static int check_run(const char *path, ph_report_t *report)
{
    ph_runfile_t file;
    ph_checkpoint_index_t checkpoints = {0};
    int status = ph_runfile_open(&file, path, report);
    if (status == PH_OK)
        status = ph_runfile_verify(&file, report);
    if (status == PH_OK)
        status = ph_doubt_say(&file, report);
    if (status == PH_OK)
        status = ph_checkpoint_index_init(&checkpoints, file.base.grid, report);
    if (status == PH_OK)
        status = ph_checkpoint_index_add_file(&checkpoints, path, report);
    if (status == PH_OK)
        status = ph_until_settle(&checkpoints, report);
    const bool readable = status == PH_OK;
    if (readable)
        status = judge(&file, &checkpoints, path, report);
    if (readable)
        ph_cli_until(&checkpoints);
    ph_checkpoint_index_free(&checkpoints);
    ph_runfile_close(&file);
    size_t count;
    int journal = PH_OK;
    if (status == PH_OK || status == PH_ERR_INTERRUPTED || status == PH_ERR_UNREACHED)
        journal = count_checkpoints(path, &count, report);
    return journal != PH_OK ? journal : status;
}

/* Damaged ones too, unless they say that they are something else. */
static bool is_theory(const char *path)
{
    ph_gridfile_t file;
    int status = ph_gridfile_open(&file, path, "theory", NULL);
    ph_gridfile_close(&file);
    return status == PH_OK || status == PH_ERR_DAMAGED;
}

static int check_theory(const char *path, ph_report_t *report)
{
    ph_gridfile_t file;
    ph_theory_t theory = {0};
    int status = ph_gridfile_open(&file, path, "theory", report);
    if (status == PH_OK)
        status = ph_theory_read(&theory, file.grid, path, report);
    if (status == PH_OK)
        ph_print(stdout, "%s: whole, a theory file: %zu points, %zu without a solution\n", path,
                 file.grid->points_count, theory.unconverged);
    ph_theory_free(&theory);
    ph_gridfile_close(&file);
    return status;
}

static int check_file(const char *path, ph_report_t *report)
{
    bool exists;
    size_t count = 0;
    int status = ph_file_exists(path, &exists, report);
    if (status == PH_OK && !exists)
        status = count_checkpoints(path, &count, report);
    if (count > 0)
        ph_print(stdout, "%s: not there yet, resumable from its journal\n", path);
    if (status != PH_OK || count > 0)
        return status != PH_OK ? status : PH_ERR_INTERRUPTED;
    return is_theory(path) ? check_theory(path, report) : check_run(path, report);
}

static int check_phase(const char *path, ph_report_t *report)
{
    ph_gridfile_t file;
    ph_phase_t phase = {0};
    int status = ph_gridfile_open(&file, path, "phase", report);
    if (status == PH_OK)
        status = ph_phase_read(&phase, file.grid, path, report);
    if (status == PH_OK) {
        ph_print(stdout,
                 "%s: whole, a phase diagram of %zu points; %zu without a state reached from the "
                 "start\n",
                 path, file.grid->points_count, phase.unreached);
        ph_phase_free(&phase);
    }
    ph_gridfile_close(&file);
    return status;
}

static int check_comparison(const char *path, ph_report_t *report)
{
    ph_gridfile_t file;
    ph_comparison_table_t table = {0};
    int status = ph_gridfile_open(&file, path, "comparison", report);
    if (status == PH_OK)
        status = ph_comparison_table_read(&table, file.grid, path, report);
    if (status == PH_OK)
        ph_print(stdout, "%s: whole, a comparison of %zu points: %s\n", path,
                 file.grid->points_count, ph_verdict_text(table.verdict));
    ph_comparison_table_free(&table);
    ph_gridfile_close(&file);
    return status;
}

static int check_attractors(const char *path, ph_report_t *report)
{
    ph_gridfile_t file;
    ph_attractor_map_t map = {0};
    int status = ph_gridfile_open(&file, path, "attractors", report);
    if (status == PH_OK)
        status = ph_attractors_read(&map, file.grid, path, report);
    if (status == PH_OK) {
        ph_print(stdout, "%s: whole, the states of %zu network%s at %zu points; %zu left out\n",
                 path, map.samples, map.samples == 1 ? "" : "s", file.grid->points_count,
                 map.left_out);
        ph_attractor_map_free(&map);
    }
    ph_gridfile_close(&file);
    return status;
}

static int act(void *arguments, ph_report_t *report)
{
    const arguments_t *a = arguments;
    int status;
    if (!ph_cli_is_hdf5(a->path))
        status = check_grid(a, report);
    else if (a->expand || a->effective || a->overrides.count > 0 || a->shards > 0)
        status = ph_fail(
            report, PH_ERR_INPUT,
            "--effective, --expand, --set and --shards go with a grid file, not with %s", a->path);
    else if (ph_gridfile_is(a->path, "comparison"))
        status = check_comparison(a->path, report);
    else if (ph_gridfile_is(a->path, "attractors"))
        status = check_attractors(a->path, report);
    else
        status = ph_gridfile_is(a->path, "phase") ? check_phase(a->path, report)
                                                  : check_file(a->path, report);
    return ph_cli_finish(report, status);
}

#define AT(member) .offset = offsetof(arguments_t, member)

static const ph_option_t OPTIONS[] = {
    {"cpus", 'c', "N", "processors of a part (default 1)", .type = PH_OPTION_NUMBER, AT(cpus),
     .minimum = 1, .maximum = 65536},
    {"effective", 'f', NULL, "independent samples a second of each sampler, by theory",
     .type = PH_OPTION_FLAG, AT(effective)},
    {"expand", 'e', NULL, "list every point", .type = PH_OPTION_FLAG, AT(expand)},
    PH_OPTION_ROW_SET(arguments_t, overrides),
    {"shards", 'n', "N", "how well the work falls on N parts", .type = PH_OPTION_NUMBER, AT(shards),
     .minimum = 1, .maximum = PH_SHARDS_MAX},
    {.name = NULL}};

static const arguments_t DEFAULTS = {.cpus = 1};

static const ph_example_t EXAMPLES[] = {
    {"check grid.yaml", "before a run: points, memory, size of the file, time"},
    {"check run.h5", "after it: whether the file is whole"},
    {.words = NULL}};

const ph_verb_t PH_VERB_CHECK = {
    .name = "check",
    .help = "a grid: points, memory, size, time; a run file: is it whole",
    .about =
        "A grid file: its points, work, memory, disk and time. A run file: complete (exit 0), "
        "resumable (75), at the cap of dynamics.until, and what more it needs (5), damaged (4) or "
        "foreign (1). A theory, phase, comparison or attractors file: "
        "whole (0), damaged (4) or foreign (1).",
    .forms = {{{"GRID|FILE",
                PH_FILES_GRID | PH_FILES_RUN | PH_FILES_THEORY | PH_FILES_PHASE |
                    PH_FILES_COMPARISON | PH_FILES_ATTRACTORS,
                PH_OPERAND_ONE, offsetof(arguments_t, path)}}},
    .options = OPTIONS,
    .size = sizeof(arguments_t),
    .defaults = &DEFAULTS,
    .examples = EXAMPLES,
    .act = act,
};
