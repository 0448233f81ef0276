/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/phase.h"

#include "analysis/attractors/file.h"
#include "base/visible.h"
#include "cli/attractors.h"
#include "cli/cli.h"

typedef struct {
    ph_arguments_t common;
    bool samples, brief;
} arguments_t;

/* Curves that end where no special point is, by what changes on them. */
static void print_open(const ph_curves_t *curves)
{
    bool any = false;
    for (size_t c = 0; c < curves->count; c++)
        for (size_t end = 0; end < 2; end++) {
            const ph_curve_t *curve = &curves->items[c];
            if (curve->closed || curve->ends[end] >= 0)
                continue;
            if (!any)
                ph_print(stdout, "open ends of curves, where rounding hides how they go on:\n");
            any = true;
            const double *place = curve->places[end == 0 ? 0 : curve->count - 1];
            ph_print(stdout, "  %-14s %14.9f %14.9f\n", ph_boundary_text(curve->kind), place[0],
                     place[1]);
        }
}

/* Where curves of the diagram end or change, with as many digits as are known. */
static void print_specials(const ph_phase_t *phase)
{
    const ph_curves_t *curves = &phase->curves;
    if (curves->specials_count == 0)
        return;
    const char *names[2];
    for (size_t k = 0; k < 2; k++)
        names[k] = ph_schema(phase->grid->axes[phase->directions[k].axis].coordinates[0].key)->name;
    ph_print(stdout, "special points:\n");
    ph_print(stdout, "  %-14s %14s %14s\n", "kind", names[0], names[1]);
    for (size_t i = 0; i < curves->specials_count; i++)
        ph_print(stdout, "  %-14s %14.9f %14.9f\n", ph_special_text(curves->specials[i].kind),
                 curves->specials[i].place[0], curves->specials[i].place[1]);
    print_open(curves);
}

static void print_summary(const ph_phase_t *phase, const char *path)
{
    const ph_grid_t *grid = phase->grid;
    size_t states = 0, boundaries = 0;
    for (size_t p = 0; p < grid->points_count; p++) {
        states += phase->points[p].count;
        for (size_t k = 0; k < phase->directions_count; k++)
            boundaries +=
                phase->directions[k].ends[p].count + phase->directions[k].changes[p].count;
    }
    ph_print(stdout, "%s: %zu states of %zu points, %zu places of boundaries", path, states,
             grid->points_count, boundaries);
    if (phase->curves.count > 0)
        ph_print(stdout, " on %zu curves", phase->curves.count);
    ph_print(stdout, "\n");
    print_specials(phase);
}

int ph_cli_phase_told(const ph_phase_t *phase, const char *path, ph_report_t *report)
{
    const size_t points = phase->grid->points_count;
    if (phase->incomplete > 0)
        ph_note(report,
                "at %zu of %zu points unstable states are missing; there 'degree' in %s is "
                "not 1 (where it is 1, pairs of unstable states may still be)",
                phase->incomplete, points, path);
    if (phase->doubtful > 0)
        ph_note(report,
                "at %zu of %zu points the Gaussian limit of the examples may have the wrong "
                "phase; theory.average: exact does without it where that is affordable",
                phase->doubtful, points);
    if (phase->truncated > 0)
        ph_note(report, "at %zu points only the %d states of lowest free energy are kept",
                phase->truncated, (int)PH_STATES_MAX);
    if (phase->unreached == 0)
        return PH_OK;
    return ph_fail(report, PH_ERR_NUMERIC,
                   "at %zu of %zu points the flow from the start did not converge; "
                   "there 'reached_state' in %s is -1",
                   phase->unreached, points, path);
}

static int solve(const ph_grid_t *grid, const ph_arguments_t *a, const char *path, int threads,
                 ph_report_t *report)
{
    (void)a;
    ph_phase_t phase;
    int status = ph_phase_solve(&phase, grid, threads, report);
    if (status != PH_OK)
        return status;
    status = ph_phase_write(&phase, path, report);
    if (status == PH_OK) {
        print_summary(&phase, path);
        status = ph_cli_phase_told(&phase, path, report);
    }
    ph_phase_free(&phase);
    return status;
}

/* The states of the grid's very networks. */
static int solve_networks(const ph_grid_t *grid, const ph_arguments_t *a, const char *path,
                          int threads, ph_report_t *report)
{
    const arguments_t *all = (const arguments_t *)(const void *)a;
    ph_attractor_map_t map;
    int status = ph_attractor_map_solve(&map, grid, threads, report);
    if (status != PH_OK)
        return status;
    status = ph_attractors_write(&map, path, report);
    if (status == PH_OK) {
        ph_cli_attractors_print(&map, path, all->brief);
        status = ph_cli_attractors_told(&map, path, report);
    }
    ph_attractor_map_free(&map);
    return status;
}

static const ph_solver_t *other(const ph_grid_t *grid, const ph_arguments_t *a)
{
    static const ph_solver_t NETWORKS = {"attractors", solve_networks, NULL};
    const arguments_t *all = (const arguments_t *)(const void *)a;
    return all->samples || ph_grid_is_given(grid) ? &NETWORKS : NULL;
}

static int act(void *arguments, ph_report_t *report)
{
    static const ph_solver_t SOLVER = {"phase", solve, other};
    const arguments_t *a = arguments;
    return ph_cli_solver(&SOLVER, &a->common, report);
}

static const ph_option_t OPTIONS[] = {
    {"brief", 'b', NULL, "of networks: only at which noises each pattern is stable",
     .type = PH_OPTION_FLAG, .offset = offsetof(arguments_t, brief)},
    PH_OPTION_ROW_THREADS(arguments_t, common.threads),
    {"output", 'o', "FILE", "file to write (default: NAME-phase.h5 or NAME-attractors.h5, here)",
     .type = PH_OPTION_FILE, .offset = offsetof(arguments_t, common.output)},
    {"samples", 's', NULL, "the states of each sample's own network, not of the infinite one",
     .type = PH_OPTION_FLAG, .offset = offsetof(arguments_t, samples)},
    PH_OPTION_ROW_SET(arguments_t, common.overrides),
    {.name = NULL}};

static const ph_example_t EXAMPLES[] = {
    {"phase grid.yaml -o phase.h5", "all states and the boundaries between them"},
    {"phase letters.yaml", "the stable states of given patterns"},
    {.words = NULL}};

const ph_verb_t PH_VERB_PHASE = {
    .name = "phase",
    .help = "all states, their stability, boundaries: the phase diagram",
    .about = "The phase diagram of the infinite network on a grid's axes: all states of every "
             "point, stable or not, the ground state, the state reached from the grid's start, and "
             "the boundaries between points, traced to their ends over two axes of numbers: the "
             "special points there are listed. 'polyhebb plot' draws it. States are missing where "
             "'degree' in the file is not 1; that it is 1 is necessary, not sufficient, for all to "
             "be there. Of given patterns or data, or with --samples, instead the states of each "
             "very network, from systematic starts: which patterns, mixtures and others are "
             "stable, at which noises.",
    .forms = {{{"GRID|RUN", PH_FILES_GRID | PH_FILES_RUN, PH_OPERAND_ONE,
                offsetof(arguments_t, common.path)}}},
    .options = OPTIONS,
    .size = sizeof(arguments_t),
    .examples = EXAMPLES,
    .act = act,
};
