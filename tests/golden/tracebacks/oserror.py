open("/nonexistent/x")
