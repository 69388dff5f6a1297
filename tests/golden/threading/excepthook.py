import threading, sys

def boom(x):
    return 1 / x

def run(t):
    t.start()
    t.join()

seen = []
def hook(a):
    seen.append(a)
    print("hook", a.exc_type.__name__, a.exc_value, a.thread.name, len(a), a[0] is a.exc_type)

threading.excepthook = hook
class Mine(threading.Thread):
    def run(self):
        raise KeyError("k")

run(threading.Thread(target=boom, args=(0,)))
run(threading.Thread(target=boom, args=(0,), name="named"))
run(Mine())
run(threading.Thread(target=boom))
run(threading.Thread(target=sys.exit, args=(3,)))
def leave():
    raise SystemExit("gone")
run(threading.Thread(target=leave))
run(threading.Thread(target=lambda: [].pop()))
tb = seen[0].exc_traceback
while tb.tb_next:
    tb = tb.tb_next
print(tb.tb_frame.f_code.co_name, tb.tb_frame.f_locals)
seen.clear()
print(threading.__excepthook__ is not hook)
threading.excepthook = threading.__excepthook__
for bad in ((1, 2, 3, 4), None, 5):
    try:
        threading.excepthook(bad)
    except TypeError as e:
        print(e)
args = threading.ExceptHookArgs((1, 2, 3, 4))
print(args, list(args), args.thread, args[1:3])
for bad in ((1, 2), ()):
    try:
        threading.ExceptHookArgs(bad)
    except TypeError as e:
        print(e)
print(threading.excepthook(threading.ExceptHookArgs([SystemExit, None, None, None])))

# a thread that fails does not stop the others, nor the process
done = []
def works():
    done.append(1)
threading.excepthook = lambda a: None
ts = [threading.Thread(target=f) for f in (boom, works, boom, works)]
for t in ts:
    t.start()
for t in ts:
    t.join()
print(done, [t.is_alive() for t in ts])
