from circ_a import foo
