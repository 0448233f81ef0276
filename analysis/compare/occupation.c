/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/occupation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/wells.h"

/* Of a variance, that it may be off; of the spread of |m|, and beside it, that |m| may; N^2 times
 * the variance of m from which on its law is normal: frozen spins leave it an excess of 4 over
 * that. */
static const double LINEAR = 0.1, CORNER = 1e-2, ROUNDING = 1e-12, LOOSE = 40.0;

/* What the samples of a point share. */
typedef struct {
    const ph_grid_t *grid;
    const ph_point_t *point;
    ph_population_t population;
} finder_t;

static void end(void *context)
{
    finder_t *self = context;
    if (self != NULL)
        ph_population_free(&self->population);
    free(self);
}

static int begin(void **context, const ph_grid_t *grid, const ph_point_t *point)
{
    if (point->patterns > PH_MEANFIELD_PATTERNS_MAX)
        return PH_ERR_UNSUPPORTED;
    finder_t *self = calloc(1, sizeof(*self));
    if (self == NULL)
        return PH_ERR_MEMORY;
    self->grid = grid;
    self->point = point;
    const int status = ph_population_init(&self->population, point, grid->average);
    self->population.sizes = !ph_rule_learns(point->rule);
    if (status != PH_OK)
        end(self);
    else
        *context = self;
    return status;
}

/* Patterns in descending order of their overlaps, as far as these are overlaps. */
void ph_well_label(const ph_point_t *point, const double *m, char *label)
{
    const double clear = 4.0 / sqrt((double)point->neurons);
    bool named[PH_MEANFIELD_PATTERNS_MAX] = {false};
    double before = (double)INFINITY;
    size_t length = 0;
    snprintf(label, PH_WELL_LABEL, "0");
    for (;;) {
        size_t next = SIZE_MAX;
        double largest = clear;
        for (size_t mu = 0; mu < (size_t)point->patterns; mu++)
            if (!named[mu] && fabs(m[mu]) > largest)
                largest = fabs(m[mu]);
        /* of those as large as the largest, by number */
        for (size_t mu = 0; mu < (size_t)point->patterns && next == SIZE_MAX; mu++)
            if (!named[mu] && fabs(m[mu]) > clear && fabs(m[mu]) > largest - clear)
                next = mu;
        if (next == SIZE_MAX || length + 8 > PH_WELL_LABEL)
            return;
        length += (size_t)snprintf(label + length, PH_WELL_LABEL - length, "%s%c%zu",
                                   before - fabs(m[next]) <= clear ? "=" : "",
                                   m[next] < 0.0 ? '-' : '+', next + 1);
        named[next] = true;
        before = fabs(m[next]);
    }
}

/*
 * A sum has all moments of the law of a record, of stored patterns. Else they are those of linear
 * response and of a normal law, known to the share that the next order has in a variance, but not
 * where few spins are loose; of learned patterns a sum knows but the means of the entries.
 */
static void describe_law(const ph_point_t *point, const ph_well_t *well, size_t mu,
                         ph_means_t *means)
{
    const bool learned = ph_rule_learns(point->rule), linear = well->next <= LINEAR;
    if (well->summed && !learned) {
        means->square = means->m * means->m + well->exact.spread[mu] * well->exact.spread[mu];
        means->fourth = well->exact.fourth[mu];
        means->absolute = well->exact.absolute[mu];
        if (!(well->exact.absolute_error[mu] <=
              CORNER * sqrt(fmax(means->square - means->absolute * means->absolute, 0.0)) +
                  ROUNDING))
            means->absolute = (double)NAN;
    } else if (!linear || (learned && well->near)) {
        means->square = means->fourth = means->absolute = (double)NAN;
    } else if (pow((double)point->neurons * well->spread[mu], 2) < LOOSE) {
        means->fourth = means->absolute = (double)NAN;
    }
    if (!well->summed && !linear)
        means->energy_square = (double)NAN;
}

static void describe(const ph_sample_t *sample, const ph_point_t *point, const ph_well_t *well,
                     bool *known, ph_means_t *means)
{
    const size_t patterns = (size_t)point->patterns;
    *known = well->reason == PH_REASON_NONE;
    for (size_t mu = 0; mu < patterns; mu++) {
        double norm = 0.0;
        for (int64_t i = 0; i < sample->patterns.neurons; i++)
            norm += sample->patterns.entries[i * sample->patterns.patterns + (int64_t)mu] != 0;
        const double half = 0.5 * (1.0 + norm / (double)sample->patterns.neurons);
        const double m = well->m[mu] + well->first[mu] + well->second[mu];
        means[mu] = (ph_means_t){.noise = point->noise, .neurons = (double)point->neurons};
        ph_means_normal(&means[mu], m, well->spread[mu] * well->spread[mu], well->energy,
                        well->energy_spread * well->energy_spread);
        describe_law(point, well, mu, &means[mu]);
        means[mu].loss_plus = half - m;
        means[mu].loss_minus = half + m;
    }
}

static int fill(const finder_t *self, const ph_sample_t *sample, const ph_wells_t *wells,
                size_t chains, ph_occupation_t *out)
{
    const size_t patterns = (size_t)self->point->patterns;
    const int status = ph_occupation_init(out, wells->count, chains, patterns);
    if (status != PH_OK)
        return status;
    for (size_t c = 0; c < chains; c++) {
        out->now[c] = (int)wells->of[c];
        out->of[c] = wells->moved[c] ? PH_WELL_NONE : out->now[c];
    }
    for (size_t w = 0; w < wells->count; w++) {
        ph_well_label(self->point, wells->wells[w].m, out->label[w]);
        /* one inside another counts there */
        out->log_weight[w] = wells->wells[w].within ? -INFINITY : wells->wells[w].log_weight;
        memcpy(out->states + w * patterns, wells->wells[w].m, patterns * sizeof(*out->states));
        describe(sample, self->point, &wells->wells[w], &out->known[w], out->means + w * patterns);
    }
    return PH_OK;
}

static int find(void *context, const ph_sample_t *sample, const ph_segment_t *segment,
                const uint64_t *records, ph_occupation_t *out)
{
    finder_t *self = context;
    ph_meanfield_t problem = {0};
    ph_chains_t chains = {0};
    ph_wells_t wells = {0};
    ph_reason_t reason = PH_REASON_NONE;
    memset(out, 0, sizeof(*out));
    int status =
        ph_meanfield_init_sample(&problem, self->point, &sample->coupling, &sample->patterns, NULL);
    if (status == PH_OK)
        status =
            ph_chains_init(&chains, self->grid, self->point, &sample->patterns, segment, records);
    if (status == PH_OK)
        status = ph_wells_find(&wells, &self->population, &chains, &problem, &reason);
    if (status == PH_OK)
        status = fill(self, sample, &wells, chains.chains, out);
    ph_wells_free(&wells);
    ph_chains_free(&chains);
    ph_meanfield_free(&problem);
    return status;
}

const ph_well_finder_t PH_COMPARE_WELLS = {.begin = begin, .find = find, .end = end};
