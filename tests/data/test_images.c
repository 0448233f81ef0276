/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images from files of every format: what they hold, what is said of those that are none, and that
 * no file, cut or changed, does harm. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/formats.h"
#include "tests/temporary.h"

static char path[64];

static void put(const char *content, size_t length)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-image-XXXXXX");
    temporary_file(path, content, length);
}

/* "2 1x2: 0 1 0.5 0": how many, their shape, all values. */
static void spell(const ph_images_t *images, char *text, size_t size)
{
    size_t used =
        (size_t)snprintf(text, size, "%zu %zux%zu:", images->count, images->rows, images->columns);
    for (size_t p = 0; p < images->count * images->rows * images->columns; p++)
        used += (size_t)snprintf(text + used, size - used, " %g", (double)images->values[p]);
    for (size_t k = 0; k < images->labels.count; k++)
        used += (size_t)snprintf(text + used, size - used, "%s%lld", k == 0 ? " of " : ",",
                                 (long long)images->labels.values[k]);
}

#define BYTES(text) text, sizeof(text) - 1

static const struct {
    const char *content;
    size_t length;
    ph_images_source_t source; /* but its path; most is 8 */
    const char *expected;
} FORMS[] = {
    {BYTES("P1\n# ink\n3 2\n101\n0 1 0\n"), {0}, "1 2x3: 0 1 0 1 0 1"},
    {BYTES("P4 9 1\n\x80\x80"), {.most = 9}, "1 1x9: 0 1 1 1 1 1 1 1 0"},
    {BYTES("P4\n2 2\n\x40\x80P4 2 2 \xff\xff\n"), {0}, "2 2x2: 1 0 0 1 0 0 0 0"},
    {BYTES("P2 2 1 4 # white\n 4\t1\n"), {0}, "1 1x2: 1 0.25"},
    {BYTES("P2#\n#\n2#\n1\n4\n0 2"), {0}, "1 1x2: 0 0.5"},
    {BYTES("P5\r\n2 1\r4\n\x04\x02"), {0}, "1 1x2: 1 0.5"},
    {BYTES("P5 1 2 1000\n\x03\xe8\x00\xfa"), {0}, "1 2x1: 1 0.25"},
    {BYTES("P5 1 1 10\n\nP5 1 1 5\n\x05"), {0}, "2 1x1: 1 1"}, /* a pixel of 10, a newline */
    {BYTES("\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x02\x01\x02\x03\xff"), {0}, "2 1x2: 1 2 3 255"},
    {BYTES("\0\0\x09\x02\0\0\0\x01\0\0\0\x02\x80\x7f"), {0}, "1 1x2: -128 127"},
    {BYTES("\0\0\x0b\x02\0\0\0\x01\0\0\0\x02\xff\xfe\x01\0"),
     {.rows = 2, .columns = 1},
     "1 2x1: -2 256"},
    {BYTES("\0\0\x0c\x02\0\0\0\x02\0\0\0\x01\x80\0\0\0\0\0\x01\x01"),
     {0},
     "2 1x1: -2.14748e+09 257"},
    {BYTES("\0\0\x0d\x02\0\0\0\x01\0\0\0\x01\xbf\xc0\0\0"), {0}, "1 1x1: -1.5"},
    {BYTES("\0\0\x0e\x02\0\0\0\x01\0\0\0\x01\x40\x04\0\0\0\0\0\0"), {0}, "1 1x1: 2.5"},
    {BYTES("0 1.5 -2e1\n4,5,6\n"), {0}, "2 1x3: 0 1.5 -20 4 5 6"},
    {BYTES("1 2 3 4"), {.rows = 2, .columns = 2}, "1 2x2: 1 2 3 4"},
    {BYTES("label,a\n7,0.5\n-3,1\n"), {.labels = "first"}, "2 1x1: 0.5 1 of 7,-3"},
    {BYTES("0.5 0.25 7\r\n1 2 8"), {.labels = "last"}, "2 1x2: 0.5 0.25 1 2 of 7,8"},
};

static int load(ph_images_t *images, const ph_images_source_t *source, ph_report_t *report)
{
    ph_images_source_t asked = *source;
    asked.path = path;
    asked.most = source->most > 0 ? source->most : 8;
    return ph_images_load(images, &asked, report);
}

START_TEST(forms)
{
    char text[256];
    ph_images_t images = {0};
    ph_report_t report;
    ph_report_init(&report);
    put(FORMS[_i].content, FORMS[_i].length);
    ck_assert_msg(load(&images, &FORMS[_i].source, &report) == PH_OK, "%s",
                  report.count > 0 ? report.messages[0].text : "");
    spell(&images, text, sizeof(text));
    ck_assert_str_eq(text, FORMS[_i].expected);
    ph_images_free(&images);
    ph_report_free(&report);
    unlink(path);
}
END_TEST

static const struct {
    const char *content;
    size_t length;
    ph_images_source_t source;
    int status;
    const char *message;
} BAD[] = {
    {BYTES("P5 2 1 255\n\x01"),
     {0},
     PH_ERR_INPUT,
     ": image 1, byte 11 (from 0): 1 bytes for 1 x 2 pixels, expected more: the file is cut short"},
    {BYTES("P5 9999999 9999999 65535\n\x01"), {0}, PH_ERR_INPUT, "9999999 x 9999999 pixels, exp"},
    {BYTES("P4 16777216 16777216\n\x01"), {0}, PH_ERR_INPUT, "16777216 x 16777216 pixels, exp"},
    {BYTES("P5 0 1 255\n"), {0}, PH_ERR_INPUT, "byte 3 (from 0): 0, expected a width, 1 to"},
    {BYTES("P5 2 16777217 255\n"), {0}, PH_ERR_INPUT, "more than 16777216, expected a height"},
    {BYTES("P5 2 18446744073709551617 255\n"), {0}, PH_ERR_INPUT, "expected a height, 1 to"},
    {BYTES("P5 2 1 65536\n\x01\x01\x01\x01"), {0}, PH_ERR_INPUT, "expected the greatest value, 1"},
    {BYTES("P5 2"), {0}, PH_ERR_INPUT, "byte 4 (from 0): the file ends, expected a height"},
    {BYTES("P5 2 x"), {0}, PH_ERR_INPUT, "byte 5 (from 0): no number, expected a height"},
    {BYTES("P5 2 1 9"), {0}, PH_ERR_INPUT, "no white space, expected one before the pixels"},
    {BYTES("P5 2 1 9\n\x09\x0a"),
     {0},
     PH_ERR_INPUT,
     "byte 10 (from 0): 10, expected at most 9, as"},
    {BYTES("P2 2 1 9\n9 10"),
     {0},
     PH_ERR_INPUT,
     "a number of more than 9, expected a pixel, 0 to 9"},
    {BYTES("P2 2 1 9\n99"), {0}, PH_ERR_INPUT, "a number of more than 9, expected a pixel"},
    {BYTES("P1 2 1\n12"), {0}, PH_ERR_INPUT, "a number of more than 1, expected a pixel, 0 to 1"},
    {BYTES("P1 2 1\n1 1 1"), {0}, PH_ERR_INPUT, "more behind its pixels, expected the end"},
    {BYTES("P4 8 1\n\x01P4 9 1\n\x01\x01"),
     {0},
     PH_ERR_INPUT,
     ": image 2 is of 1 x 9, expected 1 x 8"},
    {BYTES("P4 8 1\n\x01P5"), {0}, PH_ERR_INPUT, "image 2, byte 10 (from 0): the file ends, expe"},
    {BYTES("P4 8 1\n\x01junk"), {0}, PH_ERR_INPUT, "image 2, byte 8 (from 0): no head of an image"},
    {BYTES("P6 1 1 255\n\x01\x01\x01"),
     {0},
     PH_ERR_INPUT,
     "an image in colour (PPM), expected grey"},
    {BYTES("P7\nWIDTH 1"), {0}, PH_ERR_INPUT, "an image of another kind, expected P1 or P4"},
    {BYTES("P4 9 1\n\x80\x80"),
     {0},
     PH_ERR_LIMIT,
     ": 1 images of 1 x 9, with 0 before them, are more"},
    {BYTES("\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x02\x01\x02\x03"),
     {0},
     PH_ERR_INPUT,
     ": 3 bytes behind its head, expected 2 x 1 x 2 numbers of 1 byte as it says: the file is cut"},
    {BYTES("\0\0\x08\x02\0\0\0\x01\0\0\0\x01\x01\x02"),
     {0},
     PH_ERR_INPUT,
     ": 2 bytes behind its head, expected 1 x 1 numbers of 1 byte as it says"},
    {BYTES("\0\0\x0c\x02\0\0\0\x01\0\0\0\x01\x01\x02\0\0\0"),
     {0},
     PH_ERR_INPUT,
     ": 5 bytes behind its head, expected 1 x 1 numbers of 4 bytes"},
    {BYTES("\0\0\x08\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
     {0},
     PH_ERR_INPUT,
     ": 1 bytes behind its head, expected 4294967295 x 4294967295 x 4294967295 numbers"},
    {BYTES("\0\0\x08\x03\x80\0\0\0\x80\0\0\0\0\0\0\x04\x01"), /* 2^64 are not none */
     {0},
     PH_ERR_INPUT,
     ": 1 bytes behind its head, expected 2147483648 x 2147483648 x 4 numbers"},
    {BYTES("\0\0\x08\x02\0\0\0\x01\0\0\0\0"), {0}, PH_ERR_INPUT, ": 1 x 0 numbers, expected some"},
    {BYTES("\0\0\x08\x03\0\0\0\x01\0\0"), {0}, PH_ERR_INPUT, ": the file ends within its extents"},
    {BYTES("\0\0\x08\x01\0\0\0\x01\x07"),
     {0},
     PH_ERR_INPUT,
     "in one dimension, as labels are, exp"},
    {BYTES("\0\0\x08\x04\0\0\0\x01\x07"), {0}, PH_ERR_INPUT, "of type 0x08 in 4 dimensions, exp"},
    {BYTES("\0\0\x0d\x02\0\0\0\x01\0\0\0\x01\x7f\xc0\0\0"),
     {0},
     PH_ERR_INPUT,
     ": number 0 (from 0) is nan, expected a finite one"},
    {BYTES("\0\0\x0e\x02\0\0\0\x01\0\0\0\x01\x7f\xef\0\0\0\0\0\0"),
     {0},
     PH_ERR_INPUT,
     ": number 0 (from 0) is 1.7"},
    {BYTES("\0\0\x08\x02\0\0\0\x01\0\0\0\x02\x01\x02"),
     {.rows = 3, .columns = 1},
     PH_ERR_INPUT,
     ": images of 2 pixels, expected the 3 of a shape of 3x1"},
    {BYTES("\0\0\x08\x02\0\0\0\x03\0\0\0\x03\x01\x01\x01\x01\x01\x01\x01\x01\x01"),
     {0},
     PH_ERR_LIMIT,
     ": 3 images of 1 x 3, with 0 before them, are more than 8 pixels"},
    {BYTES("1 2\n3 1e39\n"), {0}, PH_ERR_INPUT, ":2:3: \"1e39\", expected the number of a pixel"},
    {BYTES("1 2\n3 nan\n"), {0}, PH_ERR_INPUT, ":2:3: \"nan\", expected the number of a pixel"},
    {BYTES("1 2\n3\n"), {0}, PH_ERR_INPUT, ":2:1: 1 values in this row, expected 2 as"},
    {BYTES("1 1 1 1 1\n1 1 1 1 1"), {0}, PH_ERR_INPUT, ":2:1: more than 8 entries"},
    {BYTES("1 1.5\n"), {.labels = "last"}, PH_ERR_INPUT, ":1:3: \"1.5\", expected a label"},
    {BYTES("1\n"), {.labels = "last"}, PH_ERR_INPUT, "a label without an example, expected pix"},
    {BYTES(""), {0}, PH_ERR_INPUT, ":1:1: no row of entries, expected rows of numbers"},
    {BYTES("\x1f\x8b\x08"),
     {0},
     PH_ERR_INPUT,
     ": is compressed (gzip), expected images; unpack it"},
    {BYTES("\x89PNG\r\n"), {0}, PH_ERR_INPUT, ": is an image of PNG, JPEG, GIF or TIFF, expected"},
    {BYTES("\x93NUMPY"),
     {0},
     PH_ERR_INPUT,
     ": is an array of numpy, expected images; numpy.savetxt"},
};

/* One message, with the place; what was read so far is freed. */
START_TEST(bad)
{
    ph_images_t images = {0};
    ph_report_t report;
    ph_report_init(&report);
    put(BAD[_i].content, BAD[_i].length);
    ck_assert_int_eq(load(&images, &BAD[_i].source, &report), BAD[_i].status);
    ph_images_free(&images);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_msg(strncmp(report.messages[0].text, path, strlen(path)) == 0 &&
                      strstr(report.messages[0].text, BAD[_i].message) != NULL,
                  "%s", report.messages[0].text);
    ph_report_free(&report);
    unlink(path);
}
END_TEST

/* Every beginning of a good file, and every byte of it changed: no more memory than `most` allows,
 * no value that is not finite, and none outside 0 to 1 from PNM. */
START_TEST(cut_and_changed)
{
    static const char CHANGES[] = {'\0', '\x01', '0', '9', ' ', '\x7f', '\x80', '\xff'};
    const size_t length = FORMS[_i].length;
    char content[64];
    size_t good = 0;
    for (size_t turn = 0; turn < length * (1 + sizeof(CHANGES)); turn++) {
        ph_images_t images = {0};
        const bool cut = turn < length;
        memcpy(content, FORMS[_i].content, length);
        if (!cut)
            content[(turn - length) / sizeof(CHANGES)] = CHANGES[(turn - length) % sizeof(CHANGES)];
        put(content, cut ? turn : length);
        const int status = load(&images, &FORMS[_i].source, NULL);
        ck_assert(status == PH_OK || status == PH_ERR_INPUT || status == PH_ERR_LIMIT);
        ck_assert(images.count * images.rows * images.columns <= 9);
        for (size_t p = 0; status == PH_OK && p < images.count * images.rows * images.columns; p++)
            ck_assert(isfinite(images.values[p]) &&
                      (content[0] != 'P' || (images.values[p] >= 0 && images.values[p] <= 1)));
        good += status == PH_OK;
        ph_images_free(&images);
        unlink(path);
    }
    ck_assert_uint_gt(good, 0);
    ck_assert_uint_lt(good, length * (1 + sizeof(CHANGES)));
}
END_TEST

/* Lists of labels: from IDX and from text. */
START_TEST(labels)
{
    static const struct {
        const char *content;
        size_t length;
        size_t count;
        const char *message;
    } LISTS[] = {
        {BYTES("\0\0\x08\x01\0\0\0\x02\x07\xff"), 2, NULL},
        {BYTES("\0\0\x0c\x01\0\0\0\x02\0\0\0\x07\0\0\0\xff"), 2, NULL},
        {BYTES("digit\n7\n255\n"), 2, NULL},
        {BYTES("7 255"), 2, NULL},
        {BYTES("7 255 1"), 0, "one label too many"},
        {BYTES("\0\0\x08\x01\0\0\0\x03\x07\x07\x07"), 0, ": 3 labels, expected at most 2"},
        {BYTES("\0\0\x0d\x01\0\0\0\x01\x3f\x80\0\0"), 0, ": reals in 1 dimensions, expected whole"},
        {BYTES("\0\0\x08\x02\0\0\0\x01\0\0\0\x01\x07"), 0, ": numbers in 2 dimensions, expected"},
        {BYTES("P4 1 1\n\x01"), 0, ": is an image (PBM, PGM), expected a list of whole numbers"},
    };
    ph_numbers_t numbers;
    ph_report_t report;
    ph_report_init(&report);
    put(LISTS[_i].content, LISTS[_i].length);
    const ph_table_source_t source = {.path = path, .most = 2};
    const int status = ph_numbers_load(&numbers, &source, &report);
    ck_assert_int_eq(status == PH_OK, LISTS[_i].message == NULL);
    if (status == PH_OK)
        ck_assert(numbers.count == 2 && numbers.values[0] == 7 && numbers.values[1] == 255);
    else
        ck_assert_msg(strstr(report.messages[0].text, LISTS[_i].message) != NULL, "%s",
                      report.messages[0].text);
    ph_numbers_free(&numbers);
    ph_report_free(&report);
    unlink(path);
}
END_TEST

static void put_in(const char *folder, const char *name, const char *content, size_t length)
{
    char file[128];
    put(content, length);
    snprintf(file, sizeof(file), "%s/%s", folder, name);
    ck_assert_int_eq(rename(path, file), 0);
}

/* A folder: its images in the order of their names, several files into one set, nothing hidden. */
START_TEST(folders)
{
    char text[128], folder[] = "/tmp/polyhebb-images-XXXXXX", file[128];
    ph_images_t images = {0};
    ph_report_t report;
    ph_report_init(&report);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    const ph_images_source_t source = {.path = folder, .most = 8};
    ck_assert_int_eq(ph_images_load(&images, &source, &report), PH_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "is an empty folder"));
    put_in(folder, "b", BYTES("P1 2 1 11"));
    put_in(folder, "a2", BYTES("P1 2 1 01"));
    put_in(folder, "a10", BYTES("P2 2 1 4 1 2"));
    put_in(folder, ".c", BYTES("junk"));
    ck_assert_int_eq(ph_images_load(&images, &source, &report), PH_OK);
    put("1 2", 3);
    ck_assert_int_eq(load(&images, &(ph_images_source_t){0}, &report), PH_OK);
    unlink(path);
    spell(&images, text, sizeof(text));
    ck_assert_str_eq(text, "4 1x2: 0.25 0.5 1 0 0 0 1 2");
    put("1 2", 3);
    ck_assert_int_eq(load(&images, &(ph_images_source_t){.most = 9}, &report), PH_ERR_LIMIT);
    unlink(path);
    ph_images_free(&images);
    put_in(folder, "z", BYTES("1 2"));
    ck_assert_int_eq(ph_images_load(&images, &source, &report), PH_ERR_INPUT);
    ck_assert_ptr_nonnull(
        strstr(report.messages[2].text, "/z: is a file of text, expected images"));
    ph_images_free(&images);
    static const char *const NAMES[] = {"b", "a2", "a10", ".c", "z"};
    for (size_t k = 0; k < 5; k++) {
        snprintf(file, sizeof(file), "%s/%s", folder, NAMES[k]);
        unlink(file);
    }
    ck_assert_int_eq(rmdir(folder), 0);
    ck_assert_int_eq(ph_images_load(&images, &source, NULL), PH_ERR_IO);
    ph_report_free(&report);
}
END_TEST

PH_TEST_PROGRAM("images")
{
    TCase *tcase = tcase_create("images");
    tcase_add_loop_test(tcase, forms, 0, sizeof(FORMS) / sizeof(FORMS[0]));
    tcase_add_loop_test(tcase, bad, 0, sizeof(BAD) / sizeof(BAD[0]));
    tcase_add_loop_test(tcase, cut_and_changed, 0, sizeof(FORMS) / sizeof(FORMS[0]));
    tcase_add_loop_test(tcase, labels, 0, 9);
    tcase_add_test(tcase, folders);
    return test_run("images", tcase);
}
