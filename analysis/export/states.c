/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/export/states.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/floating.h"
#include "sim/model/states.h"

static const char STATES_LINE[] = "# states of sample ";
static const char TIME_NAME[] = "time_";

/* What of a chain is exported. */
typedef struct {
    size_t point;
    uint32_t sample, replica;
    uint64_t count; /* states that are there */
    size_t bytes;
    uint8_t *bits; /* [count][bytes] */
} chain_t;

static int find_chain(chain_t *self, ph_runfile_t *run, const ph_selection_t *selection,
                      int64_t sample, int64_t replica, ph_report_t *report)
{
    const ph_grid_t *grid = run->base.grid;
    memset(self, 0, sizeof(*self));
    if (ph_grid_states(grid) == 0)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "%s holds no states: its grid has no record.states", run->base.path);
    int status = ph_selection_point(selection, false, &self->point, report);
    if (status == PH_OK)
        status = ph_selection_number("sample", sample, grid->samples, report);
    if (status == PH_OK)
        status = ph_selection_number("replica", replica, grid->replicas, report);
    if (status != PH_OK)
        return status;
    const ph_point_t *point = &grid->points[self->point];
    self->sample = (uint32_t)(sample - 1);
    self->replica = (uint32_t)(replica - 1);
    const int64_t done = ph_runfile_sweeps_done(run, self->point, self->sample, self->replica);
    self->count = done > 0 ? ph_states_until(grid, point, (uint64_t)done) : 0;
    self->bytes = ph_point_spin_bytes(point);
    return self->count > 0 ? PH_OK
                           : ph_fail(report, PH_ERR_UNSUPPORTED,
                                     "%s: this chain has not come to its first recorded state yet",
                                     run->base.path);
}

static void put_head(ph_row_t *row, const ph_grid_t *grid, const chain_t *chain)
{
    char name[64];
    if (ph_row_has_notes(row))
        fprintf(row->out, "%s%u, replica %u, one neuron a row; times in sweeps after burn-in\n",
                STATES_LINE, chain->sample + 1, chain->replica + 1);
    for (size_t k = 0; k < chain->count; k++) {
        snprintf(name, sizeof(name), "%s%" PRIu64, TIME_NAME, ph_grid_state_time(grid, k));
        ph_row_text(row, name);
    }
    ph_row_end(row);
}

static void put_rows(ph_row_t *row, const chain_t *chain, size_t neurons)
{
    for (size_t i = 0; i < neurons; i++) {
        for (size_t k = 0; k < chain->count; k++)
            ph_row_number(row, chain->bits[k * chain->bytes + i / 8] >> (i % 8) & 1 ? 1.0 : -1.0);
        ph_row_end(row);
    }
}

int ph_export_states(FILE *out, ph_runfile_t *run, const ph_selection_t *selection, int64_t sample,
                     int64_t replica, ph_text_format_t format, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = run->base.grid;
    chain_t chain;
    int status = find_chain(&chain, run, selection, sample, replica, report);
    if (status != PH_OK)
        return status;
    chain.bits = malloc((size_t)chain.count * chain.bytes);
    status =
        chain.bits == NULL
            ? ph_fail(report, PH_ERR_MEMORY, "no memory for the states of point %zu", chain.point)
            : ph_runfile_read_states(run, chain.point, chain.sample, chain.replica, 0, chain.count,
                                     chain.bits, report);
    if (status == PH_OK) {
        ph_row_t row;
        ph_row_begin(&row, out, format, "states", grid);
        put_head(&row, grid, &chain);
        put_rows(&row, &chain, (size_t)grid->points[chain.point].neurons);
        status = ph_row_finish(&row, report);
    }
    free(chain.bits);
    return status;
}

bool ph_export_begins_states(const char *line)
{
    if (strncmp(line, STATES_LINE, strlen(STATES_LINE)) == 0)
        return true;
    while (strncmp(line, TIME_NAME, strlen(TIME_NAME)) == 0) {
        const char *time = line + strlen(TIME_NAME);
        line = time + strspn(time, "0123456789");
        if (line == time || *line == '\n')
            return line > time;
        line += *line == ',';
    }
    return false;
}
