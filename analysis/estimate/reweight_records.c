/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/estimate/reweight_records_private.h"
#include "analysis/estimate/statistics.h"

/* Fewer chains than CHAINS_LEAST are cut into pieces of PIECE_TAUS autocorrelation times. */
enum { CHAINS_LEAST = 8 };
static const double PIECE_TAUS = 20.0;

static void records_free(ph_records_t *self)
{
    free(self->energy);
    free(self->state);
    free(self->group);
    free(self->at);
    free(self->m);
    memset(self, 0, sizeof(*self));
}

/* Room for so many more; `patterns` of each, or 0. */
static int make_room(ph_records_t *self, size_t more, size_t patterns)
{
    if (self->count + more <= self->room)
        return PH_OK;
    const size_t room = 2 * self->room > self->count + more ? 2 * self->room : self->count + more;
    double *energy = realloc(self->energy, room * sizeof(*energy));
    if (energy != NULL)
        self->energy = energy;
    uint32_t *state = realloc(self->state, room * sizeof(*state));
    if (state != NULL)
        self->state = state;
    uint32_t *group = realloc(self->group, room * sizeof(*group));
    if (group != NULL)
        self->group = group;
    uint32_t *at = realloc(self->at, room * sizeof(*at));
    if (at != NULL)
        self->at = at;
    double *m = patterns > 0 ? realloc(self->m, room * patterns * sizeof(*m)) : NULL;
    if (m != NULL)
        self->m = m;
    if (energy == NULL || state == NULL || group == NULL || at == NULL ||
        (patterns > 0 && m == NULL))
        return PH_ERR_MEMORY;
    self->room = room;
    return PH_OK;
}

void ph_joint_free(ph_joint_t *self)
{
    records_free(&self->all);
    records_free(&self->own);
    free(self->noise);
    free(self->energy);
    memset(self, 0, sizeof(*self));
}

int ph_joint_init(ph_joint_t *self, ph_runfile_t *run, const size_t *points, size_t points_count)
{
    const ph_grid_t *grid = run->base.grid;
    size_t most = 0;
    *self = (ph_joint_t){.run = run,
                         .points = points,
                         .points_count = points_count,
                         .patterns = (size_t)grid->points[points[0]].patterns,
                         .groups = PH_REWEIGHT_GROUPS};
    for (size_t p = 0; p < points_count; p++)
        most += 1 + grid->points[points[p]].ladder.count;
    self->noise = malloc(most * sizeof(*self->noise));
    if (self->noise == NULL)
        return PH_ERR_MEMORY;
    for (size_t p = 0; p < points_count; p++) {
        const ph_point_t *point = &grid->points[points[p]];
        self->noise[self->states++] = point->noise;
        for (size_t r = 0; r < point->ladder.count; r++)
            self->noise[self->states++] = point->ladder.values[r];
    }
    gsl_sort(self->noise, 1, self->states);
    most = self->states;
    self->states = 1;
    for (size_t k = 1; k < most; k++)
        if (self->noise[k] != self->noise[self->states - 1])
            self->noise[self->states++] = self->noise[k];
    return PH_OK;
}

static uint32_t state_of(const ph_joint_t *self, double noise)
{
    uint32_t k = 0;
    while (self->noise[k] != noise)
        k++;
    return k;
}

/* Where the energies of a point are among its components, and of which states. */
typedef struct {
    size_t count;
    uint32_t state[PH_MAX_RUNGS + 1];
    size_t component[PH_MAX_RUNGS + 1];
    size_t own; /* of these, at the point's own noise */
    size_t magnetization;
} columns_t;

static columns_t columns_of(const ph_joint_t *self, const ph_point_t *point)
{
    const ph_grid_t *grid = self->run->base.grid;
    const bool ladder = point->ladder.count > 0;
    columns_t found = {.count = ladder ? point->ladder.count : 1};
    const size_t first =
        ph_observable_offset(ladder ? PH_OBS_RUNG_ENERGY : PH_OBS_ENERGY, grid, point->patterns);
    found.magnetization = ph_observable_offset(PH_OBS_MAGNETIZATION, grid, point->patterns);
    for (size_t r = 0; r < found.count; r++) {
        const double noise = ladder ? point->ladder.values[r] : point->noise;
        found.component[r] = first + r;
        found.state[r] = state_of(self, noise);
        if (noise == point->noise)
            found.own = r;
    }
    return found;
}

/* Pieces that each of a few chains is cut into, by the slowest of its energies and magnetizations.
 */
static int pieces_of(const ph_joint_t *self, const ph_segment_t *segment, const columns_t *columns,
                     size_t *pieces)
{
    const size_t chains = (size_t)self->run->base.grid->replicas;
    const size_t n = (size_t)segment->records, width = (size_t)segment->components;
    double tau = 0.5;
    *pieces = 1;
    if (chains >= CHAINS_LEAST)
        return PH_OK;
    double *x = malloc(segment->replicas * n * sizeof(*x));
    if (x == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; i < columns->count + self->patterns; i++) {
        const size_t c = i < columns->count ? columns->component[i]
                                            : columns->magnetization + i - columns->count;
        for (size_t k = 0; k < segment->replicas * n; k++)
            x[k] = segment->series[k * width + c];
        tau = fmax(tau, ph_estimate_chains(x, segment->replicas, n).tau);
    }
    free(x);
    const double most = floor((double)n / (PIECE_TAUS * tau));
    const size_t room = PH_REWEIGHT_GROUPS / chains;
    *pieces = most < 1.0 ? 1 : most < (double)room ? (size_t)most : room;
    return PH_OK;
}

/* One record: the energies of all rungs, and the magnetizations of its own. */
static void add_record(ph_joint_t *self, const columns_t *columns, const double *x, uint32_t group)
{
    for (size_t r = 0; r < columns->count; r++) {
        const size_t i = self->all.count++;
        self->all.energy[i] = x[columns->component[r]];
        self->all.state[i] = columns->state[r];
        self->all.group[i] = group;
    }
    const size_t i = self->own.count++;
    self->own.energy[i] = x[columns->component[columns->own]];
    self->own.state[i] = columns->state[columns->own];
    self->own.group[i] = group;
    memcpy(self->own.m + i * self->patterns, x + columns->magnetization,
           self->patterns * sizeof(*x));
}

static int add_segment(ph_joint_t *self, const ph_point_t *point, const ph_segment_t *segment)
{
    const columns_t columns = columns_of(self, point);
    const size_t n = (size_t)segment->records, width = (size_t)segment->components;
    const size_t chains = (size_t)self->run->base.grid->replicas;
    size_t pieces;
    int status = pieces_of(self, segment, &columns, &pieces);
    if (status == PH_OK)
        status = make_room(&self->all, segment->replicas * n * columns.count, 0);
    if (status == PH_OK)
        status = make_room(&self->own, segment->replicas * n, self->patterns);
    if (status != PH_OK)
        return status;
    for (size_t r = 0; r < segment->replicas; r++)
        for (size_t k = 0; k < n; k++) {
            const size_t chain = segment->replica_first + r;
            const size_t group =
                chains < CHAINS_LEAST ? chain * (PH_REWEIGHT_GROUPS / chains) + k * pieces / n
                : chains < PH_REWEIGHT_GROUPS ? chain
                                              : chain * PH_REWEIGHT_GROUPS / chains;
            add_record(self, &columns, segment->series + (r * n + k) * width, (uint32_t)group);
        }
    return PH_OK;
}

static int read_point(ph_joint_t *self, size_t number, uint32_t sample, ph_report_t *report)
{
    const ph_grid_t *grid = self->run->base.grid;
    const ph_point_t *point = &grid->points[number];
    const uint32_t replicas = (uint32_t)grid->replicas;
    int status = PH_OK;
    for (uint32_t first = 0, r = 1; first < replicas && status == PH_OK; first = r) {
        const int64_t done = ph_runfile_sweeps_done(self->run, number, sample, first);
        ph_segment_t segment;
        for (r = first + 1; r < replicas; r++)
            if (ph_runfile_sweeps_done(self->run, number, sample, r) != done)
                break;
        if (done <= 0 || ph_records_until(point, (uint64_t)done) == 0)
            continue;
        status = ph_runfile_read(self->run, number, sample, first, r - first, 0, &segment, report);
        if (status != PH_OK)
            break;
        status = add_segment(self, point, &segment);
        ph_segment_free(&segment);
    }
    return status;
}

/* Place of an energy among the distinct ones. */
static uint32_t place_of(const ph_joint_t *self, double energy)
{
    size_t low = 0, high = self->distinct - 1;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (self->energy[middle] < energy)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint32_t)low;
}

/* Finds the distinct energies, measured from their mean, for the sake of exponents of N e/T. */
static int find_distinct(ph_joint_t *self)
{
    const size_t count = self->all.count;
    free(self->energy);
    self->energy = malloc((count > 0 ? count : 1) * sizeof(*self->energy));
    self->distinct = 0;
    self->shift = 0.0;
    if (self->energy == NULL)
        return PH_ERR_MEMORY;
    memcpy(self->energy, self->all.energy, count * sizeof(*self->energy));
    gsl_sort(self->energy, 1, count);
    for (size_t i = 0; i < count; i++) {
        self->shift += self->all.energy[i] / (double)count;
        if (self->distinct == 0 || self->energy[i] != self->energy[self->distinct - 1])
            self->energy[self->distinct++] = self->energy[i];
    }
    for (size_t i = 0; i < count; i++)
        self->all.at[i] = place_of(self, self->all.energy[i]);
    for (size_t i = 0; i < self->own.count; i++)
        self->own.at[i] = place_of(self, self->own.energy[i]);
    for (size_t u = 0; u < self->distinct; u++)
        self->energy[u] -= self->shift;
    return PH_OK;
}

int ph_joint_read(ph_joint_t *self, uint32_t sample, ph_report_t *report)
{
    int status = PH_OK;
    self->all.count = self->own.count = 0;
    for (size_t p = 0; p < self->points_count && status == PH_OK; p++)
        status = read_point(self, self->points[p], sample, report);
    return status == PH_OK ? find_distinct(self) : status;
}
