/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The way of HDF5 to a file that we have opened, and which file may be put in the place of which.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/store/gridfile_private.h"
#include "sim/store/shard.h"
#include "tests/params/parse.h"

static char folder[64], path[96];
static ph_report_t report;

static void begin(void)
{
    snprintf(folder, sizeof(folder), "/tmp/polyhebb-driver-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/file.h5", folder);
    ph_report_init(&report);
}

static void end(void)
{
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0);
    ph_report_free(&report);
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

static void make_text(void)
{
    FILE *stream = fopen(path, "w");
    fputs("a letter\n", stream);
    fclose(stream);
}

static void make_empty(void)
{
    fclose(fopen(path, "w"));
}

static void make_kind(const char *kind)
{
    ph_gridfile_t file;
    ph_grid_t grid;
    parse(&grid, "network: { neurons: 10, patterns: 1 }\nnoise: [0.1, 0.2]\n"
                 "dynamics: { sweeps: 1 }\n");
    ck_assert_int_eq(ph_gridfile_create(&file, path, kind, &grid, NULL), PH_OK);
    ck_assert_int_eq(ph_gridfile_commit(&file, NULL), PH_OK);
    ph_grid_free(&grid);
}

static void make_run(void)
{
    make_kind("run");
}

static void make_theory(void)
{
    make_kind("theory");
}

static void make_cut(void)
{
    make_kind("run");
    ck_assert_int_eq(truncate(path, 1000), 0);
}

static void make_protected(void)
{
    make_kind("run");
    ck_assert_int_eq(chmod(path, 0400), 0);
}

static void make_pipe(void)
{
    ck_assert_int_eq(mkfifo(path, 0600), 0);
}

static const struct {
    void (*make)(void);
    bool is_run;
    int run, theory; /* whether one of that kind may take its place */
    const char *words;
} PLACES[] = {
    {NULL, false, PH_OK, PH_OK, NULL},
    {make_empty, false, PH_OK, PH_OK, NULL},
    {make_run, true, PH_OK, PH_ERR_INPUT, NULL},
    {make_theory, false, PH_ERR_INPUT, PH_OK, "is not a whole run file, so it is not overwritten"},
    {make_text, false, PH_ERR_INPUT, PH_ERR_INPUT, "give another output with -o, or remove it"},
    {make_cut, false, PH_ERR_INPUT, PH_ERR_INPUT, "is not a whole run file"},
    {make_pipe, false, PH_ERR_INPUT, PH_ERR_INPUT, "file.h5"},
    {make_protected, true, PH_ERR_INPUT, PH_ERR_INPUT, "file.h5"},
};

/* Only nothing, an empty file, or a whole one of the same kind is replaced; whatever was there is
 * still there. */
START_TEST(replaceable)
{
    struct stat before = {0}, after = {0};
    begin();
    if (PLACES[_i].make != NULL)
        PLACES[_i].make();
    const bool there = stat(path, &before) == 0;
    ck_assert_int_eq(ph_gridfile_is(path, "run"), PLACES[_i].is_run);
    ck_assert_int_eq(ph_gridfile_replaceable(path, "run", &report), PLACES[_i].run);
    ck_assert_uint_eq(report.count, PLACES[_i].run != PH_OK);
    if (PLACES[_i].run != PH_OK)
        ck_assert_msg(strstr(report.messages[0].text, PLACES[_i].words) != NULL, "%s",
                      report.messages[0].text);
    ck_assert_int_eq(ph_gridfile_replaceable(path, "theory", &report), PLACES[_i].theory);
    ck_assert_int_eq(stat(path, &after) == 0, there);
    ck_assert(before.st_ino == after.st_ino && before.st_size == after.st_size);
    end();
}
END_TEST

/* Where nothing can be, a place is no place. */
START_TEST(no_place)
{
    begin();
    ck_assert_int_eq(ph_gridfile_replaceable("/dev/null/file", "run", &report), PH_ERR_IO);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "/dev/null/file"));
    end();
}
END_TEST

static const struct {
    uint32_t number, count;
    bool can_be;
} SHARDS[] = {{0, 1, true},
              {0, 2, true},
              {1, 2, true},
              {2, 2, false},
              {PH_SHARDS_MAX - 1, PH_SHARDS_MAX, true},
              {0, 0, false},
              {0, PH_SHARDS_MAX + 1, false},
              {UINT32_MAX, UINT32_MAX, false}};

/* The part of a run that a file is, written and read; none, or one that cannot be, is the whole. */
START_TEST(shards)
{
    for (size_t i = 0; i < sizeof(SHARDS) / sizeof(SHARDS[0]); i++) {
        ph_gridfile_t file;
        ph_grid_t grid;
        begin();
        parse(&grid, "network: { neurons: 10, patterns: 1 }\nnoise: 0.1\n"
                     "dynamics: { sweeps: 1 }\n");
        ck_assert_int_eq(ph_gridfile_create(&file, path, "run", &grid, &report), PH_OK);
        ph_shard_t shard = ph_shard_read(&file);
        ck_assert(shard.number == 0 && shard.count == 1);
        shard = (ph_shard_t){SHARDS[i].number, SHARDS[i].count};
        ck_assert_int_eq(ph_shard_write(&file, shard, &report), PH_OK);
        shard = ph_shard_read(&file);
        ck_assert_uint_eq(shard.number, SHARDS[i].can_be ? SHARDS[i].number : 0);
        ck_assert_uint_eq(shard.count, SHARDS[i].can_be ? SHARDS[i].count : 1);
        ck_assert_int_eq(ph_kernel_write(&file, "portable", &report), PH_OK);
        ck_assert_uint_eq(report.count, 0);
        ck_assert_int_eq(ph_kernel_write(&file, "twice", &report), PH_ERR_IO);
        ck_assert_ptr_nonnull(strstr(report.messages[0].text, "cannot write the kernel"));
        ck_assert_int_eq(ph_shard_write(&file, shard, &report), PH_ERR_IO);
        ck_assert_ptr_nonnull(strstr(report.messages[1].text, "cannot write which shard it is"));
        ph_gridfile_close(&file);
        ph_grid_free(&grid);
        end();
    }
}
END_TEST

PH_TEST_PROGRAM("driver")
{
    TCase *tcase = tcase_create("driver");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, round_trip);
    tcase_add_test(tcase, failed_writes);
    tcase_add_test(tcase, given_up);
    tcase_add_test(tcase, cut_file);
    tcase_add_loop_test(tcase, replaceable, 0, sizeof(PLACES) / sizeof(PLACES[0]));
    tcase_add_test(tcase, no_place);
    tcase_add_test(tcase, shards);
    return test_run("driver", tcase);
}
