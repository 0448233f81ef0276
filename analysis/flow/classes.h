/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FLOW_CLASSES_H
#define PH_FLOW_CLASSES_H

#include "analysis/flow/noise.h"
#include "sim/model/coupling.h"
#include "sim/model/patterns.h"

enum { PH_FLOW_ENTRIES_MAX = 32765 }; /* features and patterns of a sample */

/** Classes that own their arrays, with what their flow needs. */
typedef struct {
    ph_classes_t classes; /* points into the arrays below */
    size_t patterns;      /* K; the last K overlaps are the magnetizations (storage: all) */
    double noise;
    double *phi, *share, *start, *weights;
    double *not_blank; /* [patterns]: share of neurons where the archetype is not blank */
    uint32_t *site;    /* [sites] */
} ph_flow_classes_t;

/**
 * Distinct neurons of a sample: rows of features, of archetypes and starting spins, up to one joint
 * sign. Overlaps followed: the P features and, but in storage where they are the same, the K
 * archetypes. PH_ERR_MEMORY; PH_ERR_LIMIT above PH_FLOW_ENTRIES_MAX; free is safe after it.
 */
int ph_flow_classes_sample(ph_flow_classes_t *self, const ph_point_t *point,
                           const ph_coupling_t *coupling, const ph_patterns_t *patterns);

/** The same of a sample that is drawn anew. Errors of the drawing too. */
int ph_flow_classes_draw(ph_flow_classes_t *self, const ph_point_t *point, uint64_t seed,
                         uint32_t sample);

/** All rows of the stored patterns of an infinite network (rule storage, K up to 12). */
int ph_flow_classes_population(ph_flow_classes_t *self, const ph_point_t *point);
void ph_flow_classes_free(ph_flow_classes_t *self);

/** The flow of these classes: its map F, and the overlaps of their start, start[size]. */
ph_flow_system_t ph_flow_classes_system(ph_flow_classes_t *self, double *start);

/**
 * Where the flow is after time[k] sweeps, path[times][size]: that of ph_flow_solve, and in the
 * sequential order of a sample that of its sites, ph_flow_sites. Errors of these.
 */
int ph_flow_classes_path(ph_flow_classes_t *self, ph_flow_law_t law, size_t times,
                         const uint64_t *time, double *path, ph_flow_end_t *end);

#endif
