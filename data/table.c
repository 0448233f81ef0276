/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "data/formats.h"

/* The first bytes of a file, all that there are of them. PH_ERR_IO. */
static int read_head(int descriptor, const char *path, unsigned char *head, size_t *size,
                     ph_report_t *report)
{
    for (*size = 0; *size < PH_FORMAT_HEAD_SIZE; *size += 1) {
        const int status = ph_file_read_at(descriptor, *size, head + *size, 1);
        if (status == PH_ERR_IO)
            return ph_fail(report, PH_ERR_IO, "%s: cannot be read: %s", path, strerror(errno));
        if (status != PH_OK)
            break;
    }
    return PH_OK;
}

/* Opens a file and finds its format; `named`: a table of this name in it is asked for. */
static int open_file(const ph_table_source_t *source, bool named, int *descriptor,
                     const ph_format_t **format, ph_report_t *report)
{
    unsigned char head[PH_FORMAT_HEAD_SIZE];
    size_t size;
    int status = ph_file_open(source->path, UINT64_MAX, descriptor, report);
    if (status != PH_OK)
        return status;
    status = read_head(*descriptor, source->path, head, &size, report);
    if (status == PH_OK) {
        *format = ph_format_of(head, size);
        if (!named || (*format)->named)
            return PH_OK;
        status = ph_fail(report, PH_ERR_INPUT,
                         "%s: is a file of %s, which has no datasets, expected no dataset, or a "
                         "file of HDF5",
                         source->path, (*format)->word);
    }
    close(*descriptor);
    return status;
}

int ph_table_load(ph_table_t *self, const ph_table_source_t *source, ph_report_t *report)
{
    const ph_format_t *format;
    ph_table_source_t asked = *source;
    int descriptor;
    memset(self, 0, sizeof(*self));
    const int status = open_file(source, source->dataset != NULL && source->dataset[0] != '\0',
                                 &descriptor, &format, report);
    if (status != PH_OK)
        return status;
    if (asked.lists == PH_LISTS_AS_USUAL)
        asked.lists = format->rows ? PH_LISTS_IN_ROWS : PH_LISTS_IN_COLUMNS;
    return format->read(self, &asked, descriptor, report);
}

int ph_numbers_load(ph_numbers_t *self, const ph_table_source_t *source, ph_report_t *report)
{
    const ph_format_t *format;
    int descriptor;
    memset(self, 0, sizeof(*self));
    const int status = open_file(source, true, &descriptor, &format, report);
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
    int status = open_file(&source, examples_name != NULL || labels_name != NULL, &descriptor,
                           &format, report);
    if (status != PH_OK)
        return status;
    if (format->named)
        source.dataset = examples_name != NULL ? examples_name : "examples";
    else
        source.labels = labels;
    status = format->read(self, &source, descriptor, report);
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
