/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sample/screen.h"

#include <string.h>

/* Beyond this share (of 65536) of undecided attempts the screen is no help. */
enum { TOLERANCE_MAX = 1024 };

static uint32_t high(uint32_t a, uint32_t b)
{
    return (a * b) >> 16;
}

uint16_t ph_screen_weight(const ph_screen_t *self, int32_t a)
{
    uint32_t strength = (uint32_t)(a < self->most ? a : self->most);
    uint32_t y = high(strength * self->spread, self->slope), f = (y << 4) & 0xffff;
    uint32_t part = high(f, PH_SCREEN_C1 - high(f, PH_SCREEN_C2 - high(f, PH_SCREEN_C3)));
    return (uint16_t)(2 * high(65535 - part, UINT32_C(0x8000) >> (y >> 12)));
}

/* Distance of the screen's u - w at the exact threshold's upper bits: u - w does not fall with u,
 * so everything farther away than this lies on the right side. */
static int32_t distance(const ph_screen_t *self, const ph_decision_t *decision, uint32_t weight,
                        int32_t open)
{
    (void)self;
    if (decision->sampler == PH_SAMPLER_METROPOLIS)
        return open - (int32_t)weight;
    return open - (int32_t)high((uint32_t)(65535 - open), weight);
}

static bool certify(ph_screen_t *self, const ph_decision_t *decision, int32_t largest)
{
    bool metropolis = decision->sampler == PH_SAMPLER_METROPOLIS;
    int32_t worst = 0;
    for (int32_t a = 0; a <= largest && a <= (int32_t)self->most + 1; a++) {
        uint32_t weight = ph_screen_weight(self, a);
        /* Beyond `most` thresholds lie between this one and none. */
        int32_t open = a > self->most
                           ? 0
                           : (int32_t)(ph_decision_integer(decision, metropolis ? a : -a) >> 32);
        if (a == 0)
            weight -= self->tie_drop;
        int32_t apart = distance(self, decision, weight, open);
        apart = apart < 0 ? -apart : apart;
        worst = apart > worst ? apart : worst;
    }
    self->tolerance = (uint16_t)worst;
    return worst <= TOLERANCE_MAX;
}

bool ph_screen_init(ph_screen_t *self, const ph_decision_t *decision, int32_t largest)
{
    static const double LOG2_E = 1.4426950408889634, OCTAVES = 16.0 * 4096.0;
    double per_unit = OCTAVES; /* y of one unit of k */
    memset(self, 0, sizeof(*self));
    if (decision->noise > 0.0)
        per_unit = 4096.0 * LOG2_E * 2.0 * decision->scale / decision->noise;
    double most = 65535.0 / per_unit;
    self->most = (uint16_t)(most >= largest ? largest : most);
    self->most = self->most == 0 ? 1 : self->most;
    self->spread = (uint16_t)(65535 / self->most);
    if (self->spread < per_unit && self->spread < 65535) {
        /* Else the slope would not fit. */
        self->spread = (uint16_t)(self->spread + 1);
        self->most = (uint16_t)(65535 / self->spread);
    }
    double slope = per_unit * 65536.0 / self->spread + 0.5;
    self->slope = (uint16_t)(slope < 65535.0 ? slope : 65535.0);
    if (decision->sampler == PH_SAMPLER_METROPOLIS && decision->tie == PH_DECISION_HALF)
        self->tie_drop = (uint16_t)(ph_screen_weight(self, 0) - 32768);
    return certify(self, decision, largest);
}
