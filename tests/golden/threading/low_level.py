import _thread

done = _thread.allocate_lock()
done.acquire()
out = []


def work(a, b=0):
    out.append((a, b, _thread.get_ident() != main))
    done.release()


main = _thread.get_ident()
print(_thread.start_new_thread(work, (1,), {"b": 2}) != main)
done.acquire()
print(out)
for args in [(1, ()), (work, []), (work, (), 3)]:
    try:
        _thread.start_new_thread(*args)
    except TypeError as e:
        print(e)
print(_thread.LockType is type(done), _thread.error is RuntimeError)
try:
    _thread.exit()
except SystemExit as e:
    print("SystemExit", e.args)
try:
    _thread.interrupt_main()
    for i in range(100000):
        pass
except KeyboardInterrupt:
    print("interrupted")
