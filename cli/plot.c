/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/table.h"
#include "analysis/figure/figure.h"
#include "base/machine.h"
#include "base/visible.h"
#include "cli/cli.h"
#include "cli/gnuplot.h"
#include "sim/store/gridfile.h"

enum { FORMATS_SIZE = sizeof("png svg pdf") };

typedef struct {
    const char *run, *theory, *comparison, *prefix;
    ph_overrides_t points; /* texts of --point */
    char formats[FORMATS_SIZE];
    bool trajectory;
    ph_view_t view;
} arguments_t;

static const struct argp_option OPTIONS[] = {
    {"output", 'o', "PREFIX", 0, "begin of every file's name (default: the run's, without .h5)", 0},
    {"format", 'f', "LIST", 0, "of png, svg, pdf (default: all three)", 0},
    {"comparison", 'c', "FILE", 0,
     "the run's table that 'polyhebb compare -o FILE' kept, instead of making it again", 0},
    {"trajectory", 't', NULL, 0, "trajectories of one point over its flow instead", 0},
    {"ordered", PH_KEY_ORDERED, NULL, 0,
     "by rank: the patterns of each sample in descending order, as far as the start leaves a "
     "symmetry",
     0},
    {"point", 'p', "KEY=VALUE,...", 0, "keep these axes at these values", 0},
    {0}};

/* "png,pdf" -> "png pdf" */
static void parse_formats(arguments_t *a, const char *text, struct argp_state *state)
{
    a->formats[0] = '\0';
    for (const char *at = text;; at++) {
        const size_t length = strcspn(at, ",");
        if (length != 3 || (strncmp(at, "png", 3) != 0 && strncmp(at, "svg", 3) != 0 &&
                            strncmp(at, "pdf", 3) != 0))
            ph_cli_usage(state, "--format takes png, svg, pdf or several with commas, not '%s'",
                         text);
        char format[4] = "";
        strncat(format, at, 3);
        if (strstr(a->formats, format) != NULL)
            ph_cli_usage(state, "--format names each format once, not '%s'", text);
        if (a->formats[0] != '\0')
            strcat(a->formats, " ");
        strcat(a->formats, format);
        at += length;
        if (*at == '\0')
            break;
    }
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    arguments_t *a = state->input;
    switch (key) {
    case 'o':
        if (text[0] == '\0')
            argp_error(state, "--output needs the begin of a name");
        a->prefix = text;
        break;
    case 'f':
        parse_formats(a, text, state);
        break;
    case 'c':
        a->comparison = text;
        break;
    case 't':
        a->trajectory = true;
        break;
    case PH_KEY_ORDERED:
        a->view = PH_VIEW_RANKS;
        break;
    case 'p':
        if (!ph_cli_override(&a->points, text))
            argp_failure(state, 1, 0, "out of memory");
        break;
    case ARGP_KEY_ARG:
        if (a->run == NULL)
            a->run = text;
        else if (a->theory == NULL)
            a->theory = text;
        else
            ph_cli_usage(state, "at most two files, not also '%s'", text);
        break;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which run or phase file?");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static int select_points(ph_selection_t *selection, const ph_grid_t *grid, const arguments_t *a,
                         ph_report_t *report)
{
    int status = PH_OK;
    ph_selection_init(selection, grid);
    for (size_t i = 0; i < a->points.count && status == PH_OK; i++)
        status = ph_selection_add(selection, a->points.texts[i], report);
    return status;
}

/* The comparison that was given, or else made here and now. */
static int find_comparison(ph_comparison_table_t *table, const arguments_t *a, ph_runfile_t *run,
                           const ph_theory_t *theory, ph_report_t *report)
{
    if (a->comparison == NULL)
        return ph_compare(&table->equilibrium, run, theory, a->view, report);
    int status = ph_comparison_table_read(table, run->base.grid, a->comparison, report);
    return status == PH_OK ? ph_comparison_table_check(table, run, a->view, a->comparison, report)
                           : status;
}

static int write_curves(ph_figures_t *figures, const arguments_t *a, ph_runfile_t *run,
                        const ph_theory_t *theory, const ph_selection_t *selection,
                        const ph_figure_request_t *request, ph_report_t *report)
{
    ph_comparison_table_t table = {0};
    int status = ph_figures_check(selection, report);
    if (status == PH_OK)
        status = find_comparison(&table, a, run, theory, report);
    if (status == PH_OK)
        status =
            ph_figures_write(figures, run, &table.equilibrium, theory, selection, request, report);
    ph_comparison_table_free(&table);
    return status;
}

static int write_figures(ph_figures_t *figures, const arguments_t *a,
                         const ph_figure_request_t *request, ph_report_t *report)
{
    ph_runfile_t run;
    ph_theory_t read = {0};
    ph_selection_t selection;
    const ph_theory_t *theory = a->theory != NULL ? &read : NULL;
    int status = ph_runfile_open(&run, a->run, report);
    if (status == PH_OK)
        status = select_points(&selection, run.base.grid, a, report);
    if (status == PH_OK && theory != NULL)
        status = ph_theory_read(&read, run.base.grid, a->theory, report);
    if (status == PH_OK && a->trajectory)
        status = ph_figures_trajectory(figures, &run, &selection, request, report);
    else if (status == PH_OK)
        status = write_curves(figures, a, &run, theory, &selection, request, report);
    ph_theory_free(&read);
    ph_runfile_close(&run);
    return status;
}

/* A phase file, and perhaps a run to lay under its lines. */
static int write_phase(ph_figures_t *figures, const arguments_t *a, const ph_grid_t *grid,
                       const ph_selection_t *selection, const ph_figure_request_t *request,
                       ph_report_t *report)
{
    ph_phase_t phase = {0};
    ph_runfile_t run;
    int status = ph_phase_read(&phase, grid, a->run, report);
    if (status != PH_OK)
        return status;
    if (a->theory != NULL)
        status = ph_runfile_open(&run, a->theory, report);
    if (status == PH_OK)
        status = ph_figures_phase(figures, &phase, a->theory != NULL ? &run : NULL, selection,
                                  request, report);
    if (a->theory != NULL)
        ph_runfile_close(&run);
    ph_phase_free(&phase);
    return status;
}

/* A theory file: its thresholds of learning. */
static int write_thresholds(ph_figures_t *figures, const arguments_t *a, const ph_grid_t *grid,
                            const ph_selection_t *selection, const ph_figure_request_t *request,
                            ph_report_t *report)
{
    ph_theory_t theory = {0};
    int status = ph_theory_read(&theory, grid, a->run, report);
    if (status == PH_OK)
        status = ph_figures_thresholds(figures, &theory, selection, request, report);
    ph_theory_free(&theory);
    return status;
}

/* A file that holds theory, of this kind. */
static int write_theory(ph_figures_t *figures, const arguments_t *a, const char *kind,
                        const ph_figure_request_t *request, ph_report_t *report)
{
    ph_gridfile_t file;
    ph_selection_t selection;
    int status = ph_gridfile_open(&file, a->run, kind, report);
    if (status == PH_OK)
        status = select_points(&selection, file.grid, a, report);
    if (status == PH_OK)
        status = strcmp(kind, "phase") == 0
                     ? write_phase(figures, a, file.grid, &selection, request, report)
                     : write_thresholds(figures, a, file.grid, &selection, request, report);
    ph_gridfile_close(&file);
    return status;
}

static int plot(const arguments_t *a, const char *prefix, ph_report_t *report)
{
    ph_figures_t figures = {0};
    const ph_figure_request_t request = {prefix, a->formats, ph_gnuplot_templates(),
                                         (int)ph_machine_threads(0).value, a->view};
    const char *kind = ph_gridfile_is(a->run, "phase")    ? "phase"
                       : ph_gridfile_is(a->run, "theory") ? "theory"
                                                          : NULL;
    if (a->comparison != NULL && (kind != NULL || a->trajectory))
        return ph_fail(report, PH_ERR_INPUT,
                       "--comparison goes with the curves and maps of a run, not with %s",
                       kind != NULL ? a->run : "--trajectory");
    int status = kind != NULL ? write_theory(&figures, a, kind, &request, report)
                              : write_figures(&figures, a, &request, report);
    for (size_t i = 0; i < figures.count && status == PH_OK; i++)
        status = ph_gnuplot_draw(figures.scripts[i], a->formats, report);
    ph_figures_free(&figures);
    return status;
}

/* The name stands in the scripts, which say nothing that cannot be read. */
static int check_prefix(const char *prefix, ph_report_t *report)
{
    const char *slash = strrchr(prefix, '/');
    if (ph_is_visible(slash != NULL ? slash + 1 : prefix))
        return PH_OK;
    return ph_fail(
        report, PH_ERR_INPUT,
        "'%s' would name the figures, expected a name that can be read; give one with -o", prefix);
}

int ph_cli_plot(int argc, char **argv)
{
    static const char DOC[] =
        "Figures of a run over its theory: curves and, over two axes, colour maps of the "
        "magnetizations; without THEORY the mean field is solved, and without --comparison the run "
        "is "
        "compared with it. Patterns are archetypes by "
        "number, their signs as recorded; where signs are lost |m| is drawn, and said. At noise 0 "
        "the last states are drawn; open symbols have no error that could be known. Of a theory "
        "file: the thresholds "
        "of learning. Of a phase file: the phase "
        "diagram, and with a RUN over the same two axes also its magnetizations under the "
        "diagram's lines. The data (.dat) and gnuplot scripts (.gp) stay beside the figures; "
        "'gnuplot NAME.gp' draws them again; a script you have changed is kept as NAME.gp~.";
    const struct argp argp = {OPTIONS, parse, "RUN [THEORY]\nPHASE [RUN]", DOC, NULL, NULL, NULL};
    arguments_t a = {.formats = "png svg pdf"};
    char *name = NULL;
    ph_report_t report;
    if (!ph_cli_parse(&argp, argc, argv, &a))
        return PH_EXIT_USAGE;
    ph_report_init(&report);
    int status = PH_OK;
    if (a.prefix == NULL && (name = ph_cli_output_name(a.run, "")) == NULL)
        status = ph_fail(&report, PH_ERR_MEMORY, "no memory");
    const char *prefix = a.prefix != NULL ? a.prefix : name;
    if (status == PH_OK)
        status = check_prefix(prefix, &report);
    if (status == PH_OK)
        status = plot(&a, prefix, &report);
    free(name);
    free(a.points.texts);
    return ph_cli_finish(&report, status);
}
