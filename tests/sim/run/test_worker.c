/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A worker alone: what it asks for, what it hands on, and how it ends. */
#include <stdlib.h>

#include "sim/run/worker.h"
#include "tests/sim/run/smallrun.h"

enum { SEGMENTS = 64 };

/* Calls that keep all that is handed on; failures and stops on demand. */
typedef struct {
    size_t count;
    ph_segment_t segments[SEGMENTS];
    bool every_sweep;     /* hand on after each */
    size_t stop_after;    /* segments; 0: never */
    int fail;             /* status of the call that fails */
    size_t fail_at;       /* which segment handed on fails; SIZE_MAX: none */
    bool fail_state;      /* state and start fail */
    double updates;       /* told to swept */
    size_t sweeps, asked; /* calls of swept; of state and start */
    const ph_segment_t *resume;
} kept_t;

static bool swept(void *context, double updates, double since)
{
    kept_t *kept = context;
    ck_assert(since >= 0.0);
    kept->updates += updates;
    kept->sweeps++;
    return kept->every_sweep;
}

static bool stopped(void *context)
{
    const kept_t *kept = context;
    return kept->stop_after > 0 && kept->count >= kept->stop_after;
}

/* An array of its own with the same numbers; NULL stays NULL. */
static void *copy(const void *from, size_t bytes)
{
    void *own = from != NULL ? malloc(bytes + 1) : NULL;
    return own != NULL ? memcpy(own, from, bytes) : NULL;
}

static int hand_on(void *context, const ph_task_t *task, const ph_segment_t *segment)
{
    kept_t *kept = context;
    if (kept->count == kept->fail_at)
        return kept->fail;
    ck_assert_uint_lt(kept->count, SEGMENTS);
    ck_assert(segment->sample == task->sample && segment->replica_first == task->replica_first &&
              segment->replicas == task->replicas);
    const size_t row = segment->replicas * (size_t)segment->components * sizeof(double);
    ph_segment_t *own = &kept->segments[kept->count++];
    *own = *segment;
    own->series = copy(segment->series, (size_t)segment->records * row);
    own->sums = copy(segment->sums, PH_MOMENT_WORDS * row);
    own->spins =
        copy(segment->spins, segment->replicas * ph_segment_spin_bytes(segment->state_bits));
    return PH_OK;
}

static int state(void *context, const ph_task_t *task, uint32_t replica, double *sums,
                 uint8_t *spins)
{
    kept_t *kept = context;
    const ph_segment_t *from = kept->resume;
    const size_t words = (size_t)from->components * PH_MOMENT_WORDS;
    const size_t bytes = ph_segment_spin_bytes(from->state_bits);
    ck_assert_uint_eq(replica, task->replica_first + kept->asked);
    kept->asked++;
    if (kept->fail_state)
        return kept->fail;
    const size_t r = replica - from->replica_first;
    memcpy(spins, from->spins + r * bytes, bytes);
    ck_assert(sums != NULL);
    memcpy(sums, from->sums + r * words, words * sizeof(*sums));
    return PH_OK;
}

/* Replica r starts with the neurons up whose numbers have a remainder r by 4. */
static int start(void *context, const ph_task_t *task, uint32_t replica, uint8_t *spins)
{
    kept_t *kept = context;
    (void)task;
    kept->asked++;
    if (kept->fail_state)
        return kept->fail;
    memset(spins, 0, 5);
    for (uint32_t i = replica % 4; i < 40; i += 4)
        spins[i / 8] = (uint8_t)(spins[i / 8] | 1U << i % 8);
    return PH_OK;
}

static int run(kept_t *kept, const ph_task_t *task, const ph_grid_t *grid, const char *kernel)
{
    const ph_task_calls_t calls = {kept, kernel, swept, stopped, hand_on, state, start, NULL};
    return ph_task_run(task, NULL, grid, &calls, NULL);
}

static void drop(kept_t *kept)
{
    for (size_t k = 0; k < kept->count; k++)
        ph_segment_free(&kept->segments[k]);
    *kept = (kept_t){.fail_at = SIZE_MAX};
}

static const ph_task_t TASK = {.point = 1, .sample = 1, .replica_first = 0, .replicas = 2};

static const char *const GRIDS[] = {
    SMALL_GRID,
    /* recorded from the start on, at every sweep */
    "network: { neurons: 40, patterns: 2 }\nnoise: [0.2, 0.6]\ndynamics: { sweeps: 15 }\n"
    "ensemble: { samples: 2, replicas: 3, lanes: 2 }\n",
    /* records further apart than segments are long, and none after the last of them */
    "network: { neurons: 40, patterns: 2 }\nnoise: [0.2, 0.6]\n"
    "dynamics: { sweeps: 13, burn_in: 2, record_every: 5, sampler: little }\n"
    "ensemble: { samples: 2, replicas: 3, lanes: 2 }\nrecord: { loss: true }\n",
};

/* The record of a segment's chain at a time; NULL where it holds none. */
static const double *record_at(const ph_segment_t *segment, uint32_t lane, uint64_t number)
{
    if (number < segment->record_first || number >= segment->record_first + segment->records)
        return NULL;
    const uint64_t row = lane * segment->records + (number - segment->record_first);
    return segment->series + row * segment->components;
}

/* Handed on after every sweep or once at the end: the same records, sums and spins; segments follow
 * on each other without gaps. */
START_TEST(segments_do_not_matter)
{
    ph_grid_t grid;
    kept_t once = {.fail_at = SIZE_MAX}, often = {.fail_at = SIZE_MAX, .every_sweep = true};
    parse(&grid, GRIDS[_i]);
    ck_assert_int_eq(run(&once, &TASK, &grid, NULL), PH_OK);
    ck_assert_int_eq(run(&often, &TASK, &grid, NULL), PH_OK);
    ck_assert_uint_eq(once.count, 1);
    ck_assert_uint_eq(often.count, 15);
    ck_assert_uint_eq(once.sweeps, 15);
    ck_assert(once.updates == 15.0 * 40 * 2);
    const ph_segment_t *all = &once.segments[0], *last = &often.segments[14];
    ck_assert(all->sweep_from == 0 && all->sweep_to == 15 && all->record_first == 0);
    ck_assert_int_eq((int64_t)all->records, ph_point_records(&grid.points[1]));
    uint64_t records = 0;
    for (size_t k = 0; k < often.count; k++) {
        const ph_segment_t *own = &often.segments[k];
        ck_assert(own->sweep_from == k && own->sweep_to == k + 1 && own->record_first == records);
        records += own->records;
        for (uint64_t n = own->record_first; n < records; n++)
            for (uint32_t l = 0; l < 2; l++)
                ck_assert(small_equal(record_at(own, l, n), record_at(all, l, n),
                                      (size_t)all->components));
    }
    ck_assert_uint_eq(records, all->records);
    ck_assert(small_equal(all->sums, last->sums, 2 * (size_t)all->components * PH_MOMENT_WORDS));
    ck_assert_int_eq(memcmp(all->spins, last->spins, 10), 0);
    drop(&once);
    drop(&often);
    ph_grid_free(&grid);
}
END_TEST

/* A replica alone has the records that it has beside another of its block. */
START_TEST(replica_alone)
{
    ph_grid_t grid;
    kept_t both = {.fail_at = SIZE_MAX}, alone = {.fail_at = SIZE_MAX};
    ph_task_t second = TASK;
    second.replica_first = second.replicas = 1;
    parse(&grid, GRIDS[_i]);
    ck_assert_int_eq(run(&both, &TASK, &grid, NULL), PH_OK);
    ck_assert_int_eq(run(&alone, &second, &grid, NULL), PH_OK);
    const ph_segment_t *all = &both.segments[0], *own = &alone.segments[0];
    for (uint64_t n = 0; n < all->records; n++)
        ck_assert(small_equal(record_at(own, 0, n), record_at(all, 1, n), (size_t)all->components));
    ck_assert_int_eq(memcmp(own->spins, all->spins + 5, 5), 0);
    drop(&both);
    drop(&alone);
    ph_grid_free(&grid);
}
END_TEST

/* The sums handed on are those of the records. */
START_TEST(sums_of_records)
{
    ph_grid_t grid;
    kept_t kept = {.fail_at = SIZE_MAX};
    parse(&grid, GRIDS[_i]);
    ck_assert_int_eq(run(&kept, &TASK, &grid, NULL), PH_OK);
    const ph_segment_t *all = &kept.segments[0];
    for (uint32_t l = 0; l < 2; l++)
        for (size_t c = 0; c < all->components; c++) {
            double sum = 0.0, squares = 0.0;
            for (uint64_t n = 0; n < all->records; n++) {
                const double x = record_at(all, l, n)[c];
                sum += x;
                squares += x * x;
            }
            const double *own = all->sums + (l * (size_t)all->components + c) * PH_MOMENT_WORDS;
            ck_assert_double_eq_tol(own[0], sum, 1e-12);
            ck_assert_double_eq_tol(own[2], squares, 1e-12);
        }
    drop(&kept);
    ph_grid_free(&grid);
}
END_TEST

/* Stopped after five segments and taken up from what they held: the same end, asked for the state
 * of each replica once. */
START_TEST(taken_up)
{
    ph_grid_t grid;
    kept_t whole = {.fail_at = SIZE_MAX}, rest = {.fail_at = SIZE_MAX};
    kept_t begun = {.fail_at = SIZE_MAX, .every_sweep = true, .stop_after = 5};
    ph_task_t later = TASK;
    parse(&grid, GRIDS[_i]);
    ck_assert_int_eq(run(&whole, &TASK, &grid, NULL), PH_OK);
    ck_assert_int_eq(run(&begun, &TASK, &grid, NULL), PH_OK);
    ck_assert_uint_eq(begun.count, 5);
    later.sweep_from = 5;
    rest.resume = &begun.segments[4];
    ck_assert_int_eq(run(&rest, &later, &grid, NULL), PH_OK);
    ck_assert_uint_eq(rest.asked, 2);
    const ph_segment_t *all = &whole.segments[0], *end = &rest.segments[0];
    ck_assert(end->sweep_from == 5 && end->sweep_to == 15);
    ck_assert_uint_eq(end->record_first + end->records, all->records);
    for (uint64_t n = end->record_first; n < all->records; n++)
        for (uint32_t l = 0; l < 2; l++)
            ck_assert(
                small_equal(record_at(end, l, n), record_at(all, l, n), (size_t)all->components));
    ck_assert(small_equal(all->sums, end->sums, 2 * (size_t)all->components * PH_MOMENT_WORDS));
    ck_assert_int_eq(memcmp(all->spins, end->spins, 10), 0);
    drop(&whole);
    drop(&begun);
    drop(&rest);
    ph_grid_free(&grid);
}
END_TEST

/* A chain that begins from a file has the given spins at sweep 0: its first record shows them. */
START_TEST(begins_from_file)
{
    ph_grid_t grid;
    kept_t kept = {.fail_at = SIZE_MAX, .every_sweep = true, .stop_after = 1};
    parse(&grid, "network: { neurons: 40, patterns: 2 }\nnoise: 1e-300\n"
                 "dynamics: { sweeps: 1, start: { kind: file, file: f, digest: "
                 "00000000000000000000000000000000 } }\n"
                 "ensemble: { replicas: 8, lanes: 4 }\n");
    const ph_task_t task = {.replica_first = 5, .replicas = 3};
    ck_assert_int_eq(run(&kept, &task, &grid, NULL), PH_OK);
    ck_assert_uint_eq(kept.asked, 3);
    ph_patterns_t patterns;
    ck_assert_int_eq(ph_patterns_draw(&patterns, &grid.points[0], grid.seed, 0), PH_OK);
    for (uint32_t l = 0; l < 3; l++)
        for (size_t mu = 0; mu < 2; mu++) {
            int overlap = 0;
            for (size_t i = 0; i < 40; i++)
                overlap += patterns.entries[2 * i + mu] * (i % 4 == (5 + l) % 4 ? 1 : -1);
            ck_assert_double_eq_tol(record_at(&kept.segments[0], l, 0)[mu], overlap / 40.0, 1e-15);
        }
    ph_patterns_free(&patterns);
    drop(&kept);
    ph_grid_free(&grid);
}
END_TEST

/* What a call returns ends the work and is returned; so does a kernel that there is not, before
 * anything is handed on. */
START_TEST(failures)
{
    ph_grid_t grid;
    kept_t begun = {.fail_at = SIZE_MAX, .every_sweep = true, .stop_after = 1};
    kept_t kept = {.every_sweep = true, .fail = PH_ERR_IO, .fail_at = 3};
    ph_task_t later = TASK;
    parse(&grid, GRIDS[0]);
    ck_assert_int_eq(run(&kept, &TASK, &grid, NULL), PH_ERR_IO);
    ck_assert_uint_eq(kept.count, 3);
    ck_assert_uint_eq(kept.sweeps, 4);
    drop(&kept);
    ck_assert_int_eq(run(&begun, &TASK, &grid, NULL), PH_OK);
    later.sweep_from = 1;
    kept.resume = &begun.segments[0];
    kept.fail_state = true;
    kept.fail = PH_ERR_DAMAGED;
    ck_assert_int_eq(run(&kept, &later, &grid, NULL), PH_ERR_DAMAGED);
    ck_assert(kept.count == 0 && kept.sweeps == 0 && kept.asked == 1);
    drop(&kept);
    ck_assert_int_eq(run(&kept, &TASK, &grid, "no-such-kernel"), PH_ERR_INPUT);
    ck_assert(kept.count == 0 && kept.sweeps == 0);
    ck_assert_int_eq(run(&kept, &TASK, &grid, "reference"), PH_OK);
    ck_assert_uint_eq(kept.count, 1);
    drop(&begun);
    drop(&kept);
    ph_grid_free(&grid);
}
END_TEST

/* A segment ends by itself where its records have filled PH_TASK_SERIES_BYTES. */
START_TEST(long_trajectories_are_cut)
{
    ph_grid_t grid;
    kept_t kept = {.fail_at = SIZE_MAX};
    const ph_task_t task = {.replicas = 64};
    parse(&grid, "network: { neurons: 1, patterns: 30 }\nnoise: 0.5\n"
                 "dynamics: { sweeps: 900, burn_in: 3 }\nensemble: { replicas: 64, lanes: 64 }\n"
                 "record: { moments: false }\n");
    const double row = 64.0 * 8.0 * (double)ph_observables_total(&grid, 30);
    ck_assert_int_eq(run(&kept, &task, &grid, NULL), PH_OK);
    ck_assert_uint_eq(kept.count, 2);
    uint64_t sweep = 0, records = 0;
    for (size_t k = 0; k < kept.count; k++) {
        const ph_segment_t *own = &kept.segments[k];
        ck_assert(own->sweep_from == sweep && own->record_first == records && own->sums == NULL);
        ck_assert(row * (double)own->records < PH_TASK_SERIES_BYTES + 3.0 * row);
        sweep = own->sweep_to;
        records += own->records;
    }
    ck_assert(sweep == 903 && records == 901);
    ck_assert(row * (double)kept.segments[0].records >= PH_TASK_SERIES_BYTES);
    drop(&kept);
    ph_grid_free(&grid);
}
END_TEST

/* Two tasks that one thread advances in step; what each hands on, by its replicas. */
typedef struct {
    kept_t kept[2];
} both_t;

static kept_t *of(both_t *both, const ph_task_t *task)
{
    return &both->kept[task->replica_first > 0];
}

static bool either_swept(void *context, double updates, double since)
{
    both_t *both = context;
    const kept_t *first = &both->kept[0];
    return swept(&both->kept[1], updates, since) || first->every_sweep;
}

static bool either_stopped(void *context)
{
    return stopped(&((both_t *)context)->kept[0]);
}

static int either_hands_on(void *context, const ph_task_t *task, const ph_segment_t *segment)
{
    return hand_on(of(context, task), task, segment);
}

static int either_state(void *context, const ph_task_t *task, uint32_t replica, double *sums,
                        uint8_t *spins)
{
    return state(of(context, task), task, replica, sums, spins);
}

static int run_both(both_t *both, const ph_task_t *task, const ph_task_t *beside,
                    const ph_grid_t *grid)
{
    const ph_task_calls_t calls = {.context = both,
                                   .swept = either_swept,
                                   .stopped = either_stopped,
                                   .hand_on = either_hands_on,
                                   .state = either_state};
    return ph_task_run(task, beside, grid, &calls, NULL);
}

static const char BLOCKS[] = "network: { neurons: 40, patterns: 2 }\nnoise: [0.2, 0.6]\n"
                             "dynamics: { sweeps: 12, burn_in: 3, record_every: 2 }\n"
                             "ensemble: { samples: 2, replicas: 15, lanes: 8 }\n";
static const ph_task_t FIRST = {.point = 1, .sample = 1, .replicas = 8},
                       SECOND = {.point = 1, .sample = 1, .replica_first = 8, .replicas = 7};

static void same_segments(const kept_t *a, const kept_t *b, uint32_t replicas)
{
    ck_assert_uint_eq(a->count, b->count);
    for (size_t k = 0; k < a->count; k++) {
        const ph_segment_t *x = &a->segments[k], *y = &b->segments[k];
        ck_assert(x->sweep_from == y->sweep_from && x->sweep_to == y->sweep_to);
        ck_assert(x->record_first == y->record_first && x->records == y->records);
        ck_assert(small_equal(x->series, y->series,
                              (size_t)(replicas * x->records * (uint64_t)x->components)));
        ck_assert(
            small_equal(x->sums, y->sums, replicas * (size_t)x->components * PH_MOMENT_WORDS));
        ck_assert_int_eq(memcmp(x->spins, y->spins, replicas * 5), 0);
    }
}

/* Handed on after every sweep, or once; from the start, or one of them six sweeps behind the other:
 * what each of two hands on in step is what it does alone. */
START_TEST(in_step_as_alone)
{
    ph_grid_t grid;
    kept_t alone[2] = {{.fail_at = SIZE_MAX}, {.fail_at = SIZE_MAX}};
    kept_t begun = {.fail_at = SIZE_MAX, .every_sweep = true, .stop_after = 6};
    both_t both = {.kept = {{.fail_at = SIZE_MAX}, {.fail_at = SIZE_MAX}}};
    ph_task_t first = FIRST;
    parse(&grid, BLOCKS);
    if (_i / 2 > 0) {
        ck_assert_int_eq(run(&begun, &FIRST, &grid, NULL), PH_OK);
        first.sweep_from = 6;
        alone[0].resume = both.kept[0].resume = &begun.segments[5];
    }
    for (int w = 0; w < 2; w++)
        alone[w].every_sweep = both.kept[w].every_sweep = _i % 2;
    ck_assert_int_eq(run(&alone[0], &first, &grid, NULL), PH_OK);
    ck_assert_int_eq(run(&alone[1], &SECOND, &grid, NULL), PH_OK);
    ck_assert_int_eq(run_both(&both, &first, &SECOND, &grid), PH_OK);
    ck_assert_uint_eq(both.kept[1].sweeps, alone[0].sweeps + alone[1].sweeps);
    ck_assert(both.kept[1].updates == alone[0].updates + alone[1].updates);
    same_segments(&both.kept[0], &alone[0], 8);
    same_segments(&both.kept[1], &alone[1], 7);
    for (int w = 0; w < 2; w++) {
        drop(&alone[w]);
        drop(&both.kept[w]);
    }
    drop(&begun);
    ph_grid_free(&grid);
}
END_TEST

/* Both end where they are asked to; where one fails, the other hands on as far as it is. */
START_TEST(in_step_ends)
{
    ph_grid_t grid;
    both_t both = {.kept = {{.fail_at = SIZE_MAX, .every_sweep = true, .stop_after = 4},
                            {.fail_at = SIZE_MAX}}};
    parse(&grid, BLOCKS);
    ck_assert_int_eq(run_both(&both, &FIRST, &SECOND, &grid), PH_OK);
    for (int w = 0; w < 2; w++) {
        ck_assert_uint_eq(both.kept[w].count, 4);
        ck_assert_uint_eq(both.kept[w].segments[3].sweep_to, 4);
        drop(&both.kept[w]);
    }
    for (int w = 0; w < 2; w++) {
        both.kept[0].every_sweep = true;
        both.kept[w].fail = PH_ERR_IO;
        both.kept[w].fail_at = 5;
        ck_assert_int_eq(run_both(&both, &FIRST, &SECOND, &grid), PH_ERR_IO);
        ck_assert_uint_eq(both.kept[w].count, 5);
        ck_assert_uint_eq(both.kept[1 - w].count, 6);
        const ph_segment_t *last = &both.kept[1 - w].segments[5];
        ck_assert(last->sweep_to == 6 && last->record_first + last->records == 2);
        drop(&both.kept[0]);
        drop(&both.kept[1]);
    }
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_PROGRAM("worker")
{
    const int grids = sizeof(GRIDS) / sizeof(GRIDS[0]);
    TCase *tcase = tcase_create("worker");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, segments_do_not_matter, 0, grids);
    tcase_add_loop_test(tcase, replica_alone, 0, grids);
    tcase_add_loop_test(tcase, sums_of_records, 0, grids);
    tcase_add_loop_test(tcase, taken_up, 0, grids);
    tcase_add_test(tcase, begins_from_file);
    tcase_add_test(tcase, failures);
    tcase_add_test(tcase, long_trajectories_are_cut);
    tcase_add_loop_test(tcase, in_step_as_alone, 0, 4);
    tcase_add_test(tcase, in_step_ends);
    return test_run("worker", tcase);
}
