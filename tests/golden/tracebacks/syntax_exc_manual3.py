raise SyntaxError("msg")
