/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/estimate/reweight.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/estimate/exactmeans.h"
#include "analysis/estimate/multistate.h"
#include "analysis/estimate/reweight_records_private.h"
#include "base/floating.h"
#include "sim/model/law.h"

enum { NOBODY = -1, POWERS = 4 }; /* of m: itself, |m|, m^2, m^4 */

static const double OVERLAP_LEAST = 0.01; /* of neighbours, below which a note is due */
static const double RECORDS_LEAST = 0.5;  /* of theirs in common, below which they have none */

/* One call. Values are by noise, then quantity. */
typedef struct {
    const ph_grid_t *grid;
    const ph_point_t *point; /* the first of the points */
    ph_joint_t joint;
    const double *noises;
    size_t count, width, columns, samples;
    int threads;
    double *slope;   /* [states] */
    double *sums;    /* [distinct][patterns][POWERS] of own records, and their number */
    double *numbers; /* [distinct] of own records */
    double *weight;  /* [groups] */
    double *values;  /* [1 + groups][columns] */
    double *value, *variance, *freedom, *exact; /* [columns][samples] */
    double *effective;                          /* [columns] */
    double own_low, own_high;                   /* noises that have magnetizations */
    double overlap;                             /* the least of neighbours */
    double overlap_records;                     /* that these two have in common */
    size_t overlap_state;
} job_t;

/* The records but for one group, with the free energies of the states in them. */
typedef struct {
    double *count;                 /* [distinct] */
    double *records, *own, *f;     /* [states] */
    double *mixture, *own_mixture; /* [distinct] */
    double *mean;                  /* [states] */
} view_t;

void ph_reweighted_free(ph_reweighted_t *self)
{
    free(self->noise);
    free(self->values);
    memset(self, 0, sizeof(*self));
}

/* Quantity i of those that reweighting gives. */
static bool is_given(const ph_quantity_t *quantity)
{
    return quantity->made == PH_QUANTITY_MEANS &&
           (quantity->needs & (PH_NEEDS_WELLS | PH_NEEDS_LOSS | PH_NEEDS_PATH)) == 0;
}

static void view_free(view_t *self)
{
    free(self->count);
    free(self->records);
}

static int view_init(view_t *self, const ph_joint_t *joint)
{
    const size_t u = joint->distinct, k = joint->states;
    self->count = calloc(3 * u, sizeof(*self->count));
    self->records = calloc(4 * k, sizeof(*self->records));
    if (self->count == NULL || self->records == NULL)
        return PH_ERR_MEMORY;
    self->mixture = self->count + u;
    self->own_mixture = self->mixture + u;
    self->own = self->records + k;
    self->f = self->own + k;
    self->mean = self->f + k;
    return PH_OK;
}

/* Counts the records but those of a group, and solves for the free energies from `guess`. */
static int view_solve(view_t *self, const job_t *job, int without, const double *guess)
{
    const ph_joint_t *joint = &job->joint;
    for (size_t i = 0; i < joint->all.count; i++)
        if ((int)joint->all.group[i] != without) {
            self->count[joint->all.at[i]] += 1.0;
            self->records[joint->all.state[i]] += 1.0;
            self->mean[joint->all.state[i]] += joint->energy[joint->all.at[i]];
        }
    for (size_t i = 0; i < joint->own.count; i++)
        if ((int)joint->own.group[i] != without)
            self->own[joint->own.state[i]] += 1.0;
    const ph_multistate_t all = {joint->states,   job->slope,    self->records,
                                 joint->distinct, joint->energy, self->count};
    for (size_t k = 0; k < joint->states; k++) /* without records as its neighbour */
        self->mean[k] = self->records[k] > 0.0 ? self->mean[k] / self->records[k]
                        : k > 0                ? self->mean[k - 1]
                                               : 0.0;
    if (guess != NULL)
        memcpy(self->f, guess, joint->states * sizeof(*self->f));
    else
        ph_multistate_guess(&all, self->mean, self->f);
    const int status = ph_multistate_solve(&all, self->f);
    const ph_multistate_t own = {joint->states,   job->slope,    self->own,
                                 joint->distinct, joint->energy, NULL};
    for (size_t u = 0; u < joint->distinct && status == PH_OK; u++) {
        self->mixture[u] = ph_multistate_mixture(&all, self->f, joint->energy[u]);
        self->own_mixture[u] = ph_multistate_mixture(&own, self->f, joint->energy[u]);
    }
    return status;
}

/* Averages at one noise: energies of all records, powers of m of the points' own. */
typedef struct {
    double noise, energy, energy_square, effective;
    double total, effective_own, *powers; /* [patterns][POWERS] */
} averages_t;

static void add_powers(double *to, const double *m, size_t patterns, double weight)
{
    for (size_t mu = 0; mu < patterns; mu++) {
        const double square = m[mu] * m[mu];
        to[mu * POWERS] += weight * m[mu];
        to[mu * POWERS + 1] += weight * fabs(m[mu]);
        to[mu * POWERS + 2] += weight * square;
        to[mu * POWERS + 3] += weight * square * square;
    }
}

static void average(const view_t *self, const job_t *job, int without, averages_t *out)
{
    const ph_joint_t *joint = &job->joint;
    const double slope = (double)job->point->neurons / out->noise;
    double largest = -INFINITY, largest_own = -INFINITY, total = 0.0, squares = 0.0, own = 0.0;
    out->energy = out->energy_square = out->total = 0.0;
    memset(out->powers, 0, joint->patterns * POWERS * sizeof(*out->powers));
    for (size_t u = 0; u < joint->distinct; u++) {
        largest = fmax(largest, -slope * joint->energy[u] - self->mixture[u]);
        largest_own = fmax(largest_own, -slope * joint->energy[u] - self->own_mixture[u]);
    }
    for (size_t u = 0; u < joint->distinct; u++) {
        const double e = joint->energy[u];
        const double weight = exp(-slope * e - self->mixture[u] - largest);
        const double weight_own = exp(-slope * e - self->own_mixture[u] - largest_own);
        const double share = self->count[u] * weight;
        total += share;
        squares += share * weight;
        out->energy += share * e;
        out->energy_square += share * e * e;
        out->total += weight_own * job->numbers[u];
        own += weight_own * weight_own * job->numbers[u];
        for (size_t q = 0; q < joint->patterns * POWERS; q++)
            out->powers[q] += weight_own * job->sums[u * joint->patterns * POWERS + q];
    }
    for (size_t i = 0; i < joint->own.count && without != NOBODY; i++)
        if ((int)joint->own.group[i] == without) {
            const size_t u = joint->own.at[i];
            const double weight =
                exp(-slope * joint->energy[u] - self->own_mixture[u] - largest_own);
            out->total -= weight;
            add_powers(out->powers, joint->own.m + i * joint->patterns, joint->patterns, -weight);
        }
    out->energy /= total;
    out->energy_square /= total;
    out->effective = total * total / squares;
    out->effective_own = out->total * out->total / own;
}

/* All quantities at all noises, from all records but those of a group. */
static void evaluate(const view_t *view, const job_t *job, int without, double *powers,
                     double *values, double *effective)
{
    const ph_joint_t *joint = &job->joint;
    averages_t found = {.powers = powers};
    for (size_t t = 0; t < job->count; t++) {
        size_t column = t * job->width;
        found.noise = job->noises[t];
        average(view, job, without, &found);
        const double there =
            found.noise >= job->own_low && found.noise <= job->own_high ? 1.0 : (double)NAN;
        ph_means_t means = {.noise = found.noise, .neurons = (double)job->point->neurons};
        /* about the shift, where the variance is no small difference */
        means.energy = found.energy + joint->shift;
        means.energy_square =
            found.energy_square - found.energy * found.energy + means.energy * means.energy;
        for (size_t i = 0; ph_quantity(i) != NULL; i++) {
            const ph_quantity_t *quantity = ph_quantity(i);
            const bool of_point = quantity->of == PH_QUANTITY_OF_POINT;
            for (size_t mu = 0; is_given(quantity) && mu < (of_point ? 1 : joint->patterns); mu++) {
                means.m = there * powers[mu * POWERS] / found.total;
                means.absolute = there * powers[mu * POWERS + 1] / found.total;
                means.square = there * powers[mu * POWERS + 2] / found.total;
                means.fourth = there * powers[mu * POWERS + 3] / found.total;
                if (effective != NULL)
                    effective[column] =
                        fmin(effective[column], of_point ? found.effective : found.effective_own);
                values[column++] = quantity->value(&means);
            }
        }
    }
}

/* Values without one group, into its row; `f`: of all records. */
static int leave_out(job_t *job, int group, const double *f)
{
    PH_FLOATING_GUARD();
    view_t view = {0};
    double *powers = calloc(job->joint.patterns * POWERS, sizeof(*powers));
    int status = powers == NULL ? PH_ERR_MEMORY : view_init(&view, &job->joint);
    if (status == PH_OK)
        status = view_solve(&view, job, group, f);
    if (status == PH_OK)
        evaluate(&view, job, group, powers, job->values + (size_t)(1 + group) * job->columns, NULL);
    view_free(&view);
    free(powers);
    return status;
}

/* Sums of the own records by energy, and the records of each group. */
static int sum_records(job_t *job)
{
    const ph_joint_t *joint = &job->joint;
    const size_t width = joint->patterns * POWERS;
    free(job->sums);
    free(job->numbers);
    job->sums = calloc(joint->distinct * width, sizeof(*job->sums));
    job->numbers = calloc(joint->distinct, sizeof(*job->numbers));
    if (job->sums == NULL || job->numbers == NULL)
        return PH_ERR_MEMORY;
    memset(job->weight, 0, joint->groups * sizeof(*job->weight));
    for (size_t i = 0; i < joint->all.count; i++)
        job->weight[joint->all.group[i]] += 1.0;
    for (size_t i = 0; i < joint->own.count; i++) {
        job->numbers[joint->own.at[i]] += 1.0;
        add_powers(job->sums + joint->own.at[i] * width, joint->own.m + i * joint->patterns,
                   joint->patterns, 1.0);
    }
    return PH_OK;
}

/* The least share of energies that neighbours have in common. */
static void find_overlap(job_t *job, const view_t *view)
{
    const ph_joint_t *joint = &job->joint;
    const ph_multistate_t all = {joint->states,   job->slope,    view->records,
                                 joint->distinct, joint->energy, view->count};
    for (size_t k = 0; k + 1 < joint->states; k++) {
        const double overlap = view->records[k] > 0.0 && view->records[k + 1] > 0.0
                                   ? ph_multistate_overlap(&all, view->f, k, k + 1)
                                   : 0.0;
        if (overlap < job->overlap) {
            job->overlap = overlap;
            job->overlap_state = k;
            job->overlap_records = overlap * fmin(view->records[k], view->records[k + 1]);
        }
    }
}

/* Values of one sample with all records, and with each group left out. */
static int solve_sample(job_t *job, size_t *groups)
{
    view_t view = {0};
    int failed = PH_OK;
    double *powers = calloc(job->joint.patterns * POWERS, sizeof(*powers));
    int status = powers == NULL ? PH_ERR_MEMORY : sum_records(job);
    if (status == PH_OK)
        status = view_init(&view, &job->joint);
    if (status == PH_OK)
        status = view_solve(&view, job, NOBODY, NULL);
    if (status == PH_OK) {
        evaluate(&view, job, NOBODY, powers, job->values, job->effective);
        find_overlap(job, &view);
    }
    *groups = 0;
    for (size_t g = 0; g < job->joint.groups; g++)
        *groups += job->weight[g] > 0.0;
    if (status == PH_OK && *groups > 1) {
#pragma omp parallel for schedule(dynamic) num_threads(job->threads)
        for (int g = 0; g < (int)job->joint.groups; g++) {
            const int became = job->weight[g] > 0.0 ? leave_out(job, g, view.f) : PH_OK;
            if (became != PH_OK)
#pragma omp atomic write
                failed = became;
        }
        status = failed;
    }
    view_free(&view);
    free(powers);
    return status;
}

/* The same by exact sums. */
static int solve_exact(job_t *job, uint32_t sample)
{
    ph_sample_t drawn;
    ph_exact_means_t exact = {0};
    int status = ph_sample_draw(&drawn, job->point, job->grid->seed, sample);
    for (size_t t = 0; t < job->count && status == PH_OK; t++) {
        size_t column = t * job->width;
        status = ph_exact_means(&exact, &drawn, job->point, job->noises[t]);
        for (size_t i = 0; ph_quantity(i) != NULL && exact.there; i++) {
            const ph_quantity_t *quantity = ph_quantity(i);
            const size_t of = quantity->of == PH_QUANTITY_OF_POINT ? 1 : job->joint.patterns;
            for (size_t mu = 0; is_given(quantity) && mu < of; mu++)
                job->exact[column++ * job->samples + sample] = quantity->value(&exact.of[mu]);
        }
    }
    ph_exact_means_free(&exact);
    ph_sample_free(&drawn);
    return status == PH_ERR_LIMIT ? PH_OK : status;
}

static int add_sample(job_t *job, uint32_t sample, ph_report_t *report)
{
    size_t groups;
    double without[PH_REWEIGHT_GROUPS];
    int status = ph_joint_read(&job->joint, sample, report);
    if (status != PH_OK || job->joint.all.count == 0)
        return status;
    status = solve_sample(job, &groups);
    for (size_t c = 0; c < job->columns && status == PH_OK; c++) {
        const size_t at = c * job->samples + sample;
        for (size_t g = 0; g < job->joint.groups; g++)
            without[g] = job->values[(1 + g) * job->columns + c];
        job->freedom[at] = ph_jackknife(job->values[c], without, job->weight, job->joint.groups,
                                        &job->value[at], &job->variance[at]);
    }
    return status == PH_OK ? solve_exact(job, sample) : status;
}

int ph_reweight_check(const ph_grid_t *grid, const char *path, const size_t *points, size_t count,
                      ph_report_t *report)
{
    if (!grid->trajectory)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "%s holds no trajectories, whose energies reweighting needs one by one: its "
                       "grid says record.trajectory: no",
                       path);
    for (size_t p = 0; p < count; p++) {
        const ph_point_t *point = &grid->points[points[p]];
        if (!ph_law_is_equilibrium(ph_sampler_facts(point->sampler)->law))
            return ph_fail(report, PH_ERR_UNSUPPORTED,
                           "sampler %s: its chains are not of exp(-H/T), so that they cannot be "
                           "weighted for another noise",
                           ph_sampler_facts(point->sampler)->word);
        if (!(point->noise > 0.0))
            return ph_fail(report, PH_ERR_UNSUPPORTED,
                           "noise 0 has no weights exp(-H/T); leave it out with --point");
    }
    return PH_OK;
}

bool ph_reweight_branches(const ph_grid_t *grid, const size_t *points, size_t count,
                          ph_report_t *report)
{
    bool follow = false;
    for (size_t p = 0; p < count; p++)
        follow = follow || grid->points[points[p]].follow != PH_FOLLOW_NONE;
    if (follow)
        ph_note(report, "chains that follow each other (dynamics.follow) may be in metastable "
                        "branches: the curve weights their records as if they were of equilibrium");
    return follow;
}

/* Whether these points and noises can be taken together; says why not. */
static int check(const ph_runfile_t *run, const ph_joint_t *joint, const double *noises,
                 size_t count, ph_report_t *report)
{
    const double low = joint->noise[0], high = joint->noise[joint->states - 1];
    const int status = ph_reweight_check(run->base.grid, run->base.path, joint->points,
                                         joint->points_count, report);
    if (status != PH_OK)
        return status;
    if (joint->states < 2)
        return ph_fail(report, PH_ERR_INPUT,
                       "all records are of noise %.12g; reweighting needs points along the noise, "
                       "or a ladder",
                       low);
    for (size_t t = 0; t < count; t++)
        if (!(noises[t] >= low && noises[t] <= high))
            return ph_fail(report, PH_ERR_INPUT,
                           "noise %.12g: expected from %.12g to %.12g, between which there are "
                           "records",
                           noises[t], low, high);
    return PH_OK;
}

static void job_free(job_t *self)
{
    ph_joint_free(&self->joint);
    free(self->slope);
    free(self->sums);
    free(self->numbers);
    free(self->weight);
    free(self->values);
    free(self->value);
    free(self->effective);
}

static int job_init(job_t *self)
{
    const size_t groups = self->joint.groups, states = self->joint.states;
    for (size_t i = 0; ph_quantity(i) != NULL; i++)
        if (is_given(ph_quantity(i)))
            self->width += ph_quantity(i)->of == PH_QUANTITY_OF_POINT ? 1 : self->joint.patterns;
    self->columns = self->count * self->width;
    const size_t size = self->columns * self->samples;
    self->slope = malloc(states * sizeof(*self->slope));
    self->weight = malloc(groups * sizeof(*self->weight));
    self->values = calloc((1 + groups) * self->columns, sizeof(*self->values));
    self->value = malloc(4 * size * sizeof(*self->value));
    self->effective = malloc(self->columns * sizeof(*self->effective));
    if (self->slope == NULL || self->weight == NULL || self->values == NULL ||
        self->value == NULL || self->effective == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; i < 4 * size; i++)
        self->value[i] = (double)NAN;
    for (size_t c = 0; c < self->columns; c++)
        self->effective[c] = (double)INFINITY;
    self->own_low = self->own_high = self->point->noise;
    for (size_t p = 0; p < self->joint.points_count; p++) {
        const double noise = self->grid->points[self->joint.points[p]].noise;
        self->own_low = fmin(self->own_low, noise);
        self->own_high = fmax(self->own_high, noise);
    }
    for (size_t k = 0; k < states; k++)
        self->slope[k] = (double)self->point->neurons / self->joint.noise[k];
    self->variance = self->value + size;
    self->freedom = self->variance + size;
    self->exact = self->freedom + size;
    return PH_OK;
}

static int conclude(const job_t *job, ph_reweighted_t *out)
{
    *out = (ph_reweighted_t){.count = job->count, .width = job->width, .states = job->joint.states};
    out->noise = malloc(job->count * sizeof(*out->noise));
    out->values = calloc(job->columns, sizeof(*out->values));
    if (out->noise == NULL || out->values == NULL)
        return PH_ERR_MEMORY;
    memcpy(out->noise, job->noises, job->count * sizeof(*out->noise));
    size_t column = 0;
    for (size_t t = 0; t < job->count; t++)
        for (size_t i = 0; ph_quantity(i) != NULL; i++) {
            const ph_quantity_t *quantity = ph_quantity(i);
            const size_t of = quantity->of == PH_QUANTITY_OF_POINT ? 1 : job->joint.patterns;
            for (size_t mu = 0; is_given(quantity) && mu < of; mu++, column++) {
                const size_t at = column * job->samples;
                double exact = 0.0, count = 0.0;
                for (size_t s = 0; s < job->samples; s++)
                    if (!isnan(job->value[at + s])) {
                        exact += job->exact[at + s];
                        count += 1.0;
                    }
                out->values[column] = (ph_reweighted_value_t){
                    .quantity = quantity,
                    .pattern = mu,
                    .found =
                        ph_average_samples(job->value + at, job->variance + at, job->freedom + at,
                                           job->samples, ph_point_is_fixed(job->point)),
                    .exact = exact / count,
                    .effective = job->effective[column]};
            }
        }
    return PH_OK;
}

/* What the solution itself says of how far it can be trusted. */
static int judge(const job_t *job, int status, ph_report_t *report)
{
    const double *noise = job->joint.noise + job->overlap_state;
    if (status == PH_ERR_NUMERIC)
        return ph_fail(
            report, status,
            "the records of different noises share too few energies to be taken together; "
            "put more noises between them");
    if (status == PH_OK && job->overlap_records < RECORDS_LEAST)
        return ph_fail(report, PH_ERR_NUMERIC,
                       "the records of noises %.12g and %.12g share too few energies to be taken "
                       "together; put more noises between them",
                       noise[0], noise[1]);
    if (status == PH_OK && job->overlap < OVERLAP_LEAST)
        ph_note(report,
                "noises %.12g and %.12g hardly share energies (%.1g, 0.5 for equal ones): errors "
                "between them are not to be trusted",
                noise[0], noise[1], job->overlap);
    if (status == PH_ERR_MEMORY)
        return ph_fail(report, status, "no memory for reweighting %zu records",
                       job->joint.all.count);
    return status;
}

int ph_reweight(ph_reweighted_t *self, ph_runfile_t *run, const size_t *points, size_t points_count,
                const double *noises, size_t count, int threads, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = run->base.grid;
    job_t job = {.grid = grid,
                 .point = &grid->points[points[0]],
                 .noises = noises,
                 .count = count,
                 .samples = (size_t)grid->samples,
                 .threads = threads > 0 ? threads : 1,
                 .overlap = INFINITY};
    memset(self, 0, sizeof(*self));
    int status = ph_joint_init(&job.joint, run, points, points_count);
    if (status == PH_OK)
        status = check(run, &job.joint, noises, count, report);
    if (status == PH_ERR_INPUT || status == PH_ERR_UNSUPPORTED)
        goto out;
    if (status == PH_OK)
        status = job_init(&job);
    for (uint32_t s = 0; s < (uint32_t)grid->samples && status == PH_OK; s++)
        status = add_sample(&job, s, report);
    status = judge(&job, status, report);
    if (status == PH_OK)
        status = conclude(&job, self);
out:
    job_free(&job);
    if (status != PH_OK)
        ph_reweighted_free(self);
    return status;
}
