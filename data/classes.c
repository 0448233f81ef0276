/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/classes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"

void ph_classes_free(ph_classes_t *self)
{
    free(self->labels);
    free(self->members);
    memset(self, 0, sizeof(*self));
}

const char *ph_images_label(const ph_images_t *images, int64_t label, char text[PH_LABEL_SIZE])
{
    if (images->names_count == 0)
        snprintf(text, PH_LABEL_SIZE, "%" PRId64, label);
    else
        ph_visible(images->names[label - 1], text, PH_LABEL_SIZE);
    return text;
}

static int by_value(const void *a, const void *b)
{
    const int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;
    return (first > second) - (first < second);
}

static int fail_memory(ph_report_t *report)
{
    return ph_fail(report, PH_ERR_MEMORY, "no memory for the labels of images");
}

/* The labels there are, each once, ascending. */
static int list_labels(const ph_images_t *images, ph_classes_t *self, ph_report_t *report)
{
    const size_t count = images->labels.count;
    self->labels = malloc(count * sizeof(*self->labels));
    if (self->labels == NULL)
        return fail_memory(report);
    memcpy(self->labels, images->labels.values, count * sizeof(*self->labels));
    qsort(self->labels, count, sizeof(*self->labels), by_value);
    for (size_t k = 0; k < count; k++)
        if (k == 0 || self->labels[k] != self->labels[self->count - 1])
            self->labels[self->count++] = self->labels[k];
    return PH_OK;
}

static int copy_labels(const ph_numbers_t *wanted, ph_classes_t *self, ph_report_t *report)
{
    self->labels = malloc(wanted->count * sizeof(*self->labels));
    if (self->labels == NULL)
        return fail_memory(report);
    for (size_t k = 0; k < wanted->count; k++) {
        for (size_t other = 0; other < k; other++)
            if (wanted->values[other] == wanted->values[k])
                return ph_fail(report, PH_ERR_INPUT, "label %" PRId64 " is asked for twice",
                               wanted->values[k]);
        self->labels[self->count++] = wanted->values[k];
    }
    return PH_OK;
}

/* Which of the labels, `ascending` or in any order; their count: none. */
static size_t class_of(const ph_classes_t *self, bool ascending, int64_t label)
{
    size_t k = 0;
    if (ascending) {
        const int64_t *found =
            bsearch(&label, self->labels, self->count, sizeof(*self->labels), by_value);
        return found != NULL ? (size_t)(found - self->labels) : self->count;
    }
    while (k < self->count && self->labels[k] != label)
        k++;
    return k;
}

static int check_members(const ph_classes_t *self, const ph_images_t *images, size_t take,
                         ph_report_t *report)
{
    char label[PH_LABEL_SIZE];
    for (size_t k = 0; k < self->count; k++)
        if (self->members[k] == 0 || self->members[k] < take)
            return ph_fail(report, PH_ERR_INPUT, "label %s has %zu image%s, expected at least %zu",
                           ph_images_label(images, self->labels[k], label), self->members[k],
                           self->members[k] == 1 ? "" : "s", take > 0 ? take : 1);
    return PH_OK;
}

int ph_images_classify(ph_images_t *self, const ph_numbers_t *wanted, size_t take,
                       ph_classes_t *classes, ph_report_t *report)
{
    const size_t pixels = self->rows * self->columns;
    size_t kept = 0;
    memset(classes, 0, sizeof(*classes));
    int status = wanted->count > 0 ? copy_labels(wanted, classes, report)
                                   : list_labels(self, classes, report);
    if (status != PH_OK)
        return status;
    classes->members = calloc(classes->count, sizeof(*classes->members));
    if (classes->members == NULL)
        return fail_memory(report);
    for (size_t e = 0; e < self->count; e++) {
        const size_t k = class_of(classes, wanted->count == 0, self->labels.values[e]);
        if (k == classes->count || (take > 0 && classes->members[k] == take))
            continue;
        classes->members[k]++;
        memmove(self->values + kept * pixels, self->values + e * pixels,
                pixels * sizeof(*self->values));
        self->labels.values[kept++] = (int64_t)k + 1;
    }
    self->count = kept;
    self->labels.count = kept;
    return check_members(classes, self, take, report);
}

int ph_images_average(ph_images_t *self, const ph_classes_t *classes, ph_report_t *report)
{
    const size_t pixels = self->rows * self->columns;
    double *sums = calloc(classes->count * pixels, sizeof(*sums));
    float *values = malloc(classes->count * pixels * sizeof(*values));
    if (sums == NULL || values == NULL) {
        free(sums);
        free(values);
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the means of %zu labels",
                       classes->count);
    }
    for (size_t e = 0; e < self->count; e++) {
        double *sum = sums + (size_t)(self->labels.values[e] - 1) * pixels;
        for (size_t p = 0; p < pixels; p++)
            sum[p] += (double)self->values[e * pixels + p];
    }
    for (size_t k = 0; k < classes->count; k++)
        for (size_t p = 0; p < pixels; p++)
            values[k * pixels + p] = (float)(sums[k * pixels + p] / (double)classes->members[k]);
    free(sums);
    free(self->values);
    ph_numbers_free(&self->labels);
    self->values = values;
    self->count = self->capacity = classes->count;
    return PH_OK;
}
