# SPDX-License-Identifier: GPL-3.0-or-later
# Cost and loss over two magnetizations, side by side: colours where states are, level lines, and the
# paths of chains from their start (open circle) to their end (dot). Below, both along the same chains
# and their mean, over the least value of any state (NaN: none, of the cost of more patterns than two).
# Block 0 of the data: m_1, m_2, cost, loss; then a block a chain (m_1, m_2, sweep, cost, loss) and the
# mean (sweep, cost, loss).
width = paper > 0 ? paper : 900
height = (narrow ? 2.9 * paper : paper > 0 ? 1.04 * paper : 900) + title_more
array columns[2] = [3, 4]
array titles[2] = [cost_title, loss_title]
array titles_along[2] = [cost_along, loss_title]
array least[2] = [cost_least, loss_least]

do for [format in formats] {
    eval terminal(format)
    set output output_of(format)
    unset key
    set size ratio 1
    set xrange [-reach:reach]
    set yrange [-reach:reach]
    set xlabel x_label
    set ylabel y_label
    set border 31 linewidth 1 linecolor rgb '#333333'
    set xtics nomirror out scale 0.6
    set ytics nomirror out scale 0.6
    set cbtics scale 0.6
    set multiplot layout (narrow ? 4 : 2), (narrow ? 1 : 2) title figure_title noenhanced font title_font(format)
    do for [i = 1:2] {
        set title titles[i]
        plot data index 0 using 1:2:columns[i] with image notitle, \
             for [c = 1:chains] data index c using 1:2 with lines \
                 linewidth 1 linecolor rgb 'white' notitle, \
             for [c = 1:chains] data index c using 1:2 every ::0::0 with points \
                 pointtype 6 pointsize 0.9 linecolor rgb 'black' notitle, \
             for [c = 1:chains] data index c using 1:2 with points pointtype 7 pointsize 0.25 \
                 linecolor rgb 'white' notitle
    }
    set autoscale
    set xlabel time_label
    unset ylabel
    do for [i = 1:2] {
        set title titles_along[i]
        plot least[i] with lines linewidth 1.2 dashtype 3 linecolor rgb '#333333' notitle, \
             for [c = 1:chains] data index c using 3:(column(3 + i)) with lines \
                 linewidth 0.6 linecolor rgb (monochrome ? '#999999' : colour(2)) notitle, \
             data index chains + 1 using 1:(column(1 + i)) with lines linewidth 2.4 \
                 linecolor rgb (monochrome ? 'black' : colour(1)) notitle
    }
    unset multiplot
    set output
}
