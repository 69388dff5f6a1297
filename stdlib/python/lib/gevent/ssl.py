"""Gilbert has no TLS."""

raise ImportError("Gilbert has no TLS; plain sockets work")
