/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Starts of a sample's chains followed by its flow, against sums over its neurons. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/cloud_private.h"
#include "sim/model/sample.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

enum { K = 2, N = 600, DRAWS = 2000 };

static ph_point_t point;
static ph_sample_t sample;
static ph_flow_classes_t net;
static ph_cloud_t cloud;

/* Two stored patterns, or learned ones; the start is pattern 1 itself, which without blank entries
 * leaves no spin open, or corrupted. */
static void begin(double dilution, double noise, double corrupted)
{
    point = network_uniform(N, K, dilution, noise);
    point.start = corrupted > 0.0 ? PH_START_CORRUPTED : PH_START_ARCHETYPE;
    point.start_pattern = 1;
    point.start_overlap = corrupted;
}

static void draw(void)
{
    ck_assert_int_eq(ph_sample_draw(&sample, &point, 11, 3), PH_OK);
    ck_assert_int_eq(ph_flow_classes_draw(&net, &point, 11, 3), PH_OK);
    ck_assert_int_eq(ph_cloud_init(&cloud, &point, &net), PH_OK);
}

static void end(void)
{
    ph_cloud_free(&cloud);
    ph_flow_classes_free(&net);
    ph_sample_free(&sample);
}

static const int8_t *row_of(size_t i)
{
    return sample.patterns.entries + i * K;
}

static double field(const int8_t *row, const double *m)
{
    return row[0] * m[0] + row[1] * m[1];
}

/* F(m): the mean over the neurons of xi tanh(h/T). */
static void map(const double *m, double *out)
{
    double sum[K] = {0};
    for (size_t i = 0; i < N; i++) {
        const double h = field(row_of(i), m);
        const double t = point.noise > 0.0 ? tanh(h / point.noise) : (h > 0.0) - (h < 0.0);
        for (size_t mu = 0; mu < K; mu++)
            sum[mu] += row_of(i)[mu] * t / N;
    }
    memcpy(out, sum, sizeof(sum));
}

/* Magnetizations of pattern 1 itself. */
static void archetype(double *m)
{
    memset(m, 0, K * sizeof(*m));
    for (size_t i = 0; i < N; i++)
        for (size_t mu = 0; mu < K; mu++)
            m[mu] += (double)(row_of(i)[0] * row_of(i)[mu]) / N;
}

/* Mean and N times the variance of pattern mu over draws, of one way less another (or nothing). */
static void moments(ph_cloud_way_t way, int less, uint64_t sweeps, size_t mu, double *mean,
                    double *variance)
{
    double sum = 0.0, square = 0.0;
    for (uint32_t d = 0; d < DRAWS; d++) {
        double m[K], other[K] = {0};
        ph_cloud_follow(&cloud, 1, d, way, sweeps, m);
        if (less >= 0)
            ph_cloud_follow(&cloud, 1, d, (ph_cloud_way_t)less, sweeps, other);
        sum += m[mu] - other[mu];
        square += (m[mu] - other[mu]) * (m[mu] - other[mu]);
    }
    *mean = sum / DRAWS;
    *variance = N * (square / DRAWS - *mean * *mean);
}

/* 5 errors of a mean and of a variance: a false alarm in a million. */
static void check_moments(double mean, double variance, double expected, double expected_variance)
{
    ck_assert_double_eq_tol(mean, expected, 5.0 * sqrt(expected_variance / N / DRAWS) + 1e-14);
    ck_assert_double_eq_tol(variance, expected_variance,
                            5.0 * sqrt(2.0 / DRAWS) * expected_variance + 1e-14);
}

/* Draws before the first sweep have the mean and variance of the start's law; the other ways are to
 * both sides of it, as far in the mean as 2/sqrt(N) of its deviation, of a draw of their own. */
START_TEST(test_start)
{
    begin(0.3, 0.4, 0.5);
    draw();
    for (size_t mu = 0; mu < K; mu++) {
        double expected = 0.0, spread = 0.0, mean, variance;
        for (size_t i = 0; i < N; i++) {
            const double s = ph_start_spin(&point, row_of(i));
            expected += row_of(i)[mu] * s / N;
            spread += row_of(i)[mu] * row_of(i)[mu] * (1.0 - s * s) / N;
        }
        moments(PH_CLOUD_PLAIN, -1, 0, mu, &mean, &variance);
        check_moments(mean, variance, expected, spread);
        moments(PH_CLOUD_MOVED, PH_CLOUD_PLAIN, 0, mu, &mean, &variance);
        check_moments(mean, variance, 0.0, spread * 4.0 / N);
    }
    for (uint32_t d = 0; d < 20; d++) {
        double m[PH_CLOUD_WAYS][K];
        for (int way = 0; way < PH_CLOUD_WAYS; way++)
            ph_cloud_follow(&cloud, 0, d, (ph_cloud_way_t)way, 0, m[way]);
        for (size_t mu = 0; mu < K; mu++)
            ck_assert_double_eq_tol(m[PH_CLOUD_MOVED][mu] + m[PH_CLOUD_OPPOSITE][mu],
                                    2.0 * m[PH_CLOUD_PLAIN][mu], 1e-14);
    }
    end();
}
END_TEST

/* A draw is the same whatever was drawn before it; another number, or sample, is another draw. */
START_TEST(test_pure)
{
    double first[K], again[K], next[K], other[K];
    begin(0.2, 0.5, 0.6);
    draw();
    ph_cloud_follow(&cloud, 2, 7, PH_CLOUD_MOVED, 3, first);
    ph_cloud_follow(&cloud, 2, 8, PH_CLOUD_MOVED, 3, next);
    ck_assert_double_ne(first[0], next[0]);
    ph_cloud_follow(&cloud, 3, 7, PH_CLOUD_OPPOSITE, 1, other);
    ph_cloud_settle(&cloud, other);
    ph_cloud_follow(&cloud, 2, 7, PH_CLOUD_MOVED, 3, again);
    ck_assert(first[0] == again[0] && first[1] == again[1]);
    ph_cloud_follow(&cloud, 3, 7, PH_CLOUD_MOVED, 3, other);
    ck_assert(first[0] != other[0] && next[0] != other[0]);
    end();
}
END_TEST

/* All spins at once: m <- F(m), to rounding, with no noise beside it. */
START_TEST(test_parallel)
{
    static const ph_sampler_id_t SAMPLERS[] = {PH_SAMPLER_LITTLE, PH_SAMPLER_BLOCK_GIBBS};
    for (size_t s = 0; s < 2; s++)
        for (int cold = 0; cold < 2; cold++) {
            double m[K], found[K];
            begin(0.0, cold ? 0.0 : 0.6, 0.0);
            point.sampler = SAMPLERS[s];
            draw();
            archetype(m);
            for (uint64_t t = 0; t < 5; t++) {
                ph_cloud_follow(&cloud, 0, 0, PH_CLOUD_PLAIN, t, found);
                for (size_t mu = 0; mu < K; mu++)
                    ck_assert_double_eq_tol(found[mu], m[mu], 1e-12);
                map(m, m);
            }
            end();
        }
}
END_TEST

/* dm/dt = F(m) - m, or within a sweep that every neuron is in once F(m) - m at its beginning: small
 * steps by Euler's rule, extrapolated, which five steps of a sweep come near to. */
static void integrate(bool permuted, uint64_t sweeps, double *m)
{
    double results[2][K];
    for (int fine = 0; fine < 2; fine++) {
        const int steps = fine ? 200 : 100;
        double now[K], begun[K], there[K];
        archetype(now);
        for (uint64_t t = 0; t < sweeps; t++) {
            memcpy(begun, now, sizeof(begun));
            for (int i = 0; i < steps; i++) {
                map(now, there);
                for (size_t mu = 0; mu < K; mu++)
                    now[mu] += (there[mu] - (permuted ? begun[mu] : now[mu])) / steps;
            }
        }
        memcpy(results[fine], now, sizeof(now));
    }
    for (size_t mu = 0; mu < K; mu++)
        m[mu] = 2.0 * results[1][mu] - results[0][mu];
}

START_TEST(test_sites)
{
    for (int permuted = 0; permuted < 2; permuted++) {
        double m[K], found[K], next[K];
        begin(0.0, 0.8, 0.0);
        point.order = permuted ? PH_ORDER_PERMUTED : PH_ORDER_RANDOM;
        draw();
        for (uint64_t sweeps = 1; sweeps <= 2; sweeps++) {
            integrate(permuted != 0, sweeps, m);
            ph_cloud_follow(&cloud, 0, 0, PH_CLOUD_PLAIN, sweeps, found);
            for (size_t mu = 0; mu < K; mu++)
                ck_assert_double_eq_tol(found[mu], m[mu], 2e-3);
        }
        ph_cloud_follow(&cloud, 0, 0, PH_CLOUD_PLAIN, 100, found);
        map(found, next); /* at rest it is at rest to rounding */
        for (size_t mu = 0; mu < K; mu++)
            ck_assert_double_eq_tol(found[mu], next[mu], 1e-10);
        end();
    }
}
END_TEST

/* Neuron by neuron in their order, each in the field of all others as they are then. */
START_TEST(test_in_order)
{
    begin(0.0, 0.7, 0.0);
    point.order = PH_ORDER_SEQUENTIAL;
    draw();
    double m[K], found[K], spin[N];
    archetype(m);
    for (size_t i = 0; i < N; i++)
        spin[i] = row_of(i)[0];
    for (uint64_t t = 0; t < 3; t++) {
        ph_cloud_follow(&cloud, 0, 0, PH_CLOUD_PLAIN, t, found);
        for (size_t mu = 0; mu < K; mu++)
            ck_assert_double_eq_tol(found[mu], m[mu], 1e-12);
        for (size_t i = 0; i < N; i++) {
            const double now = tanh(field(row_of(i), m) / point.noise);
            for (size_t mu = 0; mu < K; mu++)
                m[mu] += row_of(i)[mu] * (now - spin[i]) / N;
            spin[i] = now;
        }
    }
    end();
}
END_TEST

/* The noise of one sweep of all spins at once is that of independent spins; that of hidden units,
 * of variance T/(N w), is added to it through the slope of F. */
START_TEST(test_noise)
{
    for (int hidden = 0; hidden < 2; hidden++) {
        double m[K], mean, variance, expected = 0.0, slope[K] = {0};
        begin(0.0, 0.6, 0.0);
        point.sampler = hidden ? PH_SAMPLER_BLOCK_GIBBS : PH_SAMPLER_LITTLE;
        draw();
        archetype(m);
        for (size_t i = 0; i < N; i++) {
            const double t = tanh(field(row_of(i), m) / point.noise);
            expected += (1.0 - t * t) / N;
            for (size_t nu = 0; nu < K; nu++)
                slope[nu] += row_of(i)[0] * row_of(i)[nu] * (1.0 - t * t) / point.noise / N;
        }
        for (size_t nu = 0; hidden && nu < K; nu++)
            expected += slope[nu] * slope[nu] * point.noise;
        moments(PH_CLOUD_MOVED, PH_CLOUD_PLAIN, 1, 0, &mean, &variance);
        ck_assert_double_eq_tol(mean, 0.0, 5.0 * sqrt(expected / N / DRAWS) + (hidden ? 2e-3 : 0));
        ck_assert_double_eq_tol(variance, expected, (hidden ? 0.2 : 0.16) * expected);
        end();
    }
}
END_TEST

/* In random order the noise, 1.2 times that of the dynamics, and the way back to no order balance
 * at 1.2^2 times a variance of 1/(1 - 1/T) of one pattern, within what five steps a sweep and the
 * other pattern leave of that. */
START_TEST(test_balance)
{
    double mean, variance;
    begin(0.0, 3.0, 0.0);
    point.start = PH_START_RANDOM;
    draw();
    moments(PH_CLOUD_MOVED, -1, 8, 0, &mean, &variance);
    ck_assert_double_eq_tol(mean, 0.0, 0.006);
    ck_assert_double_eq_tol(variance, 1.44 * 1.5, 0.35);
    end();
}
END_TEST

/* What counts as one well is where F leads to: at rest there, the same again, and its mirror image
 * of the mirror image; from nowhere to nowhere. */
START_TEST(test_settle)
{
    static const double FROM[][K] = {{0.9, 0.1}, {0.2, 0.7}, {0.4, 0.3}, {0.0, 0.0}};
    for (int cold = 0; cold < 2; cold++) {
        begin(0.3, cold ? 0.0 : 0.35, 0.0);
        draw();
        for (size_t i = 0; i < sizeof(FROM) / sizeof(FROM[0]); i++) {
            double m[K], far[K], turned[K], again[K];
            for (size_t mu = 0; mu < K; mu++) {
                m[mu] = far[mu] = FROM[i][mu];
                turned[mu] = -m[mu];
            }
            ph_cloud_settle(&cloud, m);
            for (int step = 0; step < 400; step++)
                map(far, far);
            memcpy(again, m, sizeof(m));
            ph_cloud_settle(&cloud, again);
            ph_cloud_settle(&cloud, turned);
            for (size_t mu = 0; mu < K; mu++) {
                ck_assert_double_eq_tol(m[mu], far[mu], 1e-5);
                ck_assert_double_eq_tol(again[mu], m[mu], 1e-6);
                ck_assert_double_eq_tol(turned[mu], -m[mu], 1e-12);
            }
        }
        end();
    }
}
END_TEST

/* From between two wells a chain moved a little, one way and the other, is in both; moved by
 * nothing it stays. Well inside of one it is there all three times; every chain moves its own way.
 */
START_TEST(test_settle_beside)
{
    double m[PH_CLOUD_WAYS][K];
    size_t up = 0;
    begin(0.1, 0.5, 0.0);
    draw();
    for (uint32_t chain = 0; chain < 32; chain++) {
        for (int way = 0; way < PH_CLOUD_WAYS; way++) {
            memset(m[way], 0, sizeof(m[way]));
            ph_cloud_settle_beside(&cloud, chain, (ph_cloud_way_t)way, m[way]);
        }
        for (size_t mu = 0; mu < K; mu++) {
            ck_assert_double_eq(m[PH_CLOUD_PLAIN][mu], 0.0);
            ck_assert_double_eq_tol(m[PH_CLOUD_MOVED][mu], -m[PH_CLOUD_OPPOSITE][mu], 1e-6);
        }
        ck_assert_double_gt(hypot(m[PH_CLOUD_MOVED][0], m[PH_CLOUD_MOVED][1]), 0.5);
        up += m[PH_CLOUD_MOVED][0] + m[PH_CLOUD_MOVED][1] > 0.0;
        for (int way = 0; way < PH_CLOUD_WAYS; way++) {
            m[way][0] = 0.8;
            m[way][1] = 0.1;
            ph_cloud_settle_beside(&cloud, chain, (ph_cloud_way_t)way, m[way]);
            ck_assert_double_eq_tol(m[way][0], m[0][0], 1e-5);
        }
    }
    ck_assert(up > 4 && up < 28);
    end();
}
END_TEST

/* Of learned patterns the overlaps begun with are those of a state in which a neuron's mean spin is
 * the sum of its entries times the magnetizations: sums over all neurons. */
START_TEST(test_learned)
{
    enum { EXAMPLES = 3 };
    point = network_learning(PH_RULE_SUPERVISED, K, 0.3, 0.7, EXAMPLES, 0.5);
    point.neurons = N;
    point.start = PH_START_ARCHETYPE;
    point.start_pattern = 1;
    draw();
    ck_assert_uint_eq(cloud.patterns, K);
    ck_assert_uint_eq(net.classes.size, (size_t)sample.coupling.features + K);
    for (size_t a = 0; a < net.classes.size; a++)
        for (size_t mu = 0; mu < K; mu++) {
            double expected = 0.0, present = 0.0;
            for (size_t i = 0; i < N; i++) {
                const double entry = row_of(i)[mu];
                const size_t p = (size_t)sample.coupling.features;
                expected += entry * (a < p ? sample.coupling.phi[i * p + a] : row_of(i)[a - p]);
                present += entry != 0.0;
            }
            ck_assert_double_eq_tol(cloud.lift[a * K + mu], expected / present, 1e-12);
        }
    end();
}
END_TEST

/* The cost grows with each sweep by the same, with the way that sweeps are followed. */
START_TEST(test_cost)
{
    double each[3];
    static const ph_order_t ORDERS[] = {PH_ORDER_RANDOM, PH_ORDER_SEQUENTIAL, PH_ORDER_RANDOM};
    for (size_t i = 0; i < 3; i++) {
        begin(0.3, 0.4, 0.0);
        point.order = ORDERS[i];
        point.sampler = i == 2 ? PH_SAMPLER_LITTLE : PH_SAMPLER_GLAUBER;
        draw();
        each[i] = ph_cloud_cost(&cloud, 1) - ph_cloud_cost(&cloud, 0);
        ck_assert_double_gt(ph_cloud_cost(&cloud, 0), 0.0);
        ck_assert_double_eq_tol(ph_cloud_cost(&cloud, 9) - ph_cloud_cost(&cloud, 2), 7.0 * each[i],
                                1e-6 * each[i]);
        ck_assert_uint_eq(cloud.rows, i == 1 ? N : net.classes.count);
        each[i] /= (double)cloud.rows;
        end();
    }
    ck_assert_double_eq_tol(each[0], 10.0 * each[2], 1e-9 * each[0]);
    ck_assert_double_eq_tol(each[1], each[2], 1e-9 * each[1]);
}
END_TEST

PH_TEST_MAIN("compare_cloud", test_start, test_pure, test_parallel, test_sites, test_in_order,
             test_noise, test_balance, test_settle, test_settle_beside, test_learned, test_cost)
