# SPDX-License-Identifier: GPL-3.0-or-later
# What all figures share: colours, fonts, terminals. Colours are told apart by the colour-blind
# (Okabe & Ito); the palette is viridis.
set encoding utf8
array colours[7] = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#666666']
array markers[7] = [7, 5, 9, 13, 11, 15, 6]
colour(p) = colours[(p - 1) % 7 + 1]
marker(p) = markers[(p - 1) % 7 + 1]
array open_markers[7] = [6, 4, 8, 12, 10, 14, 2]
open_marker(p) = open_markers[(p - 1) % 7 + 1]
set palette defined (0 '#440154', 0.25 '#3b528b', 0.5 '#21918c', 0.75 '#5ec962', 1 '#fde725')
terminal(f) = f eq 'pdf' ? sprintf("set terminal pdfcairo size %gin, %gin font 'sans,10.5' pointscale 0.55 linewidth 0.7", width / 140.0, height / 140.0) : \
              f eq 'svg' ? sprintf("set terminal svg size %d, %d font 'sans,13' background rgb 'white'", width, height) : \
              sprintf("set terminal pngcairo size %d, %d font 'sans,11'", width, height)
title_font(f) = f eq 'pdf' ? ',12.5' : f eq 'svg' ? ',16' : ',13'
# Lines of a phase diagram: first order, continuous, by name only, spinodal, melting, examples part.
set style line 101 linewidth 2.2 linecolor rgb 'black'
set style line 102 linewidth 1.2 linecolor rgb 'black'
set style line 103 linewidth 1.2 linecolor rgb '#666666' dashtype 3
set style line 104 linewidth 1.5 linecolor rgb '#b00020' dashtype (8, 5)
set style line 105 linewidth 1.1 linecolor rgb '#b00020' dashtype (2, 4)
set style line 107 linewidth 1.6 linecolor rgb '#00695c' dashtype (4, 4)
set style line 106 linewidth 1.6 linecolor rgb '#6a3d9a' dashtype (12, 4, 2, 4)
