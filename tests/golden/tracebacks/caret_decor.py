def d(f): raise ValueError("d")
@d
def g(): pass
