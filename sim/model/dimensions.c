/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/dimensions.h"

#include <string.h>

#include "sim/model/recall.h"

static size_t samples(const ph_grid_t *grid, int64_t patterns)
{
    (void)patterns;
    return (size_t)grid->samples;
}

static size_t records(const ph_grid_t *grid, int64_t patterns)
{
    (void)patterns;
    return (size_t)grid->records_max;
}

static size_t all_patterns(const ph_grid_t *grid, int64_t patterns)
{
    (void)grid;
    return (size_t)patterns;
}

static size_t two(const ph_grid_t *grid, int64_t patterns)
{
    (void)grid;
    (void)patterns;
    return 2;
}

static size_t examples(const ph_grid_t *grid, int64_t patterns)
{
    (void)patterns;
    return (size_t)grid->example_overlaps;
}

static size_t pairs(const ph_grid_t *grid, int64_t patterns)
{
    (void)patterns;
    return (size_t)grid->rungs - 1;
}

static size_t rungs(const ph_grid_t *grid, int64_t patterns)
{
    (void)patterns;
    return (size_t)grid->rungs;
}

static size_t outcomes(const ph_grid_t *grid, int64_t patterns)
{
    (void)grid;
    (void)patterns;
    return PH_OUTCOMES;
}

static const double *ladder(const ph_grid_t *grid)
{
    return grid->points[0].ladder.values;
}

static const char *const SIGNS[] = {"_plus", "_minus"};

static const char *const OUTCOMES[PH_OUTCOMES] = {"_target", "_reversed", "_other", "_mixture",
                                                  "_none"};

static const ph_dimension_t DIMENSIONS[PH_DIM_COUNT] = {
    [PH_DIM_SAMPLE] = {"sample", "number of the disorder sample", samples, 1, 1, NULL, NULL},
    [PH_DIM_RECORD] = {"record", "number of the record", records, 0, 1, NULL, NULL},
    [PH_DIM_PATTERN] = {"pattern", "number of the archetype", all_patterns, 1, 1, NULL, NULL},
    [PH_DIM_SIGN] = {"sign", "sign of the archetype", two, 1, -2, NULL, SIGNS},
    [PH_DIM_EXAMPLE] = {"example", "number of the example", examples, 1, 1, NULL, NULL},
    [PH_DIM_PAIR] = {"pair", "number of the colder of two rungs of the ladder", pairs, 1, 1, NULL,
                     NULL},
    [PH_DIM_RUNG] = {"rung", "noise of the rung", rungs, 0, 0, ladder, NULL},
    [PH_DIM_OUTCOME] = {"outcome",
                        "1 the pattern of the start, 2 its negative, 3 another pattern or its "
                        "negative, 4 a mixture, 5 none of these",
                        outcomes, 1, 1, NULL, OUTCOMES},
};

const ph_dimension_t *ph_dimension(ph_dim_id_t id)
{
    return &DIMENSIONS[id];
}

ph_dim_id_t ph_dimension_find(const char *name)
{
    int id = 0;
    while (id < PH_DIM_COUNT && strcmp(DIMENSIONS[id].name, name) != 0)
        id++;
    return (ph_dim_id_t)id;
}

size_t ph_dimension_length(ph_dim_id_t id, const ph_grid_t *grid, int64_t patterns)
{
    return DIMENSIONS[id].length(grid, patterns);
}
