/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/deal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int ph_deal_init(ph_deal_t *self, uint32_t count, ph_report_t *report)
{
    *self =
        (ph_deal_t){count, calloc(count, sizeof(*self->heap)), calloc(count, sizeof(*self->load))};
    if (self->heap == NULL || self->load == NULL) {
        ph_deal_free(self);
        return ph_fail(report, PH_ERR_MEMORY, "no memory to deal work to %u parts", count);
    }
    for (uint32_t i = 0; i < count; i++)
        self->heap[i] = i;
    return PH_OK;
}

void ph_deal_free(ph_deal_t *self)
{
    free(self->heap);
    free(self->load);
    memset(self, 0, sizeof(*self));
}

static bool has_less(const ph_deal_t *self, uint32_t a, uint32_t b)
{
    return self->load[a] < self->load[b] || (self->load[a] <= self->load[b] && a < b);
}

uint32_t ph_deal(ph_deal_t *self, double cost)
{
    const uint32_t who = self->heap[0];
    size_t place = 0;
    self->load[who] += cost;
    for (size_t child; (child = 2 * place + 1) < self->count; place = child) {
        if (child + 1 < self->count && has_less(self, self->heap[child + 1], self->heap[child]))
            child++;
        if (!has_less(self, self->heap[child], who))
            break;
        self->heap[place] = self->heap[child];
    }
    self->heap[place] = who;
    return who;
}

double ph_deal_most(const ph_deal_t *self)
{
    double most = 0.0;
    for (uint32_t i = 0; i < self->count; i++)
        most = self->load[i] > most ? self->load[i] : most;
    return most;
}
