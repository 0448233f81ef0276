/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Run, theory, phase and comparison files and users' files of patterns: every reader is tried. With
 * FUZZ_FORGE=1 in the environment HDF5's own checksums of metadata always hold (H5F_get_checksums
 * below is in for the library's), as if whoever changed the bytes had set them right; libhdf5
 * itself does not live through that (docs/faults.md).
 */
#include <dlfcn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/attractors/file.h"
#include "analysis/compare/table.h"
#include "analysis/phase/phase.h"
#include "analysis/theory/theoryfile.h"
#include "data/images.h"
#include "data/table.h"
#include "sim/store/runfile.h"
#include "tests/fuzz/hdf5_change.h"

typedef int (*checksums_call)(const uint8_t *, size_t, uint32_t *, uint32_t *);
int H5F_get_checksums(const uint8_t *bytes, size_t size, uint32_t *stored, uint32_t *computed);
int H5F_get_checksums(const uint8_t *bytes, size_t size, uint32_t *stored, uint32_t *computed)
{
    checksums_call real;
    if (getenv("FUZZ_FORGE") == NULL) {
        *(void **)&real = dlsym(RTLD_NEXT, "H5F_get_checksums");
        return real(bytes, size, stored, computed);
    }
    if (stored != NULL)
        *stored = 0;
    if (computed != NULL)
        *computed = 0;
    return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    fuzz_room();
    ph_gridfile_silence();
    fuzz_make_files();
    return 0;
}

static void read_run(ph_report_t *report)
{
    ph_runfile_t run;
    memset(&run, 0, sizeof(run));
    if (ph_runfile_open(&run, "input.h5", report) == PH_OK) {
        const ph_grid_t *grid = run.base.grid;
        for (size_t p = 0; p < grid->points_count && p < 4; p++) {
            ph_segment_t segment;
            memset(&segment, 0, sizeof(segment));
            ph_runfile_sweeps_done(&run, p, 0, 0);
            if (ph_runfile_read(&run, p, 0, 0, 1, 0, &segment, report) == PH_OK)
                ph_segment_free(&segment);
        }
        ph_runfile_verify(&run, report);
    }
    ph_runfile_close(&run);
}

/* The theory of the file's own grid, as compare and plot read it. */
static void read_theory(const ph_grid_t *grid, ph_report_t *report)
{
    ph_theory_t theory;
    memset(&theory, 0, sizeof(theory));
    if (ph_theory_read(&theory, grid, "input.h5", report) == PH_OK)
        ph_theory_converged(&theory, 0);
    ph_theory_free(&theory);
}

static void read_phase(const ph_grid_t *grid, ph_report_t *report)
{
    ph_phase_t phase;
    memset(&phase, 0, sizeof(phase));
    ph_phase_read(&phase, grid, "input.h5", report);
    ph_phase_free(&phase);
}

static void read_attractors(const ph_grid_t *grid, ph_report_t *report)
{
    ph_attractor_map_t map;
    memset(&map, 0, sizeof(map));
    ph_attractors_read(&map, grid, "input.h5", report);
    ph_attractor_map_free(&map);
}

static void read_comparison(const ph_grid_t *grid, ph_report_t *report)
{
    ph_comparison_table_t table;
    memset(&table, 0, sizeof(table));
    ph_comparison_table_read(&table, grid, "input.h5", report);
    ph_comparison_table_free(&table);
}

/* As a file of patterns: whatever it holds, no other entries come of it. */
static void read_table(const char *dataset, ph_report_t *report)
{
    const ph_table_source_t source = {.path = "input.h5", .dataset = dataset, .most = 4096};
    ph_table_t table;
    if (ph_table_load(&table, &source, report) == PH_OK) {
        fuzz_expect(table.lists > 0 && table.length > 0 && table.lists * table.length <= 4096,
                    "no more entries than asked for");
        for (size_t k = 0; k < table.lists * table.length; k++)
            fuzz_expect(table.entries[k] >= -1 && table.entries[k] <= 1, "entries -1, 0 and +1");
    }
    ph_table_free(&table);
}

static void read_numbers(const char *dataset, ph_report_t *report)
{
    const ph_table_source_t source = {.path = "input.h5", .dataset = dataset, .most = 4096};
    ph_numbers_t numbers;
    if (ph_numbers_load(&numbers, &source, report) == PH_OK) {
        static volatile int64_t last;
        fuzz_expect(numbers.count > 0 && numbers.count <= 4096, "no more numbers than asked for");
        for (size_t k = 0; k < numbers.count; k++) /* all are there to be read */
            last = numbers.values[k];
        (void)last;
    }
    ph_numbers_free(&numbers);
}

/* As a file of images, with labels or without. */
static void read_images(const char *dataset, const char *labels, ph_report_t *report)
{
    const ph_images_source_t source = {
        .path = "input.h5", .dataset = dataset, .labels = labels, .most = 4096};
    ph_images_t images = {0};
    if (ph_images_load(&images, &source, report) == PH_OK) {
        fuzz_expect(images.count > 0 && images.count * images.rows * images.columns <= 4096,
                    "no more pixels than asked for");
        for (size_t p = 0; p < images.count * images.rows * images.columns; p++)
            fuzz_expect(isfinite(images.values[p]), "finite pixels");
    }
    ph_images_free(&images);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const KINDS[] = {"run", "theory", "phase", "comparison", "attractors"};
    ph_report_t report;
    fuzz_write("input.h5", data, size);
    ph_report_init(&report);
    for (size_t k = 0; k < sizeof(KINDS) / sizeof(KINDS[0]); k++) {
        ph_gridfile_t file;
        ph_grid_t *grid = NULL;
        memset(&file, 0, sizeof(file));
        if (!ph_gridfile_is("input.h5", KINDS[k]))
            continue;
        if (ph_gridfile_open(&file, "input.h5", KINDS[k], &report) == PH_OK) {
            grid = file.own_grid; /* outlives the file */
            file.own_grid = NULL;
            file.grid = NULL;
        }
        ph_gridfile_close(&file);
        if (k == 0)
            read_run(&report);
        else if (grid != NULL && k == 1)
            read_theory(grid, &report);
        else if (grid != NULL && k == 2)
            read_phase(grid, &report);
        else if (grid != NULL && k == 3)
            read_comparison(grid, &report);
        else if (grid != NULL)
            read_attractors(grid, &report);
        if (grid != NULL) {
            ph_grid_free(grid);
            free(grid);
        }
    }
    read_table(NULL, &report);
    read_table("/patterns", &report);
    read_table("packed", &report);
    read_images("patterns", "labels", &report);
    read_images("packed", NULL, &report);
    read_numbers("labels", &report);
    read_numbers("sample", &report); /* of files of ours */
    ph_report_free(&report);
    unlink("input.h5");
    return 0;
}
