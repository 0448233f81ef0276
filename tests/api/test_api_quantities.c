/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantities, curves along the noise and recorded states through the public headers alone. */
#include <math.h>
#include <polyhebb/polyhebb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/testing.h"

enum { N = 64 };
static const char GRID[] =
    "network: { neurons: 64, patterns: 1 }\nnoise: 1.1\n"
    "dynamics: { sampler: replica-exchange, ladder: [0.9, 1.1, 1.4], sweeps: 2000, burn_in: 100, "
    "start: random }\n"
    "ensemble: { replicas: 8 }\nrecord: { states: [0, 100, 2000] }\n";

static char path[64];
static ph_report_t *report;

static ph_runfile_t *begin(void)
{
    ph_grid_t *grid;
    ph_runfile_t *run;
    report = ph_report_new();
    snprintf(path, sizeof(path), "/tmp/polyhebb-api-XXXXXX");
    const int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    close(file);
    unlink(path);
    ck_assert_int_eq(ph_grid_new(&grid, GRID, 0, NULL, report), PH_OK);
    ck_assert_int_eq(ph_simulate(grid, path, NULL, report), PH_OK);
    ph_grid_delete(grid);
    ck_assert_int_eq(ph_runfile_new(&run, path, report), PH_OK);
    return run;
}

static void end(ph_runfile_t *run)
{
    ph_runfile_delete(run);
    ph_report_delete(report);
    unlink(path);
}

/* The magnet summed over its states: energy per neuron, m^2 and m^4 at one noise. */
static void sum_magnet(double noise, double *energy, double *square, double *fourth)
{
    double z = 0.0;
    *energy = *square = *fourth = 0.0;
    for (int up = 0; up <= N; up++) {
        const double m = (2.0 * up - N) / N, e = -0.5 * m * m + 0.5 / N;
        const double p = exp(lgamma(N + 1.0) - lgamma(up + 1.0) - lgamma(N - up + 1.0) -
                             N * e / noise - N * log(2.0));
        z += p;
        *energy += p * e;
        *square += p * m * m;
        *fourth += p * m * m * m * m;
    }
    *energy /= z;
    *square /= z;
    *fourth /= z;
}

static ph_quantity_row_t find(const ph_quantity_table_t *table, const char *name, const char *of,
                              double noise)
{
    ph_quantity_row_t row;
    for (size_t i = 0; ph_quantity_table_row(table, i, &row) == PH_OK; i++)
        if (strcmp(row.name, name) == 0 && strcmp(row.of, of) == 0 && row.noise == noise)
            return row;
    ck_abort_msg("no %s of %s", name, of);
}

static void near(const ph_quantity_row_t *row, double known, double within)
{
    ck_assert_msg(row->error > 0.0 && fabs(row->value - known) < 5.0 * row->error &&
                      row->error < within,
                  "%s: %g +- %g, known %g", row->name, row->value, row->error, known);
    ck_assert_double_eq_tol(row->exact, known, 1e-9);
    ck_assert_str_eq(row->remark, "");
    ck_assert(row->freedom > 1.0 && row->thermal > 0.0);
}

/* Of a point: as the sum over the magnet's states has them; the table outlives the run. */
START_TEST(test_point)
{
    ph_runfile_t *run = begin();
    ph_quantity_table_t *table, *plain;
    ph_quantity_row_t row;
    double energy, square, fourth;
    sum_magnet(1.1, &energy, &square, &fourth);
    ck_assert_int_eq(ph_quantity_table_new(&table, run, 0, true, report), PH_OK);
    ck_assert_int_eq(ph_quantity_table_new(&plain, run, 0, false, report), PH_OK);
    end(run);
    row = find(table, "energy", "-", 1.1);
    near(&row, energy, 3e-3);
    ck_assert(isnan(row.effective));
    row = find(table, "binder", "1", 1.1);
    near(&row, 1.0 - fourth / (3.0 * square * square), 3e-2);
    row = find(plain, "binder", "1", 1.1);
    ck_assert(isnan(row.exact));
    ck_assert_uint_eq(ph_quantity_table_rows(plain), ph_quantity_table_rows(table));
    ck_assert_int_eq(ph_quantity_table_row(table, ph_quantity_table_rows(table), &row),
                     PH_ERR_INPUT);
    ph_quantity_table_delete(table);
    ph_quantity_table_delete(plain);
    ph_quantity_table_delete(NULL);
}
END_TEST

/* Along the noise, between the rungs too; magnetizations at the point's own alone. */
START_TEST(test_curve)
{
    const double noises[] = {1.0, 1.1, 1.25}, beyond = 1.5;
    const size_t points[] = {0}, none[] = {1};
    ph_runfile_t *run = begin();
    ph_quantity_table_t *table;
    for (int bad = 0; bad < 2; bad++) {
        ck_assert_int_eq(ph_quantity_table_new_reweighted(&table, run, bad ? none : points, 1,
                                                          &beyond, 1, report),
                         PH_ERR_INPUT);
        ck_assert_ptr_null(table);
    }
    ck_assert_int_eq(ph_quantity_table_new_reweighted(&table, run, points, 0, noises, 3, report),
                     PH_ERR_INPUT);
    ck_assert_int_eq(ph_quantity_table_new(&table, run, 1, false, report), PH_ERR_INPUT);
    ck_assert_int_eq(ph_quantity_table_new_reweighted(&table, run, points, 1, noises, 3, report),
                     PH_OK);
    for (size_t i = 0; i < 3; i++) {
        double energy, square, fourth;
        sum_magnet(noises[i], &energy, &square, &fourth);
        ph_quantity_row_t row = find(table, "energy", "-", noises[i]);
        near(&row, energy, 4e-3);
        ck_assert_double_gt(row.effective, 100.0);
        row = find(table, "magnetization_square", "1", noises[i]);
        if (i == 1)
            near(&row, square, 2e-2);
        else
            ck_assert(isnan(row.value));
    }
    ph_quantity_table_delete(table);
    end(run);
}
END_TEST

/* States at their times; the last of them is the last state of the chain, the first is not. */
START_TEST(test_states)
{
    ph_runfile_t *run = begin();
    const int64_t times[] = {0, 100, 2000, -1};
    int8_t state[N], last[N];
    ck_assert_uint_eq(ph_runfile_states(run, 0, 0, 3), 3);
    ck_assert_uint_eq(ph_runfile_states(run, 0, 0, 8), 0);
    for (uint64_t k = 0; k < 4; k++)
        ck_assert_int_eq(ph_runfile_state_time(run, k), times[k]);
    ck_assert_int_eq(ph_runfile_state(run, 0, 0, 3, 3, state, report), PH_ERR_INPUT);
    ck_assert_int_eq(ph_runfile_state(run, 1, 0, 0, 0, state, report), PH_ERR_INPUT);
    ck_assert_int_eq(ph_runfile_spins(run, 0, 0, 3, last, report), PH_OK);
    ck_assert_int_eq(ph_runfile_state(run, 0, 0, 3, 2, state, report), PH_OK);
    ck_assert_int_eq(memcmp(state, last, N), 0);
    ck_assert_int_eq(ph_runfile_state(run, 0, 0, 3, 0, state, report), PH_OK);
    ck_assert_int_ne(memcmp(state, last, N), 0);
    for (size_t i = 0; i < N; i++)
        ck_assert(state[i] == 1 || state[i] == -1);
    end(run);
}
END_TEST

PH_TEST_MAIN("api_quantities", test_point, test_curve, test_states)
