#!/usr/bin/env python3
"""Run benches/programs on gilbert and on every other interpreter found, paired and alternating, and print ratios.

usage: python3 benches/compare.py [--gilbert target/release/gilbert] [--rounds N] [--only TEXT] [--against COMMAND]..

Each round runs every interpreter once on a program before the next round starts, so a drift of the machine's speed
hits all of them. A ratio is the median over rounds of gilbert's time divided by the other's in the same round. User
plus system time of the whole process, start-up included.
"""
import argparse
import math

import pathlib
import resource
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
CANDIDATES = ["python3.12", "python3.13", "python3", "python2.7", "pypy3", "rustpython"]

def seconds(command):
    """CPU seconds of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit("%s failed: %s" % (" ".join(command), done.stderr.decode(errors="replace")[-400:]))
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

def real(command):
    """The interpreter itself where `command` is a version manager's script, whose own start must not be counted."""
    asked = subprocess.run(command.split() + ["-c", "import sys; print(sys.executable)"], stdout=subprocess.PIPE)
    return asked.stdout.decode().strip() or command


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--gilbert", default="target/release/gilbert")
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--only", default="")
    ap.add_argument("--against", action="append", default=[])
    opt = ap.parse_args()
    others = opt.against or [c for c in CANDIDATES if shutil.which(c)]
    others = [real(c) for c in others if subprocess.run(c.split() + ["-c", "pass"], stderr=subprocess.DEVNULL).returncode == 0]
    programs = sorted(p for p in (HERE / "programs").glob("*.py") if opt.only in p.name)
    logs = {c: [] for c in others}
    print("%-14s %9s  " % ("program", "gilbert s") + "  ".join("%12s" % c[-12:] for c in others))
    for p in programs:
        mine, theirs = [], {c: [] for c in others}
        for _ in range(opt.rounds):
            mine.append(seconds([opt.gilbert, str(p)]))
            for c in others:
                theirs[c].append(seconds(c.split() + [str(p)]))
        row = []
        for c in others:
            ratio = statistics.median(m / max(t, 1e-4) for m, t in zip(mine, theirs[c]))
            logs[c].append(math.log(ratio))
            row.append("%12.2f" % ratio)
        print("%-14s %9.3f  " % (p.stem, statistics.median(mine)) + "  ".join(row), flush=True)
    if programs:
        print("%-14s %9s  " % ("geometric mean", "") + "  ".join("%12.2f" % math.exp(statistics.mean(logs[c])) for c in others))

if __name__ == "__main__":
    main()
