/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/interrupt.h"

#include <stddef.h>

static const volatile sig_atomic_t *asked;

void ph_interrupt_by(const volatile sig_atomic_t *flag)
{
    asked = flag;
}

bool ph_interrupted(void)
{
    return asked != NULL && *asked != 0;
}
