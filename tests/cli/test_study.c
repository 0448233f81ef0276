/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One grid of a study: the names of its results, what is refused before anything is run, and a disk
 * that fills on the way. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "analysis/compare/table.h"
#include "analysis/theory/theoryfile.h"
#include "cli/study_grid.h"
#include "tests/sim/run/smallrun.h"

static const char GRID[] = "network: { neurons: 60, patterns: 1, dilution: [0.1, 0.3] }\n"
                           "noise: 0.3\ndynamics: { start: hierarchical, sweeps: 8 }\n"
                           "ensemble: { samples: 2, replicas: 4 }\n";

static char folder[32], grid_path[96];
static ph_study_t study;
static ph_report_t report;
static const ph_print_t SVG = {.formats = "svg"};
static ph_study_options_t options;

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    ck_assert(file != NULL && fputs(text, file) >= 0);
    ck_assert_int_eq(fclose(file), 0);
}

static void setup(void)
{
    small_folder(folder);
    write_text(small_path(grid_path, folder, "a.b.yaml"), GRID);
    options = (ph_study_options_t){.folder = folder, .print = &SVG, .threads = 1, .quiet = true};
    ph_report_init(&report);
}

static void teardown(void)
{
    ph_study_free(&study);
    ph_report_free(&report);
    small_remove(folder);
}

/* The worst of 75, 2, 4, 1, 3, 5, 0 in this order, whichever comes first. */
START_TEST(worse)
{
    static const int ORDER[] = {75, 2, 4, 1, 3, 5, 0};
    enum { COUNT = sizeof(ORDER) / sizeof(ORDER[0]) };
    for (size_t i = 0; i < COUNT; i++)
        for (size_t j = 0; j < COUNT; j++)
            ck_assert_int_eq(ph_study_worse(ORDER[i], ORDER[j]), ORDER[i < j ? i : j]);
}
END_TEST

/* Results are named after the grid's file, without its folder and its last suffix, in the folder
 * asked for or else the current one. */
START_TEST(names)
{
    for (int here = 0; here < 2; here++) {
        char expected[4][96];
        static const char *const SUFFIXES[] = {".h5", "-theory.h5", "-comparison.h5", ""};
        options.folder = here ? NULL : folder;
        ck_assert_int_eq(ph_study_open(&study, grid_path, &options, &report), PH_OK);
        for (size_t i = 0; i < 4; i++)
            snprintf(expected[i], sizeof(expected[i]), "%s%sa.b%s", here ? "" : folder,
                     here ? "" : "/", SUFFIXES[i]);
        ck_assert_str_eq(study.name, "a.b");
        ck_assert_str_eq(study.run, expected[0]);
        ck_assert_str_eq(study.theory, expected[1]);
        ck_assert_str_eq(study.comparison, expected[2]);
        ck_assert_str_eq(study.prefix, expected[3]);
        ck_assert_uint_eq(study.grid.points_count, 2);
        ck_assert(study.code == 0 && !study.compared && study.figures == NULL);
        ph_study_free(&study);
    }
    ck_assert_uint_eq(report.count, 0);
}
END_TEST

static void check_refused(const char *path, int status, const char *said)
{
    ph_report_free(&report);
    ph_report_init(&report);
    ck_assert_int_eq(ph_study_open(&study, path, &options, &report), status);
    ck_assert_msg(small_says(&report, said), "%s", said);
    ph_study_free(&study);
}

/* Before anything is run: no such grid, a wrong one, a name that nobody can read, a figure that
 * cannot be drawn, and results under whose name something else stands. */
START_TEST(refused)
{
    static const char *const RESULTS[] = {"a.b.h5", "a.b-theory.h5", "a.b-comparison.h5"};
    char path[96], other[96];
    check_refused(small_path(path, folder, "none.yaml"), PH_ERR_IO, "none.yaml");
    write_text(small_path(path, folder, "wrong.yaml"), "network: { neurons: 0, patterns: 1 }\n");
    check_refused(path, PH_ERR_INPUT, "wrong.yaml:1");
    write_text(small_path(path, folder, "a\ab.yaml"), GRID);
    check_refused(path, PH_ERR_INPUT, "expected a name that can be read");
    snprintf(other, sizeof(other), "%s", small_path(path, folder, "figure.yaml"));
    write_text(other, "network: { neurons: 60, patterns: 1 }\nnoise: [0.2, 0.3]\n"
                      "dynamics: { sweeps: 8 }\nfigure: { x: neurons, y: magnetization }\n");
    check_refused(other, PH_ERR_INPUT, "its figure cannot be drawn");
    for (size_t i = 0; i < 3; i++) {
        write_text(small_path(path, folder, RESULTS[i]), "a letter\n");
        check_refused(grid_path, PH_ERR_INPUT, RESULTS[i]);
        ck_assert_int_eq(unlink(path), 0);
    }
    ck_assert_int_eq(ph_study_open(&study, grid_path, &options, NULL), PH_OK);
}
END_TEST

/* What the study says on stderr, and what not, with files of no more than so many bytes: code 1. */
static void do_with(rlim_t bytes, const char *said, const char *unsaid)
{
    struct rlimit before, tight;
    char text[2048] = "";
    FILE *heard = tmpfile();
    const int old = dup(STDERR_FILENO);
    ck_assert(heard != NULL && old >= 0 && dup2(fileno(heard), STDERR_FILENO) >= 0);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    tight = before;
    tight.rlim_cur = bytes;
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &tight), 0);
    const int status = ph_study_do(&study, &options, "");
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    fflush(stderr);
    ck_assert_int_ge(dup2(old, STDERR_FILENO), 0);
    close(old);
    rewind(heard);
    text[fread(text, 1, sizeof(text) - 1, heard)] = '\0';
    fclose(heard);
    ck_assert_int_eq(status, PH_OK);
    ck_assert_msg(study.code == 1, "%d: %s", study.code, text);
    ck_assert_msg(strstr(text, said) != NULL, "%s not in: %s", said, text);
    ck_assert_msg(strstr(text, unsaid) == NULL, "%s in: %s", unsaid, text);
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

/* Of what was being written when the disk was full nothing has its name, what was there before
 * stays, and what would follow is not begun. */
START_TEST(full_disk)
{
    ph_runfile_t run;
    ph_theory_t theory;
    ph_comparison_table_t table;
    char data[96];
    ck_assert_int_eq(ph_study_open(&study, grid_path, &options, &report), PH_OK);
    ck_assert_int_eq(small_run(&study.grid, study.run, NULL), PH_OK);
    do_with(6000, "a.b-theory.h5", "a.b-comparison");
    ck_assert(!is_there(study.theory) && !is_there(study.comparison) && !study.compared);
    ck_assert_int_eq(ph_runfile_open(&run, study.run, NULL), PH_OK);
    ck_assert_int_eq(ph_theory_solve(&theory, run.base.grid, study.grid.kinds, true, 1, NULL),
                     PH_OK);
    ck_assert_int_eq(ph_theory_write(&theory, study.theory, NULL), PH_OK);
    study.code = 0;
    do_with(6000, "a.b-comparison.h5", "a.b-curves");
    ck_assert(is_there(study.theory) && !is_there(study.comparison) && !study.compared);
    ck_assert_int_eq(ph_comparison_table_make(&table, &run, NULL, PH_VIEW_PATTERNS, NULL), PH_OK);
    ck_assert_int_eq(ph_comparison_table_write(&table, study.comparison, NULL), PH_OK);
    study.code = 0;
    do_with(2000, "a.b-curves.dat: cannot be written", ".gp");
    ck_assert(study.compared && study.figures == NULL);
    ck_assert_int_eq(study.verdict, table.verdict);
    ck_assert_uint_eq(study.decided + study.undecided, 2);
    ck_assert(!is_there(small_path(data, folder, "a.b-curves.dat")));
    ck_assert(!is_there(small_path(data, folder, "a.b-curves.gp")));
    ph_comparison_table_free(&table);
    ph_theory_free(&theory);
    ph_runfile_close(&run);
}
END_TEST

/* A time that is over stops a study before its run, with nothing made. */
START_TEST(no_time)
{
    options.end = 1e-9;
    ck_assert_int_eq(ph_study_open(&study, grid_path, &options, &report), PH_OK);
    ck_assert_int_eq(ph_study_do(&study, &options, ""), PH_ERR_INTERRUPTED);
    ck_assert(!is_there(study.run) && !is_there(study.theory) && study.figures == NULL);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("study_grid");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, worse);
    tcase_add_test(tcase, names);
    tcase_add_test(tcase, refused);
    tcase_add_test(tcase, full_disk);
    tcase_add_test(tcase, no_time);
    return test_run("study_grid", tcase);
}
