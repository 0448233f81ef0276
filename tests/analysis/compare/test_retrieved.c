/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many patterns are retrieved: the rule on states whose answer is known, its averages over
 * chains and samples of a run, the theory's count by the same rule, and the table of them. */
#include <math.h>

#include "analysis/compare/occupation.h"
#include "analysis/compare/retrieved.h"
#include "analysis/compare/table.h"
#include "analysis/export/export.h"
#include "analysis/export/retrieved.h"
#include "sim/model/patterns.h"
#include "tests/sim/run/smallrun.h"

enum { MOST = 8 };
static const ph_retrieval_t HALF = {0.5, 0.0};

static ph_point_t make_point(int64_t neurons, int64_t patterns, double *dilutions, double d)
{
    for (int64_t mu = 0; mu < patterns && d >= 0.0; mu++)
        dilutions[mu] = d;
    return (ph_point_t){.neurons = neurons, .patterns = patterns, .dilution = dilutions};
}

static const struct {
    const char *what;
    double share, absolute, d;
    int64_t neurons, patterns;
    double m[MOST];
    uint64_t count;
} STATES[] = {
    {"pure", 0.5, 0, 0, 1000, 3, {0.02, -0.98, 0.03}, 1},
    {"mixture of three dense patterns: only the best can count",
     0.5,
     0,
     0,
     1000,
     3,
     {0.5, 0.501, 0.5},
     1},
    {"nothing: all by chance", 0.5, 0, 0.3, 1000, 4, {0.03, -0.05, 0.01, 0.04}, 0},
    {"half of it, and a little less", 0.5, 0, 0.4, 100000, 1, {0.3}, 1},
    {"half of it, and a little less", 0.5, 0, 0.4, 100000, 1, {0.299}, 0},
    {"hierarchical, of either sign, in any order",
     0.9,
     0,
     0.5,
     100000,
     4,
     {-0.125, 0.0625, 0.5, 0.25},
     4},
    {"one beneath its share leaves its neurons to the next",
     0.9,
     0,
     0.5,
     100000,
     4,
     {0.5, 0.22, 0.2, 0.05},
     1},
    {"the same state counts less in a smaller network",
     0.9,
     0,
     0.5,
     1000,
     4,
     {-0.125, 0.0625, 0.5, 0.25},
     3},
    {"beyond its share, not beyond chance", 0.1, 0, 0.3, 300, 2, {0.63, 0.07}, 1},
    {"as it is", 0.5, 0.06, 0, 10, 4, {0.9, -0.06, 0.0599, 0.06}, 3},
};
enum { STATES_COUNT = sizeof(STATES) / sizeof(STATES[0]) };

START_TEST(known_states)
{
    double dilutions[MOST];
    const ph_retrieval_t rule = {STATES[_i].share, STATES[_i].absolute};
    const ph_point_t point =
        make_point(STATES[_i].neurons, STATES[_i].patterns, dilutions, STATES[_i].d);
    uint64_t count = 99;
    ck_assert_int_eq(ph_retrieval_count(&rule, &point, STATES[_i].m, &count), PH_OK);
    ck_assert_msg(count == STATES[_i].count, "%s: %llu", STATES[_i].what,
                  (unsigned long long)count);
}
END_TEST

/* Each pattern's own dilution, and that of those before it. */
START_TEST(unequal_dilutions)
{
    double dilutions[3] = {0.2, 0.6, 0.9};
    const ph_point_t point = make_point(1000000, 3, dilutions, -1.0);
    const ph_retrieval_t tight = {0.99, 0.0};
    const double m[3] = {0.8, 0.2 * 0.4, 0.2 * 0.6 * 0.1};
    uint64_t count;
    ck_assert_double_eq_tol(ph_retrieval_bar(&HALF, &point, 1, 0.2), 0.5 * 0.2 * 0.4, 1e-15);
    ck_assert_int_eq(ph_retrieval_count(&tight, &point, m, &count), PH_OK);
    ck_assert_uint_eq(count, 3);
    const double worse[3] = {0.8, 0.2 * 0.4 * 0.98, 0.2 * 0.1 * 0.995};
    ck_assert_int_eq(ph_retrieval_count(&tight, &point, worse, &count), PH_OK);
    ck_assert_uint_eq(count, 2); /* the second fails, the third has what the first leaves */
}
END_TEST

/* Near to what counts, or where patterns of other dilutions may change places: half of what is left
 * is 0.3 and 0.12 where all are alike, 0.4, 0.16 and 0.048 else. */
static const struct {
    double dilutions[3], m[3], room;
    bool clear;
} ROOMS[] = {{{0.4, 0.4, 0.4}, {0.6, 0.22, 0.03}, 0.01, true},
             {{0.4, 0.4, 0.4}, {0.6, 0.125, 0.03}, 0.01, false},
             {{0.4, 0.4, 0.4}, {-0.295, 0.02, 0.03}, 0.01, false},
             {{0.4, 0.4, 0.4}, {0.4, 0.395, 0.03}, 0.01, true},
             {{0.2, 0.6, 0.4}, {0.6, 0.595, 0.01}, 0.01, false},
             {{0.2, 0.6, 0.4}, {0.6, 0.575, 0.01}, 0.01, true},
             {{0.4, 0.4, 0.4}, {0.6, (double)NAN, 0.03}, 0.01, false}};

START_TEST(rooms)
{
    const double room[3] = {ROOMS[_i].room, ROOMS[_i].room, ROOMS[_i].room};
    double dilutions[3];
    uint64_t within, count;
    bool clear;
    memcpy(dilutions, ROOMS[_i].dilutions, sizeof(dilutions));
    const ph_point_t point = make_point(1000000, 3, dilutions, -1.0);
    ck_assert_int_eq(ph_retrieval_count_within(&HALF, &point, ROOMS[_i].m, room, &within, &clear),
                     PH_OK);
    ck_assert_int_eq(ph_retrieval_count(&HALF, &point, ROOMS[_i].m, &count), PH_OK);
    ck_assert(clear == ROOMS[_i].clear && within == count);
}
END_TEST

/* What chance gives, drawn: some of eight patterns count in less than one sample of a hundred, but
 * not in none of 2000. */
START_TEST(chance)
{
    enum { NEURONS = 400, PATTERNS = 8, STATES_DRAWN = 2000 };
    double dilutions[PATTERNS];
    ph_point_t point = make_point(NEURONS, PATTERNS, dilutions, 0.4);
    const ph_retrieval_t rule = {1e-3, 0.0};
    uint64_t seen = 0;
    for (uint32_t s = 0; s < STATES_DRAWN; s++) {
        ph_patterns_t patterns;
        double m[PATTERNS] = {0.0};
        uint64_t count;
        ck_assert_int_eq(ph_patterns_draw(&patterns, &point, 5, s), PH_OK);
        for (size_t i = 0; i < NEURONS; i++)
            for (size_t mu = 0; mu < PATTERNS; mu++) /* all spins up: they know no pattern */
                m[mu] += patterns.entries[i * PATTERNS + mu] / (double)NEURONS;
        ck_assert_int_eq(ph_retrieval_count(&rule, &point, m, &count), PH_OK);
        seen += count > 0;
        ph_patterns_free(&patterns);
    }
    ck_assert_uint_le(seen, 20);
    ck_assert_uint_ge(seen, 1);
}
END_TEST

static char folder[32], path[96];

static void setup(void)
{
    small_folder(folder);
    small_path(path, folder, "run.h5");
}

static void teardown(void)
{
    small_remove(folder);
}

/* At noise 0 the records are the way to where the last state is. */
static const struct {
    const char *noise, *dynamics, *record;
    double share;
} RUNS[] = {{"0.3", "burn_in: 2, start: hierarchical", "moments: true", 0.5},
            {"0.3", "burn_in: 2, start: hierarchical", "trajectory: false", 0.5},
            {"0.3", "burn_in: 2, start: hierarchical", "moments: false", 0.5},
            {"0", "start: { kind: corrupted, overlap: 0.1 }", "moments: true", 0.9}};

static void run_case(ph_grid_t *grid, size_t number)
{
    char text[512];
    snprintf(text, sizeof(text),
             "title: t\nnetwork: { neurons: 150, patterns: 4, dilution: [0.3, 0.6] }\nnoise: %s\n"
             "dynamics: { sweeps: 12, %s }\n"
             "ensemble: { samples: 3, replicas: 5 }\nrecord: { %s }\n",
             RUNS[number].noise, RUNS[number].dynamics, RUNS[number].record);
    parse(grid, text);
    ck_assert_int_eq(small_run(grid, path, NULL), PH_OK);
}

/* The number that one chain retrieves, from what the file has of it. */
static double chain_count(ph_runfile_t *file, size_t p, uint32_t s, uint32_t r,
                          const ph_retrieval_t *rule, bool last)
{
    const ph_grid_t *grid = file->base.grid;
    const ph_point_t *point = &grid->points[p];
    ph_segment_t segment;
    ph_patterns_t patterns;
    double m[4] = {0.0};
    uint64_t count = 0;
    ck_assert_int_eq(ph_patterns_draw(&patterns, point, grid->seed, s), PH_OK);
    small_read(file, p, s, r, &segment);
    for (size_t mu = 0; mu < 4; mu++) {
        for (size_t i = 0; i < 150 && last; i++)
            m[mu] += (segment.spins[i / 8] >> (i % 8) & 1 ? 1 : -1) * patterns.entries[i * 4 + mu] /
                     150.0;
        for (size_t k = 0; k < 13 && !last && segment.series != NULL; k++)
            m[mu] += segment.series[k * segment.components + mu] / 13.0;
        if (!last && segment.series == NULL)
            m[mu] = segment.sums[mu * PH_MOMENT_WORDS] / 13.0;
    }
    ck_assert_int_eq(ph_retrieval_count(rule, point, m, &count), PH_OK);
    ph_segment_free(&segment);
    ph_patterns_free(&patterns);
    return (double)count;
}

/* As a quantity it is the same number, of chains that know no blocks of lanes. */
static void check_quantity(ph_runfile_t *file, size_t p, const ph_averaged_t *expected)
{
    ph_quantities_t found;
    size_t q = 0;
    ck_assert_int_eq(ph_quantities_read(&found, file, p, NULL, 0, NULL), PH_OK);
    while (strcmp(found.found[q].quantity->name, "retrieved") != 0)
        q++;
    const ph_averaged_t *one = &found.found[q].found;
    ck_assert_double_eq_tol(one->value, expected->value, 1e-12);
    ck_assert_double_eq_tol(one->error, expected->error, 1e-12);
    ck_assert_double_eq_tol(one->thermal, expected->thermal, 1e-12);
    ck_assert(isnan(found.found[q].theory));
    ph_quantities_free(&found);
}

/* Counts of all chains one by one, their mean over samples and its error. */
START_TEST(averages_of_a_run)
{
    const ph_retrieval_t rule = {RUNS[_i].share, 0.0};
    ph_grid_t grid;
    ph_runfile_t file;
    run_case(&grid, (size_t)_i);
    ck_assert_int_eq(ph_runfile_open(&file, path, NULL), PH_OK);
    for (size_t p = 0; p < 2; p++) {
        ph_retrieved_t found;
        double means[3] = {0.0}, mean = 0.0, square = 0.0, thermal = 0.0;
        for (uint32_t s = 0; s < 3; s++) {
            double counts[5], scatter = 0.0;
            for (uint32_t r = 0; r < 5; r++) {
                counts[r] = chain_count(&file, p, s, r, &rule, RUNS[_i].noise[1] == '\0');
                means[s] += counts[r] / 5.0;
            }
            for (uint32_t r = 0; r < 5; r++)
                scatter += (counts[r] - means[s]) * (counts[r] - means[s]);
            thermal += scatter / 20.0 / 9.0;
            mean += means[s] / 3.0;
        }
        for (uint32_t s = 0; s < 3; s++)
            square += (means[s] - mean) * (means[s] - mean) / 6.0;
        ck_assert_int_eq(ph_retrieved_read(&found, &rule, &file, p, NULL), PH_OK);
        ck_assert_double_eq_tol(found.number.value, mean, 1e-12);
        ck_assert_double_eq_tol(found.number.error, sqrt(square), 1e-12);
        ck_assert_double_eq_tol(found.number.thermal, sqrt(thermal), 1e-12);
        ck_assert_uint_eq(found.chains, 15);
        ck_assert_double_gt(mean, 0.5);
        if (rule.share == PH_RETRIEVAL_USUAL.share)
            check_quantity(&file, p, &found.number);
    }
    ph_runfile_close(&file);
    ph_grid_free(&grid);
}
END_TEST

/* The theory's own states by the same rule: of the population the hierarchy of its formula, of the
 * samples their average. */
START_TEST(theory_counts_too)
{
    ph_grid_t grid;
    ph_theory_t theory;
    double population[2], samples[2];
    const ph_retrieval_t most = {0.99, 0.0};
    parse(&grid, "network: { neurons: 3000, patterns: 3, dilution: [0.3, 0.6] }\nnoise: 0\n"
                 "dynamics: { sweeps: 1, start: hierarchical }\nensemble: { samples: 4 }\n");
    ck_assert_int_eq(ph_theory_solve(&theory, &grid, 1U << PH_THEORY_MEAN_FIELD, true, 1, NULL),
                     PH_OK);
    ck_assert_int_eq(ph_retrieved_of_theory(&theory, &most, population, samples, NULL), PH_OK);
    for (size_t p = 0; p < 2; p++) { /* chance: 0.89 and 0.67 of the third's share */
        double sum = 0.0;
        ck_assert_double_eq(population[p], 3.0);
        for (size_t s = 0; s < 4; s++) {
            uint64_t count;
            ck_assert_int_eq(
                ph_retrieval_count(&most, &grid.points[p],
                                   ph_theory_values(&theory, "magnetization_sample", p) + 3 * s,
                                   &count),
                PH_OK);
            sum += (double)count / 4.0;
        }
        ck_assert_double_eq_tol(samples[p], sum, 1e-12);
    }
    ck_assert(samples[0] < 3.0 || samples[1] < 3.0); /* samples scatter about their shares */
    *ph_theory_values(&theory, "converged", 0) = 0.0;
    ck_assert_int_eq(ph_retrieved_of_theory(&theory, &most, population, samples, NULL), PH_OK);
    ck_assert(isnan(population[0]) && !isnan(samples[0]) && population[1] == 3.0);
    ph_theory_free(&theory);
    ph_grid_free(&grid);
}
END_TEST

static const char WELLS[] = "network: { neurons: 1000, patterns: 4, dilution: 0.4 }\n"
                            "noise: 0.03\n"
                            "dynamics: { start: hierarchical, sweeps: 200, burn_in: 60 }\n"
                            "ensemble: { samples: 3, replicas: 16 }\n";

/* Chains are counted as their wells are, and told where the theory under test has another number:
 * of 0.4 of all magnetizations no pattern has half of what is left. */
START_TEST(comparison)
{
    for (int wrong = 0; wrong < 2; wrong++) {
        ph_grid_t grid;
        ph_runfile_t file;
        ph_theory_t theory;
        ph_comparison_table_t table;
        parse(&grid, WELLS);
        ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
        ck_assert_int_eq(ph_runfile_open(&file, path, NULL), PH_OK);
        ck_assert_int_eq(ph_theory_solve(&theory, &grid, 1U << PH_THEORY_MEAN_FIELD, true, 1, NULL),
                         PH_OK);
        for (size_t i = 0; i < 12 && wrong; i++)
            ph_theory_values(&theory, "magnetization_sample", 0)[i] *= 0.4;
        ck_assert_int_eq(ph_comparison_table_make(&table, &file, &theory, PH_VIEW_PATTERNS, NULL),
                         PH_OK);
        const ph_retrieved_row_t *row = &table.equilibrium.retrieved[0];
        ck_assert(row->chains + row->near <= 48 && row->chains >= 24);
        ck_assert_int_eq(row->verdict, wrong ? PH_VERDICT_DISAGREE : PH_VERDICT_AGREE);
        ck_assert_uint_eq(row->off, wrong ? row->chains : 0);
        ck_assert(wrong ? row->mc > row->theory : row->mc == row->theory);
        ck_assert(table.equilibrium.retrieved_decided == 1 &&
                  table.equilibrium.retrieved_off == (size_t)wrong);
        ph_comparison_table_free(&table);
        ph_theory_free(&theory);
        ph_runfile_close(&file);
        ph_grid_free(&grid);
        small_remove(folder);
        setup();
    }
}
END_TEST

static char *table_of(ph_runfile_t *file, const ph_retrieval_t *rule, ph_text_format_t format,
                      const ph_retrieved_theory_t *theory)
{
    char *text = NULL;
    size_t size = 0;
    ph_selection_t selection;
    FILE *out = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(out);
    ph_selection_init(&selection, file->base.grid);
    ck_assert_int_eq(ph_selection_add(&selection, "dilution=0.6", NULL), PH_OK);
    ck_assert_int_eq(ph_export_retrieved(out, file, &selection, rule, theory, format, NULL), PH_OK);
    fclose(out);
    FILE *in = fmemopen(text, strlen(text), "r");
    ck_assert(in != NULL && ph_export_is_table(in));
    fclose(in);
    return text;
}

/* One row a point, what counts above it; theory beside it, remarks. */
START_TEST(table)
{
    static const double POPULATION[2] = {7, 2}, SAMPLES[2] = {7, 1.5};
    const ph_retrieved_theory_t theory = {POPULATION, SAMPLES};
    const ph_retrieval_t absolute = {0.0, 0.01};
    ph_grid_t grid;
    ph_runfile_t file;
    ph_retrieved_t found;
    char expected[512];
    run_case(&grid, 0);
    ck_assert_int_eq(ph_runfile_open(&file, path, NULL), PH_OK);
    ck_assert_int_eq(ph_retrieved_read(&found, &absolute, &file, 1, NULL), PH_OK);
    snprintf(expected, sizeof(expected),
             "dilution,stored,retrieved,error,freedom,thermal,disorder,theory,theory_samples,"
             "chains,remark\n0.6,4,%.10g,%.10g,%.10g,%.10g,%.10g,2,1.5,15,-\n",
             found.number.value, found.number.error, found.number.freedom, found.number.thermal,
             found.number.disorder);
    char *text = table_of(&file, &absolute, PH_TEXT_CSV, &theory);
    ck_assert_str_eq(text, expected);
    free(text);
    text = table_of(&file, &absolute, PH_TEXT_COLUMNS, NULL);
    ck_assert_ptr_nonnull(strstr(text, "is at least 0.01\n"));
    ck_assert_ptr_nonnull(strstr(text, " nan nan 15 -\n"));
    free(text);
    file.sweeps_done[15] = 0;
    file.sweeps_done[16] = 1; /* within burn-in */
    text = table_of(&file, &HALF, PH_TEXT_COLUMNS, NULL);
    ck_assert_ptr_nonnull(strstr(text, "is at least 0.5 of the most"));
    ck_assert_ptr_nonnull(strstr(text, " 13 unfinished\n"));
    free(text);
    for (size_t chain = 15; chain < 30; chain++)
        file.sweeps_done[chain] = 0;
    text = table_of(&file, &HALF, PH_TEXT_CSV, NULL);
    ck_assert_ptr_nonnull(strstr(text, "\n0.6,4,nan,nan,nan,nan,nan,nan,nan,0,empty\n"));
    free(text);
    ph_runfile_close(&file);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_PROGRAM("retrieved")
{
    TCase *tcase = tcase_create("retrieved");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, known_states, 0, STATES_COUNT);
    tcase_add_test(tcase, unequal_dilutions);
    tcase_add_loop_test(tcase, rooms, 0, sizeof(ROOMS) / sizeof(ROOMS[0]));
    tcase_add_test(tcase, chance);
    tcase_add_loop_test(tcase, averages_of_a_run, 0, 4);
    tcase_add_test(tcase, theory_counts_too);
    tcase_add_test(tcase, comparison);
    tcase_add_test(tcase, table);
    return test_run("retrieved", tcase);
}
