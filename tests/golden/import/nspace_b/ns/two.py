name = 'two'
from . import one
