/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Site by site, one chain, eight attempts at a time. Their fields are first taken from the overlaps
 * as they stand; a flip of one of them then changes the fields of those after it by known numbers.
 * A random number decides by two bounds of the field, looked up before the field is known: at most
 * the lower one is a flip, above the upper one is none. So an attempt waits for the one before it
 * no longer than for a comparison and an addition. Where a field lies between its bounds, they
 * are decided one by one with all 48 bits. A site that comes twice ends a batch. Compiled once for
 * each instruction set of x86-64; the bits are the same.
 */
#include <immintrin.h>
#include <stdlib.h>
#include <string.h>

#include "sim/random/lane_stream.h"
#include "sim/random/xoshiro.h"
#include "sim/samplers/samplers_private.h"
#include "sim/samplers/site_field_private.h"
#include "sim/vector/vector.h"

enum { BATCH = 8, WIDTH = 8, FEATURES_MAX = WIDTH - 1, BIN_BITS = 12 };

/* Fields of a flip: for certain at most `lower`, perhaps at most `upper`. */
typedef struct {
    int16_t lower, upper;
} bounds_t;

/* A record has WIDTH entries of a site: minus its own share, the features, zeros. */
typedef struct {
    _Alignas(64) ph_lanes_t generators;
    ph_sites_t sites;
    int16_t sums[FEATURES_MAX];
    _Alignas(16) int16_t kept[BATCH]; /* attempts without a flip, of a chunk of sites */
    int32_t flips;                    /* of attempts one by one */
    bounds_t bounds[1 << BIN_BITS];   /* by the first bits of a random number */
    int16_t *records;                 /* [neurons + 1][WIDTH]; the last never flips */
    int16_t *spins;                   /* [neurons + 1] */
    uint32_t *permutation;
} state_t;

/* One attempt with all 48 bits. */
static __attribute__((noinline)) void settle(ph_block_t *self, size_t site, uint32_t high,
                                             uint64_t attempt)
{
    state_t *state = self->state;
    const int16_t *record = state->records + site * WIDTH;
    const int32_t spin = state->spins[site];
    int32_t field = record[0] * spin;
    for (size_t p = 0; p < FEATURES_MAX; p++)
        field += record[1 + p] * state->sums[p];
    const bool metropolis = self->decision.sampler == PH_SAMPLER_METROPOLIS;
    const uint64_t threshold =
        ph_decision_integer(&self->decision, metropolis ? field * spin : field);
    const bool yes = ph_site_decide(self, threshold, high, attempt, 0);
    if (metropolis ? !yes : yes == (spin > 0))
        return;
    state->flips++;
    for (size_t p = 0; p < FEATURES_MAX; p++)
        state->sums[p] = (int16_t)(state->sums[p] - 2 * record[1 + p] * spin);
    state->spins[site] = (int16_t)-spin;
}

/* The next random bits, 16 an attempt. */
static inline void draw(uint32_t *s, uint32_t shift, uint32_t *high)
{
    uint32_t s0 = s[0], s1 = s[1], s2 = s[2], s3 = s[3];
    for (size_t k = 0; k < BATCH; k++)
        high[k] = ph_xoshiro32_next(&s0, &s1, &s2, &s3) >> shift & 0xffff;
    s[0] = s0;
    s[1] = s1;
    s[2] = s2;
    s[3] = s3;
}

/* Whether two of eight sites are the same. */
static inline bool doubled(const uint32_t *sites)
{
    const __m128i a = _mm_loadu_si128((const __m128i *)(const void *)sites);
    const __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(sites + 4));
#define TURN(x, by) _mm_shuffle_epi32(x, (0xe4 >> 2 * (by) | 0xe4 << (8 - 2 * (by))) & 0xff)
    __m128i same = _mm_or_si128(_mm_cmpeq_epi32(a, TURN(a, 1)), _mm_cmpeq_epi32(a, TURN(a, 2)));
    same = _mm_or_si128(same, _mm_cmpeq_epi32(b, TURN(b, 1)));
    same = _mm_or_si128(same, _mm_cmpeq_epi32(b, TURN(b, 2)));
    same = _mm_or_si128(same, _mm_cmpeq_epi32(a, b));
    same = _mm_or_si128(same, _mm_cmpeq_epi32(a, TURN(b, 1)));
    same = _mm_or_si128(same, _mm_cmpeq_epi32(a, TURN(b, 2)));
    same = _mm_or_si128(same, _mm_cmpeq_epi32(a, TURN(b, 3)));
#undef TURN
    return _mm_movemask_epi8(same) != 0;
}

/* The longest run of different sites from `from` on, other places filled with the record that never
 * flips; its end. */
static __attribute__((noinline)) uint32_t take_part(const uint32_t *sites, uint32_t from,
                                                    uint32_t left, uint32_t neurons, uint32_t *part)
{
    uint32_t to = from;
    for (bool new = true; new &&to < left; to += new)
        for (uint32_t k = from; k < to; k++)
            new = new &&sites[k] != sites[to];
    for (uint32_t k = 0; k < BATCH; k++)
        part[k] = k >= from && k < to ? sites[k] : neurons;
    return to;
}

/* Rows to columns. */
static inline void transpose(const __m128i *a, __m128i *out)
{
    __m128i b[8], c[8];
    for (size_t k = 0; k < 4; k++) {
        b[2 * k] = _mm_unpacklo_epi16(a[2 * k], a[2 * k + 1]);
        b[2 * k + 1] = _mm_unpackhi_epi16(a[2 * k], a[2 * k + 1]);
    }
    for (size_t k = 0; k < 2; k++) {
        c[4 * k] = _mm_unpacklo_epi32(b[4 * k], b[4 * k + 2]);
        c[4 * k + 1] = _mm_unpackhi_epi32(b[4 * k], b[4 * k + 2]);
        c[4 * k + 2] = _mm_unpacklo_epi32(b[4 * k + 1], b[4 * k + 3]);
        c[4 * k + 3] = _mm_unpackhi_epi32(b[4 * k + 1], b[4 * k + 3]);
    }
    for (size_t k = 0; k < 4; k++) {
        out[2 * k] = _mm_unpacklo_epi64(c[k], c[k + 4]);
        out[2 * k + 1] = _mm_unpackhi_epi64(c[k], c[k + 4]);
    }
}

/* Lower and upper bounds of eight attempts; a spin that is down turns them round. */
static inline void find_bounds(const state_t *state, const uint32_t *high, __m128i spins,
                               bool metropolis, __m128i *lower, __m128i *upper)
{
    int32_t both[BATCH];
    for (size_t k = 0; k < BATCH; k++)
        memcpy(&both[k], &state->bounds[high[k] >> (16 - BIN_BITS)], sizeof(both[k]));
    const __m128i a = _mm_set_epi32(both[3], both[2], both[1], both[0]);
    const __m128i b = _mm_set_epi32(both[7], both[6], both[5], both[4]);
    const __m128i first = _mm_packs_epi32(_mm_srai_epi32(_mm_slli_epi32(a, 16), 16),
                                          _mm_srai_epi32(_mm_slli_epi32(b, 16), 16));
    const __m128i second = _mm_packs_epi32(_mm_srai_epi32(a, 16), _mm_srai_epi32(b, 16));
    *lower = first;
    *upper = second;
    if (!metropolis) {
        const __m128i down = _mm_srai_epi16(spins, 15);
        const __m128i exchange = _mm_and_si128(down, _mm_xor_si128(first, second));
        *lower = _mm_xor_si128(_mm_xor_si128(first, exchange), down);
        *upper = _mm_xor_si128(_mm_xor_si128(second, exchange), down);
    }
}

/* Lane i everywhere; i is a constant once loops are unrolled. */
static inline __attribute__((always_inline)) __m128i everywhere(__m128i a, int i)
{
#ifdef __SSSE3__
    return _mm_shuffle_epi8(a, _mm_set1_epi16((short)(0x0100 + 0x0202 * i)));
#else
    switch (i) {
#define LOW(i)                                                                                     \
    case i:                                                                                        \
        return _mm_shuffle_epi32(_mm_shufflelo_epi16(a, (i)*0x55), 0x00);                          \
    case (i) + 4:                                                                                  \
        return _mm_shuffle_epi32(_mm_shufflehi_epi16(a, (i)*0x55), 0xaa)
        LOW(0);
        LOW(1);
        LOW(2);
        LOW(3);
#undef LOW
    default:
        return a;
    }
#endif
}

/* The sum of all lanes, in each. */
static inline __m128i total(__m128i a)
{
    a = _mm_add_epi16(a, _mm_shuffle_epi32(a, 0x4e));
    a = _mm_add_epi16(a, _mm_shuffle_epi32(a, 0xb1));
    return _mm_add_epi16(a, _mm_or_si128(_mm_slli_epi32(a, 16), _mm_srli_epi32(a, 16)));
}

static inline __m128i load_spins(const int16_t *spins, const uint32_t *sites)
{
    return _mm_setr_epi16(spins[sites[0]], spins[sites[1]], spins[sites[2]], spins[sites[3]],
                          spins[sites[4]], spins[sites[5]], spins[sites[6]], spins[sites[7]]);
}

/* Eight attempts at different sites. False, with nothing changed, where one is left open. `sums`
 * has each overlap in all lanes. */
static inline __attribute__((always_inline)) bool attempt_batch(state_t *state, __m128i *sums,
                                                                const uint32_t *sites,
                                                                const uint32_t *high,
                                                                size_t columns, bool metropolis)
{
    __m128i rows[BATCH], x[WIDTH], lower, upper;
    for (size_t k = 0; k < BATCH; k++)
        rows[k] = _mm_load_si128((const __m128i *)(const void *)state->records + sites[k]);
    transpose(rows, x);
    int16_t *spin_of = state->spins;
    const __m128i spins = load_spins(spin_of, sites);
    find_bounds(state, high, spins, metropolis, &lower, &upper);
    __m128i fields = x[0];
    for (size_t p = 1; p <= columns; p++) {
        x[p] = _mm_mullo_epi16(x[p], spins);
        fields = _mm_add_epi16(fields, _mm_mullo_epi16(x[p], sums[p - 1]));
    }
#pragma GCC unroll 8
    for (int i = 0; i < BATCH; i++) {
        __m128i effect = _mm_setzero_si128();
        for (size_t p = 1; p <= columns; p++)
            effect = _mm_add_epi16(effect, _mm_mullo_epi16(x[p], everywhere(x[p], i)));
        /* 2 s_i s_j phi_i phi_j, on the attempts j > i */
        const __m128i later =
            _mm_cmpgt_epi16(_mm_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7), _mm_set1_epi16((short)i));
        effect = _mm_and_si128(_mm_add_epi16(effect, effect), later);
        const __m128i kept = everywhere(_mm_cmpgt_epi16(fields, lower), i);
        fields = _mm_sub_epi16(fields, _mm_andnot_si128(kept, effect));
    }
    const __m128i kept = _mm_cmpgt_epi16(fields, lower);
    const __m128i open = _mm_andnot_si128(_mm_cmpgt_epi16(fields, upper), kept);
    if (__builtin_expect(_mm_movemask_epi8(open) != 0, 0))
        return false;
    __m128i *count = (__m128i *)(void *)state->kept;
    _mm_store_si128(count, _mm_sub_epi16(_mm_load_si128(count), kept));
    for (size_t p = 1; p <= columns; p++) {
        const __m128i change = total(_mm_andnot_si128(kept, x[p]));
        sums[p - 1] = _mm_sub_epi16(sums[p - 1], _mm_add_epi16(change, change));
    }
    /* 1 or -1 times the spin */
    const __m128i after =
        _mm_mullo_epi16(spins, _mm_sub_epi16(_mm_set1_epi16(-1), _mm_add_epi16(kept, kept)));
    int16_t values[BATCH];
    memcpy(values, &after, sizeof(values));
    for (size_t k = 0; k < BATCH; k++)
        spin_of[sites[k]] = values[k];
    return true;
}

static void load_sums(const state_t *state, __m128i *sums)
{
    for (size_t p = 0; p < FEATURES_MAX; p++)
        sums[p] = _mm_set1_epi16(state->sums[p]);
}

static void save_sums(state_t *state, const __m128i *sums, size_t columns)
{
    for (size_t p = 0; p < columns; p++)
        state->sums[p] = (int16_t)_mm_extract_epi16(sums[p], 0);
}

static void count_flips(ph_block_t *self, uint32_t attempts)
{
    state_t *state = self->state;
    int32_t flips = state->flips + (int32_t)attempts;
    for (size_t k = 0; k < BATCH; k++)
        flips -= state->kept[k];
    if (self->records.accepted != NULL)
        self->records.accepted[0] += flips;
    memset(state->kept, 0, sizeof(state->kept));
    state->flips = 0;
}

/* `columns`, the number of features, and `metropolis` are constants where it is called from. */
static inline __attribute__((always_inline)) void run(ph_block_t *self, size_t columns,
                                                      bool metropolis)
{
    state_t *state = self->state;
    const uint32_t pair = self->lane_first / 2, shift = self->lane_first % 2 * 16;
    uint32_t s[4], high[BATCH];
    for (size_t k = 0; k < 4; k++)
        s[k] = state->generators.state[k][pair];
    const uint32_t neurons = (uint32_t)self->point->neurons;
    const bool random = self->point->order == PH_ORDER_RANDOM;
    uint64_t attempt = 0;
    __m128i sums[FEATURES_MAX];
    load_sums(state, sums);
    for (uint32_t count; (count = ph_sites_next(&state->sites)) > 0;) {
        uint32_t padded = 0;
        for (uint32_t first = 0; first < count; first += BATCH, attempt += BATCH) {
            const uint32_t *sites = state->sites.sites + first, *at = sites;
            const uint32_t left = count - first < BATCH ? count - first : BATCH;
            uint32_t part[BATCH], from = 0, to = BATCH;
            draw(s, shift, high);
            if (__builtin_expect(left < BATCH || (random && doubled(sites)), 0)) {
                to = take_part(sites, from, left, neurons, part);
                at = part;
            }
            for (;; from = to, to = take_part(sites, from, left, neurons, part), at = part) {
                padded += BATCH - (to - from);
                if (!attempt_batch(state, sums, at, high, columns, metropolis)) {
                    save_sums(state, sums, columns);
                    for (uint32_t k = from; k < to; k++)
                        settle(self, sites[k], high[k], attempt + k);
                    load_sums(state, sums);
                    state->kept[0] = (int16_t)(state->kept[0] + BATCH);
                }
                if (to >= left)
                    break;
            }
        }
        count_flips(self, count + padded);
    }
    save_sums(state, sums, columns);
}

static inline __attribute__((always_inline)) void run_columns(ph_block_t *self, bool metropolis)
{
    switch (self->coupling.features) {
    case 1:
        run(self, 1, metropolis);
        break;
    case 2:
        run(self, 2, metropolis);
        break;
    case 3:
        run(self, 3, metropolis);
        break;
    default:
        run(self, FEATURES_MAX, metropolis);
        break;
    }
}

static void sweep(ph_block_t *self)
{
    state_t *state = self->state;
    ph_site_begin(self, &state->generators, &state->sites, state->permutation);
    if (self->decision.sampler == PH_SAMPLER_METROPOLIS)
        run_columns(self, true);
    else
        run_columns(self, false);
}

static void gather(ph_block_t *self)
{
    state_t *state = self->state;
    for (size_t i = 0; i < (size_t)self->point->neurons; i++)
        state->spins[i] = (int16_t)ph_block_spin(self, i, 0);
    for (size_t p = 0; p < (size_t)self->coupling.features; p++)
        state->sums[p] = (int16_t)self->overlaps[p];
}

static void bring_overlaps(ph_block_t *self)
{
    const state_t *state = self->state;
    for (size_t p = 0; p < (size_t)self->coupling.features; p++)
        self->overlaps[p] = state->sums[p];
}

static void bring_spins(ph_block_t *self)
{
    const state_t *state = self->state;
    for (size_t i = 0; i < (size_t)self->point->neurons; i++)
        self->spins[i] = (uint64_t)(state->spins[i] > 0) << self->lane_first;
}

/* Whether the share of flips falls with the field: not where a tie is a half beside a certainty. */
static bool falls(const ph_block_t *self, int32_t largest)
{
    const bool metropolis = self->decision.sampler == PH_SAMPLER_METROPOLIS;
    uint64_t last = ph_decision_integer(&self->decision, -largest);
    for (int32_t k = 1 - largest; k <= largest; k++) {
        const uint64_t next = ph_decision_integer(&self->decision, k);
        if (metropolis ? next > last : next < last)
            return false;
        last = next;
    }
    return true;
}

/* In random order a site may come twice among eight; and what a flip does to the others costs as
 * much as a flip that was not foreseen (site_single.c) from four features on, where few flip. */
static bool fits(const ph_block_t *self)
{
    enum { NEURONS_MIN = 128, FEATURES_RANDOM = 3 };
    const bool random = self->point->order == PH_ORDER_RANDOM;
    const bool glauber = self->decision.sampler == PH_SAMPLER_GLAUBER;
    if (!ISA_PRESENT || self->lanes != 1 || !self->decision.integer ||
        self->coupling.features > (random && glauber ? FEATURES_RANDOM : FEATURES_MAX) ||
        (random && self->point->neurons < NEURONS_MIN))
        return false;
    const int64_t largest = ph_site_largest_field(self);
    return largest < INT16_MAX && falls(self, (int32_t)largest);
}

static void raise(int16_t *bound, int32_t k)
{
    *bound = (int16_t)(k > *bound ? k : *bound);
}

/* The largest fields that flip for certain, and perhaps, for the numbers of each bin. */
static void fill_bounds(const ph_block_t *self, bounds_t *bounds)
{
    enum { BINS = 1 << BIN_BITS, REST = PH_DECISION_BITS - BIN_BITS };
    const bool metropolis = self->decision.sampler == PH_SAMPLER_METROPOLIS;
    const int32_t largest = (int32_t)ph_site_largest_field(self);
    for (int b = 0; b < BINS; b++)
        bounds[b].lower = bounds[b].upper = (int16_t)(-largest - 1);
    for (int32_t k = -largest; k <= largest; k++) {
        const uint64_t threshold = ph_decision_integer(&self->decision, k);
        const int64_t below = (int64_t)(threshold >> REST);
        const int64_t above = (int64_t)((threshold + (UINT64_C(1) << REST) - 1) >> REST);
        /* u < threshold is a flip, or (Glauber, up already) u >= threshold. */
        const int64_t sure = metropolis ? below - 1 : above, maybe = metropolis ? above - 1 : below;
        if (sure >= 0 && sure < BINS)
            raise(&bounds[sure].lower, k);
        if (maybe >= 0 && maybe < BINS)
            raise(&bounds[maybe].upper, k);
    }
    for (int b = 1; b < BINS; b++) {
        const int at = metropolis ? BINS - 1 - b : b, before = metropolis ? at + 1 : at - 1;
        raise(&bounds[at].lower, bounds[before].lower);
        raise(&bounds[at].upper, bounds[before].upper);
    }
}

static int prepare(ph_block_t *self)
{
    state_t *state = aligned_alloc(64, (sizeof(*state) + 63) / 64 * 64);
    const size_t features = (size_t)self->coupling.features;
    const size_t neurons = (size_t)self->point->neurons;
    self->state = state;
    if (state == NULL)
        return PH_ERR_MEMORY;
    memset(state, 0, sizeof(*state));
    const size_t bytes = (neurons + 1) * WIDTH * sizeof(int16_t);
    state->records = aligned_alloc(64, (bytes + 63) / 64 * 64);
    state->spins = malloc((neurons + 1) * sizeof(*state->spins));
    state->permutation = malloc(neurons * sizeof(*state->permutation));
    if (state->records == NULL || state->spins == NULL || state->permutation == NULL)
        return PH_ERR_MEMORY;
    memset(state->records, 0, bytes);
    for (size_t i = 0; i < neurons; i++) {
        int16_t *record = state->records + i * WIDTH;
        record[0] = (int16_t)-self->squares[i];
        memcpy(record + 1, self->coupling.phi + i * features, features * sizeof(*record));
    }
    state->records[neurons * WIDTH] = INT16_MAX;
    state->spins[neurons] = 1;
    fill_bounds(self, state->bounds);
    return PH_OK;
}

static void free_state(ph_block_t *self)
{
    state_t *state = self->state;
    if (state != NULL) {
        free(state->records);
        free(state->spins);
        free(state->permutation);
        free(state);
    }
    self->state = NULL;
}

const ph_kernel_t KERNEL_OF(BATCH) = {
    .name = "single-" ISA_NAME,
    .help = "one chain, eight attempts at a time",
    .counts = true,
    .fits = fits,
    .prepare = prepare,
    .gather = gather,
    .sweep = sweep,
    .overlaps = bring_overlaps,
    .spins = bring_spins,
    .free = free_state,
};
