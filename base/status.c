/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/status.h"

static const struct {
    const char *text;
    int exit_code;
} STATUSES[PH_STATUS_COUNT] = {
    [PH_OK] = {"success", 0},
    [PH_ERR_INPUT] = {"bad input", 2},
    [PH_ERR_MEMORY] = {"out of memory", 1},
    [PH_ERR_IO] = {"input/output error", 1},
    [PH_ERR_FORMAT] = {"foreign file", 1},
    [PH_ERR_DAMAGED] = {"damaged file", 4},
    [PH_ERR_MISMATCH] = {"file of another grid", 1},
    [PH_ERR_BUSY] = {"file in use by another process", 1},
    [PH_ERR_LIMIT] = {"more than this machine allows", 1},
    [PH_ERR_NUMERIC] = {"no convergence", 1},
    [PH_ERR_INTERRUPTED] = {"not finished, run again to go on", 75},
    [PH_ERR_UNSUPPORTED] = {"not supported", 1},
    [PH_ERR_UNREACHED] = {"complete, but at the cap before what was asked for", 5},
    [PH_ERR_EXTERNAL] = {"another program failed", 1},
};

const char *ph_status_text(int status)
{
    if (status < 0 || status >= PH_STATUS_COUNT)
        return "unknown status";
    return STATUSES[status].text;
}

int ph_status_exit_code(int status)
{
    if (status < 0 || status >= PH_STATUS_COUNT)
        return 1;
    return STATUSES[status].exit_code;
}
