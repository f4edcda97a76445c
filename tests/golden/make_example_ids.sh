#!/usr/bin/env bash
# Writes example-ids.txt: for each example file, at the papers' size and with its laptop profile, how many runs it plans and
# the SHA-256 of their ids, sorted, one a line. Run in the project's root: tests/golden/make_example_ids.sh [EMERGENCE COMMAND]
# The file was made by version 0.1.0 (799d7fb). Where a default is changed on purpose, write it anew and say so in the commit.
set -euo pipefail
[ $# -gt 0 ] || set -- ./emergence
emergence=("$@")
find dsl-examples -name '*.yaml' -not -path '*/base/*' | LC_ALL=C sort | while read -r file; do
  for profile in "" $(grep -A1 '^profiles:' "$file" | sed -n 's/^  \([a-z]*\):.*/\1/p'); do
    ids=$("${emergence[@]}" plan --json --no-calibrate ${profile:+--profile=$profile} "$file" | sed -n 's/^ *"run": "\([0-9a-f]*\)".*/\1/p' | LC_ALL=C sort)
    printf '%s %s %s %s\n' "$file" "${profile:--}" "$(wc -l <<<"$ids")" "$(sha256sum <<<"$ids" | cut -d' ' -f1)"
  done
done
