/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_IMAGE_H
#define PH_FIGURE_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/figure/kind.h"

/** Neurons as an image, row by row. */
typedef struct {
    size_t rows, columns;
} ph_image_shape_t;

enum { PH_IMAGE_PIXELS = 1 << 20 };

/**
 * The shape in which a point's neurons are drawn: the request's, else the one of figure.shape and
 * dynamics.start_shape that has as many.
 * PH_ERR_INPUT where it has not as many pixels as there are neurons, or there is none;
 * PH_ERR_UNSUPPORTED for more than PH_IMAGE_PIXELS neurons.
 */
int ph_image_shape(const ph_figure_request_t *request, const ph_grid_t *grid,
                   const ph_point_t *point, ph_image_shape_t *shape, ph_report_t *report);

/** The sample that is drawn, from 0. PH_ERR_INPUT where there is no such. */
int ph_image_sample(const ph_figure_request_t *request, const ph_grid_t *grid, uint32_t *sample,
                    ph_report_t *report);

/** The title of a figure whose scripts say by themselves what it is of: the request's, or the
 * grid's, without values of axes. */
void ph_image_title(ph_figure_t *figure);

#endif
