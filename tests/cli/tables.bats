#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What export, compare and plot say of a run: whose numbers they are, and what they cannot say.
load common

@test "compare: why trajectories were not held against the flow, and at how many points" {
    NEURONS=300 SWEEPS=10 make_grid late.yaml # burn_in 5
    sed 's/burn_in: 5/sampler: [glauber, metropolis]/; s/^noise.*/noise: 0/' late.yaml >mixed.yaml
    for grid in late mixed; do
        polyhebb run $grid.yaml -q
    done
    run -5 polyhebb compare late.h5
    [[ "$output" == *"trajectories not compared: not recorded from the start (4 points)"* ]]
    [[ "$output" != *"comparisons with the flow"* ]]
    run -0 polyhebb compare mixed.h5 --brief
    [[ "$output" == *"not compared:"*"no flow with a band for this dynamics (2 points)"* ]]
}

# cue PATTERN SIGN: a start file of pattern PATTERN of start.yaml's network, times SIGN.
cue()
{
    awk -v mu="$1" -v sign="$2" '!/^#/ { print $mu == 0 ? 1 : sign * $mu }' entries.txt
}

@test "export: a cue of pattern 2 is pattern 2, a negated one has its sign; --ordered ranks them" {
    cat >grid.yaml <<END
network: {neurons: 1000, patterns: 3}
noise: 0.3
dynamics: {sweeps: 100, burn_in: 50, start: {kind: file, file: cue.txt}}
ensemble: {replicas: 4}
END
    sed 's/kind: file, file: cue.txt/kind: random/; s/sweeps: 100/sweeps: 50/; s/replicas: 4/replicas: 24/' grid.yaml >any.yaml
    polyhebb run any.yaml -q
    polyhebb export any.h5 --patterns >entries.txt
    polyhebb compare any.h5 >said || [ $? = 5 ] # chains that were not told a sign
    grep -q "rows average over chains in wells of both signs; z counts each chain" said
    cue 2 -1 >cue.txt
    polyhebb run grid.yaml -q
    run -0 polyhebb export grid.h5
    [[ "$output" == *"# pattern: the archetype of that number, its sign as recorded"* ]]
    [[ "$output" == *"# pattern magnetization "* ]]
    awk '!/^#/ && ($1 == 2 ? $2 > -0.99 : $2^2 > 0.01) { exit 1 }' <<<"$output"
    run -0 polyhebb export grid.h5 --ordered
    [[ "$output" == *"# rank: the patterns of each sample in descending order"*"# rank magnetization "* ]]
    awk '!/^#/ && ($1 == 1 ? $2 < 0.99 : $2^2 > 0.01) { exit 1 }' <<<"$output"
    run -2 polyhebb export grid.h5 --ordered --patterns
    run -0 polyhebb export grid.h5 --ordered --csv
    [[ "$output" == "rank,magnetization,"*",records,remark"* ]]
    export_to=$(mktemp -p .)
    polyhebb export grid.h5 --ordered --csv -o "$export_to"
    polyhebb export grid.h5 -o "$export_to" # each is known as a table, and replaced
    polyhebb export grid.h5 --csv -o "$export_to"
}

@test "export: the end of a descent, not the average of its path" {
    cat >grid.yaml <<END
network: {neurons: 10000, patterns: 3}
noise: 0
dynamics: {sampler: descent, sweeps: 40, start: {kind: corrupted, overlap: 0.4}}
ensemble: {samples: 2, replicas: 8, lanes: 2}
END
    polyhebb run grid.yaml -q
    run -0 polyhebb export grid.h5
    [[ "$output" == *"# remark final: noise 0, means of the chains' last states"* ]]
    awk '!/^#/ { n++; if ($NF != "final" || ($1 == 1 && ($2 < 0.99 || $3 == "nan" || $3 > 0.01))) exit 1 } END { exit n != 3 }' <<<"$output"
    polyhebb run grid.yaml --set dynamics.sweeps=1 -o moving.h5 -q
    run -0 polyhebb export moving.h5
    [[ "$output" == *" final+moving"* ]]
    # a quench to noise 0 within burn-in ends there too
    sed 's/sampler: descent/burn_in: 2, schedule: {from: 0.2, sweeps: 2}/' grid.yaml >quench.yaml
    polyhebb run quench.yaml -q --set record.trajectory=false
    run -0 polyhebb export quench.h5 --csv
    [[ "$output" == *",final"* ]]
}

@test "export: chains below 50 tau have an estimate, a remark and no error" {
    cat >grid.yaml <<END
network: {neurons: 10000, patterns: 1}
noise: 1
dynamics: {start: random, sweeps: 40}
ensemble: {samples: 1, replicas: 1}
END
    polyhebb run grid.yaml -q
    run -0 polyhebb export grid.h5
    [[ "$output" == *"# remark short: chains below 50 tau"* ]]
    awk '!/^#/ { n++; if ($2 == "nan" || $3 != "nan" || $NF != "short") exit 1 } END { exit n != 1 }' <<<"$output"
    polyhebb run grid.yaml --set noise=3 --set dynamics.sweeps=2000 -o long.h5 -q
    run -0 polyhebb export long.h5 --csv
    awk -F, 'NR == 2 && ($2 == "nan" || !($3 > 0) || $NF != "-") { exit 1 }' <<<"$output"
}

@test "compare: records of replica exchange count in wells of both signs; of sums alone it says nothing" {
    cat >grid.yaml <<END
network: {neurons: 60, patterns: 1}
noise: 0.6
dynamics: {sampler: replica-exchange, ladder: [0.6, 0.7, 0.85, 1, 1.2], start: archetype, sweeps: 2000, burn_in: 100}
ensemble: {samples: 2, replicas: 4, lanes: 1}
END
    polyhebb run grid.yaml -q
    run -0 polyhebb compare grid.h5
    [[ "$output" == *"8 of 8 chains went from well to well, and are compared by records"* ]]
    sed 's/^noise/record: {trajectory: false}\n&/' grid.yaml >sums.yaml
    polyhebb run sums.yaml -q
    run -5 polyhebb compare sums.h5
    [[ "$output" == *"undecided: chains go between wells of opposite sign"* ]]
    run -0 polyhebb export grid.h5 # where |m| is the state's, and m nothing
    awk '/^# pattern mag/ { for (i = 2; i <= NF; i++) at[$i] = i - 1 }
         !/^#/ { if ($2^2 > 0.1 || $at["magnetization_absolute"] < 0.85 || $at["magnetization_square"] < 0.75) exit 1 }' <<<"$output"
    polyhebb compare grid.h5 --ordered --csv >table.csv || [ $? = 5 ]
    [[ "$(head -n 1 table.csv)" == "rank,mc,thermal_error,sample_theory,deviation,allowance,z,"* ]]
}

@test "compare: a theory that is right is not called wrong where its second order is small by chance" {
    # fields fluctuate by as much as the noise; m_2 is off by ten times what c/N^2 leaves open
    cat >grid.yaml <<'EOF'
title: t
seed: 1325
network: { rule: unsupervised, neurons: 300, patterns: 3, dilution: 0.5, normalization: variance, examples: 5, quality: 0.5 }
noise: 0.05
dynamics: { sampler: metropolis, order: random, start: hierarchical, sweeps: 400, burn_in: 500, record_every: 5 }
ensemble: { samples: 1, replicas: 64 }
EOF
    polyhebb run -q grid.yaml -o grid.h5
    run -5 polyhebb compare grid.h5
    [[ "$output" == *"near a transition"* ]]
}

@test "compare: it says how many sweeps are missing, and with them it decides; of a kept table too" {
    cat >grid.yaml <<END
network: {neurons: 500, patterns: 1}
noise: 0.5
record: {trajectory: false}
dynamics: {start: archetype, sweeps: 200, burn_in: 0}
ensemble: {samples: 2, replicas: 16}
END
    polyhebb run grid.yaml -q
    run -5 polyhebb compare grid.h5 -o table.h5
    [[ "$output" =~ "1: records begin before equilibrium (burn in "([0-9]+)" sweeps more)" ]]
    local more=${BASH_REMATCH[1]}
    run -5 polyhebb compare table.h5
    [[ "$output" == *"(burn in $more sweeps more)"* ]]
    polyhebb run grid.yaml -q --set dynamics.burn_in="$more" -o longer.h5
    run -0 polyhebb compare longer.h5
}

# value KIND: the second column of the first row under a block of curves whose title has KIND.
value()
{
    awk -v kind="$1" 'found { print $2; exit } index($0, kind) { found = 1 }' fig-curves.dat
}

@test "plot: |m| where chains change sign, beside the theory that fits; open symbols without errors; ranks" {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    cat >grid.yaml <<END
network: {neurons: 60, patterns: 1}
noise: [0.6, 0.7]
dynamics: {sampler: replica-exchange, ladder: [0.6, 0.7, 0.85, 1, 1.2], start: archetype, sweeps: 2000, burn_in: 100}
ensemble: {samples: 2, replicas: 4, lanes: 1}
END
    polyhebb run grid.yaml -q
    run -0 polyhebb plot grid.h5 -f png -o fig
    grep -q "^labels\[1\] = 'pattern 1, |m|'" fig-curves.gp
    awk -v m="$(value "simulation: noise magnetization_absolute")" -v theory="$(value "theory: noise magnetization_absolute")" \
        'BEGIN { exit !(m > 0.85 && theory > 0.85 && theory < 0.95) }'
    cat >grid.yaml <<END
network: {neurons: 10000, patterns: 2}
noise: [1, 1.01]
dynamics: {start: random, sweeps: 40}
ensemble: {samples: 1, replicas: 1}
END
    polyhebb run grid.yaml -q -o short.h5
    run -0 polyhebb plot short.h5 -f svg -o fig --ordered
    # circles and squares: two drawn of each beside the legend's own
    [ "$(grep -c "href='#gpPt5'" fig-curves.svg)" = 4 ]
    [ "$(grep -c "href='#gpPt3'" fig-curves.svg)" = 3 ]
    grep -q "^no_error = 1" fig-curves.gp
    grep -q "^labels\[2\] = 'rank 2" fig-curves.gp
    grep -q "^# rank 1, simulation" fig-curves.dat
    [ "$(grep -c '^1 [-0-9.e]* NaN [01]' fig-curves.dat)" = 2 ]
}

@test "plot: a negated cue stays below zero; descents are drawn where they end" {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    cat >grid.yaml <<END
network: {neurons: 2000, patterns: 3}
noise: [0.2, 0.3]
dynamics: {sweeps: 50, burn_in: 20, start: {kind: file, file: cue.txt}}
ensemble: {replicas: 4}
END
    sed 's/kind: file, file: cue.txt/kind: random/' grid.yaml >any.yaml
    polyhebb run any.yaml -q
    polyhebb export any.h5 --patterns -p noise=0.2 >entries.txt
    cue 2 -1 >cue.txt
    polyhebb run grid.yaml -q
    run -0 polyhebb plot grid.h5 -f png -o fig
    for kind in simulation theory; do
        awk -v m="$(value "pattern 2, $kind: noise magnetization")" 'BEGIN { exit !(m < -0.9) }'
    done
    cat >grid.yaml <<END
network: {neurons: 2000, patterns: [2, 3]}
noise: 0
dynamics: {sampler: descent, sweeps: 40, start: {kind: corrupted, overlap: 0.4}}
ensemble: {samples: 4, replicas: 4}
END
    polyhebb run grid.yaml -q -o ends.h5
    run -0 polyhebb plot ends.h5 -f png -o fig
    grep -q "^y_label = 'magnetization {/:Italic m}, last states'" fig-curves.gp
    awk -v m="$(value "pattern 1, simulation: patterns magnetization")" 'BEGIN { exit !(m > 0.98) }'
}

# heights FILE: the heights of the names in a figure's legend.
heights()
{
    awk -F '[,)]' '/transform="translate/ { y = $2 } /<text>(pattern [0-9]|simulation|theory)/ { print y }' "$1" | sort -u
}

@test "plot: a sign that the start holds is kept unless the error of m excludes the theory; the legend has the rows it needs" {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    # samples in which pattern 3, about to be retrieved, has either sign
    cat >grid.yaml <<END
network: {neurons: 2000, patterns: 3, dilution: [0.3, 0.35, 0.4, 0.45], normalization: variance}
noise: [0.05, 0.1, 0.15]
dynamics: {start: hierarchical, sweeps: 100, burn_in: 100}
ensemble: {samples: 4, replicas: 8, lanes: 4}
END
    polyhebb run grid.yaml -q -o held.h5
    polyhebb export held.h5 --csv -p dilution=0.35,noise=0.1 >table.csv
    awk -F, '$3 == 3 { exit !($4^2 < 0.01 * $10^2 * 4 && $10 > 0.05) }' table.csv
    run -0 polyhebb plot held.h5 -f svg -o fig
    grep -q "^labels\[3\] = 'pattern 3'" fig-curves.gp
    grep -q "^no_error = 0" fig-curves.gp
    [ "$(heights fig-curves.svg | wc -l)" = 3 ] # seven entries, three beside each other
    # chains that change sign beneath an error that is far from the theory
    cat >grid.yaml <<END
network: {neurons: 200, patterns: 1}
noise: [0.6, 0.93]
dynamics: {start: archetype, sweeps: 4000, burn_in: 100}
ensemble: {samples: 2, replicas: 8, lanes: 4}
END
    polyhebb run grid.yaml -q -o lost.h5
    run -0 polyhebb plot lost.h5 -f svg -o fig
    grep -q "^labels\[1\] = 'pattern 1, |m|'" fig-curves.gp
}

@test "compare -o keeps the table: compare prints it again, plot draws it and makes no other" {
    make_grid
    polyhebb run grid.yaml -q
    polyhebb compare grid.h5 -o table.h5 >made || [ $? = 5 ]
    polyhebb compare table.h5 >kept || [ $? = 5 ]
    diff made kept
    polyhebb compare table.h5 --csv >kept.csv 2>said || [ $? = 5 ]
    [ "$(wc -l <kept.csv)" = 13 ]
    run -0 polyhebb check table.h5
    [[ "$output" == "table.h5: whole, a comparison of 4 points: "* ]]
    polyhebb plot grid.h5 -f svg -o made
    polyhebb plot grid.h5 -f svg -o kept --comparison table.h5
    for data in curves map; do
        cmp made-$data.dat kept-$data.dat
    done
    run -2 polyhebb compare grid.h5 -o grid.h5
    [[ "$output" == *"grid.h5"*"not"* ]]
    run -2 polyhebb compare table.h5 --ordered
    polyhebb plot grid.h5 -f svg -o only --figure map --comparison table.h5
    cmp made-map.dat only-map.dat
    [ ! -e only-curves.dat ]
    run -2 polyhebb plot grid.h5 --figure map,diagram
    [[ "$output" == *"figure 'diagram' is drawn of a phase file, not of a run"* ]]
    run -0 polyhebb plot --help
    [[ "$output" == *"Figures:"*"  map          of a run: "*"  diagram      of a phase file: "* ]]
    run -1 polyhebb plot grid.h5 --ordered --comparison table.h5
    [[ "$output" == *"table.h5 was made without --ordered"* ]]
    run -2 polyhebb plot grid.h5 --trajectory --comparison table.h5
    polyhebb theory grid.h5 -o theory.h5
    polyhebb compare grid.h5 theory.h5 -o judged.h5 >made || [ $? = 5 ]
    polyhebb compare judged.h5 >kept || [ $? = 5 ]
    diff made kept
    grep -q '^theory: of a file, digest [0-9a-f]\{32\}$' kept
    polyhebb plot grid.h5 theory.h5 -f svg -o kept --figure map --comparison judged.h5
    run -1 polyhebb plot grid.h5 -f svg -o kept --comparison judged.h5
    [[ "$output" == *"judged.h5 judges the theory of a file: give that too"* ]]
    sed 's/sweeps: 60/sweeps: 90/' grid.yaml >longer.yaml
    polyhebb run longer.yaml -q -o grid.h5
    run -1 polyhebb plot grid.h5 --comparison table.h5
    [[ "$output" == *"the comparison of another grid"* ]]
}

@test "export: quantities and curves along the noise, in columns, CSV and JSON" {
    cat >grid.yaml <<END
network: {neurons: 12, patterns: 2, dilution: 0.3}
noise: [0.4, 0.8]
dynamics: {start: random, sampler: replica-exchange, ladder: [0.4, 0.6, 0.8, 1.2], sweeps: 200, burn_in: 20}
ensemble: {samples: 2, replicas: 12}
END
    polyhebb run grid.yaml -q
    polyhebb export grid.h5 --quantities >columns
    polyhebb export grid.h5 --quantities --csv >table.csv
    polyhebb export grid.h5 --quantities --json >table.json
    polyhebb export grid.h5 --reweight 0.4:1.2:5 --json >curves.json
    polyhebb export grid.h5 --reweight 0.8 --csv -o curves.csv
    polyhebb export grid.h5 --reweight 0.4:0.8:2 --json -o curves.csv # known as a table, and replaced
    python3 - <<'END'
import csv, json
rows = json.load(open("table.json"))["rows"]
columns = [line.split() for line in open("columns") if not line.startswith("#")]
rounded = 0
for row, shown in zip(rows, columns): # to two digits of the error: value, error
    value, error = shown[3:5]
    if row["error"] and 1e-8 < row["error"] < 9:
        assert len(error.replace(".", "").lstrip("0")) == 2, (row, shown)
        assert len(value.split(".")[1]) == len(error.split(".")[1]), (row, shown)
        assert abs(float(value) - row["value"]) <= 0.51 * 10 ** -len(error.split(".")[1])
        rounded += 1
assert rounded > 10
assert len(rows) == len(list(csv.reader(open("table.csv")))) - 1
assert len(rows) == sum(not line.startswith("#") for line in open("columns"))
at = {(row["noise"], row["quantity"], row["of"]): row for row in rows}
curves = json.load(open("curves.json"))["rows"]
assert sorted({row["noise"] for row in curves}) == [0.4, 0.6, 0.8, 1.0, 1.2]
for row in curves: # exact sums of one noise are the same in both, and estimates near them
    other = at.get((row["noise"], row["quantity"], row["of"]))
    if other is not None:
        assert other["exact"] == row["exact"], (row, other)
        for one in (row, other):
            if one["exact"] is not None:
                assert abs(one["value"] - one["exact"]) < 5 * one["thermal"] + 1e-9, one
    if row["noise"] > 0.8: # the energies of a rung that is no point's
        assert (row["value"] is None) == (row["of"] != "-"), row
assert len(json.load(open("curves.csv"))["rows"]) == 2 * (2 * 6 + 2)
END
    run -2 polyhebb export grid.h5 --reweight 0.4:0.8:2 --quantities
    run -2 polyhebb export grid.h5 --reweight 0.8:0.4:2
    run -2 polyhebb export grid.h5 --reweight 0.3
    [[ "$output" == *"noise 0.3: expected from 0.4 to 1.2"* ]]
    [[ "$output" != *"# "* ]]
}

# The approach to the infinite network: a small run of three sizes, and what cannot be asked.
@test "compare --scaling: exponents, their verdict in words and exit codes, and runs without sizes" {
    cat >sizes.yaml <<END
seed: 1
network: { neurons: [200, 400, 800], patterns: 1, dilution: 0.05 }
noise: 0.5
dynamics: { sampler: lumped-block-gibbs, start: archetype, sweeps: 100, burn_in: 20, record_every: 4 }
ensemble: { samples: 40, replicas: 4 }
END
    polyhebb run -q sizes.yaml
    run -5 polyhebb compare sizes.h5 --scaling neurons
    [[ "$output" == *"pattern 1: deviation ~ N^-a, a cannot be told: fewer than three sizes"* ]]
    [[ "$output" == *"pattern 1: scatter ~ N^-a, a = 0."*" of 3 sizes, expected 0.5: "*" errors, agree"* ]]
    [[ "$output" == *"verdict: the approach to the infinite network cannot be told"* ]]
    run -5 polyhebb compare sizes.h5 --scaling neurons --brief
    [ "${#lines[@]}" -eq 3 ]
    polyhebb compare sizes.h5 --scaling neurons --csv >table.csv 2>said || [ $? -eq 5 ]
    [ "$(wc -l <table.csv)" -eq 4 ]
    [ "$(awk -F, '{ print NF }' table.csv | sort -u)" = 9 ]
    grep -q "^verdict: " said

    # A theory that is off everywhere: its deviations do not fall.
    polyhebb theory -q sizes.h5 2>/dev/null || polyhebb theory sizes.h5 2>/dev/null
    /usr/bin/python3 - <<END
import h5py
with h5py.File("sizes-theory.h5", "r+") as theory:
    theory["magnetization"][...] *= 0.9
END
    run -3 polyhebb compare sizes.h5 sizes-theory.h5 --scaling neurons
    [[ "$output" == *"pattern 1: deviation ~ N^-a, a = "*", expected 1: "*" errors, disagree"* ]]

    run -2 polyhebb compare sizes.h5 --scaling noise
    [[ "$output" == *"--scaling noise: "*"neurons"* ]]
    run -2 polyhebb compare sizes.h5 --scaling neurons --ordered
    run -2 polyhebb compare sizes.h5 --scaling neurons -o table.h5
    [ ! -e table.h5 ]
    make_grid
    polyhebb run -q grid.yaml
    run -2 polyhebb compare grid.h5 --scaling neurons
    [[ "$output" == *"no axis"*"neurons"*"[200, 400, 800, 1600]"* ]]
}
