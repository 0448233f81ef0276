/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A guest leaves the host's process as it found it: GSL's and HDF5's handlers, signals, locale. */
#include <gsl/gsl_errno.h>
#include <hdf5.h>
#include <locale.h>
#include <math.h>
#include <polyhebb/polyhebb.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/entry_private.h"
#include "sim/store/statusfile.h"
#include "tests/testing.h"

static const char GRID[] = "network: { neurons: 100, patterns: 1, dilution: [0.2, 0.41] }\n"
                           "noise: 0.35\n"
                           "dynamics: { sweeps: 5, start: parallel }\nensemble: { replicas: 4 }\n";

static char folder[32], path[64];

/* Every heavy function once; what they say is checked elsewhere. */
static void visit(void)
{
    ph_grid_t *grid;
    ph_runfile_t *run;
    ph_theory_t *theory;
    ph_comparison_table_t *table;
    ph_phase_t *phase;
    ck_assert_int_eq(ph_grid_new(&grid, GRID, 0, NULL, NULL), PH_OK);
    ck_assert_int_eq(ph_simulate(grid, path, NULL, NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_new(&run, path, NULL), PH_OK);
    ck_assert_int_eq(ph_theory_new(&theory, grid, "mean_field flow", true, 2, NULL), PH_OK);
    ck_assert_int_eq(ph_comparison_table_new(&table, run, theory, false, NULL), PH_OK);
    ck_assert_int_eq(ph_phase_new(&phase, grid, 2, NULL), PH_OK);
    ph_phase_delete(phase);
    ph_comparison_table_delete(table);
    ph_theory_delete(theory);
    ph_runfile_delete(run);
    ph_grid_delete(grid);
    unlink(path);
}

/* A file that is none: HDF5 fails inside. */
static void fail_inside(void)
{
    ph_runfile_t *run;
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs("\x89HDF\r\n\x1a\n and then nothing that makes sense", file);
    fclose(file);
    ck_assert_int_ne(ph_runfile_new(&run, path, NULL), PH_OK);
    ck_assert_ptr_null(run);
    unlink(path);
}

static _Atomic int errors_of_host;

static void handler_of_host(const char *reason, const char *file, int line, int code)
{
    (void)reason, (void)file, (void)line, (void)code;
    errors_of_host++;
}

static gsl_error_handler_t *handler_now(void)
{
    gsl_error_handler_t *handler = gsl_set_error_handler(NULL);
    gsl_set_error_handler(handler);
    return handler;
}

static void *fail_in_thread(void *unused)
{
    gsl_error("of the host's own", __FILE__, __LINE__, GSL_EDOM);
    return unused;
}

/* GSL's handler: errors of the library's threads are codes, those of the host's reach the host. */
START_TEST(gsl_handler)
{
    pthread_t thread;
    gsl_set_error_handler(handler_of_host);
    visit();
    ck_assert(handler_now() == handler_of_host);
    ck_assert_int_eq(errors_of_host, 0);
    {
        PH_ENTRY();
        gsl_error("inside", __FILE__, __LINE__, GSL_EDOM);
        ck_assert_int_eq(errors_of_host, 0);
        ck_assert_int_eq(pthread_create(&thread, NULL, fail_in_thread, NULL), 0);
        ck_assert_int_eq(pthread_join(thread, NULL), 0);
        ck_assert_int_eq(errors_of_host, 1);
        ph_report_t *report = ph_report_new(); /* calls within calls change nothing */
        ph_report_delete(report);
        visit();
        gsl_error("inside", __FILE__, __LINE__, GSL_EDOM);
        ck_assert_int_eq(errors_of_host, 1);
    }
    ck_assert(handler_now() == handler_of_host);
    {
        PH_ENTRY();
        gsl_set_error_handler_off(); /* the host's other thread might do so */
    }
    ck_assert(handler_now() != handler_of_host);
    gsl_set_error_handler(NULL);
    visit();
    ck_assert_ptr_null((void *)(uintptr_t)handler_now());
}
END_TEST

static void on_abort(int number)
{
    (void)number;
    _exit(7);
}

/* GSL without a handler ends the process, and does so for the host's own errors alone. */
START_TEST(gsl_abort)
{
    pthread_t thread;
    gsl_set_error_handler(NULL);
    PH_ENTRY();
    gsl_error("inside", __FILE__, __LINE__, GSL_EDOM);
    signal(SIGABRT, on_abort);
    if (freopen("/dev/null", "w", stderr) == NULL)
        _exit(9);
    ck_assert_int_eq(pthread_create(&thread, NULL, fail_in_thread, NULL), 0);
    pthread_join(thread, NULL);
}
END_TEST

static herr_t print_of_host(hid_t stack, void *data)
{
    (void)stack;
    ++*(int *)data;
    return 0;
}

START_TEST(hdf5_handler)
{
    int printed = 0;
    H5E_auto2_t function = NULL;
    void *data = NULL;
    H5Eset_auto2(H5E_DEFAULT, print_of_host, &printed);
    visit();
    fail_inside();
    H5Eget_auto2(H5E_DEFAULT, &function, &data);
    ck_assert(function == print_of_host && data == &printed);
    ck_assert_int_eq(printed, 0);
}
END_TEST

START_TEST(signals)
{
    struct sigaction before[64], after;
    for (int s = 1; s < 64; s++)
        sigaction(s, NULL, &before[s]);
    visit();
    for (int s = 1; s < 64; s++)
        if (sigaction(s, NULL, &after) == 0)
            ck_assert_msg(after.sa_handler == before[s].sa_handler, "signal %d", s);
}
END_TEST

/* Makes a locale with a decimal comma, and sets it. */
static void set_comma(void)
{
    char command[256], text[48];
    snprintf(text, sizeof(text), "%s/comma", folder);
    FILE *source = fopen(text, "w");
    ck_assert_ptr_nonnull(source);
    fputs("LC_NUMERIC\ndecimal_point \",\"\nthousands_sep \".\"\ngrouping 3;3\nEND LC_NUMERIC\n"
          "LC_CTYPE\ncopy \"POSIX\"\nEND LC_CTYPE\n",
          source);
    fclose(source);
    /* It warns of the categories that are not there. */
    snprintf(command, sizeof(command),
             "localedef -c -f ANSI_X3.4-1968 -i %s/comma %s/decimal >%s/said 2>&1", folder, folder,
             folder);
    const int warned = system(command);
    setenv("LOCPATH", folder, 1);
    ck_assert_msg(setlocale(LC_NUMERIC, "decimal") != NULL, "%s: %d (Debian: libc-bin, locales)",
                  command, warned);
    snprintf(text, sizeof(text), "%.2f", 0.25);
    ck_assert_str_eq(text, "0,25");
}

/* A host with a decimal comma: numbers in grids, texts and files have dots, and the comma stays. */
START_TEST(locale_of_host)
{
    char text[32] = "", command[160];
    ph_grid_t *grid;
    set_comma();
    const locale_t before = uselocale((locale_t)0);
    ck_assert_int_eq(ph_grid_new(&grid, GRID, 0, NULL, NULL), PH_OK);
    ck_assert_int_eq(ph_grid_axis_text(grid, 0, 1, text, sizeof(text)), PH_OK);
    ck_assert_str_eq(text, "0.41");
    ck_assert_ptr_nonnull(strstr(ph_grid_text(grid), "0.35"));
    const double entry[1] = {0.75};
    const int8_t half[2] = {1, 0}; /* dilution 0.5 */
    const char *const settings[] = {"noise=0.25"};
    ph_chain_t *chain;
    ck_assert_int_eq(ph_chain_new_with_patterns(&chain, 2, 1, half, entry, 1, settings, 1, NULL),
                     PH_OK);
    ph_chain_delete(chain);
    ph_grid_delete(grid);
    visit();
    ck_assert(uselocale((locale_t)0) == before);
    const ph_progress_t progress = {.state = "running", .rate = 1.5};
    ck_assert_int_eq(ph_statusfile_write(path, &progress, NULL), PH_OK); /* OpenMP's threads do */
    snprintf(command, sizeof(command), "grep -q 1[.]5 %s.status", path);
    ck_assert_int_eq(system(command), 0);
    snprintf(text, sizeof(text), "%.2f", 0.25);
    ck_assert_str_eq(text, "0,25");
    setlocale(LC_NUMERIC, "C");
    snprintf(command, sizeof(command), "rm -r %s/comma %s/decimal %s/said", folder, folder, folder);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

/* The version of the headers is that of the library. */
START_TEST(version)
{
    ck_assert_str_eq(ph_version(), POLYHEBB_VERSION);
    ck_assert_int_eq(ph_version_number(), POLYHEBB_VERSION_NUMBER);
    ck_assert_uint_ge(strlen(ph_version_revision()), 7);
}
END_TEST

PH_TEST_PROGRAM("api_host")
{
    TCase *tcase = tcase_create("api_host");
    tcase_set_timeout(tcase, 120);
    snprintf(folder, sizeof(folder), "/tmp/polyhebb-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof(path), "%s/run.h5", folder);
    tcase_add_test(tcase, gsl_handler);
    tcase_add_test(tcase, hdf5_handler);
    tcase_add_test(tcase, signals);
    tcase_add_test(tcase, locale_of_host);
    tcase_add_test(tcase, version);
    const char *fork = getenv("CK_FORK");
    if (fork == NULL || strcmp(fork, "no") != 0)
        tcase_add_exit_test(tcase, gsl_abort, 7);
    const int bad = test_run("api_host", tcase);
    char status[96];
    snprintf(status, sizeof(status), "%s.status", path);
    unlink(status);
    return rmdir(folder) != 0 || bad;
}
