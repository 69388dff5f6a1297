f"a{x}b{y!r:>{w}}c"
f"{x=}"
f""
"%s and %r" % (a, b)
"%5.2s|%-3a" % (a, b)
"%d" % (a,)
