import time
def attempt(f, *args):
    try:
        return repr(f(*args))
    except Exception as e:
        return f"{type(e).__name__}: {e}"
for s in (0, 1, -1, 86399, 951782400, 1704067200, 1709164800.75, -86401, 4102444799, 253402300799):
    t = time.gmtime(s)
    print(s, t)
    print(tuple(t), t.tm_year, t.tm_zone, t.tm_gmtoff, time.asctime(t), t[0:3], len(t))
    print(time.strftime("%a %A %b %B %d %H %I %j %m %M %p %S %U %w %W %y %Y %% %D %F %T %R %e %u %V %G %g %C", t))
t = time.struct_time((2024, 2, 29, 13, 5, 9, 3, 60, -1))
print(t, time.strftime("%x %X %c", t), time.asctime((2000, 1, 1, 0, 0, 0, 5, 1, 0)), t == (2024, 2, 29, 13, 5, 9, 3, 60, -1), t.tm_zone, hash(t) == hash(tuple(t)))
print(attempt(time.struct_time, (1, 2, 3)), attempt(time.struct_time, range(12)), attempt(time.asctime, (2024, 13, 1, 0, 0, 0, 0, 1, 0)), attempt(time.strftime, "%H", (2024, 1, 1, 25, 0, 0, 0, 1, 0)), attempt(time.gmtime, "a"), attempt(time.gmtime, 1e30), attempt(time.gmtime, float("nan")), attempt(time.strftime, 5), attempt(time.asctime, (1, 2)))
print(attempt(time.sleep, -1), attempt(time.sleep, "a"), attempt(time.sleep, float("nan")), attempt(time.sleep, 1e100), time.sleep(0), time.sleep(0.001))
a = time.monotonic(); time.sleep(0.01); b = time.monotonic()
print(0.01 <= b - a < 1, time.time() > 1.6e9, type(time.time()).__name__, type(time.time_ns()).__name__, time.perf_counter_ns() >= 0, time.process_time() >= 0, time.thread_time() >= 0)
print(time.struct_time.n_fields, time.struct_time.n_sequence_fields, time.struct_time.__name__, isinstance(t, tuple), time.mktime(time.localtime(1e9)) == 1e9)
y, *rest = t
print(y, rest, t.tm_mon, t.tm_yday)
