/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure/diagram_faces_private.h"
#include "analysis/figure/diagram_labels_private.h"
#include "analysis/figure/file.h"
#include "analysis/figure/kind.h"
#include "analysis/figure/map_private.h"
#include "analysis/figure/script.h"

enum { CODES_MAX = 64, PANELS = 2 };

static int code_at(const ph_diagram_t *self, size_t panel, size_t i, size_t j)
{
    return panel == 0 ? ph_diagram_ground(self, i, j) : ph_diagram_reached(self, i, j);
}

static double edge(const ph_figure_axis_t *axis, size_t i)
{
    return fmin(ph_diagram_high(axis), fmax(ph_diagram_low(axis), ph_figure_edge(axis, i)));
}

/* Cells of the points with a label; between traced curves only those that their region is not. */
static void write_cells(const ph_diagram_t *self, size_t panel, int label, const ph_faces_t *faces,
                        FILE *file)
{
    for (size_t i = 0; i < self->x.size; i++)
        for (size_t j = 0; j < self->y.size; j++) {
            const double place[] = {ph_faces_share(&self->x, i), ph_faces_share(&self->y, j)};
            if (code_at(self, panel, i, j) != label ||
                (faces != NULL && ph_faces_has(faces, place, label)))
                continue;
            fprintf(file, "%.12g %.12g %.12g %.12g %.12g %.12g\n", ph_figure_place(&self->x, i),
                    ph_figure_place(&self->y, j), edge(&self->x, i), edge(&self->x, i + 1),
                    edge(&self->y, j), edge(&self->y, j + 1));
        }
}

/* gnuplot complains of blocks without data. */
static void end_block(FILE *file)
{
    fputs("NaN NaN NaN NaN NaN NaN\n\n\n", file);
}

/* What both files are written from. */
typedef struct {
    const ph_diagram_t *diagram;
    bool traced;              /* regions are polygons between curves */
    ph_faces_t faces[PANELS]; /* ... these */
    ph_lines_t lines[PANELS][PH_LINE_COUNT];
    size_t count; /* labels that appear */
    int labels[CODES_MAX];
    ph_inset_t inset;
    ph_label_place_t places[2][PANELS][CODES_MAX]; /* of labels, in panels and in their insets */
} drawing_t;

/* Whether curves of the phase file are lines of a panel as they are. */
static bool whole_curves(const drawing_t *drawing, size_t panel, ph_line_t kind)
{
    return drawing->traced &&
           (panel == 0 || kind == PH_LINE_EXAMPLES || kind == PH_LINE_EXAMPLE_STATE);
}

/* Lines of one kind: as they were traced, in the panel of the ground state all of them. */
static void write_lines(drawing_t *drawing, size_t panel, ph_line_t kind, FILE *file)
{
    const ph_curves_t *curves = &drawing->diagram->phase->curves;
    for (size_t c = 0; whole_curves(drawing, panel, kind) && c < curves->count; c++) {
        if (ph_curve_line(&curves->items[c]) != kind)
            continue;
        for (size_t n = 0; n < curves->items[c].count; n++)
            fprintf(file, "%.9g %.9g\n", curves->items[c].places[n][0],
                    curves->items[c].places[n][1]);
        fputc('\n', file);
    }
    ph_lines_write(&drawing->lines[panel][kind], file);
}

static void write_regions(const drawing_t *drawing, FILE *file)
{
    static const char *const PANEL_NAMES[PANELS] = {"ground state", "state reached"};
    const ph_diagram_t *self = drawing->diagram;
    char text[64];
    for (size_t panel = 0; panel < 2 * PANELS; panel++)
        for (size_t l = 0; l < drawing->count; l++) {
            const int label = drawing->labels[l];
            const ph_faces_t *faces = drawing->traced ? &drawing->faces[panel % PANELS] : NULL;
            ph_label_text(ph_label_of(label, ph_diagram_patterns(self)), text, sizeof(text));
            fprintf(file, "# %s, %s: %s\n", PANEL_NAMES[panel % PANELS], text,
                    panel < PANELS    ? "cells x y x_low x_high y_low y_high"
                    : drawing->traced ? "polygons between curves"
                                      : "polygons between points");
            if (panel < PANELS)
                write_cells(self, panel, label, faces, file);
            else if (drawing->traced)
                ph_faces_write(faces, self, label, file);
            else if (panel == PANELS && !self->x.words && !self->y.words)
                ph_diagram_polygons(self, label, file);
            end_block(file);
        }
}

static int write_data(void *context, FILE *file, ph_report_t *report)
{
    static const char *const LINE_NAMES[PH_LINE_COUNT] = {
        "the ground state changes with a jump",         "the ground state changes without a jump",
        "the ground state changes by name only",        "a metastable state ends with a jump",
        "a metastable state ends without a jump",       "the examples of a pattern part",
        "a state of single examples becomes the lowest"};
    drawing_t *drawing = context;
    (void)report;
    write_regions(drawing, file);
    for (size_t panel = 0; panel < PANELS; panel++)
        for (size_t k = 0; k < PH_LINE_COUNT; k++) {
            fprintf(file, "# %s%s: lines x y\n", panel == 1 ? "beside the state reached, " : "",
                    LINE_NAMES[k]);
            write_lines(drawing, panel, (ph_line_t)k, file);
            end_block(file);
        }
    return PH_OK;
}

/* Labels that appear in either panel, at a point or of a region between points, in the order of
 * their codes. */
static size_t list_labels(const drawing_t *drawing, int *labels)
{
    const ph_diagram_t *self = drawing->diagram;
    bool present[CODES_MAX] = {false};
    size_t count = 0;
    for (size_t panel = 0; panel < PANELS; panel++)
        for (size_t f = 0; f < drawing->faces[panel].count; f++)
            if (drawing->faces[panel].items[f].label >= 0)
                present[drawing->faces[panel].items[f].label] = true;
    for (size_t i = 0; i < self->x.size; i++)
        for (size_t j = 0; j < self->y.size; j++)
            for (size_t panel = 0; panel < PANELS; panel++)
                if (code_at(self, panel, i, j) >= 0)
                    present[code_at(self, panel, i, j)] = true;
    for (int code = 0; code < CODES_MAX; code++)
        if (present[code])
            labels[count++] = code;
    return count;
}

/* Shows all pieces of a panel's lines of one kind. */
static void see_lines(const drawing_t *drawing, size_t panel, ph_line_t kind, ph_inset_see_t *see,
                      void *context)
{
    const ph_curves_t *curves = &drawing->diagram->phase->curves;
    const ph_lines_t *lines = &drawing->lines[panel][kind];
    for (size_t c = 0; whole_curves(drawing, panel, kind) && c < curves->count; c++) {
        const ph_curve_t *curve = &curves->items[c];
        if (ph_curve_line(curve) == kind)
            for (size_t n = 1; n < curve->count; n++)
                see(context, curve->places[n - 1], curve->places[n]);
    }
    for (size_t i = 0; i < lines->count; i++) {
        const ph_spot_t *ends = lines->segments[i].ends;
        const double a[] = {ends[0].x, ends[0].y}, b[] = {ends[1].x, ends[1].y};
        see(context, a, b);
    }
}

static void see_for_inset(void *context, const double a[2], const double b[2])
{
    ph_inset_see(context, a, b);
}

static void see_for_labels(void *context, const double a[2], const double b[2])
{
    ph_label_room_cross(context, a, b);
}

static ph_inset_span_t span_of(const ph_figure_axis_t *axis)
{
    return (ph_inset_span_t){ph_schema(axis->coordinate->key)->name, ph_diagram_low(axis),
                             ph_diagram_high(axis), axis->logarithmic, axis->words};
}

/* Where the inset stands: over as few lines of the two panels as can be. */
static int place_inset(drawing_t *drawing, ph_report_t *report)
{
    const ph_diagram_t *self = drawing->diagram;
    const ph_inset_span_t spans[] = {span_of(&self->x), span_of(&self->y)};
    drawing->inset.part = &self->figure->request->inset;
    for (size_t panel = 0; panel < PANELS; panel++)
        for (size_t k = 0; k < PH_LINE_COUNT; k++)
            see_lines(drawing, panel, (ph_line_t)k, see_for_inset, &drawing->inset);
    return ph_inset_settle(&drawing->inset, spans, report);
}

/* Where labels stand in a panel or, `within`, in its inset. */
static int place_labels(drawing_t *drawing, size_t panel, bool within)
{
    ph_label_room_t room;
    int status = ph_label_room_begin(&room, drawing->diagram, panel, &drawing->inset, within,
                                     drawing->traced ? &drawing->faces[panel] : NULL);
    for (size_t k = 0; k < PH_LINE_COUNT && status == PH_OK; k++)
        if (k != PH_LINE_CROSSING && k != PH_LINE_CONTINUOUS && k != PH_LINE_CROSSOVER)
            see_lines(drawing, panel, (ph_line_t)k, see_for_labels, &room);
    if (status == PH_OK && !within)
        ph_inset_frame(&drawing->inset, see_for_labels, &room);
    for (size_t l = 0; l < drawing->count && status == PH_OK; l++)
        drawing->places[within][panel][l] = ph_label_room_find(&room, drawing->labels[l]);
    ph_label_room_free(&room);
    return status;
}

static void write_labels(const drawing_t *drawing, FILE *script)
{
    static const char *const NAMES[2][PANELS] = {{"ground", "reached"},
                                                 {"inset_ground", "inset_reached"}};
    const ph_diagram_t *self = drawing->diagram;
    const size_t patterns = ph_diagram_patterns(self), count = drawing->count;
    char name[64], text[64];
    fprintf(script,
            "labels = %zu\narray label_text[labels]\narray label_class[labels]\n"
            "array label_count[labels]\n",
            count);
    for (size_t l = 0; l < count; l++) {
        const ph_label_t label = ph_label_of(drawing->labels[l], patterns);
        snprintf(name, sizeof(name), "label_text[%zu]", l + 1);
        ph_label_text(label, text, sizeof(text));
        ph_script_text(script, self->figure, name, text);
        fprintf(script, "label_class[%zu] = %d; label_count[%zu] = %zu\n", l + 1, label.id, l + 1,
                label.count);
    }
    const size_t parts = ph_inset_is(&drawing->inset) ? 2 : 1;
    for (size_t within = 0; within < parts; within++)
        for (size_t panel = 0; panel < PANELS; panel++) {
            const char *of = NAMES[within][panel];
            fprintf(script, "array %s_x[labels]; array %s_y[labels]; array %s_fit[labels]\n", of,
                    of, of);
            for (size_t l = 0; l < count; l++) {
                const ph_label_place_t *place = &drawing->places[within][panel][l];
                fprintf(script, "%s_x[%zu] = %.6g; %s_y[%zu] = %.6g; %s_fit[%zu] = %d\n", of, l + 1,
                        place->x, of, l + 1, place->y, of, l + 1, place->fit);
            }
        }
}

static void write_axis(FILE *script, const ph_figure_t *figure, const char *letter,
                       const ph_figure_axis_t *axis)
{
    ph_figure_axis_t shown = *axis;
    shown.minimum = ph_diagram_low(axis);
    shown.maximum = ph_diagram_high(axis);
    ph_script_axis(script, figure, letter, &shown, 0.0);
}

static bool line_used(const drawing_t *drawing, ph_line_t kind)
{
    const ph_curves_t *curves = &drawing->diagram->phase->curves;
    bool used = drawing->lines[0][kind].count > 0 || drawing->lines[1][kind].count > 0;
    for (size_t c = 0; drawing->traced && c < curves->count; c++)
        used = used || ph_curve_line(&curves->items[c]) == kind;
    return used;
}

static void write_script(void *context, FILE *script)
{
    const drawing_t *drawing = context;
    const ph_diagram_t *self = drawing->diagram;
    const ph_grid_t *grid = self->phase->grid;
    write_axis(script, self->figure, "x", &self->x);
    write_axis(script, self->figure, "y", &self->y);
    ph_script_text(script, self->figure, "start",
                   PH_START_WORDS.words[grid->points[ph_diagram_point(self, 0, 0)].start]);
    write_labels(drawing, script);
    ph_inset_script(&drawing->inset, script);
    fprintf(script, "traced = %d\narray line_used[%d]\n", drawing->traced, PH_LINE_COUNT);
    for (size_t k = 0; k < PH_LINE_COUNT; k++)
        fprintf(script, "line_used[%zu] = %d\n", k + 1, line_used(drawing, (ph_line_t)k));
}

/* The magnetizations of a run under the lines of the diagram, which has so many labels. */
static int draw_run(ph_figures_t *self, const ph_diagram_t *diagram, size_t labels,
                    ph_runfile_t *run, ph_report_t *report)
{
    ph_figure_t figure = *diagram->figure;
    ph_figure_data_t data = {0};
    figure.grid = run->base.grid;
    for (size_t a = 0; a < figure.grid->axes_count; a++) {
        const ph_key_t key = figure.grid->axes[a].coordinates[0].key;
        if (key == diagram->x.coordinate->key)
            figure.x = a;
        if (key == diagram->y.coordinate->key)
            figure.y = a;
        figure.index[a] = 0;
    }
    snprintf(figure.title, sizeof(figure.title), "%s", figure.grid->title);
    figure.lines = true;
    figure.lines_index = 2 * PANELS * labels;
    int status = ph_figure_data_read(&data, run, figure.request->view, report);
    if (status == PH_OK) {
        ph_figure_choose(&figure, &data); /* the run's patterns, not the diagram's */
        status = ph_figure_map(&figure, &data, self, report);
    }
    ph_figure_data_free(&data);
    return status;
}

/* Whether a run has the two axes of a diagram, and none beside them. */
static int check_run(const ph_figure_job_t *job, ph_report_t *report)
{
    const ph_runfile_t *run = job->source->run;
    const ph_grid_t *grid = run->base.grid;
    const ph_axis_t *axes = job->selection->grid->axes;
    const bool turned = job->axes[0] > job->axes[1];
    const ph_coordinate_t *wanted[] = {&axes[job->axes[turned]].coordinates[0],
                                       &axes[job->axes[!turned]].coordinates[0]};
    char names[2][64];
    size_t met = 0, open = 0;
    for (size_t a = 0; a < grid->axes_count; a++) {
        const ph_coordinate_t *own = &grid->axes[a].coordinates[0];
        open += grid->axes[a].size > 1;
        for (size_t k = 0; k < 2; k++)
            met += grid->axes[a].size > 1 && own->key == wanted[k]->key &&
                   own->pattern == wanted[k]->pattern;
    }
    if (met == 2 && open == 2)
        return PH_OK;
    for (size_t k = 0; k < 2; k++) {
        const char *name = ph_schema(wanted[k]->key)->name;
        snprintf(names[k], sizeof(names[k]), "%s", name);
        if (wanted[k]->pattern > 0)
            snprintf(names[k], sizeof(names[k]), "%s of pattern %zu", name, wanted[k]->pattern);
    }
    return ph_fail(report, PH_ERR_UNSUPPORTED,
                   "%s: to lie under the diagram's lines a run needs the axes %s and %s, and no "
                   "others",
                   run->base.path, names[0], names[1]);
}

/* Files may have other curves and none of example states: where those were not traced yet. */
static bool traced_examples(const drawing_t *drawing)
{
    const ph_curves_t *curves = &drawing->diagram->phase->curves;
    for (size_t c = 0; c < curves->count; c++)
        if (curves->items[c].kind == PH_BOUNDARY_EXAMPLE_STATE)
            return true;
    return false;
}

/* Of what is not traced lines are put together from squares. */
static int find_lines(drawing_t *drawing)
{
    const ph_diagram_t *diagram = drawing->diagram;
    int status = PH_OK;
    for (size_t panel = 0; panel < PANELS && status == PH_OK; panel++) {
        ph_lines_t *lines = drawing->lines[panel];
        status = ph_diagram_lines(diagram, lines);
        for (size_t k = 0; k < PH_LINE_COUNT && drawing->traced; k++)
            if (k != PH_LINE_EXAMPLE_STATE || traced_examples(drawing))
                ph_lines_free(&lines[k]);
        if (status == PH_OK && drawing->traced)
            status = ph_faces_find(&drawing->faces[panel], diagram, panel);
        if (status == PH_OK && drawing->traced && panel == 1)
            status = ph_faces_lines(&drawing->faces[panel], diagram, lines);
    }
    return status;
}

static int place_all(drawing_t *drawing, ph_report_t *report)
{
    int status = place_inset(drawing, report);
    if (status != PH_OK)
        return status;
    for (size_t panel = 0; panel < PANELS && status == PH_OK; panel++) {
        status = place_labels(drawing, panel, false);
        if (status == PH_OK && ph_inset_is(&drawing->inset))
            status = place_labels(drawing, panel, true);
    }
    return status == PH_OK ? PH_OK
                           : ph_fail(report, status, "no memory for the labels of a phase diagram");
}

static int draw_diagram(ph_figures_t *self, const ph_diagram_t *diagram, size_t *labels,
                        ph_report_t *report)
{
    static const ph_figure_files_t FILES = {"diagram", "phase.gp", write_data, write_script};
    drawing_t drawing = {.diagram = diagram, .traced = ph_diagram_traced(diagram)};
    int status = find_lines(&drawing);
    *labels = drawing.count = list_labels(&drawing, drawing.labels);
    if (status == PH_OK)
        status = place_all(&drawing, report);
    else
        ph_fail(report, status, "no memory for the lines of a phase diagram");
    if (status == PH_OK)
        status = ph_figure_write(diagram->figure, &FILES, &drawing, self, report);
    ph_inset_free(&drawing.inset);
    for (size_t panel = 0; panel < PANELS; panel++) {
        for (size_t k = 0; k < PH_LINE_COUNT; k++)
            ph_lines_free(&drawing.lines[panel][k]);
        ph_faces_free(&drawing.faces[panel]);
    }
    return status;
}

static int draw(ph_figure_job_t *job, const ph_figure_t *layout, ph_figures_t *drawn,
                ph_report_t *report)
{
    ph_figure_t figure = *layout;
    /* axes in the grid's own order: noise, which is last, goes upwards */
    figure.x = layout->x < layout->y ? layout->x : layout->y;
    figure.y = layout->x < layout->y ? layout->y : layout->x;
    figure.patterns = (size_t)figure.grid->patterns_max;
    const ph_diagram_t diagram = {job->source->phase, &figure,
                                  ph_figure_axis(figure.grid, figure.x),
                                  ph_figure_axis(figure.grid, figure.y)};
    size_t labels;
    int status = draw_diagram(drawn, &diagram, &labels, report);
    if (status == PH_OK && job->source->run != NULL)
        status = draw_run(drawn, &diagram, labels, job->source->run, report);
    return status;
}

static int check(const ph_figure_job_t *job, ph_report_t *report)
{
    const size_t count = job->count;
    int status =
        count < 2 ? ph_fail(report, PH_ERR_UNSUPPORTED,
                            "a phase diagram is drawn over two axes; this leaves %zu open", count)
                  : ph_figure_check(job->selection, job->axes, count, report);
    for (size_t k = 0; k < 2 && status == PH_OK; k++) {
        const bool turned = job->axes[0] > job->axes[1]; /* in the grid's own order */
        const ph_figure_axis_t axis =
            ph_figure_axis(job->selection->grid, job->axes[turned ? 1 - k : k]);
        const ph_inset_span_t span = span_of(&axis);
        status = ph_inset_check(&job->request->inset, k, &span, report);
    }
    return status == PH_OK && job->source->run != NULL ? check_run(job, report) : status;
}

const ph_figure_kind_t PH_FIGURE_ROW_DIAGRAM = {
    .word = "diagram",
    .help = "of a phase file: ground states, states reached, boundaries",
    .of = PH_FIGURE_OF_PHASE,
    .axes = 2,
    .inset = true,
    .check = check,
    .draw = draw,
};
