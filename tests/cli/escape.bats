#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Nothing that comes from a file or its name moves the cursor, ends a line or turns letters around.
load common

# ESC, a C1 control, a mark of direction, a newline that forges a message, a byte that is no UTF-8.
EVIL=$'x\x1b[2J\xc2\x9b31m\xe2\x80\xae\npolyhebb: note: forged\xff'

# harmless TEXT...: holds no character that the escapes are for.
harmless()
{
    ! printf '%s' "$*" | LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f\xff]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]' &&
        ! grep -q '^polyhebb: note: forged' <<<"$*"
}

# shown ARGUMENTS...: the program with them says something, and nothing that harms.
shown()
{
    run polyhebb "$@"
    [ -n "$output" ]
    harmless "$output" || { printf '%q\n' "$output" && return 1; }
}

@test "names of files: every verb, where there is no such file and where there is one too many" {
    for verb in run theory phase compare check status export plot slurm tasks; do
        shown $verb "$EVIL.yaml"
        shown $verb "$EVIL.h5"
        shown $verb a "$EVIL" "$EVIL" "$EVIL"
    done
    for verb in new bench info frobnicate "$EVIL"; do
        shown $verb "$EVIL" "$EVIL"
    done
    shown encode "$EVIL" -o "$EVIL.txt"
    shown merge "$EVIL.0-of-2.h5" "$EVIL.1-of-2.h5" -o "$EVIL.h5"
    shown check "$EVIL" --set "noise=$EVIL"
    for verb in run theory phase compare check status merge export plot slurm tasks new encode bench info; do
        shown $verb "--$EVIL" a
        [ "$status" -eq 2 ]
    done
    for option in "-$EVIL" "-q$EVIL" "--output$EVIL=$EVIL" "--help=$EVIL"; do # one parser for all verbs
        shown run "$option" a
        [ "$status" -eq 2 ]
    done
    make_grid
    run -0 polyhebb run grid.yaml -q "-o$EVIL.h5" -S "title=t"
    run -0 polyhebb run grid.yaml -q "--output=$EVIL.h5" -S "title=t"
    rm "$EVIL.h5"
    for option in -j -s -t; do
        shown run grid.yaml $option "$EVIL"
    done
    mkdir "$EVIL.h5"
    shown run grid.yaml -o "$EVIL.h5"
}

@test "texts in files: titles, values, status files, in messages, tables, figures and scripts" {
    NEURONS=200 make_grid "$EVIL.yaml"
    sed -i 's/^title.*/title: "t\\e[2J\\x9B\\u202Eu\\nset output\\u2028"/' "$EVIL.yaml"
    shown check "$EVIL.yaml"
    shown run "$EVIL.yaml" -o "$EVIL.h5"
    [ -s "$EVIL.h5" ]
    shown check "$EVIL.h5"
    shown status "$EVIL.h5"
    shown theory "$EVIL.h5" -o "$EVIL-theory.h5"
    shown check "$EVIL-theory.h5"
    shown compare "$EVIL.h5" "$EVIL-theory.h5"
    shown export "$EVIL.h5"
    [[ "$output" == '# t\x1b[2J\u009b\u202eu\nset output\u2028'* ]]
    shown export "$EVIL.h5" --patterns
    shown plot "$EVIL.h5"
    [ "$status" -eq 2 ]
    shown plot "$EVIL.h5" -o plain -f svg
    [ "$status" -eq 0 ]
    for file in plain*.gp plain*.dat plain*.svg; do
        harmless "$(cat "$file")"
    done
    # shellcheck disable=SC2012
    sed -i "s/^host: .*/host: h$(printf '\033')[2J$(printf '\302\233')/" "$EVIL.h5.status"
    shown status "$EVIL.h5"
    [[ "$output" == *'(h\x1b[2J\u009b, process'* ]]
    printf 'network: { neurons: 10, patterns: "1\\e[2J" }\nnoise: "\\u202E"\n"no\\nise": 1\n' >bad.yaml
    shown check bad.yaml
    [ "$status" -eq 2 ]
    printf '+1 \033[2J\302\233' >start.txt
    printf 'network: { neurons: 2, patterns: 1 }\nnoise: 0\ndynamics: { sweeps: 1, start: { kind: file, file: start.txt } }\n' >start.yaml
    shown run start.yaml
}

@test "scripts for Slurm quote a name that cannot be read so that the shell has it whole" {
    mkdir "$EVIL'\\"
    make_grid "$EVIL'\\/grid.yaml"
    run -0 polyhebb slurm "$EVIL'\\/grid.yaml" -n 2 -t 1h
    harmless "$(cat grid-array.sh)"
    printf '#!/bin/bash\nprintf "%%s\\n" "$@" >seen\n' >program
    chmod +x program
    sed -i "s/^    exec '[^']*'/    exec .\/program/" grid-array.sh
    SLURM_ARRAY_TASK_ID=0 bash grid-array.sh
    [ "$(cat seen)" = "$(printf '%s\n' run "$PWD/$EVIL'\\/grid.yaml" --progress 10m -o grid.h5 -s 0/2)" ]
    run -0 polyhebb tasks "$EVIL'\\/grid.yaml" -n 2
    harmless "$output"
    sed "s/'[^']*cli.polyhebb'/.\/program/; q" <<<"$output" >line
    bash line
    [ "$(cat seen)" = "$(printf '%s\n' run "$PWD/$EVIL'\\/grid.yaml" -q -o grid.h5 -s 0/2)" ]
}
