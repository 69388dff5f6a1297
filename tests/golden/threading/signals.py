import signal
import threading
import time

got = []


def handler(signum, frame):
    got.append((signum, threading.current_thread() is threading.main_thread()))


print(signal.getsignal(signal.SIGUSR1) == signal.SIG_DFL)
print(signal.signal(signal.SIGUSR1, handler) == signal.SIG_DFL)
signal.raise_signal(signal.SIGUSR1)
print(got, signal.getsignal(signal.SIGUSR1) is handler)


def from_thread():
    time.sleep(0.02)
    signal.raise_signal(signal.SIGUSR1)


def in_thread():
    try:
        signal.signal(signal.SIGUSR1, handler)
    except ValueError as e:
        print(e)


t = threading.Thread(target=in_thread)
t.start()
t.join()
t = threading.Thread(target=from_thread)
t.start()
event = threading.Event()
print(event.wait(0.3), got)
t.join()


class Stop(Exception):
    pass


def stop(signum, frame):
    raise Stop(signum)


signal.signal(signal.SIGALRM, stop)
signal.setitimer(signal.ITIMER_REAL, 0.02)
try:
    threading.Lock().__class__ and threading.Event().wait()
except Stop as e:
    print("stopped", e)
lock = threading.Lock()
lock.acquire()
signal.setitimer(signal.ITIMER_REAL, 0.02)
try:
    lock.acquire()
except Stop:
    print("stopped", lock.locked())
lock.release()
print(lock.acquire(False))
for bad in [(0, handler), (signal.SIGUSR1, 5)]:
    try:
        signal.signal(*bad)
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("KeyboardInterrupt")
print(signal.Signals.SIGINT.name, signal.SIGTERM.value, signal.strsignal(2))
