/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/study_grid.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/compare/table.h"
#include "analysis/figure/figure.h"
#include "analysis/theory/theoryfile.h"
#include "base/machine.h"
#include "base/visible.h"
#include "cli/cli.h"
#include "cli/gnuplot.h"
#include "polyhebb_build.h"
#include "sim/run/look.h"
#include "sim/run/plan.h"
#include "sim/run/run.h"

enum { NAMES_MAX = 6, MARK_SIZE = 256 };

/* The work on one grid. */
typedef struct {
    ph_study_t *study;
    const ph_study_options_t *options;
    const char *label;
    int threads;
    struct stat facts; /* of the run file */
    ph_runfile_t run;
    ph_theory_t theory;
    ph_comparison_table_t table;
    bool has_theory;
} work_t;

int ph_study_worse(int a, int b)
{
    static const int WORST_FIRST[] = {75, PH_EXIT_USAGE, 4, 1, PH_EXIT_DISAGREE, PH_EXIT_UNDECIDED};
    for (size_t k = 0; k < sizeof(WORST_FIRST) / sizeof(WORST_FIRST[0]); k++)
        if (a == WORST_FIRST[k] || b == WORST_FIRST[k])
            return WORST_FIRST[k];
    return a;
}

/* FOLDER/NAME and a suffix, to be freed; NULL without memory. */
static char *result_name(const ph_study_t *self, const char *folder, const char *suffix)
{
    const size_t size =
        (folder != NULL ? strlen(folder) + 1 : 0) + strlen(self->name) + strlen(suffix) + 1;
    char *name = malloc(size);
    if (name != NULL)
        snprintf(name, size, "%s%s%s%s", folder != NULL ? folder : "", folder != NULL ? "/" : "",
                 self->name, suffix);
    return name;
}

/* That the figure the grid is for can be drawn, as far as a grid without its run can tell. */
static int check_figure(const ph_study_t *self, ph_report_t *report)
{
    ph_runfile_t none;
    ph_selection_t selection;
    bool compares;
    const ph_figure_source_t source = {.run = &none};
    ph_figure_request_t request = {.view = PH_VIEW_PATTERNS};
    ph_figure_request_of_grid(&request, &self->grid);
    ph_selection_init(&selection, &self->grid);
    if (request.figures == NULL)
        return PH_OK;
    const int status = ph_figures_check(&compares, &source, &selection, &request, report);
    return status == PH_OK
               ? PH_OK
               : ph_fail(report, PH_ERR_INPUT, "%s: its figure cannot be drawn", self->path);
}

static int check_name(const ph_study_t *self, ph_report_t *report)
{
    return ph_is_visible(self->name)
               ? PH_OK
               : ph_fail(report, PH_ERR_INPUT,
                         "'%s' would name the results, expected a name that can be read",
                         self->name);
}

int ph_study_open(ph_study_t *self, const char *path, const ph_study_options_t *options,
                  ph_report_t *report)
{
    memset(self, 0, sizeof(*self));
    self->path = path;
    ph_grid_init(&self->grid);
    self->name = ph_cli_output_name(path, "");
    if (self->name != NULL) {
        self->run = result_name(self, options->folder, ".h5");
        self->theory = result_name(self, options->folder, "-theory.h5");
        self->comparison = result_name(self, options->folder, "-comparison.h5");
        self->prefix = result_name(self, options->folder, "");
    }
    if (self->name == NULL || self->run == NULL || self->theory == NULL ||
        self->comparison == NULL || self->prefix == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the names of results");
    int status =
        ph_grid_load(&self->grid, path, options->overrides.count, options->overrides.texts, report);
    if (status == PH_OK)
        status = check_name(self, report);
    if (status == PH_OK)
        status = check_figure(self, report);
    if (status == PH_OK)
        status = ph_plan_check(&self->grid, report);
    if (status == PH_OK)
        status = ph_gridfile_replaceable(self->run, "run", report);
    if (status == PH_OK)
        status = ph_gridfile_replaceable(self->theory, "theory", report);
    if (status == PH_OK)
        status = ph_gridfile_replaceable(self->comparison, "comparison", report);
    return status;
}

void ph_study_free(ph_study_t *self)
{
    ph_grid_free(&self->grid);
    free(self->name);
    free(self->run);
    free(self->theory);
    free(self->comparison);
    free(self->prefix);
    free(self->figures);
    memset(self, 0, sizeof(*self));
}

static bool stopped(void)
{
    return *ph_cli_stop_flag() != 0;
}

static void say(const work_t *self, const char *what)
{
    if (!self->options->quiet)
        ph_print(stderr, "%s%s\n", self->label, what);
}

static int run(work_t *self, ph_report_t *report)
{
    const ph_study_options_t *options = self->options;
    const bool terminal = !options->quiet && isatty(STDERR_FILENO);
    char label[256];
    ph_run_summary_t summary;
    double limit = 0.0;
    snprintf(label, sizeof(label), "%srun: ", self->label);
    if (options->end > 0.0 && (limit = options->end - ph_machine_clock()) <= 0.0)
        return PH_ERR_INTERRUPTED;
    if (!terminal)
        say(self, "run");
    const ph_run_options_t asked = {.path = self->study->run,
                                    .threads = options->threads,
                                    .time_limit = limit,
                                    .terminal = terminal ? stderr : NULL,
                                    .label = label,
                                    .stop = ph_cli_stop_flag()};
    return ph_run(&self->study->grid, &asked, &summary, report);
}

static int open_run(work_t *self, ph_report_t *report)
{
    const int status = ph_look_open(&self->run, self->study->run, report);
    if (status == PH_OK && stat(self->study->run, &self->facts) != 0)
        return ph_fail(report, PH_ERR_IO, "%s: is gone", self->study->run);
    return status;
}

/* Whether a file was made after the run's. */
static bool is_newer(const work_t *self, const char *path)
{
    struct stat facts;
    const struct timespec *run = &self->facts.st_mtim;
    if (stat(path, &facts) != 0)
        return false;
    return facts.st_mtim.tv_sec != run->tv_sec ? facts.st_mtim.tv_sec > run->tv_sec
                                               : facts.st_mtim.tv_nsec >= run->tv_nsec;
}

/* The theories of the grid, and those that its figure compares with. */
static unsigned kinds_of(const work_t *self)
{
    return self->study->grid.kinds | self->study->grid.figure.compare;
}

/* The theory of an earlier study, where it is that of this run. */
static bool find_theory(work_t *self)
{
    const ph_grid_t *grid = self->run.base.grid;
    const char *path = self->study->theory;
    if (!is_newer(self, path) || !ph_gridfile_is(path, "theory") ||
        ph_theory_read(&self->theory, grid, path, NULL) != PH_OK)
        return false;
    if (self->theory.samples && self->theory.kinds == kinds_of(self))
        return true;
    ph_theory_free(&self->theory);
    return false;
}

/* What is said of something that is left out is no error of the study. */
static void note_all(const ph_report_t *from, ph_report_t *to)
{
    for (size_t i = 0; i < from->count; i++)
        ph_note(to, "%s", from->messages[i].text);
}

/* Where no kind covers any point there is no theory to keep; the comparison says what it can. */
static int solve_theory(work_t *self, ph_report_t *report)
{
    const ph_grid_t *grid = self->run.base.grid;
    ph_report_t own;
    if (find_theory(self)) {
        self->has_theory = true;
        return PH_OK;
    }
    say(self, "theory");
    ph_report_init(&own);
    int status = ph_theory_solve(&self->theory, grid, kinds_of(self), true, self->threads, &own);
    if (status == PH_ERR_UNSUPPORTED) {
        note_all(&own, report);
        ph_report_free(&own);
        return PH_OK;
    }
    if (status != PH_OK)
        ph_fail(report, status, "no theory of %s", self->study->run);
    note_all(&own, report);
    ph_report_free(&own);
    self->has_theory = status == PH_OK;
    if (status == PH_OK)
        status = ph_theory_write(&self->theory, self->study->theory, report);
    if (status == PH_OK && self->theory.unconverged > 0)
        ph_note(report, "%zu of %zu points are left out of %s or did not converge",
                self->theory.unconverged, grid->points_count, self->study->theory);
    return status;
}

static bool find_comparison(work_t *self)
{
    const char *path = self->study->comparison;
    if (is_newer(self, path) && ph_gridfile_is(path, "comparison") &&
        ph_comparison_table_read(&self->table, self->run.base.grid, path, NULL) == PH_OK &&
        ph_comparison_table_check(&self->table, &self->run, NULL, PH_VIEW_PATTERNS, path, NULL) ==
            PH_OK)
        return true;
    ph_comparison_table_free(&self->table);
    memset(&self->table, 0, sizeof(self->table));
    return false;
}

static int compare(work_t *self, ph_report_t *report)
{
    ph_study_t *study = self->study;
    const ph_comparison_t *found = &self->table.equilibrium;
    int status = PH_OK;
    if (!find_comparison(self)) {
        say(self, "compare");
        status = ph_comparison_table_make(&self->table, &self->run, NULL, PH_VIEW_PATTERNS, report);
        if (status == PH_OK)
            status = ph_comparison_table_write(&self->table, study->comparison, report);
    }
    if (status != PH_OK)
        return status;
    study->compared = true;
    study->verdict = self->table.verdict;
    study->undecided = found->undecided_points;
    study->trajectories = self->table.paths.comparisons;
    study->decided = found->points - found->undecided_points;
    if (study->verdict != PH_VERDICT_AGREE)
        study->code =
            ph_study_worse(study->code, study->verdict == PH_VERDICT_DISAGREE ? PH_EXIT_DISAGREE
                                                                              : PH_EXIT_UNDECIDED);
    return PH_OK;
}

/* What figures are made of: another run, theory, title or version of the program makes others. */
static void make_mark(const work_t *self, char mark[MARK_SIZE])
{
    const ph_grid_t *grid = &self->study->grid;
    char digest[PH_DIGEST_TEXT_SIZE];
    ph_digest_text(ph_digest_bytes(grid->text, strlen(grid->text)), digest);
    snprintf(mark, MARK_SIZE, "grid %s, run of %lld.%09ld, polyhebb %s (%s)", digest,
             (long long)self->facts.st_mtim.tv_sec, (long)self->facts.st_mtim.tv_nsec, PH_VERSION,
             PH_REVISION);
}

/* "png svg pdf" as ".{png,svg,pdf}", "png" as ".png". */
static void add_formats(FILE *out, const char *formats)
{
    const bool many = strchr(formats, ' ') != NULL;
    fputs(many ? ".{" : ".", out);
    for (const char *c = formats; *c != '\0'; c++)
        fputc(*c == ' ' ? ',' : *c, out);
    if (many)
        fputc('}', out);
}

/* All figures in one word of the shell's: FOLDER/NAME-{curves,map}.{png,svg,pdf}. */
static char *list_figures(const ph_study_t *study, const ph_figures_t *figures, const char *formats)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = figures->count > 0 ? open_memstream(&text, &size) : NULL;
    if (out == NULL)
        return NULL;
    const size_t begin = strlen(study->prefix) + 1;
    fprintf(out, "%s-%s", study->prefix,
            figures->count > NAMES_MAX ? "*"
            : figures->count > 1       ? "{"
                                       : "");
    for (size_t i = 0; i < figures->count && figures->count <= NAMES_MAX; i++)
        fprintf(out, "%s%.*s", i > 0 ? "," : "", (int)(strlen(figures->scripts[i]) - begin - 3),
                figures->scripts[i] + begin);
    if (figures->count > 1 && figures->count <= NAMES_MAX)
        fputc('}', out);
    add_formats(out, formats);
    return fclose(out) == 0 ? text : NULL;
}

static int draw_all(const work_t *self, const ph_figures_t *figures, ph_report_t *report)
{
    int status = PH_OK;
    for (size_t i = 0; i < figures->count && status == PH_OK && !stopped(); i++)
        if (!figures->kept[i])
            status = ph_gnuplot_draw(figures->scripts[i], self->options->formats, NULL, report);
    return status;
}

static int draw(work_t *self, ph_report_t *report)
{
    ph_study_t *study = self->study;
    char mark[MARK_SIZE];
    ph_figures_t figures = {0};
    ph_selection_t selection;
    make_mark(self, mark);
    const bool mean_field =
        self->has_theory && (self->theory.kinds & 1u << PH_THEORY_MEAN_FIELD) != 0;
    const ph_figure_source_t source = {.run = &self->run,
                                       .comparison = &self->table.equilibrium,
                                       .theory = mean_field ? &self->theory : NULL};
    ph_figure_request_t request = {.prefix = study->prefix,
                                   .formats = self->options->formats,
                                   .templates = ph_gnuplot_templates(),
                                   .threads = self->threads,
                                   .view = PH_VIEW_PATTERNS,
                                   .title = study->grid.title,
                                   .mark = mark,
                                   .refine = true};
    ph_figure_request_of_grid(&request, &study->grid);
    ph_selection_init(&selection, self->run.base.grid);
    if (self->run.base.grid->points_count == 1) {
        ph_note(report, "%s has one point: there is no axis to draw along", study->path);
        return PH_OK;
    }
    int status = ph_figures_write(&figures, &source, &selection, &request, report);
    bool all = true;
    for (size_t i = 0; i < figures.count; i++)
        all = all && figures.kept[i];
    if (status == PH_OK && !all) {
        say(self, "plot");
        status = draw_all(self, &figures, report);
    }
    if (status == PH_OK)
        study->figures = list_figures(study, &figures, request.formats);
    ph_figures_free(&figures);
    return status;
}

/* One part; what it has to say comes at once. What a signal breaks off is no failure. */
static int part(work_t *self, int (*act)(work_t *self, ph_report_t *report))
{
    ph_report_t report;
    ph_report_init(&report);
    int status = act(self, &report);
    if (status != PH_ERR_INTERRUPTED && stopped()) {
        ph_report_free(&report);
        return PH_ERR_INTERRUPTED;
    }
    const int code = ph_cli_finish(&report, status);
    self->study->code = ph_study_worse(self->study->code, code);
    return status == PH_ERR_UNREACHED ? PH_OK : status;
}

int ph_study_do(ph_study_t *self, const ph_study_options_t *options, const char *label)
{
    static int (*const PARTS[])(work_t *, ph_report_t *) = {run, open_run, solve_theory, compare,
                                                            draw};
    const double begun = ph_machine_clock();
    work_t work = {.study = self,
                   .options = options,
                   .label = label,
                   .threads = (int)ph_machine_threads(options->threads).value};
    int status = PH_OK;
    for (size_t k = 0; k < sizeof(PARTS) / sizeof(PARTS[0]) && status == PH_OK; k++)
        status = part(&work, PARTS[k]);
    ph_comparison_table_free(&work.table);
    ph_theory_free(&work.theory);
    ph_runfile_close(&work.run);
    self->seconds = ph_machine_clock() - begun;
    return status == PH_ERR_INTERRUPTED ? status : PH_OK;
}
