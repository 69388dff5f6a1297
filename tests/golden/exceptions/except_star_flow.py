"""except*: naked exceptions, splitting, reraising, nesting, what is forbidden."""


def attempt(f):
    try:
        f()
    except BaseException as e:
        show(e)


def show(e, depth=0):
    print("  " * depth + type(e).__name__, e, "ctx", repr(e.__context__))
    for x in getattr(e, "exceptions", ()):
        show(x, depth + 1)


def naked():
    try:
        raise ValueError(1)
    except* ValueError as eg:
        print(repr(eg), eg.exceptions)


def unmatched():
    try:
        raise ValueError(1)
    except* TypeError:
        print("no")


def parts():
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2), ExceptionGroup("h", [ValueError(3), KeyError(4)])])
    except* ValueError as eg:
        print("values", eg)
        show(eg)
    except* TypeError as eg:
        print("types", eg.exceptions)


def raising():
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError:
        raise KeyError("new")
    except* TypeError as e:
        raise


def all_handled():
    try:
        raise ExceptionGroup("g", [ValueError(1)])
    except* Exception as e:
        print("all", e)
    else:
        print("else")
    finally:
        print("finally")


def no_error():
    try:
        pass
    except* ValueError:
        pass
    else:
        print("else runs")


def base():
    try:
        raise BaseExceptionGroup("b", [KeyboardInterrupt("k"), ValueError(1)])
    except* ValueError as e:
        print(type(e).__name__)


def base_naked():
    try:
        raise KeyboardInterrupt("stop")
    except* KeyboardInterrupt as e:
        print(repr(e))


def group_type():
    try:
        raise ValueError(1)
    except* ExceptionGroup:
        pass


def not_a_class():
    try:
        raise ValueError(1)
    except* 5:
        pass


def tuple_of_types():
    for x in ValueError("v"), TypeError("t"), KeyError("k"):
        try:
            try:
                raise x
            except* (ValueError, TypeError) as e:
                print("in", e.exceptions)
        except KeyError as e:
            print("out", repr(e))


def nested():
    try:
        try:
            raise ExceptionGroup("outer", [ValueError(1), OSError(2)])
        except* ValueError as e:
            try:
                raise e
            except* ValueError as f:
                print("nested", f is e, f.exceptions)
    except* OSError as o:
        print("os", o.exceptions, repr(o.__context__))


def named_is_gone():
    try:
        raise ValueError
    except* ValueError as e:
        pass
    try:
        e
    except NameError as err:
        print(err)


def chained():
    try:
        try:
            raise ValueError(1)
        except* ValueError as e:
            raise TypeError(2) from e
    except TypeError as t:
        print(repr(t), repr(t.__cause__))
    except ExceptionGroup as g:
        print("group", g.exceptions, repr(g.exceptions[0].__cause__))


for f in naked, unmatched, parts, raising, all_handled, no_error, base, base_naked, group_type, not_a_class, tuple_of_types, nested, named_is_gone, chained:
    print("--", f.__name__)
    attempt(f)
for src in ["try: pass\nexcept* A: pass\nexcept B: pass", "try: pass\nexcept*: pass", "for i in x:\n  try: pass\n  except* A: break",
            "def f():\n  try: pass\n  except* A: return 1", "while 1:\n  try: pass\n  except* A: continue"]:
    try:
        compile(src, "s", "exec")
    except SyntaxError as e:
        print(e.msg, e.lineno)
