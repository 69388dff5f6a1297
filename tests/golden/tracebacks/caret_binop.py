a = {'x': {'y': None}}
r = a['x']['y']['z'] + 1
