print("é")
1/0
