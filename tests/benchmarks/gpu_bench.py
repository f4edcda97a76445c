"""The target table of a GPU: our steps, attention and optimiser beside PyTorch's, on one machine, in one call.

    gpu_bench.py --server COMMAND [--device cuda|cpu] [--steps N] [--rounds N] [--only G1,G4] [--no-compile] [--out FILE]

Ours runs in a process that waits while PyTorch works, and the other way about: the two alternate, so that clocks and heat favour neither.
Times are wall times of chunks of steps that end in a wait for the device, per step and member; medians. A row asserts nothing.
"""

import argparse
import json
import shlex
import statistics
import subprocess
import sys
import time

import torch

import torch_gpu

REGRESSION = """
dsl: 1
name: bench
task: {{kind: linear_regression, dim: {dim}, sequence_length: {length}, relevant_position: random, relevant_feature: true}}
architecture: {{kind: transformer, layers: 2, heads: 4, embedding_dim: 256, head_dim: 64, mlp_factor: 4, layer_norm: none, readout: last}}
training: {{optimizer: {{kind: adam, learning_rate: 1.0e-4}}, batch_size: 32, max_steps: 50000, precision: {precision}}}
measurement: {{evaluate_every: 50, evaluate_samples: 32, test_sets: {{test: {{cross_sample: 0.0}}}}}}
"""
RECALL = """
dsl: 1
name: bench
task: {{kind: associative_recall, pairs: {pairs}, tokens: {tokens}, query_placement: at_least_one}}
architecture: {{kind: transformer, layers: 4, heads: 4, embedding_dim: 256, head_dim: 64, mlp_factor: 4, layer_norm: pre, readout: last,
  token_initialization: normal}}
training: {{optimizer: {{kind: adam, learning_rate: 1.0e-4}}, batch_size: 32, max_steps: 50000, precision: {precision}}}
measurement: {{evaluate_every: 50, evaluate_samples: 32, test_sets: {{test: {{cross_sample: 0.0}}}}}}
"""


def regression(length, dim):
    return dict(kind="regression", length=length, dim=dim, layers=2)


def recall(pairs, tokens):
    return dict(kind="recall", length=2 * pairs + 1, pairs=pairs, tokens=tokens, layers=4)


def peer(replicas, variant, shortcut=False):
    return dict(replicas=replicas, variant=variant, shortcut=shortcut)


# id, task, precision, our members, our read-out shortcut, peers by name, (pass, ahead) of each ratio that performance.md asks for
STEPS = [
    ("G1", regression(16, 16), "float32", 1, True, {"eager": peer(1, "eager")}, {"eager": (6, 10)}),
    ("G2", regression(16, 16), "float32", 1, True, {"graph": peer(1, "graph"), "graph, shortcut": peer(1, "graph", True)},
     {"graph": (1.8, 2.5)}),
    ("G3", regression(16, 16), "tf32", 32, True, {"eager": peer(1, "eager")}, {"eager": (25, 40)}),
    ("G4", regression(16, 16), "tf32", 32, True, {"ensemble": peer(32, "graph"), "ensemble, shortcut": peer(32, "graph", True)},
     {"ensemble": (1.5, 2.5)}),
    ("G5", regression(64, 32), "tf32", 16, True,
     {"eager": peer(1, "eager"), "ensemble": peer(16, "graph"), "ensemble, compile": peer(16, "compile"),
      "ensemble, shortcut": peer(16, "graph", True)}, {"eager": (9, 13), "best": (1.5, 2)}),
    ("G6", regression(256, 64), "float32", 1, False, {"eager": peer(1, "eager")}, {"eager": (1.2, 1.4)}),
    ("G7", regression(256, 64), "tf32", 1, True,
     {"eager": peer(1, "eager"), "graph": peer(1, "graph"), "compile": peer(1, "compile"),
      "compile, shortcut": peer(1, "compile", True)}, {"eager": (3, 4), "best": (1.3, 1.6)}),
    ("G8", recall(32, 256), "tf32", 8, True,
     {"eager": peer(1, "eager"), "ensemble": peer(8, "graph"), "ensemble, shortcut": peer(8, "graph", True)},
     {"eager": (8, 10), "best": (1.4, 1.8)}),
]


class Ours:
    """Our process; see BenchServer."""

    def __init__(self, command, device):
        self.process = subprocess.Popen(shlex.split(command) + [device], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.description = self.read()["device"]

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("gpu_bench: our process has ended; what it said is above")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    def ask(self, what, **values):
        self.process.stdin.write(json.dumps({"do": what, **values}) + "\n")
        self.process.stdin.flush()
        return self.read()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def alternate(sides, rounds, chunks, chunk):
    """Milliseconds of one step of each side: medians over all chunks of all rounds, and the spread of the rounds' medians."""
    times = {name: [] for name in sides}
    for run in sides.values():
        run(chunk)
    for _ in range(rounds):
        for name, run in sides.items():
            times[name].append([run(chunk) / chunk for _ in range(chunks)])
    out = {}
    for name, of in times.items():
        medians = [statistics.median(one) for one in of]
        out[name] = {"ms": 1e3 * statistics.median([t for one in of for t in one]),
                     "rounds_ms": [1e3 * m for m in medians], "steps": rounds * chunks * chunk}
    return out


def timed(run):
    def measure(count):
        began = time.perf_counter()
        run(count)
        return time.perf_counter() - began
    return measure


def our_run(ours):
    return lambda count: ours.ask("run", count=count)["seconds"]


def set_precision(precision):
    torch.set_float32_matmul_precision("high" if precision == "tf32" else "highest")


def ratios(row, targets):
    mine = row["ours"]["per_member_ms"]
    peers = {name: p["per_member_ms"] for name, p in row["peers"].items()}
    row["ratios"] = {name: ms / mine for name, ms in peers.items()}
    if "best" in targets:
        strongest = min((ms, name) for name, ms in peers.items() if name != "eager")
        row["ratios"]["best"], row["best"] = strongest[0] / mine, strongest[1]
    row["targets"] = {name: {"ratio": row["ratios"][name], "pass": t[0], "ahead": t[1],
                             "reached": "ahead" if row["ratios"][name] >= t[1] else "pass" if row["ratios"][name] >= t[0] else "missed"}
                      for name, t in targets.items()}


def step_row(ours, options, row):
    name, task, precision, members, shortcut, peers, targets = row
    on_gpu = options.device == "cuda"
    if not on_gpu:  # only to try the script
        precision, members = "float32", min(members, 2)
        peers = {peer_name: dict(p, replicas=min(p["replicas"], 2)) for peer_name, p in peers.items()}
    set_precision(precision)
    torch.manual_seed(1)
    yaml = (REGRESSION if task["kind"] == "regression" else RECALL).format(precision=precision, **task)
    opened = ours.ask("open", yaml=yaml, replicas=members, shortcut=shortcut)
    sides, trainings, broken = {"ours": our_run(ours)}, {}, {}
    for peer_name, p in peers.items():
        variant = p["variant"] if on_gpu else "eager"
        if variant == "compile" and options.no_compile:
            continue
        try:  # a PyTorch without a compiler still has its other variants
            trainings[peer_name] = torch_gpu.Training(task, p["replicas"], p["shortcut"], variant, options.device)
        except (RuntimeError, torch.cuda.OutOfMemoryError) as problem:
            broken[peer_name] = str(problem)
            continue
        sides[peer_name] = timed(trainings[peer_name].run)
    times = alternate(sides, options.rounds, options.chunks, options.chunk)
    losses = ours.ask("losses")["losses"]
    result = {"id": name, "task": task, "precision": precision, "shortcut": shortcut, "bytes": opened["bytes"],
              "ours": {**times["ours"], "members": members, "per_member_ms": times["ours"]["ms"] / members,
                       "loss": sum(losses) / len(losses)}, "peers": {}, "broken": broken}
    for peer_name, training in trainings.items():
        result["peers"][peer_name] = {**times[peer_name], "members": training.r, "per_member_ms": times[peer_name]["ms"] / training.r,
                                      "loss": training.loss()}
    if shortcut:
        ours.ask("open", yaml=yaml, replicas=members, shortcut=False)
        whole = alternate({"ours": our_run(ours)}, 1, options.chunks, options.chunk)["ours"]
        result["ours_without_shortcut"] = {**whole, "per_member_ms": whole["ms"] / members}
    ours.ask("close")
    ran = set(result["peers"])
    ratios(result, {k: t for k, t in targets.items() if k in ran or (k == "best" and ran - {"eager"})})
    return result


def attention_rows(ours, options):
    heads = 1024 if options.device == "cuda" else 16
    for length in (128, 256, 512):
        for precision in ("float32", "tf32") if options.device == "cuda" else ("float32",):
            set_precision(precision)
            ours.ask("attention", length=length, heads=heads, head_dim=64, precision=precision)
            torch_side = torch_gpu.Attention(length, heads, 64, options.device)
            times = alternate({"ours": our_run(ours), "sdpa": timed(torch_side.run)}, options.rounds, options.chunks, options.chunk)
            row = {"id": "G9", "length": length, "heads": heads, "precision": precision, "flops": 7 * 2 * heads * length * length * 64 / 2,
                   "ours": {**times["ours"], "per_member_ms": times["ours"]["ms"]},
                   "peers": {"sdpa": {**times["sdpa"], "per_member_ms": times["sdpa"]["ms"]}}}
            row["ours"]["tflops"] = row["flops"] / times["ours"]["ms"] / 1e9
            ratios(row, {"sdpa": (1.5, 2.5)})
            ours.ask("close")
            yield row


def adam_row(ours, options, copy_bytes):
    members = 32 if options.device == "cuda" else 2
    opened = ours.ask("adam", parameters=1_600_000, replicas=members)
    parameters = [torch.randn(1_600_000 * members, device=options.device, requires_grad=True)]
    parameters[0].grad = torch.randn_like(parameters[0])
    fused = torch.optim.Adam(parameters, lr=1e-4, **({"fused": True} if options.device == "cuda" else {"foreach": True}))

    def run(count):
        for _ in range(count):
            fused.step()
        if options.device == "cuda":
            torch.cuda.synchronize()

    times = alternate({"ours": our_run(ours), "fused": timed(run)}, options.rounds, options.chunks, options.chunk)
    ours.ask("close")
    moved = 28 * opened["elements"]  # parameter, gradient and two moments read; all but the gradient written
    row = {"id": "G10", "elements": opened["elements"], "ours": {**times["ours"], "per_member_ms": times["ours"]["ms"] / members},
           "peers": {"fused": {**times["fused"], "per_member_ms": times["fused"]["ms"] / members}}}
    ratios(row, {})
    share = moved / (times["ours"]["ms"] / 1e3) / copy_bytes
    row["bytes_per_second"], row["share_of_copy"] = moved / (times["ours"]["ms"] / 1e3), share
    row["targets"] = {"copy": {"ratio": share, "pass": 0.85, "ahead": 0.92,
                               "reached": "ahead" if share >= 0.92 else "pass" if share >= 0.85 else "missed"}}
    return row


def ceilings(options):
    """What the machine can do: bytes a second of a large copy (read and written), operations a second of large products."""
    cuda = options.device == "cuda"
    source = torch.randn((1 << 30) if cuda else (1 << 24), device=options.device)
    target, out = torch.empty_like(source), {}

    def wait():
        if cuda:
            torch.cuda.synchronize()

    def rate(work, body, repeats=10):
        body()
        wait()
        took = []
        for _ in range(repeats):
            began = time.perf_counter()
            body()
            wait()
            took.append(time.perf_counter() - began)
        return work / statistics.median(took)

    out["copy_bytes_per_second"] = rate(8 * source.numel(), lambda: target.copy_(source))
    del source, target
    n = 8192 if cuda else 1024
    for precision, dtype in (("float32", torch.float32), ("tf32", torch.float32), ("bf16", torch.bfloat16)) if cuda else (
            ("float32", torch.float32),):
        set_precision(precision)
        a, b = (torch.randn(n, n, device=options.device).to(dtype) for _ in range(2))
        out[f"gemm_{precision}_flops"] = rate(2 * n**3, lambda: a @ b)
    return out


def show(row):
    where = row.get("task") and (f"{row['task']['kind']} {row['task']['length']}" +
                                 (f",{row['task']['dim']}" if "dim" in row["task"] else f",{row['task']['tokens']}")) or (
        f"attention {row['length']}" if "length" in row else "adam")
    line = f"{row['id']:4} {where:18} {row.get('precision', ''):8} ours {row['ours']['per_member_ms']:9.4f} ms"
    if "ours_without_shortcut" in row:
        line += f" ({row['ours_without_shortcut']['per_member_ms']:.4f} without the shortcut)"
    if "loss" in row["ours"]:
        line += f", loss {row['ours']['loss']:.4f}"
    print(line)
    for name, p in row["peers"].items():
        loss = f", loss {p['loss']:.4f}" if "loss" in p else ""
        print(f"     torch {name:22} {p['per_member_ms']:9.4f} ms{loss}: {row['ratios'][name]:.2f} times ours")
    for name, problem in row.get("broken", {}).items():
        print(f"     torch {name} did NOT run: {problem.splitlines()[0] if problem else 'no reason given'}")
    for name, t in row["targets"].items():
        print(f"     {t['reached']:7} {name}: {t['ratio']:.2f} (pass {t['pass']}, ahead {t['ahead']})")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True)
    parser.add_argument("--device", default="cuda", choices=("cuda", "cpu"))
    parser.add_argument("--steps", type=int, default=210, help="steps of each side of each row")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--no-compile", action="store_true")
    parser.add_argument("--out", default="gpu-bench.json")
    options = parser.parse_args()
    if options.device == "cuda" and not torch.cuda.is_available():
        print("gpu-bench: PyTorch finds no GPU on this machine; --device cpu tries the script", file=sys.stderr)
        sys.exit(7)
    options.chunk = 10 if options.steps >= 30 * options.rounds else 1
    options.chunks = max(1, -(-options.steps // (options.rounds * options.chunk)))
    wanted = [w for w in options.only.split(",") if w]
    began = time.time()
    ours = Ours(options.server, options.device)
    peak = ceilings(options)
    device = torch.cuda.get_device_name() if options.device == "cuda" else "cpu"
    print(f"{ours.description}; torch {torch.__version__} on {device}")
    print(", ".join(f"{name} {value:.3g}" for name, value in peak.items()), flush=True)
    rows, failures = [], []

    def add(label, make):
        if wanted and label not in wanted:
            return
        try:
            for row in make():
                rows.append(row)
                show(row)
                failures.extend({"id": f"{label}, {name}", "problem": problem} for name, problem in row.get("broken", {}).items())
        except (RuntimeError, torch.cuda.OutOfMemoryError) as problem:
            failures.append({"id": label, "problem": str(problem)})
            print(f"{label}: FAILED: {problem}", flush=True)
        if options.device == "cuda":
            torch.cuda.empty_cache()

    for row in STEPS:
        add(row[0], lambda: [step_row(ours, options, row)])
    add("G9", lambda: attention_rows(ours, options))
    add("G10", lambda: [adam_row(ours, options, peak["copy_bytes_per_second"])])
    ours.end()
    with open(options.out, "w") as file:
        json.dump({"device": device, "ours": ours.description, "torch": torch.__version__, "seconds": time.time() - began,
                   "ceilings": peak, "rows": rows, "failures": failures,
                   "elsewhere": {"G11": "./dev bench", "G12": "./dev bench", "G13": "gpu-bench --fig3"}}, file, indent=1)
    print(f"{len(rows)} rows, {len(failures)} failed, {time.time() - began:.0f} s; {options.out}")
    sys.exit(1 if failures else 0)


main()
