raise KeyboardInterrupt("msg")
