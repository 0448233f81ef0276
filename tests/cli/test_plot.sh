#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Usage: test_plot.sh PROGRAM. Figures of a small grid come out whole; a script run again by hand
# draws the same bytes; a script that was changed is kept; figures cut off are not; names and
# titles may hold anything; PDF files take their date from SOURCE_DATE_EPOCH; without gnuplot, data and
# scripts stay and the message says what to do; data that gnuplot cannot read are named.
set -eu
program=$(readlink -f "$1")
source=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"

fail()
{
    echo "test_plot: $*" >&2
    exit 1
}

cat >grid.yaml <<END
title: "it's a {test} of 2 axes"
network: { neurons: 500, patterns: 3, dilution: [0.1, 0.3, 0.5, 0.7] }
noise: [0.05, 0.2]
dynamics: { start: hierarchical, sweeps: 20, burn_in: 10 }
ensemble: { samples: 2, replicas: 8 }
END
"$program" run grid.yaml -o run.h5 >/dev/null

code=0
PATH=$folder/empty "$program" plot run.h5 -o bare 2>said || code=$?
[ "$code" -eq 1 ] || fail "exit code $code without gnuplot"
grep -q "gnuplot-nox" said || fail "no word on how to get gnuplot: $(cat said)"
for kind in curves map; do
    [ -s "bare-$kind.gp" ] || fail "bare-$kind.gp is missing"
    [ -s "bare-$kind.dat" ] || fail "bare-$kind.dat is missing"
done

# What keeps gnuplot from starting is told for what it is.
mkdir bin
printf '#!/bin/sh\necho "gnuplot: error while loading shared libraries: libgd.so.3: no such file" >&2\nexit 127\n' >bin/gnuplot
for mode in 755 644; do
    chmod $mode bin/gnuplot
    code=0
    PATH=$folder/bin "$program" plot run.h5 -o bare 2>said || code=$?
    [ "$code" -eq 1 ] || fail "exit code $code with a gnuplot that does not start"
    ! grep -q "not installed" said || fail "said to be missing: $(cat said)"
    [ $mode = 644 ] || grep -q "bare-curves.gp .*libgd.so.3: no such file" said || fail "libraries: $(cat said)"
    [ $mode = 755 ] || grep -q "cannot be started: Permission denied" said || fail "permission: $(cat said)"
done
! ls | grep -q partial || fail "half-written files stay: $(ls)"

# A disk that is full from the start: nothing new, nothing half, what stood there stays.
cp bare-curves.dat old.dat
code=0
text=$( (trap '' XFSZ; ulimit -f 0; exec "$program" plot run.h5 -o none) 2>&1) || code=$?
[ "$code" -eq 1 ] || fail "exit code $code on a full disk"
echo "$text" | grep -q "none-curves.dat: cannot be written: File too large" || fail "of a full disk: $text"
! ls | grep none || fail "left on a full disk"
(trap '' XFSZ; ulimit -f 0; exec "$program" plot run.h5 -o bare) 2>/dev/null || true
cmp bare-curves.dat old.dat || fail "older data are lost on a full disk"

if ! command -v gnuplot >/dev/null; then
    echo "gnuplot is not installed" >&2
    exit 77
fi

# A quantity: what is drawn of it, with exact sums and theory in the legend.
"$program" plot run.h5 --y susceptibility_well -o chi --format svg >said 2>&1 || fail "quantity: $(cat said)"
grep -q "theory of the wells" chi-susceptibility_well.svg || fail "no theory in the figure of a quantity"
grep -q "pattern 3" chi-susceptibility_well.svg || fail "no panel of pattern 3"
code=0
"$program" plot run.h5 --y chi 2>said || code=$?
[ "$code" -eq 2 ] && grep -q "expected of magnetization, " said || fail "exit code $code, of no quantity: $(cat said)"

# Data that gnuplot cannot read are named, not only "no data"; it says nothing of why.
for outcome in 0 1; do
    printf '#!/bin/sh\nrm -f unread-*.dat\nPATH=%s gnuplot "$@" || exit %s\n' "'$PATH'" $outcome >bin/gnuplot
    chmod 755 bin/gnuplot
    code=0
    PATH=$folder/bin:$PATH "$program" plot run.h5 -o unread --format png 2>said || code=$?
    [ "$code" -eq 1 ] || fail "exit code $code without data"
    grep -q 'unread-curves.gp.*Cannot find or open file .*unread-curves.dat' said || fail "of no data: $(cat said)"
done
! ls | grep -q 'unread.*png' || fail "figures without data stay: $(ls)"

mkdir sub
export SOURCE_DATE_EPOCH=1700000000
"$program" plot run.h5 -o "sub/a b" >listed
"$program" theory grid.yaml -o theory.h5 >/dev/null
"$program" plot run.h5 theory.h5 --format svg >>listed
for kind in curves map; do
    for format in png svg pdf; do
        [ -s "sub/a b-$kind.$format" ] || fail "sub/a b-$kind.$format is missing or empty"
        grep -qxF "sub/a b-$kind.$format" listed || fail "sub/a b-$kind.$format is not listed"
    done
    [ -s "run-$kind.svg" ] || fail "run-$kind.svg is missing or empty"
    [ ! -e "run-$kind.png" ] || fail "run-$kind.png was not asked for"
done

# Points that were chosen are in the names, unless one is given.
for noise in 0.05 0.2; do
    "$program" plot run.h5 -p noise=$noise --format svg -F curves >listed
    [ "$(cat listed)" = "run-noise-$noise-curves.svg" ] || fail "of noise $noise: $(cat listed)"
done
! cmp -s run-noise-0.05-curves.svg run-noise-0.2-curves.svg || fail "two noises in one figure's name"
"$program" plot run.h5 -p noise=0.2 --format svg -F curves -o chosen >/dev/null
cmp -s chosen-curves.dat run-noise-0.2-curves.dat || fail "a name of one's own is not taken as it is"

"$program" plot run.h5 --trajectory --point dilution=0.3,noise=0.05 -o "sub/a b" --format png >/dev/null
[ -s "sub/a b-trajectory.png" ] || fail "trajectory is missing or empty"
"$program" plot run.h5 --states --shape 20x25 -s 2 -r 8 --point dilution=0.3,noise=0.05 -o "sub/a b" --format png,svg >/dev/null
[ -s "sub/a b-states.png" ] || fail "images of states are missing or empty"
grep -q "20 sweeps" "sub/a b-states.svg" && fail "sweeps without burn-in"
grep -q "30 sweeps, the last" "sub/a b-states.svg" || fail "no last state"
"$program" plot run.h5 --overlaps -s 2 --point dilution=0.3 -o "sub/a b" --format png,svg >/dev/null
[ -s "sub/a b-overlaps.png" ] || fail "a map of overlaps is missing or empty"
grep -q "3 patterns of 500 neurons, sample 2" "sub/a b-overlaps.svg" || fail "no word on the patterns"
code=0
"$program" plot run.h5 --figure curves --sample 2 2>said || code=$?
[ "$code" -eq 2 ] && grep -q -e "--sample goes with --states or --overlaps" said || fail "exit code $code, of no chain: $(cat said)"
cat >learn.yaml <<END
network: { rule: supervised, neurons: 500, patterns: 2, dilution: 0.3, examples: [1, 5, 21], quality: [0.3, 0.6] }
noise: 0.1
dynamics: { start: hierarchical, sweeps: 20, burn_in: 10 }
ensemble: { samples: 2, replicas: 8 }
theory: { kinds: [mean_field, signal_to_noise] }
END
"$program" run learn.yaml -o learn.h5 -q
"$program" plot learn.h5 -o "sub/learning" --format png >/dev/null
[ -s "sub/learning-curves.png" ] || fail "curves of learning are missing or empty"
"$program" theory "$source/params/threshold.yaml" -o thresholds.h5 >/dev/null
"$program" plot thresholds.h5 -o "sub/a b" --format png >/dev/null
[ -s "sub/a b-thresholds.png" ] || fail "thresholds are missing or empty"

# Names and titles are text, whatever they hold; nothing of them is run or expanded.
odd=$(printf '%sz' "'q\"\`touch owned\`@x{y}_\\")
mkdir odd
cat >odd.yaml <<'END'
title: "'it''s `touch owned` @x \\n {y}_z"
END
tail -n +2 grid.yaml >>odd.yaml
"$program" run odd.yaml -o odd.h5 -q
"$program" plot odd.h5 -o "odd/$odd" --format svg >/dev/null
for kind in curves map; do
    [ -s "odd/$odd-$kind.svg" ] || fail "odd names: $(ls odd)"
    grep -qF "'it''s \`touch owned\` @x \\n {y}_z<" "odd/$odd-$kind.svg" || fail "odd title in $kind"
done
[ ! -e owned ] && [ ! -e odd/owned ] || fail "a title was run"

mkdir again
cp sub/*.gp sub/*.dat again
cd again
for script in *.gp; do
    gnuplot "$script" 2>../said || fail "$script by hand: $(cat ../said)"
    [ ! -s ../said ] || fail "$script by hand says: $(cat ../said)"
done
for file in ../sub/*.png ../sub/*.svg; do
    cmp "$file" "$(basename "$file")" || fail "$file differs when drawn by hand"
done
cd ..

# A script as it was written is written anew; one that was changed is kept beside the new one.
"$program" plot run.h5 --format svg >/dev/null 2>said
[ ! -s said ] && [ ! -e run-curves.gp~ ] || fail "an unchanged script is kept: $(cat said)"
cp run-curves.gp written
sed -i 's/^figure_title = .*/figure_title = "mine"/' run-curves.gp
cp run-curves.gp mine
"$program" plot run.h5 --format svg >/dev/null 2>said
cmp run-curves.gp written || fail "the script is not written anew"
cmp run-curves.gp~ mine || fail "the changed script is lost"
grep -q "run-curves.gp had been changed .*kept as run-curves.gp~" said || fail "said: $(cat said)"
[ ! -e run-map.gp~ ] || fail "run-map.gp was not changed"
head -c 1000 written >run-curves.gp
"$program" plot run.h5 --format svg >/dev/null 2>&1
[ "$(wc -c <run-curves.gp~)" -eq 1000 ] || fail "a script without its end counts as unchanged"

# A full disk, here for files above 32 kB: gnuplot says nothing of it.
code=0
(trap '' XFSZ; ulimit -f 64; exec "$program" plot run.h5 -o full) >listed 2>said || code=$?
[ "$code" -eq 1 ] || fail "exit code $code with figures cut off"
grep -q "full-curves.png: gnuplot could not write it whole" said || fail "of figures cut off: $(cat said)"
! ls | grep -q partial || fail "half-drawn figures stay: $(ls)"
[ ! -e full-curves.png ] && [ ! -e full-curves.svg ] || fail "figures cut off stay"
[ -s full-curves.pdf ] && [ "$(cat listed)" = full-curves.pdf ] || fail "the whole one is not listed: $(cat listed)"
[ -s full-curves.gp ] && [ -s full-curves.dat ] || fail "the script or its data are gone"

TZ=Asia/Kolkata "$program" plot run.h5 -o "again/a b" --format pdf >/dev/null
for file in sub/*.pdf; do
    grep -aq "CreationDate (D:20231114221320[Z+]" "$file" || fail "$file has another date"
    grep -aq "CreationDate (D:20231114221320[Z+]" "again/$(basename "$file")" ||
        fail "$file has another date elsewhere in the world"
done
