#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# docs/images.md works as it stands, and the letters and digits of it are what they are said to be.

load common

SOURCE=$BATS_TEST_DIRNAME/../..
DIGITS=/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz

numpys()
{
    OPENBLAS_NUM_THREADS=1 /usr/bin/python3 -c "import numpy, sys
$1"
}

setup_file() # what the script draws, and how much of what numpy makes of it is not in params/letters.txt
{
    cd "$BATS_FILE_TMPDIR" || return 1
    /usr/bin/python3 -c 'import PIL' 2>/dev/null && [ -e "$(sed -n 's/^FONT = "\(.*\)"$/\1/p' "$SOURCE/scripts/letters")" ] || return 0
    /usr/bin/python3 "$SOURCE/scripts/letters" letters || return 1
    numpys "
x = numpy.array([numpy.frombuffer(open(f'letters/{chr(65 + k)}.pgm', 'rb').read()[-25600:], 'u1') for k in range(26)])
x = 1 - x.reshape(26, 20, 8, 20, 8).mean(axis=(2, 4)).reshape(26, 400) / 255 # dark is large
x = x - x.mean(axis=0)
x = numpy.where(abs(x) <= 0.1, 0, numpy.sign(x))
y = numpy.loadtxt('$SOURCE/params/letters.txt').T
assert y.shape == x.shape and abs(y).sum(axis=1).min() > 190
print((x != y).sum())" >differ
}

@test "params/letters.txt is what the script draws, by numpy: but for 1 entry in 200 where another FreeType draws it" {
    [ -e "$BATS_FILE_TMPDIR/letters" ] || skip "python3-pil or fonts-dejavu-core is missing"
    [ "$(cat "$BATS_FILE_TMPDIR/differ")" -le 52 ]
}

@test "docs/images.md: its commands work, and print what it shows" {
    [ -e "$BATS_FILE_TMPDIR/letters" ] || skip "python3-pil or fonts-dejavu-core is missing"
    [ -e $DIGITS ] || skip "python3-sklearn is missing"
    ln -s "$(realpath "$SOURCE")"/{params,scripts} .
    typed
    pieces docs/images.md
    [ -s 6.txt ]
    [ "$(cat ?.sh | wc -l)" -ge 8 ]
    few="--set ensemble.samples=2 --set ensemble.replicas=4 --set dynamics.sweeps=60"
    for box in 1 2 3 4 5 6 7; do
        while read -r line; do # the page's own runs take half a minute: its grids at fewer points and chains
            case $line in
            *"study params/letters"*) line="$line -f svg --set network.patterns=[2,3] $few" ;;
            *"study params/digits"*) line="$line -f svg --set network.examples=[30,100] $few" ;;
            *"phase params/letters"*"-o letters-attractors.h5") line="$line --set network.patterns=[2,3] $few" ;;
            *"run params/letters"*"-o plain.h5") line="$line --set network.patterns=[2,3] $few" ;;
            esac
            run bash -c "$line"
            [ "$status" -eq 0 ] || { [[ "$line" == *study* ]] && [ "$status" -eq 5 ]; } || { echo "$line: $output"; return 1; } # too few points may be undecided
        done <$box.sh
        [ -e $box.txt ] || continue
        [ "$(cat "$BATS_FILE_TMPDIR/differ")" = 0 ] || [[ "$line" != *letters* ]] || continue # another FreeType's letters
        # Of the last line; notes are left out, as the page says.
        diff <(printf '%s\n' "$(cat $box.txt)") <(grep -v '^polyhebb: note: ' <<<"$output")
    done
    [ -s out/letters-recalled-patterns-noise.svg ]
    [ -s chain-states.svg ]
    cmp <(sed -n '2,21p' chain-states.dat | tr ' ' '\n') <(grep -v '^#' params/letters.txt | cut -d " " -f 7) # the G of the file
    [ -s eight-overlaps.svg ]
    [ "$(grep -v '^#' eight-overlaps.dat | cut -d ' ' -f 4 | tr '\n' ' ' | cut -d ' ' -f 7)" = 0.265 ]
    grep -q '^# 2 sweeps, overlap 0.93: ' chain-states.dat
    grep -q '^# pattern 4 = given 21, nearest at the end: ' chain-states.dat
    [ -s out/digits-magnetization-examples-noise.svg ]
}

@test "the digits of sklearn: entries, archetypes, quality and what a run says of them are numpy's" {
    [ -e $DIGITS ] || skip "python3-sklearn is missing"
    zcat $DIGITS >digits.csv
    run -0 polyhebb encode digits.csv -o digits.txt --labels last --input-shape 8x8 --centre --dead-zone 0.1 --classes 2,6
    [[ "$output" =~ label\ 1:.*r\ =\ ([0-9.]+).*label\ 2:.*r\ =\ ([0-9.]+) ]]
    found="${BASH_REMATCH[*]:1}"
    run -0 polyhebb run "$SOURCE/params/digits.yaml" -q -o run.h5 --set network.examples=[5,100] --set network.data_from=first \
        --set noise=0.1 --set ensemble.samples=1 --set dynamics.sweeps=20
    [ "$(numpys "
import h5py
table = numpy.loadtxt('digits.csv', delimiter=',')
x, y = table[:, :64], table[:, 64].astype(int)
x = x - x.mean(axis=0)
x = numpy.where(abs(x) <= 1.6, 0, numpy.sign(x))
kept = numpy.isin(y, (2, 6))
examples, labels = x[kept], numpy.where(y[kept] == 2, 1, 2)
own = numpy.loadtxt('digits.txt', dtype=int)
assert (own[:, 0] == labels).all() and (own[:, 1:] == examples).all()
xi = numpy.array([numpy.sign(examples[labels == k].mean(axis=0)) for k in (1, 2)])
r = [(examples[labels == k] * xi[k - 1])[:, xi[k - 1] != 0].mean() for k in (1, 2)]
s = [(examples[labels == k][:, xi[k - 1] == 0] == 0).mean() for k in (1, 2)]
d = (xi == 0).mean(axis=1)
with h5py.File('run.h5') as run:
    for e, m in enumerate((5, 100)):
        spins = 2.0 * numpy.unpackbits(run['last_state'][e, 0], axis=-1, bitorder='little')[..., :64] - 1
        assert abs(run['magnetization'][e, 0, ..., -1, :] - spins @ xi.T / 64).max() < 1e-12
        energy = 0
        for k in (0, 1): # the supervised rule: sums of the first m examples
            g = 1 / ((1 - d[k]) * (1 + (1 - r[k] ** 2) / (m * r[k] ** 2)) + d[k] * (1 - s[k]) / (m * r[k] ** 2))
            phi = examples[labels == k + 1][:m].sum(axis=0)
            energy = energy + g / (m * r[k]) ** 2 * ((phi ** 2).sum() - (spins @ phi) ** 2) / (2 * 64 ** 2)
        assert abs(run['energy'][e, 0, ..., -1] - energy).max() < 1e-9, (run['energy'][e, 0, ..., -1], energy)
print(*('%.4g' % value for value in r))")" = "$found" ]
}
