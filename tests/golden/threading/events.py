import threading, time

e = threading.Event()
log = []
def wait(i, timeout=None):
    log.append((i, e.wait(timeout)))
ts = [threading.Thread(target=wait, args=(i,)) for i in range(3)] + [threading.Thread(target=wait, args=("t", 0.005))]
for t in ts: t.start()
ts[3].join()
print(log)
e.set()
for t in ts: t.join()
print(sorted(log, key=str), e.is_set(), e.wait(0))
# set and cleared at once: who waited is let go all the same
e.clear()
log.clear()
ts = [threading.Thread(target=wait, args=(i,)) for i in range(4)]
for t in ts: t.start()
time.sleep(0.03)
e.set(); e.clear()
for t in ts: t.join()
print(sorted(log), e.is_set(), e.wait(0.001))
# a traffic light
light, passed = threading.Event(), []
def car(i):
    for lap in range(3):
        light.wait()
        passed.append((i, lap))
ts = [threading.Thread(target=car, args=(i,)) for i in range(3)]
for t in ts: t.start()
print(passed)
light.set()
for t in ts: t.join()
print(sorted(passed) == [(i, l) for i in range(3) for l in range(3)])
import warnings
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    print(light.isSet(), len(w))
