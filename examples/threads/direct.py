"""The simplest thread: a function and its arguments."""
import threading
import time


def fetch(name, seconds):
    print("fetching", name)
    time.sleep(seconds)
    print("fetched", name)


jobs = [threading.Thread(target=fetch, args=("page-%d" % i, 0.1 * i)) for i in (1, 2, 3)]
for job in jobs:
    job.start()
for job in jobs:
    job.join()
