#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# listed.sh SOURCE: every file of tests is named by the meson.build of its folder (or one above), so that none is there
# that nothing runs.
cd "$1" || exit 1
failed=0 seen=0
for file in $(find tests -name '*.bats' -o -name 'test_*' -type f -o -name 'fuzz_*.c'); do
    seen=$((seen + 1))
    name=$(basename "$file")
    stem=${name%.*}
    folder=$(dirname "$file")
    within=$name
    [ -e "$folder/meson.build" ] || { within=$(basename "$folder")/$name && folder=$(dirname "$folder"); }
    grep -qF -e "'$within'" -e "'$stem'" -e "'${stem#test_}'" "$folder/meson.build" && continue
    echo "$file: no meson.build names it: nothing runs it"
    failed=1
done
[ "$seen" -gt 200 ] || failed=1
echo "$seen files of tests"
exit $failed
