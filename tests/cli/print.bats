#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Figures for print: for LaTeX, without colours, in a font of one's own.
load common

# A small run whose title LaTeX would trip over.
make_run()
{
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    SAMPLES=1 REPLICAS=2 SWEEPS=10 NEURONS=200 make_grid
    sed -i "s/^title: .*/title: '50% \& \$more_than #1'/" grid.yaml
    polyhebb run grid.yaml -q
}

# make_plane PATTERNS DILUTION STEPS: a coarse phase diagram, plane.yaml, of dilutions up to this one.
make_plane()
{
    cat >plane.yaml <<END
network: {neurons: 500, patterns: $1, normalization: none, dilution: {from: 0, to: $2, steps: $3}}
noise: {from: 0, to: 1, steps: $3}
dynamics: {start: hierarchical, sweeps: 20}
END
}

@test "plot --tex: text in LaTeX, the rest in the file that it includes, both or none" {
    make_run
    run -0 polyhebb plot grid.h5 --tex -F curves -o fig
    [ "$output" = "$(printf '%s\n' fig-curves-tex.pdf fig-curves-tex.tex)" ]
    grep -qF '\put(0,0){\includegraphics[width={' fig-curves-tex.tex
    grep -qF '{fig-curves-tex}}%' fig-curves-tex.tex
    grep -qF '50\% \& \$more\_than \#1}' fig-curves-tex.tex
    grep -qF 'dilution $d$}' fig-curves-tex.tex
    grep -qF 'magnetization $m_\mu$}' fig-curves-tex.tex
    [ "$(head -c 5 fig-curves-tex.pdf)" = "%PDF-" ]
    run grep -c -e partial -e '{/:Italic' fig-curves-tex.tex
    [ "$output" -eq 0 ]
    [ -z "$(ls | grep partial)" ]

    # By hand the same.
    mkdir hand
    cp fig-curves-tex.gp fig-curves-tex.dat hand
    (cd hand && gnuplot fig-curves-tex.gp)
    cmp hand/fig-curves-tex.tex fig-curves-tex.tex

    # Figures of the other formats have names of their own.
    sum=$(md5sum <fig-curves-tex.pdf)
    run -0 polyhebb plot grid.h5 -F curves -o fig -f pdf
    [ "$output" = fig-curves.pdf ]
    [ "$sum" = "$(md5sum <fig-curves-tex.pdf)" ]

    # Where one of the two is not whole the other does not take its name either.
    mkdir bin
    printf '#!/bin/sh\nPATH=%s gnuplot "$@"\nfor f in new-*.partial.tex; do head -c 2000 "$f" >cut; cat cut >"$f"; done\n' "'$PATH'" >bin/gnuplot
    chmod 755 bin/gnuplot
    PATH=$PWD/bin:$PATH run -1 polyhebb plot grid.h5 --tex -F curves -o new
    [[ "$output" == *"new-curves-tex.tex: gnuplot could not write it whole"* ]]
    [ ! -e new-curves-tex.tex ]
    [ ! -e new-curves-tex.pdf ]
    [ -z "$(ls | grep partial)" ]

    # A gnuplot without the terminal says which.
    printf '#!/bin/sh\nfor f; do sed -i s/cairolatex/otherlatex/g "$f" 2>/dev/null; done\nPATH=%s exec gnuplot "$@"\n' "'$PATH'" >bin/gnuplot
    PATH=$PWD/bin:$PATH run -1 polyhebb plot grid.h5 --tex -F curves -o new
    [[ "$output" == *"this gnuplot has no terminal otherlatex"*"gnuplot-nox"* ]]
    [ ! -e new-curves-tex.pdf ]
}

@test "plot --tex: what LaTeX cannot include or does not set is refused" {
    make_run
    for name in 'a b' 'a%' 'a#b' 'a$b' 'a{b' "a'b" 'a\b' 'a~' 'a,b'; do
        run -2 polyhebb plot grid.h5 --tex -o "$name"
        [[ "$output" == *"expected for LaTeX letters, digits"* ]]
    done
    run -2 polyhebb plot grid.h5 --tex -f svg
    [[ "$output" == *"--tex is a format of its own"* ]]
    run -2 polyhebb plot grid.h5 --tex --font Serif
    [[ "$output" == *"--font does not go with --tex"* ]]
    [ -z "$(ls | grep -e tex -e svg)" ]
}

# colours FILE: those of an SVG file that are no grey.
colours()
{
    grep -o -i -e '#[0-9a-f]\{6\}' -e 'rgb([ 0-9,]*)' "$1" | tr -d ' ' | sort -u |
        grep -v -i -e '^#\([0-9a-f][0-9a-f]\)\1\1$' -e '^rgb(\([0-9]*\),\1,\1)$' || true
}

@test "plot --monochrome: greys only, in curves, maps, diagrams, trajectories, overlaps and states" {
    make_run
    make_plane 2 0.9 6
    polyhebb phase plane.yaml >/dev/null
    for option in "" --monochrome; do
        polyhebb plot plane-phase.h5 -f svg -o "fig$option" $option
        polyhebb plot grid.h5 -f svg -o "fig$option" $option
    done
    polyhebb plot grid.h5 -f svg -o fig--monochrome --y energy --monochrome
    for figure in trajectory 'states --shape 10x20' overlaps; do
        polyhebb plot grid.h5 -f svg -o fig--monochrome -F $figure -p dilution=0.2,noise=0.05 --monochrome
    done
    for figure in diagram curves map energy trajectory states overlaps; do
        echo "$figure"
        [ -z "$(colours fig--monochrome-$figure.svg)" ]
    done
    for figure in diagram curves map; do
        [ -n "$(colours fig-$figure.svg)" ]
    done
    grep -q '<pattern' fig--monochrome-diagram.svg
    grep -q 'stroke-dasharray' fig--monochrome-curves.svg
    run grep -c -e '<pattern' -e 'stroke-dasharray' fig-curves.svg
    [ "$output" -eq 0 ]
}

@test "plot --monochrome: as many regions as five patterns have are told apart" {
    fills=$(sed -n "s/^mono_fill = '\(.*\)'$/\1/p" "$BATS_TEST_DIRNAME/../../plots/phase.gp" | tr ' ' '\n')
    [ "$(wc -l <<<"$fills")" -ge 16 ]
    [ -z "$(sort <<<"$fills" | uniq -d)" ]
}

@test "plot --font: a name and a size, and nothing that could be more than a name" {
    make_run
    run -0 polyhebb plot grid.h5 -F curves -f svg,pdf -o own --font "DejaVu Serif,12"
    grep -q 'font-family="DejaVu Serif"' own-curves.svg
    run grep -c 'font-family="sans"' own-curves.svg
    [ "$output" -eq 0 ]
    run -0 polyhebb plot grid.h5 -F curves -f svg -o usual
    grep -q 'font-family="sans" font-size="13.00"' usual-curves.svg
    run -0 polyhebb plot grid.h5 -F curves -f svg -o small --font ,6
    grep -q 'font-family="sans" font-size="7.43"' small-curves.svg
    for font in "a'b" 'a"b' $'a\nb' 'a\b' 'a;b' 'a`b' 'a@b' 'a<b' '' "$(printf '%064d' 0)"; do
        run -2 polyhebb plot grid.h5 -f svg -o bad --font "$font"
        [[ "$output" == *"--font takes NAME or NAME,SIZE"* ]]
    done
    for size in , ,5 ,12.1 ,nan ,-8 ,8x ,0x8 ", 8"; do
        run -2 polyhebb plot grid.h5 -f svg -o bad --font "Serif$size"
        [[ "$output" == *"expected a size of 6 to 12 points"* ]]
    done
    [ -z "$(ls | grep bad)" ]
}

# size FILE: width in pixels, and dots a metre across and down, of a PNG file.
size()
{
    od -An -tu4 --endian=big -j 16 -N 4 "$1"
    [ "$(tail -c +38 "$1" | head -c 4)" = pHYs ]
    od -An -tu4 --endian=big -j 41 -N 8 "$1"
}

# boxes FILE: what a PDF file says of the sizes of its pages, which newer versions of cairo compress.
boxes()
{
    /usr/bin/python3 - "$1" <<'END'
import pathlib, re, sys, zlib
file = pathlib.Path(sys.argv[1]).read_bytes()
parts = [file]
for begin in re.finditer(rb"stream\r?\n", file):
    try:
        parts.append(zlib.decompressobj().decompress(file[begin.end():]))
    except zlib.error:
        pass  # the end of one, or it is not compressed
for part in parts:
    print(*(box.decode() for box in re.findall(rb"/?MediaBox\s*\[[^]]*\]", part)), sep="\n")
END
}

@test "plot --width: so wide in print in every format, with text at 7.5 points" {
    make_run
    polyhebb plot grid.h5 -F curves --width 86mm
    grep -q '^ width="86mm" height="[0-9.]*mm"' grid-curves.svg
    grep -q 'viewBox="0 0 474 ' grid-curves.svg # of 140 an inch
    grep -q 'font-family="sans" font-size="14.58"' grid-curves.svg
    [ "$(size grid-curves.png | xargs)" = "1016 11814 11814" ]
    boxes grid-curves.pdf | grep -q 'MediaBox \[ *0 0 24[34][ .]'
    polyhebb plot grid.h5 -F curves --width 8.6cm --tex
    grep -qF 'includegraphics[width={243.00bp}' grid-curves-tex.tex
    grep -qF '\fontsize{8}{9.6}\selectfont' grid-curves-tex.tex
    polyhebb plot grid.h5 -F curves --width 3.4in -f svg,png --font ,9
    grep -q '^ width="86.36mm"' grid-curves.svg
    grep -q 'font-size="17.50"' grid-curves.svg
    [ "$(size grid-curves.png | xargs)" = "1020 11811 11811" ]

    # Panels stand below each other in a column, and side by side on a page.
    tall=$(sed -n 's/.*viewBox="0 0 [0-9]* \([0-9]*\)".*/\1/p' grid-curves.svg)
    polyhebb plot grid.h5 -F curves --width 178mm -f svg
    low=$(sed -n 's/.*viewBox="0 0 [0-9]* \([0-9]*\)".*/\1/p' grid-curves.svg)
    [ "$tall" -gt "$low" ]

    # A title that is too long for one line goes on in the next.
    sed "s/^title: .*/title: a title of many words that no column of a journal has room for in one line/" grid.yaml >long.yaml
    polyhebb run long.yaml -q
    polyhebb plot long.h5 -F curves --width 86mm -f svg
    grep -q 'a title of many words' long-curves.svg
    run grep -c 'a title of many words.*in one line' long-curves.svg
    [ "$output" -eq 0 ]
}

@test "plot --width: the legend of a phase diagram has all its entries" {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    make_plane 3 0.99 12
    polyhebb phase plane.yaml >/dev/null
    for width in 150mm 178mm; do
        polyhebb plot plane-phase.h5 --tex --width $width
        polyhebb plot plane-phase.h5 -f svg --width $width
        for entry in paramagnetic hierarchical-3 symmetric-3 mixed-3 'first order' continuous crossover spinodal melting; do
            echo "$width $entry"
            grep -q "[ }]$entry}}" plane-phase-diagram-tex.tex
            grep -q "<tspan[^>]*> *$entry<" plane-phase-diagram.svg
        done
    done
}

@test "plot: the legend of a phase diagram of many states has all its entries" {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    make_plane 2 0.9 6
    polyhebb phase plane.yaml >/dev/null
    polyhebb plot plane-phase.h5 -f svg
    # As many as six patterns have would take long: names and lines are added to the script.
    for labels in 16 24; do
        sed "s/^labels = .*/labels = $labels/; s/^\(line_used.*\) = 0/\1 = 1/
/^line_used.7/a do for [l = 5:$labels] { label_text[l] = 'many-'.l; label_class[l] = 5; label_count[l] = 5; ground_fit[l] = 0; reached_fit[l] = 0 }" \
            plane-phase-diagram.gp >many.gp
        rm plane-phase-diagram.svg
        gnuplot many.gp
        [ "$(grep -o 'many-[0-9]*' plane-phase-diagram.svg | sort -u | wc -l)" -eq $((labels - 4)) ]
        for entry in paramagnetic symmetric-2 'first order' continuous crossover spinodal melting 'examples part' 'example state'; do
            echo "$labels $entry"
            grep -q "<tspan[^>]*> *$entry<" plane-phase-diagram.svg
        done
    done
}

@test "plot: a long legend of curves stands below the axis' label" {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    cat >lost.yaml <<END
network: { neurons: 100, patterns: 2, dilution: [0.1, 0.3, 0.5] }
noise: 0.2
dynamics: { start: random, sweeps: 20, burn_in: 10 }
ensemble: { samples: 2, replicas: 8 }
END
    polyhebb run lost.yaml -q
    polyhebb plot lost.h5 -f svg
    grep -q 'undecided, or no error known' lost-curves.svg
    # height TEXT: where its baseline is
    height() { awk -v text="$1" '/translate\(/ { sub(/.*translate\([^,]*,/, ""); y = $0 + 0 } index($0, text) { print int(y); exit }' lost-curves.svg; }
    [ "$(height '<text>pattern 1')" -gt $(($(height '>dilution') + 10)) ]
}

@test "plot --tex --width: the legend stands below the axis' label" {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    polyhebb run -q - -o few.h5 <<END
network: { neurons: [12, 40], patterns: 1, dilution: 0.3 }
noise: [0.4, 1.3]
dynamics: { sampler: block-gibbs, sweeps: 40, start: hierarchical }
ensemble: { replicas: 8 }
END
    polyhebb plot few.h5 --y binder --tex --width 86mm
    # height TEXT: where it is put, in twentieths of a point
    height() { sed -n "s/.*put([0-9]*,\\([0-9]*\\)).*$1.*/\\1/p" few-binder-tex.tex | head -n 1; }
    [ "$(height '= 0.4}')" -lt $(($(height 'neurons') - 200)) ]
}

@test "plot: a point of a line that has no neighbour is a dash" {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    cat >few.yaml <<END
network: { neurons: [12, 40], patterns: 1, dilution: 0.3 }
noise: [0.4, 0.7, 1.3]
dynamics: { sampler: block-gibbs, sweeps: 40, start: hierarchical }
ensemble: { replicas: 8, samples: 2 }
END
    polyhebb run few.yaml -q
    polyhebb plot few.h5 --y binder -f svg
    grep -q '^lone = 2$' few-binder.gp # theory of the wells at T = 1.3
    cp few-binder.svg dash.svg
    sed -i 's/^lone = 2$/lone = 0/; s/lone\]$/2]/' few-binder.gp
    gnuplot few-binder.gp
    [ "$(grep -o 'M[0-9]' dash.svg | wc -l)" -eq $(($(grep -o 'M[0-9]' few-binder.svg | wc -l) + 4)) ] # halves to either side
}

@test "plot --width: what gnuplot drew otherwise is not given a width, nor its name" {
    make_run
    mkdir bin
    for format in svg png; do
        printf '#!/bin/sh\nPATH=%s gnuplot "$@"\nfor f in *.%s.partial; do sed "s/^ width=/ breadth=/; s/IHDR/JHDR/" "$f" >cut; cat cut >"$f"; done\n' \
            "'$PATH'" $format >bin/gnuplot
        chmod 755 bin/gnuplot
        PATH=$PWD/bin:$PATH run -1 polyhebb plot grid.h5 -F curves -f $format -o odd --width 86mm
        [[ "$output" == *"odd-curves.$format: cannot be given its width: it is not what gnuplot writes"* ]]
        [ ! -e odd-curves.$format ]
        [ -z "$(ls | grep partial)" ]
    done
}

@test "plot --width: figures of every kind" {
    make_run
    cat >few.yaml <<END
network: {neurons: 12, patterns: 2, dilution: [0, 0.3]}
noise: [0.8, 0.9, 1.0]
dynamics: {start: random, sweeps: 2000, burn_in: 200, record_every: 1}
ensemble: {samples: 1, replicas: 8}
END
    make_plane 2 0.9 6
    cat >learn.yaml <<END
network: {neurons: 500, patterns: 2, rule: supervised, examples: 10, quality: 0.4, dilution: [0.1, 0.5, 0.9]}
noise: 0
dynamics: {start: hierarchical, sweeps: 10}
theory: {kinds: signal_to_noise}
END
    polyhebb phase plane.yaml >/dev/null
    polyhebb theory learn.yaml >/dev/null
    polyhebb phase few.yaml --samples -o few-attractors.h5 >/dev/null
    polyhebb run few.yaml -q
    polyhebb run learn.yaml -q -S 'examples=[1, 5, 25]' -S sampler=little -S sweeps=1 -o step.h5
    point="-p dilution=0.2,noise=0.05"
    while read -r figure arguments; do
        echo "$figure"
        # shellcheck disable=SC2086
        run -0 polyhebb plot $arguments -o wide -f svg --width 86mm
        grep -q '^ width="86mm" height="[0-9.]*mm"' "wide-$figure.svg"
        grep -q 'viewBox="0 0 474 ' "wide-$figure.svg"
        high=$(sed -n 's/.*viewBox="0 0 [0-9]* \([0-9]*\)".*/\1/p' "wide-$figure.svg")
        [ "$high" -gt 150 ]
        [ "$high" -lt 1500 ]
    done <<END
curves grid.h5
map grid.h5 -F map
map grid.h5 -F map --own-scale
energy grid.h5 --y energy
trajectory grid.h5 -F trajectory $point
states grid.h5 -F states --shape 10x20 $point
overlaps grid.h5 -F overlaps $point
landscape grid.h5 -F landscape $point
portrait few.h5 -F portrait -p dilution=0.3,noise=0.9
distribution few.h5 -F distribution -p dilution=0.3
reweighted few.h5 -F reweighted -p dilution=0.3
attractors few-attractors.h5 -p dilution=0.3
diagram plane-phase.h5
thresholds learn-theory.h5
needed-dilution step.h5 -F needed
END
}

@test "plot --width: what is no width, or none of a page, is refused" {
    make_run
    for width in 86 mm '' 86m 49.9mm 420.1mm 1e2mm 0x60mm nanmm infmm '86 mm' 86mm, 8.6.0cm; do
        run -2 polyhebb plot grid.h5 -o bad --width "$width"
        [[ "$output" == *"expected a number and mm, cm or in, of 50 to 420 mm"* ]]
    done
    [ -z "$(ls | grep bad)" ]
    run -0 polyhebb plot grid.h5 -F curves -f svg --width 50mm
    run -0 polyhebb plot grid.h5 -F curves -f svg --width 42cm
}

@test "plot --inset: a part of each panel enlarged, alike in every format" {
    make_run
    make_plane 2 0.9 6
    polyhebb phase plane.yaml >/dev/null
    while read -r figure tic arguments; do
        echo "$figure"
        # shellcheck disable=SC2086
        polyhebb plot $arguments -f svg,png
        mv "${arguments%%.h5*}-$figure.png" both.png
        grep -q ">$tic<" "${arguments%%.h5*}-$figure.svg"
        # shellcheck disable=SC2086
        polyhebb plot $arguments -f png
        cmp "${arguments%%.h5*}-$figure.png" both.png # what an inset sets is set back
        # shellcheck disable=SC2086
        polyhebb plot ${arguments%--inset*} -f svg
        run grep -c ">$tic<" "${arguments%%.h5*}-$figure.svg"
        [ "$output" -eq 0 ]
        grep -qx 'inset = 0' "${arguments%%.h5*}-$figure.gp"
    done <<END
diagram 0.54 plane-phase.h5 --inset 0.51:0.57,0.21:0.27
curves 0.25 grid.h5 -F curves --inset 0.21:0.29,0.1:0.2
map 0.25 grid.h5 -F map --inset 0.21:0.29,0.06:0.08
energy 0.25 grid.h5 --y energy --inset 0.21:0.29,-0.4:-0.33
END
    # Words at tics lie on the ground, here six letters, each 0.6 of the text's size wide, at its right edge.
    polyhebb plot plane-phase.h5 -f svg --inset 0.6397:0.6402,0.21:0.211
    awk '/translate\(/ { split($2, at, /[(,]/) }
        /polygon fill = .rgb\(255, 255, 255\)/ { split($10, edge, ",") }
        />0.6402</ { found++; wrong += at[2] + 3 * 0.6 * 10.4 > edge[1] }
        END { exit found != 2 || wrong }' plane-phase-diagram.svg
    # For LaTeX; and with a run below the diagram's lines both have it.
    polyhebb plot plane-phase.h5 --tex --inset 0.51:0.57,0.21:0.27
    grep -qF '\scriptsize $0.54$' plane-phase-diagram-tex.tex
    polyhebb run plane.yaml -q
    polyhebb plot plane-phase.h5 plane.h5 -f svg -o two --inset 0.51:0.57,0.21:0.27
    grep -q '>0.54<' two-diagram.svg
    grep -q '>0.54<' two-map.svg
}

@test "plot --inset: what it cannot show is refused, and nothing is drawn" {
    make_run
    while IFS='|' read -r arguments words; do
        echo "$arguments"
        # shellcheck disable=SC2086
        run -2 polyhebb plot grid.h5 -o bad -f svg $arguments
        [[ "$output" == *"$words"* ]]
    done <<END
-F curves --inset 0.2:0.3|--inset 0.2:0.3: expected numbers XMIN:XMAX,YMIN:YMAX and perhaps a corner
-F curves --inset 0.2:nan,0:1|expected numbers XMIN:XMAX,YMIN:YMAX
-F curves --inset 0.2:0.3,0:1,middle|top-left, top-right, bottom-left or bottom-right
-F curves --inset 0.3:0.2,0:1|--inset 0.3:0.2,0:1: expected the smaller of two numbers first
-F curves --inset 2:3,0:1|along dilution 2 to 3 was asked for, expected a part of the
-F map --inset 0.2:0.3,0.1:0.9|along noise 0.1 to 0.9 was asked for, expected a part of the
-F curves --inset 0.25:0.25000000001,0:0.1|--inset: along dilution 0.25 to 0.25000000001 is too narrow
-F curves --inset 0.22:0.48,-0.2:0.5|in every corner it would lie upon the part that it enlarges
--inset 0.2:0.3,0:0.1|--inset is of one figure, here there are 2 ('curves', 'map'): choose one by --figure
-F overlaps -p dilution=0.2,noise=0.05 --inset 1:2,1:2|figure 'overlaps' has no inset, expected with --inset one of curves, map, quantity, diagram
END
    [ -z "$(ls | grep bad)" ]
}
