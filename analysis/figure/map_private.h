/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_MAP_PRIVATE_H
#define PH_FIGURE_MAP_PRIVATE_H

#include "analysis/figure/data.h"

/** PREFIX-map: the estimates in colours over x and y; with `lines` under those of the diagram of
 * the same prefix. Errors as ph_figure_write. */
int ph_figure_map(const ph_figure_t *self, const ph_figure_data_t *data, ph_figures_t *drawn,
                  ph_report_t *report);

#endif
