import circ_b
