/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield/meanfield_private.h"

/* Values rarer than this are left out: below rounding in every average. */
static const double RARE = 1e-22;

enum { ARRAYS = 8 };

int ph_local_init(ph_local_t *self, size_t capacity)
{
    memset(self, 0, sizeof(*self));
    double *all = calloc(ARRAYS * capacity, sizeof(double));
    if (all == NULL)
        return PH_ERR_MEMORY;
    double **const arrays[ARRAYS] = {&self->phi,         &self->xi,     &self->probability,
                                     &self->variance,    &self->pair,   &self->pair_mixed,
                                     &self->pair_square, &self->example};
    for (size_t k = 0; k < ARRAYS; k++)
        *arrays[k] = all + k * capacity;
    self->members = 1;
    return PH_OK;
}

void ph_local_free(ph_local_t *self)
{
    free(self->phi);
    memset(self, 0, sizeof(*self));
}

/* Moves value j of a component to place i, with `factor` times its probability. */
static void local_move(ph_local_t *self, size_t i, size_t j, double factor)
{
    double *const arrays[ARRAYS] = {self->phi,  self->xi,         self->probability, self->variance,
                                    self->pair, self->pair_mixed, self->pair_square, self->example};
    for (size_t k = 0; k < ARRAYS; k++)
        arrays[k][i] = arrays[k][j];
    self->probability[i] *= factor;
}

void ph_local_halve(ph_local_t *self)
{
    const size_t count = self->count;
    self->count = 0;
    for (size_t j = 0; j < count; j++)
        if (self->phi[j] >= 0.0)
            local_move(self, self->count++, j, self->phi[j] > 0.0 ? 2.0 : 1.0);
}

void ph_binomial(size_t count, double p, double *out)
{
    size_t top = (size_t)(p * (double)(count + 1));
    double total = 1.0; /* from the most likely number outwards */
    if (top > count)
        top = count;
    memset(out, 0, (count + 1) * sizeof(*out));
    out[top] = 1.0;
    for (size_t k = top; k < count; k++)
        total += out[k + 1] = out[k] * (double)(count - k) / (double)(k + 1) * p / (1.0 - p);
    for (size_t k = top; k > 0; k--)
        total += out[k - 1] = out[k] * (double)k / (double)(count - k + 1) * (1.0 - p) / p;
    for (size_t k = 0; k <= count; k++)
        out[k] /= total;
}

/*
 * Probabilities of the sum of `count` entries 0 (probability s) or +-1 evenly, out[2 count + 1]:
 * coefficients of (p + s x + p x^2)^count by their recurrence, all terms positive.
 */
static void blank_sums(size_t count, double s, double *out)
{
    const double p = 0.5 * (1.0 - s);
    double total = 0.0;
    memset(out, 0, (2 * count + 1) * sizeof(*out));
    if (p <= 0.0 || count == 0) {
        out[count] = 1.0;
        return;
    }
    out[0] = 1.0;
    for (size_t k = 1; k <= count; k++) {
        out[k] = (double)(count - k + 1) * s * out[k - 1];
        if (k > 1)
            out[k] += (double)(2 * count - k + 2) * p * out[k - 2];
        out[k] /= (double)k * p;
        if (out[k] > 1e200)
            for (size_t j = 0; j <= k; j++)
                out[j] *= 1e-250;
    }
    for (size_t k = 0; k < count; k++)
        out[2 * count - k] = out[k];
    for (size_t k = 0; k <= 2 * count; k++)
        total += out[k];
    for (size_t k = 0; k <= 2 * count; k++)
        out[k] /= total;
}

/* Law of a sum S of examples on the integers -reach to reach. */
typedef struct {
    size_t reach;
    double *p;       /* [2 reach + 1] probability */
    double *xi;      /* p times the mean pattern entry */
    double *square;  /* p times the mean of S^2 over members */
    double *example; /* p times the mean of (b M - S^2)/(M (M - 1)) over members */
} ph_lattice_t;

static int lattice_init(ph_lattice_t *self, size_t reach)
{
    const size_t size = 2 * reach + 1;
    self->reach = reach;
    self->p = calloc(4 * size, sizeof(double));
    if (self->p == NULL)
        return PH_ERR_MEMORY;
    self->xi = self->p + size;
    self->square = self->xi + size;
    self->example = self->square + size;
    return PH_OK;
}

/* One pattern with M examples; storage is M = 1, r = 1, s = 1. */
static int lattice_pattern(ph_lattice_t *self, const ph_example_law_t *law)
{
    const size_t count = (size_t)law->examples, size = 2 * count + 1;
    const double d = law->dilution, m = law->examples, p = 0.5 * (1.0 - law->fidelity);
    int status = lattice_init(self, count);
    double *work = malloc((2 * size + 2) * sizeof(*work));
    if (status != PH_OK || work == NULL) {
        free(work);
        return PH_ERR_MEMORY;
    }
    double *blank = work, *fewer = work + size + 1;
    ph_binomial(count, 0.5 * (1.0 + law->quality), work);
    for (size_t k = 0; k <= count; k++) {
        const double part = 0.5 * (1.0 - d) * work[k];
        self->p[2 * k] += part;
        self->p[2 * (count - k)] += part;
        self->xi[2 * k] += part;
        self->xi[2 * (count - k)] -= part;
    }
    const double pairs = count > 1 ? m * (m - 1.0) : 1.0;
    for (size_t i = 0; i < size; i++) {
        const double sum = (double)i - m;
        self->example[i] = self->p[i] * (m * m - sum * sum) / pairs;
    }
    blank_sums(count, law->fidelity, blank);
    blank_sums(count - 1, law->fidelity, fewer); /* of all entries but one */
    for (size_t i = 0; i < size; i++) {
        const double sum = (double)i - m;
        const double filled = (i >= 2 ? fewer[i - 2] : 0.0) + (i + 2 < size ? fewer[i] : 0.0);
        self->p[i] += d * blank[i];
        self->example[i] += d * (m * m * p * filled - sum * sum * blank[i]) / pairs;
        self->square[i] = self->p[i] * sum * sum;
    }
    free(work);
    return PH_OK;
}

static void convolve(const double *a, size_t reach_a, const double *b, size_t reach_b, double *out)
{
    for (size_t i = 0; i <= 2 * reach_a; i++)
        for (size_t j = 0; a[i] != 0.0 && j <= 2 * reach_b; j++)
            out[i + j] += a[i] * b[j];
}

/* One more member: means over members are those of any one of them. */
static int lattice_grow(ph_lattice_t *self, const ph_lattice_t *one)
{
    ph_lattice_t sum;
    int status = lattice_init(&sum, self->reach + one->reach);
    if (status != PH_OK)
        return status;
    convolve(one->p, one->reach, self->p, self->reach, sum.p);
    convolve(one->xi, one->reach, self->p, self->reach, sum.xi);
    convolve(one->square, one->reach, self->p, self->reach, sum.square);
    convolve(one->example, one->reach, self->p, self->reach, sum.example);
    free(self->p);
    *self = sum;
    return PH_OK;
}

static int local_from_lattice(ph_local_t *self, const ph_lattice_t *lattice,
                              const ph_example_law_t *law, int64_t members)
{
    const double scale = 1.0 / (law->examples * law->quality), l = (double)members;
    const size_t size = 2 * lattice->reach + 1;
    int status = ph_local_init(self, size);
    if (status != PH_OK)
        return status;
    self->members = members;
    for (size_t i = 0; i < size; i++) {
        const double p = lattice->p[i], sum = (double)i - (double)lattice->reach;
        const size_t j = self->count;
        if (p <= RARE)
            continue;
        self->phi[j] = scale * sum / l;
        self->xi[j] = lattice->xi[i] / p;
        self->probability[j] = p;
        if (members > 1)
            self->pair[j] =
                scale * scale * (l * lattice->square[i] / p - sum * sum / l) / (l - 1.0);
        self->example[j] = lattice->example[i] / p / (law->examples * law->quality * law->quality);
        self->count++;
    }
    return PH_OK;
}

int ph_local_exact(ph_local_t *self, const ph_example_law_t *law, int64_t members)
{
    ph_lattice_t one = {0}, all = {0};
    memset(self, 0, sizeof(*self));
    int status = lattice_pattern(&one, law);
    if (status == PH_OK)
        status = lattice_pattern(&all, law);
    for (int64_t i = 1; i < members && status == PH_OK; i++)
        status = lattice_grow(&all, &one);
    if (status == PH_OK)
        status = local_from_lattice(self, &all, law, members);
    free(one.p);
    free(all.p);
    return status;
}

/* Of `members` patterns `filled` are not blank, `up` of these +1. */
static void add_gaussian(ph_local_t *self, const ph_example_law_t *law, double probability,
                         double filled, double up)
{
    const double m = law->examples, r = law->quality, l = (double)self->members;
    const double rho = (1.0 - r * r) / (m * r * r), blank = (1.0 - law->fidelity) / (m * r * r);
    const double sum = 2.0 * up - filled, v = filled * rho + (l - filled) * blank;
    const double squares = filled * rho * rho + (l - filled) * blank * blank;
    const double pairs = l > 1.0 ? l * (l - 1.0) : 1.0;
    const size_t j = self->count;
    if (probability <= RARE)
        return;
    self->phi[j] = self->xi[j] = sum / l;
    self->probability[j] = probability;
    self->variance[j] = v / (l * l);
    self->pair[j] = (l * filled - sum * sum) / pairs;
    self->pair_mixed[j] = 2.0 * sum * (l * rho - v) / pairs;
    self->pair_square[j] = (l * squares - v * v) / pairs;
    self->example[j] = v / l;
    self->count++;
}

int ph_local_gaussian(ph_local_t *self, const ph_example_law_t *law, int64_t members)
{
    const size_t l = (size_t)members;
    int status = ph_local_init(self, (l + 1) * (l + 2) / 2);
    double *work = malloc(2 * (l + 1) * sizeof(*work));
    if (status != PH_OK || work == NULL) {
        free(work);
        return PH_ERR_MEMORY;
    }
    self->members = members;
    double *filled = work, *up = work + l + 1;
    ph_binomial(l, 1.0 - law->dilution, filled);
    for (size_t k = 0; k <= l; k++) {
        ph_binomial(k, 0.5, up);
        for (size_t j = 0; j <= k; j++)
            add_gaussian(self, law, filled[k] * up[j], (double)k, (double)j);
    }
    free(work);
    return PH_OK;
}
