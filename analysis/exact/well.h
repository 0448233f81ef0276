/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_EXACT_WELL_H
#define PH_EXACT_WELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Distinct rows of a sample's neurons, up to one joint sign, as the mean field has them. */
typedef struct {
    size_t count, features, patterns;
    const double *phi;     /* [count][features] */
    const double *xi;      /* [count][patterns] */
    const double *share;   /* [count] of the neurons, sum 1 */
    const double *weights; /* [features] */
    double noise, neurons;
    double tolerance; /* of averages, in spreads of one record, where that is more than 10^-7 */
    double
        least_rate; /* with a tolerance: at half of this rate, and below, only the rate is wanted */
    bool whole;     /* with a tolerance: to the end that it has without one, and no averages */
    bool rugged;    /* more than one maximum is likely: only what comes first depends on it */
    bool first_two; /* fourth powers and sizes are not wanted, which most of the time goes to */
} ph_exact_rows_t;

/** The lattice x = centre + sum over axes of at * axis that a well is summed over. */
typedef struct {
    size_t dimensions, from[3]; /* features that have a weight */
    double centre[3], axis[3][3], dual[3][3];
    struct ph_exact_site *sites;  /* [count] */
    struct ph_exact_entry *table; /* [capacity] where they are */
    uint32_t *heap;
    size_t count, room, capacity, heap_count;
    struct ph_exact_line *lines; /* where it was filled by lines; NULL: by sites */
    double *values;              /* of those */
    int32_t low[2], high[2];     /* lines there are: places of the other axes */
} ph_exact_lattice_t;

/** Equilibrium averages within one well; arrays [patterns]. */
typedef struct {
    double *m, *spread;     /* magnetization, and the standard deviation of one record of it */
    double *fourth;         /* <m^4>, exact where xi are the entries of neurons, not their means */
    double *absolute;       /* <|m|>, by a series in 1 over the spins that are loose, given x */
    double *absolute_error; /* its next term, and what two resolutions differ by: where a well is
                               wide and holds both signs, the corner of |m| is too sharp */
    double *error;          /* what m may be off: two resolutions, and the edge of the well */
    double energy, energy_spread, energy_error; /* per neuron, with the self terms that H lacks */
    double barrier; /* the lowest way out, in units of T above the lowest place; INFINITY: none */
    double inner;   /* the highest way between parts of the well, as above; 0: it has none */
    double rate;    /* a sweep at which a start is forgotten, or more */
    double edge;    /* share of the well of which it cannot be told where it belongs */
    double peak;    /* log p at its highest place, as the lattice has it */
    double log_sum; /* log of the sum of exp(-H/T) over its states, self terms in H */
    ph_exact_lattice_t lattice;
} ph_exact_well_t;

#define PH_EXACT_WELL_FEATURES 3
#define PH_EXACT_WELL_SEPARATE 14.0
#define PH_EXACT_WELL_JOINT 2.0

/**
 * A well is a part of a network's states that chains do not leave. An average in it is that of the
 * Gaussian field, p(x) ~ exp(-(N/2T) sum w x^2 + sum_i log 2 cosh(sum_p w_p phi_ip x_p / T)), over
 * the well's place in x, given which spins are independent: nothing is left in 1/N. The place is
 * filled from centre[features], where p is highest or near, in descending order of p, as water
 * fills a landscape upside down: where it pours into another basin by a way PH_EXACT_WELL_SEPARATE
 * or more above the lowest place (in units of T), the well ends; below PH_EXACT_WELL_JOINT chains
 * go to and fro, and both basins are one well.
 *
 * Averages are within 10^-7 of themselves. Within a tolerance fewer places do: steps are wider, the
 * well ends sooner, and half of the places are what all are held against.
 *
 * Up to PH_EXACT_WELL_FEATURES features with a weight, T > 0, and 10^7 terms a sum: PH_ERR_LIMIT
 * beyond. PH_ERR_NUMERIC where basins are neither joint nor separate, or no two resolutions say the
 * same. PH_ERR_MEMORY. Free is safe after a failure.
 */
int ph_exact_well_init(ph_exact_well_t *self, const ph_exact_rows_t *rows, const double *centre);
void ph_exact_well_free(ph_exact_well_t *self);

/** The well of the states -s of those of `of`, which weigh the same. PH_ERR_MEMORY. */
int ph_exact_well_mirror(ph_exact_well_t *self, const ph_exact_well_t *of, size_t patterns);

/** How far log p at overlaps n[features] is below its highest place; INFINITY outside the well.
 * `rows` are those it was made of. */
double ph_exact_well_depth(const ph_exact_well_t *self, const ph_exact_rows_t *rows,
                           const double *n);

/** Whether n, outside of a well made with a tolerance, may be in it when it is made whole: it lies
 * below its end, which is not where it pours into another. */
bool ph_exact_well_may_reach(const ph_exact_well_t *self, const ph_exact_rows_t *rows,
                             const double *n);

#endif
