/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <polyhebb/report.h>

#include <stdlib.h>

#include "base/report.h"

ph_report_t *ph_report_new(void)
{
    ph_report_t *self = malloc(sizeof(*self));
    if (self != NULL)
        ph_report_init(self);
    return self;
}

void ph_report_delete(ph_report_t *self)
{
    if (self != NULL)
        ph_report_free(self);
    free(self);
}

void ph_report_clear(ph_report_t *self)
{
    ph_report_free(self);
    ph_report_init(self);
}

size_t ph_report_count(const ph_report_t *self)
{
    return self->count + (self->spare[0] != '\0');
}

int ph_report_status(const ph_report_t *self, size_t i)
{
    if (i < self->count)
        return self->messages[i].status;
    return i == self->count && self->spare[0] != '\0' ? self->spare_status : PH_OK;
}

const char *ph_report_text(const ph_report_t *self, size_t i)
{
    return i < self->count ? self->messages[i].text : i == self->count ? self->spare : "";
}
