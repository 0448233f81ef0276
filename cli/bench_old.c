/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/bench_old.h"

#include <libfyaml.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "params/words.h"

enum { LARGEST = 1 << 22, KEY_SIZE = 128 };

typedef struct ph_bench_row {
    char key[KEY_SIZE];
    double per_second, spread, naive;
} row_t;

/* What makes two rows one case. A kernel does not, which may be another one now; but the plain
 * reference is measured beside what is chosen. */
static void set_key(char *key, const char *sampler, double patterns, double neurons, double noise,
                    const double *counts, const char *kernel)
{
    snprintf(key, KEY_SIZE, "%.40s %.0f %.0f %g %.0fx%.0f %.0f %s", sampler, patterns, neurons,
             noise, counts[0], counts[1], counts[2],
             strcmp(kernel, "reference") == 0 ? "reference" : "");
}

static const char *text_of(struct fy_node *row, const char *key)
{
    const char *text = fy_node_get_scalar0(fy_node_mapping_lookup_by_string(row, key, FY_NT));
    return text != NULL ? text : "";
}

/* NaN where there is none. */
static double number_of(struct fy_node *row, const char *key)
{
    const char *text = text_of(row, key);
    char *end;
    const double number = strtod(text, &end);
    return end != text && *end == '\0' ? number : NAN;
}

static int read_row(row_t *self, struct fy_node *row, const char *path, ph_report_t *report)
{
    const double blocks = number_of(row, "blocks"), spread = number_of(row, "spread");
    const double counts[3] = {number_of(row, "replicas"), isnan(blocks) ? 1.0 : blocks,
                              number_of(row, "threads")};
    set_key(self->key, text_of(row, "sampler"), number_of(row, "patterns"),
            number_of(row, "neurons"), number_of(row, "noise"), counts, text_of(row, "kernel"));
    self->per_second = number_of(row, "updates_per_second");
    self->spread = spread;
    self->naive = self->per_second / number_of(row, "ratio_to_naive");
    return self->per_second > 0.0 && isfinite(self->naive)
               ? PH_OK
               : ph_fail(report, PH_ERR_INPUT,
                         "%s: a row of \"results\" has no updates_per_second and ratio_to_naive, "
                         "expected what bench --json prints",
                         path);
}

static int read_rows(ph_bench_old_t *self, struct fy_node *rows, const char *path,
                     ph_report_t *report)
{
    void *place = NULL;
    int status = PH_OK;
    const int count = fy_node_sequence_item_count(rows);
    self->rows = calloc(count > 0 ? (size_t)count : 1, sizeof(*self->rows));
    if (self->rows == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory to read %s", path);
    for (struct fy_node *row; status == PH_OK && self->count < (size_t)count &&
                              (row = fy_node_sequence_iterate(rows, &place)) != NULL;)
        status = read_row(&self->rows[self->count++], row, path, report);
    return status;
}

/* libfyaml's own lines, which know no name of the file. */
static void discard(struct fy_diag *diag, void *user, const char *text, size_t length)
{
    (void)diag, (void)user, (void)text, (void)length;
}

int ph_bench_old_read(ph_bench_old_t *self, const char *path, ph_report_t *report)
{
    char *bytes = NULL;
    size_t size = 0;
    struct fy_diag_cfg quiet;
    *self = (ph_bench_old_t){0, NULL};
    int status = ph_file_load(path, LARGEST, &bytes, &size, report);
    if (status != PH_OK)
        return status;
    fy_diag_cfg_default(&quiet);
    quiet.fp = NULL;
    quiet.output_fn = discard;
    struct fy_diag *diag = fy_diag_create(&quiet);
    const struct fy_parse_cfg config = {.flags = FYPCF_QUIET | FYPCF_JSON_FORCE, .diag = diag};
    struct fy_document *document =
        diag != NULL ? fy_document_build_from_string(&config, bytes, size) : NULL;
    fy_diag_destroy(diag);
    struct fy_node *root = document != NULL ? fy_document_root(document) : NULL;
    struct fy_node *rows = root != NULL && fy_node_is_mapping(root)
                               ? fy_node_mapping_lookup_by_string(root, "results", FY_NT)
                               : NULL;
    status = rows != NULL && fy_node_is_sequence(rows)
                 ? read_rows(self, rows, path, report)
                 : ph_fail(report, PH_ERR_INPUT,
                           "%s: no JSON with \"results\", expected what bench --json prints", path);
    fy_document_destroy(document);
    free(bytes);
    return status;
}

void ph_bench_old_free(ph_bench_old_t *self)
{
    free(self->rows);
    *self = (ph_bench_old_t){0, NULL};
}

ph_bench_ratio_t ph_bench_old_ratio(const ph_bench_old_t *self, const ph_bench_case_t *what,
                                    const ph_bench_speed_t *speed)
{
    const double counts[3] = {what->replicas, what->blocks, (double)what->threads};
    char key[KEY_SIZE];
    set_key(key, PH_SAMPLER_WORDS.words[what->sampler], (double)what->patterns,
            (double)what->neurons, what->noise, counts, speed->kernel);
    for (size_t k = 0; k < self->count; k++) {
        const row_t *row = &self->rows[k];
        const double ratio = speed->per_second / row->per_second;
        if (strcmp(row->key, key) == 0)
            return (ph_bench_ratio_t){ratio, ratio * hypot(speed->spread, row->spread),
                                      speed->per_second / speed->to_naive / row->naive};
    }
    return (ph_bench_ratio_t){NAN, NAN, NAN};
}
