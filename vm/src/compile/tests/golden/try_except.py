def f():
    try:
        a()
    except ValueError as e:
        b(e)
    except (A, B):
        return 1
    else:
        c()
    finally:
        d()
