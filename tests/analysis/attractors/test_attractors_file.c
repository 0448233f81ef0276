/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of attractors: what goes in comes out, on any number of threads the same. */
#include <hdf5.h>
#include <math.h>
#include <unistd.h>

#include "analysis/attractors/file.h"
#include "tests/analysis/attractors/same.h"
#include "tests/params/parse.h"

static const char TEXT[] = "seed: 5\n"
                           "network: { neurons: 16, patterns: [1, 2], dilution: 0.3 }\n"
                           "noise: [0, 0.2]\ndynamics: { sweeps: 1 }\nensemble: { samples: 2 }\n";

static ph_grid_t grid;
static ph_attractor_map_t map, back;
static char path[64];

START_TEST(round_trip)
{
    parse(&grid, TEXT);
    ck_assert_int_eq(ph_attractor_map_solve(&map, &grid, 1, NULL), PH_OK);
    ck_assert_int_eq(ph_attractor_map_solve(&back, &grid, 2, NULL), PH_OK);
    ck_assert(same_maps(&map, &back));
    ph_attractor_map_free(&back);
    snprintf(path, sizeof(path), "attractors-%ld.h5", (long)getpid());
    ck_assert_int_eq(ph_attractors_write(&map, path, NULL), PH_OK);
    ck_assert_int_eq(ph_attractors_read(&back, &grid, path, NULL), PH_OK);
    ck_assert(same_maps(&map, &back));
    ph_attractor_map_free(&back);
    ph_grid_t other;
    parse_with(&other, TEXT, "seed=6");
    ck_assert_int_eq(ph_attractors_read(&back, &other, path, NULL), PH_ERR_MISMATCH);
    unlink(path);
    ph_attractor_map_free(&map);
    ph_grid_free(&other);
    ph_grid_free(&grid);
}
END_TEST

/* A network that is left out has no states, and the file holds all the same. */
START_TEST(left_out)
{
    parse_with(&grid, TEXT, "network.patterns=[2, 601]");
    ck_assert_int_eq(ph_attractor_map_solve(&map, &grid, 1, NULL), PH_OK);
    ck_assert_uint_gt(map.left_out, 0);
    snprintf(path, sizeof(path), "attractors-%ld.h5", (long)getpid());
    ck_assert_int_eq(ph_attractors_write(&map, path, NULL), PH_OK);
    ck_assert_int_eq(ph_attractors_read(&back, &grid, path, NULL), PH_OK);
    ck_assert_uint_eq(back.left_out, map.left_out);
    for (size_t k = 0; k < grid.points_count * map.samples; k++)
        ck_assert_uint_eq(back.networks[k].count, map.networks[k].count);
    unlink(path);
    ph_attractor_map_free(&back);
    ph_attractor_map_free(&map);
    ph_grid_free(&grid);
}
END_TEST

/* Puts a number at places [first, end) of an array; returns what was at the first. */
static int32_t put(const char *name, size_t first, size_t end, int32_t value)
{
    static int32_t values[4096];
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t set = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(set);
    ck_assert_int_le(H5Sget_simple_extent_npoints(space), 4096);
    ck_assert_int_ge(H5Dread(set, H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), 0);
    const int32_t before = values[first];
    for (size_t i = first; i < end; i++)
        values[i] = value;
    ck_assert_int_ge(H5Dwrite(set, H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), 0);
    H5Sclose(space);
    H5Dclose(set);
    H5Fclose(file);
    return before;
}

static int read_back(void)
{
    const int status = ph_attractors_read(&back, &grid, path, NULL);
    ph_attractor_map_free(&back);
    return status;
}

/* Ground states and classes that no network has: nothing is read or written beside the states. */
START_TEST(forged)
{
    size_t states = 1;
    parse(&grid, TEXT);
    ck_assert_int_eq(ph_attractor_map_solve(&map, &grid, 1, NULL), PH_OK);
    snprintf(path, sizeof(path), "attractors-%ld.h5", (long)getpid());
    ck_assert_int_eq(ph_attractors_write(&map, path, NULL), PH_OK);
    for (size_t k = 0; k < grid.points_count * map.samples; k++)
        states = map.networks[k].count > states ? map.networks[k].count : states;
    const int32_t ground = put("ground_state", 0, 1, -1);
    ck_assert_int_eq(ground, map.networks[0].ground);
    ck_assert_int_eq(read_back(), PH_ERR_DAMAGED);
    put("ground_state", 0, 1, ground);
    ck_assert_int_eq(read_back(), PH_OK);
    ck_assert_uint_gt(states, 2);
    put("class", 0, states, -1);
    put("class", 1, 2, -2);
    ck_assert_int_eq(read_back(), PH_ERR_DAMAGED);
    unlink(path);
    ph_attractor_map_free(&map);
    ph_grid_free(&grid);
}
END_TEST

START_TEST(shares)
{
    double share, error;
    parse_with(&grid, TEXT, "ensemble.samples=3");
    ck_assert_int_eq(ph_attractor_map_solve(&map, &grid, 2, NULL), PH_OK);
    for (size_t p = 0; p < grid.points_count; p++)
        for (size_t mu = 0; mu < 2; mu++) {
            size_t count = 0;
            for (size_t s = 0; s < 3 && mu < (size_t)grid.points[p].patterns; s++) {
                const ph_attractors_t *network = ph_attractor_map_at(&map, p, s);
                bool any = false;
                for (size_t i = 0; i < network->count; i++)
                    any = any ||
                          (network->states[i].stable && fabs(network->states[i].recall[mu]) >= 0.9);
                count += any;
            }
            ck_assert_uint_eq(ph_attractor_map_share(&map, p, mu, &share, &error), count);
            if (mu >= (size_t)grid.points[p].patterns) {
                ck_assert(isnan(share) && isnan(error));
                continue;
            }
            const double q = ((double)count + 1.0) / 5.0;
            ck_assert_double_eq_tol(share, (double)count / 3.0, 1e-12);
            ck_assert_double_eq_tol(error, sqrt(q * (1.0 - q) / 5.0), 1e-12);
        }
    ph_attractor_map_free(&map);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_MAIN("attractors_file", round_trip, left_out, forged, shares)
