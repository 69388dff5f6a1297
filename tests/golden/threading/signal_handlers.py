import os, signal, sys, threading, time, _thread

log = []
def h(n, f):
    log.append((signal.Signals(n).name, threading.current_thread().name))
def p(f, *a):
    try:
        print(f(*a))
    except BaseException as e:
        print(type(e).__name__, e)

p(lambda: signal.getsignal(signal.SIGINT) is signal.default_int_handler)
p(signal.getsignal, signal.SIGTERM)
p(signal.getsignal, 0)
p(signal.getsignal, 999)
p(signal.signal, signal.SIGTERM, 5)
p(signal.signal, signal.SIGKILL, signal.SIG_IGN)
p(signal.signal, 77, signal.SIG_IGN)
p(signal.signal, signal.SIGUSR1, h)
p(lambda: signal.signal(signal.SIGUSR1, h) is h)
signal.raise_signal(signal.SIGUSR1)
print(log)
log.clear()
os.kill(os.getpid(), signal.SIGUSR1)
time.sleep(0.02)
print(log)
log.clear()
def in_thread():
    try:
        signal.signal(signal.SIGUSR2, h)
    except ValueError as e:
        print(e)
    signal.raise_signal(signal.SIGUSR1)
t = threading.Thread(target=in_thread)
t.start(); t.join()
time.sleep(0.02)
print(log)
log.clear()
# several at once, one of which raises: the others are not lost
class Stop(Exception):
    pass
def raising(n, f):
    raise Stop(n)
signal.signal(signal.SIGUSR2, raising)
for s in (signal.SIGUSR2, signal.SIGUSR1):
    def later(s=s):
        signal.raise_signal(s)
    t = threading.Thread(target=later)
    try:
        t.start()
        t.join()
        time.sleep(0.02)
    except Stop as e:
        print("stop", e)
time.sleep(0.02)
print(log)
p(signal.alarm, 5)
p(signal.alarm, 0)
p(signal.getitimer, signal.ITIMER_REAL)
p(signal.setitimer, signal.ITIMER_REAL, -1)
p(signal.setitimer, 99, 1)
p(signal.strsignal, signal.SIGTERM)
p(signal.strsignal, signal.SIGINT)
p(signal.default_int_handler, 2, None)
p(lambda: (signal.SIGINT, signal.Signals.SIGTERM, repr(signal.SIGHUP), int(signal.SIGALRM)))
p(lambda: (signal.Handlers.SIG_DFL, signal.SIG_IGN, signal.Signals(9)))
try:
    _thread.interrupt_main()
    for i in range(1000):
        pass
except KeyboardInterrupt:
    print("KeyboardInterrupt")
signal.signal(signal.SIGINT, signal.SIG_IGN)
_thread.interrupt_main()
signal.raise_signal(signal.SIGINT)
print("ignored")
log.clear()
signal.signal(signal.SIGINT, h)
_thread.interrupt_main()
for i in range(1000):
    pass
print(log)
p(_thread.interrupt_main, 0)
p(_thread.interrupt_main, 99)
def frames(n, f):
    print(f.f_code.co_name, sorted(f.f_locals))
signal.signal(signal.SIGUSR1, frames)
def inner(a, b=2):
    signal.raise_signal(signal.SIGUSR1)
    time.sleep(0)
inner(1)
signal.signal(signal.SIGTERM, lambda n, f: sys.exit(7))
os.kill(os.getpid(), signal.SIGTERM)
time.sleep(5)
print("not here")
