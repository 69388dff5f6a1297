"""Two switches a round, between the main greenlet and one that loops."""
import sys
import time
import greenlet

N = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000


def loop():
    back = greenlet.getcurrent().parent.switch
    while True:
        back()


g = greenlet.greenlet(loop)
switch = g.switch
switch()
start = time.perf_counter()
for _ in range(N):
    switch()
print(f"{(time.perf_counter() - start) / N / 2 * 1e9:.0f} ns a switch")
