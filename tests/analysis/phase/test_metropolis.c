/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The autocorrelation time of Metropolis, against what a small change leaves behind neuron by
 * neuron. */
#include "analysis/phase/metropolis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield/meanfield.h"
#include "tests/params/parse.h"

enum { ROWS = 32, PLACES = 250, SWEEPS = 50 };

/* Rows of two features, the second of no weight where there is one. */
typedef struct {
    int count;
    double p[ROWS], phi[ROWS][2], w[2], n[2], noise;
    double gain[ROWS], share[ROWS]; /* t' and R of the state n */
} rows_t;

static double field(const rows_t *self, int i, const double *n)
{
    return self->w[0] * n[0] * self->phi[i][0] + self->w[1] * n[1] * self->phi[i][1];
}

static void add_row(rows_t *self, double p, double a, double b)
{
    const int i = self->count++;
    self->p[i] = p;
    self->phi[i][0] = a;
    self->phi[i][1] = b;
}

/* The state that n leads to. */
static void settle(rows_t *self)
{
    for (int step = 0; step < 1000; step++) {
        double next[2] = {0.0, 0.0};
        for (int i = 0; i < self->count; i++)
            for (int a = 0; a < 2; a++)
                next[a] +=
                    self->p[i] * self->phi[i][a] * tanh(field(self, i, self->n) / self->noise);
        memcpy(self->n, next, sizeof(next));
    }
    for (int i = 0; i < self->count; i++) {
        const double h = field(self, i, self->n) / self->noise, t = tanh(h);
        self->gain[i] = (1.0 - t * t) / self->noise;
        self->share[i] = fmin(1.0, exp(2.0 * h)) + fmin(1.0, exp(-2.0 * h));
    }
}

static void overlaps(const rows_t *self, double (*spin)[PLACES], double *n)
{
    n[0] = n[1] = 0.0;
    for (int i = 0; i < self->count; i++)
        for (int x = 0; x < PLACES; x++)
            for (int a = 0; a < 2; a++)
                n[a] += self->p[i] * self->phi[i][a] * spin[i][x] / PLACES;
}

/* A sweep of the changes of spins, at every place of the order. */
static void sweep(const rows_t *self, ph_order_t order, double (*spin)[PLACES])
{
    static double before[ROWS];
    double n[2];
    overlaps(self, spin, n);
    for (int i = 0; i < self->count; i++) { /* an order drawn anew leaves no trace of the last */
        before[i] = 0.0;
        for (int x = 0; x < PLACES; x++)
            before[i] += spin[i][x] / PLACES;
    }
    for (int x = 0; x < PLACES; x++) {
        double change[2] = {0.0, 0.0};
        for (int i = 0; i < self->count; i++) {
            const double r = self->share[i], target = self->gain[i] * field(self, i, n);
            if (order == PH_ORDER_RANDOM) { /* a PLACES-th of all neurons, whoever they are */
                const double moved = r * (target - spin[i][0]) / PLACES;
                for (int a = 0; a < 2; a++)
                    change[a] += self->p[i] * self->phi[i][a] * moved;
                spin[i][0] += moved;
                continue;
            }
            const double old = order == PH_ORDER_PERMUTED ? before[i] : spin[i][x];
            spin[i][x] = (1.0 - r) * old + r * target;
            for (int a = 0; a < 2; a++)
                change[a] += self->p[i] * self->phi[i][a] * (spin[i][x] - old) / PLACES;
        }
        for (int a = 0; a < 2; a++)
            n[a] += change[a];
    }
    for (int i = 0; order == PH_ORDER_RANDOM && i < self->count; i++)
        for (int x = 1; x < PLACES; x++)
            spin[i][x] = spin[i][0];
}

/* 1/2 + sum_t of the overlap along e (of sqrt(w) n) with the change that a field along it makes;
 * the later half fades, as what goes to and fro may do so for ever. */
static double tau_along(const rows_t *self, ph_order_t order, const double *e)
{
    static double spin[ROWS][PLACES];
    double first = 0.0, sum = 0.0;
    for (int i = 0; i < self->count; i++)
        for (int x = 0; x < PLACES; x++)
            spin[i][x] = self->gain[i] * (sqrt(self->w[0]) * e[0] * self->phi[i][0] +
                                          sqrt(self->w[1]) * e[1] * self->phi[i][1]);
    for (int t = 0; t < SWEEPS; t++) {
        double n[2];
        overlaps(self, spin, n);
        const double along = sqrt(self->w[0]) * e[0] * n[0] + sqrt(self->w[1]) * e[1] * n[1];
        first = t == 0 ? along : first;
        sum += (t == 0 ? 0.5 : along / first) * fmin(1.0, 2.0 - 2.0 * t / SWEEPS);
        sweep(self, order, spin);
    }
    return sum;
}

/* The largest of both modes, by the eigenvectors of a matrix of two; whether one goes to and fro.
 */
static double tau_by_places(const rows_t *self, ph_order_t order, bool *turns)
{
    double a = 0.0, b = 0.0, c = 0.0, tau = 0.5;
    for (int i = 0; i < self->count; i++) {
        a += self->p[i] * self->gain[i] * self->w[0] * self->phi[i][0] * self->phi[i][0];
        b += self->p[i] * self->gain[i] * sqrt(self->w[0] * self->w[1]) * self->phi[i][0] *
             self->phi[i][1];
        c += self->p[i] * self->gain[i] * self->w[1] * self->phi[i][1] * self->phi[i][1];
    }
    const double angle = 0.5 * atan2(2.0 * b, a - c);
    const double e[2][2] = {{cos(angle), sin(angle)}, {-sin(angle), cos(angle)}};
    *turns = false;
    for (int k = 0; k < (self->w[1] > 0.0 ? 2 : 1); k++) {
        const double own = tau_along(self, order, e[k]);
        tau = fmax(tau, own);
        *turns = *turns || own < 0.25;
    }
    return tau;
}

/* Rows of one or two stored patterns, or of one with two examples; overlaps begin at n. */
static rows_t make_rows(int patterns, int examples, double d, double quality, double noise)
{
    rows_t rows = {.w = {1.0, patterns + examples > 1 ? 1.0 : 0.0}, .noise = noise};
    for (int a = -1; a <= 1; a++)
        for (int b = -1; b <= 1; b++) {
            const double p = a == 0 ? d : 0.5 * (1.0 - d), q = b == 0 ? d : 0.5 * (1.0 - d);
            if (examples == 0)
                add_row(&rows, patterns == 2 ? p * q : p / 3.0, a, patterns == 2 ? b : 0.0);
            else if (a != 0 && b != 0) /* both not blank, alike or not */
                add_row(&rows,
                        (1.0 - d) * (a == b ? 1.0 + quality * quality : 1.0 - quality * quality) /
                            4.0,
                        a, b);
        }
    if (examples > 0)
        add_row(&rows, d, 0.0, 0.0);
    rows.n[0] = 0.7;
    rows.n[1] = examples > 0 ? 0.7 : 0.1;
    return rows;
}

static void compare(const char *network, const char *noise, rows_t *rows, bool apart)
{
    static const char *const orders[PH_ORDER_COUNT] = {"random", "permuted", "sequential"};
    settle(rows);
    for (int order = 0; order < PH_ORDER_COUNT; order++) {
        char text[512];
        ph_grid_t grid;
        double tau;
        bool turns;
        snprintf(text, sizeof(text),
                 "network: { neurons: 1000, normalization: %s, %s }\nnoise: %s\n"
                 "dynamics: { sampler: metropolis, order: %s, sweeps: 9 }\n",
                 rows->w[0] == 1.0 || apart ? "none" : "variance", network, noise, orders[order]);
        parse(&grid, text);
        const double quality = apart ? 0.6 : 1.0;
        const double n[2] = {rows->n[0] / quality, rows->n[1]};
        const double wanted = tau_by_places(rows, grid.points[0].order, &turns);
        ck_assert_int_eq(ph_metropolis_tau(&grid.points[0], grid.average, n, apart, &tau), PH_OK);
        if (turns)
            ck_assert_msg(isnan(tau), "%s", text);
        else
            ck_assert_msg(fabs(tau / wanted - 1.0) < 8e-3, "%s: %g, by places %g", text, tau,
                          wanted);
        ph_grid_free(&grid);
    }
}

START_TEST(stored)
{
    rows_t rows = make_rows(1, 0, 0.0, 1.0, 0.8);
    compare("patterns: 1, dilution: 0", "0.8", &rows, false);
    rows = make_rows(2, 0, 0.3, 1.0, 0.14);
    compare("patterns: 2, dilution: 0.3", "0.14", &rows, false);
    rows = make_rows(2, 0, 0.3, 1.0, 0.5);
    compare("patterns: 2, dilution: 0.3", "0.5", &rows, false);
    rows = make_rows(2, 0, 0.3, 1.0, 0.9);
    compare("patterns: 2, dilution: 0.3", "0.9", &rows, false);
    rows = make_rows(2, 0, 0.3, 1.0, 0.7);
    rows.w[0] = rows.w[1] = 1.0 / 0.7; /* normalization variance */
    compare("patterns: 2, dilution: 0.3", "0.7", &rows, false);
}
END_TEST

/* Of two examples of a pattern, together and apart; supervised only together. */
START_TEST(learned)
{
    rows_t rows = make_rows(1, 2, 0.2, 0.6, 0.9);
    rows.w[0] = rows.w[1] = 1.0 / (2.0 * 0.6 * 0.6);
    compare("rule: unsupervised, patterns: 1, dilution: 0.2, examples: 2, quality: 0.6", "0.9",
            &rows, true);
}
END_TEST

/* Examples in their Gaussian limit have no rows. */
START_TEST(unknown)
{
    ph_grid_t grid;
    const double n[] = {0.5};
    double tau = 1.0;
    parse(&grid, "network: { rule: supervised, neurons: 1000, patterns: 1, examples: 40, quality: "
                 "0.5 }\nnoise: 0.5\ndynamics: { sampler: metropolis, sweeps: 9 }\n");
    ck_assert_int_eq(ph_metropolis_tau(&grid.points[0], PH_AVERAGE_GAUSSIAN, n, false, &tau),
                     PH_OK);
    ck_assert(isnan(tau));
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_MAIN("metropolis", stored, learned, unknown)
