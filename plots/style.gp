# SPDX-License-Identifier: GPL-3.0-or-later
# What all figures share: colours, fonts, terminals. Colours are told apart by the colour-blind
# (Okabe & Ito); the palette is viridis.
set encoding utf8
array colours[7] = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#666666']
# From the eighth on a colour comes again with another symbol.
array markers[7] = [7, 5, 9, 13, 11, 15, 3]
colour(p) = colours[(p - 1) % 7 + 1]
symbol(p) = (p - 1 + (p - 1) / 7) % 7 + 1
marker(p) = markers[symbol(p)]
array open_markers[7] = [6, 4, 8, 12, 10, 14, 2]
open_marker(p) = open_markers[symbol(p)]
set palette defined (0 '#440154', 0.25 '#3b528b', 0.5 '#21918c', 0.75 '#5ec962', 1 '#fde725')
# Font sizes are those of a PDF file, 10.5 points, times the unit of a format.
enlarged = font_size > 0 ? font_size / 10.5 : 1.0
grown = enlarged > 1 ? enlarged : 1 # of the margins, which hold text
sized(size) = sprintf('%g', size * enlarged)
font(size) = "font '".font_name.','.sized(size)."'"
terminal(f) = f eq 'tex' ? sprintf("set terminal cairolatex pdf input colortext size %gin, %gin pointscale 0.65 linewidth 1.4", width / 140.0, height / 140.0) : \
              f eq 'pdf' ? sprintf("set terminal pdfcairo size %gin, %gin %s pointscale 0.55 linewidth 0.7", width / 140.0, height / 140.0, font(10.5)) : \
              f eq 'svg' ? sprintf("set terminal svg size %d, %d %s background rgb 'white'", width, height, font(13)) : \
              sprintf("set terminal pngcairo size %d, %d %s", width, height, font(11))
title_font(f) = f eq 'tex' ? '' : ','.sized(f eq 'pdf' ? 12.5 : f eq 'svg' ? 16 : 13)
# LaTeX sets the text of its figures: the document's fonts, numbers and symbols as formulas.
tex = formats eq 'tex'
number_format = tex ? '$%g$' : '%g'
letter = (tex ? 9.4 : 7.4) * grown # pixels of a letter, where a line of text makes the figure's width
# There gnuplot sets labels of axes far off, and leaves one out that would begin beyond the edge.
more_left = tex ? 25 : 0
if (tex) { set xlabel offset 0, 0.5; set ylabel offset 0.8, 0 }
if (tex || grown > 1) { set cblabel offset 1, 0 }
if (tex && strstrt(GPVAL_TERMINALS, 'cairolatex') == 0) {
    print 'this gnuplot has no terminal cairolatex, which figures for LaTeX need (Debian, Ubuntu: gnuplot-nox)'
    exit status 1
}
output_of(f) = f eq 'tex' ? name.partial.'.tex' : './'.name.'.'.f.partial
# Without colours series are told apart by grey, symbol and dash(p), which is solid in colour.
dash(p) = 1
series_key = 'points'
if (monochrome) {
    array series_greys[3] = ['#000000', '#5c5c5c', '#8f8f8f']
    do for [i = 1:7] { colours[i] = series_greys[(i - 1) % 3 + 1] }
    set dashtype 12 (10, 4)
    set dashtype 13 (3, 3)
    set dashtype 14 (10, 3, 3, 3)
    set dashtype 15 (20, 5)
    set dashtype 16 (6, 3, 2, 3, 2, 3)
    set dashtype 17 (6, 6)
    dash(p) = (p - 1) % 7 == 0 ? 1 : (p - 1) % 7 + 11
    series_key = 'linespoints'
    set palette defined (0 '#f4f4f4', 1 '#484848')
}
# Lines of a phase diagram: first order, continuous, by name only, spinodal, melting, examples part.
set style line 101 linewidth 2.2 linecolor rgb 'black'
set style line 102 linewidth 1.2 linecolor rgb 'black'
set style line 103 linewidth 1.2 linecolor rgb '#666666' dashtype 3
set style line 104 linewidth 1.5 linecolor rgb '#b00020' dashtype (8, 5)
set style line 105 linewidth 1.1 linecolor rgb '#b00020' dashtype (2, 4)
set style line 107 linewidth 1.6 linecolor rgb '#00695c' dashtype (4, 4)
set style line 106 linewidth 1.6 linecolor rgb '#6a3d9a' dashtype (12, 4, 2, 4)
if (monochrome) {
    do for [k = 103:107] { set style line k linecolor rgb 'black' }
    set style line 107 dashtype (14, 3)
}
