#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Pages of docs/ that show what to type and what is printed: both hold.
load common

DOCS=$BATS_TEST_DIRNAME/../../docs

# pieces PAGE: what is typed (indented) up to the N-th box as N.sh, what that box shows as N.txt.
pieces()
{
    awk '
        BEGIN { n = 1 }
        /^```/ { if (box) n++; box = !box; next }
        box { print > (n ".txt"); next }
        /^    / { print substr($0, 5) > (n ".sh") }
    ' "$DOCS/$1"
}

# typed: POLYHEBB is what a shell finds, and python3 the one that has h5py.
typed()
{
    mkdir bin
    ln -s "$POLYHEBB" bin/polyhebb
    ln -s /usr/bin/python3 bin/python3
    PATH=$PWD/bin:$PATH
    unset -f polyhebb
}

# prints PAGE BOXES: what is typed prints what the boxes show, to the letter
prints()
{
    typed
    pieces "$1"
    [ -s "$2.txt" ]
    [ ! -e "$(($2 + 1)).txt" ]
    for box in $(seq "$2"); do
        bash "$box.sh" >said 2>&1
        # A theory's last bits, and so its digest, are those of the C library.
        sed -i 's/digest [0-9a-f]\{32\}$/digest/' "$box.txt" said
        diff "$box.txt" said
    done
}

@test "docs/compare.md: what is typed prints what the boxes show, to the letter" {
    prints compare.md 5
}

@test "docs/crossover.md: the tutorial prints what it shows, and ends in a figure and a grid" {
    prints crossover.md 2
    bash -e 3.sh
    [ -s out/crossover-curves.png ]
    [ -s figure-curves-tex.tex ]
    polyhebb check again.yaml
}

# words PAGE TITLE COLUMN: what stands in backquotes in a column of the tables below a title.
words()
{
    awk -F ' *[|] *' -v title="## $2" -v column="$3" '
        /^## / { here = $0 == title }
        here && /^\| / { gsub(/\\\|/, ""); print $(column + 1) }
    ' "$DOCS/$1" | grep -o '`[a-z_.0-9]*`' | tr -d '`'
}

@test "docs/glossary.md: keys, datasets and quantities are what they are called" {
    make_grid
    words glossary.md "What is set" 3 >keys
    [ "$(wc -l <keys)" -ge 19 ]
    while read -r key; do
        run polyhebb check grid.yaml --set "$key=word"
        [[ "$output" != *"unknown key"* ]] || { echo "$output"; return 1; }
    done <keys
    run -2 polyhebb check grid.yaml --set "network.noise=word"
    [[ "$output" == *"unknown key"* ]]
    { words glossary.md "What follows from these" 3; words glossary.md "What is measured" 3; } >datasets
    [ "$(wc -l <datasets)" -ge 16 ]
    while read -r name; do
        grep -q "\`$name\`" "$DOCS/format.md" || { echo "no dataset $name"; return 1; }
    done <datasets
    words glossary.md "What is measured" 4 >quantities
    [ "$(wc -l <quantities)" -ge 18 ]
    while read -r name; do
        polyhebb export --help | grep -q "^  $name  " || { echo "no quantity $name"; return 1; }
    done <quantities
}

@test "docs/faq.md: every command works as it stands" {
    typed
    NEURONS=500 make_grid
    sed -i 's/patterns: 3/patterns: 2/; s/burn_in: 5/burn_in: 20, start: hierarchical/' grid.yaml # little work, and decided
    polyhebb run grid.yaml -q
    pieces faq.md
    [ "$(wc -l <1.sh)" -ge 20 ]
    while read -r line; do
        run -0 bash -c "$line"
    done <1.sh
    [ "$(cut -d ' ' -f 1 table | sort | uniq -c | wc -l)" -gt 1 ]
    [ -s mine.txt ]
}
