/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/gridfile.h"

#include <errno.h>
#include <fcntl.h>
#include <hdf5_hl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/store/attributes.h"
#include "sim/store/filedriver.h"
#include "sim/store/gridfile_parts.h"

/*
 * Format 1.10 gives every piece of metadata a checksum. No locks: a file is written under a name
 * of its own by whoever holds the claim, and some cluster file systems refuse to lock.
 */
static hid_t access_properties(void)
{
    hid_t list = H5Pcreate(H5P_FILE_ACCESS);
    if (list < 0)
        return list;
    int result = H5Pset_libver_bounds(list, H5F_LIBVER_V110, H5F_LIBVER_V110);
    if (result >= 0)
        result = H5Pset_fclose_degree(list, H5F_CLOSE_STRONG);
#if H5_VERSION_GE(1, 12, 1) || (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 12, 0))
    if (result >= 0)
        result = H5Pset_file_locking(list, false, true);
#endif
    if (result >= 0)
        return list;
    H5Pclose(list);
    return H5I_INVALID_HID;
}

/* No times in object headers, so that equal runs make equal files; names listed as created. */
static hid_t creation_properties(void)
{
    hid_t list = H5Pcreate(H5P_FILE_CREATE);
    const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    if (list >= 0 &&
        (H5Pset_link_creation_order(list, order) < 0 ||
         H5Pset_attr_creation_order(list, order) < 0 || H5Pset_obj_track_times(list, false) < 0)) {
        H5Pclose(list);
        return H5I_INVALID_HID;
    }
    return list;
}

static int write_root(ph_gridfile_t *self, const char *kind)
{
    char digest[PH_DIGEST_TEXT_SIZE];
    const int version = PH_FILE_FORMAT_VERSION;
    ph_digest_text(self->grid->digest, digest);
    if (ph_attribute_text(self->file, "title", self->grid->title) < 0 ||
        ph_attribute_text(self->file, "Conventions", "CF-1.8") < 0 ||
        ph_attribute_text(self->file, "polyhebb_kind", kind) < 0 ||
        ph_attribute_values(self->file, "format_version", H5T_NATIVE_INT, 1, &version) < 0)
        return -1;
    return ph_attribute_text(self->file, "grid_digest", digest);
}

static int create_file(ph_gridfile_t *self, const char *kind, ph_report_t *report)
{
    hid_t creation = creation_properties(), access = access_properties();
    if (creation >= 0 && access >= 0 && ph_filedriver_use(access, self->error, &self->driver) >= 0)
        self->file = H5Fcreate(self->temporary, H5F_ACC_TRUNC, creation, access);
    H5Pclose(creation);
    H5Pclose(access);
    if (self->file < 0 && *self->error != 0)
        return ph_fail(report, PH_ERR_IO, "%s: cannot be created: %s", self->temporary,
                       strerror(*self->error));
    if (self->file < 0)
        return ph_hdf5_fail(report, PH_ERR_IO, self->temporary, "cannot be created");
    if (write_root(self, kind) < 0)
        return ph_hdf5_fail(report, PH_ERR_IO, self->path, "cannot write its attributes");
    int status = ph_provenance_write(self, report);
    return status == PH_OK ? ph_axes_write(self, report) : status;
}

static int set_names(ph_gridfile_t *self, const char *path, bool partial, ph_report_t *report)
{
    memset(self, 0, sizeof(*self));
    self->file = H5I_INVALID_HID;
    self->path = strdup(path);
    if (partial) {
        self->error = calloc(1, sizeof(*self->error));
        self->temporary = malloc(strlen(path) + sizeof(".partial"));
        if (self->temporary != NULL)
            sprintf(self->temporary, "%s.partial", path);
    }
    if (self->path == NULL || (partial && (self->temporary == NULL || self->error == NULL)))
        return ph_fail(report, PH_ERR_MEMORY, "no memory to open %s", path);
    return PH_OK;
}

int ph_gridfile_create(ph_gridfile_t *self, const char *path, const char *kind,
                       const ph_grid_t *grid, ph_report_t *report)
{
    int status = set_names(self, path, true, report);
    if (status != PH_OK)
        return status;
    self->grid = grid;
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    status = create_file(self, kind, report);
    ph_quiet_end(&quiet);
    return status;
}

/* Why the file cannot be opened, told from its first bytes. */
static int open_failure(const ph_gridfile_t *self, const char *kind, ph_report_t *report)
{
    static const unsigned char signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    unsigned char head[8] = {0};
    FILE *stream = fopen(self->path, "rb");
    if (stream == NULL)
        return ph_fail(report, PH_ERR_IO, "%s: cannot be read: %s", self->path, strerror(errno));
    errno = 0;
    size_t length = fread(head, 1, sizeof(head), stream);
    int error = ferror(stream) ? errno : 0;
    fclose(stream);
    if (error != 0)
        return ph_fail(report, PH_ERR_IO, "%s: cannot be read: %s", self->path, strerror(error));
    if (length == sizeof(head) && memcmp(head, signature, sizeof(head)) == 0)
        return ph_hdf5_fail(report, PH_ERR_DAMAGED, self->path,
                            "is an HDF5 file that is cut short or damaged");
    return ph_fail(report, PH_ERR_FORMAT, "%s: %s; a %s file of polyhebb was expected", self->path,
                   length == 0 ? "empty" : "not an HDF5 file", kind);
}

static int check_kind(ph_gridfile_t *self, const char *kind, ph_report_t *report)
{
    int version = 0;
    htri_t ours = H5Aexists(self->file, "polyhebb_kind");
    if (ours == 0)
        return ph_fail(report, PH_ERR_FORMAT,
                       "%s: an HDF5 file, but not one written by polyhebb (it has no attribute "
                       "polyhebb_kind)",
                       self->path);
    /* HDF5 1.10 reports a damaged header once and then goes on with what it has of it. */
    char *found = ours > 0 ? ph_attribute_read_text(self->file, "polyhebb_kind") : NULL;
    if (found == NULL ||
        ph_attribute_read_value(self->file, "format_version", H5T_NATIVE_INT, &version) < 0) {
        free(found);
        return ph_hdf5_fail(report, PH_ERR_DAMAGED, self->path, "cannot read its attributes");
    }
    int status = PH_OK;
    if (strcmp(found, kind) != 0)
        status = ph_fail(report, PH_ERR_FORMAT, "%s: a %s file, but a %s file was expected",
                         self->path, found, kind);
    else if (version != PH_FILE_FORMAT_VERSION)
        status = ph_fail(report, PH_ERR_FORMAT,
                         "%s: format version %d, but this polyhebb reads version %d; use the "
                         "polyhebb that wrote it (see /provenance) or a newer one",
                         self->path, version, PH_FILE_FORMAT_VERSION);
    free(found);
    return status;
}

/* HDF5 has checked the bytes, so a text that does not parse is one we do not know. */
static int parse_grid(ph_gridfile_t *self, ph_report_t *report)
{
    char digest[PH_DIGEST_TEXT_SIZE], *text = NULL;
    int status = ph_provenance_read_grid(self, &text, report);
    if (status != PH_OK)
        return status;
    self->own_grid = malloc(sizeof(*self->own_grid));
    if (self->own_grid == NULL) {
        free(text);
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the grid of %s", self->path);
    }
    ph_grid_init(self->own_grid);
    /* Of the text as it stands: a polyhebb that knows more keys writes the same grid otherwise. */
    const char *body = strchr(text, '\n');
    body = body != NULL ? body + 1 : text;
    ph_digest_text(ph_digest_bytes(body, strlen(body)), digest);
    status = ph_grid_parse(self->own_grid, text, self->path, 0, NULL, report);
    free(text);
    if (status == PH_ERR_MEMORY)
        return status;
    if (status != PH_OK)
        return ph_fail(report, PH_ERR_FORMAT,
                       "%s: this polyhebb does not understand the grid in /provenance", self->path);
    self->grid = self->own_grid;
    char *stored = ph_attribute_read_text(self->file, "grid_digest");
    bool same = stored != NULL && strcmp(stored, digest) == 0;
    free(stored);
    if (!same)
        return ph_fail(report, PH_ERR_DAMAGED,
                       "%s: the grid in /provenance does not have the file's grid_digest",
                       self->path);
    return PH_OK;
}

static int open_file(ph_gridfile_t *self, const char *kind, ph_report_t *report)
{
    hid_t access = access_properties();
    if (access >= 0)
        self->file = H5Fopen(self->path, H5F_ACC_RDONLY, access);
    if (self->file < 0) {
        int status = open_failure(self, kind, report);
        H5Pclose(access);
        return status;
    }
    H5Pclose(access);
    int status = check_kind(self, kind, report);
    if (status == PH_OK)
        status = parse_grid(self, report);
    return status == PH_OK ? ph_axes_check(self, report) : status;
}

bool ph_gridfile_is(const char *path, const char *kind)
{
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    hid_t access = access_properties();
    hid_t file = access >= 0 ? H5Fopen(path, H5F_ACC_RDONLY, access) : H5I_INVALID_HID;
    char *found = file >= 0 && H5Aexists(file, "polyhebb_kind") > 0
                      ? ph_attribute_read_text(file, "polyhebb_kind")
                      : NULL;
    const bool is = found != NULL && strcmp(found, kind) == 0;
    free(found);
    if (file >= 0)
        H5Fclose(file);
    if (access >= 0)
        H5Pclose(access);
    ph_quiet_end(&quiet);
    return is;
}

int ph_gridfile_open(ph_gridfile_t *self, const char *path, const char *kind, ph_report_t *report)
{
    int status = set_names(self, path, false, report);
    if (status != PH_OK)
        return status;
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    status = open_file(self, kind, report);
    ph_quiet_end(&quiet);
    return status;
}

int ph_gridfile_replaceable(const char *path, const char *kind, ph_report_t *report)
{
    ph_gridfile_t file;
    ph_report_t why;
    struct stat facts;
    if (stat(path, &facts) != 0 || (S_ISREG(facts.st_mode) && facts.st_size == 0))
        return PH_OK;
    ph_report_init(&why);
    int status = ph_gridfile_open(&file, path, kind, &why);
    ph_gridfile_close(&file);
    ph_report_free(&why);
    if (status == PH_OK)
        return PH_OK;
    return ph_fail(report, PH_ERR_INPUT,
                   "%s exists and is not a whole %s file, so it is not overwritten; give another "
                   "output with -o, or remove it",
                   path, kind);
}

/* Everything goes to the disk with the handles: chunk caches are flushed here. */
static int close_handles(ph_gridfile_t *self)
{
    int result = 0;
    for (size_t i = 0; i < self->arrays_count; i++) {
        if (H5Dclose(self->arrays[i].set) < 0)
            result = -1;
        free(self->arrays[i].name);
    }
    for (size_t i = 0; i < self->dims_count; i++) {
        if (H5Dclose(self->dims[i].scale) < 0)
            result = -1;
        free(self->dims[i].name);
    }
    free(self->arrays);
    free(self->dims);
    self->arrays = NULL;
    self->dims = NULL;
    self->arrays_count = self->dims_count = 0;
    if (self->file >= 0 && H5Fclose(self->file) < 0)
        result = -1;
    self->file = H5I_INVALID_HID;
    if (self->driver > 0)
        H5FDunregister(self->driver);
    self->driver = 0;
    return result;
}

static int sync_path(const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return -1;
    int result = fsync(descriptor);
    int error = errno;
    close(descriptor);
    /* Some file systems do not sync folders; the rename itself has been done. */
    if (result < 0 && (error == EINVAL || error == EROFS))
        return 0;
    errno = error;
    return result;
}

static int sync_folder(const char *path)
{
    char *copy = strdup(path);
    if (copy == NULL)
        return -1;
    int result = sync_path(dirname(copy));
    free(copy);
    return result;
}

int ph_gridfile_commit(ph_gridfile_t *self, ph_report_t *report)
{
    int status = PH_OK;
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    if (close_handles(self) < 0 || *self->error != 0)
        status = ph_gridfile_write_failure(self, "cannot be written to the end", report);
    ph_quiet_end(&quiet);
    if (status == PH_OK &&
        (sync_path(self->temporary) < 0 || rename(self->temporary, self->path) < 0))
        status = ph_fail(report, PH_ERR_IO, "%s: cannot be put in place: %s", self->path,
                         strerror(errno));
    if (status == PH_OK) {
        free(self->temporary);
        self->temporary = NULL;
        if (sync_folder(self->path) < 0)
            status = ph_fail(report, PH_ERR_IO, "%s: its folder cannot be synced: %s", self->path,
                             strerror(errno));
    }
    ph_gridfile_close(self);
    return status;
}

void ph_gridfile_close(ph_gridfile_t *self)
{
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    close_handles(self);
    ph_quiet_end(&quiet);
    if (self->temporary != NULL)
        unlink(self->temporary);
    if (self->own_grid != NULL)
        ph_grid_free(self->own_grid);
    free(self->own_grid);
    free(self->error);
    free(self->temporary);
    free(self->path);
    memset(self, 0, sizeof(*self));
    self->file = H5I_INVALID_HID;
}

void ph_gridfile_silence(void)
{
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}
