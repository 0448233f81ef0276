#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The verb phase on very networks: their states from systematic starts, in a table, a file, a figure.
load common

# patterns.txt: a pattern a row of 300 neurons, K of them correlated and a third blank.
make_patterns()
{
    /usr/bin/python3 - "${1:-4}" <<'END'
import sys, numpy as np
rng = np.random.default_rng(11)
common = rng.choice([-1, 1], 300)
rows = [np.where(rng.random(300) < 0.3, common, rng.choice([-1, 1], 300)) for _ in range(int(sys.argv[1]))]
np.savetxt("patterns.txt", [np.where(rng.random(300) < 0.33, 0, row) for row in rows], fmt="%d")
END
    cat >grid.yaml <<END
seed: 3
network: {patterns: {file: patterns.txt, layout: rows}, normalization: none}
noise: [0, 0.1, 0.3, 0.9]
dynamics: {sweeps: 5}
END
}

@test "phase: states of given patterns, held against a plain iteration and the curvature" {
    make_patterns
    run -0 polyhebb phase grid.yaml -j 1
    [[ "$output" == *"grid-attractors.h5: "*" states, "*" of 1 network at 4 points"* ]]
    [[ "$output" == *"noise=0: "*"noise=0.9: "*"stable at noise"* ]]
    run -0 polyhebb phase grid.yaml -j 2 -o two.h5
    same grid-attractors.h5 two.h5
    /usr/bin/python3 - <<'END'
import itertools, h5py, numpy as np
xi = np.loadtxt("patterns.txt").T            # neurons, patterns
N, K = xi.shape
f = h5py.File("grid-attractors.h5")
words = f["class"].attrs["flag_meanings"].decode().split()
assert np.allclose(f["activity"][0, 0], (xi != 0).mean(0))
compared = 0
for t, noise in enumerate(f["noise"]):
    get = lambda name: f[name][t, 0]
    count = int((get("class") >= 0).sum())
    m = get("overlap")[:count]
    assert count > 0 and get("ground_state") >= 0 and get("starts")[:count].sum() == get("starts_made")
    if noise == 0:                           # energy of m with self terms, descent in no overlap
        assert np.allclose(get("free_energy")[:count], -0.5 * (m**2).sum(1), atol=1e-12)
        assert (get("least_field")[:count] >= 0).all() and (get("stable")[:count] == 1).all()
        continue
    F = lambda n: np.tanh(xi @ n / noise) @ xi / N
    for i in range(count):
        assert abs(F(m[i]) - m[i]).max() < 1e-11
        h = xi @ m[i]
        free = 0.5 * (m[i]**2).sum() - noise * np.log(2 * np.cosh(h / noise)).mean()
        assert abs(free - get("free_energy")[i]) < 1e-11
        hessian = np.eye(K) - (xi * (1 - np.tanh(h / noise)[:, None]**2)).T @ xi / (N * noise)
        least = np.linalg.eigvalsh(hessian)[0]
        assert abs(least - get("stability")[i]) < 1e-8
        assert (get("stable")[i] == 1) == (least > 0)
    for k in range(K):                       # thirty lines of another road: n <- F(n), damped, from the pattern
        n = xi.T @ xi[:, k] / N
        for _ in range(3000):
            n = n + 0.2 * (F(n) - n)
        end = get("end_of_pattern")[k]
        assert abs(abs(n) - abs(m[end])).max() < 1e-7, (noise, k)
        assert min(abs(n - m[end]).max(), abs(n + m[end]).max()) < 1e-7
        recall = xi[:, k] @ np.tanh(xi @ n / noise) / np.sqrt((xi[:, k]**2).sum() * (np.tanh(xi @ n / noise)[xi[:, k] != 0]**2).sum() + 1e-300)
        if recall >= 0.9 and get("stable")[end] == 1:
            assert get("state_of_pattern")[k] >= 0
        compared += 1
    ends = 0                                 # from mixtures of three and hierarchies, n <- F(n): all ends that are stable are there
    for k, l, o in itertools.combinations(range(K), 3):
        for a, b in itertools.product((-1, 1), repeat=2):
            first = np.where(xi[:, k] != 0, xi[:, k], np.where(xi[:, l] != 0, a * xi[:, l], b * xi[:, o]))
            for start in (np.sign(xi[:, k] + a * xi[:, l] + b * xi[:, o]), first):
                n = start @ xi / N
                for _ in range(400):
                    n = F(n)
                h = xi @ n
                if np.linalg.eigvalsh(np.eye(K) - (xi * (1 - np.tanh(h / noise)[:, None]**2)).T @ xi / (N * noise))[0] > 0.02:
                    assert min(min(abs(n - x).max(), abs(n + x).max()) for x in m) < 1e-6, (noise, n)
                    ends += 1
    assert ends > 15
    if noise == 0.1:
        assert (get("stable")[:count] == 1).sum() > 2 * K
    if noise > 0.8:
        assert [words[c] for c in get("class")[:count]] == ["paramagnetic"] and get("state_of_pattern").max() == -1
assert compared == 3 * K
END
}

@test "phase --samples: labels are those of the infinite network, far from its boundaries" {
    cat >grid.yaml <<END
seed: 2
network: {neurons: 30000, patterns: 2, dilution: [0.3, 0.8]}
noise: [0, 0.1, 0.5, 1.3]
dynamics: {sweeps: 5}
ensemble: {samples: 2}
END
    run -0 polyhebb phase grid.yaml
    run -0 polyhebb phase grid.yaml --samples --brief
    [[ "$output" == *"from dilution=0.3, noise=0 on:"*"stable in all"*"half"*"any sample"* ]]
    [[ "$output" != *"eigenvalue"* ]]
    /usr/bin/python3 - <<'END'
import h5py, numpy as np
whole, nets = h5py.File("grid-phase.h5"), h5py.File("grid-attractors.h5")
words = whole["label"].attrs["flag_meanings"].decode().split()
called = nets["class"].attrs["flag_meanings"].decode().split()
same = {"pure": "pattern", "hierarchical-2": "hierarchical", "symmetric-2": "parallel", "paramagnetic": "paramagnetic"}
for at in np.ndindex(whole["ground_state"].shape):
    ground = whole["ground_state"][at]
    word = words[whole["label"][at][ground]]
    m = np.sort(whole["magnetization"][at][ground])
    for s in range(2):
        g = nets["ground_state"][at][s]
        assert called[nets["class"][at][s, g]] == same[word], (at, word)
        assert np.allclose(np.sort(abs(nets["overlap"][at][s, g])), m, atol=0.03), (at, m)
        assert abs(nets["free_energy"][at][s, g] - whole["free_energy"][at][ground]) < 0.01
    share, error = nets["stable_share"][at], nets["stable_share_error"][at]
    assert (share == (nets["state_of_pattern"][at] >= 0).mean(0)).all() and (error > 0).all()
    if word == "pure" or word == "hierarchical-2":
        assert (share == 1).all()
END
}

@test "phase: of a run file, of data, of one noise; threads and a second call give the same" {
    make_patterns 2
    run -0 polyhebb run grid.yaml -q --set noise=0.2
    run -0 polyhebb phase grid.h5 -o run.h5
    [[ "$output" != *"stable at noise"* ]] # no axis of noise
    run -0 polyhebb phase grid.yaml --set noise=0.2 -o grid2.h5
    same run.h5 grid2.h5
    # Of one network all samples are the same: it is looked at once.
    run -0 polyhebb phase grid.yaml --set ensemble.samples=5 -o five.h5
    [[ "$output" == *"of 1 network"* ]]
    # Two of four patterns, drawn anew for every sample.
    make_patterns 4
    run -0 polyhebb phase grid.yaml --set ensemble.samples=5 --set network.patterns_from=random --set network.patterns=2 -o drawn.h5
    [[ "$output" == *"of 5 networks"*"stable in"*"ground states"* ]]
}

@test "phase: a file of attractors is whole, or damaged; its grid comes out; others refuse it" {
    make_patterns 2
    run -0 polyhebb phase grid.yaml
    run -0 polyhebb check grid-attractors.h5
    [[ "$output" == *"whole, the states of 1 network at 4 points; 0 left out"* ]]
    polyhebb grid grid-attractors.h5 >again.yaml
    run -0 polyhebb phase again.yaml
    same grid-attractors.h5 again-attractors.h5
    run -1 polyhebb export grid-attractors.h5
    [[ "$output" == *"an attractors file, but a run file was expected"* ]]
    size=$(stat -c %s grid-attractors.h5)
    head -c $((size / 2)) grid-attractors.h5 >half.h5
    run -4 polyhebb check half.h5
    /usr/bin/python3 - <<'END'
import h5py, shutil
def spoil(name, array, at, value):
    shutil.copy("grid-attractors.h5", name)
    with h5py.File(name, "r+") as f:
        f[array][at] = value
spoil("class.h5", "class", (0, 0, 0), 17)
spoil("ground.h5", "ground_state", (1, 0), 99)
spoil("order.h5", "free_energy", (1, 0, 0), 5)
spoil("overlap.h5", "overlap", (1, 0, 0, 0), 1.5)
spoil("member.h5", "member", (1, 0, 0, 0), 13)
END
    for name in class ground order overlap member; do
        run -4 polyhebb check $name.h5
        [[ "$output" == *"make it anew with 'polyhebb phase'"* ]]
    done
}

@test "plot: patterns that are stable along the noise, and the free energies of all stable states" {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    make_patterns 3
    run -0 polyhebb phase grid.yaml
    run -0 polyhebb plot grid-attractors.h5 -f png,svg
    [ -s grid-attractors-attractors.png ]
    [ -s grid-attractors-attractors.svg ]
    [[ "$output" != *warning* ]]
    /usr/bin/python3 - <<'END'
import h5py, numpy as np
f = h5py.File("grid-attractors.h5")
words = f["class"].attrs["flag_meanings"].decode().split()
blocks = {}
for block in open("grid-attractors-attractors.dat").read().split("\n\n\n"):
    head, *rows = block.strip().split("\n")
    if head:
        blocks[head.lstrip("# ").split(":")[0]] = [[float(x) for x in row.split()] for row in rows if "NaN NaN" not in row]
for k in range(3):
    for t, noise in enumerate(f["noise"]):
        at = f["state_of_pattern"][t, 0, k]
        row = blocks[f"pattern {k + 1}"][t]
        assert row[0] == noise and row[2] == (at >= 0)
        if at >= 0:
            assert abs(row[1] - abs(f["overlap"][t, 0, at, k]) / f["activity"][t, 0, k]) < 1e-9
        else:
            assert np.isnan(row[1])
drawn = 0
for c, word in enumerate(words):
    rows = blocks[word]
    expected = [(noise, f["free_energy"][t, 0, i] - f["free_energy"][t, 0, f["ground_state"][t, 0]])
                for t, noise in enumerate(f["noise"]) for i in np.flatnonzero((f["class"][t, 0] == c) & (f["stable"][t, 0] == 1))]
    assert len(rows) == len(expected) and (not rows or np.allclose(rows, expected, atol=1e-8))
    drawn += len(rows)
assert drawn == (f["stable"][()] == 1).sum() > 4
END
    # Of several samples shares with errors; other axes make figures of their own.
    run -0 polyhebb phase grid.yaml -o many.h5 --set ensemble.samples=3 --set network.patterns_from=random --set network.patterns=[1,2]
    run -0 polyhebb plot many.h5 -f svg
    [ -s many-patterns-1-attractors.svg ]
    [ -s many-patterns-2-attractors.svg ]
    /usr/bin/python3 - <<'END'
import h5py, numpy as np
f = h5py.File("many.h5")
rows = [[float(x) for x in line.split()] for line in open("many-patterns-1-attractors.dat") if line.strip() and line[0] != "#"]
assert np.allclose([r[2] for r in rows], f["stable_share"][0, :, 0]) and np.allclose([r[3] for r in rows], f["stable_share_error"][0, :, 0], atol=1e-5)
END
    run -1 polyhebb plot grid-attractors.h5 -p noise=0.1
    [[ "$output" == *"no axis of it is open"* ]]
    run -2 polyhebb plot grid-attractors.h5 --figure diagram
    [[ "$output" == *"figure 'diagram' is drawn of a phase file, not of an attractors file"* ]]
    run -2 polyhebb plot grid-attractors.h5 grid.h5
    [[ "$output" == *"is drawn by itself"* ]]
}

@test "phase of networks: wrong usage, too many patterns, an output that is something else" {
    make_patterns 2
    run -2 polyhebb phase grid.yaml --samples=2
    run -2 polyhebb phase grid.yaml -o grid.yaml
    run -0 polyhebb theory grid.yaml -o other.h5
    run -2 polyhebb phase grid.yaml -o other.h5
    [[ "$output" == *"is not a whole attractors file"* ]]
    cat >many.yaml <<END
network: {neurons: 50, patterns: 601, dilution: 0.5}
noise: 0.1
dynamics: {sweeps: 5}
END
    run -1 polyhebb phase many.yaml --samples
    [[ "$output" == *"up to 600 patterns"*"every network has more"* ]]
    run -0 polyhebb phase many.yaml --samples --set network.patterns=[2,601]
    [[ "$output" == *"1 of 2 networks are left out"* ]]
    [ ! -e many-attractors.h5.partial ]
    run -0 polyhebb check many-attractors.h5
    [[ "$output" == *"1 left out"* ]]
    run -0 polyhebb phase many.yaml --samples --set network.patterns=[2,601] --set samples=2
    [[ "$output" == *"patterns=601: left out"* ]]
    [[ "$output" != *nan* ]]
    rm many-attractors.h5
    run -1 polyhebb phase many.yaml --samples -o /nowhere/at/all.h5
    [ "$(ls)" = "$(ls | grep -v partial)" ]
}
