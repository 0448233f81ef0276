/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the files that check_xarray.py reads: sample_files FOLDER. */
#include <math.h>
#include <string.h>

#include "analysis/theory/theory_private.h"
#include "analysis/theory/theoryfile.h"
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
               "record: { loss: true, states: { every: 8 } }\n"},
};

static int make_theory(ph_theory_t *theory, const ph_grid_t *grid)
{
    memset(theory, 0, sizeof(*theory));
    theory->grid = grid;
    theory->kinds = (1u << PH_THEORY_COUNT) - 1;
    theory->samples = true;
    int status = ph_theory_allocate(theory);
    for (int k = 0; k < PH_THEORY_COUNT && status == PH_OK; k++) {
        const ph_theory_dataset_t *row;
        for (size_t i = 0; (row = ph_theory_dataset((ph_theory_kind_t)k, i)) != NULL; i++) {
            const size_t block = ph_theory_block(grid, row);
            double *values = theory->values[ph_theory_index((ph_theory_kind_t)k, i)];
            for (size_t j = 0; values != NULL && j < grid->points_count * block; j++)
                values[j] = row->flag                        ? (double)(j % 2)
                            : j == 0 && row->dims_count == 0 ? (double)NAN
                                                             : (double)k + (double)j / 8;
        }
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
