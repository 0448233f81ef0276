/* SPDX-License-Identifier: GPL-3.0-or-later */
/* States of networks without memory enough: that is said, and nothing else comes out. */
#include <string.h>
#include <unistd.h>

#include "analysis/attractors/file.h"
#include "tests/analysis/attractors/same.h"
#include "tests/params/parse.h"
#include "tests/starve.h"

static const char TEXT[] = "network: { neurons: 12, patterns: 2, dilution: 0.2 }\n"
                           "noise: [0, 0.5]\ndynamics: { sweeps: 1 }\n";

static ph_grid_t grid;
static ph_attractor_map_t map, back;
static char path[64];

static int solve(void)
{
    return ph_attractor_map_solve(&back, &grid, 1, NULL);
}

static bool right(void)
{
    return same_maps(&map, &back);
}

static void drop(void)
{
    ph_attractor_map_free(&back);
}

static int write_file(void)
{
    return ph_attractors_write(&map, path, NULL);
}

static int read_file(void)
{
    return ph_attractors_read(&back, &grid, path, NULL);
}

static bool right_file(void)
{
    const bool good = read_file() == PH_OK && right();
    drop();
    return good;
}

static void drop_nothing(void)
{
}

START_TEST(each)
{
    static const starve_work_t WORKS[] = {{"states", solve, right, drop, 8},
                                          {"writing", write_file, right_file, drop_nothing, 4},
                                          {"reading", read_file, right, drop, 8}};
    strcpy(path, "/tmp/polyhebb-starved-XXXXXX");
    const int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    parse(&grid, TEXT);
    ck_assert_int_eq(ph_attractor_map_solve(&map, &grid, 1, NULL), PH_OK);
    ck_assert_int_eq(write_file(), PH_OK);
    for (size_t w = 0; w < sizeof(WORKS) / sizeof(WORKS[0]); w++)
        ck_assert_int_ge(starve_each(&WORKS[w]), 20);
    unlink(path);
    ph_attractor_map_free(&map);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_MAIN("attractors_starved", each)
