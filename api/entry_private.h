/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_API_ENTRY_PRIVATE_H
#define PH_API_ENTRY_PRIVATE_H

#include "base/floating.h"
#include "base/locale.h"

/*
 * A function of the library that computes, reads or writes is a guest in its host's process. From
 * PH_ENTRY() to the end of its block, whichever way that is left:
 * - arithmetic is the one the numbers assume (base/floating.h), numbers have dots (base/locale.h);
 * - an error of GSL in a thread of the library is a code, not the end of the process. GSL has one
 *   handler for all threads: while calls are under way it is one of our own, which hands on to the
 *   host's what comes from the host's own threads. After the last of them the host's is back, or
 *   what the host has set meanwhile.
 * HDF5's handler is put aside call by call in sim/store.
 */

/** Counts a call in, and out. */
void ph_entry_begin(void);
void ph_entry_end(const int *unused);

#define PH_ENTRY()                                                                                 \
    PH_FLOATING_GUARD();                                                                           \
    PH_LOCALE_GUARD();                                                                             \
    ph_entry_begin();                                                                              \
    __attribute__((cleanup(ph_entry_end), unused)) const int ph_entry_guard = 0

#endif
