/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/figure/axis.h"

#include <math.h>
#include <string.h>

/* Axes whose values span more than this, above zero, are logarithmic where that is more even. */
static const double LOGARITHMIC_SPAN = 20.0;

size_t ph_figure_point(const ph_grid_t *grid, const size_t *index)
{
    size_t point = 0;
    for (size_t a = 0; a < grid->axes_count; a++)
        point = point * grid->axes[a].size + index[a];
    return point;
}

/* Largest over smallest step between neighbours. */
static double unevenness(const double *values, size_t size, bool logarithmic)
{
    double least = INFINITY, most = 0.0;
    for (size_t i = 1; i < size; i++) {
        const double step =
            logarithmic ? log(values[i] / values[i - 1]) : values[i] - values[i - 1];
        least = fmin(least, step);
        most = fmax(most, step);
    }
    return most / least;
}

ph_figure_axis_t ph_figure_axis(const ph_grid_t *grid, size_t axis)
{
    return ph_figure_axis_by(grid, axis, 0);
}

ph_figure_axis_t ph_figure_axis_by(const ph_grid_t *grid, size_t axis, size_t coordinate)
{
    ph_figure_axis_t self = {
        &grid->axes[axis].coordinates[coordinate], grid->axes[axis].size, false, false, 0.0, 0.0};
    const double *values = self.coordinate->values;
    self.words = ph_schema(self.coordinate->key)->type == PH_TYPE_WORD;
    self.logarithmic = !self.words && self.size > 2 && values[0] > 0.0 &&
                       values[self.size - 1] >= LOGARITHMIC_SPAN * values[0] &&
                       unevenness(values, self.size, true) < unevenness(values, self.size, false);
    self.minimum = ph_figure_edge(&self, 0);
    self.maximum = ph_figure_edge(&self, self.size);
    return self;
}

double ph_figure_place(const ph_figure_axis_t *axis, size_t i)
{
    return axis->words ? (double)i : axis->coordinate->values[i];
}

/* As wide on either side of its value, but not beyond what the key may be. */
static double outer_edge(const ph_figure_axis_t *axis, double edge)
{
    const ph_schema_t *schema = ph_schema(axis->coordinate->key);
    return fmin(fmax(edge, schema->minimum), schema->maximum);
}

/* Half-way between neighbours. */
double ph_figure_edge(const ph_figure_axis_t *axis, size_t i)
{
    const double *v = axis->coordinate->values;
    const size_t n = axis->size;
    if (axis->words)
        return (double)i - 0.5;
    if (n == 1)
        return v[0] + (i == 0 ? -0.5 : 0.5);
    if (axis->logarithmic)
        return i == 0   ? outer_edge(axis, v[0] * sqrt(v[0] / v[1]))
               : i == n ? outer_edge(axis, v[n - 1] * sqrt(v[n - 1] / v[n - 2]))
                        : sqrt(v[i - 1] * v[i]);
    return i == 0   ? outer_edge(axis, v[0] - 0.5 * (v[1] - v[0]))
           : i == n ? outer_edge(axis, v[n - 1] + 0.5 * (v[n - 1] - v[n - 2]))
                    : 0.5 * (v[i - 1] + v[i]);
}

static const char *symbol(ph_key_t key)
{
    switch (key) {
    case PH_KEY_NEURONS:
        return "N";
    case PH_KEY_PATTERNS:
        return "K";
    case PH_KEY_DILUTION:
        return "d";
    case PH_KEY_EXAMPLES:
        return "M";
    case PH_KEY_QUALITY:
        return "r";
    case PH_KEY_ENTROPY:
        return "\u03c1";
    case PH_KEY_NOISE:
        return "T";
    default:
        return NULL;
    }
}

/* A key's name in words: "burn in". */
static void name_of(ph_key_t key, char *text, size_t size)
{
    snprintf(text, size, "%s", ph_schema(key)->name);
    for (char *c = text; *c != '\0'; c++)
        if (*c == '_')
            *c = ' ';
}

void ph_label_axis(const ph_coordinate_t *coordinate, char *text, size_t size)
{
    const ph_schema_t *row = ph_schema(coordinate->key);
    const char *letter = symbol(coordinate->key);
    char name[64];
    name_of(coordinate->key, name, sizeof(name));
    if (letter != NULL && coordinate->pattern > 0)
        snprintf(text, size, "%s {/:Italic %s} of pattern %zu", name, letter, coordinate->pattern);
    else if (letter != NULL)
        snprintf(text, size, "%s {/:Italic %s}", name, letter);
    else if (strcmp(row->unit, "1") != 0 && strcmp(row->unit, row->name) != 0)
        snprintf(text, size, "%s (%s)", name, row->unit);
    else
        snprintf(text, size, "%s", name);
}

/* Behind a value: which way the noise goes where points follow each other. */
static const char *way_of(const ph_coordinate_t *coordinate, size_t i)
{
    if (coordinate->key != PH_KEY_FOLLOW || coordinate->values[i] == PH_FOLLOW_NONE)
        return "";
    return coordinate->values[i] == PH_FOLLOW_NOISE ? " ({/:Italic T} \u2191)"
                                                    : " ({/:Italic T} \u2193)";
}

void ph_label_value(const ph_coordinate_t *coordinate, size_t i, char *text, size_t size)
{
    const char *letter = symbol(coordinate->key);
    char name[64], value[64];
    name_of(coordinate->key, name, sizeof(name));
    if (ph_schema(coordinate->key)->type == PH_TYPE_REAL)
        snprintf(value, sizeof(value), "%.6g", coordinate->values[i]);
    else
        ph_coordinate_text(coordinate, i, value, sizeof(value));
    if (letter != NULL)
        snprintf(text, size, "%s {/:Italic %s} = %s", name, letter, value);
    else
        snprintf(text, size, "%s: %s%s", name, value, way_of(coordinate, i));
}
