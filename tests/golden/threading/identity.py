import threading, _thread

main = threading.main_thread()
print(main is threading.current_thread(), main.name, main.daemon, main.is_alive(), main.ident == threading.get_ident())
print(main.native_id == threading.get_native_id(), type(main).__name__, isinstance(main, threading.Thread))
names, idents, alive = [], [], []
gate, go = threading.Barrier(5), threading.Event()
def work():
    me = threading.current_thread()
    names.append(me.name)
    idents.append((me.ident == threading.get_ident() == _thread.get_ident(), me.native_id == threading.get_native_id()))
    gate.wait()
    go.wait()
ts = [threading.Thread(target=work) for _ in range(4)]
for t in ts: t.start()
gate.wait()
print(sorted(names), set(idents), len({t.ident for t in ts}), len({t.native_id for t in ts}))
print(threading.active_count(), len(threading.enumerate()), all(t in threading.enumerate() for t in ts), _thread._count())
go.set()
for t in ts: t.join()
print(threading.active_count(), [t.is_alive() for t in ts], _thread._count())
print([t.name for t in (threading.Thread(), threading.Thread(target=len), threading.Thread(name="x"), threading.Thread(target=lambda: 0))])
class C:
    def __call__(self): pass
    def m(self): pass
import functools
print([threading.Thread(target=f).name for f in (C().m, C(), functools.partial(len))])

# a thread that threading did not start
box = []
lock = threading.Lock()
lock.acquire()
def low():
    t = threading.current_thread()
    box.append((type(t).__name__, t.name.startswith("Dummy-"), t.daemon, t.is_alive(), t is threading.current_thread()))
    try:
        t.join()
    except Exception as e:
        box.append(type(e).__name__)
    lock.release()
_thread.start_new_thread(low, ())
lock.acquire()
print(box)
t = threading.Thread(target=print, name="first")
t.name = "second"
print(t.name, repr(t))
t.start(); t.join()
print(repr(t).replace(str(t.ident), "N"))
for old in ("isDaemon", "getName"):
    import warnings
    with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter("always")
        print(getattr(t, old)(), [str(x.message) for x in w])
