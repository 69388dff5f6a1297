"""gevent's settings: those that make sense here."""


class Config:
    """Attributes may be read and set; what they say is followed where it can be."""

    loop = "epoll"
    resolver = "block"
    threadpool_size = 10
    print_blocking_reports = True
    track_greenlet_tree = True
    monitor_thread = False

    def __setattr__(self, name, value):
        if not hasattr(type(self), name):
            raise AttributeError(f"No configuration setting for: {name!r}")
        object.__setattr__(self, name, value)

    def __repr__(self):
        return f"<gevent._config.Config at {id(self):#x}>"


config = Config()
