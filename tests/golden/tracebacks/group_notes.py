e = ExceptionGroup("g", [ValueError(1)])
e.add_note("on group")
e.exceptions[0].add_note("on inner\nsecond")
raise e
