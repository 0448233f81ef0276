/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "analysis/attractors/file.h"
#include "analysis/compare/table.h"
#include "analysis/figure/figure.h"
#include "analysis/theory/theoryfile.h"
#include "base/machine.h"
#include "cli/cli.h"
#include "cli/gnuplot.h"
#include "cli/print.h"
#include "cli/shape.h"
#include "sim/run/look.h"
#include "sim/store/gridfile.h"

enum { WORDS_SIZE = 256 };

typedef struct {
    ph_print_t print; /* first */
    const char *run, *theory, *comparison, *prefix, *quantity, *x, *by;
    ph_figure_scale_t scale;
    ph_texts_t points;        /* texts of --point */
    char figures[WORDS_SIZE]; /* words divided by blanks; "": the usual ones */
    ph_view_t view;
    size_t shape[2];          /* of images; 0: the grid's */
    uint64_t sample, replica; /* 0: the first */
    ph_inset_part_t inset;
} arguments_t;

/* "curves,map" -> "curves map"; what is no figure ph_figures_write tells. */
static int add_figures(void *arguments, const char *text, ph_report_t *report)
{
    arguments_t *a = arguments;
    const size_t used = strlen(a->figures);
    if (text[0] == '\0' || used + strlen(text) + 2 > WORDS_SIZE)
        return ph_fail(report, PH_ERR_INPUT, "--figure takes words with commas, not '%s'", text);
    snprintf(a->figures + used, WORDS_SIZE - used, "%s%s", used > 0 ? " " : "", text);
    for (char *c = a->figures + used; *c != '\0'; c++)
        *c = *c == ',' ? ' ' : *c;
    return PH_OK;
}

/* --y NAME asks for the figure of what it names. */
static int set_quantity(void *arguments, const char *text, ph_report_t *report)
{
    arguments_t *a = arguments;
    a->quantity = text;
    return add_figures(arguments, "quantity", report);
}

/* So do its places: --x KEY, --by KEY and --scale WORD. */
static int set_x(void *arguments, const char *text, ph_report_t *report)
{
    ((arguments_t *)arguments)->x = text;
    return add_figures(arguments, "quantity", report);
}

static int set_by(void *arguments, const char *text, ph_report_t *report)
{
    ((arguments_t *)arguments)->by = text;
    return add_figures(arguments, "quantity", report);
}

static int set_scale(void *arguments, const char *text, ph_report_t *report)
{
    const ph_words_t *words = &PH_FIGURE_SCALE_WORDS;
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(text, words->words[i]) == 0) {
            ((arguments_t *)arguments)->scale = (ph_figure_scale_t)i;
            return add_figures(arguments, "quantity", report);
        }
    return ph_fail(report, PH_ERR_INPUT, "--scale %s: expected auto, linear, log, logy or loglog",
                   text);
}

static int add_trajectory(void *arguments, const char *text, ph_report_t *report)
{
    (void)text;
    return add_figures(arguments, "trajectory", report);
}

static int add_overlaps(void *arguments, const char *text, ph_report_t *report)
{
    (void)text;
    return add_figures(arguments, "overlaps", report);
}

static int add_states(void *arguments, const char *text, ph_report_t *report)
{
    (void)text;
    return add_figures(arguments, "states", report);
}

/* --shape RxC asks for these too. */
static int set_shape(void *arguments, const char *text, ph_report_t *report)
{
    int status = ph_cli_shape(((arguments_t *)arguments)->shape, "shape", text, report);
    return status == PH_OK ? add_figures(arguments, "states", report) : status;
}

static int set_inset(void *arguments, const char *text, ph_report_t *report)
{
    const char *expected = ph_inset_read(&((arguments_t *)arguments)->inset, text);
    return expected == NULL ? PH_OK
                            : ph_fail(report, PH_ERR_INPUT, "--inset %s: %s", text, expected);
}

/* Below the options the figures, from the rows of their list. */
static void list_figures(FILE *out)
{
    const char *word, *help;
    fputs("Figures:\n", out);
    for (size_t i = 0; ph_figures_list(i, &word, &help); i++)
        fprintf(out, "  %-12s %s\n", word, help);
}

static int select_points(ph_selection_t *selection, const ph_grid_t *grid, const arguments_t *a,
                         ph_report_t *report)
{
    ph_selection_init(selection, grid);
    return ph_selection_add_all(selection, (const char *const *)a->points.texts, a->points.count,
                                report);
}

/* The comparison that was given, or else made here and now. */
static int find_comparison(ph_comparison_table_t *table, const arguments_t *a, ph_runfile_t *run,
                           const ph_theory_t *theory, ph_report_t *report)
{
    if (a->comparison == NULL)
        return ph_compare(&table->equilibrium, run, theory, a->view, report);
    int status = ph_comparison_table_read(table, run->base.grid, a->comparison, report);
    return status == PH_OK
               ? ph_comparison_table_check(table, run, theory, a->view, a->comparison, report)
               : status;
}

/* What is beside what is drawn: compared with the run only where a figure needs it. */
static int draw(ph_figures_t *figures, const arguments_t *a, ph_figure_source_t *source,
                const ph_figure_request_t *asked, ph_report_t *report)
{
    ph_figure_request_t own = *asked;
    const ph_figure_request_t *request = &own;
    ph_selection_t selection;
    ph_comparison_table_t table = {0};
    const ph_grid_t *grid = ph_figure_source_grid(source);
    bool compares = false;
    ph_figure_request_of_grid(&own, grid, ph_figure_source_of(source));
    char prefix[4096]; /* a file name, and at most 90 bytes an axis */
    int status = select_points(&selection, grid, a, report);
    if (status == PH_OK && a->prefix == NULL) { /* other points, other files */
        char suffix[2304];
        ph_selection_suffix(&selection, suffix, sizeof(suffix));
        snprintf(prefix, sizeof(prefix), "%s%s", asked->prefix, suffix);
        own.prefix = prefix;
    }
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
    int status = ph_look_open(&run, a->run, report);
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
    int status = ph_look_open(&run, a->theory, report);
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

/* An attractors file by itself. */
static int draw_attractors(ph_figures_t *figures, const arguments_t *a,
                           const ph_figure_request_t *request, ph_report_t *report)
{
    ph_gridfile_t file;
    ph_attractor_map_t map = {0};
    ph_figure_source_t source = {.attractors = &map};
    int status = ph_gridfile_open(&file, a->run, "attractors", report);
    if (status == PH_OK)
        status = ph_attractors_read(&map, file.grid, a->run, report);
    if (status == PH_OK && a->theory != NULL)
        status =
            ph_fail(report, PH_ERR_INPUT, "%s is drawn by itself, without %s", a->run, a->theory);
    if (status == PH_OK)
        status = draw(figures, a, &source, request, report);
    ph_attractor_map_free(&map);
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
    ph_figure_request_t request = {.prefix = prefix,
                                   .templates = ph_gnuplot_templates(),
                                   .threads = (int)ph_machine_threads(0).value,
                                   .view = a->view,
                                   .figures = a->figures[0] != '\0' ? a->figures : NULL,
                                   .quantity = a->quantity,
                                   .x = a->x,
                                   .by = a->by,
                                   .scale = a->scale,
                                   .shape = {a->shape[0], a->shape[1]},
                                   .sample = (int64_t)a->sample,
                                   .replica = (int64_t)a->replica,
                                   .inset = a->inset};
    ph_print_request(&a->print, &request);
    int status = ph_gridfile_is(a->run, "phase") ? draw_phase(&figures, a, &request, report)
                 : ph_gridfile_is(a->run, "attractors")
                     ? draw_attractors(&figures, a, &request, report)
                 : ph_gridfile_is(a->run, "theory") ? draw_theory(&figures, a, &request, report)
                                                    : draw_run(&figures, a, &request, report);
    const ph_gnuplot_t job = {.scripts = figures.scripts,
                              .count = figures.count,
                              .formats = request.formats,
                              .width = request.width,
                              .threads = request.threads,
                              .list = stdout};
    if (status == PH_OK)
        status = ph_gnuplot_draw(&job, report);
    ph_figures_free(&figures);
    return status;
}

static int check(const void *arguments, ph_report_t *report)
{
    const arguments_t *a = arguments;
    const bool states = strstr(a->figures, "states") != NULL;
    if (a->replica > 0 && !states)
        return ph_fail(report, PH_ERR_INPUT, "--replica goes with --states");
    if (a->sample > 0 && !states && strstr(a->figures, "overlaps") == NULL)
        return ph_fail(report, PH_ERR_INPUT, "--sample goes with --states or --overlaps");
    return ph_print_check(&a->print, report);
}

static int act(void *arguments, ph_report_t *report)
{
    const arguments_t *a = arguments;
    char *name = NULL;
    int status = PH_OK;
    if (a->prefix == NULL && (name = ph_cli_output_name(a->run, "")) == NULL)
        status = ph_fail(report, PH_ERR_MEMORY, "no memory");
    const char *prefix = a->prefix != NULL ? a->prefix : name;
    if (status == PH_OK)
        status = ph_print_check_prefix(&a->print, prefix, "give another name with -o", report);
    if (status == PH_OK)
        status = plot(a, prefix, report);
    free(name);
    return ph_cli_finish(report, status);
}

#define AT(member) .offset = offsetof(arguments_t, member)

static const ph_option_t OPTIONS[] = {
    {"by", '\0', "KEY", "one line for each value of this axis, or for each pattern", .set = set_by},
    {"comparison", 'c', "FILE",
     "the run's table that 'polyhebb compare -o FILE' kept, instead of making it again",
     .type = PH_OPTION_FILE, AT(comparison)},
    PH_PRINT_ROW_FORMAT,
    {"figure", 'F', "LIST", "these figures, of those listed below (default: the file's usual)",
     .set = add_figures, .repeatable = true},
    PH_PRINT_ROW_FONT,
    {"inset", '\0', "PART",
     "enlarge X:X,Y:Y of a diagram, curves, map or quantity in a corner: 0.5:0.7,0.2:0.4, or "
     "0.5:0.7,0.2:0.4,top-left",
     .set = set_inset},
    PH_PRINT_ROW_MONOCHROME,
    {"ordered", '\0', NULL,
     "by rank: the patterns of each sample in descending order, as far as the start leaves a "
     "symmetry",
     .type = PH_OPTION_CHOICE, AT(view), .code = PH_VIEW_RANKS},
    {"output", 'o', "PREFIX", "begin of every file's name (default: the run's, without .h5)",
     .type = PH_OPTION_PREFIX, AT(prefix)},
    PH_PRINT_ROW_OWN_SCALE,
    {"overlaps", '\0', NULL,
     "the same as --figure overlaps: of a sample's patterns with each other", .set = add_overlaps},
    {"point", 'p', "KEY=VALUE,...", "keep these axes at these values", .type = PH_OPTION_TEXTS,
     AT(points)},
    {"replica", 'r', "R", "which chain is drawn by --states: 1, 2, ... (default 1)",
     .type = PH_OPTION_NUMBER, AT(replica), .minimum = 1, .maximum = UINT32_MAX},
    {"sample", 's', "I", "which sample is drawn by --states and --overlaps: 1, 2, ... (default 1)",
     .type = PH_OPTION_NUMBER, AT(sample), .minimum = 1, .maximum = UINT32_MAX},
    {"scale", '\0', "WORD", "log: logarithmic along x; logy, loglog, linear, auto",
     .set = set_scale},
    {"shape", '\0', "RxC", "rows and columns that the neurons make in --states, like 28x28",
     .set = set_shape},
    {"states", '\0', NULL, "the same as --figure states: images of one chain's states",
     .set = add_states},
    PH_PRINT_ROW_TEX,
    {"trajectory", 't', NULL, "the same as --figure trajectory", .set = add_trajectory},
    PH_PRINT_ROW_WIDTH,
    {"x", '\0', "KEY", "draw a quantity along this axis, or over the patterns (pattern)",
     .set = set_x},
    {"y", '\0', "NAME",
     "the quantity, as of 'polyhebb export --quantities' (default: magnetization)",
     .set = set_quantity},
    {.name = NULL}};

static const ph_example_t EXAMPLES[] = {
    {"plot run.h5 -f pdf,png", "the usual figures"},
    {"plot run.h5 --x noise --y susceptibility", "a quantity along an axis"},
    {.words = NULL}};

const ph_verb_t PH_VERB_PLOT = {
    .name = "plot",
    .help = "figures of a run over its theory (gnuplot)",
    .about =
        "Figures of a run over its theory: curves and, over two axes, colour maps of the "
        "magnetizations; without THEORY the mean field is solved, and without --comparison the run "
        "is compared with it. Patterns are archetypes by number, their signs as recorded; where "
        "signs are lost |m| is drawn, and said. At noise 0 the last states are drawn; open symbols "
        "have no error that could be known. Where the run's grid says what it is for (its key "
        "figure) that is drawn; --x, --y and --by draw any other slice. Of a theory file: the "
        "thresholds of learning. Of an attractors file: which patterns are stable along the noise. "
        "Of a "
        "phase file: the phase diagram, and with a RUN over the same two axes also its "
        "magnetizations under the diagram's lines. The data (.dat) and gnuplot scripts (.gp) stay "
        "beside the figures; 'gnuplot NAME.gp' draws them again; a script you have changed is kept "
        "as NAME.gp~.",
    .forms = {{{"RUN", PH_FILES_RUN, PH_OPERAND_ONE, offsetof(arguments_t, run)},
               {"THEORY", PH_FILES_THEORY, PH_OPERAND_OPTIONAL, offsetof(arguments_t, theory)}},
              {{"THEORY|ATTRACTORS", PH_FILES_THEORY | PH_FILES_ATTRACTORS, PH_OPERAND_ONE,
                offsetof(arguments_t, run)}},
              {{"PHASE", PH_FILES_PHASE, PH_OPERAND_ONE, offsetof(arguments_t, run)},
               {"RUN", PH_FILES_RUN, PH_OPERAND_OPTIONAL, offsetof(arguments_t, theory)}}},
    .options = OPTIONS,
    .size = sizeof(arguments_t),
    .check = check,
    .list = list_figures,
    .examples = EXAMPLES,
    .act = act,
};
