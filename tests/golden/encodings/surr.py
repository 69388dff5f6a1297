print("í €")
