/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list of observables, couplings and the shape of segments, each against its definition. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/model/coupling.h"
#include "sim/model/dataset.h"
#include "sim/model/law.h"
#include "sim/model/moments.h"
#include "sim/model/observables.h"
#include "sim/model/recall.h"
#include "sim/model/segment.h"
#include "tests/params/parse.h"

enum { N = 12, K = 2, RUNGS = 4, EXAMPLES = 3 };

static const ph_grid_t EVERYTHING = {.loss = true,
                                     .example_magnetization = true,
                                     .example_overlaps = EXAMPLES,
                                     .replica_overlap = true,
                                     .flips = true,
                                     .acceptance = true,
                                     .relaxation = true,
                                     .aims = true,
                                     .recall_threshold = 0.5,
                                     .rungs = RUNGS};

/* Each row is at its place, with a name of its own and all that files need. */
START_TEST(rows)
{
    for (int i = 0; i < PH_OBS_COUNT; i++) {
        const ph_observable_t *row = ph_observable((ph_observable_id_t)i);
        ck_assert_int_eq((int)row->id, i);
        ck_assert(row->long_name != NULL && row->unit != NULL && row->measure != NULL);
        ck_assert(row->dims_count <= PH_OBS_DIMS_MAX);
        for (int j = 0; j < i; j++)
            ck_assert_str_ne(ph_observable_name(row->id),
                             ph_observable_name((ph_observable_id_t)j));
        for (size_t d = 1; d < row->dims_count; d++)
            ck_assert_int_ne(row->dims[d], PH_DIM_PATTERN); /* always the first */
    }
}
END_TEST

static const struct {
    ph_observable_id_t id;
    size_t components; /* with K = 5 patterns */
} SIZES[] = {
    {PH_OBS_MAGNETIZATION, 5},
    {PH_OBS_ENERGY, 1},
    {PH_OBS_LOSS, 10},
    {PH_OBS_EXAMPLE_MAGNETIZATION, 5},
    {PH_OBS_EXAMPLE_OVERLAP, 15},
    {PH_OBS_REPLICA_OVERLAP, 1},
    {PH_OBS_FLIPS, 1},
    {PH_OBS_ACCEPTANCE, 1},
    {PH_OBS_RELAXATION, 1},
    {PH_OBS_SWAPS, RUNGS - 1},
    {PH_OBS_ROUND_TRIPS, 1},
    {PH_OBS_RUNG_ENERGY, RUNGS},
    {PH_OBS_RECALL, PH_OUTCOMES},
    {PH_OBS_RECALL_OVERLAP, 1},
    {PH_OBS_RECALL_TARGET, 1},
};

/* Components stand one observable after the other, without gaps, those recorded alone. */
START_TEST(places)
{
    static const ph_grid_t least = {.moments = true};
    const size_t count = sizeof(SIZES) / sizeof(SIZES[0]);
    size_t next = 0;
    ck_assert_uint_eq(count, PH_OBS_COUNT);
    for (size_t i = 0; i < count; i++) {
        ck_assert(ph_observable_recorded(SIZES[i].id, &EVERYTHING));
        ck_assert_uint_eq(ph_observable_components(SIZES[i].id, &EVERYTHING, 5),
                          SIZES[i].components);
        ck_assert_uint_eq(ph_observable_offset(SIZES[i].id, &EVERYTHING, 5), next);
        next += SIZES[i].components;
        ck_assert_int_eq(ph_observable_recorded(SIZES[i].id, &least), i < 2);
    }
    ck_assert_uint_eq(ph_observables_total(&EVERYTHING, 5), next);
    ck_assert_uint_eq(ph_observables_total(&least, 5), 6);
    ck_assert_uint_eq(ph_dimension_length(PH_DIM_PATTERN, &EVERYTHING, 7), 7);
    ck_assert_uint_eq(ph_dimension_length(PH_DIM_SIGN, &EVERYTHING, 7), 2);
    ck_assert_uint_eq(ph_dimension_length(PH_DIM_EXAMPLE, &EVERYTHING, 7), EXAMPLES);
    ck_assert_uint_eq(ph_dimension_length(PH_DIM_RUNG, &EVERYTHING, 7), RUNGS);
    ck_assert_uint_eq(ph_dimension_length(PH_DIM_PAIR, &EVERYTHING, 7), RUNGS - 1);
}
END_TEST

/* A network of each rule with its couplings. */
typedef struct {
    ph_grid_t grid;
    ph_patterns_t patterns;
    ph_coupling_t coupling;
} network_t;

static const char *const NETWORKS[] = {
    "neurons: 12, patterns: 2, dilution: { each: [0.2, 0.5] }",
    "neurons: 12, patterns: 2, dilution: 0.3, normalization: none",
    "neurons: 12, patterns: 2, rule: supervised, dilution: { each: [0.2, 0.5] }, examples: "
    "{ each: [3, 4] }, quality: { each: [0.6, 0.8] }, blank_fidelity: { each: [1, 0.5] }",
    "neurons: 12, patterns: 2, rule: unsupervised, dilution: { each: [0.2, 0.5] }, examples: "
    "{ each: [3, 4] }, quality: { each: [0.6, 0.8] }, blank_fidelity: { each: [1, 0.5] }",
};

enum { NETWORKS_COUNT = sizeof(NETWORKS) / sizeof(NETWORKS[0]) };

static void make(network_t *self, int which)
{
    char text[400];
    snprintf(text, sizeof(text), "network: { %s }\nnoise: 0.5\ndynamics: { sweeps: 1 }\n",
             NETWORKS[which]);
    parse(&self->grid, text);
    const ph_point_t *point = &self->grid.points[0];
    ck_assert_int_eq(ph_patterns_draw(&self->patterns, point, 4, 2), PH_OK);
    ck_assert_int_eq(ph_coupling_init(&self->coupling, point, &self->patterns), PH_OK);
}

static void drop(network_t *self)
{
    ph_coupling_free(&self->coupling);
    ph_patterns_free(&self->patterns);
    ph_grid_free(&self->grid);
}

/* J_ij of a rule from archetypes and examples, i != j. */
static double coupling_of(const network_t *self, int64_t i, int64_t j)
{
    const ph_point_t *point = &self->grid.points[0];
    double sum = 0.0, gains[K];
    ph_coupling_gains(point, gains);
    for (int64_t mu = 0; mu < K; mu++) {
        const double m = point->examples[mu], r = point->quality[mu];
        double first = 0.0, second = 0.0, products = 0.0;
        for (int64_t a = 0; point->rule != PH_RULE_STORAGE && a < (int64_t)m; a++) {
            int8_t entries[N];
            ph_dataset_example(point, &self->patterns, mu, a, entries);
            first += entries[i];
            second += entries[j];
            products += entries[i] * entries[j];
        }
        sum += gains[mu] * (point->rule == PH_RULE_STORAGE ? self->patterns.entries[i * K + mu] *
                                                                 self->patterns.entries[j * K + mu]
                            : point->rule == PH_RULE_SUPERVISED ? first * second / (m * r * m * r)
                                                                : products / (m * r * r));
    }
    return sum / N;
}

/* The energy, magnetizations and losses measured are those of the definition, state by state. */
START_TEST(measured)
{
    network_t net;
    make(&net, _i);
    const ph_coupling_t *c = &net.coupling;
    double self_mean = 0.0;
    for (size_t i = 0; i < N; i++)
        self_mean += c->self[i] / N;
    for (unsigned bits = 0; bits < 1U << N; bits += 37) {
        int64_t overlaps[K] = {0}, norms[K] = {0}, features[16] = {0};
        double energy = 0.0, out[2 * K];
        for (size_t i = 0; i < N; i++) {
            const int s = bits >> i & 1U ? 1 : -1;
            for (size_t mu = 0; mu < K; mu++) {
                overlaps[mu] += s * net.patterns.entries[i * K + mu];
                norms[mu] += net.patterns.entries[i * K + mu] != 0;
            }
            for (size_t p = 0; p < (size_t)c->features; p++)
                features[p] += s * c->phi[i * (size_t)c->features + p];
            for (size_t j = 0; j < i; j++)
                energy -=
                    coupling_of(&net, (int64_t)i, (int64_t)j) * s * (bits >> j & 1U ? 1 : -1) / N;
        }
        const ph_observation_t state = {.neurons = N,
                                        .patterns = K,
                                        .features = c->features,
                                        .pattern_overlaps = overlaps,
                                        .feature_overlaps = features,
                                        .pattern_norms = norms,
                                        .weights = c->weights,
                                        .self_mean = self_mean,
                                        .first = c->first,
                                        .mean_scales = c->mean_scales};
        ph_observable(PH_OBS_ENERGY)->measure(&state, out);
        ck_assert_double_eq_tol(out[0], energy, 1e-12);
        ph_observable(PH_OBS_MAGNETIZATION)->measure(&state, out);
        for (size_t mu = 0; mu < K; mu++)
            ck_assert_double_eq_tol(out[mu], (double)overlaps[mu] / N, 1e-15);
        ph_observable(PH_OBS_LOSS)->measure(&state, out);
        for (size_t mu = 0; mu < K; mu++)
            for (int sign = 1; sign >= -1; sign -= 2) {
                double loss = 0.0;
                for (size_t i = 0; i < N; i++)
                    loss +=
                        pow(net.patterns.entries[i * K + mu] - sign * (bits >> i & 1U ? 1.0 : -1.0),
                            2.0) /
                        (2.0 * N);
                ck_assert_double_eq_tol(out[2 * mu + (sign < 0)], loss, 1e-14);
            }
    }
    drop(&net);
}
END_TEST

/* The others are counts over N, NaN where what they are made of is missing. */
START_TEST(counts)
{
    const int64_t overlap = -6, examples[2] = {3, -12};
    const bool swapped[2] = {true, false};
    const double energies[3] = {-24.0, -6.0, 0.0};
    double out[4];
    ph_observation_t state = {.neurons = N,
                              .patterns = 1,
                              .examples = 2,
                              .replica_overlap = &overlap,
                              .example_overlaps = examples,
                              .flips = 3,
                              .accepted = 9,
                              .relaxation = 17,
                              .rungs = 3,
                              .swapped = swapped,
                              .rung_energy = energies,
                              .round_trips = 5,
                              .self_mean = 2.4};
    static const struct {
        ph_observable_id_t id;
        size_t count;
        double values[3];
    } RIGHT[] = {
        {PH_OBS_REPLICA_OVERLAP, 1, {-0.5}}, {PH_OBS_EXAMPLE_OVERLAP, 2, {0.25, -1.0}},
        {PH_OBS_FLIPS, 1, {0.25}},           {PH_OBS_ACCEPTANCE, 1, {0.75}},
        {PH_OBS_RELAXATION, 1, {17.0}},      {PH_OBS_SWAPS, 2, {1.0, 0.0}},
        {PH_OBS_ROUND_TRIPS, 1, {5.0}},      {PH_OBS_RUNG_ENERGY, 3, {-1.9, -0.4, 0.1}},
    };
    for (size_t i = 0; i < sizeof(RIGHT) / sizeof(RIGHT[0]); i++) {
        out[RIGHT[i].count] = 77.0; /* not to be written */
        ph_observable(RIGHT[i].id)->measure(&state, out);
        for (size_t k = 0; k < RIGHT[i].count; k++)
            ck_assert_double_eq_tol(out[k], RIGHT[i].values[k], 1e-15);
        ck_assert(out[RIGHT[i].count] == 77.0);
    }
    state.replica_overlap = state.example_overlaps = NULL;
    ph_observable(PH_OBS_REPLICA_OVERLAP)->measure(&state, out);
    ck_assert(isnan(out[0]));
    ph_observable(PH_OBS_EXAMPLE_OVERLAP)->measure(&state, out);
    ck_assert(isnan(out[0]) && isnan(out[1]));
}
END_TEST

/* Where a state is, case by case; an all blank pattern is never recalled. */
START_TEST(outcomes)
{
    enum { THREE = 3 };
    static const struct {
        int64_t overlaps[THREE], entries[THREE], target;
        ph_outcome_t outcome;
        double overlap;
    } STATES[] = {
        {{180, 0, 0}, {200, 200, 200}, 0, PH_OUTCOME_TARGET, 0.9},
        {{179, 0, 0}, {200, 200, 200}, 0, PH_OUTCOME_NONE, 0.895},
        {{9, 0, 0}, {10, 200, 200}, 0, PH_OUTCOME_TARGET, 0.9},
        {{180, -190, 0}, {200, 200, 200}, 0, PH_OUTCOME_TARGET, 0.9},
        {{-180, 200, 0}, {200, 200, 200}, 0, PH_OUTCOME_REVERSED, -0.9},
        {{40, -180, 0}, {200, 200, 200}, 0, PH_OUTCOME_OTHER, 0.2},
        {{180, 0, 0}, {200, 200, 200}, 2, PH_OUTCOME_OTHER, 0.0},
        {{100, -100, 0}, {200, 200, 200}, 2, PH_OUTCOME_MIXTURE, 0.0},
        {{48, 48, 0}, {200, 200, 200}, 0, PH_OUTCOME_MIXTURE, 0.24}, /* chance: 47.8 of 200 */
        {{48, 47, 0}, {200, 200, 200}, 0, PH_OUTCOME_NONE, 0.24},
        {{0, 0, 0}, {0, 200, 200}, 0, PH_OUTCOME_NONE, 0.0},
        {{0, 0, 0}, {0, 0, 0}, -1, PH_OUTCOME_NONE, 0.0},
        {{0, -180, 20}, {200, 200, 200}, -1, PH_OUTCOME_TARGET, 0.9},
        {{100, -100, 0}, {200, 200, 200}, -1, PH_OUTCOME_MIXTURE, 0.5},
    };
    for (size_t i = 0; i < sizeof(STATES) / sizeof(STATES[0]); i++) {
        const ph_observation_t state = {.neurons = 200,
                                        .patterns = THREE,
                                        .pattern_overlaps = STATES[i].overlaps,
                                        .pattern_norms = STATES[i].entries,
                                        .target = STATES[i].target,
                                        .threshold = 0.9};
        double out[PH_OUTCOMES + 1] = {[PH_OUTCOMES] = 77.0};
        ph_observable(PH_OBS_RECALL)->measure(&state, out);
        for (int k = 0; k < PH_OUTCOMES; k++)
            ck_assert_msg((out[k] == 1.0) == (k == (int)STATES[i].outcome), "state %zu", i);
        ck_assert(out[PH_OUTCOMES] == 77.0); /* not to be written */
        ph_observable(PH_OBS_RECALL_OVERLAP)->measure(&state, out);
        ck_assert_double_eq_tol(out[0], STATES[i].overlap, 1e-15);
    }
}
END_TEST

/* E2, the variance of the mean example, by summing over all entries of one neuron's examples. */
static double variance_by_sum(const ph_point_t *point, int64_t mu)
{
    const int m = (int)point->examples[mu];
    const double r = point->quality[mu], s = point->blank_fidelity[mu], d = point->dilution[mu];
    double second = 0.0;
    int states = 1;
    for (int a = 0; a < m; a++)
        states *= 3;
    for (int which = 0; which < states; which++) {
        double set = 1.0, blank = 1.0;
        int sum = 0;
        for (int a = 0, rest = which; a < m; a++, rest /= 3) {
            const int entry = rest % 3 - 1; /* where xi = 1 */
            set *= entry == 0 ? 0.0 : 0.5 * (1.0 + entry * r);
            blank *= entry == 0 ? s : 0.5 * (1.0 - s);
            sum += entry;
        }
        second += ((1.0 - d) * set + d * blank) * sum * sum / (m * r * m * r);
    }
    return second;
}

/* Variances and gains by exact enumeration of the examples; numbers of features. */
START_TEST(variances)
{
    network_t net;
    double variance[K], gains[K];
    make(&net, _i);
    const ph_point_t *point = &net.grid.points[0];
    ph_coupling_variances(point, variance);
    ph_coupling_gains(point, gains);
    for (int64_t mu = 0; mu < K; mu++) {
        const double right =
            point->rule == PH_RULE_STORAGE ? 1.0 - point->dilution[mu] : variance_by_sum(point, mu);
        ck_assert_double_eq_tol(variance[mu], right, 1e-13);
        ck_assert_double_eq_tol(gains[mu], point->normalization == PH_NORM_NONE ? 1.0 : 1.0 / right,
                                1e-12);
    }
    ck_assert_int_eq(ph_coupling_features(point), point->rule == PH_RULE_UNSUPERVISED ? 7 : 2);
    ck_assert_int_eq(net.coupling.first[K], ph_coupling_features(point));
    drop(&net);
    const double blank[1] = {1.0};
    ph_point_t nothing = {.patterns = 1, .dilution = blank, .normalization = PH_NORM_VARIANCE};
    ph_coupling_gains(&nothing, gains);
    ck_assert(gains[0] == 0.0);
}
END_TEST

/* Records up to a sweep, by going through the sweeps; segments of one chain share them out. */
START_TEST(records_of_segments)
{
    ph_grid_t grid = {.trajectory = true, .moments = true};
    for (int64_t burn_in = 0; burn_in < 6; burn_in++)
        for (int64_t every = 1; every < 5; every++) {
            const ph_point_t point = {.neurons = 9,
                                      .patterns = 2,
                                      .sweeps = 20,
                                      .burn_in = burn_in,
                                      .record_every = every,
                                      .chain = {3, 4}};
            uint64_t records = 0;
            for (int64_t t = 0; t <= burn_in + 20; t++) {
                records += t >= burn_in && (t - burn_in) % every == 0;
                ck_assert_uint_eq(ph_records_until(&point, (uint64_t)t), records);
                ph_segment_t first, second;
                ck_assert_int_eq(ph_segment_init(&first, &grid, &point, 1, 2, 3, 0, (uint64_t)t),
                                 PH_OK);
                ck_assert_int_eq(ph_segment_init(&second, &grid, &point, 1, 2, 3, (uint64_t)t,
                                                 (uint64_t)burn_in + 20),
                                 PH_OK);
                ck_assert_uint_eq(first.records, t == 0 ? 0 : records);
                ck_assert_uint_eq(second.record_first, t == 0 ? 0 : records);
                ck_assert_int_eq((int64_t)(second.record_first + second.records), 20 / every + 1);
                ck_assert(second.components == 3 && second.state_bits == 9 &&
                          ph_digest_equal(second.chain, point.chain));
                ph_segment_free(&first);
                ph_segment_free(&second);
            }
        }
}
END_TEST

/* Bits of a state: neurons, and in whole bytes what samplers keep beside them. */
START_TEST(states)
{
    const double ladder[3] = {0.1, 0.2, 0.3};
    for (int64_t n = 1; n < 40; n++) {
        const uint64_t bytes = (uint64_t)(n / 8 + (n % 8 > 0));
        ck_assert_uint_eq(ph_segment_spin_bytes((uint64_t)n), bytes);
        ph_point_t point = {.neurons = n, .sampler = PH_SAMPLER_GLAUBER};
        ck_assert_uint_eq(ph_point_extra_bytes(&point), 0);
        ck_assert_uint_eq(ph_point_state_bits(&point), (uint64_t)n);
        point.sampler = PH_SAMPLER_DESCENT;
        ck_assert_uint_eq(ph_point_extra_bytes(&point), 8);
        ck_assert_uint_eq(ph_point_state_bits(&point), 8 * (bytes + 8));
        point.sampler = PH_SAMPLER_REPLICA_EXCHANGE;
        point.ladder = (ph_list_t){3, ladder};
        ck_assert_uint_eq(ph_point_extra_bytes(&point), 2 * bytes + 3 + 3 + 8);
        ck_assert_uint_eq(ph_point_state_bits(&point), 8 * (3 * bytes + 14));
    }
}
END_TEST

/* A segment has what its grid records, all zero, and may be freed twice. */
START_TEST(segments)
{
    const ph_point_t point = {.neurons = 9, .patterns = 2, .sweeps = 5, .record_every = 1};
    for (int k = 0; k < 4; k++) {
        const ph_grid_t grid = {.trajectory = k & 1, .moments = k & 2};
        ph_segment_t own;
        ck_assert_int_eq(ph_segment_init(&own, &grid, &point, 0, 0, 3, 0, 5), PH_OK);
        ck_assert_int_eq(own.series != NULL, grid.trajectory);
        ck_assert_int_eq(own.sums != NULL, grid.moments);
        for (size_t i = 0; grid.trajectory && i < 3 * 6 * 3; i++)
            ck_assert(own.series[i] == 0.0);
        for (size_t i = 0; grid.moments && i < 3 * 3 * PH_MOMENT_WORDS; i++)
            ck_assert(own.sums[i] == 0.0);
        for (size_t i = 0; i < 3 * 2; i++)
            ck_assert_int_eq(own.spins[i], 0);
        ph_segment_free(&own);
        ck_assert(own.series == NULL && own.sums == NULL && own.spins == NULL);
        ph_segment_free(&own);
    }
}
END_TEST

/* Each sampler has its law and each law its words; only two of them are exp(-H/T). */
START_TEST(laws)
{
    int equilibrium = 0;
    for (int s = 0; s < PH_SAMPLER_COUNT; s++) {
        const ph_law_t law = ph_sampler_facts((ph_sampler_id_t)s)->law;
        const bool parallel = s == PH_SAMPLER_LITTLE || s == PH_SAMPLER_LUMPED_LITTLE;
        ck_assert_int_eq(law == PH_LAW_LITTLE, parallel);
        ck_assert_int_eq(law == PH_LAW_NONE, s == PH_SAMPLER_DESCENT);
        ck_assert_int_eq(law == PH_LAW_GLAUBER, s == PH_SAMPLER_GLAUBER);
        ck_assert_int_eq(ph_law_is_equilibrium(law), !parallel && s != PH_SAMPLER_DESCENT);
        equilibrium += ph_law_is_equilibrium(law);
        ck_assert_int_eq(strstr(ph_law_text(law), "exp(-H/T)") == ph_law_text(law),
                         ph_law_is_equilibrium(law));
    }
    ck_assert_int_eq(equilibrium, 5);
}
END_TEST

PH_TEST_PROGRAM("observables")
{
    TCase *tcase = tcase_create("observables");
    tcase_add_test(tcase, rows);
    tcase_add_test(tcase, places);
    tcase_add_loop_test(tcase, measured, 0, NETWORKS_COUNT);
    tcase_add_test(tcase, counts);
    tcase_add_loop_test(tcase, variances, 0, NETWORKS_COUNT);
    tcase_add_test(tcase, outcomes);
    tcase_add_test(tcase, records_of_segments);
    tcase_add_test(tcase, states);
    tcase_add_test(tcase, segments);
    tcase_add_test(tcase, laws);
    return test_run("observables", tcase);
}
