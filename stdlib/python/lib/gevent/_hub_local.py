"""Which hub belongs to the thread."""

from _thread import _local

_threads = _local()
Hub = None


def get_hub():
    """The hub of this thread, made when first asked for."""
    try:
        return _threads.hub
    except AttributeError:
        hub = _threads.hub = Hub()
        return hub


def get_hub_if_exists():
    """The hub of this thread, or None."""
    return getattr(_threads, "hub", None)


def set_hub(hub):
    """Makes `hub` the thread's; None forgets the present one."""
    if hub is None:
        _threads.__dict__.pop("hub", None)
    else:
        _threads.hub = hub


def get_hub_class():
    return Hub


def get_loop():
    return get_hub().loop
