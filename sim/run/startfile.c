/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/startfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "data/hdf5_file.h"
#include "params/grid_diff.h"
#include "sim/run/doubt.h"

static int check_content(const char *path, const char *digest, ph_report_t *report)
{
    char found[PH_DIGEST_TEXT_SIZE];
    ph_digest_t sum;
    const int status = ph_digest_file(path, &sum);
    if (status != PH_OK)
        return ph_fail(report, status, "%s: cannot read the start file: %s", path,
                       status == PH_ERR_FORMAT   ? "it is no regular file"
                       : status == PH_ERR_MEMORY ? "no memory"
                                                 : strerror(errno));
    ph_digest_text(sum, found);
    if (strcmp(found, digest) == 0)
        return PH_OK;
    return ph_fail(report, PH_ERR_MISMATCH,
                   "%s: the start file is not the one the grid was read with (digest %s, expected "
                   "%s); put that one back, or give dynamics.start_digest anew",
                   path, found, digest);
}

static bool is_hdf5(FILE *file)
{
    unsigned char head[PH_HDF5_SIGNATURE_SIZE];
    const bool same = fread(head, 1, sizeof(head), file) == sizeof(head) &&
                      memcmp(head, PH_HDF5_SIGNATURE, sizeof(head)) == 0;
    rewind(file);
    return same;
}

static int read_text(ph_startfile_t *self, FILE *file, ph_report_t *report)
{
    size_t capacity = 0;
    char word[8];
    while (fscanf(file, "%7s", word) == 1) {
        const bool up = strcmp(word, "+1") == 0 || strcmp(word, "1") == 0;
        if (!up && strcmp(word, "-1") != 0)
            return ph_fail(report, PH_ERR_INPUT, "%s: spin %zu is \"%s\", expected +1 or -1%s",
                           self->path, self->count + 1, word,
                           strcmp(word, "0") == 0 ? "; in a file of 0 and 1 write -1 for every 0"
                                                  : "");
        if (self->count == capacity) {
            capacity = capacity == 0 ? 4096 : 2 * capacity;
            int8_t *grown = realloc(self->spins, capacity);
            if (grown == NULL)
                return ph_fail(report, PH_ERR_MEMORY, "no memory for the spins of %s", self->path);
            self->spins = grown;
        }
        self->spins[self->count++] = up ? 1 : -1;
    }
    if (ferror(file))
        return ph_fail(report, PH_ERR_IO, "%s: cannot read the start file: %s", self->path,
                       strerror(errno));
    return PH_OK;
}

int ph_startfile_open(ph_startfile_t *self, const ph_grid_t *grid, ph_report_t *report)
{
    const ph_point_t *point = NULL;
    memset(self, 0, sizeof(*self));
    for (size_t p = 0; p < grid->points_count && point == NULL; p++)
        if (ph_start_facts(grid->points[p].start)->spins == PH_SPINS_OF_FILE)
            point = &grid->points[p];
    if (point == NULL)
        return PH_OK;
    self->path = point->start_file;
    int status = check_content(self->path, point->start_digest, report);
    int descriptor = -1;
    if (status == PH_OK)
        status = ph_file_open(self->path, UINT64_MAX, &descriptor, report);
    FILE *file = status == PH_OK ? ph_file_stream(descriptor, "r", self->path, report) : NULL;
    if (file == NULL)
        return status == PH_OK ? PH_ERR_MEMORY : status;
    self->is_run = is_hdf5(file);
    status = self->is_run ? ph_runfile_open(&self->run, self->path, report)
                          : read_text(self, file, report);
    if (status == PH_OK && self->is_run)
        status = ph_doubt_say(&self->run, report);
    fclose(file);
    return status;
}

void ph_startfile_close(ph_startfile_t *self)
{
    if (self->is_run)
        ph_runfile_close(&self->run);
    free(self->spins);
    memset(self, 0, sizeof(*self));
}

/* The point of the run with these patterns; SIZE_MAX: none, or more than one. */
static size_t find_point(const ph_grid_t *grid, const ph_point_t *point)
{
    size_t found = SIZE_MAX;
    if (grid->points_count == 1)
        return 0;
    for (size_t p = 0; p < grid->points_count; p++) {
        if (!ph_digest_equal(grid->points[p].disorder, point->disorder))
            continue;
        if (found != SIZE_MAX)
            return SIZE_MAX;
        found = p;
    }
    return found;
}

/* Where the run's state for this chain is: its point, and the sample and replica meant. */
static int find_state(const ph_startfile_t *self, const ph_point_t *point, uint32_t *sample,
                      uint32_t *replica, size_t *found, ph_report_t *report)
{
    const ph_grid_t *grid = self->run.base.grid;
    const size_t p = find_point(grid, point);
    if (p == SIZE_MAX)
        return ph_fail(report, PH_ERR_MISMATCH,
                       "%s: no point, or more than one, has the same neurons, patterns and "
                       "dilution, expected one to start from, or a run of one point",
                       self->path);
    if (grid->points[p].neurons != point->neurons)
        return ph_fail(report, PH_ERR_MISMATCH, "%s: has %lld neurons, expected %lld", self->path,
                       (long long)grid->points[p].neurons, (long long)point->neurons);
    *sample = grid->samples == 1 ? 0 : *sample;
    *replica = grid->replicas == 1 ? 0 : *replica;
    if (*sample >= grid->samples || *replica >= grid->replicas ||
        ph_runfile_sweeps_done(&self->run, p, *sample, *replica) <= 0)
        return ph_fail(report, PH_ERR_MISMATCH,
                       "%s: holds no state of sample %u, replica %u, expected as many as the grid "
                       "has, or one for all",
                       self->path, *sample + 1, *replica + 1);
    *found = p;
    return PH_OK;
}

static int run_spins(ph_startfile_t *self, const ph_point_t *point, uint32_t sample,
                     uint32_t replica, uint8_t *bits, ph_report_t *report)
{
    size_t p;
    ph_segment_t segment;
    int status = find_state(self, point, &sample, &replica, &p, report);
    if (status == PH_OK)
        status = ph_runfile_read(&self->run, p, sample, replica, 1, UINT64_MAX, &segment, report);
    if (status != PH_OK)
        return status;
    memcpy(bits, segment.spins, ph_segment_spin_bytes((uint64_t)point->neurons));
    ph_segment_free(&segment);
    return PH_OK;
}

/* The number of states the text holds for this point: one for all chains, or one a replica. */
static int count_states(const ph_startfile_t *self, const ph_point_t *point, uint32_t replica,
                        size_t *states, ph_report_t *report)
{
    const size_t neurons = (size_t)point->neurons;
    *states = self->count / neurons;
    if (*states > 0 && self->count % neurons == 0 && (*states == 1 || replica < *states))
        return PH_OK;
    return ph_fail(report, PH_ERR_MISMATCH,
                   "%s: has %zu spins, expected %zu for all chains or for each replica", self->path,
                   self->count, neurons);
}

static int text_spins(const ph_startfile_t *self, const ph_point_t *point, uint32_t replica,
                      uint8_t *bits, ph_report_t *report)
{
    const size_t neurons = (size_t)point->neurons;
    size_t states;
    if (count_states(self, point, replica, &states, report) != PH_OK)
        return PH_ERR_MISMATCH;
    const int8_t *spins = self->spins + (states > 1 ? replica * neurons : 0);
    memset(bits, 0, ph_segment_spin_bytes((uint64_t)neurons));
    for (size_t i = 0; i < neurons; i++)
        if (spins[i] > 0)
            bits[i / 8] = (uint8_t)(bits[i / 8] | 1U << (i % 8));
    return PH_OK;
}

int ph_startfile_spins(ph_startfile_t *self, const ph_point_t *point, uint32_t sample,
                       uint32_t replica, uint8_t *bits, ph_report_t *report)
{
    return self->is_run ? run_spins(self, point, sample, replica, bits, report)
                        : text_spins(self, point, replica, bits, report);
}

int ph_startfile_check(const ph_startfile_t *self, const ph_point_t *point, uint32_t sample,
                       uint32_t replica, ph_report_t *report)
{
    size_t unused;
    return self->is_run ? find_state(self, point, &sample, &replica, &unused, report)
                        : count_states(self, point, replica, &unused, report);
}

/* A run of another network is a start like any other, but perhaps not the one that was meant. */
static void note_network(const ph_startfile_t *self, const ph_grid_t *grid, size_t p,
                         ph_report_t *report)
{
    enum { SHOWN = 400 };
    const ph_grid_t *run = self->run.base.grid;
    char text[SHOWN];
    const size_t found = find_point(run, &grid->points[p]);
    if (found == SIZE_MAX)
        return;
    if (ph_point_network_differences(&run->points[found], &grid->points[p], text, sizeof(text)) > 0)
        ph_note(report, "%s: the chains start from a run of another network: %s", self->path, text);
    else if (run->seed != grid->seed)
        ph_note(report,
                "%s: the chains start from a run with other patterns: seed %llu there and %llu "
                "here",
                self->path, (unsigned long long)run->seed, (unsigned long long)grid->seed);
}

/* Whether the first and the last chain of a point find their states. */
static int check_point(const ph_startfile_t *self, const ph_grid_t *grid, size_t p,
                       ph_report_t *report)
{
    const ph_point_t *point = &grid->points[p];
    int status = ph_startfile_check(self, point, 0, 0, report);
    if (status == PH_OK)
        status = ph_startfile_check(self, point, (uint32_t)(grid->samples - 1),
                                    (uint32_t)(grid->replicas - 1), report);
    return status;
}

int ph_startfile_examine(const ph_startfile_t *self, const ph_grid_t *grid, ph_report_t *report)
{
    const ph_point_t *last = NULL;
    int status = PH_OK;
    for (size_t p = 0; self->path != NULL && p < grid->points_count && status == PH_OK; p++) {
        const ph_point_t *point = &grid->points[p];
        if (ph_start_facts(point->start)->spins != PH_SPINS_OF_FILE ||
            (last != NULL && ph_digest_equal(last->disorder, point->disorder)))
            continue;
        status = check_point(self, grid, p, report);
        if (status == PH_OK && last == NULL && self->is_run)
            note_network(self, grid, p, report);
        const size_t states = self->count / (size_t)point->neurons;
        if (status == PH_OK && last == NULL && !self->is_run && states > (size_t)grid->replicas)
            ph_note(report,
                    "%s: holds %zu states of %lld neurons; the grid has %lld replicas, which take "
                    "the first",
                    self->path, states, (long long)point->neurons, (long long)grid->replicas);
        last = point;
    }
    return status;
}
