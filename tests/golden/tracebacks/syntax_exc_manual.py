raise SyntaxError("msg", ("file.py", 10, 5, "some text here", 10, 9))
