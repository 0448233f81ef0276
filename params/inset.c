/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/inset.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"

const char *const PH_INSET_CORNERS[PH_INSET_BEST] = {"top-right", "top-left", "bottom-right",
                                                     "bottom-left"};

/* "LOW:HIGH" of this length. */
static bool read_range(const char *text, size_t length, double *low, double *high)
{
    char word[64], *colon;
    if (length >= sizeof(word))
        return false;
    snprintf(word, sizeof(word), "%.*s", (int)length, text);
    colon = strchr(word, ':');
    if (colon == NULL)
        return false;
    *colon = '\0';
    return ph_read_real(word, low) == PH_NUMBER_OK && ph_read_real(colon + 1, high) == PH_NUMBER_OK;
}

static bool read_corner(const char *text, ph_inset_corner_t *corner)
{
    for (size_t c = 0; c < PH_INSET_BEST; c++)
        if (strcmp(text, PH_INSET_CORNERS[c]) == 0) {
            *corner = (ph_inset_corner_t)c;
            return true;
        }
    return false;
}

const char *ph_inset_origin(const ph_inset_part_t *self)
{
    return self->of_grid ? "figure.inset" : "--inset";
}

const char *ph_inset_read(ph_inset_part_t *self, const char *text)
{
    const char *at = text;
    bool good = true;
    *self = (ph_inset_part_t){.on = true, .corner = PH_INSET_BEST};
    for (size_t k = 0; k < 2 && good; k++) {
        const size_t length = strcspn(at, ",");
        good = read_range(at, length, &self->low[k], &self->high[k]);
        at += length + (k == 0 && at[length] == ',');
    }
    if (good && *at == ',')
        good = read_corner(at + 1, &self->corner);
    if (!good)
        return "expected numbers XMIN:XMAX,YMIN:YMAX and perhaps a corner, top-left, top-right, "
               "bottom-left or bottom-right: 0.55:0.7,0.2:0.35 or 0.55:0.7,0.2:0.35,top-right";
    for (size_t k = 0; k < 2; k++)
        if (!(self->low[k] < self->high[k]))
            return "expected the smaller of two numbers first";
    return NULL;
}
