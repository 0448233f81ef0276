# SPDX-License-Identifier: GPL-3.0-or-later
# Stable states along the noise. Left: overlap of the patterns where they are stable, over their own
# entries. Right: of one network the free energies of its stable states above the ground state, one
# colour a name; of several samples the share in which each pattern is stable. Blocks of the data:
# one a pattern, then one a name.
pixels_left = (85 + more_left) * grown; pixels_right = 20 * grown; gap = 95 + more_left
columns = narrow ? 1 : 2; rows = 3 - columns
pixels_top = ((figure_title eq '' ? 15 : 40) + 30) * grown + title_more
width = paper > 0 ? paper : pixels_left + 2 * 430 + gap + pixels_right
named = 0
do for [c = 1:classes] { named = named + (samples == 1 && class_titles[c] ne '') }
key_rows = paper > 0 ? int(ceil((drawn + named) * 1.0 / per_row(14))) : int(ceil((drawn + named) * 118.0 / width))
key_rows = key_rows < 1 ? 1 : key_rows
pixels_bottom = (75 + 20 * key_rows) * grown
height = pixels_top + pixels_bottom + rows * (narrow ? 290 : paper > 0 ? 250 : 330) + (rows - 1) * 80
cycle(p) = monochrome ? dash(p) : (p - 1) / 7 == 0 ? 1 : (p - 1) / 7 + 1
# gnuplot goes once through loops over data that should be empty, so they are left out by macros.
overlaps = drawn == 0 ? 'NaN notitle' : "for [p = 1:drawn] data index p - 1 using 1:2 with linespoints \
    linecolor rgb colour(p) dashtype cycle(p) linewidth 1.6 pointtype marker(p) pointsize 0.7 notitle"
shares = drawn == 0 ? 'NaN notitle' : "for [p = 1:drawn] data index p - 1 using 1:3 with lines \
    linecolor rgb colour(p) dashtype cycle(p) linewidth 1.2 notitle, \
    for [p = 1:drawn] data index p - 1 using 1:3:4 with yerrorbars \
    linecolor rgb colour(p) linewidth 1 pointtype marker(p) pointsize 0.7 notitle"
# The names have colours of their own, from the end of the list.
name_colour(c) = colours[7 - (c - 1) % 7]
name_marker(c) = open_markers[7 - (c - 1) % 7]
energies = "for [c = 1:classes] data index drawn + c - 1 using 1:2 with points \
    linecolor rgb name_colour(c) pointtype name_marker(c) pointsize 0.9 linewidth 1.3 notitle"
right = samples == 1 ? energies : shares
keys = drawn == 0 ? '' : ", for [p = 1:drawn] keyentry with linespoints linecolor rgb colour(p) \
    dashtype cycle(p) linewidth 1.6 pointtype marker(p) pointsize 1 title sprintf('pattern %d', numbers[p])"
do for [c = 1:classes] {
    if (samples == 1 && class_titles[c] ne '') {
        keys = keys.sprintf(", keyentry with points linecolor rgb name_colour(%d) pointtype \
            name_marker(%d) pointsize 1 linewidth 1.3 title class_titles[%d]", c, c, c)
    }
}

do for [format in formats] {
    eval terminal(format)
    set output output_of(format)
    unset key
    set lmargin -1; set rmargin -1; set bmargin -1; set tmargin -1
    set xrange [x_min:x_max]
    if (x_log) { set logscale x }
    if (x_tics ne '') { eval 'set xtics '.x_tics }
    set border 31 linewidth 1 linecolor rgb '#333333'
    set xtics nomirror out scale 0.6
    set ytics nomirror out scale 0.6
    set grid ytics linecolor rgb '#e4e4e4' linewidth 1 linetype 1
    set bars 0.6
    set multiplot layout rows, columns title figure_title noenhanced font title_font(format) \
        margins screen real(pixels_left) / width, screen 1 - real(pixels_right) / width, \
                screen real(pixels_bottom) / height, screen 1 - real(pixels_top) / height \
        spacing screen real(gap) / width, screen (rows - 1) * 100.0 / height
    set xlabel x_label
    set yrange [0:1.05]
    set title 'patterns that are stable' offset 0, -0.4
    set ylabel 'overlap with the pattern, of its own entries'
    plot @overlaps
    if (samples == 1) { set yrange [-0.04 * energy_max:energy_max] }
    set title (samples == 1 ? 'all stable states' : 'samples in which they are') offset 0, -0.4
    set ylabel (samples == 1 ? 'free energy above the ground state' : 'share of samples')
    plot @right
    # The legend has a panel of its own, as wide as the figure.
    set lmargin at screen 0.02
    set rmargin at screen 0.98
    set bmargin at screen 0
    set tmargin at screen 0.1
    set key at screen 0.5, screen 10.0 / height center bottom horizontal Left reverse \
        maxrows key_rows samplen 2 width 1
    unset logscale; set xrange [0:1]; set yrange [0:1]
    unset title; unset xlabel; unset ylabel; unset xtics; unset ytics; unset border; unset grid
    plot NaN notitle @keys
    unset multiplot
    set output
}
