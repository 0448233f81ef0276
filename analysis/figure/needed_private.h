/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_NEEDED_PRIVATE_H
#define PH_FIGURE_NEEDED_PRIVATE_H

#include <stddef.h>

/** A number of examples, with the error that those of the shares make; NaN where there is none. */
typedef struct {
    double number, error;
} ph_needed_t;

/**
 * Where share[count], with its errors, first passes `wanted` from below: straight in the logarithm
 * of examples[count], which ascend.
 */
ph_needed_t ph_needed_between(size_t count, const double *examples, const double *share,
                              const double *error, double wanted);

#endif
