/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/flow/noise_sequential_private.h"
#include "analysis/flow/noise_work_private.h"

#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/flow/sites.h"

static const double ROOM_MAX = 5e6;   /* numbers of the covariance of a window */
static const double PRECISION = 1e-5; /* of max(1, value), at which halving the cells ends */
static const double TOLERABLE = 1e-3; /* the same, with the smallest cells there are */
static const double REST = 1e-12;
static const double FIXED = 1e-15;
enum { ITERATIONS = 200 };

/*
 * Overlaps are sums over the last sweep, o(t) = int_{t-1}^t dY: every update replaces the spin that
 * its site got a sweep ago. A sweep is cut into cells; Y_g are the moves in cell g, their last
 * values a window of one sweep. A step replaces one of them, with the fields of the middle of its
 * cell (the implicit midpoint rule, of second order in the width w):
 *   mean     Y = w F(o - Y_old/2 + Y/2)
 *   noise    y = w J (u - y_old/2 + y/2) + thermal noise of variance w E[phi phi (1 - t^2)]
 *   bias     z = w [J (b - z_old/2 + z/2) + pull of section 9 with the covariance of u]
 * Carried along are Cov(y_g, y_h), Cov(u, y_g) and Cov(u, u).
 */
typedef struct {
    ph_noise_t *noise;
    size_t cells, n;
    double *room;
    double *cov;                /* [cells][cells][n][n] */
    double *with;               /* [cells][n][n]: Cov(u, y_g) */
    double *sigma, *last;       /* [n][n]: Cov(u, u), now and before the step */
    double *gain;               /* [n][n]: (1 - w J/2)^-1 w J */
    double *spread;             /* [n][n]: (1 - w J/2)^-1 w E[phi phi (1 - t^2)] (...)^T */
    double *matrix, *product;   /* [n][n] */
    double *inverse;            /* [n][n] */
    double *move, *lag;         /* [cells][n]: Y, z */
    double *spin;               /* [cells][count]: mean spins of the sites of a cell */
    double *o, *b, *mid, *pull; /* [n] */
} window_t;

bool ph_noise_cells_room(size_t size, double cells)
{
    return pow(cells * (double)size, 2) <= ROOM_MAX;
}

static int window_init(window_t *self, ph_noise_t *noise, size_t cells)
{
    const size_t n = noise->size, square = n * n;
    *self = (window_t){.noise = noise, .cells = cells, .n = n};
    double **const arrays[] = {&self->cov,     &self->with,   &self->sigma,  &self->last,
                               &self->gain,    &self->spread, &self->matrix, &self->product,
                               &self->inverse, &self->move,   &self->lag,    &self->spin,
                               &self->o,       &self->b,      &self->mid,    &self->pull};
    const size_t sizes[] = {cells * cells * square,
                            cells * square,
                            square,
                            square,
                            square,
                            square,
                            square,
                            square,
                            square,
                            cells * n,
                            cells * n,
                            cells * noise->count,
                            n,
                            n,
                            n,
                            n};
    size_t all = 0, at = 0;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        all += sizes[i];
    self->room = calloc(all, sizeof(*self->room));
    if (self->room == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); at += sizes[i], i++)
        *arrays[i] = self->room + at;
    return PH_OK;
}

/* The start as the sweep before the first: neurons of every class in every cell. */
static void window_start(window_t *self)
{
    const ph_classes_t *classes = self->noise->classes;
    const size_t n = self->n, square = n * n, count = classes->count;
    const double width = 1.0 / (double)self->cells;
    for (size_t g = 0; g < self->cells; g++) {
        double *own = self->cov + (g * self->cells + g) * square;
        for (size_t c = 0; c < count; c++) {
            const double s = classes->start[c], *phi = classes->phi + c * n;
            self->spin[g * count + c] = s;
            for (size_t a = 0; a < n; a++) {
                self->move[g * n + a] += width * classes->share[c] * s * phi[a];
                for (size_t b = 0; b < n; b++)
                    own[a * n + b] += width * classes->share[c] * (1.0 - s * s) * phi[a] * phi[b];
            }
        }
        memcpy(self->with + g * square, own, square * sizeof(*own));
        for (size_t i = 0; i < square; i++)
            self->sigma[i] += own[i];
        for (size_t a = 0; a < n; a++)
            self->o[a] += self->move[g * n + a];
    }
}

/* out = left right (right^T with `turned`) */
static void multiply(size_t n, const double *left, const double *right, bool turned, double *out)
{
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            double sum = 0.0;
            for (size_t p = 0; p < n; p++)
                sum += left[a * n + p] * (turned ? right[b * n + p] : right[p * n + b]);
            out[a * n + b] = sum;
        }
}

/* The mean of cell g anew; leaves fields, spins and J (of F) of its middle in the noise. Returns
 * how many iterations it took. */
static int move_mean(window_t *self, size_t g)
{
    ph_noise_t *noise = self->noise;
    const size_t n = self->n;
    double *move = self->move + g * n, change = INFINITY;
    const double width = 1.0 / (double)self->cells;
    for (size_t a = 0; a < n; a++)
        self->mid[a] = move[a];
    int i = 0;
    for (; i < ITERATIONS && change > FIXED; i++) {
        change = 0.0;
        for (size_t a = 0; a < n; a++)
            noise->overlap[a] = self->o[a] - 0.5 * move[a] + 0.5 * self->mid[a];
        ph_noise_fields(noise);
        ph_noise_drift(noise);
        for (size_t a = 0; a < n; a++) {
            const double next = width * (noise->drift[a] + noise->overlap[a]);
            change = fmax(change, fabs(next - self->mid[a]));
            self->mid[a] = next;
        }
    }
    for (size_t a = 0; a < n; a++) {
        self->o[a] += self->mid[a] - move[a];
        move[a] = self->mid[a];
        noise->jacobian[a * (n + 1)] += 1.0;
    }
    return i;
}

/* (1 - w J/2)^-1, the gain and the spread of a step. False where a cell is too wide for them. */
static bool find_response(window_t *self)
{
    const ph_noise_t *noise = self->noise;
    const ph_classes_t *classes = noise->classes;
    const size_t n = self->n, square = n * n;
    const double width = 1.0 / (double)self->cells;
    size_t order[PH_NOISE_SEQUENTIAL_MAX];
    int sign;
    gsl_permutation permutation = {n, order};
    for (size_t i = 0; i < square; i++)
        self->matrix[i] = (i % (n + 1) == 0 ? 1.0 : 0.0) - 0.5 * width * noise->jacobian[i];
    gsl_matrix_view matrix = gsl_matrix_view_array(self->matrix, n, n);
    gsl_matrix_view inverse = gsl_matrix_view_array(self->inverse, n, n);
    if (gsl_linalg_LU_decomp(&matrix.matrix, &permutation, &sign) != 0 ||
        gsl_linalg_LU_invert(&matrix.matrix, &permutation, &inverse.matrix) != 0)
        return false;
    memset(self->spread, 0, square * sizeof(*self->spread));
    for (size_t i = 0; i < square; i++)
        self->matrix[i] = width * noise->jacobian[i];
    multiply(n, self->inverse, self->matrix, false, self->gain);
    for (size_t c = 0; c < noise->count; c++) {
        const double *phi = classes->phi + c * n, t = noise->spin[c];
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b < n; b++)
                self->spread[a * n + b] +=
                    width * classes->share[c] * (1.0 - t * t) * phi[a] * phi[b];
    }
    multiply(n, self->inverse, self->spread, false, self->product);
    multiply(n, self->product, self->inverse, true, self->spread);
    return true;
}

/* Covariances with cell h != g, and what they add to that of the new move with u. */
static void move_other(window_t *self, size_t g, size_t h, double *with_new)
{
    const size_t n = self->n, square = n * n;
    double *own = self->cov + (g * self->cells + h) * square;
    double *turned = self->cov + (h * self->cells + g) * square;
    double *with = self->with + h * square;
    for (size_t i = 0; i < square; i++) {
        self->matrix[i] = with[i] - 0.5 * own[i];
        with[i] -= own[i];
    }
    multiply(n, self->gain, self->matrix, false, own);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            const double value = own[a * n + b];
            with[a * n + b] += value;
            turned[b * n + a] = value;
            with_new[b * n + a] += value;
        }
}

static void move_noise(window_t *self, size_t g)
{
    const size_t n = self->n, square = n * n;
    double *own = self->cov + (g * self->cells + g) * square, *with = self->with + g * square;
    memcpy(self->last, self->sigma, square * sizeof(*self->sigma));
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            self->matrix[a * n + b] = self->sigma[a * n + b] + 0.25 * own[a * n + b] -
                                      0.5 * (with[a * n + b] + with[b * n + a]);
    multiply(n, self->gain, self->matrix, false, self->product);
    multiply(n, self->product, self->gain, true, own);
    for (size_t i = 0; i < square; i++) {
        own[i] += self->spread[i];
        with[i] = own[i];
    }
    for (size_t h = 0; h < self->cells; h++)
        if (h != g)
            move_other(self, g, h, with);
    memset(self->sigma, 0, square * sizeof(*self->sigma));
    for (size_t i = 0; i < self->cells * square; i++)
        self->sigma[i % square] += self->with[i];
}

static void move_bias(window_t *self, size_t g)
{
    const size_t n = self->n, count = self->noise->count;
    double *lag = self->lag + g * n, *spin = self->spin + g * count;
    memset(self->pull, 0, n * sizeof(*self->pull));
    for (size_t i = 0; i < n * n; i++)
        self->matrix[i] = 0.5 * (self->last[i] + self->sigma[i]);
    ph_noise_pull(self->noise, self->matrix, spin, self->pull);
    for (size_t a = 0; a < n; a++) {
        self->mid[a] = 0.0;
        for (size_t p = 0; p < n; p++)
            self->mid[a] += self->gain[a * n + p] * (self->b[p] - 0.5 * lag[p]) +
                            self->inverse[a * n + p] * self->pull[p] / (double)self->cells;
    }
    for (size_t a = 0; a < n; a++) {
        self->b[a] += self->mid[a] - lag[a];
        lag[a] = self->mid[a];
    }
    memcpy(spin, self->noise->spin, count * sizeof(*spin));
}

/* One sweep. False where linear noise ends, or cells are too wide. */
static bool window_sweep(window_t *self)
{
    const ph_flow_cost_t cost = ph_noise_cost(self->noise);
    for (size_t g = 0; g < self->cells; g++) {
        const int iterations = move_mean(self, g);
        self->noise->work += ph_noise_cell(&cost, (double)self->cells, iterations);
        if (ph_noise_crossed(self->noise, false) || !find_response(self))
            return false;
        move_noise(self, g);
        move_bias(self, g);
    }
    for (size_t a = 0; a < self->n; a++)
        if (!(self->sigma[a * (self->n + 1)] < PH_NOISE_LARGEST))
            return false;
    return true;
}

/* o, N Var and b into record[3][n]; whether they are those that were there before. */
static bool note(const window_t *self, double *record)
{
    bool same = true;
    for (size_t a = 0; a < self->n; a++) {
        const double values[] = {self->o[a], self->sigma[a * (self->n + 1)], self->b[a]};
        for (size_t i = 0; i < 3; i++) {
            same = same &&
                   fabs(values[i] - record[i * self->n + a]) <= REST * fmax(1.0, fabs(values[i]));
            record[i * self->n + a] = values[i];
        }
    }
    return same;
}

/* All records [times][3][n] with cells of one width, and their bends; `found`: how many there are.
 */
static int pass(ph_noise_t *noise, size_t cells, size_t times, const uint64_t *time,
                double *records, double *bend, size_t *found)
{
    window_t window;
    const size_t width = 3 * noise->size;
    uint64_t sweep = 0;
    unsigned still = 0;
    double *now = calloc(width, sizeof(*now));
    int status = window_init(&window, noise, cells);
    *found = 0;
    if (now == NULL)
        status = PH_ERR_MEMORY;
    if (status != PH_OK)
        goto out;
    window_start(&window);
    memcpy(noise->overlap, window.o, noise->size * sizeof(double));
    bool good = !ph_noise_crossed(noise, true);
    note(&window, now);
    for (size_t k = 0; k < times && good; k++) {
        for (; sweep < time[k] && still < 2 && good; sweep++) {
            good = sweep < PH_NOISE_SWEEPS && window_sweep(&window);
            if (noise->work > noise->work_max) {
                status = PH_ERR_LIMIT;
                goto out;
            }
            still = note(&window, now) ? still + 1 : 0;
        }
        memcpy(records + k * width, now, width * sizeof(*now));
        memcpy(noise->overlap, window.o, noise->size * sizeof(double));
        bend[k] = ph_noise_bend(noise, window.sigma);
        *found += good;
    }
out:
    free(window.room);
    free(now);
    return status;
}

/*
 * Richardson's extrapolation of two passes, fine[] with half the width of coarse[], into coarse[].
 */
static void extrapolate(size_t numbers, double *coarse, const double *fine)
{
    for (size_t i = 0; i < numbers; i++)
        coarse[i] = (4.0 * fine[i] - coarse[i]) / 3.0;
}

/* How many of the records [times][width] differ by no more than the tolerance. */
static size_t agreeing(size_t times, size_t width, const double *a, const double *b,
                       double tolerance)
{
    for (size_t i = 0; i < times * width; i++)
        if (!(fabs(a[i] - b[i]) <= tolerance * fmax(1.0, fabs(a[i]))))
            return i / width;
    return times;
}

/* The records as far as they are right, in best[]; `found`: how many. */
static int refine(ph_noise_t *self, size_t times, const uint64_t *time, double *best, double *bend,
                  size_t *found)
{
    const size_t width = 3 * self->size, numbers = times * width;
    double *coarse = malloc(3 * numbers * sizeof(*coarse));
    size_t passed, before = 0;
    if (coarse == NULL)
        return PH_ERR_MEMORY;
    double *fine = coarse + numbers, *previous = fine + numbers;
    int status = pass(self, PH_NOISE_CELLS_MIN, times, time, coarse, bend, &before);
    *found = 0;
    for (size_t cells = 2 * PH_NOISE_CELLS_MIN; status == PH_OK && cells <= PH_NOISE_CELLS_MAX;
         cells *= 2) {
        if (!ph_noise_cells_room(self->size, (double)cells))
            break;
        status = pass(self, cells, times, time, fine, bend, &passed);
        const size_t common = passed < before ? passed : before;
        memcpy(previous, best, numbers * sizeof(*best));
        memcpy(best, coarse, numbers * sizeof(*best));
        extrapolate(common * width, best, fine);
        memcpy(coarse, fine, numbers * sizeof(*fine));
        before = passed;
        if (cells == 2 * PH_NOISE_CELLS_MIN) /* nothing to compare with */
            continue;
        *found = agreeing(common, width, best, previous, TOLERABLE);
        if (agreeing(common, width, best, previous, PRECISION) == common)
            break;
    }
    free(coarse);
    return status;
}

int ph_noise_sequential(ph_noise_t *self, size_t times, const uint64_t *time, ph_flow_noise_t *out)
{
    const size_t n = self->size;
    const bool sites = self->classes->site != NULL;
    size_t found = 0;
    ph_flow_end_t end = {.complete = true};
    double *records = calloc(3 * times * n, sizeof(*records));
    double *path = malloc(times * n * sizeof(*path));
    int status = records == NULL || path == NULL ? PH_ERR_MEMORY : PH_OK;
    if (status == PH_OK)
        status = refine(self, times, time, records, out->bend, &found);
    if (status == PH_OK && sites)
        status = ph_flow_sites(self->classes, self->noise, times, time, path, &end);
    for (size_t k = 0; k < found && status == PH_OK; k++)
        for (size_t a = 0; a < n; a++) {
            const double *record = records + 3 * k * n;
            out->mean[k * n + a] = sites ? path[k * n + a] : record[a];
            out->chain[k * n + a] = record[n + a];
            out->shared[k * n + a] = 0.0; /* the order is the same in all chains */
            out->bias[k * n + a] = sites ? record[2 * n + a] : (double)NAN;
        }
    out->complete = found == times && end.complete;
    free(records);
    free(path);
    return status;
}
