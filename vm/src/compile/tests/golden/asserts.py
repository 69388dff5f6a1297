assert x
assert x > 1, "message"
raise A from b
