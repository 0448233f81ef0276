# SPDX-License-Identifier: GPL-3.0-or-later
# Images of one chain, a panel each: a pattern, the start, states. Blocks of the data: a panel, a
# line of it a row of neurons. -1 is white, 0 (blank) grey, +1 black.
longest = rows > columns ? rows : columns
room = longest > 60 ? 280 : 150
most = longest > 60 ? 4 : 6
if (paper > 0) { # as many as fit
    most = paper < 290 * grown ? 1 : floor(paper / (145 * grown)) < most ? floor(paper / (145 * grown)) : most
    room = (paper - 20) / most - 32
    chain = wrapped(chain, int(paper / (7.6 * grown)))
}
panel_rows = (panels + most - 1) / most
per_row = (panels + panel_rows - 1) / panel_rows
# Neurons are squares of whole pixels, but for shapes that would be too large or too narrow to see.
side = longest > room ? real(room) / longest : floor(real(room) / longest)
at_least(size) = real(size < 12 ? 12 : ceil(size))
panel_width = at_least(side * columns)
panel_height = at_least(side * rows)
pitch_x = (panel_width < 130 ? 130 : panel_width) + 32
pitch_y = panel_height + 56
pixels_top = (figure_title eq '' ? 30 : 55) * grown + title_more + 18 * ends(chain) * grown
width = per_row * pitch_x + 20
title_width = 9.4 * grown * strlen(figure_title) + 20
chain_width = (letter - 0.2) * strlen(chain) + 20
width = width < title_width ? ceil(title_width) : width
width = width < chain_width ? ceil(chain_width) : width
width = paper > 0 ? paper : real(width)
height = pixels_top + panel_rows * pitch_y + 40
left(k) = floor((width - per_row * pitch_x) / 2.0) + ((k - 1) % per_row) * pitch_x + (pitch_x - panel_width) / 2
top(k) = height - pixels_top - ((k - 1) / per_row) * pitch_y - 48
set palette defined (-1 '#ffffff', 0 '#8c8c8c', 1 '#000000')
set cbrange [-1:1]
unset colorbox
unset key
unset tics
set border 31 linewidth 1 linecolor rgb '#333333' front
set xrange [-0.5:columns - 0.5]
set yrange [rows - 0.5:-0.5]
# Boxes keep their edges in every format; each reaches a little beneath the next, or smoothed edges
# would show as fine lines. Large images are pictures.
boxes = rows * columns <= 4096
# What colours mean, in the middle below.
array words[3] = [tex ? '$+1$' : '+1', tex ? '$-1$' : '−1', tex ? '$0$ (blank)' : '0 (blank)']
array greys[3] = ['#000000', '#ffffff', '#8c8c8c']
words_count = blank ? 3 : 2
word_at(w) = 0.5 + ((w - 1) * 60 - (blank ? 105 : 55)) / width

do for [format in formats] {
    eval terminal(format)
    set output output_of(format)
    set multiplot
    set label 11 figure_title at screen 0.5, screen 1 - 20.0 / height center noenhanced \
        font title_font(format)
    set label 12 chain at screen 0.5, screen 1 - (pixels_top - 14.0) / height center noenhanced
    do for [w = 1:words_count] {
        set object w rectangle from screen word_at(w), screen 12.0 / height \
            to screen word_at(w) + 12.0 / width, screen 24.0 / height \
            fillcolor rgb greys[w] fillstyle solid 1 border linecolor rgb '#333333'
        set label w words[w] at screen word_at(w) + 18.0 / width, screen 18.0 / height left
    }
    do for [k = 1:panels] {
        set lmargin at screen left(k) / width
        set rmargin at screen (left(k) + panel_width) / width
        set tmargin at screen top(k) / height
        set bmargin at screen (top(k) - panel_height) / height
        set title panel_labels[k]."\n".panel_notes[k] noenhanced offset 0, -0.6
        if (boxes) {
            plot data index k - 1 matrix using 1:2:($1 - 0.5):($1 + 0.6):($2 - 0.5):($2 + 0.6):3 \
                with boxxyerror fillcolor palette fillstyle solid 1 noborder notitle
        } else {
            plot data index k - 1 matrix using 1:2:3 with image notitle
        }
        unset object
        unset label
    }
    unset multiplot
    set output
}
