/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

#include "analysis/figure/kind.h"

/* The list of figures: PH_FIGURE_NAME is the row in the file of its own. Those of one kind of file
 * are drawn in this order. */
#define FIGURES(ROW)                                                                               \
    ROW(CURVES)                                                                                    \
    ROW(MAP)                                                                                       \
    ROW(TRAJECTORY)                                                                                \
    ROW(REWEIGHTED)                                                                                \
    ROW(QUANTITY)                                                                                  \
    ROW(THRESHOLDS)                                                                                \
    ROW(DIAGRAM)

#define DECLARE(NAME) extern const ph_figure_kind_t PH_FIGURE_##NAME;
#define LIST(NAME) &PH_FIGURE_##NAME,

FIGURES(DECLARE)

const ph_figure_kind_t *ph_figure_kind(size_t i)
{
    static const ph_figure_kind_t *const KINDS[] = {FIGURES(LIST) NULL};
    return i < sizeof(KINDS) / sizeof(KINDS[0]) ? KINDS[i] : NULL;
}
