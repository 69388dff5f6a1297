"""unittest.mock: calls, patching, specs, side effects."""
from unittest.mock import *
import unittest.mock as um

m = Mock(name="m", return_value=3)
print(m(1, a=2), m.called, m.call_count, m.call_args, m.call_args.args, m.call_args.kwargs, m.mock_calls)
m.attr.method(5)
print(m.method_calls, m.mock_calls, m.attr.method.call_args_list)
m.assert_called_with(1, a=2)
for bad in [lambda: m.assert_called_with(2), lambda: m.assert_not_called(), lambda: m.assert_called_once_with(9), lambda: m.assert_any_call(7), lambda: m.assert_has_calls([call(3)]),
            lambda: m.asert_foo, lambda: Mock(spec=["a"]).b]:
    try:
        bad()
    except (AssertionError, AttributeError) as e:
        print(type(e).__name__, e)
m.side_effect = [1, ValueError("side"), 2]
print(m())
try:
    m()
except ValueError as e:
    print(e)
print(m())
try:
    m()
except StopIteration:
    print("stop")
m.side_effect = lambda *a: DEFAULT if a else "none"
print(m(), m(1))
m.reset_mock()
print(m.called, m.mock_calls)


class Real:
    attr = 5
    def meth(self, a, b=2): return "real"
    @property
    def prop(self): return "p"
    @staticmethod
    def stat(x): return x
    def __len__(self): return 1


s = create_autospec(Real)
inst = s()
inst.meth.return_value = "fake"
print(inst.meth(1), inst.meth.call_args)
for bad in [lambda: inst.meth(), lambda: inst.meth(1, 2, 3), lambda: inst.nope, lambda: s.stat()]:
    try:
        bad()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)
print(isinstance(Mock(spec=Real), Real), isinstance(inst, Real))
mm = MagicMock()
mm.__getitem__.return_value = "item"
mm.__len__.return_value = 7
mm.__iter__.return_value = iter([1, 2])
print(mm["k"], len(mm), list(mm), bool(mm), int(mm), mm == mm, mm != 3, 5 in mm)
with mm as ctx:
    print(ctx is mm.__enter__.return_value)
mm.__str__ = lambda self: "as str"
print(str(mm))
with patch("os.getcwd", return_value="/fake") as g:
    import os
    print(os.getcwd(), g.called)
with patch.object(Real, "meth", autospec=True) as pm:
    r = Real()
    r.meth(4)
    pm.assert_called_once_with(r, 4)
    print(pm.call_args.args[1:])
print(Real().meth(1))
d = {"a": 1}
with patch.dict(d, {"b": 2}, clear=True):
    print(d)
print(d)


@patch("os.listdir")
@patch("os.getpid", new=lambda: 99)
def decorated(listdir):
    listdir.return_value = ["x"]
    return os.listdir("."), os.getpid()


print(decorated())
with patch.multiple(Real, attr=1, stat=DEFAULT) as mocks:
    print(Real.attr, list(mocks))
try:
    with patch("sys.no_such"):
        pass
except AttributeError as e:
    print(e)
p = patch.object(Real, "attr", 77)
p.start()
print(Real.attr)
p.stop()
print(Real.attr, call(1, x=2), call.a.b(3), call(1) == call(1), ANY == 5, sentinel.thing, sentinel.thing is sentinel.thing)
with patch.object(Real, "prop", new_callable=PropertyMock) as pp:
    pp.return_value = "patched"
    print(Real().prop, pp.mock_calls)
o = mock_open(read_data="line1\nline2\n")
with patch("builtins.open", o):
    with open("f") as f:
        print(f.read())
    with open("f") as f:
        print([l for l in f])
o.assert_called_with("f")
am = AsyncMock(return_value=5)
c = am(1)
try:
    c.send(None)
except StopIteration as e:
    print(e.value, am.await_count, am.await_args)
parent = Mock()
parent.attach_mock(Mock(), "child")
parent.child(1)
print(parent.mock_calls, seal.__name__)
sealed = Mock(known=1)
seal(sealed)
try:
    sealed.unknown
except AttributeError as e:
    print(str(e)[:30])
nc = NonCallableMock()
try:
    nc()
except TypeError as e:
    print(str(e)[:20])
print(Mock(spec_set=["a"]).__class__.__name__, um.FILTER_DIR, "assert_called" in dir(Mock()))
