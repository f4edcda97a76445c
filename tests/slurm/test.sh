#!/usr/bin/env bash
# Hands experiments to a real Slurm with two nodes on loopback, and disturbs them. Prints a line a test; ./dev test-slurm.
# Needs slurm-wlm and munge installed. Leaves nothing running and nothing outside a temporary folder.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
jar=$root/target/emergence.jar
work=$(mktemp -d)
cluster=$work/cluster
# shellcheck source=tests/slurm/cluster.sh
. "$root/tests/slurm/cluster.sh"

say() { printf '%s\n' "$*"; }
fail() {
  say "FAILED: $*"
  tail -n 5 "$cluster"/log/slurmctld.log "$work"/*/slurm/*.log 2>/dev/null || true
  squeue 2>/dev/null || true
  exit 1
}
finish() {
  local rc=$?
  cluster_stop
  if [ -n "${EMERGENCE_KEEP:-}" ]; then say "kept: $work"; else rm -rf "$work"; fi
  exit $rc
}
trap finish EXIT
trap 'exit 130' INT TERM

emergence() { java -XX:+UseSerialGC -Xmx512m -jar "$jar" "$@"; }

# --- experiments -------------------------------------------------------------------------------------------------------

experiment() { # NAME STEPS
  cat >"$work/$1.yaml" <<END
dsl: 1
name: $1
task: {kind: linear_regression, dim: 4, sequence_length: 8}
architecture: {kind: transformer, layers: 1, heads: 1, embedding_dim: 8, head_dim: 8, mlp_factor: 1}
training: {optimizer: {kind: adam, learning_rate: 1.0e-3}, batch_size: 4, max_steps: $2}
measurement:
  evaluate_every: $(($2 / 20))
  evaluate_samples: 16
  test_sets: {test: {cross_sample: 0.0}}
  thresholds: {plateau: {metric: test.loss, below: 0.3}}
  stop: {never: true}
  checkpoints_at: last
studies:
  ablate: {kind: head_ablation, data: sizes, metric: test.loss}
execution: {device: cpu, checkpoint_every: 1s}
seeds: {first: 3, count: 3}
sweeps:
  sizes:
    grid: {task.dim: [4, 6], repetition.in_context: [1, 2]}
END
}

# The tables that an undisturbed run on this machine gives.
expect() { # NAME STEPS
  experiment "$1" "$2"
  emergence run "$work/$1.yaml" --out "$work/$1-here" --jobs 1 >"$work/$1-here.log" 2>&1 || fail "$1 does not run here"
}

# Runs that take some seconds each, so that there is time to disturb them, on a fast machine as on a slow one.
expect_long() {
  local steps=60000 least=60
  local start=$SECONDS
  expect long $steps
  local took=$((SECONDS - start))
  if [ "$took" -lt $least ]; then
    rm -rf "$work/long-here"
    expect long $((steps * least / (took > 1 ? took : 1)))
  fi
}

same_tables() { # NAME FOLDER
  emergence report "$work/$2" >"$work/$2.report" 2>&1 || fail "no report of $2"
  cmp "$work/$1-here/tables/runs.csv" "$work/$2/tables/runs.csv" || fail "$2: another runs.csv"
  cmp "$work/$1-here/tables/curves.csv" "$work/$2/tables/curves.csv" || fail "$2: another curves.csv"
  # Workers make studies too; a report makes none.
  cmp "$work/$1-here/tables/study-ablate.csv" "$work/$2/tables/study-ablate.csv" || fail "$2: another study"
}

submit() { # NAME FOLDER OPTIONS...: sets $job
  local name=$1 folder=$2
  shift 2
  emergence submit "$work/$name.yaml" --to slurm --out "$work/$folder" --memory 1 --time 30min "$@" >"$work/$folder.submit" \
    || fail "cannot submit $name"
  job=$(sed -n 's/^Submitted batch job //p' "$work/$folder.submit")
}

gone() { [ -z "$(squeue --noheader --jobs "$job" 2>/dev/null)" ]; }
claimed() { ls "$work/$1"/runs/*/*.claim; }
saved() { ls "$work/$1"/runs/*/*.partial/checkpoint.safetensors; }
restarted() { grep -q "SLURM_RESTART_COUNT=[1-9]" <(scontrol show job "$1") || scontrol show job "$1" | grep -q 'Restarts=[1-9]'; }
exit_codes() { scontrol show job "$job" | grep -o ' ExitCode=[0-9:]*' | sort | uniq -c | tr -s ' \n' ' '; }
took() { say "ok: $1 ($((SECONDS - began)) s)"; }

# --- tests -------------------------------------------------------------------------------------------------------------

four_workers_each_with_a_gpu_drain_a_plan() {
  began=$SECONDS
  submit short four --workers 4 --gres gpu:1
  await 120 "four workers" four_see_gpus
  await 300 "the end of job $job" gone
  same_tables short four
  took "four workers on two nodes, each with a GPU of its own ($(tr '\n' ' ' <"$work/gpus")): tables byte-equal"
}

# Node and CUDA_VISIBLE_DEVICES of each element that runs.
four_see_gpus() {
  local pid
  for pid in $(steps); do
    tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null | sed -n 's/^\(SLURMD_NODENAME\|CUDA_VISIBLE_DEVICES\)=//p' | sort -r | paste -sd:
  done | sort -u >"$work/gpus"
  [ "$(grep -c '^n[12]:[01]$' "$work/gpus")" = 4 ]
}

a_requeued_element_saves_and_goes_on() {
  began=$SECONDS
  submit long requeued --workers 1
  await 120 "a checkpoint" saved requeued
  scontrol requeue "${job}_0"
  await 60 "the element to save" grep -q "everything is saved" "$work/requeued/slurm/${job}_0.log"
  claimed requeued >/dev/null 2>&1 && fail "a claim stays after the worker has saved"
  local step
  step=$(strings "$(saved requeued | head -1)" | grep -o '"step":"[0-9]*"' | head -1 | tr -dc 0-9)
  [ "$step" -gt 0 ] || fail "nothing was saved"
  await 300 "the element to come back" claimed requeued
  scontrol show job "${job}_0" | grep -q 'Restarts=1' || fail "no restart is counted"
  await 600 "the end of job $job" gone
  same_tables long requeued
  took "scontrol requeue: saved at step $step, restarted once, went on: tables byte-equal"
}

a_node_that_dies_costs_nothing() {
  began=$SECONDS
  submit long died --workers 2 --gres gpu:2
  await 120 "two workers" two_claims died
  local node
  node=$(squeue --noheader --jobs "$job" --format=%N --states=RUNNING | head -1)
  local pid
  for pid in $(cat "$cluster/slurmd-$node.real") $(step_daemons "$node"); do kill_tree "$pid"; done
  for pid in $(steps); do
    if grep -qzxF "SLURMD_NODENAME=$node" "/proc/$pid/environ" 2>/dev/null; then kill -KILL "$pid" 2>/dev/null || true; fi
  done
  await 120 "node $node to be down" node_is_down "$node"
  local down=$((SECONDS - began))
  await 900 "the end of job $job" gone
  same_tables long died
  node_start "$node"
  await 120 "two idle nodes" both_idle
  took "node $node with its workers killed, noticed by Slurm $down s after submission: tables byte-equal"
}

two_claims() { [ "$(find "$work/$1/runs" -name "*.claim" | wc -l)" = 2 ]; }
node_is_down() { sinfo --noheader --Node --format='%N %t' | grep -q "^$1 down"; }

a_run_that_kills_its_worker_costs_only_itself() {
  began=$SECONDS
  local id
  id=$(sed -n '5s/.*"run":"\([0-9a-f]*\)".*/\1/p' "$work/long-here/plan.jsonl")
  submit long poisoned --workers 2
  local kills=0
  until gone; do
    local pid
    pid=$(grep -o '"pid":[0-9]*' "$work/poisoned/runs/${id:0:2}/$id.claim" 2>/dev/null | tr -dc 0-9 || true)
    if [ -n "$pid" ] && kill -SEGV "$pid" 2>/dev/null; then kills=$((kills + 1)); sleep 1; fi
    sleep 0.1
  done
  emergence status "$work/poisoned" >"$work/poisoned.status"
  grep -q '11 complete' "$work/poisoned.status" || fail "$(cat "$work/poisoned.status")"
  grep -q "run $id failed: its worker process died 2 times without coming further (a native crash" "$work/poisoned.status" \
    || fail "$(cat "$work/poisoned.status")"
  [[ $(exit_codes) == *"ExitCode=4:0"* ]] || fail "exit codes $(exit_codes)"
  took "a run whose worker gets SIGSEGV each time: failed after 2 attempts, 11 of 12 runs complete, exit codes$(exit_codes)"
}

many_runs_need_few_elements() {
  began=$SECONDS
  cat >"$work/many.yaml" <<END
dsl: 1
name: many
task: {kind: linear_regression, dim: 16, sequence_length: 64, relevant_position: last, relevant_feature: false}
architecture: {kind: toy}
training: {optimizer: {kind: gradient_flow}, max_time: 200}
measurement: {thresholds: {plateau: {metric: test.loss, below: 0.2, relative_to: initial}}}
seeds: none
sweeps: {plane: {grid: {task.dim: {from: 11, to: 60, step: 1}, task.sequence_length: {from: 31, to: 60, step: 1}}}}
END
  if emergence submit "$work/many.yaml" --to slurm --out "$work/many" --workers 20 >"$work/refused" 2>&1; then
    fail "20 workers were not refused"
  fi
  grep -q '20 workers are more than MaxArraySize 10 allows' "$work/refused" || fail "$(cat "$work/refused")"
  submit many many --workers 4
  await 600 "the end of job $job" gone
  emergence status "$work/many" | grep -q '1500 complete' || fail "$(emergence status "$work/many" | head -5)"
  took "1,500 runs with MaxArraySize=10: 20 workers refused with the numbers, 4 workers did all"
}

# ------------------------------------------------------------------------------------------------------------------------

cluster_write 10
cluster_start
say "slurm $(scontrol --version | cut -d' ' -f2), $(sinfo --noheader --Node --format='%N %G' | tr '\n' ' ')"
expect short 2000
expect_long
four_workers_each_with_a_gpu_drain_a_plan
many_runs_need_few_elements
a_run_that_kills_its_worker_costs_only_itself
a_requeued_element_saves_and_goes_on
a_node_that_dies_costs_nothing
say "all well in $SECONDS s"
