/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/images.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/machine.h"
#include "data/formats.h"

void ph_images_free(ph_images_t *self)
{
    free(self->values);
    ph_numbers_free(&self->labels);
    for (size_t k = 0; k < self->names_count; k++)
        free(self->names[k]);
    free(self->names);
    memset(self, 0, sizeof(*self));
}

/* Of so many images in all; the numbers fit. */
static int make_room(ph_images_t *self, const ph_images_source_t *source, size_t count,
                     ph_report_t *report)
{
    const size_t pixels = self->rows * self->columns;
    size_t capacity = 2 * self->capacity > count ? 2 * self->capacity : count;
    if (capacity > source->most / pixels)
        capacity = source->most / pixels;
    const size_t bytes = capacity * pixels * sizeof(*self->values);
    const ph_limit_t memory = ph_machine_memory();
    if (bytes > memory.value)
        return ph_fail(report, PH_ERR_LIMIT,
                       "%s: its images need %zu MB of memory, but %llu MB are left (%s)",
                       source->path, bytes / 1000000, (unsigned long long)memory.value / 1000000,
                       memory.source);
    float *grown = realloc(self->values, bytes);
    if (grown == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "%s: no memory for its images", source->path);
    self->values = grown;
    self->capacity = capacity;
    return PH_OK;
}

int ph_images_shape(const ph_images_source_t *source, size_t pixels, size_t *rows, size_t *columns,
                    ph_report_t *report)
{
    *rows = source->rows == 0 ? 1 : source->rows;
    *columns = source->rows == 0 ? pixels : source->columns;
    if (*columns <= pixels && *rows == pixels / *columns && pixels % *columns == 0)
        return PH_OK;
    return ph_fail(report, PH_ERR_INPUT,
                   "%s: images of %zu pixels, expected the %zu of a shape of %zux%zu", source->path,
                   pixels, *rows * *columns, *rows, *columns);
}

int ph_images_grow(ph_images_t *self, const ph_images_source_t *source, size_t more, size_t rows,
                   size_t columns, float **values, ph_report_t *report)
{
    if (rows == 0 || columns == 0)
        return ph_fail(report, PH_ERR_INPUT, "%s: an image of %zu x %zu is empty", source->path,
                       rows, columns);
    if (source->rows > 0 && (rows != source->rows || columns != source->columns))
        return ph_fail(report, PH_ERR_INPUT,
                       "%s: images of %zux%zu, as the file says, expected the shape that is asked "
                       "for, %zux%zu",
                       source->path, rows, columns, source->rows, source->columns);
    if (self->count > 0 && (rows != self->rows || columns != self->columns))
        return ph_fail(report, PH_ERR_INPUT,
                       "%s: image %zu is of %zu x %zu, expected %zu x %zu as the first one",
                       source->path, self->count + 1, rows, columns, self->rows, self->columns);
    if (columns > source->most / rows || more > source->most / (rows * columns) - self->count)
        return ph_fail(report, PH_ERR_LIMIT,
                       "%s: %zu images of %zu x %zu, with %zu before them, are more than %zu "
                       "pixels, expected at most that many",
                       source->path, more, rows, columns, self->count, source->most);
    self->rows = rows;
    self->columns = columns;
    const int status = self->count + more > self->capacity
                           ? make_room(self, source, self->count + more, report)
                           : PH_OK;
    if (status != PH_OK)
        return status;
    *values = self->values + self->count * rows * columns;
    self->count += more;
    return PH_OK;
}

int ph_images_add_labels(ph_images_t *self, const ph_images_source_t *source,
                         const ph_numbers_t *labels, ph_report_t *report)
{
    ph_numbers_t *own = &self->labels;
    const size_t images = self->count - own->count;
    if (labels->count != images)
        return ph_fail(report, PH_ERR_INPUT, "%s: %zu labels of %zu images, expected one for each",
                       source->path, labels->count, images);
    int64_t *grown = realloc(own->values, (own->count + labels->count) * sizeof(*grown));
    if (grown == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "%s: no memory for its labels", source->path);
    memcpy(grown + own->count, labels->values, labels->count * sizeof(*grown));
    own->values = grown;
    own->count += labels->count;
    return PH_OK;
}

static int load_file(ph_images_t *self, const ph_images_source_t *source, bool in_folder,
                     ph_report_t *report)
{
    const ph_format_t *format;
    int descriptor;
    const int status = ph_format_open(source->path, &descriptor, &format, report);
    if (status != PH_OK)
        return status;
    const bool known = source->dataset == NULL || format->named;
    if (format->read_images != NULL && (format->pictures || !in_folder) && known)
        return format->read_images(self, source, descriptor, report);
    close(descriptor);
    if (format->read_images != NULL && !known)
        return ph_format_no_datasets(format, source->path, report);
    return format->read_images != NULL
               ? ph_fail(report, PH_ERR_INPUT,
                         "%s: is a file of %s, expected images of PGM or PBM in each file of a "
                         "folder",
                         source->path, format->word)
               : ph_fail(report, PH_ERR_INPUT, "%s: is %s, expected images%s%s", source->path,
                         format->word, format->way != NULL ? "; " : "",
                         format->way != NULL ? format->way : "");
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names in a folder, sorted, but those that begin with a dot. */
typedef struct {
    size_t count;
    char **names;
} names_t;

static void free_names(names_t *self)
{
    for (size_t k = 0; k < self->count; k++)
        free(self->names[k]);
    free(self->names);
}

static int list_names(names_t *self, const char *path, ph_report_t *report)
{
    DIR *folder = opendir(path);
    const struct dirent *entry = NULL;
    bool memory = true;
    if (folder == NULL)
        return ph_fail(report, PH_ERR_IO, "%s: cannot be read: %s", path, strerror(errno));
    for (errno = 0; memory && (entry = readdir(folder)) != NULL; errno = 0) {
        if (entry->d_name[0] == '.')
            continue;
        char **grown = realloc(self->names, (self->count + 1) * sizeof(*grown));
        if (grown != NULL)
            self->names = grown;
        char *name = grown != NULL ? strdup(entry->d_name) : NULL;
        memory = name != NULL;
        if (memory)
            self->names[self->count++] = name;
    }
    const int error = errno;
    closedir(folder);
    if (!memory)
        return ph_fail(report, PH_ERR_MEMORY, "%s: no memory for its names", path);
    if (error != 0)
        return ph_fail(report, PH_ERR_IO, "%s: cannot be read: %s", path, strerror(error));
    if (self->count == 0)
        return ph_fail(report, PH_ERR_INPUT, "%s: is an empty folder, expected images in it", path);
    qsort(self->names, self->count, sizeof(*self->names), by_name);
    return PH_OK;
}

static bool is_folder(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

/* A file of a folder. */
static int load_inside(ph_images_t *self, const ph_images_source_t *file, ph_report_t *report)
{
    return is_folder(file->path)
               ? ph_fail(report, PH_ERR_INPUT,
                         "%s: is a folder in a folder, expected images; with --labels folders each "
                         "is a label, with the images in it",
                         file->path)
               : load_file(self, file, true, report);
}

/* Calls for all that is in a folder. */
static int load_folder(ph_images_t *self, const ph_images_source_t *source,
                       int (*load)(ph_images_t *self, const ph_images_source_t *source,
                                   ph_report_t *report),
                       ph_report_t *report)
{
    names_t names = {0, NULL};
    ph_images_source_t file = *source;
    int status = list_names(&names, source->path, report);
    for (size_t k = 0; k < names.count && status == PH_OK; k++) {
        const size_t size = strlen(source->path) + strlen(names.names[k]) + 2;
        char *path = malloc(size);
        if (path == NULL) {
            status = ph_fail(report, PH_ERR_MEMORY, "%s: no memory for its names", source->path);
            break;
        }
        snprintf(path, size, "%s/%s", source->path, names.names[k]);
        file.path = path;
        status = load(self, &file, report);
        free(path);
    }
    free_names(&names);
    return status;
}

/* The label of a name, a new one if need be; 0 without memory. */
static int64_t label_of(ph_images_t *self, const char *name)
{
    size_t k = 0;
    while (k < self->names_count && strcmp(self->names[k], name) != 0)
        k++;
    if (k < self->names_count)
        return (int64_t)k + 1;
    char **grown = realloc(self->names, (k + 1) * sizeof(*grown));
    if (grown == NULL)
        return 0;
    self->names = grown;
    self->names[k] = strdup(name);
    self->names_count += self->names[k] != NULL;
    return self->names[k] != NULL ? (int64_t)k + 1 : 0;
}

/* A folder whose name is the label of all images in it. */
static int load_label(ph_images_t *self, const ph_images_source_t *source, ph_report_t *report)
{
    const size_t before = self->count;
    ph_images_source_t files = *source;
    files.labels = NULL;
    if (!is_folder(source->path))
        return ph_fail(report, PH_ERR_INPUT, "%s: is no folder, expected a folder for each label",
                       source->path);
    int status = load_folder(self, &files, load_inside, report);
    if (status != PH_OK)
        return status;
    ph_numbers_t labels = {self->count - before, malloc((self->count - before) * sizeof(int64_t))};
    const int64_t label = label_of(self, strrchr(source->path, '/') + 1);
    if (labels.values == NULL || label == 0)
        status = ph_fail(report, PH_ERR_MEMORY, "%s: no memory for its labels", source->path);
    for (size_t k = 0; k < labels.count && status == PH_OK; k++)
        labels.values[k] = label;
    if (status == PH_OK)
        status = ph_images_add_labels(self, source, &labels, report);
    ph_numbers_free(&labels);
    return status;
}

int ph_images_load(ph_images_t *self, const ph_images_source_t *source, ph_report_t *report)
{
    const bool folder = is_folder(source->path),
               of_folders =
                   source->labels != NULL && strcmp(source->labels, PH_LABELS_OF_FOLDERS) == 0;
    if (of_folders && !folder)
        return ph_fail(report, PH_ERR_INPUT,
                       "%s: is no folder, expected a folder of folders, one for each label",
                       source->path);
    return folder ? load_folder(self, source, of_folders ? load_label : load_inside, report)
                  : load_file(self, source, false, report);
}
