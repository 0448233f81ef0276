/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/text_private.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"

/* Room for `length` bytes more and a final NUL. */
static bool make_room(ph_text_t *self, size_t length)
{
    const size_t needed = self->length + length + 1;
    if (self->failed || needed <= self->capacity)
        return !self->failed;
    const size_t capacity = needed < 256 ? 512 : 2 * needed;
    char *grown = realloc(self->text, capacity);
    self->failed = grown == NULL;
    if (grown == NULL)
        return false;
    self->text = grown;
    self->capacity = capacity;
    return true;
}

void ph_text_add(ph_text_t *self, const char *format, ...)
{
    va_list args;
    if (!make_room(self, 64)) /* enough for most, so that they are written once */
        return;
    for (int round = 0; round < 2; round++) {
        const size_t room = self->capacity - self->length;
        va_start(args, format);
        const int length = vsnprintf(self->text + self->length, room, format, args);
        va_end(args);
        if (length < 0 || !make_room(self, (size_t)length)) {
            self->failed = true;
            return;
        }
        if ((size_t)length < room) {
            self->length += (size_t)length;
            return;
        }
    }
}

size_t ph_utf8_prefix(const char *text, size_t length)
{
    uint32_t character;
    size_t at = 0;
    while (at < length && text[at] != '\0') {
        const size_t step = ph_utf8_next(text + at, &character); /* stops at the final NUL */
        if (step == 0 || step > length - at)
            break;
        at += step;
    }
    return at;
}
