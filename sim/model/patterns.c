/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/patterns.h"
#include "base/floating.h"
#include "params/given.h"

#include <stdlib.h>
#include <string.h>

int ph_patterns_draw(ph_patterns_t *self, const ph_point_t *point, uint64_t seed, uint32_t sample)
{
    PH_FLOATING_GUARD();
    size_t rows = (size_t)point->neurons, columns = (size_t)point->patterns;
    self->neurons = point->neurons;
    self->patterns = point->patterns;
    self->key = ph_stream_key(seed, point->disorder);
    self->sample = sample;
    self->entries = calloc(rows, columns);
    if (self->entries == NULL)
        return PH_ERR_MEMORY;

    if (ph_point_is_given(point)) {
        ph_given_entries(point->given, rows, columns, self->entries);
        return PH_OK;
    }
    ph_stream_t stream;
    ph_stream_init(&stream, self->key, PH_PURPOSE_PATTERNS, sample, 0, 0);
    for (size_t i = 0; i < rows * columns; i++) {
        /* 53 bits decide blank or not, one of the remaining bits the sign. */
        uint64_t word = ph_stream_word(&stream);
        double unit = (double)(word >> 11) * 0x1p-53;
        int sign = (word & 1) ? 1 : -1;
        self->entries[i] = (int8_t)(unit < point->dilution[i % columns] ? 0 : sign);
    }
    return PH_OK;
}

void ph_patterns_free(ph_patterns_t *self)
{
    free(self->entries);
    memset(self, 0, sizeof(*self));
}
