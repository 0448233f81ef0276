/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the files that check_xarray.py reads: sample_files FOLDER. */
#include <math.h>
#include <string.h>

#include "analysis/theoryfile.h"
#include "tests/sim/store/sample.h"

static const struct {
    const char *name, *text;
} GRIDS[] = {
    {"plain", "network: { neurons: 60, patterns: 3, dilution: 0.25 }\n"
              "noise: 0.1\n"
              "dynamics: { sweeps: 20, burn_in: 4, record_every: 2 }\n"},
    {"textual", "network: { neurons: 60, patterns: 3, dilution: 0.25 }\n"
                "noise: [0.1, 0.2, 0.5]\n"
                "dynamics: { sampler: [glauber, metropolis], sweeps: 20, burn_in: 4 }\n"
                "ensemble: { samples: 2, replicas: 3 }\n"
                "record: { loss: true }\n"},
    {"zipped", "network: { neurons: 60, patterns: 3, dilution: 0.25 }\n"
               "noise: [0.1, 0.2, 0.5]\n"
               "dynamics: { start: [random, archetype, parallel], sweeps: 20, burn_in: 4 }\n"
               "ensemble: { samples: 2, replicas: 3 }\n"
               "zip: [[noise, dynamics.start]]\n"},
    {"ragged", "network: { neurons: [60, 90], patterns: [2, 4], dilution: 0.25 }\n"
               "noise: 0.1\n"
               "dynamics: { sweeps: [10, 20], burn_in: 4, record_every: 2 }\n"
               "ensemble: { samples: 2, replicas: 3 }\n"
               "record: { loss: true }\n"},
};

static int make_theory(ph_theory_t *theory, const ph_grid_t *grid)
{
    const size_t states = grid->points_count * (size_t)grid->samples;
    const size_t patterns = (size_t)grid->patterns_max;
    int status = PH_OK;
    memset(theory, 0, sizeof(*theory));
    theory->grid = grid;
    theory->population = calloc(grid->points_count, sizeof(*theory->population));
    theory->sample = calloc(states, sizeof(*theory->sample));
    theory->correction = calloc(states * patterns, sizeof(*theory->correction));
    for (size_t i = 0; i < grid->points_count + states && status == PH_OK; i++) {
        const bool sample = i >= grid->points_count;
        const size_t j = sample ? i - grid->points_count : i;
        ph_state_t *state = sample ? &theory->sample[j] : &theory->population[j];
        const size_t point = sample ? j / (size_t)grid->samples : j;
        status = ph_state_init(state, grid->points[point].patterns, grid->points[point].patterns);
        for (int64_t mu = 0; mu < state->patterns && status == PH_OK; mu++)
            state->m[mu] = (double)i + (double)mu / 8;
        state->free_energy = -(double)i;
        state->residual = 0x1p-40 * (double)i;
        state->stability = point == 0 ? (double)NAN : 0.5;
        state->converged = point != 0;
    }
    return status;
}

static int write_files(const char *folder, const char *name, const char *text, ph_report_t *report)
{
    char path[512];
    ph_grid_t grid;
    ph_theory_t theory;
    ph_grid_init(&grid);
    int status = ph_grid_parse(&grid, text, name, 0, NULL, report);
    if (status == PH_OK) {
        snprintf(path, sizeof(path), "%s/%s-run.h5", folder, name);
        status = sample_run(&grid, path, report);
    }
    if (status == PH_OK) {
        snprintf(path, sizeof(path), "%s/%s-theory.h5", folder, name);
        status = make_theory(&theory, &grid);
        if (status == PH_OK)
            status = ph_theory_write(&theory, path, report);
        ph_theory_free(&theory);
    }
    ph_grid_free(&grid);
    return status;
}

int main(int argc, char **argv)
{
    ph_report_t report;
    ph_report_init(&report);
    int status = argc == 2 ? PH_OK : ph_fail(&report, PH_ERR_INPUT, "usage: sample_files FOLDER");
    for (size_t i = 0; i < sizeof(GRIDS) / sizeof(GRIDS[0]) && status == PH_OK; i++)
        status = write_files(argv[1], GRIDS[i].name, GRIDS[i].text, &report);
    ph_report_print(&report, stderr);
    ph_report_free(&report);
    return status == PH_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
