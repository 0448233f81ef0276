/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>

#include "params/grid_private.h"

void ph_value_text(ph_key_t key, double value, char *text, size_t size)
{
    const ph_schema_t *row = ph_schema(key);
    if (row->type == PH_TYPE_WORD) {
        snprintf(text, size, "%s", row->words->words[(size_t)value]);
    } else if (row->type == PH_TYPE_FLAG) {
        snprintf(text, size, "%s", value != 0 ? "true" : "false");
    } else if (row->type == PH_TYPE_INTEGER) {
        snprintf(text, size, "%.0f", value);
    } else {
        snprintf(text, size, "%.12g", value);
        for (char *at = text; *at != '\0'; at++) /* whatever the locale's decimal sign is */
            if (*at == ',')
                *at = '.';
    }
}

void ph_expected(ph_key_t key, char *text, size_t size)
{
    const ph_schema_t *row = ph_schema(key);
    switch (row->type) {
    case PH_TYPE_TEXT:
        snprintf(text, size, "expected text");
        break;
    case PH_TYPE_FLAG:
        snprintf(text, size, "expected true or false");
        break;
    case PH_TYPE_WORD:
    case PH_TYPE_SET: {
        const char *some = row->type == PH_TYPE_SET ? "one or a list of " : "";
        size_t used = (size_t)snprintf(text, size, "expected %s%s", some, row->words->words[0]);
        for (size_t i = 1; i < row->words->count && used < size; i++)
            used +=
                (size_t)snprintf(text + used, size - used, "%s%s",
                                 i + 1 < row->words->count ? ", " : " or ", row->words->words[i]);
        break;
    }
    default: {
        const char *what = row->type == PH_TYPE_INTEGER ? "an integer" : "a number";
        char head[64] = "";
        if (row->member == PH_MEMBER_LIST)
            snprintf(head, sizeof(head), "%s or a list, each ", row->fallback);
        if (row->member == PH_MEMBER_SEED)
            snprintf(text, size, "expected %s from 0 to %" PRId64, what, INT64_MAX);
        else
            snprintf(text, size, "expected %s%s from %.15g to %.15g", head, what, row->minimum,
                     row->maximum);
    }
    }
}
