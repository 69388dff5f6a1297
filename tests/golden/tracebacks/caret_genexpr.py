x = list(1/i for i in (1, 0))
