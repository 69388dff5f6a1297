
# --- Gilbert: the machine imports by itself; what follows makes this module speak for it ---------------------------------
import sys
import _imp
import _thread
import _weakref
import builtins as _builtins


class _LazyWarnings:
    """The warnings module, loaded when the first warning is due."""

    def __getattr__(self, name):
        import warnings
        return getattr(warnings, name)


_warnings = _LazyWarnings()
_blocking_on = _WeakValueDictionary()
ModuleSpec = _imp.ModuleSpec
BuiltinImporter = _imp.BuiltinImporter


def _find_spec(name, path, target=None):
    """The spec of a module, as the machine finds it (finders in sys.meta_path are asked first)."""
    return _imp.find_spec(name, path)


def _gcd_import(name, package=None, level=0):
    """Import and return the module based on its name, package and level."""
    _sanity_check(name, package, level)
    if level > 0:
        name = _resolve_name(name, package, level)
    return _imp.import_module(name)


def _find_and_load(name, import_):
    return _imp.import_module(name)


__import__ = _builtins.__import__

import _frozen_importlib_external as _bootstrap_external
