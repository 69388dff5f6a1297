import a.b.c
import a.b.c as d
from . import x
from ..p.q import y as z, w
from m import *
