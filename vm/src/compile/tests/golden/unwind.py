def f(a):
    while a:
        with a as b:
            try:
                if b:
                    continue
                break
            except E as e:
                return e
