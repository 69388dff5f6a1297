"""What CPython's build would have left for `sysconfig`; Gilbert has no such build, so only paths that scripts ask for."""

build_time_vars = {
    "EXT_SUFFIX": "",
    "MULTIARCH": "",
    "Py_DEBUG": 0,
    "Py_GIL_DISABLED": 0,
    "SOABI": "gilbert",
    "TZPATH": "/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo",
}
