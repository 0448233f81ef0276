/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/figure/image.h"

#include <inttypes.h>
#include <stdio.h>

enum { SHAPES = 4, LIST_SIZE = 160 };

/* "20x20, 16x25, 10x40, 8x50": shapes of so many pixels, the most nearly square first. */
static void list_shapes(uint64_t pixels, char list[LIST_SIZE])
{
    uint64_t rows = 1;
    size_t used = 0;
    while ((rows + 1) * (rows + 1) <= pixels)
        rows++;
    list[0] = '\0';
    for (int found = 0; rows > 0 && found < SHAPES; rows--)
        if (pixels % rows == 0)
            used += (size_t)snprintf(list + used, LIST_SIZE - used, "%s%" PRIu64 "x%" PRIu64,
                                     found++ > 0 ? ", " : "", rows, pixels / rows);
}

/* Whether a list is the shape of so many neurons. */
static bool is_shape(const ph_list_t *list, uint64_t neurons, ph_image_shape_t *shape)
{
    if (list->count != 2 || list->values[0] * list->values[1] != (double)neurons)
        return false;
    *shape = (ph_image_shape_t){(size_t)list->values[0], (size_t)list->values[1]};
    return true;
}

int ph_image_shape(const ph_figure_request_t *request, const ph_grid_t *grid,
                   const ph_point_t *point, ph_image_shape_t *shape, ph_report_t *report)
{
    const size_t *asked = request->shape;
    const uint64_t neurons = (uint64_t)point->neurons;
    char list[LIST_SIZE];
    if (neurons > PH_IMAGE_PIXELS)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "an image of %" PRIu64 " neurons: at most %d are drawn", neurons,
                       PH_IMAGE_PIXELS);
    *shape = (ph_image_shape_t){asked[0], asked[1]};
    if (asked[0] == 0 && (is_shape(&grid->figure.shape, neurons, shape) ||
                          is_shape(&point->start_shape, neurons, shape)))
        return PH_OK;
    if (shape->rows > 0 && (uint64_t)shape->rows * shape->columns == neurons)
        return PH_OK;
    list_shapes(neurons, list);
    return shape->rows == 0
               ? ph_fail(report, PH_ERR_INPUT,
                         "which image do %" PRIu64 " neurons make? The run does not say it: "
                         "expected --shape with rows and columns of %" PRIu64 " pixels, like %s",
                         neurons, neurons, list)
               : ph_fail(report, PH_ERR_INPUT,
                         "--shape %zux%zu is %" PRIu64 " pixels, but there are %" PRIu64
                         " neurons: expected rows and columns of as many, like %s",
                         shape->rows, shape->columns, (uint64_t)shape->rows * shape->columns,
                         neurons, list);
}

void ph_image_title(ph_figure_t *figure)
{
    const char *title = figure->request->title;
    snprintf(figure->title, sizeof(figure->title), "%s",
             title != NULL ? title : figure->grid->title);
}

int ph_image_sample(const ph_figure_request_t *request, const ph_grid_t *grid, uint32_t *sample,
                    ph_report_t *report)
{
    const int64_t number = request->sample > 0 ? request->sample : 1;
    *sample = (uint32_t)(number - 1);
    return ph_selection_number("sample", number, grid->samples, report);
}
