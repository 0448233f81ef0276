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
    return self->load[a] < self->load[b] || (a < b && self->load[a] <= self->load[b]);
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

/* Those who have blocks to come of a cost, and how many. */
typedef struct {
    uint32_t count, *who, *left; /* left by number */
} due_t;

/* Blocks [0, count) of one cost, a run to each in turn until nobody is due any more. */
static void deal_runs(due_t *due, size_t count, uint32_t run, uint32_t *owners)
{
    size_t block = 0;
    for (uint32_t round = 0; block < count; round++) {
        for (uint32_t k = 0; k < due->count; k++) {
            const uint32_t who = due->who[(k + round) % due->count];
            for (uint32_t i = 0; i < run && due->left[who] > 0; i++, due->left[who]--)
                owners[block++] = who;
        }
        uint32_t kept = 0;
        for (uint32_t k = 0; k < due->count; k++)
            if (due->left[due->who[k]] > 0)
                due->who[kept++] = due->who[k];
        due->count = kept;
    }
}

/* Blocks [0, count) of one cost. */
static void deal_alike(ph_deal_t *self, due_t *due, size_t count, double cost, uint32_t *owners)
{
    enum { ROUNDS = 8, RUN_MAX = 64 };
    const size_t share = count / self->count / ROUNDS;
    due->count = 0;
    for (size_t k = 0; k < count; k++) {
        owners[k] = ph_deal(self, cost);
        if (share >= 2 && due->left[owners[k]]++ == 0)
            due->who[due->count++] = owners[k];
    }
    if (share >= 2)
        deal_runs(due, count, share < RUN_MAX ? (uint32_t)share : RUN_MAX, owners);
}

int ph_deal_blocks(size_t count, const double *costs, uint32_t hands, uint32_t *owners,
                   ph_report_t *report)
{
    ph_deal_t deal;
    due_t due = {0, calloc(hands, sizeof(*due.who)), calloc(hands, sizeof(*due.left))};
    int status = ph_deal_init(&deal, hands, report);
    if (status == PH_OK && (due.who == NULL || due.left == NULL))
        status = ph_fail(report, PH_ERR_MEMORY, "no memory to deal work to %u parts", hands);
    for (size_t k = 0, end; k < count && status == PH_OK; k = end) {
        for (end = k + 1; end < count && costs[end] >= costs[k]; end++)
            continue;
        deal_alike(&deal, &due, end - k, costs[k], owners + k);
    }
    ph_deal_free(&deal);
    free(due.who);
    free(due.left);
    return status;
}

double ph_deal_most(const ph_deal_t *self)
{
    double most = 0.0;
    for (uint32_t i = 0; i < self->count; i++)
        most = self->load[i] > most ? self->load[i] : most;
    return most;
}
