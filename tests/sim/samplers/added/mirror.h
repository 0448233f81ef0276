/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_MIRROR_H
#define PH_TESTS_MIRROR_H

/* The line of a sampler that is not in the tree: put before every file of a build. */
#define PH_SAMPLERS_MORE(SAMPLER) SAMPLER(MIRROR, "mirror", NONE, OTHER, 0, 0)

#endif
