/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "analysis/phase/phase_private.h"

/* Places are stored as values of the axis: shares of the way come back with rounding. */
static const double ROUNDING = 1e-9;

/* A magnetization is a mean over neurons of numbers within [-1, 1]. */
static const double LARGEST = 1.0 + 1e-9;

static bool label_fits(ph_label_t label, size_t patterns)
{
    return label.count <= patterns;
}

/* What is wrong with a state by itself; NULL: nothing. */
static const char *state_fault(const ph_fixed_point_t *state, size_t patterns)
{
    if (!label_fits(state->label, patterns))
        return "a label is of more patterns than the point has";
    if (!isfinite(state->free_energy))
        return "a state has no free energy";
    if (!(state->residual >= 0.0) || !isfinite(state->residual))
        return "a state has no residual";
    if (!(state->copies >= 1.0 && state->copies == floor(state->copies)))
        return "the copies of a state are no whole number above 0";
    for (size_t mu = 0; mu < patterns; mu++)
        if (!(fabs(state->magnetization[mu]) <= LARGEST) || !isfinite(state->overlap[mu]))
            return "a magnetization is not within -1 and 1, or an overlap is missing";
    return NULL;
}

/* Several states of one point: their order, and which of them is the ground state. */
static const char *states_fault(const ph_states_t *states)
{
    size_t stable = 0, metastable = 0;
    if (states->patterns > PH_STATES_PATTERNS_MAX)
        return "states of more than 12 patterns";
    if (states->ground >= states->count || states->reached >= (int)states->count)
        return "ground_state or reached_state names a state that is not there";
    for (size_t i = 0; i < states->count; i++) {
        const ph_fixed_point_t *state = &states->states[i];
        const char *fault = state_fault(state, states->patterns);
        if (fault != NULL)
            return fault;
        if (i > 0 && !(state[-1].free_energy <= state->free_energy))
            return "the free energies of the states do not ascend";
        stable += state->kind == PH_STABILITY_STABLE;
        metastable += state->kind == PH_STABILITY_METASTABLE;
    }
    if (stable != 1 && stable + metastable > 0)
        return "not one state is the stable one";
    if (stable == 1 && states->states[states->ground].kind != PH_STABILITY_STABLE)
        return "ground_state is not the state of kind stable";
    if (!isnan(states->degree) && states->degree != floor(states->degree))
        return "the degree is no whole number";
    return NULL;
}

/* Boundaries from a point to the next along an axis. Shares are brought into [0, 1]. */
static const char *boundaries_fault(ph_boundaries_t *found, size_t patterns, bool way)
{
    double last = 0.0;
    if (found->count > 0 && !way)
        return "a boundary where there is no way: at the last value of its axis, or at a point "
               "without states";
    for (size_t i = 0; i < found->count; i++) {
        ph_boundary_t *boundary = &found->items[i];
        if (!(boundary->share >= -ROUNDING && boundary->share <= 1.0 + ROUNDING))
            return "a boundary is not between the two values of its axis";
        boundary->share = fmin(fmax(boundary->share, 0.0), 1.0);
        if (boundary->share < last - ROUNDING)
            return "the boundaries are not in the order of their axis";
        last = boundary->share;
        if (!label_fits(boundary->label, patterns) || !label_fits(boundary->other, patterns))
            return "a label at a boundary is of more patterns than the point has";
    }
    return NULL;
}

static const char *example_fault(const ph_example_state_t *state, size_t patterns)
{
    if (!state->found)
        return NULL;
    if (patterns > PH_STATES_PATTERNS_MAX)
        return "a state of single examples with more than 12 patterns";
    for (size_t mu = 0; mu < patterns; mu++)
        if (!(fabs(state->magnetization[mu]) <= LARGEST) || !isfinite(state->single[mu]) ||
            !isfinite(state->rest[mu]))
            return "a state of single examples with an impossible or missing overlap";
    return isfinite(state->free_energy) ? NULL : "a state of single examples has no free energy";
}

static const char *point_fault(ph_phase_t *self, size_t point)
{
    ph_states_t *states = &self->points[point];
    const char *fault = NULL;
    if (states->count == 0)
        states->ground = 0;
    else
        fault = states_fault(states);
    if (fault == NULL)
        fault = example_fault(&self->examples[point], states->patterns);
    for (size_t k = 0; k < self->directions_count && fault == NULL; k++) {
        ph_direction_t *direction = &self->directions[k];
        size_t next;
        const bool way = ph_phase_next(self->grid, point, direction->axis, &next) &&
                         states->count > 0 && self->points[next].count > 0;
        fault = boundaries_fault(&direction->ends[point], states->patterns, way);
        if (fault == NULL)
            fault = boundaries_fault(&direction->changes[point], states->patterns, way);
    }
    return fault;
}

int ph_phase_check(ph_phase_t *self, const char *path, ph_report_t *report)
{
    for (size_t p = 0; p < self->grid->points_count; p++) {
        const char *fault = point_fault(self, p);
        if (fault != NULL)
            return ph_fail(report, PH_ERR_DAMAGED,
                           "%s: point %zu: %s; the file is damaged or not polyhebb's: make it anew "
                           "with 'polyhebb phase'",
                           path, p, fault);
    }
    return PH_OK;
}
