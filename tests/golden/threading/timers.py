import threading, time

log = []
t = threading.Timer(0.01, log.append, ["a"])
t.start()
t.join()
print(log, t.finished.is_set(), t.is_alive())
t = threading.Timer(5, log.append, args=["never"])
t.start()
t.cancel()
t.join()
print(log, t.finished.is_set())
t = threading.Timer(0.005, lambda **kw: log.append(kw), kwargs={"k": 1})
print(t.args, t.kwargs, t.interval, isinstance(t, threading.Thread), t.daemon)
t.start()
t.join()
print(log)

# one that arms itself again
n = 0
done = threading.Event()
def again():
    global n
    n += 1
    if n < 5:
        threading.Timer(0.002, again).start()
    else:
        done.set()
again()
print(done.wait(5), n)

# cancelled from within another, and while waiting
a = threading.Timer(1, log.append, ["no"])
b = threading.Timer(0.002, a.cancel)
a.start(); b.start()
start = time.monotonic()
a.join(); b.join()
print(time.monotonic() - start < 0.9, log)

class Loud(threading.Timer):
    def run(self):
        print("armed", self.interval)
        super().run()
l = Loud(0.001, print, ("fired",))
l.start()
l.join()
try:
    l.start()
except RuntimeError as e:
    print(e)
