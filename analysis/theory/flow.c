/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/flow/classes.h"
#include "analysis/flow/problem.h"
#include "analysis/theory/kinds_private.h"

enum {
    PATH,
    DEVIATION,
    BIAS,
    LOSS,
    REASON,
    PATH_SAMPLE,
    DEVIATION_SAMPLE,
    BIAS_SAMPLE,
    LOSS_SAMPLE,
    REASON_SAMPLE,
    COUNT
};

static const ph_theory_dataset_t DATASETS[COUNT] = {
    {.name = "flow_magnetization",
     .long_name = "magnetizations along the flow from the grid's start, infinite network",
     .unit = "1",
     .dims_count = 2,
     .dims = {"record", "pattern"}},
    {.name = "flow_deviation",
     .long_name = "standard deviation of one chain about its mean at the grid's number of neurons",
     .unit = "1",
     .dims_count = 2,
     .dims = {"record", "pattern"}},
    {.name = "flow_bias",
     .long_name = "mean over chains minus flow, to first order in 1/neurons",
     .unit = "1",
     .dims_count = 2,
     .dims = {"record", "pattern"}},
    {.name = "flow_loss",
     .long_name = "losses along the flow, infinite network",
     .unit = "1",
     .dims_count = 3,
     .dims = {"record", "pattern", "sign"},
     .loss = true},
    {.name = "flow_reason",
     .long_name = "why flow_deviation and flow_bias are or are not there",
     .unit = "1",
     .dims_count = 1,
     .dims = {"record"},
     .flag = true,
     .codes = "given absent no_band not_small",
     .nothing = 1,
     .later = true},
    {.name = "flow_magnetization_sample",
     .long_name = "magnetizations along the flow of each sample",
     .unit = "1",
     .dims_count = 3,
     .dims = {"sample", "record", "pattern"}},
    {.name = "flow_deviation_sample",
     .long_name = "standard deviation of one chain about its mean, for each sample",
     .unit = "1",
     .dims_count = 3,
     .dims = {"sample", "record", "pattern"}},
    {.name = "flow_bias_sample",
     .long_name = "mean over chains minus flow, to first order in 1/neurons, for each sample",
     .unit = "1",
     .dims_count = 3,
     .dims = {"sample", "record", "pattern"}},
    {.name = "flow_loss_sample",
     .long_name = "losses along the flow of each sample",
     .unit = "1",
     .dims_count = 4,
     .dims = {"sample", "record", "pattern", "sign"},
     .loss = true},
    {.name = "flow_reason_sample",
     .long_name = "why flow_deviation_sample and flow_bias_sample are or are not there",
     .unit = "1",
     .dims_count = 2,
     .dims = {"sample", "record"},
     .flag = true,
     .codes = "given absent no_band not_small",
     .nothing = 1,
     .later = true},
};

/* What became of deviation and bias at a record; words of the datasets' codes. */
enum { GIVEN, ABSENT, NO_BAND, NOT_SMALL };

/* Where the flow of one network goes: dataset PATH and the four after it, or their samples'. */
typedef struct {
    ph_theory_task_t *task;
    size_t first, sample;
    size_t times;
    uint64_t *time; /* [times], in sweeps from the start */
} records_t;

static size_t place(const records_t *self, size_t record, size_t mu)
{
    const ph_grid_t *grid = self->task->grid;
    return (self->sample * (size_t)grid->records_max + record) * (size_t)grid->patterns_max + mu;
}

/* Path [times][size] and losses; at[mu]: which of the overlaps is the magnetization of mu. */
static void add_path(const records_t *self, const double *path, size_t size,
                     const ph_flow_end_t *end, const size_t *at, const double *shown)
{
    ph_theory_task_t *task = self->task;
    double *const *out = task->out + self->first;
    for (size_t k = 0; k < self->times; k++)
        for (size_t mu = 0; mu < (size_t)task->point->patterns; mu++) {
            const double value = path[k * size + at[mu]], mean = 0.5 * (1.0 + shown[mu]);
            out[PATH][place(self, k, mu)] = value;
            if (out[LOSS] == NULL)
                continue;
            out[LOSS][2 * place(self, k, mu)] = mean - value;
            out[LOSS][2 * place(self, k, mu) + 1] = mean + value;
        }
    if (!end->complete)
        task->trouble =
            "the flow was stopped, at 10^5 sweeps, or 10^7 evaluations, or 10^9 updates";
}

static void add_band(const records_t *self, const ph_flow_classes_t *net,
                     const ph_flow_noise_t *found)
{
    const ph_theory_task_t *task = self->task;
    double *const *out = task->out + self->first;
    const double neurons = (double)task->point->neurons;
    const size_t size = net->classes.size, m = size - net->patterns,
                 record = self->sample * (size_t)task->grid->records_max,
                 given = ph_flow_noise_small(found, m, neurons);
    for (size_t k = 0; k < self->times; k++) {
        const bool there = !isnan(found->chain[k * size + m]);
        out[REASON][record + k] = k < given ? GIVEN : there ? NOT_SMALL : NO_BAND;
        for (size_t mu = 0; mu < net->patterns && k < given; mu++) {
            const size_t at = k * size + m + mu;
            out[DEVIATION][place(self, k, mu)] = sqrt(found->chain[at] / neurons);
            out[BIAS][place(self, k, mu)] = found->bias[at] / neurons;
        }
    }
}

static int add_noise(const records_t *self, const ph_flow_classes_t *net)
{
    const ph_theory_task_t *task = self->task;
    double *reason =
        task->out[self->first + REASON] + self->sample * (size_t)task->grid->records_max;
    const ph_flow_law_t law = ph_flow_law(task->point);
    ph_flow_noise_t found;
    const int status =
        ph_flow_noise_solve(&found, &net->classes, law, net->noise, self->times, self->time, NULL);
    for (size_t k = 0; k < self->times && status == PH_ERR_NUMERIC; k++)
        reason[k] = NO_BAND;
    if (status != PH_OK) /* beyond its work there is none */
        return status == PH_ERR_NUMERIC || status == PH_ERR_LIMIT ? PH_OK : status;
    add_band(self, net, &found);
    ph_flow_noise_free(&found);
    return PH_OK;
}

static int add_population_noise(const records_t *self)
{
    const ph_point_t *point = self->task->point;
    const double rows = 0.5 * pow(3.0, (double)point->patterns) + 1.0;
    ph_flow_classes_t net;
    if (ph_rule_learns(point->rule) || rows > 1e6)
        return PH_OK;
    const size_t patterns = (size_t)point->patterns;
    const ph_flow_cost_t cost = {ph_flow_law(point), (size_t)rows, patterns, patterns};
    if (!ph_flow_noise_affordable(&cost, self->time[self->times - 1], PH_FLOW_NOISE_WORK))
        return PH_OK;
    int status = ph_flow_classes_population(&net, point);
    if (status == PH_OK)
        status = add_noise(self, &net);
    ph_flow_classes_free(&net);
    return status;
}

static int solve_population(const records_t *self, size_t *at, double *shown)
{
    const ph_point_t *point = self->task->point;
    ph_flow_problem_t problem;
    ph_flow_end_t end;
    double *path = NULL;
    int status = ph_flow_problem_init(&problem, point, self->task->grid->average);
    for (size_t mu = 0; mu < (size_t)point->patterns && status == PH_OK; mu++) {
        at[mu] = ph_flow_problem_place(&problem, mu);
        shown[mu] = 1.0 - point->dilution[mu];
    }
    if (status == PH_OK) {
        self->task->doubtful = problem.meanfield.doubtful;
        path = malloc(self->times * problem.system.size * sizeof(*path));
        status = path == NULL ? PH_ERR_MEMORY
                              : ph_flow_solve(&problem.system, ph_flow_law(point), problem.start,
                                              self->times, self->time, path, &end, NULL);
    }
    if (status == PH_OK)
        add_path(self, path, problem.system.size, &end, at, shown);
    free(path);
    ph_flow_problem_free(&problem);
    if (status == PH_ERR_NUMERIC) { /* samples may still have theirs */
        self->task->trouble = "the flow could not be integrated";
        return PH_OK;
    }
    return status == PH_OK ? add_population_noise(self) : status;
}

static int solve_sample(const records_t *self, size_t *at)
{
    const ph_theory_task_t *task = self->task;
    ph_flow_classes_t net = {0};
    ph_flow_end_t end;
    double *path = NULL;
    int status = ph_flow_classes_draw(&net, task->point, task->grid->seed, (uint32_t)self->sample);
    if (status == PH_OK) {
        path = malloc(self->times * net.classes.size * sizeof(*path));
        status = path == NULL ? PH_ERR_MEMORY
                              : ph_flow_classes_path(&net, ph_flow_law(task->point), self->times,
                                                     self->time, path, &end);
    }
    for (size_t mu = 0; mu < net.patterns; mu++)
        at[mu] = net.classes.size - net.patterns + mu;
    if (status == PH_OK)
        add_path(self, path, net.classes.size, &end, at, net.not_blank);
    if (status == PH_OK)
        status = add_noise(self, &net);
    ph_flow_classes_free(&net);
    free(path);
    return status;
}

static int solve(ph_theory_task_t *task)
{
    const ph_point_t *point = task->point;
    const size_t patterns = (size_t)point->patterns;
    task->trouble = ph_flow_missing(point);
    if (task->trouble != NULL)
        return PH_ERR_UNSUPPORTED;
    records_t records = {task, PATH, 0, (size_t)ph_point_records_least(point), NULL};
    records.time = malloc(records.times * sizeof(*records.time));
    size_t *at = malloc(patterns * sizeof(*at));
    double *shown = malloc(patterns * sizeof(*shown));
    int status = records.time == NULL || at == NULL || shown == NULL ? PH_ERR_MEMORY : PH_OK;
    for (size_t k = 0; k < records.times && status == PH_OK; k++)
        records.time[k] = (uint64_t)point->burn_in + k * (uint64_t)point->record_every;
    if (status == PH_OK && !ph_point_is_given(point))
        status = solve_population(&records, at, shown);
    records.first = PATH_SAMPLE;
    for (size_t s = 0; s < task->samples && (status == PH_OK || status == PH_ERR_UNSUPPORTED);
         s++) {
        records.sample = s;
        const int found = solve_sample(&records, at);
        if (found == PH_ERR_LIMIT)
            task->samples_left_out = true;
        else if (found == PH_ERR_NUMERIC)
            task->trouble = "the flow of a sample could not be integrated";
        else if (found != PH_OK)
            status = found;
    }
    free(records.time);
    free(at);
    free(shown);
    return status;
}

const ph_theory_solver_t PH_THEORY_SOLVER_FLOW = {
    .help = "magnetizations in time from the grid's start, at the times of the records",
    .limits = "samplers whose mean follows a flow (not metropolis or replica-exchange; descent "
              "of stored patterns), "
              "starts but file, and up to 12 patterns that the start "
              "tells apart (a list of patterns in it leaves the others alike)",
    .sample_limits = "at most 32765 features and patterns",
    .count = COUNT,
    .datasets = DATASETS,
    .solve = solve,
};
