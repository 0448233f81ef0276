/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The way of HDF5 to a file that we have opened. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/hdf5_driver.h"
#include "tests/testing.h"

static char folder[64], path[96];

static void begin(void)
{
    snprintf(folder, sizeof(folder), "/tmp/polyhebb-driver-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/file.h5", folder);
}

static void end(void)
{
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0);
}

static bool is_open(int descriptor)
{
    return fcntl(descriptor, F_GETFD) >= 0;
}

/* A file of HDF5 by way of the driver, whatever name HDF5 is given. */
static hid_t open_by(ph_hdf5_driver_t *driver, bool create)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS), file;
    ck_assert_int_ge(ph_hdf5_driver_use(driver, access), 0);
    file = create ? H5Fcreate("no/such/name", H5F_ACC_TRUNC, H5P_DEFAULT, access)
                  : H5Fopen("no/such/name", H5F_ACC_RDONLY, access);
    H5Pclose(access);
    return file;
}

static void put_numbers(hid_t file, hsize_t count)
{
    static int32_t numbers[1 << 16];
    for (hsize_t i = 0; i < count; i++)
        numbers[i] = (int32_t)i;
    hid_t space = H5Screate_simple(1, &count, NULL);
    hid_t set =
        H5Dcreate2(file, "set", H5T_STD_I32LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    ck_assert_int_ge(set, 0);
    H5Dwrite(set, H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers);
    H5Dclose(set);
    H5Sclose(space);
}

/* Read over `stale` numbers, or over the right ones, which must not be taken for what is read. */
static bool has_numbers(hid_t file, hsize_t count, bool stale)
{
    static int32_t numbers[1 << 16];
    for (hsize_t i = 0; i < count; i++)
        numbers[i] = stale ? -1 : (int32_t)i;
    hid_t set = H5Dopen2(file, "set", H5P_DEFAULT);
    bool right = H5Dread(set, H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers) >= 0;
    for (hsize_t i = 0; right && i < count; i++)
        right = numbers[i] == (int32_t)i;
    H5Dclose(set);
    return right;
}

/* Files of any size come back; the descriptor is closed with its last user, not before. */
START_TEST(round_trip)
{
    static const hsize_t COUNTS[] = {1, 100, 1 << 16};
    for (size_t i = 0; i < 3; i++) {
        begin();
        int descriptor = open(path, O_RDWR | O_CREAT, 0600);
        ph_hdf5_driver_t *driver = ph_hdf5_driver_new(descriptor);
        ck_assert_int_eq(ph_hdf5_driver_descriptor(driver), descriptor);
        hid_t file = open_by(driver, true);
        ck_assert_int_ge(file, 0);
        put_numbers(file, COUNTS[i]);
        ck_assert_int_ge(H5Fclose(file), 0);
        ck_assert_int_eq(ph_hdf5_driver_error(driver), 0);
        ck_assert(is_open(descriptor)); /* to be synced and put in place */
        ph_hdf5_driver_drop(driver);
        ck_assert(!is_open(descriptor));
        descriptor = open(path, O_RDONLY);
        driver = ph_hdf5_driver_new(descriptor);
        file = open_by(driver, false);
        ck_assert(has_numbers(file, COUNTS[i], true));
        ck_assert_int_ge(H5Fclose(file), 0);
        ph_hdf5_driver_drop(driver);
        ck_assert(!is_open(descriptor));
        end();
    }
}
END_TEST

/* A failed write is kept from HDF5, which goes on and closes; the first error is remembered. */
START_TEST(failed_writes)
{
    begin();
    close(open(path, O_RDWR | O_CREAT, 0600));
    ph_hdf5_driver_t *driver = ph_hdf5_driver_new(open(path, O_RDONLY));
    hid_t file = open_by(driver, true);
    ck_assert_int_ge(file, 0);
    put_numbers(file, 1000);
    ck_assert_int_ge(H5Fclose(file), 0);
    ck_assert_int_eq(ph_hdf5_driver_error(driver), EBADF);
    struct stat facts;
    ck_assert_int_eq(stat(path, &facts), 0);
    ck_assert_int_eq(facts.st_size, 0);
    ph_hdf5_driver_drop(driver);
    ck_assert_int_eq(ph_hdf5_driver_error(NULL), 0);
    ph_hdf5_driver_drop(NULL);
    end();
}
END_TEST

/* A driver given up while HDF5 still has the file: nothing more is written, what is read are
 * zeros, and the descriptor is not closed under HDF5, or its number would mean another file. */
START_TEST(given_up)
{
    begin();
    const int descriptor = open(path, O_RDWR | O_CREAT, 0600);
    ph_hdf5_driver_t *driver = ph_hdf5_driver_new(descriptor);
    hid_t access = H5Pcreate(H5P_FILE_ACCESS); /* kept: HDF5 1.10 reads a driver that it let go */
    ck_assert_int_ge(ph_hdf5_driver_use(driver, access), 0);
    hid_t file = H5Fcreate("any", H5F_ACC_TRUNC, H5P_DEFAULT, access);
    ck_assert_int_ge(file, 0);
    ph_hdf5_driver_drop(driver);
    ck_assert(is_open(descriptor));
    struct stat facts;
    ck_assert_int_eq(stat(path, &facts), 0);
    put_numbers(file, 1000);
    const off_t before = facts.st_size;
    H5Fclose(file);
    H5Pclose(access);
    ck_assert(!is_open(descriptor));
    ck_assert_int_eq(stat(path, &facts), 0);
    ck_assert_int_eq(facts.st_size, before);
    end();
}
END_TEST

/* Bytes past the end of a file are zeros, not an error of the system: what HDF5 makes of them is
 * damage. */
START_TEST(cut_file)
{
    begin();
    ph_hdf5_driver_t *driver = ph_hdf5_driver_new(open(path, O_RDWR | O_CREAT, 0600));
    hid_t file = open_by(driver, true);
    put_numbers(file, 1 << 14);
    H5Fclose(file);
    ph_hdf5_driver_drop(driver);
    const int descriptor = open(path, O_RDWR);
    driver = ph_hdf5_driver_new(descriptor);
    file = open_by(driver, false);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(ftruncate(descriptor, 6000), 0);
    ck_assert(!has_numbers(file, 1 << 14, false));
    ck_assert_int_eq(ph_hdf5_driver_error(driver), 0);
    H5Fclose(file);
    ph_hdf5_driver_drop(driver);
    end();
}
END_TEST

PH_TEST_MAIN("driver", round_trip, failed_writes, given_up, cut_file)
