raise SyntaxError("msg", ("f", None, None, None))
