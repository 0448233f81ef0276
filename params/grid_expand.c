/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "params/grid_private.h"

enum { EACH_MAX = 1 << 27 }; /* numbers: 1 GiB */

static const ph_zip_t *zip_of(const ph_entries_t *given, ph_key_t key)
{
    for (size_t z = 0; z < given->zips_count; z++)
        for (size_t i = 0; i < given->zips[z].count; i++)
            if (given->zips[z].keys[i] == key)
                return &given->zips[z];
    return NULL;
}

static int fill_axis(ph_axis_t *axis, const ph_entries_t *given, size_t count, const ph_key_t *keys)
{
    axis->size = given->of[keys[0]].count;
    axis->coordinates = calloc(count, sizeof(*axis->coordinates));
    if (axis->coordinates == NULL)
        return PH_ERR_MEMORY;
    axis->coordinates_count = count;
    for (size_t i = 0; i < count; i++) {
        ph_coordinate_t *coordinate = &axis->coordinates[i];
        coordinate->key = keys[i];
        coordinate->values = malloc(axis->size * sizeof(*coordinate->values));
        if (coordinate->values == NULL)
            return PH_ERR_MEMORY;
        memcpy(coordinate->values, given->of[keys[i]].values,
               axis->size * sizeof(*coordinate->values));
    }
    return PH_OK;
}

static int make_axes(ph_grid_t *grid, const ph_entries_t *given)
{
    int status = PH_OK;
    grid->axes = calloc(PH_MAX_AXES, sizeof(*grid->axes));
    if (grid->axes == NULL)
        return PH_ERR_MEMORY;
    for (int i = 0; i < PH_KEY_COUNT && status == PH_OK; i++) {
        const ph_key_t key = (ph_key_t)i;
        const ph_zip_t *zip = zip_of(given, key);
        if (!given->of[i].axis || (zip != NULL && zip->keys[0] != key))
            continue;
        ph_axis_t *axis = &grid->axes[grid->axes_count++];
        status = zip != NULL ? fill_axis(axis, given, zip->count, zip->keys)
                             : fill_axis(axis, given, 1, &key);
    }
    return status;
}

/* Values of the patterns, shared between points: one row a value, or the list of each. */
static int make_each(ph_grid_t *grid, const ph_entries_t *given, size_t k, ph_reader_t *reader)
{
    const ph_schema_t *row = ph_schema(PH_EACH_KEYS[k]);
    const ph_entry_t *entry = &given->of[row->key];
    const size_t columns = (size_t)grid->patterns_max, rows = entry->each ? 1 : entry->count;
    if (rows > EACH_MAX / columns) {
        ph_reader_fail(reader, NULL,
                       "%zu values of %s for %zu patterns, expected at most %d in all; shorten "
                       "%s or lower network.patterns",
                       rows, row->name, columns, EACH_MAX, ph_schema_path(row->key));
        return PH_ERR_INPUT;
    }
    ph_reader_check_memory(reader,
                           8.0 * (double)rows * (double)columns +
                               (double)grid->points_count * (double)sizeof(ph_point_t),
                           (double)grid->points_count);
    if (reader->status != PH_OK)
        return reader->status;
    grid->each[k] = malloc(rows * columns * sizeof(*grid->each[k]));
    if (grid->each[k] == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            grid->each[k][i * columns + j] = entry->values[entry->each ? j : i];
    return PH_OK;
}

static int make_all_each(ph_grid_t *grid, const ph_entries_t *given, ph_reader_t *reader)
{
    int status = PH_OK;
    for (size_t k = 0; k < PH_EACH_COUNT && status == PH_OK; k++)
        status = make_each(grid, given, k, reader);
    return status;
}

/* The lists and texts, which are no axes: the same at every point. */
static int set_common(ph_grid_t *grid, const ph_entries_t *given, ph_point_t *common)
{
    const ph_key_t lists[PH_LIST_COUNT] = {PH_KEY_START_PATTERNS, PH_KEY_LADDER};
    const ph_key_t texts[PH_TEXT_COUNT] = {PH_KEY_START_FILE, PH_KEY_START_DIGEST};
    for (size_t i = 0; i < PH_LIST_COUNT; i++) {
        const ph_entry_t *entry = &given->of[lists[i]];
        if (entry->count == 0)
            continue;
        grid->lists[i] = malloc(entry->count * sizeof(double));
        if (grid->lists[i] == NULL)
            return PH_ERR_MEMORY;
        memcpy(grid->lists[i], entry->values, entry->count * sizeof(double));
    }
    for (size_t i = 0; i < PH_TEXT_COUNT; i++) {
        const char *text = given->of[texts[i]].text;
        const size_t size = strlen(text) + 1;
        grid->texts[i] = malloc(size);
        if (grid->texts[i] == NULL)
            return PH_ERR_MEMORY;
        memcpy(grid->texts[i], text, size);
    }
    common->start_patterns = (ph_list_t){given->of[PH_KEY_START_PATTERNS].count, grid->lists[0]};
    common->ladder = (ph_list_t){given->of[PH_KEY_LADDER].count, grid->lists[1]};
    grid->rungs = (int64_t)common->ladder.count;
    common->start_file = grid->texts[0];
    common->start_digest = grid->texts[1];
    return PH_OK;
}

static void fill_point(ph_grid_t *grid, size_t p, const ph_point_t *common)
{
    ph_point_t *point = &grid->points[p];
    *point = *common;
    for (size_t a = grid->axes_count, rest = p; a-- > 0;) {
        const ph_axis_t *axis = &grid->axes[a];
        const size_t i = rest % axis->size;
        rest /= axis->size;
        for (size_t c = 0; c < axis->coordinates_count; c++) {
            const ph_coordinate_t *coordinate = &axis->coordinates[c];
            const size_t each = ph_each_index(coordinate->key);
            if (each < PH_EACH_COUNT)
                ph_point_set_each(point, each, grid->each[each] + i * (size_t)grid->patterns_max);
            else
                ph_point_set_value(point, coordinate->key, coordinate->values[i]);
        }
    }
}

static void resolve_sampler(ph_grid_t *grid, ph_point_t *point)
{
    if (point->sampler_asked != PH_SAMPLER_AUTO)
        return;
    grid->any_auto = true;
    point->sampler = ph_point_auto(point, grid->flips || grid->acceptance, NULL);
}

static int fill_points(ph_grid_t *grid, const ph_entries_t *given, ph_reader_t *reader)
{
    ph_point_t common = {.dilution = NULL};
    for (size_t i = 0; i < PH_EACH_COUNT; i++)
        ph_point_set_each(&common, i, grid->each[i]);
    for (int i = PH_KEY_RULE; i < PH_KEY_COUNT; i++)
        if (given->of[i].count > 0)
            ph_point_set_value(&common, (ph_key_t)i, given->of[i].values[0]);
    if (set_common(grid, given, &common) != PH_OK)
        return PH_ERR_MEMORY;
    grid->points = malloc(grid->points_count * sizeof(*grid->points));
    if (grid->points == NULL)
        return PH_ERR_MEMORY;
    for (size_t p = 0; p < grid->points_count; p++) {
        fill_point(grid, p, &common);
        resolve_sampler(grid, &grid->points[p]);
        ph_point_check_start(&grid->points[p], given, reader);
        ph_point_check_dynamics(&grid->points[p], given, reader);
        grid->relaxation = grid->relaxation || grid->points[p].sampler == PH_SAMPLER_DESCENT;
        const ph_point_t *point = &grid->points[p], *first = &grid->points[0];
        const int64_t records = ph_point_records(point);
        if (records > grid->records_max)
            grid->records_max = records;
        if (records != ph_point_records(first) || point->record_every != first->record_every)
            grid->records_vary = true;
    }
    return PH_OK;
}

int ph_grid_expand(ph_grid_t *grid, const ph_entries_t *given, ph_reader_t *reader)
{
    const ph_entry_t *entries = given->of;
    const size_t size = strlen(given->title) + 1;
    grid->title = malloc(size);
    if (grid->title == NULL) {
        ph_reader_fail_memory(reader);
        return PH_ERR_MEMORY;
    }
    memcpy(grid->title, given->title, size);
    grid->seed = given->seed;
    grid->samples = (int64_t)entries[PH_KEY_SAMPLES].values[0];
    grid->replicas = (int64_t)entries[PH_KEY_REPLICAS].values[0];
    grid->lanes = (int64_t)entries[PH_KEY_LANES].values[0];
    grid->trajectory = entries[PH_KEY_TRAJECTORY].values[0] != 0;
    grid->moments = entries[PH_KEY_MOMENTS].values[0] != 0;
    grid->loss = entries[PH_KEY_LOSS].values[0] != 0;
    grid->example_magnetization = entries[PH_KEY_EXAMPLE_MAGNETIZATION].values[0] != 0;
    grid->example_overlaps = (int64_t)entries[PH_KEY_EXAMPLE_OVERLAPS].values[0];
    grid->replica_overlap = entries[PH_KEY_REPLICA_OVERLAP].values[0] != 0;
    grid->flips = entries[PH_KEY_FLIPS].values[0] != 0;
    grid->acceptance = entries[PH_KEY_ACCEPTANCE].values[0] != 0;
    grid->average = (ph_average_t)entries[PH_KEY_AVERAGE].values[0];
    grid->kinds = (unsigned)entries[PH_KEY_KINDS].values[0];
    grid->confidence = entries[PH_KEY_CONFIDENCE].values[0];
    for (size_t i = 0; i < entries[PH_KEY_PATTERNS].count; i++)
        if ((int64_t)entries[PH_KEY_PATTERNS].values[i] > grid->patterns_max)
            grid->patterns_max = (int64_t)entries[PH_KEY_PATTERNS].values[i];
    int status = make_axes(grid, given);
    grid->points_count = 1; /* at most PH_MAX_POINTS, by ph_entries_count() */
    for (size_t a = 0; a < grid->axes_count; a++)
        grid->points_count *= grid->axes[a].size;
    if (status == PH_OK)
        status = make_all_each(grid, given, reader);
    if (status == PH_OK)
        status = fill_points(grid, given, reader);
    if (status == PH_ERR_MEMORY)
        ph_reader_fail_memory(reader);
    return status;
}
