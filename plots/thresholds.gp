# SPDX-License-Identifier: GPL-3.0-or-later
# Thresholds of learning: one panel a value of the second axis, one colour a pattern; relative as
# solid lines, absolute dashed; no line: never. Blocks of the data: (panel, pattern).
# Without colours patterns have the dashes, and absolute thresholds are thin.
absolute_width = monochrome ? 0.8 : 2
absolute_dash(p) = monochrome ? dash(p) : 2
lone_look(k, p) = sprintf("linewidth %g dashtype %s linecolor rgb '%s'", k == 1 ? 2 : absolute_width, \
    k == 1 || monochrome ? sprintf('%d', dash(p)) : '(5, 4)', colour(p))
block(i, p) = (i - 1) * patterns + p - 1
rows = (panels + columns - 1) / columns
pixels_left = (85 + more_left) * grown; pixels_right = 20 * grown; pixels_bottom = (paper > 0 ? 75 + 20 * int(ceil((patterns + 2.0) / per_row(10))) : 115) * grown
eval wrap_panels
pixels_top = ((figure_title eq '' ? 15 : 40) + (panels == 1 ? 0 : 30)) * grown + title_more + panels_more
width = pixels_left + pixels_right + columns * panel_wide(panels == 1 ? 560 : 370)
height = pixels_top + pixels_bottom + rows * panel_high(panels == 1 ? 340 : 270) + (rows - 1) * (35 + panels_more)

do for [format in formats] {
    eval terminal(format)
    set output output_of(format)
    unset key
    set lmargin -1; set rmargin -1; set bmargin -1; set tmargin -1
    set xrange [x_min:x_max]
    set yrange [y_min:y_max]
    set logscale y
    if (x_log) { set logscale x }
    if (x_tics ne '') { eval 'set xtics '.x_tics }
    set border 31 linewidth 1 linecolor rgb '#333333'
    set xtics nomirror out scale 0.6
    set ytics nomirror out scale 0.6
    set grid ytics linecolor rgb '#e4e4e4' linewidth 1 linetype 1
    set multiplot layout rows, columns title figure_title noenhanced font title_font(format) \
        margins screen real(pixels_left) / width, screen 1 - real(pixels_right) / width, \
                screen real(pixels_bottom) / height, screen 1 - real(pixels_top) / height \
        spacing screen 25.0 / width, screen (70.0 + panels_more) / height
    do for [i = 1:panels] {
        set title panel_titles[i] offset 0, -0.4
        set ylabel ((i - 1) % columns == 0 ? y_label : '')
        set format y ((i - 1) % columns == 0 ? number_format : '')
        set xlabel (i + columns > panels ? x_label : '')
        eval lone_dashes_of_panel
        plot for [p = 1:patterns] data index block(i, p) using 1:2 with lines \
                 linewidth 2 linecolor rgb colour(p) dashtype dash(p) notitle, \
             for [p = 1:patterns] data index block(i, p) using 1:3 with lines \
                 linewidth absolute_width dashtype absolute_dash(p) linecolor rgb colour(p) notitle
    }
    unset arrow
    set lmargin at screen 0.02
    set rmargin at screen 0.98
    set bmargin at screen 0
    set tmargin at screen 0.1
    unset logscale; set yrange [0:1]; set xrange [0:1]
    set key at screen 0.5, screen 10.0 / height center bottom horizontal Left reverse \
        maxrows (paper > 0 ? int(ceil((patterns + 2.0) / per_row(10))) : 2) samplen 3 width 1 noenhanced
    unset title; unset xlabel; unset ylabel; unset xtics; unset ytics; unset border; unset grid
    plot NaN notitle, \
         for [p = 1:patterns] keyentry with lines linecolor rgb colour(p) linewidth 2 dashtype dash(p) \
             title sprintf('pattern %d', p), \
         for [k = 1:relative] keyentry with lines linecolor rgb '#333333' linewidth 2 title 'relative', \
         for [k = 1:absolute] keyentry with lines linecolor rgb '#333333' linewidth absolute_width \
             dashtype absolute_dash(1) title 'absolute'
    unset multiplot
    set output
}
