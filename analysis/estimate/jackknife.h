/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ESTIMATE_JACKKNIFE_H
#define PH_ESTIMATE_JACKKNIFE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Jackknife over independent groups of records, of any function of averages. whole: its value from
 * all of them; without[g]: with group g left out; weight[g] >= 0: its share of the records, in any
 * unit (Busing, Meijer & van der Leeden, Statistics and Computing 9, 3 (1999); with equal weights
 * the plain jackknife). `value` is without the bias of first order in one over the records,
 * `variance` that of the value. Groups without weight do not count; fewer than two leave the value
 * as it is and no variance, NaN. Returns the degrees of freedom, groups - 1.
 */
double ph_jackknife(double whole, const double *without, const double *weight, size_t groups,
                    double *value, double *variance);

/**
 * The same of the mean of x[n], in groups of `together` numbers that follow each other; NaN among x
 * are left out. work: [2 groups]. All of them NaN: value and variance are NaN.
 */
double ph_jackknife_mean(const double *x, size_t n, size_t together, double *work, double *value,
                         double *variance);

/**
 * The variance that a share of `count` chains has at the least: that of one more chain inside and
 * one more outside (Agresti & Coull), or all chains on one side would leave no doubt.
 */
double ph_share_variance_least(double share, double count);

/** A mean over samples. Errors are standard deviations of it, NaN where they cannot be known. */
typedef struct {
    double value;
    double error;    /* of two samples or more: from their scatter, with all that makes it */
    double freedom;  /* its degrees of freedom: value +- t error, Student's t */
    double thermal;  /* from the chains, were the samples' values known */
    double disorder; /* what the scatter of the samples has beyond it, 0 where nothing; needs two */
} ph_averaged_t;

/**
 * Of values[samples] with variances[samples], each of freedoms[samples] degrees of freedom. Samples
 * whose value is NaN are left out. One sample has the error of its chains; so have samples that are
 * all `one` network, whose scatter counts only where that of chains is not known.
 */
ph_averaged_t ph_average_samples(const double *values, const double *variances,
                                 const double *freedoms, size_t samples, bool one);

#endif
