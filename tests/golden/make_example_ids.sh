#!/usr/bin/env bash
# Writes example-ids.txt: for each example file, at the papers' size, how many runs it plans and the SHA-256 of their ids,
# sorted, one a line. Run in the project's root: tests/golden/make_example_ids.sh [EMERGENCE COMMAND] > tests/golden/example-ids.txt
# The file was made by version 0.1.0 (799d7fb); the seven files of integrated toy models were renamed when the default of
# evaluate_samples became 256, which integrations do not read. Where a default is changed on purpose, write it anew and say so in the commit.
set -euo pipefail
[ $# -gt 0 ] || set -- ./emergence
find dsl-examples -name '*.yaml' -not -path '*/base/*' | LC_ALL=C sort | while read -r file; do
  ids=$("$@" plan --json --no-calibrate "$file" | sed -n 's/^ *"run": "\([0-9a-f]*\)".*/\1/p' | LC_ALL=C sort)
  printf '%s %s %s\n' "$file" "$(wc -l <<<"$ids")" "$(sha256sum <<<"$ids" | cut -d' ' -f1)"
done
