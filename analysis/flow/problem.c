/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/flow/problem.h"

#include <stdlib.h>
#include <string.h>

static int map(void *context, const double *o, double *out)
{
    const ph_flow_problem_t *self = context;
    const size_t features = (size_t)self->meanfield.features;
    ph_evaluation_t wanted = {.n = out, .m = self->system.size > features ? out + features : NULL};
    ph_meanfield_evaluate(&self->meanfield, o, &wanted);
    return PH_OK;
}

int ph_flow_problem_init(ph_flow_problem_t *self, const ph_point_t *point, ph_average_t average)
{
    memset(self, 0, sizeof(*self));
    int status = ph_meanfield_init_start(&self->meanfield, point, average, NULL);
    if (status != PH_OK)
        return status;
    const size_t features = (size_t)self->meanfield.features;
    const size_t patterns = !ph_rule_learns(point->rule) ? 0 : (size_t)self->meanfield.patterns;
    self->system = (ph_flow_system_t){features + patterns, map, self};
    self->start = malloc(self->system.size * sizeof(*self->start));
    if (self->start == NULL) {
        ph_flow_problem_free(self);
        return PH_ERR_MEMORY;
    }
    ph_flow_problem_start(self, point, self->start);
    return PH_OK;
}

/* Examples are right on average, so a start has the overlaps of the archetypes with the features
 * too; but an example is one of those that its own pattern's feature is made of. */
void ph_flow_problem_start(const ph_flow_problem_t *self, const ph_point_t *point, double *start)
{
    const size_t features = (size_t)self->meanfield.features;
    ph_meanfield_t archetypes = self->meanfield; /* scratch is shared: one after the other */
    ph_meanfield_start(&self->meanfield, point, start);
    if (self->system.size == features)
        return;
    archetypes.learning = false;
    ph_meanfield_start(&archetypes, point, start + features);
}

size_t ph_flow_problem_place(const ph_flow_problem_t *self, size_t mu)
{
    const size_t first = self->system.size - (size_t)self->meanfield.patterns;
    return first + (self->meanfield.group != NULL ? (size_t)self->meanfield.group[mu] : mu);
}

void ph_flow_problem_free(ph_flow_problem_t *self)
{
    ph_meanfield_free(&self->meanfield);
    free(self->start);
    memset(self, 0, sizeof(*self));
}
