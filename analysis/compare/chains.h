/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_CHAINS_H
#define PH_COMPARE_CHAINS_H

#include "analysis/meanfield/meanfield.h"
#include "params/grid.h"
#include "sim/store/runfile.h"

/**
 * The chains of one sample as they are read, with the means of their magnetizations; at zero noise,
 * where the records are a path to a state at rest, those of their last states.
 */
typedef struct {
    const ph_segment_t *segment; /* borrowed */
    const ph_point_t *point;
    size_t chains, patterns;
    size_t samples;            /* of the point */
    uint64_t records;          /* of the chain that has least */
    const uint64_t *each;      /* [chains] of every chain; NULL: `records`; borrowed */
    size_t components, offset; /* of the magnetizations among the components */
    double *mean;              /* [chains][patterns] */
    double *own; /* [chains][records][patterns] in place of what was recorded, or NULL */
} ph_chains_t;

/** A segment as of ph_sample_read(), with the records of each chain (NULL: all have those of the
 * segment). PH_ERR_MEMORY; free is safe after it. */
int ph_chains_init(ph_chains_t *self, const ph_grid_t *grid, const ph_point_t *point,
                   const ph_patterns_t *patterns, const ph_segment_t *segment,
                   const uint64_t *records);

/** The same of their energies per neuron, as of one pattern; of the records at any noise. */
int ph_chains_init_energy(ph_chains_t *self, const ph_grid_t *grid, const ph_point_t *point,
                          const ph_segment_t *segment, const uint64_t *records);
void ph_chains_free(ph_chains_t *self);

/** Record k of one chain's magnetization mu, where records were kept (segment->series). */
double ph_chains_record(const ph_chains_t *self, size_t chain, uint64_t k, size_t mu);

/** Running sums of one chain's magnetization mu (sim/model/moments.h), where these were kept. */
const double *ph_chains_sums(const ph_chains_t *self, size_t chain, size_t mu);

/** Mean of |m_mu| over the records of all chains. */
double ph_chains_size(const ph_chains_t *self, size_t mu);

/** Adds a share of the order parameters of a chain's last state to n[features]. */
void ph_chains_add_last(const ph_chains_t *self, size_t chain, const ph_meanfield_t *sample,
                        double share, double *n);

/** What is known of the mean of one magnetization over some chains of one well. */
typedef struct {
    double variance;    /* of the mean; NaN where the chains do not tell */
    double freedom;     /* degrees of freedom of that variance; INFINITY: many */
    double tau;         /* autocorrelation time in records, 1/2 where not known */
    double tau_freedom; /* degrees of freedom of an error that it makes; INFINITY where means of
                           chains make one beside it */
    double first;       /* how far the first record may be from the mean: found, or 4 errors of it;
                           INFINITY where not known */
    double length;   /* records a chain that would be enough for it; 0: not known, or no matter */
    double rhat;     /* R-hat; NaN where not known */
    uint64_t judged; /* records at the end of each chain that rhat and length are of: all, or the
                        later half where the first is off */
    double excess;   /* of a drift: times the largest that would be none */
    bool parted;     /* chains are not of one law: split R-hat, a drift common to all, or strays */
    bool drift;      /* the first record lies off the mean by more than the mean can bear */
    bool enough;     /* long enough, or many enough, for an error */
} ph_chains_error_t;

/**
 * Error of the mean over chains members[count]. From PH_CHAINS_MANY chains on it is that of their
 * means, else that of their autocorrelation time, with records/(2W + 1) degrees of freedom, W the
 * window of its sum (Madras & Sokal 1988), or of blocks less one a chain. `spread`: the standard
 * deviation of one record by the theory, 0 where not known: where a chain's mean is compared with
 * the others', that much is no stray. room[count (records + 2)].
 */
ph_chains_error_t ph_chains_error(const ph_chains_t *self, const size_t *members, size_t count,
                                  size_t mu, double spread, double *room);

#define PH_CHAINS_MANY 16

#endif
