assert (1, "x")
x = [1][1, 2]
x = "abc"()
x = {1:2}.a if 0 else 0
x = 1if 1else 2
