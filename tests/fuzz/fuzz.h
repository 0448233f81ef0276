/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_FUZZ_H
#define PH_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* What libFuzzer calls, and what it offers (plain.c stands in for it where it is missing). */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t largest, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t largest);

/**
 * Goes to a new folder that is removed at exit. To be called first: files of the targets have
 * relative names.
 */
void fuzz_room(void);

/** Writes, or reads whole (to be freed), a file of the room; stops the program on failure. */
void fuzz_write(const char *name, const void *bytes, size_t size);
uint8_t *fuzz_read(const char *name, size_t *size);

/** Stops the program where something must hold and does not. */
void fuzz_expect(int holds, const char *what);

#endif
