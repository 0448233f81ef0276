#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Pages of docs/ that show what to type and what is printed: both hold.
load common

DOCS=$BATS_TEST_DIRNAME/../../docs

# prints PAGE BOXES: what is typed prints what the boxes show, to the letter
prints()
{
    typed
    pieces "docs/$1"
    [ -s "$2.txt" ]
    [ ! -e "$(($2 + 1)).txt" ]
    here=$PWD
    for box in $(seq "$2"); do # each in the folder where the one before ended
        bash -c "cd '$here' && . '$PWD/$box.sh'; pwd >'$PWD/ended'" >said 2>&1
        here=$(cat ended)
        # A theory's last bits, and so its digest, are those of the C library.
        sed -i 's/digest [0-9a-f]\{32\}$/digest/' "$box.txt" said
        diff "$box.txt" said
    done
}

@test "docs/compare.md: what is typed prints what the boxes show, to the letter" {
    prints compare.md 5
}

@test "docs/first.md: a first run prints what it shows, and ends in figures" {
    prints first.md 3
    bash -e 4.sh
    [ -s grid-curves.png ]
}

@test "docs/phases.md: special points are printed as shown, and the diagram is drawn, with a run too" {
    ln -s "$(realpath "$DATA/../../params")" params
    prints phases.md 1
    bash -e 2.sh
    [ -s plane-phase-diagram.png ]
    [ -s plane-phase-map.png ]
    [ -s k3-diagram.png ]
    grep -qx 'inset = 1' k3-diagram.gp
}

@test "docs/crossover.md: the tutorial prints what it shows, and ends in a figure and a grid" {
    prints crossover.md 2
    bash -e 3.sh
    [ -s out/crossover-curves.png ]
    [ -s figure-curves-tex.tex ]
    polyhebb check again.yaml
}

@test "docs/thresholds.md: the tutorial prints what it shows, and ends in figures and a table" {
    prints thresholds.md 4
    bash -e 5.sh
    [ -s thresholds-quality-0.3-magnetization-examples-pattern.png ]
    [ -s thresholds-quality-0.3-magnetization-examples-pattern-tex.tex ]
    [ "$(wc -l <table.csv)" -eq 113 ]
}

@test "docs/letters.md: the tutorial prints what it shows, and ends in figures and a grid" {
    ln -s "$(realpath "$DATA/../../params")" params
    prints letters.md 4
    cd out/letters
    bash -e ../../5.sh
    [ -s letters-recalled-start_overlap-patterns.png ]
    grep -q '^# pattern 5 = given 13, nearest at the end: ' chain-states.dat
    [ -s letters-recalled-start_overlap-patterns-tex.tex ]
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
    pieces docs/faq.md
    [ "$(wc -l <1.sh)" -ge 20 ]
    while read -r line; do
        run -0 bash -c "$line"
    done <1.sh
    [ "$(cut -d ' ' -f 1 table | sort | uniq -c | wc -l)" -gt 1 ]
    [ -s mine.txt ]
}

@test "docs/format.md: the lines of Python work" {
    /usr/bin/python3 -c 'import netCDF4, xarray' 2>/dev/null || skip "python3-xarray or python3-netcdf4 is missing"
    typed
    NEURONS=300 make_grid
    polyhebb run grid.yaml -q -o run.h5
    polyhebb phase "$DATA/../../params/phase-storage-k3.yaml" -o phase.h5 --brief -S network.dilution=[0.2,0.3] -S noise=[0.1,0.3]
    pieces docs/format.md
    [ "$(wc -l <1.sh)" -eq 6 ]
    echo 'assert 0 < float(run["magnetization_mean"].sel(noise=0.3).max()) < 1 and melting.shape[:2] == (2, 2)' >>1.sh
    run -0 /usr/bin/python3 1.sh
}

# Also held against export: averages and their errors.
@test "docs/python.md: the notebook's cells go from the file to the figure, with the errors of export" {
    typed
    pieces docs/python.md
    bash -e 1.sh
    notebook=$DOCS/examples/melting.ipynb
    /usr/bin/python3 - "$notebook" >cells.py <<'END'
import json, sys
notebook = json.load(open(sys.argv[1]))
assert notebook["nbformat"] == 4 and not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook["cells"])
print("\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"))
END
    polyhebb export melting.h5 --csv >table.csv
    cat >>cells.py <<'END'
import csv
rows = [row for row in csv.DictReader(open("table.csv")) if row["dilution"] == "0.4"]
assert len(rows) == mean.size == 24
for row in rows:
    here = {"noise": float(row["noise"]), "pattern": int(row["pattern"])}
    for values, name in (mean, "magnetization"), (error, "magnetization_error"):
        found = float(values.sel(pattern=here["pattern"]).sel(noise=here["noise"], method="nearest"))
        # Errors are no less than those of the chains, which counts above the onset alone.
        assert abs(found - float(row[name])) < 1e-9 or (name == "magnetization_error" and here["noise"] > 1.05 and found < float(row[name])), row
END
    /usr/bin/python3 -c 'import matplotlib, netCDF4, xarray' 2>/dev/null || skip "python3-xarray, python3-netcdf4 or python3-matplotlib is missing"
    run -0 env MPLBACKEND=Agg MPLCONFIGDIR="$PWD" /usr/bin/python3 cells.py
    [ -s melting.png ]
}

# A queue: takes a script, and does the tasks of its array at once, one after the other; 99 is into the queue once more.
a_queue()
{
    cat >bin/qsub <<'END'
#!/bin/bash
tasks=
while [[ $1 == -* ]]; do
    [ "$1" != -t ] || tasks=$2
    shift 2
done
last=$(sed -n 's/^#PBS -J 1-\([0-9]*\)$/\1/p; s/^#\$ .* -t 1-\([0-9]*\) .*/\1/p' "$1")
for task in ${tasks:-$(seq "${last:-1}")}; do
    code=99
    while [ $code = 99 ]; do
        PBS_O_WORKDIR=$PWD PBS_ARRAY_INDEX=$task SGE_TASK_ID=$task bash "$1"
        code=$?
    done
    [ $code = 0 ] || exit 1
done
END
    printf '#!/bin/sh\n' >bin/module
    chmod +x bin/qsub bin/module
}

@test "docs/clusters.md: every command works as it stands, of fewer parts, with a queue in place of a site's" {
    typed
    a_queue
    NEURONS=500 make_grid
    sed -i 's/patterns: 3/patterns: 2/; s/burn_in: 5/burn_in: 20, start: hierarchical/' grid.yaml
    polyhebb run grid.yaml -q
    cp grid.h5 whole.h5
    pieces docs/clusters.md
    [ "$(wc -l <1.sh)" -ge 40 ]
    sed -i 's/64/4/g; s/-t 7/-t 2/' 1.sh
    run -0 bash -e 1.sh
    [ -s grid-curves.png ]
    [ -s grid-array.sh ]
    [ "$(wc -l <tasks.txt)" -eq 4 ]
    [ "$(find . -name 'grid.?-of-4.h5' | wc -l)" -eq 4 ]
    same whole.h5 grid.h5
}
