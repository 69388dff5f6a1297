eval("x y")
