print("app package", __name__, __package__)
