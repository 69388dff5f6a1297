def f():
    for x in y:
        try:
            return x
        finally:
            if x:
                break
            continue
