/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/share.h"

#include <string.h>

void ph_share_init(ph_share_t *self, size_t rank, const hsize_t *extent, size_t element)
{
    self->rank = rank;
    self->bytes = element;
    for (size_t d = rank; d > 0; d--) {
        self->extent[d - 1] = (size_t)extent[d - 1];
        self->stride[d - 1] = self->bytes;
        self->bytes *= (size_t)extent[d - 1];
    }
}

bool ph_share_holds(const ph_share_t *self, const size_t *offset, const size_t *count)
{
    for (size_t d = 0; d < self->rank; d++)
        if (offset[d] > self->extent[d] || count[d] > self->extent[d] - offset[d])
            return false;
    return true;
}

/* How many of the last dimensions a row that is copied at once goes over: all behind the last one
 * of which the box is not the whole. */
static size_t row_of(const ph_share_t *self, const size_t *count, size_t *bytes)
{
    size_t d = self->rank;
    while (d > 0 && count[d - 1] == self->extent[d - 1])
        d--;
    d -= d > 0;
    *bytes = self->rank > 0 ? count[d] * self->stride[d] : self->bytes;
    return d;
}

/* The rows of a box in order; `at` is the place of one in the share. */
typedef struct {
    size_t outer, bytes, at, index[PH_ARRAY_RANK_MAX];
} rows_t;

static bool begin_rows(rows_t *self, const ph_share_t *share, const size_t *offset,
                       const size_t *count)
{
    *self = (rows_t){0};
    self->outer = row_of(share, count, &self->bytes);
    for (size_t d = 0; d < share->rank; d++) {
        self->at += offset[d] * share->stride[d];
        if (count[d] == 0)
            return false;
    }
    return true;
}

static bool next_row(rows_t *self, const ph_share_t *share, const size_t *count)
{
    for (size_t d = self->outer; d > 0; d--) {
        self->at += share->stride[d - 1];
        if (++self->index[d - 1] < count[d - 1])
            return true;
        self->at -= count[d - 1] * share->stride[d - 1];
        self->index[d - 1] = 0;
    }
    return false;
}

void ph_share_put(const ph_share_t *self, const size_t *offset, const size_t *count, void *share,
                  const void *box)
{
    rows_t rows;
    const unsigned char *from = box;
    if (!begin_rows(&rows, self, offset, count))
        return;
    do {
        memcpy((unsigned char *)share + rows.at, from, rows.bytes);
        from += rows.bytes;
    } while (next_row(&rows, self, count));
}

void ph_share_get(const ph_share_t *self, const size_t *offset, const size_t *count,
                  const void *share, void *box)
{
    rows_t rows;
    unsigned char *into = box;
    if (!begin_rows(&rows, self, offset, count))
        return;
    do {
        memcpy(into, (const unsigned char *)share + rows.at, rows.bytes);
        into += rows.bytes;
    } while (next_row(&rows, self, count));
}
