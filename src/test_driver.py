# Finds or runs the tests of `_module`. `gilbert test` runs this behind two lines that import `sys` and the file of tests, so that a run
# begins behind that where it can (see vm/src/kept.rs).


def _unittest_case():
    unittest = sys.modules.get("unittest")
    return getattr(unittest, "TestCase", None)


def _is_test_class(name, thing, module):
    if not isinstance(thing, type) or thing.__module__ != module.__name__:
        return False
    case = _unittest_case()
    return name.startswith("Test") or (case is not None and issubclass(thing, case))


def _collect(module):
    found = []
    for name, thing in list(vars(module).items()):
        if _is_test_class(name, thing, module):
            methods = [m for m in dir(thing) if m.startswith("test") and callable(getattr(thing, m))]
            found += [f"{name}.{m}" for m in methods]
        elif name.startswith("test_") and callable(thing) and not isinstance(thing, type):
            found.append(name)
    return found


def _run_case(cls, method):
    import unittest

    case = cls(method)
    function = getattr(cls, method)
    if getattr(cls, "__unittest_expecting_failure__", False) or getattr(function, "__unittest_expecting_failure__", False):
        result = unittest.TestResult()
        unittest.TestSuite([case]).run(result)
        assert not result.unexpectedSuccesses, "unexpected success"
        return
    if getattr(cls, "__unittest_skip__", False) or getattr(function, "__unittest_skip__", False):
        return
    try:
        unittest.TestSuite([case]).debug()
    except unittest.SkipTest:
        pass


def _run(module, name):
    owner, _, method = name.rpartition(".")
    if not owner:
        getattr(module, name)()
        return
    cls = getattr(module, owner)
    case = _unittest_case()
    if case is not None and issubclass(cls, case):
        _run_case(cls, method)
        return
    tests = cls()
    for step in ("setup_method", method, "teardown_method"):
        function = getattr(tests, step, None)
        if function is not None:
            function()


if len(sys.argv) > 2:
    _run(_module, sys.argv[2])
else:
    _tests = _collect(_module)
