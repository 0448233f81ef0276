/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/estimate/sampleread.h"
#include "analysis/figure/file.h"
#include "analysis/figure/kind.h"
#include "analysis/figure/landscape_private.h"
#include "analysis/figure/script.h"

enum { SIDE = 161, CHAINS_MAX = 24 }; /* cells along each axis; paths */

/*
 * Cost and loss over the magnetizations of the first two stored patterns: of the states that an
 * infinite network has, under paths of chains.
 */
typedef struct {
    const ph_figure_t *figure;
    const ph_grid_t *grid;
    const ph_point_t *point;
    size_t number, chains;
    double gains[2], filled[2];
    ph_segment_t segment;
} landscape_t;

double ph_landscape_cost(const double gains[2], const double m[2])
{
    return -0.5 * (gains[0] * m[0] * m[0] + gains[1] * m[1] * m[1]);
}

double ph_landscape_loss(const double filled[2], const double m[2])
{
    double sum = 0.0;
    for (size_t mu = 0; mu < 2; mu++)
        sum += pow(0.5 * (1.0 + filled[mu]), 2) - m[mu] * m[mu];
    return sum;
}

/*
 * Neurons where only the first pattern, only the second, or both are not blank, alike or opposed,
 * move m along one direction each, to either side: what they reach together is a zonogon, whose
 * edges have these directions.
 */
bool ph_landscape_reached(const double filled[2], const double m[2])
{
    const double both = 0.5 * filled[0] * filled[1];
    const double steps[4][2] = {{filled[0] * (1.0 - filled[1]), 0.0},
                                {0.0, filled[1] * (1.0 - filled[0])},
                                {both, both},
                                {both, -both}};
    static const double ACROSS[4][2] = {{0.0, 1.0}, {1.0, 0.0}, {1.0, -1.0}, {1.0, 1.0}};
    for (size_t k = 0; k < 4; k++) {
        double most = 0.0;
        for (size_t j = 0; j < 4; j++)
            most += fabs(steps[j][0] * ACROSS[k][0] + steps[j][1] * ACROSS[k][1]);
        if (fabs(m[0] * ACROSS[k][0] + m[1] * ACROSS[k][1]) > most + 1e-12)
            return false;
    }
    return true;
}

/* Half of the width that is drawn. */
static double reach(const landscape_t *self)
{
    return 1.04 * fmax(self->filled[0], self->filled[1]);
}

/* Loss of a record, of the patterns drawn: as recorded, or by its magnetizations. */
static double loss_of(const landscape_t *self, const double *record)
{
    const int64_t patterns = self->point->patterns;
    const double *m = record + ph_observable_offset(PH_OBS_MAGNETIZATION, self->grid, patterns);
    if (!self->grid->loss)
        return ph_landscape_loss(self->filled, m);
    const double *l = record + ph_observable_offset(PH_OBS_LOSS, self->grid, patterns);
    return l[0] * l[1] + l[2] * l[3];
}

/* Of each chain a line a record, then the means over the chains. */
static int write_paths(const landscape_t *self, FILE *file, ph_report_t *report)
{
    const ph_segment_t *segment = &self->segment;
    const ph_point_t *point = self->point;
    const size_t width = (size_t)segment->components, records = (size_t)segment->records;
    const size_t at = ph_observable_offset(PH_OBS_MAGNETIZATION, self->grid, point->patterns);
    const size_t energy = ph_observable_offset(PH_OBS_ENERGY, self->grid, point->patterns);
    double *mean = calloc(2 * records + 1, sizeof(*mean));
    if (mean == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for a figure");
    for (size_t c = 0; c < self->chains; c++) {
        fprintf(file, "\n\n# chain %zu: m_1 m_2 sweep cost loss\n", c + 1);
        for (size_t r = 0; r < records; r++) {
            const double *x = segment->series + (c * records + r) * width, *m = x + at;
            const double both[2] = {x[energy], loss_of(self, x)};
            fprintf(file, "%.8g %.8g %lld %.8g %.8g\n", m[0], m[1],
                    (long long)(point->burn_in + (int64_t)r * point->record_every), both[0],
                    both[1]);
            for (size_t k = 0; k < 2; k++)
                mean[2 * r + k] += both[k] / (double)self->chains;
        }
    }
    fputs("\n\n# mean over these chains: sweep cost loss\n", file);
    for (size_t r = 0; r < records; r++)
        fprintf(file, "%lld %.8g %.8g\n",
                (long long)(point->burn_in + (int64_t)r * point->record_every), mean[2 * r],
                mean[2 * r + 1]);
    free(mean);
    return PH_OK;
}

static int write_data(void *context, FILE *file, ph_report_t *report)
{
    const landscape_t *self = context;
    const double step = 2.0 * reach(self) / (SIDE - 1);
    fputs("# m_1 m_2 cost loss; NaN: no state has these\n", file);
    for (size_t j = 0; j < SIDE; j++)
        for (size_t i = 0; i < SIDE; i++) {
            const double m[2] = {-reach(self) + step * (double)i, -reach(self) + step * (double)j};
            const bool there = ph_landscape_reached(self->filled, m);
            fprintf(file, "%.6g %.6g", m[0], m[1]);
            ph_figure_number(file, 8, there ? ph_landscape_cost(self->gains, m) : (double)NAN);
            ph_figure_number(file, 8, there ? ph_landscape_loss(self->filled, m) : (double)NAN);
            fputc('\n', file);
        }
    return write_paths(self, file, report);
}

/* The least values of an infinite network's states: those of the better hierarchy. The cost along
 * chains is that of all patterns, so where there are more than two it has no such least. */
static void write_least(const landscape_t *self, FILE *script)
{
    const double *filled = self->filled;
    const double corners[2][2] = {{filled[0], filled[1] * (1.0 - filled[0])},
                                  {filled[0] * (1.0 - filled[1]), filled[1]}};
    fputs("cost_least =", script);
    ph_figure_number(script, 8,
                     self->point->patterns > 2 ? (double)NAN
                                               : fmin(ph_landscape_cost(self->gains, corners[0]),
                                                      ph_landscape_cost(self->gains, corners[1])));
    fprintf(script, "\nloss_least = %.8g\n",
            fmin(ph_landscape_loss(filled, corners[0]), ph_landscape_loss(filled, corners[1])));
}

#define COST "cost {/:Italic H}/{/:Italic N}"
#define LOSS "loss {/:Italic L}_+ {/:Italic L}_-"

static void write_script(void *context, FILE *script)
{
    const landscape_t *self = context;
    fprintf(script, "chains = %zu\nreach = %.6g\n", self->chains, reach(self));
    write_least(self, script);
    ph_script_text(script, self->figure, "time_label", "sweeps");
    ph_script_text(script, self->figure, "x_label", "{/:Italic m}_1");
    ph_script_text(script, self->figure, "y_label", "{/:Italic m}_2");
    const bool more = self->point->patterns > 2;
    ph_script_text(script, self->figure, "cost_title", more ? COST ", patterns 1 and 2" : COST);
    ph_script_text(script, self->figure, "cost_along", more ? COST ", all patterns" : COST);
    ph_script_text(script, self->figure, "loss_title",
                   more ? LOSS ", patterns 1 and 2" : LOSS ", both patterns");
}

static int check(const ph_figure_job_t *job, ph_report_t *report)
{
    size_t number = 0;
    if (!job->selection->grid->trajectory)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "%s holds no trajectories (record.trajectory: false)",
                       job->source->run->base.path);
    const int status = ph_selection_point(job->selection, false, &number, report);
    if (status != PH_OK)
        return status;
    const ph_point_t *point = &job->selection->grid->points[number];
    if (ph_rule_learns(point->rule) || ph_grid_is_given(job->selection->grid) ||
        point->patterns < 2)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "figure 'landscape' is of two drawn patterns or more in rule storage");
    return PH_OK;
}

static int draw(ph_figure_job_t *job, const ph_figure_t *layout, ph_figures_t *drawn,
                ph_report_t *report)
{
    static const ph_figure_files_t FILES = {"landscape", "landscape.gp", write_data, write_script};
    ph_figure_t figure = *layout;
    landscape_t found = {.figure = &figure, .grid = layout->grid};
    int status = ph_selection_point(job->selection, false, &found.number, report);
    if (status != PH_OK)
        return status;
    found.point = &found.grid->points[found.number];
    for (size_t mu = 0; mu < 2; mu++) {
        found.filled[mu] = 1.0 - found.point->dilution[mu];
        found.gains[mu] = found.point->normalization == PH_NORM_NONE || !(found.filled[mu] > 0.0)
                              ? 1.0
                              : 1.0 / found.filled[mu];
    }
    status = ph_sample_read(job->source->run, found.number, 0, 0, &found.segment, NULL, report);
    if (status != PH_OK)
        return status;
    found.chains =
        found.segment.replicas < CHAINS_MAX ? found.segment.replicas : (size_t)CHAINS_MAX;
    figure.patterns = found.chains;
    status = ph_figure_write(&figure, &FILES, &found, drawn, report);
    ph_segment_free(&found.segment);
    return status;
}

const ph_figure_kind_t PH_FIGURE_ROW_LANDSCAPE = {
    .word = "landscape",
    .help = "of one point of a run: chains, cost and loss of two patterns",
    .of = PH_FIGURE_OF_RUN,
    .on_demand = true,
    .check = check,
    .draw = draw,
};
