/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For targets whose input has no inner checksums: bytes are changed as they come. */
#include "tests/fuzz/fuzz.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t largest, unsigned seed)
{
    (void)seed;
    return LLVMFuzzerMutate(data, size, largest);
}
