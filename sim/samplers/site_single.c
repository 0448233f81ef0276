/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Site by site, one chain: thresholds from a table by the integer field, of many fields by bins of
 * them, entries and spin of a site in one record. Most attempts change nothing, so the branch on a
 * change is mostly foreseen, and the next attempts start before this one's field is known.
 */
#include <emmintrin.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/random/lane_stream.h"
#include "sim/random/xoshiro.h"
#include "sim/samplers/samplers_private.h"
#include "sim/samplers/site_field_private.h"

/* REACH: bins of fields to either side, whose thresholds stay in the nearest cache; WHOLE: of
 * single fields, at most, where no two share a bin. */
enum { REACH = 8192, WHOLE = 65536, AHEAD = 12, WIDTH = 8, HEAD = 2 };

/*
 * A record has WIDTH * vectors entries: the spin, minus own share times spin, the site's features,
 * zeros. The field is its product with (0, 1, overlaps, 0).
 */
typedef struct {
    _Alignas(64) ph_lanes_t generators;
    ph_sites_t sites;
    size_t vectors;
    bool whole;       /* the table has every field that can be */
    int32_t largest;  /* field */
    int shift;        /* a bin has 2^shift fields */
    int32_t cut;      /* bins from -cut to cut; those of the ends go on to the largest field */
    uint16_t *table;  /* upper 16 bits of the least threshold of each bin, at most 65535 */
    uint32_t spread;  /* bits that are above it by so much at most are open */
    int16_t *records; /* [neurons][WIDTH * vectors] */
    int16_t *sums;    /* [WIDTH * vectors] */
    uint32_t *permutation;
} state_t;

/* The largest field, or the first from which on nothing is left to chance. */
static int32_t reach_of(const ph_block_t *self, int32_t largest)
{
    const double last = 2.0 + 34.0 * self->decision.noise / (2.0 * self->decision.scale);
    return last < largest ? (int32_t)last : largest;
}

/* Whether a tie is a half beside certainty: of one bin with its neighbours it would leave all open.
 */
static bool has_jump(const ph_block_t *self)
{
    return self->decision.sampler == PH_SAMPLER_METROPOLIS &&
           self->decision.tie == PH_DECISION_HALF;
}

/* Fields are below 2^30: entries are whole numbers, so the sum of their sizes is at most that of
 * their squares. */
static bool fits(const ph_block_t *self)
{
    bool small =
        self->decision.integer && self->lanes == 1 && self->coupling.overlap_bound <= INT16_MAX;
    small = small && (!has_jump(self) || reach_of(self, (int32_t)self->largest_field) < WHOLE);
    for (size_t i = 0; small && i < (size_t)self->point->neurons; i++)
        small = self->squares[i] <= INT16_MAX;
    return small;
}

/* Decides with all 48 bits. */
static __attribute__((noinline)) bool settle(const ph_block_t *self, int32_t k, uint32_t high,
                                             uint64_t attempt)
{
    return ph_site_decide(self, ph_decision_integer(&self->decision, k), high, attempt, 0);
}

static inline int32_t total(__m128i a)
{
    a = _mm_add_epi32(a, _mm_shuffle_epi32(a, 0x4e));
    a = _mm_add_epi32(a, _mm_shuffle_epi32(a, 0xb1));
    return _mm_cvtsi128_si32(a);
}

/* `vectors` and `whole` are constants where it is called from; vectors 0: any number. */
static inline __attribute__((always_inline)) void run(ph_block_t *self, size_t vectors, bool whole,
                                                      bool metropolis)
{
    state_t *state = self->state;
    const size_t width = WIDTH * (vectors != 0 ? vectors : state->vectors);
    const uint32_t pair = self->lane_first / 2, shift = self->lane_first % 2 * 16;
    uint32_t s0 = state->generators.state[0][pair], s1 = state->generators.state[1][pair];
    uint32_t s2 = state->generators.state[2][pair], s3 = state->generators.state[3][pair];
    const int32_t cut = state->cut;
    const uint32_t spread = whole ? 0 : state->spread;
    const uint16_t *table = state->table + cut;
    const __m128i head = _mm_setr_epi16(0, 0, -1, -1, -1, -1, -1, -1);
    uint64_t attempt = 0;
    __m128i local[2], *sums = vectors != 0 ? local : (__m128i *)(void *)state->sums;
    if (vectors != 0)
        memcpy(local, state->sums, vectors * sizeof(*local));
    for (uint32_t count; (count = ph_sites_next(&state->sites)) > 0;)
        for (uint32_t k = 0; k < count; k++, attempt++) {
            int16_t *record = state->records + state->sites.sites[k] * width;
            const __m128i *entries = (const __m128i *)(const void *)record;
            __builtin_prefetch(state->records +
                               state->sites.sites[(k + AHEAD) % PH_ORDER_CHUNK] * width);
            const uint32_t word = ph_xoshiro32_next(&s0, &s1, &s2, &s3);
            __m128i products = _mm_madd_epi16(entries[0], sums[0]);
            for (size_t v = 1; v < width / WIDTH; v++)
                products = _mm_add_epi32(products, _mm_madd_epi16(entries[v], sums[v]));
            int32_t spin = record[0], field = total(products);
            field = metropolis ? field * spin : field;
            int32_t index = field;
            if (!whole) {
                index = field >> state->shift;
                index = index < cut ? index : cut;
                index = index > -cut ? index : -cut;
            }
            uint32_t high = (word >> shift) & 0xffff, threshold = table[index];
            bool yes = high < threshold;
            if (__builtin_expect(high - threshold <= spread, 0))
                yes = settle(self, field, high, attempt);
            if (metropolis ? yes : yes != (spin > 0)) {
                __m128i change = _mm_set1_epi16((short)(-2 * spin));
                sums[0] = _mm_add_epi16(sums[0],
                                        _mm_mullo_epi16(change, _mm_and_si128(entries[0], head)));
                for (size_t v = 1; v < width / WIDTH; v++)
                    sums[v] = _mm_add_epi16(sums[v], _mm_mullo_epi16(change, entries[v]));
                record[0] = (int16_t)-spin;
                record[1] = (int16_t)-record[1];
            }
        }
    if (vectors != 0)
        memcpy(state->sums, local, vectors * sizeof(*local));
}

static inline __attribute__((always_inline)) void run_vectors(ph_block_t *self, bool metropolis)
{
    const state_t *state = self->state;
    const bool whole = state->whole;
    if (state->vectors == 1)
        whole ? run(self, 1, true, metropolis) : run(self, 1, false, metropolis);
    else if (state->vectors == 2)
        whole ? run(self, 2, true, metropolis) : run(self, 2, false, metropolis);
    else
        whole ? run(self, 0, true, metropolis) : run(self, 0, false, metropolis);
}

static void sweep(ph_block_t *self)
{
    state_t *state = self->state;
    ph_site_begin(self, &state->generators, &state->sites, state->permutation);
    if (self->decision.sampler == PH_SAMPLER_METROPOLIS)
        run_vectors(self, true);
    else
        run_vectors(self, false);
}

static void gather(ph_block_t *self)
{
    state_t *state = self->state;
    size_t width = WIDTH * state->vectors;
    for (size_t i = 0; i < (size_t)self->point->neurons; i++) {
        int spin = ph_block_spin(self, i, 0);
        state->records[i * width] = (int16_t)spin;
        state->records[i * width + 1] = (int16_t)(-self->squares[i] * spin);
    }
    state->sums[1] = 1;
    for (size_t p = 0; p < (size_t)self->coupling.features; p++)
        state->sums[HEAD + p] = (int16_t)self->overlaps[p];
}

static void bring_overlaps(ph_block_t *self)
{
    const state_t *state = self->state;
    for (size_t p = 0; p < (size_t)self->coupling.features; p++)
        self->overlaps[p] = state->sums[HEAD + p];
}

static void bring_spins(ph_block_t *self)
{
    const state_t *state = self->state;
    for (size_t i = 0; i < (size_t)self->point->neurons; i++)
        self->spins[i] = (uint64_t)(state->records[i * WIDTH * state->vectors] > 0)
                         << self->lane_first;
}

/* Setting up finds two thresholds for each bin, some 15 ns each; the plain reference loses 20 ns an
 * attempt, and 2 ns a feature. */
static bool pays(const ph_block_t *self)
{
    const double bins = 2.0 * fmin((double)self->largest_field, has_jump(self) ? WHOLE : REACH);
    const double lost = 20.0 + 2.0 * (double)self->coupling.features;
    return ph_block_attempts(self) * lost >= 2.0 * 15.0 * bins;
}

/* As few bins as hold the largest field, or the last at which anything is left to chance. */
static void choose_bins(const ph_block_t *self, state_t *state)
{
    state->largest = (int32_t)self->largest_field;
    const int32_t reach = reach_of(self, state->largest);
    while (reach >> state->shift >= REACH && !has_jump(self))
        state->shift++;
    state->cut = reach >> state->shift;
    state->whole = state->shift == 0 && reach == state->largest;
}

static int64_t within(int64_t field, int32_t largest)
{
    return field < -largest ? -largest : field < largest ? field : largest;
}

/* Thresholds fall or rise with the fields of a bin, or it has one. What rounding may do to the
 * order of neighbours is allowed for. */
static void fill_bin(const ph_block_t *self, state_t *state, int32_t bin)
{
    const int64_t size = INT64_C(1) << state->shift;
    const int64_t low = bin == -state->cut ? -state->largest : bin * size;
    const int64_t high = bin == state->cut ? state->largest : bin * size + size - 1;
    const int64_t ends[] = {low, high};
    uint32_t least = UINT16_MAX, most = 0;
    for (int end = 0; end < 2; end++) {
        const int32_t field = (int32_t)within(ends[end], state->largest);
        const uint64_t upper = ph_decision_integer(&self->decision, field) >> 32;
        const uint32_t here = upper < UINT16_MAX ? (uint32_t)upper : UINT16_MAX;
        least = here < least ? here : least;
        most = here > most ? here : most;
    }
    if (size > 1) {
        least -= least > 0;
        most++;
    }
    state->table[bin + state->cut] = (uint16_t)least;
    state->spread = most - least > state->spread ? most - least : state->spread;
}

static int prepare(ph_block_t *self)
{
    state_t *state = aligned_alloc(64, sizeof(*state));
    size_t features = (size_t)self->coupling.features, neurons = (size_t)self->point->neurons;
    self->state = state;
    if (state == NULL)
        return PH_ERR_MEMORY;
    memset(state, 0, sizeof(*state));
    choose_bins(self, state);
    state->vectors = (HEAD + features + WIDTH - 1) / WIDTH;
    size_t bytes = WIDTH * state->vectors * sizeof(int16_t);
    state->table = malloc((2 * (size_t)state->cut + 1) * sizeof(*state->table));
    state->records = aligned_alloc(16, neurons * bytes);
    state->sums = aligned_alloc(16, bytes);
    state->permutation = malloc(neurons * sizeof(*state->permutation));
    if (state->table == NULL || state->records == NULL || state->sums == NULL ||
        state->permutation == NULL)
        return PH_ERR_MEMORY;
    memset(state->records, 0, neurons * bytes);
    memset(state->sums, 0, bytes);
    for (int32_t bin = -state->cut; bin <= state->cut; bin++)
        fill_bin(self, state, bin);
    for (size_t i = 0; i < neurons; i++)
        memcpy(state->records + i * WIDTH * state->vectors + HEAD,
               self->coupling.phi + i * features, features * sizeof(int16_t));
    return PH_OK;
}

static void free_state(ph_block_t *self)
{
    state_t *state = self->state;
    if (state != NULL) {
        free(state->table);
        free(state->records);
        free(state->sums);
        free(state->permutation);
        free(state);
    }
    self->state = NULL;
}

const ph_kernel_t PH_KERNEL_SITE_SINGLE = {
    .name = "single",
    .help = "one chain, thresholds from a table",
    .fits = fits,
    .pays = pays,
    .prepare = prepare,
    .gather = gather,
    .sweep = sweep,
    .overlaps = bring_overlaps,
    .spins = bring_spins,
    .free = free_state,
};
