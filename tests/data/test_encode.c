/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From images to entries: shapes, thresholds, labels; what is written is what is read; and what
 * patterns have in common, against plain sums and against chance. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "data/classes.h"
#include "data/encode.h"
#include "data/likeness.h"
#include "data/save.h"
#include "tests/testing.h"

/* So many images of these values. */
static void make(ph_images_t *images, size_t count, size_t rows, size_t columns,
                 const float *values)
{
    const size_t bytes = count * rows * columns * sizeof(*values);
    *images = (ph_images_t){.count = count, .rows = rows, .columns = columns, .capacity = count};
    images->values = malloc(bytes);
    memcpy(images->values, values, bytes);
}

static const struct {
    size_t rows, columns, new_rows, new_columns;
    float values[8], expected[8];
} SHAPES[] = {
    {1, 3, 1, 2, {0, 1, 2}, {1.0F / 3, 5.0F / 3}},
    {1, 2, 1, 3, {0, 6}, {0, 3, 6}},
    {2, 2, 1, 1, {1, 2, 3, 6}, {3}},
    {1, 2, 2, 4, {1, 2}, {1, 1, 2, 2, 1, 1, 2, 2}},
    {2, 3, 2, 3, {1, 2, 3, 4, 5, 6}, {1, 2, 3, 4, 5, 6}},
    {4, 2, 2, 1, {1, 3, 5, 7, 2, 2, 0, 0}, {4, 1}},
    {3, 1, 2, 1, {0, 3, 6}, {1, 5}},
};

/* Pixels are the means of what they cover. */
START_TEST(shapes)
{
    ph_images_t images;
    make(&images, 1, SHAPES[_i].rows, SHAPES[_i].columns, SHAPES[_i].values);
    ck_assert_int_eq(ph_images_resample(&images, SHAPES[_i].new_rows, SHAPES[_i].new_columns, NULL),
                     PH_OK);
    ck_assert(images.rows == SHAPES[_i].new_rows && images.columns == SHAPES[_i].new_columns);
    for (size_t p = 0; p < images.rows * images.columns; p++)
        ck_assert_double_eq_tol(images.values[p], SHAPES[_i].expected[p], 1e-6);
    ck_assert_int_eq(ph_images_resample(&images, 1 << 14, (1 << 14) + 1, NULL), PH_ERR_LIMIT);
    ph_images_free(&images);
}
END_TEST

static const double MEANS[] = {4, 4, 8, 4};

/* Three images of four pixels: 0 4 8 2, 8 4 8 3, 4 4 8 7. */
static const struct {
    ph_encoding_t encoding;
    const char *expected;
} ENCODINGS[] = {
    {{0, 8, .threshold = 0.5}, "-++- +++- ++++"},
    {{0, 8, .threshold = 0.5, .invert = true}, "++-+ -+-+ ++--"},
    {{0, 8, .threshold = 1}, "--+- +-+- --+-"},
    {{0, 8, .threshold = 0.5, .dead_zone = 0.25}, "-0+0 +0+0 00++"},
    {{0, 16, .threshold = 0.5, .dead_zone = 0.1}, "--0- 0-0- --00"},
    {{-8, 8, .threshold = 0.5}, "++++ ++++ ++++"},
    {{0, 8, .means = MEANS}, "-00- +00- 000+"},
    {{0, 8, .means = MEANS, .dead_zone = 0.2}, "-00- +000 000+"},
    {{0, 8, .means = MEANS, .invert = true}, "+00+ -00+ 000-"},
    {{8, 8, .threshold = 0.5}, NULL},
};

static void spell(const ph_table_t *table, char *text)
{
    for (size_t k = 0; k < table->lists; k++) {
        for (size_t i = 0; i < table->length; i++)
            *text++ = "-0+"[1 + table->entries[k * table->step_list + i * table->step_entry]];
        *text++ = k + 1 < table->lists ? ' ' : '\0';
    }
}

START_TEST(encodings)
{
    static const float VALUES[] = {0, 4, 8, 2, 8, 4, 8, 3, 4, 4, 8, 7};
    char text[32];
    double least, greatest;
    ph_images_t images;
    ph_table_t table;
    make(&images, 3, 2, 2, VALUES);
    ph_images_range(&images, &least, &greatest);
    ck_assert(least == 0.0 && greatest == 8.0);
    double *means = ph_images_means(&images);
    ck_assert_mem_eq(means, MEANS, sizeof(MEANS));
    free(means);
    const int status = ph_images_encode(&images, &ENCODINGS[_i].encoding, &table, NULL);
    ck_assert_int_eq(status, ENCODINGS[_i].expected != NULL ? PH_OK : PH_ERR_INPUT);
    if (status == PH_OK) {
        spell(&table, text);
        ck_assert_str_eq(text, ENCODINGS[_i].expected);
    }
    ph_table_free(&table);
    ph_images_free(&images);
}
END_TEST

/* Seven images, each of its own value, with the labels 5 3 5 9 3 5 -1. */
static const struct {
    size_t wanted, take;
    int64_t labels[4];
    const char *expected; /* label of value, ... : members */
    const char *message;
} CLASSES[] = {
    {0, 0, {0}, "3:0 2:1 3:2 4:3 2:4 3:5 1:6 | -1x1 3x2 5x3 9x1", NULL},
    {2, 0, {5, 3}, "1:0 2:1 1:2 2:4 1:5 | 5x3 3x2", NULL},
    {2, 2, {3, 5}, "2:0 1:1 2:2 1:4 | 3x2 5x2", NULL},
    {1, 1, {-1}, "1:6 | -1x1", NULL},
    {2, 3, {5, 3}, NULL, "label 3 has 2 images, expected at least 3"},
    {2, 0, {5, 4}, NULL, "label 4 has 0 images, expected at least 1"},
    {3, 0, {5, 3, 5}, NULL, "label 5 is asked for twice"},
};

START_TEST(classes)
{
    static const float VALUES[] = {0, 1, 2, 3, 4, 5, 6};
    static const int64_t LABELS[] = {5, 3, 5, 9, 3, 5, -1};
    char text[128] = "";
    ph_images_t images;
    ph_classes_t found;
    ph_report_t report;
    ph_report_init(&report);
    make(&images, 7, 1, 1, VALUES);
    images.labels = (ph_numbers_t){7, malloc(sizeof(LABELS))};
    memcpy(images.labels.values, LABELS, sizeof(LABELS));
    int64_t labels[4];
    memcpy(labels, CLASSES[_i].labels, sizeof(labels));
    const ph_numbers_t wanted = {CLASSES[_i].wanted, labels};
    const int status = ph_images_classify(&images, &wanted, CLASSES[_i].take, &found, &report);
    ck_assert_int_eq(status, CLASSES[_i].message == NULL ? PH_OK : PH_ERR_INPUT);
    if (status == PH_OK) {
        ck_assert_uint_eq(images.count, images.labels.count);
        for (size_t k = 0; k < images.count; k++)
            snprintf(text + strlen(text), sizeof(text) - strlen(text), "%lld:%g ",
                     (long long)images.labels.values[k], (double)images.values[k]);
        strcat(text, "|");
        for (size_t k = 0; k < found.count; k++)
            snprintf(text + strlen(text), sizeof(text) - strlen(text), " %lldx%zu",
                     (long long)found.labels[k], found.members[k]);
        ck_assert_str_eq(text, CLASSES[_i].expected);
    } else
        ck_assert_str_eq(report.messages[0].text, CLASSES[_i].message);
    ph_classes_free(&found);
    ph_images_free(&images);
    ph_report_free(&report);
}
END_TEST

static uint64_t state;

/* In [0, 1): the xorshift of Marsaglia. */
static double uniform(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (double)(state >> 11) * 0x1p-53;
}

/* Entries with a bias, a share of which are those of the list before, blank with a probability that
 * may differ between the halves of the neurons. */
static void draw(ph_table_t *table, double bias, double copied, const double *blank)
{
    for (size_t k = 0; k < table->lists; k++)
        for (size_t i = 0; i < table->length; i++) {
            int8_t *entry = &table->entries[k * table->length + i];
            const double d = blank[2 * i >= table->length];
            *entry = uniform() < d ? 0 : uniform() < 0.5 * (1.0 + bias) ? 1 : -1;
            if (k > 0 && uniform() < copied)
                *entry = *(entry - table->length);
        }
}

enum { LISTS = 6, LENGTH = 300 };

static int8_t entries[LISTS * LENGTH];
static ph_table_t drawn = {LISTS, LENGTH, LENGTH, 1, entries, {0, 0}};

/* Numbers are plain sums over entries, whichever way these stand. */
START_TEST(likeness)
{
    double q_least = 9, q_most = -9, q_sum = 0, far = -1, b_sum = 0, d_sum = 0, c_least = 9;
    size_t pair[2] = {0};
    ph_likeness_t found, turned;
    static int8_t columns[LISTS * LENGTH];
    state = 7;
    draw(&drawn, 0.1, 0.2, (const double[]){0.3, 0.5});
    ck_assert_int_eq(ph_likeness_of(&drawn, &found, NULL), PH_OK);
    for (size_t a = 0; a < LISTS; a++) {
        double filled[LISTS] = {0};
        for (size_t i = 0; i < LENGTH; i++) {
            columns[i * LISTS + a] = entries[a * LENGTH + i];
            b_sum += entries[a * LENGTH + i];
            d_sum += entries[a * LENGTH + i] == 0;
            for (size_t k = 0; k < LISTS; k++)
                filled[k] += entries[k * LENGTH + i] != 0;
        }
        for (size_t b = a + 1; b < LISTS; b++) {
            double q = 0, both = 0;
            for (size_t i = 0; i < LENGTH; i++) {
                q += entries[a * LENGTH + i] * entries[b * LENGTH + i];
                both += entries[a * LENGTH + i] != 0 && entries[b * LENGTH + i] != 0;
            }
            q /= LENGTH;
            c_least = fmin(c_least, both / LENGTH - filled[a] * filled[b] / LENGTH / LENGTH);
            q_sum += q;
            q_least = fmin(q_least, q);
            q_most = fmax(q_most, q);
            if (fabs(q) > far) {
                far = fabs(q);
                pair[0] = a;
                pair[1] = b;
            }
        }
    }
    ck_assert_double_eq_tol(found.overlap.least, q_least, 1e-12);
    ck_assert_double_eq_tol(found.overlap.most, q_most, 1e-12);
    ck_assert_double_eq_tol(found.overlap.mean, q_sum / 15, 1e-12);
    ck_assert_double_eq_tol(found.coincided.least, c_least, 1e-12);
    ck_assert_double_eq_tol(found.bias.mean, b_sum / LISTS / LENGTH, 1e-12);
    ck_assert_double_eq_tol(found.dilution.mean, d_sum / LISTS / LENGTH, 1e-12);
    ck_assert(found.pair[0] == pair[0] && found.pair[1] == pair[1]);
    const ph_table_t other = {LISTS, LENGTH, 1, LISTS, columns, {0, 0}};
    ck_assert_int_eq(ph_likeness_of(&other, &turned, NULL), PH_OK);
    ck_assert_mem_eq(&turned, &found, sizeof(found));
}
END_TEST

/* Independent patterns are beyond chance once in a hundred each way, others nearly always, and in
 * their own way alone. Of 1000 draws at 0.01 there are 3 to 22 but for four times in a thousand. */
START_TEST(chance)
{
    static const struct {
        double bias, copied, blank[2];
        bool beyond[3]; /* bias, overlap, blanks together */
    } LAWS[] = {
        {0, 0, {0, 0}, {false, false, false}},     {0, 0, {0.4, 0.4}, {false, false, false}},
        {0.7, 0, {0.3, 0.3}, {true, true, false}}, {0, 0.6, {0, 0}, {false, true, false}},
        {0, 0, {0.1, 0.8}, {false, false, true}},
    };
    const bool once = PH_TEST_SANITIZED == 1 || test_step(2) == 2; /* passed through, not counted */
    const int all = once ? 10 : 1000;
    int beyond[3] = {0};
    state = 99 + (uint64_t)_i;
    for (int draws = 0; draws < all; draws++) {
        ph_likeness_t found;
        draw(&drawn, LAWS[_i].bias, LAWS[_i].copied, LAWS[_i].blank);
        ck_assert_int_eq(ph_likeness_of(&drawn, &found, NULL), PH_OK);
        beyond[0] += found.bias.beyond;
        beyond[1] += found.overlap.beyond;
        beyond[2] += found.coincided.beyond;
    }
    for (int k = 0; k < 3 && !once; k++)
        if (LAWS[_i].beyond[k])
            ck_assert_int_gt(beyond[k], all * 9 / 10);
        else if (k < 2 || LAWS[_i].blank[0] > 0)
            ck_assert(beyond[k] > 2 && beyond[k] < 23);
}
END_TEST

/* Twins, of whichever sign, and patterns without an entry are counted. */
START_TEST(odd)
{
    int8_t some[] = {1, -1, 0, -1, 1, 0, 0, 0, 0, 1, -1, 1, 0, 0, 0};
    ph_likeness_t found;
    const ph_table_t table = {5, 3, 3, 1, some, {0, 0}};
    ck_assert_int_eq(ph_likeness_of(&table, &found, NULL), PH_OK);
    ck_assert_uint_eq(found.twins, 1);
    ck_assert_uint_eq(found.all_blank, 2);
    ck_assert_uint_eq(found.first_blank, 2);
    const ph_table_t one = {1, 3, 3, 1, some, {0, 0}};
    ck_assert_int_eq(ph_likeness_of(&one, &found, NULL), PH_OK);
    ck_assert(found.overlap.chance == 0.0 && !found.overlap.beyond);
}
END_TEST

/* What is written is read again, with labels or without, and known for what it is; the same content
 * is the same bytes. */
START_TEST(written)
{
    int8_t some[] = {1, -1, 0, 0, 1, 1};
    int64_t numbers[] = {2, 1, 2};
    const ph_table_t table = {3, 2, 2, 1, some, {0, 0}};
    const ph_numbers_t labels = {3, numbers};
    const bool examples = _i % 2 == 1, hdf5 = _i / 2 == 1;
    const ph_saved_t saved = {&table, examples ? &labels : NULL, 2, 1, 0, NULL};
    char path[] = "/tmp/polyhebb-saved-XXXXXX", text[32];
    FILE *file = fdopen(mkstemp(path), "r+");
    ck_assert_ptr_nonnull(file);
    setvbuf(file, NULL, _IONBF, 0);
    ck_assert(!ph_save_wrote(file));
    if (hdf5)
        ck_assert_int_eq(ph_save_hdf5(&saved, fileno(file), path, NULL), PH_OK);
    else
        ph_save_text(&saved, file);
    rewind(file);
    ck_assert(ph_save_wrote(file));
    ph_table_t read;
    ph_numbers_t read_labels = {0, NULL};
    const ph_table_source_t source = {.path = path, .most = 6};
    ck_assert_int_eq(examples
                         ? ph_table_load_labelled(&read, &read_labels, path, NULL, NULL, 6, NULL)
                         : ph_table_load(&read, &source, NULL),
                     PH_OK);
    spell(&read, text);
    ck_assert_str_eq(text, "+- 00 ++");
    ck_assert_uint_eq(read.shape[0], 2);
    ck_assert_uint_eq(read.shape[1], 1);
    ck_assert_uint_eq(read_labels.count, examples ? 3 : 0);
    if (examples)
        ck_assert_mem_eq(read_labels.values, numbers, sizeof(numbers));
    ph_table_free(&read);
    ph_numbers_free(&read_labels);
    ck_assert_int_eq(ftruncate(fileno(file), 20), 0);
    rewind(file);
    ck_assert(!ph_save_wrote(file));
    fclose(file);
    unlink(path);
}
END_TEST

/* What a first line says of a shape, and how it may be none. */
START_TEST(said)
{
    static const struct {
        const char *line;
        size_t rows, columns;
    } LINES[] = {
        {"# Written by 'polyhebb encode': 2 patterns of 12 neurons (3 x 4), each a column\n0", 3,
         4},
        {"# Written by 'polyhebb encode': 2 patterns of 12 neurons (65536 x 65536)", 65536, 65536},
        {"# Written by 'polyhebb encode': 2 patterns of 12 neurons (65537 x 1)", 0, 0},
        {"# Written by 'polyhebb encode': (99999999999999999999999999 x 4)", 0, 0},
        {"# Written by 'polyhebb encode': (-3 x -4)", 0, 0},
        {"# Written by 'polyhebb encode': (3 x 4", 0, 0},
        {"# Written by 'polyhebb encode': (3 by 4)", 0, 0},
        {"# Written by 'polyhebb encode'\n(3 x 4)", 0, 0},
        {"# Written by 'polyhebb encode': \n(3 x 4)", 0, 0},
        {"# Written by hand: (3 x 4)", 0, 0},
        {"", 0, 0},
    };
    for (size_t i = 0; i < sizeof(LINES) / sizeof(LINES[0]); i++) {
        size_t shape[2] = {7, 7};
        ph_saved_shape(LINES[i].line, strlen(LINES[i].line), shape);
        ck_assert_msg(shape[0] == LINES[i].rows && shape[1] == LINES[i].columns, "%s: %zu %zu",
                      LINES[i].line, shape[0], shape[1]);
    }
}
END_TEST

/* A shape of other lists is none. */
START_TEST(other_shape)
{
    char path[] = "/tmp/polyhebb-saved-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    ph_table_t read;
    const ph_table_source_t source = {.path = path, .most = 6};
    fputs("# Written by 'polyhebb encode': 2 patterns of 3 neurons (2 x 2)\n1 1\n1 1\n1 1\n", file);
    fclose(file);
    ck_assert_int_eq(ph_table_load(&read, &source, NULL), PH_OK);
    ck_assert_uint_eq(read.shape[0] + read.shape[1], 0);
    ph_table_free(&read);
    unlink(path);
}
END_TEST

PH_TEST_PROGRAM("encode")
{
    TCase *tcase = tcase_create("encode");
    tcase_add_loop_test(tcase, shapes, 0, sizeof(SHAPES) / sizeof(SHAPES[0]));
    tcase_add_loop_test(tcase, encodings, 0, sizeof(ENCODINGS) / sizeof(ENCODINGS[0]));
    tcase_add_loop_test(tcase, classes, 0, sizeof(CLASSES) / sizeof(CLASSES[0]));
    tcase_add_test(tcase, likeness);
    tcase_add_loop_test(tcase, chance, 0, 5);
    tcase_add_test(tcase, odd);
    tcase_add_test(tcase, said);
    tcase_add_test(tcase, other_shape);
    tcase_add_loop_test(tcase, written, 0, 4);
    return test_run("encode", tcase);
}
