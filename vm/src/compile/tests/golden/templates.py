t"a{x!r:>{w}}{y}"
