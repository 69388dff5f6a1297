with open("nope") as f, 5: pass
