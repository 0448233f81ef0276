#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Networks that learn a user's own examples: what is learned, by numpy, and a run that has the data from there on.

load common

make() { # FILE [NEURONS]: three labels of 12 examples in no order, some entries blank
    /usr/bin/python3 - "$1" "${2:-40}" <<'END'
import sys, h5py, numpy
rng = numpy.random.default_rng(5)
xi = rng.choice([-1, 1, 0], size=(3, int(sys.argv[2])), p=[.4, .4, .2])
labels = rng.permutation(numpy.repeat([1, 2, 3], 12))
x = xi[labels - 1] * rng.choice([1, -1], size=(36, xi.shape[1]), p=[.85, .15])
x[rng.random(x.shape) < 0.05] = 0
with h5py.File(sys.argv[1], 'w') as f:
    f.create_dataset('x', data=x.astype('i1'), compression='gzip')
    f['set/y'], f['a'] = labels, xi
END
}

grid() { # FILE [MORE [SWEEPS [REPLICAS]]]
    printf 'network: { rule: [supervised, unsupervised], data: { file: %s, examples: /x, labels: set/y%s },\n' "$1" "$2"
    printf '  examples: [2, 5] }\nnoise: [0.2, 0.5]\ndynamics: { burn_in: 5, sweeps: %s, start: archetype }\n' "${3:-20}"
    printf 'ensemble: { replicas: %s, samples: 2, lanes: 2 }\n' "${4:-2}"
}

learned() { # learned.py: features and weights of digits.h5 in numpy
    cat >learned.py <<'END'
import h5py, numpy
with h5py.File('digits.h5') as f:
    x, y, given = f['x'][...].astype(int), f['set/y'][...], f['a'][...]
n = x.shape[1]

def network(kind, unsupervised, m):
    phi, w = [], []
    for k in (1, 2, 3):
        own = x[y == k]
        mean = own.mean(axis=0)
        xi = given[k - 1] if kind == 'archetypes' else numpy.where(abs(mean) < (0.5 if kind == 'threshold' else 0), 0, numpy.sign(mean))
        r = float('%.12g' % (own * xi)[:, xi != 0].mean())
        s = float('%.12g' % (own[:, xi == 0] == 0).mean()) if (xi == 0).any() else 1.0
        d = float('%.12g' % (xi == 0).mean())
        g = 1 / ((1 - d) * (1 + (1 - r * r) / (m * r * r)) + d * (1 - s) / (m * r * r))
        phi += list(own[:m]) if unsupervised else [own[:m].sum(axis=0)]
        w += [g / (m * r * r)] * m if unsupervised else [g / (m * r) ** 2]
    return numpy.array(phi), numpy.array(w)

def energy(phi, w, spins): # per neuron
    return (-(w * (spins @ phi.T) ** 2).sum(axis=-1) + (w[:, None] * phi ** 2).sum()) / (2 * n * n)
END
}

@test "energies of a run are those of numpy's features and weights of the file, spin for spin" {
    make digits.h5
    learned
    grid digits.h5 >means.yaml
    grid digits.h5 ", archetypes: /a" >archetypes.yaml
    grid digits.h5 ", threshold: 0.5" >threshold.yaml
    for kind in means archetypes threshold; do run -0 polyhebb run $kind.yaml; done
    /usr/bin/python3 - <<'END'
import h5py, itertools, numpy
from learned import *
for kind, rule, (e, m), t in itertools.product(['means', 'archetypes', 'threshold'], (0, 1), enumerate((2, 5)), (0, 1)):
    with h5py.File(kind + '.h5') as run:
        spins = 2.0 * numpy.unpackbits(run['last_state'][rule, e, t], axis=-1, bitorder='little')[..., :n] - 1
        found = run['energy'][rule, e, t, :, :, -1]
    assert abs(energy(*network(kind, rule, m), spins) - found).max() < 1e-12, (kind, rule, m, t)
END
}

@test "exact sums of learned data are those over all states of ten neurons" {
    make digits.h5 10
    learned
    grid digits.h5 ", archetypes: /a" >grid.yaml
    run -0 polyhebb run grid.yaml -o run.h5 --set theory.kinds=exact --set ensemble.samples=1
    run -0 polyhebb theory run.h5 -o theory.h5
    /usr/bin/python3 - <<'END'
import h5py, itertools, numpy
from learned import *
states = numpy.array(list(itertools.product((-1.0, 1.0), repeat=n)))
theory = h5py.File('theory.h5')
for rule, (e, m), (t, noise) in itertools.product((0, 1), enumerate((2, 5)), enumerate((0.2, 0.5))):
    h = energy(*network('archetypes', rule, m), states)
    p = numpy.exp(-n * (h - h.min()) / noise)
    free = h.min() - noise * numpy.log(p.sum()) / n
    assert theory['exact_method_sample'][rule, e, t, 0] == 1
    assert abs(theory['exact_energy_sample'][rule, e, t, 0] - (h * p).sum() / p.sum()) < 1e-10
    assert abs(theory['exact_free_energy_sample'][rule, e, t, 0] - free) < 1e-10
END
}

@test "a run has its data: over threads, parts and in two goes, and once the file is gone" {
    make digits.h5
    grid digits.h5 ", from: random" >grid.yaml
    grid digits.h5 ", from: random" 40 4 >long.yaml
    run -0 polyhebb run long.yaml -o long.h5 -j 1
    for part in 0 1; do run -0 polyhebb run long.yaml -o part.h5 -j 2 --shard $part/2; done
    run -0 polyhebb merge -o merged.h5 part.0-of-2.h5 part.1-of-2.h5
    run -0 same long.h5 merged.h5
    run -0 polyhebb run grid.yaml -o run.h5
    mv digits.h5 kept.h5
    polyhebb grid run.h5 >again.yaml
    [[ "$(cat again.yaml)" != *digits.h5* ]]
    run -0 polyhebb run again.yaml -o run.h5 --set dynamics.sweeps=40 --set ensemble.replicas=4
    run -0 same long.h5 run.h5
    polyhebb export run.h5 --examples --sample 2 --point rule=supervised,examples=5,noise=0.2 >five
    polyhebb export run.h5 --examples --sample 2 --point rule=unsupervised,examples=2,noise=0.5 >two
    cmp <(grep -v '^#' two) <(grep -v '^#' five | cut -d ' ' -f 1,2,6,7,11,12)
    polyhebb export run.h5 --examples --sample 1 --point rule=unsupervised,examples=2,noise=0.5 >other
    ! cmp -s <(grep -v '^#' two) <(grep -v '^#' other) || false
    mv kept.h5 digits.h5 # with it the run goes on, with other examples it does not
    run -0 polyhebb run long.yaml -o run.h5
    /usr/bin/python3 -c 'import h5py; f = h5py.File("digits.h5", "r+"); f["x"][3, 5] = -f["x"][3, 5] or 1'
    run -1 polyhebb run long.yaml -o run.h5
    [[ "$output" == *"network.data_given: "*" in run.h5"* ]]
}

@test "examples of a text behind their labels are those of the HDF5 file" {
    make digits.h5
    grid digits.h5 >grid.yaml
    /usr/bin/python3 -c 'import h5py, numpy; f = h5py.File("digits.h5")
numpy.savetxt("digits.csv", numpy.column_stack((f["set/y"], f["x"])), fmt="%d", delimiter=",")'
    sed 's/digits.h5.*labels: set.y/digits.csv/' grid.yaml >text.yaml
    run -0 polyhebb run grid.yaml -o one.h5
    run -0 polyhebb run text.yaml -o two.h5
    cmp <(polyhebb grid one.h5) <(polyhebb grid two.h5)
    run -0 same one.h5 two.h5
    run -2 polyhebb check text.yaml --set network.data_archetypes=a
    [[ "$output" == *"digits.csv: is a file of text, which has no datasets"* ]]
}

@test "check says what was measured; the theory of the sample agrees with the run" {
    make digits.h5 120
    grid digits.h5 ", archetypes: /a" 300 8 >grid.yaml
    sed -i 's/burn_in: 5/burn_in: 60/' grid.yaml
    run -0 polyhebb check grid.yaml
    [[ "$output" == *"data:       label 1: 12 examples, r 0."*"; rho 0."*" of M = 2, 0."*" of M = 5"* ]]
    [[ "$output" == *"            label 3: 12 examples, r 0."* ]]
    run -0 polyhebb run grid.yaml -o run.h5 --set network.rule=supervised --set network.examples=5
    run -0 polyhebb theory run.h5 -o theory.h5
    run -0 polyhebb compare run.h5 theory.h5 --csv
    [ "$(grep -c ',nan,nan,nan,agree' <<<"$output")" -eq 6 ] # no population, no disorder
    run -2 polyhebb check grid.yaml --set network.examples=13
    [[ "$output" == *"network.examples: 13, but label 1 has 12 examples, expected at most that many"* ]]
    run -2 polyhebb check grid.yaml --set record.example_overlaps=13
    [[ "$output" == *"record.example_overlaps: 13, but label 1 has 12"* ]]
}
