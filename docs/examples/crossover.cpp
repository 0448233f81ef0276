// SPDX-License-Identifier: GPL-3.0-or-later
// A grid simulated into a run file, its mean field, whether the two agree, and a quantity of papers.
#include <polyhebb/polyhebb.h>

#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <vector>

static std::unique_ptr<ph_report_t, decltype(&ph_report_delete)> report(ph_report_new(), ph_report_delete);

static void must(int status)
{
    if (status != PH_OK)
        throw std::runtime_error(ph_report_count(report.get()) > 0 ? ph_report_text(report.get(), 0)
                                                                   : ph_status_text(status));
}

// Owns what ph_THING_new() has made.
template <typename T> using owner = std::unique_ptr<T, void (*)(T *)>;

int main(int argc, char **argv)
try {
    const char *grid_text = "network: {neurons: 2000, patterns: 2, dilution: [0.3, 0.5]}\n"
                            "noise: 0.1\n"
                            "dynamics: {start: hierarchical, sweeps: 400, burn_in: 50}\n"
                            "ensemble: {replicas: 16}\n";
    const char *path = argc > 1 ? argv[1] : "crossover.h5";
    ph_grid_t *made;
    must(ph_grid_new(&made, grid_text, 0, nullptr, report.get()));
    owner<ph_grid_t> grid(made, ph_grid_delete);
    must(ph_simulate(grid.get(), path, nullptr, report.get()));

    ph_runfile_t *opened;
    must(ph_runfile_new(&opened, path, report.get()));
    owner<ph_runfile_t> run(opened, ph_runfile_delete);
    ph_comparison_table_t *compared;
    must(ph_comparison_table_new(&compared, run.get(), nullptr, false, report.get()));
    owner<ph_comparison_table_t> table(compared, ph_comparison_table_delete);
    ph_comparison_table_row_t row;
    for (std::size_t i = 0; ph_comparison_table_row(table.get(), i, &row) == PH_OK; i++)
        std::printf("point %zu, pattern %d: %.2f, theory %.2f\n", row.point, (int)row.pattern + 1,
                    row.simulated, row.theory);
    ph_quantity_table_t *formed;
    must(ph_quantity_table_new(&formed, run.get(), 1, false, report.get()));
    owner<ph_quantity_table_t> quantities(formed, ph_quantity_table_delete);
    ph_quantity_row_t quantity;
    for (std::size_t i = 0; ph_quantity_table_row(quantities.get(), i, &quantity) == PH_OK; i++)
        if (std::strcmp(quantity.name, "binder") == 0)
            std::printf("point 1, pattern %s: Binder cumulant %.2f\n", quantity.of, quantity.value);
    return ph_comparison_table_verdict(table.get()) == PH_VERDICT_AGREE ? 0 : 1;
} catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
}
