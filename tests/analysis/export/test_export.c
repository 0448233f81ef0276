/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/export/export.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "analysis/estimate/estimates.h"
#include "analysis/estimate/laststate.h"
#include "sim/model/dataset.h"
#include "sim/model/patterns.h"
#include "tests/sim/store/sample.h"
#include "tests/testing.h"

static const char GRID[] = "title: \"two\\nlines\"\n"
                           "network: { neurons: 60, patterns: 3, dilution: [0.25, 0.5] }\n"
                           "noise: [0.1, 0.2]\n"
                           "dynamics: { start: hierarchical, sampler: metropolis, sweeps: 20, "
                           "burn_in: 4, record_every: 2 }\n"
                           "ensemble: { samples: 2, replicas: 3 }\n"
                           "record: { loss: true }\n";
/* Everything a ladder records; the last of the points is left out. */
static const char LADDER[] =
    "network: { rule: supervised, neurons: 60, patterns: 2, examples: 3, quality: 0.5 }\n"
    "noise: [0.1, 0.2]\n"
    "dynamics: { start: random, sampler: replica-exchange, ladder: [0.1, 0.2, 0.4], sweeps: 20, "
    "burn_in: 4, record_every: 2 }\n"
    "ensemble: { samples: 2, replicas: 3 }\n"
    "record: { example_overlaps: 2, example_magnetization: true }\n";

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
    ph_runfile_close(&run);
    unlink(path);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

static const char *last_message(void)
{
    return report.count > 0 ? report.messages[report.count - 1].text : "";
}

/* Mean of a component over the 11 records of every chain that the rule gives. */
static double rule_mean(size_t point, uint64_t component, uint32_t sample_from, uint32_t sample_to)
{
    double sum = 0.0;
    for (uint32_t s = sample_from; s < sample_to; s++)
        for (uint32_t r = 0; r < 3; r++)
            for (uint64_t k = 0; k < 11; k++)
                sum += sample_value(point, s, r, k, component);
    return sum / (33.0 * (sample_to - sample_from));
}

/* Means are those of all records, from series and sums alike; chains of 11 records that rise
 * from the first to the last have no error. */
START_TEST(test_means)
{
    const char *sets[] = {NULL, "record.trajectory=false", "record.moments=false"};
    for (int i = 0; i < 3; i++) {
        int shorts = 0;
        begin(sets[i]);
        for (size_t p = 0; p < 3; p++) {
            ph_estimates_t found;
            ck_assert_int_eq(ph_estimates_read(&found, &run, p, PH_VIEW_PATTERNS, &report), PH_OK);
            ck_assert_uint_eq(found.components, 10);
            ck_assert_uint_eq(found.chains, 6);
            ck_assert_uint_eq(found.records, 66);
            for (size_t c = 0; c < found.components; c++) {
                const ph_value_t *value = &found.values[c];
                ck_assert_double_eq_tol(value->mean, rule_mean(p, c, 0, 2), 1e-12);
                ck_assert(value->short_of_tau == isnan(value->error));
                shorts += value->short_of_tau;
                ck_assert_double_ge(value->tau, 1.0);
            }
            ph_estimates_free(&found);
        }
        ck_assert_int_gt(shorts, 10); /* of 30; in the others the values begin again */
        end();
    }
}
END_TEST

/* A point that has not begun has NaN and no chains. */
START_TEST(test_empty)
{
    ph_estimates_t found;
    begin(NULL);
    ck_assert_int_eq(ph_estimates_read(&found, &run, 3, PH_VIEW_PATTERNS, &report), PH_OK);
    ck_assert(found.chains == 0 && isnan(found.values[0].mean) && isnan(found.values[9].error));
    ph_estimates_free(&found);
    end();
}
END_TEST

/* Chains that have done more sweeps count with their records. */
START_TEST(test_unequal)
{
    static const uint64_t TO[] = {24, 10, 10};
    ph_runfile_t file;
    ph_estimates_t found;
    double sum = 0.0, count = 0.0;
    parse(GRID, NULL);
    ck_assert_int_eq(ph_runfile_create(&file, path, &grid, &report), PH_OK);
    for (uint32_t r = 0; r < 3; r++) {
        ph_segment_t segment;
        ck_assert_int_eq(sample_segment(&segment, &grid, 0, 0, r, 1, 0, TO[r]), PH_OK);
        ck_assert_int_eq(ph_runfile_write(&file, 0, &segment, &report), PH_OK);
        ph_segment_free(&segment);
        for (uint64_t k = 0; k < (TO[r] - 4) / 2 + 1; k++, count++)
            sum += sample_value(0, 0, r, k, 1);
    }
    ck_assert_int_eq(ph_runfile_commit(&file, &report), PH_OK);
    ph_runfile_close(&file);
    open_run();
    ck_assert_int_eq(ph_estimates_read(&found, &run, 0, PH_VIEW_PATTERNS, &report), PH_OK);
    ck_assert_uint_eq(found.chains, 3);
    ck_assert_uint_eq(found.records, 11 + 4 + 4);
    ck_assert_double_eq_tol(found.values[1].mean, sum / count, 1e-12);
    ph_estimates_free(&found);
    end();
}
END_TEST

/* Rungs and pairs of rungs belong to no pattern: they are named by number, stand in every row, and
 * are not turned, whatever order and signs the patterns have. */
START_TEST(test_ladder)
{
    static const char *const NAMES[] = {"swaps_1",       "swaps_2",       "round_trips",
                                        "rung_energy_1", "rung_energy_2", "rung_energy_3"};
    ph_estimates_t found;
    parse(LADDER, NULL);
    ck_assert_int_eq(sample_run(&grid, path, &report), PH_OK);
    open_run();
    ck_assert_int_eq(ph_estimates_read(&found, &run, 0, PH_VIEW_PATTERNS, &report), PH_OK);
    const size_t first = ph_observable_offset(PH_OBS_SWAPS, &grid, 2);
    ck_assert_uint_eq(found.components, first + 6);
    for (size_t c = first; c < found.components; c++) {
        char name[64];
        const ph_component_t component = ph_component(&grid, 2, c);
        ph_component_name(&component, name, sizeof(name));
        ck_assert_str_eq(name, NAMES[c - first]);
        ck_assert(!component.of_pattern && component.pattern == 0);
        if (!ph_observable_counts(component.observable->id))
            ck_assert_double_eq_tol(found.values[c].mean, rule_mean(0, c, 0, 2), 1e-12);
    }
    ph_estimates_free(&found);
    end();
}
END_TEST

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

static int write_table(FILE *out)
{
    return ph_export_estimates(out, &run, &selection, PH_VIEW_PATTERNS, PH_TEXT_COLUMNS, &report);
}

static int write_csv(FILE *out)
{
    return ph_export_estimates(out, &run, &selection, PH_VIEW_PATTERNS, PH_TEXT_CSV, &report);
}

static size_t count_of(const char *text, char c)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += *text == c;
    return count;
}

/* A ladder's table: as many columns in every row as in the header, none of them twice. */
START_TEST(test_ladder_table)
{
    parse(LADDER, NULL);
    ck_assert_int_eq(sample_run(&grid, path, &report), PH_OK);
    open_run();
    char *text = text_of(write_csv), *line = text;
    const size_t columns = strcspn(text, "\n"), commas = 1 + 3 * (5 + 6 + 3) + 3;
    ck_assert_uint_eq(count_of(text, '\n'), 1 + 4);
    ck_assert_uint_eq(count_of(text, ','), 5 * commas);
    for (int row = 0; row < 5; row++, line = strchr(line, '\n') + 1) {
        size_t here = 0;
        for (size_t i = 0; i < strcspn(line, "\n"); i++)
            here += line[i] == ',';
        ck_assert_uint_eq(here, commas);
    }
    text[columns] = '\0';
    for (int rung = 1; rung <= 3; rung++) {
        char name[64];
        snprintf(name, sizeof(name), ",rung_energy_%d,", rung);
        ck_assert_ptr_nonnull(strstr(text, name));
    }
    free(text);
    end();
}
END_TEST

/* Every row has the header's columns; a title never ends the header's line; CSV has one header. */
START_TEST(test_table)
{
    begin(NULL);
    char *text = text_of(write_table);
    ck_assert(strncmp(text, "# two\\nlines\n# error", 20) == 0);
    ck_assert_ptr_nonnull(strstr(text, "\n# dilution noise pattern magnetization "
                                       "magnetization_error magnetization_tau energy energy_error "
                                       "energy_tau loss_plus loss_plus_error loss_plus_tau "
                                       "loss_minus loss_minus_error loss_minus_tau "
                                       "magnetization_absolute magnetization_absolute_error "
                                       "magnetization_absolute_tau magnetization_square "
                                       "magnetization_square_error magnetization_square_tau "
                                       "magnetization_fourth magnetization_fourth_error "
                                       "magnetization_fourth_tau chains records remark\n"
                                       "0.25 0.1 1 "));
    ck_assert_uint_eq(count_of(text, '\n'), 6 + 12);
    ck_assert_ptr_nonnull(strstr(text, "\n0.5 0.2 3 nan nan nan nan"));
    ck_assert_ptr_nonnull(strstr(text, "\n# remark unfinished: "));
    free(text);
    ck_assert_int_eq(ph_selection_add(&selection, "noise=2e-1, dilution=0.25", &report), PH_OK);
    text = text_of(write_csv);
    ck_assert_uint_eq(count_of(text, '\n'), 1 + 3);
    ck_assert_uint_eq(count_of(text, ','), 4 * 26);
    ck_assert(strncmp(text, "dilution,noise,pattern,", 23) == 0);
    char expected[64];
    snprintf(expected, sizeof(expected), "\n0.25,0.2,2,%.10g,", rule_mean(1, 1, 0, 2));
    ck_assert_ptr_nonnull(strstr(text, expected));
    free(text);
    end();
}
END_TEST

static int write_examples(FILE *out)
{
    return ph_export_examples(out, &selection, 2, PH_TEXT_CSV, &report);
}

/* Examples are those of the seed and the point, pattern by pattern; a network that stores has none.
 */
START_TEST(test_examples)
{
    ph_patterns_t patterns;
    parse("network: { rule: [storage, supervised], neurons: 60, patterns: 2, dilution: 0.3, "
          "quality: 0.5, examples: { each: [3, 2] } }\n"
          "noise: 0.1\ndynamics: { sweeps: 4 }\nensemble: { samples: 2 }\n",
          NULL);
    ph_selection_init(&selection, &grid);
    ck_assert_int_eq(ph_export_examples(stdout, &selection, 1, PH_TEXT_CSV, &report), PH_ERR_INPUT);
    ck_assert_int_eq(ph_selection_add(&selection, "rule=supervised", &report), PH_OK);
    char *text = text_of(write_examples), *at = text;
    ck_assert(strncmp(text,
                      "pattern_1_example_1,pattern_1_example_2,pattern_1_example_3,"
                      "pattern_2_example_1,pattern_2_example_2\n",
                      100) == 0);
    ck_assert_int_eq(ph_patterns_draw(&patterns, &grid.points[1], grid.seed, 1), PH_OK);
    for (int64_t mu = 0; mu < 2; mu++)
        for (int64_t a = 0; a < 3 - mu; a++) {
            int8_t entries[60];
            ph_dataset_example(&grid.points[1], &patterns, mu, a, entries);
            at = text;
            for (int i = 0; i < 60; i++) {
                at = strchr(at, '\n') + 1;
                char *cell = at;
                for (int64_t skip = 3 * mu + a; skip > 0; skip--)
                    cell = strchr(cell, ',') + 1;
                ck_assert_int_eq(strtol(cell, NULL, 10), entries[i]);
            }
        }
    ck_assert_str_eq(strchr(at, '\n'), "\n");
    ph_patterns_free(&patterns);
    free(text);
    for (int f = 0; f < 2; f++) {
        FILE *file = tmpfile();
        ck_assert_int_eq(ph_export_examples(file, &selection, 1,
                                            f == 0 ? PH_TEXT_COLUMNS : PH_TEXT_CSV, &report),
                         PH_OK);
        rewind(file);
        ck_assert(ph_export_is_table(file));
        fclose(file);
    }
    ph_selection_init(&selection, &grid);
    ck_assert_int_eq(ph_selection_add(&selection, "rule=storage", &report), PH_OK);
    ck_assert_int_eq(ph_export_examples(stdout, &selection, 1, PH_TEXT_CSV, &report), PH_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(last_message(), "learns no examples"));
    ph_grid_free(&grid);
    ph_report_free(&report);
    unlink(path);
}
END_TEST

static int write_patterns(FILE *out)
{
    return ph_export_patterns(out, &selection, 2, PH_TEXT_CSV, &report);
}

/* Patterns are those of the seed, samples count from 1, and noise needs not be chosen. */
START_TEST(test_patterns)
{
    ph_patterns_t patterns;
    begin(NULL);
    ck_assert_int_eq(ph_export_patterns(stdout, &selection, 1, PH_TEXT_CSV, &report), PH_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(last_message(), "open: dilution, noise"));
    ck_assert_int_eq(ph_selection_add(&selection, "dilution=0.5", &report), PH_OK);
    char *text = text_of(write_patterns), *at = strchr(text, '\n');
    ck_assert_int_eq(ph_patterns_draw(&patterns, &grid.points[2], grid.seed, 1), PH_OK);
    for (int i = 0; i < 180; i++, at += strcspn(at, ",\n"))
        ck_assert_int_eq(strtol(at + 1, &at, 10), patterns.entries[i]);
    ck_assert_str_eq(at, "\n");
    ph_patterns_free(&patterns);
    free(text);
    for (int64_t sample = 0; sample <= 3; sample += 3) {
        ck_assert_int_eq(ph_export_patterns(stdout, &selection, sample, PH_TEXT_CSV, &report),
                         PH_ERR_INPUT);
        ck_assert_ptr_nonnull(strstr(last_message(), "samples 1 to 2"));
    }
    end();
}
END_TEST

static int write_trajectory(FILE *out)
{
    return ph_export_trajectory(out, &run, &selection, 2, 3, PH_TEXT_COLUMNS, &report);
}

/* A trajectory has the chain's records, numbered from 1, at their times after burn-in. */
START_TEST(test_trajectory)
{
    begin(NULL);
    ck_assert_int_eq(ph_selection_add(&selection, "network.dilution=0.25", &report), PH_OK);
    ck_assert_int_eq(ph_export_trajectory(stdout, &run, &selection, 1, 1, PH_TEXT_CSV, &report),
                     PH_ERR_INPUT);
    ck_assert_int_eq(ph_selection_add(&selection, "noise=0.2", &report), PH_OK);
    char *text = text_of(write_trajectory);
    char *at = strstr(text, "\n# time magnetization_1 magnetization_2 magnetization_3 energy "
                            "loss_plus_1 loss_minus_1 loss_plus_2");
    ck_assert_ptr_nonnull(at);
    at = strchr(at + 1, '\n');
    for (uint64_t k = 0; k < 11; k++) {
        ck_assert_double_eq(strtod(at, &at), 2.0 * (double)k);
        for (uint64_t c = 0; c < 10; c++)
            ck_assert_double_eq(strtod(at, &at), sample_value(1, 1, 2, k, c));
    }
    free(text);
    end();
    begin("record.trajectory=false");
    ck_assert_int_eq(ph_selection_add(&selection, "dilution=0.25,noise=0.2", &report), PH_OK);
    ck_assert_int_eq(ph_export_trajectory(stdout, &run, &selection, 1, 1, PH_TEXT_CSV, &report),
                     PH_ERR_UNSUPPORTED);
    end();
}
END_TEST

/* A selection that is none names what there is. */
START_TEST(test_selection)
{
    static const struct {
        const char *text, *message;
    } CASES[] = {
        {"noise", "not of the form"},
        {"nois=1", "its axes: dilution, noise"},
        {"sampler=glauber", "its axes: dilution, noise"},
        {"noise=0.15", "its values: 0.1, 0.2"},
        {"noise=", "its values: 0.1, 0.2"},
        {"noise=0.1,dilution=x", "its values: 0.25, 0.5"},
    };
    begin(NULL);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        ck_assert_int_eq(ph_selection_add(&selection, CASES[i].text, &report), PH_ERR_INPUT);
        ck_assert_ptr_nonnull(strstr(last_message(), CASES[i].message));
    }
    ph_selection_init(&selection, &grid);
    ck_assert_int_eq(ph_selection_add(&selection, "dilution=0.5", &report), PH_OK);
    for (size_t p = 0; p < 4; p++)
        ck_assert_int_eq(ph_selection_holds(&selection, p), p >= 2);
    end();
}
END_TEST

/* Of keys that vary together each counts, in any order: what they have nowhere, or at several
 * places, is told. */
START_TEST(test_zipped_selection)
{
    static const struct {
        const char *text;
        size_t at;           /* the place that is chosen, */
        const char *message; /* or what is said */
    } CASES[] = {
        {"noise=0.2", 1, NULL},
        {"noise=0.2,neurons=100", 1, NULL},
        {"neurons=100,noise=0.2", 1, NULL},
        {"neurons=200,noise=0.3", 2, NULL},
        {"neurons=300", 3, NULL},
        {"neurons=100", 0, "at each of (noise=0.1 neurons=100), (noise=0.2 neurons=100) in this"},
        {"neurons=100,noise=0.3", 0, "noise=0.3 is in this grid only at (noise=0.3 neurons=200), "},
        {"noise=0.3,neurons=100", 0, "neurons=100 is in this grid only at (noise=0.1 neurons=100)"},
        {"neurons=150", 0, "its values: 100, 100, 200, 300"},
    };
    ph_grid_t zipped;
    ph_report_init(&report);
    ph_grid_init(&zipped);
    ck_assert_int_eq(ph_grid_parse(&zipped,
                                   "network: { neurons: [100, 100, 200, 300], patterns: [1, 2] }\n"
                                   "noise: [0.1, 0.2, 0.3, 0.4]\ndynamics: { sweeps: 1 }\n"
                                   "zip: [[noise, neurons]]\n",
                                   "test", 0, NULL, &report),
                     PH_OK);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        ph_selection_init(&selection, &zipped);
        const int status = ph_selection_add(&selection, CASES[i].text, &report);
        ck_assert_msg(status == (CASES[i].message == NULL ? PH_OK : PH_ERR_INPUT), "%s",
                      CASES[i].text);
        if (CASES[i].message != NULL)
            ck_assert_msg(strstr(last_message(), CASES[i].message) != NULL, "%s", last_message());
        else
            for (size_t p = 0; p < zipped.points_count; p++)
                ck_assert(ph_selection_holds(&selection, p) ==
                          (fabs(zipped.points[p].noise - 0.1 * (double)(CASES[i].at + 1)) < 1e-9));
    }
    /* By one option after the other, in any order; not by two values of one key. */
    static const char *const ORDERS[][2] = {
        {"neurons=100", "noise=0.2"}, {"noise=0.2", "neurons=100"}, {"noise=0.2", "noise=2e-1"}};
    for (size_t i = 0; i < 3; i++) {
        ph_selection_init(&selection, &zipped);
        ck_assert_int_eq(ph_selection_add_all(&selection, ORDERS[i], 2, &report), PH_OK);
        for (size_t p = 0; p < zipped.points_count; p++)
            ck_assert(ph_selection_holds(&selection, p) ==
                      (fabs(zipped.points[p].noise - 0.2) < 1e-9));
    }
    ck_assert_int_eq(ph_selection_add(&selection, "noise=0.1", &report), PH_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(last_message(), "noise=0.1, but another value was named before"));
    ck_assert_int_eq(ph_selection_add(&selection, "neurons=200", &report), PH_ERR_INPUT);
    ph_grid_free(&zipped);
    ph_report_free(&report);
}
END_TEST

static int write_csv_patterns(FILE *out)
{
    return ph_export_patterns(out, &selection, 1, PH_TEXT_CSV, &report);
}

static int write_column_patterns(FILE *out)
{
    return ph_export_patterns(out, &selection, 1, PH_TEXT_COLUMNS, &report);
}

static int write_csv_trajectory(FILE *out)
{
    return ph_export_trajectory(out, &run, &selection, 1, 1, PH_TEXT_CSV, &report);
}

static bool is_table(char *text, size_t size)
{
    FILE *in = fmemopen(text, size, "r");
    ck_assert_ptr_nonnull(in);
    const bool is = ph_export_is_table(in);
    fclose(in);
    return is;
}

/* Every table is known by its head, also that of one pattern; other people's texts are not. */
START_TEST(test_is_table)
{
    static const writer_t WRITERS[] = {write_table,        write_csv,        write_column_patterns,
                                       write_csv_patterns, write_trajectory, write_csv_trajectory};
    static const char *const OTHERS[] = {"seed: 1\n",
                                         "# notes\n",
                                         "# notes\nmore\n",
                                         "# time\n# in sweeps after burn-in\n",
                                         "time,temperature\n",
                                         "pattern_12,pattern_2\n",
                                         "chains,records,sum\n",
                                         "\x89HDF\r\n\x1a\n",
                                         "# a\n# error: one standard deviation of the mean\n"};
    for (int k = 1; k <= 2; k++) {
        begin(k == 1 ? "network.patterns=1" : NULL);
        ck_assert_int_eq(ph_selection_add(&selection, "dilution=0.25, noise=0.1", &report), PH_OK);
        for (size_t i = 0; i < 6; i++) {
            char *text = text_of(WRITERS[i]);
            ck_assert_msg(is_table(text, strlen(text)), "table %zu: %s", i, text);
            free(text);
        }
        end();
    }
    for (size_t i = 0; i < sizeof(OTHERS) / sizeof(*OTHERS); i++) {
        char text[128];
        snprintf(text, sizeof(text), "%s", OTHERS[i]);
        ck_assert_msg(!is_table(text, strlen(text)), "taken for a table: %s", text);
    }
}
END_TEST

/* A full disk is an error, not a short table. */
START_TEST(test_full)
{
    begin(NULL);
    FILE *full = fopen("/dev/full", "w");
    ck_assert_ptr_nonnull(full);
    ck_assert_int_eq(
        ph_export_estimates(full, &run, &selection, PH_VIEW_PATTERNS, PH_TEXT_CSV, &report),
        PH_ERR_IO);
    fclose(full);
    end();
}
END_TEST

PH_TEST_MAIN("export", test_means, test_empty, test_unequal, test_ladder, test_ladder_table,
             test_table, test_patterns, test_examples, test_trajectory, test_selection,
             test_zipped_selection, test_is_table, test_full)
