/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/study_grid.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/attractors/file.h"
#include "analysis/figure/figure.h"
#include "analysis/theory/theoryfile.h"
#include "base/machine.h"
#include "base/visible.h"
#include "cli/attractors.h"
#include "cli/cli.h"
#include "cli/phase.h"
#include "cli/study_figures.h"
#include "cli/study_private.h"
#include "params/figures.h"
#include "sim/run/look.h"
#include "sim/run/plan.h"
#include "sim/run/run.h"

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

static int check_name(const ph_study_t *self, const ph_print_t *print, ph_report_t *report)
{
    return ph_is_visible(self->name)
               ? ph_print_check_prefix(print, self->name, "rename the grid's file", report)
               : ph_fail(report, PH_ERR_INPUT,
                         "'%s' would name the results, expected a name that can be read",
                         self->name);
}

static bool draws_phase(const ph_study_t *self)
{
    return ph_figures_of_grid(&self->grid, PH_FIGURE_OF_PHASE) != 0;
}

static bool draws_attractors(const ph_study_t *self)
{
    return ph_figures_of_grid(&self->grid, PH_FIGURE_OF_ATTRACTORS) != 0;
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
        self->phase = result_name(self, options->folder, "-phase.h5");
        self->attractors = result_name(self, options->folder, "-attractors.h5");
        self->comparison = result_name(self, options->folder, "-comparison.h5");
        self->prefix = result_name(self, options->folder, "");
    }
    if (self->name == NULL || self->run == NULL || self->theory == NULL || self->phase == NULL ||
        self->attractors == NULL || self->comparison == NULL || self->prefix == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the names of results");
    int status =
        ph_grid_load(&self->grid, path, options->overrides.count, options->overrides.texts, report);
    if (status == PH_OK)
        status = check_name(self, options->print, report);
    if (status == PH_OK)
        status = ph_study_check_figures(&self->grid, path, report);
    if (status == PH_OK)
        status = ph_plan_check(&self->grid, report);
    if (status == PH_OK)
        status = ph_gridfile_replaceable(self->run, "run", report);
    if (status == PH_OK)
        status = ph_gridfile_replaceable(self->theory, "theory", report);
    if (status == PH_OK && draws_phase(self))
        status = ph_gridfile_replaceable(self->phase, "phase", report);
    if (status == PH_OK && draws_attractors(self))
        status = ph_gridfile_replaceable(self->attractors, "attractors", report);
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
    free(self->phase);
    free(self->attractors);
    free(self->comparison);
    free(self->prefix);
    free(self->figures);
    memset(self, 0, sizeof(*self));
}

bool ph_study_stopped(void)
{
    return *ph_cli_stop_flag() != 0;
}

void ph_study_say(const ph_study_work_t *self, const char *what)
{
    if (!self->options->quiet)
        ph_print(stderr, "%s%s\n", self->label, what);
}

static int simulate(ph_study_work_t *self, ph_report_t *report)
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
        ph_study_say(self, "run");
    const ph_run_options_t asked = {.path = self->study->run,
                                    .threads = options->threads,
                                    .time_limit = limit,
                                    .terminal = terminal ? stderr : NULL,
                                    .label = label,
                                    .stop = ph_cli_stop_flag()};
    return ph_run(&self->study->grid, &asked, &summary, report);
}

static int open_run(ph_study_work_t *self, ph_report_t *report)
{
    const int status = ph_look_open(&self->run, self->study->run, report);
    if (status == PH_OK && stat(self->study->run, &self->facts) != 0)
        return ph_fail(report, PH_ERR_IO, "%s: is gone", self->study->run);
    return status;
}

/* In one report: what both have to say of the file is said once. */
static int run(ph_study_work_t *self, ph_report_t *report)
{
    const int ran = simulate(self, report);
    if (ran != PH_OK && ran != PH_ERR_UNREACHED)
        return ran;
    const int opened = open_run(self, report);
    return opened == PH_OK ? ran : opened;
}

/* Whether a file was made after the run's. */
static bool is_newer(const ph_study_work_t *self, const char *path)
{
    struct stat facts;
    const struct timespec *run = &self->facts.st_mtim;
    if (stat(path, &facts) != 0)
        return false;
    return facts.st_mtim.tv_sec != run->tv_sec ? facts.st_mtim.tv_sec > run->tv_sec
                                               : facts.st_mtim.tv_nsec >= run->tv_nsec;
}

/* The theories of the grid, and those that its figures compare with or draw. */
static unsigned kinds_of(const ph_study_work_t *self)
{
    const ph_grid_t *grid = &self->study->grid;
    return grid->kinds | grid->figure.compare |
           (grid->figure.draw >> PH_FIGURE_THRESHOLDS & 1U) << PH_THEORY_SIGNAL_TO_NOISE;
}

/* The theory of an earlier study, where it is that of this run. */
static bool find_theory(ph_study_work_t *self)
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
static int solve_theory(ph_study_work_t *self, ph_report_t *report)
{
    const ph_grid_t *grid = self->run.base.grid;
    ph_report_t own;
    if (find_theory(self)) {
        self->has_theory = true;
        return PH_OK;
    }
    ph_study_say(self, "theory");
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

/* The phase diagram on the grid's axes, where a figure shows it: that of an earlier study, or anew.
 */
static int solve_phase(ph_study_work_t *self, ph_report_t *report)
{
    const ph_grid_t *grid = self->run.base.grid;
    const char *path = self->study->phase;
    if (!draws_phase(self->study))
        return PH_OK;
    self->has_phase =
        ph_gridfile_is(path, "phase") && ph_phase_read(&self->phase, grid, path, NULL) == PH_OK;
    if (self->has_phase)
        return PH_OK;
    ph_study_say(self, "phase");
    int status = ph_phase_solve(&self->phase, grid, self->threads, report);
    if (status != PH_OK)
        return status;
    self->has_phase = true;
    status = ph_phase_write(&self->phase, path, report);
    return status == PH_OK ? ph_cli_phase_told(&self->phase, path, report) : status;
}

/* The same of the states of the grid's very networks. */
static int solve_attractors(ph_study_work_t *self, ph_report_t *report)
{
    const ph_grid_t *grid = self->run.base.grid;
    const char *path = self->study->attractors;
    if (!draws_attractors(self->study))
        return PH_OK;
    self->has_attractors = ph_gridfile_is(path, "attractors") &&
                           ph_attractors_read(&self->attractors, grid, path, NULL) == PH_OK;
    if (self->has_attractors)
        return PH_OK;
    ph_study_say(self, "attractors");
    int status = ph_attractor_map_solve(&self->attractors, grid, self->threads, report);
    if (status != PH_OK)
        return status;
    self->has_attractors = true;
    status = ph_attractors_write(&self->attractors, path, report);
    return status == PH_OK ? ph_cli_attractors_told(&self->attractors, path, report) : status;
}

static bool find_comparison(ph_study_work_t *self)
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

static int compare(ph_study_work_t *self, ph_report_t *report)
{
    ph_study_t *study = self->study;
    const ph_comparison_t *found = &self->table.equilibrium;
    int status = PH_OK;
    if (!find_comparison(self)) {
        ph_study_say(self, "compare");
        const int before = omp_get_max_threads(); /* what comparisons may use */
        omp_set_num_threads(self->threads);
        status = ph_comparison_table_make(&self->table, &self->run, NULL, PH_VIEW_PATTERNS, report);
        omp_set_num_threads(before);
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

/* One part; what it has to say comes at once. What a signal breaks off is no failure. */
static int part(ph_study_work_t *self, int (*act)(ph_study_work_t *self, ph_report_t *report))
{
    ph_report_t report;
    ph_report_init(&report);
    int status = act(self, &report);
    if (act != run && ph_study_stopped()) {
        ph_report_free(&report);
        return PH_ERR_INTERRUPTED;
    }
    const int code = ph_cli_finish(&report, status);
    self->study->code = ph_study_worse(self->study->code, code);
    return status == PH_ERR_UNREACHED ? PH_OK : status;
}

int ph_study_do(ph_study_t *self, const ph_study_options_t *options, const char *label)
{
    static int (*const PARTS[])(ph_study_work_t *, ph_report_t *) = {
        run, solve_theory, solve_phase, solve_attractors, compare, ph_study_draw};
    const double begun = ph_machine_clock();
    ph_study_work_t work = {.study = self,
                            .options = options,
                            .label = label,
                            .threads = (int)ph_machine_threads(options->threads).value};
    int status = PH_OK;
    for (size_t k = 0; k < sizeof(PARTS) / sizeof(PARTS[0]) && status == PH_OK; k++)
        status = part(&work, PARTS[k]);
    ph_comparison_table_free(&work.table);
    ph_theory_free(&work.theory);
    ph_phase_free(&work.phase);
    ph_attractor_map_free(&work.attractors);
    ph_runfile_close(&work.run);
    self->seconds = ph_machine_clock() - begun;
    return status == PH_ERR_INTERRUPTED ? status : PH_OK;
}
