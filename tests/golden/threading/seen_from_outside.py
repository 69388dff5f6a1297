"""What one thread sees of the others: sys._current_frames and faulthandler."""
import faulthandler
import os
import sys
import threading
import traceback


def inner(ready, go, mark):
    local = mark * 2
    ready.release()
    go.wait()
    return local


def outer(ready, go, mark):
    return [inner(ready, go, mark)]


def names_of(frame):
    names = []
    while frame is not None:
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    return names


ready, go = threading.Semaphore(0), threading.Event()
threads = [threading.Thread(target=outer, args=(ready, go, n), name=f"w{n}") for n in (1, 2)]
for t in threads:
    t.start()
for t in threads:
    ready.acquire()
frames = sys._current_frames()
print(len(frames), frames[threading.get_ident()] is sys._getframe())
for t in threads:
    while (frame := sys._current_frames()[t.ident]).f_code.co_name == "release":
        pass
    while frame.f_code.co_name != "inner":
        frame = frame.f_back
    caller = frame.f_back
    print(t.name, frame.f_code.co_name, frame.f_locals["local"], caller.f_code.co_name, caller.f_lineno, frame.f_globals is globals())
    print(traceback.extract_stack(caller)[-1].line, names_of(caller)[:1])
go.set()
for t in threads:
    t.join()
print(len(sys._current_frames()))

# --- faulthandler
print(faulthandler.is_enabled(), faulthandler.disable())


def shown():
    r, w = os.pipe()
    with open(w, "w") as f:
        faulthandler.dump_traceback(f, all_threads=False)
    with open(r) as f:
        return f.read()


for line in shown().splitlines():
    print(line.split("/")[-1].replace('File "', "").strip())
for bad in (0, -1):
    try:
        faulthandler.dump_traceback_later(bad)
    except ValueError as e:
        print(e)
faulthandler.dump_traceback_later(3600)
faulthandler.cancel_dump_traceback_later()
print(faulthandler.unregister(10))
