/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/starts.h"

static int spin_random(const int8_t *row, int64_t patterns)
{
    (void)row;
    (void)patterns;
    return 0;
}

static int spin_archetype(const int8_t *row, int64_t patterns)
{
    (void)patterns;
    return row[0];
}

static int spin_hierarchical(const int8_t *row, int64_t patterns)
{
    for (int64_t mu = 0; mu < patterns; mu++)
        if (row[mu] != 0)
            return row[mu];
    return 0;
}

static int spin_parallel(const int8_t *row, int64_t patterns)
{
    int64_t sum = 0;
    for (int64_t mu = 0; mu < patterns; mu++)
        sum += row[mu];
    return (sum > 0) - (sum < 0);
}

static const ph_start_t STARTS[PH_START_COUNT] = {
    {PH_START_RANDOM, "every spin a fair coin", spin_random},
    {PH_START_ARCHETYPE, "pattern 1, fair coins where it is blank", spin_archetype},
    {PH_START_HIERARCHICAL, "the first non-blank pattern, fair coins where all are blank",
     spin_hierarchical},
    {PH_START_PARALLEL, "sign of the sum of all patterns, fair coins on ties", spin_parallel},
};

const ph_start_t *ph_start(ph_start_id_t id)
{
    return &STARTS[id];
}
