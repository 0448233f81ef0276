/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_DEVIATE_PRIVATE_H
#define PH_COMPARE_DEVIATE_PRIVATE_H

#include <stddef.h>

/**
 * The standard normal deviate as improbable as a deviation by `excess` with an error of `freedom`
 * degrees of freedom (INFINITY: known). Where single events of size `quantum` make the error (0: no
 * such), no less probable than the Poisson law of their number has it.
 */
double ph_normal_deviate(double excess, double error, double freedom, double quantum);

/** The deviation that has a normal deviate of PH_COMPARE_ERRORS. */
double ph_least_deviation(double error, double freedom, double quantum);

/** Errors beyond which one of `count` rows is improbable at half the false-alarm rate, and
 * PH_COMPARE_ERRORS at the least. */
double ph_deviate_bound(size_t count);

#endif
