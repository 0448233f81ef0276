/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/store/mended.h"

#include "sim/store/attributes.h"
#include "sim/store/gridfile_private.h"

int ph_mended_write(ph_gridfile_t *file, uint32_t mended, ph_report_t *report)
{
    int result = -1;
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    hid_t group = H5Gopen2(file->file, "/provenance", H5P_DEFAULT);
    if (group >= 0)
        result = ph_attribute_values(group, "mended", H5T_NATIVE_UINT32, 1, &mended);
    if (group >= 0 && H5Gclose(group) < 0)
        result = -1;
    const int status =
        result >= 0 ? PH_OK : ph_gridfile_write_failure(file, "cannot write an attribute", report);
    ph_quiet_end(&quiet);
    return status;
}

uint32_t ph_mended_read(const ph_gridfile_t *file)
{
    uint32_t mended = 0;
    ph_quiet_t quiet;
    ph_quiet_begin(&quiet);
    hid_t group = H5Gopen2(file->file, "/provenance", H5P_DEFAULT);
    if (group < 0 || H5Aexists(group, "mended") <= 0 ||
        ph_attribute_read_value(group, "mended", H5T_NATIVE_UINT32, &mended) < 0)
        mended = 0;
    if (group >= 0)
        H5Gclose(group);
    ph_quiet_end(&quiet);
    return mended;
}
