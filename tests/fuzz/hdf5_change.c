/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Changes of HDF5 files: of bytes; or of one attribute, dataset or link of a file of ours, so that
 * what comes out is sound HDF5 but not what polyhebb wrote.
 */
#include <hdf5.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/attractors/file.h"
#include "analysis/compare/table.h"
#include "analysis/phase/phase.h"
#include "analysis/theory/theoryfile.h"
#include "sim/run/run.h"
#include "tests/fuzz/hdf5_change.h"

static const char *const FILES[] = {"run.h5",        "theory.h5",     "phase.h5",
                                    "comparison.h5", "attractors.h5", "patterns.h5"};

/* Two tables as a user may have them: a plain one, and one in packed chunks. */
static void make_patterns(const char *path)
{
    enum { ROWS = 3, COLUMNS = 40 };
    const hsize_t extent[2] = {ROWS, COLUMNS}, chunk[2] = {2, 16};
    int8_t entries[ROWS * COLUMNS];
    for (int k = 0; k < ROWS * COLUMNS; k++)
        entries[k] = (int8_t)(k * k % 3 - 1);
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    hid_t space = H5Screate_simple(2, extent, NULL), list = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(list, 2, chunk);
    H5Pset_deflate(list, 4);
    for (int k = 0; k < 2; k++) {
        hid_t set = H5Dcreate2(file, k == 0 ? "patterns" : "packed", H5T_STD_I32LE, space,
                               H5P_DEFAULT, k == 0 ? H5P_DEFAULT : list, H5P_DEFAULT);
        fuzz_expect(H5Dwrite(set, H5T_NATIVE_INT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, entries) >= 0,
                    "patterns to begin with");
        H5Dclose(set);
    }
    H5Pclose(list);
    H5Sclose(space);
    space = H5Screate_simple(1, extent, NULL); /* one label a row */
    H5Dclose(
        H5Dcreate2(file, "labels", H5T_STD_I16BE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Sclose(space);
    H5Fclose(file);
}

void fuzz_make_files(void)
{
    static const char TEXT[] =
        "title: fuzz\nnetwork: {neurons: 24, patterns: 2, dilution: [0.2, 0.3]}\nnoise: [0.3, "
        "0.5]\n"
        "dynamics: {sweeps: 4, record_every: 2}\nensemble: {samples: 1, replicas: 2, lanes: 2}\n";
    ph_grid_t grid;
    ph_run_summary_t summary;
    ph_theory_t theory;
    ph_phase_t phase;
    ph_attractor_map_t map;
    ph_runfile_t run;
    ph_comparison_table_t table;
    const ph_run_options_t options = {.path = FILES[0], .threads = 1, .shards = 1};
    ph_grid_init(&grid);
    memset(&theory, 0, sizeof(theory));
    memset(&phase, 0, sizeof(phase));
    memset(&table, 0, sizeof(table));
    memset(&map, 0, sizeof(map));
    fuzz_expect(ph_grid_parse(&grid, TEXT, "fuzz", 0, NULL, NULL) == PH_OK &&
                    ph_run(&grid, &options, &summary, NULL) == PH_OK &&
                    ph_theory_solve(&theory, &grid, 1, false, 1, NULL) == PH_OK &&
                    ph_theory_write(&theory, FILES[1], NULL) == PH_OK &&
                    ph_phase_solve(&phase, &grid, 1, NULL) == PH_OK &&
                    ph_phase_write(&phase, FILES[2], NULL) == PH_OK &&
                    ph_attractor_map_solve(&map, &grid, 1, NULL) == PH_OK &&
                    ph_attractors_write(&map, FILES[4], NULL) == PH_OK &&
                    ph_runfile_open(&run, FILES[0], NULL) == PH_OK &&
                    ph_comparison_table_make(&table, &run, NULL, PH_VIEW_PATTERNS, NULL) == PH_OK &&
                    ph_comparison_table_write(&table, FILES[3], NULL) == PH_OK,
                "files to begin with");
    make_patterns(FILES[5]);
    ph_attractor_map_free(&map);
    ph_comparison_table_free(&table);
    ph_runfile_close(&run);
    ph_theory_free(&theory);
    ph_phase_free(&phase);
    ph_grid_free(&grid);
}

/* Numbers from one seed. */
typedef struct {
    uint64_t state;
} dice_t;

static size_t roll(dice_t *self, size_t below)
{
    self->state = self->state * 6364136223846793005U + 1442695040888963407U;
    return below > 0 ? (size_t)(self->state >> 33) % below : 0;
}

static hid_t any_type(dice_t *dice)
{
    hid_t text = H5Tcopy(H5T_C_S1);
    switch (roll(dice, 7)) {
    case 0:
        H5Tset_size(text, 1 + roll(dice, 64));
        return text;
    case 1:
        H5Tset_size(text, H5T_VARIABLE);
        return text;
    case 2:
        H5Tclose(text);
        return H5Tcopy(H5T_STD_I64BE);
    case 3:
        H5Tclose(text);
        return H5Tcopy(H5T_IEEE_F32LE);
    case 4:
        H5Tclose(text);
        return H5Tcopy(H5T_STD_REF_OBJ);
    case 5:
        H5Tclose(text);
        return H5Tcreate(H5T_OPAQUE, 1 + roll(dice, 100));
    default: {
        const hsize_t extent[] = {1 + roll(dice, 40)};
        H5Tclose(text);
        return H5Tarray_create2(H5T_NATIVE_DOUBLE, 1, extent);
    }
    }
}

static hid_t any_space(dice_t *dice)
{
    const hsize_t extent[] = {1 + roll(dice, 6), 1 + roll(dice, 300), 1 + roll(dice, 3)};
    const int rank = (int)roll(dice, 5);
    return rank == 0   ? H5Screate(H5S_SCALAR)
           : rank == 4 ? H5Screate(H5S_NULL)
                       : H5Screate_simple(rank, extent, NULL);
}

/* An attribute of an object becomes another one. */
static void change_attribute(hid_t object, dice_t *dice)
{
    char name[128] = "";
    const int count = H5Aget_num_attrs(object);
    if (count <= 0)
        return;
    hid_t old = H5Aopen_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_INC, roll(dice, (size_t)count),
                               H5P_DEFAULT, H5P_DEFAULT);
    H5Aget_name(old, sizeof(name), name);
    H5Aclose(old);
    H5Adelete(object, name);
    if (roll(dice, 4) == 0)
        return;
    static const uint8_t BYTES[1 << 20] = {0};
    hid_t type = any_type(dice), space = any_space(dice);
    hid_t fresh = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    const hssize_t elements = H5Sget_simple_extent_npoints(space);
    if (fresh >= 0 && H5Tis_variable_str(type) <= 0 && elements > 0 &&
        (size_t)elements * H5Tget_size(type) <= sizeof(BYTES))
        H5Awrite(fresh, type, BYTES);
    H5Aclose(fresh);
    H5Sclose(space);
    H5Tclose(type);
}

/* A dataset holds other numbers, ends, is another one, or lies in another file. */
static void change_dataset(hid_t file, const char *name, dice_t *dice)
{
    hid_t set = H5Dopen2(file, name, H5P_DEFAULT);
    const hsize_t bytes = set >= 0 ? H5Dget_storage_size(set) : 0;
    const size_t what = roll(dice, 5);
    if (set >= 0 && what < 2 && bytes < 1 << 20) {
        hid_t type = H5Dget_type(set), space = H5Dget_space(set);
        const size_t size = (size_t)H5Sget_simple_extent_npoints(space) * H5Tget_size(type);
        uint8_t *data =
            H5Tis_variable_str(type) > 0 || size == 0 || size > 1 << 20 ? NULL : calloc(size, 1);
        if (data != NULL && H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0) {
            for (size_t k = 0; k < 8; k++)
                data[roll(dice, size)] = (uint8_t)roll(dice, 256);
            H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
        }
        free(data);
        H5Sclose(space);
        H5Tclose(type);
    }
    if (set >= 0)
        H5Dclose(set);
    if (what < 2)
        return;
    H5Ldelete(file, name, H5P_DEFAULT);
    if (what == 3)
        H5Lcreate_external("run.h5", "/energy_mean", file, name, H5P_DEFAULT, H5P_DEFAULT);
    if (what == 4) {
        hid_t type = any_type(dice), space = any_space(dice);
        hid_t fresh = H5Dcreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        if (fresh >= 0)
            H5Dclose(fresh);
        H5Sclose(space);
        H5Tclose(type);
    }
}

static void change_objects(const char *path, dice_t *dice)
{
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    for (size_t changes = 1 + roll(dice, 3); file >= 0 && changes > 0; changes--) {
        char name[128] = "/";
        H5G_info_t group;
        const char *folder = roll(dice, 4) == 0 ? "/provenance" : "/";
        if (H5Gget_info_by_name(file, folder, &group, H5P_DEFAULT) < 0 || group.nlinks == 0)
            continue;
        const size_t at = strlen(folder);
        snprintf(name, sizeof(name), "%s/", at > 1 ? folder : "");
        H5Lget_name_by_idx(file, folder, H5_INDEX_NAME, H5_ITER_INC, roll(dice, group.nlinks),
                           name + strlen(name), sizeof(name) - strlen(name), H5P_DEFAULT);
        if (roll(dice, 2) == 0) {
            change_dataset(file, name, dice);
            continue;
        }
        hid_t object = H5Oopen(file, roll(dice, 3) == 0 ? folder : name, H5P_DEFAULT);
        if (object >= 0) {
            change_attribute(object, dice);
            H5Oclose(object);
        }
    }
    if (file >= 0)
        H5Fclose(file);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t largest, unsigned seed)
{
    dice_t dice = {seed};
    roll(&dice, 2);
    const size_t which = roll(&dice, 10);
    if (size > 100 && which > 5)
        return LLVMFuzzerMutate(data, size, largest);
    size_t length;
    uint8_t *bytes = fuzz_read(FILES[which % (sizeof(FILES) / sizeof(FILES[0]))], &length);
    if (which < 5) {
        fuzz_write("changed.h5", bytes, length);
        free(bytes);
        change_objects("changed.h5", &dice);
        bytes = fuzz_read("changed.h5", &length);
    }
    if (length <= largest) {
        memcpy(data, bytes, length);
        size = length;
    }
    free(bytes);
    return which < 5 ? size : LLVMFuzzerMutate(data, size, largest);
}
