# SPDX-License-Identifier: GPL-3.0-or-later
# Overlaps of patterns with each other, a cell a pair: blue below 0, red above; the diagonal, which
# is on no scale, in grey. Data: a matrix, row and column a pattern.
cells = count < 4 ? 160 : count <= 12 ? 46 * count : 480
pixels_left = (70 + more_left) * grown; pixels_right = 105 * grown
if (paper > 0) { # cells that fit, texts in several lines
    cells = paper - pixels_left - pixels_right < 480 ? paper - pixels_left - pixels_right : 480
    sample = wrapped(sample, int(paper / (7.6 * grown)))
    facts = wrapped(facts, int(paper / (7.6 * grown)))
}
pixels_facts = 18 * ends(facts) * grown
pixels_bottom = 106 * grown + pixels_facts
pixels_top = (figure_title eq '' ? 35 : 60) * grown + title_more + 18 * ends(sample) * grown
width = real(pixels_left + cells + pixels_right)
least = letter * (strlen(facts) > strlen(sample) ? strlen(facts) : strlen(sample)) + 20
title_width = 9.4 * grown * strlen(figure_title) + 20
width = width < least ? real(ceil(least)) : width
width = paper > 0 ? paper : width < title_width ? real(ceil(title_width)) : width
height = real(pixels_top + cells + pixels_bottom)
left = floor((width - pixels_left - cells - pixels_right) / 2.0) + pixels_left
set palette defined (-1 '#2166ac', -0.5 '#92c5de', 0 '#ffffff', 0.5 '#f4a582', 1 '#b2182b')
if (monochrome) { set palette defined (-1 '#ffffff', 1 '#303030') }
set cbrange [-value_max:value_max]
set cblabel 'overlap of two patterns'
set colorbox vertical user origin screen (left + cells + 14.0) / width, screen pixels_bottom / height \
    size screen 16.0 / width, screen cells / height
set lmargin at screen left / width
set rmargin at screen (left + cells) / width
set bmargin at screen pixels_bottom / height
set tmargin at screen (pixels_bottom + cells) / height
set border 31 linewidth 1 linecolor rgb '#333333' front
set xrange [-0.5:count - 0.5]
set yrange [count - 0.5:-0.5]
set xlabel pattern_label offset 0, 0.3
set ylabel pattern_label
set tics nomirror out scale 0.5 front
unset key
# Every pattern has its number where there is room for it.
step = count <= 20 ? 1 : count <= 50 ? 5 : count <= 100 ? 10 : 50
set xtics ()
set ytics ()
do for [k = step:count:step] {
    set xtics add (names[k] k - 1)
    set ytics add (names[k] k - 1)
}
off(i, j, value) = i == j ? NaN : value
# Numbers are white on dark cells; read in single precision, 0.265 would be shown as 0.26.
number_form = tex ? '$%.2f$' : '%.2f'
diagonal = monochrome ? 'pattern 4' : 'solid 1'
ink(i, j, value) = i != j && (monochrome ? value > 0.1 * value_max : abs(value) > 0.7 * value_max) ? 0xffffff : 0x000000

do for [format in formats] {
    eval terminal(format)
    set output output_of(format)
    set label 1 figure_title at screen 0.5, screen 1 - 20.0 / height center noenhanced \
        font title_font(format)
    set label 2 sample at screen 0.5, screen 1 - (pixels_top - 16.0) / height center noenhanced
    set label 3 facts at screen 0.5, screen (34.0 + pixels_facts) / height center noenhanced
    set label 4 (monochrome ? 'hatched' : 'grey').': share of entries that are not blank' at screen 0.5, screen 16.0 / height \
        center noenhanced
    if (count <= 64) {
        plot data matrix using 1:2:($1 - 0.5):($1 + 0.54):($2 - 0.5):($2 + 0.54):(off($1, $2, $3)) \
                 with boxxyerror fillcolor palette fillstyle solid 1 noborder, \
             data matrix using ($1 == $2 ? $1 : NaN):2:($1 - 0.5):($1 + 0.5):($2 - 0.5):($2 + 0.5) \
                 with boxxyerror fillcolor rgb '#d0d0d0' fillstyle @diagonal noborder, \
             data matrix using 1:2:(numbers && (paper == 0 || cells / count > 36 * grown) ? sprintf(number_form, 1.000001 * $3) : ''):(ink($1, $2, $3)) \
                 with labels textcolor rgb variable
    } else {
        plot data matrix using 1:2:(off($1, $2, $3)) with image
    }
    set output
}
