/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/study_figures.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/figure/figure.h"
#include "base/machine.h"
#include "cli/cli.h"
#include "cli/gnuplot.h"
#include "cli/study_private.h"
#include "params/figures.h"
#include "polyhebb_build.h"

enum { NAMES_MAX = 6, MARK_SIZE = 512 };

static const unsigned MAP = 1U << PH_FIGURE_MAP, DIAGRAM = 1U << PH_FIGURE_DIAGRAM;

int ph_study_check_figures(const ph_grid_t *grid, const char *path, ph_report_t *report)
{
    ph_runfile_t run = {.base = {.path = (char *)path}}; /* that is not freed */
    const ph_phase_t phase = {.grid = grid};
    const ph_attractor_map_t attractors = {.grid = grid};
    ph_selection_t selection;
    bool compares;
    ph_selection_init(&selection, grid);
    for (int of = PH_FIGURE_OF_RUN; of <= PH_FIGURE_OF_ATTRACTORS; of++) {
        const ph_figure_source_t source = {.run = of == PH_FIGURE_OF_RUN ? &run : NULL,
                                           .phase = of == PH_FIGURE_OF_PHASE ? &phase : NULL,
                                           .attractors =
                                               of == PH_FIGURE_OF_ATTRACTORS ? &attractors : NULL};
        ph_figure_request_t request = {.view = PH_VIEW_PATTERNS};
        ph_figure_request_of_grid(&request, grid, (ph_figure_of_t)of);
        if (request.draw == 0 || of == PH_FIGURE_OF_THEORY) /* that is to be solved yet */
            continue;
        if (ph_figures_check(&compares, &source, &selection, &request, report) != PH_OK)
            return ph_fail(report, PH_ERR_INPUT, "%s: its figure cannot be drawn", path);
    }
    const unsigned draw = grid->figure.draw;
    if (grid->figure.inset[0] != '\0' && (draw & (draw - 1)) != 0 && draw != (MAP | DIAGRAM))
        return ph_fail(report, PH_ERR_INPUT,
                       "%s: figure.inset is of one figure, or of diagram and map, which have the "
                       "same axes: choose one by figure.draw",
                       path);
    return PH_OK;
}

/* What figures are made of: another run, theory, title, look or
 * version of the program makes others. */
static void make_mark(const ph_study_work_t *self, char mark[MARK_SIZE])
{
    const ph_grid_t *grid = &self->study->grid;
    char digest[PH_DIGEST_TEXT_SIZE], look[PH_PRINT_TEXT_SIZE];
    ph_print_text(self->options->print, look);
    ph_digest_text(ph_digest_bytes(grid->text, strlen(grid->text)), digest);
    snprintf(mark, MARK_SIZE, "grid %s, run of %lld.%09ld, polyhebb %s (%s)%s", digest,
             (long long)self->facts.st_mtim.tv_sec, (long)self->facts.st_mtim.tv_nsec, PH_VERSION,
             PH_REVISION, look);
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

static int draw_all(const ph_study_work_t *self, const ph_figures_t *figures, ph_report_t *report)
{
    const ph_gnuplot_t job = {.scripts = figures->scripts,
                              .kept = figures->kept,
                              .count = figures->count,
                              .formats = ph_print_formats(self->options->print),
                              .width = self->options->print->width,
                              .threads = (int)ph_machine_threads((uint64_t)self->threads).value,
                              .stopped = ph_study_stopped};
    return ph_gnuplot_draw(&job, report);
}

/* Puts figures behind others, and leaves none. */
static int append(ph_figures_t *self, ph_figures_t *more, ph_report_t *report)
{
    const size_t count = self->count + more->count;
    char **scripts = realloc(self->scripts, (count + 1) * sizeof(*scripts));
    self->scripts = scripts != NULL ? scripts : self->scripts;
    bool *kept = realloc(self->kept, (count + 1) * sizeof(*kept));
    self->kept = kept != NULL ? kept : self->kept;
    if (scripts == NULL || kept == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for a list of figures");
    for (; self->count < count; self->count++) {
        scripts[self->count] = more->scripts[self->count + more->count - count];
        kept[self->count] = more->kept[self->count + more->count - count];
    }
    more->count = 0;
    return PH_OK;
}

/* What figures of a kind of file are drawn of. */
static ph_figure_source_t source_of(ph_study_work_t *self, ph_figure_of_t of)
{
    const bool mean_field =
        self->has_theory && (self->theory.kinds & 1u << PH_THEORY_MEAN_FIELD) != 0;
    switch (of) {
    case PH_FIGURE_OF_THEORY:
        return (ph_figure_source_t){.theory = self->has_theory ? &self->theory : NULL};
    case PH_FIGURE_OF_PHASE:
        return (ph_figure_source_t){.run = &self->run,
                                    .phase = self->has_phase ? &self->phase : NULL};
    case PH_FIGURE_OF_ATTRACTORS:
        return (ph_figure_source_t){.attractors = self->has_attractors ? &self->attractors : NULL};
    case PH_FIGURE_OF_RUN:
    default:
        return (ph_figure_source_t){.run = &self->run,
                                    .comparison = &self->table.equilibrium,
                                    .theory = mean_field ? &self->theory : NULL};
    }
}

/* The usual figures of the run where the grid asks for none at all. */
static int write_of(ph_study_work_t *self, ph_figure_of_t of, const ph_figure_request_t *common,
                    ph_figures_t *all, ph_report_t *report)
{
    const ph_grid_t *grid = &self->study->grid;
    const ph_figure_source_t source = source_of(self, of);
    ph_figure_request_t request = *common;
    ph_selection_t selection;
    ph_figures_t some = {0};
    const bool usual = of == PH_FIGURE_OF_RUN &&
                       ph_figures_of_grid(grid, PH_FIGURE_OF_THEORY) == 0 &&
                       ph_figures_of_grid(grid, PH_FIGURE_OF_PHASE) == 0 &&
                       ph_figures_of_grid(grid, PH_FIGURE_OF_ATTRACTORS) == 0;
    ph_figure_request_of_grid(&request, grid, of);
    if (of == PH_FIGURE_OF_RUN && !usual) /* the map is that under the diagram's lines */
        request.draw &= ~(ph_figures_of_grid(grid, PH_FIGURE_OF_PHASE) != 0 ? MAP : 0U);
    if ((request.draw == 0 && !usual) || (of == PH_FIGURE_OF_THEORY && !self->has_theory) ||
        (of == PH_FIGURE_OF_PHASE && !self->has_phase) ||
        (of == PH_FIGURE_OF_ATTRACTORS && !self->has_attractors))
        return PH_OK;
    if (request.draw == 0 && self->run.base.grid->points_count == 1) {
        ph_note(report, "%s has one point: there is no axis to draw along", self->study->path);
        return PH_OK;
    }
    ph_selection_init(&selection, self->run.base.grid);
    int status = ph_figures_write(&some, &source, &selection, &request, report);
    if (status == PH_OK)
        status = append(all, &some, report);
    ph_figures_free(&some);
    return status;
}

int ph_study_draw(ph_study_work_t *self, ph_report_t *report)
{
    ph_study_t *study = self->study;
    char mark[MARK_SIZE];
    ph_figures_t figures = {0};
    make_mark(self, mark);
    ph_figure_request_t request = {.prefix = study->prefix,
                                   .templates = ph_gnuplot_templates(),
                                   .threads = self->threads,
                                   .view = PH_VIEW_PATTERNS,
                                   .title = study->grid.title,
                                   .mark = mark,
                                   .refine = true};
    ph_print_request(self->options->print, &request);
    int status = PH_OK;
    for (int of = PH_FIGURE_OF_RUN; of <= PH_FIGURE_OF_ATTRACTORS && status == PH_OK; of++)
        status = write_of(self, (ph_figure_of_t)of, &request, &figures, report);
    bool all = true;
    for (size_t i = 0; i < figures.count; i++)
        all = all && figures.kept[i];
    if (status == PH_OK && !all) {
        ph_study_say(self, "plot");
        status = draw_all(self, &figures, report);
    }
    if (status == PH_OK)
        study->figures = list_figures(study, &figures, request.formats);
    ph_figures_free(&figures);
    return status;
}
