/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/estimate/laststate.h"
#include "analysis/estimate/statistics.h"
#include "analysis/estimate/stretches_private.h"
#include "sim/model/moments.h"
#include "sim/model/until.h"

/* Fewer chains than GROUPS_LEAST are cut into up to PIECES_MAX pieces in all, of PIECE_TAUS
 * autocorrelation times at least; BLOCKS_LEAST blocks of lanes make groups. */
enum { GROUPS_LEAST = 8, PIECES_MAX = 32, BLOCKS_LEAST = 4 };
static const double PIECE_TAUS = 20.0;

/* Places among the sums. */
enum { M, ABSOLUTE, SQUARE, FOURTH, LOSS_PLUS, LOSS_MINUS };
enum { ENERGY, ENERGY_SQUARE };
enum { SUMS = PH_SUMS_OF_PATTERN + PH_SUMS_OF_POINT };

int ph_stretches_init(ph_stretches_t *self, const ph_grid_t *grid, const ph_point_t *point)
{
    *self = (ph_stretches_t){.grid = grid,
                             .point = point,
                             .patterns = (size_t)point->patterns,
                             .chains = (size_t)grid->replicas};
    const size_t lanes = grid->lanes > 0 ? (size_t)grid->lanes : 1;
    const size_t blocks = (self->chains + lanes - 1) / lanes;
    /* Only samplers that visit one site after the other in an order that is drawn share it. */
    const bool shared = lanes > 1 && ph_sampler_has(point->sampler, PH_TRAIT_ORDERED) &&
                        point->order != PH_ORDER_SEQUENTIAL && !ph_point_settles(point);
    self->groups = self->chains;
    if (self->chains < GROUPS_LEAST)
        self->groups = self->chains * PIECES_MAX;
    else if (shared && blocks >= BLOCKS_LEAST)
        self->groups = blocks;
    self->room = self->groups > self->chains ? self->groups : self->chains;
    self->records = calloc(self->room, sizeof(*self->records));
    self->chain = calloc(self->room, sizeof(*self->chain));
    self->group = calloc(self->room, sizeof(*self->group));
    self->of_patterns =
        calloc(self->room * self->patterns * PH_SUMS_OF_PATTERN, sizeof(*self->of_patterns));
    self->of_point = calloc(self->room * PH_SUMS_OF_POINT, sizeof(*self->of_point));
    self->of_groups = calloc(self->groups * SUMS, sizeof(*self->of_groups));
    self->path = calloc(self->patterns + 1, sizeof(*self->path));
    return self->records == NULL || self->chain == NULL || self->group == NULL ||
                   self->of_patterns == NULL || self->of_point == NULL || self->of_groups == NULL ||
                   self->path == NULL
               ? PH_ERR_MEMORY
               : PH_OK;
}

void ph_stretches_free(ph_stretches_t *self)
{
    free(self->records);
    free(self->chain);
    free(self->group);
    free(self->of_patterns);
    free(self->of_point);
    free(self->of_groups);
    free(self->path);
    memset(self, 0, sizeof(*self));
}

void ph_stretches_clear(ph_stretches_t *self)
{
    memset(self->of_patterns, 0,
           self->count * self->patterns * PH_SUMS_OF_PATTERN * sizeof(*self->of_patterns));
    memset(self->of_point, 0, self->count * PH_SUMS_OF_POINT * sizeof(*self->of_point));
    self->count = 0;
    self->path_records = self->all_records = 0.0;
}

/* Places of what is summed among the recorded components. */
typedef struct {
    size_t m, energy, loss;
    bool has_loss;
} places_t;

static places_t places_of(const ph_stretches_t *self)
{
    const int64_t patterns = self->point->patterns;
    places_t places = {ph_observable_offset(PH_OBS_MAGNETIZATION, self->grid, patterns),
                       ph_observable_offset(PH_OBS_ENERGY, self->grid, patterns), 0,
                       ph_observable_recorded(PH_OBS_LOSS, self->grid)};
    if (places.has_loss)
        places.loss = ph_observable_offset(PH_OBS_LOSS, self->grid, patterns);
    return places;
}

/* One record, or last state, of all components. */
static void add_values(const ph_stretches_t *self, const places_t *places, size_t stretch,
                       const double *x)
{
    double *sums = self->of_patterns + stretch * self->patterns * PH_SUMS_OF_PATTERN;
    double *point = self->of_point + stretch * PH_SUMS_OF_POINT;
    const double e = x[places->energy];
    for (size_t mu = 0; mu < self->patterns; mu++, sums += PH_SUMS_OF_PATTERN) {
        const double m = x[places->m + mu];
        sums[M] += m;
        sums[ABSOLUTE] += fabs(m);
        sums[SQUARE] += m * m;
        sums[FOURTH] += m * m * m * m;
        sums[LOSS_PLUS] += places->has_loss ? x[places->loss + 2 * mu] : (double)NAN;
        sums[LOSS_MINUS] += places->has_loss ? x[places->loss + 2 * mu + 1] : (double)NAN;
    }
    point[ENERGY] += e;
    point[ENERGY_SQUARE] += e * e;
}

/* The running sums of a whole chain. */
static void add_sums(const ph_stretches_t *self, const places_t *places, size_t stretch,
                     const double *x)
{
    double *sums = self->of_patterns + stretch * self->patterns * PH_SUMS_OF_PATTERN;
    double *point = self->of_point + stretch * PH_SUMS_OF_POINT;
    const double *e = x + places->energy * PH_MOMENT_WORDS;
    for (size_t mu = 0; mu < self->patterns; mu++, sums += PH_SUMS_OF_PATTERN) {
        const double *m = x + (places->m + mu) * PH_MOMENT_WORDS;
        const double *loss = x + (places->loss + 2 * mu) * PH_MOMENT_WORDS;
        memcpy(sums, m, (FOURTH + 1) * sizeof(*sums));
        sums[LOSS_PLUS] = places->has_loss ? loss[0] : (double)NAN;
        sums[LOSS_MINUS] = places->has_loss ? loss[PH_MOMENT_WORDS] : (double)NAN;
    }
    point[ENERGY] = e[0];
    point[ENERGY_SQUARE] = e[2];
}

static size_t new_stretch(ph_stretches_t *self, size_t chain, size_t piece, double records)
{
    const size_t lanes = self->grid->lanes > 0 ? (size_t)self->grid->lanes : 1;
    const size_t stretch = self->count++;
    self->chain[stretch] = chain;
    self->records[stretch] = records;
    self->all_records += records;
    self->group[stretch] = self->groups == self->chains  ? chain
                           : self->groups > self->chains ? chain * PIECES_MAX + piece
                                                         : chain / lanes;
    return stretch;
}

/* With dynamics.until chains count alike, as in estimates: a stretch of a chain of n records by its
 * share of these. */
static void level(ph_stretches_t *self, size_t stretch, size_t n)
{
    double *sums = self->of_patterns + stretch * self->patterns * PH_SUMS_OF_PATTERN;
    double *point = self->of_point + stretch * PH_SUMS_OF_POINT;
    if (!ph_grid_has_until(self->grid))
        return;
    self->records[stretch] /= (double)n;
    for (size_t k = 0; k < self->patterns * PH_SUMS_OF_PATTERN; k++)
        sums[k] /= (double)n;
    for (size_t k = 0; k < PH_SUMS_OF_POINT; k++)
        point[k] /= (double)n;
}

/* tau and R-hat of component c, from series x[chains][n], or from sums. */
static ph_path_t path_of(const ph_stretches_t *self, const ph_segment_t *segment, size_t c,
                         size_t n, double *x)
{
    const size_t chains = segment->replicas, width = (size_t)segment->components;
    const double every = (double)self->point->record_every;
    ph_path_t path = {.tau = 0.0, .rhat = NAN, .enough = true};
    if (segment->series != NULL) {
        for (size_t i = 0; i < chains * n; i++)
            x[i] = segment->series[i * width + c];
        const ph_estimate_t found = ph_estimate_chains(x, chains, n);
        path.tau = found.tau;
        /* Wolff, Comput. Phys. Commun. 156, 143 (2004) */
        path.error = found.tau * sqrt(4.0 * fmax((double)found.window + 0.5 - found.tau, 0.5) /
                                      (double)(chains * n));
        path.rhat = ph_split_rhat(x, chains, n);
        path.enough = found.enough;
    } else {
        double window = 0.0;
        for (size_t r = 0; r < chains; r++) {
            const double *sums = segment->sums + (r * width + c) * PH_MOMENT_WORDS;
            const ph_estimate_t found = ph_estimate_sums(sums, n);
            x[r] = ph_moments_mean(sums, n);
            x[chains + r] = ph_moments_variance(sums, n);
            path.tau += found.tau / (double)chains;
            path.enough = path.enough && found.enough;
            window = fmax(window, (double)found.window);
        }
        path.error = path.tau * sqrt(2.0 * window / (double)(chains * n));
        path.rhat = ph_plain_rhat(x, x + chains, chains, (double)n);
    }
    path.tau *= every;
    path.error *= every;
    return path;
}

static int find_path(ph_stretches_t *self, const ph_segment_t *segment, const places_t *places,
                     size_t n)
{
    const size_t chains = segment->replicas;
    double *x = malloc(chains * (n > 2 ? n : 2) * sizeof(*x));
    if (x == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; i <= self->patterns; i++)
        self->path[i] =
            path_of(self, segment, i < self->patterns ? places->m + i : places->energy, n, x);
    self->path_records = (double)(chains * n);
    free(x);
    return PH_OK;
}

/* How many pieces each chain is cut into. */
static size_t pieces_of(const ph_stretches_t *self, const ph_segment_t *segment, size_t n)
{
    double tau = 0.5;
    if (self->groups <= self->chains || segment->series == NULL)
        return 1;
    for (size_t i = 0; i <= self->patterns; i++)
        tau = fmax(tau, self->path[i].tau / (double)self->point->record_every);
    const double most = floor((double)n / (PIECE_TAUS * tau));
    const size_t room = PIECES_MAX / self->chains;
    return most < 1.0 ? 1 : most < (double)room ? (size_t)most : room;
}

static void add_series(ph_stretches_t *self, const ph_segment_t *segment, const places_t *places,
                       size_t n)
{
    const size_t pieces = pieces_of(self, segment, n), width = (size_t)segment->components;
    for (size_t r = 0; r < segment->replicas; r++)
        for (size_t j = 0; j < pieces; j++) {
            const size_t from = j * n / pieces, to = (j + 1) * n / pieces;
            const size_t stretch =
                new_stretch(self, segment->replica_first + r, j, (double)(to - from));
            for (size_t k = from; k < to; k++)
                add_values(self, places, stretch, segment->series + (r * n + k) * width);
            level(self, stretch, n);
        }
}

/* One record of each chain: its last state. */
static int add_last(ph_stretches_t *self, const ph_segment_t *segment, const places_t *places)
{
    const size_t width = ph_observables_total(self->grid, self->point->patterns);
    double *last = calloc(segment->replicas * width, sizeof(*last));
    int status =
        last == NULL ? PH_ERR_MEMORY : ph_last_states(self->grid, self->point, segment, last);
    for (size_t r = 0; r < segment->replicas && status == PH_OK; r++)
        add_values(self, places, new_stretch(self, segment->replica_first + r, 0, 1.0),
                   last + r * width);
    free(last);
    return status;
}

int ph_stretches_add(ph_stretches_t *self, const ph_segment_t *segment)
{
    const places_t places = places_of(self);
    const size_t n = (size_t)ph_records_until(self->point, segment->sweep_to);
    if (ph_point_settles(self->point))
        return add_last(self, segment, &places);
    if (n == 0 || (segment->series == NULL && segment->sums == NULL))
        return PH_OK;
    if ((double)(n * segment->replicas) > self->path_records) {
        const int status = find_path(self, segment, &places, n);
        if (status != PH_OK)
            return status;
    }
    if (segment->series != NULL)
        add_series(self, segment, &places, n);
    for (size_t r = 0; segment->series == NULL && r < segment->replicas; r++) {
        const size_t stretch = new_stretch(self, segment->replica_first + r, 0, (double)n);
        add_sums(self, &places, stretch,
                 segment->sums + r * (size_t)segment->components * PH_MOMENT_WORDS);
        level(self, stretch, n);
    }
    return PH_OK;
}

static ph_means_t means_of(const ph_stretches_t *self, const double *sums, double records)
{
    const double *e = sums + PH_SUMS_OF_PATTERN;
    const double share = records > 0.0 ? 1.0 / records : (double)NAN;
    return (ph_means_t){.noise = self->point->noise,
                        .neurons = (double)self->point->neurons,
                        .m = share * sums[M],
                        .absolute = share * sums[ABSOLUTE],
                        .square = share * sums[SQUARE],
                        .fourth = share * sums[FOURTH],
                        .loss_plus = share * sums[LOSS_PLUS],
                        .loss_minus = share * sums[LOSS_MINUS],
                        .energy = share * e[ENERGY],
                        .energy_square = share * e[ENERGY_SQUARE]};
}

/* The sums of a stretch added. */
static void add_stretch(const ph_stretches_t *self, size_t stretch, size_t mu, double *sums)
{
    const double *pattern =
        self->of_patterns + (stretch * self->patterns + mu) * PH_SUMS_OF_PATTERN;
    for (size_t k = 0; k < PH_SUMS_OF_PATTERN; k++)
        sums[k] += pattern[k];
    for (size_t k = 0; k < PH_SUMS_OF_POINT; k++)
        sums[PH_SUMS_OF_PATTERN + k] += self->of_point[stretch * PH_SUMS_OF_POINT + k];
}

double ph_stretches_means(const ph_stretches_t *self, const int *of, int well, size_t mu,
                          ph_means_t *whole, ph_means_t *without, double *weight)
{
    double all[SUMS] = {0.0}, records = 0.0;
    memset(weight, 0, self->groups * sizeof(*weight));
    memset(self->of_groups, 0, self->groups * SUMS * sizeof(*self->of_groups));
    for (size_t i = 0; i < self->count; i++)
        if (of == NULL || of[self->chain[i]] == well) {
            weight[self->group[i]] += self->records[i];
            records += self->records[i];
            add_stretch(self, i, mu, self->of_groups + self->group[i] * SUMS);
            add_stretch(self, i, mu, all);
        }
    *whole = means_of(self, all, records);
    for (size_t g = 0; g < self->groups; g++) {
        double rest[SUMS];
        for (size_t k = 0; k < SUMS; k++)
            rest[k] = all[k] - self->of_groups[g * SUMS + k];
        if (weight[g] > 0.0)
            without[g] = means_of(self, rest, records - weight[g]);
    }
    return records;
}
