/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_PRINT_H
#define PH_CLI_PRINT_H

#include "analysis/figure/figure.h"
#include "base/report.h"
#include "cli/options.h"

#define PH_FORMATS_ALL "png svg pdf"
enum { PH_FORMATS_SIZE = sizeof(PH_FORMATS_ALL), PH_FONT_SIZE = 64, PH_PRINT_TEXT_SIZE = 160 };

/**
 * How figures look in print: what the verbs that draw share. It is the first member, `print`, of
 * their arguments; the rows are those of their options.
 */
typedef struct {
    char formats[PH_FORMATS_SIZE]; /* divided by blanks; "": all */
    bool tex, monochrome, own_scale;
    char font[PH_FONT_SIZE]; /* "": the style's own */
    double font_size;        /* 0: the style's own */
    double width;            /* millimetres; 0: what comes out */
} ph_print_t;

#define PH_PRINT_ROW_FORMAT                                                                        \
    {                                                                                              \
        "format", 'f', "LIST", "figures in these of png, svg, pdf (default: all three)",           \
            .set = ph_print_set_formats                                                            \
    }
#define PH_PRINT_ROW_FONT                                                                          \
    {                                                                                              \
        "font", '\0', "NAME,SIZE",                                                                 \
            "font of all text, and its size, 6 to 12 (default: sans,10.5; with --width points in " \
            "print, sans,7.5)",                                                                    \
            .set = ph_print_set_font                                                               \
    }
#define PH_PRINT_ROW_MONOCHROME                                                                    \
    {                                                                                              \
        "monochrome", '\0', NULL, "greys, hatches and dashes instead of colours",                  \
            .type = PH_OPTION_FLAG, .offset = offsetof(ph_print_t, monochrome)                     \
    }
#define PH_PRINT_ROW_OWN_SCALE                                                                     \
    {                                                                                              \
        "own-scale", '\0', NULL, "a colour scale of its own for each pattern of a map",            \
            .type = PH_OPTION_FLAG, .offset = offsetof(ph_print_t, own_scale)                      \
    }
#define PH_PRINT_ROW_TEX                                                                           \
    {                                                                                              \
        "tex", '\0', NULL,                                                                         \
            "for LaTeX: NAME-tex.tex, text and symbols, and NAME-tex.pdf, which it includes",      \
            .type = PH_OPTION_FLAG, .offset = offsetof(ph_print_t, tex)                            \
    }

#define PH_PRINT_ROW_WIDTH                                                                         \
    {                                                                                              \
        "width", '\0', "SIZE",                                                                     \
            "width of the figure in print, 50 to 420 mm: 86mm, 17.8cm, 3.4in; text is then 7.5 "   \
            "points (--tex: 8)",                                                                   \
            .set = ph_print_set_width                                                              \
    }

/** Take the value of an option; `arguments` begin with a ph_print_t. PH_ERR_INPUT, with what was
 * expected, where it is none. */
int ph_print_set_formats(void *arguments, const char *text, ph_report_t *report);
int ph_print_set_font(void *arguments, const char *text, ph_report_t *report);
int ph_print_set_width(void *arguments, const char *text, ph_report_t *report);

/** PH_ERR_INPUT for options that do not go together. */
int ph_print_check(const ph_print_t *self, ph_report_t *report);

/** PH_ERR_INPUT where figures whose names begin with `prefix` would have names that cannot be read,
 * or that LaTeX cannot include; `mend` says what to do. */
int ph_print_check_prefix(const ph_print_t *self, const char *prefix, const char *mend,
                          ph_report_t *report);

/** The formats asked for, as ph_figure_request_t has them. */
const char *ph_print_formats(const ph_print_t *self);

/** Asks for figures that look so. `self` must outlive the request. */
void ph_print_request(const ph_print_t *self, ph_figure_request_t *request);

/** What is not as usual, one line for the mark of figures: ", monochrome, width 86 mm"; "": all
 * is.
 */
void ph_print_text(const ph_print_t *self, char text[PH_PRINT_TEXT_SIZE]);

#endif
