"""Gilbert starts no other programs."""

raise ImportError("Gilbert starts no other programs; multiprocessing makes processes of your own")
