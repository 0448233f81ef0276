/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_CLOUD_PRIVATE_H
#define PH_COMPARE_CLOUD_PRIVATE_H

#include <gsl/gsl_rng.h>

#include "analysis/flow/classes.h"

/**
 * Starts of one sample's chains, drawn as the law of the start has them (independent spins, of
 * classes or, in sequential order, of sites: normal), each followed by the flow of the sample.
 */
typedef struct {
    const ph_point_t *point;
    const ph_classes_t *classes; /* borrowed */
    ph_flow_law_t law;
    size_t rows, patterns;       /* rows: classes, or sites; patterns: the last of the overlaps */
    double *share;               /* [rows] of the neurons */
    double *spin, *first, *mean; /* [rows]: spins now, as the sweep began, in their fields */
    double *middle, *old;        /* [rows]: room of a step */
    double *bridge;              /* [rows][steps of a sweep]: in permuted order */
    double *overlap, *half, *out, *by_feature; /* [size] */
    gsl_rng *rng;
    double *lift; /* [size][patterns]: overlaps of the simplest state of given magnetizations */
} ph_cloud_t;

/** What a draw is followed with: nothing, or the noise of the dynamics beside a start a little off,
 * and the same with every sign turned. */
typedef enum { PH_CLOUD_PLAIN, PH_CLOUD_MOVED, PH_CLOUD_OPPOSITE, PH_CLOUD_WAYS } ph_cloud_way_t;

/** The net must outlive the cloud. PH_ERR_MEMORY; free is safe after it. */
int ph_cloud_init(ph_cloud_t *self, const ph_point_t *point, const ph_flow_classes_t *net);
void ph_cloud_free(ph_cloud_t *self);

/** Operations of one draw over so many sweeps, with all its ways, in multiplications. */
double ph_cloud_cost(const ph_cloud_t *self, uint64_t sweeps);

/**
 * Draw `number` of sample `sample` after so many sweeps, m[patterns]. A pure function of its
 * arguments; all ways of a draw begin with the same spins but for 2/sqrt(N) of their deviations.
 */
void ph_cloud_follow(ph_cloud_t *self, uint32_t sample, uint32_t number, ph_cloud_way_t way,
                     uint64_t sweeps, double *m);

/**
 * One chain sweep by sweep: from the start of `start`, with `noise` times the noise of the start
 * (of a settled one there is none) and, in every sweep, of the dynamics. 0: none.
 */
void ph_cloud_begin(ph_cloud_t *self, const ph_classes_t *start, double noise, unsigned long seed);
void ph_cloud_sweep(ph_cloud_t *self, double noise);

/** m[patterns] of where it is. */
void ph_cloud_magnetizations(ph_cloud_t *self, double *m);

/** The well that m[patterns] is counted to, in place: where n <- F(n) leads from the simplest state
 * with these magnetizations. A function of them, whatever has led there. */
void ph_cloud_settle(ph_cloud_t *self, double *m);

/** The same of m moved by 2/N in a direction of the chain's own, or against it: where it stood
 * between wells, as a vote that is even keeps it, both are others. */
void ph_cloud_settle_beside(ph_cloud_t *self, uint32_t chain, ph_cloud_way_t way, double *m);

#endif
