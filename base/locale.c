/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/locale.h"

#include <langinfo.h>
#include <stdatomic.h>
#include <string.h>

/* Made once and kept: for "C" the C library has an object of its own, which takes no memory. */
static locale_t plain(void)
{
    static _Atomic(locale_t) kept;
    locale_t found = atomic_load(&kept);
    if (found != (locale_t)0)
        return found;
    locale_t none = (locale_t)0;
    found = newlocale(LC_ALL_MASK, "C", none);
    if (found != (locale_t)0 && !atomic_compare_exchange_strong(&kept, &none, found)) {
        freelocale(found); /* another thread was first */
        found = none;
    }
    return found;
}

ph_locale_t ph_locale_enter(void)
{
    ph_locale_t self = {.changed = false};
    if (strcmp(nl_langinfo(RADIXCHAR), ".") == 0)
        return self;
    const locale_t dotted = plain();
    if (dotted != (locale_t)0) {
        self.host = uselocale(dotted);
        self.changed = true;
    }
    return self;
}

void ph_locale_leave(const ph_locale_t *self)
{
    if (self->changed)
        uselocale(self->host);
}
