/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Site by site, one chain, four attempts at a time. Their fields are first taken from the overlaps
 * as they stand; a flip of one of them then changes the fields of those after it by known numbers.
 * A random number decides by two bounds of the field, looked up before the field is known: at most
 * the lower one is a flip, above the upper one is none. So an attempt waits for the one before it
 * no longer than for a comparison and an addition. Where a field lies between its bounds, or a site
 * comes twice, the four are decided one by one. Compiled for rows of 4, 8 and 16 features and each
 * instruction set; the bits are the same.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/random/lane_stream.h"
#include "sim/random/xoshiro.h"
#include "sim/samplers/samplers_private.h"
#include "sim/samplers/site_field_private.h"
#include "sim/vector/vector.h"
#if PH_WIDTH == 4
#include "sim/samplers/batch_pairs_private.h"
#else
#include "sim/samplers/batch_rows_private.h"
#endif

/* Random words are drawn so many attempts ahead, a multiple of BATCH. */
enum { AHEAD = 16 };

enum { BIN_BITS = 12, BIN_SHIFT = 16 - BIN_BITS, BIN_MASK = (1 << BIN_BITS) - 1 };

/* Two numbers of 16 bits in one word, which is read by the lane. */
#define low_of(word) ((int16_t)(word))
#define high_of(word) ((word) >> 16)

static inline int32_t packed(int32_t low, int32_t high)
{
    return (int32_t)((uint32_t)high << 16 | ((uint32_t)low & 0xffff));
}

typedef struct {
    _Alignas(64) ph_lanes_t generators;
    ph_sites_t sites;
    _Alignas(64) int16_t sums[WIDTH];
    int32_t flips;                  /* of attempts one by one */
    int32_t bounds[1 << BIN_BITS];  /* by the first bits of a random number: fields of a flip, for
                                     * certain at most the low half, perhaps at most the high one */
    uint32_t words[PH_ORDER_CHUNK]; /* random, one an attempt */
    int16_t *records;               /* [neurons][WIDTH], the features, zeros */
    int32_t *spins;                 /* [neurons]: the spin, and its own share of its field */
    uint32_t *permutation;
} state_t;

/* Field times spin of a site, from the overlaps. */
static int32_t find_field(const state_t *state, size_t site)
{
    const int16_t *record = state->records + site * WIDTH;
    int32_t field = 0;
    for (size_t p = 0; p < WIDTH; p++)
        field += record[p] * state->sums[p];
    return field * low_of(state->spins[site]) - high_of(state->spins[site]);
}

/* One attempt; with all 48 bits where its bounds leave it open. */
static void settle(ph_block_t *self, size_t site, uint32_t high, uint64_t attempt)
{
    state_t *state = self->state;
    const bool metropolis = self->decision.sampler == PH_SAMPLER_METROPOLIS;
    const int16_t *record = state->records + site * WIDTH;
    const int32_t spin = low_of(state->spins[site]), field = find_field(state, site);
    const int32_t bounds = state->bounds[high >> BIN_SHIFT];
    const bool turned = !metropolis && spin < 0;
    if (field > (turned ? ~low_of(bounds) : high_of(bounds)))
        return;
    if (field > (turned ? ~high_of(bounds) : low_of(bounds))) {
        const uint64_t threshold =
            ph_decision_integer(&self->decision, metropolis ? field : field * spin);
        const bool yes = ph_site_decide(self, threshold, high, attempt, 0);
        if (metropolis ? !yes : yes == (spin > 0))
            return;
    }
    state->flips++;
    for (size_t p = 0; p < WIDTH; p++)
        state->sums[p] = (int16_t)(state->sums[p] - 2 * record[p] * spin);
    state->spins[site] = packed(-spin, high_of(state->spins[site]));
}

/* Attempts [from, to) of those handed out, one by one. */
static __attribute__((noinline)) void settle_all(ph_block_t *self, uint64_t attempt, uint32_t from,
                                                 uint32_t to)
{
    const state_t *state = self->state;
    const uint32_t shift = self->lane_first % 2 * 16;
    for (uint32_t k = from; k < to; k++)
        settle(self, state->sites.sites[k], state->words[k] >> shift & 0xffff, attempt + k);
}

/* The generator of a pair of lanes, in registers. */
typedef struct {
    uint32_t s0, s1, s2, s3;
} words_from_t;

INLINED words_from_t load_generator(const ph_lanes_t *generators, uint32_t pair)
{
    const uint32_t(*state)[PH_LANE_PAIRS] = generators->state;
    return (words_from_t){state[0][pair], state[1][pair], state[2][pair], state[3][pair]};
}

INLINED void save_generator(ph_lanes_t *generators, uint32_t pair, const words_from_t *from)
{
    uint32_t(*state)[PH_LANE_PAIRS] = generators->state;
    state[0][pair] = from->s0;
    state[1][pair] = from->s1;
    state[2][pair] = from->s2;
    state[3][pair] = from->s3;
}

/* Words [*drawn, to), of which there are `to` in all. */
INLINED void draw(words_from_t *from, uint32_t *words, uint32_t *drawn, uint32_t to)
{
    for (; *drawn < to; ++*drawn)
        words[*drawn] = ph_xoshiro32_next(&from->s0, &from->s1, &from->s2, &from->s3);
}

/* Whether two of four sites are the same. */
INLINED bool repeated(const uint32_t *sites)
{
    words_t a;
    memcpy(&a, sites, sizeof(a));
    return any((a == __builtin_shufflevector(a, a, 1, 2, 3, 0)) |
               (a == __builtin_shufflevector(a, a, 2, 3, 0, 1)));
}

INLINED words_t gather(const int32_t *from, uint32_t i, uint32_t j, uint32_t k, uint32_t l)
{
    return (words_t){from[i], from[j], from[k], from[l]};
}

/* What a batch reads of the state. */
typedef struct {
    const int16_t *records;
    const int32_t *bounds;
    int32_t *spins;
    uint32_t shift; /* to the bin of a word */
} batch_t;

/* Four attempts at different sites. False, with nothing changed, where one is left open. `rests`
 * counts those without a flip. */
INLINED bool attempt_batch(const batch_t *batch, sums_t *sums, const uint32_t *sites,
                           const uint32_t *words, bool metropolis, words_t *rests)
{
#define BIN(k) (words[k] >> batch->shift & BIN_MASK)
    const words_t bounds = gather(batch->bounds, BIN(0), BIN(1), BIN(2), BIN(3));
#undef BIN
    const words_t at = gather(batch->spins, sites[0], sites[1], sites[2], sites[3]);
    const words_t spins = (words_t)((bits_t)at << 16) >> 16;
    words_t lower = (words_t)((bits_t)bounds << 16) >> 16, upper = bounds >> 16;
    if (!metropolis) {
        const words_t down = spins < 0, exchange = down & (lower ^ upper);
        lower ^= exchange ^ down;
        upper ^= exchange ^ down;
    }
    rows_t x;
    words_t effects[BATCH - 1];
    load_rows(&x, batch->records, sites, spins);
    find_effects(&x, effects);
    words_t fields = find_fields(&x, *sums) - (at >> 16);
    fields -= ~everywhere(fields > lower, 0) & effects[0];
    fields -= ~everywhere(fields > lower, 1) & effects[1];
    fields -= ~everywhere(fields > lower, 2) & effects[2];
    const words_t kept = fields > lower;
    if (__builtin_expect(any(kept & ~(fields > upper)), 0))
        return false;
    *sums = flip(&x, *sums, kept);
    *rests -= kept;
    const words_t after = at ^ (~kept & 0xfffe); /* 1 and -1 differ by these bits */
    for (size_t k = 0; k < BATCH; k++)
        batch->spins[sites[k]] = after[k];
    return true;
}

/* `metropolis` is a constant where it is called from. */
INLINED void run(ph_block_t *self, bool metropolis)
{
    state_t *state = self->state;
    const batch_t batch = {state->records, state->bounds, state->spins,
                           self->lane_first % 2 * 16 + BIN_SHIFT};
    const bool random = self->point->order == PH_ORDER_RANDOM;
    const uint32_t *sites = state->sites.sites, pair = self->lane_first / 2;
    uint64_t attempt = 0;
    sums_t sums = load_sums(state->sums);
    words_from_t from = load_generator(&state->generators, pair);
    words_t rests = {0};
    int32_t batches = 0;
    for (uint32_t count; (count = ph_sites_next(&state->sites)) > 0; attempt += count) {
        const uint32_t whole = count / BATCH * BATCH;
        uint32_t drawn = 0;
        draw(&from, state->words, &drawn, whole < AHEAD ? whole : AHEAD);
        for (uint32_t k = 0; k < whole; k += BATCH) {
            if (drawn < whole) /* one word waits for the next, beside the attempts */
                for (int i = 0; i < BATCH; i++)
                    draw(&from, state->words, &drawn, drawn + 1);
            if (__builtin_expect(!(random && repeated(sites + k)), 1) &&
                attempt_batch(&batch, &sums, sites + k, state->words + k, metropolis, &rests)) {
                batches++;
                continue;
            }
            save_sums(state->sums, sums);
            settle_all(self, attempt, k, k + BATCH);
            sums = load_sums(state->sums);
        }
        draw(&from, state->words, &drawn, count);
        save_sums(state->sums, sums);
        settle_all(self, attempt, whole, count);
        sums = load_sums(state->sums);
    }
    save_generator(&state->generators, pair, &from);
    if (self->records.accepted != NULL)
        self->records.accepted[0] +=
            state->flips + BATCH * batches - (rests[0] + rests[1] + rests[2] + rests[3]);
    state->flips = 0;
}

static void sweep(ph_block_t *self)
{
    state_t *state = self->state;
    ph_site_begin(self, &state->generators, &state->sites, state->permutation);
    if (self->decision.sampler == PH_SAMPLER_METROPOLIS)
        run(self, true);
    else
        run(self, false);
}

static void gather_state(ph_block_t *self)
{
    state_t *state = self->state;
    for (size_t i = 0; i < (size_t)self->point->neurons; i++)
        state->spins[i] = packed(ph_block_spin(self, i, 0), self->squares[i]);
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
        self->spins[i] = (uint64_t)(low_of(state->spins[i]) > 0) << self->lane_first;
}

/* Whether the share of flips falls with the field: not where a tie is a half beside a certainty. */
static bool falls(const ph_block_t *self, int32_t largest)
{
    const bool metropolis = self->decision.sampler == PH_SAMPLER_METROPOLIS;
    uint64_t last = ph_decision_integer(&self->decision, -largest);
    if (metropolis && self->decision.tie == PH_DECISION_HALF && self->decision.noise > 0.0)
        return false;
    for (int32_t k = 1 - largest; k <= largest; k++) {
        const uint64_t next = ph_decision_integer(&self->decision, k);
        if (metropolis ? next > last : next < last)
            return false;
        last = next;
    }
    return true;
}

/* In random order a site may come twice among four. */
static bool fits(const ph_block_t *self)
{
    enum { NEURONS_MIN = 128 };
    const bool random = self->point->order == PH_ORDER_RANDOM;
    if (!ISA_PRESENT || self->lanes != 1 || !self->decision.integer ||
        self->coupling.features > WIDTH || (random && self->point->neurons < NEURONS_MIN))
        return false;
    const int64_t largest = self->largest_field;
    return largest < INT16_MAX && falls(self, (int32_t)largest);
}

/* Raises either half of a bin to k. */
static void raise(int32_t *bin, int32_t low, int32_t high)
{
    *bin = packed(low > low_of(*bin) ? low : low_of(*bin),
                  high > high_of(*bin) ? high : high_of(*bin));
}

/* The largest fields that flip for certain, and perhaps, for the numbers of each bin. */
static void fill_bounds(const ph_block_t *self, int32_t *bounds)
{
    enum { BINS = 1 << BIN_BITS, REST = PH_DECISION_BITS - BIN_BITS };
    const bool metropolis = self->decision.sampler == PH_SAMPLER_METROPOLIS;
    const int32_t largest = (int32_t)self->largest_field, none = -largest - 1;
    for (int b = 0; b < BINS; b++)
        bounds[b] = packed(none, none);
    for (int32_t k = -largest; k <= largest; k++) {
        const uint64_t threshold = ph_decision_integer(&self->decision, k);
        const int64_t below = (int64_t)(threshold >> REST);
        const int64_t above = (int64_t)((threshold + (UINT64_C(1) << REST) - 1) >> REST);
        /* u < threshold is a flip, or (Glauber, up already) u >= threshold. */
        const int64_t sure = metropolis ? below - 1 : above, maybe = metropolis ? above - 1 : below;
        if (sure >= 0 && sure < BINS)
            raise(&bounds[sure], k, none);
        if (maybe >= 0 && maybe < BINS)
            raise(&bounds[maybe], none, k);
    }
    for (int b = 1; b < BINS; b++) {
        const int at = metropolis ? BINS - 1 - b : b, before = metropolis ? at + 1 : at - 1;
        raise(&bounds[at], low_of(bounds[before]), high_of(bounds[before]));
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
    const size_t bytes = neurons * WIDTH * sizeof(int16_t);
    state->records = aligned_alloc(64, (bytes + 63) / 64 * 64);
    state->spins = malloc(neurons * sizeof(*state->spins));
    state->permutation = malloc(neurons * sizeof(*state->permutation));
    if (state->records == NULL || state->spins == NULL || state->permutation == NULL)
        return PH_ERR_MEMORY;
    memset(state->records, 0, bytes);
    for (size_t i = 0; i < neurons; i++)
        memcpy(state->records + i * WIDTH, self->coupling.phi + i * features,
               features * sizeof(int16_t));
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

#define TEXT_OF(width) #width
#define TEXT(width) TEXT_OF(width)
const ph_kernel_t PH_JOIN(PH_JOIN(PH_KERNEL_BATCH, PH_WIDTH), PH_JOIN(_, PH_ISA)) = {
    .name = "single" TEXT(PH_WIDTH) "-" ISA_NAME,
    .help = "one chain, four attempts at a time",
    .counts = true,
    .fits = fits,
    .prepare = prepare,
    .gather = gather_state,
    .sweep = sweep,
    .overlaps = bring_overlaps,
    .spins = bring_spins,
    .free = free_state,
};
