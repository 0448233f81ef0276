/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A run file with each of its parts taken away, or another in its place: what is read is missed,
 * by name; what is there for people and other programs is not. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/store/attributes.h"
#include "tests/sim/store/sample.h"
#include "tests/testing.h"

static const char GRID[] =
    "title: parts\nnetwork: { neurons: [20, 30], patterns: 2, dilution: [0.25, 0.5] }\nnoise: 0.1\n"
    "dynamics: { sweeps: [3, 4], sampler: [glauber, auto], burn_in: 1, record_every: 2 }\n"
    "ensemble: { samples: 2, replicas: 2 }\nrecord: { loss: true }\nzip: [[neurons, dilution]]\n";

enum { NAMES_MAX = 100, NAME_SIZE = 80 };

static char path[64];
static ph_grid_t grid;
static ph_report_t report;
static size_t names_count;
static char names[NAMES_MAX][NAME_SIZE];
static char *bytes;
static size_t size;

static herr_t take_name(hid_t group, const char *name, const H5L_info_t *facts, void *data)
{
    (void)group;
    (void)facts;
    (void)data;
    ck_assert_uint_lt(names_count, NAMES_MAX);
    snprintf(names[names_count++], NAME_SIZE, "%s", name);
    return 0;
}

static void put_back(void)
{
    FILE *stream = fopen(path, "wb");
    ck_assert_uint_eq(fwrite(bytes, 1, size, stream), size);
    fclose(stream);
}

/* A whole file, its bytes, and the names of all that is in it. */
static void begin(void)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-parts-XXXXXX");
    close(mkstemp(path));
    unlink(path);
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, GRID, "test", 0, NULL, &report), PH_OK);
    ck_assert_int_eq(sample_run(&grid, path, &report), PH_OK);
    FILE *stream = fopen(path, "rb");
    fseek(stream, 0, SEEK_END);
    size = (size_t)ftell(stream);
    rewind(stream);
    bytes = malloc(size);
    ck_assert_uint_eq(fread(bytes, 1, size, stream), size);
    fclose(stream);
    names_count = 0;
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    ck_assert_int_ge(H5Lvisit(file, H5_INDEX_NAME, H5_ITER_INC, take_name, NULL), 0);
    H5Fclose(file);
    ck_assert_uint_gt(names_count, 20);
}

static void end(void)
{
    unlink(path);
    free(bytes);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

/* The grid's text is there a second time, as bytes under a checksum: these are read. */
static bool is_needed(const char *name)
{
    return strcmp(name, "provenance/grid") != 0;
}

static int read_all(void)
{
    ph_runfile_t run;
    ph_report_free(&report);
    int status = ph_runfile_open(&run, path, &report);
    if (status == PH_OK)
        status = ph_runfile_verify(&run, &report);
    for (size_t p = 0; status == PH_OK && p < grid.points_count; p++) {
        ph_segment_t segment;
        status = ph_runfile_read(&run, p, 0, 0, 2, 0, &segment, &report);
        ph_segment_free(&segment);
    }
    ph_runfile_close(&run);
    return status;
}

/* Refused with messages that name the file, and the part. */
static void check_refused(const char *name, const char *how)
{
    const int status = read_all();
    const char *text = report.count > 0 ? report.messages[0].text : "";
    const char *leaf = strrchr(name, '/') != NULL ? strrchr(name, '/') + 1 : name;
    if (!is_needed(name)) {
        ck_assert_msg(status == PH_OK, "%s %s: %s", name, how, text);
        return;
    }
    ck_assert_msg(status == PH_ERR_DAMAGED || status == PH_ERR_FORMAT, "%s %s: status %d", name,
                  how, status);
    bool named = false;
    for (size_t i = 0; i < report.count; i++) {
        text = report.messages[i].text;
        ck_assert_msg(strncmp(text, path, strlen(path)) == 0, "%s %s: %s", name, how, text);
        named = named || strstr(text, leaf) != NULL || strstr(text, "the grid in /prov") != NULL;
    }
    ck_assert_msg(named, "%s %s: %s", name, how, text);
}

START_TEST(removed)
{
    begin();
    ck_assert_int_eq(read_all(), PH_OK);
    for (size_t i = 0; i < names_count; i += (size_t)test_step(5)) {
        hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
        ck_assert_int_ge(H5Ldelete(file, names[i], H5P_DEFAULT), 0);
        H5Fclose(file);
        check_refused(names[i], "removed");
        put_back();
    }
    ck_assert_int_eq(read_all(), PH_OK);
    end();
}
END_TEST

/* What stands in for a part: a number, a group, itself longer by one, of another type. */
typedef enum { BY_NUMBER, BY_GROUP, BY_LONGER, BY_TYPE, BY_LIST, STANDINS } standin_t;

static void put_set(hid_t file, const char *name, hid_t type, hid_t space)
{
    hid_t set = H5Dcreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    ck_assert_int_ge(set, 0);
    H5Dclose(set);
}

static void put_standin(hid_t file, const char *name, standin_t by)
{
    hid_t old = H5Oopen(file, name, H5P_DEFAULT), type = H5Tcopy(H5T_STD_I16LE);
    hid_t space = H5Screate(H5S_SCALAR);
    hsize_t extent[H5S_MAX_RANK] = {2, 3};
    int rank = 2;
    if (H5Iget_type(old) == H5I_DATASET) {
        hid_t own = H5Dget_space(old);
        if (by != BY_LIST)
            rank = H5Sget_simple_extent_dims(own, extent, NULL);
        H5Tclose(type);
        type = by == BY_TYPE ? H5Tcopy(H5T_STD_I16BE) : H5Dget_type(old);
        H5Sclose(own);
    }
    H5Oclose(old);
    ck_assert_int_ge(H5Ldelete(file, name, H5P_DEFAULT), 0);
    if (by == BY_GROUP) {
        H5Gclose(H5Gcreate2(file, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    } else {
        if (by != BY_NUMBER && rank > 0) {
            H5Sclose(space);
            extent[rank - 1] += by == BY_LONGER;
            space = H5Screate_simple(rank, extent, NULL);
        }
        put_set(file, name, type, space);
    }
    H5Sclose(space);
    H5Tclose(type);
}

/* A dimension without values is a length alone: any type does. */
static bool is_same(const char *name, standin_t by)
{
    return by == BY_TYPE && (strcmp(name, "moment") == 0 || strcmp(name, "byte") == 0);
}

START_TEST(replaced)
{
    static const char *const HOW[] = {"a number", "a group", "longer", "of another type", "a list"};
    begin();
    for (size_t i = 0; i < names_count; i += (size_t)test_step(5)) {
        if (strcmp(names[i], "provenance") == 0 && _i == BY_GROUP)
            continue; /* it is one; empty: as with each of its parts removed */
        hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
        put_standin(file, names[i], (standin_t)_i);
        H5Fclose(file);
        if (is_same(names[i], (standin_t)_i))
            ck_assert_int_eq(read_all(), PH_OK);
        else
            check_refused(names[i], HOW[_i]);
        put_back();
    }
    end();
}
END_TEST

static herr_t take_attribute(hid_t object, const char *name, const H5A_info_t *facts, void *data)
{
    (void)facts;
    (void)data;
    (void)object;
    snprintf(names[names_count++], NAME_SIZE, "%s", name);
    return 0;
}

/* Of the attributes of the file three are read: what kind of file it is, its version, its grid's
 * digest. The rest is for people. */
START_TEST(attributes_of_the_file)
{
    static const char *const READ[] = {"polyhebb_kind", "format_version", "grid_digest"};
    size_t missed = 0;
    begin();
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    names_count = 0;
    H5Aiterate2(file, H5_INDEX_NAME, H5_ITER_INC, NULL, take_attribute, NULL);
    H5Fclose(file);
    ck_assert_uint_eq(names_count, 6);
    for (size_t i = 0; i < names_count; i++) {
        bool needed = false;
        for (size_t k = 0; k < 3; k++)
            needed = needed || strcmp(names[i], READ[k]) == 0;
        file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
        ck_assert_int_ge(H5Adelete(file, names[i]), 0);
        H5Fclose(file);
        const int status = read_all();
        ck_assert_msg((status != PH_OK) == needed, "%s: %d", names[i], status);
        ck_assert_int_eq(ph_gridfile_is(path, "run"),
                         !needed || strcmp(names[i], "grid_digest") == 0);
        missed += status != PH_OK;
        put_back();
    }
    ck_assert_uint_eq(missed, 3);
    end();
}
END_TEST

/* Without any attribute of its arrays, dimension scales among them, a file reads as before. */
START_TEST(attributes_of_arrays)
{
    static char sets[NAMES_MAX][NAME_SIZE];
    begin();
    const size_t count = names_count;
    memcpy(sets, names, sizeof(sets));
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    size_t deleted = 0;
    for (size_t i = 0; i < count; i++) {
        hid_t object = H5Oopen(file, sets[i], H5P_DEFAULT);
        names_count = 0;
        H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, NULL, take_attribute, NULL);
        for (size_t k = 0; k < names_count; k++)
            deleted += H5Adelete(object, names[k]) >= 0;
        H5Oclose(object);
    }
    H5Fclose(file);
    ck_assert_uint_gt(deleted, 2 * count);
    ck_assert_int_eq(read_all(), PH_OK);
    ck_assert_uint_eq(report.count, 0);
    end();
}
END_TEST

PH_TEST_PROGRAM("parts")
{
    TCase *tcase = tcase_create("parts");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, removed);
    tcase_add_loop_test(tcase, replaced, 0, STANDINS);
    tcase_add_test(tcase, attributes_of_the_file);
    tcase_add_test(tcase, attributes_of_arrays);
    return test_run("parts", tcase);
}
