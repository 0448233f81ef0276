/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <polyhebb/version.h>

#include "polyhebb_build.h"

const char *ph_version(void)
{
    return POLYHEBB_VERSION;
}

int ph_version_number(void)
{
    return POLYHEBB_VERSION_NUMBER;
}

const char *ph_version_revision(void)
{
    return PH_REVISION;
}
