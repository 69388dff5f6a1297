"""unittest: cases, assertions, fixtures, skipping, subtests, results."""
import io
import re
import unittest


def show(suite_or_case, verbosity=2):
    stream = io.StringIO()
    if isinstance(suite_or_case, type):
        suite = unittest.defaultTestLoader.loadTestsFromTestCase(suite_or_case)
    else:
        suite = suite_or_case
    result = unittest.TextTestRunner(stream=stream, verbosity=verbosity).run(suite)
    text = re.sub(r"in \d\.\d+s", "in TIME", stream.getvalue())
    text = re.sub(r'File ".*?([^/"]+)"', r'File "\1"', text)
    text = re.sub(r"\n +[\^~]+(?=\n)", "", text)
    print(text)
    print(result)
    return result


class Assertions(unittest.TestCase):
    def check(self, f, *args, **kw):
        try:
            f(*args, **kw)
        except AssertionError as e:
            print(str(e).replace("\n", " | "))
        else:
            print("passed")

    def test_all(self):
        self.check(self.assertEqual, 1, 2)
        self.check(self.assertEqual, 1, 2, "with message")
        self.check(self.assertEqual, [1, 2, 3], [1, 2, 4])
        self.check(self.assertEqual, {"a": 1}, {"a": 2})
        self.check(self.assertEqual, "line one\nline two\n", "line one\nline 2\n")
        self.check(self.assertEqual, (1,), (1, 2))
        self.check(self.assertEqual, {1, 2}, {2, 3})
        self.check(self.assertNotEqual, 1, 1)
        self.check(self.assertTrue, 0)
        self.check(self.assertFalse, [1])
        self.check(self.assertIs, [], [])
        self.check(self.assertIsNot, None, None)
        self.check(self.assertIsNone, 3)
        self.check(self.assertIsNotNone, None)
        self.check(self.assertIn, 3, [1])
        self.check(self.assertNotIn, 1, [1])
        self.check(self.assertIsInstance, 3, str)
        self.check(self.assertNotIsInstance, 3, int)
        self.check(self.assertAlmostEqual, 1.0, 1.1)
        self.check(self.assertAlmostEqual, 1.0, 1.00000001)
        self.check(self.assertNotAlmostEqual, 1.0, 1.0)
        self.check(self.assertGreater, 1, 2)
        self.check(self.assertLessEqual, 3, 2)
        self.check(self.assertRegex, "abc", "x+")
        self.check(self.assertNotRegex, "abc", "b")
        self.check(self.assertCountEqual, [1, 2, 2], [2, 1, 1])
        self.check(self.assertRaises, ValueError, int, "3")
        self.check(self.assertRaises, ValueError, int, "x")
        self.check(self.fail, "on purpose")
        with self.assertRaises(KeyError) as cm:
            {}["k"]
        print(cm.exception.args)
        with self.assertRaisesRegex(ValueError, "bad .*"):
            raise ValueError("bad thing")
        self.check(self.raises_nothing)
        with self.assertWarns(DeprecationWarning) as w:
            import warnings
            warnings.warn("old", DeprecationWarning)
        print(w.warning, w.filename.endswith("basics.py"))
        with self.assertLogs("x", "INFO") as logs:
            import logging
            logging.getLogger("x.y").warning("hello %s", "log")
        print(logs.output)
        self.check(self.no_logs)

    def raises_nothing(self):
        with self.assertRaises(KeyError):
            pass

    def no_logs(self):
        with self.assertLogs("zzz"):
            pass


class Fixtures(unittest.TestCase):
    log = []

    @classmethod
    def setUpClass(cls): cls.log.append("setUpClass")
    @classmethod
    def tearDownClass(cls): cls.log.append("tearDownClass")
    def setUp(self):
        self.log.append("setUp")
        self.addCleanup(self.log.append, "cleanup")
    def tearDown(self): self.log.append("tearDown")
    def test_b(self): self.log.append("b")
    def test_a(self): self.log.append("a")
    def helper(self): self.log.append("never")


class Kinds(unittest.TestCase):
    """Kinds of results."""

    def test_pass(self):
        """A docstring."""
    def test_fail(self): self.assertEqual(1, 2)
    def test_error(self): {}["missing"]
    @unittest.skipUnless(True, "unused")
    def test_not_skipped(self): pass
    def test_skip_inside(self): self.skipTest("inside")
    @unittest.expectedFailure
    def test_expected(self): self.fail()
    @unittest.expectedFailure
    def test_unexpected(self): pass
    def test_subtests(self):
        for i in range(4):
            with self.subTest("msg", i=i):
                self.assertEqual(i % 2, 0)


@unittest.skip("whole class")
class Skipped(unittest.TestCase):
    def test_x(self): pass


class SomeSkipped(unittest.TestCase):
    @unittest.skip("not now")
    def test_skip(self): pass
    @unittest.skipIf(True, "condition")
    def test_skip_if(self): pass


class Exits(unittest.TestCase):
    def setUp(self): raise RuntimeError("in setUp")
    def test_never(self): pass


class Async(unittest.TestCase):
    pass


show(Assertions)
show(Fixtures, 1)
print(Fixtures.log)
r = show(Kinds)
print(len(r.failures), len(r.errors), len(r.skipped), len(r.expectedFailures), len(r.unexpectedSuccesses), r.testsRun, r.wasSuccessful())
result = unittest.TestResult()
unittest.defaultTestLoader.loadTestsFromTestCase(Skipped).run(result)
print(result.skipped)
unittest.defaultTestLoader.loadTestsFromTestCase(SomeSkipped).run(result)
print([r for _, r in result.skipped])
show(Exits)
suite = unittest.TestSuite()
suite.addTest(Fixtures("test_a"))
suite.addTests([Kinds("test_pass")])
print(suite.countTestCases(), suite)
print(unittest.defaultTestLoader.getTestCaseNames(Kinds))
print(Kinds("test_pass").id(), Kinds("test_pass").shortDescription(), repr(Kinds("test_pass")), str(Kinds("test_pass")))
show(unittest.FunctionTestCase(lambda: None, description="function"))
try:
    unittest.main(argv=["prog", "Fixtures.test_a"], testRunner=unittest.TextTestRunner(stream=io.StringIO()))
except SystemExit as e:
    print("exit", e.code)
m = unittest.main(argv=["prog", "Kinds.test_pass"], exit=False, testRunner=unittest.TextTestRunner(stream=io.StringIO()))
print(m.result.wasSuccessful())
