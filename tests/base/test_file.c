/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/testing.h"

static char folder[64], name[2][128];
static ph_report_t report;

static const char *in_folder(int which, const char *leaf)
{
    snprintf(name[which], sizeof(name[which]), "%s/%s", folder, leaf);
    return name[which];
}

static void begin(void)
{
    snprintf(folder, sizeof(folder), "/tmp/polyhebb-file-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ph_report_init(&report);
}

static void finish(void)
{
    char command[128];
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
    ph_report_free(&report);
}

static void put(const char *path, const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(chmod(path, mode), 0);
}

static void holds(const char *path, const char *text)
{
    char *bytes = NULL;
    size_t size = 0;
    ck_assert_int_eq(ph_file_load(path, 1000, &bytes, &size, NULL), PH_OK);
    ck_assert_uint_eq(size, strlen(text));
    ck_assert_str_eq(bytes, text);
    free(bytes);
}

static void has_mode(const char *path, mode_t mode)
{
    struct stat facts;
    ck_assert_int_eq(lstat(path, &facts), 0);
    ck_assert_uint_eq(facts.st_mode, S_IFREG | mode);
}

/* The last message names the file and says this. */
static void says(const char *path, const char *text)
{
    ck_assert_uint_gt(report.count, 0);
    const char *last = report.messages[report.count - 1].text;
    ck_assert_msg(strncmp(last, path, strlen(path)) == 0, "%s", last);
    ck_assert_msg(strstr(last, text) != NULL, "%s", last);
}

static int try_open(const char *path, uint64_t largest)
{
    int descriptor = -2;
    int status = ph_file_open(path, largest, &descriptor, &report);
    const int error = errno;
    ck_assert(status == PH_OK ? descriptor >= 0 : descriptor == -1);
    if (descriptor >= 0)
        close(descriptor);
    errno = error;
    return status;
}

/* Only regular files no longer than said; nothing waits for the other end of a pipe. */
START_TEST(only_regular_files_are_read)
{
    begin();
    const char *path = in_folder(0, "file"), *other = in_folder(1, "other");
    put(path, "12345", 0644);
    ck_assert_int_eq(try_open(path, 5), PH_OK);
    ck_assert_int_eq(try_open(path, UINT64_MAX), PH_OK);
    ck_assert_int_eq(try_open(path, 4), PH_ERR_FORMAT);
    says(path, "5 bytes, expected at most 4");
    ck_assert_int_eq(try_open(other, 5), PH_ERR_IO);
    ck_assert_int_eq(errno, ENOENT);
    says(other, strerror(ENOENT));
    ck_assert_int_eq(mkfifo(other, 0666), 0);
    ck_assert_int_eq(try_open(other, 5), PH_ERR_FORMAT);
    ck_assert_int_eq(errno, 0);
    says(other, "is a pipe, expected a regular file");
    ck_assert_int_eq(try_open(folder, UINT64_MAX), PH_ERR_FORMAT);
    says(folder, "is a folder");
    ck_assert_int_eq(try_open("/dev/zero", UINT64_MAX), PH_ERR_FORMAT);
    says("/dev/zero", "is a device");
    finish();
}
END_TEST

START_TEST(whole_files)
{
    begin();
    const char *path = in_folder(0, "file");
    char *bytes = NULL;
    size_t size = 1;
    put(path, "", 0644);
    holds(path, "");
    put(path, "two\nlines\n", 0644);
    holds(path, "two\nlines\n");
    ck_assert_int_eq(ph_file_load(path, 9, &bytes, &size, &report), PH_ERR_FORMAT);
    ck_assert_ptr_null(bytes);
    bool exists = false;
    ck_assert_int_eq(ph_file_exists(path, &exists, &report), PH_OK);
    ck_assert(exists);
    ck_assert_int_eq(ph_file_exists(in_folder(1, "other"), &exists, &report), PH_OK);
    ck_assert(!exists);
    ck_assert_int_eq(ph_file_exists(in_folder(1, "file/below"), &exists, &report), PH_ERR_IO);
    finish();
}
END_TEST

/* What is beside a result is opened and made, but not through a link, to a file or to none. */
START_TEST(beside_a_result)
{
    int descriptor;
    begin();
    const char *path = in_folder(0, "side"), *victim = in_folder(1, "victim");
    ck_assert_int_eq(ph_file_open_beside(path, &descriptor, &report), PH_OK);
    ck_assert_int_eq(write(descriptor, "abc", 3), 3);
    close(descriptor);
    ck_assert_int_eq(ph_file_open_beside(path, &descriptor, &report), PH_OK);
    close(descriptor);
    holds(path, "abc");
    ck_assert_int_eq(ph_file_create(path, &descriptor, &report), PH_ERR_IO);
    ck_assert_int_eq(errno, EEXIST);
    holds(path, "abc");
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(symlink(victim, path), 0);
    for (int there = 0; there < 2; there++) {
        ck_assert_int_eq(ph_file_open_beside(path, &descriptor, &report), PH_ERR_IO);
        ck_assert_int_eq(descriptor, -1);
        says(path, "is a symbolic link");
        ck_assert_int_eq(ph_file_create(path, &descriptor, &report), PH_ERR_IO);
        if (there == 0)
            ck_assert_int_ne(access(victim, F_OK), 0);
        put(victim, "victim", 0644);
    }
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(mkfifo(path, 0666), 0);
    ck_assert_int_eq(ph_file_open_beside(path, &descriptor, &report), PH_ERR_FORMAT);
    finish();
}
END_TEST

static void replace(const char *fresh, const char *path, mode_t meanwhile)
{
    int descriptor;
    ck_assert_int_eq(ph_file_fresh(fresh, path, &descriptor, &report), PH_OK);
    has_mode(fresh, meanwhile);
    ck_assert_int_eq(write(descriptor, "new", 3), 3);
    ck_assert_int_eq(ph_file_sync(descriptor, fresh, &report), PH_OK);
    ck_assert_int_eq(ph_file_replace(descriptor, fresh, path, &report), PH_OK);
    ck_assert_int_eq(ph_file_sync_name(path, &report), PH_OK);
    close(descriptor);
    holds(path, "new");
    ck_assert_int_ne(access(fresh, F_OK), 0);
}

/* A new file has the permissions of any, one that replaces a file those of the old. */
START_TEST(permissions_stay)
{
    static const mode_t MODES[] = {0600, 0640, 0664, 0200};
    struct stat facts;
    begin();
    umask(0027);
    const char *path = in_folder(0, "result"), *fresh = in_folder(1, "result.partial");
    replace(fresh, path, 0640);
    has_mode(path, 0640);
    for (size_t i = 0; i < sizeof(MODES) / sizeof(MODES[0]); i++) {
        if (MODES[i] == 0200 && geteuid() != 0)
            continue;
        put(path, "old", MODES[i]);
        replace(fresh, path, 0600);
        has_mode(path, MODES[i]);
    }
    ck_assert_uint_eq(report.count, 0);
    if (geteuid() == 0) {
        ck_assert_int_eq(chown(path, 4321, 1234), 0);
        replace(fresh, path, 0600);
        ck_assert_int_eq(stat(path, &facts), 0);
        ck_assert_uint_eq(facts.st_uid, 4321);
        ck_assert_uint_eq(facts.st_gid, 1234);
    }
    finish();
}
END_TEST

/* Links under either name are replaced; what they point to stays as it is. */
START_TEST(links_are_replaced)
{
    begin();
    const char *path = in_folder(0, "result"), *fresh = in_folder(1, "result.partial");
    char victim[128];
    snprintf(victim, sizeof(victim), "%s/victim", folder);
    umask(0022);
    put(victim, "victim", 0666);
    ck_assert_int_eq(symlink(victim, fresh), 0);
    replace(fresh, path, 0644);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(symlink(victim, path), 0);
    replace(fresh, path, 0600);
    has_mode(path, 0644);
    holds(victim, "victim");
    has_mode(victim, 0666);
    finish();
}
END_TEST

/* A protected result stays, also where it was protected meanwhile; so does what is no file. */
START_TEST(protected_files_stay)
{
    int descriptor;
    begin();
    const char *path = in_folder(0, "result"), *fresh = in_folder(1, "result.partial");
    put(path, "old", 0644);
    ck_assert_int_eq(ph_file_fresh(fresh, path, &descriptor, &report), PH_OK);
    ck_assert_int_eq(chmod(path, 0444), 0);
    ck_assert_int_eq(ph_file_replace(descriptor, fresh, path, &report), PH_ERR_INPUT);
    says(path, "is write-protected (mode 0444");
    close(descriptor);
    ck_assert_int_eq(unlink(fresh), 0);
    ck_assert_int_eq(ph_file_fresh(fresh, path, &descriptor, &report), PH_ERR_INPUT);
    ck_assert_int_eq(descriptor, -1);
    ck_assert_int_ne(access(fresh, F_OK), 0);
    holds(path, "old");
    has_mode(path, 0444);
    ck_assert_int_eq(ph_file_replaceable(folder, &report), PH_ERR_INPUT);
    says(folder, "is a folder");
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(mkfifo(path, 0666), 0);
    ck_assert_int_eq(ph_file_replaceable(path, &report), PH_ERR_INPUT);
    says(path, "is a pipe");
    finish();
}
END_TEST

/* A write that the system cuts short goes on; what then stops it is the reason, not "success". */
START_TEST(short_writes)
{
    struct rlimit before, limit;
    begin();
    const char *path = in_folder(0, "file");
    put(path, "12345", 0644);
    const int descriptor = open(path, O_RDWR);
    ck_assert_int_ge(descriptor, 0);
    ck_assert_int_eq(ph_file_write_at(descriptor, 2, "abc", 3), PH_OK);
    holds(path, "12abc");
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = (struct rlimit){8, before.rlim_max};
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    errno = 0;
    const int status = ph_file_write_at(descriptor, 4, "defghi", 6), error = errno;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert_int_eq(status, PH_ERR_IO);
    ck_assert_int_eq(error, EFBIG);
    holds(path, "12abdefg");
    close(descriptor);
    finish();
}
END_TEST

/* A suffix, whatever the name ends with. */
START_TEST(beside)
{
    static const char *const NAMES[][3] = {{"run.h5", ".journal", "run.h5.journal"},
                                           {"a/b.", ".status.partial", "a/b..status.partial"},
                                           {"", ".claim", ".claim"}};
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
        char *found = ph_file_beside(NAMES[i][0], NAMES[i][1]);
        ck_assert_str_eq(found, NAMES[i][2]);
        free(found);
    }
}
END_TEST

/* What a stream gives until it ends, of sizes about those of the buffer and of the limit; a stream
 * that cannot be read; and one that is longer than it may be is not read to its end. */
START_TEST(streams)
{
    static const size_t SIZES[] = {0, 1, 4095, 4096, 4097, 8192, 10000};
    char bytes[10000], *read;
    size_t size;
    begin();
    for (size_t k = 0; k < sizeof(bytes); k++)
        bytes[k] = (char)(k * 7);
    for (size_t i = 0; i < sizeof(SIZES) / sizeof(SIZES[0]); i++) {
        FILE *in = tmpfile();
        ck_assert_ptr_nonnull(in);
        ck_assert_uint_eq(fwrite(bytes, 1, SIZES[i], in), SIZES[i]);
        rewind(in);
        ck_assert_int_eq(ph_file_load_stream(in, "in", 10000, &read, &size, &report), PH_OK);
        ck_assert_uint_eq(size, SIZES[i]);
        ck_assert_int_eq(memcmp(read, bytes, size), 0);
        ck_assert_int_eq(read[size], '\0');
        free(read);
        rewind(in);
        if (SIZES[i] > 0)
            ck_assert_int_eq(ph_file_load_stream(in, "in", SIZES[i] - 1, &read, &size, NULL),
                             PH_ERR_FORMAT);
        ck_assert_ptr_null(SIZES[i] > 0 ? read : NULL);
        fclose(in);
    }
    ck_assert_uint_eq(report.count, 0);
    FILE *zeros = fopen("/dev/zero", "r"), *place = fopen(folder, "r");
    ck_assert_int_eq(ph_file_load_stream(zeros, "in", 100, &read, &size, &report), PH_ERR_FORMAT);
    ck_assert_str_eq(report.messages[0].text, "in: has more than 100 bytes");
    ck_assert_int_eq(ph_file_load_stream(place, "in", 100, &read, &size, &report), PH_ERR_IO);
    ck_assert_str_eq(report.messages[1].text, "in: cannot be read: Is a directory");
    fclose(zeros);
    fclose(place);
    finish();
}
END_TEST

PH_TEST_MAIN("file", streams, beside, only_regular_files_are_read, whole_files, beside_a_result,
             permissions_stay, links_are_replaced, protected_files_stay, short_writes)
