try:
    raise ExceptionGroup("a", [ValueError(1), TypeError(2), ExceptionGroup("n",[ValueError(3), OSError(4)])])
except* ValueError as e:
    print(repr(e))
except* TypeError as e:
    raise
