/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/starts.h"

#include "base/floating.h"
#include "sim/model/dataset.h"

/* Counting from 0; the first pattern for a point made by hand. */
static size_t pattern_of(const ph_point_t *point)
{
    return point->start_pattern > 0 ? (size_t)point->start_pattern - 1 : 0;
}

static size_t listed(const ph_point_t *point)
{
    return point->start_patterns.count > 0 ? point->start_patterns.count : (size_t)point->patterns;
}

static size_t listed_pattern(const ph_point_t *point, size_t i)
{
    return point->start_patterns.count > 0 ? (size_t)point->start_patterns.values[i] - 1 : i;
}

static double spin_random(const ph_point_t *point, const int8_t *row)
{
    (void)point;
    (void)row;
    return 0.0;
}

static double spin_archetype(const ph_point_t *point, const int8_t *row)
{
    return row[pattern_of(point)];
}

static double spin_hierarchical(const ph_point_t *point, const int8_t *row)
{
    for (size_t i = 0; i < listed(point); i++)
        if (row[listed_pattern(point, i)] != 0)
            return row[listed_pattern(point, i)];
    return 0.0;
}

static double spin_parallel(const ph_point_t *point, const int8_t *row)
{
    int64_t sum = 0;
    for (size_t i = 0; i < listed(point); i++)
        sum += row[listed_pattern(point, i)];
    return (double)((sum > 0) - (sum < 0));
}

static double spin_example(const ph_point_t *point, const int8_t *row)
{
    return point->quality[pattern_of(point)] * row[pattern_of(point)];
}

static double spin_corrupted(const ph_point_t *point, const int8_t *row)
{
    return point->start_overlap * row[pattern_of(point)];
}

/* Share of neurons that take the entry of the i-th listed pattern, of several. */
static double part_of(const ph_point_t *point, size_t i)
{
    const double q = point->start_overlap;
    return i == 0 ? q : (1.0 - q) / (double)(listed(point) - 1);
}

static double spin_mixture(const ph_point_t *point, const int8_t *row)
{
    double sum = 0.0;
    for (size_t i = 0; i < listed(point); i++)
        sum += part_of(point, i) * row[listed_pattern(point, i)];
    return sum;
}

/* Whether a neuron may be hidden, and which share of all neurons is. */
static bool in_region(const ph_point_t *point, size_t neuron)
{
    if (point->start_region.count == 0)
        return true;
    const double *region = point->start_region.values;
    const size_t columns = (size_t)point->start_shape.values[1];
    const double row = 1.0 + (double)(neuron / columns), column = 1.0 + (double)(neuron % columns);
    return row >= region[0] && row <= region[1] && column >= region[2] && column <= region[3];
}

static double hidden_share(const ph_point_t *point)
{
    const double *region = point->start_region.values;
    if (point->start_region.count == 0)
        return point->start_hidden;
    return point->start_hidden * (region[1] - region[0] + 1.0) * (region[3] - region[2] + 1.0) /
           (double)point->neurons;
}

static double fill_of(const ph_point_t *point)
{
    return point->start_fill == PH_FILL_UP ? 1.0 : point->start_fill == PH_FILL_DOWN ? -1.0 : 0.0;
}

static double spin_masked(const ph_point_t *point, const int8_t *row)
{
    const double hidden = hidden_share(point);
    return (1.0 - hidden) * row[pattern_of(point)] + hidden * fill_of(point);
}

static ph_symmetry_left_t symmetry_none(const ph_point_t *point, size_t pattern)
{
    (void)point;
    (void)pattern;
    return PH_SYMMETRY_FREE;
}

static ph_symmetry_left_t symmetry_one(const ph_point_t *point, size_t pattern)
{
    return pattern == pattern_of(point) ? PH_SYMMETRY_FIXED : PH_SYMMETRY_FREE;
}

static ph_symmetry_left_t symmetry_corrupted(const ph_point_t *point, size_t pattern)
{
    return point->start_overlap != 0.0 ? symmetry_one(point, pattern) : PH_SYMMETRY_FREE;
}

static ph_symmetry_left_t symmetry_masked(const ph_point_t *point, size_t pattern)
{
    return hidden_share(point) < 1.0 ? symmetry_one(point, pattern) : PH_SYMMETRY_FREE;
}

static ph_symmetry_left_t symmetry_mixture(const ph_point_t *point, size_t pattern)
{
    for (size_t i = 0; i < listed(point); i++)
        if (listed_pattern(point, i) == pattern && part_of(point, i) > 0.0)
            return PH_SYMMETRY_FIXED;
    return PH_SYMMETRY_FREE;
}

static bool is_listed(const ph_point_t *point, size_t pattern)
{
    for (size_t i = 0; i < listed(point); i++)
        if (listed_pattern(point, i) == pattern)
            return true;
    return false;
}

static ph_symmetry_left_t symmetry_ranked(const ph_point_t *point, size_t pattern)
{
    return is_listed(point, pattern) ? PH_SYMMETRY_FIXED : PH_SYMMETRY_FREE;
}

static ph_symmetry_left_t symmetry_equal(const ph_point_t *point, size_t pattern)
{
    return is_listed(point, pattern) ? PH_SYMMETRY_EQUAL : PH_SYMMETRY_FREE;
}

const ph_start_t PH_START_ROW_RANDOM = {"every spin a fair coin", spin_random, symmetry_none};
const ph_start_t PH_START_ROW_ARCHETYPE = {"one pattern, fair coins where it is blank",
                                           spin_archetype, symmetry_one};
const ph_start_t PH_START_ROW_HIERARCHICAL = {
    "the first non-blank of the listed patterns, fair coins where all are blank", spin_hierarchical,
    symmetry_ranked};
const ph_start_t PH_START_ROW_PARALLEL = {
    "sign of the sum of the listed patterns, fair coins on ties", spin_parallel, symmetry_equal};
const ph_start_t PH_START_ROW_EXAMPLE = {"one example of a pattern, fair coins where it is blank",
                                         spin_example, symmetry_one};
const ph_start_t PH_START_ROW_CORRUPTED = {
    "one pattern with overlap q: each non-blank entry right with probability (1 + q)/2",
    spin_corrupted, symmetry_corrupted};
const ph_start_t PH_START_ROW_FILE = {
    "spins read from a text file, or the last states of another run", spin_random, symmetry_none};

const ph_start_t PH_START_ROW_MIXTURE = {"of each neuron the first listed pattern with probability "
                                         "q, else another of them, evenly; fair "
                                         "coins where that is blank",
                                         spin_mixture, symmetry_mixture};

const ph_start_t PH_START_ROW_MASKED = {
    "one pattern but for what is hidden: a share of the neurons, or of a region of their shape",
    spin_masked, symmetry_masked};

int64_t ph_start_target(const ph_point_t *point, uint32_t replica)
{
    const ph_list_t *targets = &point->start_targets;
    if ((ph_start_facts(point->start)->keys >> PH_KEY_START_TARGETS & 1U) != 0 &&
        targets->count > 0)
        return (int64_t)targets->values[targets->count > 1 ? replica : 0] - 1;
    if (ph_start_has(point->start, PH_START_IS_OF_FIRST))
        return (int64_t)listed_pattern(point, 0);
    return (ph_start_facts(point->start)->keys >> PH_KEY_START_PATTERN & 1U) != 0
               ? (int64_t)pattern_of(point)
               : -1;
}

double ph_start_spin(const ph_point_t *point, const int8_t *row)
{
    return ph_start(point->start)->spin(point, row);
}

bool ph_start_is_of_rows(const ph_point_t *point)
{
    return ph_start_facts(point->start)->spins != PH_SPINS_MASKED ||
           (point->start_fill == PH_FILL_RANDOM && point->start_region.count == 0);
}

bool ph_start_is_forgotten(const ph_point_t *point)
{
    return point->schedule_sweeps > 0 || point->before != NULL ||
           ph_sampler_has(point->sampler, PH_TRAIT_FORGETS);
}

ph_symmetry_left_t ph_start_symmetry(const ph_point_t *point, size_t pattern)
{
    if (ph_start_is_forgotten(point))
        return PH_SYMMETRY_FREE;
    return ph_start(point->start)->symmetry(point, pattern);
}

double ph_start_neuron(const ph_point_t *point, const ph_patterns_t *patterns, size_t neuron)
{
    const int64_t example = point->start_example > 0 ? point->start_example - 1 : 0;
    int16_t entry;
    if (ph_start_facts(point->start)->spins == PH_SPINS_MASKED) {
        const double hidden = in_region(point, neuron) ? point->start_hidden : 0.0;
        const size_t at = neuron * (size_t)patterns->patterns + pattern_of(point);
        return (1.0 - hidden) * patterns->entries[at] + hidden * fill_of(point);
    }
    if (ph_start_facts(point->start)->spins != PH_SPINS_OF_EXAMPLE)
        return ph_start_spin(point, patterns->entries + neuron * (size_t)patterns->patterns);
    ph_dataset_entries(point, patterns, (int64_t)neuron, (int64_t)pattern_of(point), example, 1,
                       &entry);
    return entry;
}

/* One word a neuron, one bit a lane: a coin, where the row does not set the spin. */
static void fill_coins(const ph_point_t *point, const ph_patterns_t *patterns, ph_stream_t *coins,
                       uint64_t *spins)
{
    for (size_t i = 0; i < (size_t)patterns->neurons; i++) {
        const uint64_t word = ph_stream_word(coins);
        const double mean = ph_start_neuron(point, patterns, i);
        spins[i] = mean >= 1.0 ? UINT64_MAX : mean <= -1.0 ? 0 : word;
    }
}

/* Each non-blank entry right with probability (1 + q)/2: a number of its own for each spin. */
static void corrupt(const ph_point_t *point, const ph_patterns_t *patterns, ph_stream_t *numbers,
                    uint64_t lane, uint64_t *spins)
{
    const size_t columns = (size_t)patterns->patterns;
    const int8_t *entries = patterns->entries + pattern_of(point);
    const double right = 0.5 * (1.0 + point->start_overlap);
    for (size_t i = 0; i < (size_t)patterns->neurons; i++) {
        const int entry = entries[i * columns];
        const bool keep = ph_stream_unit(numbers) < right;
        if (entry != 0)
            spins[i] = (spins[i] & ~lane) | (keep == (entry > 0) ? lane : 0);
    }
}

/* The pattern that a neuron's spin is taken from: a number of its own for each spin. */
static void mix(const ph_point_t *point, const ph_patterns_t *patterns, ph_stream_t *numbers,
                uint64_t lane, uint64_t *spins)
{
    const size_t columns = (size_t)patterns->patterns, others = listed(point) - 1;
    for (size_t i = 0; i < (size_t)patterns->neurons; i++) {
        const double u = ph_stream_unit(numbers), rest = u - point->start_overlap;
        size_t k = 0;
        if (rest >= 0.0 && others > 0) { /* a quotient may be rounded up to 1 */
            k = 1 + (size_t)(rest / (1.0 - point->start_overlap) * (double)others);
            k = k > others ? others : k;
        }
        const int entry = patterns->entries[i * columns + listed_pattern(point, k)];
        if (entry != 0 && (rest < 0.0 || others > 0))
            spins[i] = (spins[i] & ~lane) | (entry > 0 ? lane : 0);
    }
}

/* Which neurons of the region are hidden: a number of its own for each spin. */
static void mask(const ph_point_t *point, const ph_patterns_t *patterns, ph_stream_t *numbers,
                 uint64_t lane, uint64_t *spins)
{
    const double fill = fill_of(point);
    for (size_t i = 0; i < (size_t)patterns->neurons; i++) {
        const bool hidden = ph_stream_unit(numbers) < point->start_hidden && in_region(point, i);
        const double spin =
            hidden ? fill : patterns->entries[i * (size_t)patterns->patterns + pattern_of(point)];
        if (spin != 0.0)
            spins[i] = (spins[i] & ~lane) | (spin > 0.0 ? lane : 0);
    }
}

void ph_start_fill(const ph_point_t *point, const ph_patterns_t *patterns, ph_stream_key_t key,
                   uint32_t sample, uint32_t block, uint64_t lanes, uint64_t *spins)
{
    PH_FLOATING_GUARD();
    ph_stream_t coins, numbers;
    ph_stream_init(&coins, key, PH_PURPOSE_START, sample, block, 0);
    fill_coins(point, patterns, &coins, spins);
    const ph_spins_t of = ph_start_facts(point->start)->spins;
    void (*const each)(const ph_point_t *, const ph_patterns_t *, ph_stream_t *, uint64_t,
                       uint64_t *) = of == PH_SPINS_CORRUPTED ? corrupt
                                     : of == PH_SPINS_MIXED   ? mix
                                     : of == PH_SPINS_MASKED  ? mask
                                                              : NULL;
    for (uint32_t l = 0; each != NULL && l < PH_MAX_LANES; l++) {
        if (!(lanes >> l & 1))
            continue;
        ph_stream_init(&numbers, key, PH_PURPOSE_CORRUPT, sample, block, l);
        each(point, patterns, &numbers, UINT64_C(1) << l, spins);
    }
    for (size_t i = 0; i < (size_t)patterns->neurons; i++)
        spins[i] &= lanes;
}
