"""Four threads add to one number. Without a lock updates get lost; with a lock never.

`counter = counter + 1` is several instructions: load, add, store. A thread that loses the GIL between its load and its store
later writes back a number that the others have long left behind.

    gilbert examples/gil/lost_update.py            # real threads, a switch every 100 instructions
    gilbert --ticks 10 examples/gil/lost_update.py
"""
import sys
import threading

THREADS = 4
ROUNDS = 200_000
counter = 0
lock = threading.Lock()
all_there = threading.Barrier(THREADS)


def without_lock():
    global counter
    all_there.wait()
    for _ in range(ROUNDS):
        counter = counter + 1


def with_lock():
    global counter
    all_there.wait()
    for _ in range(ROUNDS):
        with lock:
            counter = counter + 1


def count(work):
    global counter
    counter = 0
    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return counter


if __name__ == "__main__":
    expected = THREADS * ROUNDS
    if "--locked" not in sys.argv:
        got = count(without_lock)
        print(f"without a lock: {got} of {expected}, {expected - got} updates lost")
    got = count(with_lock)
    print(f"with a lock:    {got} of {expected}, {expected - got} updates lost")
    sys.exit(got != expected)
