/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What chains recall, and when: held against the transition matrices of 8 neurons, carried from the
 * law of the cue to the last sweep; and how errors of shares are made. */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "analysis/estimate/laststate.h"
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

static const char *const NAMES[PH_OUTCOMES] = {"recalled", "recalled_reversed", "recalled_other",
                                               "recalled_mixture", "recalled_none"};

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

/* Of two patterns on 8 neurons no mixture is beyond chance. The target is 0 or 1; -1: any. */
static ph_outcome_t outcome_of(const ph_patterns_t *patterns, int state, int target)
{
    const double its = overlap_of(patterns, state, target == 0 ? 0 : 1),
                 other = overlap_of(patterns, state, target == 0 ? 1 : 0);
    if (target < 0)
        return fabs(its) >= 0.7 || fabs(other) >= 0.7 ? PH_OUTCOME_TARGET : PH_OUTCOME_NONE;
    return its >= 0.7           ? PH_OUTCOME_TARGET
           : its <= -0.7        ? PH_OUTCOME_REVERSED
           : fabs(other) >= 0.7 ? PH_OUTCOME_OTHER
                                : PH_OUTCOME_NONE;
}

static double moves[STATES][STATES]; /* of all neurons at once */

static void prepare(const ph_point_t *point, const ph_coupling_t *coupling)
{
    for (int from = 0; from < STATES && point->sampler == PH_SAMPLER_LITTLE; from++)
        enumerate_little(coupling, point->noise, from, moves[from]);
}

/* One sweep of a law: all neurons at once, or one after the other in their order. */
static void sweep(const ph_point_t *point, const ph_coupling_t *coupling, double *law)
{
    static double next[STATES];
    if (point->sampler == PH_SAMPLER_LITTLE) {
        memset(next, 0, sizeof(next));
        for (int from = 0; from < STATES; from++)
            for (int to = 0; to < STATES; to++)
                next[to] += law[from] * moves[from][to];
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

/* From a law of the first state, which is changed, for chains that are to recall this pattern. */
static void solve_from(exact_t *self, const ph_point_t *point, const ph_sample_t *sample,
                       double *law, int target)
{
    static double away[STATES];
    memset(self, 0, sizeof(*self));
    prepare(point, &sample->coupling);
    memcpy(away, law, sizeof(away));
    for (int t = 0; t <= SWEEPS; t++) {
        for (int state = 0; state < STATES; state++)
            if (outcome_of(&sample->patterns, state, target) == PH_OUTCOME_TARGET) {
                self->recalled += away[state];
                self->sweeps += t * away[state];
                self->square += t * t * away[state];
                away[state] = 0.0;
            }
        if (t == SWEEPS)
            break;
        sweep(point, &sample->coupling, law);
        sweep(point, &sample->coupling, away);
    }
    self->sweeps /= self->recalled;
    self->square /= self->recalled;
    for (int state = 0; state < STATES; state++) {
        const double one = overlap_of(&sample->patterns, state, 0),
                     two = overlap_of(&sample->patterns, state, 1);
        self->outcome[outcome_of(&sample->patterns, state, target)] += law[state];
        self->overlap += law[state] * (target == 0   ? one
                                       : target == 1 ? two
                                                     : fmax(fabs(one), fabs(two)));
    }
}

static void solve(exact_t *self, const ph_grid_t *grid, uint32_t s)
{
    const ph_point_t *point = &grid->points[0];
    static double law[STATES];
    double up[ENUMERATE_SITES];
    ph_sample_t sample;
    memset(law, 0, sizeof(law));
    ck_assert_int_eq(ph_sample_draw(&sample, point, grid->seed, s), PH_OK);
    for (size_t i = 0; i < SITES; i++)
        up[i] = 0.5 * (1.0 + ph_start_spin(point, sample.patterns.entries + 2 * i));
    enumerate_product(SITES, up, 1.0, law);
    solve_from(self, point, &sample, law, point->start != PH_START_RANDOM ? 1 : -1);
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

enum { CUES = 4 };
static const int CUE_STATES[CUES] = {0x0F, 0x33, 0xE1, 0x7E}, CUE_TARGETS[CUES] = {0, 1, 1, 0};

/* The pattern with the largest overlap, the first of several. */
static int nearest_to(const ph_patterns_t *patterns, int state)
{
    return overlap_of(patterns, state, 1) > overlap_of(patterns, state, 0);
}

/* A file of one cue a replica, the four in turn, and a grid that begins with them. */
static void write_cues(char *text, size_t size, const char *file, int replicas, bool named,
                       const char *record)
{
    char sum[PH_DIGEST_TEXT_SIZE];
    ph_digest_t digest;
    FILE *out = fopen(file, "w");
    ck_assert_ptr_nonnull(out);
    for (int r = 0; r < replicas; r++)
        for (int i = 0; i < SITES; i++)
            fprintf(out, "%d ", enumerate_spin(CUE_STATES[r % CUES], i));
    ck_assert_int_eq(fclose(out), 0);
    ck_assert_int_eq(ph_digest_file(file, &digest), PH_OK);
    ph_digest_text(digest, sum);
    size_t used =
        (size_t)snprintf(text, size,
                         "network: { neurons: 8, patterns: 2, dilution: { each: [0.1, "
                         "0.3] } }\nnoise: 0.4\ndynamics: { sweeps: 4, order: sequential,\n"
                         "  start: { kind: file, file: %s, digest: %s%s",
                         file, sum, named ? ", targets: [" : "");
    for (int r = 0; r < replicas && named; r++)
        used += (size_t)snprintf(text + used, size - used, "%d%s", CUE_TARGETS[r % CUES] + 1,
                                 r + 1 < replicas ? ", " : "]");
    snprintf(text + used, size - used,
             " } }\nensemble: { samples: 2, replicas: %d, lanes: 30 }\nrecord: { recall: { "
             "threshold: 0.7 }, "
             "%s }\n",
             replicas, record);
}

/* The same in slices of a sweep or a few. */
static volatile sig_atomic_t stop;

static void saved(void *context, uint64_t bytes)
{
    (void)context;
    (void)bytes;
    stop = 1;
}

static void run_in_slices(const ph_grid_t *grid, ph_runfile_t *run)
{
    int status = PH_ERR_INTERRUPTED, calls = 0;
    ph_runfile_close(run);
    ck_assert_int_eq(unlink(path), 0);
    for (; status == PH_ERR_INTERRUPTED && calls < 1000; calls++) {
        const ph_run_options_t slice = {
            .path = path, .threads = 1, .checkpoint_every = 1e-9, .saved = saved, .stop = &stop};
        ph_run_summary_t summary;
        stop = 0;
        status = ph_run(grid, &slice, &summary, NULL);
    }
    ck_assert_int_eq(status, PH_OK);
    ck_assert_int_gt(calls, 5); /* two blocks go in step, and are saved together */
    ck_assert_int_eq(ph_runfile_open(run, path, NULL), PH_OK);
}

/* Every record of chain r was held against its pattern: the last one, of the last state, too. */
static void check_records(const ph_segment_t *chains, const ph_grid_t *grid,
                          const ph_patterns_t *patterns, size_t r, int target)
{
    const size_t at = ph_observable_offset(PH_OBS_RECALL, grid, 2),
                 of = ph_observable_offset(PH_OBS_RECALL_TARGET, grid, 2),
                 width = (size_t)chains->components,
                 records = chains->series != NULL ? (size_t)chains->records : 0;
    const double *series = records > 0 ? chains->series + r * records * width : NULL;
    ck_assert_int_eq(grid->aims, ph_observable_recorded(PH_OBS_RECALL_TARGET, grid));
    for (size_t k = 0; k < records && grid->aims; k++)
        ck_assert(series[k * width + of] == target + 1);
    for (int k = 0; k < PH_OUTCOMES && records > 0; k++)
        ck_assert(series[(records - 1) * width + at + (size_t)k] ==
                  (k == (int)outcome_of(patterns, chains->spins[r], target)));
}

/* Cues of a file are held each against its own pattern, the one that is listed or else the nearest:
 * the shares are those of the transition matrices from these cues. */
START_TEST(exact_shares_of_cues)
{
    static const struct {
        bool named, slices;
        const char *record;
    } TESTS[] = {{true, false, "moments: false"},
                 {false, false, "moments: false"},
                 {false, false, "trajectory: false"},
                 {false, true, "moments: false"}};
    const int replicas = TESTS[_i].slices ? 32 : test_step(8) > 1 ? 64 : 1024;
    const size_t size = 512 + 4 * (size_t)replicas;
    char cues[] = "/tmp/polyhebb-cues-XXXXXX", *text = malloc(size);
    double mean[PH_OUTCOMES] = {0.0}, variance[PH_OUTCOMES] = {0.0}, overlap = 0.0;
    static double law[STATES];
    ph_grid_t grid;
    ph_runfile_t run;
    ph_quantities_t found;
    const int descriptor = mkstemp(cues);
    ck_assert(descriptor >= 0 && text != NULL);
    close(descriptor);
    write_cues(text, size, cues, replicas, TESTS[_i].named, TESTS[_i].record);
    run_grid(&grid, &run, text, "seed=1");
    if (TESTS[_i].slices)
        run_in_slices(&grid, &run);
    ck_assert_int_eq(ph_quantities_read(&found, &run, 0, NULL, 0, NULL), PH_OK);
    for (uint32_t s = 0; s < 2; s++) {
        ph_sample_t sample;
        ph_segment_t chains;
        ck_assert_int_eq(ph_sample_draw(&sample, &grid.points[0], grid.seed, s), PH_OK);
        ck_assert_int_eq(ph_runfile_read(&run, 0, s, 0, (uint32_t)replicas, 0, &chains, NULL),
                         PH_OK);
        for (int c = 0; c < CUES; c++) {
            exact_t exact;
            const int target =
                TESTS[_i].named ? CUE_TARGETS[c] : nearest_to(&sample.patterns, CUE_STATES[c]);
            for (int r = c; r < replicas; r += CUES)
                check_records(&chains, &grid, &sample.patterns, (size_t)r, target);
            memset(law, 0, sizeof(law));
            law[CUE_STATES[c]] = 1.0;
            solve_from(&exact, &grid.points[0], &sample, law, target);
            overlap += exact.overlap / (2.0 * CUES);
            for (int k = 0; k < PH_OUTCOMES; k++) {
                mean[k] += exact.outcome[k] / (2.0 * CUES);
                variance[k] += exact.outcome[k] * (1.0 - exact.outcome[k]) / (4.0 * CUES);
            }
        }
        ph_segment_free(&chains);
        ph_sample_free(&sample);
    }
    for (int k = 0; k < PH_OUTCOMES; k++)
        ck_assert_double_le(fabs(find(&found, NAMES[k])->found.value - mean[k]),
                            5.0 * sqrt(variance[k] / replicas) + 1e-12);
    ck_assert_double_le(fabs(find(&found, "recall_overlap")->found.value - overlap),
                        5.0 / sqrt(2.0 * replicas));
    ph_quantities_free(&found);
    end(&grid, &run);
    unlink(cues);
    free(text);
}
END_TEST

/* A number that is no pattern, which anyone may write into a file, tells nothing. */
START_TEST(forged_targets)
{
    static const double NUMBERS[] = {0.0, -1.0, 3.0, 1e300, -1e300, INFINITY, NAN};
    static double series[64], sums[64 * PH_MOMENT_WORDS];
    ph_grid_t grid;
    int64_t target;
    parse(&grid, "network: { neurons: 8, patterns: 2 }\nnoise: 0.4\ndynamics: { sweeps: 1, start: "
                 "{ kind: file, file: no, digest: 00000000000000000000000000000000 } }\n"
                 "record: { recall: { threshold: 0.7 } }\n");
    const size_t at = ph_observable_offset(PH_OBS_RECALL_TARGET, &grid, 2);
    ph_segment_t segment = {.replicas = 1,
                            .components = ph_observables_total(&grid, 2),
                            .records = 1,
                            .series = series};
    ck_assert(grid.aims && segment.components <= 64);
    for (int by = 0; by < 2; by++) {
        for (size_t k = 0; k < sizeof(NUMBERS) / sizeof(NUMBERS[0]); k++) {
            series[at] = sums[at * PH_MOMENT_WORDS + 2] = NUMBERS[k];
            sums[at * PH_MOMENT_WORDS] = 1.0;
            ck_assert(!ph_last_target(&grid, &grid.points[0], &segment, 0, &target));
        }
        series[at] = sums[at * PH_MOMENT_WORDS + 2] = 2.0;
        ck_assert(ph_last_target(&grid, &grid.points[0], &segment, 0, &target));
        ck_assert_int_eq(target, 1);
        segment.series = NULL;
        segment.sums = sums;
    }
    ph_grid_free(&grid);
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
    tcase_add_loop_test(tcase, exact_shares_of_cues, 0, 4);
    tcase_add_test(tcase, all_agree);
    tcase_add_test(tcase, forged_targets);
    return test_run("recall", tcase);
}
