from .. import other
from ..other import y
x = y + 1
