"""logging.handlers: memory, queue and rotating handlers."""
import io
import logging
import logging.handlers
import queue
import threading

out = io.StringIO()
handler = logging.StreamHandler(out)
handler.setFormatter(logging.Formatter("%(levelname)s|%(name)s|%(threadName)s|%(message)s"))


def flush():
    print(out.getvalue(), end="")
    out.seek(0)
    out.truncate()


mem = logging.handlers.MemoryHandler(10, logging.ERROR, handler)
ml = logging.getLogger("mem")
ml.propagate = False
ml.addHandler(mem)
ml.info("buffered 1")
ml.info("buffered 2")
print(repr(out.getvalue()))
ml.error("flushes")
flush()
q = queue.Queue()
ql = logging.getLogger("q")
ql.propagate = False
ql.addHandler(logging.handlers.QueueHandler(q))
listener = logging.handlers.QueueListener(q, handler)
listener.start()
ts = [threading.Thread(target=ql.warning, args=("from %d", i), name=f"W{i}") for i in range(3)]
for t in ts:
    t.start()
    t.join()
listener.stop()
flush()
import logging.config
logging.config.dictConfig({
    "version": 1,
    "formatters": {"f": {"format": "DC %(levelname)s %(message)s"}},
    "handlers": {"h": {"class": "logging.StreamHandler", "formatter": "f", "stream": "ext://sys.stdout"}},
    "loggers": {"dc": {"handlers": ["h"], "level": "DEBUG", "propagate": False}},
})
logging.getLogger("dc").debug("configured")
print(sorted(logging.getLogger("a").getChild("z").name), logging.getLogger("dc").hasHandlers())
