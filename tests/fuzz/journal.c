/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A journal, with checksums set right after every change, taken into the checkpoint index of its
 * grid and put together as a run file. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "sim/run/assemble.h"
#include "sim/run/checkpoint_index.h"
#include "sim/run/run.h"
#include "sim/store/gridfile.h"
#include "tests/fuzz/fuzz.h"

enum { FILE_HEADER = 24, RECORD_HEADER = 32 };

static const char TEXT[] =
    "title: fuzz\nnetwork: {neurons: 24, patterns: 2, dilution: 0.3}\nnoise: [0.3, 0.5]\n"
    "dynamics: {sweeps: 6, record_every: 2}\nensemble: {samples: 1, replicas: 3, lanes: 2}\n";

static uint64_t number(const uint8_t *bytes)
{
    uint64_t value = 0;
    for (int k = 7; k >= 0; k--)
        value = value << 8 | bytes[k];
    return value;
}

static void put_checksum(uint8_t *at, const uint8_t *bytes, size_t size)
{
    const uint64_t value = XXH3_64bits(bytes, size);
    for (int k = 0; k < 8; k++)
        at[k] = (uint8_t)(value >> 8 * k);
}

static void mend(uint8_t *data, size_t size)
{
    static const uint8_t MAGIC[8] = {0xF5, 0x53, 0x45, 0x47, 0xA9, 0x0B, 0xD7, 0x3C};
    if (size >= FILE_HEADER)
        put_checksum(data + 16, data, 16);
    for (size_t at = FILE_HEADER; at + RECORD_HEADER <= size;) {
        const uint64_t length = number(data + at + 8), left = size - at - RECORD_HEADER;
        if (memcmp(data + at, MAGIC, 8) != 0) {
            at++;
            continue;
        }
        put_checksum(data + at + 16, data + at, 16);
        if (length <= left)
            put_checksum(data + at + 24, data + at + RECORD_HEADER, (size_t)length);
        at += length <= left ? RECORD_HEADER + (size_t)length : RECORD_HEADER;
    }
}

/* One in eight keeps what checksums it has. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t largest, unsigned seed)
{
    size = LLVMFuzzerMutate(data, size, largest);
    if (seed % 8 != 0)
        mend(data, size);
    return size;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    ph_gridfile_silence();
    fuzz_room();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ph_report_t report;
    ph_grid_t grid;
    ph_checkpoint_index_t checkpoints;
    ph_journal_index_t index = {0};
    ph_runfile_t run;
    ph_report_init(&report);
    ph_grid_init(&grid);
    fuzz_write("run.h5.journal", data, size);
    fuzz_expect(ph_grid_parse(&grid, TEXT, "fuzz", 0, NULL, &report) == PH_OK, "the grid");
    fuzz_expect(ph_checkpoint_index_init(&checkpoints, &grid, &report) == PH_OK,
                "a checkpoint index");
    if (ph_journal_scan("run.h5.journal", &index, &report) == PH_OK &&
        ph_checkpoint_index_add_journal(&checkpoints, "run.h5.journal", &index, &report) == PH_OK &&
        ph_checkpoint_index_assemble(&checkpoints, "run.h5", (ph_shard_t){0, 1}, NULL, &report) ==
            PH_OK) {
        memset(&run, 0, sizeof(run));
        fuzz_expect(ph_runfile_open(&run, "run.h5", &report) == PH_OK &&
                        ph_runfile_verify(&run, &report) == PH_OK,
                    "what was put together is whole");
        ph_runfile_close(&run);
    }
    ph_checkpoint_index_free(&checkpoints);
    ph_journal_index_free(&index);
    ph_grid_free(&grid);
    ph_report_free(&report);
    unlink("run.h5");
    unlink("run.h5.partial");
    return 0;
}
