/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stands in for libFuzzer where that is missing, and under gcc's sanitizers: TARGET [-runs=N]
 * [-seed=S] FILE|FOLDER... runs every file, then N inputs made from them at random.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/fuzz/fuzz.h"

enum { LARGEST = 1 << 16, INPUTS = 256 };

/* LLVMFuzzerMutate() is given no state. */
static uint64_t state = 1;

static size_t draw(size_t below)
{
    state = state * 6364136223846793005U + 1442695040888963407U;
    return below > 0 ? (size_t)(state >> 33) % below : 0;
}

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t largest)
{
    static const uint64_t NUMBERS[] = {
        0, 1, 2, 7, 8, 255, 65535, INT32_MAX, UINT32_MAX, UINT64_MAX, UINT64_MAX / 2};
    const size_t at = draw(size + 1), left = size - at;
    size_t length = 1 + draw(8);
    switch (draw(5)) {
    case 0: /* one byte */
        if (left > 0)
            data[at] = (uint8_t)draw(256);
        return size;
    case 1: /* a number */
        if (left >= length)
            memcpy(data + at, &NUMBERS[draw(sizeof(NUMBERS) / sizeof(NUMBERS[0]))], length);
        return size;
    case 2: /* less */
        length = length < left ? length : left;
        memmove(data + at, data + at + length, left - length);
        return size - length;
    case 3: /* more of the same */
        length = length < left ? length : left;
        if (size + length > largest)
            return size;
        memmove(data + at + length, data + at, left);
        return size + length;
    default: /* a bit */
        if (left > 0)
            data[at] ^= (uint8_t)(1U << draw(8));
        return size;
    }
}

typedef struct {
    uint8_t *bytes;
    size_t size;
} input_t;

static size_t add(const char *path, input_t *inputs, size_t count)
{
    struct stat facts;
    fuzz_expect(stat(path, &facts) == 0, path);
    if (!S_ISDIR(facts.st_mode)) {
        if (count < INPUTS && facts.st_size <= LARGEST) {
            inputs[count].bytes = fuzz_read(path, &inputs[count].size);
            count++;
        }
        return count;
    }
    struct dirent **names = NULL;
    const int found = scandir(path, &names, NULL, alphasort); /* the same order everywhere */
    for (int k = 0; k < found; k++) {
        char name[4096];
        snprintf(name, sizeof(name), "%s/%s", path, names[k]->d_name);
        if (names[k]->d_name[0] != '.')
            count = add(name, inputs, count);
        free(names[k]);
    }
    free(names);
    return count;
}

int main(int argc, char **argv)
{
    static uint8_t data[LARGEST];
    input_t inputs[INPUTS];
    size_t count = 0;
    unsigned long runs = 0;
    for (int k = 1; k < argc; k++)
        if (strncmp(argv[k], "-runs=", 6) == 0)
            runs = strtoul(argv[k] + 6, NULL, 10);
        else if (strncmp(argv[k], "-seed=", 6) == 0)
            state = strtoul(argv[k] + 6, NULL, 10);
        else if (argv[k][0] != '-')
            count = add(argv[k], inputs, count);
    LLVMFuzzerInitialize(&argc, &argv);
    for (size_t k = 0; k < count; k++)
        LLVMFuzzerTestOneInput(inputs[k].bytes, inputs[k].size);
    for (unsigned long run = 0; run < runs; run++) {
        const size_t k = draw(count);
        size_t size = count > 0 ? inputs[k].size : 0;
        if (size > 0)
            memcpy(data, inputs[k].bytes, size);
        for (size_t changes = 1 + draw(4); changes > 0; changes--)
            size = LLVMFuzzerCustomMutator(data, size, LARGEST, (unsigned)draw(1U << 30));
        LLVMFuzzerTestOneInput(data, size);
    }
    for (size_t k = 0; k < count; k++)
        free(inputs[k].bytes);
    printf("%zu files, %lu changed ones\n", count, runs);
    return 0;
}
