# SPDX-License-Identifier: GPL-3.0-or-later
# Phase diagram: regions of the ground state and of the state reached from the start, one colour a
# label; lines where the ground state changes (solid) and where metastable states end (dashed).
array shades[6]
shades[1] = '#eeeeee'
shades[2] = '#ffe680'
shades[3] = '#c6dbef #9ecae1 #6baed6 #4a98c9 #3a87bd #2b76b0 #2068a3 #165a95 #0e4c86 #083f76'
shades[4] = '#fdd0a2 #fdae6b #fb9a4b #f4873a #e8752b #d9651f #c75717 #b44a11 #a03e0d #8c340a'
shades[5] = '#c7e9c0 #a1d99b #7fca86 #62ba74 #48a863 #349453 #258045 #1a6d38 #115a2d #0a4823'
shades[6] = '#dadaeb #c7c7e2 #b4b2d6 #a29fca #918dbf #807bb4 #7069a8 #61589c #534990 #463b83'
least(c) = c < 3 ? 1 : c < 5 ? 2 : 3
shade(l) = word(shades[label_class[l] + 1], label_count[l] - least(label_class[l] + 1) + 1 > 0 ? \
    label_count[l] - least(label_class[l] + 1) + 1 : 1)
# Without colours greys (pattern 3 is all one) and hatches, in the order of the labels.
mono_fill = 'ffffff:3 dedede:3 8a8a8a:4 b4b4b4:3 8a8a8a:5 949494:3 a0a0a0:1 a0a0a0:2 8a8a8a:6 8a8a8a:7 eeeeee:3 c8c8c8:3 505050:4 505050:5 505050:1 747474:3'
fill(l) = word(mono_fill, (l - 1) % words(mono_fill) + 1)
pattern(l) = monochrome ? int(fill(l)[8:]) : 3
if (monochrome) { shade(l) = '#'.fill(l)[1:6] }
initial(l) = label_class[l] == 0 ? 'P' : label_class[l] == 1 ? '1' : \
    sprintf(tex ? '$\mathrm{%s}_{%d}$' : '%s_{%d}', substr('..HSTM', label_class[l] + 1, label_class[l] + 1), label_count[l])
place(l, fit) = fit == 2 ? label_text[l] : initial(l)

# In a narrow figure one panel above the other. The legend is beside the panels, or, where it would not fit there (gnuplot
# leaves out what does not), below them in columns. Lines are 22 pixels at spacing 1, no closer than legend_closest.
# Without a width there are legend_high pixels beside the panels, and columns in page_wide below them.
legend_high = 450.0; legend_closest = 0.88; page_wide = 1000
entries = labels
do for [k = 1:7] { entries = entries + line_used[k] }
pixels_left = (75 + more_left + 7 * y_longest) * grown; pixels_between = 45
key_beside = 205 * grown
key_high = paper == 0 ? legend_high : (paper - pixels_left - key_beside - pixels_between) / 2 * 400.0 / 440
key_room = key_high / (22 * grown * entries) # of spacing
key_below = narrow || key_room < legend_closest
key_spacing = !key_below && key_room < 1.15 ? key_room : 1.15
key_columns = narrow ? 2 : longer(1, floor((paper > 0 ? paper : page_wide) / key_beside))
key_rows = (entries + key_columns - 1) / key_columns
pixels_right = key_below ? 20 * grown : key_beside; pixels_bottom = (key_below ? 80 + 20 * key_rows : 65) * grown
pixels_top = (figure_title eq '' ? 40 : 70) * grown + title_more
panel_wide = paper == 0 ? 440 : narrow ? paper - pixels_left - pixels_right : (paper - pixels_left - pixels_right - pixels_between) / 2
panel_high = paper == 0 ? 400 : panel_wide * (narrow ? 0.75 : 400.0 / 440)
pixels_above = panel_high + 75 * grown # of the upper panel over the lower
width = paper > 0 ? paper : pixels_left + pixels_right + 2 * panel_wide + pixels_between
height = pixels_top + pixels_bottom + panel_high + (narrow ? pixels_above : 0)
past_x(x) = x < x_max ? (x_log ? x * (x_max / x_min) ** 0.003 : x + (x_max - x_min) * 0.003) : x
past_y(y) = y < y_max ? (y_log ? y * (y_max / y_min) ** 0.003 : y + (y_max - y_min) * 0.003) : y
set xrange [x_min:x_max]
set yrange [y_min:y_max]
if (x_log) { set logscale x }
if (y_log) { set logscale y }
if (x_tics ne '') { eval 'set xtics '.x_tics }
region = monochrome ? 'fillstyle pattern pattern(l) noborder' : 'fillstyle solid 1 noborder'
set border 31 linewidth 1 linecolor rgb '#333333' front
set tics nomirror out scale 0.6 front
array line_text[7] = ['first order', 'continuous', 'crossover', 'spinodal', 'melting', 'examples part', 'example state']

# What a panel shows, and its inset.
drawn = "for [l = 1:(traced ? labels : 0)] data index (2 + p) * labels + l - 1 \
    using 1:2 with filledcurves closed fillcolor rgb shade(l) @region notitle, \
    for [l = 1:labels] data index p * labels + l - 1 \
    using 1:2:3:(past_x($4)):5:(past_y($6)) with boxxyerror fillcolor rgb shade(l) @region notitle, \
    for [l = 1:(polygons && !traced ? labels : 0)] data index (2 + p) * labels + l - 1 \
    using 1:2 with filledcurves closed fillcolor rgb shade(l) @region notitle, \
    data index lines + 2 using 1:2 with lines linestyle 100 + 3 notitle, \
    data index lines + 3 using 1:2 with lines linestyle 100 + 4 notitle, \
    data index lines + 4 using 1:2 with lines linestyle 100 + 5 notitle, \
    data index lines + 5 using 1:2 with lines linestyle 100 + 6 notitle, \
    data index lines + 6 using 1:2 with lines linestyle 100 + 7 notitle, \
    data index lines + 1 using 1:2 with lines linestyle 100 + 2 notitle, \
    data index lines using 1:2 with lines linestyle 100 + 1 notitle"

do for [format in formats] {
    eval terminal(format)
    set output output_of(format)
    set multiplot
    if (figure_title ne '') {
        set label 100 figure_title noenhanced font title_font(format) center \
            at screen (narrow ? 0.5 : (pixels_left + panel_wide + pixels_between / 2.0) / width), \
            screen 1 - 22.0 / height
    }
    do for [p = 0:1] {
        left = pixels_left + (narrow ? 0 : p * (panel_wide + pixels_between))
        below = pixels_bottom + (narrow ? (1 - p) * pixels_above : 0)
        set lmargin at screen real(left) / width
        set rmargin at screen real(left + panel_wide) / width
        set bmargin at screen real(below) / height
        set tmargin at screen real(below + panel_high) / height
        set title (p == 0 ? 'ground state' : 'reached from start: '.start) offset 0, -0.4
        set xlabel (narrow && p == 0 ? '' : x_label)
        set ylabel (narrow || p == 0 ? y_label : '')
        set format y (narrow || p == 0 ? number_format : '')
        if (y_tics ne '') { eval 'set ytics '.(narrow || p == 0 ? y_tics : y_blank) }
        do for [l = 1:labels] {
            fit = p == 0 ? ground_fit[l] : reached_fit[l]
            if (fit > 0) {
                set label l place(l, fit) center front at (p == 0 ? ground_x[l] : reached_x[l]), \
                    (p == 0 ? ground_y[l] : reached_y[l])
            }
        }
        set key off
        if (p == 1) {
            set key at screen 1 - (pixels_right - 12.0) / width, screen 1 - real(pixels_top) / height \
                top left Left reverse samplen 2 spacing key_spacing noautotitle
            if (key_below) {
                set key at screen 0.5, screen 8.0 / height bottom center vertical maxrows key_rows
            }
        }
        eval inset_frame
        # Regions between traced curves lie under the cells that are none of theirs, else upon cells.
        polygons = traced || (p == 0 && !(x_tics ne '' || y_tics ne ''))
        lines = 4 * labels + 7 * p
        plot @drawn, \
            for [l = 1:labels] NaN with boxes fillcolor rgb shade(l) @region \
                title initial(l).'  '.label_text[l], \
            NaN with lines linestyle 100 + 1 title (line_used[1] ? line_text[1] : ''), \
            NaN with lines linestyle 100 + 2 title (line_used[2] ? line_text[2] : ''), \
            NaN with lines linestyle 100 + 3 title (line_used[3] ? line_text[3] : ''), \
            NaN with lines linestyle 100 + 4 title (line_used[4] ? line_text[4] : ''), \
            NaN with lines linestyle 100 + 5 title (line_used[5] ? line_text[5] : ''), \
            NaN with lines linestyle 100 + 6 title (line_used[6] ? line_text[6] : ''), \
            NaN with lines linestyle 100 + 7 title (line_used[7] ? line_text[7] : '')
        unset label
    }
    if (inset) {
        do for [p = 0:1] {
            panel_left = pixels_left + (narrow ? 0 : p * (panel_wide + pixels_between))
            panel_below = pixels_bottom + (narrow ? (1 - p) * pixels_above : 0)
            panel_across = panel_wide; panel_up = panel_high
            eval inset_begin
            do for [l = 1:labels] {
                fit = p == 0 ? inset_ground_fit[l] : inset_reached_fit[l]
                if (fit > 0) {
                    set label l inset_text(place(l, fit)) center front font inset_font(format) at \
                        (p == 0 ? inset_ground_x[l] : inset_reached_x[l]), (p == 0 ? inset_ground_y[l] : inset_reached_y[l])
                }
            }
            lines = 4 * labels + 7 * p
            polygons = traced || (p == 0 && !(x_tics ne '' || y_tics ne ''))
            plot @drawn
            unset label
        }
        eval inset_end
    }
    unset multiplot
    set output
}
