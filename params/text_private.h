/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_TEXT_PRIVATE_H
#define PH_PARAMS_TEXT_PRIVATE_H

#include "base/report.h"

#include <stdbool.h>
#include <stddef.h>

/** A growing text; after a failed allocation `failed` is set and nothing more is added. */
typedef struct {
    char *text;
    size_t length, capacity;
    bool failed;
} ph_text_t;

void ph_text_add(ph_text_t *self, const char *format, ...) PH_PRINTF(2, 3);

/** How many bytes from the start of text[length] are UTF-8 without a NUL. */
size_t ph_utf8_prefix(const char *text, size_t length);

#endif
