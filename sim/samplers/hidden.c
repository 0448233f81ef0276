/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/samplers/hidden.h"

#include <math.h>

#include "sim/random/distributions.h"

double ph_hidden_field(ph_stream_t *stream, double noise, double neurons, double weight,
                       int64_t overlap)
{
    const double mean = (double)overlap / neurons;
    if (weight <= 0.0)
        return 0.0;
    if (noise <= 0.0)
        return weight * mean;
    return weight * (mean + sqrt(noise / (neurons * weight)) * ph_draw_normal(stream));
}
