/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ATTRACTORS_ATTRACTORS_H
#define PH_ATTRACTORS_ATTRACTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/attractors/naming.h"
#include "base/digest.h"
#include "base/report.h"
#include "params/grid.h"

/*
 * The stable states of very networks, patterns drawn or given: from systematic starts, each taken
 * to where the mean field of that network (at noise 0 descent of its energy) leads.
 */

enum { PH_ATTRACTORS_PATTERNS_MAX = 600 };

/** A state and its negative: the sign is that which makes the first member's overlap positive. */
typedef struct {
    ph_attractor_label_t label;
    double *overlap;    /* [patterns] m_mu = (1/N) sum xi s */
    double *recall;     /* [patterns] cosine of the angle to the pattern, over the neurons where it
                           is not blank: from PH_ATTRACTOR_RECALLED on the state recalls it */
    double free_energy; /* per neuron, self terms included as in the mean field; noise 0: energy */
    double residual;    /* max |F(n) - n|; noise 0: 0 */
    double stability;   /* least eigenvalue of the stability matrix; noise 0: NaN */
    double least_field; /* noise 0: least s_i h_i over the neurons with a feature; else NaN */
    int64_t ties;       /* noise 0: neurons with a feature whose flip costs nothing */
    int64_t starts;     /* that lead here */
    bool stable;        /* least eigenvalue above 10^-9; noise 0: no flip of one spin lowers the
                           energy, so always */
    ph_digest_t spins;  /* noise 0: of the configuration */
    double *order;      /* noise above 0: n[features] */
} ph_attractor_t;

/** What was found in one network, by ascending free energy. */
typedef struct {
    size_t patterns, features, count, starts;
    ph_attractor_t *states; /* [count] */
    int ground;             /* the stable one of lowest free energy, -1: none is stable */
    int *of_pattern;        /* [patterns] state where the pattern's own start ends, -1: nowhere */
    double *activity;       /* [patterns] share of entries that are not blank */
    double shift;           /* (1/2N) mean of self: free energies plus this have J_ii = 0 */
    size_t unconverged;     /* starts whose flow did not come to rest */
} ph_attractors_t;

/**
 * The states of sample `sample` of a point. Starts: every pattern; pairs and threes of patterns by
 * majority; majorities of all; hierarchies; random spins; above zero noise no field at all
 * (docs/theory.md 7 has their numbers). Those drawn are a pure function of the grid's seed and the
 * sample. PH_ERR_UNSUPPORTED above PH_ATTRACTORS_PATTERNS_MAX patterns or where the mean field of a
 * sample is not covered; PH_ERR_MEMORY, PH_ERR_LIMIT, PH_ERR_INTERRUPTED. Free is safe after any.
 */
int ph_attractors_find(ph_attractors_t *self, const ph_point_t *point, uint64_t seed,
                       uint32_t sample, ph_report_t *report);
void ph_attractors_free(ph_attractors_t *self);

/** The stable state of lowest free energy that recalls a pattern (from 0) or its negative; -1:
 * there is none, the pattern is not stable. */
int ph_attractors_of_pattern(const ph_attractors_t *self, size_t pattern);

#endif
