import threading, time

def spin():
    while True:
        pass
def sleep():
    time.sleep(1000)
def wait():
    threading.Event().wait()
def hold():
    with lock:
        time.sleep(1000)

lock = threading.Lock()
for f in (spin, sleep, wait, hold):
    threading.Thread(target=f, daemon=True).start()
t = threading.Thread(target=lambda: made.append(threading.Thread().daemon), daemon=True)
made = []
t.start()
t.join()
print(made, threading.Thread().daemon, threading.Thread(daemon=True).daemon)
def child():
    made.append(threading.current_thread().daemon)
t = threading.Thread(target=lambda: threading.Thread(target=child).run())
t.start()
t.join()
print(made, threading.active_count())
print(sorted(str(t.daemon) for t in threading.enumerate()))
