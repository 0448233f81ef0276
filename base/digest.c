/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/digest.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/file.h"
#include "base/status.h"

ph_digest_t ph_digest_bytes(const void *bytes, size_t size)
{
    XXH128_hash_t hash = XXH3_128bits(bytes, size);
    return (ph_digest_t){.high = hash.high64, .low = hash.low64};
}

enum { SLICE_WORDS = 64 };

static bool is_little_endian(void)
{
    const uint16_t one = 1;
    uint8_t first;
    memcpy(&first, &one, 1);
    return first == 1;
}

/* At most SLICE_WORDS numbers as little-endian bytes. */
static void put_words(uint8_t *out, const uint8_t *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t word;
        memcpy(&word, words + 8 * i, sizeof(word));
        for (size_t k = 0; k < 8; k++)
            out[8 * i + k] = (uint8_t)(word >> (8 * k));
    }
}

ph_digest_t ph_digest_words(const void *words, size_t count)
{
    if (is_little_endian())
        return ph_digest_bytes(words, 8 * count);
    if (count <= SLICE_WORDS) {
        uint8_t slice[8 * SLICE_WORDS];
        put_words(slice, words, count);
        return ph_digest_bytes(slice, 8 * count);
    }
    ph_digester_t *digester = ph_digester_new();
    ph_digest_t digest = {0, 0};
    if (digester != NULL) {
        ph_digester_add_words(digester, words, count);
        digest = ph_digester_result(digester);
    }
    ph_digester_free(digester);
    return digest;
}

/* XXH3_state_t wants more alignment than malloc gives, and allocates itself. */
struct ph_digester {
    XXH3_state_t *state;
};

ph_digester_t *ph_digester_new(void)
{
    ph_digester_t *self = malloc(sizeof(*self));
    if (self == NULL)
        return NULL;
    self->state = XXH3_createState();
    if (self->state == NULL) {
        free(self);
        return NULL;
    }
    ph_digester_reset(self);
    return self;
}

void ph_digester_free(ph_digester_t *self)
{
    if (self != NULL)
        XXH3_freeState(self->state);
    free(self);
}

void ph_digester_reset(ph_digester_t *self)
{
    XXH3_128bits_reset(self->state);
}

void ph_digester_add(ph_digester_t *self, const void *bytes, size_t size)
{
    XXH3_128bits_update(self->state, bytes, size);
}

void ph_digester_add_words(ph_digester_t *self, const void *words, size_t count)
{
    uint8_t slice[8 * SLICE_WORDS];
    for (size_t done = 0, part; done < count; done += part) {
        part = count - done < SLICE_WORDS ? count - done : SLICE_WORDS;
        put_words(slice, (const uint8_t *)words + 8 * done, part);
        ph_digester_add(self, slice, 8 * part);
    }
}

void ph_digester_copy(ph_digester_t *self, const ph_digester_t *other)
{
    XXH3_copyState(self->state, other->state);
}

ph_digest_t ph_digester_result(const ph_digester_t *self)
{
    const XXH128_hash_t hash = XXH3_128bits_digest(self->state);
    return (ph_digest_t){.high = hash.high64, .low = hash.low64};
}

int ph_digest_file(const char *path, ph_digest_t *digest)
{
    enum { SLICE = 1 << 16 };
    ph_digester_t *digester = ph_digester_new();
    uint8_t *bytes = malloc(SLICE);
    int descriptor = -1, status = PH_ERR_MEMORY;
    if (digester != NULL && bytes != NULL)
        status = ph_file_open(path, UINT64_MAX, &descriptor, NULL);
    for (ssize_t got = 1; status == PH_OK && got != 0;) {
        got = read(descriptor, bytes, SLICE);
        if (got > 0)
            ph_digester_add(digester, bytes, (size_t)got);
        else if (got < 0 && errno != EINTR)
            status = PH_ERR_IO;
    }
    if (status == PH_OK)
        *digest = ph_digester_result(digester);
    const int error = errno;
    ph_digester_free(digester);
    free(bytes);
    if (descriptor >= 0)
        close(descriptor);
    errno = error;
    return status;
}

bool ph_digest_equal(ph_digest_t a, ph_digest_t b)
{
    return a.high == b.high && a.low == b.low;
}

int ph_digest_compare(ph_digest_t a, ph_digest_t b)
{
    if (a.high != b.high)
        return a.high < b.high ? -1 : 1;
    return (a.low > b.low) - (a.low < b.low);
}

uint64_t ph_checksum(const void *bytes, size_t size)
{
    return XXH3_64bits(bytes, size);
}

int ph_checksum_file(int descriptor, uint64_t offset, uint64_t size, uint64_t *checksum)
{
    enum { SLICE = 1 << 16 };
    XXH3_state_t *state = XXH3_createState();
    uint8_t *bytes = malloc(SLICE);
    int status = state == NULL || bytes == NULL ? PH_ERR_MEMORY : PH_OK;
    if (status == PH_OK)
        XXH3_64bits_reset(state);
    for (uint64_t done = 0; status == PH_OK && done < size;) {
        const size_t slice = size - done < SLICE ? (size_t)(size - done) : SLICE;
        status = ph_file_read_at(descriptor, offset + done, bytes, slice);
        if (status == PH_OK)
            XXH3_64bits_update(state, bytes, slice);
        done += slice;
    }
    const int reason = errno;
    if (status == PH_OK)
        *checksum = XXH3_64bits_digest(state);
    free(bytes);
    XXH3_freeState(state);
    errno = reason;
    return status;
}

void ph_digest_text(ph_digest_t digest, char *text)
{
    snprintf(text, PH_DIGEST_TEXT_SIZE, "%016" PRIx64 "%016" PRIx64, digest.high, digest.low);
}
