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
tex = formats eq 'tex'
# Figures are laid out in units of 1/140 inch. The usual text has 10.5 gnuplot's points of a PDF file, which
# are 7 in print, or the unit of a format, times enlarged; a figure of a width of its own, paper > 0, has print_size.
paper = page_width * 140.0 / 25.4
grown = paper > 0 || enlarged > 1 ? enlarged : 1 # of the margins, which hold text
sized(size) = sprintf('%g', size * enlarged)
font(size) = "font '".font_name.','.sized(size)."'"
# Images of a width have 300 dots an inch; what gnuplot draws them with is made for 96.
terminal(f) = f eq 'tex' ? sprintf("set terminal cairolatex pdf input colortext size %gin, %gin pointscale 0.65 linewidth 1.4%s", width / 140.0, height / 140.0, \
                  paper > 0 ? sprintf(" header '\\fontsize{%g}{%g}\\selectfont'", print_size, 1.2 * print_size) : '') : \
              paper > 0 && f eq 'png' ? sprintf("set terminal pngcairo size %d, %d font '%s,%g' fontscale 3.125 pointscale 1.6 linewidth 2", \
                  floor(width * 300 / 140.0 + 0.5), floor(height * 300 / 140.0 + 0.5), font_name, print_size) : \
              f eq 'pdf' ? sprintf("set terminal pdfcairo size %gin, %gin %s pointscale 0.55 linewidth 0.7", width / 140.0, height / 140.0, font(10.5)) : \
              f eq 'svg' ? sprintf("set terminal svg size %d, %d %s background rgb 'white'", width, height, font(paper > 0 ? 13.61 : 13)) : \
              sprintf("set terminal pngcairo size %d, %d %s", width, height, font(11))
title_font(f) = f eq 'tex' ? '' : ','.(paper > 0 && f eq 'png' ? sprintf('%g', 1.15 * print_size) : sized(f eq 'pdf' ? 12.5 : f eq 'svg' ? 16 : 13))
# LaTeX sets the text of its figures: the document's fonts, numbers and symbols as formulas.
number_format = tex ? '$%g$' : '%g'
letter = (tex && paper == 0 ? 9.4 : 7.4) * grown # pixels of a letter, where a line of text makes the figure's width
# There gnuplot sets labels of axes far off, and leaves one out that would begin beyond the edge.
more_left = tex ? 25 : 0
if (tex) { set xlabel offset 0, 0.5; set ylabel offset 0.8, 0 }
if (tex || grown > 1) { set cblabel offset 1, 0 }
if (tex && strstrt(GPVAL_TERMINALS, 'cairolatex') == 0) {
    print 'this gnuplot has no terminal cairolatex, which figures for LaTeX need (Debian, Ubuntu: gnuplot-nox)'
    exit status 1
}
# A text that is longer than its room in a figure of its own width goes on in further lines, but not within
# a formula, between braces, or beside an equals sign.
count_of(s, c) = strstrt(s, c) == 0 ? 0 : 1 + count_of(s[strstrt(s, c) + 1:*], c)
closed(s) = count_of(s, '{') == count_of(s, '}') && !(tex && count_of(s, '$') % 2)
equals(s, k) = word(s, k + 1) eq '='
chunk(s, k) = equals(s, k) ? word(s, k).' = '.word(s, k + 2) : word(s, k)
breaks(line, next, most) = strlen(line.' '.next) > most && line ne '' && closed(line)
wrapping(s, k, done, line, most) = k > words(s) ? done.line : breaks(line, chunk(s, k), most) ? \
    wrapping(s, k + (equals(s, k) ? 3 : 1), done.line."\n", chunk(s, k), most) : \
    wrapping(s, k + (equals(s, k) ? 3 : 1), done, line.(line eq '' ? '' : ' ').chunk(s, k), most)
wrapped(s, most) = paper > 0 && strlen(s) > most ? wrapping(s, 1, '', '', most) : s
ends(s) = count_of(s, "\n")
title_in(wide) = wrapped(whole_title, int(wide / ((tex ? 7.4 : 9.2) * grown)))
whole_title = figure_title
figure_title = title_in(paper)
title_more = ends(figure_title) * 24 * grown # pixels of the lines after the first
# Width and height of a panel: the usual ones, or what a figure of a width leaves.
panel_wide(usual) = paper > 0 ? (paper - pixels_left - pixels_right) / columns : usual
panel_high(usual) = paper == 0 ? usual : panel_wide(0) * (rows > 1 ? columns == 1 ? 0.52 : 0.7 : 0.62) > 110 ? \
    panel_wide(0) * (rows > 1 ? columns == 1 ? 0.52 : 0.7 : 0.62) : 110
# Entries of a legend in a row of a figure of a width, the longest of so many letters
# (gnuplot takes LaTeX's letters for wider than they are).
per_row(letters) = longer(1, floor(paper / ((letters * (tex ? 10 : 7.3) + 55) * grown)))
# Tics of a low panel, and of one that is not wide.
across = 'if (paper > 0 && panel_wide(0) < 230) { step = (x_max - x_min) / 3.5; unit = 10 ** floor(log10(step)); \
    set xtics unit * (step > 5 * unit ? 10 : step > 2 * unit ? 5 : step > unit ? 2 : 1) }'
upwards = 'if (paper > 0 && panel_high(0) < 190) { step = (y_max - y_min) / 4.0; unit = 10 ** floor(log10(step)); \
    set ytics unit * (step > 5 * unit ? 10 : step > 2 * unit ? 5 : step > unit ? 2 : 1) }'
longer(a, b) = a > b ? a : b
# The same of the titles of panels: pixels of the lines after the first.
wrap_panels = 'panels_more = 0; if (paper > 0) { do for [i = 1:panels] { \
    panel_titles[i] = wrapped(panel_titles[i], int(panel_wide(0) / (7.6 * grown))); \
    panels_more = longer(panels_more, ends(panel_titles[i]) * 20 * grown) } }'
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
# An inset: a part of a panel drawn again, enlarged, on a ground of its own in a corner, with a frame at the part. Which part and
# where the figure's script says, in shares of the panel, which is at panel_left, panel_below and panel_across by panel_up. Its text lies
# in front: for LaTeX all other text is beneath the picture, and so beneath the ground. Its margins hold three letters of the last
# tic and widen for more.
if (!exists('inset')) { inset = 0 }
inset_text(s) = tex ? '\scriptsize '.s : s
inset_font(f) = f eq 'tex' ? '' : ','.(paper > 0 && f eq 'png' ? sprintf('%g', 0.8 * print_size) : \
    sized(0.8 * (f eq 'pdf' ? 10.5 : f eq 'svg' ? (paper > 0 ? 13.61 : 13) : 11)))
inset_frame = "if (inset) { set object 91 rectangle from inset_x_min, inset_y_min to inset_x_max, inset_y_max front \
    fillstyle empty border linecolor rgb '#333333' linewidth 0.8 }"
# Of a layout of rows and columns, a panel at row and column, so far apart.
inset_of_layout = "panel_across = (width - pixels_left - pixels_right - (columns - 1.0) * apart) / columns; \
    panel_up = (height - pixels_top - pixels_bottom - (rows - 1.0) * above) / rows; \
    panel_left = pixels_left + column * (panel_across + apart); \
    panel_below = pixels_bottom + (rows - 1 - row) * (panel_up + above)"
inset_begin = "unset object 91; inset_at = panel_left + inset_left * panel_across; inset_up = panel_below + inset_below * panel_up; \
    inset_west = inset_at + (6.5 * inset_letters + 12) * grown; \
    inset_wide = inset_at + inset_share * panel_across - inset_west - 9; \
    inset_east = 9 + longer(0, 3.25 * (inset_x_letters * grown - 3) - inset_x_free * inset_wide); \
    inset_south = inset_up + 21 * grown; \
    set object 92 rectangle from screen inset_at / width, screen inset_up / height \
        to screen (inset_at + inset_share * panel_across) / width, screen (inset_up + inset_share * panel_up) / height \
        behind fillcolor rgb 'white' fillstyle solid 1 noborder; \
    set lmargin at screen inset_west / width; set rmargin at screen (inset_at + inset_share * panel_across - inset_east) / width; \
    set bmargin at screen inset_south / height; set tmargin at screen (inset_up + inset_share * panel_up - 7) / height; \
    set xrange [inset_x_min:inset_x_max]; set yrange [inset_y_min:inset_y_max]; set format x ''; set format y ''; \
    set xtics (inset_x_min - 1); set ytics (inset_y_min - 1); set tics out nomirror scale 0.4; \
    do for [k = 1:inset_x_tics] { set xtics add ('' inset_x_at[k]); \
        set label 200 + k inset_text(sprintf(number_format, inset_x_at[k])) at first inset_x_at[k], \
            screen (inset_south - 11 * grown) / height center front font inset_font(format) }; \
    do for [k = 1:inset_y_tics] { set ytics add ('' inset_y_at[k]); \
        set label 300 + k inset_text(sprintf(number_format, inset_y_at[k])) at screen (inset_west - 6 * grown) / width, \
            first inset_y_at[k] right front font inset_font(format) }; \
    set key off; unset title; unset xlabel; unset ylabel; set clip two"
inset_end = "unset label; unset object 92; set xrange [x_min:x_max]; set yrange [y_min:y_max]; set xtics autofreq; set ytics autofreq; \
    set format x; set format y; set tics scale 0.6; unset clip two"
# A point of a line that has no neighbour on it is a dash, as lone_look(line, series) says, in panel i where it lies between
# these values.
if (!exists('lone')) { lone = 0 }
lone_within(a, x1, x2, y1, y2) = lone_x[a] >= x1 && lone_x[a] <= x2 && lone_y[a] >= y1 && lone_y[a] <= y2
lone_arrow(a, side) = sprintf('set arrow %d from %.10g, %.10g rto graph %g, 0 nohead ', 1000 + 2 * a + side, \
    lone_x[a], lone_y[a], side == 0 ? 0.025 : -0.025).lone_look(lone_line[a], lone_series[a])
lone_dashes = "do for [a = 1:lone] { unset arrow 1000 + 2 * a; unset arrow 1001 + 2 * a; \
    if (lone_panel[a] == i && lone_within(a, lone_x1, lone_x2, lone_y1, lone_y2)) { \
        do for [side = 0:1] { eval lone_arrow(a, side) } } }"
lone_dashes_of_panel = "lone_x1 = x_min; lone_x2 = x_max; lone_y1 = y_min; lone_y2 = y_max; eval lone_dashes"
lone_dashes_of_inset = "lone_x1 = inset_x_min; lone_x2 = inset_x_max; lone_y1 = inset_y_min; lone_y2 = inset_y_max; eval lone_dashes"
# Lines of a phase diagram: first order, continuous, crossover (by name only), spinodal, melting, examples part.
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
