#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# format.sh SOURCE: all C files are as .clang-format wants them and carry the licence line.
cd "$1" || exit 1
files=$(find include base data params sim analysis api bench cli tests docs -name '*.[ch]')
[ -n "$files" ] || exit 1
bad=0
# shellcheck disable=SC2086 # names are meant to be split
clang-format --dry-run --Werror $files || bad=1
# shellcheck disable=SC2086
missing=$(grep -L '^/\* SPDX-License-Identifier: GPL-3.0-or-later \*/' $files)
[ -z "$missing" ] || {
    echo "without SPDX line: $missing"
    bad=1
}
exit $bad
