/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/digest.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/file.h"
#include "base/status.h"

ph_digest_t ph_digest_bytes(const void *bytes, size_t size)
{
    XXH128_hash_t hash = XXH3_128bits(bytes, size);
    return (ph_digest_t){.high = hash.high64, .low = hash.low64};
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
