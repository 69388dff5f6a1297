try:
    {}['a']
except KeyError:
    raise ValueError from None
