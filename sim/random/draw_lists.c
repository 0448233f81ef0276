/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/random/distributions.h"
#include "sim/vector/list.h"

#define DECLARE(ISA, NAME) extern const ph_draw_lists_t PH_DRAW_##ISA;
PH_ISAS(DECLARE)

#define ENTRY(ISA, NAME) &PH_DRAW_##ISA,
const ph_draw_lists_t *const PH_DRAW_ALL[] = {PH_ISAS(ENTRY) & PH_DRAW_PLAIN, NULL};

const ph_draw_lists_t *ph_draw_lists(const char *name)
{
    const ph_draw_lists_t *const *lists = PH_DRAW_ALL;
    while (*lists != NULL && strcmp((*lists)->name, name) != 0)
        lists++;
    return *lists;
}
