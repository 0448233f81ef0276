/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_WELLS_PRIVATE_H
#define PH_COMPARE_WELLS_PRIVATE_H

#include "analysis/compare/wells.h"

/** What a search of wells has in hand. */
typedef struct {
    const ph_population_t *population;
    const ph_chains_t *chains;
    const ph_meanfield_t *sample;
    ph_state_t state, infinite; /* room; state.n: where the flow starts, then ends */
} ph_search_t;

/** With its pointers set. PH_ERR_MEMORY; free is safe after it. */
int ph_search_init(ph_search_t *self);
void ph_search_free(ph_search_t *self);

/** N delta f'' delta of a state about its well, which in equilibrium is below a chi square of as
 * many degrees as features: within it, a state is in the well unasked. */
double ph_near_bound(size_t features);

/** How far a record m[patterns] is from well w: in storage magnetizations are the overlaps, whose
 * distance is as above; of learned examples they are held against their own fluctuations, or a few
 * spins. */
double ph_wells_distance(ph_wells_t *self, const ph_search_t *search, size_t w, const double *m);

/** PH_ERR_MEMORY where a question of a distance had no memory. */
int ph_wells_status(const ph_wells_t *self);

/** Marks chains that came into their well after the first record, anew: where trajectories are. */
void ph_wells_find_moved(ph_wells_t *self, const ph_search_t *search);

/** The well that search->state, solved, is: `found`, a new one where it is none of those there.
 * `chain` says which way the infinite network's state is turned. `wider`: a new one, that has
 * others inside. There has to be room. */
int ph_wells_settle(ph_wells_t *self, ph_search_t *search, size_t chain, size_t *found,
                    bool *wider);

#endif
