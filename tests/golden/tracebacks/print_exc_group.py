import traceback
try: raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
except* ValueError:
    traceback.print_exc()
except* TypeError:
    print(traceback.format_exc())
