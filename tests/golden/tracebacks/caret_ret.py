def f():
    return (
        1 +
        1/0
    )
f()
