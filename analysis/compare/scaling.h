/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_SCALING_H
#define PH_COMPARE_SCALING_H

#include "analysis/compare/compare.h"

/** What falls as a power of the number of neurons. */
typedef enum {
    PH_SCALED_DEVIATION, /* |<m> - m of the infinite network|: the 1/N correction */
    PH_SCALED_SCATTER,   /* standard deviation of <m> over the drawn samples: 1/sqrt N */
    PH_SCALED_COUNT
} ph_scaled_quantity_t;

/** "deviation", "scatter"; and the exponents they have where the theory is right: 1, 1/2. */
const char *ph_scaled_word(ph_scaled_quantity_t quantity);
double ph_scaled_expected(ph_scaled_quantity_t quantity);

/** Sizes and samples that a fit takes at the least. */
#define PH_SCALING_SIZES 3
#define PH_SCALING_SAMPLES 4

typedef enum {
    PH_SCALING_NONE,
    PH_SCALING_UNDECIDED,     /* of a size: compare leaves the point undecided */
    PH_SCALING_ELSEWHERE,     /* of a size: chains or samples are in another state, or left out */
    PH_SCALING_SAMPLES_FEW,   /* of a size: below PH_SCALING_SAMPLES samples */
    PH_SCALING_INSIGNIFICANT, /* of an exponent: below PH_SCALING_SIZES sizes are significant */
    PH_SCALING_SIGNS,         /* of an exponent: significant deviations of both signs */
    PH_SCALING_REASONS
} ph_scaling_reason_t;

const char *ph_scaling_reason_text(ph_scaling_reason_t reason);

/** A deviation (signed) or a scatter. */
typedef struct {
    double value, error; /* NaN: not known */
    double deviate;      /* from 0, as a standard normal one; NaN: not known */
} ph_scaled_t;

/** One pattern at one number of neurons. */
typedef struct {
    size_t point;
    ph_scaling_reason_t reason; /* why it is in no fit; NONE */
    double neurons, samples;
    ph_scaled_t of[PH_SCALED_COUNT];
} ph_scaling_size_t;

/** A power law through the sizes whose value is beyond PH_COMPARE_ERRORS errors. */
typedef struct {
    double value, error; /* NaN: not fitted */
    double deviate;      /* of |value - expected|, as a standard normal one */
    size_t used;         /* sizes */
    ph_scaling_reason_t reason;
    ph_verdict_t verdict;
} ph_exponent_t;

/** One pattern at all numbers of neurons, all else equal. */
typedef struct {
    int64_t pattern;
    ph_scaling_size_t *sizes; /* [ph_scaling_t sizes] */
    ph_exponent_t exponents[PH_SCALED_COUNT];
} ph_scaling_line_t;

typedef struct {
    size_t sizes, lines_count;
    ph_scaling_line_t *lines; /* by point, then pattern */
    ph_scaling_size_t *room;
    size_t fitted, disagreeing;
    double threshold;     /* errors beyond which a single exponent disagrees */
    ph_verdict_t verdict; /* undecided: more than a quarter of the exponents are */
} ph_scaling_t;

/**
 * Mean deviation from `infinite` and scatter of the samples' means, whose variances by their chains
 * are given (NaN: not known, and so is the scatter): what chains add to the scatter is taken off,
 * its error is the jackknife's over samples, and it is significant where chains alone would not
 * make it. PH_ERR_MEMORY.
 */
int ph_scaling_size(const double *means, const double *variances, size_t samples, double infinite,
                    ph_scaled_t *of);

/** The exponent of a quantity: weighted straight line in the logarithms, errors propagated, no
 * smaller than the scatter about the line says. The verdict is not yet there. PH_ERR_MEMORY. */
int ph_scaling_fit(const ph_scaling_size_t *sizes, size_t count, ph_scaled_quantity_t quantity,
                   ph_exponent_t *out);

/** The axis of a grid that the scaling is along (NULL: whether there is one): PH_ERR_INPUT where
 * none has PH_SCALING_SIZES numbers of neurons, all else equal. */
int ph_scaling_axis(const ph_grid_t *grid, size_t *axis, ph_report_t *report);

/**
 * How a run comes to its infinite network: for all points that differ in neurons alone, by the
 * averages of its samples and the infinite network of `comparison` (of patterns). errors as of
 * ph_scaling_axis, PH_ERR_MEMORY, or what reading gave.
 */
int ph_scaling_make(ph_scaling_t *self, ph_runfile_t *run, const ph_comparison_t *comparison,
                    ph_report_t *report);
void ph_scaling_free(ph_scaling_t *self);

#endif
