# SPDX-License-Identifier: GPL-3.0-or-later
# Curves along the noise from the records of all noises together: a panel a quantity, a colour a
# series; bands of one error, exact sums as dotted lines, and points of single noises with their
# errors. Blocks of the data: (panel, series), curve and points.
# `note` is '' or a line below the legend.
curve(i, s) = 2 * ((i - 1) * series + s - 1)
columns = narrow ? 1 : panels > 2 ? 2 : panels
rows = (panels + columns - 1) / columns
pixels_left = (95 + more_left) * grown; pixels_right = 20 * grown
pixels_top = (figure_title eq '' ? 15 : 40) * grown + title_more
width = pixels_left + pixels_right + columns * panel_wide(470)
key_rows = int(ceil((series + exact + 1) * 230.0 / width))
if (paper > 0) { key_rows = int(ceil((series + exact + 1.0) / per_row(24))) }
pixels_note = note eq '' ? 0 : 24
pixels_bottom = (90 + 20 * key_rows + pixels_note) * grown
height = pixels_top + pixels_bottom + panel_high(340) * rows + 70 * (rows - 1)
set style fill transparent solid 0.25 noborder
# gnuplot goes once through loops over data that should be empty, so they are left out by macros.
lines = ''
keys = ''
if (exact) {
    lines = ", for [s = 1:series] data index curve(i, s) using 1:5 with lines linewidth 1.4 \
        dashtype (2, 4) linecolor rgb '#333333' notitle"
    keys = ", keyentry with lines linecolor rgb '#333333' linewidth 1.4 dashtype (2, 4) title 'exact sums'"
}

do for [format in formats] {
    eval terminal(format)
    set output output_of(format)
    unset key
    set lmargin -1; set rmargin -1; set bmargin -1; set tmargin -1
    set xrange [x_min:x_max]
    set border 31 linewidth 1 linecolor rgb '#333333'
    set xtics nomirror out scale 0.6
    set ytics nomirror out scale 0.6
    set grid ytics linecolor rgb '#e4e4e4' linewidth 1 linetype 1
    set bars 0.6
    set pointintervalbox 0
    set multiplot layout rows, columns title figure_title noenhanced font title_font(format) \
        margins screen real(pixels_left) / width, screen 1 - real(pixels_right) / width, \
                screen real(pixels_bottom) / height, screen 1 - real(pixels_top) / height \
        spacing screen (90.0 + more_left) / width, screen 70.0 / height
    do for [i = 1:panels] {
        set xlabel x_label
        set ylabel y_labels[i]
        set yrange [*:*]
        plot for [s = 1:series] data index curve(i, s) using 1:3:4 with filledcurves \
                 fillcolor rgb colour(s) notitle, \
             for [s = 1:series] data index curve(i, s) using 1:2 with lines linewidth 1.6 \
                 linecolor rgb colour(s) dashtype dash(s) notitle, \
             for [s = 1:series] data index curve(i, s) + 1 using 1:2:3 with yerrorbars \
                 linewidth 1.2 linecolor rgb colour(s) pointtype marker(s) pointsize 0.75 notitle @lines
    }
    # The legend has a panel of its own, as wide as the figure.
    set lmargin at screen 0.02
    set rmargin at screen 0.98
    set bmargin at screen 0
    set tmargin at screen 0.1
    if (note ne '') {
        set label note at screen 0.5, screen 14.0 / height center
    }
    set key at screen 0.5, screen (10.0 + pixels_note) / height center bottom horizontal Left \
        reverse maxrows key_rows samplen 2 width 1
    unset title; unset xlabel; unset ylabel; unset xtics; unset ytics; unset border; unset grid
    set yrange [0:1]
    plot NaN notitle, \
         for [s = 1:series] keyentry with lines linewidth 2 linecolor rgb colour(s) dashtype dash(s) \
             title series_titles[s], \
         keyentry with points linecolor rgb '#333333' pointtype 7 pointsize 0.75 \
             title 'rungs, or points, alone' @keys
    unset multiplot
    unset label
    set output
}
