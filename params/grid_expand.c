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
        coordinate->pattern = given->of[keys[i]].pattern;
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

/* Values of the patterns, shared between points: one row a value of the axis. */
static int make_room(ph_grid_t *grid, const ph_schema_t *row, size_t rows, ph_reader_t *reader)
{
    const size_t columns = (size_t)grid->patterns_max;
    if (rows > EACH_MAX / columns) {
        ph_reader_fail(reader, NULL,
                       "%zu values of %s for %zu patterns, expected at most %d in all; shorten "
                       "%s or lower network.patterns",
                       rows, row->name, columns, EACH_MAX, row->path);
        return PH_ERR_INPUT;
    }
    ph_reader_check_memory(reader,
                           8.0 * (double)rows * (double)columns +
                               (double)grid->points_count * (double)sizeof(ph_point_t),
                           (double)grid->points_count);
    if (reader->status != PH_OK)
        return reader->status;
    grid->storage[row->key] = calloc(rows, columns * sizeof(double));
    return grid->storage[row->key] != NULL ? PH_OK : PH_ERR_MEMORY;
}

static int make_each(ph_grid_t *grid, const ph_entries_t *given, const ph_schema_t *row,
                     ph_reader_t *reader)
{
    const ph_entry_t *entry = &given->of[row->key];
    const size_t columns = (size_t)grid->patterns_max, rows = entry->axis ? entry->count : 1;
    int status = make_room(grid, row, rows, reader);
    double *values = grid->storage[row->key];
    for (size_t i = 0; i < rows && status == PH_OK; i++)
        for (size_t j = 0; j < columns; j++)
            values[i * columns + j] = ph_entry_value(entry, i, j);
    return status;
}

/* The axis that a key is a coordinate of, NULL: none. */
static const ph_axis_t *axis_of(const ph_grid_t *grid, ph_key_t key)
{
    for (size_t a = 0; a < grid->axes_count; a++)
        for (size_t c = 0; c < grid->axes[a].coordinates_count; c++)
            if (grid->axes[a].coordinates[c].key == key)
                return &grid->axes[a];
    return NULL;
}

/* One row for each pair of an entropy and a number of examples, if the grid has entropies; of keys
 * that are zipped only the pairs on their axis. */
static int make_qualities(ph_grid_t *grid, const ph_entries_t *given, ph_reader_t *reader)
{
    const ph_axis_t *entropy = axis_of(grid, PH_KEY_ENTROPY),
                    *count = axis_of(grid, PH_KEY_EXAMPLES);
    if (!ph_entry_has_entropy(&given->of[PH_KEY_ENTROPY]))
        return PH_OK;
    return make_room(grid, ph_schema(PH_KEY_ENTROPY),
                     (entropy != NULL ? entropy->size : 1) *
                         (count != NULL && count != entropy ? count->size : 1),
                     reader);
}

static int make_all_each(ph_grid_t *grid, const ph_entries_t *given, ph_reader_t *reader)
{
    int status = PH_OK;
    for (int i = 0; i < PH_KEY_COUNT && status == PH_OK; i++)
        if (ph_schema((ph_key_t)i)->member == PH_MEMBER_EACH)
            status = make_each(grid, given, ph_schema((ph_key_t)i), reader);
    return status == PH_OK ? make_qualities(grid, given, reader) : status;
}

/* A copy of the values of a list or of a text, owned by the grid; NULL without memory. */
static void *store(ph_grid_t *grid, ph_key_t key, const void *from, size_t bytes)
{
    grid->storage[key] = malloc(bytes);
    if (grid->storage[key] != NULL)
        memcpy(grid->storage[key], from, bytes);
    return grid->storage[key];
}

/* Puts the value of a key (the first of an axis) where its row says that it is kept. */
static int keep_value(ph_grid_t *grid, const ph_schema_t *row, const ph_entry_t *entry,
                      void *keeper)
{
    const void *stored;
    switch (row->member) {
    case PH_MEMBER_SEED:
        ph_key_set_seed(row, keeper, entry->seed);
        return PH_OK;
    case PH_MEMBER_TEXT:
        stored = store(grid, row->key, entry->text, strlen(entry->text) + 1);
        ph_key_set_text(row, keeper, stored);
        return stored != NULL ? PH_OK : PH_ERR_MEMORY;
    case PH_MEMBER_LIST:
        if (entry->count == 0)
            return PH_OK;
        stored = store(grid, row->key, entry->values, entry->count * sizeof(*entry->values));
        ph_key_set_list(row, keeper, (ph_list_t){entry->count, stored});
        return stored != NULL ? PH_OK : PH_ERR_MEMORY;
    case PH_MEMBER_EACH:
        ph_key_set_each(row, keeper, grid->storage[row->key]);
        return PH_OK;
    default:
        ph_key_set(row, keeper, entry->values[0]);
        return PH_OK;
    }
}

static int keep_values(ph_grid_t *grid, const ph_entries_t *given, ph_keeper_t of, void *keeper)
{
    int status = PH_OK;
    for (int i = 0; i < PH_KEY_COUNT && status == PH_OK; i++)
        if (ph_schema((ph_key_t)i)->kept_by == of)
            status = keep_value(grid, ph_schema((ph_key_t)i), &given->of[i], keeper);
    return status;
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
            const ph_schema_t *row = ph_schema(coordinate->key);
            const double *each = ph_key_each(row, common);
            if (each != NULL)
                ph_key_set_each(row, point, each + i * (size_t)grid->patterns_max);
            else
                ph_key_set(row, point, coordinate->values[i]);
        }
    }
}

/* The qualities that follow from an entropy, to as many digits as a grid's own; shared between
 * points of equal entropy and examples. */
static void take_entropy(ph_grid_t *grid, size_t p)
{
    ph_point_t *point = &grid->points[p];
    const ph_axis_t *entropy = axis_of(grid, PH_KEY_ENTROPY),
                    *count = axis_of(grid, PH_KEY_EXAMPLES);
    size_t index[PH_MAX_AXES], row = 0;
    if (grid->storage[PH_KEY_ENTROPY] == NULL)
        return;
    ph_grid_unravel(grid, p, index);
    if (entropy != NULL)
        row = index[entropy - grid->axes];
    if (count != NULL && count != entropy)
        row = row * count->size + index[count - grid->axes];
    double *quality = (double *)grid->storage[PH_KEY_ENTROPY] + row * (size_t)grid->patterns_max;
    ph_point_entropy_quality(point, quality);
    for (size_t mu = 0; mu < (size_t)point->patterns; mu++)
        quality[mu] = ph_round12(quality[mu]);
    point->quality = quality;
}

static void resolve_sampler(ph_grid_t *grid, ph_point_t *point)
{
    point->sampler = point->sampler_asked;
    if (!ph_sampler_is_auto(point->sampler))
        return;
    grid->any_auto = true;
    point->sampler = ph_point_auto(point, grid->flips || grid->acceptance, NULL);
}

/* Classes of neurons of given patterns: once for each number of them, known[patterns], 0 before. */
static int count_given(ph_point_t *point, double *known)
{
    if (!ph_point_is_given(point))
        return PH_OK;
    double *own = &known[point->patterns];
    if (*own == 0.0 && ph_point_count_given(point) == PH_OK)
        *own = point->given_classes;
    point->given_classes = *own;
    return *own > 0.0 ? PH_OK : PH_ERR_MEMORY;
}

static int fill_points(ph_grid_t *grid, const ph_entries_t *given, double *known,
                       ph_reader_t *reader)
{
    ph_point_t common = {.dilution = NULL};
    if (keep_values(grid, given, PH_KEPT_BY_POINT, &common) != PH_OK)
        return PH_ERR_MEMORY;
    grid->rungs = (int64_t)common.ladder.count;
    grid->points = malloc(grid->points_count * sizeof(*grid->points));
    if (grid->points == NULL)
        return PH_ERR_MEMORY;
    for (size_t p = 0; p < grid->points_count; p++) {
        fill_point(grid, p, &common);
        take_entropy(grid, p);
        grid->points[p].sweeps_end = grid->until.sweeps_max;
        if (count_given(&grid->points[p], known) != PH_OK)
            return PH_ERR_MEMORY;
        resolve_sampler(grid, &grid->points[p]);
        ph_point_check_start(&grid->points[p], given, reader);
        ph_point_check_rule(&grid->points[p], given, reader);
        ph_point_check_dynamics(&grid->points[p], given, reader);
        ph_point_check_states(&grid->points[p], given, reader);
        ph_point_check_until(&grid->points[p], grid, given, reader);
        grid->relaxation =
            grid->relaxation || ph_sampler_has(grid->points[p].sampler, PH_TRAIT_FREEZES);
        grid->aims =
            grid->aims || (grid->recall_threshold > 0.0 && ph_point_aims(&grid->points[p]));
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
    const ph_entry_t *patterns = &given->of[PH_KEY_PATTERNS];
    int status = keep_values(grid, given, PH_KEPT_BY_GRID, grid);
    for (size_t i = 0; i < patterns->count; i++)
        if ((int64_t)patterns->values[i] > grid->patterns_max)
            grid->patterns_max = (int64_t)patterns->values[i];
    if (status == PH_OK)
        status = make_axes(grid, given);
    grid->points_count = 1; /* at most PH_MAX_POINTS, by ph_entries_count() */
    for (size_t a = 0; a < grid->axes_count; a++)
        grid->points_count *= grid->axes[a].size;
    if (status == PH_OK)
        status = make_all_each(grid, given, reader);
    double *known = calloc((size_t)grid->patterns_max + 1, sizeof(*known));
    if (status == PH_OK)
        status = known != NULL ? fill_points(grid, given, known, reader) : PH_ERR_MEMORY;
    free(known);
    if (status == PH_OK)
        ph_grid_follow(grid, given, reader);
    if (status == PH_ERR_MEMORY)
        ph_reader_fail_memory(reader);
    return status;
}
