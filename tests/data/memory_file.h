/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_MEMORY_FILE_H
#define PH_TESTS_MEMORY_FILE_H

/* An HDF5 file in memory, within quiet calls (data/quiet.h): begin(), then end(). */
#include <check.h>
#include <hdf5.h>

#include "data/quiet.h"

static hid_t file;
static ph_quiet_t quiet;
static ph_report_t report;

static inline void begin(void)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fapl_core(access, 1 << 16, false);
    file = H5Fcreate("memory", H5F_ACC_TRUNC, H5P_DEFAULT, access);
    ck_assert_int_ge(file, 0);
    H5Pclose(access);
    ph_report_init(&report);
    ph_quiet_begin(&quiet);
}

/* Of all that was opened since begin() the file alone is still open. */
static inline void end(void)
{
    ck_assert_int_eq(H5Fget_obj_count(file, H5F_OBJ_ALL), 1);
    ph_quiet_end(&quiet);
    ck_assert_int_ge(H5Fclose(file), 0);
    ph_report_free(&report);
}

#endif
