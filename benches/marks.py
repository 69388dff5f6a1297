#!/usr/bin/env python3
"""Run benches/threads on gilbert and on CPython 3, paired and alternating, and print each mark with its ratio.

usage: python3 benches/marks.py [--gilbert target/release/gilbert] [--against COMMAND] [--rounds N] [--only TEXT]

Each script prints one number, the less the better, mostly seconds. The ratio is the median over rounds of gilbert's number divided by
the other's in the same round. Two marks are gilbert's alone: the ratio of threads to sequence, and the share of ticks.
"""
import argparse
import pathlib
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent

# script, mark, what is compared
MARKS = [
    ("two_spinners", 1.2, "threads / sequence"),
    ("fair_windows", 0.30, "least share"),
    ("sleeper", 0.02, "ratio"),
    ("contended_lock", 0.8, "ratio"),
    ("queue_round_trip", 0.6, "ratio"),
    ("start_join", 0.55, "ratio"),
    ("sleeping_threads", 0.25, "ratio"),
    ("lone_lock", 1.0, "ratio"),
    ("lone_queue", 1.0, "ratio"),
]


def number(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    if done.returncode:
        sys.exit("%s failed: %s" % (" ".join(command), done.stderr.decode(errors="replace")[-400:]))
    return float(done.stdout)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--gilbert", default="target/release/gilbert")
    ap.add_argument("--against", default=next((c for c in ("python3.12", "python3") if shutil.which(c)), "python3"))
    ap.add_argument("--rounds", type=int, default=5)
    ap.add_argument("--only", default="")
    opt = ap.parse_args()
    print("%-18s %-18s %10s %10s %8s %7s" % ("script", "compared", "gilbert", "other", "result", "mark"))
    missed = 0
    for name, mark, how in MARKS:
        if opt.only not in name:
            continue
        script = str(HERE / "threads" / (name + ".py"))
        mine, theirs = [], []
        for _ in range(opt.rounds):
            mine.append(number(opt.gilbert.split() + [script]))
            theirs.append(number(opt.against.split() + [script]))
        if how == "ratio":
            result = statistics.median(m / t for m, t in zip(mine, theirs))
        else:
            result = statistics.median(mine)
        met = result >= mark if how == "least share" else result <= mark
        missed += not met
        sign = ">=" if how == "least share" else "<="
        row = (name, how, statistics.median(mine), statistics.median(theirs), result, sign + str(mark), "" if met else "  missed")
        print("%-18s %-18s %10.3g %10.3g %8.3f %7s%s" % row, flush=True)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
