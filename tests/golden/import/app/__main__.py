import sys
from . import helper
print("app main", __name__, __package__, __spec__.name, helper.value, sys.argv[1:])
