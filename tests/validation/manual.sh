#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# manual.sh FOLDER PROGRAM SOURCE PAGE TEST [PAGE TEST]...: what the quick tests run of a page with fewer points and chains,
# as it stands: exit codes, and what its boxes show. In FOLDER, of which nothing is left from before.
set -u
folder=$1 program=$2 source=$3 failed=0
shift 3
rm -rf "$folder"
while [ $# -gt 1 ]; do
    place=$folder/$(basename "$1" .md)
    mkdir -p "$place/bin"
    ln -s "$program" "$place/bin/polyhebb"
    ln -s "$source/params" "$source/scripts" "$place"
    cd "$place" || exit 1
    /usr/bin/python3 "$source/tests/house/blocks.py" pieces "$source" "$1" "$2" || exit 1
    for typed in *.sh; do
        PATH=$place/bin:$PATH bash -e "$typed" >said 2>&1 || { echo "$1, $typed: exit $?"; tail -n 5 said; failed=1; }
        [ -e "${typed%.sh}.txt" ] || continue
        # Boxes show what the last command prints, without notes.
        tail -n "$(wc -l <"${typed%.sh}.txt")" said | diff "${typed%.sh}.txt" - || { echo "$1, $typed: prints something else"; failed=1; }
    done
    shift 2
done
exit $failed
