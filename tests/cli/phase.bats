#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The verb phase: a file on the grid's axes, its check, its figure, and what it refuses.
load common

make_phase_grid()
{
    cat >grid.yaml <<END
title: phase test
network: {neurons: 500, patterns: 3, normalization: none, dilution: [0.2, 0.4, 0.6, 0.8]}
noise: [0, 0.05, 0.2, 0.5]
dynamics: {start: hierarchical, sweeps: 20, burn_in: 10}
ensemble: {replicas: 4}
END
}

@test "phase: a file of labelled arrays, the same on any number of threads" {
    make_phase_grid
    run -0 polyhebb phase grid.yaml -j 1
    [[ "$output" =~ ^grid-phase.h5:\ ([0-9]+)\ states\ of\ 16\ points,\ ([0-9]+)\ places ]]
    states=${BASH_REMATCH[1]} places=${BASH_REMATCH[2]}
    run -0 polyhebb phase grid.yaml -j 2 -o two.h5
    same grid-phase.h5 two.h5
    run -0 h5dump -a /label/flag_meanings grid-phase.h5
    [[ "$output" == *"paramagnetic pure hierarchical-2 hierarchical-3 symmetric-2 symmetric-3 tie-broken-3 mixed-3"* ]]
    run -0 h5ls grid-phase.h5
    for name in free_energy magnetization spectrum ground_state reached_state end_noise change_dilution; do
        [[ "$output" == *"$name "* ]]
    done
    # The hierarchical states of T = 0 below d_c = 0.618, the paramagnet above T = 1 - d, and what
    # the program has counted.
    /usr/bin/python3 - "$states" "$places" <<'END'
import sys, h5py, numpy as np
file = h5py.File("grid-phase.h5")
words = file["label"].attrs["flag_meanings"].decode().split()
label, ground, reached = (file[name][()] for name in ("label", "ground_state", "reached_state"))
for i, d in enumerate(file["dilution"]):
    for j, noise in enumerate(file["noise"]):
        word, at = words[label[i, j, ground[i, j]]], (i, j, reached[i, j])
        if noise == 0 and d < 0.6:
            m = (1 - d) * d ** np.arange(3)
            assert word == words[label[at]] == "hierarchical-3"
            assert np.allclose(file["magnetization"][at], m, atol=1e-10, rtol=0)
            assert abs(file["free_energy"][at] + (m**2).sum() / 2) < 1e-10
        assert (word == "paramagnetic") == (noise > 1 - d), (d, noise, word)
assert (label >= 0).sum() == int(sys.argv[1])
kinds = [data for name, data in file.items() if name.startswith(("end_", "change_")) and name.endswith("_kind")]
assert sum((data[()] >= 0).sum() for data in kinds) == int(sys.argv[2])
END
}

@test "phase: special points are listed, and in the file" {
    cat >grid.yaml <<END
network: {neurons: 500, patterns: 2, normalization: none, dilution: {from: 0, to: 0.9, steps: 6}}
noise: {from: 0, to: 1, steps: 6}
dynamics: {sweeps: 20}
END
    run -0 polyhebb phase grid.yaml
    [[ "$output" =~ places\ of\ boundaries\ on\ ([0-9]+)\ curves ]]
    curves=${BASH_REMATCH[1]}
    [[ "$output" =~ multicritical\ +0\.66666666[67]\ +0\.33333333[34] ]]
    /usr/bin/python3 - "$curves" "$output" <<'END'
import sys, h5py, numpy as np
file = h5py.File("grid-phase.h5")
kinds = file["special_kind"].attrs["flag_meanings"].decode().split()
listed = [line.split() for line in sys.argv[2].splitlines()[3:]]
stored = list(zip(file["special_kind"], file["special_dilution"], file["special_noise"]))
assert len(file["curve_kind"]) == int(sys.argv[1]) and len(listed) == len(stored) > 3
for (kind, d, t), line in zip(stored, listed):
    assert kinds[kind] == line[0] and abs(d - float(line[1])) < 1e-9 and abs(t - float(line[2])) < 1e-9
# Every curve begins and ends at its special points.
for number, end in ((file["curve_begin"][()], 0), (file["curve_end"][()], -1)):
    for c, s in enumerate(number):
        d, t = (file["curve_" + axis][c] for axis in ("dilution", "noise"))
        d, t = d[~np.isnan(d)], t[~np.isnan(t)]
        assert len(d) == len(t) > 1
        assert s < 0 or (d[end] == file["special_dilution"][s] and t[end] == file["special_noise"][s])
END
}

@test "phase: ends of curves at which nothing was found are listed, by the kind of the curve" {
    make_phase_grid
    run -0 polyhebb phase grid.yaml --set patterns=3 --set 'dilution={from: 0, to: 0.98, steps: 12}' \
        --set 'noise={from: 0, to: 1, steps: 12}'
    [[ "$output" == *"open ends of curves"* ]]
    /usr/bin/python3 - "$output" <<'END'
import sys, h5py, numpy as np
file = h5py.File("grid-phase.h5")
kinds = file["curve_kind"].attrs["flag_meanings"].decode().split()
lines = sys.argv[1].splitlines()
at = next(i for i, line in enumerate(lines) if line.startswith("open ends"))
listed = [line.split() for line in lines[at + 1:]]
found = []
for c in range(len(file["curve_kind"])):
    d, t = (file["curve_" + axis][c] for axis in ("dilution", "noise"))
    d, t = d[~np.isnan(d)], t[~np.isnan(t)]
    closed = d[0] == d[-1] and t[0] == t[-1]
    for number, end in ((file["curve_begin"][c], 0), (file["curve_end"][c], -1)):
        if number < 0 and not closed:
            found.append((kinds[file["curve_kind"][c]], d[end], t[end]))
assert 0 < len(found) == len(listed) < 4
for (kind, d, t), line in zip(found, listed):
    assert kind == line[0] and abs(d - float(line[1])) < 1e-9 and abs(t - float(line[2])) < 1e-9
END
}

@test "check: a phase file is whole, or damaged with exit 4; other verbs say what they expected" {
    make_phase_grid
    run -0 polyhebb phase grid.yaml
    run -0 polyhebb check grid-phase.h5
    [[ "$output" == *"whole, a phase diagram of 16 points"* ]]
    run -1 polyhebb export grid-phase.h5
    [[ "$output" == *"a phase file, but a run file was expected"* ]]
    size=$(stat -c %s grid-phase.h5)
    head -c $((size / 2)) grid-phase.h5 >half.h5
    run -4 polyhebb check half.h5
    [[ "$output" == *"half.h5"* ]]
    damaged=0
    for k in 1 2 3 4 5 6 7; do
        cp grid-phase.h5 bad.h5
        flip bad.h5 $((k * size / 8))
        code=0
        polyhebb check bad.h5 || code=$?
        [ $code -ne 4 ] || damaged=$((damaged + 1))
    done
    [ $damaged -ge 4 ]
}

@test "plot: the diagram, and a run under its lines" {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    make_phase_grid
    run -0 polyhebb phase grid.yaml
    run -0 polyhebb run grid.yaml -q
    run -0 polyhebb plot grid-phase.h5 grid.h5 -f png,svg -o fig
    for name in fig-diagram.png fig-diagram.svg fig-map.png fig-map.svg; do
        [ -s "$name" ]
        [[ "$output" == *"$name"* ]]
    done
    [[ "$output" != *warning* ]]
    run -0 polyhebb run grid.yaml -q -o one.h5 --set network.patterns=1 # a run of fewer patterns has a map of its own
    run -0 polyhebb plot grid-phase.h5 one.h5 -f svg -o one
    [ "$(grep -c "pattern" fig-map.dat)" -gt "$(grep -c "pattern" one-map.dat)" ]
    [ "$(grep -c "pattern" one-map.dat)" -eq 1 ]
    run -0 polyhebb run grid.yaml -q -o line.h5 --set noise=0.1
    run -1 polyhebb plot grid-phase.h5 line.h5
    [[ "$output" == *"needs the axes dilution and noise"* ]]
    run -0 polyhebb phase grid.yaml -o each.h5 --set 'network.dilution={each: [[0.2, 0.3], 0.1, 0.1]}'
    run -1 polyhebb plot each.h5 grid.h5 # there all patterns have the axis' dilution
    [[ "$output" == *"grid.h5: to lie under"*"needs the axes dilution of pattern 1 and noise"* ]]
    run -1 polyhebb plot grid-phase.h5 -p noise=0
    [[ "$output" == *"drawn over two axes"* ]]
}

@test "plot: the traced line of example states in both panels; what was found instead where a file has none" {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    cat >grid.yaml <<END
network: {rule: unsupervised, neurons: 500, patterns: 1, examples: 5, quality: 0.25, dilution: [0, 0.3, 0.7]}
noise: [0.3, 0.5, 0.8]
dynamics: {sweeps: 20}
END
    run -0 polyhebb phase grid.yaml
    [[ "$output" == *"on 1 curves"* ]]
    run -0 polyhebb plot grid-phase.h5 -f svg
    cp grid-phase.h5 old.h5
    /usr/bin/python3 - old.h5 <<'END'
import sys, h5py
with h5py.File(sys.argv[1], "r+") as file:
    meanings = file["curve_kind"].attrs["flag_meanings"].decode().split()
    file["curve_kind"][:] = meanings.index("examples")
END
    run -0 polyhebb plot old.h5 -f svg
    /usr/bin/python3 <<'END'
import h5py, re
def lines(name):
    blocks = re.findall(r"# [^\n]*single examples[^\n]*\n(.*?)\n\n\n", open(name).read(), re.S)
    return [[l.split() for l in b.splitlines() if l and "NaN" not in l] for b in blocks]
file = h5py.File("grid-phase.h5")
points = list(zip(file["curve_dilution"][0], file["curve_noise"][0]))
both = lines("grid-phase-diagram.dat")
assert len(both) == 2 and len(points) > 9
for block in both:
    assert len(block) == len(points)
    assert all(abs(float(x) - d) < 1e-8 and abs(float(y) - t) < 1e-8 for (x, y), (d, t) in zip(block, points))
# One place each of three values of the dilution, joined.
pieces = lines("old-diagram.dat")
assert [len(block) for block in pieces] == [3, 3], pieces
END
}

@test "plot: regions are polygons that cover the plane once, their words inside, the same bytes again" {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    cat >grid.yaml <<END
network: {neurons: 500, patterns: 2, normalization: none, dilution: {from: 0, to: 0.9, steps: 10}}
noise: {from: 0, to: 1, steps: 10}
dynamics: {start: hierarchical, sweeps: 20}
END
    run -0 polyhebb phase grid.yaml
    run -0 polyhebb plot grid-phase.h5 -f svg,pdf -o one
    run -0 polyhebb plot grid-phase.h5 -f svg -o two
    cmp <(sed s/one-diagram/two-diagram/g one-diagram.svg) two-diagram.svg
    [ "$(stat -c %s one-diagram.pdf)" -lt 60000 ]
    /usr/bin/python3 - <<'END'
import re
text = open("one-diagram.gp").read()
blocks = [b.split("\n") for b in open("one-diagram.dat").read().split("\n\n\n")]
names = dict(re.findall(r"label_text\[(\d+)\] = '(.*)'", text))
def numbers(word):
    return {n: float(v) for n, v in re.findall(word + r"\[(\d+)\] = ([-\d.e+]+)", text)}
def loops(head):
    found, loop = [], []
    for block in blocks:
        if block[0].lstrip("# ").strip() != head:
            continue
        for line in block[1:] + [""]:
            if line and "NaN" not in line:
                loop.append(tuple(map(float, line.split())))
            elif loop:
                found.append(loop)
                loop = []
    return found
def area(loop):
    return 0.5 * sum(a[0] * b[1] - a[1] * b[0] for a, b in zip(loop, loop[1:] + loop[:1]))
def inside(loop, x, y):
    odd = False
    for a, b in zip(loop, loop[1:] + loop[:1]):
        if (a[1] > y) != (b[1] > y) and x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]):
            odd = not odd
    return odd
for panel, word in (("ground state", "ground"), ("state reached", "reached")):
    regions = {n: loops(f"{panel}, {name}: polygons between curves") for n, name in names.items()}
    assert abs(sum(area(l) for ls in regions.values() for l in ls) - 0.9) < 1e-6
    for k in range(400):
        x, y = 0.9 * ((k * 0.618034) % 1), (k + 0.5) / 400
        assert sum(inside(l, x, y) for ls in regions.values() for l in ls) == 1, (x, y)
    xs, ys, fits = (numbers(f"{word}_{part}") for part in "x y fit".split())
    assert sum(fits.values()) > 3
    for n in names:
        assert fits[n] == 0 or any(inside(l, xs[n], ys[n]) for l in regions[n]), (panel, names[n])
    assert not any(loops(f"{panel}, {name}: cells x y x_low x_high y_low y_high") for name in names.values())
END
}

@test "phase: wrong usage, too many patterns, an output that is the input" {
    make_phase_grid
    run -2 polyhebb phase
    run -2 polyhebb phase grid.yaml -j 0
    run -2 polyhebb phase grid.yaml --set network.dilution=2
    run -1 polyhebb phase grid.yaml --set network.patterns=13
    [[ "$output" == *"network.patterns up to 12"* ]]
    run -2 polyhebb phase grid.yaml -o grid.yaml
    run -0 polyhebb theory grid.yaml -o other.h5
    run -2 polyhebb phase grid.yaml -o other.h5
    [[ "$output" == *"is not a whole phase file"* ]]
    [ ! -e grid-phase.h5 ]
}

@test "the grids of phase diagrams are grids, and each one's twin has its axes" {
    for grid in "$BATS_TEST_DIRNAME"/../../params/phase-*.yaml; do
        run -0 polyhebb check "$grid"
        [[ "$output" =~ points:\ +[0-9]+\ =\ [a-z]+\ [0-9]+\ x\ [a-z]+\ [0-9]+ ]]
    done
    for twin in atlas/noise-k2 atlas/noise-k3 phase-storage-k4-mc atlas/noise-k5; do
        run -0 polyhebb check "$BATS_TEST_DIRNAME/../../params/$twin.yaml"
        [[ "$output" == *"= dilution 25 x noise 25"* ]]
    done
}
