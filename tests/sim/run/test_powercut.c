/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Power cuts at any instant of a run: what was synced is found again, no file is half-written under
 * its final name, and the same run ends with the same bits. */
#include <dirent.h>

#include "tests/sim/run/powercut.h"
/* first: it stands in for calls of the C library */
#include "sim/store/journal.h"
#include "tests/sim/run/smallrun.h"

static char folder[32], path[96], journal_path[96], whole[96], kept[96];
static ph_grid_t grid;

static void setup(void)
{
    char outside[32];
    small_folder(folder);
    small_folder(outside);
    power_folder = folder;
    small_path(path, folder, "run.h5");
    small_path(journal_path, folder, "run.h5.journal");
    small_path(whole, outside, "whole.h5");
    small_path(kept, outside, "kept");
    parse(&grid, SMALL_GRID "record: { states: { every: 4 } }\n");
    ck_assert_int_eq(small_run(&grid, whole, NULL), PH_OK);
    srand(1);
}

static void clear_folder(void)
{
    DIR *list = opendir(folder);
    for (struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list)) {
        char name[300];
        snprintf(name, sizeof(name), "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.')
            unlink(name);
    }
    closedir(list);
}

static void teardown(void)
{
    char command[256];
    ph_grid_free(&grid);
    snprintf(command, sizeof(command), "rm -r %s %.*s", folder, (int)(strrchr(whole, '/') - whole),
             whole);
    ck_assert_int_eq(system(command), 0);
}

/* A run of the grid in the folder as it is, written down. */
static power_log_t *logged_run(void)
{
    power_log_t *log = calloc(1, sizeof(*log));
    DIR *list = opendir(folder);
    ck_assert(log != NULL && list != NULL);
    for (struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list)) {
        char name[300];
        snprintf(name, sizeof(name), "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] == '.' || power_name(name) == NULL)
            continue;
        const int file = power_new_file(log, entry->d_name);
        power_content_t *first = &log->first[file];
        struct stat facts;
        FILE *stream = fopen(name, "rb");
        ck_assert(stream != NULL && fstat(fileno(stream), &facts) == 0);
        first->size = (size_t)facts.st_size;
        first->bytes = malloc(first->size + 1);
        ck_assert_uint_eq(fread(first->bytes, 1, first->size, stream), first->size);
        fclose(stream);
    }
    closedir(list);
    memcpy(log->first_names, log->names, sizeof(log->names));
    for (int d = 0; d < POWER_FDS; d++)
        log->fds[d] = -1;
    const ph_run_options_t options = {
        .path = path, .threads = 1, .shards = 1, .checkpoint_every = 1e-9};
    ph_run_summary_t summary;
    power_log = log;
    const int status = ph_run(&grid, &options, &summary, NULL);
    power_log = NULL;
    ck_assert_int_eq(status, PH_OK);
    return log;
}

static void free_log(power_log_t *log)
{
    for (int k = 0; k < log->count; k++)
        free(log->ops[k].bytes);
    for (int f = 0; f < POWER_FILES; f++)
        free(log->first[f].bytes);
    free(log);
}

/* Records of a journal that holds this; 0 where it is none. */
static size_t count_records(const power_content_t *content)
{
    ph_journal_index_t index;
    FILE *file = fopen(kept, "wb");
    ck_assert_uint_eq(fwrite(content->bytes, 1, content->size, file), content->size);
    fclose(file);
    const size_t count = ph_journal_scan(kept, &index, NULL) == PH_OK ? index.count : 0;
    ph_journal_index_free(&index);
    return count;
}

/* The folder after the cut. What the journal had synced it has. */
static void cut_power(const power_log_t *log, int ops, int mode)
{
    char names[POWER_FILES][POWER_NAME];
    clear_folder();
    power_names(log, ops, names);
    for (int f = 0; f < log->files; f++) {
        if (names[f][0] == '\0')
            continue;
        power_content_t content = power_content(log, ops, f, mode);
        power_put(names[f], &content);
        if (strcmp(names[f], "run.h5.journal") == 0) {
            power_content_t sure = power_content(log, ops, f, POWER_DROPPED);
            const size_t synced = count_records(&sure);
            ck_assert_uint_ge(count_records(&content), synced);
            free(sure.bytes);
        }
        free(content.bytes);
    }
}

/* Whatever is under the final name is whole. */
static void check_file(void)
{
    ph_runfile_t file;
    if (access(path, F_OK) != 0)
        return;
    ck_assert_int_eq(ph_runfile_open(&file, path, NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_verify(&file, NULL), PH_OK);
    ph_runfile_close(&file);
}

/* Whether anything new is certain, or uncertain, behind this call: worth a look in every mode. */
static bool is_turn(const power_log_t *log, int k)
{
    const power_op_t *op = &log->ops[k];
    return op->kind != OP_WRITE && op->kind != OP_CUT &&
           (op->kind != OP_SYNC || strcmp(op->name, "run.h5.journal") != 0);
}

/* Under a sanitizer, where each step takes many times as long, every seventh cut. */
enum { EVERY = PH_TEST_SANITIZED ? 7 : 1 };

static int cuts;

static void cut_everywhere(const power_log_t *log, int again)
{
    for (int k = 0; k <= log->count; k++) {
        const bool turn = k > 0 && is_turn(log, k - 1);
        if (again == 0 ? rand() % (40 * EVERY) != 0 : !turn && k % (23 * EVERY) != 0)
            continue;
        for (int mode = turn ? 0 : rand() % POWER_MODES, last = turn ? POWER_MODES - 1 : mode;
             mode <= last; mode++) {
            cut_power(log, k, mode);
            check_file();
            cuts++;
            if (again > 0 && k % (92 * EVERY) == 0) {
                power_log_t *second = logged_run();
                cut_everywhere(second, again - 1);
                free_log(second);
            }
            ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
            ck_assert_uint_eq(small_different(path, whole), 0);
            ck_assert_int_ne(access(journal_path, F_OK), 0);
        }
    }
}

START_TEST(new_run)
{
    power_log_t *log = logged_run();
    ck_assert_int_gt(log->count, 150);
    cut_everywhere(log, 1);
    ck_assert_int_gt(cuts, log->count / (23 * EVERY)); /* the others are as chance has them */
    free_log(log);
}
END_TEST

/* An old file that the grid extends: never lost, though the cut comes while it is replaced. */
START_TEST(extended_run)
{
    ph_grid_t small;
    parse(&small, "network: { neurons: 40, patterns: 2 }\nnoise: 0.6\n"
                  "dynamics: { sweeps: 12, burn_in: 3, record_every: 2 }\n"
                  "ensemble: { samples: 2, replicas: 3, lanes: 2 }\n"
                  "record: { states: { every: 4 } }\n");
    ck_assert_int_eq(small_run(&small, path, NULL), PH_OK);
    power_log_t *log = logged_run();
    for (int k = 1; k <= log->count; k++)
        for (int mode = 0; mode < POWER_MODES && is_turn(log, k - 1); mode++) {
            cut_power(log, k, mode);
            ck_assert_int_eq(access(path, F_OK), 0);
            check_file();
            ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
            ck_assert_uint_eq(small_different(path, whole), 0);
        }
    free_log(log);
    ph_grid_free(&small);
}
END_TEST

PH_TEST_PROGRAM("powercut")
{
    TCase *tcase = tcase_create("powercut");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, new_run);
    tcase_add_test(tcase, extended_run);
    return test_run("powercut", tcase);
}
