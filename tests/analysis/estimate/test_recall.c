/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What chains recall, and when: held against the transition matrices of 8 neurons, carried from the
 * law of the cue to the last sweep; and how errors of shares are made. */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "analysis/estimate/quantities.h"
#include "sim/model/recall.h"
#include "sim/model/starts.h"
#include "tests/sim/run/smallrun.h"
#include "tests/sim/samplers/enumerate.h"

enum { SITES = 8, STATES = 1 << SITES, SWEEPS = 4 };

#define GRID(MOVES, START)                                                                         \
    "network: { neurons: 8, patterns: 2, dilution: { each: [0.1, 0.3] } }\nnoise: 0.4\n"           \
    "dynamics: { sweeps: 4, " MOVES ", start: " START " }\n"                                       \
    "ensemble: { samples: 2 }\n"                                                                   \
    "record: { moments: false, recall: { threshold: 0.7 } }\n"
#define CUE "{ kind: corrupted, pattern: 2, overlap: 0.3 }"

static const char *const CASES[] = {GRID("sampler: little", CUE), GRID("order: sequential", CUE),
                                    GRID("order: sequential", "{ kind: archetype, pattern: 2 }"),
                                    GRID("sampler: little", "random")};

static char path[64];

static void run_grid(ph_grid_t *grid, ph_runfile_t *run, const char *text, const char *set)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-recall-XXXXXX");
    const int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    unlink(path);
    parse_with(grid, text, set);
    ck_assert_int_eq(small_run(grid, path, NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_open(run, path, NULL), PH_OK);
}

static void end(ph_grid_t *grid, ph_runfile_t *run)
{
    static const char *const SIDES[] = {"", ".status", ".claim"};
    char aside[80];
    ph_runfile_close(run);
    for (size_t i = 0; i < 3; i++) {
        snprintf(aside, sizeof(aside), "%s%s", path, SIDES[i]);
        unlink(aside);
    }
    ph_grid_free(grid);
}

/* q of a pattern in a state, from the entries. */
static double overlap_of(const ph_patterns_t *patterns, int state, size_t mu)
{
    double sum = 0.0, entries = 0.0;
    for (int i = 0; i < SITES; i++) {
        const int entry = patterns->entries[(size_t)i * (size_t)patterns->patterns + mu];
        sum += entry * enumerate_spin(state, i);
        entries += entry * entry;
    }
    return entries > 0.0 ? sum / entries : 0.0;
}

/* Of two patterns on 8 neurons no mixture is beyond chance. */
static ph_outcome_t outcome_of(const ph_patterns_t *patterns, int state, bool named)
{
    const double one = overlap_of(patterns, state, 0), two = overlap_of(patterns, state, 1);
    if (!named)
        return fabs(one) >= 0.7 || fabs(two) >= 0.7 ? PH_OUTCOME_TARGET : PH_OUTCOME_NONE;
    return two >= 0.7         ? PH_OUTCOME_TARGET
           : two <= -0.7      ? PH_OUTCOME_REVERSED
           : fabs(one) >= 0.7 ? PH_OUTCOME_OTHER
                              : PH_OUTCOME_NONE;
}

/* One sweep of a law: all neurons at once, or one after the other in their order. */
static void sweep(const ph_point_t *point, const ph_coupling_t *coupling, double *law)
{
    static double next[STATES], step[STATES];
    if (point->sampler == PH_SAMPLER_LITTLE) {
        memset(next, 0, sizeof(next));
        for (int from = 0; from < STATES; from++) {
            if (law[from] == 0.0)
                continue;
            enumerate_little(coupling, point->noise, from, step);
            for (int to = 0; to < STATES; to++)
                next[to] += law[from] * step[to];
        }
        memcpy(law, next, sizeof(next));
        return;
    }
    for (int i = 0; i < SITES; i++)
        for (int down = 0; down < STATES; down++) {
            const int up = down | 1 << i;
            if (down == up)
                continue;
            const double both = law[down] + law[up],
                         to = enumerate_up(enumerate_field(coupling, down, i), point->noise);
            law[up] = both * to;
            law[down] = both * (1.0 - to);
        }
}

/* What is exact of a sample: probabilities of the outcomes, the mean overlap, and the mean and the
 * mean square of the sweeps to the first recall among those that recall. */
typedef struct {
    double outcome[PH_OUTCOMES], overlap, sweeps, square, recalled;
} exact_t;

static void solve(exact_t *self, const ph_grid_t *grid, uint32_t s)
{
    const ph_point_t *point = &grid->points[0];
    static double law[STATES], away[STATES];
    double up[ENUMERATE_SITES];
    ph_sample_t sample;
    memset(self, 0, sizeof(*self));
    memset(law, 0, sizeof(law));
    ck_assert_int_eq(ph_sample_draw(&sample, point, grid->seed, s), PH_OK);
    for (size_t i = 0; i < SITES; i++)
        up[i] = 0.5 * (1.0 + ph_start_spin(point, sample.patterns.entries + 2 * i));
    const bool named = point->start != PH_START_RANDOM;
    enumerate_product(SITES, up, 1.0, law);
    memcpy(away, law, sizeof(law));
    for (int t = 0; t <= SWEEPS; t++) {
        for (int state = 0; state < STATES; state++)
            if (outcome_of(&sample.patterns, state, named) == PH_OUTCOME_TARGET) {
                self->recalled += away[state];
                self->sweeps += t * away[state];
                self->square += t * t * away[state];
                away[state] = 0.0;
            }
        if (t == SWEEPS)
            break;
        sweep(point, &sample.coupling, law);
        sweep(point, &sample.coupling, away);
    }
    self->sweeps /= self->recalled;
    self->square /= self->recalled;
    for (int state = 0; state < STATES; state++) {
        const double one = fabs(overlap_of(&sample.patterns, state, 0)),
                     two = overlap_of(&sample.patterns, state, 1);
        self->outcome[outcome_of(&sample.patterns, state, named)] += law[state];
        self->overlap += law[state] * (named ? two : fmax(one, fabs(two)));
    }
    ph_sample_free(&sample);
}

static const ph_found_t *find(const ph_quantities_t *in, const char *name)
{
    for (size_t i = 0; i < in->count; i++)
        if (strcmp(in->found[i].quantity->name, name) == 0)
            return &in->found[i];
    ck_abort_msg("no %s", name);
    return NULL;
}

/* Every share, the overlap and the time are within 5 standard deviations of the exact ones, and the
 * error that is stated is that of independent chains, within its own spread. */
START_TEST(exact_shares)
{
    static const char *const NAMES[PH_OUTCOMES] = {
        "recalled", "recalled_reversed", "recalled_other", "recalled_mixture", "recalled_none"};
    ph_grid_t grid;
    ph_runfile_t run;
    ph_quantities_t found;
    exact_t exact[2];
    run_grid(&grid, &run, CASES[_i], test_step(8) > 1 ? "replicas=128" : "replicas=1024");
    ck_assert_int_eq(ph_quantities_read(&found, &run, 0, NULL, 0, NULL), PH_OK);
    solve(&exact[0], &grid, 0);
    solve(&exact[1], &grid, 1);
    const double n = (double)grid.replicas;
    for (int k = 0; k < PH_OUTCOMES; k++) {
        const double p = exact[0].outcome[k], q = exact[1].outcome[k];
        const double deviation = sqrt((p * (1.0 - p) + q * (1.0 - q)) / n) / 2.0;
        const ph_averaged_t *share = &find(&found, NAMES[k])->found;
        ck_assert_double_le(fabs(share->value - 0.5 * (p + q)), 5.0 * deviation + 1e-12);
        if (n * (p + q) > 20.0) /* counted chains scatter, and the error with them */
            ck_assert_double_eq_tol(share->thermal, deviation,
                                    2.5 * deviation / sqrt(n * fmin(p + q, 2.0 - p - q)));
    }
    const ph_found_t *sweeps = find(&found, "recall_sweeps");
    double spread = 0.0, mean = 0.0;
    for (int s = 0; s < 2; s++) {
        spread += (exact[s].square - pow(exact[s].sweeps, 2)) / (n * exact[s].recalled) / 4.0;
        mean += 0.5 * exact[s].sweeps;
    }
    ck_assert_double_le(fabs(sweeps->found.value - mean), 5.0 * sqrt(spread) + 1e-12);
    ck_assert_double_le(fabs(find(&found, "recall_overlap")->found.value -
                             0.5 * (exact[0].overlap + exact[1].overlap)),
                        5.0 / sqrt(2.0 * n));
    ph_quantities_free(&found);
    end(&grid, &run);
}
END_TEST

/* Chains that all agree leave a doubt: as if one more had recalled and one more had not. Without
 * series nothing says when; without the key nothing is said at all. */
START_TEST(all_agree)
{
    static const char TEXT[] = "network: { neurons: 300, patterns: 1 }\nnoise: 0\n"
                               "dynamics: { sweeps: 2, sampler: descent, start: archetype }\n"
                               "ensemble: { samples: 5, replicas: 4 }\n"
                               "record: { trajectory: false, recall: { threshold: 1 } }\n";
    ph_grid_t grid;
    ph_runfile_t run;
    ph_quantities_t found;
    run_grid(&grid, &run, TEXT, "seed=1");
    ck_assert_int_eq(ph_quantities_read(&found, &run, 0, NULL, 0, NULL), PH_OK);
    const ph_found_t *all = find(&found, "recalled"), *none = find(&found, "recalled_none");
    ck_assert(all->found.value == 1.0 && none->found.value == 0.0);
    ck_assert_double_eq_tol(all->found.error, sqrt(21.0 / 22.0 * (1.0 / 22.0) / 22.0), 1e-12);
    ck_assert_double_eq_tol(none->found.error, all->found.error, 1e-12);
    ck_assert(find(&found, "recall_overlap")->found.value == 1.0);
    ck_assert(find(&found, "recall_sweeps")->without == PH_WITHOUT_RECALL);
    ck_assert_str_eq(ph_without_text(PH_WITHOUT_RECALL), "never");
    ph_quantities_free(&found);
    end(&grid, &run);
    run_grid(&grid, &run, TEXT, "record.recall_threshold=0");
    ck_assert_int_eq(ph_quantities_read(&found, &run, 0, NULL, 0, NULL), PH_OK);
    all = find(&found, "recalled");
    ck_assert(isnan(all->found.value) && !ph_quantity_recorded(all->quantity, &grid));
    ph_quantities_free(&found);
    end(&grid, &run);
}
END_TEST

PH_TEST_PROGRAM("recall")
{
    TCase *tcase = tcase_create("recall");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, exact_shares, 0, sizeof(CASES) / sizeof(CASES[0]));
    tcase_add_test(tcase, all_agree);
    return test_run("recall", tcase);
}
