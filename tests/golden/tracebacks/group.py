def f():
    raise ValueError("v")
excs=[]
for i in range(2):
    try: f()
    except Exception as e: excs.append(e)
raise ExceptionGroup("eg", [excs[0], ExceptionGroup("inner", [excs[1], TypeError(1)])])
