/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/print.h"

#include <stdlib.h>
#include <string.h>

#include "base/visible.h"

int ph_print_set_formats(void *arguments, const char *text, ph_report_t *report)
{
    char *formats = ((ph_print_t *)arguments)->formats;
    formats[0] = '\0';
    for (const char *at = text;; at++) {
        const size_t length = strcspn(at, ",");
        if (length != 3 || (strncmp(at, "png", 3) != 0 && strncmp(at, "svg", 3) != 0 &&
                            strncmp(at, "pdf", 3) != 0))
            return ph_fail(report, PH_ERR_INPUT,
                           "--format takes png, svg, pdf or several with commas, not '%s'", text);
        char format[4] = "";
        strncat(format, at, 3);
        if (strstr(formats, format) != NULL)
            return ph_fail(report, PH_ERR_INPUT, "--format names each format once, not '%s'", text);
        if (formats[0] != '\0')
            strcat(formats, " ");
        strcat(formats, format);
        at += length;
        if (*at == '\0')
            return PH_OK;
    }
}

/* "NAME", "NAME,SIZE" or ",SIZE". A name is put into scripts, gnuplot's own texts and SVG files, in
 * all of which letters and digits are just that. */
int ph_print_set_font(void *arguments, const char *text, ph_report_t *report)
{
    static const char NAMED[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_.";
    static const double LEAST = 6.0, MOST = 12.0;
    ph_print_t *self = arguments;
    const size_t length = strspn(text, NAMED);
    const char *rest = text + length;
    char *end = NULL;
    if (length >= PH_FONT_SIZE || (*rest != '\0' && *rest != ',') || text[0] == '\0')
        return ph_fail(report, PH_ERR_INPUT,
                       "--font takes NAME or NAME,SIZE, the name of at most %d letters, digits, "
                       "blanks and - _ . only",
                       PH_FONT_SIZE - 1);
    snprintf(self->font, PH_FONT_SIZE, "%.*s", (int)length, text);
    if (*rest == '\0')
        return PH_OK;
    self->font_size = strtod(rest + 1, &end);
    if (rest[1 + strspn(rest + 1, "0123456789.")] != '\0' || end == rest + 1 || *end != '\0' ||
        !(self->font_size >= LEAST) || self->font_size > MOST)
        return ph_fail(report, PH_ERR_INPUT,
                       "--font %s: expected a size of %g to %g points behind the comma", text,
                       LEAST, MOST);
    return PH_OK;
}

/* A number and mm, cm or in. */
int ph_print_set_width(void *arguments, const char *text, ph_report_t *report)
{
    static const struct {
        char name[3];
        double millimetres;
    } UNITS[] = {{"mm", 1.0}, {"cm", 10.0}, {"in", 25.4}};
    ph_print_t *self = arguments;
    char *end = NULL;
    const double number = strtod(text, &end);
    double unit = 0.0;
    for (size_t k = 0; k < sizeof(UNITS) / sizeof(UNITS[0]); k++)
        if (strcmp(end, UNITS[k].name) == 0)
            unit = UNITS[k].millimetres;
    self->width = number * unit;
    if (text[strspn(text, "0123456789.")] == '\0' || unit == 0.0 ||
        strspn(text, "0123456789.") != (size_t)(end - text) ||
        !(self->width >= PH_FIGURE_WIDTH_LEAST && self->width <= PH_FIGURE_WIDTH_MOST))
        return ph_fail(report, PH_ERR_INPUT,
                       "--width %s: expected a number and mm, cm or in, of %g to %g mm: 86mm, "
                       "17.8cm, 3.4in",
                       text, PH_FIGURE_WIDTH_LEAST, PH_FIGURE_WIDTH_MOST);
    return PH_OK;
}

int ph_print_check(const ph_print_t *self, ph_report_t *report)
{
    if (self->tex && self->formats[0] != '\0')
        return ph_fail(report, PH_ERR_INPUT,
                       "--tex is a format of its own, without --format: draw the others by a "
                       "second call, their names are others");
    if (self->tex && (self->font[0] != '\0' || self->font_size > 0.0))
        return ph_fail(report, PH_ERR_INPUT,
                       "--font does not go with --tex: LaTeX sets the text in the document's "
                       "fonts");
    return PH_OK;
}

/* The name is in the scripts, which say nothing that cannot be read. */
int ph_print_check_prefix(const ph_print_t *self, const char *prefix, const char *mend,
                          ph_report_t *report)
{
    static const char HARMLESS[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+=";
    const char *slash = strrchr(prefix, '/');
    const char *name = slash != NULL ? slash + 1 : prefix;
    if (self->tex && name[strspn(name, HARMLESS)] != '\0')
        return ph_fail(report, PH_ERR_INPUT,
                       "'%s' would name the figures, expected for LaTeX letters, digits and "
                       "- _ . + = only; %s",
                       prefix, mend);
    if (ph_is_visible(name))
        return PH_OK;
    return ph_fail(report, PH_ERR_INPUT,
                   "'%s' would name the figures, expected a name that can be read; %s", prefix,
                   mend);
}

const char *ph_print_formats(const ph_print_t *self)
{
    return self->tex ? PH_FIGURE_TEX : self->formats[0] != '\0' ? self->formats : PH_FORMATS_ALL;
}

void ph_print_request(const ph_print_t *self, ph_figure_request_t *request)
{
    request->formats = ph_print_formats(self);
    request->monochrome = self->monochrome;
    request->font = self->font;
    request->font_size = self->font_size;
    request->width = self->width;
    request->own_scale = self->own_scale;
}

void ph_print_text(const ph_print_t *self, char text[PH_PRINT_TEXT_SIZE])
{
    char size[32] = "", width[32] = "";
    if (self->font_size > 0.0)
        snprintf(size, sizeof(size), " %g", self->font_size);
    const bool font = self->font[0] != '\0' || size[0] != '\0';
    if (self->width > 0.0)
        snprintf(width, sizeof(width), ", width %.10g mm", self->width);
    snprintf(text, PH_PRINT_TEXT_SIZE, "%s%s%s%s%s%s", self->monochrome ? ", monochrome" : "",
             font ? ", font " : "", self->font, size, width, self->own_scale ? ", own scales" : "");
}
