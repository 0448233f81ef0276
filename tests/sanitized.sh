#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# sanitized.sh PROGRAM ARGUMENT...: a test with sanitizers, and again where LeakSanitizer itself broke down at the end.
# A thread that ends while it looks can do that ("Tracer caught signal 11", one run of some thousands, with clang 14 at
# least); then it has said nothing of the program. Whatever else is wrong counts the first time.
said=$(mktemp) || exit 1
trap 'rm -f "$said"' EXIT
trap 'cat "$said"; exit 143' TERM INT # its time is over: how far it came
# broke_down: nothing else is wrong.
broke_down()
{
    [ $code -ne 0 ] && grep -q 'LeakSanitizer has encountered a fatal error' "$said" &&
        ! grep -Eq 'ERROR: |runtime error: |, (Failures|Errors): [1-9]' "$said"
}
"$@" >"$said" 2>&1
code=$?
for _ in 1 2 3 4; do # it was seen twice in a row, on a busy machine
    broke_down || break
    sed "s/^/# once more, after: /" "$said"
    "$@" >"$said" 2>&1
    code=$?
done
cat "$said"
exit $code
