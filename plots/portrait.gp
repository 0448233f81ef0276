# SPDX-License-Identifier: GPL-3.0-or-later
# The plane of two magnetizations: basins of the infinite network's flow as colours, arrows where it
# goes, flows from the starts as thick lines, chains as thin ones from their start (open circle), and the
# states in which flows end (dots). Blocks of the data: basins, arrows, states, a flow a start, a chain each;
# a row of NaN where a block has nothing.
wide = paper > 0 ? paper - 95 * grown : 470
pixels_left = (75 + more_left) * grown; pixels_right = 20 * grown
key_rows = narrow ? 5 : 3
pixels_bottom = (60 + 20 * key_rows) * grown
pixels_top = (figure_title eq '' ? 15 : 45) * grown + title_more
width = paper > 0 ? paper : pixels_left + wide + pixels_right
wide = width - pixels_left - pixels_right
title_width = 9.4 * grown * strlen(figure_title) + 20
left = pixels_left
if (paper == 0 && width < title_width) {
    width = ceil(title_width)
    left = pixels_left + floor((width - pixels_left - wide - pixels_right) / 2.0)
}
height = pixels_top + pixels_bottom + wide
shades = '#fde3c8 #cfe3f5 #d3ecd9 #f3d3e4 #fbf3bf #d5d5ea #dceff0 #e8e0d2'
if (monochrome) { shades = '#f4f4f4 #dcdcdc #c4c4c4 #ececec #b4b4b4 #d0d0d0 #e4e4e4 #bcbcbc' }
count = ends > 0 ? ends : 1
set palette maxcolors count
define = ''
do for [k = 1:count] {
    define = define.sprintf("%s%g '%s', %g '%s'", k > 1 ? ', ' : '', k - 1.0, word(shades, (k - 1) % 8 + 1), k - 0.0, word(shades, (k - 1) % 8 + 1))
}
eval 'set palette defined ('.define.')'
set cbrange [0.5:count + 0.5]
unset colorbox
set xrange [low:high]
set yrange [low:high]
set xlabel x_label
set ylabel y_label
set border 31 linewidth 1 linecolor rgb '#333333' front
set tics nomirror out scale 0.6 front
chain_colour = monochrome ? '#5c5c5c' : '#0072B2'
flow_colour = monochrome ? '#000000' : '#D55E00'
length(dx, dy) = sqrt(dx * dx + dy * dy)
scaled(dx, dy) = arrow * 0.8 * length(dx, dy) / (length(dx, dy) + 0.05) / (length(dx, dy) + 1e-9)

do for [format in formats] {
    eval terminal(format)
    set output output_of(format)
    set lmargin at screen real(left) / width
    set rmargin at screen real(left + wide) / width
    set bmargin at screen real(pixels_bottom) / height
    set tmargin at screen real(pixels_bottom + wide) / height
    set label 1 figure_title at screen 0.5, screen 1 - 22.0 * grown / height center noenhanced \
        font title_font(format)
    set key at screen 0.5, screen 8.0 / height bottom center vertical Left reverse maxrows key_rows \
        samplen 2 width 1 noenhanced
    plot data index 0 using 1:2:($1 - cell / 2):($1 + 0.55 * cell):($2 - cell / 2):($2 + 0.55 * cell):3 \
             with boxxyerror fillcolor palette fillstyle solid 1 noborder notitle, \
         data index 1 using 1:2:($3 * scaled($3, $4)):($4 * scaled($3, $4)) with vectors \
             head size screen 0.008, 20 filled linewidth 0.8 linecolor rgb '#888888' notitle, \
         for [c = 1:chains] data index 2 + starts + c using 1:2 with lines \
             linewidth 0.8 linecolor rgb chain_colour notitle, \
         for [s = 1:starts] data index 2 + s using 1:2 with lines \
             linewidth 2.2 linecolor rgb flow_colour notitle, \
         for [c = 1:chains] data index 2 + starts + c using 1:2 every ::0::0 with points \
             pointtype 6 pointsize 0.8 linecolor rgb chain_colour notitle, \
         data index 2 using 1:2 with points pointtype 7 pointsize 1.1 linecolor rgb 'black' notitle, \
         keyentry with lines linewidth 0.8 linecolor rgb chain_colour title 'chains, from their start', \
         keyentry with lines linewidth 2.2 linecolor rgb flow_colour title 'flow from a start', \
         keyentry with points pointtype 7 pointsize 1.1 linecolor rgb 'black' title 'where flows end', \
         keyentry with boxes fillcolor rgb word(shades, 1) fillstyle solid 1 noborder title 'basin of an end', \
         keyentry with lines linewidth 0.8 linecolor rgb '#888888' title 'direction of the flow'
    set output
}
