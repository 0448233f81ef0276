# SPDX-License-Identifier: GPL-3.0-or-later
# Colour maps: one panel a pattern, one cell a grid point with its true edges; points without data
# stay white, undecided ones are hatched. Columns of the data, one block a pattern: x, y, four edges, value,
# whether it is undecided.
# labels[p] says where |m| is drawn in place of m.
# Theories stand below their patterns, or in pairs beside them; cells in a block a pattern, those of
# theory after all others. Colours mean the same in all panels, or in a pattern and its theory (own_scale).
rows = pairs ? patterns : (patterns + columns - 1) / columns * (1 + theory)
pixels_scale = (own_scale ? 75 : 0) * grown # of the colours beside each panel
pixels_left = (75 + more_left + 7 * y_longest) * grown; pixels_right = (own_scale ? 100 : 105) * grown
pixels_bottom = (65 + (paper > 0 && undecided ? 14 : 0)) * grown
pixels_top = (figure_title eq '' ? 40 : 70) * grown + title_more
wide = panel_wide(pairs ? 420 : patterns == 1 ? 480 : 340 + pixels_scale)
high = pairs && paper > 0 ? panel_wide(0) * 0.85 : panel_high(pairs ? 340 : patterns == 1 ? 400 : 300)
width = pixels_left + pixels_right + columns * wide
height = pixels_top + pixels_bottom + rows * high + (rows - 1) * 35
# Each cell reaches one pixel beneath its neighbours, or smoothed edges would show as fine lines.
past_x(x) = x_log ? x * (x_max / x_min) ** 0.003 : x + (x_max - x_min) * 0.003
past_y(y) = y_log ? y * (y_max / y_min) ** 0.003 : y + (y_max - y_min) * 0.003
set xrange [x_min:x_max]
set yrange [y_min:y_max]
if (x_log) { set logscale x }
if (y_log) { set logscale y }
set border 31 linewidth 1 linecolor rgb '#333333' front
set tics nomirror out scale 0.6 front
unset key
hatched = monochrome ? '#000000' : '#999999'

# Which pattern panel k is of, and whether it is its theory.
find_panel = 'row = (k - 1) / columns; column = (k - 1) % columns; \
    below = theory && (pairs ? column == 1 : row % 2 == 1); \
    p = pairs ? row + 1 : (theory ? row / 2 : row) * columns + column + 1'
# What a panel shows, and its inset.
drawn = "data index p - 1 + (below ? patterns : 0) using 1:2:3:(past_x($4)):5:(past_y($6)):7 with boxxyerror \
    fillcolor palette fillstyle solid 1 noborder notitle, \
    data index p - 1 using ($8 > 0 && !below ? $1 : NaN):2:3:4:5:6 with boxxyerror \
    linecolor rgb hatched fillstyle transparent pattern 4 noborder notitle, \
    for [l = 1:lines_count] lines_data index lines_index + l - 1 \
    using 1:2 with lines linestyle 100 + l notitle"

do for [format in formats] {
    eval terminal(format)
    set output output_of(format)
    # Where the values are too many for tics, five labels or so.
    if (!x_log && x_values eq '') {
        step = (x_max - x_min) / 5.0
        unit = 10 ** floor(log10(step))
        set xtics unit * (step > 5 * unit ? 10 : step > 2 * unit ? 5 : step > unit ? 2 : 1)
    }
    if (x_values ne '') { eval 'set xtics '.x_values }
    if (y_values ne '') { eval 'set ytics '.y_values }
    if (x_tics ne '') { eval 'set xtics '.x_tics }
    set multiplot layout rows, columns title figure_title noenhanced font title_font(format) \
        margins screen real(pixels_left) / width, screen 1 - real(pixels_right) / width, \
                screen real(pixels_bottom) / height, screen 1 - real(pixels_top) / height \
        spacing screen (25.0 + pixels_scale) / width, screen 70.0 / height
    do for [k = 1:rows * columns] {
        eval find_panel
        if (p > patterns) { set multiplot next; continue }
        set title (below ? 'theory' : labels[p]) noenhanced offset 0, -0.4
        set ylabel (column == 0 ? y_label : '')
        set format y (column == 0 ? number_format : '')
        if (y_tics ne '') { eval 'set ytics '.(column == 0 ? y_tics : y_blank) }
        last = pairs ? row == rows - 1 : p + columns > patterns && (below || !theory)
        set xlabel (last ? x_label : '')
        if (undecided && k == 1) {
            set label 1 'hatched: undecided' at screen 6.0 / width, screen 10.0 * grown / height left front
        } else {
            unset label 1
        }
        set cbrange [value_min[p]:value_max[p]]
        if (own_scale) {
            pitch = (width - pixels_left - pixels_right + 25.0 + pixels_scale) / columns
            tall = (height - pixels_top - pixels_bottom - (rows - 1) * 70.0) / rows
            set colorbox vertical user \
                origin screen (pixels_left + column * pitch + pitch - 25.0 - pixels_scale + 10.0) / width, \
                screen (pixels_bottom + (rows - 1 - row) * (tall + 70.0)) / height \
                size screen 12.0 / width, screen tall / height
            step = (value_max[p] - value_min[p]) / 4; unit = 10 ** floor(log10(step))
            set cbtics unit * (step > 5 * unit ? 10 : step > 2 * unit ? 5 : step > unit ? 2 : 1)
            set cblabel (column == columns - 1 || p == patterns ? value_label : '')
        } else { if (k == (pairs ? 2 : columns)) {
            set colorbox vertical user origin screen 1 - (pixels_right - 20.0) / width, \
                screen real(pixels_bottom) / height \
                size screen 16.0 / width, screen 1 - real(pixels_top + pixels_bottom) / height
            set cblabel value_label
        } else {
            unset colorbox
        } }
        eval inset_frame
        plot @drawn
    }
    if (inset) {
        unset colorbox
        apart = 25.0 + pixels_scale; above = 70.0
        do for [k = 1:rows * columns] {
            eval find_panel
            if (p > patterns) { continue }
            set cbrange [value_min[p]:value_max[p]]
            eval inset_of_layout
            eval inset_begin
            plot @drawn
        }
        eval inset_end
    }
    unset multiplot
    set output
}
