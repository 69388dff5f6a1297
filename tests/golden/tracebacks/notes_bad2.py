e = ValueError("x"); e.__notes__ = [1, "ok"]; raise e
