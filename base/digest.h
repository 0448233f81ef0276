/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_BASE_DIGEST_H
#define PH_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A 128-bit digest (XXH3-128, whose values its authors keep stable): identities, checksums. */
typedef struct {
    uint64_t high, low;
} ph_digest_t;

enum { PH_DIGEST_TEXT_SIZE = 33 }; /* 32 hexadecimal digits and the final NUL */

ph_digest_t ph_digest_bytes(const void *bytes, size_t size);

/**
 * Of numbers of 64 bits (uint64_t, int64_t or double): of their little-endian bytes, on every
 * machine. 0 where a big-endian one has no memory for it; 64 numbers need none.
 */
ph_digest_t ph_digest_words(const void *words, size_t count);

bool ph_digest_equal(ph_digest_t a, ph_digest_t b);

/** A digest of bytes that come in pieces: the same as ph_digest_bytes() of all of them in a row. */
typedef struct ph_digester ph_digester_t;

/** Empty; NULL without memory. Free takes NULL. */
ph_digester_t *ph_digester_new(void);
void ph_digester_free(ph_digester_t *self);
void ph_digester_reset(ph_digester_t *self);
void ph_digester_add(ph_digester_t *self, const void *bytes, size_t size);
void ph_digester_add_words(ph_digester_t *self, const void *words, size_t count);

/** Makes `self` as if it had been given what `other` was. */
void ph_digester_copy(ph_digester_t *self, const ph_digester_t *other);

/** Of what was added so far; more may be added afterwards. */
ph_digest_t ph_digester_result(const ph_digester_t *self);

/** Total order (for sorting and searching): negative, 0 or positive. */
int ph_digest_compare(ph_digest_t a, ph_digest_t b);

/** Digest of a regular file's bytes. PH_ERR_MEMORY; PH_ERR_IO (errno says why), PH_ERR_FORMAT (no
 * regular file; errno 0). */
int ph_digest_file(const char *path, ph_digest_t *digest);

/** 64-bit checksum of a byte range (XXH3-64), used by the journal. */
uint64_t ph_checksum(const void *bytes, size_t size);

/**
 * The same of `size` bytes of an open file from `offset` on, read in pieces. PH_ERR_IO (errno says
 * why), PH_ERR_DAMAGED where the file ends before, PH_ERR_MEMORY.
 */
int ph_checksum_file(int descriptor, uint64_t offset, uint64_t size, uint64_t *checksum);

/** Writes 32 lower-case hexadecimal digits and a NUL into text[PH_DIGEST_TEXT_SIZE]. */
void ph_digest_text(ph_digest_t digest, char *text);

#endif
