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

enum { FORMATS_SIZE = sizeof("png svg pdf"), WORDS_SIZE = 256 };

typedef struct {
    const char *run, *theory, *comparison, *prefix;
    ph_overrides_t points; /* texts of --point */
    char formats[FORMATS_SIZE];
    char figures[WORDS_SIZE]; /* words divided by blanks; "": the usual ones */
    ph_view_t view;
} arguments_t;

static const struct argp_option OPTIONS[] = {
    {"output", 'o', "PREFIX", 0, "begin of every file's name (default: the run's, without .h5)", 0},
    {"format", 'f', "LIST", 0, "of png, svg, pdf (default: all three)", 0},
    {"comparison", 'c', "FILE", 0,
     "the run's table that 'polyhebb compare -o FILE' kept, instead of making it again", 0},
    {"figure", 'F', "LIST", 0, "these figures, of those listed below (default: the file's usual)",
     0},
    {"trajectory", 't', NULL, 0, "the same as --figure trajectory", 0},
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

/* "curves,map" -> "curves map"; what is no figure ph_figures_write tells. */
static void add_figures(arguments_t *a, const char *text, struct argp_state *state)
{
    const size_t used = strlen(a->figures);
    if (text[0] == '\0' || used + strlen(text) + 2 > WORDS_SIZE)
        ph_cli_usage(state, "--figure takes words with commas, not '%s'", text);
    snprintf(a->figures + used, WORDS_SIZE - used, "%s%s", used > 0 ? " " : "", text);
    for (char *c = a->figures + used; *c != '\0'; c++)
        *c = *c == ',' ? ' ' : *c;
}

/* Below the options the figures, from the rows of their list. */
static char *list_figures(int key, const char *text, void *input)
{
    const char *word, *help;
    (void)input;
    if (key != ARGP_KEY_HELP_POST_DOC)
        return (char *)(uintptr_t)text;
    char *list = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&list, &size);
    if (out == NULL)
        return NULL;
    fputs("Figures:\n", out);
    for (size_t i = 0; ph_figures_list(i, &word, &help); i++)
        fprintf(out, "  %-12s %s\n", word, help);
    return fclose(out) == 0 ? list : NULL;
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
    case 'F':
        add_figures(a, text, state);
        break;
    case 't':
        add_figures(a, "trajectory", state);
        break;
    case PH_KEY_ORDERED:
        a->view = PH_VIEW_RANKS;
        break;
    case 'p':
        ph_cli_override(&a->points, text, state);
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

/* What is beside what is drawn: compared with the run only where a figure needs it. */
static int draw(ph_figures_t *figures, const arguments_t *a, ph_figure_source_t *source,
                const ph_figure_request_t *request, ph_report_t *report)
{
    ph_selection_t selection;
    ph_comparison_table_t table = {0};
    const ph_grid_t *grid = source->phase != NULL ? source->phase->grid
                            : source->run != NULL ? source->run->base.grid
                                                  : source->theory->grid;
    bool compares = false;
    int status = select_points(&selection, grid, a, report);
    if (status == PH_OK)
        status = ph_figures_check(&compares, source, &selection, request, report);
    if (status == PH_OK && !compares && a->comparison != NULL)
        status = ph_fail(report, PH_ERR_INPUT,
                         "--comparison goes with the curves and maps of a run, which are not drawn "
                         "here");
    if (status == PH_OK && compares) {
        status = find_comparison(&table, a, source->run, source->theory, report);
        source->comparison = &table.equilibrium;
    }
    if (status == PH_OK)
        status = ph_figures_write(figures, source, &selection, request, report);
    source->comparison = NULL;
    ph_comparison_table_free(&table);
    return status;
}

/* A run, and perhaps its theory. */
static int draw_run(ph_figures_t *figures, const arguments_t *a, const ph_figure_request_t *request,
                    ph_report_t *report)
{
    ph_runfile_t run;
    ph_theory_t theory = {0};
    ph_figure_source_t source = {.run = &run, .theory = a->theory != NULL ? &theory : NULL};
    int status = ph_runfile_open(&run, a->run, report);
    if (status == PH_OK && source.theory != NULL)
        status = ph_theory_read(&theory, run.base.grid, a->theory, report);
    if (status == PH_OK)
        status = draw(figures, a, &source, request, report);
    ph_theory_free(&theory);
    ph_runfile_close(&run);
    return status;
}

/* A phase diagram with the run whose magnetizations lie under its lines. */
static int draw_over_run(ph_figures_t *figures, const arguments_t *a, ph_figure_source_t *source,
                         const ph_figure_request_t *request, ph_report_t *report)
{
    ph_runfile_t run;
    source->run = &run;
    int status = ph_runfile_open(&run, a->theory, report);
    if (status == PH_OK)
        status = draw(figures, a, source, request, report);
    ph_runfile_close(&run);
    return status;
}

/* A phase file, and perhaps a run. */
static int draw_phase(ph_figures_t *figures, const arguments_t *a,
                      const ph_figure_request_t *request, ph_report_t *report)
{
    ph_gridfile_t file;
    ph_phase_t phase = {0};
    ph_figure_source_t source = {.phase = &phase};
    int status = ph_gridfile_open(&file, a->run, "phase", report);
    if (status == PH_OK)
        status = ph_phase_read(&phase, file.grid, a->run, report);
    if (status == PH_OK)
        status = a->theory != NULL ? draw_over_run(figures, a, &source, request, report)
                                   : draw(figures, a, &source, request, report);
    ph_phase_free(&phase);
    ph_gridfile_close(&file);
    return status;
}

/* A theory file by itself. */
static int draw_theory(ph_figures_t *figures, const arguments_t *a,
                       const ph_figure_request_t *request, ph_report_t *report)
{
    ph_gridfile_t file;
    ph_theory_t theory = {0};
    ph_figure_source_t source = {.theory = &theory};
    int status = ph_gridfile_open(&file, a->run, "theory", report);
    if (status == PH_OK)
        status = ph_theory_read(&theory, file.grid, a->run, report);
    if (status == PH_OK)
        status = draw(figures, a, &source, request, report);
    ph_theory_free(&theory);
    ph_gridfile_close(&file);
    return status;
}

static int plot(const arguments_t *a, const char *prefix, ph_report_t *report)
{
    ph_figures_t figures = {0};
    const ph_figure_request_t request = {.prefix = prefix,
                                         .formats = a->formats,
                                         .templates = ph_gnuplot_templates(),
                                         .threads = (int)ph_machine_threads(0).value,
                                         .view = a->view,
                                         .figures = a->figures[0] != '\0' ? a->figures : NULL};
    int status = ph_gridfile_is(a->run, "phase")    ? draw_phase(&figures, a, &request, report)
                 : ph_gridfile_is(a->run, "theory") ? draw_theory(&figures, a, &request, report)
                                                    : draw_run(&figures, a, &request, report);
    for (size_t i = 0; i < figures.count && status == PH_OK; i++)
        status = ph_gnuplot_draw(figures.scripts[i], a->formats, report);
    ph_figures_free(&figures);
    return status;
}

/* The name is in the scripts, which say nothing that cannot be read. */
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
        "'gnuplot NAME.gp' draws them again; a script you have changed is kept as NAME.gp~.\v";
    const struct argp argp = {OPTIONS,      parse, "RUN [THEORY]\nPHASE [RUN]", DOC, NULL,
                              list_figures, NULL};
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
