/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_FILE_H
#define PH_FIGURE_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/figure/layout.h"

/** The two files of a figure, PREFIX SUFFIX-WORD.dat and .gp. */
typedef struct {
    const char *word, *template; /* the latter in the request's folder, after style.gp */
    /** Writes the data; what is not PH_OK says why there is no figure. */
    int (*data)(void *context, FILE *file, ph_report_t *report);
    /** Writes the settings of the script between what all have (script.h) and the templates. */
    void (*script)(void *context, FILE *script);
} ph_figure_files_t;

/**
 * Writes both and adds the script to `drawn`. Either has its name only whole; a script of that name
 * that somebody has changed is kept as NAME.gp~, with a note. PH_ERR_IO, PH_ERR_INPUT where a file
 * of the name is write-protected, PH_ERR_MEMORY, or what `data` gave.
 */
int ph_figure_write(const ph_figure_t *self, const ph_figure_files_t *files, void *context,
                    ph_figures_t *drawn, ph_report_t *report);

/** Whether the script of that word is there with the request's mark, and the figure in every format
 * of the request: then it counts as drawn, and is in the list as kept. */
bool ph_figure_keep(const ph_figure_t *self, const char *word, ph_figures_t *drawn);

#endif
