/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/snr/step_private.h"
#include "base/status.h"

enum { DRAWN_MAX = 20 };
static const double PI = 3.14159265358979323846;

/* The coins that some field sees. */
typedef struct {
    const ph_coupling_t *coupling;
    const double *spins;
    size_t count, *site; /* [count] neurons */
    double tie, work;
} coins_t;

static bool is_coin(const coins_t *self, size_t i)
{
    return fabs(self->spins[i]) < 1.0 && self->coupling->self[i] > 0.0;
}

static double sign_of(double field, double tie)
{
    return field > tie ? 1.0 : field < -tie ? -1.0 : 0.0;
}

/* What is left of the fields when the first coins have fallen, one level a coin. */
typedef struct {
    const coins_t *coins;
    size_t neurons;
    double *bonds, *fields; /* [count][neurons] of J_ij; [count + 1][neurons] */
    double *sign;
} draws_t;

static void walk(const draws_t *self, size_t level, double weight)
{
    const size_t n = self->neurons;
    const double *here = self->fields + level * n;
    if (level == self->coins->count) {
        for (size_t i = 0; i < n; i++)
            self->sign[i] += weight * sign_of(here[i], self->coins->tie);
        return;
    }
    const double *bond = self->bonds + level * n;
    const double mean = self->coins->spins[self->coins->site[level]];
    double *next = self->fields + (level + 1) * n;
    for (int spin = -1; spin <= 1; spin += 2) {
        for (size_t i = 0; i < n; i++)
            next[i] = here[i] + spin * bond[i];
        walk(self, level + 1, weight * 0.5 * (1.0 + spin * mean));
    }
}

/* All draws of the coins. The mean of a field has every coin at its own mean, which is taken out.
 */
static int by_draws(ph_step_t *self, const coins_t *coins)
{
    const size_t n = self->neurons;
    draws_t draws = {.coins = coins, .neurons = n, .sign = self->sign};
    draws.bonds = malloc((coins->count + 1) * n * sizeof(double)); /* none is no lack of memory */
    draws.fields = malloc((coins->count + 1) * n * sizeof(double));
    const int status = draws.bonds == NULL || draws.fields == NULL ? PH_ERR_MEMORY : PH_OK;
    if (status == PH_OK) {
        memcpy(draws.fields, self->mean, n * sizeof(double));
        memset(self->sign, 0, n * sizeof(double));
        for (size_t k = 0; k < coins->count; k++)
            for (size_t i = 0; i < n; i++) {
                const size_t j = coins->site[k];
                const double bond = i != j ? ph_step_bond(coins->coupling, i, j) / (double)n : 0.0;
                draws.bonds[k * n + i] = bond;
                draws.fields[i] -= bond * coins->spins[j];
            }
        walk(&draws, 0, 1.0);
    }
    free(draws.bonds);
    free(draws.fields);
    return status;
}

/* sum_p phi_ip phi_jp: N J_ij in units of the one weight. */
static int64_t whole_bond(const ph_coupling_t *coupling, size_t i, size_t j)
{
    const size_t features = (size_t)coupling->features;
    const int16_t *row = coupling->phi + i * features, *other = coupling->phi + j * features;
    int64_t sum = 0;
    for (size_t p = 0; p < features; p++)
        sum += (int64_t)row[p] * other[p];
    return sum;
}

/* The largest |sum| that coins can make of the field of a neuron. */
static double reach_of(const coins_t *self, const double *sizes, size_t i)
{
    const size_t features = (size_t)self->coupling->features;
    double sum = 0.0;
    for (size_t p = 0; p < features; p++)
        sum += abs(self->coupling->phi[i * features + p]) * sizes[p];
    return sum;
}

/* E[sign h_i] by the law of the sum of coins, law[2 reach + 1], in whole numbers. */
static double by_sum(const coins_t *self, size_t i, double *law, double *next, int64_t reach)
{
    const size_t neurons = (size_t)self->coupling->neurons;
    int64_t set = 0, far = 0;
    double sign = 0.0;
    memset(law, 0, (size_t)(2 * reach + 1) * sizeof(*law));
    law[reach] = 1.0;
    for (size_t j = 0; j < neurons; j++) {
        const int64_t bond = j != i ? whole_bond(self->coupling, i, j) : 0, step = llabs(bond);
        if (!is_coin(self, j)) {
            set += bond * (int64_t)self->spins[j];
            continue;
        }
        if (step == 0)
            continue;
        const double up = 0.5 * (1.0 + (bond > 0 ? 1.0 : -1.0) * self->spins[j]);
        memset(next + (reach - far - step), 0, (size_t)(2 * (far + step) + 1) * sizeof(*next));
        for (int64_t k = reach - far; k <= reach + far; k++) {
            next[k + step] += up * law[k];
            next[k - step] += (1.0 - up) * law[k];
        }
        far += step;
        memcpy(law + (reach - far), next + (reach - far), (size_t)(2 * far + 1) * sizeof(*law));
    }
    for (int64_t k = -far; k <= far; k++)
        sign += law[reach + k] * (double)((set + k > 0) - (set + k < 0));
    return sign;
}

/* A neuron before i that sees what i does, or all of it turned (*turn -1); i: there is none. */
static size_t find_like(const coins_t *self, const size_t *kinds, size_t count, size_t i,
                        double *turn)
{
    const size_t features = (size_t)self->coupling->features;
    const int16_t *row = self->coupling->phi + i * features;
    for (size_t k = 0; k < count; k++) {
        const int16_t *other = self->coupling->phi + kinds[k] * features;
        for (int way = 1; way >= -1; way -= 2) {
            bool alike = self->spins[i] == way * self->spins[kinds[k]];
            for (size_t p = 0; p < features && alike; p++)
                alike = row[p] == way * other[p];
            *turn = way;
            if (alike)
                return kinds[k];
        }
    }
    *turn = 1.0;
    return i;
}

/* *done: it was not too much work. */
static int by_sums(ph_step_t *self, const coins_t *coins, bool *done)
{
    const ph_coupling_t *coupling = coins->coupling;
    const size_t n = self->neurons, features = (size_t)coupling->features;
    double most = 0.0, *sizes = calloc(features, sizeof(*sizes)), *law = NULL, *next = NULL;
    size_t count = 0, *kinds = malloc(n * sizeof(*kinds));
    int status = sizes == NULL || kinds == NULL ? PH_ERR_MEMORY : PH_OK;
    *done = false;
    for (size_t k = 0; status == PH_OK && k < coins->count; k++)
        for (size_t p = 0; p < features; p++)
            sizes[p] += abs(coupling->phi[coins->site[k] * features + p]);
    for (size_t i = 0; status == PH_OK && i < n; i++)
        most = fmax(most, reach_of(coins, sizes, i));
    const double each = (2.0 * most + 1.0) * (double)coins->count, kinds_max = coins->work / each;
    if (status == PH_OK && kinds_max >= 1.0) {
        law = malloc((size_t)(2.0 * most + 1.0) * sizeof(*law));
        next = malloc((size_t)(2.0 * most + 1.0) * sizeof(*next));
        status = law == NULL || next == NULL ? PH_ERR_MEMORY : PH_OK;
        *done = true;
    }
    for (size_t i = 0; status == PH_OK && *done && i < n; i++) {
        double turn;
        const size_t like = find_like(coins, kinds, count, i, &turn);
        if (like == i) {
            *done = (double)count + 1.0 <= kinds_max;
            kinds[count++] = i;
        }
        if (*done)
            self->sign[i] =
                like == i ? by_sum(coins, i, law, next, (int64_t)most) : turn * self->sign[like];
    }
    free(sizes);
    free(law);
    free(next);
    free(kinds);
    return status;
}

/* Fields normal over the draws. With n coins alike the sum of these is off by 1/sqrt n where a
 * field of 0 is not halfway between its values, or where they are loaded, and by 1/n in shape. */
static int by_normal(ph_step_t *self, const coins_t *coins)
{
    const ph_coupling_t *coupling = coins->coupling;
    const size_t n = self->neurons, features = (size_t)coupling->features;
    double *largest = calloc(features, sizeof(*largest));
    if (largest == NULL)
        return PH_ERR_MEMORY;
    for (size_t k = 0; k < coins->count; k++)
        for (size_t p = 0; p < features; p++)
            largest[p] = fmax(largest[p], coupling->weights[p] *
                                              abs(coupling->phi[coins->site[k] * features + p]));
    for (size_t i = 0; i < n; i++) {
        const double spread = sqrt(self->variance[i]);
        double bond = 0.0;
        self->sign[i] = ph_step_mean_sign(self->mean[i], spread, coins->tie);
        self->allowance[i] = 0.0;
        if (!(spread > coins->tie))
            continue;
        for (size_t p = 0; p < features; p++)
            bond += largest[p] * abs(coupling->phi[i * features + p]) / (double)n;
        const double x = self->mean[i] / spread, one = bond / spread;
        self->allowance[i] = fmin(1.0, (one * (1.0 + x * x) + one * one * (1.0 + pow(fabs(x), 3))) *
                                           exp(-0.5 * x * x) / sqrt(2.0 * PI));
    }
    free(largest);
    self->law = PH_STEP_GAUSSIAN;
    return PH_OK;
}

static bool few(const coins_t *self)
{
    return self->count <= DRAWN_MAX &&
           ldexp((double)self->coupling->neurons, (int)self->count) <= self->work;
}

int ph_step_coins(ph_step_t *self, const ph_coupling_t *coupling, const double *spins, double tie,
                  double work)
{
    coins_t coins = {.coupling = coupling, .spins = spins, .tie = tie, .work = work};
    bool done = false;
    int status = PH_OK;
    coins.site = malloc(self->neurons * sizeof(*coins.site));
    if (coins.site == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; i < self->neurons; i++)
        if (is_coin(&coins, i))
            coins.site[coins.count++] = i;
    if (few(&coins)) {
        status = by_draws(self, &coins);
        done = true;
    } else if (coupling->equal_weights && coupling->weights[0] > 0.0) {
        status = by_sums(self, &coins, &done);
    }
    if (status == PH_OK && !done)
        status = by_normal(self, &coins);
    free(coins.site);
    return status;
}
