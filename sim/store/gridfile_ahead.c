/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "sim/store/gridfile_private.h"
#include "sim/store/share.h"

enum {
    AHEAD_BYTES = 262144, /* that are read at once of one array */
    FEWEST = 8,           /* points in them, or none are read ahead */
    GAP = 16,             /* points that may be passed over */
    BEGUN = 4             /* points asked for in order before that */
};

void ph_ahead_free(ph_ahead_t *self)
{
    free(self->data);
    *self = (ph_ahead_t){0};
}

/* Whether so many points have been asked for in order that the next are likely to be. */
static bool in_order(ph_ahead_t *self, size_t point)
{
    if (point != self->last)
        self->in_order = point > self->last && point - self->last <= GAP ? self->in_order + 1 : 0;
    self->last = point;
    return self->in_order >= BEGUN;
}

/* Reads points from this one on. What cannot be read is nobody's fault yet: who asks for it will
 * be told. */
static bool read_ahead(ph_gridfile_t *file, ph_dataset_t *set, size_t point, hid_t type)
{
    ph_ahead_t *self = &set->ahead;
    const size_t left = file->grid->points_count - point;
    ph_share_init(&self->share, set->rank - set->axes, set->extent + set->axes, H5Tget_size(type));
    const size_t most = self->share.bytes > 0 ? AHEAD_BYTES / self->share.bytes : 0;
    self->count = 0;
    self->type = type;
    self->off = most < FEWEST;
    if (!self->off && self->data == NULL)
        self->data = malloc(AHEAD_BYTES);
    self->off = self->off || self->data == NULL;
    if (self->off)
        return false;
    const size_t count = left < most ? left : most;
    self->off =
        ph_gridfile_read_points(file, set->name, point, count, type, self->data, NULL) != PH_OK;
    self->first = point;
    self->count = self->off ? 0 : count;
    return !self->off;
}

bool ph_ahead_get(ph_gridfile_t *file, ph_dataset_t *set, size_t point, const size_t *offset,
                  const size_t *count, hid_t type, void *data)
{
    ph_ahead_t *self = &set->ahead;
    if (file->temporary != NULL || file->once || self->off || set->axes != file->grid->axes_count ||
        point >= file->grid->points_count)
        return false;
    const bool here =
        type == self->type && point >= self->first && point - self->first < self->count;
    if ((!in_order(self, point) && !here) || (!here && !read_ahead(file, set, point, type)))
        return false;
    if (!ph_share_holds(&self->share, offset, count))
        return false;
    ph_share_get(&self->share, offset, count,
                 self->data + (point - self->first) * self->share.bytes, data);
    return true;
}
