/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_POWER_H
#define PH_TESTS_POWER_H

/* The line of an observable that is not in the tree: put before every file of a build. */
#define PH_OBSERVABLES_MORE(OBSERVABLE) OBSERVABLE(POWER, "power", OBSERVABLES)

#endif
