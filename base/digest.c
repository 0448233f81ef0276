/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <xxhash.h>

ph_digest_t ph_digest_bytes(const void *bytes, size_t size)
{
    XXH128_hash_t hash = XXH3_128bits(bytes, size);
    return (ph_digest_t){.high = hash.high64, .low = hash.low64};
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

void ph_digest_text(ph_digest_t digest, char *text)
{
    snprintf(text, PH_DIGEST_TEXT_SIZE, "%016" PRIx64 "%016" PRIx64, digest.high, digest.low);
}
