"""importlib, namespace packages, specs, threads that import the same module, runpy, partial modules."""
import importlib
import importlib.util
import importlib.machinery
import pkgutil
import runpy
import sys
import threading
import types

here = sys.path[0]
sys.path[1:1] = [here + "/nspace_a", here + "/nspace_b"]
import ns
import ns.two
print(ns.one.name, ns.two.name, ns.__spec__.origin, getattr(ns, "__file__", None), len(list(ns.__path__)))
print(sorted(m.name for m in pkgutil.iter_modules(ns.__path__)), [m.name for m in pkgutil.iter_modules([here]) if m.name in ("pkg", "circ_a", "app")])
m = importlib.import_module("pkg")
print(m.__spec__.name, m.__spec__.parent, m.__package__, m.__spec__.has_location, m.__loader__.is_package("pkg"), type(m.__loader__).__name__)
print(importlib.import_module(".helper", "app").value, importlib.import_module("app") is sys.modules["app"])
try:
    importlib.import_module(".x")
except TypeError as e:
    print(e)
spec = importlib.util.find_spec("json")
print(spec.name, spec.submodule_search_locations is not None, importlib.util.find_spec("no_such_module"), importlib.util.find_spec("sys").origin)
try:
    importlib.util.find_spec("no_such.sub")
except ModuleNotFoundError as e:
    print(e, e.name)
path = here + "/app/helper.py"
spec = importlib.util.spec_from_file_location("by_path", path)
mod = importlib.util.module_from_spec(spec)
print("by_path" in sys.modules, mod.__name__, mod.__file__ == path)
spec.loader.exec_module(mod)
print(mod.value)
mod2 = importlib.reload(sys.modules["app.helper"])
print(mod2 is sys.modules["app.helper"], mod2.value)
try:
    importlib.reload(types.ModuleType("never"))
except ImportError as e:
    print(e)


class Finder:
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name.startswith("virtual"):
            return importlib.util.spec_from_loader(name, Loader())


class Loader:
    def create_module(self, spec): return None
    def exec_module(self, module):
        module.made = "made of " + module.__spec__.name


sys.meta_path.insert(0, Finder)
import virtual_thing
print(virtual_thing.made, virtual_thing.__loader__.__class__.__name__)
sys.meta_path.remove(Finder)
results = []


def load():
    import slow_module
    results.append((slow_module.first, slow_module.second))


threads = [threading.Thread(target=load) for _ in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(results)
try:
    import broken_module
except ImportError as e:
    print(type(e).__name__, str(e).split(" (/")[0], e.name)
print("broken_module" in sys.modules, "circ_partial" in sys.modules)
g = runpy.run_path(here + "/app/helper.py", {"extra": 1}, "renamed")
print(g["value"], g["extra"], g["__name__"])
sys.argv = ["x", "arg"]
g = runpy.run_module("app", run_name="__main__")
print(g["__name__"], g["__package__"])
try:
    runpy.run_module("pkg.nothing_here")
except ImportError as e:
    print(e)
try:
    import ctypes_not_there
except ModuleNotFoundError as e:
    print(e, e.name, e.path)
try:
    from json import nothing
except ImportError as e:
    print(str(e).split(" (")[0], e.name, e.name_from)
sys.modules["blocked"] = None
try:
    import blocked
except ModuleNotFoundError as e:
    print(e)
print(importlib.util.resolve_name(".a", "p.q"), importlib.machinery.SOURCE_SUFFIXES)
lazy = importlib.util.LazyLoader
print(isinstance(spec, importlib.machinery.ModuleSpec), spec == importlib.util.spec_from_file_location("by_path", path))
print(sys.modules["sys"].__spec__.name, sys.__loader__.__name__, "sys" in sys.builtin_module_names, __spec__, __name__)
mod = types.ModuleType("m", "doc")
exec("a = 1\ndef f(): return __name__", mod.__dict__)
print(mod.f(), mod.__doc__, mod)
