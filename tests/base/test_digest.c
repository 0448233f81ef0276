/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/digest.h"

#include "tests/testing.h"

/* Bytes in pieces have the digest of the bytes in a row, at every length at which the function
 * changes its ways; a copy goes on apart from what it is a copy of. */
START_TEST(test_pieces)
{
    enum { MOST = 3000 };
    static unsigned char bytes[MOST];
    ph_digester_t *digester = ph_digester_new(), *copy = ph_digester_new();
    ck_assert(digester != NULL && copy != NULL);
    for (size_t i = 0; i < MOST; i++)
        bytes[i] = (unsigned char)(i * i >> 3);
    for (size_t size = 0; size < MOST; size = size < 600 ? size + 1 : size + 97) {
        ph_digester_reset(digester);
        for (size_t at = 0, step = 1; at < size; at += step, step += 3) {
            step = step < size - at ? step : size - at;
            ph_digester_add(digester, bytes + at, step);
        }
        ck_assert(ph_digest_equal(ph_digester_result(digester), ph_digest_bytes(bytes, size)));
        ph_digester_copy(copy, digester);
        ph_digester_add(digester, bytes, 1);
        ph_digester_add(copy, bytes + size, MOST - size);
        ck_assert(ph_digest_equal(ph_digester_result(copy), ph_digest_bytes(bytes, MOST)));
    }
    ph_digester_free(digester);
    ph_digester_free(copy);
}
END_TEST

PH_TEST_MAIN("digest", test_pieces)
