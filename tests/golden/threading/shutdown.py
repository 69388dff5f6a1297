# what happens at the end: threads end first, then atexit, last come first; daemons are dropped; no more threads then
import atexit, threading, time

atexit.register(print, "atexit 1")
atexit.register(lambda: print("atexit 2, threads:", [t.name for t in threading.enumerate() if not t.daemon]))
threading._register_atexit(print, "threading atexit 1")
threading._register_atexit(lambda *a, **k: print("threading atexit 2", a, k), 5, x=6)

def late():
    time.sleep(0.05)
    print("late", threading.main_thread().is_alive())
    try:
        threading._register_atexit(print)
    except RuntimeError as e:
        print(e)

def forever():
    try:
        time.sleep(100)
        print("never")
    finally:
        print("never either")

threading.Thread(target=forever, daemon=True).start()
threading.Thread(target=late, name="late").start()

@atexit.register
def refused():
    try:
        threading.Thread(target=print).start()
    except RuntimeError as e:
        print(e)

@atexit.register
def fails():
    print("raises")
    raise SystemExit(9)

class Del:
    def __del__(self):
        print("del at the end")

keep = Del()
print("main ends")
