x = 1
import circ_partial
