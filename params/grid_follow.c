/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "params/grid_private.h"

/* Points that follow each other: each begins where that of the next noise on its axis ended. */

/* The axis of the noise; SIZE_MAX: there is none. */
static size_t noise_axis(const ph_grid_t *grid)
{
    for (size_t a = 0; a < grid->axes_count; a++)
        for (size_t c = 0; c < grid->axes[a].coordinates_count; c++)
            if (grid->axes[a].coordinates[c].key == PH_KEY_NOISE)
                return a;
    return SIZE_MAX;
}

static void refuse(ph_reader_t *reader, const ph_entry_t *entry, const char *what,
                   const char *expected)
{
    ph_reader_fail(reader, entry->node, "%s: with %s, expected %s", ph_schema_path(PH_KEY_FOLLOW),
                   what, expected);
}

/* Whether states pass on from one point to the next whole. */
static void check_point(const ph_point_t *point, const ph_entry_t *entry, ph_reader_t *reader)
{
    char what[80];
    snprintf(what, sizeof(what), "sampler %s", ph_sampler_facts(point->sampler)->word);
    if (ph_sampler_has(point->sampler, PH_TRAIT_LADDER) ||
        ph_sampler_has(point->sampler, PH_TRAIT_FREEZES) ||
        ph_sampler_has(point->sampler, PH_TRAIT_REMEMBERS))
        refuse(reader, entry, what, "one whose state is its spins, such as glauber");
    else if (point->schedule_sweeps > 0)
        refuse(reader, entry, "a schedule", "none: the noise changes from point to point");
    else if (point->sweeps_end > 0)
        refuse(reader, entry, "dynamics.until", "a fixed number of sweeps");
    else if (ph_start_facts(point->start)->spins == PH_SPINS_OF_FILE)
        refuse(reader, entry, "start file", "another start");
}

void ph_grid_follow(ph_grid_t *grid, const ph_entries_t *given, ph_reader_t *reader)
{
    const ph_entry_t *entry = &given->of[PH_KEY_FOLLOW];
    const size_t axis = noise_axis(grid);
    size_t stride = 1;
    bool any = false;
    grid->sequences = grid->points_count;
    for (size_t p = 0; p < grid->points_count && reader->errors == 0; p++) {
        any = any || grid->points[p].follow != PH_FOLLOW_NONE;
        if (grid->points[p].follow != PH_FOLLOW_NONE)
            check_point(&grid->points[p], entry, reader);
    }
    if (!any || reader->errors > 0)
        return;
    if (axis == SIZE_MAX || grid->axes[axis].coordinates_count > 1) {
        refuse(reader, entry, axis == SIZE_MAX ? "one noise" : "noise in a zip",
               "an axis of the noise alone");
        return;
    }
    for (size_t a = axis + 1; a < grid->axes_count; a++)
        stride *= grid->axes[a].size;
    for (size_t p = 0; p < grid->points_count; p++) {
        ph_point_t *point = &grid->points[p];
        const size_t at = p / stride % grid->axes[axis].size;
        ph_point_t *before = NULL;
        if (point->follow == PH_FOLLOW_NOISE && at > 0)
            before = point - stride;
        else if (point->follow == PH_FOLLOW_NOISE_DOWN && at + 1 < grid->axes[axis].size)
            before = point + stride;
        point->before = before;
        if (before == NULL)
            continue;
        before->followed = true;
        grid->sequences--;
    }
}

/* A chain's law is of all that was before it: digests of what came before, how long that went on,
 * and of the point's own. */
static void identify(ph_point_t *point)
{
    const ph_point_t *before = point->before;
    const int64_t total = before->burn_in + before->sweeps;
    char text[160], one[PH_DIGEST_TEXT_SIZE], other[PH_DIGEST_TEXT_SIZE];
    ph_digest_text(before->identity, one);
    ph_digest_text(point->identity, other);
    int length =
        snprintf(text, sizeof(text), "after: %s, %lld\n%s\n", one, (long long)total, other);
    point->identity = ph_digest_bytes(text, (size_t)length);
    ph_digest_text(point->identity, one);
    ph_digest_text(point->chain, other);
    length = snprintf(text, sizeof(text), "%s\n%s\n", one, other);
    point->chain = ph_digest_bytes(text, (size_t)length);
}

void ph_grid_identify_followers(ph_grid_t *grid)
{
    for (size_t p = 0; p < grid->points_count; p++) /* from low noise to high */
        if (grid->points[p].before != NULL && grid->points[p].before < &grid->points[p])
            identify(&grid->points[p]);
    for (size_t p = grid->points_count; p-- > 0;)
        if (grid->points[p].before != NULL && grid->points[p].before > &grid->points[p])
            identify(&grid->points[p]);
}
