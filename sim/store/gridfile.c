/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/gridfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "sim/store/attributes.h"
#include "sim/store/gridfile_private.h"

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

static int no_memory(const char *path, ph_report_t *report)
{
    return ph_fail(report, PH_ERR_MEMORY, "no memory to open %s", path);
}

/* Takes over the descriptor of an empty file. */
static int begin_file(ph_gridfile_t *self, int descriptor, const char *kind, ph_report_t *report)
{
    self->driver = ph_hdf5_driver_new(descriptor);
    if (self->driver == NULL || !ph_memory_left(PH_HDF5_OPENING_BYTES))
        return no_memory(self->temporary, report);
    hid_t creation = creation_properties(), access = ph_hdf5_access(self->driver);
    const bool ready = creation >= 0 && access >= 0;
    if (ready)
        self->file = H5Fcreate(self->temporary, H5F_ACC_TRUNC, creation, access);
    if (creation >= 0)
        H5Pclose(creation);
    if (access >= 0)
        H5Pclose(access);
    if (!ready)
        return no_memory(self->temporary, report);
    if (self->file < 0)
        return ph_gridfile_write_failure(self, "cannot be created", report);
    if (write_root(self, kind) < 0)
        return ph_gridfile_write_failure(self, "cannot write its attributes", report);
    const int status = ph_provenance_write(self, report);
    return status == PH_OK ? ph_axes_write(self, report) : status;
}

static int create_file(ph_gridfile_t *self, const char *kind, ph_report_t *report)
{
    int descriptor;
    const int status = ph_file_fresh(self->temporary, self->path, &descriptor, report);
    if (status != PH_OK)
        return status;
    self->made = true;
    return begin_file(self, descriptor, kind, report);
}

static int set_names(ph_gridfile_t *self, const char *path, bool partial, ph_report_t *report)
{
    memset(self, 0, sizeof(*self));
    self->file = H5I_INVALID_HID;
    self->path = strdup(path);
    if (partial)
        self->temporary = ph_file_beside(path, ".partial");
    return self->path != NULL && (!partial || self->temporary != NULL) ? PH_OK
                                                                       : no_memory(path, report);
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

int ph_gridfile_create_unnamed(ph_gridfile_t *self, const char *path, const char *kind,
                               const ph_grid_t *grid, ph_report_t *report)
{
    int descriptor;
    int status = set_names(self, path, true, report);
    if (status == PH_OK)
        status = ph_file_unnamed(&descriptor, report);
    if (status != PH_OK)
        return status;
    self->grid = grid;
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    status = begin_file(self, descriptor, kind, report);
    ph_quiet_end(&quiet);
    return status;
}

static const char *article(const char *kind)
{
    return kind[0] == 'a' ? "an" : "a";
}

static int check_kind(ph_gridfile_t *self, const char *kind, ph_report_t *report)
{
    int version = 0;
    char *found = NULL;
    htri_t ours = H5Aexists(self->file, "polyhebb_kind");
    if (ours == 0)
        return ph_fail(report, PH_ERR_FORMAT,
                       "%s: an HDF5 file, but not one written by polyhebb (it has no attribute "
                       "polyhebb_kind)",
                       self->path);
    /* HDF5 1.10 reports a damaged header once and then goes on with what it has of it. */
    int status =
        ours > 0 ? ph_attribute_read_text(self->file, "polyhebb_kind", &found) : PH_ERR_DAMAGED;
    if (status == PH_ERR_MEMORY)
        return no_memory(self->path, report);
    if (status != PH_OK ||
        ph_attribute_read_value(self->file, "format_version", H5T_NATIVE_INT, &version) < 0) {
        free(found);
        return ph_gridfile_read_failure(self, "cannot read its attributes", report);
    }
    if (strcmp(found, kind) != 0)
        status = ph_fail(report, PH_ERR_FORMAT, "%s: %s %.40s file, but %s %s file was expected",
                         self->path, article(found), found, article(kind), kind);
    else if (version != PH_FILE_FORMAT_VERSION)
        status = ph_fail(report, PH_ERR_FORMAT,
                         "%s: format version %d, but this polyhebb reads version %d; use the "
                         "polyhebb that wrote it (see /provenance) or a newer one",
                         self->path, version, PH_FILE_FORMAT_VERSION);
    free(found);
    return status;
}

/* HDF5 has checked the bytes, so a text that does not parse is one we do not know. */
static int parse_text(ph_gridfile_t *self, const char *text, ph_report_t *report)
{
    self->own_grid = malloc(sizeof(*self->own_grid));
    if (self->own_grid == NULL)
        return no_memory(self->path, report);
    ph_grid_init(self->own_grid);
    self->grid = self->own_grid;
    const int status = ph_grid_parse(self->own_grid, text, self->path, 0, NULL, report);
    return status == PH_OK || status == PH_ERR_MEMORY
               ? status
               : ph_fail(report, PH_ERR_FORMAT,
                         "%s: this polyhebb does not understand the grid in /provenance",
                         self->path);
}

static int parse_grid(ph_gridfile_t *self, const ph_grid_t *known, ph_report_t *report)
{
    char digest[PH_DIGEST_TEXT_SIZE], *text = NULL;
    int status = ph_provenance_read_grid(self, &text, report);
    if (status != PH_OK)
        return status;
    /* Of the text as it is: a polyhebb that knows more keys writes the same grid otherwise. */
    const char *body = ph_grid_counted(text);
    ph_digest_text(ph_digest_bytes(body, strlen(body)), digest);
    if (known != NULL && strcmp(text, known->text) == 0)
        self->grid = known;
    else
        status = parse_text(self, text, report);
    free(text);
    if (status != PH_OK)
        return status;
    char *stored = NULL;
    status = ph_attribute_read_text(self->file, "grid_digest", &stored);
    const bool same = status == PH_OK && strcmp(stored, digest) == 0;
    free(stored);
    if (status == PH_ERR_MEMORY)
        return no_memory(self->path, report);
    if (status != PH_OK)
        return ph_gridfile_read_failure(self, "cannot read its grid_digest", report);
    if (!same)
        return ph_fail(report, PH_ERR_DAMAGED,
                       "%s: the grid in /provenance does not have the file's grid_digest",
                       self->path);
    return PH_OK;
}

/* Takes over the descriptor. */
static int open_descriptor(ph_gridfile_t *self, int descriptor, const char *kind,
                           ph_report_t *report)
{
    char expected[64];
    ph_hdf5_file_t file;
    snprintf(expected, sizeof(expected), "%s %s file of polyhebb", article(kind), kind);
    const int status = ph_hdf5_open(&file, descriptor, self->path, expected, report);
    self->driver = file.driver;
    self->file = file.file;
    return status == PH_OK ? check_kind(self, kind, report) : status;
}

static int open_kind(ph_gridfile_t *self, const char *kind, ph_report_t *report)
{
    int descriptor;
    const int status = ph_file_open(self->path, UINT64_MAX, &descriptor, report);
    return status == PH_OK ? open_descriptor(self, descriptor, kind, report) : status;
}

static int read_grid(ph_gridfile_t *self, const ph_grid_t *known, ph_report_t *report)
{
    const int status = parse_grid(self, known, report);
    return status == PH_OK ? ph_axes_check(self, report) : status;
}

bool ph_gridfile_is(const char *path, const char *kind)
{
    ph_gridfile_t file;
    ph_quiet_t quiet;
    int status = set_names(&file, path, false, NULL);
    ph_quiet_begin(&quiet);
    if (status == PH_OK)
        status = open_kind(&file, kind, NULL);
    ph_quiet_end(&quiet);
    ph_gridfile_close(&file);
    return status == PH_OK;
}

int ph_gridfile_open_known(ph_gridfile_t *self, const char *path, const char *kind,
                           const ph_grid_t *known, ph_report_t *report)
{
    int status = set_names(self, path, false, report);
    if (status != PH_OK)
        return status;
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    status = open_kind(self, kind, report);
    if (status == PH_OK)
        status = read_grid(self, known, report);
    ph_quiet_end(&quiet);
    return status;
}

int ph_gridfile_open(ph_gridfile_t *self, const char *path, const char *kind, ph_report_t *report)
{
    return ph_gridfile_open_known(self, path, kind, NULL, report);
}

int ph_gridfile_replaceable(const char *path, const char *kind, ph_report_t *report)
{
    ph_gridfile_t file;
    ph_report_t why;
    struct stat facts;
    int status = ph_file_replaceable(path, report);
    if (status != PH_OK)
        return status;
    if (stat(path, &facts) != 0)
        return errno == ENOENT ? PH_OK
                               : ph_fail(report, PH_ERR_IO, "%s: cannot be looked at: %s", path,
                                         strerror(errno));
    if (facts.st_size == 0)
        return PH_OK;
    ph_report_init(&why);
    status = ph_gridfile_open(&file, path, kind, &why);
    ph_gridfile_close(&file);
    if (status == PH_ERR_MEMORY || status == PH_ERR_IO)
        ph_fail(report, status, "%s: cannot be looked into before it is replaced: %s", path,
                why.count > 0          ? why.messages[0].text
                : why.spare[0] != '\0' ? why.spare
                                       : ph_status_text(status));
    ph_report_free(&why);
    if (status == PH_OK || status == PH_ERR_MEMORY || status == PH_ERR_IO)
        return status;
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
        ph_ahead_free(&self->arrays[i].ahead);
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
    return result;
}

/* Closed by HDF5, the file still has our descriptor: on the disk first, then in its place. */
static int put_in_place(ph_gridfile_t *self, ph_report_t *report)
{
    const int descriptor = ph_hdf5_driver_descriptor(self->driver);
    int status = ph_file_sync(descriptor, self->temporary, report);
    if (status == PH_OK)
        status = ph_file_replace(descriptor, self->temporary, self->path, report);
    if (status != PH_OK)
        return status;
    self->made = false;
    return ph_file_sync_name(self->path, report);
}

int ph_gridfile_commit(ph_gridfile_t *self, ph_report_t *report)
{
    int status = PH_OK;
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    if (close_handles(self) < 0 || ph_hdf5_driver_error(self->driver) != 0)
        status = ph_gridfile_write_failure(self, "cannot be written to the end", report);
    ph_quiet_end(&quiet);
    if (status == PH_OK)
        status = put_in_place(self, report);
    ph_gridfile_close(self);
    return status;
}

/* HDF5 has let go of the file before it opens it once more. */
static int reopen(ph_gridfile_t *self, const char *kind, ph_report_t *report)
{
    if (close_handles(self) < 0 || ph_hdf5_driver_error(self->driver) != 0)
        return ph_gridfile_write_failure(self, "cannot be written to the end", report);
    const int again = fcntl(ph_hdf5_driver_descriptor(self->driver), F_DUPFD_CLOEXEC, 0);
    if (again < 0)
        return ph_fail(report, PH_ERR_IO, "%s: cannot be opened once more: %s", self->path,
                       strerror(errno));
    ph_hdf5_driver_drop(self->driver);
    free(self->temporary);
    self->temporary = NULL;
    const int status = open_descriptor(self, again, kind, report);
    return status == PH_OK ? read_grid(self, NULL, report) : status;
}

int ph_gridfile_to_read(ph_gridfile_t *self, const char *kind, ph_report_t *report)
{
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    const int status = reopen(self, kind, report);
    ph_quiet_end(&quiet);
    return status;
}

void ph_gridfile_close(ph_gridfile_t *self)
{
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    close_handles(self);
    ph_hdf5_driver_drop(self->driver);
    ph_quiet_end(&quiet);
    if (self->made)
        unlink(self->temporary);
    if (self->own_grid != NULL)
        ph_grid_free(self->own_grid);
    free(self->own_grid);
    free(self->temporary);
    free(self->path);
    memset(self, 0, sizeof(*self));
    self->file = H5I_INVALID_HID;
}

void ph_gridfile_silence(void)
{
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    H5PLset_loading_state(0);
}
