/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/machine.h"
#include "cli/cli.h"
#include "sim/sample/plan.h"
#include "sim/store/runfile.h"

typedef struct {
    const char *path;
    ph_overrides_t overrides;
    bool expand;
} arguments_t;

static const struct argp_option OPTIONS[] = {
    {"expand", 'e', NULL, 0, "list every point", 0},
    {"set", 'S', "KEY=VALUE", 0, "override a key of the grid", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    arguments_t *a = state->input;
    switch (key) {
    case 'e':
        a->expand = true;
        break;
    case 'S':
        if (!ph_cli_override(&a->overrides, text))
            argp_failure(state, 1, 0, "out of memory");
        break;
    case ARGP_KEY_ARG:
        if (a->path != NULL)
            argp_error(state, "one file, not also '%s'", text);
        a->path = text;
        break;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which grid or run file?");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static void print_grid(const ph_grid_t *grid)
{
    ph_limit_t threads = ph_machine_threads(0);
    ph_cost_t cost = ph_plan_cost(grid, threads.value);
    char text[32];
    if (grid->title[0] != '\0')
        printf("title:      %s\n", grid->title);
    printf("points:     %zu", grid->points_count);
    for (size_t a = 0; a < grid->axes_count; a++)
        printf(" %s %s %zu", a == 0 ? "=" : "x", ph_schema(grid->axes[a].coordinates[0].key)->name,
               grid->axes[a].size);
    printf("\nchains:     %.0f (samples %lld x replicas %lld a point)\n", cost.chains,
           (long long)grid->samples, (long long)grid->replicas);
    printf("seed:       %llu\n", (unsigned long long)grid->seed);
    ph_cli_human(cost.updates, "spin updates", text, sizeof(text));
    printf("work:       %s\n", text);
    ph_cli_human(cost.memory_bytes, "B", text, sizeof(text));
    printf("memory:     %s on %llu threads (%s)\n", text, (unsigned long long)threads.value,
           threads.source);
    ph_cli_human(cost.file_bytes, "B", text, sizeof(text));
    printf("file:       at most %s before compression\n", text);
    ph_cli_human(cost.seconds, "s", text, sizeof(text));
    printf("time:       about %s\n", text);
}

static void print_points(const ph_grid_t *grid)
{
    char text[512];
    for (size_t p = 0; p < grid->points_count; p++) {
        ph_grid_point_text(grid, p, text, sizeof(text));
        printf("%zu: %s\n", p, text);
    }
}

static int check_grid(const arguments_t *a, ph_report_t *report)
{
    ph_grid_t grid;
    ph_grid_init(&grid);
    int status = ph_grid_load(&grid, a->path, a->overrides.count, a->overrides.texts, report);
    if (status == PH_OK) {
        print_grid(&grid);
        if (a->expand)
            print_points(&grid);
    }
    ph_grid_free(&grid);
    return status;
}

static int check_file(const char *path, ph_report_t *report)
{
    ph_runfile_t file;
    int status = ph_runfile_open(&file, path, report);
    if (status == PH_OK)
        status = ph_runfile_verify(&file, report);
    if (status == PH_OK) {
        ph_ledger_t ledger;
        size_t points = file.base.grid->points_count;
        status = ph_ledger_init(&ledger, file.base.grid, report);
        if (status == PH_OK)
            status = ph_ledger_add_file(&ledger, path, report);
        size_t complete = status == PH_OK ? ph_ledger_points_complete(&ledger) : 0;
        ph_ledger_free(&ledger);
        if (status == PH_OK) {
            printf("%s: whole, %s: %zu of %zu points complete\n", path,
                   complete == points ? "complete" : "resumable", complete, points);
            status = complete == points ? PH_OK : PH_ERR_INTERRUPTED;
        }
    }
    ph_runfile_close(&file);
    return status;
}

int ph_cli_check(int argc, char **argv)
{
    static const char DOC[] =
        "A grid file: its points, work, memory, size and time. A run file "
        "(.h5): complete (exit 0), resumable (75), damaged (4) or foreign (1).";
    const struct argp argp = {OPTIONS, parse, "GRID|FILE", DOC, NULL, NULL, NULL};
    arguments_t a = {0};
    ph_report_t report;
    argp_err_exit_status = PH_EXIT_USAGE;
    if (argp_parse(&argp, argc, argv, 0, NULL, &a) != 0)
        return PH_EXIT_USAGE;
    ph_report_init(&report);
    size_t length = strlen(a.path);
    bool is_file = length > 3 && strcmp(a.path + length - 3, ".h5") == 0;
    int status = is_file ? check_file(a.path, &report) : check_grid(&a, &report);
    free(a.overrides.texts);
    return ph_cli_finish(&report, status);
}
