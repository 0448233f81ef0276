/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_INSET_H
#define PH_PARAMS_INSET_H

#include <stdbool.h>

/** Corners where insets of figures stand; of two that are alike the first is the better one. */
typedef enum {
    PH_INSET_TOP_RIGHT,
    PH_INSET_TOP_LEFT,
    PH_INSET_BOTTOM_RIGHT,
    PH_INSET_BOTTOM_LEFT,
    PH_INSET_BEST /* whichever has most room; also how many there are */
} ph_inset_corner_t;

/** Their words. */
extern const char *const PH_INSET_CORNERS[PH_INSET_BEST];

/** What is asked for: the part between these values along x and y. */
typedef struct {
    bool on;
    double low[2], high[2];
    ph_inset_corner_t corner;
    bool of_grid; /* asked for by the grid file, not by an option */
} ph_inset_part_t;

/** What asked for it, as errors call it: "figure.inset" or "--inset". */
const char *ph_inset_origin(const ph_inset_part_t *self);

/** Reads "XMIN:XMAX,YMIN:YMAX", and perhaps ",CORNER": NULL, or what was expected. */
const char *ph_inset_read(ph_inset_part_t *self, const char *text);

#endif
