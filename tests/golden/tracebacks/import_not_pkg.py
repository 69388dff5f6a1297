import sys.foo
