/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Figures that are there with the mark of what they are made of are kept, all others made anew. */
#include <sys/stat.h>

#include "analysis/figure/file.h"
#include "analysis/figure/kind.h"
#include "analysis/figure/script.h"
#include "tests/analysis/figure/drawn.h"

static drawn_t drawn;
static ph_selection_t selection;
static size_t calls;

static const char GRID[] = "title: of the grid\n"
                           "network: { neurons: 12, patterns: 1, dilution: [0.1, 0.2] }\n"
                           "noise: [0.4, 0.7]\n"
                           "dynamics: { sweeps: 2 }\n";

static int write_data(void *context, FILE *file, ph_report_t *report)
{
    (void)context;
    (void)report;
    fputs("1 2\n", file);
    return PH_OK;
}

static void write_script(void *context, FILE *script)
{
    (void)context;
    (void)script;
}

static int check(const ph_figure_job_t *job, ph_report_t *report)
{
    (void)job;
    (void)report;
    return PH_OK;
}

static int draw(ph_figure_job_t *job, const ph_figure_t *layout, ph_figures_t *figures,
                ph_report_t *report)
{
    static const ph_figure_files_t FILES = {"other", "quantity.gp", write_data, write_script};
    (void)job;
    calls++;
    return ph_figure_write(layout, &FILES, NULL, figures, report);
}

static void file_word(const ph_figure_request_t *request, char word[PH_FIGURE_WORD])
{
    (void)request;
    snprintf(word, PH_FIGURE_WORD, "other");
}

static const ph_figure_kind_t KIND = {
    .word = "kind", .axes = 1, .file_word = file_word, .check = check, .draw = draw};

/* How many of the figures were made, and not kept; all of them are in the list either way. */
static size_t made(void)
{
    ph_runfile_t run;
    const ph_figure_source_t source = {.run = &run};
    const size_t before = calls;
    size_t kept = 0;
    ph_figures_free(&drawn.figures);
    ck_assert_int_eq(ph_figures_write_kind(&drawn.figures, &KIND, &source, &selection,
                                           &drawn.request, &drawn.report),
                     PH_OK);
    ck_assert_uint_eq(drawn.figures.count, 1);
    ck_assert_ptr_nonnull(strstr(drawn.figures.scripts[0], "fig-other.gp"));
    for (size_t i = 0; i < drawn.figures.count; i++)
        kept += drawn.figures.kept[i];
    ck_assert_uint_eq(kept, 1 - (calls - before));
    return calls - before;
}

/* What gnuplot would have left: a file with something, or nothing, in it. */
static void put(const char *name, const char *text)
{
    char path[160];
    snprintf(path, sizeof(path), "%s%s", drawn.prefix, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    ck_assert_int_eq(fclose(file), 0);
}

START_TEST(test_mark)
{
    drawn_begin(&drawn, GRID);
    ph_selection_init(&selection, &drawn.grid);
    ck_assert_uint_eq(made(), 1);
    put("-other.png", "figure");
    ck_assert_uint_eq(made(), 1); /* without a mark nothing is kept */
    drawn.request.mark = "a run";
    ck_assert_uint_eq(made(), 1);
    ck_assert_uint_eq(made(), 0);
    drawn.request.mark = "a run of another"; /* of which the first is a beginning */
    ck_assert_uint_eq(made(), 1);
    ck_assert_uint_eq(made(), 0);
    drawn.request.mark = "a run";
    ck_assert_uint_eq(made(), 1);
    drawn.request.formats = "png svg";
    ck_assert_uint_eq(made(), 1);
    put("-other.svg", "");
    ck_assert_uint_eq(made(), 1);
    put("-other.svg", "figure");
    ck_assert_uint_eq(made(), 0);
    drawn_end(&drawn);
}
END_TEST

/* The request's title stands in place of the grid's. */
START_TEST(test_title)
{
    drawn_begin(&drawn, GRID);
    ph_selection_init(&selection, &drawn.grid);
    static const char *const TITLES[] = {NULL, "of the request", ""};
    static const char *const LINES[] = {"figure_title = 'of the grid'",
                                        "figure_title = 'of the request'", "figure_title = ''"};
    for (size_t k = 0; k < 3; k++) {
        drawn.request.title = TITLES[k];
        ck_assert_uint_eq(made(), 1);
        char *text = drawn_file(&drawn, "-other.gp");
        ck_assert_msg(strstr(text, LINES[k]) != NULL, "no %s in\n%s", LINES[k], text);
        ck_assert_ptr_null(strstr(text, PH_SCRIPT_MARK));
        free(text);
    }
    drawn_end(&drawn);
}
END_TEST

PH_TEST_PROGRAM("figure_keep")
{
    TCase *tcase = tcase_create("keep");
    tcase_add_test(tcase, test_mark);
    tcase_add_test(tcase, test_title);
    return test_run("figure_keep", tcase);
}
