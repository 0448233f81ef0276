/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/estimate/sampleread.h"
#include "analysis/figure/file.h"
#include "analysis/figure/kind.h"
#include "analysis/figure/script.h"
#include "analysis/flow/classes.h"

/* Of one sample, [records][patterns]: mean over its chains, its first chain, its flow, and the
 * variance of a chain. */
typedef struct {
    const ph_figure_t *figure;
    const ph_grid_t *grid;
    const ph_point_t *point;
    size_t number, records, patterns, drawn;
    uint64_t *time;
    double *mean, *chain, *flow, *variance;
} trajectory_t;

static void trajectory_free(trajectory_t *self)
{
    free(self->time);
    free(self->mean);
    free(self->chain);
    free(self->flow);
    free(self->variance);
}

static int trajectory_init(trajectory_t *self, const ph_grid_t *grid, size_t number)
{
    const ph_point_t *point = &grid->points[number];
    const size_t records = (size_t)ph_point_records_least(point),
                 patterns = (size_t)point->patterns;
    *self = (trajectory_t){.grid = grid,
                           .point = point,
                           .number = number,
                           .records = records,
                           .patterns = patterns,
                           .drawn = patterns < PH_FIGURE_PATTERNS ? patterns : PH_FIGURE_PATTERNS};
    self->time = malloc(records * sizeof(*self->time));
    self->mean = calloc(records * patterns, sizeof(double));
    self->chain = calloc(records * patterns, sizeof(double));
    self->flow = calloc(records * patterns, sizeof(double));
    self->variance = calloc(records * patterns, sizeof(double));
    if (self->time == NULL || self->mean == NULL || self->chain == NULL || self->flow == NULL ||
        self->variance == NULL)
        return PH_ERR_MEMORY;
    for (size_t k = 0; k < records; k++)
        self->time[k] = (uint64_t)point->burn_in + k * (uint64_t)point->record_every;
    return PH_OK;
}

static int add_chains(trajectory_t *self, ph_runfile_t *run, uint32_t sample, ph_report_t *report)
{
    ph_segment_t segment;
    int status = ph_sample_read(run, self->number, sample, 0, &segment, NULL, report);
    if (status != PH_OK)
        return status;
    const size_t width = (size_t)segment.components, chains = segment.replicas;
    const size_t offset =
        ph_observable_offset(PH_OBS_MAGNETIZATION, self->grid, self->point->patterns);
    for (size_t r = 0; r < self->records; r++)
        for (size_t mu = 0; mu < self->patterns; mu++) {
            const size_t i = r * self->patterns + mu;
            double sum = 0.0;
            for (size_t c = 0; c < chains; c++)
                sum += r < segment.records
                           ? segment.series[(c * (size_t)segment.records + r) * width + offset + mu]
                           : (double)NAN;
            self->mean[i] += sum / (double)chains;
            if (sample == 0)
                self->chain[i] =
                    r < segment.records ? segment.series[r * width + offset + mu] : (double)NAN;
        }
    ph_segment_free(&segment);
    return PH_OK;
}

/* Adds path[records][size], whose last K columns are magnetizations; NULL: there is none. */
static void add_rows(const trajectory_t *self, double *to, const double *path, size_t size,
                     double scale)
{
    for (size_t r = 0; r < self->records; r++)
        for (size_t mu = 0; mu < self->patterns; mu++)
            to[r * self->patterns + mu] +=
                path == NULL ? (double)NAN : scale * path[r * size + (size - self->patterns) + mu];
}

static int add_flow(trajectory_t *self, ph_flow_classes_t *net)
{
    const size_t size = net->classes.size;
    const ph_flow_law_t law = ph_flow_law(self->point);
    ph_flow_noise_t noise = {0};
    ph_flow_end_t end;
    double *path = malloc(self->records * size * sizeof(*path));
    int status = path == NULL
                     ? PH_ERR_MEMORY
                     : ph_flow_classes_path(net, law, self->records, self->time, path, &end);
    if (status == PH_OK) {
        add_rows(self, self->flow, path, size, 1.0);
        status = ph_flow_noise_solve(&noise, &net->classes, law, net->noise, self->records,
                                     self->time, NULL);
        if (status == PH_OK)
            for (size_t a = size * ph_flow_noise_small(&noise, size - self->patterns,
                                                       (double)self->point->neurons);
                 a < size * self->records; a++)
                noise.chain[a] = (double)NAN;
        add_rows(self, self->variance, status == PH_OK ? noise.chain : NULL, size,
                 1.0 / (double)self->point->neurons);
        status = status == PH_ERR_MEMORY ? status : PH_OK;
    }
    ph_flow_noise_free(&noise);
    free(path);
    return status;
}

static int add_sample(trajectory_t *self, ph_runfile_t *run, uint32_t sample, ph_report_t *report)
{
    ph_flow_classes_t net = {0};
    int status = add_chains(self, run, sample, report);
    if (status != PH_OK)
        return status;
    if (!ph_flow_known(self->point)) {
        add_rows(self, self->flow, NULL, self->patterns, 1.0);
        add_rows(self, self->variance, NULL, self->patterns, 1.0);
        return PH_OK;
    }
    status = ph_flow_classes_draw(&net, self->point, self->grid->seed, sample);
    if (status == PH_OK)
        status = add_flow(self, &net);
    ph_flow_classes_free(&net);
    return status == PH_OK ? status
                           : ph_fail(report, status, "the flow of point %zu failed: %s",
                                     self->number, ph_status_text(status));
}

/* NaN where there is no band: it ends where chains may part. */
static double width_at(const trajectory_t *self, size_t i)
{
    return sqrt(self->variance[i]);
}

static int write_data(void *context, FILE *file, ph_report_t *report)
{
    const trajectory_t *self = context;
    (void)report;
    for (size_t mu = 0; mu < self->drawn; mu++) {
        fprintf(file, "# pattern %zu: sweep mean chain flow low high\n", mu + 1);
        for (size_t r = 0; r < self->records; r++) {
            const size_t i = r * self->patterns + mu;
            const double width = width_at(self, i);
            const double row[] = {self->mean[i], self->chain[i], self->flow[i],
                                  self->flow[i] - width, self->flow[i] + width};
            fprintf(file, "%llu", (unsigned long long)self->time[r]);
            for (size_t c = 0; c < sizeof(row) / sizeof(row[0]); c++)
                ph_figure_number(file, 10, row[c]);
            fputc('\n', file);
        }
        fputs("\n\n", file);
    }
    return PH_OK;
}

static void write_script(void *context, FILE *script)
{
    const trajectory_t *self = context;
    double low = 0.0, high = 0.0;
    bool flow = false, band = false;
    char text[64];
    for (size_t i = 0; i < self->records * self->patterns; i++) {
        low = fmin(low, fmin(self->mean[i], self->chain[i]));
        high = fmax(high, fmax(self->mean[i], self->chain[i]));
        flow = flow || !isnan(self->flow[i]);
        band = band || !isnan(width_at(self, i));
    }
    const double room = 0.06 * fmax(high - low, 1e-3);
    fprintf(script, "flow = %d\nband = %d\nx_min = %llu\nx_max = %llu\n", flow, band,
            (unsigned long long)self->time[0], (unsigned long long)self->time[self->records - 1]);
    fprintf(script, "y_min = %.6g\ny_max = %.6g\n", low - room, high + room);
    ph_script_text(script, self->figure, "x_label", "time (sweeps)");
    snprintf(text, sizeof(text), "magnetization %s", ph_script_magnetization(self->figure));
    ph_script_text(script, self->figure, "y_label", text);
}

static int check(const ph_figure_job_t *job, ph_report_t *report)
{
    size_t point = 0;
    if (!job->selection->grid->trajectory)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "%s holds no trajectories (record.trajectory: false)",
                       job->source->run->base.path);
    int status = ph_selection_point(job->selection, false, &point, report);
    if (status == PH_OK && ph_point_records_least(&job->selection->grid->points[point]) < 2)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "%s: a trajectory of one record cannot be drawn (dynamics.record_every is "
                       "above dynamics.sweeps)",
                       job->source->run->base.path);
    return status;
}

static int draw(ph_figure_job_t *job, const ph_figure_t *layout, ph_figures_t *drawn,
                ph_report_t *report)
{
    static const ph_figure_files_t FILES = {"trajectory", "trajectory.gp", write_data,
                                            write_script};
    const ph_grid_t *grid = layout->grid;
    ph_figure_t figure = *layout;
    trajectory_t found = {0};
    char text[PH_FIGURE_TEXT / 2];
    size_t point = 0;
    int status = ph_selection_point(job->selection, false, &point, report);
    if (status == PH_OK)
        status = trajectory_init(&found, grid, point);
    if (status == PH_OK)
        status = add_sample(&found, job->source->run, 0, report);
    if (status == PH_OK) {
        figure.patterns = found.drawn;
        found.figure = &figure;
        ph_grid_point_text(grid, point, text, sizeof(text));
        snprintf(figure.title, sizeof(figure.title), "%.200s%s%s%ssample 1", grid->title,
                 grid->title[0] != '\0' ? "; " : "", text, text[0] != '\0' ? ", " : "");
        status = ph_figure_write(&figure, &FILES, &found, drawn, report);
    }
    if (status == PH_ERR_MEMORY)
        ph_fail(report, status, "no memory for the trajectories of a point");
    trajectory_free(&found);
    return status;
}

const ph_figure_kind_t PH_FIGURE_ROW_TRAJECTORY = {
    .word = "trajectory",
    .help = "of one point of a run: chains in time over their flow",
    .of = PH_FIGURE_OF_RUN,
    .on_demand = true,
    .check = check,
    .draw = draw,
};
