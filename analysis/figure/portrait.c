/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/figure/portrait_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/estimate/sampleread.h"
#include "analysis/figure/file.h"
#include "analysis/figure/kind.h"
#include "analysis/figure/landscape_private.h"
#include "analysis/figure/script.h"

/* Cells along each axis, arrows, chains of a start, starts, sweeps until a flow rests and until it
 * is looked at. */
enum {
    SIDE = 80,
    ARROWS = 17,
    CHAINS_MAX = 6,
    POINTS_MAX = 12,
    REST = 2000,
    STEP = 4,
    PATTERNS = 2
};

/*
 * The plane of two magnetizations: basins of the infinite network's flow, chains of the first
 * sample from each of the grid's starts, and the flow from there.
 */
typedef struct {
    const ph_figure_t *figure;
    const ph_grid_t *grid;
    ph_runfile_t *run;
    size_t points[POINTS_MAX], count;
    const ph_point_t *point; /* the first of them */
    ph_flow_problem_t problem;
    ph_flow_law_t law;
    ph_portrait_ends_t ends;
    double filled[PATTERNS], low; /* of the window; it is as high as wide */
    size_t chains;                /* of all starts */
} portrait_t;

/* Which of the states known so far is within `near`; -1: none. */
static int nearest(const ph_portrait_ends_t *ends, const double o[PATTERNS], double near)
{
    for (size_t k = 0; k < ends->count; k++)
        if (hypot(o[0] - ends->state[k][0], o[1] - ends->state[k][1]) < near)
            return (int)k;
    return -1;
}

/* What has come close to a state in which flows have ended before need not be followed to its rest;
 * the flow of a delayed law has to be taken in one go. */
int ph_portrait_end(const ph_flow_problem_t *problem, ph_flow_law_t law, const double m[2],
                    ph_portrait_ends_t *ends, int *number)
{
    static const double CLOSE = 1e-3, SAME = 1e-4;
    const uint64_t step = law == PH_FLOW_SEQUENTIAL ? REST : STEP;
    double o[PATTERNS] = {m[0], m[1]}, path[PATTERNS];
    ph_flow_end_t end = {.stationary = false};
    *number = -1;
    for (uint64_t sweeps = 0; sweeps < REST && !end.stationary; sweeps += step) {
        const int status = ph_flow_solve(&problem->system, law, o, 1, &step, path, &end, NULL);
        if (status != PH_OK)
            return status == PH_ERR_MEMORY ? status : PH_OK;
        if ((*number = nearest(ends, o, CLOSE)) >= 0)
            return PH_OK;
    }
    *number = end.stationary ? nearest(ends, o, SAME) : -1;
    if (end.stationary && *number < 0 && ends->count < PH_PORTRAIT_ENDS) {
        memcpy(ends->state[ends->count], o, sizeof(o));
        *number = (int)ends->count++;
    }
    return PH_OK;
}

static double high(const portrait_t *self)
{
    return 1.04 * fmax(self->filled[0], self->filled[1]);
}

/* The middle of cell i of `cells` along either axis of the window. */
static double middle(const portrait_t *self, size_t i, size_t cells)
{
    return self->low + (high(self) - self->low) * ((double)i + 0.5) / (double)cells;
}

static int write_basins(portrait_t *self, FILE *file)
{
    /* Not on a line of symmetry itself: there flows end in states that are not stable. */
    static const double ASIDE = 1e-5;
    int status = PH_OK, number = -1;
    fputs("# m_1 m_2 basin: the number of the state in which the flow ends; NaN: no state has "
          "these, or no end\n",
          file);
    for (size_t j = 0; j < SIDE; j++)
        for (size_t i = 0; i < SIDE && status == PH_OK; i++) {
            const double m[2] = {middle(self, i, SIDE), middle(self, j, SIDE)};
            const double beside[2] = {m[0] + ASIDE * high(self), m[1] + 0.5 * ASIDE * high(self)};
            number = -1;
            if (ph_landscape_reached(self->filled, m))
                status = ph_portrait_end(&self->problem, self->law, beside, &self->ends, &number);
            fprintf(file, "%.6g %.6g", m[0], m[1]);
            ph_figure_number(file, 3, number >= 0 ? number + 1.0 : (double)NAN);
            fputc('\n', file);
        }
    return status;
}

/* An empty block would not be counted by what draws, and each one behind it be taken for another.
 */
static void end_block(FILE *file, size_t rows)
{
    if (rows == 0)
        fputs("NaN NaN NaN NaN\n", file);
}

static void write_arrows(const portrait_t *self, FILE *file)
{
    size_t rows = 0;
    fputs("\n\n# m_1 m_2, and where the flow goes from there\n", file);
    for (size_t j = 0; j < ARROWS; j++)
        for (size_t i = 0; i < ARROWS; i++) {
            const double m[2] = {middle(self, i, ARROWS), middle(self, j, ARROWS)};
            double to[PATTERNS];
            if (!ph_landscape_reached(self->filled, m) ||
                self->problem.system.map(self->problem.system.context, m, to) != PH_OK)
                continue;
            fprintf(file, "%.6g %.6g %.6g %.6g\n", m[0], m[1], to[0] - m[0], to[1] - m[1]);
            rows++;
        }
    end_block(file, rows);
    fputs("\n\n# states in which the flow ends: m_1 m_2\n", file);
    for (size_t k = 0; k < self->ends.count; k++)
        fprintf(file, "%.8g %.8g\n", self->ends.state[k][0], self->ends.state[k][1]);
    end_block(file, self->ends.count);
}

/* The flow from the start of each point, through its recorded times. */
static int write_flows(const portrait_t *self, FILE *file)
{
    const size_t records = (size_t)ph_point_records_least(self->point);
    double *path = malloc(records * PATTERNS * sizeof(*path));
    uint64_t *time = malloc(records * sizeof(*time));
    int status = path == NULL || time == NULL ? PH_ERR_MEMORY : PH_OK;
    for (size_t r = 0; r < records && status == PH_OK; r++)
        time[r] = (uint64_t)self->point->burn_in + r * (uint64_t)self->point->record_every;
    for (size_t k = 0; k < self->count && status == PH_OK; k++) {
        ph_flow_end_t end;
        double o[PATTERNS];
        size_t rows = 0;
        ph_flow_problem_start(&self->problem, &self->grid->points[self->points[k]], o);
        status =
            ph_flow_solve(&self->problem.system, self->law, o, records, time, path, &end, NULL);
        fprintf(file, "\n\n# flow from start %zu: m_1 m_2\n", k + 1);
        for (size_t r = 0; r < records && status == PH_OK; r++)
            if (!isnan(path[2 * r])) {
                fprintf(file, "%.8g %.8g\n", path[2 * r], path[2 * r + 1]);
                rows++;
            }
        end_block(file, rows);
        status = status == PH_ERR_NUMERIC ? PH_OK : status;
    }
    free(path);
    free(time);
    return status;
}

/* Blocks of the first chains of each start: written, or only counted, with the least value. */
static int write_chains(portrait_t *self, FILE *file, ph_report_t *report)
{
    const size_t at = ph_observable_offset(PH_OBS_MAGNETIZATION, self->grid, PATTERNS);
    int status = PH_OK;
    self->chains = 0;
    for (size_t k = 0; k < self->count && status == PH_OK; k++) {
        ph_segment_t segment;
        status = ph_sample_read(self->run, self->points[k], 0, 0, &segment, NULL, report);
        if (status != PH_OK)
            return status;
        const size_t width = (size_t)segment.components, records = (size_t)segment.records;
        for (size_t c = 0; c < segment.replicas && c < CHAINS_MAX; c++, self->chains++) {
            if (file != NULL)
                fprintf(file, "\n\n# chain %zu from start %zu: m_1 m_2\n", c + 1, k + 1);
            for (size_t r = 0; r < records; r++) {
                const double *x = segment.series + (c * records + r) * width + at;
                self->low = fmin(self->low, fmin(x[0], x[1]));
                if (file != NULL)
                    fprintf(file, "%.8g %.8g\n", x[0], x[1]);
            }
        }
        ph_segment_free(&segment);
    }
    return status;
}

static int write_data(void *context, FILE *file, ph_report_t *report)
{
    portrait_t *self = context;
    int status = write_basins(self, file);
    if (status == PH_OK) {
        write_arrows(self, file);
        status = write_flows(self, file);
    }
    if (status != PH_OK)
        return ph_fail(report, status, "the flows of a portrait failed: %s",
                       ph_status_text(status));
    return write_chains(self, file, report);
}

static void write_script(void *context, FILE *script)
{
    const portrait_t *self = context;
    fprintf(script, "starts = %zu\nchains = %zu\nends = %zu\nlow = %.6g\nhigh = %.6g\n",
            self->count, self->chains, self->ends.count, self->low, high(self));
    fprintf(script, "cell = %.6g\narrow = %.6g\n", (high(self) - self->low) / SIDE,
            (high(self) - self->low) / ARROWS);
    ph_script_text(script, self->figure, "x_label", "{/:Italic m}_1");
    ph_script_text(script, self->figure, "y_label", "{/:Italic m}_2");
}

/* Whether two points are one network that moves by one law: they differ in their start only. */
static bool alike(const ph_point_t *a, const ph_point_t *b)
{
    return a->noise == b->noise && a->neurons == b->neurons && a->patterns == b->patterns &&
           a->dilution[0] == b->dilution[0] && a->dilution[1] == b->dilution[1] &&
           a->normalization == b->normalization && ph_flow_law(a) == ph_flow_law(b) &&
           a->burn_in == b->burn_in && a->record_every == b->record_every;
}

static int find(portrait_t *self, const ph_figure_job_t *job, ph_report_t *report)
{
    const ph_grid_t *grid = job->selection->grid;
    *self = (portrait_t){.grid = grid, .run = job->source->run};
    if (!grid->trajectory)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "%s holds no trajectories (record.trajectory: false)",
                       job->source->run->base.path);
    for (size_t i = 0; i < grid->points_count; i++) {
        const ph_point_t *point = &grid->points[i];
        if (!ph_selection_holds(job->selection, i))
            continue;
        if (point->patterns != PATTERNS || ph_rule_learns(point->rule) || ph_grid_is_given(grid))
            return ph_fail(report, PH_ERR_UNSUPPORTED,
                           "figure 'portrait' is of two drawn patterns in rule storage");
        if (!ph_flow_known(point))
            return ph_fail(report, PH_ERR_UNSUPPORTED, "figure 'portrait' is of a flow: %s",
                           ph_flow_missing(point));
        if (self->count > 0 && !alike(point, self->point))
            return ph_fail(report, PH_ERR_INPUT,
                           "figure 'portrait' is of one network at one noise, from one start or "
                           "several; choose by --point key=value,...");
        if (self->count == POINTS_MAX)
            return ph_fail(report, PH_ERR_UNSUPPORTED, "figure 'portrait' has at most %d starts",
                           POINTS_MAX);
        self->points[self->count++] = i;
        self->point = &grid->points[self->points[0]];
    }
    return PH_OK;
}

static int check(const ph_figure_job_t *job, ph_report_t *report)
{
    portrait_t portrait;
    return find(&portrait, job, report);
}

/* The quarter of positive magnetizations where chains stay there, else all. */
static void choose_window(portrait_t *self)
{
    static const double QUARTER = -0.12;
    self->low = self->low > QUARTER ? QUARTER * high(self) : -high(self);
}

static int draw(ph_figure_job_t *job, const ph_figure_t *layout, ph_figures_t *drawn,
                ph_report_t *report)
{
    static const ph_figure_files_t FILES = {"portrait", "portrait.gp", write_data, write_script};
    ph_figure_t figure = *layout;
    portrait_t found;
    int status = find(&found, job, report);
    if (status != PH_OK)
        return status;
    found.law = ph_flow_law(found.point);
    for (size_t mu = 0; mu < PATTERNS; mu++)
        found.filled[mu] = 1.0 - found.point->dilution[mu];
    status = ph_flow_problem_init(&found.problem, found.point, found.grid->average);
    if (status != PH_OK)
        return ph_fail(report, status, "no flow for a portrait: %s", ph_status_text(status));
    status = write_chains(&found, NULL, report);
    choose_window(&found);
    figure.patterns = PATTERNS;
    found.figure = &figure;
    if (status == PH_OK)
        status = ph_figure_write(&figure, &FILES, &found, drawn, report);
    ph_flow_problem_free(&found.problem);
    return status;
}

const ph_figure_kind_t PH_FIGURE_ROW_PORTRAIT = {
    .word = "portrait",
    .help = "of a run, two patterns: chains, flow and basins over m_1, m_2",
    .of = PH_FIGURE_OF_RUN,
    .on_demand = true,
    .check = check,
    .draw = draw,
};
