/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/path.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/crossing_private.h"
#include "analysis/compare/deviate_private.h"
#include "analysis/compare/onestep_private.h"
#include "analysis/compare/parted_private.h"
#include "analysis/compare/path_private.h"
#include "analysis/compare/points.h"
#include "analysis/estimate/sampleread.h"
#include "analysis/flow/classes.h"
#include "analysis/flow/problem.h"
#include "analysis/meanfield/columns.h"
#include "analysis/meanfield/meanfield.h"
#include "base/floating.h"

static const double LARGE_DEVIATION = 0.1;
static const double ROUNDING = 1e-7; /* of magnetizations stored as float32 */
static const double TRANSIENT_COST =
    2e6;                                 /* neurons x features of a sample whose flow is followed */
static const double POINT_WORK = 2e10;   /* of the noise of all samples: about ten seconds */
static const double CROSSING_COST = 3e9; /* of the draws of all samples, about a second */
static const double SIGHT = 6.0,
                    SIGHT_ALONE = 4.5;    /* standard deviations to a boundary: 10^-9, 10^-5 */
static const size_t CROSSING_DRAWS = 256; /* of a sample */
static const uint64_t AFTER = 2000;       /* sweeps after which its flow counts as ended */

static const char *const REASONS[PH_PATH_REASONS] = {
    "",
    "not recorded from the start",
    "no flow with a band for this dynamics",
    "chains not finished",
    "too much work to follow the noise (kinds of neurons, overlaps, sweeps)",
    "fluctuations beyond linear noise",
    "no record beyond the start, or none with noise",
};

const ph_path_row_t PH_PATH_ROW_NONE = {.mc = NAN,
                                        .error = NAN,
                                        .flow = NAN,
                                        .deviation = NAN,
                                        .allowance = NAN,
                                        .verdict = PH_VERDICT_UNDECIDED,
                                        .step_mc = NAN,
                                        .step_population = NAN,
                                        .step_error = NAN,
                                        .step_allowance = NAN,
                                        .step_deviate = NAN};

const char *ph_path_reason_text(ph_path_reason_t reason)
{
    return REASONS[reason];
}

bool ph_path_has_step(const ph_grid_t *grid, const ph_point_t *point)
{
    return grid->trajectory && point->burn_in == 0 && point->record_every == 1 &&
           point->noise == 0.0 && point->schedule_sweeps == 0 && point->before == NULL &&
           ph_flow_law(point) == PH_FLOW_PARALLEL && point->start != PH_START_FILE;
}

/* Sums over the samples of one point, by record and pattern. */
typedef struct {
    const ph_grid_t *grid;
    const ph_point_t *point;
    size_t records, patterns;
    uint64_t *time;
    double *mc, *flow, *variance; /* [records][patterns] */
    double *allowance;            /* [records]: what the bias of any pattern leaves open */
    size_t *chains;               /* [records]: of all samples, over which means are taken */
    bool *small;                  /* [records]: fluctuations are, in every sample */
} accumulator_t;

static void accumulator_free(accumulator_t *self)
{
    free(self->time);
    free(self->mc);
    free(self->flow);
    free(self->variance);
    free(self->allowance);
    free(self->chains);
    free(self->small);
}

static int accumulator_init(accumulator_t *self, const ph_grid_t *grid, const ph_point_t *point)
{
    const size_t records = (size_t)ph_point_records_least(point),
                 patterns = (size_t)point->patterns;
    *self = (accumulator_t){.grid = grid, .point = point, .records = records, .patterns = patterns};
    self->time = malloc(records * sizeof(*self->time));
    self->mc = calloc(records * patterns, sizeof(double));
    self->flow = calloc(records * patterns, sizeof(double));
    self->variance = calloc(records * patterns, sizeof(double));
    self->allowance = calloc(records, sizeof(*self->allowance));
    self->chains = calloc(records, sizeof(*self->chains));
    self->small = malloc(records * sizeof(*self->small));
    if (self->time == NULL || self->mc == NULL || self->flow == NULL || self->variance == NULL ||
        self->allowance == NULL || self->chains == NULL || self->small == NULL)
        return PH_ERR_MEMORY;
    for (size_t k = 0; k < records; k++) {
        self->chains[k] = (size_t)(grid->samples * grid->replicas);
        self->time[k] = k * (uint64_t)point->record_every;
        self->small[k] = true;
    }
    return PH_OK;
}

/* Chains over which the mean is taken, as pairs of lanes that share their sites: the share of
 * Cov(lane, lane') in N Var(mean over the sample's chains). */
static double shared_weight(const accumulator_t *self)
{
    const int64_t chains = self->grid->replicas, lanes = self->grid->lanes;
    double pairs = 0.0;
    for (int64_t first = 0; first < chains; first += lanes) {
        const int64_t here = chains - first < lanes ? chains - first : lanes;
        pairs += (double)here * (double)(here - 1);
    }
    return pairs / ((double)chains * (double)chains);
}

bool ph_path_is_small(double chain, double bias, double neurons)
{
    return sqrt(chain / neurons) <= LARGE_DEVIATION &&
           fabs(bias) / neurons <= PH_COMPARE_CORRECTION / sqrt(neurons);
}

void ph_path_allow(const double *bias, size_t patterns, double neurons, double *allowance)
{
    for (size_t mu = 0; mu < patterns; mu++)
        *allowance = fmax(*allowance, PH_CORRECTION_NEXT * fabs(bias[mu]) / neurons);
}

/* Mean, flow and variance of one sample at every record; its chains part from record `crossing`. */
static void add_sample(accumulator_t *self, const ph_segment_t *segment,
                       const ph_flow_noise_t *noise, size_t crossing)
{
    const size_t k = self->patterns, chains = segment->replicas, size = noise->size;
    const size_t width = (size_t)segment->components;
    const size_t offset =
        ph_observable_offset(PH_OBS_MAGNETIZATION, self->grid, self->point->patterns);
    const double samples = (double)self->grid->samples, neurons = (double)self->point->neurons;
    const double shared = shared_weight(self);
    double allowance = 0.0;
    for (size_t r = 0; r < self->records; r++) {
        if (!(noise->bend[r] <= sqrt(neurons)) || r >= crossing)
            self->small[r] = false;
        ph_path_allow(noise->bias + r * size + (size - k), k, neurons, &allowance);
        self->allowance[r] += allowance / samples;
        for (size_t mu = 0; mu < k; mu++) {
            const size_t at = r * size + (size - k) + mu, i = r * k + mu;
            double sum = 0.0;
            for (size_t c = 0; c < chains; c++)
                sum += segment->series[(c * (size_t)segment->records + r) * width + offset + mu];
            const double variance =
                (noise->chain[at] / (double)chains + shared * noise->shared[at]) / neurons;
            self->mc[i] += sum / ((double)chains * samples);
            self->flow[i] += (noise->mean[at] + noise->bias[at] / neurons) / samples;
            self->variance[i] += fmax(variance, 0.0) / (samples * samples);
            if (!ph_path_is_small(noise->chain[at], noise->bias[at], neurons))
                self->small[r] = false;
        }
    }
    for (size_t r = 1; r < self->records; r++) /* chains have parted, whatever the noise is later */
        self->small[r] = self->small[r] && self->small[r - 1];
}

/* In sequential order every neuron is followed. */
static size_t crossing_draws(ph_flow_law_t law)
{
    return law == PH_FLOW_SEQUENTIAL ? CROSSING_DRAWS / 5 : CROSSING_DRAWS;
}

/* One sample of a point: PH_ERR_LIMIT where its noise is not affordable. */
static int compare_sample(accumulator_t *self, ph_runfile_t *run, size_t number, uint32_t sample,
                          ph_report_t *report)
{
    ph_flow_classes_t net = {0};
    ph_flow_noise_t noise = {0};
    ph_segment_t segment = {0};
    size_t crossing;
    const double samples = (double)self->grid->samples;
    int status = ph_flow_classes_draw(&net, self->point, self->grid->seed, sample);
    if (status == PH_OK)
        status = ph_flow_noise_solve_within(&noise, &net.classes, ph_flow_law(self->point),
                                            net.noise, self->records, self->time,
                                            fmin(PH_FLOW_NOISE_WORK, POINT_WORK / samples), NULL);
    if (status == PH_OK)
        status = ph_crossing_first(self->point, &net, &net.classes, &noise, self->time,
                                   ph_parted_known(self->grid, self->point) ? SIGHT : SIGHT_ALONE,
                                   crossing_draws(ph_flow_law(self->point)),
                                   CROSSING_COST / samples, &crossing);
    if (status == PH_OK) {
        status = ph_sample_read(run, number, sample, 0, &segment, NULL, report);
        if (status == PH_OK)
            add_sample(self, &segment, &noise, crossing);
        ph_segment_free(&segment);
    }
    ph_flow_noise_free(&noise);
    ph_flow_classes_free(&net);
    return status;
}

static ph_path_reason_t readable(const ph_runfile_t *run, size_t number)
{
    const ph_grid_t *grid = run->base.grid;
    const ph_point_t *point = &grid->points[number];
    if (!grid->trajectory || point->burn_in > 0)
        return PH_PATH_LATE;
    for (uint32_t s = 0; s < (uint32_t)grid->samples; s++)
        for (uint32_t r = 0; r < (uint32_t)grid->replicas; r++)
            if (ph_runfile_sweeps_done(run, number, s, r) < point->sweeps)
                return PH_PATH_INCOMPLETE;
    return ph_flow_known(point) ? PH_PATH_COMPARED : PH_PATH_DYNAMICS;
}

static void fill_row(ph_path_row_t *row, const accumulator_t *accumulator, size_t mu)
{
    bool escaped = false;
    row->deviation = -1.0;
    for (size_t r = 0; r < accumulator->records; r++) {
        const size_t i = r * accumulator->patterns + mu;
        /* the start, and what has no noise, hold nothing that the dynamics could fail */
        if (accumulator->time[r] == 0 ||
            (accumulator->small[r] && !(accumulator->variance[i] > 0.0)))
            continue;
        escaped = escaped || !accumulator->small[r];
        if (!accumulator->small[r])
            continue;
        const double error = sqrt(accumulator->variance[i]);
        const double allowance = accumulator->allowance[r] + ROUNDING;
        const double excess =
            fmax(fabs(accumulator->mc[i] - accumulator->flow[i]) - allowance, 0.0);
        const double quantum =
            2.0 / ((double)accumulator->point->neurons * (double)accumulator->chains[r]);
        const double deviation = ph_normal_deviate(excess, error, INFINITY, quantum);
        row->records++;
        if (deviation <= row->deviation)
            continue;
        row->deviation = deviation;
        row->sweep = accumulator->time[r];
        row->mc = accumulator->mc[i];
        row->flow = accumulator->flow[i];
        row->error = error;
        row->allowance = allowance;
    }
    if (row->records == 0)
        row->reason = escaped ? PH_PATH_ESCAPE : PH_PATH_START;
}

/* Chains that part are followed one by one, where that can be done: the averages of those that
 * linear noise describes, where they are not too few, in place of those of all. */
static int follow_parted(accumulator_t *self, ph_runfile_t *run, size_t number, ph_report_t *report)
{
    ph_parted_t parted;
    if (!ph_parted_known(self->grid, self->point))
        return PH_OK;
    int status = ph_parted_init(&parted, self->grid, self->point, self->records, self->time);
    for (uint32_t s = 0; status == PH_OK && s < (uint32_t)self->grid->samples; s++) {
        ph_segment_t segment;
        status = ph_sample_read(run, number, s, 0, &segment, NULL, report);
        if (status != PH_OK)
            break;
        status = ph_parted_add(&parted, &segment, s);
        ph_segment_free(&segment);
    }
    for (size_t r = 0; status == PH_OK && r < self->records; r++) {
        const double count = (double)parted.count[r];
        if (parted.count[r] < PH_COMPARE_CHAINS)
            continue;
        self->small[r] = true;
        self->chains[r] = parted.count[r];
        self->allowance[r] = parted.allowance[r] / count;
        for (size_t i = r * self->patterns; i < (r + 1) * self->patterns; i++) {
            self->mc[i] = parted.mc[i] / count;
            self->flow[i] = parted.flow[i] / count;
            self->variance[i] = parted.variance[i] / (count * count);
        }
    }
    ph_parted_free(&parted);
    return status;
}

/* Whether linear noise describes all chains in every record. */
static bool all_small(const accumulator_t *self)
{
    bool all = true;
    for (size_t r = 0; r < self->records; r++)
        all = all && self->small[r];
    return all;
}

static int compare_point(ph_path_row_t *rows, ph_split_row_t *split, ph_runfile_t *run,
                         size_t number, const ph_theory_t *infinite, ph_report_t *report)
{
    const ph_grid_t *grid = run->base.grid;
    const ph_point_t *point = &grid->points[number];
    const size_t patterns = (size_t)point->patterns;
    accumulator_t accumulator = {0};
    ph_path_reason_t reason = readable(run, number);
    const bool step =
        (reason == PH_PATH_COMPARED || reason == PH_PATH_DYNAMICS) && ph_path_has_step(grid, point);
    if (step && ph_point_records_least(point) == 2) /* all that there is */
        reason = PH_PATH_START;
    int status = reason == PH_PATH_COMPARED ? accumulator_init(&accumulator, grid, point) : PH_OK;
    for (uint32_t s = 0;
         reason == PH_PATH_COMPARED && s < (uint32_t)grid->samples && status == PH_OK; s++)
        status = compare_sample(&accumulator, run, number, s, report);
    bool parted = status == PH_ERR_LIMIT || status == PH_ERR_NUMERIC;
    if (reason == PH_PATH_COMPARED && status == PH_OK && !all_small(&accumulator)) {
        parted = true;
        status = follow_parted(&accumulator, run, number, report);
    }
    if (status == PH_ERR_LIMIT) {
        reason = PH_PATH_LARGE;
        status = PH_OK;
    } else if (status == PH_ERR_NUMERIC) {
        reason = PH_PATH_ESCAPE;
        status = PH_OK;
    }
    *split = (ph_split_row_t){
        .point = number, .verdict = PH_VERDICT_UNDECIDED, .reason = PH_SPLIT_WHOLE};
    if (status == PH_OK && parted)
        status = ph_split_point(split, run, number, report);
    for (size_t mu = 0; mu < patterns && status == PH_OK; mu++) {
        rows[mu] = PH_PATH_ROW_NONE;
        rows[mu].point = number;
        rows[mu].pattern = (int64_t)mu;
        rows[mu].reason = reason;
        if (reason == PH_PATH_COMPARED)
            fill_row(&rows[mu], &accumulator, mu);
    }
    if (status == PH_OK && step)
        status = ph_onestep_point(rows, run, number, infinite, report);
    accumulator_free(&accumulator);
    return status;
}

void ph_path_comparison_conclude(ph_path_comparison_t *self)
{
    PH_FLOATING_GUARD();
    for (size_t i = 0; i < self->rows_count; i++)
        self->comparisons += self->rows[i].records + (isnan(self->rows[i].step_deviate) ? 0 : 1);
    for (size_t p = 0; p < self->points; p++)
        self->comparisons += self->splits[p].comparisons;
    const double tests = fmax(1.0, (double)self->comparisons);
    self->threshold =
        fmax(gsl_cdf_ugaussian_Qinv(0.5 * PH_COMPARE_FALSE_ALARM / tests), PH_COMPARE_ERRORS);
    self->verdict = self->comparisons > 0 ? PH_VERDICT_AGREE : PH_VERDICT_UNDECIDED;
    for (size_t i = 0; i < self->rows_count; i++) {
        ph_path_row_t *row = &self->rows[i];
        self->largest_step = fmax(self->largest_step, row->step_deviate);
        if (row->step_deviate > self->threshold)
            self->verdict = PH_VERDICT_DISAGREE;
        if (row->records == 0)
            continue;
        self->largest = fmax(self->largest, row->deviation);
        row->verdict = row->deviation > self->threshold ? PH_VERDICT_DISAGREE : PH_VERDICT_AGREE;
        if (row->verdict == PH_VERDICT_DISAGREE)
            self->verdict = PH_VERDICT_DISAGREE;
    }
    for (size_t p = 0; p < self->points; p++) {
        ph_split_row_t *row = &self->splits[p];
        if (row->comparisons == 0)
            continue;
        self->largest_split = fmax(self->largest_split, row->deviation);
        row->verdict = row->deviation > self->threshold ? PH_VERDICT_DISAGREE : PH_VERDICT_AGREE;
        if (row->verdict == PH_VERDICT_DISAGREE)
            self->verdict = PH_VERDICT_DISAGREE;
    }
}

/* Paths on their way: where each point's rows begin. */
typedef struct {
    ph_path_comparison_t *out;
    size_t *first;
    ph_runfile_t *run;
    const ph_theory_t *infinite;
} comparing_t;

static int compare_one(void *task, size_t point, ph_report_t *report)
{
    const comparing_t *self = task;
    return compare_point(self->out->rows + self->first[point], &self->out->splits[point], self->run,
                         point, self->infinite, report);
}

int ph_compare_paths(ph_path_comparison_t *self, ph_runfile_t *run, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = run->base.grid;
    memset(self, 0, sizeof(*self));
    comparing_t task = {.out = self, .run = run};
    task.first = calloc(grid->points_count, sizeof(*task.first));
    for (size_t p = 0; task.first != NULL && p < grid->points_count; p++) {
        task.first[p] = self->rows_count;
        self->rows_count += (size_t)grid->points[p].patterns;
    }
    self->points = grid->points_count;
    self->rows = calloc(self->rows_count, sizeof(*self->rows));
    self->splits = calloc(self->points, sizeof(*self->splits));
    ph_theory_t infinite;
    bool known = false;
    int status =
        task.first == NULL || self->rows == NULL || self->splits == NULL ? PH_ERR_MEMORY : PH_OK;
    if (status == PH_OK)
        status = ph_onestep_theory(&infinite, &known, grid, report);
    task.infinite = known ? &infinite : NULL;
    if (status == PH_OK)
        status = ph_compare_points(grid->points_count, ph_compare_sample_bytes(grid), compare_one,
                                   &task, report);
    free(task.first);
    if (known)
        ph_theory_free(&infinite);
    if (status == PH_OK)
        ph_path_comparison_conclude(self);
    else
        ph_path_comparison_free(self);
    if (status == PH_ERR_MEMORY)
        ph_fail(report, status, "no memory for the trajectories of %zu points", grid->points_count);
    return status;
}

void ph_path_comparison_free(ph_path_comparison_t *self)
{
    free(self->rows);
    free(self->splits);
    memset(self, 0, sizeof(*self));
}

static bool split_decided(const ph_path_comparison_t *self, size_t point)
{
    return point < self->points && self->splits[point].verdict != PH_VERDICT_UNDECIDED;
}

ph_verdict_t ph_compare_all(const ph_comparison_t *equilibrium, const ph_path_comparison_t *paths,
                            const ph_distribution_comparison_t *distributions)
{
    size_t undecided = 0;
    for (size_t i = 0; i < equilibrium->rows_count && i < paths->rows_count; i++)
        undecided += equilibrium->rows[i].pattern == 0 &&
                     equilibrium->rows[i].verdict == PH_VERDICT_UNDECIDED &&
                     paths->rows[i].verdict == PH_VERDICT_UNDECIDED &&
                     !(i < distributions->rows_count &&
                       distributions->rows[i].verdict != PH_VERDICT_UNDECIDED) &&
                     !split_decided(paths, paths->rows[i].point);
    if (equilibrium->verdict == PH_VERDICT_DISAGREE || paths->verdict == PH_VERDICT_DISAGREE ||
        distributions->verdict == PH_VERDICT_DISAGREE)
        return PH_VERDICT_DISAGREE;
    return (double)undecided > PH_COMPARE_UNDECIDED * (double)equilibrium->points
               ? PH_VERDICT_UNDECIDED
               : PH_VERDICT_AGREE;
}

/* How far the mean of pattern mu, overlap at[mu], over the point's records is from m[mu] (NULL:
 * from where the flow is AFTER sweeps later). */
static int transient_along(const ph_point_t *point, const ph_flow_system_t *system, double *start,
                           const size_t *at, const double *m, double *offset)
{
    const size_t records = (size_t)ph_point_records_least(point), size = system->size;
    ph_flow_end_t end;
    uint64_t *time = malloc((records + 1) * sizeof(*time));
    double *path = malloc((records + 1) * size * sizeof(*path));
    int status = time == NULL || path == NULL ? PH_ERR_MEMORY : PH_OK;
    for (size_t r = 0; status == PH_OK && r < records; r++)
        time[r] = (uint64_t)point->burn_in + r * (uint64_t)point->record_every;
    if (status == PH_OK) {
        time[records] = (uint64_t)point->burn_in + (uint64_t)point->sweeps + AFTER;
        status = ph_flow_solve(system, ph_flow_law(point), start, records + (m == NULL ? 1 : 0),
                               time, path, &end, NULL);
    }
    for (size_t mu = 0; mu < (size_t)point->patterns; mu++) {
        double mean = 0.0;
        for (size_t r = 0; status == PH_OK && r < records; r++)
            mean += path[r * size + at[mu]] / (double)records;
        const double state = status != PH_OK || m != NULL ? 0.0 : path[records * size + at[mu]];
        offset[mu] = status == PH_OK ? mean - (m != NULL ? m[mu] : state) : (double)INFINITY;
    }
    free(path);
    free(time);
    return status == PH_ERR_MEMORY ? status : PH_OK;
}

int ph_compare_transient(const ph_point_t *point, ph_average_t average, const double *m,
                         double *offset)
{
    size_t at[PH_MEANFIELD_PATTERNS_MAX];
    ph_flow_problem_t problem = {0};
    memset(offset, 0, (size_t)point->patterns * sizeof(*offset));
    if (ph_flow_law(point) == PH_FLOW_NONE)
        return PH_OK;
    int status = ph_flow_problem_init(&problem, point, average);
    if (status == PH_OK)
        status = ph_meanfield_columns(&problem.meanfield);
    for (size_t mu = 0; status == PH_OK && mu < (size_t)point->patterns; mu++)
        at[mu] = ph_flow_problem_place(&problem, mu);
    if (status == PH_OK)
        status = transient_along(point, &problem.system, problem.start, at, m, offset);
    ph_flow_problem_free(&problem);
    return status == PH_ERR_MEMORY ? status : PH_OK;
}

int ph_compare_transient_sample(const ph_point_t *point, const ph_coupling_t *coupling,
                                const ph_patterns_t *patterns, double *offset)
{
    size_t at[PH_MEANFIELD_PATTERNS_MAX];
    ph_flow_classes_t net = {0};
    double *start = NULL;
    memset(offset, 0, (size_t)point->patterns * sizeof(*offset));
    if (ph_flow_law(point) == PH_FLOW_NONE ||
        (double)coupling->neurons * (double)coupling->features > TRANSIENT_COST)
        return PH_OK;
    int status = ph_flow_classes_sample(&net, point, coupling, patterns);
    if (status == PH_OK) {
        start = malloc(net.classes.size * sizeof(*start));
        status = start == NULL ? PH_ERR_MEMORY : PH_OK;
    }
    if (status == PH_OK) {
        const ph_flow_system_t system = ph_flow_classes_system(&net, start);
        for (size_t mu = 0; mu < net.patterns; mu++)
            at[mu] = system.size - net.patterns + mu;
        status = transient_along(point, &system, start, at, NULL, offset);
    }
    ph_flow_classes_free(&net);
    free(start);
    return status == PH_ERR_MEMORY ? status : PH_OK;
}
