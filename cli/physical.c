/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/physical.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 21, HEAD = 33, INSERTED = 128 }; /* bytes: of pHYs, of all before it in a PNG file */

/* The check that ends a chunk of a PNG file, as ISO 3309 has it. */
static uint32_t checksum(const unsigned char *bytes, size_t size)
{
    uint32_t sum = UINT32_MAX;
    for (size_t i = 0; i < size; i++) {
        sum ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            sum = sum >> 1 ^ (sum & 1U ? 0xedb88320U : 0U);
    }
    return ~sum;
}

static void put(unsigned char *at, uint32_t number)
{
    for (int k = 0; k < 4; k++)
        at[k] = (unsigned char)(number >> (24 - 8 * k));
}

static uint32_t get(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* What is to stand behind the head of a PNG file. */
static bool make_chunk(const char *text, size_t size, double width, unsigned char chunk[CHUNK])
{
    static const char BEGIN[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    if (size < HEAD || memcmp(text, BEGIN, sizeof(BEGIN) - 1) != 0)
        return false;
    const double dots = get((const unsigned char *)text + 16) / width * 1000.0;
    put(chunk, CHUNK - 12);
    memcpy(chunk + 4, "pHYs", 4);
    put(chunk + 8, (uint32_t)lround(dots));
    put(chunk + 12, (uint32_t)lround(dots));
    chunk[16] = 1; /* a metre */
    put(chunk + 17, checksum(chunk + 4, CHUNK - 8));
    return true;
}

/* Puts `count` bytes in place of `gone` ones at `at`, of a text that has room for them. */
static void replace(char *text, size_t *size, size_t at, size_t gone, const void *bytes,
                    size_t count)
{
    memmove(text + at + count, text + at + gone, *size - at - gone);
    memcpy(text + at, bytes, count);
    *size = *size - gone + count;
}

static bool size_png(char *text, size_t *size, double width)
{
    unsigned char chunk[CHUNK];
    if (!make_chunk(text, *size, width, chunk))
        return false;
    replace(text, size, HEAD, 0, chunk, CHUNK);
    return true;
}

static bool size_svg(char *text, size_t *size, double width)
{
    static const char KEY[] = "width=\"";
    char line[INSERTED];
    int wide, high, length = 0;
    char *begin = strstr(text, "<svg");
    char *at = begin != NULL ? strstr(begin, KEY) : NULL;
    if (at == NULL || at > begin + strcspn(begin, ">") ||
        sscanf(at, "width=\"%d\" height=\"%d\"%n", &wide, &high, &length) != 2 || length == 0 ||
        wide <= 0 || high <= 0)
        return false;
    const int count = snprintf(line, sizeof(line), "width=\"%.10gmm\" height=\"%.2fmm\"", width,
                               width * high / wide);
    replace(text, size, (size_t)(at - text), (size_t)length, line, (size_t)count);
    return true;
}

int ph_physical_width(FILE *file, const char *format, double width, const char *name,
                      ph_report_t *report)
{
    const bool png = strcmp(format, "png") == 0;
    if (!png && strcmp(format, "svg") != 0)
        return PH_OK;
    const long end = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    size_t size = end > 0 ? (size_t)end : 0;
    char *text = calloc(1, size + INSERTED + 1);
    if (text == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for a figure");
    errno = 0;
    rewind(file);
    bool good = end > 0 && fread(text, 1, size, file) == size;
    const bool known = good && (png ? size_png(text, &size, width) : size_svg(text, &size, width));
    rewind(file);
    good = known && fwrite(text, 1, size, file) == size && fflush(file) == 0;
    free(text);
    return good ? PH_OK
                : ph_fail(report, PH_ERR_IO, "%s: cannot be given its width: %s", name,
                          errno != 0 ? strerror(errno) : "it is not what gnuplot writes");
}
