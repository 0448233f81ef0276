/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Identities of points, as recorded: whatever is done to make them sooner, not a bit of them may
 * change, for the streams of random numbers and the files of finished runs hang on them. */
#include <time.h>

#include "tests/params/parse.h"

typedef struct {
    const char *text;
    size_t points;
    const char *grid, *all; /* digest of the grid, and of all digests of its points in a row */
} recorded_t;

static const recorded_t RECORDED[] = {
    {"network: { neurons: 100, patterns: 3 }\nnoise: 0.1\ndynamics: { sweeps: 10 }\n", 1,
     "daebd3a74401f8106491aa67e831c84a", "3d2d5d6eeba6e51c45980e0bcb4e7d3c"},
    {"title: \"not part of it\"\nseed: 9223372036854775807\n"
     "network: { neurons: [1073741824, 10, 5000], patterns: [4096, 1, 2],\n"
     "           dilution: { from: 0, to: 1, steps: 7 } }\n"
     "noise: [0, 1e-5, 0.333333333333333, 1e300]\ndynamics: { sweeps: [1, 1e12] }\n",
     504, "a6eaaf440a92486be17974f7646ce0f0", "8b8e9fd7a10848bfbe193e7fbb4f20de"},
    {"network: { neurons: 300, patterns: 4, rule: [storage, supervised, unsupervised],\n"
     "           normalization: [variance, none], dilution: { each: [0, 0.25, 0.5, 0.25] },\n"
     "           examples: { each: [1, 2, 3, 1000] }, quality: { each: [0.5, 1, 0.1, 1e-6] },\n"
     "           blank_fidelity: { each: [1, 0, 1, 0.5] } }\n"
     "noise: { from: 0.01, to: 1, steps: 5, scale: log }\n"
     "dynamics: { sweeps: 10, sampler: [glauber, metropolis, little],\n"
     "            start: [random, hierarchical, archetype] }\n",
     270, "b085804ada12d83c48a2f7c0568c619c", "054dee752465dc4ca08916fd06fd98d4"},
    {"network: { neurons: [100, 1000, 10000], patterns: { law: log, base: 2, factor: 0.5 },\n"
     "           rule: supervised, quality: [0.2, 0.4], examples: [5, 10, 20],\n"
     "           blank_fidelity: [0, 1], dilution: 0.5 }\n"
     "noise: [0.1, 0.2, 0.3]\n"
     "dynamics: { sweeps: 10, burn_in: [0, 5, 7], record_every: [1, 2] }\n"
     "ensemble: { samples: 7, replicas: 10, lanes: 8 }\n"
     "record: { trajectory: false, loss: true, example_magnetization: true, example_overlaps: 2,\n"
     "          replica_overlap: true, flips: true, acceptance: true }\n"
     "zip: [[noise, burn_in, network.examples]]\n",
     72, "6b9202c2ce17a9179b49ed288764263b", "96af1340312d99764d33ed0799e25e12"},
    {"network: { neurons: [1000, 1000000], patterns: [2, 5], dilution: [0, 0.5],\n"
     "           rule: [storage, supervised] }\n"
     "noise: [0, 0.1]\ndynamics: { sweeps: 10, sampler: [auto, block-gibbs, lumped-little] }\n",
     96, "0aa4f8cb92d23a45723b5196ef794791", "670b2b08852bbe5e481a8c3a2f21207d"},
    {"network: { neurons: [1000, 1000000], patterns: 2 }\nnoise: [0, 0.1, 0.2]\n"
     "dynamics: { sweeps: 10, sampler: auto }\n",
     6, "c97733bfbc9f6ffdc68972ccd9ba794e", "3bf2dd7ccf111f70f827f51d2bf12ac9"},
    {"network: { neurons: 100, patterns: 3 }\nnoise: [0.1, 0.7, 0.4]\n"
     "dynamics: { sweeps: 10, sampler: replica-exchange, ladder: { from: 0.1, to: 1, steps: 4 } "
     "}\n",
     3, "60bd93928d771e45375538296a01b646", "73d12336bea3a4ac20ebe658367294fd"},
    {"network: { neurons: 100, patterns: 3 }\nnoise: [0.1, 0.7, 0.4]\n"
     "dynamics: { sweeps: 10, burn_in: 100, order: [random, sequential, permuted],\n"
     "            schedule_from: [1, 2.5], schedule_sweeps: [50, 100],\n"
     "            schedule_scale: [linear, log, step] }\n",
     108, "8c52796b492f3a1523d18cb70fa220ee", "63849fa8ffd1a1f1212abf5ca842d5d9"},
    {"network: { neurons: 100, patterns: 3, rule: supervised, examples: 4, quality: 0.5 }\n"
     "noise: 0.1\ndynamics: { sweeps: 10, start: { kind: [archetype, example, corrupted], "
     "pattern: [1, 3], overlap: 0.25, example: 1 } }\n",
     6, "3ae29cc73f8b552c27ceb960de64dc06", "677b3b5141ee8da76071158fd6140fb6"},
    {"network: { neurons: 100, patterns: 3 }\nnoise: [0.1, 0.2]\ndynamics: { sweeps: 10,\n"
     "  start: { kind: [random, hierarchical, parallel], patterns: [3, 1] } }\n",
     6, "ad3e8ed44513fe2f37b40b565029ec0e", "6ab1ad3464fa2112a61d986b12974280"},
    {"network: { neurons: 100, patterns: 3 }\nnoise: [0.1, 0.2]\ndynamics: { sweeps: 10,\n"
     "  start: { kind: file, file: \"\\u00e4 \\\"b\\\"\", digest: 0123456789abcdef0123456789abcdef "
     "} "
     "}\n",
     2, "54a36ac9e6fec22a315959e97fc8faa3", "9612f4dc30987a8879758552fecc3f85"},
    {"network: { neurons: 100, patterns: 3 }\nnoise: 0\n"
     "dynamics: { sweeps: 10, sampler: [descent, metropolis],\n"
     "            start: { kind: corrupted, overlap: { from: 0, to: 1, steps: 11 } } }\n",
     22, "93c2930950b8fd4278022677a6b00791", "1b66fd945f21001cc46261b3890b4e02"},
};

static void check_recorded(const recorded_t *recorded)
{
    ph_grid_t grid;
    char text[PH_DIGEST_TEXT_SIZE];
    parse(&grid, recorded->text);
    ck_assert_uint_eq(grid.points_count, recorded->points);
    uint64_t *all = calloc(grid.points_count, 6 * sizeof(*all));
    ck_assert_ptr_nonnull(all);
    for (size_t p = 0; p < grid.points_count; p++) {
        const ph_point_t *point = &grid.points[p];
        const ph_digest_t own[] = {point->disorder, point->identity, point->chain};
        for (size_t k = 0; k < 3; k++) {
            all[6 * p + 2 * k] = own[k].high;
            all[6 * p + 2 * k + 1] = own[k].low;
        }
    }
    ph_digest_text(grid.digest, text);
    ck_assert_str_eq(text, recorded->grid);
    ph_digest_text(ph_digest_bytes(all, grid.points_count * 6 * sizeof(*all)), text);
    ck_assert_str_eq(text, recorded->all);
    free(all);
    ph_grid_free(&grid);
}

START_TEST(test_recorded)
{
    for (size_t i = 0; i < sizeof(RECORDED) / sizeof(RECORDED[0]); i++)
        check_recorded(&RECORDED[i]);
}
END_TEST

/* What points share is not made anew for each: 4096 values of the dilution at 32 768 noises, which
 * took half a minute of processor time, take a fifth of a second. */
START_TEST(test_shared)
{
    enum { PATTERNS = 4096 };
    const int noises = 32768 / (PH_TEST_SANITIZED ? 64 : test_step(64));
    static char text[32 * PATTERNS];
    size_t used =
        (size_t)snprintf(text, sizeof(text),
                         "network: { neurons: 1000, patterns: %d, dilution: { each: [0", PATTERNS);
    for (int mu = 1; mu < PATTERNS; mu++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, ", %.6f", mu / 8192.0);
    snprintf(text + used, sizeof(text) - used,
             "] } }\nnoise: { from: 0.001, to: 2, steps: %d }\ndynamics: { sweeps: 10 }\n", noises);
    ph_grid_t grid;
    const clock_t begin = clock();
    parse(&grid, text);
    const double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    ck_assert_uint_eq(grid.points_count, (size_t)noises);
    ck_assert_double_lt(seconds, 5.0);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_MAIN("identity", test_recorded, test_shared)
