/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Chains that part soon after the start, each beside the flow from where it began. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/compare.h"
#include "analysis/compare/crossing_private.h"
#include "analysis/compare/parted_private.h"
#include "analysis/compare/path_private.h"
#include "analysis/flow/classes.h"
#include "analysis/meanfield/meanfield.h"

/* Of all chains of a point: sweeps times (classes x patterns^2 + COST_LEAST), a few seconds. */
static const double COST_MAX = 1e6, COST_LEAST = 30.0;
static const double CROSSING_COST = 1e9;  /* of all chains' draws, about a second */
static const size_t CROSSING_DRAWS = 64;  /* of one chain */
static const double SIGHT[] = {6.0, 3.7}; /* standard deviations to a boundary */
static const double LEFT = 4.5;           /* the same, off the path, to either side; and flips */
static const double RIDGE = 1e-9;         /* of patterns that the start leaves no freedom */
static const double MISSED = 1e-6;        /* an overlap that no conditional start has */
static const double BARRIER = 2.0;        /* and the logarithm of the sweeps */
static const double OF_A_SPIN = 0.25;

bool ph_parted_known(const ph_grid_t *grid, const ph_point_t *point)
{
    const ph_flow_law_t law = ph_flow_law(point);
    return grid->trajectory && !ph_rule_learns(point->rule) &&
           point->patterns <= PH_MEANFIELD_PATTERNS_MAX &&
           (law == PH_FLOW_RANDOM || law == PH_FLOW_PERMUTED || law == PH_FLOW_PARALLEL ||
            law == PH_FLOW_BLOCK);
}

int ph_parted_init(ph_parted_t *self, const ph_grid_t *grid, const ph_point_t *point,
                   size_t records, const uint64_t *time)
{
    const size_t all = records * (size_t)point->patterns;
    *self = (ph_parted_t){.grid = grid,
                          .point = point,
                          .records = records,
                          .patterns = (size_t)point->patterns,
                          .time = time};
    self->mc = calloc(all, sizeof(*self->mc));
    self->flow = calloc(all, sizeof(*self->flow));
    self->variance = calloc(all, sizeof(*self->variance));
    self->allowance = calloc(records, sizeof(*self->allowance));
    self->count = calloc(records, sizeof(*self->count));
    return self->mc == NULL || self->flow == NULL || self->variance == NULL ||
                   self->allowance == NULL || self->count == NULL
               ? PH_ERR_MEMORY
               : PH_OK;
}

void ph_parted_free(ph_parted_t *self)
{
    free(self->mc);
    free(self->flow);
    free(self->variance);
    free(self->allowance);
    free(self->count);
}

/* x of matrix x = right, positive definite; both are lost. */
static void eliminate(size_t n, double *matrix, double *right)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            const double factor = matrix[j * n + i] / matrix[i * n + i];
            for (size_t a = i; a < n; a++)
                matrix[j * n + a] -= factor * matrix[i * n + a];
            right[j] -= factor * right[i];
        }
    for (size_t i = n; i-- > 0;) {
        for (size_t a = i + 1; a < n; a++)
            right[i] -= matrix[i * n + a] * right[a];
        right[i] /= matrix[i * n + i];
    }
}

/*
 * Mean spins of the classes at the start, given its overlaps m: spins are independent, so that a
 * class moves by its variance times the one field that makes the overlaps. False where none does.
 */
static bool settle(const ph_classes_t *classes, const double *m, double *start)
{
    const size_t n = classes->size;
    double matrix[PH_MEANFIELD_PATTERNS_MAX * PH_MEANFIELD_PATTERNS_MAX] = {0.0};
    double field[PH_MEANFIELD_PATTERNS_MAX], left = 0.0;
    for (size_t a = 0; a < n; a++) {
        matrix[a * (n + 1)] = RIDGE;
        field[a] = m[a];
    }
    for (size_t c = 0; c < classes->count; c++) {
        const double s = classes->start[c], share = classes->share[c];
        const double *phi = classes->phi + c * n;
        for (size_t a = 0; a < n; a++) {
            field[a] -= share * s * phi[a];
            for (size_t b = 0; b < n; b++)
                matrix[a * n + b] += share * (1.0 - s * s) * phi[a] * phi[b];
        }
    }
    eliminate(n, matrix, field);
    for (size_t c = 0; c < classes->count; c++) {
        const double s = classes->start[c], *phi = classes->phi + c * n;
        start[c] = s;
        for (size_t a = 0; a < n; a++)
            start[c] += (1.0 - s * s) * phi[a] * field[a];
        start[c] = fmax(fmin(start[c], 1.0), -1.0);
    }
    for (size_t a = 0; a < n; a++) {
        double overlap = -m[a];
        for (size_t c = 0; c < classes->count; c++)
            overlap += classes->share[c] * start[c] * classes->phi[c * n + a];
        left = fmax(left, fabs(overlap));
    }
    return left <= MISSED;
}

/*
 * Whether a chain stays where its flow rests: a state whose third derivative makes the bias b has a
 * barrier of N var/(6 b^2), in kT, on its lower side. Where the flow moved on by more than a
 * standard deviation since the record before, there is no such state.
 */
static bool stays(const ph_flow_noise_t *noise, size_t record, uint64_t sweeps, double neurons)
{
    const double barrier = BARRIER + log1p((double)sweeps);
    double chain = 0.0, bias = 0.0, moved = 0.0;
    if (record == 0)
        return true;
    for (size_t i = record * noise->size; i < (record + 1) * noise->size; i++) {
        const double step = noise->mean[i] - noise->mean[i - noise->size];
        chain += noise->chain[i];
        bias += noise->bias[i] * noise->bias[i];
        moved += step * step;
    }
    return bias <= OF_A_SPIN * OF_A_SPIN || 6.0 * barrier * bias <= neurons * chain ||
           moved * neurons > chain;
}

static double crossing_cost(const ph_parted_t *self)
{
    return CROSSING_COST / (double)(self->grid->samples * self->grid->replicas);
}

/* The noise of one chain; as many records as it holds for but with a probability of 10^-4, and
 * whether that is above 10^-9. */
static int follow(const ph_parted_t *self, const ph_flow_classes_t *net, const double *series,
                  double *start, ph_flow_noise_t *noise, size_t *good, bool *doubtful)
{
    ph_classes_t classes = net->classes;
    const double neurons = (double)self->point->neurons;
    *good = 0;
    *doubtful = false;
    if (!settle(&net->classes, series, start))
        return PH_OK;
    classes.start = start;
    classes.settled = true;
    int status = ph_flow_noise_solve(noise, &classes, ph_flow_law(self->point), net->noise,
                                     self->records, self->time, NULL);
    for (bool small = status == PH_OK; small && *good < self->records;) {
        const size_t r = *good;
        small = noise->bend[r] <= sqrt(neurons) && stays(noise, r, self->time[r], neurons);
        for (size_t mu = 0; mu < self->patterns; mu++)
            small = small && ph_path_is_small(noise->chain[r * noise->size + mu],
                                              noise->bias[r * noise->size + mu], neurons);
        *good += small;
    }
    for (int i = 0; i < 2 && status == PH_OK && *good > 1 && (i == 0 || *doubtful); i++) {
        size_t crossing;
        status = ph_crossing_first(self->point, net, &classes, noise, self->time, SIGHT[i],
                                   CROSSING_DRAWS, crossing_cost(self), &crossing);
        if (status == PH_OK && crossing < *good) {
            *doubtful = true;
            *good = i == 0 ? *good : crossing;
        }
    }
    return status == PH_ERR_NUMERIC ? PH_OK : status;
}

/* Of a chain that might cross the boundary of its basin: the records until it has. */
static size_t until_it_left(const ph_parted_t *self, const double *series, size_t width,
                            const ph_flow_noise_t *noise, size_t good)
{
    const double neurons = (double)self->point->neurons;
    for (size_t r = 1; r < good; r++)
        for (size_t mu = 0; mu < self->patterns; mu++) {
            const size_t at = r * noise->size + mu;
            const double off = series[r * width + mu] - noise->mean[at];
            if (fabs(off) > LEFT * sqrt(fmax(noise->chain[at], 0.0) / neurons) + LEFT / neurons)
                return r;
        }
    return good;
}

/* One chain. shared[records][patterns]: standard deviations that lanes so far in its block have in
 * common; two lanes from different starts have no more than the product of theirs. */
static void add_chain(ph_parted_t *self, const double *series, size_t width,
                      const ph_flow_noise_t *noise, size_t good, double *shared)
{
    const size_t k = self->patterns;
    const double neurons = (double)self->point->neurons;
    double allowance = 0.0;
    for (size_t r = 0; r < good; r++) {
        self->count[r]++;
        ph_path_allow(noise->bias + r * noise->size, k, neurons, &allowance);
        self->allowance[r] += allowance;
        for (size_t mu = 0; mu < k; mu++) {
            const size_t i = r * k + mu, at = r * noise->size + mu;
            const double flow = noise->mean[at] + noise->bias[at] / neurons;
            const double sign = flow < 0.0 ? -1.0 : 1.0;
            const double both = sqrt(fmax(noise->shared[at], 0.0) / neurons);
            self->mc[i] += sign * series[r * width + mu];
            self->flow[i] += sign * flow;
            self->variance[i] += noise->chain[at] / neurons + 2.0 * both * shared[i];
            shared[i] += both;
        }
    }
}

/* Chains of a sample that are affordable. */
static size_t affordable(const ph_parted_t *self, const ph_classes_t *classes)
{
    const double work = (double)(classes->count * classes->size * classes->size) + COST_LEAST;
    const double sweeps =
        (double)self->grid->samples * fmax(1.0, (double)self->time[self->records - 1]);
    return (size_t)fmin(COST_MAX / (work * sweeps), (double)self->grid->replicas);
}

int ph_parted_add(ph_parted_t *self, const ph_segment_t *segment, uint32_t sample)
{
    ph_flow_classes_t net = {0};
    const size_t width = (size_t)segment->components;
    const size_t offset =
        ph_observable_offset(PH_OBS_MAGNETIZATION, self->grid, self->point->patterns);
    const size_t lanes = self->grid->lanes > 0 ? (size_t)self->grid->lanes : 1;
    double *start = NULL, *shared = calloc(self->records * self->patterns, sizeof(*shared));
    int status = shared == NULL ? PH_ERR_MEMORY : PH_OK;
    if (status == PH_OK)
        status = ph_flow_classes_draw(&net, self->point, self->grid->seed, sample);
    if (status == PH_OK) {
        start = malloc(net.classes.count * sizeof(*start));
        status = start == NULL ? PH_ERR_MEMORY : PH_OK;
    }
    const size_t chains = status == PH_OK ? affordable(self, &net.classes) : 0;
    for (size_t c = 0; c < chains && c < segment->replicas && status == PH_OK; c++) {
        const double *series = segment->series + c * (size_t)segment->records * width + offset;
        ph_flow_noise_t noise = {0};
        size_t good;
        bool doubtful;
        if (c % lanes == 0)
            memset(shared, 0, self->records * self->patterns * sizeof(*shared));
        status = follow(self, &net, series, start, &noise, &good, &doubtful);
        if (status == PH_OK && doubtful)
            good = until_it_left(self, series, width, &noise, good);
        if (status == PH_OK)
            add_chain(self, series, width, &noise, good, shared);
        ph_flow_noise_free(&noise);
    }
    ph_flow_classes_free(&net);
    free(start);
    free(shared);
    return status;
}
