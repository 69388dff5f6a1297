import os
os.rename("/nonexistent/x", "/y")
