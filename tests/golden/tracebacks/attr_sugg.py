class A:
    def __init__(self): self.bluch = 1
A().blach
