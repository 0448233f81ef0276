/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure/file.h"
#include "analysis/figure/kind.h"
#include "analysis/figure/lone.h"
#include "analysis/figure/script.h"
#include "analysis/figure/thresholds_private.h"

/* What is drawn: values of the second axis, and how far the thresholds reach. */
typedef struct {
    const ph_theory_t *theory;
    const ph_figure_t *figure;
    size_t panels, value[PH_FIGURE_PANELS];
    double low, high;
    bool lines[2]; /* relative, absolute: there are such */
    ph_lones_t lones;
} thresholds_t;

double ph_figure_threshold(const ph_theory_t *theory, bool relative, size_t point, size_t mu)
{
    static const char *const NAMES[][2] = {{"threshold_absolute", "threshold_absolute_sample"},
                                           {"threshold_relative", "threshold_relative_sample"}};
    const ph_grid_t *grid = theory->grid;
    const bool given = ph_grid_is_given(grid);
    const size_t samples = given ? (size_t)grid->samples : 1, width = (size_t)grid->patterns_max;
    const double *values = ph_theory_values(theory, NAMES[relative][given], point);
    double sum = 0.0;
    for (size_t s = 0; values != NULL && s < samples; s++)
        sum += values[s * width + mu];
    return values != NULL ? sum / (double)samples : (double)NAN; /* of earlier versions' files */
}

bool ph_figure_has_thresholds(const ph_grid_t *grid)
{
    for (size_t p = 0; p < grid->points_count; p++)
        if (grid->points[p].entropy > 0.0)
            return false;
    return true;
}

int ph_figure_threshold_check(const ph_grid_t *grid, const char *word, ph_report_t *report)
{
    if (ph_figure_has_thresholds(grid))
        return PH_OK;
    return ph_fail(
        report, PH_ERR_UNSUPPORTED,
        "figure '%s' needs network.quality in place of network.entropy: of an entropy the "
        "quality is another one for each number of examples, and thresholds are of one "
        "quality",
        word);
}

static double drawn(thresholds_t *self, bool relative, size_t point, size_t mu)
{
    const double value = ph_figure_threshold(self->theory, relative, point, mu);
    if (!(value > 0.0) || isinf(value)) /* never, or from the first example on */
        return (double)NAN;
    self->low = fmin(self->low, value);
    self->high = fmax(self->high, value);
    return value;
}

static int write_data(void *context, FILE *file, ph_report_t *report)
{
    thresholds_t *self = context;
    const ph_figure_t *figure = self->figure;
    const ph_figure_axis_t x = ph_figure_axis(figure->grid, figure->x);
    size_t index[PH_MAX_AXES];
    memcpy(index, figure->index, sizeof(index));
    for (size_t i = 0; i < self->panels; i++)
        for (size_t mu = 0; mu < figure->patterns; mu++) {
            if (figure->y != PH_NO_AXIS)
                index[figure->y] = self->value[i];
            fprintf(file, "# panel %zu, pattern %zu: %s relative absolute\n", i + 1, mu + 1,
                    ph_schema(x.coordinate->key)->name);
            ph_lone_way_t ways[2];
            for (size_t c = 0; c < 2; c++)
                ways[c] =
                    (ph_lone_way_t){.last = {.panel = i + 1, .series = mu + 1, .line = c + 1}};
            for (size_t j = 0; j < x.size; j++) {
                index[figure->x] = j;
                const size_t point = ph_figure_point(figure->grid, index);
                const double row[] = {drawn(self, true, point, mu), drawn(self, false, point, mu)};
                fprintf(file, "%.12g", ph_figure_place(&x, j));
                for (size_t c = 0; c < 2; c++) {
                    ph_figure_number(file, 10, row[c]);
                    ph_lone_see(&self->lones, &ways[c], ph_figure_place(&x, j), row[c]);
                    self->lines[c] = self->lines[c] || !isnan(row[c]);
                }
                fputc('\n', file);
            }
            for (size_t c = 0; c < 2; c++)
                ph_lone_end(&self->lones, &ways[c]);
            fputs("\n\n", file);
        }
    return self->low <= self->high
               ? ph_lone_check(&self->lones, report)
               : ph_fail(report, PH_ERR_UNSUPPORTED,
                         "no number of examples is a threshold at any of these points");
}

static void write_script(void *context, FILE *script)
{
    const thresholds_t *self = context;
    const ph_figure_t *figure = self->figure;
    const ph_figure_axis_t x = ph_figure_axis(figure->grid, figure->x);
    char text[PH_FIGURE_TEXT] = "", name[64];
    fprintf(script, "panels = %zu\ncolumns = %zu\narray panel_titles[panels]\n", self->panels,
            ph_figure_columns(self->figure->request, self->panels));
    for (size_t i = 0; i < self->panels; i++) {
        if (figure->y != PH_NO_AXIS)
            ph_label_value(&figure->grid->axes[figure->y].coordinates[0], self->value[i], text,
                           sizeof(text));
        snprintf(name, sizeof(name), "panel_titles[%zu]", i + 1);
        ph_script_text(script, figure, name, text);
    }
    ph_script_axis(script, figure, "x", &x, 0.03);
    fprintf(script, "relative = %d\nabsolute = %d\n", self->lines[0], self->lines[1]);
    ph_lone_script(&self->lones, script);
    ph_script_text(script, figure, "y_label", "examples needed {/:Italic M}");
    fprintf(script, "y_min = %.6g\ny_max = %.6g\n", self->low / 1.5, self->high * 1.5);
}

/* Whether there is a threshold, be it never, anywhere along x: not so in rule storage. */
static bool has_any(const ph_theory_t *theory, const ph_figure_t *figure, size_t value)
{
    size_t index[PH_MAX_AXES];
    memcpy(index, figure->index, sizeof(index));
    if (figure->y != PH_NO_AXIS)
        index[figure->y] = value;
    for (size_t j = 0; j < figure->grid->axes[figure->x].size; j++) {
        index[figure->x] = j;
        const size_t point = ph_figure_point(figure->grid, index);
        for (size_t mu = 0; mu < (size_t)figure->grid->points[point].patterns; mu++)
            if (!isnan(ph_figure_threshold(theory, true, point, mu)) ||
                !isnan(ph_figure_threshold(theory, false, point, mu)))
                return true;
    }
    return false;
}

static int choose_panels(thresholds_t *self, const ph_figure_t *figure, ph_report_t *report)
{
    const size_t size = figure->y == PH_NO_AXIS ? 1 : figure->grid->axes[figure->y].size;
    size_t count = 0, *value = malloc(size * sizeof(*value));
    if (value == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for a figure");
    for (size_t i = 0; i < size; i++)
        if (has_any(self->theory, figure, i))
            value[count++] = i;
    self->panels = count < PH_FIGURE_PANELS ? count : PH_FIGURE_PANELS;
    for (size_t i = 0; i < self->panels; i++)
        self->value[i] = value[self->panels == 1 ? 0 : i * (count - 1) / (self->panels - 1)];
    free(value);
    if (count == 0)
        return ph_fail(report, PH_ERR_UNSUPPORTED, "there is no threshold at any of these points");
    if (count < size)
        ph_note(report, "%zu of %zu panels are left out: there are no thresholds in rule storage",
                size - count, size);
    return PH_OK;
}

static int check(const ph_figure_job_t *job, ph_report_t *report)
{
    const size_t count = job->count;
    if (ph_theory_values(job->source->theory, "threshold_relative", 0) == NULL)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "the theory holds no thresholds of learning: they are of kind "
                       "signal_to_noise, in grids with a learning rule; magnetizations are drawn "
                       "with their run, by polyhebb plot RUN THEORY");
    if (count < 1 || count > 2)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "thresholds are drawn over one or two axes, here %zu are open; choose by "
                       "--point key=value,...",
                       count);
    if (ph_figure_axis(job->selection->grid, job->axes[0]).coordinate->key == PH_KEY_EXAMPLES)
        return ph_fail(
            report, PH_ERR_UNSUPPORTED,
            "thresholds are numbers of examples, so they cannot be drawn along "
            "'examples'; choose one of its values by --point examples=VALUE, and an axis "
            "such as dilution or quality to draw along");
    return ph_figure_threshold_check(job->selection->grid, "thresholds", report);
}

static int draw(ph_figure_job_t *job, const ph_figure_t *layout, ph_figures_t *drawn,
                ph_report_t *report)
{
    static const ph_figure_files_t FILES = {"thresholds", "thresholds.gp", write_data,
                                            write_script};
    const size_t patterns = (size_t)layout->grid->patterns_max;
    ph_figure_t figure = *layout;
    thresholds_t found = {.theory = job->source->theory, .figure = &figure, .low = INFINITY};
    figure.patterns = patterns < PH_FIGURE_PATTERNS ? patterns : PH_FIGURE_PATTERNS;
    int status = choose_panels(&found, &figure, report);
    if (status == PH_OK)
        status = ph_figure_write(&figure, &FILES, &found, drawn, report);
    ph_lone_free(&found.lones);
    return status;
}

const ph_figure_kind_t PH_FIGURE_ROW_THRESHOLDS = {
    .word = "thresholds",
    .help = "of a theory file: examples needed to learn, along an axis",
    .of = PH_FIGURE_OF_THEORY,
    .axes = 1,
    .check = check,
    .draw = draw,
};
