#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# anew.sh FOLDER PROGRAM GRID...: a study in FOLDER, of which nothing is left from before: it would be taken up.
folder=$1 program=$2
shift 2
rm -rf "$folder"
"$program" study "$@" -f svg -o "$folder"
