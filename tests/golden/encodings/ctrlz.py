print(1)
