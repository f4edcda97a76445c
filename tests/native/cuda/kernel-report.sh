#!/usr/bin/env bash
# What the compiler says of every kernel: registers, shared memory, stack and spills, for one GPU (default sm_90). Fails when a kernel
# spills registers to memory.
#
#   tests/native/cuda/kernel-report.sh [ARCHITECTURE]
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "$0")")/../../.." && pwd)
architecture=${1:-sm_90}
command -v nvcc >/dev/null 2>&1 || { echo "kernel-report: no nvcc on the path" >&2; exit 7; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

compile() {
  local name
  name=$(basename "$1" .cu)
  nvcc -std=c++17 -O3 -arch="$architecture" -Xptxas -v -I"$root/native" -I"$root/native/include" -c "$1" -o "$work/$name.o" 2>"$work/$name.log" ||
    { cat "$work/$name.log" >&2; exit 255; }
}
export -f compile
export root architecture work
printf '%s\n' "$root"/native/cuda/*.cu | xargs -P "$(nproc)" -I{} bash -c 'compile {}'

# One line a kernel: name without parameters, registers, static shared memory, stack frame, spilled bytes.
table() {
  sed -n -e "s/.*Compiling entry function '\([^']*\)'.*/kernel \1/p" \
    -e 's/ *\([0-9]*\) bytes stack frame, \([0-9]*\) bytes spill stores, \([0-9]*\) bytes spill loads/frame \1 \2 \3/p' \
    -e 's/.*Used \([0-9]*\) registers.*, \([0-9]*\) bytes smem.*/used \1 \2/p' -e t -e 's/.*Used \([0-9]*\) registers.*/used \1 0/p' "$work"/*.log |
    awk '$1=="kernel"{name=$2} $1=="frame"{stack=$2; spill=$3+$4} $1=="used"{if(name!=""){print name, $2, $3, stack, spill; name=""}}' |
    c++filt | sed -e 's/(anonymous namespace):://g; s/em:://g; s/gpu:://g; s/void //; s/(.*) \([0-9]* [0-9]* [0-9]* [0-9]*\)$/ \1/' | sort
}

printf '%-78s %9s %12s %6s %7s\n' "kernel ($architecture, $(nvcc --version | sed -n 's/.*release \([0-9.]*\).*/nvcc \1/p'))" registers "static bytes" stack spilled
table | awk '{spill=$NF; stack=$(NF-1); bytes=$(NF-2); registers=$(NF-3); $NF=$(NF-1)=$(NF-2)=$(NF-3)=""; sub(/ +$/, "");
    printf "%-78s %9d %12d %6d %7d\n", $0, registers, bytes, stack, spill; kernels++; spilling+=spill>0}
  END {printf "%d kernels, %d spill\n", kernels, spilling; exit kernels == 0 || spilling > 0}'
