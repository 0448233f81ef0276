/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sample/hidden.h"

#include <math.h>

#include "sim/sample/draw.h"

double ph_hidden_given(double normal, double noise, double neurons, double weight, int64_t overlap)
{
    if (weight <= 0.0)
        return 0.0;
    return weight * ((double)overlap / neurons + sqrt(noise / (neurons * weight)) * normal);
}

double ph_hidden_field(ph_stream_t *stream, double noise, double neurons, double weight,
                       int64_t overlap)
{
    const double normal = weight > 0.0 && noise > 0.0 ? ph_draw_normal(stream) : 0.0;
    return ph_hidden_given(normal, noise, neurons, weight, overlap);
}
