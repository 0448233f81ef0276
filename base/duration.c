/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/duration.h"

#include <math.h>
#include <stdio.h>

void ph_duration_text(double seconds, char *text, size_t size)
{
    static const double MINUTE = 60.0, HOUR = 3600.0, DAY = 86400.0, YEAR = 365.25 * 86400.0;
    if (!isfinite(seconds))
        snprintf(text, size, "unknown");
    else if (seconds < 0.01)
        snprintf(text, size, "0 s");
    else if (seconds < MINUTE)
        snprintf(text, size, "%.3g s", seconds);
    else if (seconds < HOUR)
        snprintf(text, size, "%.3g min", seconds / MINUTE);
    else if (seconds < 2.0 * DAY)
        snprintf(text, size, "%.3g h", seconds / HOUR);
    else if (seconds < 2.0 * YEAR)
        snprintf(text, size, "%.3g d", seconds / DAY);
    else if (seconds < 1000.0 * YEAR)
        snprintf(text, size, "%.3g years", seconds / YEAR);
    else
        snprintf(text, size, "%.2e years", seconds / YEAR);
}
