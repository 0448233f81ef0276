/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A host program that rounds upward, flushes subnormal numbers to zero or has let OpenMP's threads
 * do so gets the same bits as any other, and keeps its own arithmetic. */
#include <fenv.h>
#include <string.h>
#include <unistd.h>

#include "analysis/compare/path.h"
#include "analysis/estimate/statistics.h"
#include "analysis/exact/exact.h"
#include "analysis/export/export.h"
#include "analysis/phase/phase.h"
#include "analysis/theory/theoryfile.h"
#include "sim/model/patterns.h"
#include "sim/run/run.h"
#include "tests/testing.h"

static const char CHAINS[] =
    "network: { rule: [storage, supervised], neurons: 300, patterns: 2, dilution: [0.2, 0.41],\n"
    "           examples: 3, quality: 0.7 }\n"
    "noise: { from: 0.07, to: 0.6, steps: 3, scale: log }\n"
    "dynamics: { start: hierarchical, sweeps: 30, SAMPLER }\n"
    "ensemble: { samples: 2, replicas: 4 }\n"
    "theory: { kinds: [mean_field, signal_to_noise, flow] }\n";
static const char *const SAMPLERS[] = {
    "sampler: glauber", "sampler: metropolis, schedule_from: 2, schedule_sweeps: 10, burn_in: 11",
    "sampler: block-gibbs", "sampler: lumped-block-gibbs"};
static const char STATES[] = "network: { neurons: 100, patterns: 2, dilution: [0.2, 0.6] }\n"
                             "noise: [0.1, 0.5]\ndynamics: { start: hierarchical, sweeps: 1 }\n";

typedef struct {
    const char *name;
    int rounding;
    bool flush, own; /* in the calling thread too, or in OpenMP's others alone */
} hostmode_t;
static const hostmode_t MODES[] = {{"none", FE_TONEAREST, false, true},
                                   {"upward", FE_UPWARD, false, true},
                                   {"flushed", FE_TOWARDZERO, true, true},
                                   {"others", FE_DOWNWARD, true, false}};

static char folder[64], text_of_first[1 << 17];

/* Subnormal numbers are flushed to zero, as a library built with -ffast-math does it. */
static void flush_to_zero(void)
{
#if defined(__x86_64__)
    unsigned sse;
    __asm__ volatile("stmxcsr %0" : "=m"(sse));
    sse |= 0x8040;
    __asm__ volatile("ldmxcsr %0" : : "m"(sse));
#endif
}

static void set_mode(const hostmode_t *mode)
{
    fesetround(mode->rounding);
    if (mode->flush)
        flush_to_zero();
}

static void set_modes(const hostmode_t *mode)
{
#pragma omp parallel num_threads(2)
    set_mode(mode);
    fesetenv(FE_DFL_ENV); /* some runtimes put the first thread's modes back, others do not */
    if (mode->own)
        set_mode(mode);
}

static bool flushes(void)
{
    volatile double least = 0x1p-1022, half = 0.5;
    return !(least * half > 0.0);
}

/* The host finds what it has set. */
static void expect_kept(const hostmode_t *mode)
{
    ck_assert_int_eq(fegetround(), mode->own ? mode->rounding : FE_TONEAREST);
#if defined(__x86_64__)
    ck_assert(flushes() == (mode->own && mode->flush));
#endif
}

static void clean(void)
{
    static const hostmode_t none = {"", FE_TONEAREST, false, true};
#pragma omp parallel num_threads(2)
    fesetenv(FE_DFL_ENV);
    fesetenv(FE_DFL_ENV); /* the first thread's, as above */
    expect_kept(&none);
}

/* FOLDER/KIND-SAMPLER-MODE.h5 */
static const char *path_of(const char *kind, int sampler, const char *mode)
{
    static char paths[4][128];
    static int next;
    next = (next + 1) % 4;
    snprintf(paths[next], sizeof(paths[0]), "%s/%s-%d-%s.h5", folder, kind, sampler, mode);
    return paths[next];
}

/* All data equal bit for bit; only /provenance may differ. */
static void expect_same_file(const char *kind, int sampler, const char *mode)
{
    char command[512];
    snprintf(command, sizeof(command), "h5diff --exclude-path /provenance '%s' '%s' >/dev/null",
             path_of(kind, sampler, "none"), path_of(kind, sampler, mode));
    ck_assert_msg(system(command) == 0, "%s", command);
}

static void parse(ph_grid_t *grid, int sampler, ph_report_t *report)
{
    char text[1024];
    const char *gap = strstr(CHAINS, "SAMPLER");
    snprintf(text, sizeof(text), "%.*s%s%s", (int)(gap - CHAINS), CHAINS, SAMPLERS[sampler],
             gap + strlen("SAMPLER"));
    ph_grid_init(grid);
    ck_assert_int_eq(ph_grid_parse(grid, text, "test", 0, NULL, report), PH_OK);
}

/* What a comparison finds; %a is exact whatever the rounding. */
static void print_comparison(FILE *out, ph_runfile_t *run, ph_report_t *report)
{
    ph_comparison_t found;
    ph_path_comparison_t paths;
    ck_assert_int_eq(ph_compare(&found, run, NULL, PH_VIEW_PATTERNS, report), PH_OK);
    ck_assert_int_eq(ph_compare_paths(&paths, run, report), PH_OK);
    for (size_t i = 0; i < found.rows_count; i++)
        fprintf(out, "%a %a %a %a\n", found.rows[i].mc, found.rows[i].error,
                found.rows[i].sample_theory, found.rows[i].population);
    for (size_t i = 0; i < paths.rows_count; i++)
        fprintf(out, "%a %a %a\n", paths.rows[i].mc, paths.rows[i].error, paths.rows[i].flow);
    fprintf(out, "%a %a %a\n", found.threshold, found.chance, paths.threshold);
    ph_comparison_free(&found);
    ph_path_comparison_free(&paths);
}

/* Statistics of numbers that a host has of its own. */
static void print_statistics(FILE *out)
{
    double x[64];
    for (int i = 0; i < 64; i++)
        x[i] = (double)(i * i * 7919 % 101) / 128.0;
    const ph_estimate_t one = ph_estimate_series(x, 64, 1), all = ph_estimate_chains(x, 4, 16);
    fprintf(out, "%a %a %a %a\n", one.mean, one.error, one.tau, one.variance);
    fprintf(out, "%a %a %a %a\n", all.mean, all.error, all.tau, all.variance);
    fprintf(out, "%a %a %a %a\n", ph_split_rhat(x, 4, 16), ph_error_of_mean(x, 63),
            ph_normal_tail(2.7), ph_binomial_tail(3, 20, 0.07));
}

static void print_exact(FILE *out, const ph_grid_t *grid, ph_report_t *report)
{
    ph_patterns_t patterns;
    ph_coupling_t coupling;
    ph_exact_t exact;
    ck_assert_int_eq(ph_patterns_draw(&patterns, &grid->points[0], 3, 0), PH_OK);
    ck_assert_int_eq(ph_coupling_init(&coupling, &grid->points[0], &patterns), PH_OK);
    ck_assert_int_eq(ph_exact_init(&exact, coupling.features), PH_OK);
    ck_assert_int_eq(ph_exact_integral(&exact, &coupling, 0.9, report), PH_OK);
    fprintf(out, "%a %a %a\n", exact.second[0], exact.free_energy, exact.energy);
    ph_exact_free(&exact);
    ph_coupling_free(&coupling);
    ph_patterns_free(&patterns);
}

/* Grid, run, comparison and tables under a mode. */
static void run_all(FILE *out, const hostmode_t *mode, ph_report_t *report)
{
    for (int s = 0; s < (int)(sizeof(SAMPLERS) / sizeof(SAMPLERS[0])); s++) {
        ph_grid_t grid;
        ph_runfile_t run;
        ph_run_summary_t summary;
        ph_selection_t selection;
        parse(&grid, s, report);
        const ph_run_options_t options = {
            .path = path_of("run", s, mode->name), .threads = 2, .shards = 1};
        ck_assert_int_eq(ph_run(&grid, &options, &summary, report), PH_OK);
        expect_kept(mode);
        for (size_t p = 0; p < grid.points_count; p++)
            fprintf(out, "%a\n", grid.points[p].noise);
        ck_assert_int_eq(ph_runfile_open(&run, options.path, report), PH_OK);
        ph_selection_init(&selection, run.base.grid);
        ck_assert_int_eq(
            ph_export_estimates(out, &run, &selection, PH_VIEW_PATTERNS, PH_TEXT_CSV, report),
            PH_OK);
        if (s == 0)
            print_comparison(out, &run, report);
        if (s == 0)
            print_exact(out, &grid, report);
        ph_runfile_close(&run);
        ph_grid_free(&grid);
        expect_kept(mode);
    }
}

static void solve_all(const hostmode_t *mode, ph_report_t *report)
{
    ph_grid_t grid;
    ph_theory_t theory;
    ph_phase_t phase;
    parse(&grid, 0, report);
    ck_assert_int_eq(ph_theory_solve(&theory, &grid, grid.kinds, true, 2, report), PH_OK);
    ck_assert_int_eq(ph_theory_write(&theory, path_of("theory", 0, mode->name), report), PH_OK);
    expect_kept(mode);
    ph_theory_free(&theory);
    ph_grid_free(&grid);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, STATES, "test", 0, NULL, report), PH_OK);
    ck_assert_int_eq(ph_phase_solve(&phase, &grid, 2, report), PH_OK);
    ck_assert_int_eq(ph_phase_write(&phase, path_of("phase", 0, mode->name), report), PH_OK);
    expect_kept(mode);
    ph_phase_free(&phase);
    ph_grid_free(&grid);
}

START_TEST(same_bits_whatever_the_host)
{
    snprintf(folder, sizeof(folder), "/tmp/polyhebb-hostmodes-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    for (size_t m = 0; m < sizeof(MODES) / sizeof(MODES[0]); m++) {
        char *text = NULL;
        size_t size = 0;
        ph_report_t report;
        FILE *out = open_memstream(&text, &size);
        ph_report_init(&report);
        set_modes(&MODES[m]);
        run_all(out, &MODES[m], &report);
        solve_all(&MODES[m], &report);
        print_statistics(out);
        expect_kept(&MODES[m]);
        clean();
        fclose(out);
        ck_assert_uint_lt(size, sizeof(text_of_first));
        if (m == 0)
            strcpy(text_of_first, text);
        ck_assert_str_eq(text, text_of_first);
        for (int s = 0; s < (int)(sizeof(SAMPLERS) / sizeof(SAMPLERS[0])); s++)
            expect_same_file("run", s, MODES[m].name);
        expect_same_file("theory", 0, MODES[m].name);
        expect_same_file("phase", 0, MODES[m].name);
        free(text);
        ph_report_free(&report);
    }
    char command[128];
    snprintf(command, sizeof(command), "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

PH_TEST_MAIN("hostmodes", same_bits_whatever_the_host)
