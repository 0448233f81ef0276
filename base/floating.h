/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_BASE_FLOATING_H
#define PH_BASE_FLOATING_H

#include <fenv.h>
#include <stdbool.h>

/*
 * The arithmetic that every number of the library assumes: rounding to nearest, subnormal numbers
 * kept (neither flushed to zero nor read as zero), no traps. A host program may have set another
 * one, by fesetround(), feenableexcept() or a library built with -ffast-math, in any of its
 * threads; those that OpenMP starts inherit it. So every entry of the library that computes, and
 * every piece of work that it hands to OpenMP, begins with PH_FLOATING_GUARD(); inside of another
 * it asks nothing.
 */

/** What leave has to put back. */
typedef struct {
    bool changed;
    fenv_t host;
} ph_floating_t;

/** Sets that arithmetic in this thread, where it is another. */
ph_floating_t ph_floating_enter(void);

/** Puts back what enter has found, to the bit; flags raised before stay raised. */
void ph_floating_leave(const ph_floating_t *self);

/** Whether this thread is between enter and leave: at work for the library, not for the host. */
bool ph_floating_inside(void);

/** Until the end of the block it is in, whichever way that is left. */
#define PH_FLOATING_GUARD()                                                                        \
    __attribute__((cleanup(ph_floating_leave), unused)) const ph_floating_t ph_floating_guard =    \
        ph_floating_enter()

#endif
