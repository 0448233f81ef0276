/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_BASE_LOCALE_H
#define PH_BASE_LOCALE_H

#include <locale.h>
#include <stdbool.h>

/*
 * Numbers in files are read and written with a dot, whatever locale the calling program has set.
 * Where they are, a block begins with PH_LOCALE_GUARD(): it holds for the calling thread alone.
 */

/** What leave has to put back. */
typedef struct {
    bool changed;
    locale_t host;
} ph_locale_t;

/** Sets a dot as decimal point in this thread; without memory nothing is changed. */
ph_locale_t ph_locale_enter(void);

/** Puts back what enter has found. */
void ph_locale_leave(const ph_locale_t *self);

/** Until the end of the block it is in, whichever way that is left. */
#define PH_LOCALE_GUARD()                                                                          \
    __attribute__((cleanup(ph_locale_leave), unused)) const ph_locale_t ph_locale_guard =          \
        ph_locale_enter()

#endif
