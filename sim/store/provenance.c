/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_version.h>
#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/job.h"
#include "base/machine.h"
#include "polyhebb_build.h"
#include "sim/store/attributes.h"
#include "sim/store/gridfile_private.h"
#include "sim/store/properties_private.h"

enum { GRID_BYTES_MAX = 256 << 20 }; /* a longer grid is not read from a text file either */

static void libraries_text(char *text, size_t size)
{
    unsigned major = 0, minor = 0, release = 0;
    H5get_libversion(&major, &minor, &release);
    const unsigned xxh = XXH_versionNumber();
    snprintf(text, size, "HDF5 %u.%u.%u, GSL %s, libfyaml %s, xxHash %u.%u.%u", major, minor,
             release, gsl_version, fy_library_version(), xxh / 10000, xxh / 100 % 100, xxh % 100);
}

static int write_grid_text(hid_t group, const char *text)
{
    int result = -1;
    hid_t type = ph_text_type(), space = H5Screate(H5S_SCALAR), set = H5I_INVALID_HID;
    hid_t list = ph_dataset_properties(0, NULL, 1, type, NULL);
    if (type >= 0 && space >= 0 && list >= 0)
        set = H5Dcreate2(group, "grid", type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    if (set >= 0 && H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &text) >= 0 &&
        ph_attribute_text(set, "long_name", "the grid with every key written out (YAML)") >= 0)
        result = 0;
    if (set >= 0 && H5Dclose(set) < 0)
        result = -1;
    H5Pclose(list);
    H5Sclose(space);
    H5Tclose(type);
    return result;
}

/*
 * HDF5 keeps variable-length strings in a heap without checksums, and may crash reading a damaged
 * one. So the text is here a second time, under a checksum: this is what we read.
 */
static int write_grid_bytes(hid_t group, const char *text)
{
    int result = -1;
    const hsize_t length = strlen(text) > 0 ? strlen(text) : 1;
    const hsize_t chunk = length < 262144 ? length : 262144;
    hid_t space = H5Screate_simple(1, &length, NULL), set = H5I_INVALID_HID;
    hid_t list = ph_dataset_properties(1, &chunk, 1, H5T_STD_U8LE, NULL);
    if (space >= 0 && list >= 0)
        set = H5Dcreate2(group, "grid_bytes", H5T_STD_U8LE, space, H5P_DEFAULT, list, H5P_DEFAULT);
    if (set >= 0 && H5Dwrite(set, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, text) >= 0 &&
        ph_attribute_text(set, "long_name", "the bytes of grid, under a checksum") >= 0)
        result = 0;
    if (set >= 0 && H5Dclose(set) < 0)
        result = -1;
    H5Pclose(list);
    H5Sclose(space);
    return result;
}

int ph_provenance_write(ph_gridfile_t *self, ph_report_t *report)
{
    char host[256], created[24], libraries[256], job[300], digest[PH_DIGEST_TEXT_SIZE];
    ph_machine_host(host, sizeof(host));
    ph_machine_time(created, sizeof(created));
    libraries_text(libraries, sizeof(libraries));
    ph_digest_text(self->grid->digest, digest);
    const struct {
        const char *name, *text;
    } facts[] = {
        {"grid_digest", digest},   {"program", "polyhebb"},
        {"version", PH_VERSION},   {"revision", PH_REVISION},
        {"compiler", PH_COMPILER}, {"flags", PH_FLAGS},
        {"libraries", libraries},  {"host", host},
        {"created", created},
    };
    int result = -1;
    hid_t list = H5Pcreate(H5P_GROUP_CREATE), group = H5I_INVALID_HID;
    if (list >= 0 && H5Pset_obj_track_times(list, false) >= 0)
        group = H5Gcreate2(self->file, "provenance", H5P_DEFAULT, list, H5P_DEFAULT);
    if (group < 0)
        goto out;
    result = ph_attribute_values(group, "seed", H5T_NATIVE_UINT64, 1, &self->grid->seed);
    for (size_t i = 0; result >= 0 && i < sizeof(facts) / sizeof(facts[0]); i++)
        result = ph_attribute_text(group, facts[i].name, facts[i].text);
    if (result >= 0 && ph_job(job, sizeof(job)))
        result = ph_attribute_text(group, "job", job);
    if (result >= 0)
        result = write_grid_text(group, self->grid->text);
    if (result >= 0)
        result = write_grid_bytes(group, self->grid->text);
    if (H5Gclose(group) < 0)
        result = -1;
out:
    H5Pclose(list);
    return result < 0 ? ph_gridfile_write_failure(self, "cannot write its provenance", report)
                      : PH_OK;
}

static int read_bytes(hid_t set, char **text)
{
    int status = PH_ERR_DAMAGED;
    hsize_t length = 0;
    hid_t stored = H5Dget_type(set), space = H5Dget_space(set);
    if (stored >= 0 && space >= 0 && ph_type_is(stored, H5T_NATIVE_UINT8) &&
        H5Sget_simple_extent_ndims(space) == 1 &&
        H5Sget_simple_extent_dims(space, &length, NULL) == 1 && length <= GRID_BYTES_MAX) {
        *text = calloc((size_t)length + 1, 1);
        status = *text == NULL ? PH_ERR_MEMORY
                 : ph_hdf5_read(set, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, *text) >= 0
                     ? PH_OK
                     : PH_ERR_DAMAGED;
    }
    if (space >= 0)
        H5Sclose(space);
    if (stored >= 0)
        H5Tclose(stored);
    return status;
}

int ph_provenance_read_grid(ph_gridfile_t *self, char **text, ph_report_t *report)
{
    hid_t set;
    *text = NULL;
    int status = ph_gridfile_stored(self, "provenance/grid_bytes", H5P_DEFAULT, &set, report);
    if (status != PH_OK)
        return status;
    status = read_bytes(set, text);
    H5Dclose(set);
    if (status == PH_OK)
        return status;
    free(*text);
    *text = NULL;
    if (status == PH_ERR_MEMORY)
        return ph_fail(report, status, "no memory for the grid of %s", self->path);
    return ph_gridfile_read_failure(self, "cannot read its grid (/provenance/grid_bytes)", report);
}
