def foo(bar, bazz=1): pass
foo(1, baz=2)
