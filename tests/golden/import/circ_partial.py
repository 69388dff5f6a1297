from broken_module import later
