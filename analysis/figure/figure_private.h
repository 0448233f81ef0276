/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_FIGURE_PRIVATE_H
#define PH_FIGURE_FIGURE_PRIVATE_H

#include <stdio.h>

#include "analysis/figure/figure.h"

enum { PH_FIGURE_TEXT = 512, PH_NO_AXIS = PH_MAX_AXES };

/** Values to draw, each [points][patterns], NaN where there is none. */
typedef struct {
    const ph_grid_t *grid;
    ph_view_t view;
    size_t patterns; /* the grid's largest number of them */
    /* [0] of m, [1] of |m|; sample: mean field of the very samples with 1/N correction, drawn in */
    double *mean[2], *error[2], *theory[2], *sample[2];
    bool any_theory;
    bool learning;               /* grids that learn, with one line more: */
    double *gaussian;            /* mean field in the Gaussian limit of the examples */
    double *relative, *absolute; /* thresholds of learning, of any M */
    bool any_threshold;
    size_t empty; /* points without data */
    /* The same theory on a finer axis, or no grid at all. */
    ph_grid_t *fine;
    ph_theory_t fine_theory;
} ph_figure_data_t;

/** Estimates of a run; no theory yet. `self` may be freed after an error. */
int ph_figure_data_read(ph_figure_data_t *self, ph_runfile_t *run, ph_view_t view,
                        ph_report_t *report);
/**
 * Theory beside them: of the wells the chains are in as the comparison has it, elsewhere that of
 * the grid's start. `axis`: the axis along which lines are drawn.
 */
int ph_figure_data_theory(ph_figure_data_t *self, const ph_comparison_t *comparison,
                          const ph_theory_t *theory, size_t axis, int threads, ph_report_t *report);
void ph_figure_data_free(ph_figure_data_t *self);

/** One figure's place in the grid. */
typedef struct {
    const ph_grid_t *grid;
    const ph_figure_request_t *request;
    size_t x, y;                       /* axes; y is PH_NO_AXIS for a single panel */
    size_t index[PH_MAX_AXES];         /* fixed values of the other axes */
    size_t patterns;                   /* drawn */
    char title[PH_FIGURE_TEXT];        /* of the figure */
    char suffix[PH_FIGURE_TEXT];       /* of file names: fixed values that distinguish figures */
    bool absolute[PH_FIGURE_PATTERNS]; /* |m| is drawn: its sign is lost somewhere */
    bool lines;                        /* a map under the lines of the diagram of the same name */
    size_t lines_index;                /* of their first block in its data */
} ph_figure_t;

/** Open axes of a selection, best first to draw along, into axes[]; returns how many. */
size_t ph_figure_order(const ph_selection_t *selection, size_t *axes);

/** PH_ERR_UNSUPPORTED where none of `count` axes is open, or too many sets of figures. */
int ph_figure_check(const ph_selection_t *selection, const size_t *axes, size_t count,
                    ph_report_t *report);

/** Title and suffix of a figure from the values of the axes that are not drawn. */
void ph_figure_name(ph_figure_t *self, const ph_selection_t *selection);

/** Next combination of values on the axes after the first two; false after the last. */
bool ph_figure_next(ph_figure_t *figure, const size_t *axes, size_t count);

/** How many patterns a figure draws, and of which it draws |m|. */
void ph_figure_choose(ph_figure_t *self, const ph_figure_data_t *data);

/** Takes over a script's path. PH_ERR_MEMORY. */
int ph_figures_keep(ph_figures_t *self, char *script);

/** How an axis is drawn. */
typedef struct {
    const ph_coordinate_t *coordinate;
    size_t size;
    bool words, logarithmic;
    double minimum, maximum; /* edges of the outermost cells */
} ph_figure_axis_t;

ph_figure_axis_t ph_figure_axis(const ph_grid_t *grid, size_t axis);
double ph_figure_place(const ph_figure_axis_t *axis, size_t i);

/** Edge below value i; i up to and including size. */
double ph_figure_edge(const ph_figure_axis_t *axis, size_t i);

/** Number of a grid point from one index an axis. */
size_t ph_figure_point(const ph_grid_t *grid, const size_t *index);

/** Both files of one figure; `script` is its path, to be freed. */
int ph_figure_curves(const ph_figure_t *self, const ph_figure_data_t *data, char **script,
                     ph_report_t *report);
int ph_figure_map(const ph_figure_t *self, const ph_figure_data_t *data, char **script,
                  ph_report_t *report);

/**
 * A file PREFIX SUFFIX-KIND.EXTENSION being written, under that name and .partial; `path`, without
 * that, is to be freed.
 */
FILE *ph_figure_open(const ph_figure_t *self, const char *kind, const char *extension, char **path,
                     ph_report_t *report);

/**
 * Closes it and, where `status` is PH_OK, gives it its name; a script (gp) of that name that
 * somebody has changed is kept as NAME.gp~, with a note. Else it is removed, and what stood under
 * the name stays. `path` is that of ph_figure_open(). Returns `status`, PH_ERR_IO if anything was
 * not written, PH_ERR_INPUT where the file under the name is write-protected.
 */
int ph_figure_close(FILE *file, const char *path, int status, ph_report_t *report);

/** What every script begins with: names, title, formats; then its axes, one by one. */
void ph_script_head(FILE *script, const ph_figure_t *self, const char *kind);
void ph_script_axis(FILE *script, const char *letter, const ph_figure_axis_t *axis, double margin);

/** name = './FIGURE-KIND.EXTENSION', another file of the figure. */
void ph_script_name(FILE *script, const char *name, const ph_figure_t *self, const char *kind,
                    const char *extension);

/** labels[p], the names of what is drawn, and NAME, what is drawn of it. */
void ph_script_values(FILE *script, const ph_figure_t *self, const char *name);

/** name = 'text', one line of at most 2 PH_FIGURE_TEXT bytes, quoted for gnuplot. */
void ph_script_text(FILE *script, const char *name, const char *text);

/** Appends a template of the request's folder. */
int ph_script_template(FILE *script, const ph_figure_t *self, const char *name,
                       ph_report_t *report);

/** Label of an axis, or of a value on it, in gnuplot's enhanced text. */
void ph_label_axis(const ph_coordinate_t *coordinate, char *text, size_t size);
void ph_label_value(const ph_coordinate_t *coordinate, size_t i, char *text, size_t size);

#endif
