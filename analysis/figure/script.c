/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/figure/script.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/estimate/laststate.h"
#include "analysis/figure/tex.h"
#include "base/file.h"
#include "base/visible.h"

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

void ph_figure_number(FILE *file, int digits, double value)
{
    if (isnan(value))
        fputs(" NaN", file);
    else
        fprintf(file, " %.*g", digits, value);
}

/* As it is, or in a figure for LaTeX as `tex` makes it. */
static void put_line(FILE *script, const ph_figure_t *self, const char *name, const char *text,
                     void (*tex)(const char *text, char *out, size_t size))
{
    char line[4 * PH_FIGURE_TEXT];
    if (ph_figure_is_tex(self))
        tex(text, line, sizeof(line));
    else
        snprintf(line, sizeof(line), "%s", text);
    for (char *c = line; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == '\x7f')
            *c = ' ';
    put_assignment(script, name, line);
}

void ph_script_text(FILE *script, const ph_figure_t *self, const char *name, const char *text)
{
    put_line(script, self, name, text, ph_tex_label);
}

void ph_script_words(FILE *script, const ph_figure_t *self, const char *name, const char *text)
{
    put_line(script, self, name, text, ph_tex_words);
}

void ph_script_definition(FILE *script, const ph_figure_t *self, const char *name, const char *text)
{
    put_line(script, self, name, text, ph_tex_definition);
}

const char *ph_script_magnetization(const ph_figure_t *self)
{
    return ph_figure_is_tex(self) ? "{/:Italic m_μ}" : "{/:Italic m}";
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
    snprintf(text, sizeof(text), "./%s%s-%s%s%s", base_name(self), self->suffix, kind,
             ph_figure_tail(self), extension);
    put_assignment(script, name, text);
}

void ph_script_values(FILE *script, const ph_figure_t *self, const char *name)
{
    size_t settled = 0;
    for (size_t p = 0; p < self->grid->points_count; p++)
        settled += ph_point_settles(&self->grid->points[p]);
    char text[64], label[32];
    snprintf(text, sizeof(text), "magnetization %s%s", ph_script_magnetization(self),
             settled == 0                          ? ""
             : settled == self->grid->points_count ? ", last states"
                                                   : ", last states at T = 0");
    ph_script_text(script, self, name, text);
    fputs("array labels[patterns]\n", script);
    for (size_t mu = 0; mu < self->patterns; mu++) {
        snprintf(label, sizeof(label), "labels[%zu]", mu + 1);
        snprintf(text, sizeof(text), "%s %zu%s", ph_view_word(self->request->view), mu + 1,
                 self->absolute[mu] ? ", |m|" : "");
        ph_script_words(script, self, label, text);
    }
    bool absolute = false;
    for (size_t mu = 0; mu < self->patterns; mu++)
        absolute = absolute || self->absolute[mu];
    fprintf(script, "sizes = %d\n", absolute);
}

/* What style.gp draws by: grey, font, its size, and a width in millimetres (0: none asked for). */
static void put_style(FILE *script, const ph_figure_request_t *request)
{
    fprintf(script, "monochrome = %d\nenlarged = %.10g\nnarrow = %d\n", request->monochrome,
            ph_figure_enlarged(request), ph_figure_narrow(request));
    fprintf(script, "page_width = %.10g\nprint_size = %g\n", request->width,
            ph_figure_print_size(request));
    put_assignment(script, "font_name",
                   request->font != NULL && request->font[0] != '\0' ? request->font : "sans");
}

void ph_script_head(FILE *script, const ph_figure_t *self, const char *kind)
{
    char text[PH_FIGURE_TEXT * 2 + 64], shown[PH_FIGURE_TEXT * 4];
    fputs("# Draws the figure again when gnuplot runs it in this folder.\n", script);
    snprintf(text, sizeof(text), "%s%s-%s%s", base_name(self), self->suffix, kind,
             ph_figure_tail(self));
    put_assignment(script, "name", text);
    if (self->request->mark != NULL)
        fprintf(script, "%s%s\n", PH_SCRIPT_MARK, self->request->mark);
    fputs("data = './'.name.'.dat'\n"
          "if (!exists('partial')) { partial = '' } # polyhebb plot renames figures when whole\n",
          script);
    put_assignment(script, "formats", self->request->formats);
    put_style(script, self->request);
    ph_visible(self->title, shown, sizeof(shown));
    ph_script_words(script, self, "figure_title", shown);
    fprintf(script, "patterns = %zu\n", self->patterns);
}

/* A word within quotes within quotes. */
static void put_tic(FILE *script, const ph_figure_t *self, const char *text)
{
    char word[128];
    if (ph_figure_is_tex(self))
        ph_tex_words(text, word, sizeof(word));
    else
        snprintf(word, sizeof(word), "%s", text);
    for (const char *c = word; *c != '\0'; c++)
        fprintf(script, *c == '\\' ? "\\%c" : "%c", *c);
}

/* Words at whole numbers: LETTER_tics with and LETTER_blank without text, "" for numbers. */
static void write_tics(FILE *script, const ph_figure_t *self, const char *letter,
                       const ph_figure_axis_t *axis)
{
    static const char *const NAMES[] = {"tics", "blank"};
    char text[64];
    size_t longest = 0;
    for (size_t k = 0; k < 2; k++) {
        fprintf(script, "%s_%s = \"", letter, NAMES[k]);
        for (size_t i = 0; axis->words && i < axis->size; i++) {
            ph_coordinate_text(axis->coordinate, i, text, sizeof(text));
            longest = strlen(text) > longest ? strlen(text) : longest;
            fputs(i == 0 ? "('" : ", '", script);
            if (k == 0)
                put_tic(script, self, text);
            fprintf(script, "' %zu", i);
        }
        fputs(axis->words ? ")\"\n" : "\"\n", script);
    }
    fprintf(script, "%s_longest = %zu\n", letter, longest);
}

/* margin: share of the range left free on either side of the values; 0: the cells' edges. */
void ph_script_ends(const ph_figure_axis_t *axis, double margin, double *low, double *high)
{
    *low = axis->minimum;
    *high = axis->maximum;
    if (margin > 0.0 && !axis->words && axis->size > 1) {
        const double first = axis->coordinate->values[0];
        const double last = axis->coordinate->values[axis->size - 1];
        const double room = margin * (axis->logarithmic ? log(last / first) : last - first);
        *low = axis->logarithmic ? first * exp(-room) : first - room;
        *high = axis->logarithmic ? last * exp(room) : last + room;
    }
}

void ph_script_axis(FILE *script, const ph_figure_t *self, const char *letter,
                    const ph_figure_axis_t *axis, double margin)
{
    char text[PH_FIGURE_TEXT], name[32];
    double low, high;
    ph_script_ends(axis, margin, &low, &high);
    ph_label_axis(axis->coordinate, text, sizeof(text));
    snprintf(name, sizeof(name), "%s_label", letter);
    ph_script_text(script, self, name, text);
    fprintf(script, "%s_min = %.10g\n%s_max = %.10g\n%s_log = %d\n", letter, low, letter, high,
            letter, axis->logarithmic);
    write_tics(script, self, letter, axis);
}

/* A value's label: "", which leaves it to the tics' format, or in a figure of a width of its own
 * three digits where it has more. */
static void tic_label(const ph_figure_t *self, double value, char label[32])
{
    char all[32];
    snprintf(all, sizeof(all), "%.6g", value);
    snprintf(label, 32, "%.3g", value);
    if (self->request->width == 0.0 || strcmp(all, label) == 0 || strchr(label, 'e') != NULL)
        label[0] = '\0';
}

/* Half the room of a value's label, in pixels; along a linear axis that of the longest, so that
 * what has a label is evenly spaced. */
static double half_label(const ph_figure_t *self, const ph_figure_axis_t *axis, size_t value,
                         ph_tics_t kind)
{
    enum { LETTER = 8, LINE = 20 };
    char label[32];
    int longest = 0;
    if (kind == PH_TICS_UPWARDS)
        return LINE / 2.0;
    for (size_t i = 0; i < axis->size; i++) {
        const double shown = axis->coordinate->values[i];
        tic_label(self, shown, label);
        const int length = label[0] != '\0' ? (int)strlen(label) : snprintf(NULL, 0, "%.6g", shown);
        if (axis->logarithmic ? i == value : true)
            longest = (int)fmax(longest, length);
    }
    return LETTER * (longest + 1) / 2.0;
}

void ph_script_tics(FILE *script, const ph_figure_t *self, const char *letter,
                    const ph_figure_axis_t *axis, double panel, ph_tics_t kind)
{
    const double low = axis->minimum, high = axis->maximum;
    const double pixels = panel / fmax(ph_figure_enlarged(self->request), 1.0);
    char label[32];
    double end = -INFINITY;
    fprintf(script, "%s_values = '", letter);
    for (size_t i = 0; i < axis->size; i++) {
        const double value = axis->coordinate->values[i], half = half_label(self, axis, i, kind);
        const double at = pixels * (axis->logarithmic ? log(value / low) / log(high / low)
                                                      : (value - low) / (high - low));
        const bool room = at - half >= end;
        tic_label(self, value, label);
        if (room || kind != PH_TICS_LABELLED)
            fprintf(script, "%s%s%s%s%.6g%s", i == 0 ? "(" : ", ",
                    room && label[0] == '\0' ? "" : "\"", room ? label : "",
                    room && label[0] == '\0' ? "" : "\" ", value, room ? "" : " 1");
        end = room ? at + half : end;
    }
    fputs(")'\n", script);
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
