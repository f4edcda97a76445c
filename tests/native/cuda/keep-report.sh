#!/bin/sh
# Runs a compiler. What ptxas says of each kernel of the .cu file goes to a file of its name; errors and warnings are shown too.
#
#   tests/native/cuda/keep-report.sh FOLDER COMMAND...
folder=$1
shift
name=none
for word; do
  case $word in *.cu) name=$(basename "$word" .cu) ;; esac
done
"$@" 2>"$folder/$name.log"
status=$?
grep -v -e '^ptxas info' -e ' bytes stack frame, ' "$folder/$name.log" >&2
exit $status
