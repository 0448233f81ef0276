/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/distribution.h"
#include "analysis/exact/exact.h"
#include "analysis/figure/axis.h"
#include "analysis/figure/file.h"
#include "analysis/figure/kind.h"
#include "analysis/figure/script.h"

/* Patterns beside the overlap of replicas: as many as there are colours. */
enum { PATTERNS_MAX = 6 };

/* The distributions of small networks, a panel a value of the axis. */
typedef struct {
    const ph_figure_t *figure;
    size_t panels, value[PH_FIGURE_PANELS], patterns, series;
    bool overlap;
    ph_distribution_t found[PH_FIGURE_PANELS];
    double high, least; /* least: of the probabilities above 0 */
} panels_t;

static size_t point_of(const panels_t *self, size_t panel)
{
    size_t index[PH_MAX_AXES];
    memcpy(index, self->figure->index, sizeof(index));
    if (self->figure->x != PH_NO_AXIS)
        index[self->figure->x] = self->value[panel];
    return ph_figure_point(self->figure->grid, index);
}

static void choose(panels_t *self, const ph_figure_t *figure)
{
    const ph_grid_t *grid = figure->grid;
    const size_t size = figure->x != PH_NO_AXIS ? grid->axes[figure->x].size : 1;
    *self = (panels_t){.figure = figure, .least = INFINITY};
    self->panels = size < PH_FIGURE_PANELS ? size : PH_FIGURE_PANELS;
    for (size_t i = 0; i < self->panels; i++)
        self->value[i] = self->panels == 1 ? 0 : i * (size - 1) / (self->panels - 1);
    self->overlap = ph_observable_recorded(PH_OBS_REPLICA_OVERLAP, grid);
    for (size_t i = 0; i < self->panels; i++) {
        const size_t patterns = (size_t)grid->points[point_of(self, i)].patterns;
        self->patterns = patterns > self->patterns ? patterns : self->patterns;
    }
    if (self->patterns > PATTERNS_MAX)
        self->patterns = PATTERNS_MAX;
    self->series = self->patterns + self->overlap;
}

/* Series s of a panel among what was found there; false: it has none. */
static bool quantity_of(const panels_t *self, size_t panel, size_t s, size_t *k)
{
    const ph_distribution_t *found = &self->found[panel];
    const size_t patterns = found->quantities - found->overlap;
    *k = s < self->patterns ? s : patterns;
    return found->reason == PH_DISTRIBUTION_COMPARED && (s >= self->patterns || s < patterns);
}

static void measure(panels_t *self)
{
    size_t k;
    for (size_t panel = 0; panel < self->panels; panel++)
        for (size_t s = 0; s < self->series; s++) {
            const ph_distribution_t *found = &self->found[panel];
            for (size_t l = 0; quantity_of(self, panel, s, &k) && l < found->levels; l++) {
                const size_t at = k * found->levels + l;
                self->high =
                    fmax(self->high, fmax(found->mc[at] + found->error[at], found->exact[at]));
                if (found->exact[at] > 0.0)
                    self->least = fmin(self->least, found->exact[at]);
            }
        }
}

static int read_panels(panels_t *self, const ph_figure_job_t *job, ph_report_t *report)
{
    size_t there = 0;
    int status = PH_OK;
    for (size_t i = 0; i < self->panels && status == PH_OK; i++) {
        const size_t point = point_of(self, i);
        char text[PH_FIGURE_TEXT];
        status = ph_distribution_read(&self->found[i], job->source->run, point, report);
        there += self->found[i].reason == PH_DISTRIBUTION_COMPARED;
        if (status != PH_OK || self->found[i].reason == PH_DISTRIBUTION_COMPARED)
            continue;
        ph_grid_point_text(self->figure->grid, point, text, sizeof(text));
        ph_note(report, "%s%sno distributions: %s", text, text[0] != '\0' ? ": " : "",
                ph_distribution_reason_text(self->found[i].reason));
    }
    if (status == PH_OK && there == 0)
        return ph_fail(report, PH_ERR_UNSUPPORTED, "there is no distribution to draw");
    if (status == PH_OK)
        measure(self);
    return status;
}

/* Levels that no state has are left out. */
static int write_data(void *context, FILE *file, ph_report_t *report)
{
    const panels_t *self = context;
    size_t k;
    (void)report;
    for (size_t panel = 0; panel < self->panels; panel++)
        for (size_t s = 0; s < self->series; s++) {
            const ph_distribution_t *found = &self->found[panel];
            fprintf(file, "# panel %zu, series %zu: overlap share error exact\n", panel + 1, s + 1);
            if (!quantity_of(self, panel, s, &k))
                fputs("NaN NaN NaN NaN\n", file);
            for (size_t l = 0; quantity_of(self, panel, s, &k) && l < found->levels; l++) {
                const size_t at = k * found->levels + l;
                if (!(found->exact[at] > 0.0) && !(found->mc[at] > 0.0))
                    continue;
                fprintf(file, "%.10g", (double)l / (double)found->neurons - 1.0);
                ph_figure_number(file, 10, found->mc[at]);
                ph_figure_number(file, 4, found->error[at]);
                ph_figure_number(file, 10, found->exact[at]);
                fputc('\n', file);
            }
            fputs("\n\n", file);
        }
    return PH_OK;
}

static void write_titles(const panels_t *self, FILE *script)
{
    const ph_figure_t *figure = self->figure;
    char text[PH_FIGURE_TEXT] = "", name[64];
    for (size_t i = 0; i < self->panels; i++) {
        if (figure->x != PH_NO_AXIS)
            ph_label_value(&figure->grid->axes[figure->x].coordinates[0], self->value[i], text,
                           sizeof(text));
        snprintf(name, sizeof(name), "panel_titles[%zu]", i + 1);
        ph_script_text(script, figure, name, text);
    }
    for (size_t s = 0; s < self->series; s++) {
        if (s < self->patterns)
            snprintf(text, sizeof(text), "%s %zu", ph_view_word(PH_VIEW_PATTERNS), s + 1);
        else
            snprintf(text, sizeof(text), "two replicas");
        snprintf(name, sizeof(name), "series_titles[%zu]", s + 1);
        ph_script_text(script, figure, name, text);
    }
}

static void write_script(void *context, FILE *script)
{
    const panels_t *self = context;
    const bool logarithmic = self->figure->request->scale == PH_FIGURE_SCALE_LOGY;
    fprintf(script, "panels = %zu\ncolumns = %zu\nseries = %zu\n", self->panels,
            ph_figure_columns(self->figure->request, self->panels), self->series);
    fputs("exact = 4\ntheory = 0\nflow = 0\nstep = 0\ninfinite = 0\njoined = 0\nopen = 0\nlimited "
          "= 0\nentry = "
          "240.0\n",
          script);
    fputs("array panel_titles[panels]\narray series_titles[series]\n", script);
    write_titles(self, script);
    ph_script_text(script, self->figure, "x_label",
                   self->overlap ? "overlap with a pattern, or of two replicas" : "overlap");
    fputs("x_min = -1.05\nx_max = 1.05\nx_log = 0\nx_tics = '0.5'\n", script);
    ph_script_text(script, self->figure, "y_label", "probability");
    fprintf(script, "y_log = %d\ny_min = %.6g\ny_max = %.6g\n", logarithmic,
            logarithmic ? 0.5 * self->least : -0.04 * self->high,
            (logarithmic ? 2.0 : 1.04) * self->high);
}

static int check(const ph_figure_job_t *job, ph_report_t *report)
{
    const ph_grid_t *grid = job->selection->grid;
    bool small = false;
    for (size_t p = 0; p < grid->points_count; p++)
        small = small || grid->points[p].neurons <= PH_EXACT_LAW_NEURONS;
    if (!grid->trajectory)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "%s holds no trajectories (record.trajectory: false)",
                       job->source->run->base.path);
    return small
               ? PH_OK
               : ph_fail(report, PH_ERR_UNSUPPORTED,
                         "figure 'distribution' is of networks of up to %d neurons, all states of "
                         "which are summed",
                         (int)PH_EXACT_LAW_NEURONS);
}

/* Panels along the best open axis; the others make figures of their own. */
static int arrange(const ph_figure_job_t *job, ph_figure_t *layout, size_t *axes, size_t *count,
                   ph_report_t *report)
{
    size_t order[PH_MAX_AXES];
    const size_t open = ph_figure_order(job->selection, order);
    layout->x = open > 0 ? order[0] : PH_NO_AXIS;
    layout->y = PH_NO_AXIS;
    *count = 2;
    for (size_t k = 1; k < open; k++)
        axes[(*count)++] = order[k];
    return open > 1 ? ph_figure_check(job->selection, axes, *count, report) : PH_OK;
}

static int draw(ph_figure_job_t *job, const ph_figure_t *layout, ph_figures_t *drawn,
                ph_report_t *report)
{
    static const ph_figure_files_t FILES = {"distribution", "quantity.gp", write_data,
                                            write_script};
    ph_figure_t figure = *layout;
    panels_t panels;
    choose(&panels, &figure);
    figure.patterns = panels.panels;
    int status = read_panels(&panels, job, report);
    if (status == PH_OK)
        status = ph_figure_write(&figure, &FILES, &panels, drawn, report);
    if (status == PH_OK && figure.x != PH_NO_AXIS &&
        panels.panels < figure.grid->axes[figure.x].size)
        ph_note(report, "%s: %zu of %zu panels are drawn; --point chooses others",
                drawn->scripts[drawn->count - 1], panels.panels, figure.grid->axes[figure.x].size);
    for (size_t i = 0; i < panels.panels; i++)
        ph_distribution_free(&panels.found[i]);
    return status;
}

const ph_figure_kind_t PH_FIGURE_ROW_DISTRIBUTION = {
    .word = "distribution",
    .help = "of a run: how overlaps are distributed, beside exact sums",
    .of = PH_FIGURE_OF_RUN,
    .on_demand = true,
    .arrange = arrange,
    .check = check,
    .draw = draw,
};
