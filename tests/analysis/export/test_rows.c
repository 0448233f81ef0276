/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tables as JSON, and the table of quantities in every format. */
#include "analysis/export/export.h"

#include <string.h>
#include <unistd.h>

#include "analysis/export/quantities.h"
#include "analysis/export/reweight.h"
#include "sim/run/run.h"
#include "tests/sim/store/sample.h"
#include "tests/testing.h"

static const char GRID[] = "title: \"two\\nlines\"\n"
                           "network: { neurons: 60, patterns: 2, dilution: [0.25, 0.5] }\n"
                           "noise: [0.1, 0.2]\n"
                           "dynamics: { start: hierarchical, sampler: metropolis, sweeps: 20, "
                           "burn_in: 4, record_every: 2 }\n"
                           "ensemble: { samples: 2, replicas: 3 }\n"
                           "record: { loss: true }\n";

static char path[64];
static ph_grid_t grid;
static ph_report_t report;
static ph_runfile_t run;
static ph_selection_t selection;

static void parse(const char *text, const char *set)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-export-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    unlink(path);
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", set != NULL, &set, &report), PH_OK);
}

static void open_run(void)
{
    ck_assert_int_eq(ph_runfile_open(&run, path, &report), PH_OK);
    ph_selection_init(&selection, run.base.grid);
}

static void begin(const char *set)
{
    parse(GRID, set);
    ck_assert_int_eq(sample_run(&grid, path, &report), PH_OK);
    open_run();
}

static void end(void)
{
    static const char *const SIDES[] = {"", ".status", ".claim"};
    char aside[80];
    ph_runfile_close(&run);
    for (size_t i = 0; i < 3; i++) {
        snprintf(aside, sizeof(aside), "%s%s", path, SIDES[i]);
        unlink(aside);
    }
    ph_grid_free(&grid);
    ph_report_free(&report);
}

/* What `write` puts out, to be freed. */
typedef int (*writer_t)(FILE *);
static char *text_of(writer_t write)
{
    static char *text;
    static size_t size;
    text = NULL;
    FILE *out = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(out);
    const int status = write(out);
    fclose(out);
    ck_assert_int_eq(status, PH_OK);
    return text;
}

static size_t count_of(const char *text, char c)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += *text == c;
    return count;
}

static int write_json(FILE *out)
{
    return ph_export_estimates(out, &run, &selection, PH_VIEW_PATTERNS, PH_TEXT_JSON, &report);
}

/* JSON: one object with a list of rows, an object each under the names of the columns; the title is
 * quoted, what is not there is null, words are texts and numbers are numbers. */
START_TEST(test_json)
{
    begin("dynamics.sampler=[glauber, metropolis]");
    char *text = text_of(write_json);
    ck_assert_ptr_eq(strstr(text, "{\"polyhebb\": \"estimates\", \"title\": "
                                  "\"two\\u000alines\", \"rows\": [\n{\"dilution\": 0.25, "
                                  "\"noise\": 0.1, \"sampler\": \"glauber\", \"pattern\": 1, "
                                  "\"magnetization\": "),
                     text);
    ck_assert_str_eq(strrchr(text, ','), ", \"remark\": \"empty\"}\n]}\n");
    ck_assert_ptr_null(strstr(text, "nan"));
    ck_assert_ptr_nonnull(strstr(text, "\"magnetization_error\": null, "));
    ck_assert_uint_eq(count_of(text, '{'), 1 + 8 * 2);
    ck_assert_uint_eq(count_of(text, '}'), 1 + 8 * 2);
    ck_assert_uint_eq(count_of(text, '\n'), 8 * 2 + 2);
    free(text);
    end();
}
END_TEST

static int write_quantities(FILE *out)
{
    return ph_export_quantities(out, &run, &selection, NULL, 2, PH_TEXT_CSV, &report);
}

static int write_quantities_json(FILE *out)
{
    return ph_export_quantities(out, &run, &selection, NULL, 2, PH_TEXT_JSON, &report);
}

/* One row a point, quantity and what it is of; as many cells as names; each format is known again
 * as a table. */
START_TEST(test_quantity_table)
{
    static const ph_text_format_t FORMATS[] = {PH_TEXT_COLUMNS, PH_TEXT_CSV, PH_TEXT_JSON};
    begin(NULL);
    char *text = text_of(write_quantities), *line = text;
    size_t rows = 0, loss = 0;
    ck_assert_ptr_eq(strstr(text, "dilution,noise,quantity,of,value,error,freedom,thermal,disorder,"
                                  "exact,theory,chains,records,remark\n0.25,0.1,magnetization,1,"),
                     text);
    for (; *line != '\0'; line = strchr(line, '\n') + 1, rows++) {
        size_t here = 0;
        for (size_t i = 0; i < strcspn(line, "\n"); i++)
            here += line[i] == ',';
        ck_assert_uint_eq(here, 13);
        loss += strstr(line, ",loss_plus,") == line + 8 || strstr(line, ",loss_plus,") == line + 7;
    }
    /* of 2 patterns 12 quantities, 6 of the point, one of wells, which nobody looked for */
    ck_assert_uint_eq(rows, 1 + 4 * (2 * 12 + 6 + 1));
    ck_assert_uint_eq(loss, 8);
    ck_assert_ptr_nonnull(strstr(text, ",share,-,nan,nan,nan,nan,nan,nan,nan,6,66,no-wells\n"));
    free(text);
    text = text_of(write_quantities_json);
    ck_assert_ptr_nonnull(strstr(text, "\"quantity\": \"binder\", \"of\": \"2\", \"value\": 0."));
    free(text);
    for (size_t f = 0; f < 3; f++) {
        FILE *file = tmpfile();
        ck_assert_int_eq(ph_export_quantities(file, &run, &selection, NULL, 2, FORMATS[f], &report),
                         PH_OK);
        rewind(file);
        ck_assert(ph_export_is_table(file));
        fclose(file);
    }
    end();
}
END_TEST

static ph_noises_t noises;

static int write_curves(FILE *out)
{
    return ph_export_reweighted(out, &run, &selection, &noises, 1, PH_TEXT_CSV, &report);
}

/* Points that differ in noise alone make one curve, those of another dilution a second; a selection
 * leaves points out; the last noise is the one that was asked for, to the bit. */
START_TEST(test_curves)
{
    static const ph_text_format_t FORMATS[] = {PH_TEXT_COLUMNS, PH_TEXT_CSV, PH_TEXT_JSON};
    ph_run_options_t options = {.path = path, .threads = 1};
    ph_run_summary_t summary;
    parse("network: { neurons: 30, patterns: 2, dilution: [0.25, 0.5] }\nnoise: [0.3, 0.6, 0.9]\n"
          "dynamics: { sampler: block-gibbs, sweeps: 60 }\nensemble: { replicas: 8 }\n",
          NULL);
    ck_assert_int_eq(ph_run(&grid, &options, &summary, &report), PH_OK);
    open_run();
    ck_assert_int_eq(ph_noises_parse(&noises, "0.3:0.9:4", &report), PH_OK);
    char *text = text_of(write_curves), *line = text;
    size_t rows = 0;
    ck_assert_ptr_eq(strstr(text, "dilution,noise,quantity,of,value,error,freedom,thermal,disorder,"
                                  "exact,effective\n0.25,0.3,magnetization,1,"),
                     text);
    for (; *line != '\0'; line = strchr(line, '\n') + 1)
        rows++;
    ck_assert_uint_eq(rows, 1 + 2 * 4 * (2 * 6 + 2));
    ck_assert_ptr_nonnull(strstr(text, "\n0.5,0.7,binder,2,"));
    ck_assert_ptr_nonnull(strstr(text, "\n0.5,0.9,specific_heat,-,"));
    free(text);
    ck_assert_int_eq(ph_selection_add(&selection, "dilution=0.5", &report), PH_OK);
    text = text_of(write_curves);
    ck_assert_ptr_null(strstr(text, "\n0.25,"));
    free(text);
    for (size_t f = 0; f < 3; f++) {
        FILE *file = tmpfile();
        ck_assert_int_eq(
            ph_export_reweighted(file, &run, &selection, &noises, 1, FORMATS[f], &report), PH_OK);
        rewind(file);
        ck_assert(ph_export_is_table(file));
        fclose(file);
    }
    ck_assert_int_eq(ph_selection_add(&selection, "noise=0.6", &report), PH_OK);
    ck_assert_int_eq(
        ph_export_reweighted(stdout, &run, &selection, &noises, 1, PH_TEXT_CSV, &report),
        PH_ERR_INPUT);
    end();
}
END_TEST

/* Noises are T1:T2:n, or one. */
START_TEST(test_noises)
{
    static const char *const BAD[] = {"",       "a",       "0.1:0.2", "0.2:0.1:3", "0:1:3",
                                      "0.1:",   "1:2:0",   "1:2:1.5", "1:2:3x",    "1:2:10001",
                                      "-1:2:3", "1:inf:3", "nan:1:3", "1::3"};
    ph_report_init(&report);
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
        ck_assert_msg(ph_noises_parse(&noises, BAD[i], &report) == PH_ERR_INPUT, "%s", BAD[i]);
    ck_assert_ptr_nonnull(strstr(report.messages[1].text, "'a': expected noises as T1:T2:n"));
    ck_assert_int_eq(ph_noises_parse(&noises, "0.25", &report), PH_OK);
    ck_assert(noises.from == 0.25 && noises.to == 0.25 && noises.count == 1);
    ck_assert_int_eq(ph_noises_parse(&noises, "0.25:1e0:3", &report), PH_OK);
    ck_assert(noises.from == 0.25 && noises.to == 1.0 && noises.count == 3);
    ph_report_free(&report);
}
END_TEST

/* Where something else goes with the noise, no points differ in noise alone. */
START_TEST(test_zipped)
{
    ph_runfile_t file;
    parse("network: { neurons: 20, patterns: 1, dilution: [0.1, 0.2] }\nnoise: [0.4, 0.5]\n"
          "dynamics: { sweeps: 4 }\nzip: [[noise, network.dilution]]\n",
          NULL);
    ck_assert_int_eq(ph_runfile_create(&file, path, &grid, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_commit(&file, &report), PH_OK);
    ph_runfile_close(&file);
    open_run();
    ck_assert_int_eq(ph_noises_parse(&noises, "0.45", &report), PH_OK);
    ck_assert_int_eq(
        ph_export_reweighted(stdout, &run, &selection, &noises, 1, PH_TEXT_CSV, &report),
        PH_ERR_UNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "dilution goes with the noise"));
    end();
}
END_TEST

PH_TEST_MAIN("rows", test_json, test_quantity_table, test_curves, test_noises, test_zipped)
