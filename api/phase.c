/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <polyhebb/phase.h>

#include <stdlib.h>
#include <string.h>

#include "analysis/phase/phase.h"
#include "api/entry_private.h"
#include "base/machine.h"
#include "base/stack.h"

static ph_phase_t *allocate(ph_report_t *report)
{
    ph_phase_t *self = calloc(1, sizeof(*self));
    if (self == NULL)
        ph_fail(report, PH_ERR_MEMORY, "no memory for a phase diagram");
    return self;
}

/* Hands on what was made; where that failed it is empty. */
static int finish(ph_phase_t **phase, ph_phase_t *self, int status)
{
    if (status != PH_OK) {
        free(self);
        self = NULL;
    }
    *phase = self;
    return status;
}

int ph_phase_new(ph_phase_t **phase, const ph_grid_t *grid, uint32_t threads, ph_report_t *report)
{
    PH_ENTRY();
    ph_phase_t *self = *phase = allocate(report);
    if (self == NULL)
        return PH_ERR_MEMORY;
    int status = ph_machine_check_stack(report);
    if (status == PH_OK)
        status = ph_phase_solve(self, grid, (int)ph_machine_threads(threads).value, report);
    return finish(phase, self, status);
}

int ph_phase_new_from_file(ph_phase_t **phase, const ph_grid_t *grid, const char *path,
                           ph_report_t *report)
{
    PH_ENTRY();
    ph_phase_t *self = *phase = allocate(report);
    if (self == NULL)
        return PH_ERR_MEMORY;
    return finish(phase, self, ph_phase_read(self, grid, path, report));
}

void ph_phase_delete(ph_phase_t *self)
{
    if (self != NULL)
        ph_phase_free(self);
    free(self);
}

int ph_phase_save(const ph_phase_t *self, const char *path, ph_report_t *report)
{
    PH_ENTRY();
    return ph_phase_write(self, path, report);
}

size_t ph_phase_states(const ph_phase_t *self, size_t point)
{
    return point < self->grid->points_count ? self->points[point].count : 0;
}

int ph_phase_state(const ph_phase_t *self, size_t point, size_t i, ph_phase_state_t *state,
                   double *m)
{
    if (i >= ph_phase_states(self, point))
        return PH_ERR_INPUT;
    const ph_states_t *all = &self->points[point];
    const ph_fixed_point_t *found = &all->states[i];
    *state = (ph_phase_state_t){.stability = ph_stability_text(found->kind),
                                .free_energy = found->free_energy,
                                .copies = found->copies};
    ph_label_text(found->label, state->label, sizeof(state->label));
    if (m != NULL)
        memcpy(m, found->magnetization, all->patterns * sizeof(*m));
    return PH_OK;
}

int ph_phase_reached(const ph_phase_t *self, size_t point)
{
    return ph_phase_states(self, point) > 0 ? self->points[point].reached : -1;
}

/* The boundaries between a point and the next: where states end, then those of the ground state. */
static const ph_boundaries_t *between(const ph_phase_t *self, size_t axis, size_t point,
                                      const ph_boundaries_t **changes)
{
    const ph_direction_t *direction = ph_phase_direction(self, axis);
    if (direction == NULL || point >= self->grid->points_count)
        return NULL;
    *changes = &direction->changes[point];
    return &direction->ends[point];
}

size_t ph_phase_boundaries(const ph_phase_t *self, size_t axis, size_t point)
{
    const ph_boundaries_t *changes = NULL, *ends = between(self, axis, point, &changes);
    return ends != NULL ? ends->count + changes->count : 0;
}

int ph_phase_boundary(const ph_phase_t *self, size_t axis, size_t point, size_t i,
                      ph_phase_boundary_t *boundary)
{
    PH_ENTRY();
    if (i >= ph_phase_boundaries(self, axis, point))
        return PH_ERR_INPUT;
    const ph_boundaries_t *changes = NULL, *ends = between(self, axis, point, &changes);
    const ph_boundary_t *found =
        i < ends->count ? &ends->items[i] : &changes->items[i - ends->count];
    *boundary = (ph_phase_boundary_t){
        .place = ph_phase_place(self->grid, axis, point, found->share),
        .kind = ph_boundary_text(found->kind),
    };
    ph_label_text(found->label, boundary->label, sizeof(boundary->label));
    ph_label_text(found->other, boundary->other, sizeof(boundary->other));
    return PH_OK;
}
