#!/usr/bin/env python3
"""Pipe messages, pool tasks, queues, process starts: Gilbert beside CPython in one run, in microseconds, with the marks we aim at.

usage: python3 benches/processes.py [--gilbert target/release/gilbert] [--against python3.12] [--only TEXT]
"""
import argparse
import pathlib
import subprocess

MARKS = {"queue_put_get": 0.5, "mp_queue": 0.5, "pipe": 0.5, "pool_map": 0.5, "start_join": 0.5}


def measure(command, only):
    program = str(pathlib.Path(__file__).resolve().parent / "processes" / "programs.py")
    out = subprocess.run([*command.split(), program, *([only] if only else [])], stdout=subprocess.PIPE, check=True)
    return {name: float(us) for name, us in (line.split() for line in out.stdout.decode().splitlines())}


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--gilbert", default="target/release/gilbert")
    ap.add_argument("--against", default="python3.12")
    ap.add_argument("--only", default="")
    opt = ap.parse_args()
    mine, theirs = measure(opt.gilbert, opt.only), measure(opt.against, opt.only)
    print(f"{'program':<18}{'gilbert us':>12}{'other us':>12}{'ratio':>8}  mark")
    for name, us in mine.items():
        ratio, mark = us / theirs[name], MARKS.get(name)
        told = "" if mark is None else f"<={mark}" + ("" if ratio <= mark else "  missed")
        print(f"{name:<18}{us:>12.2f}{theirs[name]:>12.2f}{ratio:>8.2f}  {told}")


if __name__ == "__main__":
    main()
