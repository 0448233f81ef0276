/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program of somebody else: a grid in memory, its mean field, printed. */
#include <polyhebb.h>
#include <stdio.h>

static const char GRID[] = "network: {neurons: 1000, patterns: 2, dilution: [0.1, 0.4]}\n"
                           "noise: 0.1\n"
                           "dynamics: {sweeps: 10, start: parallel}\n";

int main(void)
{
    ph_report_t report;
    ph_grid_t grid;
    ph_theory_t theory = {0};

    ph_report_init(&report);
    ph_grid_init(&grid);
    int status = ph_grid_parse(&grid, GRID, "example", 0, NULL, &report);
    if (status == PH_OK)
        status = ph_theory_solve(&theory, &grid, 1u << PH_THEORY_MEAN_FIELD, false, 1, &report);
    if (status == PH_OK)
        printf("%zu points, %zu unconverged\n", grid.points_count, theory.unconverged);
    ph_report_print(&report, stderr);
    ph_theory_free(&theory);
    ph_grid_free(&grid);
    ph_report_free(&report);
    return status == PH_OK ? 0 : 1;
}
