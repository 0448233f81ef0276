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
enum { REACH = 8192, WHOLE = 65536, AHEAD = 12, WIDTH = 8, HEAD = 2, FAR_END = 1 << 30 };

/* Eight sums: of 16 bits in `low`, or of 32, and then of their lower 15 bits there, the others
 * above. */
typedef struct {
    __m128i low, high, all[2];
} sums_t;
enum { LOW_BITS = 15 };

/*
 * A record has WIDTH * vectors entries: the spin, minus own share times spin, the site's features,
 * zeros. The field is its product with the sums (0, 1, overlaps, 0).
 */
typedef struct {
    _Alignas(64) ph_lanes_t generators;
    ph_sites_t sites;
    size_t vectors;
    bool far;         /* overlaps have 32 bits */
    bool whole;       /* the table has every field that can be */
    int32_t largest;  /* field */
    int shift;        /* a bin has 2^shift fields */
    int32_t cut;      /* bins from -cut to cut; those of the ends go on to the largest field */
    uint16_t *table;  /* upper 16 bits of the least threshold of each bin, at most 65535 */
    uint32_t spread;  /* bits that are above it by so much at most are open */
    int16_t *records; /* [neurons][WIDTH * vectors] */
    sums_t *sums;     /* [vectors] */
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

/* Fields of equal weights fit 32 bits. Entries are whole numbers, and no larger than the sum of
 * their squares. */
static bool fits(const ph_block_t *self)
{
    bool small =
        self->decision.integer && self->lanes == 1 && self->coupling.overlap_bound < FAR_END;
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

#define ALWAYS static inline __attribute__((always_inline))

ALWAYS int32_t field_of(const __m128i *entries, const sums_t *sums, size_t vectors, bool far)
{
    __m128i low = _mm_madd_epi16(entries[0], sums[0].low);
    for (size_t v = 1; v < vectors; v++)
        low = _mm_add_epi32(low, _mm_madd_epi16(entries[v], sums[v].low));
    if (!far)
        return total(low);
    __m128i high = _mm_madd_epi16(entries[0], sums[0].high);
    for (size_t v = 1; v < vectors; v++)
        high = _mm_add_epi32(high, _mm_madd_epi16(entries[v], sums[v].high));
    return total(_mm_add_epi32(low, _mm_slli_epi32(high, LOW_BITS)));
}

ALWAYS void split(sums_t *sums)
{
    const __m128i mask = _mm_set1_epi32((1 << LOW_BITS) - 1);
    sums->low =
        _mm_packs_epi32(_mm_and_si128(sums->all[0], mask), _mm_and_si128(sums->all[1], mask));
    sums->high = _mm_packs_epi32(_mm_srai_epi32(sums->all[0], LOW_BITS),
                                 _mm_srai_epi32(sums->all[1], LOW_BITS));
}

ALWAYS void add_to(sums_t *sums, __m128i change, bool far)
{
    if (!far) {
        sums->low = _mm_add_epi16(sums->low, change);
        return;
    }
    const __m128i sign = _mm_srai_epi16(change, 15);
    sums->all[0] = _mm_add_epi32(sums->all[0], _mm_unpacklo_epi16(change, sign));
    sums->all[1] = _mm_add_epi32(sums->all[1], _mm_unpackhi_epi16(change, sign));
    split(sums);
}

ALWAYS void flip(int16_t *record, sums_t *sums, size_t vectors, bool far)
{
    const __m128i *entries = (const __m128i *)(const void *)record;
    const __m128i head = _mm_setr_epi16(0, 0, -1, -1, -1, -1, -1, -1);
    const int spin = record[0];
    const __m128i change = _mm_set1_epi16((short)(-2 * spin));
    add_to(&sums[0], _mm_mullo_epi16(change, _mm_and_si128(entries[0], head)), far);
    for (size_t v = 1; v < vectors; v++)
        add_to(&sums[v], _mm_mullo_epi16(change, entries[v]), far);
    record[0] = (int16_t)-spin;
    record[1] = (int16_t)-record[1];
}

/* The bin of a field. */
ALWAYS int32_t bin_of(const state_t *state, int32_t field, int32_t cut)
{
    int32_t bin = field >> state->shift;
    bin = bin < cut ? bin : cut;
    return bin > -cut ? bin : -cut;
}

/* `given` vectors, `whole`, `far` are constants where it is called from; 0: any number. */
ALWAYS void run(ph_block_t *self, size_t given, bool whole, bool far, bool metropolis)
{
    state_t *state = self->state;
    const size_t vectors = given != 0 ? given : state->vectors;
    const uint32_t pair = self->lane_first / 2, shift = self->lane_first % 2 * 16;
    uint32_t s0 = state->generators.state[0][pair], s1 = state->generators.state[1][pair];
    uint32_t s2 = state->generators.state[2][pair], s3 = state->generators.state[3][pair];
    const int32_t cut = state->cut;
    const uint32_t spread = whole ? 0 : state->spread;
    const uint16_t *table = state->table + cut;
    uint64_t attempt = 0;
    sums_t local[2], *sums = given != 0 ? local : state->sums;
    if (given != 0)
        memcpy(local, state->sums, given * sizeof(*local));
    for (uint32_t count; (count = ph_sites_next(&state->sites)) > 0;)
        for (uint32_t k = 0; k < count; k++, attempt++) {
            int16_t *record = state->records + state->sites.sites[k] * WIDTH * vectors;
            __builtin_prefetch(state->records +
                               state->sites.sites[(k + AHEAD) % PH_ORDER_CHUNK] * WIDTH * vectors);
            const uint32_t word = ph_xoshiro32_next(&s0, &s1, &s2, &s3);
            const int32_t spin = record[0];
            int32_t field = field_of((const __m128i *)(const void *)record, sums, vectors, far);
            field = metropolis ? field * spin : field;
            const uint32_t high = (word >> shift) & 0xffff,
                           threshold = table[whole ? field : bin_of(state, field, cut)];
            bool yes = high < threshold;
            if (__builtin_expect(high - threshold <= spread, 0))
                yes = settle(self, field, high, attempt);
            if (metropolis ? yes : yes != (spin > 0))
                flip(record, sums, vectors, far);
        }
    if (given != 0)
        memcpy(state->sums, local, given * sizeof(*local));
}

ALWAYS void run_vectors(ph_block_t *self, bool metropolis)
{
    const state_t *state = self->state;
    const bool whole = state->whole;
    if (state->far && state->vectors == 1)
        run(self, 1, false, true, metropolis);
    else if (state->far)
        run(self, 0, false, true, metropolis);
    else if (state->vectors == 1)
        whole ? run(self, 1, true, false, metropolis) : run(self, 1, false, false, metropolis);
    else if (state->vectors == 2)
        whole ? run(self, 2, true, false, metropolis) : run(self, 2, false, false, metropolis);
    else
        whole ? run(self, 0, true, false, metropolis) : run(self, 0, false, false, metropolis);
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

static void put_sum(state_t *state, size_t k, int32_t value)
{
    sums_t *sums = &state->sums[k / WIDTH];
    if (state->far) {
        memcpy((char *)sums->all + k % WIDTH * sizeof(value), &value, sizeof(value));
        split(sums);
    } else {
        const int16_t here = (int16_t)value;
        memcpy((char *)&sums->low + k % WIDTH * sizeof(here), &here, sizeof(here));
    }
}

static int32_t sum_at(const state_t *state, size_t k)
{
    const sums_t *sums = &state->sums[k / WIDTH];
    int32_t all;
    int16_t low;
    memcpy(&all, (const char *)sums->all + k % WIDTH * sizeof(all), sizeof(all));
    memcpy(&low, (const char *)&sums->low + k % WIDTH * sizeof(low), sizeof(low));
    return state->far ? all : low;
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
    put_sum(state, 1, 1);
    for (size_t p = 0; p < (size_t)self->coupling.features; p++)
        put_sum(state, HEAD + p, self->overlaps[p]);
}

static void bring_overlaps(ph_block_t *self)
{
    const state_t *state = self->state;
    for (size_t p = 0; p < (size_t)self->coupling.features; p++)
        self->overlaps[p] = sum_at(state, HEAD + p);
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
    state->far = self->coupling.overlap_bound > INT16_MAX;
    const size_t bytes = WIDTH * state->vectors * sizeof(int16_t);
    const size_t sums = state->vectors * sizeof(*state->sums);
    state->table = malloc((2 * (size_t)state->cut + 1) * sizeof(*state->table));
    state->records = aligned_alloc(16, neurons * bytes);
    state->sums = aligned_alloc(16, sums);
    state->permutation = malloc(neurons * sizeof(*state->permutation));
    if (state->table == NULL || state->records == NULL || state->sums == NULL ||
        state->permutation == NULL)
        return PH_ERR_MEMORY;
    memset(state->records, 0, neurons * bytes);
    memset(state->sums, 0, sums);
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
