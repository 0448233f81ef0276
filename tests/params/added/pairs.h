/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_PAIRS_H
#define PH_TESTS_PAIRS_H

/* The line of a rule that is not in the tree: put before every file of a build. */
#define PH_RULES_MORE(RULE) RULE(PAIRS, "pairs", 2) /* a teacher shows examples two by two */

#endif
