#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# reference.sh DOXYFILE: every public function, type and value has a comment, and the reference is made of
# them; also that a function without one is told. Skipped where there is no doxygen.
set -eu
doxyfile=$1
command -v doxygen >/dev/null || {
    echo "skipped: doxygen is not installed"
    exit 77
}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

# with LINE...: doxygen with settings after those of the file
with()
{
    { cat "$doxyfile"; printf '%s\n' "OUTPUT_DIRECTORY = $place" "$@"; } | doxygen -
}

with 'GENERATE_HTML = YES'
grep -q ph_chain_sweep "$place"/html/chain_8h.html

printf '/** @file\n * One. */\n/** Told. */\nint ph_told(void);\nint ph_untold(void);\n' >"$place/untold.h"
if with "INPUT = $place" 'USE_MDFILE_AS_MAINPAGE =' 'GENERATE_HTML = YES' >"$place/said" 2>&1; then
    echo "a function without a comment passes"
    exit 1
fi
grep -q ph_untold "$place/said"
