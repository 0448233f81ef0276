#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Images to patterns and examples: what grids read of them is numpy's of the same images.

load common

setup_file() # six images of 12 x 10 in every format, four of them of label 7, and a folder of bits
{
    cd "$BATS_FILE_TMPDIR" || return 1
    OPENBLAS_NUM_THREADS=1 /usr/bin/python3 - <<'END'
import h5py, numpy, os, struct
x = numpy.random.default_rng(3).integers(0, 256, size=(6, 12, 10)).astype('u1')
x[0, 0, :2] = 0, 255
y = numpy.array([7, 2, 7, 7, 2, 7], 'u1')
numpy.save('x.npy', x)
for k, image in enumerate(x):
    open(f'{k}.pgm', 'wb').write(b'P5\n# grey\n10 12\n255\n' + image.tobytes())
open('x.idx', 'wb').write(bytes([0, 0, 8, 3]) + struct.pack('>III', *x.shape) + x.tobytes())
open('y.idx', 'wb').write(bytes([0, 0, 8, 1]) + struct.pack('>I', 6) + y.tobytes())
numpy.savetxt('x.csv', numpy.column_stack((x.reshape(6, -1), y)), fmt='%d', delimiter=',')
numpy.savetxt('y.txt', y, fmt='%d')
with h5py.File('x.h5', 'w') as file:
    file.create_dataset('images', data=x, compression='gzip', chunks=(4, 7, 3))
    file['set/flat'], file['set/of'] = x.reshape(6, -1) / 255, y.astype('>i4')
    for name, value in dict(nan=[[0.0, numpy.nan]], huge=[[0.0, 1e300]], line=[1, 2], none=numpy.zeros((0, 3)),
                            four=numpy.zeros((1, 1, 1, 2)), text=[[b'a']], number=1.5, short=[1, 2],
                            hash=numpy.array([1, 2**64 - 1, 2**64 - 2, 3, 4, 5], 'u8')).items():
        file[name] = value
    file.create_dataset('large', data=numpy.random.default_rng(4).integers(0, 2, size=(300, 1000)).astype('i1'), compression='gzip')
    numpy.savetxt('large.txt', numpy.where(file['large'][...] > 0, 1, -1).T, fmt='%d')
    file['outside'] = h5py.ExternalLink('other.h5', 'x')
os.mkdir('bits')
for k, image in enumerate(x > 127): # black on white
    open(f'bits/{k}.pbm', 'wb').write(b'P4\n10 12\n' + numpy.packbits(image, axis=1).tobytes())
END
}

made() # FILE...: copies
{
    local file
    for file in "$@"; do cp -r "$BATS_FILE_TMPDIR/$file" .; done
}

numpys() # CODE: its patterns, an image a column; x are the images
{
    OPENBLAS_NUM_THREADS=1 /usr/bin/python3 -c "
import numpy, sys
x = numpy.load('$BATS_FILE_TMPDIR/x.npy').astype(float)
$1
numpy.savetxt(sys.stdout, x.reshape(len(x), -1).T, fmt='%d')"
}

rows() # FILE
{
    grep -v '^#' "$1"
}

@test "one set of images in every format is one file of patterns, and numpy's" {
    made {0..5}.pgm x.idx x.csv x.h5 bits
    run -0 polyhebb encode {0..5}.pgm -o pgm.txt
    [[ "$output" == "patterns:   6 of 120 neurons (12 x 10)"*"values:     0 to 1, threshold 0.5"* ]]
    cmp <(rows pgm.txt) <(numpys 'x = numpy.where(x >= 127.5, 1, -1)')
    run -0 polyhebb encode x.idx --input-shape 12x10 -o idx.txt # as the file says
    [[ "$output" == *"values:     0 to 255, threshold 127.5"* ]]
    cmp pgm.txt idx.txt
    run -0 polyhebb encode bits --invert -o bits.txt
    [[ "$output" == *"values:     0 to 1, threshold 0.5, dark is +1"* ]]
    cmp pgm.txt bits.txt
    run -0 polyhebb encode x.h5 -o h5.txt
    cmp pgm.txt h5.txt
    run -0 polyhebb encode x.h5 -d /set/flat --input-shape 12x10 -o h5.txt
    cmp pgm.txt h5.txt
    run -0 polyhebb encode x.h5 -d large -o large.txt # more than is read at once
    cmp <(rows large.txt) "$BATS_FILE_TMPDIR/large.txt"
    cut -d , -f 1-120 x.csv >pixels.csv
    run -0 polyhebb encode pixels.csv --input-shape 12x10 -o csv.txt
    cmp pgm.txt csv.txt
    run -0 polyhebb encode 0.pgm x.idx -o two.txt --range=0:1
    [ "$(rows two.txt | awk '{ print NF }' | uniq -c | xargs)" = "120 7" ]
    cmp <(rows two.txt | cut -d ' ' -f 1) <(rows pgm.txt | cut -d ' ' -f 1)
}

@test "thresholds, blanks, centring and shapes are numpy's" {
    made x.idx
    run -0 polyhebb encode x.idx -o out.txt --threshold 0.25 --dead-zone 0.125 --range 0:256
    cmp <(rows out.txt) <(numpys 'x = numpy.where(abs(x - 64) <= 32, 0, numpy.sign(x - 64))')
    run -0 polyhebb encode x.idx -o out.txt --centre
    cmp <(rows out.txt) <(numpys 'x = numpy.sign(x * 6 - x.sum(axis=0))')
    run -0 polyhebb encode x.idx -o out.txt --shape 6x5
    cmp <(rows out.txt) <(numpys 'x = numpy.where(x.reshape(6, 6, 2, 5, 2).sum(axis=(2, 4)) >= 510, 1, -1)')
    run -0 polyhebb encode x.idx -o out.txt --shape 9x15 # by thirds of pixels
    cmp <(rows out.txt) <(numpys 'x = numpy.repeat(numpy.repeat(x, 3, axis=1), 3, axis=2)
x = numpy.where(x.reshape(6, 9, 4, 15, 2).sum(axis=(2, 4)) >= 4 * 255, 1, -1)')
}

@test "what is printed is numpy's; a grid has the patterns of text and HDF5 alike" {
    made x.idx
    for out in out.txt out.h5; do
        run -0 polyhebb encode x.idx -o $out --dead-zone 0.2
        [[ "$output" =~ dilution:\ +([0-9.]+)\ to\ ([0-9.]+),.*overlaps:\ +(-?[0-9.]+)\ to\ (-?[0-9.]+),\ mean\ (-?[0-9.]+) ]]
        found="${BASH_REMATCH[*]:1}"
        [ "$(OPENBLAS_NUM_THREADS=1 /usr/bin/python3 -c "
import numpy
x = numpy.load('$BATS_FILE_TMPDIR/x.npy').astype(float).reshape(6, -1)
x = numpy.where(abs(x - 127.5) <= 51, 0, numpy.sign(x - 127.5))
d = (x == 0).mean(axis=1)
q = (x @ x.T / x.shape[1])[numpy.triu_indices(6, 1)]
print(*('%.4g' % v for v in (d.min(), d.max(), q.min(), q.max(), q.mean())))")" = "$found" ]
        printf 'network: { patterns: { file: %s } }\nnoise: 0.2\ndynamics: { sweeps: 5 }\n' $out >grid.yaml
        run -0 polyhebb run grid.yaml -q -o run-$out.h5
    done
    run -0 polyhebb encode out.h5 -d patterns --input-shape 12x10 --dead-zone 0.25 -o again.h5 # there and back
    cmp out.h5 again.h5
    polyhebb export run-out.h5.h5 --patterns >patterns
    cmp <(rows patterns) <(rows out.txt)
    run -0 same run-out.txt.h5 run-out.h5.h5
}

@test "examples: labels of every place, those asked for, counted from 1; a grid learns them" {
    made x.idx y.idx x.csv y.txt x.h5
    run -0 polyhebb encode x.idx --labels y.idx -o idx.csv
    [[ "$output" == "examples:   6 of 120 neurons (12 x 10), 2 labels"*"label 1:    2 images of label 2, quality r = "*"label 2:    4 images of label 7"* ]]
    cmp <(rows idx.csv) <(paste -d ' ' <(printf '2\n1\n2\n2\n1\n2\n') \
        <(OPENBLAS_NUM_THREADS=1 /usr/bin/python3 -c "
import numpy, sys
x = numpy.load('$BATS_FILE_TMPDIR/x.npy').reshape(6, -1)
numpy.savetxt(sys.stdout, numpy.where(x >= 127.5, 1, -1), fmt='%d')"))
    run -0 polyhebb encode x.idx --labels y.txt -o txt.csv
    cmp idx.csv txt.csv
    run -0 polyhebb encode x.h5 --labels set/of -o h5.csv
    cmp idx.csv h5.csv
    run -0 polyhebb encode x.csv --labels last --input-shape 12x10 -o last.csv
    cmp idx.csv last.csv
    run -0 polyhebb encode x.idx --labels y.idx --classes 7,2 --take 2 -o two.csv --range 0:255
    cmp <(rows two.csv) <(rows idx.csv | sed '4d; 6d; s/^2/3/; s/^1/2/; s/^3/1/')
    run -0 polyhebb encode x.idx --labels y.idx -o all.csv --centre
    run -0 polyhebb encode x.idx --labels y.idx -o two.csv --centre --classes 7 # means and range are of all images
    cmp <(rows two.csv) <(rows all.csv | sed -n 's/^2 /1 /p')
    run -0 polyhebb encode x.idx --labels y.idx -o mean.txt --average --range 0:255
    [[ "$output" == "patterns:   2 of 120 neurons (12 x 10)"*"pattern 1:  mean of 2 images of label 2"*"pattern 2:  mean of 4 images of label 7"* ]]
    cmp <(rows mean.txt) <(numpys 'x = numpy.array([x[[1, 4]].mean(axis=0), x[[0, 2, 3, 5]].mean(axis=0)])
x = numpy.where(x >= 127.5, 1, -1)')
    run -0 polyhebb encode x.idx --labels y.idx -o mean.txt -a --centre --take 2
    cmp <(rows mean.txt) <(numpys 'x = 2 * numpy.array([x[[1, 4]].mean(axis=0), x[[0, 2]].mean(axis=0)]) * 6 - 2 * x.sum(axis=0)
x = numpy.sign(x)')
    run -0 polyhebb encode x.idx --labels y.idx -o data.h5
    for data in idx.csv data.h5; do
        printf 'network: { rule: supervised, examples: 2, data: { file: %s } }\nnoise: 0.2\ndynamics: { sweeps: 5 }\n' $data >grid.yaml
        run -0 polyhebb run grid.yaml -q -o run-$data.h5
        run -0 polyhebb grid run-$data.h5
        [[ "$output" == *"figure:"*"shape: [12, 10]"* ]]
    done
    run -0 same run-idx.csv.h5 run-data.h5.h5
    run -1 polyhebb run grid.yaml -o data.h5
    [[ "$output" == *"data.h5: a data file, but a run file was expected"*"give another output with -o"* ]]
}

@test "a folder of folders: each a label, by its name, in the file too" {
    made {0..5}.pgm x.idx
    mkdir -p set/cat "set/a dog" set/.hidden more/cat more/zebra
    cp 0.pgm 3.pgm set/cat
    cp 1.pgm 2.pgm 5.pgm "set/a dog"
    cp 4.pgm more/zebra
    cp 2.pgm more/cat
    run -0 polyhebb encode set --labels folders -o out.csv
    [[ "$output" == "examples:   5 of 120 neurons (12 x 10), 2 labels"*"label 1:    3 images of label a dog, quality r = "*"label 2:    2 images of label cat, quality r = "* ]]
    printf '1\n1\n1\n2\n2\n' >y.txt
    run -0 polyhebb encode {1,2,5,0,3}.pgm --labels y.txt -o pgm.csv
    cmp <(rows out.csv) <(rows pgm.csv)
    [ "$(sed -n 2p out.csv)" = "# labels: 1 a dog, 2 cat" ]
    run -0 polyhebb encode set more --labels folders -o out.csv --classes "zebra,cat" # one label in two folders
    printf '1\n2\n2\n2\n' >y.txt
    run -0 polyhebb encode {4,0,3,2}.pgm --labels y.txt -o pgm.csv --range 0:1
    [[ "$output" != *"a dog"* ]]
    cmp <(rows out.csv | sort) <(rows pgm.csv | sort)
    [ "$(sed -n 2p out.csv)" = "# labels: 1 zebra, 2 cat" ]
    printf 'network: { rule: supervised, examples: 1, data: { file: out.csv } }\nnoise: 0.2\ndynamics: { sweeps: 5 }\n' >grid.yaml
    run -0 polyhebb check grid.yaml
    run -0 polyhebb encode set --labels folders -o out.h5
    [ "$(/usr/bin/python3 -c "import h5py; print(h5py.File('out.h5')['names'][...].tolist())")" = "[b'a dog', b'cat']" ]
    cp out.h5 first.h5
    run -0 polyhebb encode set --labels folders -o out.h5
    cmp out.h5 first.h5
    run -0 polyhebb encode set --labels folders -o mean.txt --average
    [[ "$output" == *"pattern 1:  mean of 3 images of label a dog"*"pattern 2:  mean of 2 images of label cat"* ]]
    [ "$(sed -n 2p mean.txt)" = "# labels: 1 a dog, 2 cat" ]
    run -0 polyhebb encode set --labels folders -o mean.h5 --average
    [ "$(/usr/bin/python3 -c "import h5py; print(h5py.File('mean.h5')['names'][...].tolist())")" = "[b'a dog', b'cat']" ]
    run -2 polyhebb encode set -o b.txt
    [[ "$output" == *"set/a dog: is a folder in a folder, expected images; with --labels folders each is a label"* ]]
    run -2 polyhebb encode set/cat --labels folders -o b.txt
    [[ "$output" == *"set/cat/0.pgm: is no folder, expected a folder for each label"* ]]
    run -2 polyhebb encode 0.pgm --labels folders -o b.txt
    [[ "$output" == *"0.pgm: is no folder, expected a folder of folders, one for each label"* ]]
    run -2 polyhebb encode set --labels folders -o b.txt --classes cat,dog
    [[ "$output" == *"--classes cat,dog: there is no label 'dog', expected of a dog, cat"* ]]
    run -2 polyhebb encode set --labels folders -o b.txt --take 3
    [[ "$output" == *"label cat has 2 images, expected at least 3"* ]]
    mkdir set/cat/deep
    run -2 polyhebb encode set --labels folders -o b.txt
    [[ "$output" == *"set/cat/deep: is a folder in a folder, expected images"* ]]
    rmdir set/cat/deep
    mkdir set/none
    run -2 polyhebb encode set --labels folders -o b.txt
    [[ "$output" == *"set/none: is an empty folder, expected images in it"* ]]
    rmdir set/none
    mkdir "$(printf 'set/od\nd')"
    cp 4.pgm set/od*/
    run -0 polyhebb encode set --labels folders -o odd.txt
    [ "$(grep -c '^#' odd.txt)" -eq 2 ]
    [ "$(rows odd.txt | wc -l)" -eq 6 ]
    [ ! -e b.txt ]
}

@test "what is alike, and what is too much to list, is told in short" {
    printf '0 1 1\n1 0 0\n0 0 1\n' >three.txt
    run -0 polyhebb encode three.txt -o out.txt
    [[ "$output" == *"note: 1 pair of patterns is alike, or each other's negative"* ]]
    [[ "$output" == *"overlaps:   -1 to 0.3333, mean -0.3333; of independent patterns within "*"; farthest from 0: 1 and 2"* ]]
    for k in $(seq 12); do echo "$k $((k % 2)) $((k % 3))"; done >many.txt
    run -0 polyhebb encode many.txt --labels first -o out.txt
    [[ "$output" == *"label 10:   1 image of label 10, quality r = 1"*"            and 2 more"* ]]
    [[ "$output" != *"label 11:"* ]]
    run -0 polyhebb encode many.txt --labels first -o out.txt --average
    [[ "$output" == *"pattern 10: mean of 1 image of label 10"*"            and 2 more"* ]]
    seq 300000 | sed 's/$/ 0 1/' >counted.txt # a number a row is no label
    run -1 timeout 20 "$POLYHEBB" encode counted.txt --labels first -o out.txt
    [[ "$output" == *"300000 labels, but a network has at most 4096 patterns"* ]]
    printf '1 0 1\n2 1 0\n2 0 1\n' >blank.txt
    run -0 polyhebb encode blank.txt --labels first -o out.txt
    [[ "$output" == *"note: the means of label 2 are all 0, and its archetype blank: a grid takes this file with archetypes"* ]]
    printf '1 0 1\n' >one.txt
    run -0 polyhebb encode one.txt -o out.txt # nothing to overlap with
    [[ "$output" == *"patterns:   1 of 3 neurons (1 x 3)"* ]]
    [[ "$output" != *overlaps* ]]
}

@test "an output takes the place of what encode wrote, of nothing else" {
    made x.idx y.idx
    for out in a.txt a.h5; do
        run -0 polyhebb encode x.idx -o $out
        cp $out first
        run -0 polyhebb encode x.idx -o $out --invert
        run -1 cmp $out first
        run -0 polyhebb encode x.idx -o $out
        cmp $out first # the same content, the same bytes
    done
    cp y.idx kept
    run -2 polyhebb encode x.idx -o y.idx
    [[ "$output" == *"y.idx exists and is not a file that 'polyhebb encode' wrote"* ]]
    [[ "$output" != *patterns:* ]]
    cmp y.idx kept
    run -1 bash -c "'$POLYHEBB' encode x.idx -o b.txt >/dev/full"
    [[ "$output" == *"No space left on device"* ]]
}

@test "what goes wrong is told, and leaves nothing" {
    made x.idx y.idx x.h5
    says() # CODE TEXT ARGUMENT...
    {
        local code=$1 text=$2
        shift 2
        run "-$code" polyhebb encode "$@" -o b.txt
        [[ "$output" == *"$text"* ]] || { echo "not said: $text"; return 1; }
    }
    says 2 "image 1 is blank at all 120 neurons, and others are, expected an entry" x.idx --dead-zone 1
    says 2 "--range 3:3: expected the values of black and white" x.idx --range 3:3
    says 2 "--range -1e308:1e308: expected the values" x.idx --range=-1e308:1e308
    says 2 "--shape 3: expected rows and columns" x.idx --shape 3
    says 2 "--shape 3x70000: expected" x.idx --shape 3x70000
    says 2 "expected one of them" x.idx --centre --threshold 0.3
    says 2 "expected --labels with them" x.idx --take 2
    says 2 "expected --labels with them" x.idx --average
    says 2 "--classes 7,,2: expected labels with commas" x.idx --labels y.idx --classes 7,,2
    says 2 "label 7 has 4 images, expected at least 5" x.idx --labels y.idx --classes 7 --take 5
    says 1 "first: cannot be read" x.idx --labels first # such columns are of text
    says 2 "6 labels of 12 images" x.idx x.idx --labels y.idx
    says 1 "6 images of 1000000 pixels, but a grid holds at most 4194304 entries" x.idx --shape 1000x1000
    says 1 "nothing: cannot be read" nothing
    says 2 "x.idx: is a file of IDX, which has no datasets" x.idx -d /x
    says 2 "x.h5: /y: there is none, expected numbers in two dimensions, images x pixels, or three" x.h5 -d y
    says 2 "x.h5: /set: is a group, expected" x.h5 -d set
    says 2 "x.h5: /nan: image 0, pixel 1 (from 0): nan, expected a finite number" x.h5 -d nan
    says 2 "x.h5: /huge: image 0, pixel 1 (from 0): inf" x.h5 -d huge
    says 2 "x.h5: /line: has one dimension" x.h5 -d line
    says 2 "x.h5: /none: is empty" x.h5 -d none
    says 2 "x.h5: /four: has another shape" x.h5 -d four
    says 2 "x.h5: /number: has another shape" x.h5 -d number
    says 2 "x.h5: /text: holds no integers or reals" x.h5 -d text
    says 1 "is a link to another file, which is not followed" x.h5 -d outside
    says 2 "images of 120 pixels, expected the 119 of a shape of 17x7" x.h5 -d set/flat --input-shape 17x7
    says 2 "2 labels of 6 images" x.h5 --labels short
    numpys "import h5py
for name, images, labels in (('a.h5', 3, 2), ('b.h5', 2, 3)):
    with h5py.File(name, 'w') as file:
        file['images'], file['labels'] = x[:images], range(labels)" >/dev/null
    says 2 "a.h5: 2 labels of 3 images, expected one for each" a.h5 b.h5 --labels labels # not five of five
    says 2 "b.h5: 3 labels of 8 images, expected one for each" x.idx b.h5 --labels labels
    says 2 "b.h5: /labels: 3 values, expected at most 2" b.h5 --labels labels
    says 2 "x.h5: /hash: value 1 (from 0): too large, expected less than 2^63 - 1" x.h5 --labels hash
    rm a.h5 b.h5
    says 2 "x.h5: /of: there is none, expected integers in one dimension" x.h5 --labels of
    head -c 300 x.idx >cut.idx
    says 2 "cut.idx: 284 bytes behind its head, expected 6 x 12 x 10 numbers" cut.idx
    printf '1 1\n1 1\n' >flat.txt
    says 2 "all pixels have the value 1, expected images" flat.txt
    run -1 polyhebb encode x.idx -o nowhere/b.txt
    { printf '\0\0\10\2\0\0\0\12\0\1\21\160' && head -c 700000 /dev/zero; } >flat.txt
    SLURM_MEM_PER_NODE=1 says 1 "flat.txt: its images need 2 MB of memory, but 1 MB are left" flat.txt
    printf '\0\0\10\2\0\0\0\12\73\232\312\0' >flat.txt # ten images of 10^9 pixels, all of them there
    truncate -s 10000000012 flat.txt
    says 1 "flat.txt: 10 images of 1 x 1000000000, with 0 before them, are more than 268435456 pixels" flat.txt
    printf 'P5 100000 100000 255\n' | dd of=flat.txt conv=notrunc status=none
    says 1 "flat.txt: has 10000000012 bytes, expected at most 67108864" flat.txt
    printf '1 0 1 ' | dd of=flat.txt conv=notrunc status=none
    says 1 "flat.txt: has 10000000012 bytes, expected at most 67108864 of text; as IDX or HDF5 it may be larger" flat.txt
    says 1 "flat.txt: has 10000000012 bytes, expected at most 67108864 of text; as IDX or HDF5 it may be larger" x.idx --labels flat.txt
    printf 'network: { patterns: { file: flat.txt } }\nnoise: 0.2\ndynamics: { sweeps: 5 }\n' >grid.yaml
    run -1 polyhebb check grid.yaml
    [[ "$output" == *"flat.txt: has 10000000012 bytes, expected at most 67108864 of text; as HDF5 it may be larger"* ]]
    rm flat.txt
    says 2 "x.idx: images of 12x10, as the file says, expected the shape that is asked for, 10x12" x.idx --input-shape 10x12
    says 2 "x.h5: images of 12x10, as the file says, expected the shape that is asked for, 12x12" x.h5 --input-shape 12x12
    printf 'network: { patterns: { file: x.idx } }\nnoise: 0.2\ndynamics: { sweeps: 5 }\n' >grid.yaml
    run -2 polyhebb check grid.yaml
    [[ "$output" == *"x.idx: is a file of IDX, expected text or HDF5 of -1, 0 and +1; polyhebb encode makes patterns of it"* ]]
    [ "$(echo *)" = "cut.idx grid.yaml x.h5 x.idx y.idx" ]
}
