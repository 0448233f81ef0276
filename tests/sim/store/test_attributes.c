/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The small parts that files of HDF5 are put together from: attributes, types, storage. All in
 * memory. */
#include <stdio.h>
#include <string.h>

#include "sim/store/attributes.h"
#include "sim/store/properties_private.h"
#include "tests/data/memory_file.h"
#include "tests/testing.h"

/* Texts come back whole, whatever their length up to the longest; then they are damage. */
START_TEST(texts)
{
    static const size_t LENGTHS[] = {0, 1, 7, 4096, PH_ATTRIBUTE_TEXT_MAX - 1};
    static char text[PH_ATTRIBUTE_TEXT_MAX + 2];
    begin();
    for (size_t i = 0; i < sizeof(LENGTHS) / sizeof(LENGTHS[0]); i++) {
        char name[16], *back = text;
        memset(text, 'a' + (int)i, sizeof(text));
        text[LENGTHS[i]] = '\0';
        snprintf(name, sizeof(name), "text %zu", i);
        /* the header of an object, where attributes are, takes less than 64 KiB */
        const bool fits = LENGTHS[i] < 60000;
        ck_assert_int_eq(ph_attribute_text(file, name, text) >= 0, fits);
        ck_assert_int_eq(ph_attribute_read_text(file, name, &back), fits ? PH_OK : PH_ERR_DAMAGED);
        if (fits)
            ck_assert_str_eq(back, text);
        else
            ck_assert_ptr_null(back);
        free(back);
    }
    char *back = NULL;
    ck_assert_int_ge(ph_attribute_text(file, "umlaut", "\xc3\xa4 \xe2\x82\xac"), 0);
    ck_assert_int_eq(ph_attribute_read_text(file, "umlaut", &back), PH_OK);
    ck_assert_str_eq(back, "\xc3\xa4 \xe2\x82\xac");
    free(back);
    ck_assert_int_lt(ph_attribute_text(file, "umlaut", "again"), 0);
    hid_t attribute = H5Aopen(file, "umlaut", H5P_DEFAULT), type = H5Aget_type(attribute);
    ck_assert_int_eq(H5Tget_cset(type), H5T_CSET_UTF8);
    ck_assert_int_eq(H5Tget_strpad(type), H5T_STR_NULLPAD);
    ck_assert_uint_eq(H5Tget_size(type), 6);
    H5Tclose(type);
    H5Aclose(attribute);
    end();
}
END_TEST

static hid_t native(size_t i)
{
    const hid_t types[] = {H5T_NATIVE_INT8,   H5T_NATIVE_UINT8, H5T_NATIVE_INT32,
                           H5T_NATIVE_UINT32, H5T_NATIVE_INT64, H5T_NATIVE_UINT64,
                           H5T_NATIVE_FLOAT,  H5T_NATIVE_DOUBLE};
    return types[i];
}

/* Standard types in the same order, and their twins of the other byte order. */
static hid_t standard(size_t i, bool big)
{
    const hid_t little[] = {H5T_STD_I8LE,  H5T_STD_U8LE,  H5T_STD_I32LE,  H5T_STD_U32LE,
                            H5T_STD_I64LE, H5T_STD_U64LE, H5T_IEEE_F32LE, H5T_IEEE_F64LE};
    const hid_t others[] = {H5T_STD_I8BE,  H5T_STD_U8BE,  H5T_STD_I32BE,  H5T_STD_U32BE,
                            H5T_STD_I64BE, H5T_STD_U64BE, H5T_IEEE_F32BE, H5T_IEEE_F64BE};
    return big ? others[i] : little[i];
}

enum { TYPES = 8 };

/* A type is known as itself and as no other, in one byte order; a number is read as what it was
 * stored as, and as nothing else. */
START_TEST(types)
{
    begin();
    for (size_t i = 0; i < TYPES; i++) {
        const uint64_t bits = UINT64_C(0x4142434445464748);
        char name[16];
        snprintf(name, sizeof(name), "number %zu", i);
        ck_assert_int_ge(ph_attribute_values(file, name, native(i), 1, &bits), 0);
        hid_t made = ph_standard_type(native(i)), turned = ph_standard_type(standard(i, true));
        ck_assert_int_gt(H5Tequal(made, standard(i, false)), 0);
        ck_assert_int_gt(H5Tequal(turned, standard(i, false)), 0);
        H5Tclose(made);
        H5Tclose(turned);
        for (size_t j = 0; j < TYPES; j++) {
            uint64_t back = 0;
            ck_assert_int_eq(ph_type_is(standard(i, false), native(j)), i == j);
            ck_assert(!ph_type_is(standard(i, true), native(j)));
            const int result = ph_attribute_read_value(file, name, native(j), &back);
            ck_assert_int_eq(result >= 0, i == j);
            if (i == j)
                ck_assert_int_eq(memcmp(&back, &bits, H5Tget_size(native(i))), 0);
            else
                ck_assert_uint_eq(back, 0);
        }
    }
    hid_t text = ph_text_type();
    ck_assert(H5Tis_variable_str(text) > 0 && H5Tget_cset(text) == H5T_CSET_UTF8);
    ck_assert(!ph_type_is(text, H5T_NATIVE_UINT8) && !ph_type_is(H5I_INVALID_HID, H5T_NATIVE_INT));
    H5Tclose(text);
    end();
}
END_TEST

/* What is no single text or number is none: absent, a list of two, empty, of another class. */
START_TEST(not_single)
{
    static const int32_t NUMBERS[3] = {7, 8, 9};
    begin();
    hid_t empty = H5Screate(H5S_NULL);
    H5Aclose(H5Acreate2(file, "empty", H5T_STD_I32LE, empty, H5P_DEFAULT, H5P_DEFAULT));
    H5Sclose(empty);
    ck_assert_int_ge(ph_attribute_values(file, "one", H5T_NATIVE_INT32, 1, NUMBERS), 0);
    ck_assert_int_ge(ph_attribute_values(file, "two", H5T_NATIVE_INT32, 2, NUMBERS), 0);
    ck_assert_int_ge(ph_attribute_values(file, "three", H5T_NATIVE_INT32, 3, NUMBERS), 0);
    ck_assert_int_ge(ph_attribute_text(file, "text", "7"), 0);
    static const char *const NAMES[] = {"absent", "empty", "two", "three", "text"};
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
        int32_t value = -1;
        char *text = (char *)&value;
        ck_assert_int_lt(ph_attribute_read_value(file, NAMES[i], H5T_NATIVE_INT32, &value), 0);
        ck_assert_int_eq(value, -1);
        const int status = ph_attribute_read_text(file, NAMES[i], &text);
        ck_assert_int_eq(status, strcmp(NAMES[i], "text") == 0 ? PH_OK : PH_ERR_DAMAGED);
        ck_assert_int_eq(text != NULL, status == PH_OK);
        free(text);
    }
    int32_t value = -1;
    ck_assert_int_ge(ph_attribute_read_value(file, "one", H5T_NATIVE_INT32, &value), 0);
    ck_assert_int_eq(value, 7);
    hid_t attribute = H5Aopen(file, "three", H5P_DEFAULT);
    int32_t back[3];
    ck_assert_int_ge(H5Aread(attribute, H5T_NATIVE_INT32, back), 0);
    ck_assert_mem_eq(back, NUMBERS, sizeof(back));
    H5Aclose(attribute);
    end();
}
END_TEST

/* Storage by the size of a chunk: in the header without dimensions; else chunks under a checksum,
 * packed from 4096 bytes on, the checksum over what is packed. */
START_TEST(storage)
{
    static const struct {
        size_t rank, element;
        hsize_t chunk[3];
        bool packed;
    } SETS[] = {
        {0, 8, {0}, false},          {1, 8, {1}, false},         {1, 8, {511}, false},
        {1, 8, {512}, true},         {1, 1, {4095}, false},      {1, 1, {4096}, true},
        {2, 8, {2, 256}, true},      {2, 8, {2, 255}, false},    {3, 4, {2, 2, 256}, true},
        {3, 4, {1, 1, 1023}, false}, {3, 4, {1024, 1, 1}, true},
    };
    const double fill = 2.5;
    begin();
    for (size_t i = 0; i < sizeof(SETS) / sizeof(SETS[0]); i++)
        for (int filled = 0; filled < 2; filled++) {
            hsize_t chunk[3] = {0};
            double back = 0.0;
            hbool_t times = true;
            H5D_fill_value_t defined;
            hid_t list = ph_dataset_properties(SETS[i].rank, SETS[i].chunk, SETS[i].element,
                                               H5T_NATIVE_DOUBLE, filled ? &fill : NULL);
            ck_assert_int_ge(list, 0);
            ck_assert_int_eq(H5Pget_layout(list), SETS[i].rank == 0 ? H5D_COMPACT : H5D_CHUNKED);
            const int filters = SETS[i].rank == 0 ? 0 : SETS[i].packed ? 2 : 1;
            ck_assert_int_eq(H5Pget_nfilters(list), filters);
            for (int f = 0; f < filters; f++) {
                unsigned flags, config, level = 0;
                size_t count = 1;
                const H5Z_filter_t filter =
                    H5Pget_filter2(list, (unsigned)f, &flags, &count, &level, 0, NULL, &config);
                ck_assert_int_eq(filter,
                                 f + 1 == filters ? H5Z_FILTER_FLETCHER32 : H5Z_FILTER_DEFLATE);
                ck_assert(filter != H5Z_FILTER_DEFLATE || level == 4);
            }
            if (SETS[i].rank > 0) {
                ck_assert_int_eq(H5Pget_chunk(list, 3, chunk), (int)SETS[i].rank);
                ck_assert_mem_eq(chunk, SETS[i].chunk, SETS[i].rank * sizeof(*chunk));
            }
            H5Pget_obj_track_times(list, &times);
            ck_assert(!times);
            H5Pfill_value_defined(list, &defined);
            ck_assert_int_eq(defined == H5D_FILL_VALUE_USER_DEFINED, filled);
            H5Pget_fill_value(list, H5T_NATIVE_DOUBLE, &back);
            ck_assert_double_eq(back, filled ? fill : 0.0);
            H5Pclose(list);
        }
    const hsize_t none = 0; /* no chunk at all: no list */
    ck_assert_int_lt(ph_dataset_properties(1, &none, 8, H5T_NATIVE_DOUBLE, NULL), 0);
    end();
}
END_TEST

PH_TEST_MAIN("attributes", texts, types, not_single, storage)
