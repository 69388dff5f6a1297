a, b, c = 1, "s", 3
x = a + b * c + (a + b) - 1
