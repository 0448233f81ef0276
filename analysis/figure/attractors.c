/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/attractors/map.h"
#include "analysis/figure/file.h"
#include "analysis/figure/kind.h"
#include "analysis/figure/script.h"

enum { DRAWN_MAX = 28 }; /* patterns: colours, four kinds of lines each */

/* What is drawn along the noise. */
typedef struct {
    const ph_attractor_map_t *map;
    const ph_figure_t *figure;
    size_t count, of[DRAWN_MAX]; /* patterns that are stable somewhere */
    size_t left_out;             /* more of these */
    double high;                 /* free energy above the ground state */
    bool classes[PH_ATTRACTOR_CLASSES];
} attractors_t;

static size_t point_at(const attractors_t *self, size_t j)
{
    size_t index[PH_MAX_AXES];
    memcpy(index, self->figure->index, sizeof(index));
    index[self->figure->x] = j;
    return ph_figure_point(self->figure->grid, index);
}

static void choose_patterns(attractors_t *self)
{
    const ph_grid_t *grid = self->figure->grid;
    for (size_t mu = 0; mu < (size_t)grid->patterns_max; mu++) {
        bool stable = false;
        double share, error;
        for (size_t j = 0; j < grid->axes[self->figure->x].size && !stable; j++)
            stable = ph_attractor_map_share(self->map, point_at(self, j), mu, &share, &error) > 0;
        if (stable && self->count < DRAWN_MAX)
            self->of[self->count++] = mu;
        else
            self->left_out += stable;
    }
}

/* One block a pattern: noise, overlap where it is stable, share of samples in which it is. */
static void write_patterns(const attractors_t *self, const ph_figure_axis_t *x, FILE *file)
{
    for (size_t k = 0; k < self->count; k++) {
        fprintf(file, "# pattern %zu: noise overlap share error\n", self->of[k] + 1);
        for (size_t j = 0; j < x->size; j++) {
            const size_t point = point_at(self, j);
            double share, error;
            ph_attractor_map_share(self->map, point, self->of[k], &share, &error);
            fprintf(file, "%.12g", ph_figure_place(x, j));
            ph_figure_number(file, 10, ph_attractor_map_overlap(self->map, point, self->of[k]));
            ph_figure_number(file, 10, share);
            ph_figure_number(file, 6, error);
            fputc('\n', file);
        }
        fputs("\n\n", file);
    }
}

/* One block a class: noise, free energy above the ground state, of stable states of the sample. */
static void write_class(attractors_t *self, ph_attractor_class_t class, const ph_figure_axis_t *x,
                        FILE *file)
{
    fprintf(file, "# %s: noise free_energy_above_ground\n", ph_attractor_class_text(class));
    for (size_t j = 0; j < x->size; j++) {
        const ph_attractors_t *network = ph_attractor_map_at(self->map, point_at(self, j), 0);
        for (size_t i = 0; i < network->count; i++) {
            const ph_attractor_t *state = &network->states[i];
            if (!state->stable || state->label.class != class)
                continue;
            const double above = state->free_energy - network->states[network->ground].free_energy;
            self->high = fmax(self->high, above);
            self->classes[class] = true;
            fprintf(file, "%.12g", ph_figure_place(x, j));
            ph_figure_number(file, 10, above);
            fputc('\n', file);
        }
    }
    fputs("NaN NaN\n\n\n", file);
}

static int write_data(void *context, FILE *file, ph_report_t *report)
{
    attractors_t *self = context;
    const ph_figure_axis_t x = ph_figure_axis(self->figure->grid, self->figure->x);
    (void)report;
    write_patterns(self, &x, file);
    for (int c = 0; c < PH_ATTRACTOR_CLASSES && self->map->samples == 1; c++)
        write_class(self, (ph_attractor_class_t)c, &x, file);
    return PH_OK;
}

static void write_script(void *context, FILE *script)
{
    const attractors_t *self = context;
    const ph_figure_axis_t x = ph_figure_axis(self->figure->grid, self->figure->x);
    char name[64];
    fprintf(script, "drawn = %zu\narray numbers[%zu]\n", self->count, self->count + 1);
    for (size_t k = 0; k < self->count; k++)
        fprintf(script, "numbers[%zu] = %zu\n", k + 1, self->of[k] + 1);
    fprintf(script, "samples = %zu\n", self->map->samples);
    fprintf(script, "classes = %d\narray class_titles[classes]\n", PH_ATTRACTOR_CLASSES);
    for (int c = 0; c < PH_ATTRACTOR_CLASSES; c++) {
        snprintf(name, sizeof(name), "class_titles[%d]", c + 1);
        ph_script_text(script, self->figure, name,
                       self->classes[c] ? ph_attractor_class_text((ph_attractor_class_t)c) : "");
    }
    fprintf(script, "energy_max = %.6g\n", self->high > 0.0 ? 1.05 * self->high : 1.0);
    ph_script_axis(script, self->figure, "x", &x, 0.03);
}

/* The open axis of noise; PH_NO_AXIS where there is none. */
static size_t noise_axis(const ph_figure_job_t *job)
{
    for (size_t k = 0; k < job->count; k++)
        if (job->selection->grid->axes[job->axes[k]].coordinates[0].key == PH_KEY_NOISE)
            return job->axes[k];
    return PH_NO_AXIS;
}

/* Noise first, then nothing, then the others. */
static size_t order_axes(const ph_figure_job_t *job, size_t *axes)
{
    size_t count = 2;
    axes[0] = noise_axis(job);
    axes[1] = PH_NO_AXIS;
    for (size_t k = 0; k < job->count; k++)
        if (job->axes[k] != axes[0])
            axes[count++] = job->axes[k];
    return count;
}

static int check(const ph_figure_job_t *job, ph_report_t *report)
{
    size_t axes[PH_MAX_AXES + 2];
    if (noise_axis(job) == PH_NO_AXIS)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "stable states are drawn along noise, and no axis of it is open; give "
                       "'polyhebb phase' a grid with several noises, or keep them all");
    return ph_figure_check(job->selection, axes, order_axes(job, axes), report);
}

static int arrange(const ph_figure_job_t *job, ph_figure_t *layout, size_t *axes, size_t *count,
                   ph_report_t *report)
{
    (void)report;
    *count = order_axes(job, axes);
    layout->x = axes[0];
    layout->y = PH_NO_AXIS;
    return PH_OK;
}

static int draw(ph_figure_job_t *job, const ph_figure_t *layout, ph_figures_t *drawn,
                ph_report_t *report)
{
    static const ph_figure_files_t FILES = {"attractors", "attractors.gp", write_data,
                                            write_script};
    ph_figure_t figure = *layout;
    attractors_t found = {.map = job->source->attractors, .figure = &figure};
    choose_patterns(&found);
    figure.patterns = found.count;
    int status = ph_figure_write(&figure, &FILES, &found, drawn, report);
    if (status == PH_OK && found.left_out > 0)
        ph_note(report, "%s: %d of %zu stable patterns are drawn", drawn->scripts[drawn->count - 1],
                (int)DRAWN_MAX, found.count + found.left_out);
    return status;
}

const ph_figure_kind_t PH_FIGURE_ROW_ATTRACTORS = {
    .word = "attractors",
    .help = "of an attractors file: which patterns are stable, along noise",
    .of = PH_FIGURE_OF_ATTRACTORS,
    .axes = 1,
    .arrange = arrange,
    .check = check,
    .draw = draw,
};
