# A lock written in Python that does not lock: 1,000 threads test a flag and then set it. Prints how many got through as they should.
import sys
import threading

THREADS = 1000
if hasattr(sys, "setcheckinterval"):
    sys.setcheckinterval(100)
taken = False
count = 0


def enter():
    global taken
    while taken:
        pass
    taken = True


def leave():
    global taken
    taken = False


def work():
    global count
    enter()
    seen = count
    count = seen + 1
    leave()


threads = [threading.Thread(target=work) for _ in range(THREADS)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(count)
