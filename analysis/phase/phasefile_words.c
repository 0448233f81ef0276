/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "analysis/phase/phasefile_private.h"

/* Labels are numbered for up to LABELS_PATTERNS patterns: as many codes as int8 has room for. */
enum { MEANINGS_SIZE = 4096, LABELS_PATTERNS = 32, CODES_MAX = 127 };

size_t ph_phase_label_patterns(const ph_grid_t *grid)
{
    const size_t patterns = (size_t)grid->patterns_max;
    return patterns < LABELS_PATTERNS ? patterns : LABELS_PATTERNS;
}

int ph_phase_mark(ph_gridfile_t *file, const char *name, size_t count,
                  void (*word)(size_t code, size_t patterns, char *text, size_t size),
                  ph_report_t *report)
{
    char meanings[MEANINGS_SIZE] = "", text[64];
    int8_t values[CODES_MAX];
    for (size_t code = 0; code < count; code++) {
        word(code, ph_phase_label_patterns(file->grid), text, sizeof(text));
        const size_t at = strlen(meanings);
        snprintf(meanings + at, sizeof(meanings) - at, "%s%s", code == 0 ? "" : " ", text);
        values[code] = (int8_t)code;
    }
    int status = ph_gridfile_note(file, name, "flag_meanings", meanings, report);
    return status == PH_OK ? ph_gridfile_flags(file, name, "flag_values", count, values, report)
                           : status;
}

void ph_phase_label_word(size_t code, size_t patterns, char *text, size_t size)
{
    ph_label_text(ph_label_of((int)code, patterns), text, size);
}

void ph_phase_event_word(size_t code, size_t patterns, char *text, size_t size)
{
    (void)patterns;
    snprintf(text, size, "%s", ph_boundary_text((ph_boundary_kind_t)code));
}
