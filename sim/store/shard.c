/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/shard.h"

#include "sim/store/attributes.h"
#include "sim/store/gridfile_private.h"

int ph_shard_write(ph_gridfile_t *file, ph_shard_t shard, ph_report_t *report)
{
    int result = -1;
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    hid_t group = H5Gopen2(file->file, "/provenance", H5P_DEFAULT);
    if (group >= 0)
        result = ph_attribute_values(group, "shard", H5T_NATIVE_UINT32, 1, &shard.number);
    if (result >= 0)
        result = ph_attribute_values(group, "shards", H5T_NATIVE_UINT32, 1, &shard.count);
    if (group >= 0 && H5Gclose(group) < 0)
        result = -1;
    int status = result >= 0
                     ? PH_OK
                     : ph_gridfile_write_failure(file, "cannot write which shard it is", report);
    ph_quiet_end(&quiet);
    return status;
}

int ph_kernel_write(ph_gridfile_t *file, const char *kernel, ph_report_t *report)
{
    int result = -1;
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    hid_t group = H5Gopen2(file->file, "/provenance", H5P_DEFAULT);
    if (group >= 0)
        result = ph_attribute_text(group, "kernel", kernel);
    if (group >= 0 && H5Gclose(group) < 0)
        result = -1;
    int status =
        result >= 0 ? PH_OK : ph_gridfile_write_failure(file, "cannot write the kernel", report);
    ph_quiet_end(&quiet);
    return status;
}

ph_shard_t ph_shard_read(const ph_gridfile_t *file)
{
    ph_shard_t shard = {0, 1};
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    hid_t group = H5Gopen2(file->file, "/provenance", H5P_DEFAULT);
    if (group >= 0 && H5Aexists(group, "shards") > 0 &&
        (ph_attribute_read_value(group, "shard", H5T_NATIVE_UINT32, &shard.number) < 0 ||
         ph_attribute_read_value(group, "shards", H5T_NATIVE_UINT32, &shard.count) < 0 ||
         shard.number >= shard.count || shard.count > PH_SHARDS_MAX))
        shard = (ph_shard_t){0, 1};
    if (group >= 0)
        H5Gclose(group);
    ph_quiet_end(&quiet);
    return shard;
}
