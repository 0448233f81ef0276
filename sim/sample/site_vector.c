/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Site by site, all lanes of a block in vector registers of 16-bit integers. Compiled once for each
 * instruction set, which the build names PH_ISA_AVX2 or PH_ISA_SSE2; the bits are the same. Fields
 * and overlaps are exact; the screen (screen.h) decides, and what it leaves open is decided by the
 * exact threshold.
 */
#include <immintrin.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sample/lanes.h"
#include "sim/sample/sampler_private.h"
#include "sim/sample/screen.h"

#if defined(PH_ISA_AVX2)
#include "sim/sample/vector_avx2_private.h"
#else
#include "sim/sample/vector_sse2_private.h"
#endif

enum { LEFT_MAX = PH_MAX_LANES / VECTOR_LANES, WORDS = 64 };

typedef struct {
    _Alignas(64) ph_lanes_t generators;
    ph_sites_t sites;
    ph_screen_t screen;
    _Alignas(64) uint16_t words[WORDS][PH_MAX_LANES]; /* random bits of the next attempts */
    int16_t *overlaps;                                /* [features][PH_MAX_LANES] */
    uint32_t *rows; /* [neurons][features + 1]: own share, entries; each twice, in both halves */
    uint32_t *permutation;
    uint64_t mask;
} state_t;

/* What an attempt needs, out of reach of stores through vector pointers. */
typedef struct {
    ph_screen_t screen;
    int16_t *overlaps;
    const uint32_t *rows;
    uint64_t *spins, mask;
    size_t columns;
} hot_t;

/* Random numbers of the next `attempts` attempts, 16 bits a lane. The state stays in registers. */
static inline __attribute__((always_inline)) void fill_words(state_t *state, size_t attempts,
                                                             size_t count)
{
    for (size_t v = 0; v < count; v++) {
        uint32_t *s = state->generators.state[0] + v * (VECTOR_LANES / 2);
        vector_t s0 = load(s), s1 = load(s + PH_LANE_PAIRS), s2 = load(s + 2 * PH_LANE_PAIRS),
                 s3 = load(s + 3 * PH_LANE_PAIRS);
        for (size_t k = 0; k < attempts; k++) {
            store(state->words[k] + v * VECTOR_LANES, add32(rotate32(add32(s0, s3), 7), s0));
            vector_t t = left32(s1, 9);
            s2 = xor_(s2, s0);
            s3 = xor_(s3, s1);
            s1 = xor_(s1, s2);
            s0 = xor_(s0, s3);
            s2 = xor_(s2, t);
            s3 = rotate32(s3, 11);
        }
        store(s, s0);
        store(s + PH_LANE_PAIRS, s1);
        store(s + 2 * PH_LANE_PAIRS, s2);
        store(s + 3 * PH_LANE_PAIRS, s3);
    }
}

/* ph_screen_weight(), lane by lane. */
static inline vector_t weight(const ph_screen_t *screen, vector_t strength)
{
    vector_t a = min16(strength, set16(screen->most));
    vector_t y = high16(low16(a, set16(screen->spread)), set16(screen->slope)), f = left16(y, 4);
    vector_t part = sub16(set16(PH_SCREEN_C2), high16(f, set16(PH_SCREEN_C3)));
    part = high16(f, sub16(set16(PH_SCREEN_C1), high16(f, part)));
    vector_t half = high16(xor_(part, set16(0xffff)), power16(right16(y, 12)));
    return add16(half, half);
}

/* Distance |u - w| (one less where u < w) of a lane's bits from the threshold; what is up then. */
static inline vector_t judge(const ph_screen_t *screen, bool metropolis, vector_t field,
                             vector_t up, vector_t own, vector_t words, vector_t *after)
{
    const vector_t zero = set16(0), top = set16(0x8000);
    if (metropolis) {
        vector_t down = xor_(up, set16(0xffff));
        vector_t cost = sub16(sub16(xor_(field, down), down), own), downhill = less16(cost, zero);
        vector_t w = weight(screen, max16(cost, zero));
        w = sub16(w, and_(equal16(cost, zero), set16(screen->tie_drop)));
        vector_t apart = sub_saturated16(xor_(words, top), xor_(w, top));
        vector_t yes = less16(apart, zero);
        *after = xor_(up, or_(downhill, yes));
        return xor_(apart, yes);
    }
    /* Against a field that is up: u >= 1 - p, that is, 65535 - u < p. */
    field = sub16(add16(field, own), and_(up, add16(own, own)));
    vector_t along = less16(zero, field), u = xor_(words, along);
    vector_t w = high16(xor_(u, set16(0xffff)), weight(screen, abs16(field)));
    vector_t apart = sub_saturated16(xor_(u, top), xor_(w, top));
    vector_t against = less16(apart, zero);
    *after = xor_(along, against);
    return xor_(apart, against);
}

/* Decides the lanes in `open` exactly. */
static __attribute__((noinline)) uint64_t settle(const ph_block_t *self, size_t site,
                                                 uint64_t attempt, uint64_t open, uint64_t after)
{
    const state_t *state = self->state;
    size_t features = (size_t)self->coupling.features;
    const int16_t *phi = self->coupling.phi + site * features;
    bool metropolis = self->decision.sampler == PH_SAMPLER_METROPOLIS;
    for (open &= state->mask; open != 0; open &= open - 1) {
        uint32_t place = (uint32_t)__builtin_ctzll(open);
        uint64_t bit = UINT64_C(1) << place;
        int32_t spin = self->spins[site] & bit ? 1 : -1, field = -self->squares[site] * spin;
        for (size_t p = 0; p < features; p++)
            field += phi[p] * state->overlaps[p * PH_MAX_LANES + place];
        uint64_t threshold =
            ph_decision_integer(&self->decision, metropolis ? field * spin : field);
        bool yes = ph_site_decide(self, threshold, state->words[attempt % WORDS][place], attempt,
                                  place - self->lane_first);
        bool up = metropolis ? (spin > 0) ^ yes : yes;
        after = up ? after | bit : after & ~bit;
    }
    return after;
}

/* One attempt in all lanes of `count` vectors. `count`, `features`, `metropolis` are constants
 * where it is called from, `features` 0 for any number. */
static inline __attribute__((always_inline)) void update(const ph_block_t *self, const hot_t *hot,
                                                         size_t site, uint64_t attempt,
                                                         const uint16_t *words, size_t count,
                                                         size_t features, bool metropolis)
{
    const size_t columns = features != 0 ? features : hot->columns;
    const uint32_t *row = hot->rows + site * (columns + 1);
    vector_t field[LEFT_MAX], up[LEFT_MAX], after[LEFT_MAX], open[LEFT_MAX], any = set16(0);
    const vector_t own = set32(row[0]), limit = set16((int16_t)(hot->screen.tolerance + 1));
    for (size_t v = 0; v < count; v++)
        field[v] = set16(0);
    for (size_t p = 0; p < columns; p++) {
        const int16_t *overlaps = hot->overlaps + p * PH_MAX_LANES;
        vector_t entry = set32(row[p + 1]);
        for (size_t v = 0; v < count; v++)
            field[v] = add16(field[v], low16(entry, load(overlaps + v * VECTOR_LANES)));
    }
    for (size_t v = 0; v < count; v++) {
        up[v] = spread_bits(hot->spins + site, v);
        vector_t apart = judge(&hot->screen, metropolis, field[v], up[v], own,
                               load(words + v * VECTOR_LANES), &after[v]);
        open[v] = less16(apart, limit);
        any = or_(any, open[v]);
    }
    uint64_t bits = gather_bits(after, count) & hot->mask;
    if (__builtin_expect(any_bit(any), 0)) {
        bits = settle(self, site, attempt, gather_bits(open, count), bits);
        for (size_t v = 0; v < count; v++)
            after[v] = spread_bits(&bits, v);
    }
    if (bits == hot->spins[site])
        return;
    hot->spins[site] = bits;
    for (size_t v = 0; v < count; v++) {
        after[v] = sub16(up[v], after[v]);
        after[v] = add16(after[v], after[v]);
    }
    for (size_t p = 0; p < columns; p++) {
        int16_t *overlaps = hot->overlaps + p * PH_MAX_LANES;
        vector_t entry = set32(row[p + 1]);
        for (size_t v = 0; v < count; v++)
            store(overlaps + v * VECTOR_LANES,
                  add16(load(overlaps + v * VECTOR_LANES), low16(entry, after[v])));
    }
}

static inline __attribute__((always_inline)) void run(ph_block_t *self, size_t count,
                                                      size_t features, bool metropolis)
{
    state_t *state = self->state;
    const hot_t hot = {.screen = state->screen,
                       .overlaps = state->overlaps,
                       .rows = state->rows,
                       .spins = self->spins,
                       .mask = state->mask,
                       .columns = (size_t)self->coupling.features};
    uint64_t attempt = 0;
    for (uint32_t sites; (sites = ph_sites_next(&state->sites)) > 0;)
        for (uint32_t first = 0; first < sites; first += WORDS) {
            uint32_t part = sites - first < WORDS ? sites - first : WORDS;
            fill_words(state, part, count);
            for (uint32_t k = 0; k < part; k++, attempt++)
                update(self, &hot, state->sites.sites[first + k], attempt, state->words[k], count,
                       features, metropolis);
        }
}

/* Unrolled for the common small numbers of features. */
static inline __attribute__((always_inline)) void run_features(ph_block_t *self, size_t count,
                                                               bool metropolis)
{
    switch (self->coupling.features) {
    case 1:
        run(self, count, 1, metropolis);
        break;
    case 2:
        run(self, count, 2, metropolis);
        break;
    case 3:
        run(self, count, 3, metropolis);
        break;
    default:
        run(self, count, 0, metropolis);
        break;
    }
}

#define QUARTER (LEFT_MAX / 4)

static void run_glauber(ph_block_t *self, uint32_t lanes)
{
    if (lanes <= 16)
        run_features(self, QUARTER, false);
    else if (lanes <= 32)
        run_features(self, 2 * QUARTER, false);
    else
        run_features(self, 4 * QUARTER, false);
}

static void run_metropolis(ph_block_t *self, uint32_t lanes)
{
    if (lanes <= 16)
        run_features(self, QUARTER, true);
    else if (lanes <= 32)
        run_features(self, 2 * QUARTER, true);
    else
        run_features(self, 4 * QUARTER, true);
}

static void sweep(ph_block_t *self)
{
    state_t *state = self->state;
    uint32_t lanes = self->lane_first + self->lanes;
    ph_lanes_seed(&state->generators, self->key, self->sample, self->block, self->sweep,
                  (lanes + 1) / 2);
    ph_sites_init(&state->sites, self->key, self->sample, self->block, self->sweep,
                  self->point->order, self->point->neurons, state->permutation);
    if (self->decision.sampler == PH_SAMPLER_METROPOLIS)
        run_metropolis(self, lanes);
    else
        run_glauber(self, lanes);
}

static void bring_overlaps(ph_block_t *self)
{
    const state_t *state = self->state;
    for (size_t p = 0; p < (size_t)self->coupling.features; p++)
        for (uint32_t l = 0; l < self->lanes; l++)
            self->overlaps[p * self->lanes + l] =
                state->overlaps[p * PH_MAX_LANES + self->lane_first + l];
}

static void gather(ph_block_t *self)
{
    state_t *state = self->state;
    for (size_t p = 0; p < (size_t)self->coupling.features; p++)
        for (uint32_t l = 0; l < self->lanes; l++)
            state->overlaps[p * PH_MAX_LANES + self->lane_first + l] =
                (int16_t)self->overlaps[p * self->lanes + l];
}

static bool fits(const ph_block_t *self)
{
    ph_screen_t screen;
    int64_t largest = ph_site_largest_field(self);
    return ISA_PRESENT && self->lanes >= 4 && self->decision.integer && largest < 32768 &&
           ph_screen_init(&screen, &self->decision, (int32_t)largest);
}

static int prepare(ph_block_t *self)
{
    state_t *state = aligned_alloc(64, sizeof(*state));
    size_t features = (size_t)self->coupling.features, neurons = (size_t)self->point->neurons;
    self->state = state;
    if (state == NULL)
        return PH_ERR_MEMORY;
    memset(state, 0, sizeof(*state));
    ph_screen_init(&state->screen, &self->decision, (int32_t)ph_site_largest_field(self));
    state->mask = ph_block_lanes_mask(self);
    state->overlaps = aligned_alloc(64, features * PH_MAX_LANES * sizeof(*state->overlaps));
    state->rows = malloc(neurons * (features + 1) * sizeof(*state->rows));
    state->permutation = malloc(neurons * sizeof(*state->permutation));
    if (state->overlaps == NULL || state->rows == NULL || state->permutation == NULL)
        return PH_ERR_MEMORY;
    memset(state->overlaps, 0, features * PH_MAX_LANES * sizeof(*state->overlaps));
    uint32_t *row = state->rows;
    for (size_t i = 0; i < neurons; i++) {
        *row++ = (uint16_t)self->squares[i] * UINT32_C(0x10001);
        for (size_t p = 0; p < features; p++)
            *row++ = (uint16_t)self->coupling.phi[i * features + p] * UINT32_C(0x10001);
    }
    return PH_OK;
}

static void free_state(ph_block_t *self)
{
    state_t *state = self->state;
    if (state != NULL) {
        free(state->overlaps);
        free(state->rows);
        free(state->permutation);
        free(state);
    }
    self->state = NULL;
}

const ph_kernel_t KERNEL = {
    .name = ISA_NAME,
    .help = "16-bit vector registers, all lanes of a site at once, exact where the screen is open",
    .fits = fits,
    .prepare = prepare,
    .gather = gather,
    .sweep = sweep,
    .overlaps = bring_overlaps,
    .free = free_state,
};
