/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/gridfile.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/store/attributes.h"
#include "sim/store/shard.h"
#include "tests/testing.h"

static const char GRID[] = "title: a title\n"
                           "network: { neurons: 60, patterns: [2, 3], dilution: 0.25 }\n"
                           "noise: [0.1, 0.2, 0.5]\n"
                           "dynamics: { sampler: [glauber, metropolis], sweeps: 20 }\n";
static const char POINT[] = "network: { neurons: 60, patterns: 3, dilution: 0.25 }\n"
                            "noise: 0.1\n"
                            "dynamics: { sweeps: 20 }\n";

static char path[64], partial[80];
static ph_grid_t grid;
static ph_report_t report;

static void begin(const char *text)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-gridfile-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    unlink(path);
    snprintf(partial, sizeof(partial), "%s.partial", path);
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", 0, NULL, &report), PH_OK);
}

static void end(void)
{
    unlink(path);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

static bool said(const char *words)
{
    for (size_t i = 0; i < report.count; i++)
        if (strstr(report.messages[i].text, words) != NULL)
            return true;
    return false;
}

static int layout(ph_gridfile_t *file, size_t length)
{
    const double fill = NAN;
    const char *dims[] = {"row", "column"};
    const double values[] = {0.5, 1.5, 2.5};
    const ph_array_t array = {.name = "field",
                              .long_name = "a test field",
                              .unit = "1",
                              .type = H5T_NATIVE_DOUBLE,
                              .fill = &fill,
                              .dims_count = 2,
                              .dims = dims};
    int status = ph_gridfile_dim(file, "row", length, NULL, NULL, NULL, &report);
    if (status == PH_OK)
        status = ph_gridfile_dim(file, "column", 3, values, "1", "column", &report);
    return status == PH_OK ? ph_gridfile_array(file, &array, &report) : status;
}

static void write_file(size_t length)
{
    ph_gridfile_t file;
    ck_assert_int_eq(ph_gridfile_create(&file, path, "run", &grid, &report), PH_OK);
    ck_assert_int_eq(layout(&file, length), PH_OK);
    const size_t offset[] = {1, 0}, count[] = {2, 3};
    for (size_t p = 0; p < grid.points_count; p++) {
        double box[6];
        for (size_t i = 0; i < 6; i++)
            box[i] = (double)p + (double)i / 8;
        ck_assert_int_eq(
            ph_gridfile_write(&file, "field", p, offset, count, H5T_NATIVE_DOUBLE, box, &report),
            PH_OK);
    }
    ck_assert_int_eq(ph_gridfile_commit(&file, &report), PH_OK);
}

static int reopen(const char *kind)
{
    ph_gridfile_t file;
    int status = ph_gridfile_open(&file, path, kind, &report);
    ph_gridfile_close(&file);
    return status;
}

static void check_boxes(void)
{
    ph_gridfile_t file;
    const size_t offset[] = {0, 0}, count[] = {4, 3};
    ck_assert_int_eq(ph_gridfile_open(&file, path, "run", &report), PH_OK);
    ck_assert_int_eq(layout(&file, 4), PH_OK);
    ck_assert(ph_digest_equal(file.grid->digest, grid.digest));
    for (size_t p = 0; p < grid.points_count; p++) {
        double box[12];
        ck_assert_int_eq(
            ph_gridfile_read(&file, "field", p, offset, count, H5T_NATIVE_DOUBLE, box, &report),
            PH_OK);
        for (size_t i = 0; i < 12; i++)
            if (i < 3 || i >= 9)
                ck_assert(isnan(box[i]));
            else
                ck_assert_double_eq(box[i], (double)p + (double)(i - 3) / 8);
    }
    ck_assert_int_eq(ph_gridfile_verify(&file, &report), PH_OK);
    ck_assert(ph_gridfile_has(&file, "field") && !ph_gridfile_has(&file, "nothing"));
    ph_gridfile_close(&file);
}

/* Boxes come back where they were put, the rest is the fill value, with and without axes. */
START_TEST(test_boxes)
{
    const char *const texts[] = {GRID, POINT};
    for (size_t i = 0; i < 2; i++) {
        begin(texts[i]);
        write_file(4);
        check_boxes();
        end();
    }
}
END_TEST

/* A file's name appears with commit only; without it nothing is left. */
START_TEST(test_commit)
{
    ph_gridfile_t file;
    begin(GRID);
    ck_assert_int_eq(ph_gridfile_create(&file, path, "run", &grid, &report), PH_OK);
    ck_assert_int_eq(access(path, F_OK), -1);
    ck_assert_int_eq(access(partial, F_OK), 0);
    ph_gridfile_close(&file);
    ck_assert_int_eq(access(partial, F_OK), -1);
    ph_gridfile_close(&file);
    write_file(4);
    ck_assert_int_eq(access(path, F_OK), 0);
    ck_assert_int_eq(access(partial, F_OK), -1);
    end();
}
END_TEST

/* The numbers HDF5 gives to what it opens next: they only rise. */
typedef struct {
    hid_t space, type;
} mark_t;

static mark_t next_numbers(void)
{
    const mark_t mark = {.space = H5Screate(H5S_SCALAR), .type = H5Tcopy(H5T_NATIVE_INT)};
    H5Sclose(mark.space);
    H5Tclose(mark.type);
    return mark;
}

/* How many spaces and types opened since then are still open. */
static size_t left_open(mark_t since)
{
    const mark_t now = next_numbers();
    size_t sum = 0;
    for (hid_t id = since.space; id < now.space; id++)
        sum += H5Iis_valid(id) > 0;
    for (hid_t id = since.type; id < now.type; id++)
        sum += H5Iis_valid(id) > 0;
    return sum;
}

/* A box more or less read, written or verified, a note taken: HDF5 holds no more open than before,
 * so a long run does not grow. */
START_TEST(test_nothing_held)
{
    ph_gridfile_t file;
    double box[6] = {0, 1, 2, 3, 4, 5};
    const size_t offset[] = {1, 0}, count[] = {2, 3};
    begin(GRID);
    write_file(4);
    const mark_t closed = next_numbers();
    ck_assert_int_eq(ph_gridfile_create(&file, path, "run", &grid, &report), PH_OK);
    ck_assert_int_eq(layout(&file, 4), PH_OK);
    const mark_t open = next_numbers();
    const ssize_t objects = H5Fget_obj_count(file.file, H5F_OBJ_ALL);
    for (size_t p = 0; p < grid.points_count; p++)
        ck_assert_int_eq(
            ph_gridfile_write(&file, "field", p, offset, count, H5T_NATIVE_DOUBLE, box, &report),
            PH_OK);
    ck_assert_int_eq(
        ph_gridfile_read(&file, "field", 1, offset, count, H5T_NATIVE_DOUBLE, box, &report), PH_OK);
    ck_assert_int_eq(ph_gridfile_verify(&file, &report), PH_OK);
    ck_assert_int_eq(ph_shard_write(&file, (ph_shard_t){2, 5}, &report), PH_OK);
    ck_assert_int_eq(ph_kernel_write(&file, "sse2", &report), PH_OK);
    ck_assert_uint_eq(ph_shard_read(&file).number, 2);
    ck_assert_uint_eq(left_open(open), 0);
    ck_assert_int_eq(H5Fget_obj_count(file.file, H5F_OBJ_ALL), objects);
    ck_assert_int_eq(ph_gridfile_commit(&file, &report), PH_OK);
    ck_assert_uint_eq(left_open(closed), 0);
    ck_assert_int_eq(H5Fget_obj_count(H5F_OBJ_ALL, H5F_OBJ_ALL), 0);
    end();
}
END_TEST

/* The cause told is that of the first failure, by its innermost words; what fails while cleaning up
 * behind it does not count, and HDF5 prints again afterwards. */
START_TEST(test_cause)
{
    ph_quiet_t quiet;
    H5E_auto2_t before, during, after;
    void *data;
    H5Eget_auto2(H5E_DEFAULT, &before, &data);
    ph_quiet_begin(&quiet);
    H5Eget_auto2(H5E_DEFAULT, &during, &data);
    ck_assert_str_eq(quiet.cause, "");
    ck_assert_int_lt(H5Fopen("/nowhere/at/all.h5", H5F_ACC_RDONLY, H5P_DEFAULT), 0);
    ck_assert_ptr_nonnull(strstr(quiet.cause, "No such file or directory"));
    ck_assert_int_lt(H5Gclose(-1), 0);
    ck_assert_ptr_nonnull(strstr(quiet.cause, "No such file or directory"));
    ph_quiet_end(&quiet);
    H5Eget_auto2(H5E_DEFAULT, &after, &data);
    ck_assert(before == after && before != during);
}
END_TEST

/* Absent files and folders that are not there are PH_ERR_IO, folders in place of files foreign. */
START_TEST(test_unreadable)
{
    ph_gridfile_t file;
    begin(GRID);
    ck_assert_int_eq(reopen("run"), PH_ERR_IO);
    ck_assert(said("No such file"));
    ck_assert_int_eq(ph_gridfile_create(&file, "/nowhere/at/all.h5", "run", &grid, &report),
                     PH_ERR_IO);
    ck_assert(said("/nowhere/at/all.h5.partial: cannot be made"));
    ck_assert(said("No such file or directory"));
    ph_gridfile_close(&file);
    ck_assert_int_eq(ph_gridfile_open(&file, "/tmp", "run", &report), PH_ERR_FORMAT);
    ck_assert(said("/tmp: is a folder"));
    ph_gridfile_close(&file);
    end();
}
END_TEST

/* A foreign file is PH_ERR_FORMAT: no HDF5, no file of ours, the other kind, a newer format. */
START_TEST(test_foreign)
{
    begin(GRID);
    FILE *stream = fopen(path, "w");
    ck_assert_ptr_nonnull(stream);
    fputs("noise magnetization\n0.1 0.9\n", stream);
    fclose(stream);
    ck_assert_int_eq(reopen("run"), PH_ERR_FORMAT);
    ck_assert(said("not an HDF5 file"));

    hid_t foreign = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    ck_assert_int_ge(H5Fclose(foreign), 0);
    ck_assert_int_eq(reopen("run"), PH_ERR_FORMAT);
    ck_assert(said("not one written by polyhebb"));

    write_file(4);
    ck_assert_int_eq(reopen("theory"), PH_ERR_FORMAT);
    ck_assert(said("a run file, but a theory file was expected"));

    const int version = PH_FILE_FORMAT_VERSION + 1;
    hid_t newer = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t attribute = H5Aopen(newer, "format_version", H5P_DEFAULT);
    ck_assert_int_ge(H5Awrite(attribute, H5T_NATIVE_INT, &version), 0);
    H5Aclose(attribute);
    H5Fclose(newer);
    ck_assert_int_eq(reopen("run"), PH_ERR_FORMAT);
    ck_assert(said("format version 2"));
    end();
}
END_TEST

/* A file cut anywhere is PH_ERR_DAMAGED, or PH_ERR_FORMAT once its signature is gone. */
START_TEST(test_truncated)
{
    struct stat facts;
    begin(GRID);
    write_file(4);
    ck_assert_int_eq(stat(path, &facts), 0);
    for (off_t length = facts.st_size - 1; length >= 0; length -= 97) {
        ck_assert_int_eq(truncate(path, length), 0);
        ck_assert_int_eq(reopen("run"), length < 8 ? PH_ERR_FORMAT : PH_ERR_DAMAGED);
    }
    end();
}
END_TEST

static void overwrite(const char *name, double value)
{
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t set = H5Dopen2(file, name, H5P_DEFAULT);
    double values[8];
    ck_assert_int_ge(H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), 0);
    values[1] = value;
    ck_assert_int_ge(H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), 0);
    H5Dclose(set);
    H5Fclose(file);
}

/* Coordinates, of axes and inner dimensions, that are not the grid's are found. */
START_TEST(test_coordinates)
{
    ph_gridfile_t file;
    begin(GRID);
    write_file(4);
    overwrite("noise", 0.3);
    ck_assert_int_eq(reopen("run"), PH_ERR_DAMAGED);
    ck_assert(said("coordinate \"noise\""));
    overwrite("noise", 0.2);
    ck_assert_int_eq(reopen("run"), PH_OK);
    overwrite("column", 1.25);
    ck_assert_int_eq(ph_gridfile_open(&file, path, "run", &report), PH_OK);
    ck_assert_int_eq(layout(&file, 4), PH_ERR_DAMAGED);
    ck_assert(said("coordinate \"column\""));
    ph_gridfile_close(&file);
    end();
}
END_TEST

/* A grid that was edited in the file no longer has the digest the file was made with. */
START_TEST(test_grid_text)
{
    static char text[65536];
    begin(GRID);
    write_file(4);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t set = H5Dopen2(file, "/provenance/grid_bytes", H5P_DEFAULT);
    ck_assert_int_ge(H5Dread(set, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, text), 0);
    char *neurons = strstr(text, "60");
    ck_assert_ptr_nonnull(neurons);
    neurons[0] = '7';
    ck_assert_int_ge(H5Dwrite(set, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, text), 0);
    H5Dclose(set);
    H5Fclose(file);
    ck_assert_int_eq(reopen("run"), PH_ERR_DAMAGED);
    ck_assert(said("grid_digest"));
    end();
}
END_TEST

/* An array of another extent than asked for is PH_ERR_DAMAGED, an unknown one PH_ERR_INPUT. */
START_TEST(test_shapes)
{
    ph_gridfile_t file;
    double value = 0;
    const size_t zero[] = {0, 0}, one[] = {1, 1};
    begin(GRID);
    write_file(4);
    ck_assert_int_eq(ph_gridfile_open(&file, path, "run", &report), PH_OK);
    ck_assert_int_eq(layout(&file, 5), PH_ERR_DAMAGED);
    ck_assert_int_eq(
        ph_gridfile_read(&file, "nothing", 0, zero, one, H5T_NATIVE_DOUBLE, &value, &report),
        PH_ERR_INPUT);
    ph_gridfile_close(&file);
    end();
}
END_TEST

/* Chunks of large arrays hold 64 to 512 KiB and stay within a point; small points share them. */
START_TEST(test_chunks)
{
    const size_t lengths[] = {4, 1000, 30000, 200000};
    for (size_t i = 0; i < 4; i++) {
        ph_gridfile_t file;
        hsize_t bytes = sizeof(double);
        begin(GRID);
        ck_assert_int_eq(ph_gridfile_create(&file, path, "run", &grid, &report), PH_OK);
        ck_assert_int_eq(layout(&file, lengths[i]), PH_OK);
        const ph_dataset_t *set = &file.arrays[0];
        for (size_t d = 0; d < set->rank; d++)
            bytes *= set->chunk[d];
        ck_assert_uint_le(bytes, 524288);
        if (lengths[i] * 24 > 65536)
            ck_assert_uint_ge(bytes, 65536);
        for (size_t d = 0; d < grid.axes_count; d++)
            ck_assert_uint_eq(set->chunk[d], lengths[i] > 4 ? 1 : set->extent[d]);
        ph_gridfile_close(&file);
        end();
    }
}
END_TEST

/* Takes a line with a default out of the grid's text, as of a polyhebb that did not know the key.
 */
static void forget_key(const char *line)
{
    char *at = strstr(grid.text, line);
    ck_assert_ptr_nonnull(at);
    memmove(at, at + strlen(line), strlen(at + strlen(line)) + 1);
}

/* A file from before a key was added is read with the key's default; a text that is not the one
 * the digest was made of is damage. */
START_TEST(test_older_grid)
{
    for (int honest = 0; honest < 2; honest++) {
        ph_gridfile_t file;
        begin(POINT);
        const ph_digest_t now = grid.digest;
        forget_key("  loss: false\n");
        const char *body = strchr(grid.text, '\n') + 1;
        if (honest)
            grid.digest = ph_digest_bytes(body, strlen(body));
        write_file(4);
        ck_assert_int_eq(ph_gridfile_open(&file, path, "run", &report),
                         honest ? PH_OK : PH_ERR_DAMAGED);
        ck_assert(!honest || ph_digest_equal(file.grid->digest, now));
        ph_gridfile_close(&file);
        end();
    }
}
END_TEST

PH_TEST_MAIN("gridfile", test_boxes, test_commit, test_nothing_held, test_cause, test_unreadable,
             test_foreign, test_truncated, test_coordinates, test_grid_text, test_shapes,
             test_chunks, test_older_grid)
