# Cause, context, suppression and what try leaves behind.
def show(e, depth=0):
    pad = "  " * depth
    print(f"{pad}{e!r} cause={e.__cause__!r} context={e.__context__!r} suppress={e.__suppress_context__}")

try:
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise ValueError("v") from e
except ValueError as e:
    show(e)
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError("v")
except ValueError as e:
    show(e)
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError("v") from None
except ValueError as e:
    show(e)
try:
    raise KeyError("k") from ValueError
except KeyError as e:
    show(e)
for bad in ("3", "None", "int", "'s'"):
    try:
        if bad == "3":
            raise 3
        elif bad == "None":
            raise None
        elif bad == "int":
            raise int
        else:
            raise ValueError from "s"
    except TypeError as e:
        print(e)
try:
    raise
except RuntimeError as e:
    print(e)
def f():
    try:
        return "try"
    finally:
        print("finally")
print(f())
def g():
    for i in range(3):
        try:
            continue
        finally:
            print("fin", i)
    try:
        raise ValueError
    except ValueError:
        return "except"
    else:
        return "else"
    finally:
        print("last")
print(g())
def h():
    try:
        pass
    except ValueError:
        print("no")
    else:
        print("else")
    finally:
        print("finally")
h()
try:
    e = 5
    raise ValueError("unbound after")
except ValueError as e:
    pass
try:
    e
except NameError as n:
    print(n)
class A(Exception): pass
class B(A): pass
for exc in (A, B, KeyError):
    try:
        raise exc("x")
    except (ValueError, B) as e:
        print("B", e)
    except A as e:
        print("A", e)
    except LookupError as e:
        print("lookup", e)
try:
    try:
        raise A
    except 3:
        pass
except TypeError as e:
    print(e, repr(e.__context__))
try:
    try:
        raise A
    except (A, 3):
        pass
except TypeError as e:
    print(e)
def nested():
    try:
        raise ValueError(1)
    except ValueError:
        try:
            raise KeyError(2)
        except KeyError as k:
            c = k.__context__
        try:
            raise
        except ValueError as again:
            return c, again
c, again = nested()
print(repr(c), repr(again), c is again)
e1, e2 = ValueError(1), ValueError(2)
e1.__context__ = e2
e1.__cause__ = e2
print(e1.__suppress_context__)
e1.__suppress_context__ = False
for k, v in (("__cause__", 3), ("__context__", 3), ("__suppress_context__", 3), ("__traceback__", 3), ("args", 3)):
    try:
        setattr(e1, k, v)
    except TypeError as e:
        print(k, e)
e1.args = [1, 2]
print(e1.args, e1, repr(e1))
t = ValueError("tb").with_traceback(None)
print(t.__traceback__, t)
try:
    raise t
except ValueError as e:
    print(e.__traceback__.tb_lineno > 0, e.__traceback__.tb_next, type(e.__traceback__).__name__, e is t)
