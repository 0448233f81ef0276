#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# site.sh SOURCE MKDOCS: the manual is made, with all pages and whole links.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"$1/scripts/docs" "$2" "$place/site"
for page in "$1"/docs/*.md; do
    name=$(basename "$page" .md)
    [ "$name" = index ] || [ -s "$place/site/$name/index.html" ]
    [ "$name" = index ] || grep -q ": $name.md$" "$1/mkdocs.yml" || {
        echo "docs/$name.md is not in mkdocs.yml"
        exit 1
    }
done
grep -q '<a href="../compare/"><code>' "$place/site/faq/index.html"
# What pages show of other files, and boxes within lists, are boxes.
grep -q '^<pre><code>slurm:' "$place/site/clusters/index.html"
grep -q '^<pre><code>SAMPLER(MIRROR' "$place/site/extend/index.html"
grep -q 'blank_fidelity: ' "$place/site/grid/index.html"
grep -q 'run = xarray.open_dataset(' "$place/site/python/index.html"
grep -q '<strong>An instruction set</strong>' "$place/site/extend/index.html"
! grep -q ' - <strong>\|^- <strong>' "$place/site/extend/index.html" || exit 1
# Pages are linked behind boxes, too: here the last line of one.
grep -q '<a href="../recall/"><code>' "$place/site/letters/index.html"
