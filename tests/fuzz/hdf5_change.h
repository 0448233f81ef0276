/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_FUZZ_HDF5_CHANGE_H
#define PH_TESTS_FUZZ_HDF5_CHANGE_H

#include "tests/fuzz/fuzz.h"

/** Makes run.h5, theory.h5 and phase.h5 in the room, from which changed files are made. */
void fuzz_make_files(void);

#endif
