#!/usr/bin/env python3
"""What counting ticks costs a lone thread, in instructions of the processor (valgrind's callgrind counts them exactly).

usage: python3 benches/ticks.py [--gilbert target/release/gilbert]

Three runs: `pass` (start-up, subtracted from the rest), and a program of loops, calls and attributes with an interval of 100 ticks and
one of 1,000,000. Each expiry of the interval costs what the second run saves; a run of a million ticks has expiries too (the countdown is
handed out in chunks), but fewer than a tenth. The countdown itself is a decrement and a branch for each dispatch of the loop, and
dispatches are counted by the address that the loop executes most often.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

PROGRAM = """
class Point:
    def __init__(self, x):
        self.x = x

    def move(self, by):
        self.x += by


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def loop(n):
    total = 0
    point = Point(0)
    for i in range(n):
        if i % 3:
            total += i * 2
        else:
            point.move(i)
    return total + point.x


fib(19)
loop(60000)
"""


def counted(gilbert, arguments, folder):
    """Instructions of a run, and how often the interpreter's loop dispatched one of its own."""
    out = folder / "callgrind.out"
    command = ["valgrind", "--tool=callgrind", "--dump-instr=yes", "--callgrind-out-file=%s" % out, gilbert, "run"] + arguments
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode:
        sys.exit("%s failed: %s" % (" ".join(command), done.stderr.decode(errors="replace")[-400:]))
    text = out.read_text()
    return int(re.search(r"^(?:summary|totals): (\d+)", text, re.M)[1]), dispatches(text)


def dispatches(text):
    """The count of the address that `interp::run::run` executes most often."""
    names, counts = {}, {}
    inside, call, address = False, False, 0
    for line in text.splitlines():
        if line.startswith("fn="):
            number, name = re.match(r"fn=\((\d+)\)\s*(.*)", line).groups()
            names[number] = name or names.get(number, "")
            inside = "interp::run::run" in names[number]
        elif line.startswith("cfn="):
            number, name = re.match(r"cfn=\((\d+)\)\s*(.*)", line).groups()
            names.setdefault(number, name)
        elif line.startswith("calls="):
            call = True
        elif re.match(r"(0x|[+*-])\S* \S+ \d+$", line):
            place, _, cost = line.split()
            if place != "*":
                address = address + int(place, 16) if place[0] in "+-" else int(place, 16)
            if inside and not call:
                counts[address] = counts.get(address, 0) + int(cost)
            call = False
    return max(counts.values(), default=0)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--gilbert", default="target/release/gilbert")
    opt = ap.parse_args()
    if not shutil.which("valgrind"):
        sys.exit("valgrind is needed: it counts instructions exactly, also where the processor's own counters are hidden")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        script = folder / "lone.py"
        script.write_text(PROGRAM)
        start, _ = counted(opt.gilbert, ["-c", "pass"], folder)
        often, loops = counted(opt.gilbert, ["--ticks", "100", str(script)], folder)
        rarely, _ = counted(opt.gilbert, ["--ticks", "1000000", str(script)], folder)
    work = often - start
    # the rare run has an expiry each 997 ticks
    expiries = (often - rarely) / (1 - 100 / 997)
    print("instructions of the program, start-up subtracted  %12d" % work)
    print("expiries, one for every 100 ticks                 %12d   %5.2f %%" % (expiries, 100 * expiries / work))
    print("decrement and branch of %9d dispatches       %12d   %5.2f %%" % (loops, 2 * loops, 100 * 2 * loops / work))


if __name__ == "__main__":
    main()
