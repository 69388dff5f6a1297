"""What CPython's tracker process removes after crashes (semaphores, shared memory) lies in the machine's own tables here and goes with
the machine: there is nothing to track. The functions remain for those who call them, and check what they are given."""

__all__ = ['ensure_running', 'register', 'unregister']

_KINDS = frozenset(('noop', 'semaphore', 'shared_memory', 'dummy'))


class ResourceTracker:
    """Knows what was registered in this process, and that is all."""

    def __init__(self):
        self._known = set()
        self._fd = None
        self._pid = None

    def getfd(self):
        return None

    def ensure_running(self):
        pass

    def register(self, name, rtype):
        """Note a resource."""
        if rtype not in _KINDS:
            raise ValueError(f'unknown resource type {rtype}')
        self._known.add((name, rtype))

    def unregister(self, name, rtype):
        """Forget a resource."""
        if rtype not in _KINDS:
            raise ValueError(f'unknown resource type {rtype}')
        self._known.discard((name, rtype))

    def _stop(self):
        pass


_resource_tracker = ResourceTracker()
ensure_running = _resource_tracker.ensure_running
register = _resource_tracker.register
unregister = _resource_tracker.unregister
getfd = _resource_tracker.getfd
