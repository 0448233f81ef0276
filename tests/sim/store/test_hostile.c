/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of HDF5 that anyone can make: whole ones of polyhebb in which one thing has been changed,
 * checksums and all. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/store/attributes.h"
#include "sim/store/shard.h"
#include "tests/sim/store/sample.h"
#include "tests/testing.h"

static const char GRID[] = "network: { neurons: 60, patterns: 3, dilution: 0.25 }\n"
                           "noise: [0.1, 0.2, 0.5]\n"
                           "dynamics: { sweeps: 20, burn_in: 4 }\n"
                           "ensemble: { samples: 2, replicas: 3 }\n";

static char path[64], other[80];
static ph_grid_t grid;
static ph_report_t report;

static void begin(void)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-hostile-XXXXXX");
    const int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    unlink(path);
    snprintf(other, sizeof(other), "%s.other", path);
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, GRID, "test", 0, NULL, &report), PH_OK);
    ck_assert_int_eq(sample_run(&grid, path, &report), PH_OK);
    ck_assert_int_eq(sample_run(&grid, other, &report), PH_OK);
}

static void end(void)
{
    unlink(path);
    unlink(other);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

/* An attribute of the root, anew: `count` elements, 0 for a scalar. */
static void put_attribute(hid_t object, const char *name, hid_t type, hsize_t count,
                          const void *values)
{
    hid_t space = count == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &count, NULL);
    ck_assert_int_ge(H5Adelete(object, name), 0);
    hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    ck_assert_int_ge(H5Awrite(attribute, type, values), 0);
    H5Aclose(attribute);
    H5Sclose(space);
}

static void put_texts(hid_t file, const char *name)
{
    static char texts[1000][24];
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, sizeof(texts[0]));
    put_attribute(file, name, type, 1000, texts);
    H5Tclose(type);
}

static void kind_is_a_list(hid_t file)
{
    put_texts(file, "polyhebb_kind");
}

static void digest_is_a_list(hid_t file)
{
    put_texts(file, "grid_digest");
}

static void kind_of_any_length(hid_t file)
{
    const char *text = "run";
    hid_t type = ph_text_type();
    put_attribute(file, "polyhebb_kind", type, 0, &text);
    H5Tclose(type);
}

static void kind_is_a_number(hid_t file)
{
    const int64_t number = 0x6e7572;
    put_attribute(file, "polyhebb_kind", H5T_STD_I64LE, 0, &number);
}

static void version_is_a_list(hid_t file)
{
    const int32_t numbers[1000] = {1};
    put_attribute(file, "format_version", H5T_STD_I32LE, 1000, numbers);
}

static void version_is_real(hid_t file)
{
    const double number = 1.0;
    put_attribute(file, "format_version", H5T_IEEE_F64LE, 0, &number);
}

static void external_coordinate(hid_t file)
{
    H5Ldelete(file, "noise", H5P_DEFAULT);
    H5Lcreate_external(other, "noise", file, "noise", H5P_DEFAULT, H5P_DEFAULT);
}

static void external_group(hid_t file)
{
    H5Ldelete(file, "provenance", H5P_DEFAULT);
    H5Lcreate_external(other, "provenance", file, "provenance", H5P_DEFAULT, H5P_DEFAULT);
}

static void soft_array(hid_t file)
{
    H5Lmove(file, "last_state", file, "elsewhere", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_soft("/elsewhere", file, "last_state", H5P_DEFAULT, H5P_DEFAULT);
}

static void soft_grid(hid_t file)
{
    H5Lmove(file, "/provenance/grid_bytes", file, "elsewhere", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_soft("/elsewhere", file, "/provenance/grid_bytes", H5P_DEFAULT, H5P_DEFAULT);
}

/* An array anew with the shape it had, another type where one is given, and this storage. */
static void put_array(hid_t file, const char *name, hid_t type, hid_t list)
{
    hid_t old = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(old);
    hid_t stored = type >= 0 ? H5Tcopy(type) : H5Dget_type(old);
    H5Dclose(old);
    H5Ldelete(file, name, H5P_DEFAULT);
    hid_t set = H5Dcreate2(file, name, stored, space, H5P_DEFAULT, list, H5P_DEFAULT);
    ck_assert_int_ge(set, 0);
    H5Dclose(set);
    H5Sclose(space);
    H5Tclose(stored);
    if (list != H5P_DEFAULT)
        H5Pclose(list);
}

static void external_storage(hid_t file)
{
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_external(list, other, 0, H5F_UNLIMITED);
    put_array(file, "sweeps_done", H5I_INVALID_HID, list);
}

static void virtual_array(hid_t file)
{
    hid_t old = H5Dopen2(file, "sweeps_done", H5P_DEFAULT), space = H5Dget_space(old);
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    ck_assert_int_ge(H5Pset_virtual(list, space, other, "sweeps_done", space), 0);
    H5Sclose(space);
    H5Dclose(old);
    put_array(file, "sweeps_done", H5I_INVALID_HID, list);
}

static hid_t chunked(hid_t file, const char *name, hsize_t length)
{
    hid_t old = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(old);
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    hsize_t chunk[H5S_MAX_RANK];
    const int rank = H5Sget_simple_extent_ndims(space);
    for (int d = 0; d < rank; d++)
        chunk[d] = d == 0 ? length : 1;
    H5Pset_chunk(list, rank, chunk);
    H5Sclose(space);
    H5Dclose(old);
    return list;
}

static void other_filter(hid_t file)
{
    hid_t list = chunked(file, "sweeps_done", 1);
    ck_assert_int_ge(H5Pset_scaleoffset(list, H5Z_SO_INT, 0), 0);
    put_array(file, "sweeps_done", H5I_INVALID_HID, list);
}

/* Made with room to grow, or HDF5 would not take a chunk that is larger than the array. */
static void large_chunk(hid_t file)
{
    const hsize_t now = 3, most = H5S_UNLIMITED, chunk = UINT64_C(1) << 28;
    hid_t list = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(1, &now, &most);
    H5Pset_chunk(list, 1, &chunk);
    H5Ldelete(file, "noise", H5P_DEFAULT);
    hid_t set = H5Dcreate2(file, "noise", H5T_IEEE_F64LE, space, H5P_DEFAULT, list, H5P_DEFAULT);
    ck_assert_int_ge(set, 0);
    H5Dclose(set);
    H5Sclose(space);
    H5Pclose(list);
}

/* Two exabytes of which none is stored. */
static void long_grid(hid_t file)
{
    const hsize_t length = UINT64_C(1) << 61, chunk = 100;
    hid_t list = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(1, &length, NULL);
    H5Pset_chunk(list, 1, &chunk);
    H5Ldelete(file, "/provenance/grid_bytes", H5P_DEFAULT);
    hid_t set = H5Dcreate2(file, "/provenance/grid_bytes", H5T_STD_U8LE, space, H5P_DEFAULT, list,
                           H5P_DEFAULT);
    ck_assert_int_ge(set, 0);
    H5Dclose(set);
    H5Sclose(space);
    H5Pclose(list);
}

static void real_counts(hid_t file)
{
    put_array(file, "sweeps_done", H5T_IEEE_F64LE, H5P_DEFAULT);
}

static void texts_for_states(hid_t file)
{
    hid_t type = ph_text_type();
    put_array(file, "last_state", type, H5P_DEFAULT);
    H5Tclose(type);
}

static void array_is_a_group(hid_t file)
{
    H5Ldelete(file, "status", H5P_DEFAULT);
    H5Gclose(H5Gcreate2(file, "status", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

static const struct {
    void (*change)(hid_t file);
    int status;
    const char *words;
} CHANGES[] = {
    {kind_is_a_list, PH_ERR_DAMAGED, "cannot read its attributes"},
    {digest_is_a_list, PH_ERR_DAMAGED, "cannot read its grid_digest"},
    {kind_of_any_length, PH_ERR_DAMAGED, "cannot read its attributes"},
    {kind_is_a_number, PH_ERR_DAMAGED, "cannot read its attributes"},
    {version_is_a_list, PH_ERR_DAMAGED, "cannot read its attributes"},
    {version_is_real, PH_ERR_DAMAGED, "cannot read its attributes"},
    {external_coordinate, PH_ERR_FORMAT, "\"noise\" is a link to another file"},
    {external_group, PH_ERR_FORMAT, "\"provenance\" is a link to another file"},
    {soft_array, PH_ERR_FORMAT, "\"last_state\" is a symbolic link"},
    {soft_grid, PH_ERR_FORMAT, "\"provenance/grid_bytes\" is a symbolic link"},
    {external_storage, PH_ERR_FORMAT, "\"sweeps_done\" keeps its values in other files"},
    {virtual_array, PH_ERR_FORMAT, "\"sweeps_done\" is put together from other datasets"},
    {other_filter, PH_ERR_FORMAT, "\"sweeps_done\" has a filter other than gzip"},
    {large_chunk, PH_ERR_FORMAT, "\"noise\" has chunks of more than 64 MiB"},
    {long_grid, PH_ERR_DAMAGED, "cannot read its grid"},
    {real_counts, PH_ERR_DAMAGED, "\"sweeps_done\" does not have the type and size"},
    {texts_for_states, PH_ERR_DAMAGED, "\"last_state\" does not have the type and size"},
    {array_is_a_group, PH_ERR_DAMAGED, "cannot open the array \"status\""},
};

/* Each is refused with the file and the thing named, before anything is read into too little room,
 * from another file or at the file's word. */
START_TEST(changed_files)
{
    ph_runfile_t run;
    begin();
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    CHANGES[_i].change(file);
    ck_assert_int_ge(H5Fclose(file), 0);
    const int status = ph_runfile_open(&run, path, &report);
    ph_runfile_close(&run);
    ck_assert_msg(status == CHANGES[_i].status, "status %d, wanted: %s", status, CHANGES[_i].words);
    ck_assert_uint_eq(report.count, 1);
    const char *text = report.messages[0].text;
    ck_assert_msg(strncmp(text, path, strlen(path)) == 0, "%s", text);
    ck_assert_msg(strstr(text, CHANGES[_i].words) != NULL, "%s", text);
    ph_gridfile_is(path, "run");
    end();
}
END_TEST

/* A part of more parts than a run may have is none: its number asks for memory. */
START_TEST(too_many_shards)
{
    ph_gridfile_t base;
    const uint32_t number = 7, count = UINT32_MAX;
    begin();
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t group = H5Gopen2(file, "provenance", H5P_DEFAULT);
    ck_assert_int_ge(ph_attribute_values(group, "shard", H5T_NATIVE_UINT32, 1, &number), 0);
    ck_assert_int_ge(ph_attribute_values(group, "shards", H5T_NATIVE_UINT32, 1, &count), 0);
    H5Gclose(group);
    ck_assert_int_ge(H5Fclose(file), 0);
    ck_assert_int_eq(ph_gridfile_open(&base, path, "run", &report), PH_OK);
    ck_assert_uint_eq(ph_shard_read(&base).count, 1);
    ph_gridfile_close(&base);
    end();
}
END_TEST

PH_TEST_PROGRAM("hostile")
{
    TCase *tcase = tcase_create("hostile");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, changed_files, 0, (int)(sizeof(CHANGES) / sizeof(CHANGES[0])));
    tcase_add_test(tcase, too_many_shards);
    return test_run("hostile", tcase);
}
