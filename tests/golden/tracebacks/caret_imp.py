import os
os.nope()
