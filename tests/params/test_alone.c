/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A point of a grid is the same network as the same point alone: its values, its digests, its name;
 * and what auto takes it for. */
#include <stdio.h>
#include <string.h>

#include "params/grid_private.h"
#include "tests/params/parse.h"

#define DIGEST "00112233445566778899aabbccddeeff"

/* Grids whose axes together cross every role of key, so that lines and digests kept from one point
 * to the next are tried where they may not be. */
static const char *const GRIDS[] = {
    "network: { neurons: [20, 10], patterns: [2, 3], dilution: [0.5, 0, 0.25] }\nnoise: [1, 0]\n"
    "dynamics: { sweeps: [4, 2], order: [random, permuted] }\n",
    "seed: 7\nnetwork: { neurons: 10, patterns: 2, rule: [unsupervised, storage, supervised],\n"
    "  examples: [3, 2], quality: [0.5, 1], blank_fidelity: [0, 1], normalization: [none, variance]"
    " }\nnoise: 0.1\ndynamics: { sweeps: 5 }\n",
    "network: { neurons: 10, patterns: 3, rule: supervised, examples: [5, 6] }\nnoise: 0.1\n"
    "dynamics: { sweeps: 5, start_pattern: [2, 1, 3], start: [example, archetype] }\n"
    "record: { loss: true, flips: true }\n",
    "network: { neurons: 10, patterns: 3 }\nnoise: 0.1\n"
    "dynamics: { sweeps: 5, start: { kind: corrupted, overlap: [0.5, 1, 0], pattern: [1, 2] },\n"
    "  burn_in: [9, 8], record_every: [1, 2], schedule_from: [3, 2], schedule_sweeps: [7, 8],\n"
    "  schedule_scale: [step, linear] }\n",
    "network: { neurons: [3000, 100, 2100], patterns: [3, 2] }\nnoise: [0, 0.1]\n"
    "dynamics: { sweeps: 5, sampler: [auto, glauber, lumped-block-gibbs] }\n",
    "network: { neurons: [64, 8, 512], patterns: { law: log, base: 2 }, dilution: [0.1, 0.2, 0.2] }"
    "\nnoise: [0.3, 0.1]\ndynamics: { sweeps: [1, 2], burn_in: [1, 0] }\n"
    "zip: [[burn_in, noise, sweeps], [neurons, dilution]]\n",
    "network: { neurons: 10, patterns: 2, rule: [unsupervised, storage, supervised, storage], "
    "examples: [3, 3, 4, 4] }\nnoise: [1, 2, 3, 4]\ndynamics: { sweeps: 5 }\n"
    "zip: [[noise, rule, examples]]\n",
    "network: { neurons: 10, patterns: 2 }\nnoise: 1\ndynamics: { sweeps: 5 }\n",
    "network: { neurons: [5, 6], patterns: 2, dilution: { each: [0.5, 0.1] } }\nnoise: [0.2, 0.1]\n"
    "dynamics: { sweeps: 3, sampler: replica-exchange, ladder: [0.4, 0.2, 0.1],\n"
    "  start: { kind: file, file: a, digest: " DIGEST " } }\n",
};
enum { GRIDS_COUNT = sizeof(GRIDS) / sizeof(GRIDS[0]) };

/* The grid with the values of one point for those of its axes. */
static void parse_point(const ph_grid_t *grid, const char *text, size_t p, ph_grid_t *one)
{
    static char sets[PH_MAX_AXES * 2][80];
    const char *list[PH_MAX_AXES * 2 + 1];
    size_t index[PH_MAX_AXES], count = 0;
    ph_grid_unravel(grid, p, index);
    for (size_t a = 0; a < grid->axes_count; a++)
        for (size_t c = 0; c < grid->axes[a].coordinates_count; c++, count++) {
            const ph_coordinate_t *own = &grid->axes[a].coordinates[c];
            char value[PH_NUMBER_SIZE];
            ph_coordinate_text(own, index[a], value, sizeof(value));
            snprintf(sets[count], sizeof(sets[count]), "%s=%s", ph_schema_path(own->key), value);
            list[count] = sets[count];
        }
    list[count++] = "zip=[]";
    ph_grid_init(one);
    ck_assert_msg(ph_grid_parse(one, text, "one", count, list, NULL) == PH_OK, "%s: %zu", text, p);
    ck_assert_uint_eq(one->points_count, 1);
}

/* All that a start takes is set apart from it, so that it can be told alone. */
static void check_point(const ph_grid_t *grid, const ph_grid_t *one, size_t p)
{
    const ph_point_t *here = &grid->points[p], *alone = &one->points[0];
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        const ph_schema_t *row = ph_schema((ph_key_t)i);
        if (row->kept_by != PH_KEPT_BY_POINT)
            continue;
        ck_assert_msg(ph_key_value(row, here) == ph_key_value(row, alone), "%s", row->path);
        for (int64_t mu = 0; row->member == PH_MEMBER_EACH && mu < here->patterns; mu++)
            ck_assert_double_eq(ph_key_each(row, here)[mu], ph_key_each(row, alone)[mu]);
        if (row->member == PH_MEMBER_TEXT)
            ck_assert_str_eq(ph_key_text(row, here), ph_key_text(row, alone));
        if (row->member == PH_MEMBER_LIST)
            ck_assert_uint_eq(ph_key_list(row, here)->count, ph_key_list(row, alone)->count);
    }
    ck_assert_int_eq(here->sampler, alone->sampler);
    ck_assert(ph_digest_equal(here->disorder, alone->disorder));
    ck_assert(ph_digest_equal(here->identity, alone->identity));
    ck_assert(ph_digest_equal(here->chain, alone->chain));
    ck_assert_int_eq(ph_point_records(here), one->records_max);
}

START_TEST(alone)
{
    ph_grid_t grid, one;
    int64_t records = 0, patterns = 0;
    parse(&grid, GRIDS[_i]);
    for (size_t p = 0; p < grid.points_count; p++) {
        if (p % (1 + grid.points_count / (size_t)(40 / test_step(8))) == 0) {
            parse_point(&grid, GRIDS[_i], p, &one);
            check_point(&grid, &one, p);
            ph_grid_free(&one);
        }
        const ph_point_t *point = &grid.points[p];
        records = ph_point_records(point) > records ? ph_point_records(point) : records;
        patterns = point->patterns > patterns ? point->patterns : patterns;
    }
    ck_assert_int_eq(grid.records_max, records);
    ck_assert_int_eq(grid.patterns_max, patterns);
    ph_grid_free(&grid);
}
END_TEST

/* Points with unlike values have unlike identities, the same chain only where nothing but their
 * extent differs; a disorder is shared by those alike in what shapes patterns. */
START_TEST(unlike)
{
    ph_grid_t grid;
    parse(&grid, GRIDS[_i]);
    for (size_t p = 0; p < grid.points_count; p += 1 + grid.points_count / 40)
        for (size_t q = 0; q < p; q += 1 + grid.points_count / 150) {
            const ph_point_t *a = &grid.points[p], *b = &grid.points[q];
            bool shape = a->neurons == b->neurons && a->patterns == b->patterns;
            for (int64_t mu = 0; shape && mu < a->patterns; mu++)
                shape = a->dilution[mu] == b->dilution[mu];
            ck_assert_int_eq(ph_digest_equal(a->disorder, b->disorder), shape);
            if (ph_digest_equal(a->chain, b->chain))
                ck_assert(ph_digest_equal(a->identity, b->identity));
            if (ph_digest_equal(a->identity, b->identity))
                ck_assert(shape && a->noise == b->noise && a->sampler == b->sampler &&
                          a->start == b->start && a->rule == b->rule && a->order == b->order);
        }
    ph_grid_free(&grid);
}
END_TEST

/* The name of a point lists each coordinate once, in the order of axes, and is cut to any room. */
START_TEST(names)
{
    ph_grid_t grid;
    char all[400], cut[400];
    parse(&grid, GRIDS[_i]);
    for (size_t p = 0; p < grid.points_count; p += 1 + grid.points_count / 9) {
        size_t index[PH_MAX_AXES], used = 0;
        ph_grid_unravel(&grid, p, index);
        memset(all, '#', sizeof(all));
        ph_grid_point_text(&grid, p, all, sizeof(all));
        for (size_t a = 0; a < grid.axes_count; a++)
            for (size_t c = 0; c < grid.axes[a].coordinates_count; c++) {
                char part[80], value[PH_NUMBER_SIZE];
                ph_coordinate_text(&grid.axes[a].coordinates[c], index[a], value, sizeof(value));
                const int length =
                    snprintf(part, sizeof(part), "%s%s=%s", used > 0 ? ", " : "",
                             ph_schema(grid.axes[a].coordinates[c].key)->name, value);
                ck_assert_int_eq(strncmp(all + used, part, (size_t)length), 0);
                used += (size_t)length;
            }
        ck_assert_uint_eq(strlen(all), used);
        for (size_t room = 0; room <= used + 1; room += room > 9 && room + 9 < used ? 8 : 1) {
            memset(cut, '#', sizeof(cut));
            ph_grid_point_text(&grid, p, cut, room);
            size_t written = 0, same = 0;
            for (size_t i = room; i < sizeof(cut); i++)
                written += cut[i] != '#';
            while (same + 1 < room && cut[same] == all[same] && all[same] != '\0')
                same++;
            ck_assert_uint_eq(written, 0);
            ck_assert(room == 0 || (cut[same] == '\0' && same == room - 1));
        }
    }
    ph_grid_free(&grid);
}
END_TEST

static const struct {
    double noise, quality;
    int64_t neurons, patterns;
    ph_order_t order;
    bool single_spins;
    ph_sampler_id_t sampler;
    const char *why; /* how it begins */
} AUTOS[] = {
    /* (3^K + 1)/2 classes: 2, 5, 14; 150 neurons each are enough, one neuron fewer is not */
    {0.1, 1, 300, 1, PH_ORDER_RANDOM, false, PH_SAMPLER_LUMPED_BLOCK_GIBBS, "150 neurons or more"},
    {0.1, 1, 299, 1, PH_ORDER_RANDOM, false, PH_SAMPLER_GLAUBER, "fewer than 150 neurons"},
    {0.1, 1, 750, 2, PH_ORDER_RANDOM, false, PH_SAMPLER_LUMPED_BLOCK_GIBBS, "150 neurons or more"},
    {0.1, 1, 749, 2, PH_ORDER_RANDOM, false, PH_SAMPLER_GLAUBER, "fewer than 150 neurons"},
    {0.1, 1, 2100, 3, PH_ORDER_RANDOM, false, PH_SAMPLER_LUMPED_BLOCK_GIBBS, "150 neurons or"},
    {0.1, 1, 2099, 3, PH_ORDER_RANDOM, false, PH_SAMPLER_GLAUBER, "fewer than 150 neurons"},
    {1e-300, 1, 2100, 3, PH_ORDER_RANDOM, false, PH_SAMPLER_LUMPED_BLOCK_GIBBS, "150 neurons or"},
    {0, 1, 2100, 3, PH_ORDER_RANDOM, false, PH_SAMPLER_GLAUBER, "noise 0"},
    {0.1, 1, 2100, 3, PH_ORDER_PERMUTED, false, PH_SAMPLER_GLAUBER, "an order was asked for"},
    {0.1, 1, 2100, 3, PH_ORDER_SEQUENTIAL, false, PH_SAMPLER_GLAUBER, "an order was asked for"},
    {0.1, 1, 2100, 3, PH_ORDER_RANDOM, true, PH_SAMPLER_GLAUBER, "flips or acceptance"},
    {0, 1, 10, 3, PH_ORDER_PERMUTED, true, PH_SAMPLER_GLAUBER, "noise 0"},
};

/* The sampler that auto stands for, why, and that it is taken so in a grid. */
START_TEST(autos)
{
    const double zeros[3] = {0, 0, 0}, qualities[3] = {1, 1, 1};
    const ph_point_t point = {.noise = AUTOS[_i].noise,
                              .neurons = AUTOS[_i].neurons,
                              .patterns = AUTOS[_i].patterns,
                              .order = AUTOS[_i].order,
                              .dilution = zeros,
                              .quality = qualities};
    const char *why = NULL;
    ck_assert_int_eq(ph_point_auto(&point, AUTOS[_i].single_spins, &why), AUTOS[_i].sampler);
    ck_assert_msg(strncmp(why, AUTOS[_i].why, strlen(AUTOS[_i].why)) == 0, "%s", why);
    ck_assert_int_eq(ph_point_auto(&point, AUTOS[_i].single_spins, NULL), AUTOS[_i].sampler);
    ck_assert_ptr_nonnull(strstr(PH_AUTO_HELP, "holds 150 or more"));
    for (int record = 0; record < 3; record++) {
        static const char *const RECORDS[] = {"loss", "flips", "acceptance"};
        char text[300];
        ph_grid_t grid;
        if ((record > 0) != AUTOS[_i].single_spins)
            continue;
        snprintf(text, sizeof(text),
                 "network: { neurons: %d, patterns: %d }\nnoise: %g\n"
                 "dynamics: { sweeps: 1, sampler: auto, order: %s }\nrecord: { %s: true }\n",
                 (int)point.neurons, (int)point.patterns, point.noise,
                 PH_ORDER_WORDS.words[point.order], RECORDS[record]);
        parse(&grid, text);
        ck_assert_int_eq(grid.points[0].sampler, AUTOS[_i].sampler);
        ck_assert_int_eq(grid.points[0].sampler_asked, PH_SAMPLER_AUTO);
        ck_assert(grid.any_auto);
        ph_grid_free(&grid);
    }
}
END_TEST

PH_TEST_PROGRAM("alone")
{
    TCase *tcase = tcase_create("alone");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, alone, 0, GRIDS_COUNT);
    tcase_add_loop_test(tcase, unlike, 0, GRIDS_COUNT);
    tcase_add_loop_test(tcase, names, 0, GRIDS_COUNT);
    tcase_add_loop_test(tcase, autos, 0, sizeof(AUTOS) / sizeof(AUTOS[0]));
    return test_run("alone", tcase);
}
