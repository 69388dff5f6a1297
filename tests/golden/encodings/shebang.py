#!/usr/bin/python
"""doc"""
print(__doc__, __file__[-4:], __name__, __spec__, __package__, __cached__)