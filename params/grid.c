/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/floating.h"
#include "base/locale.h"
#include "params/grid_private.h"

enum { FILE_SIZE_MAX = 256 << 20 };

void ph_grid_init(ph_grid_t *self)
{
    memset(self, 0, sizeof(*self));
}

void ph_grid_free(ph_grid_t *self)
{
    for (size_t a = 0; a < self->axes_count; a++) {
        for (size_t c = 0; c < self->axes[a].coordinates_count; c++)
            free(self->axes[a].coordinates[c].values);
        free(self->axes[a].coordinates);
    }
    free(self->axes);
    free(self->points);
    for (size_t i = 0; i < PH_KEY_COUNT; i++)
        free(self->storage[i]);
    free(self->text);
    ph_grid_init(self);
}

/* An override taken apart: "--set key=value" as messages call it, the key, and the value's tree. */
typedef struct {
    char *source, *key;
    ph_node_t *value;
} override_t;

static void free_overrides(override_t *overrides, size_t count)
{
    for (size_t i = 0; overrides != NULL && i < count; i++) {
        ph_node_free(overrides[i].value);
        free(overrides[i].source);
        free(overrides[i].key);
    }
    free(overrides);
}

static void read_override(override_t *self, const char *text, ph_reader_t *reader)
{
    static const char prefix[] = "--set ";
    const char *equals = strchr(text, '=');
    const size_t size = strlen(text) + 1;
    self->source = malloc(sizeof(prefix) + size);
    self->key = malloc(size);
    if (self->source == NULL || self->key == NULL) {
        ph_reader_fail_memory(reader);
        return;
    }
    memcpy(self->source, prefix, sizeof(prefix) - 1);
    memcpy(self->source + sizeof(prefix) - 1, text, size);
    memcpy(self->key, text, size);
    if (equals == NULL || equals == text) {
        const ph_node_t place = {.source = self->source};
        ph_reader_fail(reader, &place,
                       "has no key or no =, expected key=value, such as "
                       "network.dilution=0.3");
        return;
    }
    self->key[equals - text] = '\0';
    /* Nothing is the empty text: then the key says what it expects, as in a grid file. */
    const char *value = equals[1] != '\0' ? equals + 1 : "\"\"";
    self->value = ph_yaml_parse(reader, value, strlen(value), self->source);
}

static int fill_grid(ph_grid_t *self, ph_entries_t *given, ph_reader_t *reader)
{
    if (!ph_entries_count(given, reader))
        return reader->status; /* nothing of such a size is gone through */
    ph_entries_evaluate(given, reader);
    if (reader->status == PH_OK)
        ph_grid_expand(self, given, reader);
    if (reader->status == PH_OK &&
        (ph_grid_write_text(self) != PH_OK || ph_grid_identify(self) != PH_OK))
        ph_reader_fail_memory(reader);
    return reader->status;
}

static void read_grid(ph_grid_t *self, const char *text, size_t length, size_t overrides_count,
                      const char *const *overrides, ph_reader_t *reader)
{
    ph_entries_t given;
    bool named[PH_KEY_COUNT + 1] = {false};
    memset(&given, 0, sizeof(given));
    override_t *sets = calloc(overrides_count + 1, sizeof(*sets));
    ph_node_t *root = ph_yaml_parse(reader, text, length, NULL);
    if (sets == NULL) {
        ph_reader_fail_memory(reader);
        goto out;
    }
    if (root != NULL)
        ph_entries_gather(&given, root, reader);
    for (size_t i = 0; i < overrides_count; i++) {
        read_override(&sets[i], overrides[i], reader);
        if (sets[i].value != NULL && strcmp(sets[i].key, PH_PAPER) == 0)
            ph_entries_ask_paper(&given, sets[i].value, reader);
    }
    if (root != NULL && root->kind == PH_NODE_MAP)
        ph_entries_take_paper(&given, reader);
    for (size_t i = 0; i < overrides_count; i++) {
        if (sets[i].value != NULL && strcmp(sets[i].key, PH_PAPER) != 0)
            ph_entries_override(&given, sets[i].key, sets[i].value, named, reader);
    }
    if (root != NULL && root->kind == PH_NODE_MAP)
        fill_grid(self, &given, reader);
out:
    ph_entries_free(&given);
    ph_node_free(root);
    free_overrides(sets, overrides_count);
}

static int read_text(ph_grid_t *self, const char *text, size_t length, size_t overrides_count,
                     const char *const *overrides, ph_reader_t *reader)
{
    PH_LOCALE_GUARD();
    ph_report_t *report = reader->report;
    if (length >= 4 && memcmp(text, "\x89HDF", 4) == 0)
        return ph_fail(
            report, PH_ERR_INPUT,
            "%s: an HDF5 file, such as a run or theory file; a grid file (YAML text) was "
            "expected",
            reader->name);
    read_grid(self, text, length, overrides_count, overrides, reader);
    if (reader->errors > PH_ERRORS_SHOWN)
        ph_note(report, "%s: %zu more errors are not shown", reader->name,
                reader->errors - PH_ERRORS_SHOWN);
    if (reader->status == PH_OK)
        ph_grid_tell_figure(self, reader);
    else
        ph_grid_free(self);
    return reader->status;
}

int ph_grid_parse(ph_grid_t *self, const char *text, const char *name, size_t overrides_count,
                  const char *const *overrides, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    ph_reader_t reader = {.report = report, .name = name, .inside = true};
    return read_text(self, text, strlen(text), overrides_count, overrides, &reader);
}

int ph_grid_load(ph_grid_t *self, const char *path, size_t overrides_count,
                 const char *const *overrides, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    ph_reader_t reader = {.report = report, .name = path};
    char *text = NULL;
    size_t length = 0;
    int status = ph_file_load(path, FILE_SIZE_MAX, &text, &length, report);
    if (status == PH_OK)
        status = read_text(self, text, length, overrides_count, overrides, &reader);
    free(text);
    return status;
}

int ph_grid_load_stream(ph_grid_t *self, FILE *in, size_t overrides_count,
                        const char *const *overrides, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    ph_reader_t reader = {.report = report, .name = "standard input"};
    char *text = NULL;
    size_t length = 0;
    int status = ph_file_load_stream(in, reader.name, FILE_SIZE_MAX, &text, &length, report);
    if (status == PH_OK)
        status = read_text(self, text, length, overrides_count, overrides, &reader);
    free(text);
    return status;
}

void ph_grid_unravel(const ph_grid_t *self, size_t point, size_t *index)
{
    for (size_t a = self->axes_count; a-- > 0;) {
        index[a] = point % self->axes[a].size;
        point /= self->axes[a].size;
    }
}

void ph_coordinate_text(const ph_coordinate_t *coordinate, size_t i, char *text, size_t size)
{
    PH_FLOATING_GUARD();
    ph_value_text(coordinate->key, coordinate->values[i], text, size);
}

void ph_grid_point_text(const ph_grid_t *self, size_t point, char *text, size_t size)
{
    PH_FLOATING_GUARD();
    size_t index[PH_MAX_AXES], used = 0;
    if (size == 0)
        return;
    text[0] = '\0';
    ph_grid_unravel(self, point, index);
    for (size_t a = 0; a < self->axes_count; a++)
        for (size_t c = 0; c < self->axes[a].coordinates_count && used < size; c++) {
            const ph_coordinate_t *coordinate = &self->axes[a].coordinates[c];
            char value[PH_NUMBER_SIZE];
            ph_coordinate_text(coordinate, index[a], value, sizeof(value));
            used += (size_t)snprintf(text + used, size - used, "%s%s=%s", used > 0 ? ", " : "",
                                     ph_schema(coordinate->key)->name, value);
        }
}
