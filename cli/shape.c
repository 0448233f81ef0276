/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/shape.h"

#include <stdlib.h>

enum { SIDE_MAX = 1 << 16 };

int ph_cli_shape(size_t shape[2], const char *name, const char *text, ph_report_t *report)
{
    char *end = NULL;
    const unsigned long rows = text[0] >= '1' && text[0] <= '9' ? strtoul(text, &end, 10) : 0;
    if (end != NULL && *end == 'x' && end[1] >= '1' && end[1] <= '9') {
        const unsigned long columns = strtoul(end + 1, &end, 10);
        if (*end == '\0' && rows <= SIDE_MAX && columns <= SIDE_MAX) {
            shape[0] = rows;
            shape[1] = columns;
            return PH_OK;
        }
    }
    return ph_fail(report, PH_ERR_INPUT,
                   "--%s %s: expected rows and columns of pixels, like 20x20, of at most %d", name,
                   text, SIDE_MAX);
}
