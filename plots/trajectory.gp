# SPDX-License-Identifier: GPL-3.0-or-later
# Trajectories of one point: one colour a pattern; mean over all chains as points, one chain as a
# thin line, the flow as a thick line in a band of one standard deviation of a chain. Blocks of the
# data: a pattern; columns: sweep, mean, chain, flow, low, high.
figure_title = title_in(paper - 80 * grown)
title_more = ends(figure_title) * 24 * grown
key_rows = paper > 0 ? int(ceil((patterns + 2.0 + flow) / per_row(22))) : 3
pixels_bottom = paper > 0 ? (70 + 20 * key_rows) * grown : 0.29 * 480
way = paper > 0 ? 'vertical' : 'horizontal'
width = paper > 0 ? paper : 700
height = paper > 0 ? title_more + 40 * grown + 0.55 * paper + pixels_bottom : 480
set xrange [x_min:x_max]
set yrange [y_min:y_max]
set xlabel x_label
set ylabel y_label
set border 31 linewidth 1 linecolor rgb '#333333'
set xtics nomirror out scale 0.6
set ytics nomirror out scale 0.6
set grid ytics linecolor rgb '#e4e4e4' linewidth 1 linetype 1
set bmargin at screen pixels_bottom / height
set key at screen 0.5, screen 0.02 bottom center @way Left reverse maxrows key_rows \
    samplen 2 width 1 noenhanced
set style fill transparent solid 0.25 noborder

do for [format in formats] {
    eval terminal(format)
    set output output_of(format)
    set title figure_title noenhanced font title_font(format)
    plot for [p = 1:(band ? patterns : 0)] data index p - 1 using 1:5:6 with filledcurves \
             linecolor rgb colour(p) notitle, \
         for [p = 1:patterns] data index p - 1 using 1:3 with lines \
             linewidth 0.7 linecolor rgb colour(p) notitle, \
         for [p = 1:(flow ? patterns : 0)] data index p - 1 using 1:4 with lines \
             linewidth 2 linecolor rgb colour(p) dashtype dash(p) notitle, \
         for [p = 1:patterns] data index p - 1 using 1:2 with points \
             linecolor rgb colour(p) pointtype marker(p) pointsize 0.8 notitle, \
         for [p = 1:patterns] keyentry with @series_key linecolor rgb colour(p) \
             dashtype dash(p) pointtype marker(p) pointsize 1.1 title sprintf('pattern %d', p), \
         keyentry with points linecolor rgb '#333333' pointtype 7 pointsize 0.8 \
             title 'mean of chains', \
         keyentry with lines linecolor rgb '#333333' linewidth 0.7 title 'one chain', \
         for [p = 1:(flow ? 1 : 0)] keyentry with lines linecolor rgb '#333333' linewidth 2 \
             title 'flow'.(band ? ', band: one chain' : '')
    set output
}
