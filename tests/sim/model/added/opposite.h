/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_OPPOSITE_H
#define PH_TESTS_OPPOSITE_H

/* The line of a start that is not in the tree: put before every file of a build. */
#define PH_STARTS_MORE(START)                                                                      \
    START(OPPOSITE, "opposite", PH_USES(PATTERN), PH_USES(PATTERN),                                \
          "{ kind: opposite, pattern: 1 }", OF_ROW, 0)

#endif
