/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_ANALYSIS_COMPARE_FORGED_H
#define PH_TESTS_ANALYSIS_COMPARE_FORGED_H

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "analysis/compare/compare.h"
#include "analysis/exact/well.h"
#include "analysis/meanfield/expansion.h"
#include "sim/model/moments.h"
#include "sim/model/stream.h"
#include "sim/store/runfile.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

/*
 * Runs made up from a known law: every chain is an AR(1) process of tau 1.5 records about the
 * averages of its well (by the sum over it, or the corrected mean field of its sample), so that the
 * right verdict and the right errors are known.
 */

/* Standard deviation of a record: above what the law of the cold points has, below that of the warm
 * ones, whose error is then the theory's. */
static const double WIDTH = 0.002;

static char path[64];
static ph_grid_t grid;
static ph_report_t report;

/* What to spoil in a made-up run. */
typedef struct {
    double factor;  /* of all magnetizations */
    double shift;   /* of pattern 1 of point 1 */
    double parted;  /* alternating shift of the chains */
    double memory;  /* of the AR(1) process: tau = 1/2 + memory / (1 - memory) */
    bool turned;    /* every chain in another order and with other signs */
    bool signs;     /* ... with other signs too */
    bool rotated;   /* every chain in the negated state of patterns 2, 3, 1 */
    bool left;      /* every chain in the tie-broken state beside the hierarchy */
    bool zero;      /* every chain about zero */
    double energy;  /* factor of all energies */
    double block;   /* shift of magnetizations and energies alternating between blocks of lanes */
    bool still;     /* no record moves */
    size_t hop;     /* every so many-th chain is in the negated state for half of its records */
    size_t swing;   /* ... and back every so many, or 0 */
    double relax;   /* ... and comes to the other at this rate a record; 0: at once */
    double late;    /* how far the first record is from the well, what is left falling at `relax` */
    size_t away;    /* ... is in it throughout */
    size_t missing; /* number of points left out at the end */
    uint32_t realization;
} recipe_t;

static const recipe_t RIGHT = {.factor = 1.0, .memory = 0.5, .energy = 1.0};

static double gaussian(ph_stream_t *stream)
{
    const double u = 1.0 - ph_stream_unit(stream), v = ph_stream_unit(stream);
    return sqrt(-2.0 * log(u)) * cos(2.0 * acos(-1.0) * v);
}

/* The energy in a state, as theory has it; 0 where it has none. */
static double energy_of(const ph_point_t *point, const network_sample_t *drawn,
                        const ph_state_t *state)
{
    const double neurons = (double)point->neurons;
    ph_expansion_t found;
    double own = 0.0;
    if (ph_expansion_init(&found, state, &drawn->problem, point->neurons, PH_EXPANSION_SECOND) !=
        PH_OK)
        return 0.0;
    for (int64_t i = 0; i < point->neurons; i++)
        own += drawn->coupling.self[i];
    const double energy = ph_expansion_sum(&found.energy) + 0.5 * own / (neurons * neurons);
    ph_expansion_free(&found);
    return energy;
}

/* Averages over the well of state n in their place, and the energy, where these can be summed. */
static void sum_over(const network_sample_t *drawn, const double *n, int64_t neurons, double *m)
{
    const ph_meanfield_t *problem = &drawn->problem;
    const size_t k = (size_t)problem->patterns;
    const ph_exact_rows_t rows = {.count = problem->count,
                                  .features = (size_t)problem->features,
                                  .patterns = k,
                                  .phi = problem->phi,
                                  .xi = problem->xi,
                                  .share = problem->probability,
                                  .weights = problem->weights,
                                  .noise = problem->noise,
                                  .neurons = (double)neurons};
    static double last[2 * NETWORK_PATTERNS_MAX + 1]; /* chains of a sample share their state */
    if (k == 0 || (last[0] == n[0] && memcmp(last, n, k * sizeof(*n)) == 0 && n[0] != 0.0)) {
        memcpy(m, last + k, (k + 1) * sizeof(*m));
        return;
    }
    ph_exact_well_t well;
    if (ph_exact_well_init(&well, &rows, n) == PH_OK) {
        double own = 0.0;
        for (int64_t i = 0; i < neurons; i++)
            own += drawn->coupling.self[i];
        memcpy(m, well.m, k * sizeof(*m));
        m[k] = well.energy + 0.5 * own / ((double)neurons * (double)neurons);
    }
    ph_exact_well_free(&well);
    memcpy(last, n, k * sizeof(*n));
    memcpy(last + k, m, (k + 1) * sizeof(*m));
}

/* The state of a sample from the magnetizations in m, with correction; its energy behind them. */
static void solve(const ph_point_t *point, const network_sample_t *drawn, double *m)
{
    ph_state_t state;
    double n[NETWORK_PATTERNS_MAX], correction[NETWORK_PATTERNS_MAX];
    const size_t k = (size_t)point->patterns;
    ck_assert_int_eq(ph_state_init(&state, point->patterns, point->patterns), PH_OK);
    memcpy(state.n, m, k * sizeof(*m));
    ck_assert_int_eq(ph_meanfield_solve(&state, &drawn->problem, NULL), PH_OK);
    (void)ph_meanfield_correction(&state, &drawn->problem, point->neurons, n, correction, NULL,
                                  NULL);
    for (size_t mu = 0; mu < k; mu++)
        m[mu] = state.m[mu] + (isfinite(correction[mu]) ? correction[mu] : 0.0);
    m[k] = energy_of(point, drawn, &state);
    sum_over(drawn, state.n, point->neurons, m);
    ph_state_free(&state);
}

/* A last state about m[K]: spins independent in their fields. */
static void fill_spins(ph_segment_t *segment, uint32_t r, const ph_point_t *point,
                       const network_sample_t *drawn, const double *m, ph_stream_t *stream)
{
    const size_t k = (size_t)point->patterns;
    uint8_t *spins = segment->spins + r * ph_segment_spin_bytes(segment->state_bits);
    double chance[27] = {0.0}; /* of up, by row; not yet known: 0 */
    for (size_t i = 0; i < (size_t)point->neurons; i++) {
        double h = 0.0, up = 0.5;
        size_t row = 0;
        for (size_t mu = 0; mu < k; mu++) {
            h += m[mu] * drawn->patterns.entries[i * k + mu];
            row = 3 * row + (size_t)(drawn->patterns.entries[i * k + mu] + 1);
        }
        if (k <= 3 && chance[row] > 0.0)
            up = chance[row];
        else if (fabs(h) > 1e-9)
            up = point->noise > 0.0 ? 0.5 + 0.5 * tanh(h / point->noise) : h > 0.0;
        if (k <= 3)
            chance[row] = up;
        if (ph_stream_unit(stream) < up)
            spins[i / 8] |= (uint8_t)(1 << i % 8);
    }
}

/* The centre of a chain: the hierarchical state, turned if asked for. */
static void centre(size_t p, const network_sample_t *drawn, uint32_t replica,
                   const recipe_t *recipe, double *m)
{
    const ph_point_t *point = &grid.points[p];
    ph_point_t hierarchical = *point;
    ph_state_t state;
    const size_t k = (size_t)point->patterns;
    if (recipe->zero) {
        memset(m, 0, (k + 1) * sizeof(*m));
        return;
    }
    hierarchical.start = PH_START_HIERARCHICAL;
    network_solve(&state, &hierarchical);
    for (size_t mu = 0; mu < k; mu++) {
        const size_t place = recipe->turned ? (mu + replica) % k : (mu + recipe->rotated) % k;
        const bool minus = recipe->rotated || (recipe->away > 0 && replica % recipe->away == 0) ||
                           (recipe->signs && (replica >> mu & 1) != 0);
        m[place] = (minus ? -1.0 : 1.0) * state.m[mu];
    }
    if (recipe->left)
        memcpy(m, (const double[]){0.397, 0.289, 0.181}, 3 * sizeof(*m));
    ph_state_free(&state);
    solve(point, drawn, m);
}

static void spoil(size_t p, uint32_t replica, const recipe_t *recipe, double *m)
{
    m[grid.points[p].patterns] *= recipe->energy;
    for (size_t mu = 0; mu < (size_t)grid.points[p].patterns; mu++)
        m[mu] = recipe->factor * m[mu] + (replica % 2 != 0 ? recipe->parted : 0.0);
    for (size_t mu = 0; mu <= (size_t)grid.points[p].patterns; mu++)
        m[mu] += replica / (uint32_t)grid.lanes % 2 != 0 ? recipe->block : -recipe->block;
    if (p == 1)
        m[0] += recipe->shift;
}

/* Where a chain that hops is at record i, over where it ends. */
static double swung(const recipe_t *recipe, size_t i, size_t records)
{
    const size_t half = (records + 1) / 2;
    if (recipe->swing > 0)
        return i / recipe->swing % 2 == 0 ? -1.0 : 1.0;
    if (i < half)
        return -1.0;
    return recipe->relax > 0.0 ? 1.0 - 2.0 * exp(-recipe->relax * (double)(i - half)) : 1.0;
}

static void fill_chain(ph_segment_t *segment, size_t r, const double *m, const recipe_t *recipe,
                       const ph_point_t *point, ph_stream_t *stream)
{
    const size_t components = (size_t)segment->components, k = (size_t)point->patterns;
    const double a = recipe->memory, width = point->noise > 0.0 && !recipe->still ? WIDTH : 0.0;
    double y[NETWORK_PATTERNS_MAX + 1] = {0.0};
    for (size_t mu = 0; mu <= k; mu++)
        y[mu] = gaussian(stream);
    for (size_t i = 0; i < (size_t)segment->records; i++)
        for (size_t mu = 0; mu <= k; mu++) {
            const bool hops = mu < k && recipe->hop > 0 && r % recipe->hop == 0;
            const double x =
                (hops ? swung(recipe, i, (size_t)segment->records) : 1.0) * m[mu] + width * y[mu] +
                (mu < k && recipe->late > 0.0 ? -recipe->late * exp(-recipe->relax * (double)i)
                                              : 0.0);
            y[mu] = a * y[mu] + sqrt(1.0 - a * a) * gaussian(stream);
            if (segment->series != NULL)
                segment->series[(r * (size_t)segment->records + i) * components + mu] = x;
            if (segment->sums != NULL)
                ph_moments_add(segment->sums + (r * components + mu) * PH_MOMENT_WORDS, i, x);
        }
}

static void write_run(const recipe_t *recipe)
{
    ph_runfile_t file;
    ck_assert_int_eq(ph_runfile_create(&file, path, &grid, &report), PH_OK);
    for (size_t p = 0; p + recipe->missing < grid.points_count; p++)
        for (uint32_t s = 0; s < grid.samples; s++) {
            const ph_point_t *point = &grid.points[p];
            ph_segment_t segment;
            ph_stream_t stream;
            network_sample_t drawn = {0};
            double m[NETWORK_PATTERNS_MAX + 1];
            ck_assert_int_eq(ph_segment_init(&segment, &grid, point, s, 0, (uint32_t)grid.replicas,
                                             0, (uint64_t)(point->burn_in + point->sweeps)),
                             PH_OK);
            ph_stream_init(&stream, ph_stream_key(5, point->identity), PH_PURPOSE_TEST, s, 0,
                           recipe->realization);
            if (!recipe->zero)
                network_draw(&drawn, point, grid.seed, s);
            for (uint32_t r = 0; r < grid.replicas; r++) {
                centre(p, &drawn, r, recipe, m);
                if (!recipe->zero)
                    fill_spins(&segment, r, point, &drawn, m, &stream);
                spoil(p, r, recipe, m);
                fill_chain(&segment, r, m, recipe, point, &stream);
            }
            if (!recipe->zero)
                network_drop(&drawn);
            ck_assert_int_eq(ph_runfile_write(&file, p, &segment, &report), PH_OK);
            ph_segment_free(&segment);
        }
    ck_assert_int_eq(ph_runfile_commit(&file, &report), PH_OK);
    ph_runfile_close(&file);
}

static inline void begin(const char *text, const char *set)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-forged-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    unlink(path);
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", set != NULL, &set, &report), PH_OK);
}

static inline void end(void)
{
    unlink(path);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

/* Writes the run of a recipe and compares it with a theory (NULL: the solver's). */
static inline ph_comparison_t compare(const recipe_t *recipe, const ph_theory_t *theory)
{
    ph_runfile_t file;
    ph_comparison_t found;
    write_run(recipe);
    ck_assert_int_eq(ph_runfile_open(&file, path, &report), PH_OK);
    ck_assert_int_eq(ph_compare(&found, &file, theory, PH_VIEW_PATTERNS, &report), PH_OK);
    ph_runfile_close(&file);
    return found;
}

#endif
