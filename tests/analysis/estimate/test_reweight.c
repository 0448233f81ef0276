/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Curves along the noise, by the records of all noises together, against sums over all states. */
#include "analysis/estimate/reweight.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "sim/run/run.h"
#include "tests/analysis/estimate/exactlaw.h"
#include "tests/testing.h"

static char path[64];
static ph_grid_t grid;
static ph_report_t report;
static ph_runfile_t run;

static void parse(const char *text, const char *set)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-reweight-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    unlink(path);
    ph_report_init(&report);
    ph_grid_init(&grid);
    const int status = ph_grid_parse(&grid, text, "test", set != NULL, &set, &report);
    ck_assert_msg(status == PH_OK, "%s", report.count > 0 ? report.messages[0].text : "");
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

static void simulate(const char *text, const char *set)
{
    ph_run_options_t options = {.path = path, .threads = 2};
    ph_run_summary_t summary;
    parse(text, set);
    ck_assert_int_eq(ph_run(&grid, &options, &summary, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&run, path, &report), PH_OK);
}

/* Independent records of every rung, each staying where it is with a probability: exact chains. */
static void fill(ph_segment_t *segment, size_t p, double stay)
{
    static law_t laws[4];
    const ph_point_t *point = &grid.points[p];
    const size_t n = (size_t)segment->records, width = (size_t)segment->components;
    const size_t first = ph_observable_offset(PH_OBS_RUNG_ENERGY, &grid, point->patterns);
    const size_t patterns = (size_t)point->patterns;
    ph_sample_t sample;
    ck_assert_int_eq(ph_sample_draw(&sample, point, grid.seed, segment->sample), PH_OK);
    for (size_t k = 0; k < point->ladder.count; k++)
        enumerate(&laws[k], &sample, point->ladder.values[k]);
    ph_sample_free(&sample);
    for (uint32_t r = 0; r < segment->replicas; r++)
        for (size_t rung = 0; rung < point->ladder.count; rung++) {
            ph_stream_t stream;
            ph_stream_init(&stream, ph_stream_key(41, ph_digest_bytes("rungs", 5)), PH_PURPOSE_TEST,
                           (uint32_t)p, r, (uint32_t)rung);
            size_t state = draw_state(&laws[rung], &stream);
            for (size_t k = 0; k < n; k++) {
                double *x = segment->series + (r * n + k) * width;
                x[first + rung] = laws[rung].energy[state];
                for (size_t mu = 0; mu < patterns && point->ladder.values[rung] == point->noise;
                     mu++)
                    x[mu] = laws[rung].m[state][mu];
                if (ph_stream_unit(&stream) >= stay)
                    state = draw_state(&laws[rung], &stream);
            }
        }
}

static void write_exact(double stay)
{
    ph_runfile_t file;
    ck_assert_int_eq(ph_runfile_create(&file, path, &grid, &report), PH_OK);
    for (size_t p = 0; p < grid.points_count; p++) {
        ph_segment_t segment;
        const ph_point_t *point = &grid.points[p];
        ck_assert_int_eq(ph_segment_init(&segment, &grid, point, 0, 0, (uint32_t)grid.replicas, 0,
                                         ph_point_total(point)),
                         PH_OK);
        fill(&segment, p, stay);
        ck_assert_int_eq(ph_runfile_write(&file, p, &segment, &report), PH_OK);
        ph_segment_free(&segment);
    }
    ck_assert_int_eq(ph_runfile_commit(&file, &report), PH_OK);
    ph_runfile_close(&file);
    ck_assert_int_eq(ph_runfile_open(&run, path, &report), PH_OK);
}

enum { QUANTITIES_MAX = 16 };
static const double NOISES[] = {0.4, 0.47, 0.9, 1.1, 1.37, 1.5};
enum { NOISES_COUNT = sizeof(NOISES) / sizeof(NOISES[0]) };

/*
 * Many networks, each with curves of its own, at rungs and between them: the mean of the squares
 * of (value - exact)/error is that of Student's t, (nu)/(nu - 2), within 4 of its standard
 * deviations on both sides, for every quantity and noise; and together much closer.
 */
static void check_squares(const char *rest, size_t curves, double stay)
{
    const char *more = getenv("PH_COVERAGE_RUNS"); /* of the validation suite: as many curves */
    char text[512];
    double squares[NOISES_COUNT][QUANTITIES_MAX] = {{0.0}}, all = 0.0, freedom = 0.0, count = 0.0;
    curves = more != NULL ? (size_t)strtoul(more, NULL, 10) : curves;
    snprintf(text, sizeof(text),
             "network: { neurons: 8, patterns: 1, dilution: { from: 0.1, to: 0.4, steps: %zu } }\n"
             "noise: [0.4, 0.9, 1.5]\nrecord: { moments: false }\n%s",
             curves, rest);
    parse(text, NULL);
    write_exact(stay);
    const size_t points = grid.points_count / curves;
    for (size_t c = 0; c < curves; c++) {
        ph_reweighted_t found;
        size_t number[3];
        for (size_t i = 0; i < points; i++)
            number[i] = c * points + i;
        ck_assert_int_eq(
            ph_reweight(&found, &run, number, points, NOISES, NOISES_COUNT, 1, &report), PH_OK);
        ck_assert_uint_eq(found.states, 4);
        for (size_t i = 0; i < found.count * found.width; i++) {
            const ph_reweighted_value_t *one = &found.values[i];
            ck_assert(isnan(one->exact) == (strcmp(one->quantity->name, "magnetization") == 0));
            if (isnan(one->exact))
                continue;
            const double z = (one->found.value - one->exact) / one->found.error;
            squares[i / found.width][i % found.width] += z * z / (double)curves;
            all += z * z;
            count += 1.0;
            freedom = one->found.freedom;
        }
        ph_reweighted_free(&found);
    }
    const double right = freedom / (freedom - 2.0);
    const double room = 4.0 * 1.7 / sqrt((double)curves); /* 1.7: of one square, over its mean */
    for (size_t t = 0; t < NOISES_COUNT; t++)
        for (size_t q = 1; q < 8; q++) {
            if (more != NULL)
                printf("noise %g, quantity %zu: %.3f of what it should be\n", NOISES[t], q,
                       squares[t][q] / right);
            ck_assert_msg(fabs(squares[t][q] / right - 1.0) < room,
                          "noise %g, quantity %zu: %g, expected %g", NOISES[t], q, squares[t][q],
                          right);
        }
    ck_assert_double_eq_tol(all / count, right, 0.6 * room * right); /* they go together */
    end();
}

START_TEST(test_curves)
{
    check_squares("dynamics: { sampler: replica-exchange, ladder: [0.4, 0.6, 0.9, 1.5], sweeps: 49 "
                  "}\nensemble: { replicas: 20 }\n",
                  80, 0.3);
}
END_TEST

/* The same from two chains in pieces. */
START_TEST(test_pieces)
{
    check_squares("dynamics: { sampler: replica-exchange, ladder: [0.4, 0.6, 0.9, 1.5], sweeps: "
                  "599 }\nensemble: { replicas: 2 }\n",
                  40, 0.3);
}
END_TEST

static const char RUN[] = "network: { neurons: 12, patterns: 2, dilution: 0.3 }\n"
                          "noise: [0.5, 0.8]\n"
                          "dynamics: { start: random, sampler: replica-exchange, "
                          "ladder: [0.3, 0.5, 0.8, 1.2], sweeps: 300, burn_in: 30 }\n"
                          "ensemble: { samples: 2, replicas: 24 }\n";

static const size_t BOTH[] = {0, 1};

/* Chains of the sampler itself: within 4 thermal errors of the exact sums, which are small; sharper
 * than the records of a rung alone would be; magnetizations only between the points' noises. */
START_TEST(test_sampler)
{
    static const double AT[] = {0.3, 0.5, 0.65, 0.8, 1.2};
    ph_reweighted_t found, alone;
    simulate(RUN, NULL);
    ck_assert_int_eq(ph_reweight(&found, &run, BOTH, 2, AT, 5, 2, &report), PH_OK);
    ck_assert_int_eq(ph_reweight(&alone, &run, BOTH, 1, AT + 1, 1, 2, &report), PH_OK);
    for (size_t i = 0; i < found.count * found.width; i++) {
        const ph_reweighted_value_t *one = &found.values[i];
        const bool of_point = one->quantity->of == PH_QUANTITY_OF_POINT;
        const size_t t = i / found.width;
        ck_assert_int_eq(isnan(one->found.value), !of_point && (t == 0 || t == 4));
        if (isnan(one->found.value) || isnan(one->exact))
            continue;
        ck_assert_double_le(fabs(one->found.value - one->exact), 4.5 * one->found.thermal);
        ck_assert_double_lt(one->found.thermal, 0.05 * fabs(one->exact));
        ck_assert(one->effective > 1000.0);
    }
    for (size_t i = 0; i < alone.width; i++) /* two points' records count for more than one's */
        ck_assert_double_gt(found.values[found.width + i].effective, alone.values[i].effective);
    ck_assert_uint_eq(report.count, 0);
    ph_reweighted_free(&found);
    ph_reweighted_free(&alone);
    end();
}
END_TEST

/* Points along the noise need no ladder. */
START_TEST(test_no_ladder)
{
    static const double AT[] = {0.6};
    ph_reweighted_t found;
    simulate("network: { neurons: 12, patterns: 2, dilution: 0.3 }\nnoise: [0.5, 0.8]\n"
             "dynamics: { start: random, sampler: block-gibbs, sweeps: 500, burn_in: 50 }\n"
             "ensemble: { replicas: 24 }\n",
             NULL);
    ck_assert_int_eq(ph_reweight(&found, &run, BOTH, 2, AT, 1, 1, &report), PH_OK);
    for (size_t i = 0; i < found.width; i++)
        if (!isnan(found.values[i].exact))
            ck_assert_double_le(fabs(found.values[i].found.value - found.values[i].exact),
                                4.5 * found.values[i].found.error);
    ph_reweighted_free(&found);
    end();
}
END_TEST

static const char PLAIN[] = "network: { neurons: 12, patterns: 2 }\nnoise: [0.5, 0.8]\n"
                            "dynamics: { sweeps: 20 }\n";

/* What cannot be had is refused, with the reason. */
START_TEST(test_refused)
{
    static const struct {
        const char *set;
        double noise;
        int status;
        const char *message;
    } CASES[] = {
        {NULL, 0.29, PH_ERR_INPUT, "noise 0.29: expected from 0.3 to 1.2"},
        {NULL, 1.21, PH_ERR_INPUT, "noise 1.21: expected from 0.3 to 1.2"},
        {NULL, NAN, PH_ERR_INPUT, "expected from 0.3 to 1.2"},
        {"record.trajectory=false", 0.5, PH_ERR_UNSUPPORTED, "holds no trajectories"},
        {"dynamics.sampler=little", 0.5, PH_ERR_UNSUPPORTED, "not of exp(-H/T)"},
        {"dynamics.sampler=glauber", 0.9, PH_ERR_INPUT, "from 0.5 to 0.8"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        ph_reweighted_t found;
        simulate(CASES[i].set != NULL && strncmp(CASES[i].set, "dynamics", 8) == 0 ? PLAIN : RUN,
                 CASES[i].set);
        const size_t before = report.count;
        ck_assert_int_eq(ph_reweight(&found, &run, BOTH, 2, &CASES[i].noise, 1, 1, &report),
                         CASES[i].status);
        ck_assert_uint_eq(report.count, before + 1);
        ck_assert_msg(strstr(report.messages[before].text, CASES[i].message) != NULL, "%s",
                      report.messages[before].text);
        ck_assert(found.values == NULL && found.noise == NULL);
        end();
    }
}
END_TEST

/* One noise is no ladder; noise 0 has no weights; noises that hardly share energies get a note. */
START_TEST(test_apart)
{
    static const double AT[] = {0.5};
    static const char *const NOISE[] = {"noise=0.5", "noise=[0, 0.5]", "noise=[0.02, 0.53]",
                                        "noise=[0.02, 1.5]"};
    static const int STATUS[] = {PH_ERR_INPUT, PH_ERR_UNSUPPORTED, PH_OK, PH_ERR_NUMERIC};
    static const char *const MESSAGE[] = {"all records are of noise 0.5", "noise 0 has no weights",
                                          "noises 0.02 and 0.53 hardly share energies",
                                          "noises 0.02 and 1.5 share too few energies"};
    for (size_t i = 0; i < 4; i++) {
        ph_reweighted_t found;
        simulate("network: { neurons: 200, patterns: 1, dilution: 0 }\nnoise: 1\n"
                 "dynamics: { sampler: glauber, sweeps: 400, burn_in: 20, start: archetype }\n"
                 "ensemble: { replicas: 8 }\n",
                 NOISE[i]);
        ck_assert_int_eq(ph_reweight(&found, &run, BOTH, i == 0 ? 1 : 2, AT, 1, 1, &report),
                         STATUS[i]);
        ck_assert_msg(report.count == 1 && strstr(report.messages[0].text, MESSAGE[i]) != NULL,
                      "%s", report.count > 0 ? report.messages[0].text : "nothing said");
        ph_reweighted_free(&found);
        end();
    }
}
END_TEST

PH_TEST_MAIN("reweight", test_curves, test_pieces, test_sampler, test_no_ladder, test_refused,
             test_apart)
