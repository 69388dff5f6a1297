# -*- coding: latin-1 -*-
print("é")
x = 1/0 # é
