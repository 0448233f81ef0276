/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

/* atexit() hands nothing over. */
static char room[64];

static void remove_room(void)
{
    DIR *folder = opendir(room);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        char path[sizeof(room) + sizeof(entry->d_name) + 1];
        snprintf(path, sizeof(path), "%s/%s", room, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlink(path);
    }
    if (folder != NULL)
        closedir(folder);
    rmdir(room);
}

void fuzz_room(void)
{
    snprintf(room, sizeof(room), "/tmp/polyhebb-fuzz-XXXXXX");
    fuzz_expect(mkdtemp(room) != NULL && chdir(room) == 0, "no folder to work in");
    atexit(remove_room);
}

void fuzz_write(const char *name, const void *bytes, size_t size)
{
    FILE *out = fopen(name, "wb");
    fuzz_expect(out != NULL && fwrite(bytes, 1, size, out) == size && fclose(out) == 0, name);
}

uint8_t *fuzz_read(const char *name, size_t *size)
{
    FILE *in = fopen(name, "rb");
    fuzz_expect(in != NULL && fseek(in, 0, SEEK_END) == 0, name);
    *size = (size_t)ftell(in);
    rewind(in);
    uint8_t *bytes = malloc(*size + 1);
    fuzz_expect(bytes != NULL && fread(bytes, 1, *size, in) == *size, name);
    fclose(in);
    return bytes;
}

void fuzz_expect(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "does not hold: %s\n", what);
    abort();
}
