/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/starter.h"

#include <string.h>

#include "params/grid.h"
#include "tests/testing.h"

typedef int (*writer_t)(FILE *out, ph_report_t *report);

static char *written(writer_t writer)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(out);
    ck_assert_int_eq(writer(out, NULL), PH_OK);
    fclose(out);
    return text;
}

/* What `polyhebb new` prints is a grid, with axes and small. */
START_TEST(test_starter)
{
    char *text = written(ph_starter_write);
    ph_grid_t grid;
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "starter", 0, NULL, NULL), PH_OK);
    ck_assert_uint_eq(grid.points_count, 8);
    ck_assert_int_eq(grid.points[0].neurons, 8000);
    ph_grid_free(&grid);
    free(text);
}
END_TEST

/* The reference is a grid that names every key, and the defaults it shows are the defaults. */
START_TEST(test_reference)
{
    static const char minimal[] = "network: { neurons: 1000, patterns: 3 }\nnoise: 0.1\n"
                                  "dynamics: { sweeps: 100 }\n";
    char *text = written(ph_reference_write);
    ph_grid_t shown, plain;
    ph_grid_init(&shown);
    ph_grid_init(&plain);
    ck_assert_int_eq(ph_grid_parse(&shown, text, "reference", 0, NULL, NULL), PH_OK);
    ck_assert_int_eq(ph_grid_parse(&plain, minimal, "minimal", 0, NULL, NULL), PH_OK);
    ck_assert_str_eq(shown.text, plain.text);
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        const ph_schema_t *row = ph_schema((ph_key_t)i);
        char line[64];
        snprintf(line, sizeof(line), "\n%s%s: ", row->section != NULL ? "  " : "", row->name);
        ck_assert_msg(strstr(text, line) != NULL, "no %s", row->name);
        ck_assert_ptr_nonnull(strstr(text, row->help));
    }
    ph_grid_free(&shown);
    ph_grid_free(&plain);
    free(text);
}
END_TEST

/* params/reference.yaml is what the program would write today. */
START_TEST(test_reference_file)
{
    const char *root = getenv("PH_SOURCE_DIR");
    char path[512];
    char *text = written(ph_reference_write);
    char *kept = calloc(1, strlen(text) + 2);
    snprintf(path, sizeof(path), "%s/params/reference.yaml", root != NULL ? root : ".");
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    const size_t size = fread(kept, 1, strlen(text) + 1, file);
    fclose(file);
    ck_assert_uint_eq(size, strlen(text));
    ck_assert_msg(strcmp(kept, text) == 0, "%s is not what the schema says", path);
    free(kept);
    free(text);
}
END_TEST

/* A full device is reported, not passed over. */
START_TEST(test_full_device)
{
    FILE *full = fopen("/dev/full", "w");
    if (full == NULL)
        return;
    ck_assert_int_eq(ph_starter_write(full, NULL), PH_ERR_IO);
    fclose(full);
}
END_TEST

/* The schema's rows stand at their keys, with unique leaf names found by either name. */
START_TEST(test_schema)
{
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        const ph_schema_t *row = ph_schema((ph_key_t)i);
        char path[64];
        ck_assert_int_eq(row->key, i);
        snprintf(path, sizeof(path), "%s%s%s", row->section != NULL ? row->section : "",
                 row->section != NULL ? "." : "", row->name);
        ck_assert_str_eq(ph_schema_path((ph_key_t)i), path);
        ck_assert_int_eq(ph_schema_find(path), i);
        ck_assert_int_eq(ph_schema_find(row->name), i);
        ck_assert_int_eq(row->words != NULL, row->type == PH_TYPE_WORD || row->type == PH_TYPE_SET);
    }
    ck_assert_int_eq(ph_schema_find("nothing"), PH_KEY_COUNT);
}
END_TEST

PH_TEST_MAIN("starter", test_starter, test_reference, test_reference_file, test_full_device,
             test_schema)
