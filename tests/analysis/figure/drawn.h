/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_FIGURE_DRAWN_H
#define PH_TESTS_FIGURE_DRAWN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/figure/layout.h"
#include "tests/testing.h"

/* A folder for figures, the grid that they are of, and what is in their files. */
typedef struct {
    char folder[64], prefix[96], templates[512];
    ph_grid_t grid;
    ph_report_t report;
    ph_figures_t figures;
    ph_figure_request_t request;
} drawn_t;

static inline void drawn_begin(drawn_t *self, const char *grid)
{
    static const char FOLDER[] = "/tmp/polyhebb-drawn-XXXXXX";
    memset(self, 0, sizeof(*self));
    memcpy(self->folder, FOLDER, sizeof(FOLDER));
    ck_assert_ptr_nonnull(mkdtemp(self->folder));
    snprintf(self->prefix, sizeof(self->prefix), "%s/fig", self->folder);
    snprintf(self->templates, sizeof(self->templates), "%s/plots", getenv("PH_SOURCE_DIR"));
    self->request = (ph_figure_request_t){.prefix = self->prefix,
                                          .formats = "png",
                                          .templates = self->templates,
                                          .threads = 1,
                                          .view = PH_VIEW_PATTERNS};
    ph_report_init(&self->report);
    ph_grid_init(&self->grid);
    ck_assert_int_eq(ph_grid_parse(&self->grid, grid, "test", 0, NULL, &self->report), PH_OK);
}

static inline void drawn_end(drawn_t *self)
{
    char command[128];
    snprintf(command, sizeof(command), "rm -rf '%s'", self->folder);
    ck_assert_int_eq(system(command), 0);
    ph_figures_free(&self->figures);
    ph_grid_free(&self->grid);
    ph_report_free(&self->report);
}

/* All that was written to a stream, which is closed; to be freed. */
static inline char *drawn_text(FILE *file)
{
    ck_assert_ptr_nonnull(file);
    fflush(file);
    const long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    ck_assert_int_ge(size, 0);
    char *text = calloc(1, (size_t)size + 1);
    ck_assert_ptr_nonnull(text);
    rewind(file);
    ck_assert_uint_eq(fread(text, 1, (size_t)size, file), (size_t)size);
    fclose(file);
    return text;
}

/* A whole file PREFIX NAME, to be freed. */
static inline char *drawn_file(const drawn_t *self, const char *name)
{
    char path[256];
    snprintf(path, sizeof(path), "%s%s", self->prefix, name);
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s is missing", path);
    return drawn_text(file);
}

/* That a text has this part, and what it is where it has not; frees it. */
static inline void drawn_holds(char *text, const char *part)
{
    ck_assert_msg(strstr(text, part) != NULL, "no '%s' in:\n%s", part, text);
    free(text);
}

/* The last message of a report. */
static inline const char *drawn_said(const drawn_t *self)
{
    return self->report.count > 0 ? self->report.messages[self->report.count - 1].text : "";
}

#endif
