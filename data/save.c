/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/save.h"

#include <hdf5.h>
#include <hdf5_hl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/visible.h"
#include "data/hdf5_file.h"
#include "data/quiet.h"
#include "data/save_private.h"

/* What files begin with, or have as an attribute, by which they are known again. */
static const char HEAD[] = "# Written by 'polyhebb encode': ";
static const char KIND[] = "polyhebb_kind";
static const char SHAPE[] = "shape";

enum { KIND_SIZE = 16 };

static const char *kind_of(const ph_saved_t *self)
{
    return self->labels != NULL ? "examples" : "patterns";
}

static int entry(const ph_table_t *table, size_t list, size_t i)
{
    return table->entries[list * table->step_list + i * table->step_entry];
}

/* "# labels: 1 cat, 2 dog": names on one line, whatever they hold. */
static void write_names(const ph_saved_t *self, FILE *out)
{
    char shown[1024];
    for (size_t k = 0; k < self->names_count; k++) {
        ph_visible(self->names[k], shown, sizeof(shown));
        fprintf(out, "%s %zu %s", k == 0 ? "# labels:" : ",", k + 1, shown);
    }
    if (self->names_count > 0)
        fputc('\n', out);
}

void ph_save_text(const ph_saved_t *self, FILE *out)
{
    const ph_table_t *table = self->table;
    const bool examples = self->labels != NULL;
    const size_t lines = examples ? table->lists : table->length;
    const size_t words = examples ? table->length : table->lists;
    fprintf(out, "%s%zu %s of %zu neurons (%zu x %zu), %s\n", HEAD, table->lists, kind_of(self),
            table->length, self->rows, self->columns,
            examples ? "each a row behind its label" : "each a column");
    write_names(self, out);
    for (size_t line = 0; line < lines; line++) {
        if (examples)
            fprintf(out, "%lld ", (long long)self->labels->values[line]);
        for (size_t word = 0; word < words; word++)
            fprintf(out, "%d%c", examples ? entry(table, line, word) : entry(table, word, line),
                    word + 1 < words ? ' ' : '\n');
    }
}

/* All without times, so that the same content is the same bytes. */
static herr_t write_set(hid_t file, const char *name, int rank, const hsize_t *extent, hid_t stored,
                        hid_t type, const void *values)
{
    hid_t space = H5Screate_simple(rank, extent, NULL), list = H5Pcreate(H5P_DATASET_CREATE);
    hid_t set = H5I_INVALID_HID;
    herr_t result = -1;
    if (space >= 0 && list >= 0 && H5Pset_obj_track_times(list, false) >= 0)
        set = H5Dcreate2(file, name, stored, space, H5P_DEFAULT, list, H5P_DEFAULT);
    if (set >= 0) {
        result = H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
        result = H5Dclose(set) < 0 ? -1 : result;
    }
    if (list >= 0)
        H5Pclose(list);
    if (space >= 0)
        H5Sclose(space);
    return result;
}

/* Texts of one length, as long as the longest, filled up with zeros. */
static herr_t write_names_set(const ph_saved_t *self, hid_t file)
{
    const hsize_t extent = self->names_count;
    size_t longest = 1;
    for (size_t k = 0; k < self->names_count; k++)
        longest = strlen(self->names[k]) > longest ? strlen(self->names[k]) : longest;
    char *texts = calloc(self->names_count, longest);
    hid_t type = H5Tcopy(H5T_C_S1);
    herr_t result = -1;
    if (texts != NULL && type >= 0 && H5Tset_size(type, longest) >= 0 &&
        H5Tset_strpad(type, H5T_STR_NULLPAD) >= 0) {
        for (size_t k = 0; k < self->names_count; k++)
            memcpy(texts + k * longest, self->names[k], strlen(self->names[k]));
        result = write_set(file, "names", 1, &extent, type, type, texts);
    }
    if (texts == NULL)
        ph_hdf5_no_memory();
    if (type >= 0)
        H5Tclose(type);
    free(texts);
    return result;
}

static herr_t write_all(const ph_saved_t *self, hid_t file)
{
    const ph_table_t *table = self->table;
    const hsize_t extent[2] = {table->lists, table->length};
    const int version = 1;
    const long long shape[2] = {(long long)self->rows, (long long)self->columns};
    if (write_set(file, kind_of(self), 2, extent, H5T_STD_I8LE, H5T_NATIVE_INT8, table->entries) <
            0 ||
        H5LTset_attribute_string(file, "/", KIND, self->labels != NULL ? "data" : "patterns") < 0 ||
        H5LTset_attribute_int(file, "/", "format_version", &version, 1) < 0 ||
        H5LTset_attribute_long_long(file, "/", SHAPE, shape, 2) < 0 ||
        (self->names_count > 0 && write_names_set(self, file) < 0))
        return -1;
    return self->labels == NULL ? 0
                                : write_set(file, "labels", 1, extent, H5T_STD_I64LE,
                                            H5T_NATIVE_INT64, self->labels->values);
}

/* Closed by HDF5 to see whether all of it was written. */
static int write_file(const ph_saved_t *self, ph_hdf5_file_t *file, ph_report_t *report)
{
    if (file->driver == NULL || !ph_memory_left(PH_HDF5_OPENING_BYTES))
        return ph_fail(report, PH_ERR_MEMORY, "no memory to write %s", file->path);
    hid_t access = ph_hdf5_access(file->driver), creation = H5Pcreate(H5P_FILE_CREATE);
    if (access >= 0 && creation >= 0 && H5Pset_obj_track_times(creation, false) >= 0)
        file->file = H5Fcreate(file->path, H5F_ACC_TRUNC, creation, access);
    if (creation >= 0)
        H5Pclose(creation);
    if (access >= 0)
        H5Pclose(access);
    bool written = file->file >= 0 && write_all(self, file->file) >= 0;
    if (file->file >= 0 && H5Fclose(file->file) < 0)
        written = false;
    file->file = H5I_INVALID_HID;
    return written && ph_hdf5_driver_error(file->driver) == 0
               ? PH_OK
               : ph_hdf5_write_failure(file, "cannot be written", report);
}

int ph_save_hdf5(const ph_saved_t *self, int descriptor, const char *path, ph_report_t *report)
{
    ph_quiet_t quiet;
    const int own = dup(descriptor);
    ph_hdf5_file_t file = {.file = H5I_INVALID_HID, .path = path};
    ph_quiet_begin(&quiet);
    if (own >= 0)
        file.driver = ph_hdf5_driver_new(own);
    const int status = write_file(self, &file, report);
    ph_hdf5_close(&file);
    ph_quiet_end(&quiet);
    return status;
}

static bool is_written_text(FILE *file)
{
    char head[sizeof(HEAD)];
    return fgets(head, sizeof(head), file) != NULL && strcmp(head, HEAD) == 0;
}

/* The kind, where the file has one: a short text. */
static bool read_kind(hid_t file, char *kind)
{
    H5T_class_t class;
    hsize_t extent = 0;
    size_t size;
    memset(kind, 0, KIND_SIZE);
    return H5Aexists_by_name(file, "/", KIND, H5P_DEFAULT) > 0 &&
           H5LTget_attribute_ndims(file, "/", KIND, &(int){0}) >= 0 &&
           H5LTget_attribute_info(file, "/", KIND, &extent, &class, &size) >= 0 &&
           class == H5T_STRING && size < KIND_SIZE &&
           H5LTget_attribute_string(file, "/", KIND, kind) >= 0;
}

static bool is_ours(hid_t file)
{
    char kind[KIND_SIZE];
    return read_kind(file, kind) && (strcmp(kind, "patterns") == 0 || strcmp(kind, "data") == 0);
}

static void set_shape(size_t shape[2], long long rows, long long columns)
{
    const bool good = rows > 0 && rows <= PH_SHAPE_MAX && columns > 0 && columns <= PH_SHAPE_MAX;
    shape[0] = good ? (size_t)rows : 0;
    shape[1] = good ? (size_t)columns : 0;
}

void ph_saved_shape(const char *text, size_t length, size_t shape[2])
{
    char line[160];
    long long found[2] = {0, 0};
    const size_t size = length < sizeof(line) - 1 ? length : sizeof(line) - 1;
    memcpy(line, text, size);
    line[size] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    const char *open = strncmp(line, HEAD, sizeof(HEAD) - 1) == 0 ? strchr(line, '(') : NULL;
    char *end = NULL;
    if (open != NULL)
        found[0] = strtoll(open + 1, &end, 10);
    if (end != NULL && strncmp(end, " x ", 3) == 0)
        found[1] = strtoll(end + 3, &end, 10);
    set_shape(shape, found[0], end != NULL && *end == ')' ? found[1] : 0);
}

void ph_saved_shape_hdf5(hid_t file, size_t shape[2])
{
    long long found[2] = {0, 0};
    int rank = 0;
    hsize_t extent = 0;
    H5T_class_t class;
    size_t size;
    const bool there = is_ours(file) && H5Aexists_by_name(file, "/", SHAPE, H5P_DEFAULT) > 0 &&
                       H5LTget_attribute_ndims(file, "/", SHAPE, &rank) >= 0 && rank == 1 &&
                       H5LTget_attribute_info(file, "/", SHAPE, &extent, &class, &size) >= 0 &&
                       class == H5T_INTEGER && extent == 2 &&
                       H5LTget_attribute_long_long(file, "/", SHAPE, found) >= 0;
    set_shape(shape, there ? found[0] : 0, there ? found[1] : 0);
}

static bool is_written_hdf5(int descriptor)
{
    ph_hdf5_file_t file;
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    const bool ours =
        ph_hdf5_open(&file, descriptor, "old", KIND, NULL) == PH_OK && is_ours(file.file);
    ph_hdf5_close(&file);
    ph_quiet_end(&quiet);
    return ours;
}

bool ph_save_wrote(FILE *file)
{
    if (is_written_text(file))
        return true;
    const int own = dup(fileno(file));
    return own >= 0 && is_written_hdf5(own);
}
