"""gevent.sleep() lets the others run: three errands take as long as the longest (25)."""
import time
import gevent


def errand(name, *seconds):
    for n, s in enumerate(seconds, 1):
        gevent.sleep(s)
        print(f"{name}: stop {n} after {time.monotonic() - start:.1f} s")
    return name


start = time.monotonic()
jobs = [gevent.spawn(errand, "baker", 0.1, 0.3), gevent.spawn(errand, "post", 0.2), gevent.spawn(errand, "bank", 0.3, 0.2)]
gevent.joinall(jobs)
print([job.value for job in jobs], f"{time.monotonic() - start:.1f} s in all")
