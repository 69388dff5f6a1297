import threading
import time


def show(thread):
    print(str(thread).replace(" %s)" % thread.ident, " N)"))


def error(f, *args, **kw):
    try:
        f(*args, **kw)
    except BaseException as e:
        print(type(e).__name__, e)
    else:
        print("no error")


def get_time():
    show(threading.current_thread())


t = threading.Thread(target=get_time)
show(t)
print(t.name, t.ident, t.daemon, t.is_alive(), t.native_id)
error(t.join)
t.start()
t.join()
show(t)
print(t.is_alive(), t.ident is not None)
error(t.start)
d = threading.Thread(target=time.sleep, args=(0.05,), daemon=True)
d.start()
show(d)
error(setattr, d, "daemon", False)
print(d.join(0.001), d.is_alive())
d.join()
print(threading.main_thread() is threading.current_thread(), threading.current_thread().name)
show(threading.main_thread())
error(threading.current_thread().join)
error(threading.Thread, 1)
print(threading.Thread(name=5).name, threading.Thread().name, threading.Thread(target=len).name)


class Mine(threading.Thread):
    def __init__(self, n):
        super().__init__(name="mine")
        self.n = n

    def run(self):
        print("run", self.n, self.name, self is threading.current_thread())


m = Mine(3)
m.start()
m.join()


class Forgetful(threading.Thread):
    def __init__(self):
        pass


error(Forgetful().start)
error(Forgetful().join)

# attributes of a thread object, and what run() forgets
t = threading.Thread(target=print, args=("a", "b"), kwargs={"sep": "-"})
print(t._target is print, t._args, t._kwargs)
t.start()
t.join()
print(hasattr(t, "_target"), hasattr(t, "_args"))
t.extra = 1
print(t.__dict__.get("extra"))

# excepthook
def hook(args):
    print("hook", args.exc_type.__name__, args.exc_value, args.thread.name)


threading.excepthook = hook


def bad():
    raise ValueError("bad")


t = threading.Thread(target=bad, name="B")
t.start()
t.join()


def leaves():
    raise SystemExit(3)


t = threading.Thread(target=leaves)
t.start()
t.join()
threading.excepthook = threading.__excepthook__

# daemon is inherited
inherited = []
t = threading.Thread(target=lambda: inherited.append(threading.Thread().daemon), daemon=True)
t.start()
t.join()
print(inherited)

# timers
timer = threading.Timer(0.01, print, ["timer"], {"end": "!\n"})
timer.start()
timer.join()
timer = threading.Timer(10, print, ["never"])
timer.start()
timer.cancel()
timer.join()
print(timer.finished.is_set(), timer.interval)

# counts
gate = threading.Event()
threads = [threading.Thread(target=gate.wait) for _ in range(3)]
for t in threads:
    t.start()
print(threading.active_count(), len(threading.enumerate()), threading.enumerate()[0].name)
gate.set()
for t in threads:
    t.join()
print(threading.active_count())
print(len({threading.get_ident()} | {t.ident for t in threads}) > 1, threading.get_native_id() > 0)


def late():
    time.sleep(0.05)
    print("late: after the end of main")


threading.Thread(target=late).start()
print("main ends")
