/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Starts against their definitions, spin by spin, and the frequencies of their coins. Fixed seeds;
 * bounds of 5 standard deviations (false-alarm rate 6e-7 each).
 */
#include <math.h>
#include <string.h>

#include "sim/model/dataset.h"
#include "sim/model/starts.h"
#include "tests/testing.h"

enum { NEURONS = 20000, PATTERNS = 3, LANES = 8, LANE_FIRST = 3 };

static const double DILUTION[PATTERNS] = {0.3, 0.5, 0.4}, EXAMPLES[PATTERNS] = {4, 5, 6};
static const double QUALITY[PATTERNS] = {0.5, 0.6, 0.7}, FIDELITY[PATTERNS] = {0.5, 0.5, 0.5};

typedef struct {
    ph_point_t point;
    ph_patterns_t patterns;
    int8_t spins[NEURONS * LANES];
} fixture_t;

static void begin(fixture_t *self, ph_start_id_t start)
{
    self->point = (ph_point_t){.neurons = NEURONS,
                               .patterns = PATTERNS,
                               .dilution = DILUTION,
                               .examples = EXAMPLES,
                               .quality = QUALITY,
                               .blank_fidelity = FIDELITY,
                               .start = start,
                               .start_pattern = 1,
                               .start_overlap = 1.0,
                               .disorder = {4, 5},
                               .identity = {6, 7}};
    ck_assert_int_eq(ph_patterns_draw(&self->patterns, &self->point, 3, 1), PH_OK);
}

/* Spins of some lanes of block 2, spins[neuron][lane]; those of all other lanes are 0 bits. */
static void fill(fixture_t *self, uint32_t first, uint32_t lanes, int8_t *spins)
{
    static uint64_t bits[NEURONS];
    const uint64_t mask = ((UINT64_C(1) << lanes) - 1) << first;
    ph_start_fill(&self->point, &self->patterns, ph_stream_key(3, self->point.identity), 1, 2, mask,
                  bits);
    size_t others = 0;
    for (size_t i = 0; i < NEURONS; i++) {
        others += (bits[i] & ~mask) != 0;
        for (uint32_t l = 0; l < lanes; l++)
            spins[i * lanes + l] = (bits[i] >> (first + l)) & 1 ? 1 : -1;
    }
    ck_assert_uint_eq(others, 0);
}

/* Spins set by the start are as `expected` says; the rest are fair coins in every lane. */
static void check_spins(fixture_t *self, int (*expected)(const int8_t *row))
{
    double coins = 0.0, up[LANES] = {0};
    size_t wrong = 0;
    fill(self, LANE_FIRST, LANES, self->spins);
    for (size_t i = 0; i < NEURONS; i++) {
        const int spin = expected(self->patterns.entries + i * PATTERNS);
        coins += spin == 0;
        for (size_t l = 0; l < LANES; l++) {
            wrong += spin != 0 && self->spins[i * LANES + l] != spin;
            up[l] += spin == 0 && self->spins[i * LANES + l] > 0;
        }
    }
    ck_assert_uint_eq(wrong, 0);
    ck_assert_double_gt(coins, 1000.0);
    for (size_t l = 0; l < LANES; l++)
        ck_assert_double_lt(fabs(up[l] - 0.5 * coins), 2.5 * sqrt(coins));
    ph_patterns_free(&self->patterns);
}

static int none(const int8_t *row)
{
    (void)row;
    return 0;
}

static int second(const int8_t *row)
{
    return row[1];
}

static int ranked(const int8_t *row)
{
    return row[2] != 0 ? row[2] : row[0];
}

static int majority(const int8_t *row)
{
    return (row[1] + row[2] > 0) - (row[1] + row[2] < 0);
}

/* random, archetype of pattern 2, hierarchical of (3, 1), parallel of (2, 3): spin by spin. */
START_TEST(spins_by_definition)
{
    static const double HIERARCHY[] = {3, 1}, PAIR[] = {2, 3};
    static fixture_t self;
    begin(&self, PH_START_RANDOM);
    check_spins(&self, none);
    begin(&self, PH_START_ARCHETYPE);
    self.point.start_pattern = 2;
    check_spins(&self, second);
    begin(&self, PH_START_HIERARCHICAL);
    self.point.start_patterns = (ph_list_t){2, HIERARCHY};
    check_spins(&self, ranked);
    begin(&self, PH_START_PARALLEL);
    self.point.start_patterns = (ph_list_t){2, PAIR};
    check_spins(&self, majority);
}
END_TEST

/* Corrupted: the overlap with the pattern's non-blank entries is q, in lanes independent of each
 * other; q = 1 is the archetype, bit for bit. */
START_TEST(corrupted_overlap)
{
    static fixture_t self;
    static int8_t archetype[NEURONS * LANES];
    const double overlaps[] = {-1.0, -0.3, 0.0, 0.4, 0.9, 1.0};
    begin(&self, PH_START_CORRUPTED);
    self.point.start_pattern = 3;
    for (int k = 0; k < 6; k++) {
        const double q = self.point.start_overlap = overlaps[k];
        double entries = 0.0, sum[LANES] = {0}, pair = 0.0;
        fill(&self, LANE_FIRST, LANES, self.spins);
        for (size_t i = 0; i < NEURONS; i++) {
            const int entry = self.patterns.entries[i * PATTERNS + 2];
            const int8_t *spins = self.spins + i * LANES;
            entries += entry != 0;
            pair += entry * entry * (entry * spins[0] - q) * (entry * spins[1] - q);
            for (size_t l = 0; l < LANES; l++)
                sum[l] += entry * spins[l];
        }
        for (size_t l = 0; l < LANES; l++)
            ck_assert_double_le(fabs(sum[l] - q * entries), 5.0 * sqrt((1.0 - q * q) * entries));
        ck_assert_double_le(fabs(pair), 5.0 * (1.0 - q * q) * sqrt(entries));
    }
    self.point.start = PH_START_ARCHETYPE;
    fill(&self, LANE_FIRST, LANES, archetype);
    ck_assert_mem_eq(archetype, self.spins, sizeof(archetype));
    ph_patterns_free(&self.patterns);
}
END_TEST

/* Mixture of patterns 3, 1 and 2: of every row of entries the mean spin is that of one entry drawn,
 * the first with probability q, and lanes draw apart; what theory begins at is that mean. */
START_TEST(mixture_of_rows)
{
    enum { ROWS = 27 };
    static const double ORDER[] = {3, 1, 2}, SHARES[] = {0.0, 0.2, 1.0 / 3.0, 0.7, 1.0};
    static fixture_t self;
    begin(&self, PH_START_MIXTURE);
    for (size_t listed = 1; listed <= 3; listed++)
        for (size_t k = 0; k < sizeof(SHARES) / sizeof(SHARES[0]); k++) {
            const double q = self.point.start_overlap = SHARES[k];
            double count[ROWS] = {0}, sum[ROWS] = {0}, mean[ROWS] = {0}, pair = 0.0, all = 0.0;
            self.point.start_patterns = (ph_list_t){listed, ORDER};
            fill(&self, LANE_FIRST, LANES, self.spins);
            for (size_t i = 0; i < NEURONS; i++) {
                const int8_t *row = self.patterns.entries + i * PATTERNS;
                const double others = listed == 1   ? 0.0
                                      : listed == 2 ? (1.0 - q) * row[0]
                                                    : (1.0 - q) * (row[0] + row[1]) / 2.0;
                const int code = 9 * (row[0] + 1) + 3 * (row[1] + 1) + row[2] + 1;
                mean[code] = q * row[2] + others;
                ck_assert_double_eq_tol(ph_start_spin(&self.point, row), mean[code], 1e-15);
                count[code] += LANES;
                for (size_t l = 0; l < LANES; l++)
                    sum[code] += self.spins[i * LANES + l];
                pair +=
                    (self.spins[i * LANES] - mean[code]) * (self.spins[i * LANES + 1] - mean[code]);
                all += pow(1.0 - mean[code] * mean[code], 2);
            }
            for (int row = 0; row < ROWS; row++)
                ck_assert_double_le(fabs(sum[row] - mean[row] * count[row]),
                                    5.0 * sqrt((1.0 - pow(mean[row], 2)) * count[row]) + 1e-9);
            ck_assert_double_le(fabs(pair), 5.0 * sqrt(all) + 1e-9);
            ck_assert_int_eq(ph_start_symmetry(&self.point, 2),
                             q > 0.0 ? PH_SYMMETRY_FIXED : PH_SYMMETRY_FREE);
            ck_assert_int_eq(ph_start_symmetry(&self.point, 0),
                             listed > 1 && q < 1.0 ? PH_SYMMETRY_FIXED : PH_SYMMETRY_FREE);
        }
    ph_patterns_free(&self.patterns);
}
END_TEST

/* Masked: entries that are seen are right, those hidden are what fills them, in the region alone
 * and as often as they are to be, in every lane apart; theory begins at the means. */
START_TEST(masked_entries)
{
    static const double REGION[] = {11, 60, 21, 100}, SHAPE[] = {100, 200};
    static fixture_t self;
    begin(&self, PH_START_MASKED);
    self.point.start_pattern = 2;
    for (int k = 0; k < 12; k++) {
        const bool whole = k % 2 == 0;
        const double hidden = self.point.start_hidden = k < 6 ? 0.3 : 1.0;
        const int filled = k / 2 % 3 - 1; /* -1, 0, +1 */
        double count = 0.0, sum = 0.0, spread = 0.0;
        size_t wrong = 0;
        self.point.start_fill = filled > 0   ? PH_FILL_UP
                                : filled < 0 ? PH_FILL_DOWN
                                             : PH_FILL_RANDOM;
        self.point.start_region = whole ? (ph_list_t){0} : (ph_list_t){4, REGION};
        self.point.start_shape = whole ? (ph_list_t){0} : (ph_list_t){2, SHAPE};
        fill(&self, LANE_FIRST, LANES, self.spins);
        for (size_t i = 0; i < NEURONS; i++) {
            const int entry = self.patterns.entries[i * PATTERNS + 1];
            const size_t row = i / 200 + 1, column = i % 200 + 1;
            const bool inside = whole || (row >= 11 && row <= 60 && column >= 21 && column <= 100);
            const double spin = inside ? (1.0 - hidden) * entry + hidden * filled : entry;
            ck_assert_double_eq_tol(ph_start_neuron(&self.point, &self.patterns, i), spin, 1e-15);
            for (size_t l = 0; l < LANES; l++) {
                wrong += !inside && entry != 0 && self.spins[i * LANES + l] != entry;
                sum += inside ? self.spins[i * LANES + l] - spin : 0.0;
            }
            spread += inside ? LANES * (1.0 - spin * spin) : 0.0;
            count += inside;
        }
        ck_assert(ph_start_is_of_rows(&self.point) == (whole && filled == 0));
        ck_assert_uint_eq(wrong, 0);
        ck_assert(count == (whole ? NEURONS : 50 * 80));
        ck_assert_double_le(fabs(sum), 5.0 * sqrt(spread) + 1e-9);
        const double share = hidden * count / NEURONS;
        for (int entry = -1; entry <= 1; entry++) {
            const int8_t row[PATTERNS] = {1, (int8_t)entry, -1};
            ck_assert_double_eq_tol(ph_start_spin(&self.point, row),
                                    (1.0 - share) * entry + share * filled, 1e-12);
        }
        ck_assert_int_eq(ph_start_symmetry(&self.point, 1),
                         share < 1.0 ? PH_SYMMETRY_FIXED : PH_SYMMETRY_FREE);
    }
    ph_patterns_free(&self.patterns);
}
END_TEST

/* The pattern that a start is a cue of: the one it names, or the first of a mixture's. */
START_TEST(targets)
{
    static const double LIST[] = {3, 1};
    static const double TARGETS[] = {2, 3, 1};
    static const struct {
        ph_start_id_t start;
        int64_t target;
    } STARTS[] = {{PH_START_RANDOM, -1},       {PH_START_ARCHETYPE, 1}, {PH_START_EXAMPLE, 1},
                  {PH_START_CORRUPTED, 1},     {PH_START_PARALLEL, -1}, {PH_START_FILE, -1},
                  {PH_START_HIERARCHICAL, -1}, {PH_START_MIXTURE, 2},   {PH_START_MASKED, 1}};
    for (size_t i = 0; i < sizeof(STARTS) / sizeof(STARTS[0]); i++) {
        ph_point_t point = {.patterns = 3,
                            .start = STARTS[i].start,
                            .start_pattern = 2,
                            .start_patterns = {2, LIST}};
        ck_assert_int_eq(ph_start_target(&point, 7), STARTS[i].target);
        point.start_pattern = 0; /* made by hand */
        point.start_patterns.count = 0;
        ck_assert_int_eq(ph_start_target(&point, 7), STARTS[i].target < 0 ? -1 : 0);
        const bool file = STARTS[i].start == PH_START_FILE; /* it alone has lists of targets */
        point.start_targets = (ph_list_t){3, TARGETS};
        ck_assert_int_eq(ph_start_target(&point, 1), file ? 2 : STARTS[i].target < 0 ? -1 : 0);
        point.start_targets.count = 1;
        ck_assert_int_eq(ph_start_target(&point, 1), file ? 1 : STARTS[i].target < 0 ? -1 : 0);
    }
}
END_TEST

/* Example 3 of pattern 2: its entries, and coins where it is blank, noisy blanks included. */
START_TEST(example_entries)
{
    static fixture_t self;
    static int8_t example[NEURONS];
    double coins = 0.0, up = 0.0, filled = 0.0;
    size_t wrong = 0;
    begin(&self, PH_START_EXAMPLE);
    self.point.start_pattern = 2;
    self.point.start_example = 3;
    ph_dataset_example(&self.point, &self.patterns, 1, 2, example);
    fill(&self, LANE_FIRST, LANES, self.spins);
    for (size_t i = 0; i < NEURONS; i++) {
        filled += example[i] != 0 && self.patterns.entries[i * PATTERNS + 1] == 0;
        if (example[i] != 0) {
            wrong += self.spins[i * LANES + 4] != example[i];
        } else {
            coins += 1.0;
            up += self.spins[i * LANES + 4] > 0;
        }
    }
    ck_assert_uint_eq(wrong, 0);
    ck_assert_double_gt(filled, 1000.0);
    ck_assert_double_lt(fabs(up - 0.5 * coins), 2.5 * sqrt(coins));
    ph_patterns_free(&self.patterns);
}
END_TEST

/* A lane starts the same alone and among others, whatever the start. */
START_TEST(lanes_start_alone)
{
    static fixture_t self;
    static int8_t alone[NEURONS];
    if (_i == PH_START_FILE)
        return;
    begin(&self, (ph_start_id_t)_i);
    self.point.start_overlap = 0.4;
    fill(&self, LANE_FIRST, LANES, self.spins);
    fill(&self, LANE_FIRST + 5, 1, alone);
    for (size_t i = 0; i < NEURONS; i++)
        ck_assert_int_eq(alone[i], self.spins[i * LANES + 5]);
    ph_patterns_free(&self.patterns);
}
END_TEST

/* What the theory starts from: the mean spin of each row, and the symmetry that is left. */
START_TEST(means_and_symmetry)
{
    static const double LIST[] = {2, 1};
    ph_point_t point = {.patterns = 3,
                        .start = PH_START_CORRUPTED,
                        .start_pattern = 2,
                        .start_overlap = 0.4,
                        .quality = QUALITY};
    const int8_t row[] = {1, -1, 0};
    ck_assert_double_eq(ph_start_spin(&point, row), -0.4);
    ck_assert_int_eq(ph_start_symmetry(&point, 0), PH_SYMMETRY_FREE);
    ck_assert_int_eq(ph_start_symmetry(&point, 1), PH_SYMMETRY_FIXED);
    point.start_overlap = 0.0;
    ck_assert_int_eq(ph_start_symmetry(&point, 1), PH_SYMMETRY_FREE);
    point.start = PH_START_EXAMPLE;
    ck_assert_double_eq(ph_start_spin(&point, row), -0.6);
    point.start = PH_START_HIERARCHICAL;
    ck_assert_double_eq(ph_start_spin(&point, row), 1.0);
    ck_assert_int_eq(ph_start_symmetry(&point, 2), PH_SYMMETRY_FIXED);
    point.start_patterns = (ph_list_t){2, LIST};
    ck_assert_double_eq(ph_start_spin(&point, row), -1.0);
    ck_assert_int_eq(ph_start_symmetry(&point, 2), PH_SYMMETRY_FREE);
    point.start = PH_START_PARALLEL;
    ck_assert_double_eq(ph_start_spin(&point, row), 0.0);
    ck_assert_int_eq(ph_start_symmetry(&point, 0), PH_SYMMETRY_EQUAL);
    ck_assert_int_eq(ph_start_symmetry(&point, 2), PH_SYMMETRY_FREE);
    point.start_patterns.count = 0;
    point.schedule_sweeps = 5; /* annealing forgets the start */
    ck_assert_int_eq(ph_start_symmetry(&point, 0), PH_SYMMETRY_FREE);
    for (int s = 0; s < PH_START_COUNT; s++)
        ck_assert_ptr_nonnull(ph_start((ph_start_id_t)s)->spin);
}
END_TEST

PH_TEST_PROGRAM("starts")
{
    TCase *tcase = tcase_create("starts");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, spins_by_definition);
    tcase_add_test(tcase, corrupted_overlap);
    tcase_add_test(tcase, mixture_of_rows);
    tcase_add_test(tcase, masked_entries);
    tcase_add_test(tcase, targets);
    tcase_add_test(tcase, example_entries);
    tcase_add_loop_test(tcase, lanes_start_alone, 0, PH_START_COUNT);
    tcase_add_test(tcase, means_and_symmetry);
    return test_run("starts", tcase);
}
