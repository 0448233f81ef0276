/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/phase/subspace_rows.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield/spin_vector.h"
#include "base/digest.h"

enum { SIZE = PH_STATES_PATTERNS_MAX, LANES = PH_SPIN_LANES };

/* The row's entries summed over each block; a row and its negative are one. */
static void sum_row(const ph_subspace_t *self, size_t i, double *sums)
{
    const size_t patterns = self->landscape->patterns;
    const double *phi = self->landscape->phi + i * patterns;
    memset(sums, 0, (self->blocks + 1) * sizeof(*sums));
    for (size_t mu = 0; mu < patterns; mu++)
        if (self->place[mu] >= 0)
            sums[self->place[mu]] += phi[mu];
    size_t first = 0;
    while (first < self->blocks && sums[first] == 0.0)
        first++;
    for (size_t b = first; sums[first] < 0.0 && b < self->blocks; b++)
        sums[b] = 0.0 - sums[b];
}

/* The distinct rows, each with its weight behind it, found by their digests. */
typedef struct {
    size_t width, count, mask;
    double *rows;    /* [count][width] */
    uint32_t *table; /* [mask + 1]: a row's number from 1, 0 for none */
} distinct_t;

static int distinct_init(distinct_t *self, size_t most, size_t width)
{
    *self = (distinct_t){.width = width, .mask = 1};
    while (self->mask < 2 * most)
        self->mask = 2 * self->mask + 1;
    self->rows = malloc(most * width * sizeof(*self->rows));
    self->table = calloc(self->mask + 1, sizeof(*self->table));
    return self->rows != NULL && self->table != NULL ? PH_OK : PH_ERR_MEMORY;
}

static void distinct_free(distinct_t *self)
{
    free(self->rows);
    free(self->table);
}

static void distinct_add(distinct_t *self, const double *sums, double weight)
{
    const size_t blocks = self->width - 1, size = blocks * sizeof(*sums);
    size_t at = (size_t)ph_digest_bytes(sums, size).low & self->mask;
    for (; self->table[at] != 0; at = (at + 1) & self->mask) {
        double *row = self->rows + (self->table[at] - 1) * self->width;
        if (memcmp(row, sums, size) == 0) {
            row[blocks] += weight;
            return;
        }
    }
    double *row = self->rows + self->count++ * self->width;
    memcpy(row, sums, size);
    row[blocks] = weight;
    self->table[at] = (uint32_t)self->count;
}

int ph_subspace_rows_init(ph_subspace_t *self, const double *factor)
{
    const ph_landscape_t *landscape = self->landscape;
    const size_t count = landscape->problem.count, width = self->blocks + 1;
    distinct_t distinct;
    double sums[SIZE + 1];
    if (landscape->problem.law != PH_NEURON_EXACT || !landscape->smooth || landscape->phi == NULL)
        return PH_OK;
    int status = distinct_init(&distinct, count, width);
    for (size_t i = 0; i < count && status == PH_OK; i++) {
        sum_row(self, i, sums);
        distinct_add(&distinct, sums, landscape->probability[i]);
    }
    self->groups = (distinct.count + LANES - 1) / LANES;
    if (status == PH_OK)
        self->rows = calloc(self->groups * width * LANES, sizeof(*self->rows));
    for (size_t i = 0; self->rows != NULL && i < distinct.count; i++)
        for (size_t b = 0; b < width; b++)
            self->rows[(i / LANES * width + b) * LANES + i % LANES] =
                distinct.rows[i * width + b] * (b < self->blocks ? factor[b] : 1.0);
    distinct_free(&distinct);
    return self->rows != NULL ? PH_OK : PH_ERR_MEMORY;
}

/* Sums over every fourth row. */
typedef struct {
    ph_real4_t pull[SIZE], curvature[SIZE * SIZE], size, entropy;
} sums_t;

/* The fields of four rows, and what is on their entries' other side. */
PH_SPIN_INLINE void find_fields(const ph_real4_t *row, const double *x, size_t blocks,
                                ph_real4_t *field)
{
    *field = (ph_real4_t){0};
    for (size_t b = 0; b < blocks; b++)
        *field += row[b] * x[b];
}

PH_SPIN_INLINE void add_level(const ph_real4_t *weight, const ph_real4_t *size,
                              const ph_real4_t *away, sums_t *sums)
{
    ph_real4_t log;
    ph_real4_log1p(away, &log);
    sums->size += *weight * *size;
    sums->entropy += *weight * log;
}

PH_SPIN_INLINE void look(const ph_subspace_t *self, const double *x, bool level, sums_t *sums)
{
    const size_t blocks = self->blocks;
    const double beta = 1.0 / self->landscape->problem.noise;
    const ph_real4_t *row = (const ph_real4_t *)self->rows;
    for (size_t g = 0; g < self->groups; g++, row += blocks + 1) {
        const ph_real4_t *weight = &row[blocks];
        ph_real4_t field, size, away;
        find_fields(row, x, blocks, &field);
        ph_real4_abs(&field, &size);
        const ph_real4_t far = 2.0 * beta * size;
        ph_real4_decay(&far, &away);
        const ph_real4_t scale = 1.0 / (1.0 + away), mean = (1.0 - away) * scale;
        const ph_real4_t slope = 4.0 * beta * *weight * away * scale * scale;
        ph_real4_sign(&mean, &field, &field);
        field *= *weight;
        for (size_t b = 0; b < blocks; b++) {
            const ph_real4_t part = slope * row[b];
            sums->pull[b] += field * row[b];
            for (size_t c = 0; c <= b; c++)
                sums->curvature[b * blocks + c] -= part * row[c];
        }
        if (level)
            add_level(weight, &size, &away, sums);
    }
}

PH_SPIN_INLINE void climb(const ph_subspace_t *self, const double *x, sums_t *sums)
{
    const size_t blocks = self->blocks;
    const double beta = 1.0 / self->landscape->problem.noise;
    const ph_real4_t *row = (const ph_real4_t *)self->rows;
    for (size_t g = 0; g < self->groups; g++, row += blocks + 1) {
        ph_real4_t field, size, away;
        find_fields(row, x, blocks, &field);
        ph_real4_abs(&field, &size);
        const ph_real4_t far = 2.0 * beta * size;
        ph_real4_decay(&far, &away);
        add_level(&row[blocks], &size, &away, sums);
    }
}

PH_SPIN_FOR_AVX2 static void look_avx2(const ph_subspace_t *self, const double *x, bool level,
                                       sums_t *sums)
{
    look(self, x, level, sums);
}

PH_SPIN_FOR_AVX2 static void climb_avx2(const ph_subspace_t *self, const double *x, sums_t *sums)
{
    climb(self, x, sums);
}

static double free_energy(const ph_subspace_t *self, const sums_t *sums)
{
    return -ph_real4_sum(&sums->size) -
           self->landscape->problem.noise * ph_real4_sum(&sums->entropy);
}

void ph_subspace_rows_look(const ph_subspace_t *self, const double *x, bool level,
                           ph_subspace_view_t *view)
{
    const size_t blocks = self->blocks;
    sums_t sums;
    memset(sums.pull, 0, blocks * sizeof(*sums.pull));
    memset(sums.curvature, 0, blocks * blocks * sizeof(*sums.curvature));
    sums.size = sums.entropy = (ph_real4_t){0};
    if (ph_spin_wide())
        look_avx2(self, x, level, &sums);
    else
        look(self, x, level, &sums);
    for (size_t b = 0; b < blocks; b++) {
        view->pull[b] = ph_real4_sum(&sums.pull[b]);
        for (size_t c = 0; c <= b; c++)
            view->curvature[b * blocks + c] = ph_real4_sum(&sums.curvature[b * blocks + c]);
    }
    view->free_energy = free_energy(self, &sums);
}

double ph_subspace_rows_level(const ph_subspace_t *self, const double *x)
{
    sums_t sums;
    sums.size = sums.entropy = (ph_real4_t){0};
    if (ph_spin_wide())
        climb_avx2(self, x, &sums);
    else
        climb(self, x, &sums);
    return free_energy(self, &sums);
}
