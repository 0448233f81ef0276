/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables from files of HDF5, as anyone may make them, and what is said of those that are none. */
#include <hdf5.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "data/table.h"
#include "tests/testing.h"

enum { ROWS = 3, COLUMNS = 4 };

static const int8_t ENTRIES[ROWS][COLUMNS] = {{1, -1, 0, 1}, {0, 1, -1, 1}, {-1, -1, 1, 0}};

static char path[64], other[80];
static ph_report_t report;

static hid_t begin(void)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-hdf5-XXXXXX");
    close(mkstemp(path));
    snprintf(other, sizeof(other), "%s.other", path);
    ph_report_init(&report);
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    ck_assert_int_ge(file, 0);
    return file;
}

static void end(void)
{
    unlink(path);
    unlink(other);
    ph_report_free(&report);
}

/* A dataset of this type and extent, filled from `values` of type `memory` where there are any. */
static void put(hid_t file, const char *name, hid_t type, int rank, const hsize_t *extent,
                hid_t list, hid_t memory, const void *values)
{
    hid_t space = rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(rank, extent, NULL);
    hid_t set = H5Dcreate2(file, name, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    ck_assert_int_ge(set, 0);
    if (values != NULL)
        ck_assert_int_ge(H5Dwrite(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), 0);
    H5Dclose(set);
    H5Sclose(space);
}

static void put_entries(hid_t file, const char *name, hid_t type, hid_t list)
{
    const hsize_t extent[2] = {ROWS, COLUMNS};
    put(file, name, type, 2, extent, list, H5T_NATIVE_INT8, ENTRIES);
}

static int load(ph_table_t *table, const char *dataset, ph_lists_t lists)
{
    const ph_table_source_t source = {
        .path = path, .dataset = dataset, .lists = lists, .most = 1000};
    return ph_table_load(table, &source, &report);
}

static hid_t list_of(int which)
{
    const hsize_t chunk[2] = {2, 3};
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    if (which == 1)
        H5Pset_layout(list, H5D_COMPACT);
    if (which >= 2)
        H5Pset_chunk(list, 2, chunk);
    if (which == 3) {
        H5Pset_shuffle(list);
        H5Pset_deflate(list, 9);
        H5Pset_fletcher32(list);
    }
    return list;
}

/* Whatever type of integers and storage: entry for entry, and either way round. */
START_TEST(whole)
{
    const hid_t types[] = {H5T_STD_I8LE,  H5T_STD_I16BE, H5T_STD_I32LE,
                           H5T_STD_I32BE, H5T_STD_I64LE, H5T_STD_I64BE};
    for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++)
        for (int which = 0; which < 4; which++) {
            hid_t file = begin(), list = list_of(which);
            put_entries(file, "patterns", types[t], list);
            H5Pclose(list);
            H5Fclose(file);
            for (int turned = 0; turned < 2; turned++) {
                ph_table_t table;
                ck_assert_int_eq(load(&table, turned ? "/patterns" : NULL,
                                      turned ? PH_LISTS_IN_COLUMNS : PH_LISTS_AS_USUAL),
                                 PH_OK);
                ck_assert_uint_eq(table.lists, turned ? COLUMNS : ROWS);
                ck_assert_uint_eq(table.length, turned ? ROWS : COLUMNS);
                for (size_t k = 0; k < table.lists; k++)
                    for (size_t i = 0; i < table.length; i++)
                        ck_assert_int_eq(table.entries[k * table.step_list + i * table.step_entry],
                                         turned ? ENTRIES[i][k] : ENTRIES[k][i]);
                ph_table_free(&table);
            }
            ck_assert_uint_eq(report.count, 0);
            end();
        }
}
END_TEST

/* Of more rows than are read at once, each is in its place. */
START_TEST(many_rows)
{
    enum { MANY = 700, WIDE = 1000 };
    const hsize_t extent[2] = {MANY, WIDE};
    static int8_t entries[MANY][WIDE];
    ph_table_t table;
    const ph_table_source_t source = {.path = path, .most = (size_t)MANY * WIDE},
                            less = {.path = path, .most = (size_t)MANY * WIDE - 1};
    for (size_t k = 0; k < MANY; k++)
        for (size_t i = 0; i < WIDE; i++)
            entries[k][i] = (int8_t)((int)((k * 7 + i * i) % 3) - 1);
    hid_t file = begin();
    put(file, "patterns", H5T_STD_I16LE, 2, extent, H5P_DEFAULT, H5T_NATIVE_INT8, entries);
    H5Fclose(file);
    ck_assert_int_eq(ph_table_load(&table, &source, NULL), PH_OK);
    ck_assert_mem_eq(table.entries, entries, sizeof(entries));
    ph_table_free(&table);
    ck_assert_int_eq(ph_table_load(&table, &less, &report), PH_ERR_INPUT);
    ck_assert_ptr_null(table.entries);
    ck_assert_ptr_nonnull(
        strstr(report.messages[0].text, "/patterns: 700 x 1000 are more than 699999 entries"));
    end();
}
END_TEST

/* By its name, also in a group; without one /patterns, and where there is none that is said. */
START_TEST(which)
{
    ph_table_t table;
    hid_t file = begin();
    hid_t group = H5Gcreate2(file, "group", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    put_entries(group, "inner", H5T_STD_I8LE, H5P_DEFAULT);
    H5Gclose(group);
    H5Fclose(file);
    for (int slash = 0; slash < 2; slash++) {
        ck_assert_int_eq(load(&table, slash ? "/group/inner" : "group/inner", PH_LISTS_AS_USUAL),
                         PH_OK);
        ck_assert_mem_eq(table.entries, ENTRIES, sizeof(ENTRIES));
        ph_table_free(&table);
    }
    static const char *const ABSENT[] = {NULL, "", "other", "/group/other", "other/inner"};
    for (size_t k = 0; k < sizeof(ABSENT) / sizeof(ABSENT[0]); k++) {
        char wanted[160];
        const char *name = ABSENT[k] == NULL || k == 1 ? "patterns" : ABSENT[k];
        ck_assert_int_eq(load(&table, ABSENT[k], PH_LISTS_AS_USUAL), PH_ERR_INPUT);
        ck_assert_uint_eq(report.count, k + 1);
        snprintf(wanted, sizeof(wanted), "%s: /%s: there is none, expected integers", path,
                 name + strspn(name, "/"));
        ck_assert_msg(strstr(report.messages[k].text, wanted) != NULL, "%s",
                      report.messages[k].text);
    }
    file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    H5Lcreate_external(other, "/", file, "far", H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(file);
    ck_assert_int_eq(load(&table, "far/inner", PH_LISTS_AS_USUAL), PH_ERR_FORMAT);
    ck_assert_ptr_nonnull(
        strstr(report.messages[report.count - 1].text, "\"far\" is a link to an"));
    char longest[200];
    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    put_entries(file, longest, H5T_STD_I8LE, H5P_DEFAULT); /* only its beginning would be checked */
    H5Fclose(file);
    ck_assert_int_eq(load(&table, longest, PH_LISTS_AS_USUAL), PH_ERR_FORMAT);
    file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    put_entries(file, "patterns", H5T_STD_I8LE, H5P_DEFAULT);
    H5Fclose(file);
    ck_assert_int_eq(load(&table, NULL, PH_LISTS_AS_USUAL), PH_OK);
    ph_table_free(&table);
    static const char *const NO_DATASET[][2] = {
        {"/", "/: is a group, expected integers -1"},
        {"group", "/group: is a group, expected integers -1"},
        {"group/", "/group/: is a group, expected integers -1"},
        {"patterns/set", "/patterns/set: there is none, a dataset holds no others, expected"},
    };
    for (size_t k = 0; k < sizeof(NO_DATASET) / sizeof(NO_DATASET[0]); k++) {
        ck_assert_int_eq(load(&table, NO_DATASET[k][0], PH_LISTS_AS_USUAL), PH_ERR_INPUT);
        ck_assert_msg(strstr(report.messages[report.count - 1].text, NO_DATASET[k][1]) != NULL,
                      "%s", report.messages[report.count - 1].text);
    }
    end();
}
END_TEST

static void put_texts(hid_t file)
{
    const hsize_t extent[2] = {1, 2};
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    put(file, "set", type, 2, extent, H5P_DEFAULT, H5I_INVALID_HID, NULL);
    H5Tclose(type);
}

static void put_flags(hid_t file)
{
    const hsize_t extent[2] = {1, 2};
    int8_t value = 0;
    hid_t type = H5Tenum_create(H5T_STD_I8LE);
    H5Tenum_insert(type, "FALSE", &value);
    put(file, "set", type, 2, extent, H5P_DEFAULT, H5I_INVALID_HID, NULL);
    H5Tclose(type);
}

static void put_wide(hid_t file)
{
    const hsize_t extent[2] = {1, 2};
    hid_t type = H5Tcopy(H5T_STD_I64LE);
    H5Tset_size(type, 16);
    put(file, "set", type, 2, extent, H5P_DEFAULT, H5I_INVALID_HID, NULL);
    H5Tclose(type);
}

static void put_reals(hid_t file)
{
    put_entries(file, "set", H5T_IEEE_F32LE, H5P_DEFAULT);
}

static void put_line(hid_t file)
{
    const hsize_t extent[1] = {4};
    put(file, "set", H5T_STD_I8LE, 1, extent, H5P_DEFAULT, H5I_INVALID_HID, NULL);
}

static void put_cube(hid_t file)
{
    const hsize_t extent[3] = {1, 2, 2};
    put(file, "set", H5T_STD_I8LE, 3, extent, H5P_DEFAULT, H5I_INVALID_HID, NULL);
}

static void put_scalar(hid_t file)
{
    put(file, "set", H5T_STD_I8LE, 0, NULL, H5P_DEFAULT, H5I_INVALID_HID, NULL);
}

static void put_empty(hid_t file)
{
    const hsize_t extent[2] = {0, 5};
    put(file, "set", H5T_STD_I8LE, 2, extent, H5P_DEFAULT, H5I_INVALID_HID, NULL);
}

/* Ten gigabytes that are nowhere: chunks never written. */
static void put_huge(hid_t file)
{
    const hsize_t extent[2] = {100000, 100000};
    hid_t list = list_of(2);
    put(file, "set", H5T_STD_I8LE, 2, extent, list, H5I_INVALID_HID, NULL);
    H5Pclose(list);
}

static void put_two(hid_t file)
{
    const hsize_t extent[2] = {2, 2};
    const int64_t values[4] = {1, 0, -1, 2};
    put(file, "set", H5T_STD_I64LE, 2, extent, H5P_DEFAULT, H5T_NATIVE_INT64, values);
}

static void put_most(hid_t file)
{
    const hsize_t extent[2] = {1, 2};
    const uint64_t values[2] = {1, UINT64_MAX};
    put(file, "set", H5T_STD_U64LE, 2, extent, H5P_DEFAULT, H5T_NATIVE_UINT64, values);
}

static void put_group(hid_t file)
{
    H5Gclose(H5Gcreate2(file, "set", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

static void put_external(hid_t file)
{
    const hsize_t extent[2] = {1, 2};
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_external(list, other, 0, H5F_UNLIMITED);
    put(file, "set", H5T_STD_I8LE, 2, extent, list, H5I_INVALID_HID, NULL);
    H5Pclose(list);
}

static void put_virtual(hid_t file)
{
    const hsize_t extent[2] = {1, 2};
    hid_t list = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(2, extent, NULL);
    H5Pset_virtual(list, space, other, "set", space);
    put(file, "set", H5T_STD_I8LE, 2, extent, list, H5I_INVALID_HID, NULL);
    H5Sclose(space);
    H5Pclose(list);
}

static void link_far(hid_t file)
{
    H5Lcreate_external(other, "set", file, "set", H5P_DEFAULT, H5P_DEFAULT);
}

static void link_near(hid_t file)
{
    put_entries(file, "real", H5T_STD_I8LE, H5P_DEFAULT);
    H5Lcreate_soft("/real", file, "set", H5P_DEFAULT, H5P_DEFAULT);
}

static void put_filter(hid_t file)
{
    hid_t list = list_of(2);
    H5Pset_nbit(list);
    put_entries(file, "set", H5T_STD_I8LE, list);
    H5Pclose(list);
}

static const struct {
    void (*make)(hid_t file);
    int status;
    const char *message;
} BAD[] = {
    {put_texts, PH_ERR_INPUT, "/set: holds texts, expected integers -1, 0 and +1 in two dim"},
    {put_reals, PH_ERR_INPUT, "/set: holds numbers with fractions (floating point), expected"},
    {put_flags, PH_ERR_INPUT, "/set: holds truth values or names"},
    {put_wide, PH_ERR_INPUT, "/set: holds no integers"},
    {put_line, PH_ERR_INPUT, "/set: has one dimension, expected integers -1, 0"},
    {put_cube, PH_ERR_INPUT, "/set: has more than two dimensions, expected integers"},
    {put_scalar, PH_ERR_INPUT, "/set: has no rows, expected integers"},
    {put_empty, PH_ERR_INPUT, "/set: 0 x 5 is empty, expected integers"},
    {put_huge, PH_ERR_INPUT, "/set: 100000 x 100000 are more than 1000 entries"},
    {put_two, PH_ERR_INPUT, "/set: row 1, column 1 (from 0): 2, expected -1, 0 or +1"},
    {put_most, PH_ERR_INPUT, "/set: row 0, column 1 (from 0): 9223372036854775807, expected"},
    {put_group, PH_ERR_INPUT, "/set: is a group, expected integers -1, 0 and +1 in two"},
    {put_external, PH_ERR_FORMAT, "\"set\" keeps its values in other files (external storage)"},
    {put_virtual, PH_ERR_FORMAT, "\"set\" is put together from other datasets (virtual)"},
    {link_far, PH_ERR_FORMAT, "\"set\" is a link to another file, which is not followed"},
    {link_near, PH_ERR_FORMAT, "\"set\" is a symbolic link, which is not followed"},
    {put_filter, PH_ERR_FORMAT, "\"set\" has a filter other than gzip, shuffle and fletcher32"},
};

/* One message each, and no entries. */
START_TEST(bad)
{
    ph_table_t table;
    hid_t file = begin();
    BAD[_i].make(file);
    H5Fclose(file);
    const int status = load(&table, "set", PH_LISTS_AS_USUAL);
    ph_table_free(&table);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_msg(strstr(report.messages[0].text, BAD[_i].message) != NULL, "%s",
                  report.messages[0].text);
    ck_assert_int_eq(status, BAD[_i].status);
    ck_assert_int_eq(access(other, F_OK), -1); /* nothing was made or looked for */
    end();
}
END_TEST

/* A file that is cut at any place, or of which a byte has changed, is read as it was or not at
 * all where its own checksums hold; and nothing stays open. */
START_TEST(damaged)
{
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* as programs do: 1.10 else loses track of memory */
    hid_t list = list_of(3), access = H5Pcreate(H5P_FILE_ACCESS);
    hid_t file = begin();
    H5Fclose(file);
    H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110);
    file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    put_entries(file, "set", H5T_STD_I8LE, list);
    H5Pclose(list);
    H5Pclose(access);
    H5Fclose(file);
    char bytes[4096];
    FILE *stream = fopen(path, "r");
    const size_t size = fread(bytes, 1, sizeof(bytes), stream);
    fclose(stream);
    ck_assert_uint_lt(size, sizeof(bytes));
    for (size_t at = 8; at < size; at += (size_t)test_step(53) * 7) {
        ph_table_t table;
        char changed = (char)(bytes[at] ^ 0x11);
        stream = fopen(path, "w");
        fwrite(bytes, 1, at, stream);
        if (at % 2 == 0) {
            fwrite(&changed, 1, 1, stream);
            fwrite(bytes + at + 1, 1, size - at - 1, stream);
        }
        fclose(stream);
        if (load(&table, "set", PH_LISTS_AS_USUAL) == PH_OK)
            ck_assert_mem_eq(table.entries, ENTRIES, sizeof(ENTRIES));
        ph_table_free(&table);
    }
    ck_assert_uint_gt(report.count, 0);
    ck_assert_int_eq(H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL), 0);
    end();
}
END_TEST

/* Lists of numbers, of any size and kind of storage, and what is none. */
START_TEST(numbers)
{
    const hsize_t extent[2] = {5, 1};
    const int64_t values[5] = {3, -1, INT64_MAX, 0, 9};
    ph_numbers_t list;
    hid_t file = begin();
    put(file, "labels", H5T_STD_I64BE, 1, extent, H5P_DEFAULT, H5T_NATIVE_INT64, values);
    put(file, "table", H5T_STD_I64BE, 2, extent, H5P_DEFAULT, H5T_NATIVE_INT64, values);
    put(file, "real", H5T_IEEE_F32LE, 1, extent, H5P_DEFAULT, H5T_NATIVE_INT64, values);
    H5Fclose(file);
    ph_table_source_t source = {.path = path, .dataset = "/labels", .most = 5};
    ck_assert_int_eq(ph_numbers_load(&list, &source, &report), PH_OK);
    ck_assert_uint_eq(list.count, 5);
    ck_assert_mem_eq(list.values, values, sizeof(values));
    ph_numbers_free(&list);
    source.most = 4;
    ck_assert_int_eq(ph_numbers_load(&list, &source, &report), PH_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "5 values, expected at most 4"));
    source.dataset = "table";
    ck_assert_int_eq(ph_numbers_load(&list, &source, &report), PH_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(report.messages[1].text, "/table: has two dimensions, expected "
                                                          "integers in one dimension"));
    source.dataset = "real";
    ck_assert_int_eq(ph_numbers_load(&list, &source, &report), PH_ERR_INPUT);
    ck_assert_ptr_null(list.values);
    end();
}
END_TEST

/* A name of a dataset goes with files that have them. */
START_TEST(no_datasets)
{
    ph_table_t table;
    H5Fclose(begin());
    FILE *stream = fopen(path, "w");
    fputs("1 0\n", stream);
    fclose(stream);
    ck_assert_int_eq(load(&table, "set", PH_LISTS_AS_USUAL), PH_ERR_INPUT);
    ph_table_free(&table);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "is a file of text, which has no data"));
    end();
}
END_TEST

PH_TEST_PROGRAM("table_hdf5")
{
    TCase *tcase = tcase_create("table_hdf5");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, whole);
    tcase_add_test(tcase, many_rows);
    tcase_add_test(tcase, which);
    tcase_add_loop_test(tcase, bad, 0, sizeof(BAD) / sizeof(BAD[0]));
    tcase_add_test(tcase, damaged);
    tcase_add_test(tcase, numbers);
    tcase_add_test(tcase, no_datasets);
    return test_run("table_hdf5", tcase);
}
