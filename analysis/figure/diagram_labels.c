/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/figure/diagram_labels_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A panel is about this many characters wide and lines high; room for words is measured in them.
 * Those of an inset are smaller by this much (plots/style.gp). */
static const double CHARACTERS = 62.0, LINES = 26.0, INSET_TEXT = 0.8;

/* Characters that a short label takes with the room beside it. */
static const double SHORT = 3.5;

/* Places that are looked at both ways where a part is looked at closely. */
enum { CLOSELY = 61 };

double ph_diagram_low(const ph_figure_axis_t *axis)
{
    return axis->words ? axis->minimum : ph_figure_place(axis, 0);
}

double ph_diagram_high(const ph_figure_axis_t *axis)
{
    return axis->words ? axis->maximum : ph_figure_place(axis, axis->size - 1);
}

static const ph_figure_axis_t *axis_of(const ph_label_room_t *self, size_t k)
{
    return k == 0 ? &self->diagram->x : &self->diagram->y;
}

/* Where a value is along the room, 0 to 1 within it. */
static double share_of(const ph_label_room_t *self, size_t k, double value)
{
    const double low = self->low[k], high = self->high[k];
    return axis_of(self, k)->logarithmic ? log(value / low) / log(high / low)
                                         : (value - low) / (high - low);
}

static double stand(const ph_label_room_t *self, size_t k, size_t i)
{
    return share_of(self, k, self->at[k][i]);
}

/* How much smaller a panel is than usual (plots/phase.gp), in characters and lines of its text. */
static double smaller(const ph_diagram_t *self)
{
    static const double USUAL = 440.0, BESIDE = 370.0, ALONE = 110.0;
    const ph_figure_request_t *request = self->figure->request;
    const bool narrow = ph_figure_narrow(request);
    const double wide = ph_figure_panel(request, 1, narrow ? ALONE : BESIDE, USUAL);
    return request->width == 0.0
               ? 1.0
               : (narrow ? wide : wide / 2.0) / USUAL / fmax(ph_figure_enlarged(request), 1.0);
}

static int code_at(const ph_diagram_t *self, size_t panel, size_t i, size_t j)
{
    return panel == 0 ? ph_diagram_ground(self, i, j) : ph_diagram_reached(self, i, j);
}

/* Whether a place (shares) is no place for labels. */
static bool is_shut(const ph_inset_t *inset, bool within, double x, double y)
{
    return within ? x < 0.0 || x > 1.0 || y < 0.0 || y > 1.0 : ph_inset_covers(inset, x, y);
}

static int make_room(ph_label_room_t *self)
{
    const size_t wide = self->size[0], high = self->size[1];
    self->at[0] = malloc((wide + high) * sizeof(*self->at[0]));
    self->codes = malloc(2 * wide * high * sizeof(*self->codes));
    if (self->at[0] == NULL || self->codes == NULL)
        return PH_ERR_MEMORY;
    self->at[1] = self->at[0] + wide;
    self->open = self->codes + wide * high;
    return PH_OK;
}

/* The places that are looked at: those of the grid, or evenly spread ones. */
static void choose_places(ph_label_room_t *self, bool closely)
{
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < self->size[k]; i++) {
            const double low = self->low[k], high = self->high[k];
            const double share = ((double)i + 0.5) / (double)self->size[k];
            const ph_figure_axis_t *axis = axis_of(self, k);
            self->at[k][i] = !closely            ? ph_figure_place(axis, i)
                             : axis->logarithmic ? low * pow(high / low, share)
                                                 : low + share * (high - low);
        }
}

/* The label of a region between curves. */
static int code_between(const ph_label_room_t *self, const ph_faces_t *faces, size_t i, size_t j)
{
    const size_t places[] = {i, j};
    double share[2];
    for (size_t k = 0; k < 2; k++) {
        const double low = ph_diagram_low(axis_of(self, k)),
                     high = ph_diagram_high(axis_of(self, k));
        share[k] = (self->at[k][places[k]] - low) / (high - low);
    }
    return ph_faces_label(faces, share);
}

int ph_label_room_begin(ph_label_room_t *self, const ph_diagram_t *diagram, size_t panel,
                        const ph_inset_t *inset, bool within, const ph_faces_t *faces)
{
    const double scale = smaller(diagram) * (within ? ph_inset_inner(inset) / INSET_TEXT : 1.0);
    const bool closely = within && faces != NULL;
    *self = (ph_label_room_t){
        .diagram = diagram, .characters = CHARACTERS * scale, .lines = LINES * scale};
    for (size_t k = 0; k < 2; k++) {
        self->size[k] = closely ? CLOSELY : axis_of(self, k)->size;
        self->low[k] = within ? inset->part->low[k] : ph_diagram_low(axis_of(self, k));
        self->high[k] = within ? inset->part->high[k] : ph_diagram_high(axis_of(self, k));
    }
    if (make_room(self) != PH_OK)
        return PH_ERR_MEMORY;
    choose_places(self, closely);
    for (size_t i = 0; i < self->size[0]; i++)
        for (size_t j = 0; j < self->size[1]; j++)
            self->codes[i * self->size[1] + j] =
                is_shut(inset, within, stand(self, 0, i), stand(self, 1, j)) ? -1
                : closely ? code_between(self, faces, i, j)
                          : code_at(diagram, panel, i, j);
    memcpy(self->open, self->codes, self->size[0] * self->size[1] * sizeof(*self->open));
    return PH_OK;
}

void ph_label_room_free(ph_label_room_t *self)
{
    free(self->at[0]);
    free(self->codes);
    self->at[0] = NULL;
    self->codes = NULL;
}

/* The place that is nearest to a share. */
static size_t nearest(const ph_label_room_t *self, size_t k, double share)
{
    size_t best = 0;
    for (size_t i = 1; i < self->size[k]; i++)
        if (fabs(stand(self, k, i) - share) < fabs(stand(self, k, best) - share))
            best = i;
    return best;
}

void ph_label_room_cross(ph_label_room_t *self, const double a[2], const double b[2])
{
    const size_t wide = self->size[0], high = self->size[1];
    double from[2], way[2];
    for (size_t k = 0; k < 2; k++) {
        from[k] = share_of(self, k, a[k]);
        way[k] = share_of(self, k, b[k]) - from[k];
    }
    /* twice as many steps as points are passed */
    const double passed = fmax(fabs(way[0]) * (double)wide, fabs(way[1]) * (double)high);
    const size_t steps = 1 + (size_t)fmin(2.0 * passed, 2.0 * (double)(wide + high));
    for (size_t n = 0; n <= steps; n++) {
        const double share = (double)n / (double)steps;
        const double x = from[0] + share * way[0], y = from[1] + share * way[1];
        if (x >= 0.0 && x <= 1.0 && y >= 0.0 && y <= 1.0)
            self->open[nearest(self, 0, x) * high + nearest(self, 1, y)] = -1;
    }
}

/* Half the width around a point within its region along one row. */
static double measure_row(const ph_label_room_t *self, const int *codes, size_t i, size_t j)
{
    const size_t size = self->size[0], high = self->size[1];
    const int label = codes[i * high + j];
    size_t left = 0, right = 0;
    while (left < i && codes[(i - left - 1) * high + j] == label)
        left++;
    while (i + right + 1 < size && codes[(i + right + 1) * high + j] == label)
        right++;
    const double x = stand(self, 0, i);
    return fmin(x - stand(self, 0, i - left), stand(self, 0, i + right) - x);
}

/* Half the room around a point within its region: the width that a line of text has, and the
 * height. */
static void measure(const ph_label_room_t *self, const int *codes, size_t i, size_t j, double *wide,
                    double *tall)
{
    const size_t high = self->size[1];
    const int label = codes[i * high + j];
    const double y = stand(self, 1, j);
    size_t down = 0, up = 0;
    while (down < j && codes[i * high + j - down - 1] == label)
        down++;
    while (j + up + 1 < high && codes[i * high + j + up + 1] == label)
        up++;
    *tall = fmin(y - stand(self, 1, j - down), stand(self, 1, j + up) - y);
    *wide = measure_row(self, codes, i, j);
    for (size_t row = j - down; row <= j + up; row++)
        if (fabs(stand(self, 1, row) - y) * self->lines <= 0.5)
            *wide = fmin(*wide, measure_row(self, codes, i, row));
}

/* Which words fit into this room: 2 long ones of `length` characters, 1 short ones, 0 none. */
static int fitting(double wide, double high, double length)
{
    if (wide >= length && high >= 3.0)
        return 2;
    return wide >= SHORT && high >= 1.2 ? 1 : 0;
}

/* Where the words of a region stand best, and whether long or short ones fit there. */
static ph_label_place_t find(const ph_label_room_t *self, const int *codes, int label)
{
    const size_t patterns = ph_diagram_patterns(self->diagram);
    ph_label_place_t found = {0.0, 0.0, 0};
    double best = -1.0;
    char text[64];
    ph_label_text(ph_label_of(label, patterns), text, sizeof(text));
    const double length = (double)strlen(text) + 2.0;
    for (size_t i = 0; i < self->size[0]; i++)
        for (size_t j = 0; j < self->size[1]; j++) {
            double wide, high;
            if (codes[i * self->size[1] + j] != label)
                continue;
            measure(self, codes, i, j, &wide, &high);
            wide *= 2.0 * self->characters;
            high *= 2.0 * self->lines;
            const int fit = fitting(wide, high, length);
            const double room = wide / (fit == 2 ? length : SHORT);
            const double score = 10.0 * fit + fmin(room, 0.25 * high) + 0.005 * high;
            if (score > best) {
                best = score;
                found = (ph_label_place_t){self->at[0][i], self->at[1][j], fit};
            }
        }
    return found;
}

ph_label_place_t ph_label_room_find(const ph_label_room_t *self, int label)
{
    const ph_label_place_t clear = find(self, self->open, label);
    return clear.fit > 0 ? clear : find(self, self->codes, label);
}
