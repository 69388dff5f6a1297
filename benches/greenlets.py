#!/usr/bin/env python3
"""Run benches/greenlets on gilbert and on a CPython that has greenlet and gevent, by turns, and print ratios of what they print.

usage: python3 benches/greenlets.py [--gilbert target/release/gilbert] [--python COMMAND] [--rounds N] [--only TEXT]

Without --python the first of python3.12, python3.13, python3 that can import both; where there is none only gilbert is run.
A figure is the median of the rounds.
"""
import argparse
import pathlib
import re
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent / "greenlets"


def has_gevent(command):
    return subprocess.run([command, "-c", "import greenlet, gevent"], stderr=subprocess.DEVNULL).returncode == 0


def run(command, program):
    done = subprocess.run([*command.split(), str(program)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{command} failed: {done.stderr[-400:]}")
    return done.stdout.strip()


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--gilbert", default="target/release/gilbert")
    ap.add_argument("--python", default="")
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--only", default="")
    opt = ap.parse_args()
    found = [c for c in ("python3.12", "python3.13", "python3") if shutil.which(c) and has_gevent(c)]
    python = opt.python or (found[0] if found else "")
    for program in sorted(p for p in HERE.glob("*.py") if opt.only in p.name):
        mine, theirs = [], []
        for _ in range(opt.rounds):
            mine.append(run(opt.gilbert, program))
            if python:
                theirs.append(run(python, program))
        number = lambda text: float(re.match(r"[\d.]+", text).group())
        line = f"{program.stem:12} gilbert {sorted(mine, key=number)[len(mine) // 2]}"
        if theirs:
            ratio = statistics.median(number(m) / number(t) for m, t in zip(mine, theirs))
            line += f" | CPython {sorted(theirs, key=number)[len(theirs) // 2]} | ratio {ratio:.2f}"
        print(line)


if __name__ == "__main__":
    main()
