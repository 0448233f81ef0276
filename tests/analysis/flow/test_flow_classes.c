/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Neurons gathered into classes, and their flow, against sums over neurons one by one. */
#include "analysis/flow/classes.h"

#include <math.h>
#include <string.h>

#include "analysis/flow/sites.h"
#include "sim/model/dataset.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

static ph_point_t point;
static ph_patterns_t patterns;
static ph_coupling_t coupling;
static ph_flow_classes_t classes;

static void begin(const ph_point_t *given, uint64_t seed)
{
    point = *given;
    ck_assert_int_eq(ph_patterns_draw(&patterns, &point, seed, 0), PH_OK);
    ck_assert_int_eq(ph_coupling_init(&coupling, &point, &patterns), PH_OK);
    ck_assert_int_eq(ph_flow_classes_sample(&classes, &point, &coupling, &patterns), PH_OK);
}

static void end(void)
{
    ph_flow_classes_free(&classes);
    ph_coupling_free(&coupling);
    ph_patterns_free(&patterns);
}

/* An entry of neuron i in overlap a: features, then archetypes. */
static int entry(size_t i, size_t a)
{
    const size_t features = (size_t)coupling.features;
    return a < features ? coupling.phi[i * features + a]
                        : patterns.entries[i * (size_t)patterns.patterns + a - features];
}

/* Every neuron is one of its class or the opposite of one, with the spin it starts with; classes
 * are different, as large as their share says, and there are no more than (3^K + 1)/2. */
START_TEST(test_sample)
{
    const double dilution[] = {0.3, 0.5, 0.4};
    ph_point_t given = network_point(400, 3, dilution, 0.2);
    begin(&given, 3);
    const ph_classes_t *all = &classes.classes;
    double sum = 0.0, share[14] = {0}, not_blank[3] = {0};
    ck_assert_uint_le(all->count, 14);
    ck_assert_uint_eq(all->size, 3);
    ck_assert_uint_eq(all->sites, 400);
    for (size_t i = 0; i < 400; i++) {
        const size_t c = all->site[i];
        int sign = 0, first = 0;
        ck_assert_uint_lt(c, all->count);
        share[c] += 1.0 / 400;
        for (size_t mu = 0; mu < 3; mu++) {
            const int xi = entry(i, mu);
            if (sign == 0 && xi != 0)
                sign = xi * (int)all->phi[c * 3 + mu];
            first = first == 0 ? xi : first;
            ck_assert_double_eq(all->phi[c * 3 + mu] * sign, xi);
            not_blank[mu] += xi != 0 ? 1.0 / 400 : 0.0;
        }
        ck_assert_double_eq(all->start[c] * sign, first); /* hierarchical; 0: a coin */
    }
    for (size_t c = 0; c < all->count; c++) {
        ck_assert_double_eq_tol(all->share[c], share[c], 1e-12);
        sum += all->share[c];
        for (size_t other = 0; other < c; other++) {
            double same = 0.0, opposite = 0.0;
            for (size_t mu = 0; mu < 3; mu++) {
                same += fabs(all->phi[c * 3 + mu] - all->phi[other * 3 + mu]);
                opposite += fabs(all->phi[c * 3 + mu] + all->phi[other * 3 + mu]);
            }
            ck_assert(same > 0.0 && opposite > 0.0);
        }
    }
    ck_assert_double_eq_tol(sum, 1.0, 1e-12);
    for (size_t mu = 0; mu < 3; mu++)
        ck_assert_double_eq_tol(classes.not_blank[mu], not_blank[mu], 1e-12);
    end();
}
END_TEST

/* F(o) of the classes against (1/N) sum_i phi_i tanh(h_i/T), rule by rule, with noise and without;
 * archetypes are followed beside learned features, and make no field. */
START_TEST(test_map)
{
    static const ph_rule_t RULES[] = {PH_RULE_STORAGE, PH_RULE_SUPERVISED, PH_RULE_UNSUPERVISED};
    for (size_t r = 0; r < 3; r++)
        for (int cold = 0; cold < 2; cold++) {
            ph_point_t given = network_learning(RULES[r], 2, 0.3, 0.6, 3, cold ? 0.0 : 0.4);
            double o[8], out[8], start[8], wanted[8] = {0};
            given.neurons = 150;
            begin(&given, 5);
            const size_t features = (size_t)coupling.features;
            const ph_flow_system_t system = ph_flow_classes_system(&classes, start);
            ck_assert_uint_eq(system.size, r == 0 ? 2 : features + 2);
            ck_assert_uint_eq(classes.classes.features, features);
            for (size_t a = 0; a < system.size; a++)
                o[a] = 0.3 - 0.11 * (double)a;
            ck_assert_int_eq(system.map(system.context, o, out), PH_OK);
            for (size_t i = 0; i < 150; i++) {
                double h = 0.0;
                for (size_t p = 0; p < features; p++)
                    h += coupling.weights[p] * o[p] * entry(i, p);
                const double spin = cold ? (h > 1e-12) - (h < -1e-12) : tanh(h / 0.4);
                for (size_t a = 0; a < system.size; a++)
                    wanted[a] += entry(i, a) * spin / 150;
            }
            for (size_t a = 0; a < system.size; a++)
                ck_assert_double_eq_tol(out[a], wanted[a], 1e-12);
            end();
        }
}
END_TEST

/* A start in an example has overlap 1 with it where no neuron is blank, and with the others what
 * the sample's own examples have with each other. */
START_TEST(test_example_start)
{
    ph_point_t given = network_learning(PH_RULE_UNSUPERVISED, 2, 0.0, 0.6, 3, 0.4);
    double start[8];
    given.neurons = 200;
    given.start = PH_START_EXAMPLE;
    given.start_pattern = 2;
    given.start_example = 3;
    begin(&given, 6);
    ph_flow_classes_system(&classes, start);
    ck_assert_double_eq_tol(start[5], 1.0, 1e-12); /* pattern 2, example 3 of 3 */
    for (size_t a = 0; a < 8; a++) {
        double sum = 0.0;
        for (size_t i = 0; i < 200; i++)
            sum += entry(i, a) * entry(i, 5) / 200.0;
        ck_assert_double_eq_tol(start[a], sum, 1e-12);
    }
    end();
}
END_TEST

/* As many features and patterns as are said, and not one more. */
START_TEST(test_limit)
{
    ph_point_t given =
        network_learning(PH_RULE_UNSUPERVISED, 1, 0.0, 0.6, PH_FLOW_ENTRIES_MAX - 1, 0.4);
    given.neurons = 1;
    begin(&given, 3);
    ck_assert_uint_eq(classes.classes.size, PH_FLOW_ENTRIES_MAX);
    end();
    given = network_learning(PH_RULE_UNSUPERVISED, 1, 0.0, 0.6, PH_FLOW_ENTRIES_MAX, 0.4);
    given.neurons = 1;
    ck_assert_int_eq(ph_flow_classes_draw(&classes, &given, 3, 0), PH_ERR_LIMIT);
    ph_flow_classes_free(&classes);
}
END_TEST

/* A sample drawn is the one of its seed and number; another has other neurons. */
START_TEST(test_draw)
{
    const ph_point_t given = network_uniform(100, 2, 0.4, 0.2);
    ph_flow_classes_t drawn, other;
    begin(&given, 8);
    ck_assert_int_eq(ph_flow_classes_draw(&drawn, &given, 8, 0), PH_OK);
    ck_assert_int_eq(ph_flow_classes_draw(&other, &given, 8, 1), PH_OK);
    ck_assert_uint_eq(drawn.classes.count, classes.classes.count);
    ck_assert_mem_eq(drawn.site, classes.site, 100 * sizeof(*drawn.site));
    ck_assert_mem_eq(drawn.share, classes.share, classes.classes.count * sizeof(double));
    ck_assert_mem_ne(other.site, classes.site, 100 * sizeof(*other.site));
    ck_assert_double_eq(drawn.noise, 0.2);
    ph_flow_classes_free(&other);
    ph_flow_classes_free(&drawn);
    ck_assert(drawn.site == NULL && drawn.phi == NULL);
    end();
}
END_TEST

/* The population: every row once, as likely as it is; the hierarchical start and F of all 27 rows.
 */
START_TEST(test_population)
{
    const double dilution[] = {0.3, 0.3, 0.3}, o[] = {0.5, -0.2, 0.3};
    const ph_point_t given = network_point(1, 3, dilution, 0.25);
    double start[3], out[3], wanted[3] = {0}, sum = 0.0;
    ck_assert_int_eq(ph_flow_classes_population(&classes, &given), PH_OK);
    ck_assert_uint_eq(classes.classes.count, 14);
    ck_assert_ptr_null(classes.classes.site);
    for (size_t c = 0; c < 14; c++)
        sum += classes.share[c];
    ck_assert_double_eq_tol(sum, 1.0, 1e-14);
    const ph_flow_system_t system = ph_flow_classes_system(&classes, start);
    ck_assert_int_eq(system.map(system.context, o, out), PH_OK);
    for (int code = 0; code < 27; code++) {
        const int row[] = {code % 3 - 1, code / 3 % 3 - 1, code / 9 - 1};
        double p = 1.0, h = 0.0;
        for (int mu = 0; mu < 3; mu++) {
            p *= row[mu] == 0 ? 0.3 : 0.35;
            h += row[mu] * o[mu];
        }
        for (int mu = 0; mu < 3; mu++)
            wanted[mu] += p * row[mu] * tanh(h / 0.25);
    }
    for (int mu = 0; mu < 3; mu++) {
        ck_assert_double_eq_tol(start[mu], 0.7 * pow(0.3, mu), 1e-14);
        ck_assert_double_eq_tol(out[mu], wanted[mu], 1e-14);
        ck_assert_double_eq_tol(classes.not_blank[mu], 0.7, 1e-15);
    }
    ph_flow_classes_free(&classes);
}
END_TEST

/* Paths by law: one pattern without noise runs straight in random order; in parallel F is repeated;
 * in the sequential order of a sample it is that of its sites. */
START_TEST(test_path)
{
    const uint64_t time[] = {0, 1, 2, 5};
    ph_point_t given = network_uniform(1, 1, 0.3, 0.0);
    double path[8], sites[8], o[2], next[2];
    ph_flow_end_t done;
    given.start = PH_START_CORRUPTED;
    given.start_pattern = 1;
    given.start_overlap = 0.2;
    ck_assert_int_eq(ph_flow_classes_population(&classes, &given), PH_OK);
    ck_assert_int_eq(ph_flow_classes_path(&classes, PH_FLOW_RANDOM, 4, time, path, &done), PH_OK);
    ck_assert(done.complete);
    for (size_t k = 0; k < 4; k++)
        ck_assert_double_eq_tol(path[k], 0.7 * (1 - 0.8 * exp(-(double)time[k])), 1e-9);
    ph_flow_classes_free(&classes);

    given = network_uniform(120, 2, 0.3, 0.5);
    begin(&given, 9);
    const ph_flow_system_t system = ph_flow_classes_system(&classes, o);
    ck_assert_int_eq(ph_flow_classes_path(&classes, PH_FLOW_PARALLEL, 4, time, path, &done), PH_OK);
    for (uint64_t t = 0, k = 0; t <= 5; t++) {
        if (t == time[k]) {
            ck_assert_double_eq_tol(path[2 * k], o[0], 1e-13);
            ck_assert_double_eq_tol(path[2 * k + 1], o[1], 1e-13);
            k++;
        }
        ck_assert_int_eq(system.map(system.context, o, next), PH_OK);
        memcpy(o, next, sizeof(o));
    }
    ck_assert_int_eq(ph_flow_classes_path(&classes, PH_FLOW_SEQUENTIAL, 4, time, path, &done),
                     PH_OK);
    ck_assert_int_eq(ph_flow_sites(&classes.classes, 0.5, 4, time, sites, &done), PH_OK);
    ck_assert_mem_eq(path, sites, sizeof(sites));
    end();
}
END_TEST

PH_TEST_MAIN("flow_classes", test_sample, test_map, test_example_start, test_limit, test_draw,
             test_population, test_path)
