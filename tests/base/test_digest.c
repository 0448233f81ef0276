/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/digest.h"

#include <errno.h>
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

/* The values that the authors of XXH3 promise to keep; digits high word first. */
START_TEST(test_known)
{
    char text[PH_DIGEST_TEXT_SIZE];
    ph_digest_text(ph_digest_bytes("", 0), text);
    ck_assert_str_eq(text, "99aa06d3014798d86001c324468d497f");
    ck_assert_uint_eq(ph_checksum("", 0), UINT64_C(0x2d06800538d394c2));
    ph_digest_text((ph_digest_t){1, 0xabcdef}, text);
    ck_assert_str_eq(text, "00000000000000010000000000abcdef");
}
END_TEST

/* Numbers have the digest of their little-endian bytes, whatever the machine: at once, and in
 * pieces. */
START_TEST(test_words)
{
    enum { MOST = 200 };
    static uint64_t words[MOST];
    static unsigned char bytes[8 * MOST];
    ph_digester_t *digester = ph_digester_new();
    ck_assert(digester != NULL);
    for (size_t i = 0; i < MOST; i++) {
        words[i] = UINT64_C(0x9e3779b97f4a7c15) * (i + 1);
        for (size_t k = 0; k < 8; k++)
            bytes[8 * i + k] = (unsigned char)(words[i] / ((uint64_t)1 << 8 * k) % 256);
    }
    for (size_t count = 0; count <= MOST; count++) {
        const ph_digest_t wanted = ph_digest_bytes(bytes, 8 * count);
        ph_digester_reset(digester);
        ph_digester_add_words(digester, words, count / 3);
        ph_digester_add_words(digester, words + count / 3, count - count / 3);
        ck_assert(ph_digest_equal(ph_digester_result(digester), wanted));
        ck_assert(ph_digest_equal(ph_digest_words(words, count), wanted));
    }
    ph_digester_free(digester);
}
END_TEST

/* A total order: the high word first, both unsigned; equal where all bits are. */
START_TEST(test_order)
{
    static const ph_digest_t SORTED[] = {{0, 0},          {0, 1},          {0, UINT64_MAX}, {1, 0},
                                         {1, UINT64_MAX}, {UINT64_MAX, 0}, {UINT64_MAX, 7}};
    const int count = sizeof(SORTED) / sizeof(SORTED[0]);
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++) {
            const int order = ph_digest_compare(SORTED[i], SORTED[j]);
            ck_assert_int_eq((order > 0) - (order < 0), (i > j) - (i < j));
            ck_assert_int_eq(ph_digest_equal(SORTED[i], SORTED[j]), i == j);
        }
}
END_TEST

/* A file that ends before is damage; else the system's reason is kept. */
START_TEST(test_no_files)
{
    char path[] = "/tmp/polyhebb-digest-XXXXXX";
    const int descriptor = mkstemp(path);
    uint64_t sum;
    ph_digest_t digest;
    ck_assert_int_ge(descriptor, 0);
    ck_assert_int_eq(write(descriptor, path, 8), 8);
    ck_assert_int_eq(ph_checksum_file(descriptor, 5, 3, &sum), PH_OK);
    ck_assert_int_eq(ph_checksum_file(descriptor, 5, 4, &sum), PH_ERR_DAMAGED);
    ck_assert_int_eq(ph_checksum_file(-1, 0, 1, &sum), PH_ERR_IO);
    ck_assert_int_eq(errno, EBADF);
    ck_assert_int_eq(ph_digest_file("/tmp", &digest), PH_ERR_FORMAT);
    ck_assert_int_eq(errno, 0);
    close(descriptor);
    unlink(path);
    ck_assert_int_eq(ph_digest_file(path, &digest), PH_ERR_IO);
    ck_assert_int_eq(errno, ENOENT);
}
END_TEST

PH_TEST_MAIN("digest", test_pieces, test_files, test_known, test_words, test_order, test_no_files)
