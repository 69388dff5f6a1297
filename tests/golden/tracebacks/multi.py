def f():
    try:
        1/0
    finally:
        raise KeyError('a')
try:
    f()
except KeyError as e:
    e.add_note("note one\nnote two")
    raise RuntimeError("boom") from OSError(2, "No such file")
