/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/phase/trace_plane.h"

#include <math.h>

#include "analysis/phase/boundary_private.h"

bool ph_plane_init(ph_plane_t *self, const ph_grid_t *grid, size_t x, size_t y)
{
    *self = (ph_plane_t){.grid = grid, .axis = {x, y}, .point = grid->points[0]};
    for (size_t k = 0; k < 2; k++) {
        self->stride[k] = 1;
        for (size_t a = self->axis[k] + 1; a < grid->axes_count; a++)
            self->stride[k] *= grid->axes[a].size;
    }
    return x != y && grid->axes[x].size > 1 && grid->axes[y].size > 1 &&
           grid->axes[x].size * grid->axes[y].size == grid->points_count &&
           grid->patterns_max <= PH_STATES_PATTERNS_MAX;
}

bool ph_plane_along(const double *place, const double *tangent, size_t k)
{
    static const double BESIDE = 1e-6;
    return fabs(tangent[k]) < BESIDE && fmin(fabs(place[k]), fabs(1.0 - place[k])) < BESIDE;
}

double ph_plane_value(const ph_plane_t *self, size_t axis, double share)
{
    const ph_axis_t *own = &self->grid->axes[self->axis[axis]];
    const double *values = own->coordinates[0].values;
    return values[0] + share * (values[own->size - 1] - values[0]);
}

double ph_plane_share(const ph_plane_t *self, size_t axis, double value)
{
    const ph_axis_t *own = &self->grid->axes[self->axis[axis]];
    const double *values = own->coordinates[0].values;
    return (value - values[0]) / (values[own->size - 1] - values[0]);
}

size_t ph_plane_index(const ph_plane_t *self, size_t axis, double share)
{
    const ph_axis_t *own = &self->grid->axes[self->axis[axis]];
    const double *values = own->coordinates[0].values;
    const double value = ph_plane_value(self, axis, share);
    size_t index = 0;
    while (index + 2 < own->size && value >= values[index + 1])
        index++;
    return index;
}

int ph_plane_status(ph_plane_t *self, int status)
{
    self->starved = self->starved || status == PH_ERR_MEMORY;
    return status;
}

/* Each number belongs to one axis: changes along both add up. */
const ph_point_t *ph_plane_point(ph_plane_t *self, const double *place)
{
    size_t base = 0;
    double share[2];
    const double *numbers[3][PH_PATH_NUMBERS];
    for (size_t k = 0; k < 2; k++) {
        const double *values = self->grid->axes[self->axis[k]].coordinates[0].values;
        const double inside = fmin(1.0, fmax(0.0, place[k]));
        const size_t index = ph_plane_index(self, k, inside);
        share[k] =
            (ph_plane_value(self, k, inside) - values[index]) / (values[index + 1] - values[index]);
        base += index * self->stride[k];
    }
    const ph_point_t *corners[3] = {&self->grid->points[base],
                                    &self->grid->points[base + self->stride[0]],
                                    &self->grid->points[base + self->stride[1]]};
    for (size_t c = 0; c < 3; c++)
        ph_point_numbers(corners[c], numbers[c]);
    for (size_t k = 0; k < PH_PATH_NUMBERS; k++)
        for (int64_t mu = 0; numbers[0][k] != NULL && mu < self->point.patterns; mu++)
            self->numbers[k][mu] = numbers[0][k][mu] +
                                   share[0] * (numbers[1][k][mu] - numbers[0][k][mu]) +
                                   share[1] * (numbers[2][k][mu] - numbers[0][k][mu]);
    self->point = *corners[0];
    self->point.dilution = self->numbers[0];
    self->point.examples = numbers[0][1] != NULL ? self->numbers[1] : NULL;
    self->point.quality = numbers[0][2] != NULL ? self->numbers[2] : NULL;
    self->point.blank_fidelity = numbers[0][3] != NULL ? self->numbers[3] : NULL;
    self->point.entropy = corners[0]->entropy +
                          share[0] * (corners[1]->entropy - corners[0]->entropy) +
                          share[1] * (corners[2]->entropy - corners[0]->entropy);
    if (self->point.entropy > 0.0)
        ph_point_entropy_quality(&self->point, self->numbers[2]);
    self->point.noise = corners[0]->noise + share[0] * (corners[1]->noise - corners[0]->noise) +
                        share[1] * (corners[2]->noise - corners[0]->noise);
    return &self->point;
}
