# SPDX-License-Identifier: GPL-3.0-or-later
# One quantity: panels, in each one colour a series; simulation as points with error bars, exact sums
# as lines, theory of the wells and others as broken lines. Blocks of the data: (panel, series). Open
# symbols: estimates whose error is not known.
with_error(m, error) = error eq 'NaN' ? NaN : m
without_error(m, error) = error eq 'NaN' ? m : NaN
block(i, s) = (i - 1) * series + s - 1
rows = (panels + columns - 1) / columns
pixels_left = (95 + more_left) * grown; pixels_right = 20 * grown
eval wrap_panels
pixels_top = ((figure_title eq '' ? 15 : 40) + (panels == 1 ? 0 : 30)) * grown + title_more + panels_more
width = pixels_left + pixels_right + columns * panel_wide(panels == 1 ? 560 : 370)
key_rows = int(ceil((series + (exact > 0) + (theory > 0) + (flow > 0) + (step > 0) + (infinite > 0) + limited + open) * entry / width))
if (paper > 0) {
    longest = 19
    do for [s = 1:series] { longest = longer(longest, strlen(series_titles[s])) }
    key_rows = int(ceil((series + (exact > 0) + (theory > 0) + (flow > 0) + (step > 0) + (infinite > 0) + limited + open) * 1.0 / per_row(longest)))
}
pixels_bottom = (75 + 20 * key_rows) * grown
height = pixels_top + pixels_bottom + rows * panel_high(panels == 1 ? 340 : 270) + (rows - 1) * (35 + panels_more)
# gnuplot goes once through loops over data that should be empty, so they are left out by macros.
lines = ''
keys = ''
line(column, style) = column == 0 ? '' : \
    sprintf("for [s = 1:series] data index block(i, s) using 1:%d with lines %s linecolor rgb colour(s) %s notitle, ", column, style, strstrt(style, 'dashtype') ? '' : 'dashtype dash(s)')
key_of(column, style, title) = column == 0 ? '' : \
    sprintf(", keyentry with lines linecolor rgb '#333333' %s title '%s'", style, title)
exact_style = 'linewidth 2'
theory_style = 'linewidth 1.4 dashtype (9, 5)'
flow_style = 'linewidth 1.4 dashtype (2, 3)'
step_style = 'linewidth 1.4 dashtype (9, 4, 2, 4)'
infinite_style = 'linewidth 1 dashtype (2, 2)'
line_style(k) = k == 1 ? exact_style : k == 2 ? theory_style : k == 3 ? flow_style : k == 4 ? step_style : infinite_style
lone_look(k, s) = line_style(k)." linecolor rgb '".colour(s)."'".(k == 1 ? sprintf(' dashtype %d', dash(s)) : '')
lines = line(exact, exact_style).line(theory, theory_style).line(flow, flow_style).line(step, step_style).line(infinite, infinite_style)
if (joined) { # points that follow each other, by a thin line
    lines = "for [s = 1:series] data index block(i, s) using 1:2 with lines linewidth 0.8 \
        linecolor rgb colour(s) notitle, ".lines
}
keys = key_of(exact, exact_style, 'exact sums').key_of(theory, theory_style, 'theory of the wells') \
    .key_of(flow, flow_style, 'flow').key_of(step, step_style, 'one step') \
    .key_of(infinite, infinite_style, 'infinite network')
if (limited) {
    keys = keys.", keyentry with lines linecolor rgb '#333333' linewidth 1.2 dashtype 3 title 'examples needed'"
}
if (open) {
    keys = keys.", keyentry with points linecolor rgb '#333333' pointtype 6 pointsize 0.75 \
        title 'no error known'"
}

# What a panel shows, and its inset.
drawn = "@lines \
    for [s = 1:series] data index block(i, s) using 1:2:3 with yerrorbars \
    linewidth 1.2 linecolor rgb colour(s) pointtype 0 notitle, \
    for [s = 1:series] data index block(i, s) using 1:(with_error($2, strcol(3))) with points \
    linecolor rgb colour(s) pointtype marker(s) pointsize 0.75 notitle, \
    for [s = 1:series] data index block(i, s) using 1:(without_error($2, strcol(3))) with points \
    linecolor rgb colour(s) pointtype open_marker(s) pointsize 0.75 notitle"

do for [format in formats] {
    eval terminal(format)
    set output output_of(format)
    unset key
    set lmargin -1; set rmargin -1; set bmargin -1; set tmargin -1
    set xrange [x_min:x_max]
    set yrange [y_min:y_max]
    if (x_log) { set logscale x }
    if (y_log) { set logscale y }
    if (x_tics ne '') { eval 'set xtics '.x_tics }
    set border 31 linewidth 1 linecolor rgb '#333333'
    set xtics nomirror out scale 0.6
    if (!x_log && x_tics eq '') { eval across }
    set ytics nomirror out scale 0.6
    if (!y_log) { eval upwards }
    set grid ytics linecolor rgb '#e4e4e4' linewidth 1 linetype 1
    set bars 0.6
    set pointintervalbox 0
    set multiplot layout rows, columns title figure_title noenhanced font title_font(format) \
        margins screen real(pixels_left) / width, screen 1 - real(pixels_right) / width, \
                screen real(pixels_bottom) / height, screen 1 - real(pixels_top) / height \
        spacing screen 25.0 / width, screen (70.0 + panels_more) / height
    do for [i = 1:panels] {
        set title panel_titles[i] offset 0, -0.4
        set ylabel ((i - 1) % columns == 0 ? y_label : '') noenhanced
        set format y ((i - 1) % columns == 0 ? number_format : '')
        set xlabel (i + columns > panels ? x_label : '')
        do for [s = 1:series] {
            if (limited) {
                unset arrow s
                limit = limits[(i - 1) * series + s]
                if (limit >= x_min && limit <= x_max) {
                    set arrow s from first limit, graph 0 to first limit, graph 1 nohead back \
                        linewidth 1.2 dashtype 3 linecolor rgb colour(s)
                }
            }
        }
        eval inset_frame
        eval lone_dashes_of_panel
        plot @drawn
    }
    if (inset) {
        unset arrow
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
        maxrows key_rows samplen 2 width 1
    unset logscale; set xrange [0:1]; set yrange [0:1]
    unset title; unset xlabel; unset ylabel; unset xtics; unset ytics; unset border; unset grid
    plot NaN notitle, \
         for [s = 1:series] keyentry with @series_key linecolor rgb colour(s) \
             dashtype dash(s) pointtype marker(s) pointsize 1.1 title series_titles[s] @keys
    unset multiplot
    set output
}
