e = ValueError(1)
for i in range(15): e = ExceptionGroup(f"n{i}", [e])
raise e
