
# --- Gilbert: the loaders that the machine uses --------------------------------------------------------------------------
import _frozen_importlib as _bootstrap

_warnings = _bootstrap._warnings
SourceFileLoader = _imp.SourceFileLoader
NamespaceLoader = _imp.NamespaceLoader
sys.path_hooks.append(FileFinder.path_hook((SourceFileLoader, SOURCE_SUFFIXES)))
