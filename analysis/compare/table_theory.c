/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whose theory a table judges, in its file. */
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/table_private.h"

/* Words of the file's attribute `theory`; beside "file" there is `theory_digest`. */
static const char *const ORIGINS[] = {[PH_ORIGIN_SOLVED] = "solved", [PH_ORIGIN_FILE] = "file"};

int ph_table_write_theory(const ph_comparison_table_t *self, ph_gridfile_t *file,
                          ph_report_t *report)
{
    char digest[PH_DIGEST_TEXT_SIZE];
    if (self->origin == PH_ORIGIN_UNKNOWN)
        return PH_OK;
    int status = ph_gridfile_note(file, NULL, "theory", ORIGINS[self->origin], report);
    if (status != PH_OK || self->origin != PH_ORIGIN_FILE)
        return status;
    ph_digest_text(self->theory, digest);
    return ph_gridfile_note(file, NULL, "theory_digest", digest, report);
}

/* Of 32 lower-case hexadecimal digits, as ph_digest_text() writes them. */
static bool parse_digest(const char *text, ph_digest_t *digest)
{
    char again[PH_DIGEST_TEXT_SIZE], half[17] = "";
    if (text == NULL || strlen(text) != PH_DIGEST_TEXT_SIZE - 1)
        return false;
    memcpy(half, text, 16);
    digest->high = strtoull(half, NULL, 16);
    digest->low = strtoull(text + 16, NULL, 16);
    ph_digest_text(*digest, again);
    return strcmp(text, again) == 0;
}

int ph_table_read_theory(ph_comparison_table_t *self, const ph_gridfile_t *file,
                         ph_report_t *report)
{
    char *origin = NULL, *digest = NULL;
    int status = ph_gridfile_noted(file, "theory", &origin, report);
    if (status == PH_OK)
        status = ph_gridfile_noted(file, "theory_digest", &digest, report);
    for (int k = PH_ORIGIN_SOLVED; origin != NULL && k <= PH_ORIGIN_FILE; k++)
        if (strcmp(origin, ORIGINS[k]) == 0)
            self->origin = (ph_theory_origin_t)k;
    if (status == PH_OK &&
        ((origin != NULL && self->origin == PH_ORIGIN_UNKNOWN) ||
         (self->origin == PH_ORIGIN_FILE && !parse_digest(digest, &self->theory))))
        status = ph_fail(report, PH_ERR_DAMAGED,
                         "%s: does not say whose theory it judges, as it should; make it anew with "
                         "'polyhebb compare'",
                         file->path);
    free(origin);
    free(digest);
    return status;
}
