abcdef = 1
print(abcdfe)
