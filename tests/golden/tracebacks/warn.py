import warnings
def f():
    warnings.warn("careful")
f()
f()
warnings.warn("dep", DeprecationWarning)
warnings.warn("user", stacklevel=1)
