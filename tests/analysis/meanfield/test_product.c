/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What averages over neurons are made of: spins, laws of one pattern, sums over rows, matrices. */
#include <math.h>
#include <string.h>

#include "analysis/meanfield/meanfield_private.h"
#include "analysis/meanfield/spin_vector.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

/* tanh(h/T), its slope by differences, T log 2 cosh(h/T), as they are and where cosh overflows; the
 * sign where there is no noise, none within the tie. */
START_TEST(test_spin)
{
    const double noises[] = {0.01, 0.3, 2.0}, step = 1e-6;
    for (int t = 0; t < 3; t++)
        for (int k = -8; k <= 8; k++) {
            const double noise = noises[t], at = 0.37 * k * noise;
            double h[] = {at, at + step * noise, at - step * noise}, slope[3];
            ph_spin_means(h, slope, 3, noise, 0.0);
            ck_assert_double_eq_tol(h[0], tanh(at / noise), 1e-15);
            ck_assert_double_eq_tol(slope[0] * noise, (h[1] - h[2]) / (2.0 * step), 1e-9);
            ck_assert_double_eq_tol(ph_log_two_cosh(at, noise), noise * log(2 * cosh(at / noise)),
                                    1e-14);
        }
    double far[] = {50.0, -50.0}, steep[2], fields[] = {1e-9, -1e-9, 1e-11, 0.0, 3.0}, flat[5];
    ph_spin_means(far, steep, 2, 1e-3, 0.0);
    ck_assert(far[0] == 1.0 && far[1] == -1.0 && steep[0] == 0.0 && steep[1] == 0.0);
    ck_assert_double_eq(ph_log_two_cosh(-50.0, 1e-3), 50.0);
    ck_assert_double_eq(ph_log_two_cosh(-0.2, 0.0), 0.2);
    ph_spin_means(fields, flat, 5, 0.0, 1e-10);
    const double signs[] = {1.0, -1.0, 0.0, 0.0, 1.0};
    for (int i = 0; i < 5; i++)
        ck_assert(fields[i] == signs[i] && flat[i] == 0.0);
    ph_spin_means(fields, NULL, 5, 0.5, 0.0); /* slopes may not be wanted */
    ck_assert_double_eq_tol(fields[0], tanh(2.0), 1e-15);
}
END_TEST

/* As with tanh, log and exp of the library at any field and any number of fields; NaN and infinity
 * as they are; the same bits in the registers of every processor as in those of this one. */
START_TEST(test_spins_together)
{
    enum { MOST = 23 };
    for (int round = 0; round < 400; round++)
        for (size_t count = 1; count <= MOST; count += 1 + (size_t)(round % 7)) {
            const double noise = pow(10.0, 0.01 * round - 3.0);
            double h[MOST + 1], slope[MOST + 1], log[MOST + 1], at[MOST];
            for (size_t i = 0; i < count; i++)
                h[i] = at[i] = noise * (sin(7.0 * round + 3.0 * (double)i) * pow(1.3, (double)i));
            h[count] = slope[count] = log[count] = -7.0;
            ph_spin_logs(h, count, noise, log);
            ph_spin_means(h, slope, count, noise, 0.0);
            ck_assert(h[count] == -7.0 && slope[count] == -7.0 && log[count] == -7.0);
            for (size_t i = 0; i < count; i++) {
                const double t = tanh(at[i] / noise), cosh_1 = 1.0 / cosh(at[i] / noise);
                ck_assert_double_eq_tol(h[i], t, 1e-15);
                ck_assert_double_eq_tol(slope[i] * noise, cosh_1 * cosh_1, 2e-15);
                ck_assert_double_eq_tol(log[i] / noise, ph_log_two_cosh(at[i], noise) / noise,
                                        2e-15 * (1.0 + fabs(at[i] / noise)));
                ph_real4_t x = {2.0 / noise * fabs(at[i])}, decay;
                ph_real4_decay(&x, &decay);
                ck_assert_double_eq(h[i],
                                    copysign((1.0 - decay[0]) * (1.0 / (1.0 + decay[0])), at[i]));
            }
        }
    double odd[] = {NAN, INFINITY, -INFINITY, -0.0, 701.0}, slope[5], log[5];
    ph_spin_logs(odd, 5, 1.0, log);
    ph_spin_means(odd, slope, 5, 1.0, 0.0);
    ck_assert(isnan(odd[0]) && isnan(slope[0]) && isnan(log[0]));
    ck_assert(odd[1] == 1.0 && odd[2] == -1.0 && slope[1] == 0.0 && isinf(log[1]));
    ck_assert(odd[3] == 0.0 && signbit(odd[3]) && slope[3] == 1.0 && log[4] == 701.0);
    ph_spin_logs(odd + 1, 2, 0.0, log);
    ck_assert(log[0] == 1.0 && log[1] == 1.0);
}
END_TEST

/* Successes of many trials: against products of factorials, with nothing left over at p = 0 and 1;
 * 3000 of them, of which single probabilities are below the least double. */
START_TEST(test_binomial)
{
    const double chances[] = {0.0, 0.02, 0.5, 0.83, 1.0};
    static double out[3001];
    for (int c = 0; c < 5; c++)
        for (size_t count = 0; count <= 12; count++) {
            const double p = chances[c], n = (double)count;
            ph_binomial(count, p, out);
            for (size_t k = 0; k <= count; k++) {
                const double j = (double)k;
                const double ways = exp(lgamma(n + 1) - lgamma(j + 1) - lgamma(n - j + 1));
                ck_assert_double_eq_tol(out[k], ways * pow(p, j) * pow(1 - p, n - j), 1e-13);
            }
        }
    double sum = 0.0, mean = 0.0, square = 0.0;
    ph_binomial(3000, 0.9, out);
    for (int k = 0; k <= 3000; k++) {
        sum += out[k];
        mean += k * out[k];
        square += (k - 2700.0) * (k - 2700.0) * out[k];
    }
    ck_assert_double_eq_tol(sum, 1.0, 1e-12);
    ck_assert_double_eq_tol(mean, 2700.0, 1e-8);
    ck_assert_double_eq_tol(square, 270.0, 1e-8);
}
END_TEST

/* Moments of the mean feature of one pattern, phi = S/(M r): E phi^2 = (1 - d)(1 + rho) + d rho_0,
 * E xi phi = 1 - d, exact and in the Gaussian limit, where what phi has beyond xi is variance. */
START_TEST(test_local)
{
    const ph_example_law_t law = {0.3, 6, 0.4, 0.8};
    const double rho = (1 - 0.16) / (6 * 0.16), blank = 0.2 / (6 * 0.16);
    for (int gaussian = 0; gaussian < 2; gaussian++)
        for (int64_t members = 1; members <= 3; members++) {
            ph_local_t local;
            double sum = 0.0, square = 0.0, mixed = 0.0, mean = 0.0;
            ck_assert_int_eq(gaussian ? ph_local_gaussian(&local, &law, members)
                                      : ph_local_exact(&local, &law, members),
                             PH_OK);
            ck_assert_int_eq(local.members, members);
            for (size_t j = 0; j < local.count; j++) {
                const double p = local.probability[j];
                sum += p;
                mean += p * local.phi[j];
                square += p * (local.phi[j] * local.phi[j] + local.variance[j]);
                mixed += p * local.xi[j] * local.phi[j];
            }
            ck_assert_double_eq_tol(sum, 1.0, 1e-13);
            ck_assert_double_eq_tol(mean, 0.0, 1e-13);
            /* Members are independent: the mean of a group varies that much less. */
            ck_assert_double_eq_tol(square * (double)members, 0.7 * (1 + rho) + 0.3 * blank, 1e-12);
            ck_assert_double_eq_tol(mixed * (double)members, 0.7, 1e-12);
            ck_assert_ptr_eq(ph_local_channel(&local, PH_CHANNEL_PHI), local.phi);
            ck_assert_ptr_eq(ph_local_channel(&local, PH_CHANNEL_XI), local.xi);
            ck_assert_ptr_eq(ph_local_channel(&local, PH_CHANNEL_VARIANCE), local.variance);
            ck_assert_ptr_eq(ph_local_channel(&local, PH_CHANNEL_PAIR), local.pair);
            ck_assert_ptr_eq(ph_local_channel(&local, PH_CHANNEL_EXAMPLE), local.example);
            ph_local_halve(&local);
            double half = 0.0, kept = 0.0;
            for (size_t j = 0; j < local.count; j++) {
                ck_assert_double_ge(local.phi[j], 0.0);
                half += local.probability[j];
                kept += local.probability[j] * local.xi[j] * local.phi[j];
            }
            ck_assert_double_eq_tol(half, 1.0, 1e-13);
            ck_assert_double_eq_tol(kept, mixed, 1e-13);
            ph_local_free(&local);
        }
}
END_TEST

/* Averages over a product law, component by component, against its rows one by one. */
START_TEST(test_rows)
{
    enum { MOST = 2000 };
    static double values[MOST], again[MOST], h[MOST], phi[MOST][3], xi[MOST][3], p[MOST];
    const double n[] = {0.5, -0.3, 0.2};
    const ph_channel_t channels[] = {PH_CHANNEL_PHI, PH_CHANNEL_XI};
    double means[2][3], wanted[2][3] = {{0}}, mean = 0.0;
    double *const out[] = {means[0], means[1]};
    const ph_point_t point = network_learning(PH_RULE_SUPERVISED, 3, 0.4, 0.5, 3, 0.3);
    ph_meanfield_t problem;
    network_population(&problem, &point);
    ck_assert_int_eq(problem.law, PH_NEURON_EXACT);
    ck_assert_uint_le(problem.count, MOST);
    ph_product_fields(&problem, n, false, h);
    for (size_t i = 0; i < problem.count; i++) {
        double field = 0.0;
        p[i] = ph_meanfield_row(&problem, i, phi[i], xi[i]);
        values[i] = again[i] = cos((double)i); /* anything */
        mean += p[i] * values[i];
        for (size_t mu = 0; mu < 3; mu++) {
            field += problem.weights[mu] * n[mu] * phi[i][mu];
            wanted[0][mu] += p[i] * values[i] * phi[i][mu];
            wanted[1][mu] += p[i] * values[i] * xi[i][mu];
        }
        ck_assert_double_eq_tol(h[i], field, 1e-14);
    }
    ph_product_means(&problem, values, 2, channels, out);
    for (size_t mu = 0; mu < 3; mu++) {
        ck_assert_double_eq_tol(means[0][mu], wanted[0][mu], 1e-13);
        ck_assert_double_eq_tol(means[1][mu], wanted[1][mu], 1e-13);
    }
    ck_assert_double_eq_tol(ph_product_mean(&problem, again), mean, 1e-13);
    size_t size;
    double sum = 0.0;
    const double *prefix = ph_product_prefix(&problem, &size);
    ck_assert_uint_eq(size * problem.local[2].count, problem.count);
    for (size_t i = 0; i < size; i++) {
        ck_assert_double_eq_tol(prefix[i] * problem.local[2].probability[0], p[i], 1e-15);
        sum += prefix[i];
    }
    ck_assert_double_eq_tol(sum, 1.0, 1e-13);
    ph_meanfield_free(&problem);
}
END_TEST

/* Sums of products, of odd and even length, and a component summed out, in place too. */
START_TEST(test_contract)
{
    const double a[] = {1, -2, 3, 4, 0.5}, b[] = {2, 5, -1, 3, 8},
                 products[] = {0, 2, -8, -11, 1, 5};
    for (size_t size = 0; size <= 5; size++)
        ck_assert_double_eq_tol(ph_product_dot(a, b, size), products[size], 1e-14);
    double values[] = {1, 2, 3, 10, 20, 30}, out[3];
    const double factors[] = {2, -1}, others[] = {3, 0.5};
    ph_product_contract(factors, NULL, 2, 3, values, out);
    for (int i = 0; i < 3; i++)
        ck_assert_double_eq(out[i], 2.0 * (i + 1) - 10.0 * (i + 1));
    ph_product_contract(factors, others, 2, 3, values, values);
    for (int i = 0; i < 3; i++)
        ck_assert_double_eq(values[i], 6.0 * (i + 1) - 5.0 * (i + 1));
}
END_TEST

/* Newton's step solves (1 - dF/dn) step = r with the Jacobian of the stability matrix, 1 - S^-1 A S
 * by the definition; a feature of no weight keeps r; a singular matrix is refused. */
START_TEST(test_newton)
{
    const double stability[9] = {0.8, -0.2, 0.0, -0.2, 0.5, 0.0, 0.0, 0.0, 1.0};
    const double w[] = {2.0, 0.5, 0.0}, r[] = {0.3, -0.1, 0.7};
    double matrix[9], step[3];
    memcpy(matrix, stability, sizeof(matrix));
    memcpy(step, r, sizeof(step));
    ck_assert_int_eq(ph_newton_step(matrix, w, 3, step), PH_OK);
    for (int p = 0; p < 2; p++) {
        double sum = 0.0;
        for (int q = 0; q < 2; q++)
            sum += stability[3 * p + q] * sqrt(w[q] / w[p]) * step[q];
        ck_assert_double_eq_tol(sum, r[p], 1e-14);
    }
    ck_assert_double_eq(step[2], r[2]);
    double flat[4] = {1.0, 2.0, 2.0, 4.0}, kept[] = {1.0, 1.0};
    ck_assert_int_eq(ph_newton_step(flat, w, 2, kept), PH_ERR_NUMERIC);
}
END_TEST

/* An inverse is one, of positive definite matrices only; eigenvalues ascend, known ones of a chain:
 * 2
 * - 2 cos(pi k/(n + 1)). */
START_TEST(test_matrices)
{
    enum { SIZE = 6 };
    double chain[SIZE * SIZE] = {0}, inverse[SIZE * SIZE], values[SIZE];
    for (int i = 0; i < SIZE; i++) {
        chain[i * SIZE + i] = 2.0;
        if (i > 0)
            chain[i * SIZE + i - 1] = chain[(i - 1) * SIZE + i] = -1.0;
    }
    memcpy(inverse, chain, sizeof(chain));
    ck_assert_int_eq(ph_matrix_invert(inverse, SIZE), PH_OK);
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            double sum = 0.0;
            for (int k = 0; k < SIZE; k++)
                sum += chain[i * SIZE + k] * inverse[k * SIZE + j];
            ck_assert_double_eq_tol(sum, i == j ? 1.0 : 0.0, 1e-13);
        }
    memcpy(inverse, chain, sizeof(chain));
    ck_assert_int_eq(ph_meanfield_spectrum(chain, SIZE, values), PH_OK);
    for (int k = 0; k < SIZE; k++)
        ck_assert_double_eq_tol(values[k], 2.0 - 2.0 * cos(M_PI * (k + 1) / (SIZE + 1)), 1e-13);
    inverse[0] = -2.0;
    ck_assert_int_eq(ph_matrix_invert(inverse, SIZE), PH_ERR_NUMERIC);
}
END_TEST

/* Every reason of a correction has its word; what is alike; overlaps of mean examples spread over
 * the examples of a sample come back as they were. */
START_TEST(test_small_things)
{
    for (int k = 0; k < PH_CORRECTION_COUNT; k++)
        for (int j = 0; j < k; j++)
            ck_assert_str_ne(ph_correction_text((ph_correction_t)k),
                             ph_correction_text((ph_correction_t)j));
    ck_assert_str_eq(ph_correction_text(PH_CORRECTION_LARGE), "large");
    const double uneven[] = {0.3, 0.3, 0.3}, fidelity[] = {1.0, 1.0, 0.5};
    ph_point_t point = network_learning(PH_RULE_UNSUPERVISED, 3, 0.3, 0.6, 4, 0.2);
    point.dilution = uneven;
    point.blank_fidelity = fidelity;
    ck_assert(ph_point_alike(&point, 0, 1) && !ph_point_alike(&point, 0, 2));
    point.rule = PH_RULE_STORAGE;
    ck_assert(ph_point_alike(&point, 0, 2)); /* stored patterns have no examples */
    point.rule = PH_RULE_UNSUPERVISED;
    point.neurons = 60;
    const double examples[] = {0.5, -0.2, 0.1};
    double n[12], back[3], f;
    network_sample_t sample;
    network_draw(&sample, &point, 3, 0);
    ph_meanfield_spread(&sample.problem, examples, n);
    ph_meanfield_examples(&sample.problem, n, back);
    for (int mu = 0; mu < 3; mu++) {
        ck_assert_double_eq_tol(back[mu], examples[mu], 1e-15);
        for (int a = 1; a < 4; a++)
            ck_assert_double_eq(n[4 * mu + a], n[4 * mu]);
    }
    /* The free energy at n is that of the definition. */
    ph_evaluation_t out = {.free_energy = &f};
    ph_meanfield_evaluate(&sample.problem, n, &out);
    double sum = 0.0;
    for (int p = 0; p < 12; p++)
        sum += 0.5 * sample.coupling.weights[p] * n[p] * n[p];
    for (int i = 0; i < 60; i++) {
        double h = 0.0;
        for (int p = 0; p < 12; p++)
            h += sample.coupling.weights[p] * n[p] * sample.coupling.phi[12 * i + p];
        sum -= 0.2 * log(2 * cosh(h / 0.2)) / 60;
    }
    ck_assert_double_eq_tol(f, sum, 1e-13);
    network_drop(&sample);
}
END_TEST

/* Smooth: with noise, or with Gaussian examples that are not perfect; ties: rows that take part and
 * have no field, which a row of blanks does not. */
START_TEST(test_smooth)
{
    const double equal[] = {0.3, 0.3}, apart[] = {0.5, 0.2};
    const struct {
        double quality, noise;
        ph_average_t average;
        bool smooth;
    } CASES[] = {{0.5, 0.1, PH_AVERAGE_EXACT, true},
                 {0.5, 0.0, PH_AVERAGE_EXACT, false},
                 {0.5, 0.0, PH_AVERAGE_GAUSSIAN, true},
                 {1.0, 0.0, PH_AVERAGE_GAUSSIAN, false}};
    for (size_t c = 0; c < 4; c++) {
        const ph_point_t point =
            network_learning(PH_RULE_SUPERVISED, 2, 0.3, CASES[c].quality, 8, CASES[c].noise);
        ph_meanfield_t problem;
        ck_assert_int_eq(ph_meanfield_init_population(&problem, &point, CASES[c].average, NULL),
                         PH_OK);
        ck_assert(ph_meanfield_smooth(&problem) == CASES[c].smooth);
        ph_meanfield_free(&problem);
    }
    const ph_point_t point = network_uniform(1, 2, 0.3, 0.0);
    ph_meanfield_t problem;
    network_population(&problem, &point);
    ck_assert(ph_meanfield_ties(&problem, equal) && !ph_meanfield_ties(&problem, apart));
    ck_assert_double_eq_tol(ph_field_tie(&problem, apart), PH_MEANFIELD_TIE * 0.7, 1e-25);
    ph_meanfield_free(&problem);
}
END_TEST

PH_TEST_MAIN("product", test_spin, test_spins_together, test_binomial, test_local, test_rows,
             test_contract, test_newton, test_matrices, test_small_things, test_smooth)
