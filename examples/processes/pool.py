"""A pool of two processes; callbacks run in main, results come in the order in which they were asked for."""
import multiprocessing
import os
import time


def square(n):
    time.sleep(0.1)
    return n * n, os.getpid()


def done(result):
    print("done:", result[0], "told to main:", os.getpid() == main)


if __name__ == "__main__":
    main = os.getpid()
    pool = multiprocessing.Pool(2)
    results = [pool.apply_async(square, (n,), callback=done) for n in range(6)]
    pool.close()
    pool.join()
    print([r.get()[0] for r in results], "by", len({r.get()[1] for r in results}), "workers")
