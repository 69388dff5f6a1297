"""A pool of three greenlets works off a list; a timeout gives up on what takes too long; nothing left to do is an error."""
import gevent
from gevent.event import Event
from gevent.pool import Pool


def fetch(page):
    gevent.sleep(0.1 + page % 3 / 10)
    return f"page {page}"


pool = Pool(3)
for text in pool.imap(fetch, range(6)):
    print(text)
print(list(pool.imap_unordered(fetch, [2, 1, 0])))
print(gevent.with_timeout(0.15, fetch, 2, timeout_value="too slow"))
try:
    Event().wait()
except gevent.hub.LoopExit as e:
    print(str(e).splitlines()[0])
