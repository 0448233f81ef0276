/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Calls of HDF5 that print nothing, and the words for what fails in them. */
#include <stdio.h>
#include <string.h>

#include "data/quiet.h"
#include "tests/data/memory_file.h"
#include "tests/testing.h"

/* A failure is told with its cause where HDF5 gave one; without memory it is that, whatever status
 * was asked for, also where the allocation was ours; outside of begin and end no cause is known. */
START_TEST(words_of_failures)
{
    begin();
    ck_assert_int_eq(ph_hdf5_fail(&report, PH_ERR_DAMAGED, "f.h5", "is odd"), PH_ERR_DAMAGED);
    ck_assert_str_eq(report.messages[0].text, "f.h5: is odd");
    ck_assert_int_lt(H5Dopen2(file, "nothing", H5P_DEFAULT), 0);
    ck_assert_str_ne(quiet.cause, "");
    ck_assert_int_eq(ph_hdf5_fail(&report, PH_ERR_IO, "f.h5", "is odd"), PH_ERR_IO);
    ck_assert_int_eq(strncmp(report.messages[1].text, "f.h5: is odd: ", 14), 0);
    ck_assert_str_eq(report.messages[1].text + 14, quiet.cause);
    ph_hdf5_no_memory();
    ck_assert_int_eq(ph_hdf5_fail(&report, PH_ERR_IO, "f.h5", "is odd"), PH_ERR_MEMORY);
    ck_assert_str_eq(report.messages[2].text, "f.h5: is odd: no memory");
    end();
    ph_report_init(&report);
    ph_hdf5_no_memory(); /* nobody listens */
    ck_assert_int_eq(ph_hdf5_fail(&report, PH_ERR_DAMAGED, "f.h5", "is odd"), PH_ERR_DAMAGED);
    ck_assert_str_eq(report.messages[0].text, "f.h5: is odd");
    ph_report_free(&report);
    begin(); /* a cause does not outlive its end */
    ck_assert(quiet.cause[0] == '\0' && !quiet.no_memory);
    end();
    ck_assert(ph_memory_left(1) && ph_memory_left(1 << 20));
    ck_assert(PH_TEST_SANITIZED || !ph_memory_left(SIZE_MAX / 4));
}
END_TEST

/* What is read through ph_hdf5_read() is what is there, for a whole dataset and a part; a failed
 * read leaves its cause. */
START_TEST(reads)
{
    const hsize_t extent = 6, start = 2, count = 3;
    const int32_t values[6] = {1, 2, 3, 4, 5, 6};
    int32_t back[6] = {0};
    begin();
    hid_t space = H5Screate_simple(1, &extent, NULL), memory = H5Screate_simple(1, &count, NULL);
    hid_t set =
        H5Dcreate2(file, "set", H5T_STD_I32LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(set, H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    ck_assert_int_ge(ph_hdf5_read(set, H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, back), 0);
    ck_assert_mem_eq(back, values, sizeof(back));
    memset(back, 0, sizeof(back));
    H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, NULL, &count, NULL);
    ck_assert_int_ge(ph_hdf5_read(set, H5T_NATIVE_INT32, memory, space, back), 0);
    ck_assert(back[0] == 3 && back[2] == 5 && back[3] == 0);
    ck_assert_str_eq(quiet.cause, "");
    ck_assert_int_lt(ph_hdf5_read(set, H5T_C_S1, H5S_ALL, H5S_ALL, back), 0);
    ck_assert_str_ne(quiet.cause, "");
    ck_assert_int_lt(ph_hdf5_read(H5I_INVALID_HID, H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, back), 0);
    H5Dclose(set);
    H5Sclose(space);
    H5Sclose(memory);
    end();
}
END_TEST

PH_TEST_MAIN("quiet", words_of_failures, reads)
