#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Usage: test_docs_figures.sh PROGRAM SOURCE. The commands that docs/theory.md gives for its figure
# make that figure, byte by byte. Fonts decide how text looks: only where they are those of the
# figure is there anything to compare.
set -eu
program=$(readlink -f "$1")
source=$(readlink -f "$2")
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"

for tool in gnuplot fc-match; do
    command -v "$tool" >/dev/null || {
        echo "$tool is not installed" >&2
        exit 77
    }
done
case "$(fc-match sans) $(fc-match sans:italic)" in
DejaVuSans.ttf*DejaVuSans-Oblique.ttf*) ;;
*)
    echo "the figure's fonts, DejaVu Sans and its oblique (fonts-dejavu-extra), are not this machine's" >&2
    exit 77
    ;;
esac

ln -s "$source/params" params
/usr/bin/python3 "$source/tests/house/blocks.py" pieces "$source" docs/theory.md tests/cli/test_docs_figures.sh
sed -n 's/^polyhebb \(.*phase-k3.*\)$/\1/p' 1.sh >commands
[ "$(wc -l <commands)" -eq 2 ] && [ "$(wc -l <1.sh)" -eq 2 ] || {
    echo "docs/theory.md does not give two commands for phase-k3.png" >&2
    exit 1
}
while read -r arguments; do
    # shellcheck disable=SC2086 # words of a command line
    "$program" $arguments
done <commands
cmp phase-k3-diagram.png "$source/docs/phase-k3.png"
