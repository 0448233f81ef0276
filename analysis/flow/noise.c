/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/flow/noise.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/flow/noise_permuted_private.h"
#include "analysis/flow/noise_sequential_private.h"
#include "analysis/flow/noise_work_private.h"
#include "analysis/meanfield/meanfield.h"

static const double REST = 1e-12;
enum { PARTS_FIRST = 14, PARTS = 3 }; /* of a sweep, each half of the next */

/* rate = J Sigma + Sigma J^T - drift drift^T: what the two covariances have in common. */
static void covariance_rate(const ph_noise_t *self, const double *sigma, double *rate)
{
    const size_t n = self->size;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            double sum = -self->drift[a] * self->drift[b];
            for (size_t p = 0; p < n; p++)
                sum += self->jacobian[a * n + p] * sigma[p * n + b] +
                       sigma[a * n + p] * self->jacobian[b * n + p];
            rate[a * n + b] = sum;
        }
}

/* -J (F - o)/2 because a sweep is N steps of size 1/N. */
static void bias_rate(const ph_noise_t *self, const double *s, const double *sigma,
                      const double *bias, double *rate)
{
    const size_t n = self->size;
    for (size_t a = 0; a < n; a++) {
        rate[a] = 0.0;
        for (size_t p = 0; p < n; p++)
            rate[a] += self->jacobian[a * n + p] * (bias[p] - 0.5 * self->drift[p]);
    }
    ph_noise_pull(self, sigma, s, rate);
}

static int right_hand_side(double t, const double *y, double *rate, void *context)
{
    ph_noise_t *self = context;
    const size_t n = self->size, count = self->count;
    const double *s = y, *q = y + count, *sigma = y + 2 * count, *shared = sigma + n * n;
    double *sigma_rate = rate + 2 * count, *shared_rate = sigma_rate + n * n;
    (void)t;
    for (size_t a = 0; a < n; a++)
        self->escaped = self->escaped || !(sigma[a * (n + 1)] < PH_NOISE_LARGEST);
    if (self->escaped || self->work > self->work_max)
        return GSL_EBADFUNC;
    self->work += self->evaluation;
    ph_noise_overlaps(self, s);
    ph_noise_fields(self);
    ph_noise_drift(self);
    covariance_rate(self, sigma, sigma_rate);
    covariance_rate(self, shared, shared_rate);
    for (size_t c = 0; c < count; c++) {
        const double spin = self->spin[c], *phi = self->classes->phi + c * n;
        const double alone = 2.0 * (1.0 - s[c] * spin);
        const double both = spin * spin - 2.0 * spin * s[c] + q[c];
        rate[c] = spin - s[c];
        rate[count + c] = spin * spin - q[c];
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b < n; b++) {
                const double square = self->classes->share[c] * phi[a] * phi[b];
                sigma_rate[a * n + b] += square * alone;
                shared_rate[a * n + b] += square * both;
            }
    }
    bias_rate(self, s, sigma, shared + n * n, shared_rate + n * n);
    return GSL_SUCCESS;
}

/* J Sigma J^T + E[phi phi (1 - t^2)] into `out`; jacobian: of F. */
static void next_covariance(const ph_noise_t *self, const double *sigma, double *out)
{
    const size_t n = self->size;
    memset(out, 0, n * n * sizeof(*out));
    for (size_t c = 0; c < self->count; c++) {
        const double t = self->spin[c], *phi = self->classes->phi + c * n;
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b < n; b++)
                out[a * n + b] += self->classes->share[c] * (1.0 - t * t) * phi[a] * phi[b];
    }
    for (size_t a = 0; a < n; a++)
        for (size_t p = 0; p < self->features; p++)
            for (size_t q = 0; q < self->features; q++)
                for (size_t b = 0; b < n; b++)
                    out[a * n + b] +=
                        self->jacobian[a * n + p] * sigma[p * n + q] * self->jacobian[b * n + q];
}

/*
 * One sweep of all neurons at once; lanes are independent. Block Gibbs: the field is that of x = o
 * + noise of variance T/(N w), self term included.
 */
static void parallel_sweep(ph_noise_t *self, double *y, double *scratch)
{
    const size_t n = self->size, count = self->count;
    double *sigma = y + 2 * count, *bias = sigma + 2 * n * n, *next = scratch + n;
    self->work += self->evaluation;
    ph_noise_overlaps(self, y);
    ph_noise_fields(self);
    ph_noise_drift(self);
    for (size_t a = 0; a < n; a++)
        self->jacobian[a * (n + 1)] += 1.0;
    for (size_t p = 0; self->law == PH_FLOW_BLOCK && p < self->features; p++)
        if (self->classes->weights[p] > 0.0)
            sigma[p * (n + 1)] += self->noise / self->classes->weights[p];
    for (size_t a = 0; a < n; a++) {
        scratch[a] = 0.0;
        for (size_t p = 0; p < n; p++)
            scratch[a] += self->jacobian[a * n + p] * bias[p];
    }
    ph_noise_pull(self, sigma, self->law == PH_FLOW_BLOCK ? NULL : y, scratch);
    next_covariance(self, sigma, next);
    memcpy(bias, scratch, n * sizeof(*bias));
    memcpy(sigma, next, n * n * sizeof(*sigma));
    memcpy(y, self->spin, count * sizeof(*y));
    for (size_t a = 0; a < n; a++)
        self->escaped = self->escaped || !(sigma[a * (n + 1)] < PH_NOISE_LARGEST);
}

/* The start: coins are independent between lanes and neurons. */
static void set_start(const ph_noise_t *self, double *y)
{
    const size_t n = self->size;
    const ph_classes_t *classes = self->classes;
    memset(y, 0, self->all * sizeof(*y));
    for (size_t c = 0; c < self->count; c++) {
        const double s = classes->start[c], *phi = classes->phi + c * n;
        y[c] = s;
        y[self->count + c] = s * s;
        for (size_t a = 0; a < n && !classes->settled; a++)
            for (size_t b = 0; b < n; b++)
                y[2 * self->count + a * n + b] +=
                    classes->share[c] * (1.0 - s * s) * phi[a] * phi[b];
    }
}

static void note(ph_noise_t *self, const double *y, ph_flow_noise_t *out, size_t k)
{
    const size_t n = self->size;
    const double *sigma = y + 2 * self->count, *shared = sigma + n * n, *bias = shared + n * n;
    ph_noise_overlaps(self, y);
    out->bend[k] = ph_noise_bend(self, sigma);
    for (size_t a = 0; a < n; a++) {
        out->mean[k * n + a] = self->overlap[a];
        out->chain[k * n + a] = sigma[a * (n + 1)];
        out->shared[k * n + a] = shared[a * (n + 1)];
        out->bias[k * n + a] = bias[a];
    }
}

/* From a settled start fluctuations grow while fields do: where these are small they are looked at
 * on the way, the sooner the more often. */
static int looks(const ph_noise_t *self, uint64_t sweep)
{
    return !self->classes->settled ? 0 : sweep == 0 ? PARTS_FIRST : PARTS;
}

/* One sweep in random order. */
static int random_sweep(ph_noise_t *self, gsl_odeiv2_driver *driver, double *t, uint64_t sweep,
                        double *y, double *bend)
{
    const int parts = looks(self, sweep);
    for (int part = parts; part >= 0; part--) {
        if (gsl_odeiv2_driver_apply(driver, t, (double)sweep + ldexp(1.0, -part), y) != GSL_SUCCESS)
            return self->escaped                 ? PH_OK
                   : self->work > self->work_max ? PH_ERR_LIMIT
                                                 : PH_ERR_NUMERIC;
        if (parts == 0)
            return PH_OK;
        ph_noise_overlaps(self, y);
        *bend = fmax(*bend, ph_noise_bend(self, y + 2 * self->count));
    }
    return PH_OK;
}

static bool at_rest(const double *y, const double *before, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(fabs(y[i] - before[i]) <= REST * fmax(1.0, fabs(y[i]))))
            return false;
    return true;
}

/* Fills the records as far as the linear noise goes. */
static int follow(ph_noise_t *self, double *y, double *before, size_t times, const uint64_t *time,
                  ph_flow_noise_t *out)
{
    const gsl_odeiv2_system equations = {right_hand_side, NULL, self->all, self};
    gsl_odeiv2_driver *driver = gsl_odeiv2_driver_alloc_y_new(&equations, gsl_odeiv2_step_rk8pd,
                                                              1e-3, PH_NOISE_ERROR, PH_NOISE_ERROR);
    int status = driver == NULL ? PH_ERR_MEMORY : PH_OK;
    double t = 0.0, bend = 0.0, *scratch = before + self->all;
    uint64_t sweep = 0;
    bool rest = false;
    ph_noise_overlaps(self, y);
    out->complete = !ph_noise_crossed(self, true);
    for (size_t k = 0; k < times && status == PH_OK && out->complete; k++) {
        for (; sweep < time[k] && !rest && status == PH_OK && out->complete; sweep++) {
            memcpy(before, y, self->all * sizeof(*y));
            if (self->law == PH_FLOW_PERMUTED)
                status = ph_noise_permuted_sweep(self, y, looks(self, sweep), &bend);
            else if (self->law != PH_FLOW_RANDOM)
                parallel_sweep(self, y, scratch);
            else
                status = random_sweep(self, driver, &t, sweep, y, &bend);
            if (status == PH_OK && self->work > self->work_max)
                status = PH_ERR_LIMIT;
            rest = at_rest(y, before, self->all);
            ph_noise_overlaps(self, y);
            out->complete =
                !self->escaped && !ph_noise_crossed(self, false) && sweep < PH_NOISE_SWEEPS;
        }
        if (status == PH_OK && out->complete) {
            note(self, y, out, k);
            out->bend[k] = fmax(out->bend[k], bend);
        }
    }
    if (driver != NULL)
        gsl_odeiv2_driver_free(driver);
    return status;
}

void ph_flow_noise_free(ph_flow_noise_t *self)
{
    free(self->mean);
    free(self->chain);
    free(self->shared);
    free(self->bias);
    free(self->bend);
    memset(self, 0, sizeof(*self));
}

static int allocate(ph_flow_noise_t *self, size_t times, size_t size)
{
    memset(self, 0, sizeof(*self));
    self->times = times;
    self->size = size;
    double **const arrays[] = {&self->mean, &self->chain, &self->shared, &self->bias, &self->bend};
    for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]); i++) {
        const size_t count = arrays[i] == &self->bend ? times : times * size;
        double *array = malloc(count * sizeof(*array));
        if (array == NULL)
            return PH_ERR_MEMORY;
        for (size_t k = 0; k < count; k++)
            array[k] = NAN;
        *arrays[i] = array;
    }
    return PH_OK;
}

int ph_flow_noise_solve(ph_flow_noise_t *out, const ph_classes_t *classes, ph_flow_law_t law,
                        double noise, size_t times, const uint64_t *time, ph_report_t *report)
{
    return ph_flow_noise_solve_within(out, classes, law, noise, times, time, PH_FLOW_NOISE_WORK,
                                      report);
}

int ph_flow_noise_solve_within(ph_flow_noise_t *out, const ph_classes_t *classes, ph_flow_law_t law,
                               double noise, size_t times, const uint64_t *time, double work,
                               ph_report_t *report)
{
    const ph_flow_cost_t cost = {law, classes->count, classes->size, classes->features};
    ph_noise_t self = {0};
    double *y = NULL, *before = NULL;
    int status = allocate(out, times, classes->size);
    if (status == PH_OK && !ph_flow_noise_affordable(&cost, times > 0 ? time[times - 1] : 0, work))
        status = PH_ERR_LIMIT;
    if (status == PH_OK)
        status = ph_noise_init(&self, classes, law, noise);
    if (status != PH_OK)
        goto out;
    self.work_max = work;
    self.evaluation = ph_noise_evaluation(&cost);
    if (law == PH_FLOW_SEQUENTIAL) {
        status = ph_noise_sequential(&self, times, time, out);
        goto out;
    }
    y = calloc(self.all, sizeof(*y));
    before = calloc(2 * self.all, sizeof(*before));
    if (y == NULL || before == NULL) {
        status = PH_ERR_MEMORY;
        goto out;
    }
    set_start(&self, y);
    status = follow(&self, y, before, times, time, out);
out:
    ph_noise_free(&self);
    free(y);
    free(before);
    if (status != PH_OK)
        ph_flow_noise_free(out);
    out->work = self.work;
    if (status == PH_OK)
        return PH_OK;
    return ph_fail(report, status, "the fluctuations of %zu classes of neurons in %zu overlaps: %s",
                   classes->count, classes->size, ph_status_text(status));
}

size_t ph_flow_noise_small(const ph_flow_noise_t *self, size_t first, double neurons)
{
    for (size_t k = 0; k < self->times; k++)
        for (size_t a = k * self->size + first; a < (k + 1) * self->size; a++) {
            const double variance = self->chain[a] / neurons, bias = self->bias[a] / neurons;
            /* in equilibrium 2 (b/N)^2 over the variance is what the shift changes of the
             * curvature */
            if (!(variance <= 1.0 &&
                  2.0 * bias * bias <= PH_CORRECTION_NEXT * fmax(variance, 1.0 / neurons)))
                return k;
        }
    return self->times;
}
