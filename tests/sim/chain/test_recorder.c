/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the recorder keeps beside a block, against spins that are a rule of neuron and lane. */
#include "sim/chain/records.h"
#include "sim/model/dataset.h"
#include "tests/sim/samplers/network.h"
#include "tests/testing.h"

enum { NEURONS = 60, PATTERNS = 3 };

static const double UNEQUAL[PATTERNS] = {0.2, 0.4, 0.7};

enum { FIRST = 4, LANES = 4, EXAMPLES = 3 };

/* A view of spins that are a rule of neuron and lane; lanes 4 to 7 of a word, noise in the others.
 */
typedef struct {
    ph_patterns_t patterns;
    ph_point_t point;
    uint64_t spins[NEURONS];
    ph_records_view_t view;
} seen_t;

static int spin(size_t i, uint32_t lane, uint64_t sweep)
{
    return (i * (lane + 2) + sweep * i / 5) % 7 < 3 ? 1 : -1;
}

static void set_spins(seen_t *self, uint64_t sweep)
{
    self->view.sweep = sweep;
    for (size_t i = 0; i < NEURONS; i++) {
        self->spins[i] = i * UINT64_C(0x9e3779b97f4a7c15) & ~(UINT64_C(0xf) << FIRST);
        for (uint32_t l = 0; l < LANES; l++)
            if (spin(i, l, sweep) > 0)
                self->spins[i] |= UINT64_C(1) << (FIRST + l);
    }
}

static void look(seen_t *self, ph_rule_t rule)
{
    static const double LEARNED[PATTERNS] = {2, 4, 3}, QUALITY[PATTERNS] = {0.5, 0.6, 1};
    static const double FIDELITY[PATTERNS] = {1, 0.5, 0};
    self->point = network_point(NEURONS, PATTERNS, UNEQUAL, 0.5);
    self->point.rule = rule;
    self->point.examples = LEARNED;
    self->point.quality = QUALITY;
    self->point.blank_fidelity = FIDELITY;
    ck_assert_int_eq(ph_patterns_draw(&self->patterns, &self->point, 3, 1), PH_OK);
    self->view = (ph_records_view_t){.point = &self->point,
                                     .patterns = &self->patterns,
                                     .spins = self->spins,
                                     .lane_first = FIRST,
                                     .lanes = LANES};
}

static const ph_grid_t ALL = {
    .example_overlaps = EXAMPLES, .replica_overlap = true, .flips = true, .acceptance = true};

/* Overlaps with examples and with the partner, and flips since the last sweep, spin by spin. */
START_TEST(recorder)
{
    static seen_t seen;
    ph_records_t own;
    int64_t scratch[PATTERNS * EXAMPLES + 1];
    look(&seen, PH_RULE_UNSUPERVISED);
    ck_assert_int_eq(ph_records_init(&own, &seen.view, &ALL), PH_OK);
    for (uint64_t sweep = 0; sweep < 3; sweep++) {
        if (sweep > 0)
            ph_records_before(&own, &seen.view);
        for (uint32_t l = 0; l < LANES; l++) {
            ck_assert_int_eq(own.accepted[l], 0); /* every sweep is counted anew */
            own.accepted[l] = (int32_t)(10 * sweep + l + 1);
        }
        set_spins(&seen, sweep);
        ph_records_observe(&own, &seen.view);
        for (uint32_t l = 0; l < LANES; l++) {
            ph_observation_t state = {.neurons = NEURONS};
            int64_t partner = 0, flips = 0;
            ph_records_fill(&own, &seen.view, l, scratch, &state);
            for (size_t i = 0; i < NEURONS; i++) {
                partner += spin(i, l, sweep) * spin(i, l ^ 1U, sweep);
                flips += sweep > 0 && spin(i, l, sweep) != spin(i, l, sweep - 1);
            }
            ck_assert_int_eq(*state.replica_overlap, partner);
            ck_assert_int_eq(state.flips, flips);
            ck_assert_int_eq(state.accepted, (int64_t)(10 * sweep + l + 1));
            ck_assert_int_eq(state.examples, EXAMPLES);
            for (int64_t mu = 0; mu < PATTERNS; mu++)
                for (int64_t a = 0; a < EXAMPLES; a++) {
                    int8_t entries[NEURONS];
                    int64_t overlap = 0;
                    ph_dataset_example(&seen.point, &seen.patterns, mu, a, entries);
                    for (size_t i = 0; i < NEURONS; i++)
                        overlap += entries[i] * spin(i, l, sweep);
                    ck_assert_int_eq(state.example_overlaps[mu * EXAMPLES + a], overlap);
                }
        }
    }
    ph_records_free(&own);
    ph_patterns_free(&seen.patterns);
}
END_TEST

/* A partner is the neighbour of the same pair, by replica number: one that the block does not have
 * is missing, also where a neighbour of another pair is in its place. */
START_TEST(partner_missing)
{
    static seen_t seen;
    ph_records_t own;
    int64_t scratch[PATTERNS * EXAMPLES + 1];
    look(&seen, PH_RULE_STORAGE);
    seen.view.lane_first = FIRST + 1; /* lanes 5, 6 and 7 */
    seen.view.lanes = 3;
    ck_assert_int_eq(ph_records_init(&own, &seen.view, &ALL), PH_OK);
    ck_assert(own.entries == NULL && own.example_overlaps == NULL); /* storage has no examples */
    set_spins(&seen, 0);
    ph_records_observe(&own, &seen.view);
    for (uint32_t l = 0; l < 3; l++) {
        ph_observation_t state = {.neurons = NEURONS};
        ph_records_fill(&own, &seen.view, l, scratch, &state);
        ck_assert(l == 0 ? state.replica_overlap == NULL : state.replica_overlap != NULL);
        ck_assert(state.example_overlaps == NULL);
    }
    ph_records_free(&own);
    ph_patterns_free(&seen.patterns);
}
END_TEST

/* What is not asked for is not there, and costs nothing; what grows with N or examples is said. */
START_TEST(recorder_bytes)
{
    static seen_t seen;
    ph_records_t own;
    const ph_grid_t none = {.loss = true};
    look(&seen, PH_RULE_SUPERVISED);
    ck_assert_int_eq(ph_records_init(&own, &seen.view, &none), PH_OK);
    ck_assert(own.entries == NULL && own.example_overlaps == NULL && own.before == NULL &&
              own.replica_overlaps == NULL && own.flips == NULL && own.accepted == NULL);
    ck_assert(ph_records_bytes(&none, &seen.point, LANES) == 0.0);
    ck_assert(ph_records_bytes(&ALL, &seen.point, LANES) ==
              PATTERNS * EXAMPLES * (NEURONS + sizeof(int32_t) * LANES) +
                  sizeof(uint64_t) * NEURONS);
    seen.point.rule = PH_RULE_STORAGE;
    ck_assert(ph_records_bytes(&ALL, &seen.point, LANES) == sizeof(uint64_t) * NEURONS);
    ph_records_free(&own);
    ph_records_free(&own);
    ph_patterns_free(&seen.patterns);
}
END_TEST

PH_TEST_MAIN("recorder", recorder, partner_missing, recorder_bytes)
