/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The approach to the infinite network, of made-up samples and runs whose exponents are known. */
#include "analysis/compare/scaling.h"

#include "tests/analysis/compare/forged.h"

enum { SIZES = 4, SAMPLES_MOST = 400 };
static const double NEURONS[SIZES] = {200, 400, 800, 1600};

/* m = INFINITE + deviation / N^to + scatter g / N^falls + what chains add. */
typedef struct {
    double deviation, to, scatter, falls, chain;
    bool turns; /* the deviation has the other sign at the largest N */
} law_t;

static const double INFINITE = 0.6;
static const law_t RIGHT_LAW = {
    .deviation = -8.0, .to = 1.0, .scatter = 0.5, .falls = 0.5, .chain = 0.1};

static double mean_of(const law_t *law, double neurons, double drawn)
{
    const double sign = law->turns && neurons == NEURONS[SIZES - 1] ? -1.0 : 1.0;
    return INFINITE + sign * law->deviation * pow(neurons, -law->to) +
           law->scatter * drawn * pow(neurons, -law->falls);
}

static void make_size(const law_t *law, size_t i, size_t samples, ph_stream_t *stream,
                      ph_scaling_size_t *size)
{
    enum { CHAINS = 4 };
    double means[SAMPLES_MOST], variances[SAMPLES_MOST];
    const double width = law->chain / sqrt(NEURONS[i]);
    for (size_t s = 0; s < samples; s++) {
        double x[CHAINS], mean = 0.0, square = 0.0;
        const double centre = mean_of(law, NEURONS[i], gaussian(stream));
        for (int c = 0; c < CHAINS; c++)
            mean += (x[c] = centre + width * gaussian(stream)) / CHAINS;
        for (int c = 0; c < CHAINS; c++)
            square += (x[c] - mean) * (x[c] - mean);
        means[s] = mean;
        variances[s] = square / (CHAINS - 1) / CHAINS;
    }
    *size = (ph_scaling_size_t){.neurons = NEURONS[i], .samples = (double)samples};
    ck_assert_int_eq(ph_scaling_size(means, variances, samples, INFINITE, size->of), PH_OK);
}

/* Deviations of exponents over their errors, of many draws: mean 0, mean square 1. */
static void cover(const law_t *law, size_t samples, ph_scaled_quantity_t quantity, double least,
                  double most)
{
    enum { DRAWS = 600 };
    ph_stream_t stream;
    double sum = 0.0, square = 0.0, beyond = 0.0;
    ph_stream_init(&stream, ph_stream_key(5, (ph_digest_t){1, 2}), PH_PURPOSE_TEST, 0, 0, 0);
    for (int d = 0; d < DRAWS; d++) {
        ph_scaling_size_t sizes[SIZES];
        for (size_t i = 0; i < SIZES; i++)
            make_size(law, i, samples, &stream, &sizes[i]);
        ph_exponent_t found;
        ck_assert_int_eq(ph_scaling_fit(sizes, SIZES, quantity, &found), PH_OK);
        ck_assert_int_eq(found.reason, PH_SCALING_NONE);
        const double z = (found.value - ph_scaled_expected(quantity)) / found.error;
        sum += z / DRAWS;
        square += z * z / DRAWS;
        beyond += found.deviate > PH_COMPARE_ERRORS;
    }
    ck_assert_double_le(fabs(sum), 0.25);
    ck_assert_double_ge(square, least);
    ck_assert_double_le(square, most);
    ck_assert_double_le(beyond, 1.0);
}

/* An error is no smaller than the scatter about the line says, so that squares are below 1. */
START_TEST(test_errors)
{
    cover(&RIGHT_LAW, 400, PH_SCALED_DEVIATION, 0.7, 1.0);
    cover(&RIGHT_LAW, 400, PH_SCALED_SCATTER, 0.7, 1.0);
    cover(&RIGHT_LAW, 32, PH_SCALED_SCATTER, 0.8, 1.15);
}
END_TEST

/* Exact values: the exponents to rounding, and only of what is there. */
START_TEST(test_exact)
{
    ph_scaling_size_t sizes[SIZES];
    for (size_t i = 0; i < SIZES; i++) {
        sizes[i] = (ph_scaling_size_t){.neurons = NEURONS[i], .samples = 100};
        sizes[i].of[PH_SCALED_DEVIATION] = (ph_scaled_t){-3.0 / NEURONS[i], 1e-4, 10.0};
        sizes[i].of[PH_SCALED_SCATTER] = (ph_scaled_t){0.5 / sqrt(NEURONS[i]), 1e-3, 10.0};
    }
    ph_exponent_t found;
    ck_assert_int_eq(ph_scaling_fit(sizes, SIZES, PH_SCALED_DEVIATION, &found), PH_OK);
    ck_assert_double_eq_tol(found.value, 1.0, 1e-12);
    ck_assert_uint_eq(found.used, SIZES);
    ck_assert_int_eq(ph_scaling_fit(sizes, SIZES, PH_SCALED_SCATTER, &found), PH_OK);
    ck_assert_double_eq_tol(found.value, 0.5, 1e-12);
    sizes[3].of[PH_SCALED_DEVIATION] = (ph_scaled_t){0.7, 1.0, 0.7}; /* noise, left out */
    ck_assert_int_eq(ph_scaling_fit(sizes, SIZES, PH_SCALED_DEVIATION, &found), PH_OK);
    ck_assert_double_eq_tol(found.value, 1.0, 1e-12);
    ck_assert_uint_eq(found.used, 3);
    sizes[2].reason = PH_SCALING_ELSEWHERE;
    ck_assert_int_eq(ph_scaling_fit(sizes, SIZES, PH_SCALED_DEVIATION, &found), PH_OK);
    ck_assert_int_eq(found.reason, PH_SCALING_INSIGNIFICANT);
    ck_assert(isnan(found.value) && isnan(found.error));
    sizes[2].reason = PH_SCALING_NONE;
    sizes[2].of[PH_SCALED_DEVIATION].value *= -1.0;
    ck_assert_int_eq(ph_scaling_fit(sizes, SIZES, PH_SCALED_DEVIATION, &found), PH_OK);
    ck_assert_int_eq(found.reason, PH_SCALING_SIGNS);
    ck_assert(isnan(found.value));
}
END_TEST

/* What one size gives: the mean, its error, and a scatter without what chains add to it. */
START_TEST(test_size)
{
    const double means[] = {1, 2, 3, 4, 5}, known[] = {0.5, 0.5, 0.5, 0.5, 0.5};
    const double unknown[] = {NAN, NAN, NAN, NAN, NAN}, chains[] = {3, 3, 3, 3, 3};
    ph_scaled_t of[PH_SCALED_COUNT];
    ck_assert_int_eq(ph_scaling_size(means, known, 5, 2.0, of), PH_OK);
    ck_assert_double_eq_tol(of[PH_SCALED_DEVIATION].value, 1.0, 1e-12);
    ck_assert_double_eq_tol(of[PH_SCALED_DEVIATION].error, sqrt(0.5), 1e-12);
    ck_assert_double_eq_tol(of[PH_SCALED_SCATTER].value, sqrt(2.0), 1e-12); /* 2.5 - 0.5 */
    ck_assert_double_eq_tol(of[PH_SCALED_SCATTER].deviate, 2.0 / 0.5, 1e-12);
    ck_assert_int_eq(ph_scaling_size(means, unknown, 5, 2.0, of), PH_OK);
    ck_assert_double_eq_tol(of[PH_SCALED_DEVIATION].error, sqrt(0.5), 1e-12);
    ck_assert(isnan(of[PH_SCALED_SCATTER].value) && isnan(of[PH_SCALED_SCATTER].deviate));
    ck_assert_int_eq(ph_scaling_size(means, chains, 5, 2.0, of), PH_OK);
    ck_assert_double_eq(of[PH_SCALED_SCATTER].value, 0.0);
    ck_assert_double_eq(of[PH_SCALED_SCATTER].deviate, 0.0);
    ck_assert_int_eq(ph_scaling_size(means, known, 3, 2.0, of), PH_OK);
    ck_assert(isnan(of[PH_SCALED_DEVIATION].value));
}
END_TEST

static const char GRID[] =
    "record: { trajectory: false }\n"
    "network: { neurons: [200, 400, 800, 1600], patterns: 1, dilution: [0.2, 0.3] }\n"
    "noise: 0.3\n"
    "dynamics: { start: archetype, sweeps: 4, burn_in: 1 }\n"
    "ensemble: { samples: 200, replicas: 2, lanes: 2 }\n";

/* Point by point: dilution 0.3 (the odd points) by `second`. */
static void write_law(const law_t *first, const law_t *second)
{
    ph_runfile_t file;
    ck_assert_int_eq(ph_runfile_create(&file, path, &grid, &report), PH_OK);
    for (size_t p = 0; p < grid.points_count; p++)
        for (uint32_t s = 0; s < grid.samples; s++) {
            const ph_point_t *point = &grid.points[p];
            const law_t *law = p % 2 == 0 ? first : second;
            const double neurons = (double)point->neurons;
            ph_segment_t segment;
            ph_stream_t stream;
            ck_assert_int_eq(ph_segment_init(&segment, &grid, point, s, 0, (uint32_t)grid.replicas,
                                             0, (uint64_t)(point->burn_in + point->sweeps)),
                             PH_OK);
            ph_stream_init(&stream, ph_stream_key(5, point->identity), PH_PURPOSE_TEST, s, 0, 0);
            const double centre = mean_of(law, neurons, gaussian(&stream));
            for (size_t r = 0; r < (size_t)grid.replicas; r++)
                for (size_t i = 0; i < (size_t)segment.records; i++) {
                    const double x = centre + law->chain / sqrt(neurons) * gaussian(&stream);
                    ph_moments_add(segment.sums + r * (size_t)segment.components * PH_MOMENT_WORDS,
                                   i, x);
                }
            ck_assert_int_eq(ph_runfile_write(&file, p, &segment, &report), PH_OK);
            ph_segment_free(&segment);
        }
    ck_assert_int_eq(ph_runfile_commit(&file, &report), PH_OK);
    ph_runfile_close(&file);
}

enum { POINTS = 8 };

static ph_scaling_t scale(const law_t *first, const law_t *second, ph_comparison_row_t *rows)
{
    const ph_comparison_t comparison = {.rows_count = POINTS, .rows = rows, .points = POINTS};
    ph_runfile_t file;
    ph_scaling_t found;
    begin(GRID, NULL);
    write_law(first, second);
    ck_assert_int_eq(ph_runfile_open(&file, path, &report), PH_OK);
    ck_assert_int_eq(ph_scaling_make(&found, &file, &comparison, &report), PH_OK);
    ph_runfile_close(&file);
    end();
    ck_assert_uint_eq(found.lines_count, 2);
    ck_assert_uint_eq(found.sizes, SIZES);
    return found;
}

static void fill_rows(ph_comparison_row_t *rows)
{
    for (size_t p = 0; p < POINTS; p++)
        rows[p] =
            (ph_comparison_row_t){.point = p, .population = INFINITE, .verdict = PH_VERDICT_AGREE};
}

/* From a run: exponents of right and wrong laws, and the verdict of each. */
START_TEST(test_made)
{
    law_t slow = RIGHT_LAW, broad = RIGHT_LAW, none = RIGHT_LAW;
    slow.to = 0.5;
    slow.deviation = -0.4;
    broad.falls = 0.1;
    broad.scatter = 0.02;
    none.deviation = 0.0;
    ph_comparison_row_t rows[POINTS];
    fill_rows(rows);
    ph_scaling_t found = scale(&RIGHT_LAW, &RIGHT_LAW, rows);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    ck_assert_uint_eq(found.fitted, 4);
    for (size_t l = 0; l < 2; l++)
        for (int q = 0; q < PH_SCALED_COUNT; q++) {
            const ph_exponent_t *of = &found.lines[l].exponents[q];
            ck_assert_double_le(fabs(of->value - ph_scaled_expected((ph_scaled_quantity_t)q)),
                                4.0 * of->error);
            ck_assert_double_le(of->error, q == PH_SCALED_SCATTER ? 0.05 : 0.3);
            ck_assert_int_eq(of->verdict, PH_VERDICT_AGREE);
        }
    ck_assert_uint_eq(found.lines[1].sizes[2].point, 5);
    ph_scaling_free(&found);
    found = scale(&RIGHT_LAW, &slow, rows);
    ck_assert_int_eq(found.verdict, PH_VERDICT_DISAGREE);
    ck_assert_uint_eq(found.disagreeing, 1);
    ck_assert_int_eq(found.lines[1].exponents[PH_SCALED_DEVIATION].verdict, PH_VERDICT_DISAGREE);
    ph_scaling_free(&found);
    found = scale(&broad, &RIGHT_LAW, rows);
    ck_assert_int_eq(found.lines[0].exponents[PH_SCALED_SCATTER].verdict, PH_VERDICT_DISAGREE);
    ph_scaling_free(&found);
    found = scale(&none, &none, rows);
    ck_assert_int_eq(found.lines[0].exponents[PH_SCALED_DEVIATION].reason,
                     PH_SCALING_INSIGNIFICANT);
    ck_assert_int_eq(found.verdict, PH_VERDICT_UNDECIDED); /* two of four are not told */
    ck_assert_uint_eq(found.fitted, 2);
    ph_scaling_free(&found);
}
END_TEST

/* Sizes that compare does not vouch for are in no fit. */
START_TEST(test_left_out)
{
    ph_comparison_row_t rows[POINTS];
    fill_rows(rows);
    rows[0].verdict = PH_VERDICT_UNDECIDED;
    rows[2].away = 1;
    rows[3].population = 0.5;
    ph_scaling_t found = scale(&RIGHT_LAW, &RIGHT_LAW, rows);
    ck_assert_int_eq(found.lines[0].sizes[0].reason, PH_SCALING_UNDECIDED);
    ck_assert_int_eq(found.lines[0].sizes[1].reason, PH_SCALING_ELSEWHERE);
    ck_assert(isnan(found.lines[0].sizes[0].of[PH_SCALED_SCATTER].value));
    ck_assert_int_eq(found.lines[1].sizes[1].reason, PH_SCALING_ELSEWHERE);
    ck_assert_int_eq(found.lines[1].sizes[0].reason, PH_SCALING_NONE);
    ck_assert_uint_eq(found.lines[0].exponents[PH_SCALED_SCATTER].used, 2);
    ck_assert_int_eq(found.lines[0].exponents[PH_SCALED_SCATTER].verdict, PH_VERDICT_UNDECIDED);
    ck_assert_uint_eq(found.lines[1].exponents[PH_SCALED_SCATTER].used, 3);
    ck_assert_int_eq(found.verdict, PH_VERDICT_UNDECIDED);
    ph_scaling_free(&found);
}
END_TEST

START_TEST(test_axis)
{
    static const struct {
        const char *neurons;
        int status;
    } CASES[] = {{"network.neurons=100", PH_ERR_INPUT},
                 {"network.neurons=[100, 200]", PH_ERR_INPUT},
                 {"network.neurons=[100, 200, 400]", PH_OK}};
    for (size_t i = 0; i < 3; i++) {
        size_t axis = 7;
        begin(GRID, CASES[i].neurons);
        ck_assert_int_eq(ph_scaling_axis(&grid, &axis, &report), CASES[i].status);
        ck_assert_uint_eq(axis, CASES[i].status == PH_OK ? 0 : 7);
        end();
    }
}
END_TEST

PH_TEST_MAIN("scaling", test_errors, test_exact, test_size, test_made, test_left_out, test_axis)
