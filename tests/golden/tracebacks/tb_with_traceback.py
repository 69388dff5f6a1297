def f(): 1/0
try: f()
except Exception as e: t = e.__traceback__
raise ValueError("x").with_traceback(t)
