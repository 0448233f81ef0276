#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# version.sh SOURCE VERSION DATE: all files for people and packagers that name the project's version, or the date of it
# (YYYY-MM-DD), name this one.
set -u
cd "$1" || exit 1
failed=0
holds()
{
    grep -q -- "$2" "$1" || { echo "$1: not of version $version (no line like '$2')"; failed=1; }
}
version=$2 date=$3
dots=$(printf %s "$version" | sed 's/\./\\./g')
holds CITATION.cff "^version: $dots\$"
holds codemeta.json "^  \"version\": \"$dots\",\$"
holds packaging/debian/changelog "^polyhebb ($dots)"
holds packaging/conda/meta.yaml "^  version: $dots\$"
holds packaging/guix/polyhebb.scm "^    (version \"$dots\")\$"
holds packaging/spack/package.py "^    version(\"$dots\")\$"
for recipe in packaging/easybuild/polyhebb-*.eb; do
    holds "$recipe" "^version = '$dots'\$"
    case $recipe in */"polyhebb-$version"-*) ;; *) echo "$recipe: its name has another version"; failed=1 ;; esac
done
holds CITATION.cff "^date-released: $date\$"
holds codemeta.json "^  \"dateModified\": \"$date\",\$"
holds packaging/debian/changelog "^ -- .*  $(LC_ALL=C date -u -d "$date" '+%a, %d %b %Y') "
holds CHANGELOG.md "^## $dots ($date)\$"
[ -s "packaging/lmod/polyhebb/$version.lua" ] || { echo "packaging/lmod: no $version.lua"; failed=1; }
exit $failed
