/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/machine.h"
#include "bench/bench.h"
#include "cli/bench_old.h"
#include "cli/cli.h"
#include "params/words.h"
#include "polyhebb_build.h"
#include "sim/samplers/samplers.h"

static const double NOISE = 0.5, BELOW = 0.6, NEAR = 0.95;
static const int64_t NEURONS[] = {1000, 10000, 1000000}, PATTERNS[] = {1, 3, 8, 16};
/* Chains of a block and blocks: one, all that go in one, the default of a grid file. */
static const uint32_t REPLICAS[][2] = {{1, 1}, {64, 1}, {32, 2}};
enum { NEURONS_COUNT = 3, PATTERNS_COUNT = 4, REPLICAS_COUNT = 3, EFFECTIVE_SWEEPS = 1000 };

/* Samplers by classes are for the largest network alone, and for few patterns. */
static const int64_t LUMPED_NEURONS = 1000000, LUMPED_PATTERNS = 8;

static bool has_order(ph_sampler_id_t sampler)
{
    return ph_sampler_has(sampler, PH_TRAIT_ORDERED);
}

typedef struct {
    bool json;
    const char *kernel;
    const char *compare; /* NULL: nothing to compare with */
    ph_bench_old_t old;  /* what it holds */
    uint64_t threads, largest;
    ph_bench_effort_t effort;
    bool was_reference; /* the row before */
    bool begun;         /* a row of the present list has been printed */
    ph_bench_naive_t naive;
    double dense;
} bench_t;

static int set_kernel(void *arguments, const char *text, ph_report_t *report)
{
    bench_t *self = arguments;
    self->kernel = text;
    return ph_kernel_is_known(text)
               ? PH_OK
               : ph_fail(report, PH_ERR_INPUT,
                         "no sampler has a kernel '%s' here; 'polyhebb bench' shows their names",
                         text);
}

static void json_number(const char *name, double value)
{
    if (isfinite(value))
        printf(", \"%s\": %.6g", name, value);
    else
        printf(", \"%s\": null", name);
}

static void json_case(bench_t *self, const ph_bench_case_t *what, const char *kernel)
{
    const char *quote = has_order(what->sampler) ? "\"" : "";
    printf("%s\n    {\"sampler\": \"%s\", \"order\": %s%s%s, \"kernel\": \"%s\"",
           self->begun ? "," : "", ph_sampler_facts(what->sampler)->word, quote,
           has_order(what->sampler) ? PH_ORDER_WORDS.words[what->order] : "null", quote, kernel);
    printf(", \"patterns\": %lld, \"neurons\": %lld", (long long)what->patterns,
           (long long)what->neurons);
    json_number("noise", what->noise);
    printf(", \"replicas\": %u, \"blocks\": %u, \"threads\": %llu", what->replicas, what->blocks,
           (unsigned long long)what->threads);
    self->begun = true;
}

static void print_speed(bench_t *self, const ph_bench_case_t *what, const ph_bench_speed_t *speed)
{
    /* Time of one thread for one class of one chain in one sweep. */
    double per_class = NAN;
    if (ph_sampler_has(what->sampler, PH_TRAIT_LUMPED))
        per_class = 1e9 * speed->sweep_seconds / what->replicas / what->blocks / speed->rungs /
                    speed->classes;
    const double to_dense = speed->per_second / self->dense;
    const ph_bench_ratio_t old = ph_bench_old_ratio(&self->old, what, speed);
    if (self->json) {
        json_case(self, what, speed->kernel);
        json_number("updates_per_second", speed->per_second);
        json_number("spread", speed->spread);
        json_number("ns_per_class", per_class);
        json_number("ratio_to_naive", speed->to_naive);
        json_number("ratio_to_naive_spread", speed->to_naive_spread);
        json_number("ratio_to_dense", to_dense);
        if (self->compare != NULL) {
            json_number("ratio_to_old", old.ratio);
            json_number("ratio_to_old_noise", old.noise);
            json_number("naive_to_old", old.naive);
        }
        printf("}");
        return;
    }
    char replicas[24];
    if (what->blocks > 1)
        snprintf(replicas, sizeof(replicas), "%ux%u", what->blocks, what->replicas);
    else
        snprintf(replicas, sizeof(replicas), "%u", what->replicas);
    printf("%-18s %-10s %2lld %7lld %4s %3llu  %-10s %9.3g %9.1f",
           ph_sampler_facts(what->sampler)->word,
           has_order(what->sampler) ? PH_ORDER_WORDS.words[what->order] : "-",
           (long long)what->patterns, (long long)what->neurons, replicas,
           (unsigned long long)what->threads, speed->kernel, speed->per_second, speed->to_naive);
    if (isfinite(to_dense))
        printf(" %9.3g %8s", to_dense, "");
    else
        printf(" %9s %8.1f", "-", per_class);
    if (isfinite(old.ratio))
        printf(" %6.2f +- %-5.2f %6.2f", old.ratio, old.noise, old.naive);
    printf("\n");
    fflush(stdout);
}

/* One row; a kernel that does not take the case leaves none. */
static int measure(bench_t *self, ph_bench_case_t what, const char *kernel)
{
    ph_bench_speed_t speed;
    what.kernel = kernel;
    int status = ph_bench_speed(&what, &self->effort, &self->naive, &speed);
    if (status == PH_OK) {
        print_speed(self, &what, &speed);
        self->was_reference = strcmp(speed.kernel, "reference") == 0;
    }
    return status == PH_ERR_INPUT ? PH_OK : status;
}

/* All rows of one sampler at one size: replicas x threads, and the reference kernel. */
static int measure_sampler(bench_t *self, ph_bench_case_t what)
{
    int status = PH_OK;
    for (int r = 0; r < REPLICAS_COUNT && status == PH_OK; r++) {
        what.replicas = REPLICAS[r][0];
        what.blocks = REPLICAS[r][1];
        what.threads = 1;
        if (what.blocks > 1 && !ph_sampler_in_step(ph_sampler(what.sampler), what.replicas))
            continue;
        status = measure(self, what, self->kernel);
        what.threads = self->threads;
        if (status == PH_OK && self->threads > 1)
            status = measure(self, what, self->kernel);
    }
    what.threads = what.blocks = 1;
    what.replicas = REPLICAS[1][0];
    if (status == PH_OK && self->kernel == NULL && !self->was_reference)
        status = measure(self, what, "reference");
    return status;
}

/* Whether an update is worth timing: descent stops. */
static bool is_timed(ph_sampler_id_t sampler)
{
    return !ph_sampler_has(sampler, PH_TRAIT_FREEZES);
}

static int measure_size(bench_t *self, ph_bench_case_t what)
{
    int status = ph_bench_naive_init(&self->naive, &what, &self->effort);
    for (int s = 0; s < PH_SAMPLER_COUNT && status == PH_OK; s++) {
        what.sampler = (ph_sampler_id_t)s;
        if (is_timed(what.sampler) &&
            ph_sampler_has(what.sampler, PH_TRAIT_LUMPED) == (what.neurons == LUMPED_NEURONS))
            status = measure_sampler(self, what);
    }
    ph_bench_naive_free(&self->naive);
    return status;
}

static int measure_speeds(bench_t *self)
{
    int status = PH_OK;
    self->begun = false;
    if (!self->json)
        printf("%-18s %-10s %2s %7s %4s %3s  %-10s %9s %9s %9s %8s%s\n", "sampler", "order", "K",
               "N", "R", "thr", "kernel", "updates/s", "/naive", "/dense", "ns/class",
               self->compare != NULL ? "   /old +- noise  naive/old" : "");
    for (int n = 0; n < NEURONS_COUNT && (uint64_t)NEURONS[n] <= self->largest; n++) {
        ph_bench_case_t what = {.neurons = NEURONS[n], .noise = NOISE, .blocks = 1, .threads = 1};
        what.patterns = PATTERNS[1];
        /* The time of a dense field does not depend on K. */
        status = ph_bench_dense(&what, &self->effort, &self->dense);
        for (int k = 0; k < PATTERNS_COUNT && status == PH_OK; k++) {
            what.patterns = PATTERNS[k];
            if (what.neurons < LUMPED_NEURONS || what.patterns <= LUMPED_PATTERNS)
                status = measure_size(self, what);
        }
    }
    return status;
}

static int measure_effective(bench_t *self)
{
    int status = PH_OK;
    const double noises[] = {BELOW, NEAR};
    self->begun = false;
    if (!self->json)
        printf("\nIndependent samples of the energy (K = 3, N = 1000, 64 chains, one thread)\n"
               "%-18s %-10s %6s %8s %12s\n",
               "sampler", "kernel", "noise", "tau", "samples/s");
    for (int k = 0; k < 2 * PH_SAMPLER_COUNT && status == PH_OK; k++) {
        ph_bench_case_t what = {.sampler = (ph_sampler_id_t)(k / 2),
                                .neurons = 1000,
                                .patterns = 3,
                                .noise = noises[k % 2],
                                .replicas = 64,
                                .blocks = 1,
                                .threads = 1};
        ph_bench_effective_t effective;
        if (!is_timed(what.sampler))
            continue;
        status = ph_bench_effective(&what, EFFECTIVE_SWEEPS, &effective);
        if (status == PH_OK && self->json) {
            json_case(self, &what, effective.kernel);
            json_number("tau", effective.tau);
            json_number("samples_per_second", effective.per_second);
            printf("}");
        } else if (status == PH_OK) {
            printf("%-18s %-10s %6g %8.3g %12.3g\n", ph_sampler_facts(what.sampler)->word,
                   effective.kernel, what.noise, effective.tau, effective.per_second);
        }
    }
    return status;
}

static int act(void *arguments, ph_report_t *report)
{
    bench_t *self = arguments;
    if (self->compare != NULL) {
        const int status = ph_bench_old_read(&self->old, self->compare, report);
        if (status != PH_OK) {
            ph_bench_old_free(&self->old);
            return ph_cli_finish(report, status);
        }
    }
    self->threads = ph_machine_threads(self->threads).value;
    char processor[160];
    ph_machine_processor(processor, sizeof(processor));
    if (self->json)
        printf("{\n  \"version\": \"%s\", \"revision\": \"%s\", \"compiler\": \"%s\",\n"
               "  \"processor\": \"%s\", \"results\": [",
               PH_VERSION, PH_REVISION, PH_COMPILER, processor);
    int status = measure_speeds(self);
    if (self->json)
        printf("],\n  \"effective\": [");
    if (status == PH_OK && self->kernel == NULL)
        status = measure_effective(self);
    if (self->json)
        printf("]\n}\n");
    ph_bench_old_free(&self->old);
    return ph_cli_finish(report, status);
}

#define AT(member) .offset = offsetof(bench_t, member)

static const ph_option_t OPTIONS[] = {
    {"threads", 'j', "N", "Threads for the rows with all of them", .type = PH_OPTION_NUMBER,
     AT(threads), .minimum = 1, .maximum = 4096},
    {"json", 'J', NULL, "Print JSON instead of a table", .type = PH_OPTION_FLAG, AT(json)},
    {"kernel", 'k', "NAME",
     "Measure only this kernel (reference, single, sse2, avx2, wide-avx2, ...), where it fits",
     .set = set_kernel},
    {"compare", 'c', "OLD", "Print each rate over that in OLD, of bench --json, with its noise",
     .type = PH_OPTION_FILE, AT(compare)},
    {"largest", 'n', "N", "Leave out networks of more than N neurons", .type = PH_OPTION_NUMBER,
     AT(largest), .minimum = 1000},
    {"seconds", 's', "S", "Time of one repetition, of which there are 5 (0.02)",
     .type = PH_OPTION_REAL, AT(effort.seconds), .maximum = 60},
    {.name = NULL}};

static const bench_t DEFAULTS = {.largest = UINT64_MAX, .effort = {0.02, 5}};

static const ph_example_t EXAMPLES[] = {
    {"bench -j 1", "one thread"}, {"bench --json", "for a program to read"}, {.words = NULL}};

const ph_verb_t PH_VERB_BENCH = {
    .name = "bench",
    .help = "updates per second, beside simpler programs",
    .about = "Attempted spin updates per second of every sampler, beside a naive O(K) loop and a "
             "dense coupling matrix measured in the same run: medians of 5; and independent "
             "samples per second below and near the onset of order.",
    .options = OPTIONS,
    .size = sizeof(bench_t),
    .defaults = &DEFAULTS,
    .examples = EXAMPLES,
    .act = act,
};
