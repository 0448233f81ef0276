/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/phase/trace_private.h"
#include "base/floating.h"
#include "base/interrupt.h"

/*
 * Curves are traced one after the other, since each has to know the others. What takes the time
 * between them is to follow states to the boundaries that may be new curves' beginnings: that is
 * done side by side, for so many boundaries at a time whatever the number of threads.
 */
enum { TOGETHER = 64 };

static const double BARELY = 5e-3; /* share of the noise just above none */

/* A boundary on a way, and the sprout that comes of it. */
typedef struct {
    ph_way_t way;
    const ph_boundary_t *boundary;
    double place[2];
    bool change, found, starved;
    ph_sprout_t sprout;
} seed_t;

typedef struct {
    ph_tracer_t *tracer;
    size_t count;
    seed_t *seeds; /* [TOGETHER] */
} bed_t;

/* By a tracer of its own, that has its own plane to go about in. */
static void look_for_sprout(const ph_tracer_t *tracer, seed_t *seed)
{
    PH_FLOATING_GUARD();
    ph_tracer_t own = *tracer;
    own.plane.starved = false;
    seed->found = !ph_tracer_traced(tracer, seed->place, seed->boundary) &&
                  ph_tracer_seed(&own, &seed->way, seed->boundary, seed->change, &seed->sprout);
    seed->starved = own.plane.starved;
}

/* Traces what comes of the seeds. */
static int grow_all(bed_t *self)
{
    ph_tracer_t *tracer = self->tracer;
    const int count = (int)self->count;
    int status = ph_interrupted() ? PH_ERR_INTERRUPTED : PH_OK;
    if (status != PH_OK)
        return status;
#pragma omp parallel for schedule(dynamic) num_threads(tracer->threads)
    for (int i = 0; i < count; i++)
        look_for_sprout(tracer, &self->seeds[i]);
    for (size_t i = 0; i < self->count && status == PH_OK; i++) {
        seed_t *seed = &self->seeds[i];
        tracer->plane.starved = tracer->plane.starved || seed->starved;
        if (!seed->found || ph_tracer_traced(tracer, seed->place, seed->boundary))
            continue;
        seed->sprout.system.plane = &tracer->plane;
        seed->sprout.ground = seed->change;
        status = ph_tracer_grow(tracer, &seed->sprout);
        if (status == PH_OK && ph_interrupted())
            status = PH_ERR_INTERRUPTED;
    }
    self->count = 0;
    return status;
}

/* Mixtures end in too many places for a figure. */
static bool drawn(const ph_boundary_t *boundary, bool change)
{
    return change || boundary->label.id != PH_CLASS_MIXED;
}

static int sow_way(bed_t *self, const ph_way_t *way, const ph_boundaries_t *found, bool change)
{
    int status = PH_OK;
    for (size_t b = 0; b < found->count && status == PH_OK; b++) {
        const ph_boundary_t *boundary = &found->items[b];
        if (!drawn(boundary, change))
            continue;
        seed_t *seed = &self->seeds[self->count++];
        seed->way = *way;
        seed->boundary = boundary;
        seed->change = change;
        memcpy(seed->place, way->place, sizeof(seed->place));
        seed->place[way->along] += boundary->share * way->length;
        if (self->count == TOGETHER)
            status = grow_all(self);
    }
    return status;
}

/* Whether states move smoothly along a way. */
static bool smooth(ph_way_t *way)
{
    ph_landscape_t landscape;
    if (way->path.from->noise > 0.0 || way->path.to->noise > 0.0)
        return true;
    const bool ready = ph_landscape_init(&landscape, ph_path_point(&way->path, 0.5),
                                         way->path.average, NULL) == PH_OK;
    const bool noisy = ready && landscape.smooth;
    ph_landscape_free(&landscape);
    return noisy;
}

/* The way from a point of the grid to the next. */
static bool make_way(const ph_tracer_t *self, size_t axis, size_t point, ph_way_t *way)
{
    const ph_phase_t *phase = self->phase;
    size_t next, index[PH_MAX_AXES];
    if (!ph_phase_next(phase->grid, point, axis, &next) ||
        ph_path_init(&way->path, &phase->grid->points[point], &phase->grid->points[next],
                     phase->grid->average) != PH_OK)
        return false;
    way->states[0] = &phase->points[point];
    way->states[1] = &phase->points[next];
    way->along = axis == self->plane.axis[0] ? 0 : 1;
    ph_grid_unravel(phase->grid, point, index);
    for (size_t k = 0; k < 2; k++) {
        const double *values = phase->grid->axes[self->plane.axis[k]].coordinates[0].values;
        const size_t i = index[self->plane.axis[k]];
        way->place[k] = ph_plane_share(&self->plane, k, values[i]);
        if (k == way->along)
            way->length = ph_plane_share(&self->plane, k, values[i + 1]) - way->place[k];
    }
    return smooth(way);
}

static int sow_grid(bed_t *self, bool change)
{
    const ph_phase_t *phase = self->tracer->phase;
    int status = PH_OK;
    for (size_t k = 0; k < phase->directions_count; k++)
        for (size_t p = 0; p < phase->grid->points_count && status == PH_OK; p++) {
            const ph_direction_t *direction = &phase->directions[k];
            const ph_boundaries_t *found = change ? &direction->changes[p] : &direction->ends[p];
            ph_way_t way;
            if (found->count > 0 && make_way(self->tracer, direction->axis, p, &way))
                status = sow_way(self, &way, found, change);
        }
    return status == PH_OK ? grow_all(self) : status;
}

/* A place just above the row without noise, where the equations of no curve can be solved, and the
 * way from it to the next. */
typedef struct {
    bool wanted;
    int status;
    double place[2];
    ph_plane_t plane; /* at it */
    ph_states_t states;
    ph_way_t way;
    ph_boundaries_t ends, changes;
} above_t;

static void find_states_above(above_t *self)
{
    PH_FLOATING_GUARD();
    self->status = ph_states_list(&self->states, ph_plane_point(&self->plane, self->place),
                                  self->plane.grid->average);
}

static void find_boundaries_above(above_t *self, const above_t *next, size_t along)
{
    PH_FLOATING_GUARD();
    ph_way_t *way = &self->way;
    way->states[0] = &self->states;
    way->states[1] = &next->states;
    way->along = along;
    memcpy(way->place, self->place, sizeof(way->place));
    way->length = next->place[along] - self->place[along];
    self->status =
        ph_path_init(&way->path, &self->plane.point, &next->plane.point, self->plane.grid->average);
    if (self->status == PH_OK)
        self->status =
            ph_boundary_find(&way->path, &self->states, &next->states, &self->ends, &self->changes);
}

/* The states above all values of the other axis next to which something changes without noise, and
 * the boundaries between them. */
static int look_above(const ph_tracer_t *tracer, above_t *above, int count, size_t other)
{
    int status = PH_OK;
#pragma omp parallel for schedule(dynamic) num_threads(tracer->threads)
    for (int i = 0; i < count; i++)
        if (above[i].wanted || (i > 0 && above[i - 1].wanted))
            find_states_above(&above[i]);
    for (int i = 0; i < count && status == PH_OK; i++)
        status = above[i].status;
    if (status != PH_OK)
        return status;
#pragma omp parallel for schedule(dynamic) num_threads(tracer->threads)
    for (int i = 0; i < count - 1; i++)
        if (above[i].wanted)
            find_boundaries_above(&above[i], &above[i + 1], other);
    for (int i = 0; i < count && status == PH_OK; i++)
        status = above[i].status;
    return status;
}

static void begin_above(const ph_tracer_t *tracer, size_t cold, above_t *above, size_t count)
{
    const size_t other = 1 - cold;
    const ph_grid_t *grid = tracer->phase->grid;
    const double *values = grid->axes[tracer->plane.axis[other]].coordinates[0].values;
    const double *noises = grid->axes[tracer->plane.axis[cold]].coordinates[0].values;
    const ph_direction_t *direction = ph_phase_direction(tracer->phase, tracer->plane.axis[other]);
    const double barely = fmin(0.1 * ph_plane_share(&tracer->plane, cold, noises[1]), BARELY);
    for (size_t i = 0; i < count; i++) {
        const size_t point = i * tracer->plane.stride[other];
        above[i].plane = tracer->plane;
        above[i].place[cold] = barely;
        above[i].place[other] = ph_plane_share(&tracer->plane, other, values[i]);
        above[i].wanted = i + 1 < count &&
                          (direction->ends[point].count > 0 || direction->changes[point].count > 0);
    }
}

static int sow_above(bed_t *self)
{
    ph_tracer_t *tracer = self->tracer;
    const size_t cold = ph_tracer_cold(tracer);
    if (cold == 2)
        return PH_OK;
    const size_t count = tracer->phase->grid->axes[tracer->plane.axis[1 - cold]].size;
    above_t *above = calloc(count, sizeof(*above));
    if (above == NULL)
        return PH_ERR_MEMORY;
    begin_above(tracer, cold, above, count);
    int status = look_above(tracer, above, (int)count, 1 - cold);
    for (size_t i = 0; i < count && status == PH_OK; i++) {
        status = sow_way(self, &above[i].way, &above[i].changes, true);
        if (status == PH_OK)
            status = sow_way(self, &above[i].way, &above[i].ends, false);
    }
    if (status == PH_OK)
        status = grow_all(self);
    for (size_t i = 0; i < count; i++)
        ph_states_free(&above[i].states);
    free(above);
    return status;
}

int ph_tracer_sow(ph_tracer_t *self)
{
    bed_t bed = {.tracer = self, .seeds = calloc(TOGETHER, sizeof(*bed.seeds))};
    if (bed.seeds == NULL)
        return PH_ERR_MEMORY;
    int status = sow_grid(&bed, true);
    if (status == PH_OK)
        status = sow_grid(&bed, false);
    if (status == PH_OK)
        status = sow_above(&bed);
    free(bed.seeds);
    return status;
}
