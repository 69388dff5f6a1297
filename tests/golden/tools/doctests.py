"""doctest, code, pprint, timeit: small tools."""
import code
import doctest
import io
import sys
import timeit


def add(a, b):
    """Adds.

    >>> add(1, 2)
    3
    >>> add("a", "b")
    'ab'
    >>> add(1, "b")
    Traceback (most recent call last):
      ...
    TypeError: unsupported operand type(s) for +: 'int' and 'str'
    >>> for i in range(2):
    ...     print(i)
    0
    1
    >>> print("a\\n\\nb")
    a
    <BLANKLINE>
    b
    >>> list(range(20)) # doctest: +ELLIPSIS
    [0, 1, ..., 19]
    """
    return a + b


def wrong():
    """
    >>> 1 + 1
    3
    >>> undefined
    4
    """


print(doctest.run_docstring_examples(add, {"add": add}))
finder = doctest.DocTestFinder()
out = io.StringIO()
runner = doctest.DocTestRunner(verbose=False)
for t in finder.find(wrong, "wrong", globs={}):
    runner.run(t, out=out.write)
text = out.getvalue()
print("Expected:\n    3\nGot:\n    2" in text, "NameError: name 'undefined' is not defined" in text, (runner.tries, runner.failures))
ex = doctest.DocTestParser().get_examples(">>> x = 1\n>>> x\n1\n")
print([(e.source, e.want, e.lineno) for e in ex])
out = io.StringIO()
old = sys.stdout, sys.stderr
sys.stdout = sys.stderr = out
interp = code.InteractiveInterpreter({"x": 5})
print(interp.runsource("x + 1"), interp.runsource("def f():"), interp.runsource("y = "))
console = code.InteractiveConsole()
for line in ["z = 3", "if z:", "    print('z', z)", "", "z *", "1/0"]:
    print(console.push(line))
sys.stdout, sys.stderr = old
print("\n".join(l for l in out.getvalue().splitlines() if "File" not in l and "^" not in l))
print(code.compile_command("a = 1").co_filename, code.compile_command("for i in x:"))
t = timeit.Timer("n += 1", "n = 0", globals={})
print(t.timeit(10) >= 0, len(t.repeat(2, 5)), timeit.default_timer() > 0)
