# Traceback and frame objects.
def a():
    b()
def b():
    local = 5
    raise ValueError("deep")
try:
    a()
except ValueError as e:
    tb = e.__traceback__
names = []
while tb:
    names.append((tb.tb_frame.f_code.co_name, tb.tb_lineno, tb.tb_frame.f_lineno))
    last = tb
    tb = tb.tb_next
print(names)
print(last.tb_frame.f_locals, last.tb_frame.f_back.f_code.co_name, last.tb_frame.f_globals is globals(), last.tb_lasti > 0)
TB = type(last)
t = TB(None, last.tb_frame, last.tb_lasti, 77)
print(t.tb_lineno, t.tb_next)
t2 = TB(t, last.tb_frame, 0, 1)
print(t2.tb_next is t)
t2.tb_next = None
print(t2.tb_next)
for f in (lambda: setattr(t, "tb_next", t), lambda: setattr(t, "tb_next", 3), lambda: setattr(t, "tb_lineno", 3)):
    try:
        f()
    except (TypeError, ValueError, AttributeError) as e:
        print(type(e).__name__)
e = ValueError("with").with_traceback(t)
try:
    raise e
except ValueError as x:
    print(x.__traceback__.tb_next is t, x.__traceback__.tb_next.tb_lineno)
def reraise():
    try:
        b()
    except ValueError as e:
        raise e
try:
    reraise()
except ValueError as e:
    tb, out = e.__traceback__, []
    while tb:
        out.append(tb.tb_frame.f_code.co_name)
        tb = tb.tb_next
    print(out)
def bare():
    try:
        b()
    except ValueError:
        raise
try:
    bare()
except ValueError as e:
    tb, out = e.__traceback__, []
    while tb:
        out.append(tb.tb_lineno - bare.__code__.co_firstlineno if tb.tb_frame.f_code.co_name == "bare" else tb.tb_frame.f_code.co_name)
        tb = tb.tb_next
    print(out)
