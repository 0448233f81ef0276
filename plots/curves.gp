# SPDX-License-Identifier: GPL-3.0-or-later
# Curves: one panel a value of the second axis, one colour a pattern; simulation as points with
# error bars of one standard error, theory as lines: of the infinite network and, where patterns are drawn,
# of the very samples; learning from examples: also the Gaussian limit of the examples, and over numbers of
# examples their thresholds. Blocks of the data: (panel, pattern), first simulation, then theory; last the
# thresholds (panel, pattern). Open symbols: estimates whose error is not known, or that the comparison leaves
# undecided; labels[p] says where |m| is drawn in place of m.
# The error as text: an expression with a number that is NaN is undefined altogether.
filled(m, error, undecided) = error eq 'NaN' || undecided > 0 ? NaN : m
hollow(m, error, undecided) = error eq 'NaN' || undecided > 0 ? m : NaN
open = no_error || undecided
block(i, p) = 2 * ((i - 1) * patterns + p - 1)
threshold(i, p) = 2 * panels * patterns + (i - 1) * patterns + p - 1
rows = (panels + columns - 1) / columns
pixels_left = (75 + more_left) * grown; pixels_right = 20 * grown
eval wrap_panels
pixels_top = ((figure_title eq '' ? 15 : 40) + (panels == 1 ? 0 : 30)) * grown + title_more + panels_more
width = pixels_left + pixels_right + columns * panel_wide(panels == 1 ? 560 : 370)
longest = no_error && undecided ? 40 : learning ? 30 : 27 # letters of the legend
key_rows = int(ceil((patterns + 1.0 + theory + samples + learning + 2 * thresholds + open) / (paper > 0 ? per_row(longest) : longer(1, floor(width / (longest == 40 ? 415.0 : 315.0))))))
pixels_bottom = (75 + 20 * key_rows) * grown
height = pixels_top + pixels_bottom + rows * panel_high(panels == 1 ? 340 : 270) + (rows - 1) * (35 + panels_more)
# gnuplot goes once through loops over data that should be empty, so they are left out by macros.
more_lines = ''
more_keys = ''
if (thresholds) {
    more_keys = ", keyentry with lines linecolor rgb '#333333' linewidth 1.2 dashtype (3, 3) \
        title 'threshold, relative', keyentry with lines linecolor rgb '#333333' \
        linewidth 1.2 dashtype (14, 4, 3, 4) title 'threshold, absolute'"
    more_lines = more_lines."for [p = 1:patterns] data index threshold(i, p) using 1:(y_min):(0):(y_max - y_min) \
        with vectors nohead linewidth 1.2 dashtype (3, 3) linecolor rgb colour(p) notitle, \
        for [p = 1:patterns] data index threshold(i, p) using 2:(y_min):(0):(y_max - y_min) \
        with vectors nohead linewidth 1.2 dashtype (14, 4, 3, 4) linecolor rgb colour(p) notitle, "
}
# Words have no values between them: there the theory is a dash at each.
words = x_tics ne ''
dashes(c) = sprintf(words ? "using ($1 - 0.3):%d:(0.6):(0) with vectors nohead" : "using 1:%d with lines", c)
theory_line = dashes(2)
gaussian_line = dashes(3)
samples_line = dashes(5)
lone_look(k, p) = k == 1 ? sprintf("linewidth 2 dashtype %d linecolor rgb '%s'", dash(p), colour(p)) : \
    k == 2 ? "linewidth 1.4 dashtype (9, 5) linecolor rgb '".colour(p)."'" : "linewidth 0.8 linecolor rgb '#888888'"
if (learning) {
    more_keys = ", keyentry with lines linecolor rgb '#333333' linewidth 1.4 dashtype (9, 5) \
        title 'Gaussian limit of the examples'".more_keys
    more_lines = more_lines."for [p = 1:patterns] data index block(i, p) + 1 ".gaussian_line."  \
        linewidth 1.4 dashtype (9, 5) linecolor rgb colour(p) notitle, "
}
if (samples) {
    more_keys = ", keyentry with lines linecolor rgb '#888888' linewidth 0.8 title 'theory of the samples'".more_keys
    more_lines = more_lines."for [p = 1:patterns] data index block(i, p) ".samples_line."  \
        linewidth 0.8 linecolor rgb '#888888' notitle, "
}
if (open) {
    open_title = no_error && undecided ? 'undecided, or no error known' : undecided ? 'undecided' : 'no error known'
    more_keys = ", keyentry with points linecolor rgb '#333333' pointtype 6 pointsize 0.75 \
        title 'simulation, '.open_title".more_keys
}

# What a panel shows, and its inset.
drawn = "for [p = 1:patterns] data index block(i, p) + 1 @theory_line \
    linewidth 2 linecolor rgb colour(p) dashtype dash(p) notitle, \
    @more_lines \
    for [p = 1:patterns] data index block(i, p) using 1:2:3 with yerrorbars \
    linewidth 1.2 linecolor rgb colour(p) pointtype -1 notitle, \
    for [p = 1:patterns] data index block(i, p) using 1:(filled($2, strcol(3), $4)) with points \
    linecolor rgb colour(p) pointtype marker(p) pointsize 0.75 notitle, \
    for [p = 1:patterns] data index block(i, p) using 1:(hollow($2, strcol(3), $4)) with points \
    linecolor rgb colour(p) pointtype open_marker(p) pointsize 0.75 notitle"

do for [format in formats] {
    eval terminal(format)
    set output output_of(format)
    unset key
    set lmargin -1; set rmargin -1; set bmargin -1; set tmargin -1
    set xrange [x_min:x_max]
    set yrange [y_min:y_max]
    if (x_log) { set logscale x }
    if (x_values ne '') { eval 'set xtics '.x_values }
    if (x_tics ne '') { eval 'set xtics '.x_tics }
    set border 31 linewidth 1 linecolor rgb '#333333'
    set xtics nomirror out scale 0.6
    if (!x_log && x_values eq '' && x_tics eq '') { eval across }
    set ytics nomirror out scale 0.6
    eval upwards
    set grid ytics linecolor rgb '#e4e4e4' linewidth 1 linetype 1
    set bars 0.6
    set pointintervalbox 0
    set multiplot layout rows, columns title figure_title noenhanced font title_font(format) \
        margins screen real(pixels_left) / width, screen 1 - real(pixels_right) / width, \
                screen real(pixels_bottom) / height, screen 1 - real(pixels_top) / height \
        spacing screen 25.0 / width, screen (70.0 + panels_more) / height
    do for [i = 1:panels] {
        set title panel_titles[i] offset 0, -0.4
        set ylabel ((i - 1) % columns == 0 ? y_label : '')
        set format y ((i - 1) % columns == 0 ? number_format : '')
        set xlabel (i + columns > panels ? x_label : '')
        eval inset_frame
        eval lone_dashes_of_panel
        plot @drawn
    }
    if (inset) {
        apart = 25.0; above = 70.0 + panels_more
        do for [i = 1:panels] {
            row = (i - 1) / columns; column = (i - 1) % columns
            eval inset_of_layout
            eval inset_begin
            eval lone_dashes_of_inset
            plot @drawn
        }
        eval inset_end
    }
    unset arrow
    # The legend has a panel of its own, as wide as the figure.
    set lmargin at screen 0.02
    set rmargin at screen 0.98
    set bmargin at screen 0
    set tmargin at screen 0.1
    set key at screen 0.5, screen 10.0 / height center bottom horizontal Left reverse \
        maxrows key_rows samplen 2 width 1 noenhanced
    unset title; unset xlabel; unset ylabel; unset xtics; unset ytics; unset border; unset grid
    plot NaN notitle, \
         for [p = 1:patterns] keyentry with @series_key linecolor rgb colour(p) \
             dashtype dash(p) pointtype marker(p) pointsize 1.1 title labels[p], \
         keyentry with yerrorbars linecolor rgb '#333333' pointtype 7 \
             pointsize 0.75 linewidth 1.2 title 'simulation '.(tex ? '$\pm$' : '±').' standard error', \
         for [p = 1:theory] keyentry with lines linecolor rgb '#333333' linewidth 2 \
             title (samples || sizes ? 'theory, infinite network' : 'theory') @more_keys
    unset multiplot
    set output
}
