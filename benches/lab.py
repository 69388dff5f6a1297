#!/usr/bin/env python3
"""The lab's speed, beside shuttle (compiled Rust) and CPython, all on one core but where two are asked for.

usage: python3 benches/lab.py [--gilbert target/release/gilbert] [--shuttle benches/shuttle/target/release/gilbert-beside-shuttle]
                              [--against python3] [--rounds N] [--million]

Build shuttle's side first: cargo build --release --manifest-path benches/shuttle/Cargo.toml. Each figure is the median of the rounds, and
each ratio the median of the ratios within a round. --million also looks at the memory of a race of a million runs.
"""
import argparse
import json
import pathlib
import resource
import shutil
import statistics
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
LAB = HERE / "lab"


def shuttle(opt):
    words = subprocess.run(["taskset", "-c", "0", opt.shuttle, "200000"], capture_output=True, text=True, check=True).stdout.split()
    return dict(zip(words[::2], map(float, words[1::2])))


def race(opt, script, runs, jobs=1, *options):
    cores = "0" if jobs == 1 else "0-%d" % (jobs - 1)
    command = ["taskset", "-c", cores, opt.gilbert, "race", str(LAB / script), "--runs", str(runs), "--jobs", str(jobs), "--watch", "1", "--json", *options]
    done = subprocess.run(command, capture_output=True, text=True)
    return json.loads(done.stdout)["rate"]


def explore(opt, script):
    """Runs a second of whole explorations, the start of the process included once each: the tree is small."""
    begun, runs = time.perf_counter(), 0
    while time.perf_counter() - begun < 2:
        done = subprocess.run(["taskset", "-c", "0", opt.gilbert, "explore", str(LAB / script), "--json"], capture_output=True, text=True)
        runs += json.loads(done.stdout)["runs"]
    return runs / (time.perf_counter() - begun)


def seconds(command):
    begun = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - begun


def say(what, result, mark, met, note=""):
    print("%-44s %12s   mark %-10s %-6s %s" % (what, result, mark, "met" if met else "MISSED", note))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--gilbert", default="target/release/gilbert")
    ap.add_argument("--shuttle", default=str(HERE / "shuttle/target/release/gilbert-beside-shuttle"))
    ap.add_argument("--against", default=next((c for c in ("python3.12", "python3") if shutil.which(c)), "python3"))
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--million", action="store_true")
    opt = ap.parse_args()
    rows = []
    for _ in range(opt.rounds):
        row = {"shuttle " + k: v for k, v in shuttle(opt).items()}
        row["random"] = race(opt, "counter.py", 60000, 1, "--strategy", "random")
        row["imports"] = race(opt, "counter_imports.py", 60000, 1, "--strategy", "random")
        row["two"] = race(opt, "counter.py", 120000, 2, "--strategy", "random")
        row["explore"] = explore(opt, "counter.py")
        rows.append(row)

    def med(key):
        return statistics.median(r[key] for r in rows)

    def ratio(a, b):
        return statistics.median(r[a] / r[b] for r in rows)

    print("%-44s %12.0f" % ("shuttle random, executions/s", med("shuttle random")))
    say("race --strategy random, runs/s", "%.0f" % med("random"), "1/6", ratio("random", "shuttle random") >= 1 / 6, "%.3f of shuttle" % ratio("random", "shuttle random"))
    say("with dataclasses and queue imported, runs/s", "%.0f" % med("imports"), "1/2", ratio("imports", "random") >= 0.5, "%.2f of that without" % ratio("imports", "random"))
    say("two cores, runs/s", "%.0f" % med("two"), "1.8 x", ratio("two", "random") >= 1.8, "%.2f x" % ratio("two", "random"))
    print("%-44s %12.0f" % ("explore, whole processes, runs/s", med("explore")))
    hundred = seconds([opt.gilbert, "race", str(LAB / "lock_race.py"), "--ticks", "100", "--runs", "100", "--jobs", "1", "--json"])
    fifteen = seconds([opt.against, "-c", "import subprocess, sys\nfor _ in range(15): subprocess.run([sys.executable, %r], stdout=subprocess.DEVNULL)" % str(LAB / "lock_race.py")])
    say("lock race, 1,000 threads: 100 runs, s", "%.2f" % hundred, "< 15 runs", hundred < fifteen, "15 runs of CPython: %.2f s" % fifteen)
    if opt.million:
        race(opt, "counter.py", 50_000)
        small = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        race(opt, "counter.py", 1_000_000, 1, "--strategy", "random")
        say("peak memory of a million runs, KiB", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, "flat", True, "of 50,000: %d" % small)


if __name__ == "__main__":
    main()
