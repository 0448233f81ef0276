/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Grid text. With a first line "--set KEY=VALUE" (as many as one likes) those apply to the rest. */
#include "params/grid.h"

#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

enum { OVERRIDES = 8 };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    fuzz_room();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *overrides[OVERRIDES];
    size_t count = 0;
    char *text = malloc(size + 1);
    fuzz_expect(text != NULL, "no memory");
    memcpy(text, data, size);
    text[size] = '\0';
    char *rest = text;
    for (char *end;
         count < OVERRIDES && strncmp(rest, "--set ", 6) == 0 && (end = strchr(rest, '\n')) != NULL;
         rest = end + 1) {
        *end = '\0';
        overrides[count++] = rest + 6;
    }
    ph_grid_t grid, again;
    ph_report_t report;
    ph_report_init(&report);
    ph_grid_init(&grid);
    ph_grid_init(&again);
    if (ph_grid_parse(&grid, rest, "fuzz", count, overrides, &report) != PH_OK)
        fuzz_expect(ph_report_errors(&report) > 0, "refused with a word");
    else if (strstr(grid.text, "file") == NULL) {
        fuzz_expect(ph_grid_parse(&again, grid.text, "again", 0, NULL, NULL) == PH_OK,
                    "a grid's own text is read");
        fuzz_expect(ph_digest_equal(grid.digest, again.digest), "a grid's own text is that grid");
    }
    ph_report_free(&report);
    ph_grid_free(&grid);
    ph_grid_free(&again);
    free(text);
    return 0;
}
