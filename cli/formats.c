/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/formats.h"

#include <string.h>

int ph_formats_read(char formats[PH_FORMATS_SIZE], const char *text, ph_report_t *report)
{
    formats[0] = '\0';
    for (const char *at = text;; at++) {
        const size_t length = strcspn(at, ",");
        if (length != 3 || (strncmp(at, "png", 3) != 0 && strncmp(at, "svg", 3) != 0 &&
                            strncmp(at, "pdf", 3) != 0))
            return ph_fail(report, PH_ERR_INPUT,
                           "--format takes png, svg, pdf or several with commas, not '%s'", text);
        char format[4] = "";
        strncat(format, at, 3);
        if (strstr(formats, format) != NULL)
            return ph_fail(report, PH_ERR_INPUT, "--format names each format once, not '%s'", text);
        if (formats[0] != '\0')
            strcat(formats, " ");
        strcat(formats, format);
        at += length;
        if (*at == '\0')
            return PH_OK;
    }
}
