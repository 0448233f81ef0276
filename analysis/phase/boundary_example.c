/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "analysis/phase/boundary_private.h"

static const double NARROW = 1e-10; /* of a path: where bisection ends */
static const double LOWER = 1e-12;  /* free energies this close are equal */

/* What is known at one place of a path. */
typedef struct {
    ph_branch_t ground;
    ph_example_state_t example;
} place_t;

static bool example_lower(const place_t *place)
{
    return place->example.found &&
           place->example.free_energy < place->ground.state.free_energy - LOWER;
}

/* The lower of two ground states followed to a place; looked for anew where both have ended. */
static int find_ground(ph_path_t *path, double share, const place_t *ends, ph_branch_t *ground)
{
    bool found = false, there;
    int status = PH_OK;
    for (int i = 0; i < 2 && status == PH_OK; i++) {
        ph_branch_t trial = ends[i].ground;
        status = ph_branch_move(path, share, &trial, &there);
        if (status != PH_OK || !there ||
            (found && ground->state.free_energy <= trial.state.free_energy))
            continue;
        *ground = trial;
        found = true;
    }
    if (status != PH_OK || found)
        return status;
    ph_states_t states;
    status = ph_states_list(&states, ph_path_point(path, share), path->average);
    if (status == PH_OK) {
        *ground = ph_branch_ground(&states, share);
        ph_states_free(&states);
    }
    return status;
}

/* The lower of the example states followed from either end. */
static int find_example(ph_path_t *path, double share, const place_t *ends,
                        ph_example_state_t *example)
{
    int status = PH_OK;
    *example = (ph_example_state_t){.found = false};
    for (int i = 0; i < 2 && status == PH_OK; i++) {
        ph_example_state_t trial = ends[i].example;
        status = ph_example_state_follow(&trial, ph_path_point(path, share));
        if (status == PH_OK && trial.found &&
            !(example->found && example->free_energy <= trial.free_energy))
            *example = trial;
    }
    return status;
}

int ph_boundary_example_state(ph_path_t *path, const ph_states_t *from, const ph_states_t *to,
                              const ph_example_state_t *below, const ph_example_state_t *above,
                              ph_boundaries_t *ends)
{
    place_t places[2] = {{ph_branch_ground(from, 0.0), *below},
                         {ph_branch_ground(to, 1.0), *above}};
    const bool first = example_lower(&places[0]);
    double shares[2] = {0.0, 1.0};
    if (first == example_lower(&places[1]))
        return PH_OK;
    while (shares[1] - shares[0] > NARROW) {
        const double middle = 0.5 * (shares[0] + shares[1]);
        place_t place;
        int status = find_ground(path, middle, places, &place.ground);
        if (status == PH_OK)
            status = find_example(path, middle, places, &place.example);
        if (status != PH_OK)
            return status;
        const int side = example_lower(&place) == first ? 0 : 1;
        places[side] = place;
        shares[side] = middle;
    }
    const ph_label_t label = places[first ? 1 : 0].ground.state.label;
    const ph_boundary_t line = {shares[0], PH_BOUNDARY_EXAMPLE_STATE, label, label};
    ph_boundaries_add(ends, &line);
    return PH_OK;
}
