#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Signal to noise of what is given: kappas and one parallel step by numpy, the verdict of runs, what is undefined.

load common

setup_file() # three labels of 12 examples, and archetypes with some blanks
{
    cd "$BATS_FILE_TMPDIR" || return 1
    OPENBLAS_NUM_THREADS=1 /usr/bin/python3 - <<'END'
import h5py, numpy
rng = numpy.random.default_rng(5)
a = rng.choice([-1, 1, 0], size=(3, 40), p=[.4, .4, .2])
y = numpy.repeat([1, 2, 3], 12)
x = a[y - 1] * rng.choice([1, -1], size=(36, 40), p=[.75, .25])
x[rng.random(x.shape) < 0.05] = 0
with h5py.File('data.h5', 'w') as f:
    f['x'], f['y'], f['a'] = x.astype('i1'), y, a.astype('i1')
numpy.savetxt('patterns.txt', a, fmt='%d')
numpy.savetxt('one.txt', a[:1], fmt='%d')
END
}

grid() { # NETWORK [START]
    printf 'network: { %s }\nnoise: 0\ndynamics: { sampler: little, sweeps: 1, start: %s }\n' "$1" "${2:-archetype}"
    printf 'ensemble: { samples: 2, replicas: 6, lanes: 4 }\ntheory: { kinds: signal_to_noise }\n'
}

STORED="patterns: { file: patterns.txt, layout: rows }"
LEARNED="rule: [supervised, unsupervised], data: { file: data.h5, examples: /x, labels: /y, archetypes: /a }, examples: [2, 7]"

@test "kappas and the step are numpy's over the neurons: of stored patterns, and of given examples by both rules" {
    cp "$BATS_FILE_TMPDIR"/* .
    grid "$STORED" >stored.yaml
    grid "$LEARNED" "{ kind: archetype, pattern: 2 }" >learned.yaml
    run -0 polyhebb theory stored.yaml -o stored.h5
    run -0 polyhebb theory learned.yaml -o learned.h5
    OPENBLAS_NUM_THREADS=1 /usr/bin/python3 - <<'END'
import h5py, itertools, math, numpy
with h5py.File('data.h5') as f:
    x, y, a = f['x'][...].astype(int), f['y'][...], f['a'][...].astype(int)
n, d = 40, (a == 0).mean(axis=1)

def couplings(rule, m):
    phi, w = [], []
    for k in range(3):
        own, xi = x[y == k + 1], a[k]
        if rule == 'storage':
            phi, w = phi + [xi], w + [1 / (1 - d[k])]
            continue
        r, s = (own * xi)[:, xi != 0].mean(), (own[:, xi == 0] == 0).mean()
        g = 1 / ((1 - d[k]) * (1 + (1 - r * r) / (m * r * r)) + d[k] * (1 - s) / (m * r * r))
        phi += list(own[:m]) if rule == 'unsupervised' else [own[:m].sum(axis=0)]
        w += [g / (m * r * r)] * m if rule == 'unsupervised' else [g / (m * r) ** 2]
    j = numpy.einsum('p,pi,pj->ij', w, phi, phi) / n
    return j - numpy.diag(numpy.diag(j))

def step(j, start, mu): # over all draws of the coins where the start is blank
    blank = numpy.flatnonzero(a[start] == 0)
    spins = numpy.repeat(a[start][None, :], 2 ** len(blank), axis=0)
    spins[:, blank] = list(itertools.product((-1, 1), repeat=len(blank)))
    h = spins @ j * a[mu]
    signal = h[:, a[mu] != 0]
    k1, k2 = signal.mean(), signal.std()
    return k1, k2, (1 - d[mu]) * math.erf(k1 / k2 / 2 ** .5), numpy.where(abs(h) < 1e-9, 0, numpy.sign(h)).mean()

names = 'signal_mean', 'signal_deviation', 'step_gaussian', 'step_exact'
def check(theory, at, j, start):
    for mu in range(3):
        for name, value, own in zip(names, step(j, start, mu), step(j, mu, mu)):
            for s in (0, 1):
                assert abs(theory[name + '_sample'][at][s, mu] - value) < 1e-9, (name, at, mu)
                assert abs(theory['own_' + name + '_sample'][at][s, mu] - own) < 1e-9, (name, at, mu)
            assert numpy.isnan(theory[name][at][mu])
        assert (theory['step_reason_sample'][at] == 0).all()

with h5py.File('stored.h5') as theory:
    check(theory, (), couplings('storage', 1), 0)
    assert 'threshold_absolute_sample' not in theory # nothing is learned
with h5py.File('learned.h5') as theory:
    for (i, rule), (k, m) in itertools.product(enumerate(('supervised', 'unsupervised')), enumerate((2, 7))):
        check(theory, (i, k), couplings(rule, m), 1)
        assert numpy.isnan(theory['threshold_relative_sample'][i, k]).all() # given examples are as many as they are
END
}

@test "one step of given networks has a verdict: simulation agrees, one changed spin does not" {
    cp "$BATS_FILE_TMPDIR"/* .
    grid "$STORED" "{ kind: [archetype, corrupted, parallel], overlap: 0.5 }" >stored.yaml
    grid "$LEARNED" >learned.yaml
    for name in stored learned; do
        run -0 polyhebb run $name.yaml -q -j 1
        run -0 polyhebb compare $name.h5 -o table.h5
        points=$([ $name = stored ] && echo 3 || echo 4)
        [[ "$output" == *"one parallel step: of $points points, by the fields in the chains' very starts"* ]]
        [[ "$output" != *"step of the infinite network"* ]]
        [ "$(polyhebb compare table.h5)" = "$output" ]
    done
    /usr/bin/python3 -c "
import h5py
with h5py.File('learned.h5', 'r+') as run:
    run['magnetization'][1, 1, 0, 3, 1, 2] += 6 / 40" # more than coins at fields that are 0
    run -3 polyhebb compare learned.h5
    [[ "$output" == *"rule=unsupervised, examples=7, pattern 3 after 1 sweeps: "* ]]
}

@test "given archetypes with drawn examples: thresholds, and their figure" {
    cp "$BATS_FILE_TMPDIR"/* .
    grid "$STORED, rule: supervised, examples: 5, quality: [0.3, 0.5, 0.7]" >grid.yaml
    run -0 polyhebb theory grid.yaml -o theory.h5
    run -0 polyhebb plot theory.h5 -f svg
    /usr/bin/python3 - <<'END'
import h5py, numpy
with h5py.File('theory.h5') as theory:
    found = [theory[f'threshold_{name}_sample'][...] for name in ('relative', 'absolute')]
    assert all(numpy.isnan(theory['threshold_' + name]).all() for name in ('relative', 'absolute'))
    assert (found[0][:, 0, 0] > 1).all() and numpy.isnan(found[0][..., 1:]).all() # others are not in the start
    assert found[0][0, 0, 0] > found[0][1, 0, 0] > found[0][2, 0, 0] and (found[0][:, 0, 0] == found[0][:, 1, 0]).all()
rows = [line.split() for line in open('theory-thresholds.dat') if line[0].isdigit()][:3]
drawn = numpy.array(rows, float)
assert abs(drawn[:, 1] - found[0][:, 0, 0]).max() < 1e-6 * drawn[:, 1].max()
assert abs(drawn[:, 2] - found[1][:, 0, 0]).max() < 1e-6 * drawn[:, 1].max()
END
}

@test "figures have the line of one step of given networks, the mean over the samples" {
    cp "$BATS_FILE_TMPDIR"/* .
    grid "$STORED, rule: supervised, examples: [3, 6, 12], quality: 0.5" >grid.yaml
    printf 'figure: { x: examples, y: magnetization, compare: signal_to_noise }\n' >>grid.yaml
    run -0 polyhebb run grid.yaml -q -o run.h5 -j 1
    run -0 polyhebb theory run.h5 -o theory.h5
    run -0 polyhebb plot run.h5 -f svg
    /usr/bin/python3 - <<'END'
import glob, h5py, numpy
with h5py.File('theory.h5') as theory:
    step = theory['step_exact_sample'][...].mean(axis=1) # examples, pattern
    assert abs(step[:, 0]).min() > 0.2 and abs(numpy.diff(theory['step_exact_sample'][:, :, 0], axis=1)).max() > 0
rows = [line.split() for line in open(glob.glob('run*examples*.dat')[0]) if line[0].isdigit()]
drawn = numpy.array(rows, float)
found = [c for c in range(drawn.shape[1]) if abs(drawn[:3, c] - step[:, 0]).max() < 1e-6]
assert found, (drawn, step)
END
}

@test "what is undefined says so: no noise, a start from a file, examples that are not there, a blank pattern" {
    cp "$BATS_FILE_TMPDIR"/* .
    grid "patterns: { file: one.txt, layout: rows }" >one.yaml
    run -0 polyhebb theory one.yaml -o one.h5
    head -c 40 /dev/zero | tr '\0' '+' | sed 's/./& /g' >start.txt
    grid "$STORED" "{ kind: file, file: start.txt }" >file.yaml
    run -1 polyhebb theory file.yaml -o file.h5
    [[ "$output" == *"a start from a file has no step of its own"*"points 0 (counted from 0)"* ]]
    /usr/bin/python3 - <<'END'
import h5py, numpy
with h5py.File('one.h5') as one, h5py.File('file.h5') as file:
    assert (one['signal_deviation_sample'][...] == 0).all() # all fields are alike
    assert abs(one['step_gaussian_sample'][...] - one['step_exact_sample'][...]).max() < 1e-12 and one['step_exact_sample'][0, 0] > 0.5
    assert numpy.isnan(file['signal_mean_sample'][...]).all() and (file['step_reason_sample'][...] == 2).all()
    assert numpy.isfinite(file['own_signal_mean_sample'][...]).all()
END
    grid "$LEARNED" | sed 's/\[2, 7\]/13/' >many.yaml
    run -2 polyhebb theory many.yaml
    [[ "$output" == *"examples"*"12"* ]]
    [ ! -e many-theory.h5 ]
    sed 's/-1/0/g; s/1/0/g' one.txt >blank.txt
    grid "patterns: { file: blank.txt, layout: rows }" >blank.yaml
    run -2 polyhebb theory blank.yaml
    [[ "$output" == *"blank.txt"* ]]
    [ ! -e blank-theory.h5 ]
}
