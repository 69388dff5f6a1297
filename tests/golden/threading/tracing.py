import threading, sys

calls = []
def tracer(frame, event, arg):
    if frame.f_code.co_name in ("work", "helper"):
        calls.append((threading.current_thread() is not threading.main_thread(), event, frame.f_code.co_name))
    return tracer
def helper():
    return 1
def work():
    helper()
threading.settrace(tracer)
print(threading.gettrace() is tracer, sys.gettrace())
t = threading.Thread(target=work)
t.start(); t.join()
threading.settrace(None)
t = threading.Thread(target=work)
t.start(); t.join()
print([c for c in calls if c[1] == "call"], threading.gettrace())
calls.clear()
def profiler(frame, event, arg):
    if frame.f_code.co_name in ("work", "helper"):
        calls.append((event, frame.f_code.co_name))
threading.setprofile(profiler)
t = threading.Thread(target=work)
t.start(); t.join()
threading.setprofile(None)
print([c for c in calls if c[0] in ("call", "return")])
work()
print(len(calls), threading.getprofile())
