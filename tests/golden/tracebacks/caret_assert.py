x = 5
assert x == 6, "no" + " good"
