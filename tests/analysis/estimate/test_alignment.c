/* SPDX-License-Identifier: GPL-3.0-or-later */

/* In which order a state descends, and what the last state of a chain says. */
#include "analysis/estimate/alignment.h"

#include <math.h>
#include <string.h>

#include "analysis/estimate/estimates.h"
#include "analysis/estimate/laststate.h"
#include "sim/model/dataset.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

enum { K = 4 };

static double unit(void)
{
    static uint64_t random = 99;
    random = random * 6364136223846793005u + 1442695040888963407u;
    return (double)(random >> 11) / 9007199254740992.0;
}

/* A permutation, with the signs that are asked for. */
static void check_order(const size_t *order, const double *sign, size_t patterns)
{
    size_t met = 0;
    for (size_t j = 0; j < patterns; j++) {
        met |= (size_t)1 << order[j];
        ck_assert(sign[j] == 1.0 || sign[j] == -1.0);
    }
    ck_assert_uint_eq(met, ((size_t)1 << patterns) - 1);
}

/* Everything open: sizes descend and all signs are turned to +; only patterns of one dilution
 * change places. */
START_TEST(test_open)
{
    static const double DILUTION[2][K] = {{0.3, 0.3, 0.3, 0.3}, {0.3, 0.5, 0.3, 0.5}};
    for (int kind = 0; kind < 2; kind++)
        for (int round = 0; round < 200; round++) {
            double m[K], turned[K];
            ph_alignment_t alignment;
            ph_point_t point = network_point(10000, K, DILUTION[kind], 0.1);
            point.start = PH_START_RANDOM;
            for (int mu = 0; mu < K; mu++)
                m[mu] = 2.0 * unit() - 1.0;
            ph_alignment_of(&alignment, &point, m, 1e-9);
            check_order(alignment.order, alignment.sign, K);
            for (int j = 0; j < K; j++) {
                turned[j] = alignment.sign[j] * m[alignment.order[j]];
                ck_assert_double_ge(turned[j], 0.0);
                ck_assert_double_eq(DILUTION[kind][alignment.order[j]], DILUTION[kind][j]);
            }
            for (int j = 0; j < K; j++)
                for (int i = 0; i < j; i++)
                    ck_assert(DILUTION[kind][i] != DILUTION[kind][j] || turned[i] >= turned[j]);
        }
}
END_TEST

/* What the start sets stays: hierarchical everything, parallel the signs, archetype the first
 * pattern; patterns nearer than the tie keep their order and sign. */
START_TEST(test_held)
{
    const double m[] = {-0.1, 0.5, -0.7, 0.3}, near[] = {-0.1, 0.11, -0.125, 0.3};
    ph_alignment_t found;
    ph_point_t point = network_uniform(10000, K, 0.3, 0.1);
    point.start = PH_START_HIERARCHICAL;
    ph_alignment_of(&found, &point, m, 1e-9);
    for (size_t j = 0; j < K; j++)
        ck_assert(found.order[j] == j && found.sign[j] == 1.0);
    point.start = PH_START_PARALLEL;
    ph_alignment_of(&found, &point, m, 1e-9);
    const size_t by_sign[] = {1, 3, 0, 2};
    for (size_t j = 0; j < K; j++)
        ck_assert(found.order[j] == by_sign[j] && found.sign[j] == 1.0);
    point.start = PH_START_ARCHETYPE;
    point.start_pattern = 1;
    ph_alignment_of(&found, &point, m, 1e-9);
    const size_t by_size[] = {0, 2, 1, 3};
    const double signs[] = {1.0, -1.0, 1.0, 1.0};
    for (size_t j = 0; j < K; j++)
        ck_assert(found.order[j] == by_size[j] && found.sign[j] == signs[j]);
    point.start = PH_START_RANDOM;
    ph_alignment_of(&found, &point, near, 0.13);
    const size_t tied[] = {3, 1, 2, 0};
    for (size_t j = 0; j < K; j++)
        ck_assert(found.order[j] == tied[j] && found.sign[j] == 1.0);
}
END_TEST

/* From one alignment into another and back is nothing; a state's own alignment into the identity is
 * the descending state; zeros have no sign. */
START_TEST(test_turn)
{
    const ph_alignment_t from = {{2, 0, 3, 1}, {1, -1, -1, 1}}, to = {{1, 3, 0, 2}, {-1, 1, 1, -1}},
                         none = {{0, 1, 2, 3}, {1, 1, 1, 1}};
    const double m[] = {0.4, -0.3, 0.0, 0.9};
    double there[K], back[K];
    ph_alignment_turn(&from, &to, K, m, there);
    ph_alignment_turn(&to, &from, K, there, back);
    ck_assert_mem_eq(back, m, sizeof(m));
    for (int j = 0; j < K; j++)
        ck_assert_double_eq(to.sign[j] * there[to.order[j]], from.sign[j] * m[from.order[j]]);
    ph_alignment_turn(&none, &to, K, (const double[]){0.0, 0.0, 0.0, 0.0}, there);
    for (int j = 0; j < K; j++)
        ck_assert(!signbit(there[j]));
}
END_TEST

/* The words of tables; ties shrink like 1/sqrt(N). */
START_TEST(test_words)
{
    const ph_point_t small = network_uniform(100, 1, 0.3, 0.1),
                     large = network_uniform(10000, 1, 0.3, 0.1);
    ck_assert_str_eq(ph_view_word(PH_VIEW_PATTERNS), "pattern");
    ck_assert_str_eq(ph_view_word(PH_VIEW_RANKS), "rank");
    ck_assert_str_eq(ph_even_name(PH_EVEN_ABSOLUTE), "magnetization_absolute");
    for (int a = 0; a < PH_EVEN_COUNT; a++)
        for (int b = 0; b < a; b++)
            ck_assert_str_ne(ph_even_name((ph_even_t)a), ph_even_name((ph_even_t)b));
    ck_assert_double_eq_tol(ph_rank_tie(&small), 0.4, 1e-15);
    ck_assert_double_eq_tol(ph_rank_tie(&large), 0.04, 1e-15);
}
END_TEST

static ph_grid_t grid;
static ph_report_t report;
static ph_segment_t segment;

static void begin(const char *text, uint32_t replicas)
{
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", 0, NULL, &report), PH_OK);
    const ph_point_t *point = &grid.points[0];
    ck_assert_int_eq(ph_segment_init(&segment, &grid, point, 0, 0, replicas, 0,
                                     (uint64_t)(point->burn_in + point->sweeps)),
                     PH_OK);
}

static void end(void)
{
    ph_segment_free(&segment);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

/* A descent counts its sweeps, one more than there were, in the last 8 bytes, least first; 0: not
 * there yet, and the chain has moved in all of them. Other samplers count nothing. */
START_TEST(test_counts)
{
    begin("network: { neurons: 20, patterns: 2, dilution: 0.3 }\nnoise: 0\n"
          "dynamics: { sampler: descent, start: random, sweeps: 900 }\nensemble: { replicas: 3 }\n",
          3);
    const ph_point_t *point = &grid.points[0];
    const size_t bytes = ph_segment_spin_bytes(segment.state_bits);
    ck_assert_uint_eq(bytes, 3 + 8);
    segment.spins[bytes - 8] = 1;     /* 0 sweeps */
    segment.spins[2 * bytes - 8] = 3; /* 258 sweeps */
    segment.spins[2 * bytes - 7] = 1;
    ck_assert(!ph_last_moving(point, &segment, 0) && !ph_last_moving(point, &segment, 1));
    ck_assert(ph_last_moving(point, &segment, 2));
    ck_assert_double_eq(ph_last_count(point, &segment, 0), 0.0);
    ck_assert_double_eq(ph_last_count(point, &segment, 1), 258.0);
    ck_assert_double_eq(ph_last_count(point, &segment, 2), 900.0);
    ck_assert(ph_point_settles(point));
    end();
    begin("network: { neurons: 20, patterns: 2, dilution: 0.3 }\nnoise: 0.1\n"
          "dynamics: { sampler: glauber, sweeps: 9 }\n",
          1);
    ck_assert(!ph_last_moving(&grid.points[0], &segment, 0));
    ck_assert(isnan(ph_last_count(&grid.points[0], &segment, 0)));
    ck_assert(!ph_point_settles(&grid.points[0]));
    for (int k = 0; k < PH_OBS_COUNT; k++)
        ck_assert(ph_observable_counts((ph_observable_id_t)k) ==
                  (k == PH_OBS_RELAXATION || k == PH_OBS_ROUND_TRIPS));
    end();
}
END_TEST

enum { N = 30, P = 2, R = 3, M = 2 };

/* Magnetizations and overlaps with examples of one state. */
static void check_patterns(const network_sample_t *sample, const int8_t *spins, const double *one)
{
    for (size_t mu = 0; mu < P; mu++) {
        double m = 0.0, with[M] = {0};
        for (size_t i = 0; i < N; i++) {
            const int xi = sample->patterns.entries[i * P + mu];
            m += xi * spins[i] / (double)N;
            for (size_t a = 0; a < M; a++)
                with[a] += sample->coupling.phi[i * P * M + mu * M + a] * spins[i] / (double)N;
        }
        ck_assert_double_eq_tol(one[ph_observable_offset(PH_OBS_MAGNETIZATION, &grid, P) + mu], m,
                                1e-13);
        const double *own = one + ph_observable_offset(PH_OBS_EXAMPLE_OVERLAP, &grid, P);
        for (size_t a = 0; a < M; a++)
            ck_assert_double_eq_tol(own[mu * M + a], with[a], 1e-13);
    }
}

/* What is recorded, anew from the spins of last states: magnetization, energy, loss, the overlap of
 * lanes that are partners, and an overlap with each example, by sums over neurons. */
START_TEST(test_last_states)
{
    double out[R * 64];
    begin("network: { rule: unsupervised, neurons: 30, patterns: 2, examples: 2, quality: 0.6,\n"
          "           dilution: 0.3 }\nnoise: 0.2\ndynamics: { sampler: glauber, sweeps: 9 }\n"
          "ensemble: { replicas: 4, lanes: 4 }\nrecord: { loss: true, replica_overlap: true,\n"
          "           example_overlaps: 2 }\n",
          R);
    const ph_point_t *point = &grid.points[0];
    const size_t width = (size_t)segment.components, bytes = (N + 7) / 8;
    ck_assert_uint_le(width, 64);
    for (size_t i = 0; i < R * bytes; i++)
        segment.spins[i] = (uint8_t)(37 * i + 11);
    for (size_t r = 0; r < R; r++)
        segment.spins[(r + 1) * bytes - 1] &= 0x3f;
    network_sample_t sample;
    network_draw(&sample, point, grid.seed, 0);
    ck_assert_int_eq(ph_last_states(&grid, point, &segment, out), PH_OK);
    for (size_t r = 0; r < R; r++) {
        int8_t spins[R][N];
        for (size_t k = 0; k < R; k++)
            for (size_t i = 0; i < N; i++)
                spins[k][i] = (segment.spins[k * bytes + i / 8] >> (i % 8) & 1) != 0 ? 1 : -1;
        const double *one = out + r * width;
        double energy = 0.0;
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < i; j++)
                for (size_t p = 0; p < P * M; p++)
                    energy -= sample.coupling.weights[p] * sample.coupling.phi[i * P * M + p] *
                              sample.coupling.phi[j * P * M + p] * spins[r][i] * spins[r][j] /
                              (double)(N * N);
        ck_assert_double_eq_tol(one[ph_observable_offset(PH_OBS_ENERGY, &grid, P)], energy, 1e-12);
        check_patterns(&sample, spins[r], one);
        for (size_t c = 0; c < width; c++) {
            const ph_component_t part = ph_component(&grid, P, c);
            double loss = 0.0;
            for (size_t i = 0; i < N; i++) {
                const int xi = sample.patterns.entries[i * P + part.pattern];
                const int off = part.at[1] == 0 ? xi - spins[r][i] : xi + spins[r][i];
                loss += 0.5 * off * off / N;
            }
            if (part.observable == ph_observable(PH_OBS_LOSS))
                ck_assert_double_eq_tol(one[c], loss, 1e-13);
        }
        double pair = 0.0;
        for (size_t i = 0; i < N; i++)
            pair += spins[r][i] * spins[r < 2 ? 1 - r : r][i] / (double)N;
        const double q = one[ph_observable_offset(PH_OBS_REPLICA_OVERLAP, &grid, P)];
        if (r == 2) /* the partner of the third is not among them */
            ck_assert(isnan(q));
        else
            ck_assert_double_eq_tol(q, pair, 1e-13);
    }
    network_drop(&sample);
    end();
}
END_TEST

PH_TEST_MAIN("alignment", test_open, test_held, test_turn, test_words, test_counts,
             test_last_states)
