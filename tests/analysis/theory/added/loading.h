/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The line of a kind of theory that is not in the tree; included before every file of its test. */
#define PH_THEORIES_MORE(THEORY) THEORY(LOADING, "loading")
