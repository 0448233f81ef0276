#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What the program says and with which exit code: help, misspelt keys, impossible values and sizes.
load common

@test "help: the program's names every verb, every verb's names its options" {
    run -0 polyhebb --help
    verbs=$(sed -n 's/^  \([a-z]*\) .*/\1/p' <<<"$output")
    [ "$(wc -w <<<"$verbs")" -ge 6 ]
    for verb in $verbs; do
        run -0 polyhebb "$verb" --help
        [[ "$output" == "Usage: polyhebb $verb "* ]]
    done
}

@test "version: name, number, revision, of the program and of every verb" {
    run -0 polyhebb --version
    [[ "$output" =~ ^polyhebb\ [0-9]+\.[0-9]+\.[0-9]+\ \([0-9a-z]+\)$ ]]
    version=$output
    for words in -V "run --version" "compare a.h5 -V" "info -V"; do
        # shellcheck disable=SC2086
        run -0 polyhebb $words
        [ "$output" = "$version" ]
    done
}

@test "help is asked for in every way people try" {
    run -0 polyhebb --help
    help=$output
    for words in -h help "help help"; do
        # shellcheck disable=SC2086
        run -0 polyhebb $words
        [ "$output" = "$help" ]
    done
    run -0 polyhebb merge --help
    help=$output
    for words in "merge -h" "merge -?" "help merge" "-h merge" "--help merge" "merge a.h5 --he"; do
        # shellcheck disable=SC2086
        run -0 polyhebb $words
        [ "$output" = "$help" ]
    done
    says 2 "unknown verb 'mergee', perhaps merge;" help mergee
    says 2 "unknown verb 'stats', perhaps status;" stats
}

# The page's synopsis as words: a macro of one font keeps blanks, one of two joins its words.
synopsis()
{
    sed -n '/^.SH SYNOPSIS/,/^.SH DESCRIPTION/p' "$DATA/../../docs/polyhebb.1" | sed 's/\\-/-/g' |
        awk '/^\.SH/ { next } /^\.br/ { print ""; next }
            { macro = $1; $1 = ""; if (macro ~ /^\...$/) gsub(/ /, ""); sub(/^ /, ""); printf "%s ", $0 } END { print "" }'
}

@test "the manual page has every verb, form and option of the program in its synopsis" {
    [ -e "$DATA/../../docs/polyhebb.1" ]
    for verb in $(polyhebb --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
        polyhebb "$verb" --usage | sed 's/^            //; s/^  or: /\n/; s/^Usage: //' | tr '\n' ' ' |
            sed 's/   */\n/g; s/ \[-h\] \[--usage\] \[-V\]//; s/ \[OPTION...\]//g'
        echo
    done | sed 's/ *$//; /^$/d' >rows
    synopsis | sed 's/ *$//; /^$/d' >page
    diff page rows
    while read -r _ verb _; do
        grep -q "^\.B $verb\$" "$DATA/../../docs/polyhebb.1"
    done <rows
}

@test "an option is not another's value, and a name that begins with a dash can be given" {
    make_grid
    says 2 "--output needs a value, FILE, but '--force' follows" run grid.yaml -o --force
    says 2 "--output needs a value, FILE, but '-q' follows" run grid.yaml -o -q
    says 2 "--threads needs a value, N, but '-q' follows" run grid.yaml -j -q
    says 2 "--threads -2: expected a number from 1 to 65536" run grid.yaml -j -2
    says 2 "--output is given more than once" run grid.yaml -o a.h5 -o b.h5
    says 2 "unknown option '--ouput', did you mean --output?" run grid.yaml --ouput a.h5
    [[ "$output" == *"Try 'polyhebb run --help'"* ]]
    [ "$(echo *)" = grid.yaml ]
    run -0 polyhebb run grid.yaml -q --output=--force -S noise=0.3 -S network.dilution=0.2
    [ -s ./--force ]
    run -0 polyhebb check -- --force
}

@test "no verb, an unknown verb, an unknown option, a missing argument: exit 2" {
    run -2 polyhebb
    run -2 polyhebb frobnicate
    [[ "$output" == *"unknown verb 'frobnicate'"* ]]
    run -2 polyhebb run --frobnicate
    for verb in run check status merge; do
        run -2 polyhebb $verb
    done
    make_grid
    run -2 polyhebb run grid.yaml extra
    run -2 polyhebb run grid.yaml -o ''
    run -2 polyhebb run grid.yaml -j 0
    run -2 polyhebb run grid.yaml -s 2/2
    run -2 polyhebb run grid.yaml -t soon
    run -2 polyhebb merge grid.h5
    [ ! -e grid.h5 ]
}

@test "a grid that cannot be read: exit 1, named" {
    for verb in run check; do
        run -1 polyhebb $verb nothere.yaml
        [[ "$output" == *"nothere.yaml"*"No such file"* ]]
        run -1 polyhebb $verb .
    done
}

# says CODE PATTERN VERB...: the exit code, and a message with that in it.
says()
{
    local code=$1 text=$2
    shift 2
    run "-$code" polyhebb "$@"
    # shellcheck disable=SC2053 # a pattern
    [[ "$output" == *$text* ]] || { echo "not said: $text"; return 1; }
}

@test "a grid on standard input: read by check, run and theory as from a file, under the name grid" {
    NEURONS=300 SWEEPS=10 make_grid there.yaml
    run -0 polyhebb check there.yaml
    from_file=$output
    run -0 polyhebb check - <there.yaml
    [ "$output" = "$from_file" ]
    polyhebb run -q - <there.yaml
    polyhebb run -q there.yaml
    same grid.h5 there.h5
    run -0 polyhebb theory - < <(cat there.yaml)
    [ -s grid-theory.h5 ]
    says 2 "standard input:1:1: unknown key" run - <<<"nose: 1"
    says 2 "standard input:1:1: is empty" check - </dev/null
    says 1 "standard input: has more than" check - < <(head -c 300000000 /dev/zero)
}

@test "run -t says what it understood, -q not; check says that the disk is too small" {
    NEURONS=300 SWEEPS=10 make_grid
    says 0 "stops after 1.5 h at the latest" run grid.yaml -t 90m
    rm grid.h5
    run -0 polyhebb run -q grid.yaml -t 90m
    [ "$output" = "" ]
    says 0 "free in this folder: polyhebb run would refuse" check grid.yaml \
        --set ensemble.samples=4000000 --set dynamics.sweeps=100000
    run -0 polyhebb check grid.yaml
    [[ "$output" != *"would refuse"* ]]
}

# completes WORD...: what bash offers for the last word of a command line, one a line
completes()
{
    bash -c 'eval "$("$POLYHEBB" info --completion=bash)"
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _polyhebb
        printf "%s\n" "${COMPREPLY[@]}"' bash "$@" | sort
}

@test "completion: verbs, options of the verb, files of the kinds it takes; zsh and fish read theirs" {
    touch a.yaml "b c.yml" run.h5 image.pgm
    mkdir folder
    [ "$(completes polyhebb st)" = $'status\nstudy' ]
    [ "$(completes polyhebb run --take)" = $'--take-over\n--take-over-after' ]
    [ "$(completes polyhebb run '')" = $'a.yaml\nb c.yml\nfolder' ]
    [ "$(completes polyhebb merge r)" = run.h5 ]
    [ "$(completes polyhebb encode image)" = image.pgm ]
    [ "$(completes polyhebb run --output = r)" = run.h5 ]
    [ "$(completes polyhebb run -j '')" = "" ]
    [ "$(completes polyhebb info '')" = samplers ]
    for verb in $(polyhebb --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
        [[ "$(completes polyhebb "$verb" --he)" == *--help* ]]
        polyhebb info --completion=fish | grep -q "__fish_use_subcommand -f -a $verb -d"
        polyhebb info --completion=zsh | grep -q "^ *$verb) _arguments"
    done
    if command -v zsh; then polyhebb info --completion=zsh >z && zsh -n z; fi
    if command -v fish; then polyhebb info --completion=fish >f && fish -n f; fi
    run -0 polyhebb info --completion=zsh
    [[ "$output" == *"]:LOW\\:HIGH:'"* ]] # else HIGH is a command to zsh
    says 2 "--completion csh: expected bash, zsh or fish" info --completion=csh
}

@test "a file of another kind than the verb takes: what it is, what was expected" {
    NEURONS=300 SWEEPS=10 make_grid
    polyhebb run grid.yaml -q
    polyhebb theory grid.yaml
    polyhebb phase grid.yaml
    echo hello >text.h5
    : >empty.h5
    : >empty.yaml
    mkdir folder.h5
    head -c 4000 grid.h5 >cut.h5
    cp grid.h5 copy
    for verb in run slurm; do
        says 2 "grid.h5: an HDF5 file, such as a run or theory file; a grid file" $verb grid.h5
        says 2 "copy: an HDF5 file" $verb copy
    done
    says 2 "text.h5:1:1: is no grid" run text.h5
    says 2 "empty.yaml:1:1: is empty" run empty.yaml
    for verb in compare export plot "merge -o out.h5"; do
        # shellcheck disable=SC2086
        says 1 "grid.yaml: not an HDF5 file; a run file of polyhebb was expected" $verb grid.yaml
        # shellcheck disable=SC2086
        says 1 "empty.h5: empty; a run file" $verb empty.h5
        # shellcheck disable=SC2086
        says 4 "cut.h5: is an HDF5 file that is cut short or damaged" $verb cut.h5
        [[ "$output" == *"a damaged file that polyhebb wrote can be removed"* ]] || return 1
        # shellcheck disable=SC2086
        says 1 "folder.h5: is a folder, expected a regular file" $verb folder.h5
        # shellcheck disable=SC2086
        says 1 "absent.h5: cannot be read: No such file" $verb absent.h5
    done
    for verb in compare export theory "merge -o out.h5"; do
        # shellcheck disable=SC2086
        says 1 "grid-phase.h5: a phase file, but a run file was expected" $verb grid-phase.h5
    done
    says 1 "grid.h5: a run file, but a theory file was expected" compare grid.h5 grid.h5
    says 1 "grid.yaml: not an HDF5 file; a theory file" plot grid.h5 grid.yaml
    says 1 "grid-theory.h5: a theory file, but a run file was expected" plot grid-phase.h5 grid-theory.h5
    says 1 "no thresholds of learning"*"polyhebb plot RUN THEORY" plot grid-theory.h5
    says 0 "grid.h5: complete, " status grid.yaml
    [ ! -e out.h5 ]
}

@test "a file of polyhebb under any name: check and theory take it for what it is" {
    NEURONS=300 SWEEPS=10 make_grid
    polyhebb run grid.yaml -q -o data
    says 0 "data: whole, complete: 4 of 4 points" check data
    says 0 "also for each sample of the run" theory data -o theory
    says 0 "theory: whole, a theory file" check theory
    says 2 "--expand, --set and --shards go with a grid file, not with data" check data --expand
    says 2 "--expand, --set and --shards go with a grid file, not with data" check data --set noise=0.1
    says 2 "--set goes with a grid file, not with data" theory data --set noise=0.1
    says 0 "dilution noise pattern" export data
}

@test "options that mean nothing: exit 2, told; nothing is written" {
    NEURONS=300 SWEEPS=10 make_grid
    polyhebb run grid.yaml -q
    rm grid.h5.status
    says 2 "names each format once, not 'png,svg,png'" plot grid.h5 -f png,svg,png
    says 2 "not 'gif'" plot grid.h5 -f gif
    says 2 "not 'png,'" plot grid.h5 -f png,
    says 2 "needs the begin of a name" plot grid.h5 -o ''
    says 2 "needs a file's name" export grid.h5 -o ''
    says 2 "which file? Its name is empty" check ''
    says 2 "foo' is no axis of this grid; its axes: dilution, noise" export grid.h5 --point foo=1
    says 2 "noise has no value '7'; its values: 0.05, 0.3" plot grid.h5 --point noise=7
    says 2 "not of the form key=value" export grid.h5 --point noise
    says 2 "either --patterns or --trajectory" export grid.h5 --patterns --trajectory
    says 2 "--states takes no value, but '100' follows" export grid.h5 --states 100
    says 2 "not also 'other.h5': a second one is a theory, which goes with --retrieved" export grid.h5 --states other.h5
    says 2 "--threshold and --absolute go with --retrieved" export grid.h5 --threshold 0.4
    says 2 "--sample goes with" export grid.h5 --sample 2
    says 2 "--replica 0: expected a number from 1" export grid.h5 --trajectory --replica 0
    says 2 "4 points are selected; choose one by --point" export grid.h5 --trajectory
    says 2 "no sampler has a kernel 'mmx'" bench --kernel mmx
    says 2 "unknown key"*"polyhebb new --reference" run grid.yaml --set xyzzy=1
    [ "$(echo *)" = "grid.h5 grid.yaml" ]
    says 0 "an array of 1000 tasks with up to 2 parts each" slurm grid.yaml -n 2000
    [[ "$output" == *"the grid has 16 blocks of replicas to share out"* ]]
    says 0 "8 parts of " slurm grid.yaml -n 8
    [[ "$output" != *note:* ]]
}

@test "a misspelt key: exit 2, its place and the right word" {
    make_grid
    sed -i 's/samples:/sampels:/' grid.yaml
    run -2 polyhebb run grid.yaml
    [[ "$output" == *"grid.yaml:6:12: "*"sampels"*"samples"* ]]
    [ ! -e grid.h5 ]
    make_grid
    run -2 polyhebb run grid.yaml --set netwrk.neurons=10
    [[ "$output" == *"network.neurons"* ]]
}

@test "impossible values: exit 2, the key and its range" {
    make_grid
    for bad in noise=.nan noise=-0.1 noise=.inf network.dilution=1.01 network.dilution=-0.01 \
        network.dilution=.nan network.patterns=0 network.patterns=5000 network.neurons=0 \
        network.neurons=-3 network.neurons=1.5 dynamics.sweeps=0 ensemble.samples=0 seed=-1 \
        'noise=[]' 'noise=[0.1, 0.1]' dynamics.start=warm; do
        run -2 polyhebb run grid.yaml --set "$bad"
        [[ "$output" == *"${bad%%=*}"* ]]
        [[ "$output" == *expected* ]]
    done
    [ ! -e grid.h5 ]
}

@test "sizes this machine cannot hold: exit 1 at once, what is needed and what there is" {
    make_grid
    for big in ensemble.samples=1000000000 network.neurons=1073741824 dynamics.sweeps=1000000000000; do
        run -1 timeout 10 "$POLYHEBB" run grid.yaml --set "$big" --set network.patterns=100
        [[ "$output" =~ needs\ about\ [0-9.e+]+\ .B.*[0-9.e+]+\ .B\ are ]]
        leaves_nothing grid.h5
        [ ! -e grid.h5 ]
    done
    run -1 timeout 10 "$POLYHEBB" run grid.yaml --set ensemble.samples=1000000000 \
        --set ensemble.replicas=1000000000
    [[ "$output" =~ needs\ about ]]
}

@test "a disk that the file fits on, but not beside its journal: refused before anything is computed" {
    # 12 bytes a record in the file, 16 in the journal
    samples=$(($(df -B1 --output=avail . | tail -1) * 7 / 10 / 12000000))
    NEURONS=10 SWEEPS=1000000 make_grid
    run -1 timeout 10 "$POLYHEBB" run grid.yaml --set network.dilution=0 --set noise=0.3 \
        --set network.patterns=1 --set ensemble.replicas=1 --set ensemble.samples=$samples
    [[ "$output" =~ needs\ about\ [0-9.e+]+\ GB\ of\ disk,\ journal\ and\ file ]]
    leaves_nothing grid.h5
    [ ! -e grid.h5 ]
}

@test "check GRID: points, chains, work; --expand lists every point; --set counts" {
    make_grid
    run -0 polyhebb check grid.yaml
    [[ "$output" == *"points:     4 = dilution 2 x noise 2"* ]]
    [[ "$output" == *"chains:     24 "* ]]
    [[ "$output" == *"2.34 Mspin updates"* ]]
    [[ "$output" =~ file:\ +at\ most\ [0-9.]+\ .B ]]
    [[ "$output" =~ disk:\ +about\ [0-9.]+\ .B\ while ]]
    run -0 polyhebb check grid.yaml --expand
    [[ "$output" == *"0: dilution=0.2, noise=0.05"*"3: dilution=0.5, noise=0.3"* ]]
    run -0 polyhebb check grid.yaml --expand --set 'noise=[0.1, 0.2, 0.3]'
    [[ "$output" == *"points:     6"*"5: dilution=0.5, noise=0.3"* ]]
}

@test "check --effective: times of theory are those of chains, and what it cannot say is said" {
    cat >grid.yaml <<'END'
network: { neurons: 2000, patterns: 2, dilution: 0.2 }
noise: [0.0, 0.3, 1.02, 1.5, 2]
dynamics: { start: hierarchical, sweeps: 1500, burn_in: 100, record_every: 1 }
ensemble: { samples: 2, replicas: 16 }
END
    run -0 polyhebb check grid.yaml --effective
    echo "$output" >said
    [[ "$output" == *" unknown: no noise"* && "$output" == *" near: a transition"* && "$output" == *" well: a chain stays"* ]]
    [[ "$output" != *" coexisting: "* ]]
    [ "$(grep -c 'most by --set sampler=' said)" -ge 1 ]
    for order in random sequential; do
        polyhebb check grid.yaml --effective --set order=$order --set 'noise=[1.5, 2]' >said
        samplers=glauber
        [ $order != random ] || samplers='glauber metropolis block-gibbs'
        for sampler in $samplers; do
            polyhebb run grid.yaml -q -o $sampler.h5 --set sampler=$sampler --set order=$order --set 'noise=[1.5, 2]'
            polyhebb export $sampler.h5 --csv >$sampler.csv
            rm $sampler.h5
        done
        python3 - $samplers <<'END'
import csv, sys
rows = [line.split() for line in open("said") if line.split()[0] in ("0", "1")]
assert all(row[3] == "-" for row in rows) == (len(sys.argv) == 2)
for column, sampler in zip((1, 3, 5), sys.argv[1:]):
    for point, noise in enumerate(("1.5", "2")):
        taus = [float(row["magnetization_tau"]) for row in csv.DictReader(open(sampler + ".csv")) if row["noise"] == noise]
        assert len(taus) == 2
        for tau in taus:
            assert abs(tau / float(rows[point][column]) - 1) < 0.15, (sampler, noise, tau, rows[point])
END
    done
    polyhebb run grid.yaml -q -o run.h5 --set sweeps=10
    run -2 polyhebb check run.h5 --effective
    [[ "$output" == *"--effective, --expand, --set and --shards go with a grid file"* ]]
}

@test "new: the starter and the reference are grids that check takes" {
    run -0 polyhebb new
    printf '%s\n' "$output" >starter.yaml
    run -0 polyhebb check starter.yaml
    run -0 polyhebb new --reference
    printf '%s\n' "$output" >reference.yaml
    run -0 polyhebb check reference.yaml
}

@test "info: threads, memory, libraries" {
    run -0 polyhebb info
    [[ "$output" == *HDF5*threads*memory*glauber*"observables magnetization: "*" flips: share"* ]]
    run -0 polyhebb info samplers
    [[ "$output" == *lumped-little*law*Little*caution* ]]
    run -2 polyhebb info sampler
}

@test "info --manual: a page of every verb, with its options, examples, version and its date; man reads it" {
    for verb in $(polyhebb --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
        polyhebb info --manual="$verb" >page
        grep -q "^\.TH POLYHEBB-${verb^^} 1 \"20[0-9][0-9]-[01][0-9]-[0-3][0-9]\" \"polyhebb [0-9]" page
        for title in NAME SYNOPSIS DESCRIPTION OPTIONS EXAMPLES "SEE ALSO"; do
            grep -qx "\.SH $title" page
        done
        grep -o '^polyhebb\\-[a-z]* \\- .' page
        # Requests are those it has of its own; what --help lists is there word for word.
        [ -z "$(grep '^[.]' page | grep -v '^[.]\(TH\|SH\|TP\|BR\|br\|nf\|fi\|nh\|ad\|\\"\)' || true)" ]
        for option in $(polyhebb "$verb" --help | grep -o '^\(  -., \|      \)--[a-z-]*' | grep -o -- '--.*'); do
            grep -qF "\\fB${option//-/\\-}\\fR" page
        done
        if command -v groff; then [ -z "$(groff -man -Tutf8 -ww page 2>&1 >read)" ]; fi
    done
    says 2 "--manual walk: expected a verb, of study, run, " info --manual=walk
}
