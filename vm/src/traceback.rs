//! What an uncaught exception prints (`Python/traceback.c`, `Lib/traceback.py`).
