/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/estimate/laststate.h"
#include "analysis/figure/figure_private.h"
#include "base/file.h"
#include "base/visible.h"

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
    ph_figure_axis_t self = {
        &grid->axes[axis].coordinates[0], grid->axes[axis].size, false, false, 0.0, 0.0};
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
        return i == 0   ? v[0] * sqrt(v[0] / v[1])
               : i == n ? v[n - 1] * sqrt(v[n - 1] / v[n - 2])
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
    if (letter != NULL)
        snprintf(text, size, "%s {/:Italic %s}", name, letter);
    else if (strcmp(row->unit, "1") != 0 && strcmp(row->unit, row->name) != 0)
        snprintf(text, size, "%s (%s)", name, row->unit);
    else
        snprintf(text, size, "%s", name);
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
        snprintf(text, size, "%s: %s", name, value);
}

/*
 * A string of gnuplot's that means these very bytes. Single quotes keep all but themselves (two of
 * them mean one, but not at the beginning) and the ends of lines; double quotes need octal numbers
 * for what they would read: \, ", and, being replaced before gnuplot looks at quotes, ` and @.
 */
static void put_string(FILE *script, const char *text)
{
    bool plain = true;
    for (const char *c = text; *c != '\0'; c++)
        plain = plain && *c != '\'' && (unsigned char)*c >= ' ' && *c != '\x7f';
    fputc(plain ? '\'' : '"', script);
    for (; *text != '\0'; text++) {
        const unsigned char c = (unsigned char)*text;
        if (!plain && (c < ' ' || c == 0x7f || strchr("\\\"'`@", c) != NULL))
            fprintf(script, "\\%03o", c);
        else
            fputc(c, script);
    }
    fputs(plain ? "'\n" : "\"\n", script);
}

static void put_assignment(FILE *script, const char *name, const char *text)
{
    fprintf(script, "%s = ", name);
    put_string(script, text);
}

void ph_script_text(FILE *script, const char *name, const char *text)
{
    char line[2 * PH_FIGURE_TEXT];
    snprintf(line, sizeof(line), "%s", text);
    for (char *c = line; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == '\x7f')
            *c = ' ';
    put_assignment(script, name, line);
}

static const char *base_name(const ph_figure_t *self)
{
    const char *slash = strrchr(self->request->prefix, '/');
    return slash != NULL ? slash + 1 : self->request->prefix;
}

void ph_script_name(FILE *script, const char *name, const ph_figure_t *self, const char *kind,
                    const char *extension)
{
    char text[PH_FIGURE_TEXT * 2 + 64];
    snprintf(text, sizeof(text), "./%s%s-%s%s", base_name(self), self->suffix, kind, extension);
    put_assignment(script, name, text);
}

void ph_script_values(FILE *script, const ph_figure_t *self, const char *name)
{
    size_t settled = 0;
    for (size_t p = 0; p < self->grid->points_count; p++)
        settled += ph_point_settles(&self->grid->points[p]);
    char text[64];
    snprintf(text, sizeof(text), "magnetization {/:Italic m}%s",
             settled == 0                          ? ""
             : settled == self->grid->points_count ? ", last states"
                                                   : ", last states at T = 0");
    ph_script_text(script, name, text);
    fputs("array labels[patterns]\n", script);
    for (size_t mu = 0; mu < self->patterns; mu++)
        fprintf(script, "labels[%zu] = '%s %zu%s'\n", mu + 1, ph_view_word(self->request->view),
                mu + 1, self->absolute[mu] ? ", |m|" : "");
    bool absolute = false;
    for (size_t mu = 0; mu < self->patterns; mu++)
        absolute = absolute || self->absolute[mu];
    fprintf(script, "sizes = %d\n", absolute);
}

void ph_script_head(FILE *script, const ph_figure_t *self, const char *kind)
{
    char text[PH_FIGURE_TEXT * 2 + 64], shown[PH_FIGURE_TEXT * 4];
    fputs("# Draws the figure again when gnuplot runs it in this folder.\n", script);
    snprintf(text, sizeof(text), "%s%s-%s", base_name(self), self->suffix, kind);
    put_assignment(script, "name", text);
    fputs("data = './'.name.'.dat'\n"
          "if (!exists('partial')) { partial = '' } # polyhebb plot renames figures when whole\n",
          script);
    ph_script_text(script, "formats", self->request->formats);
    ph_visible(self->title, shown, sizeof(shown));
    ph_script_text(script, "figure_title", shown);
    fprintf(script, "patterns = %zu\n", self->patterns);
}

/* Words at whole numbers: LETTER_tics with and LETTER_blank without text, "" for numbers. */
static void write_tics(FILE *script, const char *letter, const ph_figure_axis_t *axis)
{
    static const char *const NAMES[] = {"tics", "blank"};
    char text[64];
    size_t longest = 0;
    for (size_t k = 0; k < 2; k++) {
        fprintf(script, "%s_%s = \"", letter, NAMES[k]);
        for (size_t i = 0; axis->words && i < axis->size; i++) {
            ph_coordinate_text(axis->coordinate, i, text, sizeof(text));
            longest = strlen(text) > longest ? strlen(text) : longest;
            fprintf(script, "%s'%s' %zu", i == 0 ? "(" : ", ", k == 0 ? text : "", i);
        }
        fputs(axis->words ? ")\"\n" : "\"\n", script);
    }
    fprintf(script, "%s_longest = %zu\n", letter, longest);
}

/* margin: share of the range left free on either side of the values; 0: the cells' edges. */
void ph_script_axis(FILE *script, const char *letter, const ph_figure_axis_t *axis, double margin)
{
    char text[PH_FIGURE_TEXT], name[32];
    double low = axis->minimum, high = axis->maximum;
    if (margin > 0.0 && !axis->words && axis->size > 1) {
        const double first = axis->coordinate->values[0];
        const double last = axis->coordinate->values[axis->size - 1];
        const double room = margin * (axis->logarithmic ? log(last / first) : last - first);
        low = axis->logarithmic ? first * exp(-room) : first - room;
        high = axis->logarithmic ? last * exp(room) : last + room;
    }
    ph_label_axis(axis->coordinate, text, sizeof(text));
    snprintf(name, sizeof(name), "%s_label", letter);
    ph_script_text(script, name, text);
    fprintf(script, "%s_min = %.10g\n%s_max = %.10g\n%s_log = %d\n", letter, low, letter, high,
            letter, axis->logarithmic);
    write_tics(script, letter, axis);
}

int ph_script_template(FILE *script, const ph_figure_t *self, const char *name, ph_report_t *report)
{
    enum { TEMPLATE_MAX = 1 << 20 };
    char path[4096], *text = NULL;
    size_t size = 0;
    snprintf(path, sizeof(path), "%s/%s", self->request->templates, name);
    int status = ph_file_load(path, TEMPLATE_MAX, &text, &size, report);
    if (status == PH_OK)
        fprintf(script, "\n%s", text);
    free(text);
    return status;
}
