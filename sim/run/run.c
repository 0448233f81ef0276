/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/run.h"

#include <errno.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/file.h"
#include "base/floating.h"
#include "base/machine.h"
#include "sim/chain/block.h"
#include "sim/model/moments.h"
#include "sim/model/states.h"
#include "sim/run/assemble.h"
#include "sim/run/base.h"
#include "sim/run/doubt.h"
#include "sim/run/kernel.h"
#include "sim/run/split.h"
#include "sim/run/startfile.h"
#include "sim/run/step.h"
#include "sim/run/until.h"
#include "sim/run/worker.h"
#include "sim/store/lock_file.h"
#include "sim/store/statusfile.h"

typedef struct {
    const ph_grid_t *grid;
    const ph_run_options_t *options;
    ph_report_t *report;
    ph_checkpoint_index_t checkpoints;
    ph_plan_t plan;
    ph_journal_t journal;
    ph_startfile_t start;
    ph_lock_file_t lock;
    ph_progress_t progress;
    char *journal_path;
    size_t *left; /* [points] pieces of work not finished */
    /* as checkpoints.done: how far each chain is, in the sources or handed on */
    uint64_t *computed;
    double begun, updates, status_time, synced;
    double written, logged;    /* when the status file was, and the log */
    double spared;             /* updates of the plan that dynamics.until has made needless */
    double bytes_when_stopped; /* bytes of segments that threads hand on when stopped, at most */
    double bytes_before;       /* of the run file that is there */
    double assembly;           /* expected seconds of putting the file together */
    int team;   /* threads that OpenMP gave, which may be fewer than were asked for */
    int status; /* first failure of any worker */
    bool halted;
    bool full; /* the journal did not take a segment, and said so */
} run_t;

static double checkpoint_every(const run_t *self)
{
    const double every = self->options->checkpoint_every;
    return every > 0.0 ? every : PH_TASK_CHECKPOINT_SECONDS;
}

/*
 * Bytes that are put together in a second, and bytes of journal that one of a file stands for: it
 * is compressed, and read as well as written. Measured on one core: 80 MB/s of trajectories, 36
 * MB/s of spins, which do not compress; files 9 and 17 MB/s. A busy machine or a slow disk may take
 * half.
 */
static const double ASSEMBLY_BYTES = 15e6, ASSEMBLY_OF_FILE = 3.0;

/* What the threads hand on when they are stopped, at most. */
static double bytes_when_stopped(const run_t *self, int threads)
{
    const ph_grid_t *grid = self->grid;
    const double lanes = (double)ph_grid_block_chains(grid);
    double most = 0.0;
    for (size_t p = 0; p < grid->points_count; p++) {
        const ph_point_t *point = &grid->points[p];
        const double row = 8.0 * (double)ph_observables_total(grid, point->patterns);
        double bytes = lanes * (double)ph_segment_spin_bytes(ph_point_state_bits(point));
        if (grid->moments)
            bytes += lanes * row * PH_MOMENT_WORDS;
        if (grid->trajectory)
            bytes += fmin(PH_TASK_SERIES_BYTES, lanes * row * (double)ph_point_records(point));
        bytes += fmin(PH_TASK_SERIES_BYTES, lanes * ph_states_bytes(grid, point));
        most = fmax(most, ph_step_takes(grid, point) ? 2.0 * bytes : bytes);
    }
    return most * threads;
}

static void expect_assembly(run_t *self)
{
    const double bytes = (double)self->journal.size + self->bytes_when_stopped +
                         ASSEMBLY_OF_FILE * self->bytes_before;
#pragma omp atomic write
    self->assembly = bytes / ASSEMBLY_BYTES;
}

/* The limit holds for the whole run: the file has to be put together within it. At least half of it
 * is computed, so that every run gets on. */
static bool must_stop(run_t *self)
{
    const ph_run_options_t *options = self->options;
    const double limit = options->time_limit;
    double assembly;
#pragma omp atomic read
    assembly = self->assembly;
    if (options->stop != NULL && *options->stop != 0)
        return true;
    return limit > 0.0 && ph_machine_clock() - self->begun >= fmax(limit - assembly, 0.5 * limit);
}

static void show_line(const run_t *self, FILE *out, const char *begin, const char *end)
{
    char text[32] = "";
    double left = ph_progress_left(&self->progress);
    ph_duration_text(left, text, sizeof(text));
    const char *label = out == self->options->terminal ? self->options->label : NULL;
    fprintf(out, "%s%s%llu of %llu points, %3.0f%%, %.2e updates/s%s%s%s%s", begin,
            label != NULL ? label : "", (unsigned long long)self->progress.points_done,
            (unsigned long long)self->progress.points,
            100.0 * (double)self->progress.updates_done / fmax(1.0, (double)self->progress.updates),
            self->progress.rate, isfinite(left) ? ", " : "", isfinite(left) ? text : "",
            isfinite(left) ? " left" : "", end);
    fflush(out);
}

/* A line of its own, with the time, and what is rarer the longer a run takes: who looks at the
 * status of a thousand parts does not need it every second, and their file system is not to rename
 * that often. */
static void show_seldom(run_t *self, bool last, double now)
{
    const double running = now - self->begun;
    char begin[40];
    if (last || now - self->written > fmin(30.0, 1.0 + 0.05 * running)) {
        const char *home = self->options->status_of;
        ph_statusfile_write(home != NULL ? home : self->options->path, &self->progress, NULL);
        self->written = now;
    }
    if (self->options->log == NULL || last || now - self->logged < self->options->log_every)
        return;
    snprintf(begin, sizeof(begin), "%s ", self->progress.updated);
    show_line(self, self->options->log, begin, "\n");
    self->logged = now;
}

/* Called with the monitor held. */
static void show(run_t *self, const char *state)
{
    double now = ph_machine_clock(), updates, spared;
#pragma omp atomic read
    updates = self->updates;
#pragma omp atomic read
    spared = self->spared;
    self->status_time = now;
    snprintf(self->progress.state, sizeof(self->progress.state), "%s", state);
    ph_machine_time(self->progress.updated, sizeof(self->progress.updated));
    self->progress.rate = updates / fmax(1e-9, now - self->begun);
    self->progress.updates_done =
        self->progress.updates - (uint64_t)fmax(0.0, self->plan.updates - updates - spared);
    show_seldom(self, strcmp(state, "running") != 0, now);
    if (self->options->terminal != NULL)
        show_line(self, self->options->terminal, "\r", "     ");
}

static bool stopped(void *context)
{
    run_t *self = context;
    bool halted;
#pragma omp atomic read
    halted = self->halted;
    return halted || must_stop(self);
}

static bool swept(void *context, double updates, double since_handed_on)
{
    run_t *self = context;
#pragma omp atomic
    self->updates += updates;
    double shown;
#pragma omp atomic read
    shown = self->status_time;
    if (ph_machine_clock() - shown > 1.0) {
#pragma omp critical(ph_run_monitor)
        if (ph_machine_clock() - self->status_time > 1.0)
            show(self, "running");
    }
    return since_handed_on > checkpoint_every(self) || stopped(self);
}

/* Where one thread has found no room, the others are not to say so once more. */
static int hand_on(void *context, const ph_task_t *task, const ph_segment_t *segment)
{
    run_t *self = context;
    int status;
#pragma omp critical(ph_run_journal)
    {
        status = ph_journal_append(&self->journal, segment, self->full ? NULL : self->report);
        self->full = self->full || status == PH_ERR_IO;
        for (uint32_t r = 0; r < segment->replicas && status == PH_OK; r++)
            self->computed[ph_checkpoint_index_chain(&self->checkpoints, task->point, task->sample,
                                                     segment->replica_first + r)] =
                segment->sweep_to;
        const double pause = self->options->saved != NULL ? checkpoint_every(self) : 5.0;
        if (status == PH_OK && ph_machine_clock() - self->synced > fmin(5.0, pause)) {
            status = ph_journal_sync(&self->journal, self->report);
            self->synced = ph_machine_clock();
            if (status == PH_OK && self->options->saved != NULL)
                self->options->saved(self->options->context, self->journal.size);
        }
        expect_assembly(self);
    }
    return status;
}

/* The HDF5 library and the journal's reader are used by one thread at a time. */
static int state(void *context, const ph_task_t *task, uint32_t replica, double *sums,
                 uint8_t *spins)
{
    run_t *self = context;
    int status;
#pragma omp critical(ph_run_journal)
    status = ph_checkpoint_index_state(&self->checkpoints, task->point, task->sample, replica, sums,
                                       spins, self->report);
    return status;
}

static int start(void *context, const ph_task_t *task, uint32_t replica, uint8_t *spins)
{
    run_t *self = context;
    int status;
#pragma omp critical(ph_run_journal)
    status = ph_startfile_spins(&self->start, &self->grid->points[task->point], task->sample,
                                replica, spins, self->report);
    return status;
}

static void ended(void *context, double updates)
{
    run_t *self = context;
#pragma omp atomic
    self->spared += updates;
}

/* Called with the monitor held. */
static void count_done(run_t *self, const ph_task_t *task)
{
    if (task != NULL && --self->left[task->point] == 0 && !stopped(self))
        self->progress.points_done++;
}

/* Whether a task is done, so that those which wait for it may begin. */
static bool work_on(run_t *self, const ph_task_t *task, const ph_task_t *beside,
                    const ph_task_calls_t *calls, ph_ends_t *last)
{
    if (stopped(self))
        return false;
    int status = ph_task_run(task, beside, self->grid, calls, last);
    if (status != PH_OK) {
#pragma omp atomic write
        self->halted = true;
    }
#pragma omp critical(ph_run_monitor)
    {
        if (status != PH_OK && self->status == PH_OK)
            self->status = status;
        count_done(self, task);
        count_done(self, beside);
    }
    const size_t chain = ph_checkpoint_index_chain(&self->checkpoints, task->point, task->sample,
                                                   task->replica_first);
    return self->computed[chain] >= ph_point_total(&self->grid->points[task->point]);
}

static void work_through(run_t *self, int threads)
{
    const ph_task_calls_t calls = {
        self, self->options->kernel, swept, stopped, hand_on, state, start, ended};
    const ph_plan_t *plan = &self->plan;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
    for (size_t k = 0; k < plan->count; k++) {
        ph_ends_t last = {0};
#pragma omp atomic write
        self->team = omp_get_num_threads();
        const ph_task_t *task = &plan->tasks[k];
        const ph_task_t *beside = k + 1 < plan->count && task[1].beside ? &task[1] : NULL;
        bool goes_on = !task->waits && !task->beside && work_on(self, task, beside, &calls, &last);
        for (size_t next = k + 1; goes_on && next < plan->count && plan->tasks[next].waits; next++)
            goes_on = work_on(self, &plan->tasks[next], NULL, &calls, &last);
        ph_ends_free(&last);
    }
}

/* What a failed worker has not said itself. */
static void explain(run_t *self)
{
    const char *text = NULL;
    if (self->status == PH_ERR_MEMORY)
        text = "out of memory; use fewer threads (-j), ensemble.lanes or network.neurons";
    else if (self->status == PH_ERR_LIMIT)
        text = "network.neurons x network.patterns, and in rule supervised network.neurons x "
               "network.examples, must stay below 2^31";
    else if (self->status == PH_ERR_INPUT)
        text = "the kernel does not take every block of replicas, every sample or every noise of a "
               "schedule; leave it out";
    else if (self->status == PH_ERR_NUMERIC)
        text = "running overlaps differ from a recount: a fault of the program or of this machine";
    if (text != NULL)
        ph_fail(self->report, self->status, "%s", text);
}

/* Old file and old journal stay until the new file is in place: they make no room. */
static int check_disk(const run_t *self)
{
    const double needed =
        ph_plan_disk(&self->plan, self->grid, self->options->shards, checkpoint_every(self));
    const double room = ph_file_room(self->lock.descriptor);
    if (needed <= room)
        return PH_OK;
    return ph_fail(
        self->report, PH_ERR_LIMIT,
        "the run needs about %.3g GB of disk, journal and file, and %.3g GB are free "
        "where %s is; raise dynamics.record_every, set record.trajectory to false, lower "
        "ensemble.samples, or give another folder with -o",
        needed * 1e-9, room * 1e-9, self->options->path);
}

/* Opens the start file, and looks for the state of every chain that begins with one. */
static int open_start(run_t *self)
{
    int status = PH_OK;
    bool any = false;
    if (self->plan.count > 0)
        status = ph_startfile_open(&self->start, self->grid, self->report);
    for (size_t k = 0; k < self->plan.count && status == PH_OK; k++) {
        const ph_task_t *task = &self->plan.tasks[k];
        const ph_point_t *point = &self->grid->points[task->point];
        const bool begins =
            task->sweep_from == 0 && ph_start_facts(point->start)->spins == PH_SPINS_OF_FILE;
        any = any || begins;
        for (uint32_t r = 0; begins && r < task->replicas && status == PH_OK; r++)
            status = ph_startfile_check(&self->start, point, task->sample, task->replica_first + r,
                                        self->report);
    }
    return status == PH_OK && any ? ph_startfile_examine(&self->start, self->grid, self->report)
                                  : status;
}

/* Only where there is surely no file yet is there nothing to take in. */
static int add_files(run_t *self, bool first)
{
    const ph_run_options_t *options = self->options;
    bool exists;
    int status = ph_file_exists(self->options->path, &exists, self->report);
    if (status == PH_OK && exists)
        status = ph_checkpoint_index_add_file(&self->checkpoints, options->path, self->report);
    if (status == PH_OK && options->shards > 1)
        status = ph_base_add(&self->checkpoints, options->base,
                             (ph_shard_t){options->shard, options->shards}, first, self->report);
    return status;
}

static int open_sources(run_t *self)
{
    ph_journal_index_t index;
    int status = add_files(self, true);
    if (status == PH_OK)
        status = ph_journal_open(&self->journal, self->journal_path, &index, self->report);
    if (status != PH_OK)
        return status;
    const size_t found = index.count;
    status = ph_checkpoint_index_add_journal(&self->checkpoints, self->journal_path, &index,
                                             self->report);
    if (status != PH_OK)
        return status;
    ph_checkpoint_index_note_damage(&self->checkpoints, self->report);
    status = ph_checkpoint_index_hold_journal(&self->checkpoints, self->report);
    if (status != PH_OK)
        return status;
    if (found > 0)
        ph_note(self->report, "going on from %s: %zu checkpoints found", self->journal_path, found);
    const size_t chains = ph_checkpoint_index_chains(&self->checkpoints);
    self->computed = calloc(chains, sizeof(*self->computed));
    if (self->computed == NULL)
        return ph_fail(self->report, PH_ERR_MEMORY, "no memory to keep count of %zu chains",
                       chains);
    memcpy(self->computed, self->checkpoints.done, chains * sizeof(*self->computed));
    return PH_OK;
}

static void begin_progress(run_t *self)
{
    ph_progress_t *progress = &self->progress;
    double total = ph_plan_cost(self->grid, 1).updates;
    ph_machine_host(progress->host, sizeof(progress->host));
    progress->pid = (int64_t)getpid();
    ph_machine_time(progress->started, sizeof(progress->started));
    progress->shard = self->options->shard;
    progress->shards = self->options->shards;
    progress->updates = (uint64_t)(self->options->shards > 1 ? self->plan.updates : total);
    progress->points = self->grid->points_count;
    progress->points_done = 0;
    for (size_t k = 0; k < self->plan.count; k++)
        self->left[self->plan.tasks[k].point]++;
    for (size_t p = 0; p < self->grid->points_count; p++)
        progress->points_done += self->left[p] == 0;
}

/* The file as it is, is complete and of this very grid: nothing to write. */
static bool up_to_date(const run_t *self)
{
    const ph_checkpoint_index_t *checkpoints = &self->checkpoints;
    const ph_source_t *file = &checkpoints->sources[0],
                      *journal = &checkpoints->sources[checkpoints->sources_count - 1];
    return self->plan.count == 0 && file->is_alike &&
           strcmp(file->path, self->options->path) == 0 && journal->index.count == 0 &&
           ph_base_chains(checkpoints, self->options->base) == 0;
}

/* Whatever was in the sources at the beginning or handed on since must be in them now. */
static int hold(const run_t *self)
{
    size_t lost = 0;
    for (size_t c = 0; c < ph_checkpoint_index_chains(&self->checkpoints); c++)
        lost += self->checkpoints.done[c] < self->computed[c];
    if (lost == 0)
        return PH_OK;
    return ph_fail(
        self->report, PH_ERR_DAMAGED,
        "%zu chains stand further back in %s and %s than they did: bytes were damaged or "
        "removed while the run went on. Both are left as they are; run again to compute "
        "what is missing",
        lost, self->options->path, self->journal_path);
}

/*
 * Journal and old file, read anew, become the new file; only when that has all that was computed is
 * the journal of no more use. Where the journal cannot be synced the file may yet take it in, but
 * the journal stays.
 */
static int put_together(run_t *self)
{
    ph_journal_index_t index;
    const int synced = ph_journal_sync(&self->journal, self->report);
    ph_journal_close(&self->journal);
    ph_checkpoint_index_free(&self->checkpoints);
    int status = ph_checkpoint_index_init(&self->checkpoints, self->grid, self->report);
    if (status == PH_OK)
        status = add_files(self, false);
    if (status == PH_OK)
        status = ph_journal_scan(self->journal_path, &index, self->report);
    if (status == PH_OK)
        status = ph_checkpoint_index_add_journal(&self->checkpoints, self->journal_path, &index,
                                                 self->report);
    if (status == PH_OK)
        status = hold(self);
    if (status == PH_OK)
        status = ph_until_settle(&self->checkpoints, self->report);
    if (status == PH_OK)
        status =
            ph_checkpoint_index_assemble(&self->checkpoints, self->options->path,
                                         (ph_shard_t){self->options->shard, self->options->shards},
                                         self->options->kernel, self->report);
    if (status == PH_OK && synced == PH_OK && unlink(self->journal_path) != 0)
        status = ph_fail(self->report, PH_ERR_IO, "cannot remove %s: %s", self->journal_path,
                         strerror(errno));
    return status != PH_OK ? status : synced;
}

/* What a call computes, and what it leaves: also after a failure, all that was handed on. */
static int compute(run_t *self, int threads, ph_run_summary_t *summary)
{
    const ph_journal_index_t *found =
        &self->checkpoints.sources[self->checkpoints.sources_count - 1].index;
    int status = ph_journal_keep_grid(&self->journal, found, self->grid->text, self->report);
    if (status != PH_OK) {
        ph_journal_drop_empty(&self->journal);
        return status;
    }
    show(self, "running");
    work_through(self, threads);
    explain(self);
    const double computed = ph_machine_clock();
    status = self->status;
    /* A failure before any segment of a chain leaves nothing to put together. */
    if (status == PH_OK || !ph_journal_drop_empty(&self->journal))
        status = put_together(self);
    summary->saving = ph_machine_clock() - computed;
    return self->status != PH_OK ? self->status : status;
}

/* Everything that may refuse the run, before anything is computed. */
static int prepare(run_t *self, int threads)
{
    const ph_run_options_t *options = self->options;
    int status = ph_plan_check(self->grid, self->report);
    if (status == PH_OK)
        status = ph_plan_check_memory(self->grid, (uint64_t)threads, self->report);
    if (status == PH_OK)
        status = options->kernel != NULL
                     ? ph_kernel_check(self->grid, self->options->kernel, self->report)
                     : PH_OK;
    if (status == PH_OK)
        status = ph_checkpoint_index_init(&self->checkpoints, self->grid, self->report);
    if (status == PH_OK)
        status = open_sources(self);
    if (status == PH_OK)
        status = ph_until_settle(&self->checkpoints, self->report);
    if (status == PH_OK)
        status = ph_split_init(&self->plan, &self->checkpoints, options->shard, options->shards,
                               (uint64_t)threads, self->report);
    if (status == PH_OK)
        status = ph_doubt_refuse(&self->checkpoints, self->plan.count > 0, self->report);
    if (status == PH_OK)
        ph_step_pair(&self->plan, self->grid, (uint64_t)threads);
    if (status == PH_OK && self->plan.count > 0)
        status = ph_file_replaceable(options->path, self->report);
    if (status == PH_OK && self->plan.count > 0)
        status = check_disk(self);
    return status == PH_OK ? open_start(self) : status;
}

static int run_claimed(run_t *self, ph_run_summary_t *summary)
{
    const ph_run_options_t *options = self->options;
    int threads = (int)ph_machine_threads(options->threads).value;
    struct stat file;
    int status = prepare(self, threads);
    if (status != PH_OK) {
        ph_journal_drop_empty(&self->journal);
        return status;
    }
    self->bytes_when_stopped = bytes_when_stopped(self, threads);
    self->bytes_before = stat(options->path, &file) == 0 ? (double)file.st_size : 0.0;
    expect_assembly(self);
    begin_progress(self);
    if (up_to_date(self)) {
        ph_note(self->report, "%s is complete already", options->path);
        ph_journal_close(&self->journal);
        unlink(self->journal_path);
    } else {
        status = compute(self, threads, summary);
    }
    if (status == PH_OK && self->updates + self->spared < self->plan.updates * (1.0 - 1e-12))
        status = PH_ERR_INTERRUPTED;
    summary->until = ph_until_survey(&self->checkpoints);
    if (status == PH_OK)
        status = ph_until_tell(&self->checkpoints, self->report);
    show(self, status == PH_OK || status == PH_ERR_UNREACHED ? "complete" : "stopped");
    if (options->terminal != NULL)
        fputc('\n', options->terminal);
    *summary = (ph_run_summary_t){.updates = self->updates,
                                  .seconds = ph_machine_clock() - self->begun,
                                  .saving = summary->saving,
                                  .until = summary->until,
                                  .points = self->grid->points_count,
                                  .points_complete = (size_t)self->progress.points_done,
                                  .threads = (uint64_t)threads};
    return status;
}

int ph_run(const ph_grid_t *grid, const ph_run_options_t *options, ph_run_summary_t *summary,
           ph_report_t *report)
{
    PH_FLOATING_GUARD();
    ph_run_options_t own = *options;
    own.shards = options->shards == 0 ? 1 : options->shards;
    own.base = own.shards > 1 ? options->base : NULL;
    run_t self = {.grid = grid, .options = &own, .report = report};
    memset(summary, 0, sizeof(*summary));
    if (own.shard >= own.shards || own.shards > PH_SHARDS_MAX)
        return ph_fail(report, PH_ERR_INPUT,
                       "shard %u of %u: expected a shard below the number of shards, and that at "
                       "most %d",
                       own.shard, own.shards, PH_SHARDS_MAX);
    self.journal.descriptor = -1;
    self.begun = self.logged = ph_machine_clock();
    self.synced = self.begun;
    int status = ph_lock_file_take(&self.lock, options->path, options->take_over, report);
    if (status != PH_OK)
        return status;
    self.journal_path = ph_journal_path(options->path);
    self.left = calloc(grid->points_count, sizeof(*self.left));
    if (self.journal_path == NULL || self.left == NULL) {
        status = ph_fail(report, PH_ERR_MEMORY, "no memory to run %zu points", grid->points_count);
    } else {
        status = run_claimed(&self, summary);
    }
    ph_journal_close(&self.journal);
    ph_startfile_close(&self.start);
    ph_plan_free(&self.plan);
    ph_checkpoint_index_free(&self.checkpoints);
    free(self.left);
    free(self.computed);
    free(self.journal_path);
    ph_lock_file_release(&self.lock);
    return status;
}
