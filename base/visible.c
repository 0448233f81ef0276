/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/visible.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { ESCAPE_SIZE = 16 };

size_t ph_utf8_next(const char *text, uint32_t *character)
{
    const unsigned char *bytes = (const unsigned char *)text;
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const size_t length = bytes[0] < 0x80             ? 1
                          : (bytes[0] & 0xe0) == 0xc0 ? 2
                          : (bytes[0] & 0xf0) == 0xe0 ? 3
                          : (bytes[0] & 0xf8) == 0xf0 ? 4
                                                      : 0;
    if (length < 2) {
        *character = bytes[0];
        return length;
    }
    *character = bytes[0] & (0x7fU >> length);
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80) /* stops at the final NUL */
            return 0;
        *character = (*character << 6) | (bytes[i] & 0x3fU);
    }
    const bool surrogate = *character >= 0xd800 && *character <= 0xdfff;
    return *character < least[length] || *character > 0x10ffff || surrogate ? 0 : length;
}

static bool is_hidden(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

/* The escape of what is at `text`, of `length` bytes of UTF-8 or 0: one byte that is none. */
static void write_escape(uint32_t c, size_t length, char *escape)
{
    if (length > 0 && (c == '\n' || c == '\t' || c == '\r'))
        snprintf(escape, ESCAPE_SIZE, "\\%c", c == '\n' ? 'n' : c == '\t' ? 't' : 'r');
    else if (length < 2)
        snprintf(escape, ESCAPE_SIZE, "\\x%02" PRIx32, c);
    else
        snprintf(escape, ESCAPE_SIZE, "\\u%04" PRIx32, c);
}

bool ph_is_visible(const char *text)
{
    for (uint32_t c; *text != '\0';) {
        const size_t length = ph_utf8_next(text, &c);
        if (length == 0 || is_hidden(c))
            return false;
        text += length;
    }
    return true;
}

size_t ph_visible(const char *text, char *shown, size_t size)
{
    size_t used = 0, end = 0;
    while (*text != '\0') {
        uint32_t c;
        char escape[ESCAPE_SIZE];
        const size_t length = ph_utf8_next(text, &c);
        const bool plain = length > 0 && !is_hidden(c);
        if (length == 0)
            c = (unsigned char)*text;
        if (!plain)
            write_escape(c, length, escape);
        const size_t width = plain ? length : strlen(escape);
        if (used + width < size) { /* used: of all, also of what does not fit */
            memcpy(shown + used, plain ? text : escape, width);
            end = used + width;
        }
        used += width;
        text += length > 0 ? length : 1;
    }
    if (size > 0)
        shown[end] = '\0';
    return used;
}

static atomic_bool print_failed;

bool ph_print_failed(void)
{
    return print_failed;
}

bool ph_put_visible(FILE *out, const char *text)
{
    bool good = true;
    for (size_t length; good && *text != '\0'; text += length > 0 ? length : 1) {
        char one[5] = {text[0]}, shown[ESCAPE_SIZE];
        uint32_t c;
        length = ph_utf8_next(text, &c);
        if (length > 0)
            memcpy(one, text, length);
        ph_visible(one, shown, sizeof(shown));
        good = fputs(shown, out) >= 0;
    }
    return good;
}

/* Writes text[length], which it may change. */
static bool print_text(FILE *out, char *text, size_t length)
{
    const bool ends = length > 0 && text[length - 1] == '\n';
    if (ends)
        text[length - 1] = '\0';
    return ph_put_visible(out, text) && (!ends || fputc('\n', out) != EOF);
}

bool ph_print(FILE *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = length < 0 ? NULL : malloc((size_t)length + 1);
    bool good = text != NULL;
    if (good) {
        va_start(args, format);
        vsnprintf(text, (size_t)length + 1, format, args);
        va_end(args);
        good = print_text(out, text, (size_t)length);
    }
    free(text);
    if (!good)
        print_failed = true;
    return good;
}

const char *ph_quote(const char *text, size_t all, char *quote)
{
    enum { SHOWN = 40 };
    size_t length = all < SHOWN ? all : SHOWN;
    while (length < all && length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--; /* never cut inside a UTF-8 character */
    for (size_t i = 0; i < length; i++)
        quote[i] = text[i] != '\0' ? text[i] : '?';
    memcpy(quote + length, length < all ? "..." : "", length < all ? 4 : 1);
    return quote;
}
