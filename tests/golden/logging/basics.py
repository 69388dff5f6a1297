"""logging: levels, handlers, formatters, filters, propagation, exceptions."""
import io
import logging
import sys

out = io.StringIO()
root = logging.getLogger()
handler = logging.StreamHandler(out)
handler.setFormatter(logging.Formatter("%(levelname)s|%(name)s|%(funcName)s|%(lineno)d|%(threadName)s|%(message)s"))
root.addHandler(handler)


def flush():
    print(out.getvalue(), end="")
    out.seek(0)
    out.truncate()


def f():
    logging.debug("hidden")
    logging.info("hidden too")
    logging.warning("warn %d %s", 1, "two")
    logging.error("err %(a)s", {"a": 5})
    logging.critical("crit")


f()
flush()
root.setLevel(logging.DEBUG)
f()
flush()
a, ab, abc = (logging.getLogger(n) for n in ("a", "a.b", "a.b.c"))
print(ab.parent is a, abc.parent.name, a.parent is root, ab.getEffectiveLevel(), a.isEnabledFor(10), logging.getLogger("a.b") is ab)
a.setLevel("ERROR")
abc.warning("not shown")
abc.error("shown")
ab.propagate = False
abc.error("stopped at ab")
flush()
ab.propagate = True
try:
    1 / 0
except ZeroDivisionError:
    a.exception("caught")
lines = out.getvalue().splitlines()
print(lines[0], lines[1], lines[-1])
out.seek(0), out.truncate()


class Only(logging.Filter):
    def filter(self, record):
        record.extra = "E"
        return "keep" in record.getMessage()


h2 = logging.StreamHandler(out)
h2.setFormatter(logging.Formatter("{levelno} {message} {extra}", style="{"))
h2.addFilter(Only())
log = logging.getLogger("filtered")
log.propagate = False
log.addHandler(h2)
log.warning("keep this")
log.warning("drop this")
log.log(25, "keep level 25")
logging.addLevelName(25, "NOTICE")
print(logging.getLevelName(25), logging.getLevelName("NOTICE"), logging.getLevelName(7), logging.getLevelName("INFO"))
flush()
log.removeHandler(h2)
h3 = logging.StreamHandler(out)
h3.setFormatter(logging.Formatter("$name:$message", style="$"))
log.addHandler(h3)
log.error("bad format %d", 5)
log.error("extra", extra={"user": "u"})
flush()
print(log, h3.__class__.__name__, root, logging.root is root, logging.WARN, logging.lastResort.level)
adapter = logging.LoggerAdapter(log, {"ip": "1.2.3.4"})
adapter.warning("through adapter")
flush()


class Sup(logging.Handler):
    def emit(self, record):
        print("emit", record.name, record.levelname, record.msg, record.args, record.getMessage(), record.module, record.filename)


log.addHandler(Sup())
log.info("x=%s y=%r", 1, "q")
record = logging.LogRecord("n", logging.INFO, "/p/f.py", 10, "m %s", ("arg",), None)
print(record, logging.Formatter().format(record), logging.Formatter("%(asctime)s").usesTime())
print(logging.makeLogRecord({"msg": "made", "levelname": "X"}).getMessage())
flush()
logging.disable(logging.WARNING)
root.warning("disabled")
root.error("still")
logging.disable(logging.NOTSET)
flush()
for h in root.handlers[:]:
    root.removeHandler(h)
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(levelname)-8s [%(name)s] %(message)s", force=True)
logging.info("basic")
logging.getLogger("sub").warning("basic sub")
try:
    logging.basicConfig(level=1, handlers=[], stream=sys.stdout, force=True)
except ValueError as e:
    print(e)
try:
    logging.getLogger("v").setLevel("NOPE")
except ValueError as e:
    print(e)
logging.raiseExceptions = False
logging.getLogger("sub").info("wrong %d", "s")
print("end")
