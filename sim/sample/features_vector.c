/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Site by site, all lanes of a block in vector registers, for fields that need 32 bits: many
 * features, or features that are sums of examples. Two features are multiplied and added at a time
 * (16-bit factors, 32-bit sums). Overlaps beyond 16 bits are kept in two parts, O = 2^14 high +
 * low, and the field is 2^14 times that of the high parts plus that of the low ones. Compiled once
 * for each instruction set (PH_ISA_AVX2, PH_ISA_SSE2); the bits are the same.
 *
 * The decision is screened by the upper 16 bits of its threshold at the two ends of a bin of field
 * strengths; what lies between is decided by the exact threshold.
 */
#include <immintrin.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sample/lanes.h"
#include "sim/sample/sampler_private.h"

#if defined(PH_ISA_AVX2)
#include "sim/sample/vector_avx2_private.h"
#else
#include "sim/sample/vector_sse2_private.h"
#endif

enum {
    BINS = 4096,
    PART_BITS = 14,
    VECTORS_MAX = PH_MAX_LANES / VECTOR_WORDS,
    OVERLAP_MAX = 1 << 28 /* high parts stay within 16 bits */
};

/* Shares of the decision that lie against the field, upper 16 bits: at most `upper`, at least
 * `lower` within a bin. */
typedef struct {
    uint16_t lower, upper;
} bin_t;

typedef struct {
    _Alignas(64) ph_lanes_t generators;
    ph_sites_t sites;
    _Alignas(64) int32_t field[PH_MAX_LANES];
    _Alignas(64) int32_t change[PH_MAX_LANES];
    _Alignas(64) uint32_t words[PH_LANE_PAIRS];
    uint32_t shift; /* of |k| to its bin */
    bin_t bins[BINS + 1];
    bool wide;
    size_t pairs;     /* of features; the last one may be half empty */
    uint32_t *low;    /* [pairs][PH_MAX_LANES] two 16-bit overlaps, or their low parts */
    uint32_t *high;   /* wide: their high parts */
    int32_t *sums;    /* wide: [2 pairs][PH_MAX_LANES] overlaps */
    uint32_t *places; /* [neurons], for permuted order */
} state_t;

/* Entries 2 q and 2 q + 1 of a site. */
static inline uint32_t entries(const ph_block_t *self, const int16_t *phi, size_t q)
{
    const uint32_t first = (uint16_t)phi[2 * q];
    if (2 * q + 1 == (size_t)self->coupling.features)
        return first;
    return first | (uint32_t)(uint16_t)phi[2 * q + 1] << 16;
}

static inline __attribute__((always_inline)) void
find_fields(const ph_block_t *self, state_t *state, const int16_t *phi, size_t count, bool wide)
{
    vector_t low[VECTORS_MAX], high[VECTORS_MAX];
    for (size_t v = 0; v < count; v++)
        low[v] = high[v] = set32(0);
    for (size_t q = 0; q < state->pairs; q++) {
        const uint32_t both = entries(self, phi, q);
        if (both == 0)
            continue;
        const vector_t factor = set32(both);
        for (size_t v = 0; v < count; v++) {
            const size_t at = q * PH_MAX_LANES + v * VECTOR_WORDS;
            low[v] = add32(low[v], madd16(factor, load(state->low + at)));
            if (wide)
                high[v] = add32(high[v], madd16(factor, load(state->high + at)));
        }
    }
    for (size_t v = 0; v < count; v++)
        store(state->field + v * VECTOR_WORDS,
              wide ? add32(low[v], left32(high[v], PART_BITS)) : low[v]);
}

/* Decides every lane; the spins that change, as bits. */
static inline __attribute__((always_inline)) uint64_t
decide(const ph_block_t *self, state_t *state, size_t site, uint64_t attempt, bool metropolis)
{
    const uint64_t spins = self->spins[site];
    const int32_t own = self->squares[site];
    uint64_t changed = 0;
    for (uint32_t l = self->lane_first; l < self->lane_first + self->lanes; l++) {
        const int32_t spin = (int32_t)(spins >> l & 1) * 2 - 1;
        const int32_t k = state->field[l] - own * spin;
        const uint32_t u = state->words[l / 2] >> l % 2 * 16 & 0xffff;
        const int32_t cost = metropolis ? k * spin : -k;
        const uint32_t strength = (uint32_t)(k < 0 ? -k : k);
        const uint32_t bin = strength >> state->shift < BINS ? strength >> state->shift : BINS;
        /* Along a field that is up: u >= 1 - p is 65535 - u < p. */
        const uint32_t against = !metropolis && k > 0 ? 65535 - u : u;
        bool yes = against < state->bins[bin].lower;
        if (metropolis && cost < 0)
            yes = true;
        else if (!yes && against <= state->bins[bin].upper)
            yes = ph_site_decide(self, ph_decision_integer(&self->decision, metropolis ? cost : k),
                                 u, attempt, l - self->lane_first) ^
                  (!metropolis && k > 0);
        const bool up = metropolis ? (spin > 0) ^ yes : (k > 0) ^ yes;
        state->change[l] = (up ? 1 : -1) - spin;
        changed |= (uint64_t)(state->change[l] != 0) << l;
    }
    return changed;
}

static inline __attribute__((always_inline)) void apply(const ph_block_t *self, state_t *state,
                                                        const int16_t *phi, size_t count, bool wide)
{
    const vector_t bottom = set32(0xffff), part = set32((1 << PART_BITS) - 1);
    vector_t change[VECTORS_MAX];
    for (size_t v = 0; v < count; v++) { /* in the lower half of each word; both halves if narrow */
        change[v] = and_(load(state->change + v * VECTOR_WORDS), bottom);
        if (!wide)
            change[v] = or_(change[v], left32(change[v], 16));
    }
    for (size_t q = 0; q < state->pairs; q++) {
        const uint32_t both = entries(self, phi, q);
        if (both == 0)
            continue;
        const vector_t first = set32(both & 0xffff), second = set32(both >> 16);
        for (size_t v = 0; v < count; v++) {
            const size_t at = q * PH_MAX_LANES + v * VECTOR_WORDS;
            if (!wide) {
                store(state->low + at, add16(load(state->low + at), low16(set32(both), change[v])));
                continue;
            }
            int32_t *sums = state->sums + at + q * PH_MAX_LANES;
            const vector_t a = add32(load(sums), madd16(first, change[v]));
            const vector_t b = add32(load(sums + PH_MAX_LANES), madd16(second, change[v]));
            store(sums, a);
            store(sums + PH_MAX_LANES, b);
            store(state->low + at, or_(and_(a, part), left32(and_(b, part), 16)));
            store(state->high + at, or_(and_(sign_right32(a, PART_BITS), bottom),
                                        left32(sign_right32(b, PART_BITS), 16)));
        }
    }
}

static inline __attribute__((always_inline)) void run(ph_block_t *self, size_t count, bool wide,
                                                      bool metropolis)
{
    state_t *state = self->state;
    const uint32_t end = self->lane_first + self->lanes;
    uint64_t attempt = 0;
    for (uint32_t sites; (sites = ph_sites_next(&state->sites)) > 0;)
        for (uint32_t k = 0; k < sites; k++, attempt++) {
            const size_t site = state->sites.sites[k];
            const int16_t *phi = self->coupling.phi + site * (size_t)self->coupling.features;
            ph_lanes_next(&state->generators, self->lane_first / 2, (end + 1) / 2, state->words);
            find_fields(self, state, phi, count, wide);
            const uint64_t changed = decide(self, state, site, attempt, metropolis);
            self->spins[site] ^= changed;
            if (changed != 0)
                apply(self, state, phi, count, wide);
        }
}

/* `count`, `wide` and `metropolis` are constants where the work is done. */
static inline __attribute__((always_inline)) void run_lanes(ph_block_t *self, bool wide,
                                                            bool metropolis)
{
    const uint32_t end = self->lane_first + self->lanes;
    if (end <= 16)
        run(self, 16 / VECTOR_WORDS, wide, metropolis);
    else if (end <= 32)
        run(self, 32 / VECTOR_WORDS, wide, metropolis);
    else
        run(self, 64 / VECTOR_WORDS, wide, metropolis);
}

static void run_narrow(ph_block_t *self)
{
    if (self->decision.sampler == PH_SAMPLER_METROPOLIS)
        run_lanes(self, false, true);
    else
        run_lanes(self, false, false);
}

static void run_wide(ph_block_t *self)
{
    if (self->decision.sampler == PH_SAMPLER_METROPOLIS)
        run_lanes(self, true, true);
    else
        run_lanes(self, true, false);
}

static void sweep(ph_block_t *self)
{
    state_t *state = self->state;
    ph_lanes_seed(&state->generators, self->key, self->sample, self->block, self->sweep,
                  (self->lane_first + self->lanes + 1) / 2);
    ph_sites_init(&state->sites, self->key, self->sample, self->block, self->sweep,
                  self->point->order, self->point->neurons, state->places);
    if (state->wide)
        run_wide(self);
    else
        run_narrow(self);
}

static void bring_overlaps(ph_block_t *self)
{
    const state_t *state = self->state;
    for (size_t p = 0; p < (size_t)self->coupling.features; p++)
        for (uint32_t l = 0; l < self->lanes; l++) {
            const size_t lane = self->lane_first + l;
            const uint32_t both = state->low[p / 2 * PH_MAX_LANES + lane];
            self->overlaps[p * self->lanes + l] =
                state->wide ? state->sums[p * PH_MAX_LANES + lane] : (int16_t)(both >> p % 2 * 16);
        }
}

static void put_part(uint32_t *pair, size_t p, int32_t value)
{
    const uint32_t mask = UINT32_C(0xffff) << p % 2 * 16;
    *pair = (*pair & ~mask) | ((uint32_t)(uint16_t)value << p % 2 * 16);
}

static void gather(ph_block_t *self)
{
    state_t *state = self->state;
    for (size_t p = 0; p < (size_t)self->coupling.features; p++)
        for (uint32_t l = 0; l < self->lanes; l++) {
            const size_t lane = self->lane_first + l, at = p / 2 * PH_MAX_LANES + lane;
            const int32_t overlap = self->overlaps[p * self->lanes + l];
            const int32_t low = overlap & ((1 << PART_BITS) - 1);
            put_part(&state->low[at], p, state->wide ? low : overlap);
            if (!state->wide)
                continue;
            put_part(&state->high[at], p, (overlap - low) / (1 << PART_BITS));
            state->sums[p * PH_MAX_LANES + lane] = overlap;
        }
}

/* The share against a field of strength k or more, as an upper bound of its 16 upper bits, with
 * room for the last bits of exp. */
static uint64_t share(const ph_block_t *self, double k)
{
    return k > INT32_MAX ? 0 : ph_decision_compute(&self->decision, (int32_t)k);
}

static void fill_bins(const ph_block_t *self, state_t *state)
{
    double last = 1.0;
    if (self->decision.noise > 0.0)
        last = 34.0 * self->decision.noise / (2.0 * self->decision.scale) + 2.0;
    while (last / (double)(UINT32_C(1) << state->shift) > BINS && state->shift < 31)
        state->shift++;
    for (uint32_t b = 0; b < BINS; b++) {
        const double first = (double)b * (double)(UINT32_C(1) << state->shift);
        const double end = first + (double)(UINT32_C(1) << state->shift);
        const uint64_t most = share(self, first) + 4, least = share(self, end);
        state->bins[b].upper = (uint16_t)(most >> 32 < 65535 ? most >> 32 : 65535);
        state->bins[b].lower = (uint16_t)(least > 4 ? (least - 4) >> 32 : 0);
    }
    state->bins[0] = (bin_t){0, 65535}; /* holds the tie */
    state->bins[BINS] = (bin_t){0, 0};
}

static bool fits(const ph_block_t *self)
{
    return ISA_PRESENT && self->lanes >= 4 && self->decision.integer &&
           self->coupling.overlap_bound < OVERLAP_MAX && self->records.accepted == NULL;
}

static int prepare(ph_block_t *self)
{
    const size_t pairs = ((size_t)self->coupling.features + 1) / 2;
    const size_t bytes = pairs * PH_MAX_LANES * sizeof(uint32_t);
    state_t *state = aligned_alloc(64, (sizeof(*state) + 63) / 64 * 64);
    self->state = state;
    if (state == NULL)
        return PH_ERR_MEMORY;
    memset(state, 0, sizeof(*state));
    state->wide = self->coupling.overlap_bound > INT16_MAX;
    state->pairs = pairs;
    state->low = aligned_alloc(64, bytes);
    state->high = state->wide ? aligned_alloc(64, bytes) : NULL;
    state->sums = state->wide ? aligned_alloc(64, 2 * bytes) : NULL;
    state->places = malloc((size_t)self->point->neurons * sizeof(*state->places));
    if (state->low == NULL || state->places == NULL ||
        (state->wide && (state->high == NULL || state->sums == NULL)))
        return PH_ERR_MEMORY;
    memset(state->low, 0, bytes);
    if (state->wide) {
        memset(state->high, 0, bytes);
        memset(state->sums, 0, 2 * bytes);
    }
    fill_bins(self, state);
    return PH_OK;
}

static void free_state(ph_block_t *self)
{
    state_t *state = self->state;
    if (state != NULL) {
        free(state->low);
        free(state->high);
        free(state->sums);
        free(state->places);
        free(state);
    }
    self->state = NULL;
}

const ph_kernel_t KERNEL_FEATURES = {
    .name = "features-" ISA_NAME,
    .help = "32-bit fields in vector registers, two features at a time",
    .fits = fits,
    .prepare = prepare,
    .gather = gather,
    .sweep = sweep,
    .overlaps = bring_overlaps,
    .free = free_state,
};
