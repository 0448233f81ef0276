/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <polyhebb/grid.h>

#include <math.h>
#include <stdlib.h>

#include "api/entry_private.h"
#include "params/grid.h"
#include "sim/store/gridfile.h"

static ph_grid_t *allocate(ph_report_t *report)
{
    ph_grid_t *self = malloc(sizeof(*self));
    if (self != NULL)
        ph_grid_init(self);
    else
        ph_fail(report, PH_ERR_MEMORY, "no memory for a grid");
    return self;
}

/* Hands on what was read, or nothing. */
static int finish(ph_grid_t **grid, ph_grid_t *self, int status)
{
    if (status != PH_OK) {
        ph_grid_delete(self);
        self = NULL;
    }
    *grid = self;
    return status;
}

int ph_grid_new(ph_grid_t **grid, const char *text, size_t count, const char *const *settings,
                ph_report_t *report)
{
    PH_ENTRY();
    ph_grid_t *self = *grid = allocate(report);
    if (self == NULL)
        return PH_ERR_MEMORY;
    if (text == NULL)
        text = "{}";
    return finish(grid, self, ph_grid_parse(self, text, "grid", count, settings, report));
}

static int load(ph_grid_t *self, const char *path, size_t count, const char *const *settings,
                ph_report_t *report)
{
    static const char *const KINDS[] = {"run", "theory", "phase", "comparison", "attractors"};
    const char *kind = NULL;
    ph_gridfile_t file;
    for (size_t k = 0; k < sizeof(KINDS) / sizeof(KINDS[0]) && kind == NULL; k++)
        kind = ph_gridfile_is(path, KINDS[k]) ? KINDS[k] : NULL;
    if (kind == NULL)
        return ph_grid_load(self, path, count, settings, report);
    if (count > 0)
        return ph_fail(report, PH_ERR_INPUT,
                       "%s: settings go with a grid file, not with one of kind %s", path, kind);
    int status = ph_gridfile_open(&file, path, kind, report);
    if (status == PH_OK)
        status = ph_grid_parse(self, file.grid->text, path, 0, NULL, report);
    ph_gridfile_close(&file);
    return status;
}

int ph_grid_new_from_file(ph_grid_t **grid, const char *path, size_t count,
                          const char *const *settings, ph_report_t *report)
{
    PH_ENTRY();
    ph_grid_t *self = *grid = allocate(report);
    if (self == NULL)
        return PH_ERR_MEMORY;
    return finish(grid, self, load(self, path, count, settings, report));
}

void ph_grid_delete(ph_grid_t *self)
{
    if (self != NULL)
        ph_grid_free(self);
    free(self);
}

const char *ph_grid_text(const ph_grid_t *self)
{
    return self->text;
}

size_t ph_grid_points(const ph_grid_t *self)
{
    return self->points_count;
}

size_t ph_grid_axes(const ph_grid_t *self)
{
    return self->axes_count;
}

const char *ph_grid_axis_name(const ph_grid_t *self, size_t axis)
{
    return axis < self->axes_count ? ph_schema(self->axes[axis].coordinates[0].key)->name : NULL;
}

size_t ph_grid_axis_size(const ph_grid_t *self, size_t axis)
{
    return axis < self->axes_count ? self->axes[axis].size : 0;
}

int ph_grid_axis_text(const ph_grid_t *self, size_t axis, size_t i, char *text, size_t size)
{
    PH_ENTRY();
    if (i >= ph_grid_axis_size(self, axis))
        return PH_ERR_INPUT;
    ph_coordinate_text(&self->axes[axis].coordinates[0], i, text, size);
    return PH_OK;
}

int ph_grid_place(const ph_grid_t *self, size_t point, size_t *index)
{
    if (point >= self->points_count)
        return PH_ERR_INPUT;
    ph_grid_unravel(self, point, index);
    return PH_OK;
}

int64_t ph_grid_samples(const ph_grid_t *self)
{
    return self->samples;
}

int64_t ph_grid_replicas(const ph_grid_t *self)
{
    return self->replicas;
}

int64_t ph_grid_neurons(const ph_grid_t *self, size_t point)
{
    return point < self->points_count ? self->points[point].neurons : 0;
}

int64_t ph_grid_patterns(const ph_grid_t *self, size_t point)
{
    return point < self->points_count ? self->points[point].patterns : 0;
}

double ph_grid_noise(const ph_grid_t *self, size_t point)
{
    return point < self->points_count ? self->points[point].noise : (double)NAN;
}

int64_t ph_grid_records(const ph_grid_t *self, size_t point)
{
    return point < self->points_count ? ph_point_records(&self->points[point]) : 0;
}
