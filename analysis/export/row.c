/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/export/row.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/visible.h"

enum { NUMBER_SIZE = 64 };

static const char JSON_HEAD[] = "{\"polyhebb\": \"";

static void put_json_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text != '\0'; text++)
        if (*text == '"' || *text == '\\')
            fprintf(out, "\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            fprintf(out, "\\u%04x", (unsigned)(unsigned char)*text);
        else
            fputc(*text, out);
    fputc('"', out);
}

void ph_row_begin(ph_row_t *self, FILE *out, ph_text_format_t format, const char *kind,
                  const ph_grid_t *grid)
{
    *self = (ph_row_t){.out = out, .format = format, .head = true};
    if (format == PH_TEXT_COLUMNS) {
        fputs("# ", out);
        ph_put_visible(out, grid->title);
        fputc('\n', out);
    } else if (format == PH_TEXT_JSON) {
        fprintf(out, "%s%s\", \"title\": ", JSON_HEAD, kind);
        put_json_text(out, grid->title);
        fputs(", \"rows\": [", out);
    }
}

bool ph_row_has_notes(const ph_row_t *self)
{
    return self->format == PH_TEXT_COLUMNS;
}

static void keep_name(ph_row_t *self, const char *text)
{
    char **grown = realloc(self->names, (self->count + 1) * sizeof(*grown));
    char *copy = grown != NULL ? strdup(text) : NULL;
    if (grown != NULL)
        self->names = grown;
    if (copy == NULL)
        self->out_of_memory = true;
    else
        self->names[self->count++] = copy;
}

/* What stands before a cell. */
static void begin_cell(ph_row_t *self)
{
    if (self->format == PH_TEXT_JSON) {
        fputs(self->begun ? ", " : self->rows > 0 ? ",\n{" : "\n{", self->out);
        put_json_text(self->out, self->cell < self->count ? self->names[self->cell] : "");
        fputs(": ", self->out);
    } else if (self->begun)
        fputc(self->format == PH_TEXT_CSV ? ',' : ' ', self->out);
    else if (self->head && self->format == PH_TEXT_COLUMNS)
        fputs("# ", self->out);
    self->begun = true;
    self->cell++;
}

void ph_row_text(ph_row_t *self, const char *text)
{
    if (self->head && self->format == PH_TEXT_JSON) {
        keep_name(self, text);
        return;
    }
    begin_cell(self);
    if (self->format == PH_TEXT_JSON)
        put_json_text(self->out, text);
    else
        fputs(text, self->out);
}

/* A cell that is a number in every format. */
static void put_bare(ph_row_t *self, const char *text)
{
    begin_cell(self);
    fputs(text, self->out);
}

void ph_row_number(ph_row_t *self, double value)
{
    char text[NUMBER_SIZE];
    const bool json = self->format == PH_TEXT_JSON;
    if (json && !isfinite(value))
        snprintf(text, sizeof(text), "null");
    else
        snprintf(text, sizeof(text), isnan(value) ? "nan" : "%.10g", value);
    put_bare(self, text);
}

void ph_row_estimate(ph_row_t *self, double value, double error)
{
    char text[NUMBER_SIZE];
    ph_error_text(error, text, sizeof(text));
    if (self->format != PH_TEXT_COLUMNS || !(error > 0.0) || strchr(text, 'e') != NULL) {
        ph_row_number(self, value);
        ph_row_number(self, error);
        return;
    }
    char shown[NUMBER_SIZE];
    snprintf(shown, sizeof(shown), "%.*f", ph_error_decimals(error), value);
    put_bare(self, shown);
    put_bare(self, text);
}

void ph_row_count(ph_row_t *self, uint64_t value)
{
    char text[NUMBER_SIZE];
    snprintf(text, sizeof(text), "%" PRIu64, value);
    put_bare(self, text);
}

void ph_row_end(ph_row_t *self)
{
    if (self->format != PH_TEXT_JSON)
        fputc('\n', self->out);
    else if (!self->head)
        fputc('}', self->out);
    self->rows += !self->head;
    self->begun = self->head = false;
    self->cell = 0;
}

void ph_row_axes(ph_row_t *self, const ph_grid_t *grid, const size_t *index, size_t without)
{
    char text[2 * NUMBER_SIZE];
    for (size_t a = 0; a < grid->axes_count; a++)
        for (size_t c = 0; a != without && c < grid->axes[a].coordinates_count; c++) {
            const ph_coordinate_t *coordinate = &grid->axes[a].coordinates[c];
            const ph_schema_t *schema = ph_schema(coordinate->key);
            if (index == NULL) {
                ph_row_text(self, schema->name);
                continue;
            }
            ph_coordinate_text(coordinate, index[a], text, sizeof(text));
            if (schema->type == PH_TYPE_REAL || schema->type == PH_TYPE_INTEGER)
                put_bare(self, text);
            else
                ph_row_text(self, text);
        }
}

void ph_row_drop(ph_row_t *self)
{
    for (size_t i = 0; i < self->count; i++)
        free(self->names[i]);
    free(self->names);
    self->names = NULL;
    self->count = 0;
}

int ph_row_finish(ph_row_t *self, ph_report_t *report)
{
    const bool memory = self->out_of_memory;
    if (self->format == PH_TEXT_JSON)
        fputs("\n]}\n", self->out);
    ph_row_drop(self);
    if (memory)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the names of a table");
    if (fflush(self->out) != 0 || ferror(self->out))
        return ph_fail(report, PH_ERR_IO, "cannot write the table: %s", strerror(errno));
    return PH_OK;
}

bool ph_row_is_json(const char *line)
{
    return strncmp(line, JSON_HEAD, strlen(JSON_HEAD)) == 0;
}
