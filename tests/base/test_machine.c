/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/machine.h"

#include <omp.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "tests/testing.h"

static char root[64];

/* Puts a file below a made-up root folder. */
static void put(const char *path, const char *text)
{
    char command[512], full[256];
    snprintf(full, sizeof(full), "%s%s", root, path);
    snprintf(command, sizeof(command), "mkdir -p \"$(dirname '%s')\"", full);
    ck_assert_int_eq(system(command), 0);
    FILE *file = fopen(full, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void new_root(void)
{
    static const char *const names[] = {"SLURM_MEM_PER_NODE",
                                        "SLURM_MEM_PER_CPU",
                                        "SLURM_CPUS_PER_TASK",
                                        "OMP_NUM_THREADS",
                                        "NSLOTS",
                                        "NCPUS",
                                        "LSB_DJOB_NUMPROC"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        unsetenv(names[i]);
    snprintf(root, sizeof(root), "/tmp/polyhebb-machine-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
}

static void remove_root(void)
{
    char command[128];
    snprintf(command, sizeof(command), "rm -r '%s'", root);
    ck_assert_int_eq(system(command), 0);
}

/* Version 2: a parent's limit counts; use is taken off, reclaimable cache is not. */
START_TEST(memory_cgroup_v2)
{
    new_root();
    ck_assert(ph_machine_memory_under(root).value == UINT64_MAX);
    put("/proc/meminfo", "MemTotal: 9000 kB\nMemAvailable:    8000 kB\n");
    ck_assert_uint_eq(ph_machine_memory_under(root).value, 8000 * 1024);
    put("/proc/self/cgroup", "0::/slice/job\n");
    put("/sys/fs/cgroup/slice/job/memory.max", "max\n");
    ck_assert_uint_eq(ph_machine_memory_under(root).value, 8000 * 1024);
    put("/sys/fs/cgroup/slice/memory.max", "1000000\n");
    put("/sys/fs/cgroup/slice/memory.current", "400000\n");
    put("/sys/fs/cgroup/slice/memory.stat", "anon 1\ninactive_file 100000\n");
    ph_limit_t limit = ph_machine_memory_under(root);
    ck_assert_uint_eq(limit.value, 700000);
    ck_assert_ptr_nonnull(strstr(limit.source, "cgroup"));
    remove_root();
}
END_TEST

/* Version 1: the controller's own path; "no limit" is a huge number there. */
START_TEST(memory_cgroup_v1)
{
    new_root();
    put("/proc/self/cgroup", "5:cpu,cpuacct:/a\n4:memory:/b/c\n0::/\n");
    put("/sys/fs/cgroup/memory/b/c/memory.limit_in_bytes", "9223372036854771712\n");
    ck_assert(ph_machine_memory_under(root).value == UINT64_MAX);
    put("/sys/fs/cgroup/memory/b/memory.limit_in_bytes", "5000\n");
    put("/sys/fs/cgroup/memory/b/memory.usage_in_bytes", "6000\n");
    ck_assert_uint_eq(ph_machine_memory_under(root).value, 0);
    put("/sys/fs/cgroup/memory/b/memory.usage_in_bytes", "2000\n");
    ck_assert_uint_eq(ph_machine_memory_under(root).value, 3000);
    remove_root();
}
END_TEST

/* Slurm's memory per processor counts for all processors of the task. */
START_TEST(memory_slurm)
{
    new_root();
    setenv("SLURM_MEM_PER_CPU", "3", 1);
    setenv("SLURM_CPUS_PER_TASK", "4", 1);
    ck_assert_uint_eq(ph_machine_memory_under(root).value, UINT64_C(12) << 20);
    setenv("SLURM_MEM_PER_NODE", "5", 1);
    ck_assert_uint_eq(ph_machine_memory_under(root).value, UINT64_C(5) << 20);
    remove_root();
}
END_TEST

/* Threads: the least of all limits, quotas rounded up, never below one. */
START_TEST(threads)
{
    new_root();
    uint64_t processors = ph_machine_threads_under(root, 0).value;
    ck_assert_uint_ge(processors, 1);
    ck_assert_uint_eq(ph_machine_threads_under(root, 1000000).value, processors);
    ck_assert_uint_eq(ph_machine_threads_under(root, 1).value, 1);
    put("/proc/self/cgroup", "0::/\n");
    put("/sys/fs/cgroup/cpu.max", "max 100000\n");
    ck_assert_uint_eq(ph_machine_threads_under(root, 0).value, processors);
    put("/sys/fs/cgroup/cpu.max", "150000 100000\n");
    ck_assert_uint_eq(ph_machine_threads_under(root, 0).value, processors < 2 ? processors : 2);
    put("/sys/fs/cgroup/cpu.max", "50000 100000\n");
    ck_assert_uint_eq(ph_machine_threads_under(root, 0).value, 1);
    put("/sys/fs/cgroup/cpu.max", "max 100000\n");
    setenv("OMP_NUM_THREADS", "1,2", 1);
    ck_assert_uint_eq(ph_machine_threads_under(root, 0).value, 1);
    setenv("OMP_NUM_THREADS", "nonsense", 1);
    ck_assert_uint_eq(ph_machine_threads_under(root, 0).value, processors);
    remove_root();
}
END_TEST

/* Every scheduler's number of processors counts, and is named. */
START_TEST(threads_of_schedulers)
{
    static const char *const names[] = {"SLURM_CPUS_PER_TASK", "NSLOTS", "NCPUS",
                                        "LSB_DJOB_NUMPROC"};
    new_root();
    const uint64_t processors = ph_machine_threads_under(root, 0).value;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        setenv(names[i], "1", 1);
        const ph_limit_t limit = ph_machine_threads_under(root, 0);
        ck_assert_uint_eq(limit.value, 1);
        ck_assert(processors == 1 || strcmp(limit.source, names[i]) == 0);
        setenv(names[i], "1000000", 1);
        ck_assert_uint_eq(ph_machine_threads_under(root, 0).value, processors);
        unsetenv(names[i]);
    }
    remove_root();
}
END_TEST

/* A program that uses the library and OpenMP itself keeps its word. */
START_TEST(threads_of_the_host)
{
    new_root();
    omp_set_num_threads(1);
    ck_assert_uint_eq(ph_machine_threads_under(root, 2).value, 1);
    remove_root();
}
END_TEST

/* Time stamps have the promised form, names are terminated, the clock does not go back. */
START_TEST(host_and_time)
{
    char text[24], host[4] = "xxx";
    ph_machine_time(text, sizeof(text));
    ck_assert_uint_eq(strlen(text), 20);
    ck_assert_int_eq(text[10], 'T');
    ck_assert_int_eq(text[19], 'Z');
    ph_machine_host(host, sizeof(host));
    ck_assert_uint_lt(strlen(host), sizeof(host));
    double before = ph_machine_clock();
    ck_assert_double_ge(ph_machine_clock(), before);
}
END_TEST

/* The first processor's name; of one without the machine's kind; nothing that a text in quotes
 * could not hold. */
START_TEST(processor)
{
    char text[128], brief[8];
    struct utsname kind;
    new_root();
    ck_assert_int_eq(uname(&kind), 0);
    ph_machine_processor_under(root, text, sizeof(text));
    ck_assert_str_eq(text, kind.machine);
    put("/proc/cpuinfo", "processor\t: 0\nvendor_id\t: A\nmodel name\t: AMD EPYC 7763\n"
                         "cpu family\t: 25\nmodel\t\t: 1\nstepping\t: 1\n\nprocessor\t: 1\n"
                         "cpu family\t: 26\nmodel\t\t: 2\nmodel name\t: another\n");
    ph_machine_processor_under(root, text, sizeof(text));
    ck_assert_str_eq(text, "AMD EPYC 7763 (family 25, model 1)");
    ph_machine_processor_under(root, brief, sizeof(brief));
    ck_assert_str_eq(brief, "AMD EPY");
    put("/proc/cpuinfo", "processor\t: 0\nmodel name\t: \"a\\b\303\244\tc\n");
    ph_machine_processor_under(root, text, sizeof(text));
    ck_assert_str_eq(text, "?a?b???c");
    put("/proc/cpuinfo", "processor\t: 0\nBogoMIPS\t: 243.75\nmodel name\t:\n");
    ph_machine_processor_under(root, text, sizeof(text));
    ck_assert_str_eq(text, kind.machine);
    remove_root();
}
END_TEST

PH_TEST_MAIN("machine", processor, memory_cgroup_v2, memory_cgroup_v1, memory_slurm, threads,
             threads_of_schedulers, threads_of_the_host, host_and_time)
