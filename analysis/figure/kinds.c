/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

#include "analysis/figure/kind.h"
#include "params/figures.h"

/* PH_FIGURE_ROW_NAME is the row in the file of its own. Figures of one kind of file are drawn in
 * the order of the list. */
#define DECLARE(NAME, ...) extern const ph_figure_kind_t PH_FIGURE_ROW_##NAME;
#define LIST(NAME, ...) &PH_FIGURE_ROW_##NAME,

PH_FIGURES(DECLARE)

const ph_figure_kind_t *ph_figure_kind(size_t i)
{
    static const ph_figure_kind_t *const KINDS[] = {PH_FIGURES(LIST) NULL};
    return i < sizeof(KINDS) / sizeof(KINDS[0]) ? KINDS[i] : NULL;
}
