/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Site by site, all lanes of a block in vector registers. Compiled once for each instruction set
 * (sim/vector/vector.h) and for each layout of the overlaps
 * (PH_LAYOUT_NARROW, _PAIRS, _WIDE, _REAL); the bits of the path are the same. The squeeze
 * (squeeze.h) decides, and what it leaves open is decided by the exact threshold.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/random/lane_stream.h"
#include "sim/samplers/samplers_private.h"
#include "sim/samplers/site_field_private.h"
#include "sim/samplers/squeeze.h"
#include "sim/vector/vector.h"

/* Two blocks in step fill the processor's registers with IN_STEP_MAX vectors each. */
enum { LEFT_MAX = PH_MAX_LANES / VECTOR_LANES, WORDS = 64, IN_STEP_MAX = 2, AHEAD = 6 };

typedef struct {
    _Alignas(64) ph_lanes_t generators;
    ph_sites_t sites;
    ph_squeeze_t squeeze;
    _Alignas(64) uint16_t words[WORDS][PH_MAX_LANES]; /* random bits of the next attempts */
    _Alignas(64) uint16_t flips[PH_MAX_LANES];        /* of a chunk of sites, where counted */
    _Alignas(64) uint16_t lanes[PH_MAX_LANES];        /* all bits of those that are the block's */
    void *overlaps;                                   /* in the order of the layout */
    void *rows;                                       /* what a layout keeps of sites or features */
    uint32_t *permutation;
    uint64_t mask;
} state_t;

#define ALWAYS static inline __attribute__((always_inline))

/* What an attempt needs, out of reach of stores through vector pointers. */
typedef struct {
    ph_squeeze_t squeeze;
    void *overlaps;
    const void *rows;
    const int16_t *phi;
    const int32_t *squares;
    const double *self;
    uint64_t *spins, mask;
    uint16_t *flips;
    const uint16_t *lanes;
    size_t columns;
    bool counted; /* flips are */
    double per_neuron;
    float per_unit;
} hot_t;

/* An attempt of one block. */
typedef struct {
    const ph_block_t *block;
    const hot_t *hot;
    const void *row; /* what a layout reads of the site */
    uint64_t *spins;
} attempt_t;

static inline size_t site_of(attempt_t at)
{
    return (size_t)(at.spins - at.hot->spins);
}

/* What is up then, and in 16 bits without sign how far a lane's bits are from the threshold: |u -
 * w|, one less where u < w. */
static inline vector_t judge_cost(const ph_squeeze_t *squeeze, vector_t cost, vector_t strength,
                                  vector_t up, vector_t words, vector_t *after);
static inline vector_t judge_field(const ph_squeeze_t *squeeze, vector_t field, vector_t strength,
                                   vector_t words, vector_t *after);

#if defined(PH_LAYOUT_NARROW)
#include "sim/samplers/layout_narrow_private.h"
#elif defined(PH_LAYOUT_PAIRS)
#include "sim/samplers/layout_pairs_private.h"
#elif defined(PH_LAYOUT_WIDE)
#include "sim/samplers/layout_wide_private.h"
#else
#include "sim/samplers/layout_real_private.h"
#endif

ALWAYS attempt_t attempt_of(const ph_block_t *block, const hot_t *hot, size_t site, size_t columns)
{
    return (attempt_t){block, hot, layout_row(hot, site, columns), hot->spins + site};
}

/* Random numbers of the next `attempts` attempts, 16 bits a lane. The state stays in registers, of
 * two vectors at a time: each waits for itself. */
ALWAYS void fill_words(state_t *state, size_t attempts, size_t count)
{
    enum { BESIDE = 2, STATE = 4 };
    for (size_t first = 0; first < count; first += BESIDE) {
        const size_t end = count < first + BESIDE ? count : first + BESIDE;
        vector_t s[BESIDE][STATE];
        for (size_t v = first; v < end; v++)
            for (size_t i = 0; i < STATE; i++)
                s[v - first][i] = load(state->generators.state[i] + v * VECTOR_WORDS);
#pragma GCC unroll 2
        for (size_t k = 0; k < attempts; k++)
            for (size_t v = first; v < end; v++) {
                vector_t *own = s[v - first];
                store(state->words[k] + v * VECTOR_LANES,
                      lower_first(xoshiro32_next(&own[0], &own[1], &own[2], &own[3])));
            }
        for (size_t v = first; v < end; v++)
            for (size_t i = 0; i < STATE; i++)
                store(state->generators.state[i] + v * VECTOR_WORDS, s[v - first][i]);
    }
}

/* ph_squeeze_weight(), lane by lane. */
static inline vector_t weight(const ph_squeeze_t *squeeze, vector_t strength)
{
    const vector_t t = low16(min16(strength, set16(squeeze->most)), set16(squeeze->spread));
    const vector_t slope = sub16(set16(squeeze->curve[1]), high16(t, set16(squeeze->curve[2])));
    vector_t root = sub16(set16(squeeze->curve[0]), high16(t, slope));
    for (int k = 0; k < PH_SQUEEZE_SQUARINGS; k++)
        root = high16(root, root);
    return root;
}

/* Whether u >= w, given 65535 - u: whether the sum of this and w fits 16 bits; and how far from it.
 */
static inline vector_t judge_odds(vector_t rest, vector_t w, vector_t *no)
{
    const vector_t sum = add16(rest, w);
    *no = equal16(add_capped16(rest, w), sum);
    return xor_(sum, *no);
}

static inline vector_t judge_cost(const ph_squeeze_t *squeeze, vector_t cost, vector_t strength,
                                  vector_t up, vector_t words, vector_t *after)
{
    vector_t w = weight(squeeze, strength), no;
    w = sub16(w, and_(equal16(cost, set16(0)), set16(squeeze->tie_drop)));
    const vector_t apart = judge_odds(xor_(words, set16(-1)), w, &no);
    *after = xor_(up, or_(less16(cost, set16(0)), xor_(no, set16(-1))));
    return apart;
}

/* Against a field that is up: u >= 1 - p, that is, 65535 - u < p. */
static inline vector_t judge_field(const ph_squeeze_t *squeeze, vector_t field, vector_t strength,
                                   vector_t words, vector_t *after)
{
    const vector_t down = less16(field, set16(0)), rest = xor_(words, down);
    vector_t no;
    const vector_t apart = judge_odds(rest, high16(rest, weight(squeeze, strength)), &no);
    *after = xor_(down, no);
    return apart;
}

/* Decides the lanes in `open` exactly. */
static __attribute__((noinline)) uint64_t settle(const ph_block_t *self, size_t site,
                                                 uint64_t attempt, uint64_t open, uint64_t after)
{
    const state_t *state = self->state;
    bool metropolis = self->decision.sampler == PH_SAMPLER_METROPOLIS;
    for (open &= state->mask; open != 0; open &= open - 1) {
        uint32_t place = (uint32_t)__builtin_ctzll(open);
        uint64_t bit = UINT64_C(1) << place;
        int32_t spin = self->spins[site] & bit ? 1 : -1;
        uint64_t threshold = layout_threshold(self, site, place, spin, metropolis ? spin : 1);
        bool yes = ph_site_decide(self, threshold, state->words[attempt % WORDS][place], attempt,
                                  place - self->lane_first);
        bool up = metropolis ? (spin > 0) ^ yes : yes;
        after = up ? after | bit : after & ~bit;
    }
    return after;
}

/* The lanes whose distance is one of those that leave them open. */
static inline vector_t open_lanes(attempt_t at, vector_t apart)
{
    const vector_t most = set16(at.hot->squeeze.tolerance);
    return equal16(min_unsigned16(apart, most), apart);
}

/* What the lanes will be (`after`) by the fields in `sums`, and how far from the threshold; the
 * least of that. */
ALWAYS vector_t judge(attempt_t at, const uint16_t *words, size_t count, bool metropolis,
                      const vector_t *sums, vector_t *up, vector_t *after, vector_t *apart)
{
    for (size_t v = 0; v < count; v++) {
        up[v] = spread_bits(at.spins, v);
        apart[v] = layout_judge(at, metropolis, sums + PARTS * v, up[v],
                                load(words + v * VECTOR_LANES), &after[v]);
        after[v] = and_(after[v], load(at.hot->lanes + v * VECTOR_LANES));
    }
    vector_t least = apart[0];
    for (size_t v = 1; v < count; v++)
        least = min_unsigned16(least, apart[v]);
    return least;
}

ALWAYS uint64_t settle_open(attempt_t at, uint64_t number, size_t count, const vector_t *apart,
                            uint64_t bits, vector_t *after)
{
    vector_t open[LEFT_MAX];
    for (size_t v = 0; v < count; v++)
        open[v] = open_lanes(at, apart[v]);
    const uint64_t which = gather_bits(open, count);
    if (which == 0)
        return bits;
    const uint64_t settled = settle(at.block, site_of(at), number, which, bits);
    for (size_t v = 0; v < count; v++)
        after[v] = spread_bits(&settled, v);
    return settled;
}

/* Sets the spins, and finds in `moved` what the overlaps change by in units of the entries. */
ALWAYS void flip(attempt_t at, size_t count, uint64_t bits, const vector_t *up,
                 const vector_t *after, vector_t *moved)
{
    *at.spins = bits;
    for (size_t v = 0; v < count; v++) {
        const vector_t half = sub16(up[v], after[v]);
        layout_moved(add16(half, half), moved + PARTS * v);
    }
}

ALWAYS void count_flips(attempt_t at, size_t count, const vector_t *up, const vector_t *after)
{
    for (size_t v = 0; v < count; v++) {
        uint16_t *flips = at.hot->flips + v * VECTOR_LANES;
        store(flips, sub16(load(flips), xor_(up[v], after[v])));
    }
}

/* The fields of a site. */
ALWAYS void find_fields(attempt_t at, size_t columns, size_t count, vector_t *sums)
{
    vector_t moved[PARTS * LEFT_MAX];
    for (size_t v = 0; v < PARTS * count; v++)
        moved[v] = sums[v] = set16(0);
    for (size_t q = 0; q < layout_steps(columns); q++)
        layout_pass(at, at, columns, q, count, moved, sums);
}

/* One attempt in all lanes of `count` vectors, given the fields in `sums`; leaves there those of
 * the next. `count`, `features`, `metropolis` are constants where it is called from, `features` 0
 * for any number. */
ALWAYS void update(attempt_t at, attempt_t next, uint64_t number, const uint16_t *words,
                   size_t count, size_t columns, bool metropolis, vector_t *sums)
{
    vector_t moved[PARTS * LEFT_MAX], up[LEFT_MAX], after[LEFT_MAX], apart[LEFT_MAX];
    const vector_t least = judge(at, words, count, metropolis, sums, up, after, apart);
    uint64_t bits = gather_bits(after, count) & at.hot->mask;
    if (__builtin_expect(any_bit(open_lanes(at, least)), 0))
        bits = settle_open(at, number, count, apart, bits, after);
    if (at.hot->counted)
        count_flips(at, count, up, after);
    flip(at, count, bits, up, after, moved);
    for (size_t v = 0; v < PARTS * count; v++)
        sums[v] = set16(0);
#pragma GCC unroll 4
    for (size_t q = 0; q < layout_steps(columns); q++)
        layout_pass(at, next, columns, q, count, moved, sums);
}

/* The same of two blocks in step: while one waits for what its site before has left, the processor
 * works at the other. The estimate of `a` serves both. */
ALWAYS void update_two(attempt_t a, attempt_t b, attempt_t next_a, attempt_t next_b,
                       uint64_t number, const uint16_t *words_a, const uint16_t *words_b,
                       size_t count, size_t columns, bool metropolis, vector_t *sums_a,
                       vector_t *sums_b)
{
    vector_t up_a[LEFT_MAX], after_a[LEFT_MAX], apart_a[LEFT_MAX];
    vector_t up_b[LEFT_MAX], after_b[LEFT_MAX], apart_b[LEFT_MAX];
    vector_t moved_a[PARTS * LEFT_MAX], moved_b[PARTS * LEFT_MAX];
    const vector_t least =
        min_unsigned16(judge(a, words_a, count, metropolis, sums_a, up_a, after_a, apart_a),
                       judge(b, words_b, count, metropolis, sums_b, up_b, after_b, apart_b));
    uint64_t bits_a = gather_bits(after_a, count) & a.hot->mask,
             bits_b = gather_bits(after_b, count) & b.hot->mask;
    if (__builtin_expect(any_bit(open_lanes(a, least)), 0)) {
        bits_a = settle_open(a, number, count, apart_a, bits_a, after_a);
        bits_b = settle_open(b, number, count, apart_b, bits_b, after_b);
    }
    if (a.hot->counted) {
        count_flips(a, count, up_a, after_a);
        count_flips(b, count, up_b, after_b);
    }
    flip(a, count, bits_a, up_a, after_a, moved_a);
    flip(b, count, bits_b, up_b, after_b, moved_b);
    for (size_t v = 0; v < PARTS * count; v++)
        sums_a[v] = sums_b[v] = set16(0);
#pragma GCC unroll 4
    for (size_t q = 0; q < layout_steps(columns); q++) {
        layout_pass(a, next_a, columns, q, count, moved_a, sums_a);
        layout_pass(b, next_b, columns, q, count, moved_b, sums_b);
    }
}

static void hand_on_flips(ph_block_t *self)
{
    state_t *state = self->state;
    for (uint32_t l = 0; self->records.accepted != NULL && l < self->lanes; l++)
        self->records.accepted[l] += state->flips[self->lane_first + l];
    memset(state->flips, 0, sizeof(state->flips));
}

ALWAYS hot_t hot_of(ph_block_t *self)
{
    state_t *state = self->state;
    return (hot_t){.squeeze = state->squeeze,
                   .overlaps = state->overlaps,
                   .rows = state->rows,
                   .phi = self->coupling.phi,
                   .squares = self->squares,
                   .self = self->coupling.self,
                   .spins = self->spins,
                   .mask = state->mask,
                   .flips = state->flips,
                   .lanes = state->lanes,
                   .counted = self->records.accepted != NULL,
                   .columns = (size_t)self->coupling.features,
                   .per_neuron = 1.0 / (double)self->coupling.neurons,
                   .per_unit = (float)(1.0 / state->squeeze.unit)};
}

/* Has the caches bring what an attempt AHEAD of this one will read. At the end of a chunk that is
 * some site of one before. */
ALWAYS void look_ahead(const hot_t *hot, const ph_sites_t *sites, uint32_t place, size_t features)
{
    const size_t site = sites->sites[(place + AHEAD) % PH_ORDER_CHUNK];
    __builtin_prefetch(hot->spins + site, 1);
    __builtin_prefetch(layout_row(hot, site, features != 0 ? features : hot->columns));
}

ALWAYS void run(ph_block_t *self, size_t count, size_t features, bool metropolis)
{
    state_t *state = self->state;
    const hot_t hot = hot_of(self);
    const size_t columns = features != 0 ? features : hot.columns;
    const uint32_t *site = state->sites.sites;
    uint64_t number = 0;
    for (uint32_t sites; (sites = ph_sites_next(&state->sites)) > 0; hand_on_flips(self)) {
        attempt_t at = attempt_of(self, &hot, site[0], columns);
        vector_t sums[PARTS * LEFT_MAX];
        find_fields(at, columns, count, sums);
        for (uint32_t first = 0; first < sites; first += WORDS) {
            uint32_t part = sites - first < WORDS ? sites - first : WORDS;
            fill_words(state, part, count);
            for (uint32_t k = 0; k < part; k++, number++) {
                const uint32_t after = first + k + 1 < sites ? first + k + 1 : first + k;
                const attempt_t next = attempt_of(self, &hot, site[after], columns);
                look_ahead(&hot, &state->sites, first + k, features);
                update(at, next, number, state->words[k], count, columns, metropolis, sums);
                at = next;
            }
        }
    }
}

ALWAYS void run_two(ph_block_t *a, ph_block_t *b, size_t count, size_t features, bool metropolis)
{
    state_t *x = a->state, *y = b->state;
    hot_t hot_a = hot_of(a), hot_b = hot_of(b);
    const size_t columns = features != 0 ? features : hot_a.columns;
    const uint32_t *site_a = x->sites.sites, *site_b = y->sites.sites;
    uint64_t number = 0;
    hot_a.counted = hot_a.counted || hot_b.counted;
    hot_b.squeeze = hot_a.squeeze;
    if (a->sample == b->sample) { /* read once, kept once in the caches */
        hot_b.rows = hot_a.rows;
        hot_b.phi = hot_a.phi;
        hot_b.squares = hot_a.squares;
        hot_b.self = hot_a.self;
    }
    for (uint32_t sites; (sites = ph_sites_next(&x->sites)) > 0;
         hand_on_flips(a), hand_on_flips(b)) {
        ph_sites_next(&y->sites);
        attempt_t at_a = attempt_of(a, &hot_a, site_a[0], columns);
        attempt_t at_b = attempt_of(b, &hot_b, site_b[0], columns);
        vector_t sums_a[PARTS * LEFT_MAX], sums_b[PARTS * LEFT_MAX];
        find_fields(at_a, columns, count, sums_a);
        find_fields(at_b, columns, count, sums_b);
        for (uint32_t first = 0; first < sites; first += WORDS) {
            uint32_t part = sites - first < WORDS ? sites - first : WORDS;
            fill_words(x, part, count);
            fill_words(y, part, count);
            for (uint32_t k = 0; k < part; k++, number++) {
                const uint32_t after = first + k + 1 < sites ? first + k + 1 : first + k;
                const attempt_t next_a = attempt_of(a, &hot_a, site_a[after], columns);
                const attempt_t next_b = attempt_of(b, &hot_b, site_b[after], columns);
                look_ahead(&hot_a, &x->sites, first + k, features);
                look_ahead(&hot_b, &y->sites, first + k, features);
                update_two(at_a, at_b, next_a, next_b, number, x->words[k], y->words[k], count,
                           columns, metropolis, sums_a, sums_b);
                at_a = next_a;
                at_b = next_b;
            }
        }
    }
}

/* Numbers of features up to this are unrolled: a few percent sooner, for seconds of the compiler's
 * time each. */
#if defined(PH_ONCE) /* SSE2, tests */
enum { UNROLLED = 0 };
#elif defined(PH_LAYOUT_NARROW)
enum { UNROLLED = 8 }; /* of the larger ones but a few */
#else
enum { UNROLLED = 3 };
#endif

/* Of one block or, in step, of two. */
ALWAYS void run_features(ph_block_t *a, ph_block_t *b, size_t count, bool metropolis)
{
#define RUN(features)                                                                              \
    do {                                                                                           \
        if (b == NULL)                                                                             \
            run(a, count, features, metropolis);                                                   \
        else if (count <= IN_STEP_MAX)                                                             \
            run_two(a, b, count, features, metropolis);                                            \
    } while (false)
#define RUN_IF(number)                                                                             \
    if (UNROLLED >= (number) && a->coupling.features == (number)) {                                \
        RUN(number);                                                                               \
        return;                                                                                    \
    }
    RUN_IF(1)
    RUN_IF(2)
    RUN_IF(3)
    RUN_IF(4)
    RUN_IF(5)
    RUN_IF(8)
    RUN(0);
#undef RUN_IF
#undef RUN
}

/* Vectors that hold so many lanes. */
#define VECTORS(lanes) (((lanes) + VECTOR_LANES - 1) / VECTOR_LANES)

static void run_glauber(ph_block_t *a, ph_block_t *b, uint32_t lanes)
{
    if (lanes <= 16)
        run_features(a, b, VECTORS(16), false);
    else if (lanes <= 32)
        run_features(a, b, VECTORS(32), false);
    else
        run_features(a, b, VECTORS(PH_MAX_LANES), false);
}

static void run_metropolis(ph_block_t *a, ph_block_t *b, uint32_t lanes)
{
    if (lanes <= 16)
        run_features(a, b, VECTORS(16), true);
    else if (lanes <= 32)
        run_features(a, b, VECTORS(32), true);
    else
        run_features(a, b, VECTORS(PH_MAX_LANES), true);
}

static uint32_t lanes_of(const ph_block_t *self)
{
    return self->lane_first + self->lanes;
}

static void begin(ph_block_t *self)
{
    state_t *state = self->state;
    ph_site_begin(self, &state->generators, &state->sites, state->permutation);
}

static void sweep(ph_block_t *self)
{
    begin(self);
    if (self->decision.sampler == PH_SAMPLER_METROPOLIS)
        run_metropolis(self, NULL, lanes_of(self));
    else
        run_glauber(self, NULL, lanes_of(self));
}

static uint32_t in_step(void)
{
    return ISA_PRESENT ? IN_STEP_MAX * VECTOR_LANES : 0;
}

/* Blocks with one estimate, of as many sites and features. */
static bool sweep_two(ph_block_t *a, ph_block_t *b)
{
    const uint32_t lanes = lanes_of(a) > lanes_of(b) ? lanes_of(a) : lanes_of(b);
    const state_t *x = a->state, *y = b->state;
    if (lanes > IN_STEP_MAX * VECTOR_LANES || a->given_point != b->given_point ||
        a->coupling.features != b->coupling.features ||
        memcmp(&x->squeeze, &y->squeeze, sizeof(x->squeeze)) != 0)
        return false;
    begin(a);
    begin(b);
    if (a->decision.sampler == PH_SAMPLER_METROPOLIS)
        run_metropolis(a, b, lanes);
    else
        run_glauber(a, b, lanes);
    return true;
}

static void bring_overlaps(ph_block_t *self)
{
    for (size_t p = 0; p < (size_t)self->coupling.features; p++)
        for (uint32_t l = 0; l < self->lanes; l++)
            self->overlaps[p * self->lanes + l] =
                layout_overlap(self->state, p, self->lane_first + l);
}

static void gather(ph_block_t *self)
{
    for (size_t p = 0; p < (size_t)self->coupling.features; p++)
        for (uint32_t l = 0; l < self->lanes; l++)
            layout_put(self->state, p, self->lane_first + l, self->overlaps[p * self->lanes + l]);
}

static bool fits(const ph_block_t *self)
{
    ph_squeeze_t squeeze;
    return ISA_PRESENT && layout_fits(self) && layout_squeeze(&squeeze, self);
}

/* Setting up tries all strengths of a field, some 25 ns each, 50 ns those of real ones; the plain
 * reference loses 10 ns an attempt and 8 ns a chain, and more with the features. */
static bool pays(const ph_block_t *self)
{
    const double trying = self->decision.integer
                              ? 25.0 * fmin(self->coupling.integer_bound, INT16_MAX)
                              : 50.0 * PH_SQUEEZE_LEVELS;
    const double features = (double)self->coupling.features;
    const double lost = 10.0 + 1.5 * features + self->lanes * (8.0 + 0.5 * features);
    return ph_block_attempts(self) * lost >= trying;
}

static int prepare(ph_block_t *self)
{
    state_t *state = aligned_alloc(64, sizeof(*state));
    size_t features = (size_t)self->coupling.features, neurons = (size_t)self->point->neurons;
    self->state = state;
    if (state == NULL)
        return PH_ERR_MEMORY;
    memset(state, 0, sizeof(*state));
    layout_squeeze(&state->squeeze, self);
    state->mask = ph_block_lanes_mask(self);
    for (uint32_t l = 0; l < PH_MAX_LANES; l++)
        state->lanes[l] = (state->mask >> l & 1) != 0 ? UINT16_MAX : 0;
    /* Two features at a time: the last pair may be half empty. */
    size_t bytes = (features + 1) / 2 * 2 * PH_MAX_LANES * OVERLAP_BYTES;
    state->overlaps = aligned_alloc(64, bytes);
    state->rows = malloc(layout_rows_bytes(neurons, features));
    state->permutation = malloc(neurons * sizeof(*state->permutation));
    if (state->overlaps == NULL || state->rows == NULL || state->permutation == NULL)
        return PH_ERR_MEMORY;
    memset(state->overlaps, 0, bytes);
    layout_fill_rows(self, state->rows);
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

const ph_kernel_t LAYOUT_KERNEL = {
    .name = LAYOUT_NAME,
    .help = LAYOUT_HELP,
    .counts = true,
    .fits = fits,
    .pays = pays,
    .prepare = prepare,
    .gather = gather,
    .sweep = sweep,
    .in_step = in_step,
    .sweep_two = sweep_two,
    .overlaps = bring_overlaps,
    .free = free_state,
};
