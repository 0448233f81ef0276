#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Networks that learn a user's own examples: what is learned, by numpy, and a run that has the data from there on.

load common

setup_file() # three labels of 12 examples in no order, some entries blank; of the last one entry changed; the first as text too
{
    cd "$BATS_FILE_TMPDIR" || return 1
    OPENBLAS_NUM_THREADS=1 /usr/bin/python3 - <<'END'
import h5py, numpy
for name, n in (('digits', 40), ('ten', 10), ('wide', 120), ('long', 400), ('changed', 0)):
    if name == 'changed':
        x[3, 5] = -x[3, 5] or 1
    else:
        rng = numpy.random.default_rng(5)
        a = rng.choice([-1, 1, 0], size=(3, n), p=[.4, .4, .2])
        y = rng.permutation(numpy.repeat([1, 2, 3], 12))
        x = a[y - 1] * rng.choice([1, -1], size=(36, n), p=[.85, .15])
        x[rng.random(x.shape) < 0.05] = 0
    with h5py.File(name + '.h5', 'w') as f:
        f.create_dataset('x', data=x.astype('i1'), compression='gzip')
        f['set/y'], f['a'] = y, a
    if name == 'digits':
        numpy.savetxt('digits.csv', numpy.column_stack((y, x)), fmt='%d', delimiter=',')
END
    grid digits.h5 >means.yaml
    polyhebb run means.yaml -q -j 1
}

make() { # NAME: that file, as digits.h5
    cp "$BATS_FILE_TMPDIR/$1.h5" digits.h5
}

grid() { # FILE [MORE [SWEEPS [REPLICAS]]]
    printf 'network: { rule: [supervised, unsupervised], data: { file: %s, examples: /x, labels: set/y%s },\n' "$1" "$2"
    printf '  examples: [2, 5] }\nnoise: [0.2, 0.5]\ndynamics: { burn_in: 5, sweeps: %s, start: archetype }\n' "${3:-20}"
    printf 'ensemble: { replicas: %s, samples: 2, lanes: 2 }\n' "${4:-2}"
}

@test "energies of runs are numpy's of the file, spin for spin; exact sums are over all states of ten neurons" {
    make ten
    grid digits.h5 ", archetypes: /a" >grid.yaml
    run -0 polyhebb run grid.yaml -o run.h5 -j 1 --set theory.kinds=exact --set ensemble.samples=1
    run -0 polyhebb theory run.h5 -o theory.h5
    mv digits.h5 ten.h5
    make digits
    cp "$BATS_FILE_TMPDIR/means.h5" .
    grid digits.h5 ", archetypes: /a" >archetypes.yaml
    grid digits.h5 ", threshold: 0.5" >threshold.yaml
    for kind in archetypes threshold; do run -0 polyhebb run $kind.yaml -j 1; done
    OPENBLAS_NUM_THREADS=1 /usr/bin/python3 - <<'END'
import h5py, itertools, numpy

def network(file, kind, unsupervised, m): # features and weights
    with h5py.File(file) as f:
        x, y, given = f['x'][...].astype(int), f['set/y'][...], f['a'][...]
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
    n = phi.shape[1]
    return (-(w * (spins @ phi.T) ** 2).sum(axis=-1) + (w[:, None] * phi ** 2).sum()) / (2 * n * n)

for kind, rule, (e, m), t in itertools.product(['means', 'archetypes', 'threshold'], (0, 1), enumerate((2, 5)), (0, 1)):
    with h5py.File(kind + '.h5') as run:
        spins = 2.0 * numpy.unpackbits(run['last_state'][rule, e, t], axis=-1, bitorder='little')[..., :40] - 1
        found = run['energy'][rule, e, t, :, :, -1]
    assert abs(energy(*network('digits.h5', kind, rule, m), spins) - found).max() < 1e-12, (kind, rule, m, t)
states = numpy.array(list(itertools.product((-1.0, 1.0), repeat=10)))
theory = h5py.File('theory.h5')
for rule, (e, m), (t, noise) in itertools.product((0, 1), enumerate((2, 5)), enumerate((0.2, 0.5))):
    h = energy(*network('ten.h5', 'archetypes', rule, m), states)
    p = numpy.exp(-10 * (h - h.min()) / noise)
    free = h.min() - noise * numpy.log(p.sum()) / 10
    assert theory['exact_method_sample'][rule, e, t, 0] == 1
    assert abs(theory['exact_energy_sample'][rule, e, t, 0] - (h * p).sum() / p.sum()) < 1e-10
    assert abs(theory['exact_free_energy_sample'][rule, e, t, 0] - free) < 1e-10
END
}

@test "a run has its data: after kill -9, over threads and parts, in two goes, and once the file is gone" {
    make long
    local sweeps code
    for sweeps in 60 300 1500; do # a run that was over meanwhile is tried again with a longer one
        rm -f run.h5*
        grid digits.h5 ", from: random" $sweeps 4 >long.yaml
        "$POLYHEBB" run long.yaml -o run.h5 -q -c 0.01 $SLOW &
        checkpointed run.h5 25000 || true
        kill -9 $! 2>/dev/null || true
        code=0
        wait $! || code=$?
        [ $code -ne 137 ] || break
    done
    [ $code -eq 137 ]
    run -0 polyhebb run long.yaml -o run.h5
    [[ "$output" == *"going on from run.h5.journal: "*" checkpoint"* ]]
    mv run.h5 whole.h5
    for part in 0 1; do run -0 polyhebb run long.yaml -o part.h5 -j 2 --shard $part/2; done
    run -0 polyhebb merge -o merged.h5 part.0-of-2.h5 part.1-of-2.h5
    run -0 same whole.h5 merged.h5
    run -0 polyhebb run long.yaml -o run.h5 -j 1 --set dynamics.sweeps=20 --set ensemble.replicas=2
    mv digits.h5 kept.h5
    polyhebb grid run.h5 >again.yaml
    [[ "$(cat again.yaml)" != *digits.h5* ]]
    run -0 polyhebb run again.yaml -o run.h5 --set dynamics.sweeps=$sweeps --set ensemble.replicas=4
    run -0 same whole.h5 run.h5
    polyhebb export run.h5 --examples --sample 2 --point rule=supervised,examples=5,noise=0.2 >five
    polyhebb export run.h5 --examples --sample 2 --point rule=unsupervised,examples=2,noise=0.5 >two
    cmp <(grep -v '^#' two) <(grep -v '^#' five | cut -d ' ' -f 1,2,6,7,11,12)
    polyhebb export run.h5 --examples --sample 1 --point rule=unsupervised,examples=2,noise=0.5 >other
    ! cmp -s <(grep -v '^#' two) <(grep -v '^#' other) || false
    mv kept.h5 digits.h5 # with it the run goes on, with other examples it does not
    run -0 polyhebb run long.yaml -o run.h5
    make changed
    run -1 polyhebb run long.yaml -o run.h5
    [[ "$output" == *"network.data_given: "*" in run.h5"* ]]
}

@test "examples of a text behind their labels are those of the HDF5 file" {
    local means=$BATS_FILE_TMPDIR/means
    cp "$BATS_FILE_TMPDIR/digits.csv" .
    sed 's/digits.h5.*labels: set.y/digits.csv/' "$means.yaml" >text.yaml
    run -0 polyhebb run text.yaml -j 1
    cmp <(polyhebb grid "$means.h5") <(polyhebb grid text.h5)
    run -0 same "$means.h5" text.h5
    run -2 polyhebb check text.yaml --set network.data_archetypes=a
    [[ "$output" == *"digits.csv: is a file of text, which has no datasets"* ]]
}

@test "check says what was measured; the theory of the sample agrees with the run" {
    make wide
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

@test "a run that would have the name of its data leaves them, and says what to do" {
    make digits
    grid digits.h5 >digits.yaml
    run -1 polyhebb run digits.yaml
    [[ "$output" == *"digits.h5: an HDF5 file, but not one written by polyhebb"*"note: the run would be written to digits.h5; give another output with -o"* ]]
    run -2 polyhebb study digits.yaml
    [[ "$output" == *"digits.h5 exists and is not a whole run file, so it is not overwritten; give another output with -o"* ]]
    cmp digits.h5 "$BATS_FILE_TMPDIR/digits.h5"
    run -0 polyhebb run digits.yaml -o run.h5 --set dynamics.sweeps=1
}
