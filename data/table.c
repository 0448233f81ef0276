/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/table.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/formats.h"

/* Opens a file that holds what is asked for; `named`: a table of this name in it. */
static int open_file(const ph_table_source_t *source, bool named, bool numbers, int *descriptor,
                     const ph_format_t **format, ph_report_t *report)
{
    int status = ph_format_open(source->path, descriptor, format, report);
    if (status != PH_OK)
        return status;
    const bool there = numbers ? (*format)->read_numbers != NULL : (*format)->read != NULL;
    const char *way = (*format)->way;
    if (there && (!named || (*format)->named))
        return PH_OK;
    close(*descriptor);
    if (there)
        return ph_format_no_datasets(*format, source->path, report);
    return ph_fail(report, PH_ERR_INPUT, "%s: is %s, expected %s%s%s", source->path,
                   (*format)->word,
                   numbers ? "a list of whole numbers" : "text or HDF5 of -1, 0 and +1",
                   way != NULL ? "; " : "", way != NULL ? way : "");
}

static bool is_named(const ph_table_source_t *source)
{
    return source->dataset != NULL && source->dataset[0] != '\0';
}

/* A shape that is not that of the lists is none. */
static void check_shape(ph_table_t *self)
{
    if (self->shape[0] * self->shape[1] != self->length)
        self->shape[0] = self->shape[1] = 0;
}

int ph_table_load(ph_table_t *self, const ph_table_source_t *source, ph_report_t *report)
{
    const ph_format_t *format;
    ph_table_source_t asked = *source;
    int descriptor;
    memset(self, 0, sizeof(*self));
    int status = open_file(source, is_named(source), false, &descriptor, &format, report);
    if (status != PH_OK)
        return status;
    if (asked.lists == PH_LISTS_AS_USUAL)
        asked.lists = format->rows ? PH_LISTS_IN_ROWS : PH_LISTS_IN_COLUMNS;
    status = format->read(self, &asked, descriptor, report);
    check_shape(self);
    return status;
}

int ph_numbers_load(ph_numbers_t *self, const ph_table_source_t *source, ph_report_t *report)
{
    const ph_format_t *format;
    int descriptor;
    memset(self, 0, sizeof(*self));
    const int status = open_file(source, is_named(source), true, &descriptor, &format, report);
    return status == PH_OK ? format->read_numbers(self, source, descriptor, report) : status;
}

int ph_table_load_labelled(ph_table_t *self, ph_numbers_t *labels, const char *path,
                           const char *examples_name, const char *labels_name, size_t most,
                           ph_report_t *report)
{
    ph_table_source_t source = {.path = path, .lists = PH_LISTS_IN_ROWS, .most = most};
    const ph_format_t *format;
    int descriptor;
    memset(self, 0, sizeof(*self));
    memset(labels, 0, sizeof(*labels));
    int status = open_file(&source, examples_name != NULL || labels_name != NULL, false,
                           &descriptor, &format, report);
    if (status != PH_OK)
        return status;
    if (format->named)
        source.dataset = examples_name != NULL ? examples_name : "examples";
    else
        source.labels = labels;
    status = format->read(self, &source, descriptor, report);
    check_shape(self);
    source.dataset = labels_name != NULL ? labels_name : "labels";
    if (status == PH_OK && format->named)
        status = ph_numbers_load(labels, &source, report);
    return status;
}

void ph_numbers_free(ph_numbers_t *self)
{
    free(self->values);
    memset(self, 0, sizeof(*self));
}

void ph_table_free(ph_table_t *self)
{
    free(self->entries);
    memset(self, 0, sizeof(*self));
}
