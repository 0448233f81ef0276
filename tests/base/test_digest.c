/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/digest.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/status.h"
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

/* A file has the digest of its bytes, whatever the pieces in which it is read; its checksum from
 * any place on that of those bytes. */
START_TEST(test_files)
{
    enum { MOST = 200001 };
    static const size_t SIZES[] = {0, 1, 65535, 65536, 65537, 131072, MOST};
    static unsigned char bytes[MOST];
    for (size_t i = 0; i < MOST; i++)
        bytes[i] = (unsigned char)(i * 2654435761U >> 13);
    for (size_t k = 0; k < sizeof(SIZES) / sizeof(SIZES[0]); k++) {
        char path[] = "/tmp/polyhebb-digest-XXXXXX";
        const int descriptor = mkstemp(path);
        ph_digest_t digest;
        uint64_t checksum;
        const size_t size = SIZES[k], from = size / 3;
        ck_assert_int_ge(descriptor, 0);
        ck_assert_int_eq(write(descriptor, bytes, size), (ssize_t)size);
        ck_assert_int_eq(ph_digest_file(path, &digest), PH_OK);
        ck_assert(ph_digest_equal(digest, ph_digest_bytes(bytes, size)));
        ck_assert_int_eq(ph_checksum_file(descriptor, from, size - from, &checksum), PH_OK);
        ck_assert_uint_eq(checksum, ph_checksum(bytes + from, size - from));
        ck_assert_int_ne(ph_checksum_file(descriptor, 0, size + 1, &checksum), PH_OK);
        close(descriptor);
        unlink(path);
        ck_assert_int_eq(ph_digest_file(path, &digest), PH_ERR_IO);
    }
}
END_TEST

PH_TEST_MAIN("digest", test_pieces, test_files)
