/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_SCHEMA_PRIVATE_H
#define PH_PARAMS_SCHEMA_PRIVATE_H

#include "params/schema.h"

/* Members of a row of the schema in a word each. */

#define WORD(list) .type = PH_TYPE_WORD, .words = &(list)
#define INTEGER(least, most) .type = PH_TYPE_INTEGER, .minimum = (least), .maximum = (most)
#define REAL(least, most) .type = PH_TYPE_REAL, .minimum = (least), .maximum = (most)

/* Where a key is in a grid file. */
#define AT_TOP(leaf) .path = (leaf), .name = (leaf)
#define IN(part, leaf) .section = (part), .path = part "." leaf, .name = (leaf)

/* Where its value is kept; a member of a type that none of these is does not compile. An
 * enumeration without negative values is an unsigned int. */
#define MEMBER_TYPE(object)                                                                        \
    _Generic((object),                                                                             \
        int64_t: PH_MEMBER_INTEGER,                                                                \
        uint64_t: PH_MEMBER_SEED,                                                                  \
        double: PH_MEMBER_REAL,                                                                    \
        bool: PH_MEMBER_FLAG,                                                                      \
        unsigned: PH_MEMBER_WORD,                                                                  \
        const double *: PH_MEMBER_EACH,                                                            \
        ph_list_t: PH_MEMBER_LIST,                                                                 \
        const char *: PH_MEMBER_TEXT,                                                              \
        char *: PH_MEMBER_TEXT)
#define KEPT(holder, type, place)                                                                  \
    .kept_by = (holder), .offset = offsetof(type, place),                                          \
    .member = MEMBER_TYPE(((const type *)NULL)->place)
#define GRID(place) KEPT(PH_KEPT_BY_GRID, ph_grid_t, place)
#define POINT(place) KEPT(PH_KEPT_BY_POINT, ph_point_t, place)

/* It also is a part of a map in its section. */
#define PART(name, leaf) .map = (name), .part = (leaf)

/* A flag of what is recorded. */
#define RECORDED(otherwise)                                                                        \
    .type = PH_TYPE_FLAG, .role = PH_ROLE_RECORD, .fallback = (otherwise), .unit = "1"

/* What examples are drawn by, a part of the law, of the start, an option, how much there is, what
 * changes records; with their defaults. */
#define OF_LEARNING(otherwise) .role = PH_ROLE_LEARNING, .fallback = (otherwise)
#define OF_LAW(otherwise) .role = PH_ROLE_LAW, .fallback = (otherwise)
#define OF_START(otherwise) .role = PH_ROLE_START, .fallback = (otherwise)
#define OF_OPTION(otherwise) .role = PH_ROLE_OPTION, .fallback = (otherwise)
#define OF_EXTENT(otherwise) .role = PH_ROLE_EXTENT, .fallback = (otherwise)
#define OF_RECORD(otherwise) .role = PH_ROLE_RECORD, .fallback = (otherwise)

/* A pure number or word that may be an axis. */
#define AXIS .axis = true, .unit = "1"

/* A pure number or word that no grid had to have. */
#define LATER .later = true, .unit = "1"

/* What is part of nothing and no grid had to have. */
#define LATER_LABEL(otherwise)                                                                     \
    .role = PH_ROLE_LABEL, .fallback = (otherwise), .later = true, .unit = "1"

/* Words of which it takes any number, likewise. */
#define LATER_SET(set) .type = PH_TYPE_SET, .words = &(set), LATER_LABEL("[]")

/* A text that no grid had to have, "" where it is not given. */
#define LATER_TEXT(of)                                                                             \
    .type = PH_TYPE_TEXT, .role = (of), .fallback = "", .example = "\"\"", .later = true,          \
    .unit = "1"

#endif
